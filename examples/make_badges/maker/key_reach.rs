//! Of the suite `keys`: tokens whose `kid` leads to a document that does not bind the key, where the key set of the
//! issuer's host may, and may be out of reach.

use serde_json::{Value, json};

use super::edit::with;
use super::key_forms::{document_of, invalid, named, token, variant};
use super::key_sets::{ISSUER, SET, bound, tower};
use super::signer::Key;
use super::suite::{Document, Suite};

const DID: &str = "did:web:tower.example";
const KEYS: &str = "https://tower.example/keys.json";

pub(super) fn make(suite: &mut Suite) {
    sets(suite);
    documents_of_others(suite);
    no_sets(suite);
}

fn multikey(id: &str, controller: &str) -> Value {
    named(&json!({"type": "Multikey", "publicKeyMultibase": tower().multikey()}), id, controller)
}

/// What may be served as the key set; most of it is none.
fn sets(suite: &mut Suite) {
    suite.file("documents/variants/reach-page.html", "<!DOCTYPE html><title>Soon</title>\n");
    variant(suite, "reach-held", SET, &json!({"keys": [tower().jwk()]}));
    variant(suite, "reach-lacking", SET, &json!({"keys": [Key::ed25519("the chapel").jwk()]}));
    variant(suite, "reach-list", SET, &json!([tower().jwk()]));
    variant(suite, "reach-nothing", SET, &json!({}));
    let name = format!("{SET}#key-1");
    variant(
        suite,
        "reach-controller",
        SET,
        &document_of(SET, json!([multikey(&name, ISSUER)]), json!([name])),
    );
}

fn set(case: &str) -> Document {
    match case {
        "timeout" => Document::timeout(SET),
        "page" => Document::file_at(SET, "documents/variants/reach-page.html".to_owned()).typed("text/html"),
        "403" | "404" | "410" | "503" => Document::status(SET, case.parse().expect("a status")),
        case => Document::file_at(SET, format!("documents/variants/reach-{case}.json")),
    }
}

const OUT_OF_REACH: [&str; 7] = ["403", "503", "controller", "list", "nothing", "page", "timeout"];

/// Documents that say that somebody else controls the key, as does each of another id than the issuer's.
fn documents_of_others(suite: &mut Suite) {
    for (kind, id) in [("did", DID), ("url", KEYS)] {
        let name = format!("{id}#key-1");
        let path = format!("badges/reach-{kind}.jws");
        suite.file(&path, token(&tower(), "EdDSA", ISSUER, &json!({"kid": name})));
        let document = document_of(id, json!([multikey(&name, id)]), json!([name]));
        let served = variant(suite, &format!("reach-{kind}"), id, &document);
        bound(
            suite
                .again(&path, &format!("reach-{kind}-held"), "The key set of the issuer's host has the key.")
                .with(served.clone())
                .with(set("held")),
        );
        for case in ["404", "410", "lacking"] {
            let about = "The host publishes no such key, and the key's document says that it is another's.";
            let again = suite.again(&path, &format!("reach-{kind}-{case}"), about);
            invalid(again.with(served.clone()).with(set(case)), "key.controller");
        }
        for case in OUT_OF_REACH {
            suite
                .again(
                    &path,
                    &format!("reach-{kind}-{case}"),
                    "No key set could be had, and it may have the key, whose document says that it is another's.",
                )
                .with(served.clone())
                .with(set(case))
                .verdict("3.0", "unverified")
                .passed(["proof.signature"])
                .inconclusive(["resource.available", "key.controller"]);
        }
    }
}

/// What is served in the place of a key set and is none binds nothing.
fn no_sets(suite: &mut Suite) {
    suite.file("badges/reach-jwk.jws", token(&tower(), "EdDSA", ISSUER, &json!({"jwk": tower().jwk()})));
    for case in OUT_OF_REACH {
        suite
            .again("badges/reach-jwk.jws", &format!("reach-jwk-{case}"), "No key set could be had.")
            .with(set(case))
            .verdict("3.0", "unverified")
            .passed(["proof.signature"])
            .inconclusive(["resource.available", "key.controller"]);
    }
    // A controller document would say whether a key is listed, revoked or over, which nobody asks of a key set.
    suite.file("badges/reach-kid.jws", token(&tower(), "EdDSA", ISSUER, &json!({"kid": "key-1"})));
    let held = multikey("key-1", ISSUER);
    for (case, method, asserting) in [
        ("listed", held.clone(), json!(["key-1"])),
        ("unlisted", held.clone(), json!([])),
        ("revoked", with(&held, "/revoked", "2026-04-01T00:00:00Z"), json!(["key-1"])),
        ("over", with(&held, "/expires", "2026-04-01T00:00:00Z"), json!(["key-1"])),
    ] {
        let document = document_of(SET, json!([method]), asserting);
        let served = variant(suite, &format!("reach-methods-{case}"), SET, &document);
        for (badge, open) in [("kid", "proof.signature"), ("jwk", "key.controller")] {
            suite
                .again(
                    &format!("badges/reach-{badge}.jws"),
                    &format!("reach-methods-{case}-{badge}"),
                    "What is served in the place of the key set is a document of another kind.",
                )
                .with(served.clone())
                .verdict("3.0", "unverified")
                .inconclusive(["resource.available", open]);
        }
    }
}
