//! What must not change a report: the order of members, whether a single value stands in a list, the order in which
//! documents come, and how many of them come at once.
//!
//! Each property is tried on the badges of every suite at hand, with variations drawn from a generator that is seeded
//! with the case's name: a failure comes again.

#![cfg(feature = "suite")]
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)] // a test that reads files

#[path = "support/suites.rs"]
mod suites;

use std::collections::BTreeMap;
use std::path::Path;

use openbadges::badge::{Badge, Version};
use openbadges::report::Report;
use openbadges::resource::{Documents, Response, Retrieval, Target};
use openbadges::suite::{Case, Suite, answer};
use openbadges::verify::{Step, Verifier};
use serde_json::Value;
use suites::suites_below;

/// A generator of numbers, xorshift64.
struct Random(u64);

impl Random {
    fn seeded(text: &str) -> Self {
        Self(
            text.bytes().fold(0xcbf2_9ce4_8422_2325, |seed, byte| {
                (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            }) | 1,
        )
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

/// A case of a suite, with all that its verification needs.
struct Sample {
    name: String,
    input: Vec<u8>,
    answers: BTreeMap<String, Retrieval>,
    verifier: Verifier,
    now: time::OffsetDateTime,
}

impl Sample {
    fn read(suite: &Suite, case: &Case) -> Self {
        Self {
            name: format!("{}/{}", suite.suite, case.name),
            input: suite.input(case).unwrap(),
            answers: suite.answers(case).unwrap(),
            verifier: Verifier::new(suite.policy(case)),
            now: suite.now(case),
        }
    }

    /// The report, or the code of the error.
    fn outcome(&self) -> String {
        match self.verifier.begin(&self.input, self.now) {
            Ok(step) => written(&step.run(|request| answer(&self.answers, request.target()))),
            Err(error) => error.code().to_string(),
        }
    }

    /// The same, with every JSON document written in another way; `None` if there is none to be changed.
    fn rewritten(&self, mut rewrite: impl FnMut(&mut Value) -> String) -> Option<Self> {
        let mut other = |body: &[u8]| {
            let mut json: Value = serde_json::from_slice(body).ok().filter(Value::is_object)?;
            // A member that stands there twice must still be seen.
            if members(body) != members(json.to_string().as_bytes()) {
                return None;
            }
            Some(rewrite(&mut json).into_bytes())
        };
        let input = other(&self.input)?;
        let answers = self.answers.iter().map(|(target, retrieval)| {
            let changed = retrieval.as_ref().ok().and_then(|response| {
                let body = other(response.body())?;
                let hops = response.hops().to_vec();
                let changed = Response::new(
                    response.status(),
                    response.final_url().clone(),
                    body,
                    response.retrieved_at(),
                );
                let changed = changed.with_hops(hops);
                Some(Ok(match response.media_type() {
                    Some(media_type) => changed.with_media_type(media_type),
                    None => changed,
                }))
            });
            (target.clone(), changed.unwrap_or_else(|| retrieval.clone()))
        });
        let (name, verifier) = (self.name.clone(), self.verifier.clone());
        Some(Self { name, input, answers: answers.collect(), verifier, now: self.now })
    }

    fn version(&self) -> Option<Version> {
        let json = serde_json::from_slice(&self.input).ok()?;
        Some(Badge::read_json(json).ok()?.value?.version())
    }
}

/// How many members the objects of a JSON text have: its colons outside of strings.
fn members(text: &[u8]) -> usize {
    let (mut count, mut is_string, mut is_escaped) = (0, false, false);
    for byte in text {
        match byte {
            b'"' if !is_escaped => is_string = !is_string,
            b':' if !is_string => count += 1,
            _ => {}
        }
        is_escaped = *byte == b'\\' && !is_escaped;
    }
    count
}

/// A report as text, without the digests of what it was made of.
fn written(report: &Report) -> String {
    fn without_digests(value: &mut Value) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(without_digests),
            Value::Object(members) => {
                members.retain(|name, _| !matches!(name.as_str(), "input" | "sha256"));
                members.values_mut().for_each(without_digests);
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    without_digests(&mut value);
    serde_json::to_string_pretty(&value).unwrap()
}

/// Every case of the suites of this project, and of those below `OPENBADGES_CONFORMANCE`.
fn samples() -> Vec<Sample> {
    let mut found = suites_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    match std::env::var("OPENBADGES_CONFORMANCE") {
        Ok(folder) => found.extend(suites_below(Path::new(&folder))),
        Err(_) => println!("OPENBADGES_CONFORMANCE is not set: tried on our own suites alone"),
    }
    found.sort();
    let suites = found.iter().map(|path| Suite::read(path).unwrap());
    suites
        .flat_map(|suite| suite.cases.iter().map(|case| Sample::read(&suite, case)).collect::<Vec<_>>())
        .collect()
}

/// JSON text whose members stand in an order drawn at random.
fn shuffled(value: &Value, random: &mut Random) -> String {
    match value {
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| shuffled(element, random)).collect();
            format!("[{}]", elements.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(name, member)| format!("{}:{}", Value::from(name.as_str()), shuffled(member, random)))
                .collect();
            random.shuffle(&mut members);
            format!("{{{}}}", members.join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// The members of Open Badges 2.0 of which there may be several, so that one may stand in a list or by itself.
const MULTIPLE: &[&str] = &[
    "alignment",
    "endorsement",
    "evidence",
    "publicKey",
    "related",
    "revokedAssertions",
    "startsWith",
    "tags",
    "type",
];

/// Puts single values of such members into lists, or takes them out, at random.
fn respell(value: &mut Value, random: &mut Random) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| respell(element, random)),
        Value::Object(members) => {
            // What an extension may look like is for its schema to say.
            let is_extension =
                members.get("type").is_some_and(|types| types.to_string().contains("Extension"));
            for (name, member) in members.iter_mut().filter(|(name, _)| !is_extension && *name != "@context")
            {
                respell(member, random);
                if !MULTIPLE.contains(&name.as_str()) || random.below(2) == 0 {
                    continue;
                }
                *member = match member.take() {
                    Value::Array(mut elements) if elements.len() == 1 => elements.pop().unwrap(),
                    Value::Array(elements) => Value::Array(elements),
                    single => Value::Array(vec![single]),
                };
            }
        }
        _ => {}
    }
}

#[test]
fn the_order_of_members_does_not_matter() {
    let mut tried = 0;
    for sample in samples() {
        let mut random = Random::seeded(&sample.name);
        let expected = sample.outcome();
        for _ in 0..3 {
            let Some(other) = sample.rewritten(|json| shuffled(json, &mut random)) else { break };
            // Where the text is signed, as in a JWT, it stays as it is.
            assert_eq!(other.outcome(), expected, "{}", sample.name);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn a_single_value_may_stand_in_a_list() {
    let mut tried = 0;
    for sample in samples().into_iter().filter(|sample| sample.version() == Some(Version::V2_0)) {
        let mut random = Random::seeded(&sample.name);
        let expected = sample.outcome();
        for _ in 0..3 {
            let seed = random.below(usize::MAX).to_string();
            // Each document gets the same spelling wherever it stands: the copy in hand is to be the hosted one.
            let spelled = sample.rewritten(|json| {
                respell(json, &mut Random::seeded(&seed));
                json.to_string()
            });
            let Some(other) = spelled else { break };
            assert_eq!(without_places(&other.outcome()), without_places(&expected), "{}", sample.name);
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
}

/// A report without what repeats how a value is spelled: places within a document, and what was found there.
fn without_places(report: &str) -> String {
    report.lines().filter(|line| !line.contains("\"pointer\"") && !line.contains("\"message\"")).collect()
}

#[test]
fn the_order_of_documents_and_their_rounds_do_not_matter() {
    let mut tried = 0;
    for sample in samples() {
        let mut random = Random::seeded(&sample.name);
        let expected = sample.outcome();
        for _ in 0..3 {
            let Ok(outcome) = at_random(&sample, &mut random) else { break };
            assert_eq!(outcome, expected, "{}", sample.name);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// Verifies with answers that come in any order, some of them before they were asked for.
fn at_random(sample: &Sample, random: &mut Random) -> Result<String, openbadges::Error> {
    let mut early: Vec<(Target, Retrieval)> = sample
        .answers
        .iter()
        .filter_map(|(target, retrieval)| Some((Target::try_from(target.clone()).ok()?, retrieval.clone())))
        .filter(|(_, retrieval)| retrieval.is_ok() && random.below(2) == 0)
        .collect();
    random.shuffle(&mut early);
    let mut documents = Documents::default();
    for (target, retrieval) in early {
        documents.insert(target, retrieval);
    }
    let mut step = sample.verifier.resume(&sample.input, documents, sample.now)?;
    loop {
        match step {
            Step::Done(report) => return Ok(written(&report)),
            Step::Need(pending) => {
                let targets = pending.requests().iter().map(|request| request.target().clone());
                let mut answers: Vec<_> =
                    targets.map(|target| (target.clone(), answer(&sample.answers, &target))).collect();
                random.shuffle(&mut answers);
                step = pending.supply(answers);
            }
        }
    }
}
