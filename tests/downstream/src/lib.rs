//! One input, one set of documents, one policy, one time: one report, whatever another crate of the build asks of
//! serde_json.
//!
//! Here `arbitrary_precision` and `preserve_order` are on. The plain build is run as a program, and must say the same.

#![cfg(test)]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use openbadges::jcs;
use openbadges::jsonld::{ContextStore, Options, to_quads};
use openbadges::limits::Limits;
use serde_json::{Value, json};

#[path = "../../support/reports.rs"]
mod reports;

#[test]
fn the_features_of_serde_json_are_on() {
    assert_eq!(serde_json::from_str::<Value>("1.10").unwrap().to_string(), "1.10");
    assert_eq!(json!({"b": 1, "a": 2}).to_string(), r#"{"b":1,"a":2}"#);
}

#[test]
fn what_no_double_holds_stands_for_nothing() {
    let limits = Limits::default();
    let number: Value = serde_json::from_str("1e400").unwrap();
    assert!(jcs::canonicalize(&number, &limits).is_err());
    let document = json!({"@context": {"n": "https://example.org/n"}, "n": number});
    let statements = to_quads(&document, &ContextStore::bundled(), &Options::default(), &limits);
    assert!(statements.is_err(), "{statements:?}");
}

#[test]
fn they_change_no_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let others = std::env::var_os("OPENBADGES_CONFORMANCE").map(PathBuf::from);
    let folders: Vec<PathBuf> = [Some(root.join("tests")), others].into_iter().flatten().collect();
    let plain = Command::new(env!("CARGO"))
        .current_dir(&root)
        .args([
            "run",
            "--quiet",
            "--locked",
            "--no-default-features",
            "--features",
            "rustcrypto,schema,suite",
        ])
        .args(["--example", "print_reports", "--"])
        .args(&folders)
        .output()
        .unwrap();
    assert!(plain.status.success(), "{}", String::from_utf8_lossy(&plain.stderr));
    let plain: BTreeMap<String, String> = String::from_utf8(plain.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<(String, String)>(line).unwrap())
        .collect();
    let here = reports::reports(&folders);
    assert!(here.len() > 100, "{} reports", here.len());
    assert_eq!(here.keys().collect::<Vec<_>>(), plain.keys().collect::<Vec<_>>());
    let differences: Vec<String> = here
        .iter()
        .filter(|(name, said)| *said != &plain[*name])
        .map(|(name, said)| format!("{name}: {}", difference(said, &plain[name])))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Two texts from a little before the place where they part.
fn difference(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let part = |text: &str| text.chars().skip(same.saturating_sub(60)).take(200).collect::<String>();
    format!("{}\n    plain: {}", part(one), part(other))
}
