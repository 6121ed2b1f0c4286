//! The badges in `tests/badges`, and some suites in `tests/suites`, are those that `examples/make_badges` makes.

#![allow(clippy::unwrap_used)] // a test stops where it fails

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[path = "../examples/make_badges/maker/mod.rs"]
mod maker;

/// What the program makes for a folder, and how it is called to.
struct Made {
    folder: PathBuf,
    files: BTreeMap<String, Vec<u8>>,
    arguments: String,
}

fn everything() -> Vec<Made> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let suite = |name: &str| Made {
        folder: tests.join("suites").join(name),
        files: maker::make_suite(name).unwrap(),
        arguments: format!("tests/suites/{name} {name}"),
    };
    let badges =
        Made { folder: tests.join("badges"), files: maker::make(), arguments: "tests/badges".to_owned() };
    std::iter::once(badges).chain(maker::SUITES.into_iter().map(suite)).collect()
}

#[test]
fn the_program_makes_the_same_files_again() {
    for Made { folder, files, arguments } in everything() {
        let different: Vec<String> = files
            .into_iter()
            .filter(|(path, content)| std::fs::read(folder.join(path)).ok().as_ref() != Some(content))
            .map(|(path, _)| path)
            .collect();
        assert!(
            different.is_empty(),
            "not as the program makes them: {different:#?}\nrun `cargo run --example make_badges -- {arguments}`",
        );
    }
}

#[test]
fn there_is_no_file_that_the_program_does_not_make() {
    for Made { folder: root, files, .. } in everything() {
        let made: BTreeSet<String> = files.into_keys().collect();
        let mut strays = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                if path.is_dir() && name != "keys" {
                    folders.push(path);
                } else if path.is_file() && !made.contains(&name) {
                    strays.push(name);
                }
            }
        }
        assert!(strays.is_empty(), "{strays:?}");
    }
}
