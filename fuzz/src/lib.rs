//! What is fuzzed, and what must hold for any input.
//!
//! One function per target: it panics if something that must hold does not. `fuzz_targets/` calls them with what the
//! fuzzer makes up, and `tests/corpus.rs` of the crate includes this file and calls them with all of `corpus/`.

// To panic is how these functions report. In a test they are not public to anyone.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, unreachable_pub)]

mod containers;
mod identifiers;
mod meaning;
mod sessions;
mod texts;

pub use containers::{sniff, unbake_png, unbake_svg};
pub use identifiers::{did_and_keys, timestamps, url_policy};
pub use meaning::{badge_read, jsonld_to_rdf, rdfc};
pub use sessions::{documents_order, session};
pub use texts::{json, jws, status_list};

/// What must hold for any input.
pub type Target = fn(&[u8]);

/// Every target with its name: that of its folder in `corpus/` and of its file in `fuzz_targets/`.
pub const ALL: &[(&str, Target)] = &[
    ("badge_read", badge_read),
    ("did_and_keys", did_and_keys),
    ("documents_order", documents_order),
    ("json", json),
    ("jsonld_to_rdf", jsonld_to_rdf),
    ("jws", jws),
    ("rdfc", rdfc),
    ("session", session),
    ("sniff", sniff),
    ("status_list", status_list),
    ("timestamps", timestamps),
    ("unbake_png", unbake_png),
    ("unbake_svg", unbake_svg),
    ("url_policy", url_policy),
];

/// Whether a text turns no line but where it may, and moves no cursor.
fn is_fit_for_people(text: &str) -> bool {
    !text.chars().any(|c| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}
