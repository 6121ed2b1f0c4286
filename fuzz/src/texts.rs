//! The targets for texts: JSON, JWS, lists.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::badge::document;
use openbadges::jws::CompactJws;
use openbadges::limits::{Limit, Limits};
use openbadges::revocation::{BitString, RevocationList, StatusIndex};
use openbadges::unbake::Payload;
use serde_json::Value;

use super::is_fit_for_people;

/// What is read is what any other reader reads, or what is in it if it is an envelope; and it is read again from what is
/// written.
pub fn json(data: &[u8]) {
    let limits = Limits::default();
    match document(&Payload::Json(data.to_vec()), &limits) {
        Ok(value) => {
            let other: Value = serde_json::from_slice(data).expect("it is JSON");
            if value == other {
                let written = value.to_string();
                assert_eq!(document(&Payload::Json(written.into_bytes()), &limits), Ok(value));
            } else {
                assert!(is_in_envelope(&value, &other, &limits), "{value} of {other}");
            }
        }
        Err(error) => {
            let mut link: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = link {
                assert!(is_fit_for_people(&error.to_string()));
                link = error.source();
            }
        }
    }
}

/// Whether a document came out of an envelope of Open Badges 2.1: the signed one, or else the plain one, or the only one
/// of a page.
fn is_in_envelope(found: &Value, envelope: &Value, limits: &Limits) -> bool {
    let is_envelope = envelope.get("@context").is_none() && envelope.get("type").is_none();
    let is_signed_over = |text: &Value| {
        let jws = text.as_str().and_then(|text| CompactJws::parse(text, limits).ok());
        jws.is_some_and(|jws| document(&Payload::Jws(jws), limits).as_ref() == Ok(found))
    };
    let (plain, signed) = (&envelope["assertion"], &envelope["signedAssertion"]);
    let items = |name| envelope[name].as_array().map_or(&[][..], Vec::as_slice);
    is_envelope
        && match (plain, signed, items("assertions"), items("signedAssertions")) {
            (_, signed, ..) if !signed.is_null() => is_signed_over(signed),
            (plain, ..) if !plain.is_null() => plain == found,
            (_, _, [only], []) => only == found,
            (_, _, [], [only]) => is_signed_over(only),
            _ => false,
        }
}

/// A JWS is written in one way only.
pub fn jws(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    match CompactJws::parse(text, &Limits::default()) {
        Ok(jws) => {
            assert_eq!(jws.as_str(), text);
            let input = str::from_utf8(jws.signing_input()).expect("it is ASCII");
            assert_eq!(format!("{input}.{}", URL_SAFE_NO_PAD.encode(jws.signature())), text);
            let (header, payload) = input.split_once('.').expect("it has two parts");
            assert_eq!(URL_SAFE_NO_PAD.decode(payload).as_deref(), Ok(jws.payload()));
            let header = URL_SAFE_NO_PAD.decode(header).expect("it is base64url");
            let header: Value = serde_json::from_slice(&header).expect("it is JSON");
            assert_eq!(header.as_object(), Some(jws.header()));
        }
        Err(error) => assert!(is_fit_for_people(&error.to_string())),
    }
}

/// What is unpacked is what was packed; and a place is in the list or is an error.
pub fn status_list(data: &[u8]) {
    let limits = Limits::default().with(Limit::StatusListBytes, 1024 * 1024);
    if let Ok(text) = str::from_utf8(data) {
        if let Ok(bits) = BitString::decode(text, &limits) {
            assert!(bits.bits() <= 8 * limits.get(Limit::StatusListBytes));
            places(&bits);
        }
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            if let Ok(index) = StatusIndex::read(&value) {
                let written = index.value().to_string();
                assert!(value == index.value() || value == written.as_str());
            }
            listed(&value, RevocationList::read_ob2(&value, &limits).ok(), &["revokedAssertions"]);
            let members = ["revokedCredential", "revokedCredentials"];
            listed(&value, RevocationList::read_1edtech(&value, &limits).ok(), &members);
        }
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).expect("a `Vec` takes everything");
    let packed = encoder.finish().expect("a `Vec` takes everything");
    let bits = BitString::decode(&format!("u{}", URL_SAFE_NO_PAD.encode(packed)), &limits).expect("bits");
    assert_eq!(bits.bits(), 8 * u64::try_from(data.len()).expect("a length"));
    for (place, byte) in (0..).zip(data) {
        assert_eq!(bits.entry(place, 8), Ok(u64::from(*byte)));
        assert_eq!(bits.entry(8 * place, 1), Ok(u64::from(byte >> 7)));
    }
    places(&bits);
}

/// Whatever a list names by a text is on it.
fn listed(document: &Value, list: Option<RevocationList>, members: &[&str]) {
    let Some(list) = list else { return };
    let entries = members.iter().filter_map(|name| document.get(name)?.as_array()).flatten();
    for id in entries.filter_map(Value::as_str) {
        assert!(list.lookup(Some(id), None).is_some(), "{id}");
    }
}

fn places(bits: &BitString) {
    for size in [0, 1, 2, 7, 8, 64, 65, 255] {
        let end = bits.entries(size);
        for index in [0, end.saturating_sub(1), end, end.saturating_add(1), u64::MAX] {
            let is_inside = index < end && (1..=64).contains(&size);
            assert_eq!(bits.entry(index, size).is_ok(), is_inside, "{index} {size} of {end}");
        }
    }
}
