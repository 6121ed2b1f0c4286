//! Presentations with a proof of the holder's, which somebody put into a JWT: the claims count if the verdict rests on
//! the JWT, and not otherwise.

use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::keys::unsigned_jws;
use super::super::suite::Suite;
use super::{People, kid};

/// 2026-05-01T00:00:00Z, and 2027-05-01T00:00:00Z.
const OVER: u64 = 1_777_593_600;
const TO_COME: u64 = 1_809_129_600;

pub(super) fn make(suite: &mut Suite, people: &People) {
    let sealed = people.presentation(json!([people.badge(33)]));
    let beside = with(&json!({"vp": sealed}), "/iss", people.ada.did());
    for (form, payload) in [("2-0", with(&sealed, "/iss", people.ada.did())), ("1-1", beside)] {
        by_others(suite, people, form, &payload);
        by_the_holder(suite, people, form, &payload);
    }
    without_holder(suite, people);
}

fn by_others(suite: &mut Suite, people: &People, form: &str, payload: &Value) {
    for (name, claim, value) in [
        ("holder", "iss", json!(people.ada.did())),
        ("another-holder", "iss", json!(people.mallory.did())),
        ("over", "exp", json!(OVER)),
        ("not-begun", "nbf", json!(TO_COME)),
    ] {
        let payload = with(payload, &format!("/{claim}"), value);
        let by_mallory = people.mallory.jws(&kid(&people.mallory), &payload);
        let opaque = people.ada.jws(&json!({"kid": "key 1"}), &payload);
        for (by, token) in [
            ("mallory", by_mallory),
            ("nobody-known", opaque),
            ("nobody", unsigned_jws(&json!({}), &payload)),
        ] {
            suite
                .badge(
                    &format!("wrappers/sealed-{form}-{name}-by-{by}.jws"),
                    token,
                    "A sealed presentation in a JWT for which nobody vouches: the seal is the holder's.",
                )
                .verdict("3.0", "valid")
                .within(["valid"])
                .passed(["wrapper.proof"]);
        }
    }
}

fn by_the_holder(suite: &mut Suite, people: &People, form: &str, payload: &Value) {
    for (name, claim, value, verdict) in [
        ("over", "exp", OVER, "expired"),
        ("running", "exp", TO_COME, "valid"),
        ("not-begun", "nbf", TO_COME, "invalid"),
    ] {
        let token = people.ada.jws(&kid(&people.ada), &with(payload, &format!("/{claim}"), value));
        suite
            .badge(
                &format!("wrappers/sealed-{form}-{name}.jws"),
                token,
                "A sealed presentation in a JWT of the holder's own, whose time counts.",
            )
            .verdict("3.0", "valid")
            .within([verdict]);
    }
}

/// The holder is who the sealed presentation says, and nobody if it does not say.
fn without_holder(suite: &mut Suite, people: &People) {
    let unsigned = without(&people.unsigned_presentation(json!([people.badge(34)])), "/holder");
    let sealed = people.ada.seal(&unsigned, &super::shown(&people.ada));
    let claims = json!({"iss": people.ada.did(), "vp": sealed});
    suite
        .badge(
            "wrappers/sealed-without-holder.jws",
            people.mallory.jws(&kid(&people.mallory), &claims),
            "A stranger's JWT says who the holder is, and the sealed presentation in it does not.",
        )
        .verdict("3.0", "valid")
        .within(["unverified"]);
}
