//! Status lists: a revoked badge must not look as if it were not.

use openbadges::report::CheckCode;
use openbadges::resource::{Response, Unavailable};
use openbadges::{Policy, Status, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    MALLORY, NOW, SCHOOL, SCHOOL_KEY, SCHOOL_LIST, Web, credential, credential_jwt, encoded, mallory, school,
    school_web, status_entry, status_list, verify,
};
use crate::{failed, gets, has_passed, inconclusive, judged, within};

/// The place of the sample's badge.
const PLACE: usize = 94_567;

/// A badge of the school's with this entry.
fn badge(entry: Value) -> String {
    let mut badge = credential(SCHOOL);
    badge["credentialStatus"] = entry;
    credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &badge)
}

fn entry() -> Value {
    status_entry(SCHOOL_LIST, json!(PLACE.to_string()))
}

fn with_list(list: &Value) -> Web {
    school_web().with(SCHOOL_LIST, list)
}

/// The school's list with other contents, signed by the school.
fn signed_list(change: impl FnOnce(&mut Value)) -> Value {
    let mut list = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]);
    change(&mut list);
    school().seal(&list, SCHOOL_KEY)
}

#[test]
fn a_set_bit_revokes() {
    gets(badge(entry()), &school_web(), Status::Valid);
    let set = school().seal(&status_list(SCHOOL_LIST, SCHOOL, "revocation", &[PLACE]), SCHOOL_KEY);
    gets(badge(entry()), &with_list(&set), Status::Revoked);
    let neighbours = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[PLACE - 1, PLACE + 1, 0, 131_071]);
    gets(badge(entry()), &with_list(&school().seal(&neighbours, SCHOOL_KEY)), Status::Valid);
    // One entry of several is enough, in any order.
    let suspension = "https://school.example/suspension";
    let list = school().seal(&status_list(suspension, SCHOOL, "suspension", &[PLACE]), SCHOOL_KEY);
    let web = school_web().with(suspension, &list);
    let mut other = status_entry(suspension, json!(PLACE.to_string()));
    other["statusPurpose"] = json!("suspension");
    for entries in [json!([entry(), other]), json!([other, entry()])] {
        gets(badge(entries), &web, Status::Revoked);
    }
}

#[test]
fn an_index_is_a_place_in_the_list_or_nothing() {
    for index in [
        json!("-1"),
        json!("+1"),
        json!("1e3"),
        json!("0x10"),
        json!(" 1"),
        json!("1 "),
        json!("1.0"),
        json!(""),
        json!("١"),
        json!("131072"),
        json!("18446744073709551615"),
        json!("18446744073709551616"),
        json!("184467440737095516160"),
        json!(-1),
        json!(1.5),
        json!(131_072),
        json!(18_446_744_073_709_551_615_u64),
        json!(1e300),
        json!(true),
        json!(null),
        json!({}),
    ] {
        let report = verify(badge(status_entry(SCHOOL_LIST, index.clone())), &school_web());
        assert_ne!(report.status(), Status::Valid, "{index}: {report:#}");
        assert_ne!(report.status(), Status::Revoked, "{index}: nothing was looked up");
    }
    for size in [json!(0), json!(-1), json!("1"), json!(65), json!(u64::MAX), json!(1.5)] {
        let mut entry = entry();
        entry["statusSize"] = size.clone();
        let report = verify(badge(entry), &school_web());
        assert_ne!(report.status(), Status::Valid, "{size}: {report:#}");
    }
    let mut wide = entry();
    wide["statusSize"] = json!(2);
    // Twice as many bits for each place: there is no such place any more.
    gets(badge(wide), &school_web(), Status::Invalid);
}

#[test]
fn a_list_of_another_purpose_says_nothing() {
    for (purpose, listed) in
        [("revocation", "suspension"), ("suspension", "revocation"), ("refresh", "revocation")]
    {
        let list = school().seal(&status_list(SCHOOL_LIST, SCHOOL, listed, &[]), SCHOOL_KEY);
        let mut entry = entry();
        entry["statusPurpose"] = json!(purpose);
        let report = judged(badge(entry), &with_list(&list), Status::Unverified);
        assert!(inconclusive(&report, CheckCode::RevocationStatus));
    }
}

