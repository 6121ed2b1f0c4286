//! How long each stage takes, by the size of what it is given.

#![allow(clippy::expect_used, clippy::indexing_slicing)] // its input is this repository's

use std::fs;
use std::hint::black_box;
use std::io::{Cursor, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use flate2::{Compression, write::GzEncoder};
use openbadges::badge::{self, Badge};
use openbadges::jsonld::{self, ContextStore};
use openbadges::jws::CompactJws;
use openbadges::limits::{Limit, Limits};
use openbadges::proof::{self, Algorithm, PublicKey};
use openbadges::rdfc::{self, HashAlgorithm};
use openbadges::recipient::{Confirmation, KnownIdentity, match_recipient};
use openbadges::revocation::BitString;
use openbadges::sniff::sniff;
use openbadges::unbake::{Payload, Standard, unbake, unbake_reader};
use serde_json::{Value, json};

const MIB: usize = 1024 * 1024;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    sniffing(&mut criterion);
    unbaking(&mut criterion);
    reading(&mut criterion);
    statements(&mut criterion);
    signatures(&mut criterion);
    status_lists(&mut criterion);
    recipients(&mut criterion);
    criterion.final_summary();
}

/// The length of what is worked on in one go, as criterion counts.
fn bytes(input: &[u8]) -> Throughput {
    Throughput::Bytes(count(input.len()))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).expect("a small number")
}

fn sniffing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sniff");
    let long_prolog = format!("<!-- {} -->{}", "x".repeat(MIB), text("blank.svg").trim_start());
    let long_prolog = long_prolog.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "");
    for (name, input) in [
        ("png", file("ob3/integrity.png")),
        ("svg", file("ob3/integrity.svg")),
        ("svg_behind_1_mib", long_prolog.into_bytes()),
        ("jws", file("ob3/jwt.jws")),
        ("json", file("ob3/integrity.json")),
    ] {
        assert!(sniff(&input).is_some(), "{name}");
        group.throughput(bytes(&input));
        group.bench_function(name, |bencher| bencher.iter(|| sniff(black_box(&input))));
    }
    group.finish();
}

/// The badge stands before or behind as much image data as may be, in chunks of the size that encoders write.
fn unbaking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("unbake");
    let limits = Limits::default();
    let badge = text("ob3/integrity.json");
    for (size, mib) in [("1_mib", 1), ("10_mib", 10)] {
        let image_data = mib * MIB - 64 * 1024;
        for (place, image) in [
            ("in_front", png(&[text_chunk(&badge), idat(image_data)])),
            ("behind", png(&[idat(image_data), text_chunk(&badge)])),
        ] {
            assert!(unbake(&image, &limits).is_ok(), "{size} {place}");
            group.throughput(bytes(&image));
            group.bench_function(format!("png_{size}/{place}"), |bencher| {
                bencher.iter(|| unbake(black_box(&image), &limits));
            });
            group.bench_function(format!("png_{size}_seeking/{place}"), |bencher| {
                bencher.iter(|| unbake_reader(Cursor::new(black_box(&image)), &limits));
            });
        }
    }
    let paths = "<path d=\"M1 2 L3 4 C5 6 7 8 9 10 Z\" fill=\"#123456\"/>\n".repeat(MIB / 52);
    let svg = text("ob3/integrity.svg").replace("</svg>", &format!("{paths}</svg>"));
    for (name, image) in [("svg_small", file("ob3/integrity.svg")), ("svg_1_mib", svg.into_bytes())] {
        assert!(unbake(&image, &limits).is_ok(), "{name}");
        group.throughput(bytes(&image));
        group.bench_function(name, |bencher| bencher.iter(|| unbake(black_box(&image), &limits)));
    }
    group.finish();
}

/// JSON, and the badge that it is.
fn reading(criterion: &mut Criterion) {
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("read");
    for (name, payload) in [
        ("ob2", file("ob2/hosted.json")),
        ("ob3", file("ob3/integrity.json")),
        ("ob3_1000_evidence", credential(1000).to_string().into_bytes()),
    ] {
        let input = Payload::Json(payload.clone());
        assert!(badge::document(&input, &limits).is_ok(), "{name}");
        group.throughput(bytes(&payload));
        group.bench_function(BenchmarkId::new("json", name), |bencher| {
            bencher.iter(|| badge::document(black_box(&input), &limits));
        });
        group.bench_function(BenchmarkId::new("badge", name), |bencher| {
            bencher.iter(|| Badge::read(black_box(&input), &limits));
        });
    }
    group.finish();
}

