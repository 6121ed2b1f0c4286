//! What a JWT says of its time beside what the credential in it says.

use openbadges::badge::Badge;
use openbadges::import::{BadgeRecord, Preview, RecordImporter, RecordStatus, Timestamp};
use openbadges::limits::Limits;
use openbadges::recipient::{Confirmation, KnownIdentity};
use openbadges::report::CheckCode;
use openbadges::unbake::unbake;
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

use crate::samples::{CONTEXT_3, CONTEXT_VC, NOW, claims, credential, jws_input, mallory, school};
use crate::{failed, has_passed};

const CONTEXT_VC_1: &str = "https://www.w3.org/2018/credentials/v1";
const CONTEXT_CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

/// Before the end that the credentials of the samples state.
const SOON: OffsetDateTime = datetime!(2027-01-01 0:00 UTC);
const OVER: OffsetDateTime = datetime!(2026-11-22 11:59:59 UTC);

/// The credential in the form of VC 1.1.
pub(super) fn older(mut credential: Value) -> Value {
    let members = credential.as_object_mut().unwrap();
    for (new, old) in [("validFrom", "issuanceDate"), ("validUntil", "expirationDate")] {
        if let Some(date) = members.remove(new) {
            members.insert(old.to_owned(), date);
        }
    }
    credential["@context"][0] = json!(CONTEXT_VC_1);
    credential
}

/// The payload with a credential of VC 2.0, and the one with the same credential of VC 1.1 in a claim.
fn payloads(credential: &Value) -> [Value; 2] {
    let newer = claims(credential);
    let mut beside = json!({"vc": older(credential.clone())});
    for claim in ["iss", "jti", "nbf", "sub"] {
        beside[claim] = newer[claim].clone();
    }
    [newer, beside]
}

fn by_school(payload: &Value) -> String {
    school().jws(&json!({"alg": "EdDSA", "kid": school().method()}), payload)
}

fn report_at(now: OffsetDateTime, input: &str) -> Report {
    Verifier::new(Policy::strict()).begin(input.as_bytes(), now).unwrap().offline()
}

fn imported(report: Report) -> BadgeRecord {
    let importer = RecordImporter::default();
    let known = [KnownIdentity::new("email", "grace@example.com", Confirmation::Confirmed)];
    let preview = Preview::of(&importer, report, &known);
    let seen = preview.fingerprint();
    preview.accept(&importer, &seen).unwrap()
}

#[test]
fn the_earlier_end_is_shown_and_recorded_as_it_is_judged() {
    let stated = datetime!(2031-03-01 9:00 UTC);
    let bounded = credential(&school().did());
    let mut endless = bounded.clone();
    endless.as_object_mut().unwrap().remove("validUntil");
    for (badge, claimed, end, expected) in [
        (&endless, None, None, Status::Valid),
        (&endless, Some(SOON), Some(SOON), Status::Valid),
        (&endless, Some(OVER), Some(OVER), Status::Expired),
        (&bounded, None, Some(stated), Status::Valid),
        (&bounded, Some(SOON), Some(SOON), Status::Valid),
        (&bounded, Some(OVER), Some(OVER), Status::Expired),
        (&bounded, Some(datetime!(2100-01-01 0:00 UTC)), Some(stated), Status::Valid),
    ] {
        for mut payload in payloads(badge) {
            if let Some(claimed) = claimed {
                payload["exp"] = json!(claimed.unix_timestamp());
            }
            let token = by_school(&payload);
            let report = report_at(NOW, &token);
            assert_eq!(report.status(), expected, "{report:#}");
            assert_eq!(report.badge().unwrap().summary().expires, end);
            // Nor does a badge say otherwise before it is verified.
            let read = Badge::read(
                unbake(token.as_bytes(), &Limits::default()).unwrap().payload(),
                &Limits::default(),
            );
            assert_eq!(read.unwrap().value.unwrap().summary().expires, end);
            let record = imported(report);
            assert_eq!(record.expires_at, end.map(Timestamp::from));
            assert_eq!(
                record.additional_details.get("expires"),
                end.map(|end| json!(end.format(&Rfc3339).unwrap())).as_ref()
            );
        }
    }
}

#[test]
fn a_record_that_missed_the_earlier_end_learns_of_it() {
    let mut payload = claims(&credential(&school().did()));
    payload["exp"] = json!(SOON.unix_timestamp());
    let token = by_school(&payload);
    let mut record = imported(report_at(NOW, &token));
    record.expires_at = Some(Timestamp::from(datetime!(2031-03-01 9:00 UTC)));
    let after = report_at(datetime!(2027-02-01 0:00 UTC), &token);
    assert_eq!(after.status(), Status::Expired);
    drop(record.update(&after).unwrap());
    assert_eq!((record.status, record.verdict), (RecordStatus::Valid, Status::Expired));
    assert_eq!(record.expires_at, Some(Timestamp::from(SOON)));
}

