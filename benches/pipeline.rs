//! How long a whole verification takes, from a file's bytes to the report, with every document at hand.

#![allow(clippy::expect_used, clippy::indexing_slicing)] // its input is this repository's

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput};
use openbadges::resource::{Response, Target};
use openbadges::{Documents, Policy, Report, Status, Verifier};
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    pipeline(&mut criterion);
    criterion.final_summary();
}

fn pipeline(criterion: &mut Criterion) {
    let verifier = Verifier::new(Policy::strict());
    let documents = documents();
    let mut group = criterion.benchmark_group("pipeline");
    for (name, file) in [
        ("png_ob2_hosted", "ob2/hosted.png"),
        ("png_ob2_signed_rs256", "ob2/signed.png"),
        ("svg_ob3_jwt_eddsa", "ob3/jwt.svg"),
        ("json_ob3_eddsa_rdfc_2022", "ob3/integrity.json"),
    ] {
        let input = read(file);
        let verify = |documents: Documents| -> Report {
            verifier.resume(black_box(&input), documents, NOW).expect("a badge").offline()
        };
        assert_eq!(verify(documents.clone()).status(), Status::Valid, "{file}");
        group.throughput(Throughput::Elements(1));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| documents.clone(), verify, BatchSize::SmallInput);
        });
    }
    group.finish();
}

/// Everything that the suite says is served, as a bundle.
fn documents() -> Documents {
    let suite: Value = serde_json::from_slice(&read("suite.json")).expect("JSON");
    let mut documents = Documents::default();
    for entry in suite["documents"].as_array().expect("a list") {
        let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
        let target = Target::try_from(text("url")).expect("a URL or a DID");
        let url = match &target {
            Target::Url(url) => url.clone(),
            _ => "https://library.example/.well-known/did.json".parse().expect("a URL"),
        };
        documents.insert(target, Ok(Response::new(200, url, read(&text("file")), NOW)));
    }
    documents
}

fn read(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badges");
    fs::read(folder.join(file)).expect("a file of this repository")
}
