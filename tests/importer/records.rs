//! The ready record.

use crate::{ASSERTION, CLASS, ISSUER, NOW, Web, ada, expired, record, unverified};
use openbadges::import::{
    BadgeRecord, Change, Edition, ImportRules, Preview, RecordImporter, RecordStatus, Ruling, UpdateError,
};
use openbadges::policy::TrustedIssuers;
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::Duration;

#[test]
fn a_hosted_badge_becomes_a_record() {
    let report = Web::new().with(ASSERTION, "expires", json!("2027-01-01T00:30:00+01:00")).report();
    let expected = json!({
      "id": "https://example.org/assertions/1",
      "imported": true,
      "status": "valid",
      "verdict": "valid",
      "image_path": null,
      "image_high_path": null,
      "image_thumbnail_path": null,
      "badge_template_version": "2",
      "organization_id": "https://example.org/issuer",
      "activity_title": "Teamwork",
      "activity_started_at": null,
      "activity_ended_at": null,
      "recipient_email": "ada@example.org",
      "recipient_first_name": null,
      "recipient_last_name": null,
      "notes": "She led the team.",
      "additional_details": {
        "version": "2.0",
        "id": "https://example.org/assertions/1",
        "name": "Teamwork",
        "description": "Works with others",
        "criteria": "Work with others.",
        "image": "https://example.org/badges/teamwork.png",
        "issuer": {
          "id": "https://example.org/issuer",
          "name": "Example University",
          "url": "https://example.org/",
          "email": "badges@example.org",
          "image": null
        },
        "issued": "2026-01-02T03:04:05+02:00",
        "expires": "2027-01-01T00:30:00+01:00",
        "recipients": [
          {
            "kind": "email",
            "value": "ada@example.org",
            "form": "plain"
          }
        ],
        "validFrom": "2026-01-02T03:04:05+02:00",
        "isVouchedFor": true
      },
      "url": "https://example.org/assertions/1",
      "emitted_at": "2026-01-02 01:04:05",
      "expires_at": "2026-12-31 23:30:00",
      "created_at": "2026-11-22 12:00:00",
      "updated_at": "2026-11-22 12:00:00",
      "revoked_at": null,
      "revoked_reason": null,
      "imp_legacy_id": "abc-123",
      "transcript": false
    });
    assert_eq!(serde_json::to_value(record(report)).unwrap(), expected);
}

#[test]
fn a_credential_becomes_a_record() {
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:uuid:7d0b8d2e-9c55-4a3b-8c7f-2f4f8c1b6a10",
        "issuer": {"id": "did:web:example.org", "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-01-02T03:04:05Z",
        "awardedDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "id": "mailto:ada@example.org",
            "activityStartDate": "2025-09-01T08:00:00+02:00",
            "activityEndDate": "last spring",
            "creditsEarned": 5,
            "narrative": "She led the team.",
            "achievement": {
                "id": "urn:uuid:0e9b7a0c-4bb2-4a39-9e43-1e8a6e7f4c11",
                "type": ["Achievement"],
                "name": "Teamwork",
                "description": "Works with others",
                "criteria": {"narrative": "Work with others."},
                "version": "2",
            },
        },
    });
    let verifier = Verifier::new(Policy::strict());
    let report = verifier.begin(credential.to_string().as_bytes(), NOW).unwrap().offline();
    assert_eq!(report.status(), Status::Unverified, "it has no proof");
    let expected = json!({
      "id": "urn:uuid:7d0b8d2e-9c55-4a3b-8c7f-2f4f8c1b6a10",
      "imported": true,
      "status": "invalid",
      "verdict": "unverified",
      "image_path": null,
      "image_high_path": null,
      "image_thumbnail_path": null,
      "badge_template_version": "2",
      "organization_id": "did:web:example.org",
      "activity_title": "Teamwork",
      "activity_started_at": "2025-09-01 06:00:00",
      "activity_ended_at": null,
      "recipient_email": "ada@example.org",
      "recipient_first_name": null,
      "recipient_last_name": null,
      "notes": "She led the team.",
      "additional_details": {
        "version": "3.0",
        "id": "urn:uuid:7d0b8d2e-9c55-4a3b-8c7f-2f4f8c1b6a10",
        "name": "Teamwork",
        "description": "Works with others",
        "criteria": "Work with others.",
        "issuer": {
          "id": "did:web:example.org",
          "name": "Example University",
          "url": null,
          "email": null,
          "image": null
        },
        "issued": "2026-01-01T00:00:00Z",
        "recipients": [
          {
            "kind": "email",
            "value": "ada@example.org",
            "form": "plain"
          }
        ],
        "credits": 5.0,
        "activityStarted": "2025-09-01T08:00:00+02:00",
        "activityEnded": "last spring",
        "validFrom": "2026-01-02T03:04:05Z"
      },
      "url": null,
      "emitted_at": "2026-01-01 00:00:00",
      "expires_at": null,
      "created_at": "2026-11-22 12:00:00",
      "updated_at": "2026-11-22 12:00:00",
      "revoked_at": null,
      "revoked_reason": null,
      "imp_legacy_id": null,
      "transcript": false
    });
    assert_eq!(serde_json::to_value(record(report)).unwrap(), expected);
}

