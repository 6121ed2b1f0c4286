//! Re-checks stored badges against fresh documents, and says what has changed about them.
//!
//! `cargo run --release -p bulk-recheck -- BADGES --documents FOLDER --state FILE`
//!
//! It shows what a host does once a night: every badge is verified anew, on all processors; each outcome is written down
//! at once, so that a run that was interrupted goes on where it stopped; and the outcomes of one run are what the next
//! one compares with. Nothing is fetched: a folder holds what the issuers serve.
//!
//! `badges` finds the badges, `documents` answers for their issuers, `state` keeps what was found out.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a program has files and a clock

mod badges;
mod documents;
mod state;

use std::error::Error;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, io, sync, thread};

use badges::Stored;
use documents::Folder;
use indicatif::{ProgressBar, ProgressStyle};
use openbadges::import::{Change, Objection, recheck};
use openbadges::{Policy, Verifier};
use state::{Found, Outcome, State};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const HELP: &str = "\
Verifies stored badges anew and says what has changed about them. Nothing is fetched.

usage: bulk-recheck BADGES --documents FOLDER --state FILE [options]

  BADGES              a folder of badges; or a file of lines such as {\"file\": \"ada.png\", \"record\": {...}}, where the
                      record of an imported badge may be left out
  --documents FOLDER  what issuers serve: https://HOST/PATH lies at FOLDER/HOST/PATH; what is not in the folder of a host
                      is answered with 404, and a host without a folder cannot be asked
  --state FILE        where each outcome is written as soon as it is known; the same command with the same file goes on
                      with a run that was interrupted
  --before FILE       the state of an earlier run, to compare with
  --now TIME          judge at this instant, such as 2026-06-01T12:00:00Z; otherwise, now
  --threads NUMBER    how many badges to verify at once; otherwise, one for each processor

exit code: 0 nothing has changed · 1 something has changed, or could not be read · 2 the run could not be made";

fn main() -> ExitCode {
    let outcome = match Options::read(env::args().skip(1)) {
        Ok(Some(options)) => run(&options),
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => Err(format!("{error}\n\n{HELP}").into()),
    };
    match outcome {
        Ok(has_changes) => ExitCode::from(u8::from(has_changes)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Verifies what is not done yet, and tells what came of all; whether anything has changed.
fn run(options: &Options) -> Result<bool, Box<dyn Error>> {
    let before = options.before.as_deref().map(state::read).transpose()?.unwrap_or_default();
    let mut open = badges::find(&options.badges)?;
    let mut state = State::open(&options.state, &options.badges, options.now)?;
    open.retain(|badge| !state.has(&badge.name));
    eprintln!("{} done before, {} to do", state.outcomes().len(), open.len());

    let documents = Folder::new(&options.documents, state.now());
    let verifier = Verifier::new(Policy::strict());
    let check = |badge: &Stored| outcome(badge, before.get(&badge.name), &verifier, &documents);
    let bar = ProgressBar::new(u64::try_from(open.len())?)
        .with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}")?);
    in_parallel(&open, options.threads, check, |outcome| {
        bar.inc(1);
        state.add(outcome)
    })?;
    bar.finish_and_clear();

    let mut unchanged = 0;
    for (name, outcome) in state.outcomes() {
        match outcome.in_words() {
            Some(words) => println!("{name}: {words}"),
            None => unchanged += 1,
        }
    }
    println!("{} badges, {unchanged} unchanged", state.outcomes().len());
    Ok(unchanged < state.outcomes().len())
}

/// Verifies a badge, and compares the outcome with what is known of it: the report of an earlier run, or its record.
fn outcome(badge: &Stored, before: Option<&Outcome>, verifier: &Verifier, documents: &Folder) -> Outcome {
    let found = |found| Outcome { name: badge.name.clone(), found };
    let unreadable = |message| found(Found::Unreadable { message });
    let input = match std::fs::read(&badge.file) {
        Ok(input) => input,
        Err(error) => return unreadable(format!("{}: {error}", badge.file.display())),
    };
    let after = match verifier.begin(&input, documents.now()) {
        Ok(step) => step.run(|request| documents.answer(request)),
        Err(error) => return unreadable(Objection::from(&error).message().to_owned()),
    };
    let mut record = badge.record.clone();
    let of_record = match record.as_mut().map(|record| record.update(&after)).transpose() {
        Ok(change) => change,
        Err(error) => return found(Found::RecordKept { message: error.to_string() }),
    };
    let of_report = before.and_then(Outcome::report).map(|before| recheck(before, &after));
    // What was recorded is more than what was reported.
    let change = of_record.or(of_report.as_ref().map(|recheck| recheck.change.clone()));
    let checks = of_report.map(|recheck| recheck.checks).unwrap_or_default();
    let report = match serde_json::to_value(&after).and_then(serde_json::from_value) {
        Ok(report) => report,
        Err(error) => return unreadable(error.to_string()),
    };
    let change = change.filter(|change| *change != Change::Unchanged);
    found(Found::Judged(Box::new(state::Judged::new(change.as_ref(), &checks, report, record))))
}

/// Does all the work on so many threads, and hands over what comes of each piece on this one, as it comes.
fn in_parallel<W: Sync, O: Send>(
    work: &[W],
    threads: usize,
    check: impl Fn(&W) -> O + Sync,
    mut done: impl FnMut(O) -> io::Result<()>,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, outcomes) = sync::mpsc::sync_channel(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, check) = (sender.clone(), &next, &check);
            scope.spawn(move || {
                while let Some(piece) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Nobody listens any longer once an outcome could not be written.
                    if sender.send(check(piece)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        outcomes.into_iter().try_for_each(&mut done)
    })
}

/// What the command line says.
struct Options {
    badges: PathBuf,
    documents: PathBuf,
    state: PathBuf,
    before: Option<PathBuf>,
    now: OffsetDateTime,
    threads: usize,
}

impl Options {
    /// Nothing if help was asked for.
    fn read(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, Box<dyn Error>> {
        let (mut badges, mut documents, mut state, mut before) = (None, None, None, None);
        let mut now = OffsetDateTime::now_utc();
        let mut threads = thread::available_parallelism().map_or(1, NonZero::get);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word}: expected a value"));
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--documents" => documents = Some(value()?.into()),
                "--state" => state = Some(value()?.into()),
                "--before" => before = Some(value()?.into()),
                "--now" => now = OffsetDateTime::parse(&value()?, &Rfc3339)?,
                "--threads" => threads = value()?.parse::<NonZero<usize>>()?.get(),
                option if option.starts_with('-') => return Err(format!("unknown option {option}").into()),
                _ if badges.is_none() => badges = Some(word.into()),
                _ => return Err(format!("unexpected {word}").into()),
            }
        }
        Ok(Some(Self {
            badges: badges.ok_or("no badges are named")?,
            documents: documents.ok_or("--documents is missing")?,
            state: state.ok_or("--state is missing")?,
            before,
            now,
            threads,
        }))
    }
}