#[test]
fn a_list_that_its_issuer_did_not_sign_says_nothing() {
    let honest = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]);
    let mut tampered = school().seal(&status_list(SCHOOL_LIST, SCHOOL, "revocation", &[PLACE]), SCHOOL_KEY);
    tampered["credentialSubject"]["encodedList"] = honest["credentialSubject"]["encodedList"].clone();
    for (name, list) in [
        ("unsigned", honest.clone()),
        ("another key", mallory().seal(&honest, SCHOOL_KEY)),
        ("own key", mallory().seal(&honest, &mallory().method())),
        ("changed", tampered),
        ("not yet", signed_list(|list| list["validFrom"] = json!("2027-01-01T00:00:00Z"))),
        ("no more", signed_list(|list| list["validUntil"] = json!("2026-11-22T11:59:59Z"))),
        ("another class", signed_list(|list| list["type"] = json!(["VerifiableCredential"]))),
        ("a badge", school().seal(&credential(SCHOOL), SCHOOL_KEY)),
    ] {
        let report = verify(badge(entry()), &with_list(&list));
        assert_eq!(report.status(), Status::Unverified, "{name}: {report:#}");
    }
    for answer in [Err(Unavailable::Timeout), Ok(""), Ok("{}"), Ok("[]"), Ok("a.b.c"), Ok("\u{feff}{}")] {
        let mut web = school_web();
        match answer {
            Ok(body) => web.serve(SCHOOL_LIST, body.as_bytes()),
            Err(error) => web.answer_with(SCHOOL_LIST, Err(error)),
        }
        gets(badge(entry()), &web, Status::Unverified);
    }
}

#[test]
fn a_token_of_a_list_ends_when_it_says() {
    let list = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]);
    let token = |exp: Option<i64>| {
        let mut payload = crate::samples::claims(&list);
        payload["sub"] = list["credentialSubject"]["id"].clone();
        if let Some(exp) = exp {
            payload["exp"] = json!(exp);
        }
        school().jws(&json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &payload)
    };
    let now = NOW.unix_timestamp();
    for (exp, expected) in
        [(None, Status::Valid), (Some(now + 60), Status::Valid), (Some(now - 60), Status::Unverified)]
    {
        let mut web = school_web();
        web.serve(SCHOOL_LIST, token(exp).as_bytes());
        let report = verify(badge(entry()), &web);
        assert_eq!(report.status(), expected, "{exp:?}: {report:#}");
    }
}

#[test]
fn a_token_of_a_list_need_not_repeat_what_the_list_says() {
    let list = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]);
    for (claims, expected) in [
        (json!({}), Status::Valid),
        (json!({"iss": SCHOOL}), Status::Valid),
        (json!({"iss": MALLORY}), Status::Unverified),
        (json!({"jti": "urn:x:other"}), Status::Unverified),
        (json!({"nbf": 1}), Status::Unverified),
        (json!({"iss": null}), Status::Unverified),
    ] {
        let mut payload = list.clone();
        payload.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let mut web = school_web();
        let token = school().jws(&json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &payload);
        web.serve(SCHOOL_LIST, token.as_bytes());
        let report = verify(badge(entry()), &web);
        assert_eq!(report.status(), expected, "{claims}: {report:#}");
    }
}

#[test]
fn a_list_is_not_kept_for_longer_than_it_says() {
    let list = signed_list(|list| list["credentialSubject"]["ttl"] = json!(300_000));
    let served = |age: time::Duration| {
        let url = SCHOOL_LIST.parse().unwrap();
        let response = Response::new(200, url, list.to_string().into_bytes(), NOW - age);
        let mut web = school_web();
        web.answer_with(SCHOOL_LIST, Ok(response));
        web
    };
    let report = judged(badge(entry()), &served(time::Duration::minutes(5)), Status::Valid);
    assert!(has_passed(&report, CheckCode::ResourceFresh));
    let stale = served(time::Duration::minutes(5) + time::Duration::SECOND);
    let report = judged(badge(entry()), &stale, Status::Unverified);
    assert!(inconclusive(&report, CheckCode::ResourceFresh), "{report:#}");
    assert!(inconclusive(&report, CheckCode::RevocationStatus), "{report:#}");
    // A copy at hand is asked for anew, as fresh as it says.
    let verifier = Verifier::new(Policy::strict());
    let step = verifier.resume(badge(entry()).as_bytes(), stale.documents(), NOW).unwrap();
    let mut asked = Vec::new();
    let report = step.run(|request| {
        asked.push((request.target().to_string(), request.max_age()));
        school_web().answer(request.target())
    });
    assert_eq!(asked, [(SCHOOL_LIST.to_owned(), time::Duration::minutes(5))]);
    assert_eq!(report.status(), Status::Valid, "{report:#}");
}

