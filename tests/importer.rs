//! A host that imports badges, written against the public API only.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // a test stops where it fails

use std::collections::BTreeMap;
use std::convert::Infallible;

use openbadges::badge::{IdentityKind, Version};
use openbadges::id::{BadgeKey, Digest, Fingerprint};
use openbadges::import::{
    Admitted, BadgeRecord, ImportError, ImportRules, Importer, Objection, ObjectionCode, Preview,
    RecordImporter, RecordStatus, Ruling, Timestamp,
};
use openbadges::recipient::{Confirmation, KnownIdentity, RecipientMatch};
use openbadges::resource::{Request, Response, Retrieval, Unavailable};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

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
    assert_eq!(record.recipient_email, None, "the badge does not show it");
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

// ---- preview, then accept

#[test]
fn the_preview_shows_the_badge() {
    let preview = preview(Web::new().report());
    let summary = preview.summary().unwrap();
    assert_eq!((summary.version, summary.name), (Version::V2_0, Some("Teamwork")));
    assert_eq!(summary.issuer.unwrap().name, Some("Example University"));
    assert_eq!(preview.key(), Some(&BadgeKey::new(ISSUER, ASSERTION)));
}

#[test]
fn a_preview_serialises_for_a_page() {
    let page = serde_json::to_value(preview(expired())).unwrap();
    assert_eq!(page["report"]["status"], "expired");
    assert_eq!(page["recipient"]["outcome"], "match");
    let strict = RecordImporter::new(ImportRules::strict());
    let page = serde_json::to_value(Preview::of(&strict, expired(), &ada())).unwrap();
    assert_eq!(page["objections"][0]["code"], "status.expired");
    assert_eq!(
        page["objections"][0]["message"],
        "This badge expired on 2026-06-01. Ask its issuer for a new one."
    );
}

#[test]
fn the_fingerprint_stays_while_a_person_decides() {
    let (web, upload) = (Web::new(), Web::new().upload());
    let first = preview(web.report());
    // Later, with documents that are fetched anew and name their members in another order.
    let mut reordered = web.clone();
    for (_, document) in reordered.0.values_mut() {
        let members = document.as_object().unwrap().clone();
        *document = members.into_iter().rev().collect::<Value>();
    }
    let later = reordered.report_on(&upload, Policy::strict(), NOW + Duration::minutes(10));
    assert_ne!(later.evaluated_at(), first.report().evaluated_at());
    let reloaded: Fingerprint = first.fingerprint().to_string().parse().unwrap();
    assert!(preview(later).accept(&RecordImporter::default(), &reloaded).is_ok());
}

#[test]
fn what_is_accepted_is_what_was_shown() {
    let upload = Web::new().upload();
    let judged = |web: Web| web.report_on(&upload, Policy::strict(), NOW);
    let seen = preview(judged(Web::new())).fingerprint();
    let loosened = Policy::strict().with_clock_skew(Duration::minutes(5));
    let changed = [
        ("the badge is revoked", judged(Web::new().answering(ASSERTION, 410))),
        ("the issuer is gone", judged(Web::new().answering(ISSUER, 404))),
        ("the badge expires", judged(Web::new().with(ASSERTION, "expires", json!("2026-06-01T00:00:00Z")))),
        (
            "the badge says something else",
            judged(Web::new().with(ASSERTION, "narrative", json!("She slept."))),
        ),
        ("the class says something else", judged(Web::new().with(CLASS, "name", json!("Leadership")))),
        ("the class says more than is shown", judged(Web::new().with(CLASS, "version", json!("3")))),
        (
            "the issuer says something else",
            judged(Web::new().with(ISSUER, "name", json!("Other University"))),
        ),
        ("the policy is another", Web::new().report_on(&upload, loosened, NOW)),
    ];
    let importer = RecordImporter::default();
    for (what, report) in changed {
        let status = report.status();
        match preview(report).accept(&importer, &seen) {
            Err(ImportError::Changed(new)) => {
                assert_eq!(new.status(), status, "the new preview is there to be shown")
            }
            other => panic!("{what}: {other:?}"),
        }
    }
    let other_person = [confirmed("email", "ada@example.org")];
    let preview = Preview::of(&importer, judged(Web::new()), &other_person);
    assert!(
        matches!(preview.accept(&importer, &seen), Err(ImportError::Changed(_))),
        "another identity matches"
    );
}

#[test]
fn a_claim_is_not_what_it_turns_out_to_be() {
    // All is in the assertion, and nobody answers for the issuer: with and without the hosted copy it is unverified.
    let part = |address, id| {
        let mut part = Web::new().0[address].1.clone();
        part["id"] = json!(id);
        part
    };
    let mut class = part(CLASS, "urn:example:class");
    class["issuer"] = part(ISSUER, "urn:example:issuer");
    let web = Web::new().with(ASSERTION, "badge", class);
    let (claimed, served) = (web.clone().answering(ASSERTION, 500), web.clone());
    let [claimed, served] =
        [claimed, served].map(|served| served.report_on(&web.upload(), Policy::strict(), NOW));
    assert_eq!((claimed.status(), served.status()), (Status::Unverified, Status::Unverified));
    assert_eq!(claimed.any_badge().unwrap().summary(), served.any_badge().unwrap().summary());
    assert_ne!(preview(claimed).fingerprint(), preview(served).fingerprint());
}

