//! Files and documents that somebody made to be believed, to break something, or to make somebody else's machine ask.
//!
//! All of it goes through the public interface. Times are ten times what a release build takes on an old laptop.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::time::{Duration, Instant};

#[path = "../support/same.rs"]
mod same;
#[path = "../support/samples.rs"]
mod samples;

mod cost;
mod files;
mod hosted;
mod keys;
mod mutations;
mod network;
mod proofs;
mod refresh;
mod status;
mod time;

use openbadges::report::{CheckCode, Outcome};
use openbadges::{Report, Status};
use samples::{Web, verify};

/// The report on something that must get this verdict.
#[track_caller]
fn judged(input: impl AsRef<[u8]>, web: &Web, expected: Status) -> Report {
    let report = verify(input, web);
    assert_eq!(report.status(), expected, "{report:#}");
    report
}

/// As [`judged`], where nothing else is asked of the report.
#[track_caller]
fn gets(input: impl AsRef<[u8]>, web: &Web, expected: Status) {
    drop(judged(input, web, expected));
}

/// Whether a check of this code failed.
fn failed(report: &Report, code: CheckCode) -> bool {
    report.check(code).any(|check| matches!(check.outcome(), Outcome::Failed(_)))
}

fn has_passed(report: &Report, code: CheckCode) -> bool {
    report.check(code).any(|check| *check.outcome() == Outcome::Passed)
}

fn inconclusive(report: &Report, code: CheckCode) -> bool {
    report.check(code).any(|check| matches!(check.outcome(), Outcome::Inconclusive(_)))
}

/// What comes out, if it comes out in time.
#[track_caller]
fn within<T>(most: Duration, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let output = run();
    let took = start.elapsed();
    assert!(took <= most, "it took {took:?}");
    output
}
