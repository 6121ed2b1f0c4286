//! How long a whole verification takes, from a file's bytes to the report, with every document at hand.
//!
//! Beside each stands its floor: the raw check of the signatures in it, in the same run.
//!
//! `cargo bench --bench pipeline` runs it all; `cargo bench --bench pipeline -- table` measures and prints the table only.

#![allow(clippy::expect_used, clippy::indexing_slicing)] // its input is made here or this repository's

mod support;

use std::hint::black_box;
use std::io::Read as _;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::Throughput;
use flate2::bufread::GzDecoder;
use openbadges::proof::{Algorithm, PublicKey};
use openbadges::resource::{Request, Response, Retrieval, Target, Unavailable};
use openbadges::{Documents, Policy, Report, Status, Step, Verifier};
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;

use support::badges::{self, Signature};
use support::measure::{Floor, Row, Session};
use support::{file, text};

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

fn main() {
    let mut session = Session::new();
    let verifier = Verifier::new(Policy::strict());
    open_badges_2(&mut session, &verifier);
    jwts(&mut session, &verifier);
    data_integrity(&mut session, &verifier);
    with_status_list(&mut session, &verifier);
    rounds(&mut session, &verifier);
    threads(&mut session, &verifier);
    session.finish();
}

/// A badge with all that is needed to judge it.
struct Case {
    input: Vec<u8>,
    documents: Documents,
}

impl Case {
    /// A badge that is valid, with the documents of `tests/badges` that it asks for.
    fn new(verifier: &Verifier, input: Vec<u8>) -> Self {
        let served = served();
        let mut documents = Documents::default();
        let report = verifier.begin(&input, NOW).expect("a badge").run(|request| {
            let retrieval = answer(&served, request);
            documents.insert(request.target().clone(), retrieval.clone());
            retrieval
        });
        assert_eq!(report.status(), Status::Valid, "{report}");
        Self { input, documents }
    }

    fn verify(&self, verifier: &Verifier) -> Report {
        verifier.resume(&self.input, self.documents.clone(), NOW).expect("a badge").offline()
    }
}

const ONE: Throughput = Throughput::Elements(1);

fn open_badges_2(session: &mut Session, verifier: &Verifier) {
    for name in ["hosted.png", "hosted.svg", "hosted.json"] {
        let case = Case::new(verifier, file(&format!("ob2/{name}")));
        session.alone(&format!("OB 2.0/{name}"), &ONE, || case.verify(verifier));
    }
    let key: Value = serde_json::from_slice(&file("documents/rowing.example/keys/1.json")).expect("JSON");
    let key = PublicKey::from_pem(key["publicKeyPem"].as_str().expect("a key")).expect("a key");
    let signature = Signature::of_jws(&text("ob2/signed.jws"), key, Algorithm::Rs256);
    for name in ["signed.jws", "signed.png", "signed.svg"] {
        let case = Case::new(verifier, file(&format!("ob2/{name}")));
        let id = format!("OB 2.0/{name} (RS256)");
        session.beside(&id, &ONE, || case.verify(verifier), "raw RS256", Some(2.5), || signature.verify());
    }
}

fn jwts(session: &mut Session, verifier: &Verifier) {
    for algorithm in badges::ALGORITHMS {
        let (jws, signature) = badges::jwt(algorithm);
        let case = Case::new(verifier, jws.into_bytes());
        let (id, floor) =
            (format!("OB 3.0 JWT/{}", algorithm.as_str()), format!("raw {}", algorithm.as_str()));
        session.beside(&id, &ONE, || case.verify(verifier), &floor, Some(2.0), || signature.verify());
    }
}

fn data_integrity(session: &mut Session, verifier: &Verifier) {
    for (suite, evidence, name, most) in [
        ("eddsa-rdfc-2022", 0, "", Some(2.5)),
        ("eddsa-rdfc-2022", 110, ", 110 pieces of evidence", None),
        ("eddsa-jcs-2022", 0, "", None),
        ("eddsa-jcs-2022", 110, ", 110 pieces of evidence", None),
    ] {
        let (input, signature) = badges::sealed(suite, evidence);
        let case = Case::new(verifier, input);
        let id = format!("OB 3.0 Data Integrity/{suite}{name}");
        session.beside(&id, &ONE, || case.verify(verifier), "raw Ed25519", most, || signature.verify());
    }
}

/// A badge with a status list, whose own proof is checked too: two signatures, and the list inflated.
fn with_status_list(session: &mut Session, verifier: &Verifier) {
    let list: Value =
        serde_json::from_slice(&file("documents/library.example/status/revocation.json")).expect("JSON");
    let encoded = list["credentialSubject"]["encodedList"]
        .as_str()
        .and_then(|list| list.strip_prefix('u'))
        .expect("a list");
    let (_, signature) = badges::sealed("eddsa-rdfc-2022", 0);
    let bare = || {
        signature.verify();
        signature.verify();
        let compressed = URL_SAFE_NO_PAD.decode(encoded).expect("base64");
        GzDecoder::new(compressed.as_slice()).read_to_end(&mut Vec::new())
    };
    for name in ["integrity.json", "integrity.png", "integrity.svg"] {
        let case = Case::new(verifier, file(&format!("ob3/{name}")));
        let id = format!("OB 3.0 Data Integrity/{name}, with a list of 131,072 entries");
        session.beside(&id, &ONE, || case.verify(verifier), "2 raw Ed25519 and gzip", Some(3.0), bare);
    }
}