#[test]
fn bits_are_read_to_the_end_or_not_at_all() {
    let bits = vec![0_u8; 131_072 / 8];
    let honest = encoded(&bits);
    let bytes = |text: &str| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text.trim_start_matches('u')).unwrap()
    };
    let text = |bytes: &[u8]| {
        use base64::Engine;
        format!("u{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
    };
    let gzip = bytes(&honest);
    let mut wrong_sum = gzip.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    for (name, encoded_list) in [
        ("nothing", json!("")),
        ("no bits", json!("u")),
        ("not base64", json!("u!!!!")),
        ("not gzip", json!(text(b"0000"))),
        ("another base", json!(honest.replacen('u', "z", 1))),
        ("two members", json!(text(&[gzip.clone(), gzip.clone()].concat()))),
        ("more behind", json!(text(&[gzip.as_slice(), b"more"].concat()))),
        ("cut", json!(text(&gzip[..gzip.len() - 9]))),
        ("a wrong sum", json!(text(&wrong_sum))),
        ("a bomb", json!(encoded(&vec![0; 64 * 1024 * 1024]))),
    ] {
        let list = signed_list(|list| list["credentialSubject"]["encodedList"] = encoded_list.clone());
        let report = within(|| verify(badge(entry()), &with_list(&list)));
        assert!(!matches!(report.status(), Status::Valid | Status::Revoked), "{name}: {report:#}");
    }
}

#[test]
fn a_list_that_leads_to_itself_ends() {
    // The list has a status of its own: in itself, and in another list that has one in the first.
    let other = "https://school.example/other";
    let mut list = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]);
    list["credentialStatus"] = json!([entry(), status_entry(other, json!("1"))]);
    let mut second = status_list(other, SCHOOL, "revocation", &[]);
    second["credentialStatus"] = entry();
    let web = with_list(&school().seal(&list, SCHOOL_KEY)).with(other, &school().seal(&second, SCHOOL_KEY));
    let report = within(|| verify(badge(entry()), &web));
    assert!(report.documents().len() < 10);
    // The list is signed by a key that stands in the list.
    let mut itself = status_list(SCHOOL_LIST, SCHOOL_LIST, "revocation", &[]);
    itself["credentialStatus"] = entry();
    let list = mallory().seal(&itself, &format!("{SCHOOL_LIST}#key"));
    let report = within(|| verify(badge(entry()), &with_list(&list)));
    assert_ne!(report.status(), Status::Valid);
}

#[test]
fn a_list_of_somebody_else_is_told() {
    let theirs = "https://mallory.example/status";
    let list = mallory().seal(&status_list(theirs, &mallory().did(), "revocation", &[]), &mallory().method());
    let web = school_web().with(theirs, &list);
    let report = verify(badge(status_entry(theirs, json!("1"))), &web);
    assert!(failed(&report, CheckCode::StructureValue), "{report:#}");
    assert!(!report.documents().iter().any(|document| document.target.to_string() == MALLORY));
}

#[test]
fn another_list_of_the_issuers_clears_nothing() {
    // The school has a second list, in which the place of the badge is clear; it is served in place of the first.
    let second = "https://school.example/status/2";
    let clear = school().seal(&status_list(second, SCHOOL, "revocation", &[]), SCHOOL_KEY);
    let report = judged(badge(entry()), &with_list(&clear), Status::Unverified);
    assert!(inconclusive(&report, CheckCode::RevocationStatus), "{report:#}");
    assert!(failed(&report, CheckCode::LinkId), "{report:#}");
    let set = school().seal(&status_list(second, SCHOOL, "revocation", &[PLACE]), SCHOOL_KEY);
    gets(badge(entry()), &with_list(&set), Status::Revoked);
    // A copy of a list that is kept elsewhere says so, and cannot be told from others of its kind.
    for id in ["https://archive.example/status", "urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b09"] {
        let copy = school().seal(&status_list(id, SCHOOL, "revocation", &[]), SCHOOL_KEY);
        let report = judged(badge(entry()), &with_list(&copy), Status::Valid);
        assert!(failed(&report, CheckCode::LinkId), "{report:#}");
    }
}

#[test]
fn nothing_is_asked_in_the_name_of_a_badge_that_may_be_anybodys() {
    let mut forged = credential(SCHOOL);
    forged["credentialStatus"] = status_entry("https://mallory.example/beacon", json!("1"));
    let token = credential_jwt(&mallory(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &forged);
    let report = judged(token, &school_web(), Status::Invalid);
    assert!(report.documents().iter().all(|document| !document.target.to_string().contains("beacon")));
}

#[test]
fn an_entry_of_an_unknown_kind_is_not_overlooked() {
    for entry in [
        json!({"type": "MagicStatus", "id": "https://school.example/magic"}),
        json!({"id": "https://school.example/magic"}),
        json!({}),
        json!("https://school.example/magic"),
        json!([]),
        json!([null]),
        json!(7),
    ] {
        let report = verify(badge(entry.clone()), &school_web());
        let is_nothing = entry == json!([]) || entry == json!([null]);
        assert!(report.status() != Status::Valid || is_nothing, "{entry}: {report:#}");
    }
}
