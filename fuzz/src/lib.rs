//! What is fuzzed, and what must hold for any input.
//!
//! One function per target: it panics if something that must hold does not. `fuzz_targets/` calls them with what the
//! fuzzer makes up, and `tests/corpus.rs` of the crate includes this file and calls them with all of `corpus/`.

// To panic is how these functions report. In a test they are not public to anyone.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, unreachable_pub)]

mod containers;

pub use containers::{sniff, unbake_png, unbake_svg};

/// What must hold for any input.
pub type Target = fn(&[u8]);

/// Every target with its name: that of its folder in `corpus/` and of its file in `fuzz_targets/`.
pub const ALL: &[(&str, Target)] =
    &[("sniff", sniff), ("unbake_png", unbake_png), ("unbake_svg", unbake_svg)];
