//! Runs every suite of badges: this project's own, and those below the folder that `OPENBADGES_CONFORMANCE` names.
//!
//! What cannot hold yet stands in `tests/suites/exceptions.json` with its reason. An exception that starts to hold fails
//! the run, so that the list stays true; and none may be found valid that must not be.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)] // a test that reads files

#[path = "support/suites.rs"]
mod suites;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use openbadges::Status;
use openbadges::report::CheckCode;
use openbadges::suite::{CaseResult, Suite};
use serde::Deserialize;
use suites::suites_below;

#[derive(Deserialize)]
struct Exception {
    suite: String,
    case: String,
    reason: String,
}

#[test]
fn every_case_of_our_own_suites_holds() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let suites = suites_below(&tests);
    assert!(!suites.is_empty());
    check(&suites);
}

#[test]
fn every_case_of_the_suites_of_others_holds() {
    let Ok(folder) = std::env::var("OPENBADGES_CONFORMANCE") else {
        println!("OPENBADGES_CONFORMANCE is not set: no suite of others was run");
        return;
    };
    let suites = suites_below(Path::new(&folder));
    assert!(!suites.is_empty(), "no suite below {folder}");
    check(&suites);
}

/// Runs suites, and fails with all that is not as expected.
fn check(suites: &[PathBuf]) {
    let mut exceptions = exceptions();
    let mut problems = Vec::new();
    let mut passed = 0;
    for path in suites {
        let suite = Suite::read(path).unwrap();
        for case in &suite.cases {
            let result = suite.run(case).unwrap();
            let exception = exceptions.remove(&(suite.suite.clone(), case.name.clone()));
            match (result.ok, exception) {
                (true, None) => passed += 1,
                (false, Some(_)) if !is_wrongly_valid(&result) => {}
                (false, Some(reason)) => {
                    problems.push(format!("{} is valid in spite of: {reason}", name(&result)))
                }
                (true, Some(_)) => {
                    problems.push(format!("{} holds now: remove the exception", name(&result)))
                }
                (false, None) if lacks_backend(&result) => {}
                (false, None) => {
                    problems.push(format!("{}: {}", name(&result), result.differences.join("; ")))
                }
            }
        }
        // What is left for this suite names no case of it.
        for (_, case) in exceptions.keys().filter(|(of, _)| *of == suite.suite) {
            problems.push(format!("{} has no case {case}", suite.suite));
        }
    }
    println!("{passed} cases passed");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn is_wrongly_valid(result: &CaseResult) -> bool {
    result.status == Some(Status::Valid) && result.expected != Status::Valid.as_str()
}

/// Whether a case came out otherwise because this build has no code for its signature: that is never more than
/// inconclusive, and takes nothing from what else was found to be wrong.
fn lacks_backend(result: &CaseResult) -> bool {
    let is_open = result.inconclusive.contains(&CheckCode::ProofSignature)
        || result.inconclusive.contains(&CheckCode::RevocationStatus);
    cfg!(not(any(feature = "jose", feature = "rustcrypto")))
        && is_open
        && result.status.is_some_and(|status| status != Status::Valid)
}

fn name(result: &CaseResult) -> String {
    format!("{} {}", result.suite, result.case)
}

fn exceptions() -> BTreeMap<(String, String), String> {
    let text = include_str!("suites/exceptions.json");
    let list: Vec<Exception> = serde_json::from_str(text).unwrap();
    let exceptions: BTreeMap<_, _> =
        list.iter().map(|each| ((each.suite.clone(), each.case.clone()), each.reason.clone())).collect();
    assert_eq!(exceptions.len(), list.len(), "an exception stands twice");
    assert!(exceptions.values().all(|reason| !reason.is_empty()), "an exception without a reason");
    exceptions
}
