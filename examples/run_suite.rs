//! Runs test suites: badges with the verdict that each must get.
//!
//! `cargo run --release --features suite --example run_suite -- [--json] SUITE.json...`
//!
//! Prints a line for each case that comes out differently, and at the end how many passed and failed. With `--json` it
//! prints one JSON object a line and case instead. The exit code is 1 if a case failed and 2 if a suite cannot be read.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::expect_used)] // a program, not the library

use std::path::PathBuf;
use std::process::ExitCode;

use openbadges::suite::{Suite, SuiteError};

fn main() -> ExitCode {
    let mut as_json = false;
    let mut paths = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => as_json = true,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    if paths.is_empty() {
        eprintln!("usage: run_suite [--json] SUITE.json...");
        return ExitCode::from(2);
    }
    match run(&paths, as_json) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            eprintln!("{error}: {source}");
            ExitCode::from(2)
        }
    }
}

/// Runs the suites and says whether every case passed.
fn run(paths: &[PathBuf], as_json: bool) -> Result<bool, SuiteError> {
    let (mut passed, mut failed) = (0, 0);
    for path in paths {
        let suite = Suite::read(path)?;
        for case in &suite.cases {
            let result = suite.run(case)?;
            if result.ok {
                passed += 1;
            } else {
                failed += 1;
            }
            if as_json {
                println!("{}", serde_json::to_string(&result).expect("a result is JSON"));
            } else if !result.ok {
                println!("{} {}: {}", result.suite, result.case, result.differences.join("; "));
            }
        }
    }
    if !as_json {
        println!("{passed} passed, {failed} failed");
    }
    Ok(failed == 0)
}
