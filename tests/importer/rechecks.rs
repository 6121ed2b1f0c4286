//! Records that are brought up to date: what they may become, whatever happened to the badge in between.

use crate::{ASSERTION, CLASS, ISSUER, NOW, OB2, Web, credential, record};
use openbadges::import::{BadgeRecord, Change, RecordStatus};
use openbadges::policy::{TrustedIssuers, UnknownRevocation};
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

// ---- which badge a report is on

const ALIAS: &str = "https://alias.example/1";

/// The issuer's web, on which the badge is found under another address too.
fn with_alias() -> Web {
    let mut web = Web::new();
    web.0.insert(ALIAS, web.0[ASSERTION].clone());
    web
}

/// Ways to write the badge's id into a copy that lead to the badge.
const SPELLINGS: [&str; 5] = [
    ASSERTION,
    "https://example.org:443/assertions/1",
    "HTTPS://EXAMPLE.org/assertions/1",
    "https://example.org/badges/../assertions/1",
    ALIAS,
];

#[test]
fn however_an_upload_spells_the_id_what_happens_to_the_badge_is_recorded() {
    let notice = json!({"@context": OB2, "type": "Assertion", "id": ASSERTION, "revoked": true});
    let mut told = with_alias();
    told.0.insert(ASSERTION, (200, notice));
    for spelt in SPELLINGS {
        let at_alias = if spelt == ALIAS { ALIAS } else { ASSERTION };
        let embedded = |issuer: &str| {
            copy(|upload| {
                upload["id"] = json!(spelt);
                upload["badge"] =
                    json!({"type": "BadgeClass", "id": CLASS, "name": "Teamwork", "issuer": issuer});
            })
        };
        // The issuer of a copy is what its bearer says.
        for upload in
            [copy(|upload| upload["id"] = json!(spelt)), embedded(ISSUER), embedded("https://example.com/i")]
        {
            let imported = record(judged(&with_alias(), &upload));
            assert_eq!((imported.id.as_str(), imported.status), (ASSERTION, RecordStatus::Valid), "{spelt}");
            let uploaded_as = imported.additional_details.get("uploadedAs");
            assert_eq!(uploaded_as.cloned(), (spelt == ALIAS).then(|| json!(ALIAS)));
            let after = |report: Report| {
                let mut record = imported.clone();
                let change = record.update(&report);
                (report.status(), record.status, record.verdict, change)
            };
            for revoked in [with_alias().answering(at_alias, 410), told.clone()] {
                let (status, recorded, _, change) = after(judged(&revoked, &upload));
                assert_eq!((status, recorded), (Status::Revoked, RecordStatus::Revoked), "{spelt}");
                assert!(matches!(change, Ok(Change::NowRevoked { .. })), "{spelt}: {change:?}");
            }
            let issuer_gone = with_alias().answering(ISSUER, 404);
            for lost in [
                judged(&with_alias().answering(at_alias, 503), &upload),
                judged(&issuer_gone, &upload),
                out_of_reach(&upload),
            ] {
                let (_, status, verdict, change) = after(lost);
                assert_eq!((status, verdict), (RecordStatus::Invalid, Status::Unverified), "{spelt}");
                assert!(
                    matches!(change, Ok(Change::NowUnverified | Change::IssuerGone { .. })),
                    "{spelt}: {change:?}"
                );
            }
            // The copy at another address is still there, and says what it is a copy of.
            let (_, status, _, change) = after(judged(&with_alias().answering(ASSERTION, 410), &upload));
            assert!(status != RecordStatus::Valid && change.is_ok(), "{spelt}: {change:?}");
            let (.., change) = after(judged(&with_alias(), &upload));
            assert_eq!(change, Ok(Change::Unchanged), "{spelt}");
        }
    }
}

