//! Every badge of the repository's suites whose statements are signed, spelt otherwise in every place: names as IRIs, by
//! aliases and doubled, members moved, contexts copied and changed. It never becomes better than it was, and it is valid
//! only if it says the same still.
//!
//! A build with optimisations tries every respelling; others try some, the same in each run.

#![cfg(feature = "suite")]
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

#[path = "support/later_members.rs"]
mod later_members;
#[path = "support/respellings.rs"]
mod respellings;
#[path = "support/same.rs"]
mod same;
#[path = "support/suites.rs"]
mod suites;
#[path = "support/vocabulary.rs"]
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use later_members::leave_out_later_members;
use openbadges::jsonld::{ContextStore, Options, Safety, expand};
use openbadges::limits::Limits;
use openbadges::report::{Check, CheckCode, Outcome, Severity};
use openbadges::resource::Retrieval;
use openbadges::suite::{Suite, answer};
use openbadges::unbake::{Payload, unbake};
use openbadges::{Report, Status, Verifier};
use respellings::respellings;
use same::said;
use serde_json::{Value, json};
use suites::suites_below;
use time::OffsetDateTime;
use vocabulary::Vocabulary;

/// How many respellings of one badge are tried.
const MOST: usize = if cfg!(debug_assertions) { 24 } else { usize::MAX };

/// A badge with a signature over its statements, and all that its verification needs.
struct Signed {
    name: String,
    document: Value,
    answers: BTreeMap<String, Retrieval>,
    verifier: Verifier,
    now: OffsetDateTime,
    status: Status,
    said: Value,
    checks: BTreeSet<String>,
}

impl Signed {
    fn report(&self, document: &Value) -> Option<Report> {
        let text = document.to_string();
        let step = self.verifier.begin(text.as_bytes(), self.now).ok()?;
        Some(step.run(|request| answer(&self.answers, request.target())))
    }

    /// What comes of a respelling, and what is wrong with that: it must not make the badge better, nor let it say
    /// something else.
    fn judge(&self, respelt: &Value) -> (Option<Status>, Option<String>) {
        let Some(report) = self.report(respelt) else { return (None, None) };
        let status = report.status();
        // Whoever takes the proof away has a badge without one.
        let holds = report.check(CheckCode::ProofSignature).any(|check| *check.outcome() == Outcome::Passed);
        let fault = if status < self.status && (holds || status == Status::Valid) {
            Some(format!("{status} instead of {}", self.status))
        } else if status == Status::Valid && self.found(&report) != self.said {
            Some("says something else".to_owned())
        } else if status == Status::Valid && checks(&report) != self.checks {
            Some("is checked otherwise".to_owned())
        } else {
            None
        };
        (Some(status), fault)
    }

    /// What the badge of a report says, without what is not signed of a badge from before a context was changed: its
    /// report says so.
    fn found(&self, report: &Report) -> Value {
        let mut badge = report.badge().unwrap().json().clone();
        if report.check(CheckCode::ProofContext).any(|check| *check.outcome() != Outcome::Passed) {
            leave_out_later_members(&mut badge);
        }
        meant(&badge)
    }
}

/// The checks that were made, advice aside, and which of them did not apply.
fn checks(report: &Report) -> BTreeSet<String> {
    let made = report.checks().iter().filter(|check| check.severity() != Severity::Advisory);
    let applies = |check: &Check| !matches!(check.outcome(), Outcome::NotApplicable(..));
    made.map(|check| format!("{} {}", check.code(), applies(check))).collect()
}

/// Whether a document has a proof whose signature is over statements.
fn has_signed_statements(document: &Value) -> bool {
    let proofs = document["proof"].as_array().map_or(std::slice::from_ref(&document["proof"]), Vec::as_slice);
    proofs.iter().any(|proof| {
        let suite = proof["cryptosuite"].as_str().unwrap_or_default();
        suite.contains("rdfc") || suite.contains("sd-2023") || proof["type"] == "Ed25519Signature2020"
    })
}

