//! Finds the badges that a host has stored.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use openbadges::import::BadgeRecord;
use serde::Deserialize;

/// A badge that a host has stored.
pub(crate) struct Stored {
    /// What it is called from run to run.
    pub(crate) name: String,
    /// The file, as it was uploaded.
    pub(crate) file: PathBuf,
    /// What the host has recorded of it.
    pub(crate) record: Option<BadgeRecord>,
}

/// A line of a file that lists badges.
#[derive(Deserialize)]
struct Line {
    file: String,
    record: Option<BadgeRecord>,
}

/// The badges in a folder, or in a file that lists them; sorted by name, by which outcomes are kept: each has its own.
pub(crate) fn find(path: &Path) -> Result<Vec<Stored>, Box<dyn Error>> {
    let mut badges = if path.is_dir() { in_folder(path)? } else { in_list(path)? };
    badges.sort_by(|a, b| a.name.cmp(&b.name));
    let pairs = badges.iter().zip(badges.iter().skip(1));
    let mut twice: Vec<&str> =
        pairs.filter(|(a, b)| a.name == b.name).map(|(badge, _)| badge.name.as_str()).collect();
    twice.dedup();
    if !twice.is_empty() {
        return Err(format!("{}: named more than once: {}", path.display(), twice.join(", ")).into());
    }
    Ok(badges)
}

/// Every file in a folder and in those below; files that begin with a dot are no badges.
fn in_folder(folder: &Path) -> Result<Vec<Stored>, Box<dyn Error>> {
    let (mut open, mut badges) = (vec![folder.to_owned()], Vec::new());
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).map_err(|error| format!("{}: {error}", next.display()))? {
            let file = entry?.path();
            let is_hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if file.is_dir() {
                open.push(file);
            } else if !is_hidden {
                let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
                badges.push(Stored { name, file, record: None });
            }
        }
    }
    Ok(badges)
}

/// A badge for each line; the files are looked for beside the list.
fn in_list(list: &Path) -> Result<Vec<Stored>, Box<dyn Error>> {
    let text = fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    let folder = list.parent().unwrap_or(Path::new(""));
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let stored = |(number, line): (usize, &str)| match serde_json::from_str(line) {
        Ok(Line { file, record }) => Ok(Stored { file: folder.join(&file), name: file, record }),
        Err(error) => Err(format!("{}, line {}: {error}", list.display(), number + 1).into()),
    };
    lines.map(stored).collect()
}
