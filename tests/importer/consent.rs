//! Preview, then accept: what a person accepts is what the person saw.

use std::convert::Infallible;

use crate::{
    ASSERTION, CLASS, ISSUER, NOW, Web, accept, ada, codes, confirmed, expired, preview, revoked, unverified,
};
use openbadges::badge::Version;
use openbadges::id::{BadgeKey, Digest, Fingerprint};
use openbadges::import::{
    Admitted, ImportError, ImportRules, Importer, Objection, ObjectionCode, Preview, RecordImporter,
};
use openbadges::{Policy, Status};
use serde_json::{Value, json};
use time::Duration;

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
    let in_another_order: Vec<_> = ada().into_iter().rev().collect();
    let preview = Preview::of(&importer, judged(Web::new()), &in_another_order);
    assert!(preview.accept(&importer, &seen).is_ok(), "where the account keeps an address, is not shown");
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
