//! How long each stage takes, by the size and shape of what it is given.
//!
//! `cargo bench --bench stages` runs it all; `cargo bench --bench stages -- table` measures and prints the table only.

#![allow(clippy::disallowed_types, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)] // its input is made here

mod support;

use std::fs::File;
use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::Throughput;
use flate2::Compression;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use openbadges::badge::{self, Badge};
use openbadges::jcs;
use openbadges::jsonld::{self, ContextStore};
use openbadges::jws::CompactJws;
use openbadges::limits::{Limit, Limits};
use openbadges::proof::Algorithm;
use openbadges::rdfc::{self, HashAlgorithm};
use openbadges::recipient::{Confirmation, KnownIdentity, match_recipient};
use openbadges::revocation::{BitString, look_up};
use openbadges::sniff::sniff;
use openbadges::unbake::{Payload, png_damage, unbake, unbake_reader};
use serde_json::{Value, json};

use support::images::{KB, MB, Pixels, Place, Shape, bare_events, bare_walk, chunk, png, svg, text_chunk};
use support::measure::{Floor, Row, Session};
use support::{badges, file, noise, text};

fn main() {
    let mut session = Session::new();
    sniffing(&mut session);
    png_in_memory(&mut session);
    png_on_disk(&mut session);
    compressed_text(&mut session);
    svg_by_size_and_shape(&mut session);
    reading(&mut session);
    statements(&mut session);
    signatures(&mut session);
    status_lists(&mut session);
    recipients(&mut session);
    session.finish();
}

/// The length of what is worked on in one go, as criterion counts.
fn bytes(input: &[u8]) -> Throughput {
    Throughput::Bytes(count(input.len()))
}

fn elements(number: usize) -> Throughput {
    Throughput::Elements(count(number))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).expect("a small number")
}

/// As the default, but with room for the largest images.
fn wide() -> Limits {
    Limits::default().with(Limit::InputBytes, 64 * 1024 * 1024)
}

fn sniffing(session: &mut Session) {
    let svg = text("blank.svg").replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "");
    let long_prolog = format!("<!-- {} -->{}", "x".repeat(MB), svg.trim_start());
    for (name, input) in [
        ("PNG", file("ob3/integrity.png")),
        ("SVG", file("ob3/integrity.svg")),
        ("SVG behind a comment of 1 MB", long_prolog.into_bytes()),
        ("JWS", file("ob3/jwt.jws")),
        ("JSON", file("ob3/integrity.json")),
    ] {
        assert!(sniff(&input).is_some(), "{name}");
        session.alone(&format!("sniff/{name}"), &bytes(&input), || sniff(&input));
    }
}

const SIZES: [(&str, usize); 3] = [("10 KB", 10 * KB), ("1 MB", MB), ("50 MB", 50 * MB)];
const PLACES: [(&str, Place); 2] = [("first", Place::First), ("last", Place::Last)];

fn png_in_memory(session: &mut Session) {
    let limits = wide();
    let small = png(10 * KB, Pixels::One, Place::Last);
    for (size, length) in SIZES {
        for (place, at) in PLACES {
            let image = png(length, Pixels::One, at);
            assert!(unbake(&image, &limits).is_ok(), "{size} {place}");
            let id = format!("PNG/{size}, one IDAT, badge {place}");
            let work = || unbake(&image, &limits);
            session.beside(&id, &bytes(&image), work, "of 10 KB, badge last", Some(2.0), || {
                unbake(&small, &limits)
            });
        }
    }
    for (size, length) in SIZES {
        for (place, at) in PLACES {
            let image = png(length, Pixels::Of8Kb, at);
            assert!(unbake(&image, &limits).is_ok(), "{size} {place}");
            let id = format!("PNG/{size}, IDATs of 8 KB, badge {place}");
            // The bare walk of a small image is over before a badge is even copied.
            let most = (length > MB).then_some(8.0);
            session.beside(
                &id,
                &bytes(&image),
                || unbake(&image, &limits),
                "bare walk",
                most,
                || bare_walk(&image),
            );
        }
    }
    let image = png(50 * MB, Pixels::Of8Kb, Place::Last);
    cold_png(session, &image, &limits);
    let one = png(50 * MB, Pixels::One, Place::Last);
    assert_eq!([png_damage(&one, &limits), png_damage(&image, &limits)], [Ok(None), Ok(None)]);
    let (id, work) = ("PNG/50 MB, one IDAT, all checksums", || png_damage(&one, &limits));
    let bare = || crc32fast::hash(&one);
    session.beside(id, &bytes(&one), work, "one pass of crc32fast", Some(1.15), bare);
    let (id, work) = ("PNG/50 MB, IDATs of 8 KB, all checksums", || png_damage(&image, &limits));
    let in_pieces = || image.chunks(8 * 1024 + 12).map(crc32fast::hash).fold(0, |all, one| all ^ one);
    session.beside(id, &bytes(&image), work, "crc32fast, 8 KB at a time", Some(1.15), in_pieces);
    // What crc32fast itself takes to begin and end with each piece.
    let (id, bare) = ("PNG/50 MB, crc32fast, 8 KB at a time", || crc32fast::hash(&image));
    session.beside(id, &bytes(&image), in_pieces, "one pass of crc32fast", None, bare);
}