/// The badges of all suites below `tests/` with a signature that holds over their statements, each once.
fn signed_badges() -> Vec<Signed> {
    let mut badges: Vec<Signed> = Vec::new();
    let mut seen = BTreeSet::new();
    for path in suites_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")) {
        let suite = Suite::read(&path).unwrap();
        for case in suite.cases.iter().filter(|case| case.expect.status.is_some()) {
            let (input, verifier) = (suite.input(case).unwrap(), suite.verifier(case).unwrap());
            let Ok(extracted) = unbake(&input, verifier.policy().limits()) else { continue };
            let Payload::Json(text) = extracted.payload() else { continue };
            let document: Value = serde_json::from_slice(text).unwrap();
            if !has_signed_statements(&document) || !seen.insert((document.to_string(), path.clone())) {
                continue;
            }
            let mut badge = Signed {
                name: format!("{}/{}", suite.suite, case.name),
                said: Value::Null,
                checks: BTreeSet::new(),
                document,
                answers: suite.answers(case).unwrap(),
                verifier,
                now: suite.now(case),
                status: Status::Invalid,
            };
            let Some(report) = badge.report(&badge.document) else { continue };
            // What presentations and records say of themselves is no badge's.
            if report.badge().is_none_or(|read| *read.json() != badge.document) {
                continue;
            }
            let mut signatures = report.check(CheckCode::ProofSignature);
            let holds = signatures.any(|check| *check.outcome() == Outcome::Passed);
            // Whoever spells a badge as it should have been may well make it better.
            let is_of_spelling = |check: &&Check| {
                check.code() == CheckCode::ProofContext || check.code().as_str().starts_with("structure.")
            };
            let is_flawed =
                report.checks().iter().filter(is_of_spelling).any(|check| {
                    check.severity() == Severity::Essential && *check.outcome() != Outcome::Passed
                });
            if holds && !is_flawed {
                badge.status = report.status();
                badge.said = badge.found(&report);
                badge.checks = checks(&report);
                badges.push(badge);
            }
        }
    }
    badges.sort_by(|one, other| one.name.cmp(&other.name));
    badges
}

/// What a badge says, with its extensions as their contexts say what they stand for. The proofs of endorsements speak for
/// these alone, and get reports of their own.
fn meant(badge: &Value) -> Value {
    let vocabulary = Vocabulary::of(badge);
    let mut plain = badge.clone();
    replace_names(&mut plain, &badge["@context"], &vocabulary);
    let mut said = said(&plain);
    for statements in said.as_object_mut().into_iter().flat_map(|said| said.values_mut()) {
        // What is described there counts as if it were described elsewhere.
        let is_somewhere_else =
            |said: &Value| said.as_str().is_some_and(|said| said.starts_with("@included: "));
        statements.as_array_mut().unwrap().retain(|said| !is_somewhere_else(said));
    }
    said
}

fn replace_names(value: &mut Value, context: &Value, vocabulary: &Vocabulary) {
    match value {
        Value::Array(elements) => {
            elements.retain(|each| !each.is_null() && *each != json!([]));
            elements.iter_mut().for_each(|each| replace_names(each, context, vocabulary));
        }
        Value::Object(members) if !members.contains_key("@value") => {
            let mut replaced: BTreeMap<String, Vec<Value>> = BTreeMap::new();
            for (name, mut value) in std::mem::take(members) {
                // Nothing is said in a context, nor in an empty object of JSON-LD's own.
                let is_context = name == "@context" || (name.starts_with('@') && value == json!({}));
                if is_context || name == "proof" || value.is_null() {
                    continue;
                }
                if vocabulary.is_extension(&name) {
                    for (iri, values) in expanded(&name, &value, context, vocabulary) {
                        replaced.entry(iri).or_default().extend(values);
                    }
                    continue;
                }
                replace_names(&mut value, context, vocabulary);
                let name = match name.as_str() {
                    "@id" => "id".to_owned(),
                    "@type" => "type".to_owned(),
                    _ => name,
                };
                let mut values = match value {
                    Value::Null => Vec::new(),
                    Value::Array(values) => values,
                    value => vec![value],
                };
                if name == "type" {
                    values.iter_mut().for_each(|name| *name = class(name.take(), vocabulary));
                }
                replaced.entry(name).or_default().extend(values);
            }
            members.extend(replaced.into_iter().map(|(name, values)| (name, Value::Array(values))));
        }
        _ => {}
    }
}

