//! Of the suite `keys`: verification methods that are named by a DID with path or query (Decentralized Identifiers 1.0
//! section 3.2).

use serde_json::json;

use super::key_forms::{document_of, invalid, named, sealed, token, valid, variant};
use super::signer::Key;
use super::suite::Suite;

pub(super) fn make(suite: &mut Suite) {
    let key = Key::ed25519("the tower");
    for (method, did, url) in [
        ("web-query", "did:web:tower.example", "did:web:tower.example?versionId=1"),
        ("web-path", "did:web:tower.example", "did:web:tower.example/keys/1"),
        ("other-query", "did:example:tower", "did:example:tower?resourceId=2"),
        ("other-path", "did:example:tower", "did:example:tower/keys?relativeRef=1"),
    ] {
        let name = format!("{url}#key-1");
        let multikey = json!({"type": "Multikey", "publicKeyMultibase": key.multikey()});
        let path = format!("badges/did-url-{method}.json");
        suite.file(&path, sealed(&key, did, &name));
        let document = document_of(did, json!([named(&multikey, &name, did)]), json!([name]));
        let held = variant(suite, &format!("did-url-{method}-held"), did, &document);
        let about = "The document of the DID has a method of this very name.";
        valid(suite.again(&path, &format!("did-url-{method}-held"), about).with(held.clone()));
        let header = json!({"kid": name});
        valid(
            suite
                .badge(
                    &format!("badges/did-url-{method}.jws"),
                    token(&key, "EdDSA", did, &header),
                    "The same, for a JWT.",
                )
                .with(held),
        );
        let bare = format!("{did}#key-1");
        let document = document_of(did, json!([named(&multikey, &bare, did)]), json!([bare]));
        let other = variant(suite, &format!("did-url-{method}-other"), did, &document);
        suite
            .again(
                &path,
                &format!("did-url-{method}-other"),
                "The document of the DID has no method of this name, and what has one was not asked for.",
            )
            .with(other)
            .verdict("3.0", "unverified")
            .inconclusive(["resource.available", "proof.signature"]);
        suite
            .again(&path, &format!("did-url-{method}-unresolved"), "Nobody has resolved the DID.")
            .verdict("3.0", "unverified")
            .inconclusive(["resource.available", "proof.signature"]);
    }
    for (method, did, fragment) in
        [("key", key.did(), key.multikey()), ("jwk", key.did_jwk(), "0".to_owned())]
    {
        for (form, rest) in [("query", "?versionId=1"), ("path", "/keys")] {
            let badge = sealed(&key, &did, &format!("{did}{rest}#{fragment}"));
            let about = "A DID that is a key has one method, which has no path and no query.";
            invalid(
                suite.badge(&format!("badges/did-url-{method}-{form}.json"), badge, about),
                "proof.signature",
            );
        }
    }
}
