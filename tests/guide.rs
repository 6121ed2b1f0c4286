//! The pages in `docs/`, and the tour of the crate: what they name is there, and what is there is named.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use openbadges::report::CheckCode;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// What a text has between backticks.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_pages_name_checks_that_exist() {
    for page in ["docs/status.md", "docs/migration.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let families: BTreeSet<&str> = CheckCode::ALL
            .iter()
            .filter_map(|code| code.as_str().split_once('.'))
            .map(|(family, _)| family)
            .collect();
        let is_code = |name: &&str| name.split_once('.').is_some_and(|(family, _)| families.contains(family));
        let codes: Vec<&str> = named(&text).filter(is_code).collect();
        assert!(codes.len() > 30, "{page}: {codes:?}");
        for code in codes {
            assert!(code.parse::<CheckCode>().is_ok(), "{page}: {code}");
        }
    }
}

#[test]
fn every_essential_check_has_its_row_among_the_statuses() {
    let text = fs::read_to_string(root().join("docs/status.md")).unwrap();
    let told: BTreeSet<&str> = named(&text).collect();
    // What goes without saying, or stands with its neighbours.
    let unsaid = ["structure.context", "structure.type", "schema.extension"];
    for code in CheckCode::ALL {
        let is_advisory = code.severity() == openbadges::report::Severity::Advisory;
        let name = code.as_str();
        assert!(is_advisory || told.contains(name) || unsaid.contains(&name), "{name}");
    }
}

/// Each public module is linked from the one above it, so that a reader who starts at the front finds every type.
#[test]
fn the_tour_leads_to_every_public_module() {
    let mut open = vec![(root().join("src/lib.rs"), root().join("src"))];
    let mut found = 0;
    while let Some((file, folder)) = open.pop() {
        let text = fs::read_to_string(&file).unwrap();
        let front: String = text.lines().filter(|line| line.starts_with("//!")).collect();
        for module in text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
            // A module that not every build has cannot be a link in every build's pages.
            let is_told = front.contains(&format!("[`{module}`]")) || front.contains(&format!("`{module}`"));
            assert!(is_told, "{} does not lead to {module}", file.display());
            found += 1;
            let (single, whole) = (folder.join(format!("{module}.rs")), folder.join(module));
            open.push(if single.is_file() { (single, whole) } else { (whole.join("mod.rs"), whole) });
        }
    }
    assert!(found > 20, "{found} modules");
}