/// Documents that come one by one, each in a round of its own, beside the same documents all at hand.
fn rounds(session: &mut Session, verifier: &Verifier) {
    for (name, path) in
        [("OB 2.0 signed", "ob2/signed.jws"), ("eddsa-rdfc-2022 with a list", "ob3/integrity.json")]
    {
        let case = Case::new(verifier, file(path));
        let one_by_one = || {
            let mut step = verifier.begin(&case.input, NOW).expect("a badge");
            loop {
                match step {
                    Step::Done(report) => break report,
                    Step::Need(pending) => {
                        let target = pending.requests().first().expect("a request").target().clone();
                        let retrieval =
                            case.documents.get(&target).cloned().unwrap_or(Err(Unavailable::Declined));
                        step = pending.supply([(target, retrieval)]);
                    }
                }
            }
        };
        assert_eq!(one_by_one().status(), Status::Valid);
        let id = format!("documents one by one/{name}, {} documents", case.documents.iter().count());
        session.beside(&id, &ONE, one_by_one, "all at hand", None, || case.verify(verifier));
    }
}

/// One and two threads that share a verifier, each with the same amount of work; and, to see what the machine has to
/// give, the same with work that shares nothing. The work is short, so that it sometimes has both cores for itself.
fn threads(session: &mut Session, verifier: &Verifier) {
    for (name, input) in [
        ("OB 2.0 hosted", file("ob2/hosted.json")),
        ("OB 2.0 RS256", file("ob2/signed.png")),
        ("JWT EdDSA", file("ob3/jwt.jws")),
        ("eddsa-rdfc-2022 with a list", file("ob3/integrity.json")),
    ] {
        let case = Case::new(verifier, input);
        let verifications = || (0..2).for_each(|_| drop(black_box(case.verify(verifier))));
        session.try_out(&format!("threads/1: {name}"), || seconds(1, &verifications));
        session.try_out(&format!("threads/2: {name}"), || seconds(2, &verifications));
        compare_threads(session, &format!("threads/2, each with 2 of {name}"), &verifications);
    }
    for algorithm in [Algorithm::EdDsa, Algorithm::Rs256] {
        let (_, signature) = badges::jwt(algorithm);
        let signatures = || (0..4).for_each(|_| signature.verify());
        compare_threads(session, &format!("threads/2, each with 4 raw {}", algorithm.as_str()), &signatures);
    }
}

fn compare_threads(session: &mut Session, id: &str, work: &(impl Fn() + Sync)) {
    if !session.wants(id) {
        return;
    }
    let mut best = (f64::INFINITY, f64::INFINITY);
    for _ in 0..2000 {
        best = (best.0.min(seconds(1, work)), best.1.min(seconds(2, work)));
    }
    // Twice the work in 1.05 of the time is 1.9 times as fast.
    let floor = Floor { what: "one thread with as many".to_owned(), time: best.0, most: Some(1.05) };
    session.push(Row { what: id.to_owned(), time: best.1, floor: Some(floor) });
}

/// How long so many threads take to do all of the work each. They have done it once, so that each has its memory, and
/// wait for each other before they begin. The main thread only waits: its memory is managed in another way.
fn seconds(threads: usize, work: &(impl Fn() + Sync)) -> f64 {
    let barrier = Barrier::new(threads);
    let run = || {
        work();
        barrier.wait();
        let start = Instant::now();
        work();
        (start, Instant::now())
    };
    let times: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
    });
    let start = times.iter().map(|(start, _)| *start).min().expect("a thread");
    let end = times.iter().map(|(_, end)| *end).max().expect("a thread");
    (end - start).as_secs_f64()
}

fn answer(served: &Documents, request: &Request) -> Retrieval {
    served.get(request.target()).cloned().unwrap_or(Err(Unavailable::Declined))
}

/// Everything that the suite of `tests/badges` says is served.
fn served() -> Documents {
    let suite: Value = serde_json::from_slice(&file("suite.json")).expect("JSON");
    let mut documents = Documents::default();
    for entry in suite["documents"].as_array().expect("a list") {
        let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
        let target = Target::try_from(text("url")).expect("a URL or a DID");
        let url = match &target {
            Target::Url(url) => url.clone(),
            _ => "https://library.example/.well-known/did.json".parse().expect("a URL"),
        };
        documents.insert(target, Ok(Response::new(200, url, file(&text("file")), NOW)));
    }
    documents
}
