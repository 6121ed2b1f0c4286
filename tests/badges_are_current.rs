//! The badges in `tests/badges` are those that `examples/make_badges` makes.

use std::collections::BTreeSet;
use std::path::Path;

#[path = "../examples/make_badges/maker/mod.rs"]
mod maker;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/badges");

#[test]
fn the_program_makes_the_same_files_again() {
    let different: Vec<String> = maker::make()
        .into_iter()
        .filter(|(path, content)| std::fs::read(Path::new(FOLDER).join(path)).ok().as_ref() != Some(content))
        .map(|(path, _)| path)
        .collect();
    assert!(
        different.is_empty(),
        "not as the program makes them: {different:#?}\nrun `cargo run --example make_badges -- tests/badges`",
    );
}

#[test]
fn there_is_no_file_that_the_program_does_not_make() {
    let made: BTreeSet<String> = maker::make().into_keys().collect();
    let mut strays = Vec::new();
    let mut folders = vec![Path::new(FOLDER).to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(FOLDER).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() && name != "keys" {
                folders.push(path);
            } else if path.is_file() && !made.contains(&name) {
                strays.push(name);
            }
        }
    }
    assert!(strays.is_empty(), "{strays:?}");
}