/// The same when nothing of the image is in a cache, as it is when it was just received: other bytes are read in between.
fn cold_png(session: &mut Session, image: &[u8], limits: &Limits) {
    let id = "PNG/50 MB, IDATs of 8 KB, out of the cache";
    if !session.wants(id) {
        return;
    }
    let other = noise(64 * MB);
    let mut times = (f64::INFINITY, f64::INFINITY);
    for _ in 0..20 {
        black_box(crc32fast::hash(&other));
        let start = Instant::now();
        assert!(black_box(unbake(image, limits)).is_ok());
        times.0 = start.elapsed().as_secs_f64().min(times.0);
        black_box(crc32fast::hash(&other));
        let start = Instant::now();
        black_box(bare_walk(image));
        times.1 = start.elapsed().as_secs_f64().min(times.1);
    }
    let floor = Floor { what: "bare walk".to_owned(), time: times.1, most: Some(8.0) };
    session.push(Row { what: id.to_owned(), time: times.0, floor: Some(floor) });
}

/// Over `Read` and `Seek`, which are calls of the system.
fn png_on_disk(session: &mut Session) {
    let limits = wide();
    for (size, length) in SIZES {
        for (name, pixels) in [("one IDAT", Pixels::One), ("IDATs of 8 KB", Pixels::Of8Kb)] {
            for (place, at) in PLACES {
                let path = format!("{}/bench.png", env!("CARGO_TARGET_TMPDIR"));
                let image = png(length, pixels, at);
                std::fs::write(&path, &image).expect("a folder to write to");
                let mut open = File::open(&path).expect("the file");
                assert!(unbake_reader(&mut open, &limits).is_ok(), "{size} {place}");
                let id = format!("PNG file/{size}, {name}, badge {place}");
                session.alone(&id, &bytes(&image), || unbake_reader(&mut open, &limits));
                std::fs::remove_file(&path).expect("the file");
            }
        }
    }
}

fn compressed_text(session: &mut Session) {
    let limits = Limits::default();
    for (size, evidence) in [("2 KB", 1), ("100 KB", 1000)] {
        let badge = badges::credential(evidence).to_string();
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(badge.as_bytes()).expect("a `Vec` takes everything");
        let stream = encoder.finish().expect("a `Vec` takes everything");
        let compressed = chunk(b"iTXt", &[b"openbadgecredential\0\x01\0\0\0", stream.as_slice()].concat());
        let plain = png(0, Pixels::One, Place::First);
        let image = [&plain[..33], &compressed, &chunk(b"IEND", &[])].concat();
        assert!(unbake(&image, &limits).is_ok(), "{size}");
        assert!(image.len() < 33 + text_chunk(&badge).len(), "it is shorter");
        let bare = || {
            let mut text = Vec::new();
            ZlibDecoder::new(stream.as_slice()).read_to_end(&mut text).map(|_| text)
        };
        let id = format!("PNG/compressed text of {size}");
        session.beside(
            &id,
            &bytes(badge.as_bytes()),
            || unbake(&image, &limits),
            "bare inflating",
            None,
            bare,
        );
    }
}

fn svg_by_size_and_shape(session: &mut Session) {
    let limits = wide();
    let sizes = [("10 KB", 10 * KB), ("10 MB", 10 * MB)];
    let of_size = sizes.map(|(name, length)| {
        (format!("{name} of short paths, badge last"), svg(length, Shape::Paths, Place::Last))
    });
    let of_shape = Shape::ALL
        .map(|(shape, name)| (format!("1 MB of {name}, badge first"), svg(MB, shape, Place::First)));
    for (name, image) in of_size.into_iter().chain(of_shape) {
        assert!(unbake(&image, &limits).is_ok(), "{name}");
        let most = (image.len() > 100 * KB).then_some(1.2);
        let id = format!("SVG/{name}");
        session.beside(
            &id,
            &bytes(&image),
            || unbake(&image, &limits),
            "bare events",
            most,
            || bare_events(&image),
        );
    }
}

/// JSON and JWS, and the badge that they are.
fn reading(session: &mut Session) {
    let limits = Limits::default();
    for (name, payload) in [
        ("OB 2.0", file("ob2/hosted.json")),
        ("OB 3.0", file("ob3/integrity.json")),
        ("OB 3.0 with 1000 pieces of evidence", badges::credential(1000).to_string().into_bytes()),
    ] {
        let input = Payload::Json(payload.clone());
        assert!(badge::document(&input, &limits).is_ok(), "{name}");
        let size = bytes(&payload);
        let work = || badge::document(&input, &limits);
        let bare = || serde_json::from_slice::<Value>(&payload);
        session.beside(&format!("JSON/{name}"), &size, work, "serde_json", None, bare);
        session.alone(&format!("badge/{name}"), &size, || Badge::read(&input, &limits));
    }
    let jws = text("ob3/jwt.jws").trim().to_owned();
    let split = || CompactJws::parse(&jws, &limits);
    let bare = || jws.split('.').map(|part| URL_SAFE_NO_PAD.decode(part)).collect::<Vec<_>>();
    session.beside("JWS/split", &bytes(jws.as_bytes()), split, "base64", None, bare);
}

