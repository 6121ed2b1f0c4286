//! Files and documents that somebody made to be believed, to break something, or to make somebody else's machine ask.
//!
//! All of it goes through the public interface. In a release build the times are those that the crate promises.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

#[path = "../support/same.rs"]
mod same;
#[path = "../support/samples.rs"]
mod samples;

mod claims;
mod cost;
mod files;
mod hosted;
mod keys;
mod memory;
mod mutations;
mod network;
mod proofs;
mod readings;
mod refresh;
mod status;
mod time;
mod tokens;
mod work;

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

/// What one verification may take of a processor; a build without optimisation takes some twenty times as long.
const MOST: Duration =
    if cfg!(debug_assertions) { Duration::from_secs(10) } else { Duration::from_millis(250) };

/// What comes out, if it comes out in time.
#[track_caller]
fn within<T>(run: impl FnOnce() -> T) -> T {
    let start = processor_time();
    let output = run();
    let took = processor_time() - start;
    assert!(took <= MOST, "it took {took:?}");
    output
}

/// What this thread has taken of a processor so far, where the system tells, or else the time that has gone by.
fn processor_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