/// From JSON-LD to canonical statements, by the number of blank nodes.
fn statements(criterion: &mut Criterion) {
    let limits = Limits::default();
    let contexts = ContextStore::bundled();
    let mut group = criterion.benchmark_group("statements");
    for evidence in [1, 10, 100, 1000] {
        let credential = credential(evidence);
        let to_quads = |document| jsonld::to_quads(document, &contexts, &jsonld::Options::default(), &limits);
        let quads = to_quads(&credential).expect("a document that its contexts define");
        group.throughput(Throughput::Elements(count(quads.len())));
        group.bench_function(BenchmarkId::new("to_quads", evidence), |bencher| {
            bencher.iter(|| to_quads(black_box(&credential)));
        });
        group.bench_function(BenchmarkId::new("rdfc", evidence), |bencher| {
            bencher.iter(|| rdfc::canonicalize(black_box(&quads), HashAlgorithm::Sha256, &limits));
        });
    }
    // What the first badge costs of all that a process sees: later ones find the contexts processed.
    let credential = credential(1);
    let unused = || contexts.clone().with_document("https://example.org/unused", json!({"@context": {}}));
    group.throughput(Throughput::Elements(1));
    group.bench_function("to_quads_first", |bencher| {
        bencher.iter_batched(
            || unused().expect("a context"),
            |contexts| {
                let options = jsonld::Options::default();
                jsonld::to_quads(black_box(&credential), &contexts, &options, &limits)
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn signatures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("signature");
    let issuer: Value = serde_json::from_slice(&file("documents/museum.example/issuer.json")).expect("JSON");
    let multikey = issuer["verificationMethod"][0]["publicKeyMultibase"].as_str().expect("a key");
    let ed25519 = PublicKey::from_multikey(multikey).expect("a key");
    let jws = |path: &str| CompactJws::parse(text(path).trim(), &Limits::default()).expect("a JWS");
    let rs256 = jws("ob3/jwt-rs256.jws");
    let rsa = PublicKey::from_jwk(rs256.header()["jwk"].as_object().expect("a JWK")).expect("a key");
    for (name, algorithm, key, jws) in
        [("ed25519", Algorithm::EdDsa, ed25519, jws("ob3/jwt.jws")), ("rs256", Algorithm::Rs256, rsa, rs256)]
    {
        let verify = || proof::verify(&key, algorithm, black_box(jws.signing_input()), jws.signature());
        assert_eq!(verify(), Ok(()), "{name}");
        group.throughput(Throughput::Elements(1));
        group.bench_function(name, |bencher| bencher.iter(verify));
    }
    group.finish();
}

/// A list of the least length that the specification allows: almost empty, and with as many set bits as not.
fn status_lists(criterion: &mut Criterion) {
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("status_list_131072");
    let list: Value =
        serde_json::from_slice(&file("documents/library.example/status/revocation.json")).expect("JSON");
    let sparse = list["credentialSubject"]["encodedList"].as_str().expect("a list").to_owned();
    for (name, encoded) in [("sparse", sparse), ("dense", encoded_list(&noise(131_072 / 8)))] {
        let look_up = || BitString::decode(black_box(&encoded), &limits).map(|list| list.entry(94_567, 1));
        assert!(matches!(look_up(), Ok(Ok(_))), "{name}");
        group.throughput(Throughput::Bytes(131_072 / 8));
        group.bench_function(name, |bencher| bencher.iter(look_up));
    }
    group.finish();
}

/// By the number of identities of the badge, each with its own salt; the host knows three, and none is meant.
fn recipients(criterion: &mut Criterion) {
    let limits = Limits::default();
    let known = ["ada@example.com", "a.l@example.org", "countess@example.net"]
        .map(|email| KnownIdentity::new("email", email, Confirmation::Confirmed));
    let mut group = criterion.benchmark_group("recipient");
    let most = usize::try_from(limits.get(Limit::Identities)).expect("a small number");
    for identities in [1, 10, most] {
        let mut credential = credential(1);
        let identity = |index| {
            json!({
                "type": "IdentityObject",
                "identityType": "emailAddress",
                "hashed": true,
                "salt": format!("salt {index}"),
                "identityHash": format!("sha256${}", "0".repeat(64)),
            })
        };
        credential["credentialSubject"]["identifier"] = (0..identities).map(identity).collect();
        let badge = Badge::read_json(credential).expect("a badge").value.expect("all is there");
        let compare = || match_recipient(black_box(&badge), &known, &limits);
        assert_eq!(compare().as_str(), "mismatch");
        group.throughput(Throughput::Elements(count(identities)));
        group.bench_function(BenchmarkId::from_parameter(identities), |bencher| bencher.iter(compare));
    }
    group.finish();
}

/// A badge with as many pieces of evidence, which are blank nodes.
fn credential(evidence: usize) -> Value {
    let mut credential: Value = serde_json::from_slice(&file("ob3/integrity.json")).expect("JSON");
    credential.as_object_mut().expect("an object").remove("proof");
    credential["evidence"] = (0..evidence)
        .map(|index| json!({"type": ["Evidence"], "name": format!("Evening {index}"), "narrative": "A story."}))
        .collect();
    credential
}

/// A PNG of these chunks. It has no pixels to speak of: nothing here decodes them.
fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = chunk(b"IHDR", &[0, 0, 4, 0, 0, 0, 4, 0, 8, 6, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), header, chunks.concat(), chunk(b"IEND", &[])].concat()
}

fn text_chunk(badge: &str) -> Vec<u8> {
    let keyword = Standard::OpenBadges3.keyword().as_bytes();
    chunk(b"iTXt", &[keyword, &[0; 5], badge.as_bytes()].concat())
}

/// Image data in chunks of 8 KiB, as encoders write it.
fn idat(length: usize) -> Vec<u8> {
    noise(length).chunks(8 * 1024).flat_map(|data| chunk(b"IDAT", data)).collect()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("a short chunk").to_be_bytes();
    let body = [kind.as_slice(), data].concat();
    let checksum = crc32fast::hash(&body).to_be_bytes();
    [length.as_slice(), &body, &checksum].concat()
}

fn encoded_list(bytes: &[u8]) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a `Vec` takes everything");
    format!("u{}", URL_SAFE_NO_PAD.encode(encoder.finish().expect("a `Vec` takes everything")))
}

/// Bytes that do not compress and are always the same (xorshift64).
fn noise(length: usize) -> Vec<u8> {
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

fn file(path: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badges");
    fs::read(folder.join(path)).expect("a file of this repository")
}

fn text(path: &str) -> String {
    String::from_utf8(file(path)).expect("UTF-8")
}