#[test]
fn an_address_that_leads_to_another_badge_later_makes_no_record_good() {
    let other = "https://example.org/assertions/2";
    let mut repointed = with_alias().with(ALIAS, "id", json!(other));
    repointed.0.insert(other, repointed.0[ALIAS].clone());
    for upload in [ALIAS.as_bytes().to_vec(), copy(|upload| upload["id"] = json!(ALIAS))] {
        let mut record = record(judged(&with_alias(), &upload));
        let later = judged(&repointed, &upload);
        assert_eq!((later.status(), later.badge().unwrap().summary().id), (Status::Valid, Some(other)));
        assert_eq!(record.update(&later), Ok(Change::Differs));
        assert_eq!((record.status, record.id.as_str()), (RecordStatus::Invalid, ASSERTION));
    }
}

#[test]
fn a_badge_that_came_as_an_address_is_recorded_to_be_gone_from_there() {
    let mut record = record(judged(&with_alias(), ALIAS.as_bytes()));
    assert_eq!(record.id, ASSERTION);
    let gone = judged(&with_alias().answering(ALIAS, 410), ALIAS.as_bytes());
    assert!(matches!(record.update(&gone), Ok(Change::NowRevoked { .. })));
}

#[test]
fn a_credential_that_came_as_an_address_is_known_by_that() {
    let credential = credential(&json!({"type": ["AchievementSubject"], "id": "mailto:ada@example.org"}));
    let mut web = Web::new();
    web.0.insert(ALIAS, (200, credential));
    let mut record = record(judged(&web, ALIAS.as_bytes()));
    assert_eq!((record.id.starts_with("urn:"), record.url.as_ref()), (true, None));
    assert_eq!(record.additional_details["uploadedAs"], ALIAS);
    let gone = judged(&web.answering(ALIAS, 410), ALIAS.as_bytes());
    assert!(matches!(record.update(&gone), Ok(Change::NowRevoked { .. })));
}

#[test]
fn a_respelt_record_of_an_outage_becomes_valid_and_one_of_an_alias_does_not() {
    for (spelt, expected) in SPELLINGS.map(|spelt| (spelt, spelt != ALIAS)) {
        let upload = copy(|upload| upload["id"] = json!(spelt));
        let mut record = record(out_of_reach(&upload));
        let change = if expected { Change::NowValid } else { Change::Differs };
        assert_eq!(record.update(&judged(&with_alias(), &upload)), Ok(change), "{spelt}");
        assert_eq!(record.status == RecordStatus::Valid, expected);
    }
}

#[test]
fn a_badge_of_another_issuer_at_the_same_address_is_not_the_recorded_one() {
    let moved = "https://example.org/issuers/2";
    let mut web = Web::new().with(CLASS, "issuer", json!(moved));
    web.0.insert(moved, web.0[ISSUER].clone());
    let web = web.with(moved, "id", json!(moved));
    let mut record = record(Web::new().report());
    assert_eq!(web.report().status(), Status::Valid);
    assert_eq!(record.update(&web.report()), Ok(Change::Differs));
    assert_eq!(record.status, RecordStatus::Invalid);
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

#[test]
fn a_policy_that_does_without_lists_does_not_restore_what_was_revoked() {
    let upload = copy(|_| {});
    let lenient = Policy::strict().with_unknown_revocation(UnknownRevocation::Allow);
    let no_list =
        with_list(Web::new(), &listed()).answering(LIST, 503).report_on(&upload, lenient.clone(), NOW);
    assert_eq!(no_list.status(), Status::Valid);
    let mut record = record(Web::new().report());
    assert_eq!(record.update(&no_list), Ok(Change::Unchanged), "nobody has ever spoken of a revocation");
    assert_eq!(record.status, RecordStatus::Valid);
    record.update(&judged(&with_list(Web::new(), &listed()), &upload)).unwrap();
    for change in [Change::NowUnverified, Change::Unchanged] {
        assert_eq!(record.update(&no_list), Ok(change));
        assert_eq!((record.status, record.verdict), (RecordStatus::Invalid, Status::Unverified));
        assert_eq!(record.revoked_reason.as_deref(), Some("Plagiarism"));
    }
    let restored = with_list(Web::new(), &json!([])).report_on(&upload, lenient, NOW);
    assert_eq!(record.update(&restored), Ok(Change::NowValid));
    assert_eq!((record.status, record.revoked_at), (RecordStatus::Valid, None));
}
