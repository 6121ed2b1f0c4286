//! Verifies a badge in an asynchronous program, with tokio and reqwest: the documents of a round are fetched in parallel.
//!
//! `cargo run -p verify-async -- BADGE`
//!
//! A badge names the URLs to ask, so whoever wrote it chooses where this program connects to. What a client has to see
//! to is in `fetcher.rs`, and small enough to take along.

#![allow(clippy::print_stdout)] // a program

use std::error::Error;
use std::sync::Arc;
use std::{env, fs};

use openbadges::{Policy, Report, Step, Verifier};
use time::OffsetDateTime;
use tokio::task::JoinSet;

mod fetcher;
#[cfg(test)]
mod tests;

use fetcher::Fetcher;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("usage: verify-async BADGE")?;
    let badge = fs::read(&file).map_err(|error| format!("{file}: {error}"))?;

    let verifier = Verifier::new(Policy::strict());
    let fetcher = Arc::new(Fetcher::new(verifier.policy().network())?);
    let report = run(verifier.begin(&badge, clock())?, &fetcher).await;
    println!("{report}");
    Ok(())
}

/// Goes on with a verification to its end. The requests of one round do not depend on each other.
async fn run(mut step: Step<'_>, fetcher: &Arc<Fetcher>) -> Report {
    loop {
        let pending = match step {
            Step::Done(report) => return report,
            Step::Need(pending) => pending,
        };
        let mut round = JoinSet::new();
        for request in pending.requests() {
            let (fetcher, request) = (fetcher.clone(), request.clone());
            round.spawn(async move { (request.target().clone(), fetcher.fetch(&request).await) });
        }
        step = pending.supply(round.join_all().await);
    }
}

/// The crate takes the time from its caller: this is the caller.
#[allow(clippy::disallowed_methods)]
fn clock() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}
