//! Verifiable Presentations as JWT.

use serde_json::{Value, json};

use super::super::edit::with;
use super::super::jwt::payload_1;
use super::super::keys::{Ed25519, tampered_jws, unsigned_jws};
use super::super::ob3::{OPEN_BADGES, VC_1, achievement, credential_1};
use super::super::suite::Suite;
use super::{People, kid};

pub(super) fn make(suite: &mut Suite, people: &People) {
    of_the_older_model(suite, people);
    of_the_newer_model(suite, people);
    in_time(suite, people);
    changed(suite, people);
}

/// The `vp` claim with one JWT in it, and the claims beside it.
fn claims(people: &People, token: &str) -> Value {
    json!({
        "iss": people.ada.did(),
        "jti": "urn:uuid:6f6a1d0c-2a3e-4f70-9d3b-8a4b4c7e1001",
        "aud": "https://wallet.example/",
        "nonce": "tell me who you are",
        "vp": {
            "@context": [VC_1],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [token],
        },
    })
}

fn token_1(club: &Ed25519) -> String {
    let badge = credential_1(
        "urn:uuid:6f6a1d0c-2a3e-4f70-9d3b-8a4b4c7e1002",
        &json!({"id": club.did(), "type": ["Profile"], "name": "Long Meadow Archery Club"}),
        &achievement(
            "urn:uuid:6f6a1d0c-2a3e-4f70-9d3b-8a4b4c7e1003",
            "Fletcher",
            "Makes arrows that fly.",
            "A dozen, and none of them lost.",
        ),
    );
    club.jws(&kid(club), &payload_1(&badge))
}

fn of_the_older_model(suite: &mut Suite, people: &People) {
    let claims = claims(people, &token_1(&people.club));
    suite
        .badge(
            "wrappers/token-1.1.jws",
            people.ada.jws(&kid(&people.ada), &claims),
            "A presentation in a `vp` claim, and in it a badge in a `vc` claim.",
        )
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["proof.signature", "proof.claims", "wrapper.proof"]);
    suite
        .badge(
            "wrappers/token-tampered.jws",
            tampered_jws(
                &people.ada.jws(&kid(&people.ada), &claims),
                &with(&claims, "/nonce", "the challenge of another day"),
            ),
            "The token was changed around the badge.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"])
        .failed(["wrapper.proof"]);
    suite
        .badge(
            "wrappers/token-none.jws",
            unsigned_jws(&json!({}), &claims),
            "A token with the algorithm `none`: the badge has its own signature.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    suite
        .badge(
            "wrappers/token-by-another.jws",
            people.mallory.jws(&kid(&people.mallory), &claims),
            "Somebody else signed the token in the holder's name.",
        )
        .verdict("3.0", "valid")
        .within(["unverified"]);
}

fn of_the_newer_model(suite: &mut Suite, people: &People) {
    let token = people.token(31);
    let presentation = with(
        &people.unsigned_presentation(json!([{
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/vc+jwt,{token}"),
        }])),
        "/@context",
        json!(["https://www.w3.org/ns/credentials/v2", OPEN_BADGES]),
    );
    let signed = people.ada.jws(&kid(&people.ada), &presentation);
    suite
        .badge("wrappers/token.jws", signed.clone(), "The presentation is the payload, as in VC 2.0.")
        .verdict("3.0", "valid")
        .within(["valid"]);
    let enveloped = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:application/vp+jwt,{signed}"),
    });
    suite
        .badge(
            "wrappers/enveloped-presentation.json",
            super::super::suite::pretty(&enveloped),
            "The same token in a `data:` URL.",
        )
        .verdict("3.0", "valid")
        .within(["valid"]);
}

fn in_time(suite: &mut Suite, people: &People) {
    let token = token_1(&people.club);
    let sign = |claims: &Value| people.ada.jws(&kid(&people.ada), claims);
    // 2026-06-01T11:59:59Z and 2026-06-02T12:00:00Z.
    let over = with(&claims(people, &token), "/exp", 1_780_315_199);
    suite
        .badge(
            "wrappers/token-expired.jws",
            sign(&over),
            "The time of the presentation is over, and not that of the badge.",
        )
        .verdict("3.0", "valid")
        .within(["expired"])
        .failed(["wrapper.proof"]);
    let early = with(&claims(people, &token), "/nbf", 1_780_401_600);
    suite
        .badge("wrappers/token-not-yet.jws", sign(&early), "The time of the presentation has not come.")
        .verdict("3.0", "valid")
        .within(["invalid"]);
}

fn changed(suite: &mut Suite, people: &People) {
    let sign = |claims: &Value| people.ada.jws(&kid(&people.ada), claims);
    let token = token_1(&people.club);
    let other = with(&claims(people, &token), "/vp/holder", people.mallory.did());
    suite
        .badge(
            "wrappers/token-two-holders.jws",
            sign(&other),
            "The token says one holder, the presentation another one.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let badge = with(&people.unsigned(32), "/name", "Olympic Shooter");
    let forged = tampered_jws(&people.token(32), &super::payload(&badge));
    suite
        .badge(
            "wrappers/token-badge-tampered.jws",
            sign(&claims(people, &forged)),
            "The badge in the token was changed before the token was signed.",
        )
        .verdict("3.0", "invalid")
        .within(["valid"])
        .failed(["proof.signature"]);
}
