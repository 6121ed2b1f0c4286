//! Prints what this build says about every badge of the given folders, one line for each.
//!
//! `cargo run --example print_reports -- FOLDER...`
//!
//! Two builds of the crate must print the same, whatever features other crates turn on: `tests/downstream` compares.

#![allow(clippy::indexing_slicing, clippy::print_stdout, clippy::unwrap_used)] // a program, not the library

use std::path::PathBuf;

#[path = "../tests/support/reports.rs"]
mod reports;

fn main() {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    for (name, said) in reports::reports(&folders) {
        println!("{}", serde_json::to_string(&[name, said]).unwrap());
    }
}