#[test]
fn no_known_identity_stands_in_a_preview() {
    let known = [confirmed("email", "ada@example.org"), confirmed("email", "secret@example.org")];
    let preview = Preview::of(&RecordImporter::default(), Web::new().report(), &known);
    assert!(!serde_json::to_string(&preview).unwrap().contains("secret"));
}

// ---- a host of its own

/// A host that has seen some badges already, and does not take those of one name.
struct Host {
    stored: Vec<BadgeKey>,
    unwanted: &'static str,
}

impl Importer for Host {
    type Record = (String, Option<usize>);
    type Error = std::fmt::Error;

    fn review(&self, preview: &Preview) -> Vec<Objection> {
        let mut objections = Vec::new();
        if preview.key().is_some_and(|key| self.stored.contains(key)) {
            objections.push(Objection::of_host("badge.duplicate", "You have imported this badge before."));
        }
        if preview.summary().is_some_and(|summary| summary.name == Some(self.unwanted)) {
            objections.push(Objection::of_host("badge.unwanted", "Such badges are not imported here."));
        }
        objections
    }

    fn record(&self, admitted: &Admitted<'_>) -> Result<Self::Record, Self::Error> {
        let name = admitted.summary().name.ok_or(std::fmt::Error)?;
        Ok((name.to_owned(), admitted.known_identity()))
    }
}

#[test]
fn a_host_builds_its_own_record() {
    let host = Host { stored: Vec::new(), unwanted: "" };
    let preview = Preview::of(&host, Web::new().report(), &ada());
    assert_eq!(accept(&host, preview).unwrap(), ("Teamwork".to_owned(), Some(1)));
}

#[test]
fn a_host_can_object() {
    let host = Host { stored: vec![BadgeKey::new(ISSUER, ASSERTION)], unwanted: "Teamwork" };
    let preview = Preview::of(&host, Web::new().report(), &ada());
    assert_eq!(codes(&preview), ["badge.duplicate", "badge.unwanted"]);
    assert_eq!(*preview.objections()[0].code(), ObjectionCode::Host("badge.duplicate".to_owned()));
    let error = accept(&host, preview).unwrap_err();
    assert_eq!(error.to_string(), "the badge is refused: badge.duplicate, badge.unwanted");
}

#[test]
fn a_host_cannot_excuse() {
    let host = Host { stored: Vec::new(), unwanted: "" };
    let preview = Preview::of(&host, revoked(), &ada());
    assert_eq!(host.review(&preview), []);
    assert_eq!(codes(&preview), ["status.revoked"]);
    assert!(matches!(accept(&host, preview), Err(ImportError::Refused { .. })));
}

#[test]
fn what_either_importer_objects_to_stands() {
    let (lax, strict) = (RecordImporter::default(), RecordImporter::new(ImportRules::strict()));
    for (shown_by, accepted_by) in [(lax, strict), (strict, lax)] {
        let preview = Preview::of(&shown_by, expired(), &ada());
        let seen = preview.fingerprint();
        assert!(matches!(preview.accept(&accepted_by, &seen), Err(ImportError::Refused { .. })));
    }
}

#[test]
fn an_importer_that_fails_passes_its_error_on() {
    let host = Host { stored: Vec::new(), unwanted: "" };
    // Offline, nobody knows the name of the badge class.
    let error = accept(&host, Preview::of(&host, unverified(), &ada())).unwrap_err();
    assert!(matches!(error, ImportError::Host(std::fmt::Error)), "{error}");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), std::fmt::Error.to_string());
}

#[test]
fn an_importer_may_be_a_trait_object() {
    struct Digests;
    impl Importer for Digests {
        type Record = Digest;
        type Error = Infallible;

        fn record(&self, admitted: &Admitted<'_>) -> Result<Digest, Infallible> {
            Ok(admitted.report().input())
        }
    }
    let importer: Box<dyn Importer<Record = Digest, Error = Infallible> + Send + Sync> = Box::new(Digests);
    let preview = Preview::of(&*importer, Web::new().report(), &ada());
    let seen = preview.fingerprint();
    assert_eq!(preview.accept(&*importer, &seen).unwrap(), Digest::of(&Web::new().upload()));
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
    let bob_unconfirmed = [KnownIdentity::new("email", "bob@example.org", Confirmation::Unconfirmed)];
    insta::assert_snapshot!(told_to(bob(), &bob_unconfirmed), @"This badge was awarded to an e-mail address that stands in this account but is not confirmed. Confirm it first, and then import the badge again.");
    let hashed = json!({"type": "email", "hashed": true, "salt": "salt", "identity": ADA_HASHED});
    insta::assert_snapshot!(told_to(hashed, &ada()), @"This badge was awarded to an e-mail address that it does not show, and that is none of the confirmed ones of this account. If you have another one, add and confirm it.");
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

// ---- the ready record

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
