//! Replays what the fuzzer found, through the same functions as the fuzzer.
//!
//! Inputs that once failed stay in `fuzz/corpus/<target>/regressions/`.

#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_input_of_the_corpus_passes() {
    for (name, target) in targets::ALL {
        let inputs = files_below(&fuzz_folder().join("corpus").join(name));
        assert!(!inputs.is_empty(), "{name} has no inputs");
        for input in inputs {
            let data = fs::read(&input).unwrap();
            let outcome = std::panic::catch_unwind(|| target(&data));
            assert!(outcome.is_ok(), "{}", input.display());
        }
    }
}

#[test]
fn every_target_has_its_file_and_its_folder() {
    let names: BTreeSet<_> = targets::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    let stems = |folder: &str| -> BTreeSet<_> {
        let entries = fs::read_dir(fuzz_folder().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(stems("corpus"), names);
    assert_eq!(stems("fuzz_targets"), names);
}

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
