//! Records that are brought up to date: what they may become, whatever happened to the badge in between.

use crate::{ASSERTION, CLASS, ISSUER, NOW, OB2, Web, record};
use openbadges::import::{BadgeRecord, Change, RecordStatus};
use openbadges::policy::TrustedIssuers;
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};

const LIST: &str = "https://example.org/revoked";

/// A copy of the hosted badge, changed.
fn copy(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut upload: Value = serde_json::from_slice(&Web::new().upload()).unwrap();
    change(&mut upload);
    upload.to_string().into_bytes()
}

/// A copy that says what its badge class is, and claims more of it than is so.
fn forged() -> Vec<u8> {
    copy(|upload| {
        upload["narrative"] = json!("With highest honours.");
        upload["badge"] = json!({"type": "BadgeClass", "id": CLASS, "name": "Doctor of Medicine",
            "description": "Works with others", "image": "https://example.org/badges/teamwork.png",
            "criteria": {"narrative": "Work with others."}, "issuer": ISSUER});
    })
}

fn judged(web: &Web, upload: &[u8]) -> Report {
    web.report_on(upload, Policy::strict(), NOW)
}

fn out_of_reach(upload: &[u8]) -> Report {
    Verifier::new(Policy::strict()).begin(upload, NOW).unwrap().offline()
}

/// An issuer with a list of revoked badges.
fn with_list(web: Web, revoked: &Value) -> Web {
    let mut web = web.with(ISSUER, "revocationList", json!(LIST));
    let list = json!({"@context": OB2, "type": "RevocationList", "id": LIST, "issuer": ISSUER, "revokedAssertions": revoked});
    web.0.insert(LIST, (200, list));
    web
}

fn listed() -> Value {
    json!([{"id": ASSERTION, "revocationReason": "Plagiarism"}])
}

fn expiring() -> Web {
    Web::new().with(ASSERTION, "expires", json!("2026-06-01T00:00:00Z"))
}

fn gone() -> Web {
    Web::new().answering(ASSERTION, 410)
}

// ---- what was never vouched for

/// What can be found out about a badge, by name; what is uploaded is a claim in all of them.
fn findings(upload: &[u8]) -> Vec<(&'static str, Report)> {
    let bob = json!({"type": "email", "hashed": false, "identity": "bob@example.org"});
    let nobody = TrustedIssuers::Only(["https://example.com/issuer".parse().unwrap()].into());
    let not_trusted = Policy::strict().with_trusted_issuers(nobody);
    vec![
        ("valid", judged(&Web::new(), upload)),
        ("expired", judged(&expiring(), upload)),
        ("expired, and not trusted", expiring().report_on(upload, not_trusted, NOW)),
        ("gone", judged(&gone(), upload)),
        ("on the list", judged(&with_list(Web::new(), &listed()), upload)),
        ("expired, and on the list", judged(&with_list(expiring(), &listed()), upload)),
        ("out of reach", out_of_reach(upload)),
        ("invalid", judged(&Web::new().with(ASSERTION, "issuedOn", json!("yesterday")), upload)),
        ("of somebody else", judged(&Web::new().awarded_to(bob), upload)),
    ]
}

#[test]
fn the_findings_are_what_they_are_called() {
    use Status::{Expired, Invalid, Revoked, Unverified, Valid};
    let statuses: Vec<Status> = findings(&forged()).iter().map(|(_, report)| report.status()).collect();
    assert_eq!(
        statuses,
        [Valid, Expired, Expired, Revoked, Revoked, Revoked, Unverified, Invalid, Valid],
        "of the badge, and not of what was uploaded"
    );
}

/// Says whether a record says no more than the badge does.
fn is_true(record: &BadgeRecord) -> bool {
    let is = |text: &Option<String>, expected: &str| text.as_ref().is_none_or(|text| text == expected);
    is(&record.activity_title, "Teamwork")
        && is(&record.notes, "She led the team.")
        && is(&record.recipient_email, "ada@example.org")
        && record.additional_details["recipients"][0]["value"] == "ada@example.org"
}

