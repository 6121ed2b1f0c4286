//! What people are promised who bring badges from elsewhere, each promise by a test, through the public API only.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // a test stops where it fails

#[path = "support/made_badges.rs"]
mod made_badges;

use std::path::Path;

use made_badges::report;
use openbadges::import::{
    BadgeRecord, ImportError, ImportRules, Objection, Preview, RecordImporter, RecordStatus, Ruling,
};
use openbadges::recipient::Account;
use openbadges::recipient::Confirmation::{Confirmed, Unconfirmed};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

/// A person to whom the badges were awarded.
fn ada() -> Account {
    Account::new()
        .with_email("countess@example.net", Confirmed)
        .with_telephone("+44 20 7946 0000", Confirmed)
        .with_email("ada@example.com", Confirmed)
}

fn preview(report: Report) -> Preview {
    preview_to(&ada(), report)
}

fn preview_to(account: &Account, report: Report) -> Preview {
    Preview::of(&RecordImporter::default(), report, account.identities())
}

fn accept(preview: Preview) -> Result<BadgeRecord, Vec<Objection>> {
    let seen = preview.fingerprint();
    preview.accept(&RecordImporter::default(), &seen).map_err(|error| match error {
        ImportError::Refused { objections } => objections,
        other => panic!("{other}"),
    })
}

/// What a person is told of an upload that is not imported.
fn told(upload: &[u8]) -> Vec<Objection> {
    match Verifier::new(Policy::strict()).begin(upload, NOW) {
        Err(error) => vec![Objection::from(&error)],
        Ok(step) => accept(preview(step.offline())).unwrap_err(),
    }
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badges").join(name)).unwrap()
}

// ---- which badges

#[test]
fn open_badges_2_and_3_are_imported_and_other_versions_are_named() {
    for (case, version) in [("ob2-hosted-json", "2.0"), ("ob3-integrity-json", "3.0"), ("ob3-jwt-png", "3.0")]
    {
        let record = accept(preview(report(case))).unwrap();
        assert_eq!(record.additional_details["version"], version, "{case}");
    }
    let recipient = json!({"type": "email", "hashed": false, "identity": "ada@example.com"});
    let verify = json!({"type": "hosted", "url": "https://example.org/1"});
    let old = json!({"uid": "1", "recipient": recipient, "badge": "https://example.org/badge", "verify": verify,
        "issuedOn": "2013-01-02"});
    let mut newer = old.clone();
    for (name, value) in [
        ("@context", "https://w3id.org/openbadges/v1"),
        ("type", "Assertion"),
        ("id", "https://example.org/1"),
    ] {
        newer[name] = json!(value);
    }
    for (badge, version) in [(old, "Open Badges 1.0"), (newer, "Open Badges 1.1")] {
        let told = told(badge.to_string().as_bytes());
        let only = "and only Open Badges 2.0 and 3.0 can be imported";
        let names = |objection: &Objection| objection.message().contains(&format!("{version}, {only}"));
        assert!(told.iter().any(names), "{told:?}");
    }
}

#[test]
fn badges_come_as_png_svg_and_json() {
    let cases = ["ob2-hosted-png", "ob2-hosted-svg", "ob2-hosted-json"].into_iter().chain([
        "ob3-integrity-png",
        "ob3-integrity-svg",
        "ob3-integrity-json",
    ]);
    for case in cases {
        let preview = preview(report(case));
        let media_type = preview.image().map(|image| image.media_type);
        let expected = match case.rsplit_once('-').unwrap().1 {
            "png" => Some("image/png"),
            "svg" => Some("image/svg+xml"),
            _ => None,
        };
        assert_eq!(media_type, expected, "{case}");
        assert_eq!(accept(preview).unwrap().verdict, Status::Valid, "{case}");
    }
}

