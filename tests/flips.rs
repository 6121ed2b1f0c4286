//! Every badge of the repository's suites that is valid, with one byte or one value changed: it is never valid, unless
//! it says the same still.
//!
//! A build with optimisations tries every byte of what is not an image; others try some, the same in each run.

#![cfg(feature = "suite")]
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    clippy::unwrap_used
)]

#[path = "support/later_members.rs"]
mod later_members;
#[path = "support/same.rs"]
mod same;
#[path = "support/suites.rs"]
mod suites;

use std::collections::BTreeMap;
use std::path::Path;

use later_members::leave_out_later_members;
use openbadges::report::{CheckCode, Outcome};
use openbadges::resource::Retrieval;
use openbadges::suite::{Suite, answer};
use openbadges::unbake::{CarrierKind, Payload, unbake};
use openbadges::{Report, Status, Verifier};
use same::said;
use serde_json::Value;
use suites::suites_below;
use time::OffsetDateTime;

/// How many changes of each kind are tried on one badge.
const MOST: usize = if cfg!(debug_assertions) { 24 } else { usize::MAX };

/// A valid badge, with all that its verification needs.
struct Valid {
    name: String,
    input: Vec<u8>,
    answers: BTreeMap<String, Retrieval>,
    verifier: Verifier,
    now: OffsetDateTime,
    /// Whether it was signed under the earlier revision of its context: its report says so.
    is_earlier: bool,
    said: Value,
}

impl Valid {
    fn report(&self, input: &[u8]) -> Option<Report> {
        let step = self.verifier.begin(input, self.now).ok()?;
        Some(step.run(|request| answer(&self.answers, request.target())))
    }

    /// What the badge of a valid report says under its signature.
    fn says(&self, report: &Report) -> Value {
        let mut badge = report.badge().unwrap().json().clone();
        if self.is_earlier {
            leave_out_later_members(&mut badge);
        }
        said(&badge)
    }

    /// Fails if a changed input is valid and says something else.
    fn resists(&self, changed: &[u8], what: &str) {
        let Some(report) = self.report(changed) else { return };
        if report.status() == Status::Valid {
            let found = self.says(&report);
            assert_eq!(found, self.said, "{}, {what}: {}", self.name, String::from_utf8_lossy(changed));
        }
    }

    /// The bytes that hold the badge: all, or in an image the text of the carrier.
    fn covered(&self) -> std::ops::Range<usize> {
        let whole = 0..self.input.len();
        let extracted = unbake(&self.input, self.verifier.policy().limits()).unwrap();
        let text = match extracted.payload() {
            Payload::Json(text) => text.clone(),
            Payload::Jws(jws) => jws.as_str().as_bytes().to_vec(),
            _ => return whole,
        };
        if extracted.carrier().kind() == CarrierKind::File {
            return whole;
        }
        // Where it is compressed or escaped it does not stand there as it is.
        let found = self.input.windows(text.len()).position(|window| window == text);
        found.map_or(whole, |start| start..start + text.len())
    }
}

/// The valid badges of all suites below `tests/`, each once.
fn valid_badges() -> Vec<Valid> {
    let suites = suites_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let mut badges: Vec<Valid> = Vec::new();
    for path in suites {
        let suite = Suite::read(&path).unwrap();
        for case in suite.cases.iter().filter(|case| case.expect.status == Some(Status::Valid)) {
            let mut badge = Valid {
                name: format!("{}/{}", suite.suite, case.name),
                input: suite.input(case).unwrap(),
                answers: suite.answers(case).unwrap(),
                verifier: suite.verifier(case).unwrap(),
                now: suite.now(case),
                is_earlier: false,
                said: Value::Null,
            };
            // A file with several badges has no report of its own.
            let Some(report) = badge.report(&badge.input) else { continue };
            // Without a backend for its signature it is not valid.
            if report.status() == Status::Valid && badges.iter().all(|other| other.input != badge.input) {
                badge.is_earlier =
                    report.check(CheckCode::ProofContext).any(|check| *check.outcome() != Outcome::Passed);
                badge.said = badge.says(&report);
                badges.push(badge);
            }
        }
    }
    badges.sort_by(|one, other| one.name.cmp(&other.name));
    badges
}

/// Some of so many places, spread evenly, and others for each badge.
fn chosen(count: usize, badge: usize) -> impl Iterator<Item = usize> {
    let step = count.div_ceil(MOST).max(1);
    (badge % step..count).step_by(step)
}

#[test]
fn no_byte_of_any_valid_badge_can_be_changed_unnoticed() {
    let badges = valid_badges();
    assert!(badges.len() > 100, "{}", badges.len());
    let mut changes = 0;
    for (number, badge) in badges.iter().enumerate() {
        let covered = badge.covered();
        for place in chosen(covered.len(), number).map(|place| covered.start + place) {
            let mut changed = badge.input.clone();
            changed[place] ^= [0x01, 0x20, 0x02, 0x10, 0x80][place % 5];
            badge.resists(&changed, &format!("byte {place}"));
            changes += 1;
        }
    }
    println!("{changes} changed bytes of {} badges", badges.len());
}

#[test]
fn no_value_of_any_valid_badge_can_be_changed_or_left_out_unnoticed() {
    let mut changes = 0;
    for (number, badge) in valid_badges().iter().enumerate() {
        let Ok(document) = serde_json::from_slice::<Value>(&badge.input) else { continue };
        let mut places = Vec::new();
        visit(&document, String::new(), &mut places);
        for place in chosen(places.len(), number).map(|place| places[place].as_str()) {
            let value = document.pointer(place).unwrap();
            let text = value.as_str().unwrap_or_default();
            for other in [Value::from(format!("{text}x")), Value::from(7), Value::Null, Value::from("")] {
                let mut changed = document.clone();
                *changed.pointer_mut(place).unwrap() = other.clone();
                badge.resists(changed.to_string().as_bytes(), &format!("{place}: {other}"));
            }
            let mut changed = document.clone();
            let (parent, name) = place.rsplit_once('/').unwrap();
            match changed.pointer_mut(parent).unwrap() {
                Value::Array(elements) => drop(elements.remove(name.parse().unwrap())),
                Value::Object(members) => {
                    drop(members.remove(&name.replace("~1", "/").replace("~0", "~")));
                }
                other => panic!("{other}"),
            }
            badge.resists(changed.to_string().as_bytes(), &format!("without {place}"));
            changes += 5;
        }
    }
    println!("{changes} changed values");
    assert!(changes > 1_000, "{changes}");
}

/// The places of all members and elements.
fn visit(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                visit(element, format!("{at}/{index}"), places);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                visit(member, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        places.push(at);
    }
}
