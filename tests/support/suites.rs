//! Where suites lie.

#![allow(unreachable_pub)] // a test has nobody to export to

use std::path::{Path, PathBuf};

/// Every `suite.json` below a folder, sorted.
pub fn suites_below(folder: &Path) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|name| name == "suite.json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
