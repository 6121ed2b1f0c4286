//! Every threat that docs/threats.md lists is held off by tests that exist.

#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../docs/threats.md");

/// Row, attack, defence and tests of each line of a table.
fn rows() -> Vec<Vec<&'static str>> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
    PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| row ")).map(cells).collect()
}

/// Whether the file has a test of this name.
fn has_test(file: &str, name: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let head = format!("fn {name}()");
    let is_test = |line: &&str| line.starts_with('#') || line.starts_with("//");
    lines.iter().enumerate().any(|(place, line)| {
        line.starts_with(&head)
            && lines.iter().take(place).rev().take_while(|line| is_test(line)).any(|line| *line == "#[test]")
    })
}

#[test]
fn every_threat_names_tests_that_exist() {
    let mut named = BTreeSet::new();
    for row in rows() {
        let &[id, _attack, _defence, tests] = row.as_slice() else {
            assert_eq!(row.len(), 3, "{row:?}: a threat that does not apply says why");
            continue;
        };
        assert!(named.insert(id), "{id} stands twice");
        let mut seen = BTreeSet::new();
        for test in tests.split(", ").map(|test| test.trim_matches('`')) {
            assert!(seen.insert(test), "{id} names {test} twice");
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{id}: {test}"));
            assert!(has_test(file, name), "{id}: {file} has no test {name}");
        }
    }
    assert_eq!(named.len(), 56, "{named:?}");
}

/// A verdict has five values, and none of them is "true": whoever asks has to name the one that is meant.
/// That `if report {}` does not compile, Rust sees to; this sees that no method makes up for it.
#[test]
fn a_report_is_no_truth_value() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report");
    for file in fs::read_dir(root).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().map(str::trim) {
            assert!(!(line.starts_with("pub fn is_") && line.contains("-> bool")), "{line}");
        }
    }
    assert!(include_str!("../src/report/mod.rs").contains("#[must_use]\npub struct Report {"));
}
