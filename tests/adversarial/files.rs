//! Files that are not what they seem.

use std::io::Write;

use openbadges::error::ErrorCode;
use openbadges::unbake::Standard;
use openbadges::{Policy, Status, Verifier};

use crate::samples::{
    CIRCLE, NOW, PIXEL, Web, bake, credential, hosted_assertion, mallory, samples, school, school_web,
    status, verify,
};
use crate::within;

/// The code of the error that a file is refused with.
#[track_caller]
fn refused(input: &[u8]) -> ErrorCode {
    let verifier = Verifier::new(Policy::strict());
    within(|| verifier.begin(input, NOW)).unwrap_err().code()
}

/// A PNG with these chunks before its end.
pub(crate) fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let (start, end) = PIXEL.split_at(PIXEL.len() - 12);
    [start, &chunks.concat(), end].concat()
}

pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [kind.as_slice(), data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [length.as_slice(), &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}

fn deflated(bytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..bytes / 1024 {
        encoder.write_all(&[b' '; 1024]).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn a_text_that_inflates_without_end_is_refused_soon() {
    let text = deflated(64 * 1024 * 1024);
    for keyword in ["openbadges", "openbadgecredential"] {
        let compressed = [keyword.as_bytes(), b"\0\x01\0\0\0", &text].concat();
        assert_eq!(refused(&png(&[chunk(b"iTXt", &compressed)])), ErrorCode::Limit, "{keyword}");
    }
    let compressed = [b"openbadges\0\0".as_slice(), &text].concat();
    assert_eq!(refused(&png(&[chunk(b"zTXt", &compressed)])), ErrorCode::Limit);
}

#[test]
fn chunks_are_counted_and_measured() {
    let many = vec![chunk(b"tEXt", b"a\0"); 100_000];
    assert_eq!(refused(&png(&many)), ErrorCode::Limit);
    for length in [0x7FFF_FFFF_u32, 0x8000_0000, 0xFFFF_FFFF] {
        let file = png(&[[length.to_be_bytes().as_slice(), b"iTXtopenbadges\0\0\0\0\0{}"].concat()]);
        assert_ne!(refused(&file), ErrorCode::Unrecognized, "{length:x}");
    }
}

#[test]
fn entities_are_never_expanded() {
    let mut doctype = "<!ENTITY a0 'lol'>".to_owned();
    for level in 1..10 {
        let references = format!("&a{};", level - 1).repeat(10);
        doctype.push_str(&format!("<!ENTITY a{level} '{references}'>"));
    }
    doctype.push_str(
        "<!ENTITY file SYSTEM 'file:///etc/passwd'><!ENTITY % dtd SYSTEM 'https://mallory.example/'> %dtd;",
    );
    for reference in ["&a9;", "&file;"] {
        let svg = format!(
            "<!DOCTYPE svg [{doctype}]><svg xmlns='http://www.w3.org/2000/svg' xmlns:o='http://openbadges.org'>\
             <o:assertion>{reference}</o:assertion></svg>"
        );
        assert_eq!(refused(svg.as_bytes()), ErrorCode::Malformed, "{reference}");
    }
    // The same declarations in front of an honest badge, as a drawing program writes them.
    let honest = bake(CIRCLE, &hosted_assertion().to_string(), Standard::OpenBadges2);
    let declared = [format!("<!DOCTYPE svg [{doctype}]>").as_bytes(), &honest].concat();
    assert_eq!(status(declared, &school_web()), Status::Valid);
}

#[test]
fn elements_and_attributes_are_counted() {
    let deep = format!("<svg xmlns='http://www.w3.org/2000/svg'>{}", "<g>".repeat(50_000));
    let attributes: String = (0..50_000).map(|number| format!(" a{number}=''")).collect();
    let namespaces: String = (0..20_000).map(|number| format!(" xmlns:a{number}='urn:a'")).collect();
    assert_eq!(refused(deep.as_bytes()), ErrorCode::Limit);
    for extra in [attributes, namespaces] {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'{extra}/>");
        assert_eq!(refused(svg.as_bytes()), ErrorCode::Limit);
    }
}

#[test]
fn two_badges_in_one_image_are_none() {
    let text = |keyword: &str, text: &str| {
        chunk(b"iTXt", &[keyword.as_bytes(), b"\0\0\0\0\0", text.as_bytes()].concat())
    };
    let (ours, theirs) = (hosted_assertion(), crate::hosted::assertion_of("https://mallory.example/1"));
    let file = png(&[text("openbadges", &ours.to_string()), text("openbadges", &theirs.to_string())]);
    assert_eq!(refused(&file), ErrorCode::Ambiguous);
    // Old viewers read the other one: the report names which one it is about.
    let unsigned = credential(&mallory().did()).to_string();
    let file = png(&[text("openbadges", &ours.to_string()), text("openbadgecredential", &unsigned)]);
    let report = verify(&file, &school_web());
    assert_eq!(report.status(), Status::Unverified, "{report:#}");
    assert!(report.carrier().is_some_and(|carrier| carrier.contains("openbadgecredential")));
}

#[test]
fn json_is_read_in_one_way_only() {
    let badge = school().seal(&credential(&school().did()), &school().method()).to_string();
    assert_eq!(status(&badge, &Web::default()), Status::Valid);
    let (start, rest) = badge.split_at(1);
    for (name, text) in [
        ("twice", format!(r#"{start}"issuer":"{}",{rest}"#, mallory().did())),
        ("twice, escaped", format!(r#"{start}"\u0069ssuer":"{}",{rest}"#, mallory().did())),
        (
            "twice, within",
            badge.replacen(r#""type":["Achievement"]"#, r#""name":"Admiral","type":["Achievement"]"#, 1),
        ),
        ("a second text", format!("{badge}{badge}")),
        ("a lone surrogate", format!(r#"{start}"x":"\ud800",{rest}"#)),
        ("deep", format!(r#"{start}"x":{}1{},{rest}"#, "[".repeat(100_000), "]".repeat(100_000))),
        ("not UTF-16", badge.replacen("First", r"\u00", 1)),
    ] {
        let code = refused(text.as_bytes());
        assert!(matches!(code, ErrorCode::Malformed | ErrorCode::Limit), "{name}: {code}");
    }
}

#[test]
fn depth_does_not_use_up_a_small_stack() {
    let deep = |open: &str, close: &str| {
        format!(
            r#"{{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","x":{}1{}}}"#,
            open.repeat(61),
            close.repeat(61)
        )
    };
    let inputs = [deep("[", "]"), deep(r#"{"x":"#, "}"), deep(r#"{"@graph":"#, "}"), "[".repeat(1_000_000)];
    let sealed = samples().into_iter().map(|sample| sample.input);
    let inputs: Vec<Vec<u8>> = inputs.into_iter().map(String::into_bytes).chain(sealed).collect();
    let web = school_web();
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let run = move || {
        let verifier = Verifier::new(Policy::strict());
        let begun = inputs.iter().filter_map(|input| verifier.begin(input, NOW).ok());
        let reports = begun.map(|step| step.run(|request| web.answer(request.target())));
        reports.filter(|report| !report.checks().is_empty()).count()
    };
    assert!(small.spawn(run).unwrap().join().unwrap() >= samples().len());
}

#[test]
fn a_badge_is_judged_by_the_rules_of_its_own_version() {
    // A credential that says that it is hosted, with the context of the other version.
    let mut disguised = credential(&school().did());
    disguised["id"] = hosted_assertion()["id"].clone();
    disguised["verification"] = hosted_assertion()["verification"].clone();
    for context in [&hosted_assertion()["@context"], &credential("")["@context"]] {
        let mut badge = disguised.clone();
        badge["@context"] = context.clone();
        assert_ne!(status(badge.to_string(), &school_web()), Status::Valid);
        // And an assertion that is a credential as well.
        badge["type"] = serde_json::json!(["Assertion", "OpenBadgeCredential"]);
        assert_ne!(status(badge.to_string(), &school_web()), Status::Valid);
    }
    // A token within JSON is not a token.
    let quoted = serde_json::json!(crate::samples::signed_assertion()).to_string();
    assert_ne!(refused(quoted.as_bytes()), ErrorCode::Limit);
}

#[test]
fn nothing_of_a_file_reaches_a_terminal_unescaped() {
    let evil = "\u{1b}[2J\u{9b}31m\u{202e}\u{0}\r\n\u{7}evil";
    let is_evil = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let inspect = |name: &str, text: String| {
        let found = text.chars().find(|c| is_evil(*c));
        assert_eq!(found, None, "{name}: {text:?}");
        // A line break of the file's would forge a line of the report.
        assert!(!text.contains("\r\n") && !text.contains("\nevil"), "{name}");
    };
    let mut inputs: Vec<(String, String, Web)> = Vec::new();
    for leaf in crate::mutations::leaves(&credential(SCHOOL_DID)) {
        let mut badge = credential(SCHOOL_DID);
        *badge.pointer_mut(&leaf).unwrap() = evil.into();
        inputs.push((leaf.clone(), badge.to_string(), Web::default()));
        let sealed = crate::mutations::sealed_if_possible(&badge);
        inputs.push((format!("{leaf}, sealed"), sealed, Web::default()));
    }
    for leaf in crate::mutations::leaves(&hosted_assertion()) {
        let mut badge = hosted_assertion();
        *badge.pointer_mut(&leaf).unwrap() = evil.into();
        inputs.push((leaf.clone(), badge.to_string(), school_web()));
        let served = school_web().with(crate::samples::ASSERTION, &badge);
        inputs.push((format!("{leaf}, served"), hosted_assertion().to_string(), served));
    }
    for header in ["alg", "kid", "typ", "crit", evil] {
        let header = serde_json::json!({"alg": "EdDSA", "jwk": school().jwk(), header: evil});
        let token = crate::samples::credential_jwt(&school(), &header, &credential(SCHOOL_DID));
        inputs.push((header.to_string(), token, Web::default()));
    }
    let mut reports = 0;
    for (name, input, web) in inputs {
        let verifier = Verifier::new(Policy::strict());
        match verifier.begin(input.as_bytes(), NOW) {
            Ok(step) => {
                let report = step.run(|request| web.answer(request.target()));
                inspect(&name, format!("{report}\n{report:#}"));
                reports += 1;
            }
            Err(error) => {
                let mut chain: Option<&dyn std::error::Error> = Some(&error);
                while let Some(link) = chain {
                    inspect(&name, link.to_string());
                    chain = link.source();
                }
            }
        }
    }
    assert!(reports > 50, "{reports}");
}

const SCHOOL_DID: &str = "did:web:school.example";
