//! Of the suite `keys`: what a document says that its keys are for, wherever in it they stand (Controlled Identifiers 1.0
//! section 2.3).

use serde_json::{Value, json};

use super::edit::with;
use super::key_forms::{invalid, named, sealed, token, valid, variant};
use super::key_sets::{ISSUER, tower};
use super::signer::Key;
use super::suite::Suite;

const DID: &str = "did:web:tower.example";
const NAME: &str = "did:web:tower.example#key-1";
const OTHER: &str = "did:web:tower.example#key-2";

pub(super) fn make(suite: &mut Suite) {
    suite.file("badges/uses.json", sealed(&tower(), DID, NAME));
    suite.file("badges/uses.jws", token(&tower(), "EdDSA", DID, &json!({"kid": NAME})));
    early_documents(suite);
    documents_that_are_keys(suite);
}

fn method(key: &Key, id: &str, controller: &str) -> Value {
    named(&json!({"type": "Multikey", "publicKeyMultibase": key.multikey()}), id, controller)
}

/// DID documents with `publicKey`, as in the drafts of Decentralized Identifiers 1.0.
fn early_documents(suite: &mut Suite) {
    let (ours, other) = (method(&tower(), NAME, DID), method(&Key::ed25519("the chapel"), OTHER, DID));
    let early = |members: Value| with(&with(&members, "/id", DID), "/publicKey", json!([ours]));
    for (case, document) in [
        ("alone", early(json!({}))),
        ("listed", early(json!({"assertionMethod": [NAME], "authentication": [OTHER]}))),
        ("listed-beside-methods", early(json!({"verificationMethod": [other], "assertionMethod": [NAME]}))),
    ] {
        let served = variant(suite, &format!("uses-{case}"), DID, &document);
        let about = "The document says nothing of what its keys are for, or that this one is for assertions.";
        for form in ["json", "jws"] {
            let name = format!("uses-{case}-{form}");
            valid(suite.again(&format!("badges/uses.{form}"), &name, about).with(served.clone()));
        }
    }
    for (case, document) in [
        ("another-listed", early(json!({"assertionMethod": [OTHER], "authentication": [NAME]}))),
        ("another-held", early(json!({"assertionMethod": [other]}))),
        ("beside-methods", early(json!({"verificationMethod": [other], "assertionMethod": [OTHER]}))),
        ("beside-unlisted", early(json!({"verificationMethod": [other]}))),
        ("none-listed", early(json!({"assertionMethod": []}))),
        ("to-log-in", early(json!({"authentication": [NAME]}))),
        ("to-agree", early(json!({"keyAgreement": [NAME]}))),
        ("to-invoke", early(json!({"capabilityInvocation": [NAME]}))),
        ("to-delegate", early(json!({"capabilityDelegation": [NAME]}))),
    ] {
        let served = variant(suite, &format!("uses-{case}"), DID, &document);
        let about = "The document says what keys are for, and not that this one is for assertions.";
        for form in ["json", "jws"] {
            let name = format!("uses-{case}-{form}");
            let case = suite.again(&format!("badges/uses.{form}"), &name, about).with(served.clone());
            invalid(case, "proof.purpose");
        }
    }
}

/// Documents that are a method themselves.
fn documents_that_are_keys(suite: &mut Suite) {
    let itself = method(&tower(), ISSUER, ISSUER);
    suite.file("badges/uses-itself.json", sealed(&tower(), ISSUER, ISSUER));
    suite.file("badges/uses-itself.jws", token(&tower(), "EdDSA", ISSUER, &json!({"kid": ISSUER})));
    let other = method(&Key::ed25519("the chapel"), &format!("{ISSUER}#key-2"), ISSUER);
    for (case, document, is_listed) in [
        ("alone", itself.clone(), true),
        ("listed", with(&itself, "/assertionMethod", json!([ISSUER])), true),
        ("another-held", with(&itself, "/assertionMethod", json!([other])), false),
        ("to-log-in", with(&itself, "/authentication", json!([ISSUER])), false),
        ("beside-methods", with(&itself, "/verificationMethod", json!([other])), false),
    ] {
        let served = variant(suite, &format!("uses-itself-{case}"), ISSUER, &document);
        for form in ["json", "jws"] {
            let about = "The issuer's document is a key itself.";
            let name = format!("uses-itself-{case}-{form}");
            let case = suite.again(&format!("badges/uses-itself.{form}"), &name, about).with(served.clone());
            if is_listed {
                case.verdict("3.0", "valid").passed(["proof.signature", "key.controller"]);
            } else {
                invalid(case, "proof.purpose");
            }
        }
    }
}