#[test]
fn a_record_reads_back() {
    for report in [Web::new().report(), expired(), unverified()] {
        let record = record(report);
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<BadgeRecord>(&text).unwrap(), record);
    }
}

#[test]
fn an_imported_badge_is_marked_as_what_it_is() {
    for (report, status, verdict) in [
        (Web::new().report(), RecordStatus::Valid, Status::Valid),
        (expired(), RecordStatus::Valid, Status::Expired),
        (unverified(), RecordStatus::Invalid, Status::Unverified),
    ] {
        let record = record(report);
        assert_eq!((record.status, record.verdict), (status, verdict));
        assert!(record.imported && !record.transcript);
    }
}

#[test]
fn a_record_that_says_otherwise_about_imports_is_not_read() {
    let record = serde_json::to_value(record(Web::new().report())).unwrap();
    for (field, wrong) in [("imported", false), ("transcript", true)] {
        let mut other = record.clone();
        other[field] = json!(wrong);
        let error = serde_json::from_value::<BadgeRecord>(other).unwrap_err().to_string();
        assert!(error.contains(&format!("expected {}, found {wrong}", !wrong)), "{error}");
    }
}

#[test]
fn the_address_of_the_record_is_the_one_that_matched() {
    let addresses = ["bob@example.org", "ada@example.org"].map(|address| {
        json!({"type": "IdentityObject", "identityType": "emailAddress", "hashed": false, "identityHash": address})
    });
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:uuid:7d0b8d2e-9c55-4a3b-8c7f-2f4f8c1b6a10",
        "issuer": {"id": "did:web:example.org", "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-01-02T03:04:05Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": addresses,
            "achievement": {"id": "urn:a", "type": ["Achievement"], "name": "A", "description": "A", "criteria": {"narrative": "A"}},
        },
    });
    let verifier = Verifier::new(Policy::strict());
    let report = verifier.begin(credential.to_string().as_bytes(), NOW).unwrap().offline();
    assert_eq!(record(report).recipient_email.as_deref(), Some("ada@example.org"));
}

// ---- a badge whose time is over need not be genuine

/// The expired badge, of an issuer that the host does not trust.
fn expired_and_not_trusted() -> Report {
    let web = Web::new().with(ASSERTION, "expires", json!("2026-06-01T00:00:00Z"));
    let policy = Policy::strict()
        .with_trusted_issuers(TrustedIssuers::Only(["https://example.com/issuer".parse().unwrap()].into()));
    web.report_on(&web.upload(), policy, NOW)
}

#[test]
fn being_expired_does_not_make_a_badge_genuine() {
    let report = expired_and_not_trusted();
    assert_eq!((report.status(), report.status_apart_from_expiry()), (Status::Expired, Status::Unverified));
    assert_eq!(expired().status_apart_from_expiry(), Status::Valid);
    let record = record(report);
    assert_eq!((record.status, record.verdict), (RecordStatus::Invalid, Status::Expired));
}

#[test]
fn whoever_refuses_unverified_badges_refuses_expired_ones_of_the_kind() {
    let codes = |rules: ImportRules, report: Report| -> Vec<String> {
        let preview = Preview::of(&RecordImporter::new(rules), report, &ada());
        preview.objections().iter().map(|objection| objection.code().as_str().to_owned()).collect()
    };
    const NONE: [&str; 0] = [];
    let refusing = ImportRules::default().with_unverified(Ruling::Refuse);
    assert_eq!(codes(ImportRules::default(), expired_and_not_trusted()), NONE);
    assert_eq!(codes(refusing, expired_and_not_trusted()), ["status.unverified"]);
    assert_eq!(codes(refusing, expired()), NONE);
    let strict = ImportRules::strict();
    assert_eq!(codes(strict.with_expired(Ruling::Admit), expired_and_not_trusted()), ["status.unverified"]);
    assert_eq!(codes(strict, expired_and_not_trusted()), ["status.expired", "status.unverified"]);
}

// ---- a genuine badge does not make a false record true

