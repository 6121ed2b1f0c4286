//! Of the suite `keys`: documents that declare another id than the one that they are asked for by.

use serde_json::{Value, json};

use super::edit::without;
use super::key_forms::{document_of, invalid, named, sealed, token, variant};
use super::signer::Key;
use super::suite::Suite;

pub(super) fn make(suite: &mut Suite) {
    for (kind, id, other) in [
        ("did", "did:web:tower.example", "did:web:www.tower.example"),
        ("url", "https://tower.example/issuer.json", "https://www.tower.example/issuer.json"),
    ] {
        let key = Key::ed25519("the tower");
        let name = format!("{id}#key-1");
        suite.file(&format!("badges/ids-{kind}.json"), sealed(&key, id, &name));
        suite.file(&format!("badges/ids-{kind}.jws"), token(&key, "EdDSA", id, &json!({"kid": name})));
        for case in of_another_id(&name, other) {
            let served = variant(suite, &format!("ids-{kind}-{}", case.name), id, &case.document);
            for form in ["json", "jws"] {
                let badge = format!("badges/ids-{kind}.{form}");
                let again = format!("ids-{kind}-{}-{form}", case.name);
                suite
                    .again(&badge, &again, "The document says that it is another one.")
                    .with(served.clone())
                    .verdict("3.0", "unverified")
                    .inconclusive(["link.id"])
                    .inconclusive(case.open);
            }
        }
        let own = document_of(id, json!([]), json!([]));
        let served = variant(suite, &format!("ids-{kind}-own"), id, &own);
        let badge = format!("badges/ids-{kind}.json");
        let about = "The document says that it is the one that was asked for, and it does not hold the key.";
        invalid(suite.again(&badge, &format!("ids-{kind}-own"), about).with(served), "key.linked");
        // Only the document of a DID must declare its id.
        let served = variant(suite, &format!("ids-{kind}-undeclared"), id, &without(&own, "/id"));
        let case = suite
            .again(
                &badge,
                &format!("ids-{kind}-undeclared"),
                "The document declares no id, and does not hold the key.",
            )
            .with(served);
        if kind == "did" {
            case.verdict("3.0", "unverified").inconclusive(["link.id", "key.linked"]);
        } else {
            invalid(case, "key.linked");
        }
    }
}

struct OfAnother {
    name: &'static str,
    document: Value,
    open: [&'static str; 2],
}

/// Documents of another id, which name the method in different ways.
fn of_another_id(name: &str, other: &str) -> Vec<OfAnother> {
    let id = name.split('#').next().unwrap_or_default();
    let method = |key: &Key, name: &str| {
        named(&json!({"type": "Multikey", "publicKeyMultibase": key.multikey()}), name, id)
    };
    let (tower, chapel) = (Key::ed25519("the tower"), Key::ed25519("the chapel"));
    let there = format!("{other}#key-1");
    let lacking = ["key.linked", "proof.signature"];
    [
        ("relative", json!([method(&tower, "#key-1")]), json!(["#key-1"]), lacking),
        ("of-the-other", json!([method(&tower, &there)]), json!([there]), lacking),
        ("empty", json!([]), json!([]), lacking),
        ("twice", json!([method(&tower, name), method(&chapel, name)]), json!([name]), lacking),
        ("of-the-asked", json!([method(&tower, name)]), json!([name]), ["link.id"; 2]),
    ]
    .into_iter()
    .map(|(name, methods, asserting, open)| OfAnother {
        name,
        document: document_of(other, methods, asserting),
        open,
    })
    .collect()
}