/// From JSON-LD to canonical statements, by the number of blank nodes.
fn statements(session: &mut Session) {
    let limits = Limits::default();
    let contexts = ContextStore::bundled();
    for evidence in [1, 10, 100, 1000] {
        let credential = badges::credential(evidence);
        let to_quads = || jsonld::to_quads(&credential, &contexts, &jsonld::Options::default(), &limits);
        let quads = to_quads().expect("a document that its contexts define");
        let size = elements(quads.len());
        let name = format!("{evidence} pieces of evidence, {} statements", quads.len());
        session.alone(&format!("JSON-LD to RDF/{name}"), &size, to_quads);
        session.alone(&format!("RDFC/{name}"), &size, || {
            rdfc::canonicalize(&quads, HashAlgorithm::Sha256, &limits)
        });
        session.alone(&format!("JCS/{evidence} pieces of evidence"), &elements(1), || {
            jcs::canonicalize(&credential, &limits)
        });
    }
    // What the first badge costs of all that a process sees: later ones find the contexts processed.
    let credential = badges::credential(1);
    session.alone("JSON-LD to RDF/the first of all badges", &elements(1), || {
        let contexts = contexts.clone().with_document("https://example.org/unused", json!({"@context": {}}));
        jsonld::to_quads(&credential, &contexts.expect("a context"), &jsonld::Options::default(), &limits)
    });
}

/// Each algorithm by itself: the floor of everything that checks a signature.
fn signatures(session: &mut Session) {
    for algorithm in badges::ALGORITHMS {
        let (_, signature) = badges::jwt(algorithm);
        let id = format!("signature/{}", algorithm.as_str());
        if algorithm == Algorithm::EdDsa {
            let key = badges::ed25519();
            let bare = || signature.verify_ed25519(&key);
            session.beside(
                &id,
                &elements(1),
                || signature.verify(),
                "ed25519-dalek, key at hand",
                None,
                bare,
            );
        } else {
            session.alone(&id, &elements(1), || signature.verify());
        }
    }
}

/// Lists of the least length that the specification allows, and of the greatest that is read.
fn status_lists(session: &mut Session) {
    let limits = Limits::default();
    let list: Value =
        serde_json::from_slice(&file("documents/library.example/status/revocation.json")).expect("JSON");
    let sparse = list["credentialSubject"]["encodedList"].as_str().expect("a list").to_owned();
    // One entry in four hundred is set, which is as dense as a list can be to stay within `Limit::ListBytes`.
    let long: Vec<u8> = noise(16 * 1024 * 1024)
        .chunks(50)
        .flat_map(|piece| [&[1 << (piece[0] % 8)], &[0; 49][..]].concat())
        .take(16 * 1024 * 1024)
        .collect();
    for (name, length, encoded) in [
        ("131,072 entries, almost empty", 131_072 / 8, sparse),
        ("131,072 entries, half of them set", 131_072 / 8, encoded_list(&noise(131_072 / 8))),
        ("16 MiB", 16 * 1024 * 1024, encoded_list(&long)),
    ] {
        assert!(look_up(&encoded, 94_567, 1, &limits).is_ok(), "{name}");
        let size = Throughput::Bytes(length);
        let bare = || {
            let compressed = URL_SAFE_NO_PAD.decode(&encoded[1..]).expect("base64");
            let mut list = Vec::new();
            GzDecoder::new(compressed.as_slice()).read_to_end(&mut list).map(|_| list)
        };
        let work = || look_up(&encoded, 94_567, 1, &limits);
        session.beside(
            &format!("status list/{name}, one entry"),
            &size,
            work,
            "base64 and gzip",
            Some(1.2),
            bare,
        );
        let work = || BitString::decode(&encoded, &limits);
        session.beside(
            &format!("status list/{name}, kept whole"),
            &size,
            work,
            "base64 and gzip",
            None,
            bare,
        );
    }
}

fn encoded_list(bytes: &[u8]) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a `Vec` takes everything");
    format!("u{}", URL_SAFE_NO_PAD.encode(encoder.finish().expect("a `Vec` takes everything")))
}

/// By the number of identities of the badge, each with its own salt; the host knows three, and none is meant.
fn recipients(session: &mut Session) {
    let limits = Limits::default();
    let known = ["ada@example.com", "a.l@example.org", "countess@example.net"]
        .map(|email| KnownIdentity::new("email", email, Confirmation::Confirmed));
    let most = usize::try_from(limits.get(Limit::Identities)).expect("a small number");
    for identities in [1, 10, most] {
        let mut credential = badges::credential(0);
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
        assert_eq!(match_recipient(&badge, &known, &limits).as_str(), "mismatch");
        let id = format!("recipient/{identities} identities");
        session.alone(&id, &elements(identities), || match_recipient(&badge, &known, &limits));
    }
}
