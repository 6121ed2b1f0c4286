//! What a JWT claims of a badge that was sealed before: the claims count if the verdict rests on the JWT, and not
//! otherwise.

use serde_json::{Value, json};

use super::super::edit::with;
use super::super::jwt::{payload, payload_1};
use super::super::keys::unsigned_jws;
use super::super::ob2::BOB;
use super::super::ob3::{OPEN_BADGES, VC_1};
use super::super::signer::Key;
use super::super::suite::Suite;
use super::{baker, baker_of_vc_1, older_proof, proof};

/// 2026-05-01T00:00:00Z, and 2027-05-01T00:00:00Z.
const OVER: u64 = 1_777_593_600;
const TO_COME: u64 = 1_809_129_600;

const ED25519: &str = "https://w3id.org/security/suites/ed25519-2020/v1";

pub(super) fn make(suite: &mut Suite) {
    let key = Key::ed25519("the bakers");
    let newer = key.seal(&baker(&key.did(), 130), &proof(&key.did_method(), "eddsa-rdfc-2022"));
    let older = with(&baker_of_vc_1(&key.did(), 131), "/@context", json!([VC_1, OPEN_BADGES, ED25519]));
    let older = key.seal(&older, &older_proof(&key.did_method()));
    for (form, payload) in [("2-0", payload(&newer)), ("1-1", payload_1(&older))] {
        by_others(suite, form, &payload);
        by_the_issuer(suite, &key, form, &payload);
    }
}

/// Claims that nobody signed, or somebody who is not the issuer.
fn by_others(suite: &mut Suite, form: &str, payload: &Value) {
    let stranger = Key::ed25519("the pirate bakers");
    for (name, claim, value) in [
        ("over", "exp", json!(OVER)),
        ("running", "exp", json!(TO_COME)),
        ("not-begun", "nbf", json!(TO_COME)),
        ("begun", "nbf", json!(OVER)),
        ("issuer", "iss", json!(stranger.did())),
        ("id", "jti", json!("urn:uuid:0d3a8a2e-61a5-4c8a-9a53-000000000000")),
        ("subject", "sub", json!(format!("mailto:{BOB}"))),
    ] {
        let payload = with(payload, &format!("/{claim}"), value);
        let by_stranger = stranger.jws("EdDSA", &json!({"kid": stranger.did_method()}), &payload);
        for (by, token) in [("stranger", by_stranger), ("nobody", unsigned_jws(&json!({}), &payload))] {
            let path = format!("badges/claimed-{form}-{name}-by-{by}.jws");
            suite
                .badge(
                    &path,
                    format!("{token}\n"),
                    "A sealed badge in a JWT, for whose claims nobody vouches.",
                )
                .verdict("3.0", "valid")
                .passed(["proof.signature", "key.controller", "time.not-before"])
                .known(BOB, "mismatch");
        }
    }
}

/// A claim of the issuer's own.
fn by_the_issuer(suite: &mut Suite, key: &Key, form: &str, payload: &Value) {
    suite
        .badge(
            &format!("badges/claimed-{form}-over.jws"),
            format!(
                "{}\n",
                key.jws("EdDSA", &json!({"kid": key.did_method()}), &with(payload, "/exp", OVER))
            ),
            "The issuer's JWT has ended, and the sealed badge in it has not: the earlier end counts.",
        )
        .verdict("3.0", "expired")
        .passed(["proof.signature", "proof.other"])
        .failed(["time.expiry"]);
}