/// An extension in expanded form.
fn expanded(
    name: &str,
    value: &Value,
    context: &Value,
    vocabulary: &Vocabulary,
) -> BTreeMap<String, Vec<Value>> {
    let document = json!({"@context": context, name: value});
    let options = Options::default().with_safety(Safety::Lenient);
    for contexts in [ContextStore::bundled(), ContextStore::bundled_earlier()] {
        let Ok(expanded) = expand(&document, &contexts, &options, &Limits::default()) else { continue };
        if let Some(Value::Object(members)) = expanded.get(0) {
            let values = |values: &Value| values.as_array().cloned().unwrap_or_else(|| vec![values.clone()]);
            return members.iter().map(|(name, value)| (name.clone(), values(value))).collect();
        }
    }
    // Nothing is stated, or the context is a host's.
    let value = value.get("@set").unwrap_or(value);
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let values = values.iter().filter(|each| !each.is_null() && **each != json!([])).cloned();
    BTreeMap::from([(vocabulary.iri(name).unwrap_or_else(|| name.to_owned()), values.collect())])
}

/// A class by one name: two are the same by the standard, and those of extensions are called by their IRI or as that ends.
fn class(name: Value, vocabulary: &Vocabulary) -> Value {
    match name.as_str() {
        Some("AchievementCredential") => json!("OpenBadgeCredential"),
        Some(name) => match vocabulary.iri(name) {
            Some(iri) if vocabulary.is_extension(name) && iri.ends_with(name) => json!(iri),
            _ => json!(name),
        },
        None => name,
    }
}

/// Some of so many respellings, spread evenly, and others for each badge.
fn chosen(count: usize, badge: usize) -> impl Iterator<Item = usize> {
    let step = count.div_ceil(MOST).max(1);
    (badge % step..count).step_by(step)
}

#[test]
fn no_badge_can_be_respelt_unnoticed() {
    let badges = signed_badges();
    assert!(badges.len() > 60, "{}", badges.len());
    for status in [Status::Valid, Status::Unverified, Status::Expired, Status::Revoked, Status::Invalid] {
        assert!(badges.iter().any(|badge| badge.status == status), "{status}");
    }
    let mut tried: BTreeMap<(Status, Option<Status>), usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for (number, badge) in badges.iter().enumerate() {
        let all = respellings(&badge.document);
        for place in chosen(all.len(), number) {
            let (what, respelt) = all[place].make(&badge.document);
            let (status, fault) = badge.judge(&respelt);
            *tried.entry((badge.status, status)).or_default() += 1;
            faults.extend(fault.map(|fault| format!("{}, {what}: {fault}", badge.name)));
        }
    }
    let shown: Vec<&str> = faults.iter().map(|fault| fault.get(..400).unwrap_or(fault)).take(40).collect();
    assert!(faults.is_empty(), "{} faults: {shown:#?}", faults.len());
    println!("{} badges: {tried:#?}", badges.len());
    // Some respellings change nothing, and must not be held against a badge.
    assert!(tried[&(Status::Valid, Some(Status::Valid))] > 10, "{tried:?}");
    assert!(tried[&(Status::Valid, Some(Status::Invalid))] > 1_000, "{tried:?}");
}
