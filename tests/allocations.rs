//! How often a verification asks for memory, and how much it holds at most.
//!
//! Counted is what Rust's allocator is asked for on this thread; OpenSSL, behind the feature `jose`, has memory of its
//! own. Of every number there is a bound, some 15 % above what was counted when it was written down. A bound of which
//! less than half is needed is no bound any more, and fails as well.
//!
//! `cargo test --test allocations -- --nocapture --test-threads 1` prints what is counted, as the tables of
//! `docs/performance.md`.

#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)] // a test stops where it fails

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use allocation_counter::{AllocationInfo, measure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use openbadges::limits::{Limit, Limits};
use openbadges::resource::{Retrieval, Target};
use openbadges::revocation::{BitString, look_up};
use openbadges::suite::{Case, Suite, answer};
use openbadges::unbake::{Standard, unbake, unbake_reader};
use openbadges::verify::Pending;
use openbadges::{Documents, Report, Status, Step, Verifier};
use time::OffsetDateTime;

/// What a kind of badge may ask for.
struct Bound {
    what: &'static str,
    /// The folder of its suite.
    suite: &'static str,
    case: &'static str,
    /// How often memory may be asked for.
    allocations: u64,
    /// How many KiB may be held at once.
    peak: u64,
}

const fn row(
    what: &'static str,
    (suite, case): (&'static str, &'static str),
    allocations: u64,
    peak: u64,
) -> Bound {
    Bound { what, suite, case, allocations, peak }
}

const fn made(case: &'static str) -> (&'static str, &'static str) {
    ("badges", case)
}

const fn proof(case: &'static str) -> (&'static str, &'static str) {
    ("suites/proofs", case)
}

/// The kinds that need no RSA and no ECDSA.
///
/// - A hosted badge is four documents, each of which is read and modelled; a signed one has as many.
/// - Images add the carrier and what is told of the image. With PNG that is the state of a decoder, which decodes nothing.
/// - A JWT is read, modelled and signed as it is: nothing but JSON, model and report. With JCS it is written once more.
/// - Statements have many small texts, and are sorted: twice as much as with JCS.
/// - A list is a credential with a proof of its own, so that everything happens twice; 47 KiB are flate2's to inflate it.
/// - So it is with a presentation, whose proof covers the badge in it as well.
#[rustfmt::skip] // a table
const KINDS: &[Bound] = &[
    row("OB 2.0 hosted, JSON", made("ob2-hosted-json"), 590, 38),
    row("OB 2.0 hosted, PNG", made("ob2-hosted-png"), 600, 38),
    row("OB 2.0 hosted, SVG", made("ob2-hosted-svg"), 640, 38),
    row("OB 3.0 JWT EdDSA, text", made("ob3-jwt-jws"), 370, 30),
    row("OB 3.0 JWT EdDSA, PNG", made("ob3-jwt-png"), 390, 37),
    row("OB 3.0 JWT EdDSA, SVG", made("ob3-jwt-svg"), 420, 37),
    row("eddsa-rdfc-2022, JSON", proof("badges-eddsa-rdfc-2022-json"), 760, 46),
    row("eddsa-rdfc-2022 and a status list, JSON", made("ob3-integrity-json"), 1_540, 147),
    row("eddsa-rdfc-2022 and a status list, PNG", made("ob3-integrity-png"), 1_560, 150),
    row("eddsa-rdfc-2022 and a status list, SVG", made("ob3-integrity-svg"), 1_590, 150),
    row("Ed25519Signature2020, JSON", proof("badges-signature-2020-json"), 770, 46),
    row("eddsa-jcs-2022, JSON", proof("badges-eddsa-jcs-2022-json"), 460, 33),
    row("presentation, JSON", made("wrappers-presentation-json"), 1_690, 78),
];

/// The kinds whose arithmetic is OpenSSL's with `jose`, which is not counted. In pure Rust the large numbers of RSA are
/// counted, and yet the sum is lower: josekit makes serde_json keep members in their order, which takes more memory.
#[cfg(any(feature = "jose", feature = "rustcrypto"))]
#[rustfmt::skip] // a table
const RSA_AND_ECDSA: &[Bound] = &[
    row("OB 2.0 RS256, JWS", made("ob2-signed-jws"), 620, 40),
    row("OB 2.0 RS256, PNG", made("ob2-signed-png"), 640, 40),
    row("OB 2.0 RS256, SVG", made("ob2-signed-svg"), 670, 41),
    row("OB 3.0 JWT RS256, SVG", made("ob3-jwt-rs256-svg"), 580, 36),
    row("OB 3.0 JWT PS256, text", proof("badges-ps256-vc2-jws"), 350, 35),
    row("OB 3.0 JWT ES256, text", proof("badges-es256-vc2-jws"), 330, 26),
    row("ecdsa-rdfc-2019, JSON", proof("badges-ecdsa-rdfc-2019-p256-json"), 800, 46),
    row("ecdsa-jcs-2019, JSON", proof("badges-ecdsa-jcs-2019-p256-json"), 490, 33),
    // Each statement that may be withheld has a signature.
    row("ecdsa-sd-2023, JSON", proof("badges-ecdsa-sd-2023-json"), 1_380, 61),
];

/// Without either such signatures are not verified.
#[cfg(not(any(feature = "jose", feature = "rustcrypto")))]
const RSA_AND_ECDSA: &[Bound] = &[];

#[test]
fn each_kind_of_badge_stays_within_its_bounds() {
    println!(
        "\n| what | documents | allocations | at most | most held | at most |\n|---|---:|---:|---:|---:|---:|"
    );
    let mut problems = Vec::new();
    for Bound { what, suite, case, allocations, peak } in KINDS.iter().chain(RSA_AND_ECDSA) {
        let badge = Badge::new(suite, case);
        let found = badge.cost();
        println!(
            "| {what} | {} | {} | {allocations} | {} KiB | {peak} KiB |",
            badge.documents.iter().count(),
            found.count_total,
            found.bytes_max.div_ceil(KIB),
        );
        problems.extend(problem(what, "allocations", found.count_total, *allocations));
        problems.extend(problem(what, "bytes", found.bytes_max, peak * KIB));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn each_kind_of_badge_gives_everything_back() {
    for Bound { what, suite, case, .. } in KINDS.iter().chain(RSA_AND_ECDSA) {
        let badge = Badge::new(suite, case);
        let found = measure(|| drop(badge.verify(badge.documents.clone())));
        assert_eq!((found.count_current, found.bytes_current), (0, 0), "{what}");
    }
}

/// What is asked for when documents come one round after the other: the most in one of the later rounds, and in all
/// rounds together. Each round judges anew, with one document more than the last; but it does not read the file again, nor
/// check a signature or look for statements a second time, and so asks for less than with all documents at hand.
#[rustfmt::skip] // a table
const ROUNDS: &[(&str, &str, u64, u64)] = &[
    ("OB 2.0 hosted, PNG", "ob2-hosted-png", 400, 1_550),
    ("OB 3.0 JWT EdDSA, text", "ob3-jwt-jws", 250, 550),
    ("eddsa-rdfc-2022 and a status list, JSON", "ob3-integrity-json", 890, 2_140),
    #[cfg(any(feature = "jose", feature = "rustcrypto"))]
    ("OB 2.0 RS256, JWS", "ob2-signed-jws", 410, 1_680),
];

#[test]
fn a_round_of_documents_does_not_repeat_the_rounds_before() {
    println!("\n| what | all at hand | first round | later rounds | at most | together | at most |");
    println!("|---|---:|---:|---|---:|---:|---:|");
    let mut problems = Vec::new();
    for (what, case, most, together) in ROUNDS {
        let badge = Badge::new("badges", case);
        let whole = badge.cost().count_total;
        let (first, later) = badge.rounds();
        let sum = first + later.iter().sum::<u64>();
        let words: Vec<String> = later.iter().map(ToString::to_string).collect();
        println!("| {what} | {whole} | {first} | {} | {most} | {sum} | {together} |", words.join(", "));
        let dearest = later.into_iter().max().unwrap();
        assert!(dearest < whole, "{what}: {dearest} in one round, and {whole} with all at hand");
        problems.extend(problem(what, "allocations in a round", dearest, *most));
        problems.extend(problem(what, "allocations in all rounds", sum, *together));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// The text is taken out of its chunk, and once more out of the white space around it; then there are the list of carriers
/// and the keyword of one.
#[test]
fn the_size_of_a_png_costs_no_memory() {
    let (limits, badge) = (wide(), badge_text("integrity.json"));
    let room = 2 * u64::try_from(badge.len()).unwrap() + 512;
    let image = png(10_000, usize::MAX, &badge);
    let in_memory = measure(|| drop(unbake(&image, &limits).unwrap()));
    let on_disk = measure(|| drop(unbake_reader(Cursor::new(&image), &limits).unwrap()));
    println!("\nPNG: in memory {in_memory:?}\nPNG: `Read + Seek` {on_disk:?}");
    assert!(in_memory.count_total <= 6 && in_memory.bytes_max <= room, "{in_memory:?}");
    assert!(on_disk.count_total <= 12 && on_disk.bytes_max <= room, "{on_disk:?}");
    for (pixels, piece) in [(10_000, 8192), (32 << 20, usize::MAX), (32 << 20, 8192)] {
        let image = png(pixels, piece, &badge);
        assert_eq!(measure(|| drop(unbake(&image, &limits).unwrap())), in_memory, "{pixels} {piece}");
        let read = || drop(unbake_reader(Cursor::new(&image), &limits).unwrap());
        assert_eq!(measure(read), on_disk, "{pixels} {piece}");
    }
}

#[test]
fn the_size_of_an_image_costs_no_verification_memory() {
    let badge = Badge::new("badges", "ob3-integrity-json");
    let text = badge.input.clone();
    let cost = |input: Vec<u8>| Badge { input, ..badge.clone() }.cost();
    let small = cost(png(10_000, 8192, &text));
    assert_eq!(cost(png(4 << 20, 8192, &text)), small);
    let shape = "<path d=\"M1 2 L3 4 C5 6 7 8 9 10 Z\" fill=\"#123456\"/>\n";
    let svg = String::from_utf8(badge_text("integrity.svg")).unwrap();
    let filled = |shapes| svg.replace("</svg>", &format!("{}</svg>", shape.repeat(shapes))).into_bytes();
    let large = filled(20_000);
    assert!(large.len() > 1_000_000);
    assert_eq!(cost(large), cost(filled(1)));
}

/// A markup language is read tag by tag: names and values of the badge's own element are kept, nothing of the others.
#[test]
fn the_size_of_an_svg_costs_no_memory() {
    let (limits, svg) = (wide(), String::from_utf8(badge_text("integrity.svg")).unwrap());
    let room = 2 * u64::try_from(badge_text("integrity.json").len()).unwrap();
    let shape = "<path d=\"M1 2 L3 4 C5 6 7 8 9 10 Z\" fill=\"#123456\"/>\n";
    let cost = |shapes| {
        let image = svg.replace("</svg>", &format!("{}</svg>", shape.repeat(shapes)));
        assert!(shapes < 20_000 || image.len() > 1_000_000);
        measure(|| drop(unbake(image.as_bytes(), &limits).unwrap()))
    };
    let small = cost(1);
    println!("\nSVG: {small:?}");
    assert!(small.count_total <= 18 && small.bytes_max <= room, "{small:?}");
    assert_eq!(cost(20_000), small);
}

/// 47 KiB are flate2's; the rest are two pieces of 8 KiB, one in base64 and one inflated, and the entry.
#[test]
fn the_length_of_a_status_list_costs_a_lookup_no_memory() {
    let cost = |bytes: usize| {
        let (list, limits) = (list(bytes), Limits::default());
        let last = u64::try_from(bytes).unwrap() * 8 - 1;
        measure(|| assert_eq!(look_up(&list, last, 1, &limits).unwrap().value(), 1))
    };
    let short = cost(16 << 10);
    println!("\nstatus list: {short:?}");
    assert!(short.count_total <= 5 && short.bytes_max <= 64 * KIB, "{short:?}");
    assert_eq!(cost(16 << 20), short);
}

/// A verification keeps the lists that it has unpacked for its later rounds. Such a list doubles while it grows, when the
/// old half of it is still there.
#[test]
fn a_status_list_that_is_kept_takes_half_as_much_again() {
    let (list, limits) = (list(16 << 20), Limits::default());
    let kept = measure(|| drop(BitString::decode(&list, &limits).unwrap()));
    println!("\nstatus list, kept: {kept:?}");
    assert!(kept.count_total <= 20 && kept.bytes_max <= 24 * KIB * KIB + 64 * KIB, "{kept:?}");
}

/// An `encodedList` of so many bytes.
fn list(bytes: usize) -> String {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&vec![0x55; bytes]).unwrap();
    format!("u{}", URL_SAFE_NO_PAD.encode(gzip.finish().unwrap()))
}

const KIB: u64 = 1024;

/// What is wrong with a number, if anything is.
fn problem(what: &str, of: &str, found: u64, most: u64) -> Option<String> {
    match found {
        _ if found > most => Some(format!("{what}: {found} {of}, at most {most} are allowed")),
        _ if found < most / 2 => Some(format!("{what}: {found} {of}, of which {most} is no bound any more")),
        _ => None,
    }
}

/// A badge, all documents that it needs, and who judges it.
#[derive(Clone)]
struct Badge {
    input: Vec<u8>,
    documents: Documents,
    verifier: Verifier,
    now: OffsetDateTime,
}

impl Badge {
    /// The badge of a case that must be valid.
    fn new(suite: &str, case: &str) -> Self {
        let suite = Suite::read(&tests().join(suite).join("suite.json")).unwrap();
        let named = suite.cases.iter().find(|found: &&Case| found.name == case);
        let case = named.unwrap_or_else(|| panic!("there is no case {case}"));
        let (input, answers) = (suite.input(case).unwrap(), suite.answers(case).unwrap());
        let (verifier, now) = (suite.verifier(case).unwrap(), suite.now(case));
        let mut documents = Documents::default();
        let report = verifier.begin(&input, now).unwrap().run(|request| {
            let retrieval = answer(&answers, request.target());
            documents.insert(request.target().clone(), retrieval.clone());
            retrieval
        });
        assert_eq!(report.status(), Status::Valid, "{}: {report}", case.name);
        Self { input, documents, verifier, now }
    }

    /// From the file's bytes to the report.
    fn verify(&self, documents: Documents) -> Report {
        self.verifier.resume(&self.input, documents, self.now).unwrap().offline()
    }

    /// What a verification asks for, after one of its kind has prepared what all share.
    fn cost(&self) -> AllocationInfo {
        assert_eq!(self.verify(self.documents.clone()).status(), Status::Valid);
        let documents = self.documents.clone();
        measure(|| drop(self.verify(documents)))
    }

    /// How often the first round and each of the later ones ask for memory.
    fn rounds(&self) -> (u64, Vec<u64>) {
        let mut step = None;
        let begin = || step = Some(self.verifier.begin(&self.input, self.now).unwrap());
        let first = measure(begin).count_total;
        let mut later = Vec::new();
        while let Some(Step::Need(pending)) = step {
            let answers = self.answers(&pending);
            step = None;
            later.push(measure(|| step = Some(pending.supply(answers))).count_total);
        }
        (first, later)
    }

    fn answers(&self, pending: &Pending<'_>) -> Vec<(Target, Retrieval)> {
        let known = |target: &Target| (target.clone(), self.documents.get(target).unwrap().clone());
        pending.requests().iter().map(|request| known(request.target())).collect()
    }
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn badge_text(name: &str) -> Vec<u8> {
    std::fs::read(tests().join("badges/ob3").join(name)).unwrap()
}

/// As the default, but with room for large images.
fn wide() -> Limits {
    Limits::default().with(Limit::InputBytes, 64 << 20)
}

/// A PNG with so many bytes in the place of pixels, in chunks of some length, and a badge behind them.
fn png(pixels: usize, piece: usize, badge: &[u8]) -> Vec<u8> {
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    image.extend(chunk(b"IHDR", &[0, 0, 4, 0, 0, 0, 4, 0, 8, 6, 0, 0, 0]));
    vec![7; pixels].chunks(piece).for_each(|piece| image.extend(chunk(b"IDAT", piece)));
    let keyword = Standard::OpenBadges3.keyword().as_bytes();
    image.extend(chunk(b"iTXt", &[keyword, &[0; 5], badge].concat()));
    image.extend(chunk(b"IEND", &[]));
    image
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let checked = [kind.as_slice(), data].concat();
    [length.as_slice(), &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}
