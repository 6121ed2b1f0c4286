//! The badges in `tests/badges`, and some suites in `tests/suites`, are those that `examples/make_badges` makes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[path = "../examples/make_badges/maker/mod.rs"]
mod maker;

/// Files by their path in a folder.
type Files = BTreeMap<String, Vec<u8>>;

/// The two folders, with what belongs there and where nothing else may lie.
fn folders() -> [(PathBuf, Files, Vec<PathBuf>); 2] {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (badges, suites) = (tests.join("badges"), tests.join("suites"));
    let of_suites = maker::SUITES.iter().map(|name| suites.join(name)).collect();
    [(badges.clone(), maker::make(), vec![badges]), (suites, maker::make_suites(), of_suites)]
}

#[test]
fn the_program_makes_the_same_files_again() {
    let different: Vec<String> = folders()
        .into_iter()
        .flat_map(|(folder, made, _)| {
            made.into_iter().map(move |(path, content)| (folder.join(path), content))
        })
        .filter(|(path, content)| std::fs::read(path).ok().as_ref() != Some(content))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(
        different.is_empty(),
        "not as the program makes them: {different:#?}\nrun `cargo run --example make_badges -- tests/badges tests/suites`",
    );
}

#[test]
fn there_is_no_file_that_the_program_does_not_make() {
    let mut strays = Vec::new();
    for (folder, made, mut open) in folders() {
        let made: BTreeSet<String> = made.into_keys().collect();
        while let Some(inner) = open.pop() {
            for entry in std::fs::read_dir(&inner).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
                if path.is_dir() && name != "keys" {
                    open.push(path);
                } else if path.is_file() && !made.contains(&name) {
                    strays.push(name);
                }
            }
        }
    }
    assert!(strays.is_empty(), "{strays:?}");
}
