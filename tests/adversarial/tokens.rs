//! JWTs: what the claims say of the credential, however that is written.

use openbadges::Status;
use openbadges::report::CheckCode;
use serde_json::{Value, json};

use crate::samples::{SCHOOL, SCHOOL_KEY, claims, credential, school, school_web};
use crate::{failed, judged};

const CONTEXT_VC_1: &str = "https://www.w3.org/2018/credentials/v1";

fn signed(payload: &Value) -> String {
    school().jws(&json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), payload)
}

/// The payload with a credential of VC 2.0, and the one with the same credential of VC 1.1 in a claim.
fn payloads(subject: impl Fn(Value) -> Value) -> [Value; 2] {
    let mut badge = credential(SCHOOL);
    badge["credentialSubject"] = subject(badge["credentialSubject"].take());
    let newer = claims(&badge);
    let members = badge.as_object_mut().unwrap();
    for (new, old) in [("validFrom", "issuanceDate"), ("validUntil", "expirationDate")] {
        let date = members.remove(new).unwrap();
        members.insert(old.to_owned(), date);
    }
    badge["@context"][0] = json!(CONTEXT_VC_1);
    let mut older = json!({"vc": badge});
    for claim in ["iss", "jti", "nbf"] {
        older[claim] = newer[claim].clone();
    }
    [newer, older]
}

#[test]
fn a_list_of_one_subject_is_that_subject() {
    let grace = "mailto:grace@example.com";
    let alone = |subject: Value| subject;
    let listed = |subject: Value| json!([subject]);
    let nameless = |mut subject: Value| {
        subject.as_object_mut().unwrap().remove("id");
        subject["identifier"] = json!([{"type": "IdentityObject", "hashed": false, "identityHash": "Grace", "identityType": "name"}]);
        json!([subject])
    };
    for (payloads, sub, expected) in [
        (payloads(alone), json!(grace), [Status::Valid; 2]),
        (payloads(listed), json!(grace), [Status::Valid; 2]),
        (payloads(listed), json!("mailto:mallory@example.com"), [Status::Invalid; 2]),
        (payloads(listed), json!([grace]), [Status::Invalid; 2]),
        // What a `vc` claim leaves out the other claims may say; beside a credential of VC 2.0 it contradicts it.
        (payloads(nameless), json!(grace), [Status::Invalid, Status::Valid]),
    ] {
        for (mut payload, expected) in payloads.into_iter().zip(expected) {
            payload["sub"] = sub.clone();
            let report = judged(signed(&payload), &school_web(), expected);
            assert_eq!(failed(&report, CheckCode::ProofClaims), expected == Status::Invalid, "{report:#}");
        }
    }
}
