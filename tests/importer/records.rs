//! The ready record.

use crate::{ASSERTION, NOW, Web, expired, record, unverified};
use openbadges::import::{BadgeRecord, RecordStatus};
use openbadges::{Policy, Status, Verifier};
use serde_json::json;

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
        "validFrom": "2026-01-02T03:04:05+02:00"
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