#[test]
fn badges_of_platforms_outside_the_standard_are_named_as_such() {
    for upload in [
        json!({"badgeName": "Team player", "earnedBy": "ada@example.com", "points": 100}),
        json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
            "issuer": "did:web:example.org", "credentialSubject": {"id": "did:web:ada.example"}}),
    ] {
        let objection = told(upload.to_string().as_bytes()).remove(0);
        assert_eq!(objection.code().as_str(), "upload.not-a-badge");
        assert!(objection.message().starts_with("This is not an Open Badge."), "{objection}");
    }
    let known =
        "learn.microsoft.com: Microsoft Learn is known to issue credentials outside the Open Badges standard";
    let address = "https://learn.microsoft.com/en-us/users/ada/credentials/1";
    let document = json!({"title": "Administrator", "url": address}).to_string();
    for (upload, code) in [(document.as_str(), "upload.not-a-badge"), (address, "badge.unknown")] {
        let objection = told(upload.as_bytes()).remove(0);
        assert_eq!(objection.code().as_str(), code);
        assert!(objection.message().contains(known), "{objection}");
        assert!(
            objection.message().contains("ask there whether you can have it as an Open Badge"),
            "{objection}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_answered_with_what_to_do() {
    let table = [
        ("blank.png", "upload.not-baked", "Download the badge again"),
        ("blank.svg", "upload.not-baked", "Download the badge again"),
        ("files/damaged.png", "upload.not-baked", "Download the badge again"),
        ("files/malformed.png", "upload.malformed", "Download the badge again"),
        ("files/ambiguous.png", "upload.ambiguous", "Download the badge again"),
        ("files/cut.json", "upload.malformed", "Download the badge again"),
        ("files/badge-class.json", "upload.not-an-assertion", "Upload the badge itself"),
        ("files/recipe.json", "upload.not-a-badge", "ask yours whether it exports Open Badges 2.0 or 3.0"),
        ("files/letter.txt", "upload.unrecognized", "Upload the badge as a .png, .svg or .json file"),
    ];
    for (name, code, advice) in table {
        let objection = told(&file(name)).remove(0);
        assert_eq!(objection.code().as_str(), code, "{name}");
        assert!(objection.message().contains(advice), "{name}: {objection}");
    }
    let huge = vec![b' '; 11 * 1024 * 1024];
    assert_eq!(told(&huge)[0].code().as_str(), "upload.limit");
}

// ---- whose badges

#[test]
fn the_badge_may_be_awarded_to_any_confirmed_address_of_the_account() {
    for case in ["ob2-hosted-png", "ob3-jwt-png", "ob3-integrity-svg"] {
        assert!(accept(preview(report(case))).is_ok(), "{case}");
        let unconfirmed = Account::new()
            .with_email("countess@example.net", Confirmed)
            .with_email("ada@example.com", Unconfirmed);
        let objections = accept(preview_to(&unconfirmed, report(case))).unwrap_err();
        assert_eq!(objections[0].code().as_str(), "recipient.unconfirmed", "{case}");
        assert!(objections[0].message().contains("Confirm it first"), "{case}: {}", objections[0]);
        let somebody_else = Account::new().with_email("bob@example.net", Confirmed);
        let objections = accept(preview_to(&somebody_else, report(case))).unwrap_err();
        assert_eq!(objections[0].code().as_str(), "recipient.mismatch", "{case}");
    }
}

// ---- the preview

const CREDENTIAL_ID: &str = "urn:uuid:6f6f2f0c-8d0a-4d1c-9d53-7f3bb7f6a4c2";

/// A credential with everything that a preview shows.
fn rich_credential() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": CREDENTIAL_ID,
        "issuer": {"id": "did:web:example.org", "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-01-02T03:04:05Z",
        "validUntil": "2030-01-01T00:00:00Z",
        "evidence": [{"type": ["Evidence"], "id": "https://example.org/log", "name": "Log book"}],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "hashed": true, "salt": "pepper", "identityType": "emailAddress",
                "identityHash": "sha256$ebe41303590c450d254bbeacc4ccf12cf6690106fe8ec1fca9349c7a890e3e30",
            }, {"type": "IdentityObject", "hashed": false, "identityType": "studentId", "identityHash": "A-1815"}],
            "creditsEarned": 2.5,
            "result": [{"type": ["Result"], "resultDescription": "urn:example:grade", "value": "A"}],
            "achievement": {
                "id": "urn:uuid:0e9b7a0c-4bb2-4a39-9e43-1e8a6e7f4c11",
                "type": ["Achievement"],
                "name": "Single scull",
                "description": "Rows alone",
                "criteria": {"id": "https://example.org/criteria", "narrative": "Row alone."},
                "image": {"id": "https://example.org/scull.png", "type": "Image"},
                "alignment": [{"type": ["Alignment"], "targetName": "Balance", "targetUrl": "https://example.org/balance"}],
                "resultDescription": [{"id": "urn:example:grade", "type": ["ResultDescription"], "name": "Grade",
                    "resultType": "LetterGrade"}],
            },
        },
    })
}

