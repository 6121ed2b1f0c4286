//! Instants: what is not yet valid, no longer valid, or never was.

use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::samples::{Key, Web, credential, hosted_assertion, school_web};

fn verified_at(now: OffsetDateTime, input: &Value, web: &Web) -> Report {
    let verifier = Verifier::new(Policy::strict());
    verifier.begin(input.to_string().as_bytes(), now).unwrap().run(|request| web.answer(request.target()))
}

#[test]
fn each_end_of_a_period_is_judged_to_the_second() {
    let key = Key::of("school.example");
    let mut badge = credential(&key.did());
    badge["validFrom"] = json!("2026-11-22T12:00:00Z");
    badge["validUntil"] = json!("2026-11-22T14:00:00+01:00");
    let badge = key.seal(&badge, &key.method());
    // The clock may be a minute slow; it is never given time at the end.
    for (now, expected) in [
        (datetime!(2026-11-22 11:58:59 UTC), Status::Invalid),
        (datetime!(2026-11-22 11:59 UTC), Status::Valid),
        (datetime!(2026-11-22 12:00 UTC), Status::Valid),
        (datetime!(2026-11-22 13:00 UTC), Status::Valid),
        (datetime!(2026-11-22 13:00:00.000000001 UTC), Status::Expired),
        (datetime!(9999-12-31 23:59:59 UTC), Status::Expired),
    ] {
        // The proof was made in March, and does not expire.
        let report = verified_at(now, &badge, &Web::default());
        assert_eq!(report.status(), expected, "{now}: {report:#}");
    }
}

#[test]
fn a_period_that_ends_before_it_begins_is_none() {
    let key = Key::of("school.example");
    let mut badge = credential(&key.did());
    badge["validFrom"] = json!("2026-05-02T00:00:00Z");
    badge["validUntil"] = json!("2026-05-01T00:00:00Z");
    let badge = key.seal(&badge, &key.method());
    for now in
        [datetime!(2026-04-01 0:00 UTC), datetime!(2026-05-01 12:00 UTC), datetime!(2026-06-01 0:00 UTC)]
    {
        let status = verified_at(now, &badge, &Web::default()).status();
        assert!(!matches!(status, Status::Valid | Status::Unverified), "{now}: {status}");
    }
}

#[test]
fn an_instant_is_written_in_one_way_only() {
    let now = datetime!(2026-11-22 12:00 UTC);
    let mut badge = hosted_assertion();
    for (expires, expected) in [
        ("2026-11-22T12:00:00Z", Status::Valid),
        ("2026-11-22T12:00:00.000Z", Status::Valid),
        ("2026-11-22T11:59:59Z", Status::Expired),
        ("2026-11-23T01:59:59+14:00", Status::Expired),
        ("2026-11-21T24:00:00Z", Status::Expired),
        ("2027-11-22T12:00:60Z", Status::Invalid),
        ("2027-11-22T12:00:00", Status::Invalid),
        ("2027-11-22 12:00:00Z", Status::Invalid),
        ("2027-11-22T12:00:00,5Z", Status::Invalid),
        ("2027-02-30T12:00:00Z", Status::Invalid),
        ("2027-11-22T12:00:00+25:00", Status::Invalid),
        ("12027-11-22T12:00:00Z", Status::Invalid),
        ("２０２７-11-22T12:00:00Z", Status::Invalid),
        ("4102444800", Status::Invalid),
    ] {
        badge["expires"] = json!(expires);
        let web = school_web().with("https://school.example/assertions/1", &badge);
        let report = verified_at(now, &badge, &web);
        assert_eq!(report.status(), expected, "{expires}: {report:#}");
    }
}
