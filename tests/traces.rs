//! The intermediate values of proofs, in reports that were asked to hold them.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use openbadges::jsonld::ContextStore;
use openbadges::limits::{Limit, Limits};
use openbadges::policy::{Policy, Trace};
use openbadges::proof::integrity::{Cryptosuite, prepare};
use openbadges::report::Report;
use openbadges::resource::{Response, Unavailable};
use openbadges::verify::Verifier;
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::macros::datetime;
use url::Url;

const BADGE: &[u8] = include_bytes!("badges/ob3/integrity.json");
const TWO_PROOFS: &[u8] = include_bytes!("badges/ob3/integrity-two-proofs.json");
const JWT: &[u8] = include_bytes!("badges/ob3/jwt-did-key.jws");

/// The verdict, with the issuer's document and status list where they belong.
fn report(badge: &[u8], policy: Policy) -> Report {
    let now = datetime!(2026-06-01 12:00 UTC);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/badges/documents/library.example/");
    let verifier = Verifier::new(policy);
    verifier.begin(badge, now).unwrap().run(|request| {
        let (path, url) = match request.target().to_string().as_str() {
            "did:web:library.example" => {
                (".well-known/did.json", "https://library.example/.well-known/did.json")
            }
            "https://library.example/status/revocation.json" => {
                ("status/revocation.json", "https://library.example/status/revocation.json")
            }
            _ => return Err(Unavailable::Declined),
        };
        let body = std::fs::read(format!("{folder}{path}")).unwrap();
        Ok(Response::new(200, url.parse::<Url>().unwrap(), body, now).with_media_type("application/json"))
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_report_holds_them_only_when_asked() {
    let silent = report(BADGE, Policy::strict());
    let asked = report(BADGE, Policy::strict().with_trace(Trace::Proofs));
    assert!(silent.traces().is_empty());
    assert!(serde_json::to_value(&silent).unwrap().get("traces").is_none());
    // It is the same verdict under the same rules.
    assert_eq!((asked.status(), asked.policy()), (silent.status(), silent.policy()));
    assert_eq!(asked.checks(), silent.checks());
    assert!(report(JWT, Policy::strict().with_trace(Trace::Proofs)).traces().is_empty());
}

#[test]
fn they_are_those_that_the_signature_is_over() {
    let report = report(BADGE, Policy::strict().with_trace(Trace::Proofs));
    let places: Vec<String> = report.traces().iter().map(|trace| trace.node().to_string()).collect();
    assert_eq!(
        places,
        ["at `/proof`", "in `https://library.example/status/revocation.json` at `/proof`"],
        "the badge's, and those of its status list"
    );
    let badge: Value = serde_json::from_slice(BADGE).unwrap();
    let (members, proof) = (badge.as_object().unwrap(), badge["proof"].as_object().unwrap());
    let suite = Cryptosuite::of(proof).unwrap();
    let prepared = prepare(members, proof, suite, &ContextStore::bundled(), &Limits::default()).unwrap();
    let trace = &report.traces()[0];
    assert!(!trace.was_cut());
    assert_eq!(trace.cryptosuite(), "eddsa-rdfc-2022");
    assert_eq!(trace.canonical_document(), prepared.canonical_document());
    assert_eq!(trace.canonical_proof(), prepared.canonical_proof());
    assert_eq!(trace.document_hash(), hex(&Sha256::digest(trace.canonical_document())));
    assert_eq!(trace.proof_hash(), hex(&Sha256::digest(trace.canonical_proof())));
    assert_eq!(trace.signed(), format!("{}{}", trace.proof_hash(), trace.document_hash()));
    assert_eq!(trace.signature(), hex(prepared.signature()));
    let stored = serde_json::to_value(&report).unwrap();
    assert_eq!(stored["traces"][0]["canonicalDocument"], prepared.canonical_document());
}

#[test]
fn every_proof_has_its_own() {
    let report = report(TWO_PROOFS, Policy::strict().with_trace(Trace::Proofs));
    let pointers: Vec<&str> = report.traces().iter().map(|trace| trace.node().pointer()).collect();
    assert_eq!(pointers, ["/proof/0", "/proof/1"]);
    let [bad, good] = report.traces() else { unreachable!() };
    assert_eq!(bad.document_hash(), good.document_hash());
    assert_ne!(bad.proof_hash(), good.proof_hash());
}

#[test]
fn their_size_is_bounded() {
    let whole = report(TWO_PROOFS, Policy::strict().with_trace(Trace::Proofs));
    let length: usize = whole
        .traces()
        .iter()
        .map(|trace| trace.canonical_proof().len() + trace.canonical_document().len())
        .sum();
    for (room, was_cut) in [(length, false), (length - 1, true), (0, true)] {
        let limits = Limits::default().with(Limit::TraceBytes, u64::try_from(room).unwrap());
        let report = report(TWO_PROOFS, Policy::strict().with_trace(Trace::Proofs).with_limits(limits));
        let last = report.traces().last().unwrap();
        assert_eq!(last.was_cut(), was_cut, "{room}");
        assert_eq!(last.document_hash(), whole.traces()[1].document_hash(), "the hash is of the whole");
        let held: usize = report
            .traces()
            .iter()
            .map(|trace| trace.canonical_proof().len() + trace.canonical_document().len())
            .sum();
        assert_eq!(held, room);
        assert_eq!(report.status(), whole.status(), "no verdict depends on it");
    }
}
