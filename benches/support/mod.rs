//! What the benches share with each other and with the program that draws `docs/costs.svg`.

#![allow(clippy::expect_used, clippy::indexing_slicing, dead_code)] // its input is made here; not all is used by all

pub(crate) mod badges;
pub(crate) mod images;
pub(crate) mod measure;

use std::fs;
use std::path::Path;

/// A file of `tests/badges`.
pub(crate) fn file(path: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badges");
    fs::read(folder.join(path)).expect("a file of this repository")
}

/// The text of a file of `tests/badges`.
pub(crate) fn text(path: &str) -> String {
    String::from_utf8(file(path)).expect("UTF-8")
}

/// Bytes that do not compress and are always the same (xorshift64).
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    };
    let mut bytes: Vec<u8> = std::iter::repeat_with(next).take(length.div_ceil(8)).flatten().collect();
    bytes.truncate(length);
    bytes
}
