//! What a JWT holds, and what its form says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::badge::Badge;
use openbadges::badge::ob3::{Claim, Credential, JwtCredential, Securing};
use openbadges::jws::CompactJws;
use openbadges::limits::Limits;
use openbadges::unbake::Payload;
use serde_json::{Value, json};
use time::macros::datetime;

use crate::samples::{ABSENT, badge, badge_1_1, change, notes, remove};

#[test]
fn a_jwt_without_vc_claim_is_the_credential_itself() {
    let mut payload = badge();
    payload["iss"] = json!("https://school.example/");
    payload["nbf"] = json!(1_704_067_200);
    payload["exp"] = json!(1_704_067_200.75);
    payload["iat"] = json!("today");
    let reading = JwtCredential::read(&payload);
    assert_eq!(notes(&reading), [""; 0]);
    let jwt = reading.value.unwrap();
    assert_eq!((jwt.securing, &*jwt.document), (Securing::JwtPlain, &payload));
    assert_eq!(jwt.claims.issuer, Claim::Present("https://school.example/".to_owned()));
    assert_eq!((&jwt.claims.subject, &jwt.claims.id), (&Claim::Absent, &Claim::Absent));
    assert_eq!(jwt.claims.not_before, Claim::Present(datetime!(2024-01-01 0:00 UTC)));
    assert_eq!(jwt.claims.expires, Claim::Present(datetime!(2024-01-01 0:00:00.75 UTC)));
    assert_eq!(jwt.claims.issued_at, Claim::Malformed);
}

#[test]
fn dates_of_claims_are_numbers_within_the_calendar() {
    for nbf in [json!("1704067200"), json!(null), json!(1e300), json!(-1e300), json!(i64::MAX), json!([1])] {
        let jwt = JwtCredential::read(&json!({ "nbf": nbf })).value.unwrap();
        assert_eq!(jwt.claims.not_before, Claim::Malformed, "{nbf}");
    }
    assert!(JwtCredential::read(&json!("payload")).value.is_none());
}

#[test]
fn a_vc_claim_is_completed_from_the_other_claims() {
    let mut credential = badge_1_1();
    for pointer in ["/id", "/issuer", "/issuanceDate", "/expirationDate", "/credentialSubject/id"] {
        remove(&mut credential, pointer);
    }
    let payload = json!({
        "vc": credential, "iss": "https://school.example/", "sub": "did:example:pupil", "jti": "urn:example:badge",
        "nbf": 1_704_067_200, "exp": 1_893_456_000,
    });
    let reading = JwtCredential::read(&payload);
    assert_eq!(
        notes(&reading),
        [
            "advisory required /vc/id",
            "advisory required /vc/issuer",
            "advisory required /vc/issuanceDate",
            "advisory required /vc/expirationDate",
            "advisory required /vc/credentialSubject/id",
        ]
    );
    let jwt = reading.value.unwrap();
    let reading = Credential::read_secured(&jwt.document, jwt.securing);
    assert_eq!(notes(&reading), ["advisory value /issuer"]);
    let credential = reading.value.unwrap();
    assert_eq!(credential.id().as_str(), "urn:example:badge");
    assert_eq!(credential.valid_until(), Some(datetime!(2030-01-01 0:00 UTC)));
    assert_eq!(credential.identities()[0].value, "did:example:pupil");

    let mut listed = badge_1_1();
    remove(&mut listed, "/credentialSubject/id");
    listed["credentialSubject"] = json!([listed["credentialSubject"]]);
    let reading = JwtCredential::read(&json!({"vc": listed, "sub": "did:example:pupil"}));
    assert_eq!(notes(&reading), ["advisory required /vc/credentialSubject/0/id"]);
    assert_eq!(reading.value.unwrap().document["credentialSubject"][0]["id"], "did:example:pupil");

    let whole = JwtCredential::read(&json!({"vc": badge_1_1(), "jti": "urn:example:other"}));
    assert_eq!(
        (notes(&whole), (*whole.value.unwrap().document).clone()),
        (Vec::new(), badge_1_1()),
        "nothing is overwritten"
    );
}

#[test]
fn a_badge_that_came_as_a_jwt_is_judged_as_one() {
    let read = |claims: &Value| {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let jws = format!("{}.{}.AAAA", encode(r#"{"alg":"EdDSA"}"#), encode(&claims.to_string()));
        let limits = Limits::default();
        Badge::read(&Payload::Jws(CompactJws::parse(&jws, &limits).unwrap()), &limits).unwrap()
    };
    assert!(read(&badge()).is_sound());
    assert!(read(&json!({ "vc": badge_1_1() })).is_sound());
    assert_eq!(notes(&read(&badge_1_1())), ["essential context /@context/0"]);
    assert_eq!(notes(&read(&json!({ "vc": badge() }))), ["essential context /@context/0"]);
    let without_id = json!({"vc": change(badge_1_1(), "/id", ABSENT), "jti": "urn:example:badge"});
    let reading = read(&without_id);
    assert_eq!(notes(&reading), ["advisory required /vc/id"]);
    assert_eq!(reading.value.unwrap().key().unwrap().id(), "urn:example:badge");
}
