//! Badges in files: what is found where, what is refused, and that what is baked comes out again.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod baking;
mod images;
mod png_files;
mod svg_files;

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use openbadges::limits::{Limit, Limits};
use openbadges::unbake::{
    CarrierKind, Defect, Extracted, Payload, UnbakeError, UnbakeReadError, Unused, unbake, unbake_reader,
};

const OB2: &str =
    r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://example.org/1"}"#;
const OB3: &str = r#"{"type":["VerifiableCredential","OpenBadgeCredential"],"id":"urn:uuid:1"}"#;
const URL: &str = "https://example.org/assertions/1";
const JWS: &str = "eyJhbGciOiJFZERTQSJ9.e30.AAAA";

/// The folder of published badges and images, if there is one.
fn conformance() -> Option<PathBuf> {
    let folder = std::env::var_os("OPENBADGES_CONFORMANCE").map(PathBuf::from);
    if folder.is_none() {
        println!("ran none: OPENBADGES_CONFORMANCE is not set");
    }
    folder
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Unbakes from memory and from a reader, which must agree.
fn unbake_both(input: &[u8], limits: &Limits) -> Result<Extracted, UnbakeError> {
    let from_memory = unbake(input, limits);
    let from_reader = unbake_reader(Cursor::new(input), limits).map_err(|error| match error {
        UnbakeReadError::Unbake(error) => error,
        UnbakeReadError::Read(error) => panic!("{error}"),
    });
    assert_eq!(from_memory, from_reader);
    from_memory
}

/// The text of the badge in a file.
fn text_of(input: &[u8]) -> String {
    payload_text(unbake_both(input, &Limits::default()).unwrap().payload())
}

fn payload_text(payload: &Payload) -> String {
    match payload {
        Payload::Json(text) => String::from_utf8(text.clone()).unwrap(),
        Payload::Jws(jws) => jws.as_str().to_owned(),
        Payload::Url(url) => url.to_string(),
        other => panic!("{other:?}"),
    }
}

fn error_of(input: &[u8]) -> UnbakeError {
    unbake_both(input, &Limits::default()).unwrap_err()
}

/// What is wrong with the text of the badge in a file.
fn defect_of(input: &[u8]) -> Defect {
    match error_of(input) {
        UnbakeError::Malformed { defect, .. } => defect,
        other => panic!("{other:?}"),
    }
}

/// The bound that a file goes over.
fn limit_of(input: &[u8], limits: &Limits) -> Limit {
    match unbake_both(input, limits) {
        Err(UnbakeError::Limit(exceeded)) => exceeded.limit,
        other => panic!("{other:?}"),
    }
}

/// Why each carrier of a file is not used.
fn unused(extracted: &Extracted) -> Vec<Option<Unused>> {
    extracted.carriers().iter().map(|carrier| carrier.unused()).collect()
}

fn error_code(error: &UnbakeError) -> &'static str {
    match error {
        UnbakeError::Ambiguous { .. } => "ambiguous",
        UnbakeError::Limit(_) => "limit",
        UnbakeError::Malformed { .. } => "malformed",
        UnbakeError::NotBaked { .. } => "not-baked",
        UnbakeError::Unrecognized => "unrecognized",
        other => panic!("{other}"),
    }
}

#[test]
fn a_file_may_be_its_own_badge() {
    for text in [OB2, JWS, URL] {
        let padded = format!("\u{feff}\n {text}\r\n");
        assert_eq!(text_of(padded.as_bytes()), text);
        let extracted = unbake(padded.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((extracted.carrier().kind(), extracted.carriers().len()), (CarrierKind::File, 1));
        assert_eq!(extracted.carrier().to_string(), "the file");
    }
}

#[test]
fn json_that_is_not_utf8_is_left_to_the_json_reader() {
    let extracted = unbake(b"{\xFF}", &Limits::default()).unwrap();
    assert_eq!(extracted.payload(), &Payload::Json(b"{\xFF}".to_vec()));
}

#[test]
fn what_looks_like_a_jws_or_a_url_must_be_one() {
    assert!(matches!(defect_of(b"eyJ.e30.AAAA"), Defect::Jws(_)));
    assert_eq!(defect_of(b"https://[::1"), Defect::Url);
}

#[test]
fn the_size_of_the_input_is_bounded() {
    let limits = Limits::default().with(Limit::InputBytes, 100).with(Limit::UrlBytes, 50);
    assert_eq!(limit_of(&[b'x'; 101], &limits), Limit::InputBytes);
    assert_eq!(
        limit_of(format!("https://example.org/{}", "x".repeat(31)).as_bytes(), &limits),
        Limit::UrlBytes
    );
    assert_eq!(unbake_both(&[b'x'; 100], &limits), Err(UnbakeError::Unrecognized));
}

/// Each case of the published suites ends here with the error that it expects, or goes on to be read.
#[test]
fn the_published_badges_come_out_or_fail_as_expected() {
    let Some(folder) = conformance() else { return };
    for suite in ["1edtech-ob20", "1edtech-ob30"] {
        let folder = folder.join(suite);
        let suite: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("suite.json")).unwrap()).unwrap();
        for case in suite["cases"].as_array().unwrap() {
            let name = &case["name"];
            let input = fs::read(folder.join(case["input"].as_str().unwrap())).unwrap();
            let result = unbake_both(&input, &Limits::default());
            let expected = case["expect"]["error"].as_str();
            match (&result, expected) {
                (Ok(_), None) => (),
                // Whether JSON is well-formed and a badge is found out later.
                (
                    Ok(extracted),
                    Some("not-a-badge" | "not-an-assertion" | "malformed" | "unsupported-version"),
                ) => {
                    assert!(matches!(extracted.payload(), Payload::Json(_) | Payload::Jws(_)), "{name}");
                }
                (Err(error), Some(expected)) => assert_eq!(error_code(error), expected, "{name}: {error}"),
                _ => panic!("{name}: {result:?} instead of {expected:?}"),
            }
            if let Ok(extracted) = result {
                let failed = |code: &str| {
                    case["expect"]["failed"].as_array().is_some_and(|codes| codes.iter().any(|c| c == code))
                };
                let others = extracted
                    .carriers()
                    .iter()
                    .filter(|c| matches!(c.unused(), Some(Unused::Repeated | Unused::Superseded)));
                assert_eq!(others.count() > 0, failed("carrier.single"), "{name}");
                assert_eq!(extracted.carrier().is_compressed(), failed("carrier.compression"), "{name}");
            }
        }
    }
}
