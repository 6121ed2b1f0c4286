//! Keeps what was found out: a file with a line for each badge, written as soon as it is known.
//!
//! The first line says which run it is. A line that was cut off when the program was stopped is thrown away; a file
//! that is no state is left alone.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use openbadges::import::{BadgeRecord, Change, CheckChange};
use openbadges::report::StoredReport;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What was found out about a badge.
#[derive(Deserialize, Serialize)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) found: Found,
}

/// What was found out.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Found {
    /// It was judged.
    Judged(Box<Judged>),
    /// It was judged, and its record was not brought up to date, and why: it is not of this badge, or is newer.
    RecordKept { message: String },
    /// There is no badge to judge, and why.
    Unreadable { message: String },
}

/// A verdict, and what has changed.
#[derive(Deserialize, Serialize)]
pub(crate) struct Judged {
    /// A [`Change`], unless nothing has changed or nothing was known.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    change: Value,
    /// Each [`CheckChange`].
    #[serde(default, skip_serializing_if = "Value::is_null")]
    checks: Value,
    /// The host's record, brought up to date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<BadgeRecord>,
    /// What the next run compares with.
    report: StoredReport,
}

impl Judged {
    pub(crate) fn new(
        change: Option<&Change>,
        checks: &[CheckChange],
        report: StoredReport,
        record: Option<BadgeRecord>,
    ) -> Self {
        let change = serde_json::to_value(change).unwrap_or_default();
        let checks =
            if checks.is_empty() { Value::Null } else { serde_json::to_value(checks).unwrap_or_default() };
        Self { change, checks, record, report }
    }
}

impl Outcome {
    /// The report, if the badge was judged.
    pub(crate) fn report(&self) -> Option<&StoredReport> {
        match &self.found {
            Found::Judged(judged) => Some(&judged.report),
            Found::RecordKept { .. } | Found::Unreadable { .. } => None,
        }
    }

    /// What has changed, in words; nothing if nothing has.
    pub(crate) fn in_words(&self) -> Option<String> {
        match &self.found {
            Found::Unreadable { message } => Some(format!("unreadable. {message}")),
            Found::RecordKept { message } => Some(format!("its record was left as it is: {message}")),
            Found::Judged(judged) if judged.change.is_null() => None,
            Found::Judged(judged) => Some(in_words(&judged.change)),
        }
    }
}

/// A [`Change`] as it is told: its name, and why or what.
fn in_words(change: &Value) -> String {
    let details = change.as_object().and_then(|change| change.iter().next());
    let Some((name, details)) = details else { return change.as_str().unwrap_or_default().to_owned() };
    let told = ["reason", "target"].iter().find_map(|member| details.get(member)?.as_str());
    // What an issuer says may hold anything that a terminal would act on.
    told.map_or_else(|| name.clone(), |told| format!("{name} ({})", told.escape_debug()))
}

/// Which run it is: two that differ in this cannot share a file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Run {
    badges: String,
    now: String,
}

/// The state of a run.
pub(crate) struct State {
    file: File,
    now: OffsetDateTime,
    outcomes: BTreeMap<String, Outcome>,
}

impl State {
    /// Begins a run, or goes on with the one that the file is of, at its time.
    ///
    /// Nothing is written to a file before it is known to be a state of this run: one that holds anything else stays as it
    /// is.
    pub(crate) fn open(path: &Path, badges: &Path, now: OffsetDateTime) -> Result<Self, Box<dyn Error>> {
        if is_same_file(path, badges) {
            return Err(format!("{} lists the badges, and cannot be the state too", path.display()).into());
        }
        let badges = badges.display().to_string();
        let written = match fs::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            written => written.map_err(|error| format!("{}: {error}", path.display()))?,
        };
        let append = || OpenOptions::new().create(true).append(true).open(path);
        if written.is_empty() {
            let mut file = append()?;
            write_line(&mut file, &Run { badges, now: now.format(&Rfc3339)? })?;
            return Ok(Self { file, now, outcomes: BTreeMap::new() });
        }
        let (run, lines) = contents(path, &written)?;
        if run.badges != badges {
            return Err(format!("{} is the state of a run on {}", path.display(), run.badges).into());
        }
        let (now, outcomes) = (OffsetDateTime::parse(&run.now, &Rfc3339)?, parse(path, lines)?);
        let file = append()?;
        file.set_len(u64::try_from(whole_lines(&written).len())?)?;
        Ok(Self { file, now, outcomes })
    }

    /// The instant at which badges are judged.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// Whether a badge is done.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.outcomes.contains_key(name)
    }

    /// Everything that was found out, sorted by name.
    pub(crate) fn outcomes(&self) -> &BTreeMap<String, Outcome> {
        &self.outcomes
    }

    /// Writes down what was found out.
    pub(crate) fn add(&mut self, outcome: Outcome) -> io::Result<()> {
        write_line(&mut self.file, &outcome)?;
        self.outcomes.insert(outcome.name.clone(), outcome);
        Ok(())
    }
}

/// The outcomes of an earlier run.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, Outcome>, Box<dyn Error>> {
    let written = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (_, lines) = contents(path, &written)?;
    parse(path, lines)
}

/// The run that a file is the state of, and what it found out.
fn contents<'b>(path: &Path, written: &'b [u8]) -> Result<(Run, &'b str), Box<dyn Error>> {
    let lines = str::from_utf8(whole_lines(written)).ok().and_then(|text| text.split_once('\n'));
    let contents = lines.and_then(|(first, rest)| Some((serde_json::from_str(first).ok()?, rest)));
    contents.ok_or_else(|| format!("{} is no state of a run", path.display()).into())
}

fn parse(path: &Path, lines: &str) -> Result<BTreeMap<String, Outcome>, Box<dyn Error>> {
    let outcome = |line: &str| match serde_json::from_str::<Outcome>(line) {
        Ok(outcome) => Ok((outcome.name.clone(), outcome)),
        Err(error) => Err(format!("{}: {error}", path.display()).into()),
    };
    lines.lines().map(outcome).collect()
}

/// What was written, up to the last end of a line.
fn whole_lines(written: &[u8]) -> &[u8] {
    let end = written.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    written.get(..end).unwrap_or_default()
}

/// Writes a line, in one piece, and keeps nothing back.
fn write_line(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    file.write_all((serde_json::to_string(line)? + "\n").as_bytes())
}

/// Whether both are there, and are one file.
fn is_same_file(left: &Path, right: &Path) -> bool {
    fs::canonicalize(left).is_ok_and(|left| fs::canonicalize(right).is_ok_and(|right| left == right))
}