#[test]
fn a_learner_record_ends_when_its_token_does() {
    let did = school().did();
    let record = json!({
        "@context": [CONTEXT_VC, CONTEXT_CLR, CONTEXT_3],
        "type": ["VerifiableCredential", "ClrCredential"],
        "id": "urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b07",
        "name": "Transcript",
        "issuer": {"id": did, "type": ["Profile"], "name": "Windward Sailing School"},
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {
            "id": "mailto:grace@example.com",
            "type": ["ClrSubject"],
            "verifiableCredential": [school().seal(&credential(&did), &school().method())],
        },
    });
    for (end, expected) in [(SOON, Status::Valid), (OVER, Status::Expired)] {
        let mut payload = claims(&record);
        payload["exp"] = json!(end.unix_timestamp());
        let report = report_at(NOW, &by_school(&payload));
        let [wrapper] = report.wrappers() else { panic!("{report:#}") };
        assert_eq!((wrapper.status(), wrapper.valid_until()), (expected, Some(end)), "{wrapper:#}");
    }
}

#[test]
fn a_sealed_badge_takes_nothing_from_claims_that_nobody_vouches_for() {
    const SUITE: &str = "https://w3id.org/security/data-integrity/v2";
    let (did, method) = (school().did(), school().method());
    let mut plain = credential(&did);
    plain.as_object_mut().unwrap().remove("validUntil");
    plain["credentialSubject"].as_object_mut().unwrap().remove("id");
    plain["credentialSubject"]["identifier"] = json!([{
        "type": "IdentityObject",
        "hashed": false,
        "identityHash": "grace@example.com",
        "identityType": "emailAddress",
    }]);
    let mut of_vc_1 = older(plain.clone());
    of_vc_1["@context"].as_array_mut().unwrap().push(json!(SUITE));
    let (newer, older) = (school().seal(&plain, &method), school().seal(&of_vc_1, &method));
    let header = json!({"alg": "EdDSA", "kid": mallory().method()});
    for (claim, value) in [
        ("exp", json!(1)),
        ("exp", json!(SOON.unix_timestamp())),
        ("nbf", json!(SOON.unix_timestamp())),
        ("iss", json!(mallory().did())),
        ("jti", json!("urn:uuid:0")),
        ("sub", json!("mailto:mallory@example.com")),
    ] {
        let (mut members, mut beside) = (newer.clone(), json!({"vc": older}));
        (members[claim], beside[claim]) = (value.clone(), value.clone());
        for (payload, sealed) in [(members, &newer), (beside, &older)] {
            let alone = report_at(NOW, &sealed.to_string());
            for token in
                [mallory().jws(&header, &payload), jws_input(&json!({"alg": "none"}), &payload) + "."]
            {
                let report = report_at(NOW, &token);
                assert_eq!(report.status(), Status::Valid, "{report:#}");
                assert_eq!(report.badge(), alone.badge(), "{claim}");
            }
        }
    }
}

#[test]
fn an_end_in_the_token_alone_breaks_no_seal_in_it() {
    let (did, method) = (school().did(), school().method());
    let mut badge = credential(&did);
    badge.as_object_mut().unwrap().remove("validUntil");
    let mut badge = older(badge);
    badge["@context"].as_array_mut().unwrap().push(json!("https://w3id.org/security/data-integrity/v2"));
    let sealed = school().seal(&badge, &method);
    let claims = json!({
        "iss": did,
        "jti": sealed["id"],
        "sub": sealed["credentialSubject"]["id"],
        "nbf": datetime!(2026-03-01 9:00 UTC).unix_timestamp(),
        "exp": SOON.unix_timestamp(),
        "vc": sealed,
    });
    let report = report_at(NOW, &by_school(&claims));
    assert_eq!(report.status(), Status::Valid, "{report:#}");
    assert!(has_passed(&report, CheckCode::ProofOther), "{report:#}");
    // The token is the issuer's as well, and ends earlier.
    assert_eq!(report.badge().unwrap().summary().expires, Some(SOON));
}

#[test]
fn an_end_that_the_claims_leave_out_counts_and_is_told() {
    for mut payload in payloads(&credential(&school().did())) {
        payload.as_object_mut().unwrap().remove("exp");
        let report = report_at(NOW, &by_school(&payload));
        assert_eq!(report.status(), Status::Valid, "{report:#}");
        assert!(failed(&report, CheckCode::ProofClaims), "{report:#}");
        let later = report_at(datetime!(2032-01-01 0:00 UTC), &by_school(&payload));
        assert_eq!(later.status(), Status::Expired, "{later:#}");
    }
}