/// What somebody uploads who claims a badge of this issuer, while the issuer is out of reach.
fn claimed(change: impl FnOnce(&mut Value)) -> BadgeRecord {
    let mut upload: Value = serde_json::from_slice(&Web::new().upload()).unwrap();
    change(&mut upload);
    let verifier = Verifier::new(Policy::strict());
    record(verifier.begin(upload.to_string().as_bytes(), NOW).unwrap().offline())
}

fn embedded(class: impl FnOnce(&mut Value)) -> impl FnOnce(&mut Value) {
    |upload| {
        let mut inside = json!({"type": "BadgeClass", "id": CLASS, "name": "Teamwork", "description": "Works with others",
            "image": "https://example.org/badges/teamwork.png", "criteria": {"narrative": "Work with others."}, "issuer": ISSUER});
        class(&mut inside);
        upload["badge"] = inside;
    }
}

#[test]
fn what_was_claimed_in_an_outage_and_is_not_so_stays_invalid() {
    for mut record in [
        claimed(|upload| upload["narrative"] = json!("With highest honours.")),
        claimed(|upload| upload["issuedOn"] = json!("2020-01-02T03:04:05+02:00")),
        claimed(|upload| upload["uid"] = json!("abc-124")),
        claimed(embedded(|class| class["name"] = json!("Doctor of Medicine"))),
        claimed(embedded(|class| class["version"] = json!("3"))),
        claimed(embedded(|class| class["criteria"]["narrative"] = json!("Six years of study."))),
    ] {
        let accepted = record.clone();
        for _ in 0..2 {
            assert_eq!(record.update(&Web::new().report()), Ok(Change::Differs), "{accepted:?}");
            assert_eq!((record.status, record.verdict), (RecordStatus::Invalid, Status::Unverified));
        }
        assert_eq!(record.activity_title, accepted.activity_title, "what was accepted is not written over");
    }
}

#[test]
fn a_badge_of_somebody_else_makes_no_record_valid() {
    let bob =
        || Web::new().awarded_to(json!({"type": "email", "hashed": false, "identity": "bob@example.org"}));
    let mut of_claim = claimed(|_| {});
    assert_eq!(of_claim.update(&bob().report()), Ok(Change::Differs));
    let mut of_badge = record(Web::new().report());
    assert_eq!(of_badge.update(&bob().report()), Ok(Change::Differs));
    assert_eq!(of_badge.status, RecordStatus::Invalid);
    // Unless it is taken back: that it was in any case.
    let upload = bob().upload();
    let gone = bob().answering(ASSERTION, 410).report_on(&upload, Policy::strict(), NOW);
    assert!(matches!(of_badge.update(&gone), Ok(Change::NowRevoked { .. })));
    assert_eq!(of_badge.status, RecordStatus::Revoked);
}

#[test]
fn a_record_of_an_outage_is_completed_once_the_issuer_answers() {
    let mut late = claimed(|_| {});
    assert_eq!((late.activity_title.as_deref(), Edition::of_record(&late)), (None, None));
    assert_eq!(late.update(&Web::new().report()), Ok(Change::NowValid));
    assert!(Edition::of_record(&late).is_some());
    assert_eq!(late, record(Web::new().report()));
}

#[test]
fn an_issuer_may_say_more_of_a_badge_that_it_vouched_for() {
    let mut record = record(Web::new().report());
    let accepted = record.clone();
    let web = Web::new().with(CLASS, "name", json!("Teamwork I")).with(
        ASSERTION,
        "expires",
        json!("2027-06-01T00:00:00Z"),
    );
    assert_eq!(record.update(&web.report()), Ok(Change::Unchanged));
    assert_eq!((record.status, &record.activity_title), (RecordStatus::Valid, &accepted.activity_title));
    assert_eq!(record.expires_at.unwrap().to_string(), "2027-06-01 00:00:00");
    assert_eq!(record.additional_details["expires"], "2027-06-01T00:00:00Z");
    assert_eq!(record.update(&Web::new().report()), Ok(Change::Unchanged));
    assert_eq!(record, accepted);
}

#[test]
fn an_older_report_takes_nothing_back() {
    let (web, mut record) = (Web::new(), record(Web::new().report()));
    let later = NOW + Duration::days(1);
    let gone = Web::new().answering(ASSERTION, 410).report_on(&web.upload(), Policy::strict(), later);
    assert!(matches!(record.update(&gone), Ok(Change::NowRevoked { .. })));
    let revoked = record.clone();
    assert_eq!(record.update(&web.report()), Err(UpdateError::Older));
    assert_eq!(record, revoked);
}
