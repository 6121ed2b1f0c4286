//! Keeps what a verdict rests on, and reaches it again later without a network: for an archive, for an appeal, for a
//! machine that is not connected.
//!
//! Run it with `cargo run --example offline_bundle`; an argument names the file to keep the bundle in. Files of the
//! repository stand for the network: a real host fetches there, for instance with the feature `fetch`.
//!
//! A bundle is one JSON file: the instant of the verdict, and the documents as [`Documents`] writes them, each a `target`
//! (a URL or a DID) with a `response` (`status`, `final_url`, `hops`, `media_type`, `retrieved_at`, and `body` in base64)
//! or with the reason why it is `unavailable`. The badge itself stays the file that it is.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use openbadges::proof::did;
use openbadges::resource::{Documents, Request, Response, Retrieval, Target, Unavailable};
use openbadges::{Policy, Status, Verifier};
use serde::{Deserialize, Serialize};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// What a verdict rests on, besides the badge and the policy.
///
/// Trust it as you trust whoever could write to it since.
#[derive(Serialize, Deserialize)]
struct Bundle {
    #[serde(with = "time::serde::rfc3339")]
    judged: OffsetDateTime,
    documents: Documents,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).map_or_else(|| env::temp_dir().join("bundle.json"), PathBuf::from);
    let badge = fs::read("tests/badges/ob3/integrity.png")?;
    let verifier = Verifier::new(Policy::strict());

    // With a network: whatever is fetched is kept too.
    let mut bundle = Bundle { judged: datetime!(2026-06-01 12:00 UTC), documents: Documents::default() };
    let first = verifier.begin(&badge, bundle.judged)?.run(|request| {
        let answer = fetch(request, bundle.judged);
        bundle.documents.insert(request.target().clone(), answer.clone());
        answer
    });
    fs::write(&path, serde_json::to_string_pretty(&bundle)?)?;
    println!("{first}\nkept in {}: {} documents\n", path.display(), bundle.documents.iter().count());

    // Without one: the same input, documents, policy and instant give the same report, byte for byte.
    let bundle: Bundle = serde_json::from_str(&fs::read_to_string(&path)?)?;
    let again = verifier.resume(&badge, bundle.documents.clone(), bundle.judged)?.offline();
    assert_eq!(serde_json::to_string(&first)?, serde_json::to_string(&again)?);
    assert_eq!(again.status(), Status::Valid);
    println!("again, offline: {}", again.status());

    // A bundle says what was true then. Whether the badge has been revoked since, only the network knows.
    let later = verifier.resume(&badge, bundle.documents, bundle.judged + Duration::days(2))?.offline();
    assert_eq!(later.status(), Status::Unverified);
    println!("two days later, offline: {later}");
    Ok(())
}

/// Stands for the network: `https://HOST/PATH` lies in `tests/badges/documents/HOST/PATH`.
fn fetch(request: &Request, now: OffsetDateTime) -> Retrieval {
    let url = match request.target() {
        Target::Url(url) => url.clone(),
        Target::Did(did) => did::web_url(did).map_err(|_| Unavailable::Declined)?,
        _ => return Err(Unavailable::Declined),
    };
    let path = Path::new("tests/badges/documents").join(url.host_str().unwrap_or_default());
    let body = fs::read(path.join(url.path().trim_start_matches('/')));
    body.map(|body| Response::new(200, url, body, now)).map_err(|_| Unavailable::Declined)
}
