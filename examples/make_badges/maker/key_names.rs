//! Of the suite `keys`: tokens whose `kid` leads to no document, and is or is not a name in the key set of the issuer's host.

use serde_json::{Value, json};

use super::edit::with;
use super::key_forms::{document_of, invalid, named, token, variant};
use super::key_sets::{ISSUER, NEIGHBOUR, SET, bound, set_of, tower};
use super::signer::Key;
use super::suite::{Case, Document, Suite};

const KEYS: &str = "https://tower.example/keys.json";
const KEY: &str = "https://tower.example/keys.json#key-1";

pub(super) fn make(suite: &mut Suite) {
    nowhere(suite);
    no_answer(suite);
    somewhere(suite);
    of_the_set(suite);
}

fn jwk(name: &str) -> Value {
    with(&tower().jwk(), "/kid", name)
}

fn open(case: &mut Case) {
    case.verdict("3.0", "unverified").inconclusive([
        "resource.available",
        "proof.signature",
        "key.controller",
    ]);
}

/// Names under which nothing can be had, whoever is asked.
fn nowhere(suite: &mut Suite) {
    let chapel = Key::ed25519("the chapel");
    for (kind, name) in [
        ("uuid", "urn:uuid:6a0f3c0e-2b1d-4b52-8f6e-9d1f00aa0004"),
        (
            "thumbprint",
            "urn:ietf:params:oauth:jwk-thumbprint:sha-256:kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        ),
        ("scheme", "badges:2026"),
        ("http", "http://tower.example/keys.json#key-1"),
        ("address", "did:web:127.0.0.1#key-1"),
        ("did", "did:example:tower#key-1"),
        ("url", KEY),
    ] {
        let by_name = format!("badges/names-{kind}.jws");
        suite.file(&by_name, token(&tower(), "EdDSA", ISSUER, &json!({"kid": name})));
        let with_key = format!("badges/names-{kind}-jwk.jws");
        suite.file(&with_key, token(&tower(), "EdDSA", ISSUER, &json!({"kid": name, "jwk": tower().jwk()})));

        let held = set_of(suite, &format!("names-{kind}-held"), &[chapel.jwk(), jwk(name)]);
        let about = "The `kid` leads nowhere, and is the name of a key in the key set of the issuer's host.";
        bound(suite.again(&by_name, &format!("names-{kind}-held"), about).with(held.clone()));
        bound(suite.again(&with_key, &format!("names-{kind}-held-jwk"), about).with(held));

        let unnamed = set_of(suite, &format!("names-{kind}-unnamed"), &[tower().jwk()]);
        let about = "The `kid` leads nowhere, and the key set does not have the name.";
        open(suite.again(&by_name, &format!("names-{kind}-unnamed"), about).with(unnamed.clone()));
        let about = "The key set does not have the name, but the key that stands beside it.";
        bound(suite.again(&with_key, &format!("names-{kind}-unnamed-jwk"), about).with(unnamed));

        let others = set_of(suite, &format!("names-{kind}-others"), &[with(&chapel.jwk(), "/kid", name)]);
        for (badge, case, code) in
            [(&by_name, "others", "proof.signature"), (&with_key, "others-jwk", "key.controller")]
        {
            let about = "The key set has another key under the name.";
            invalid(suite.again(badge, &format!("names-{kind}-{case}"), about).with(others.clone()), code);
        }
        let neighbours = with(&jwk(name), "/iss", NEIGHBOUR);
        let neighbours = set_of(suite, &format!("names-{kind}-neighbours"), &[neighbours]);
        for (badge, case) in [(&by_name, "neighbours"), (&with_key, "neighbours-jwk")] {
            let about = "The key set says that the key of this name is another issuer's.";
            let again = suite.again(badge, &format!("names-{kind}-{case}"), about);
            invalid(again.with(neighbours.clone()), "key.controller");
        }
        let about = "The `kid` leads nowhere, and the key set could not be had.";
        open(suite.again(&by_name, &format!("names-{kind}-timeout"), about).with(Document::timeout(SET)));
    }
}

/// Names of documents that are not answered, or with something that is none.
fn no_answer(suite: &mut Suite) {
    let held = set_of(suite, "names-held", &[jwk(KEY)]);
    suite.file("documents/variants/names-page.html", "<!DOCTYPE html><title>Soon</title>\n");
    let page = Document::file_at(KEYS, "documents/variants/names-page.html".to_owned()).typed("text/html");
    for (case, answer) in [
        ("404", Document::status(KEYS, 404)),
        ("410", Document::status(KEYS, 410)),
        ("503", Document::status(KEYS, 503)),
        ("page", page),
    ] {
        bound(
            suite
                .again(
                    "badges/names-url.jws",
                    &format!("names-url-{case}"),
                    "There is no document at the URL, which is the name of a key in the key set.",
                )
                .with(answer)
                .with(held.clone()),
        );
    }
}

/// Where there is a document, that is what counts.
fn somewhere(suite: &mut Suite) {
    let held = set_of(suite, "names-held-beside", &[jwk(KEY)]);
    let multikey = json!({"type": "Multikey", "publicKeyMultibase": tower().multikey()});
    let method = named(&multikey, KEY, ISSUER);
    for (case, methods, asserting, code) in [
        ("absent", json!([]), json!([]), "key.linked"),
        ("revoked", json!([with(&method, "/revoked", "2026-04-01T00:00:00Z")]), json!([KEY]), "key.linked"),
        ("unlisted", json!([method]), json!([]), "proof.purpose"),
    ] {
        let served =
            variant(suite, &format!("names-document-{case}"), KEYS, &document_of(KEYS, methods, asserting));
        for badge in ["names-url", "names-url-jwk"] {
            let about =
                "The key set has a key of this name, which the document that it leads to does not give.";
            let path = format!("badges/{badge}.jws");
            let again = suite.again(&path, &format!("{badge}-document-{case}"), about);
            invalid(again.with(served.clone()).with(held.clone()), code);
        }
    }
}

/// The name of the key set itself: the key beside it says which member is meant.
fn of_the_set(suite: &mut Suite) {
    let with_key = "badges/names-set-jwk.jws";
    suite.file(with_key, token(&tower(), "EdDSA", ISSUER, &json!({"kid": SET, "jwk": tower().jwk()})));
    suite.file("badges/names-set.jws", token(&tower(), "EdDSA", ISSUER, &json!({"kid": SET})));
    let (ours, other) = (tower().jwk(), Key::ed25519("the chapel").jwk());
    let both = set_of(suite, "names-set-held", &[other.clone(), ours.clone()]);
    let about = "The `kid` is the URL of the key set, which holds the key beside it.";
    bound(suite.again(with_key, "names-set-held", about).with(both.clone()));
    let lacking = set_of(suite, "names-set-lacking", &[other]);
    let about = "The `kid` is the URL of the key set, which does not hold the key beside it.";
    invalid(suite.again(with_key, "names-set-lacking", about).with(lacking), "key.linked");
    let neighbours = set_of(suite, "names-set-neighbours", &[with(&ours, "/iss", NEIGHBOUR)]);
    let about = "The `kid` is the URL of the key set, which says that the key beside it is another issuer's.";
    invalid(suite.again(with_key, "names-set-neighbours", about).with(neighbours), "key.controller");
    let about = "The `kid` is the URL of the key set, and nothing says which of its keys is meant.";
    invalid(suite.again("badges/names-set.jws", "names-set-alone", about).with(both), "key.linked");
    suite
        .again(with_key, "names-set-timeout", "The `kid` is the URL of the key set, which could not be had.")
        .with(Document::timeout(SET))
        .verdict("3.0", "unverified")
        .inconclusive(["resource.available", "key.controller"]);
}
