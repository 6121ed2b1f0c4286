//! What others have published: an answer to everything, and the structure that their cases expect.

use std::path::{Path, PathBuf};

use openbadges::badge::ob3::{Credential, Securing, StatusList};
use openbadges::badge::{Badge, Reading, ViolationKind, Weight};
use openbadges::limits::Limits;
use openbadges::unbake::unbake;
use serde_json::{Value, json};

use crate::samples::notes;

/// The folder of published badges, if the host has one.
fn published() -> Option<PathBuf> {
    let folder =
        std::env::var_os("OPENBADGES_CONFORMANCE").map(|folder| PathBuf::from(folder).join("1edtech-ob30"));
    if folder.is_none() {
        println!("OPENBADGES_CONFORMANCE is not set: no published badge was read");
    }
    folder
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// The badge in a file; `None` if there is none.
fn badge_in(path: &Path) -> Option<Reading<Badge>> {
    let limits = Limits::default();
    let extracted = unbake(&std::fs::read(path).unwrap(), &limits).ok()?;
    Badge::read(extracted.payload(), &limits).ok()
}

#[test]
fn every_published_document_gets_an_answer() {
    let Some(folder) = published() else { return };
    let mut read = 0;
    for path in files(&folder) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let Ok(document) = serde_json::from_str(&text) else { continue };
        let reading = Credential::read(&document);
        assert!(reading.value.is_some() || !reading.violations.is_empty(), "{}", path.display());
        read += 1;
    }
    assert!(read > 100, "{read}");
}

#[test]
fn published_status_lists_are_sound() {
    let Some(folder) = published() else { return };
    let mut read = 0;
    for path in files(&folder) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let Ok(document) = serde_json::from_str::<Value>(&text) else { continue };
        let types = document["type"].as_array().cloned().unwrap_or_default();
        if types.contains(&json!("BitstringStatusListCredential")) {
            assert!(StatusList::read(&document, Securing::Embedded).is_sound(), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 10, "{read}");
}

#[test]
fn published_cases_find_the_structure_that_they_expect() {
    let Some(folder) = published() else { return };
    for suite in [folder.join("suite.json"), folder.join("test-key/suite.json")] {
        let cases: Value = serde_json::from_slice(&std::fs::read(&suite).unwrap()).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let badge = badge_in(&suite.with_file_name(case["input"].as_str().unwrap()));
            assert_eq!(badge.is_none(), case["expect"]["error"].is_string(), "{}", case["name"]);
            if let Some(reading) = badge {
                judge(case, &reading);
            }
        }
    }
}

/// Compares a reading with what a case expects of the checks of structure.
fn judge(case: &Value, reading: &Reading<Badge>) {
    let is_broken = |kind: ViolationKind| {
        reading.violations.iter().any(|v| v.weight() == Weight::Essential && v.kind() == kind)
    };
    let listed = |outcome: &str, kind: ViolationKind| {
        let code = format!("structure.{}", kind.as_str());
        case["expect"][outcome].as_array().is_some_and(|codes| codes.contains(&json!(code)))
    };
    for kind in [
        ViolationKind::Context,
        ViolationKind::Required,
        ViolationKind::Subject,
        ViolationKind::Type,
        ViolationKind::Value,
    ] {
        let notes = notes(reading);
        assert!(!listed("failed", kind) || is_broken(kind), "{}: no {kind:?} in {notes:?}", case["name"]);
        assert!(!listed("passed", kind) || !is_broken(kind), "{}: {notes:?}", case["name"]);
    }
    if case["expect"]["status"] != "invalid" {
        assert!(reading.is_sound(), "{}: {:?}", case["name"], notes(reading));
    }
}
