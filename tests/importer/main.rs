//! A host that imports badges, written against the public API only.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // a test stops where it fails

mod consent;
mod rechecks;
mod records;

use std::collections::BTreeMap;

use openbadges::badge::IdentityKind;
use openbadges::import::{
    BadgeRecord, ImportError, ImportRules, Importer, Objection, Preview, RecordImporter, RecordStatus,
    Ruling, Timestamp,
};
use openbadges::recipient::{Confirmation, KnownIdentity, RecipientMatch};
use openbadges::resource::{Request, Response, Retrieval, Unavailable};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
const OB2: &str = "https://w3id.org/openbadges/v2";

/// `ada@example.org` with the salt `pepper`, as SHA-256.
const ADA_HASHED: &str = "sha256$ebe41303590c450d254bbeacc4ccf12cf6690106fe8ec1fca9349c7a890e3e30";

// ---- the web, and what is uploaded

/// What an issuer serves, by address.
#[derive(Clone)]
struct Web(BTreeMap<&'static str, (u16, Value)>);

const ASSERTION: &str = "https://example.org/assertions/1";
const CLASS: &str = "https://example.org/badges/teamwork";
const ISSUER: &str = "https://example.org/issuer";

impl Web {
    /// An issuer that hosts one badge, awarded to `ada@example.org`.
    fn new() -> Self {
        let assertion = json!({
            "@context": OB2,
            "type": "Assertion",
            "id": ASSERTION,
            "uid": "abc-123",
            "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
            "badge": CLASS,
            "verification": {"type": "HostedBadge"},
            "issuedOn": "2026-01-02T03:04:05+02:00",
            "narrative": "She led the team.",
        });
        let class = json!({
            "@context": OB2,
            "type": "BadgeClass",
            "id": CLASS,
            "name": "Teamwork",
            "description": "Works with others",
            "image": "https://example.org/badges/teamwork.png",
            "criteria": {"narrative": "Work with others."},
            "issuer": ISSUER,
            "version": "2",
        });
        let issuer = json!({
            "@context": OB2,
            "type": "Profile",
            "id": ISSUER,
            "name": "Example University",
            "url": "https://example.org/",
            "email": "badges@example.org",
        });
        Self(BTreeMap::from([(ASSERTION, (200, assertion)), (CLASS, (200, class)), (ISSUER, (200, issuer))]))
    }

    /// The same, with another member in one of the documents; `null` takes it out.
    fn with(mut self, address: &'static str, member: &str, value: Value) -> Self {
        let document = self.0.get_mut(address).unwrap().1.as_object_mut().unwrap();
        match value {
            Value::Null => document.remove(member),
            value => document.insert(member.to_owned(), value),
        };
        self
    }

    /// The same, awarded to somebody else.
    fn awarded_to(self, recipient: Value) -> Self {
        self.with(ASSERTION, "recipient", recipient)
    }

    /// The same, with an address that answers with nothing but a status.
    fn answering(mut self, address: &'static str, status: u16) -> Self {
        self.0.insert(address, (status, Value::Null));
        self
    }

    /// What the person downloaded and uploads.
    fn upload(&self) -> Vec<u8> {
        self.0[ASSERTION].1.to_string().into_bytes()
    }

    fn fetch(&self, request: &Request, now: OffsetDateTime) -> Retrieval {
        let address = request.target().to_string();
        let (status, body) = self.0.get(address.as_str()).ok_or(Unavailable::Timeout)?;
        Ok(Response::new(*status, address.parse().unwrap(), body.to_string().into_bytes(), now))
    }

    /// The report on an upload, with what is served at that time.
    fn report_on(&self, upload: &[u8], policy: Policy, now: OffsetDateTime) -> Report {
        Verifier::new(policy).begin(upload, now).unwrap().run(|request| self.fetch(request, now))
    }

    fn report(&self) -> Report {
        self.report_on(&self.upload(), Policy::strict(), NOW)
    }
}

fn expired() -> Report {
    Web::new().with(ASSERTION, "expires", json!("2026-06-01T00:00:00Z")).report()
}

fn revoked() -> Report {
    let upload = Web::new().upload();
    Web::new().answering(ASSERTION, 410).report_on(&upload, Policy::strict(), NOW)
}

fn unverified() -> Report {
    Verifier::new(Policy::strict()).begin(&Web::new().upload(), NOW).unwrap().offline()
}

fn invalid() -> Report {
    Web::new().with(ASSERTION, "issuedOn", json!("yesterday")).report()
}

// ---- the person

fn confirmed(kind: &str, value: &str) -> KnownIdentity {
    KnownIdentity::new(kind, value, Confirmation::Confirmed)
}

fn ada() -> Vec<KnownIdentity> {
    vec![confirmed("email", "lovelace@example.com"), confirmed("email", "ada@example.org")]
}

fn preview(report: Report) -> Preview {
    Preview::of(&RecordImporter::default(), report, &ada())
}

fn codes(preview: &Preview) -> Vec<&str> {
    preview.objections().iter().map(|objection| objection.code().as_str()).collect()
}

/// Accepts a preview as a person does who has just seen it.
fn accept<I: Importer>(importer: &I, preview: Preview) -> Result<I::Record, ImportError<I::Error>> {
    let seen = preview.fingerprint();
    preview.accept(importer, &seen)
}

fn record(report: Report) -> BadgeRecord {
    accept(&RecordImporter::default(), preview(report)).unwrap()
}

// ---- which badges

/// A badge of version 3.0 that nobody has signed, for a subject.
fn credential(subject: &Value) -> Value {
    let mut credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:uuid:7d0b8d2e-9c55-4a3b-8c7f-2f4f8c1b6a10",
        "issuer": {"id": "did:web:example.org", "type": ["Profile"]},
        "validFrom": "2026-01-02T03:04:05Z",
        "credentialSubject": subject,
    });
    credential["credentialSubject"]["achievement"] = json!({"id": "urn:a", "type": ["Achievement"], "name": "A",
        "description": "A", "criteria": {"narrative": "A"}});
    credential
}

