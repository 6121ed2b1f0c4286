//! Times work beside a floor in one run, and prints the ratios as a table.
//!
//! The machine may be busy with other things, which makes everything slower, but never faster: so the fastest of many
//! runs counts, and work and floor take turns.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};

/// Benches of criterion, and the table of what they cost.
pub(crate) struct Session {
    criterion: Criterion,
    /// What criterion is asked to run, if not all.
    filters: Vec<String>,
    /// Whether anything is measured, and not only tried.
    is_measured: bool,
    rows: Vec<Row>,
}

/// A row of the table. Times are in seconds.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) time: f64,
    pub(crate) floor: Option<Floor>,
}

/// What some work is compared with.
pub(crate) struct Floor {
    pub(crate) what: String,
    pub(crate) time: f64,
    /// The highest ratio that is good enough.
    pub(crate) most: Option<f64>,
}

impl Session {
    pub(crate) fn new() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let has = |name: &str| arguments.iter().any(|argument| argument == name);
        let criterion = Criterion::default()
            .sample_size(20)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(400))
            .configure_from_args();
        Self {
            criterion,
            is_measured: has("--bench") && !has("--test") && !has("--list"),
            filters: arguments.into_iter().filter(|argument| !argument.starts_with('-')).collect(),
            rows: Vec::new(),
        }
    }

    /// Times some work by itself.
    pub(crate) fn alone<T>(&mut self, id: &str, size: &Throughput, mut work: impl FnMut() -> T) {
        self.criterion(id, size, &mut work);
        if self.wants(id) {
            self.rows.push(Row { what: id.to_owned(), time: fastest(&mut work), floor: None });
        }
    }

    /// Times some work beside its floor.
    pub(crate) fn beside<T, U>(
        &mut self,
        id: &str,
        size: &Throughput,
        mut work: impl FnMut() -> T,
        floor: &str,
        most: Option<f64>,
        mut bare: impl FnMut() -> U,
    ) {
        self.criterion(id, size, &mut work);
        self.criterion(&format!("{id}/floor: {floor}"), size, &mut bare);
        if self.wants(id) {
            let (time, bare) = fastest_of_both(&mut work, &mut bare);
            self.push(Row {
                what: id.to_owned(),
                time,
                floor: Some(Floor { what: floor.to_owned(), time: bare, most }),
            });
        }
    }

    /// Has criterion run something that takes long.
    pub(crate) fn try_out<T>(&mut self, id: &str, mut work: impl FnMut() -> T) {
        self.criterion(id, &Throughput::Elements(1), &mut work);
    }

    /// Whether something is to be measured for the table.
    pub(crate) fn wants(&self, id: &str) -> bool {
        let is_asked = |filter: &String| filter == "table" || id.contains(filter.as_str());
        self.is_measured && (self.filters.is_empty() || self.filters.iter().any(is_asked))
    }

    /// Adds to the table what was measured in another way.
    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    fn criterion<T>(&mut self, id: &str, size: &Throughput, work: &mut impl FnMut() -> T) {
        let (group, name) = id.split_once('/').expect("a group and a name");
        let mut group = self.criterion.benchmark_group(group);
        group.throughput(size.clone());
        group.bench_function(name, |bencher| bencher.iter(&mut *work));
        group.finish();
    }

    /// Prints the table.
    #[allow(clippy::print_stdout)] // that is what it is for
    pub(crate) fn finish(self) {
        self.criterion.final_summary();
        if !self.rows.is_empty() {
            println!("\n{}", table(&self.rows));
        }
    }
}

/// The rows in Markdown.
fn table(rows: &[Row]) -> String {
    let mut text = "| what | time | floor | time of the floor | ratio | at most |\n".to_owned();
    text += "|---|---:|---|---:|---:|---:|\n";
    for Row { what, time, floor } in rows {
        let what = what.replacen('/', ": ", 1);
        let time_text = duration(*time);
        let written = match floor {
            None => writeln!(text, "| {what} | {time_text} | | | | |"),
            Some(Floor { what: floor, time: bare, most }) => {
                let most = most.map(|most| format!("{most}")).unwrap_or_default();
                writeln!(
                    text,
                    "| {what} | {time_text} | {floor} | {} | {:.2} | {most} |",
                    duration(*bare),
                    time / bare
                )
            }
        };
        written.expect("a `String` takes everything");
    }
    text
}

fn duration(seconds: f64) -> String {
    match seconds {
        _ if seconds < 1e-6 => format!("{:.0} ns", seconds * 1e9),
        _ if seconds < 1e-4 => format!("{:.1} µs", seconds * 1e6),
        _ if seconds < 1e-3 => format!("{:.0} µs", seconds * 1e6),
        _ => format!("{:.1} ms", seconds * 1e3),
    }
}

/// Seconds of one run.
pub(crate) fn fastest<T>(work: &mut impl FnMut() -> T) -> f64 {
    let count = batch(work);
    let start = Instant::now();
    let mut best = f64::INFINITY;
    for round in 0.. {
        if round >= 30 && start.elapsed() > Duration::from_millis(250) {
            break;
        }
        best = best.min(time(work, count));
    }
    best
}

/// Seconds of one run of each, which take turns.
fn fastest_of_both<T, U>(work: &mut impl FnMut() -> T, bare: &mut impl FnMut() -> U) -> (f64, f64) {
    let counts = (batch(work), batch(bare));
    let start = Instant::now();
    let mut best = (f64::INFINITY, f64::INFINITY);
    for round in 0.. {
        if round >= 30 && start.elapsed() > Duration::from_millis(500) {
            break;
        }
        best.0 = best.0.min(time(work, counts.0));
        best.1 = best.1.min(time(bare, counts.1));
    }
    best
}

/// How many runs take long enough to be timed.
fn batch<T>(work: &mut impl FnMut() -> T) -> u32 {
    let mut count = 1;
    while count < 1 << 20 && time(work, count) * f64::from(count) < 100e-6 {
        count *= 2;
    }
    count
}

/// Seconds of one of so many runs.
fn time<T>(work: &mut impl FnMut() -> T, count: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..count {
        black_box(work());
    }
    start.elapsed().as_secs_f64() / f64::from(count)
}