#[test]
fn a_person_sees_the_details_before_anything_is_added() {
    let text = rich_credential().to_string();
    let report = Verifier::new(Policy::strict()).begin(text.as_bytes(), NOW).unwrap().offline();
    let preview = preview(report);
    let shown = preview.summary().unwrap();
    assert_eq!((shown.name, shown.description), (Some("Single scull"), Some("Rows alone")));
    assert_eq!(
        (shown.criteria, shown.criteria_url),
        (Some("Row alone."), Some("https://example.org/criteria"))
    );
    assert_eq!(shown.image, Some("https://example.org/scull.png"));
    assert_eq!(shown.issuer.as_ref().unwrap().name, Some("Example University"));
    assert_eq!(shown.issued, Some(datetime!(2026-01-02 03:04:05 UTC)));
    assert_eq!(shown.expires, Some(datetime!(2030-01-01 00:00 UTC)));
    assert_eq!((shown.alignments[0].name, shown.credits), (Some("Balance"), Some(2.5)));
    assert_eq!((shown.results[0].name, shown.results[0].value), (Some("Grade"), Some("A")));
    assert_eq!(shown.evidence[0].name, Some("Log book"));
    assert_eq!(
        preview.awarded_to(),
        ["hashed e-mail address", "A-1815"],
        "a hash is not shown as if it were a name"
    );
    assert_eq!(preview.status(), Status::Unverified, "and that it is not proven");
}

#[test]
fn the_preview_tells_what_the_uploaded_image_is_like() {
    for case in ["ob2-hosted-png", "ob3-integrity-svg"] {
        let preview = preview(report(case));
        let image = preview.image().unwrap();
        assert!(image.is_sound && image.width.is_some_and(|width| width > 0.0), "{case}: {image:?}");
        let page = serde_json::to_value(&preview).unwrap();
        assert_eq!(page["report"]["image"]["mediaType"], image.media_type);
        assert_eq!(page["awardedTo"], json!(preview.awarded_to()));
    }
}

// ---- what becomes of it

#[test]
fn an_expired_badge_is_accepted_and_marked() {
    for case in ["ob2-hosted-expired-json", "ob3-jwt-expired-jws", "ob3-integrity-expired-json"] {
        let record = accept(preview(report(case))).unwrap();
        assert_eq!((record.verdict, record.status), (Status::Expired, RecordStatus::Valid), "{case}");
        assert!(record.expires_at.is_some_and(|end| end.instant() < NOW), "{case}");
    }
}

#[test]
fn a_revoked_badge_is_refused() {
    for case in ["ob2-hosted-revoked-svg", "ob3-integrity-revoked-png", "ob3-jwt-suspended-png"] {
        let objections = accept(preview(report(case))).unwrap_err();
        assert_eq!(objections[0].code().as_str(), "status.revoked", "{case}");
    }
}

#[test]
fn a_forged_badge_is_refused() {
    for case in ["ob2-hosted-elsewhere-json", "ob3-integrity-tampered-png", "ob3-jwt-tampered-svg"] {
        let objections = accept(preview(report(case))).unwrap_err();
        assert!(objections.iter().any(|objection| objection.code().as_str() == "status.invalid"), "{case}");
    }
}

#[test]
fn a_badge_of_an_issuer_that_is_not_verified_is_marked_as_unverified() {
    for case in
        ["ob2-hosted-no-issuer", "ob2-hosted-distrusted", "ob3-jwt-unbound-jws", "ob3-integrity-offline"]
    {
        let record = accept(preview(report(case))).unwrap();
        assert_eq!((record.verdict, record.status), (Status::Unverified, RecordStatus::Invalid), "{case}");
    }
}

#[test]
fn that_its_time_is_over_makes_no_badge_verified() {
    let record = accept(preview(report("ob3-jwt-unbound-expired-jws"))).unwrap();
    assert_eq!((record.verdict, record.status), (Status::Expired, RecordStatus::Invalid));
    let strict = RecordImporter::new(ImportRules::default().with_unverified(Ruling::Refuse));
    let preview = Preview::of(&strict, report("ob3-jwt-unbound-expired-jws"), ada().identities());
    assert_eq!(preview.objections()[0].code().as_str(), "status.unverified");
}

#[test]
fn an_imported_badge_is_marked_as_imported_and_stays_out_of_transcripts() {
    for case in ["ob2-hosted-png", "ob3-integrity-json", "ob2-hosted-expired-json", "ob3-integrity-offline"] {
        let record = serde_json::to_value(accept(preview(report(case))).unwrap()).unwrap();
        assert_eq!((&record["imported"], &record["transcript"]), (&json!(true), &json!(false)), "{case}");
    }
}