#[test]
fn the_reports_are_what_they_are_called() {
    let reports = [Web::new().report(), unverified(), expired(), revoked(), invalid()];
    let statuses = reports.each_ref().map(Report::status);
    use Status::{Expired, Invalid, Revoked, Unverified, Valid};
    assert_eq!(statuses, [Valid, Unverified, Expired, Revoked, Invalid], "{}", reports[0]);
}

#[test]
fn the_rules_decide_by_status() {
    #[rustfmt::skip]
    let table = [
        (Web::new().report(), None, None),
        (unverified(), None, Some("status.unverified")),
        (expired(), None, Some("status.expired")),
        (revoked(), Some("status.revoked"), Some("status.revoked")),
        (invalid(), Some("status.invalid"), Some("status.invalid")),
    ];
    for (report, by_default, when_strict) in table {
        let status = report.status();
        for (rules, expected) in [(ImportRules::default(), by_default), (ImportRules::strict(), when_strict)]
        {
            let importer = RecordImporter::new(rules);
            let preview = Preview::of(&importer, report.clone(), &ada());
            assert_eq!(codes(&preview), Vec::from_iter(expected), "{status} {rules:?}");
            match (accept(&importer, preview), expected) {
                (Ok(record), None) => assert_eq!(record.verdict, status),
                (Err(ImportError::Refused { objections }), Some(code)) => {
                    assert_eq!(objections[0].code().as_str(), code);
                }
                (other, _) => panic!("{status} {rules:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn each_rule_can_be_set() {
    let objections = |rules, report| {
        let preview = Preview::of(&RecordImporter::new(rules), report, &ada());
        codes(&preview).join(" ")
    };
    let default = ImportRules::default();
    assert_eq!(objections(default.with_unverified(Ruling::Refuse), unverified()), "status.unverified");
    assert_eq!(objections(default.with_unverified(Ruling::Refuse), expired()), "");
    assert_eq!(objections(default.with_expired(Ruling::Refuse), expired()), "status.expired");
    assert_eq!(objections(ImportRules::strict().with_expired(Ruling::Admit), expired()), "");
    assert_eq!(objections(default.dangerous().admit_revoked(), revoked()), "");
    assert_eq!(objections(default.dangerous().admit_revoked(), invalid()), "status.invalid");
}

#[test]
fn strict_rules_refuse_what_was_judged_with_relaxations() {
    let relaxed = Policy::strict().dangerous().allow_http();
    let report = Web::new().report_on(&Web::new().upload(), relaxed, NOW);
    assert_eq!(report.status(), Status::Valid);
    assert_eq!(codes(&preview(report.clone())), [""; 0]);
    let strict = Preview::of(&RecordImporter::new(ImportRules::strict()), report, &ada());
    assert_eq!(codes(&strict), ["policy.relaxed"]);
}

#[test]
fn an_address_that_serves_no_badge_cannot_be_imported() {
    let report = Web(BTreeMap::new()).report_on(ASSERTION.as_bytes(), Policy::strict(), NOW);
    assert_eq!(report.status(), Status::Unverified);
    let rules = ImportRules::default().dangerous().admit_any_recipient();
    let importer = RecordImporter::new(rules);
    let preview = Preview::of(&importer, report, &[]);
    assert!(preview.summary().is_none() && preview.key().is_none());
    assert_eq!(codes(&preview), ["badge.unknown"]);
    assert!(matches!(accept(&importer, preview), Err(ImportError::Refused { .. })));
}

// ---- whose badges

#[test]
fn any_confirmed_identity_of_the_account_will_do() {
    let preview = preview(Web::new().report());
    let RecipientMatch::Match(matched) = preview.recipient() else { panic!("{:?}", preview.recipient()) };
    assert_eq!(matched.known, 1);
    assert_eq!(codes(&preview), [""; 0]);
}

#[test]
fn a_hashed_recipient_matches() {
    let recipient = json!({"type": "email", "hashed": true, "salt": "pepper", "identity": ADA_HASHED});
    let record = record(Web::new().awarded_to(recipient).report());
    assert_eq!(record.recipient_email.as_deref(), Some("ada@example.org"), "what the badge does not show");
}

#[test]
fn the_badge_of_somebody_else_is_refused_and_its_owner_named() {
    let recipient = json!({"type": "email", "hashed": false, "identity": "bob@example.org"});
    let preview = preview(Web::new().awarded_to(recipient).report());
    assert_eq!(preview.status(), Status::Valid, "a valid badge of somebody else is valid");
    assert_eq!(codes(&preview), ["recipient.mismatch"]);
    assert!(preview.objections()[0].message().contains("`bob@example.org`"));
}

#[test]
fn a_hashed_owner_is_not_named() {
    let recipient = json!({"type": "email", "hashed": true, "salt": "salt", "identity": ADA_HASHED});
    let preview = preview(Web::new().awarded_to(recipient).report());
    assert_eq!(codes(&preview), ["recipient.mismatch"]);
    let message = preview.objections()[0].message();
    assert!(!message.contains("sha256") && !message.contains("ada@"), "{message}");
}

#[test]
fn what_a_message_quotes_is_made_harmless() {
    let recipient =
        json!({"type": "id", "hashed": false, "identity": "\u{1b}[2J\u{202e}".to_owned() + &"x".repeat(99)});
    let web = Web::new().awarded_to(recipient);
    let preview =
        Preview::of(&RecordImporter::default(), web.report(), &[confirmed("id", "did:example:ada")]);
    let message = preview.objections()[0].message();
    assert!(message.chars().all(|c| !c.is_control() && c != '\u{202e}') && message.len() < 300, "{message}");
}

#[test]
fn an_unconfirmed_address_does_not_match_and_is_to_be_confirmed() {
    let unconfirmed =
        || KnownIdentity::new(IdentityKind::Email, "ada@example.org", Confirmation::Unconfirmed);
    for known in [vec![unconfirmed()], vec![confirmed("email", "lovelace@example.com"), unconfirmed()]] {
        let preview = Preview::of(&RecordImporter::default(), Web::new().report(), &known);
        assert_eq!(codes(&preview), ["recipient.unconfirmed"]);
        assert!(preview.objections()[0].message().contains("Confirm it first"));
    }
}

#[test]
fn a_recipient_that_cannot_be_compared_is_refused() {
    for known in [vec![], vec![confirmed("telephone", "+1")]] {
        let preview = Preview::of(&RecordImporter::default(), Web::new().report(), &known);
        assert_eq!(codes(&preview), ["recipient.not-checked"]);
    }
}

#[test]
fn a_host_without_accounts_can_say_so() {
    let importer = RecordImporter::new(ImportRules::default().dangerous().admit_any_recipient());
    let preview = Preview::of(&importer, Web::new().report(), &[]);
    assert!(accept(&importer, preview).is_ok());
}

// ---- what people are told

#[test]
fn objections_say_what_to_do() {
    let strict = RecordImporter::new(ImportRules::strict());
    let told = |report| {
        let preview = Preview::of(&strict, report, &ada());
        preview.objections().iter().map(Objection::to_string).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(unverified()), @"This badge could not be verified: it has not been fetched (`https://example.org/assertions/1`). Try again later, or ask its issuer.");
    insta::assert_snapshot!(told(revoked()), @"The issuer of this badge has revoked it.");
    insta::assert_snapshot!(told(invalid()), @"This badge is not valid: expected a date and time with a zone, found `yesterday` (`https://example.org/assertions/1`). Download it again where you got it, or ask its issuer.");
    let told_to = |recipient, known: &[KnownIdentity]| {
        let preview = Preview::of(&strict, Web::new().awarded_to(recipient).report(), known);
        preview.objections().iter().map(Objection::to_string).collect::<Vec<_>>().join("\n")
    };
    let bob = || json!({"type": "email", "hashed": false, "identity": "bob@example.org"});
    insta::assert_snapshot!(told_to(bob(), &ada()), @"This badge was awarded to `bob@example.org`, which is not a confirmed identity of this account. If it is yours, add and confirm it.");
    insta::assert_snapshot!(told_to(bob(), &[]), @"This account has no confirmed identity that the recipient of this badge could be compared with. Add and confirm the e-mail address that it was awarded to.");
    insta::assert_snapshot!(told_to(bob(), &[confirmed("telephone", "+1")]), @"This badge names its recipient by an e-mail address, and this account has no confirmed identity that can be compared with that. Add and confirm one.");
    for (kind, identity, words) in [
        ("telephone", "+44 20 7946 0000", "telephone number"),
        ("url", "https://ada.example/", "web address"),
        ("id", "did:web:ada.example", "id"),
        ("did", "did:web:ada.example", "id"),
    ] {
        let told = told_to(json!({"type": kind, "hashed": false, "identity": identity}), &[]);
        assert!(told.ends_with(&format!("Add and confirm the {words} that it was awarded to.")), "{told}");
    }
    let bob_unconfirmed = [KnownIdentity::new("email", "bob@example.org", Confirmation::Unconfirmed)];
    insta::assert_snapshot!(told_to(bob(), &bob_unconfirmed), @"This badge was awarded to an e-mail address (`bob@example.org`) that stands in this account but is not confirmed. Confirm it first, and then import the badge again.");
    let hashed = json!({"type": "email", "hashed": true, "salt": "salt", "identity": ADA_HASHED});
    insta::assert_snapshot!(told_to(hashed, &ada()), @"This badge was awarded to an e-mail address that it does not show, and that is none of the confirmed ones of this account. If you have another one, add and confirm it.");
}

#[test]
fn a_person_without_identities_is_told_every_kind_that_would_do() {
    let credential = credential(&json!({
        "type": ["AchievementSubject"],
        "id": "did:web:ada.example",
        "identifier": [{"type": "IdentityObject", "identityType": "emailAddress", "hashed": false,
            "identityHash": "ada@example.org"}],
    }));
    let verifier = Verifier::new(Policy::strict());
    let report = verifier.begin(credential.to_string().as_bytes(), NOW).unwrap().offline();
    let preview = Preview::of(&RecordImporter::default(), report, &[]);
    let told = preview.objections()[0].message();
    assert!(told.ends_with("Add and confirm the id or the e-mail address that it was awarded to."), "{told}");
}

#[test]
fn the_issuers_words_on_a_revocation_are_told() {
    let web = Web::new();
    let upload = web.upload();
    let notice = json!({"@context": OB2, "type": "Assertion", "id": ASSERTION, "revoked": true, "revocationReason": "Plagiarism"});
    let mut revoked = web;
    revoked.0.insert(ASSERTION, (200, notice));
    let report = revoked.report_on(&upload, Policy::strict(), NOW);
    let preview = preview(report.clone());
    assert_eq!(codes(&preview), ["status.revoked"]);
    assert!(preview.objections()[0].message().contains("`Plagiarism`"));

    let historian = RecordImporter::new(ImportRules::default().dangerous().admit_revoked());
    let record = accept(&historian, Preview::of(&historian, report, &ada())).unwrap();
    assert_eq!(
        (record.status, record.revoked_reason.as_deref()),
        (RecordStatus::Revoked, Some("Plagiarism"))
    );
    assert_eq!(record.revoked_at, Some(Timestamp::from(NOW)));
}