#[test]
fn no_sequence_of_findings_makes_a_false_record_valid() {
    let (honest, forged) = (copy(|_| {}), forged());
    let mut ends = [0, 0];
    for (upload, is_honest) in [(&honest, true), (&forged, false)] {
        let findings = findings(upload);
        let started = [out_of_reach(upload), findings[2].1.clone(), findings[0].1.clone()].map(record);
        let table = started.iter().flat_map(|record| {
            let twice = findings.iter().flat_map(|first| findings.iter().map(move |second| [first, second]));
            let thrice = |[first, second]: [_; 2]| findings.iter().map(move |third| [first, second, third]);
            twice.flat_map(thrice).map(move |sequence| (record, sequence))
        });
        for (start, sequence) in table {
            let mut record = start.clone();
            for (name, report) in sequence {
                record = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
                let change = record.update(report).unwrap();
                let names = sequence.map(|(name, _)| name);
                let is_good = record.status == RecordStatus::Valid || record.verdict == Status::Valid;
                assert!(is_true(&record) || !is_good, "{names:?} at {name}: {change:?}, {record:#?}");
                // What is said of a badge of somebody else, or by nobody, is no reason to believe a record.
                let of_ada = *name == "valid" || *name == "expired";
                assert!(of_ada || !is_good, "{names:?} at {name}");
                assert!(!(of_ada && is_true(&record)) || is_good, "{names:?} at {name}: {change:?}");
                ends[usize::from(is_good)] += 1;
            }
            assert!(is_true(&record) || !is_honest, "an honest record stays what it is");
        }
    }
    assert!(ends.iter().all(|ends| *ends > 500), "{ends:?}: both come about");
}

#[test]
fn a_false_record_is_not_made_good_by_a_revocation() {
    let forged = forged();
    for revoked in [gone(), with_list(Web::new(), &listed())] {
        let mut record = record(out_of_reach(&forged));
        let accepted = record.clone();
        assert!(matches!(record.update(&judged(&revoked, &forged)), Ok(Change::NowRevoked { .. })));
        assert_eq!(record.update(&judged(&Web::new(), &forged)), Ok(Change::Differs));
        assert_eq!((record.status, record.verdict), (RecordStatus::Invalid, Status::Unverified));
        assert_eq!(record.activity_title, accepted.activity_title, "what was accepted is not written over");
    }
}

#[test]
fn whether_a_record_was_ever_vouched_for_is_kept_in_it() {
    let is_vouched_for = |record: &BadgeRecord| record.additional_details.get("isVouchedFor").cloned();
    let mut late = record(out_of_reach(&copy(|_| {})));
    assert_eq!(is_vouched_for(&late), None);
    late.update(&judged(&gone(), &copy(|_| {}))).unwrap();
    assert_eq!(is_vouched_for(&late), None, "that it was revoked does not vouch for what is said of it");
    late.update(&judged(&Web::new(), &copy(|_| {}))).unwrap();
    assert_eq!(is_vouched_for(&late), Some(json!(true)));
    late.update(&out_of_reach(&copy(|_| {}))).unwrap();
    assert_eq!(is_vouched_for(&late), Some(json!(true)), "an outage does not take it back");
    // Whoever keeps a record without it has all of it compared.
    late.additional_details.remove("isVouchedFor");
    let renamed = Web::new().with(CLASS, "name", json!("Teamwork I"));
    assert_eq!(late.update(&judged(&renamed, &copy(|_| {}))), Ok(Change::Differs));
}

// ---- a revocation stays on record

#[test]
fn a_revocation_is_kept_when_the_badge_expires_and_its_list_is_out_of_reach() {
    let mut record = record(Web::new().report());
    let upload = copy(|_| {});
    assert!(matches!(
        record.update(&judged(&with_list(Web::new(), &listed()), &upload)),
        Ok(Change::NowRevoked { .. })
    ));
    let no_list = judged(&with_list(expiring(), &listed()).answering(LIST, 503), &upload);
    assert_eq!((no_list.status(), no_list.status_apart_from_expiry()), (Status::Expired, Status::Unverified));
    assert_eq!(record.update(&no_list), Ok(Change::NowExpired));
    assert_eq!((record.status, record.verdict), (RecordStatus::Invalid, Status::Expired));
    assert_eq!((record.revoked_at.is_some(), record.revoked_reason.as_deref()), (true, Some("Plagiarism")));
    // It is in force again, or was until its end.
    for in_force in [expiring(), Web::new()] {
        let mut restored = record.clone();
        restored.update(&judged(&with_list(in_force, &json!([])), &upload)).unwrap();
        assert_eq!(restored.status, RecordStatus::Valid);
        assert_eq!((restored.revoked_at, restored.revoked_reason), (None, None));
    }
}
