//! Every bound, from both sides: what needs exactly so much passes, and with one less it is refused by name.

#![allow(
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

#[path = "support/samples.rs"]
mod samples;

use std::error::Error as StdError;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::badge::Badge;
use openbadges::jsonld::{ContextStore, Options, to_quads};
use openbadges::limits::{Limit, Limits};
use openbadges::policy::Endorsements;
use openbadges::proof::{KeyDocument, did};
use openbadges::rdfc::{HashAlgorithm, canonicalize};
use openbadges::recipient::{Confirmation, KnownIdentity, NotChecked, RecipientMatch, match_recipient};
use openbadges::resource::Response;
use openbadges::revocation::{BitString, RevocationList};
use openbadges::{Policy, Verifier};
use samples::*;
use serde_json::{Value, json};

/// What is said about something, under some limits.
type Run = Box<dyn Fn(&Limits) -> String>;

/// Runs it with as much as it needs, and with one less.
#[track_caller]
fn needs(limit: Limit, exactly: u64, run: &Run) {
    let complaint = |most: u64| format!("more than {most} {limit}");
    let said = run(&Limits::default().with(limit, exactly));
    assert!(!said.contains(&complaint(exactly)), "{}: {exactly} do not suffice: {said}", limit.as_str());
    let said = run(&Limits::default().with(limit, exactly - 1));
    assert!(said.contains(&complaint(exactly - 1)), "{}: {} suffice: {said}", limit.as_str(), exactly - 1);
}

/// An error with what it rests on.
fn told(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut error = error;
    while let Some(source) = error.source() {
        write!(text, ": {source}").unwrap();
        error = source;
    }
    text
}

fn said<T, E: StdError>(result: Result<T, E>) -> String {
    result.map_or_else(|error| told(&error), |_| String::new())
}

/// What a verification says.
fn verifying(input: impl Into<Vec<u8>>, web: Web) -> Run {
    let input = input.into();
    Box::new(move |limits| {
        let verifier = Verifier::new(Policy::strict().with_limits(limits.clone()));
        match verifier.begin(&input, NOW) {
            Ok(step) => format!("{:#}", step.run(|request| web.answer(request.target()))),
            Err(error) => told(&error),
        }
    })
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = crc32fast::Hasher::new();
    crc.update(kind);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [length.as_slice(), kind, data, &crc.finalize().to_be_bytes()].concat()
}

/// The pixel with more chunks after its header.
fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let (head, rest) = PIXEL.split_at(8 + 25);
    [head, &chunks.concat(), rest].concat()
}

/// A carrier of Open Badges 2.0.
fn carrier(text: &str) -> Vec<u8> {
    chunk(b"iTXt", &[b"openbadges\0\0\0\0\0", text.as_bytes()].concat())
}

fn unbaking(input: Vec<u8>) -> Run {
    Box::new(move |limits| said(openbadges::unbake::unbake(&input, limits)))
}

fn svg(inner: &str) -> Vec<u8> {
    format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:openbadges='http://openbadges.org'><openbadges:assertion verify='{ASSERTION}'/>{inner}</svg>").into_bytes()
}

fn statements(document: Value) -> Run {
    Box::new(move |limits| said(to_quads(&document, &ContextStore::bundled(), &Options::default(), limits)))
}

/// A hosted badge with a context of its own, in hand and on the web.
fn owning() -> Run {
    let mut badge = hosted_assertion();
    badge["@context"] = json!([CONTEXT_2, {"own": "https://school.example/own"}]);
    verifying(badge.to_string(), school_web().with(ASSERTION, &badge))
}

fn canonical(nquads_of: Value) -> Run {
    Box::new(move |limits| {
        let quads = to_quads(&nquads_of, &ContextStore::bundled(), &Options::default(), &Limits::default());
        said(canonicalize(&quads.unwrap(), HashAlgorithm::Sha256, limits))
    })
}

/// A URL of this many bytes.
fn url(bytes: usize) -> String {
    let start = "https://school.example/";
    format!("{start}{}", "x".repeat(bytes - start.len()))
}

/// A ring of blank nodes, each of which refers to the next one.
fn ring(size: usize) -> Value {
    (0..size)
        .map(
            |at| json!({"@id": format!("_:b{at}"), "http://a/b": {"@id": format!("_:b{}", (at + 1) % size)}}),
        )
        .collect()
}

/// A badge whose first proofs do not hold, so that each of so many has to be tried.
fn proven(proofs: usize) -> Value {
    let mut badge = school().seal(&credential(&school().did()), &school().method());
    let sound = badge["proof"].clone();
    let mut forged = sound.clone();
    forged["created"] = json!("2026-03-02T09:00:00Z");
    badge["proof"] = (1..proofs).map(|_| forged.clone()).chain([sound]).collect();
    badge
}

/// A badge with a derived proof, which need not hold: parts, then three signatures.
fn disclosing() -> String {
    let bytes = |length: u8| [&[0x58, length][..], &vec![1; length.into()]].concat();
    let signatures: Vec<u8> = (0..3).flat_map(|_| bytes(64)).collect();
    let key = [&[0x58, 35, 0x80, 0x24, 2][..], &[1; 32]].concat();
    let parts = [&[0xD9, 0x5D, 0x01, 0x85][..], &bytes(64), &key, &[0x83], &signatures, &[0xA0, 0x80]];
    let mut badge = credential(&school().did());
    badge["proof"] = proof(&school().method());
    badge["proof"]["cryptosuite"] = json!("ecdsa-sd-2023");
    badge["proof"]["proofValue"] = json!(format!("u{}", URL_SAFE_NO_PAD.encode(parts.concat())));
    badge.to_string()
}

/// A badge of the school's with so many entries in its status list.
fn listed(entries: usize) -> Value {
    let mut badge = credential(SCHOOL);
    let entry = |place: usize| status_entry(SCHOOL_LIST, json!(place.to_string()));
    badge["credentialStatus"] = (0..entries).map(entry).collect();
    school().seal(&badge, SCHOOL_KEY)
}

/// A badge of the school's that keeps this schema.
fn promising(schema: &Value) -> Run {
    const SCHEMA: &str = "https://school.example/schema.json";
    let mut badge = credential(&school().did());
    let contexts = badge["@context"].as_array_mut().unwrap();
    contexts.push(json!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"));
    badge["credentialSchema"] = json!([{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]);
    let badge = school().seal(&badge, &school().method());
    verifying(badge.to_string(), Web::default().with(SCHEMA, schema))
}

/// A hosted badge with so many extensions.
fn extended(extensions: usize) -> Run {
    let mut badge = hosted_assertion();
    badge["extensions:all"] = vec![json!({"type": ["Extension"]}); extensions].into();
    verifying(badge.to_string(), school_web().with(ASSERTION, &badge))
}

/// A badge with so many endorsements within.
fn endorsed(endorsements: usize) -> Run {
    let mut badge = credential(&school().did());
    badge["endorsement"] = (0..endorsements).map(|_| json!({"type": ["EndorsementCredential"]})).collect();
    let badge = school().seal(&badge, &school().method()).to_string();
    Box::new(move |limits| {
        let policy = Policy::strict().with_endorsements(Endorsements::Verify).with_limits(limits.clone());
        let verifier = Verifier::new(policy);
        format!("{:#}", verifier.begin(badge.as_bytes(), NOW).unwrap().offline())
    })
}

/// Contexts of which each leads to the next one.
fn contexts(count: usize) -> Run {
    let last = json!({"@context": {"a": "http://a/"}});
    let mut store = ContextStore::empty().with_document(&format!("http://e/{}", count - 1), last).unwrap();
    for each in 0..count - 1 {
        let next = json!({"@context": format!("http://e/{}", each + 1)});
        store = store.with_document(&format!("http://e/{each}"), next).unwrap();
    }
    let document = json!({"@context": "http://e/0", "a": 1});
    Box::new(move |limits| said(to_quads(&document, &store, &Options::default(), limits)))
}

/// All that the documents of the hosted badge weigh.
fn weight() -> u64 {
    let documents = [hosted_assertion(), badge_class(), issuer_profile()];
    let list = "https://school.example/revoked".to_owned();
    let list = school_web().answer(&list.try_into().unwrap()).unwrap().body().len();
    (documents.iter().map(|document| document.to_string().len()).sum::<usize>() + list) as u64
}

/// Badges in a presentation, in as many presentations as that.
fn shown(levels: usize, badges: Vec<Value>) -> String {
    let presentation = |held: Value| json!({"type": "VerifiablePresentation", "verifiableCredential": held});
    (0..levels).fold(json!(badges), |held, _| presentation(held)).to_string()
}

/// A badge with two proofs, of which the first does not hold, and two nodes that are hard to tell apart.
fn twice_proven() -> Run {
    let mut badge = credential(&school().did());
    badge["credentialSubject"]["achievement"]["related"] =
        ["_:b0", "_:b1"].map(|id| json!({"id": id, "type": "Achievement"})).into();
    let mut badge = mallory().seal(&badge, &school().method());
    badge = school().seal(&badge, &school().method());
    verifying(badge.to_string(), Web::default())
}

/// A badge with places in two lists.
fn listed_twice() -> Run {
    let other = "https://school.example/status/2";
    let mut badge = credential(SCHOOL);
    badge["credentialStatus"] = [SCHOOL_LIST, other].map(|list| status_entry(list, json!("1"))).into();
    let badge = school().seal(&badge, SCHOOL_KEY);
    let list = school().seal(&status_list(other, SCHOOL, "revocation", &[]), SCHOOL_KEY);
    verifying(badge.to_string(), school_web().with(other, &list))
}

/// The least value of a bound that suffices.
fn least(limit: Limit, run: &Run) -> u64 {
    let (mut too_few, mut enough) = (0, limit.default_value());
    while enough - too_few > 1 {
        let most = (too_few + enough) / 2;
        let said = run(&Limits::default().with(limit, most));
        if said.contains(&format!("more than {most} {limit}")) { too_few = most } else { enough = most }
    }
    enough
}

/// Every bound that says so, with something that needs so much of it.
fn table() -> Vec<(Limit, u64, Run)> {
    let hosted = || hosted_assertion().to_string();
    let length = hosted().len() as u64;
    let of_web =
        school().seal(&credential("did:web:school.example"), "did:web:school.example#key").to_string();
    let image = || png(&[carrier(&hosted())]);
    let twice = || png(&[carrier(&hosted()), carrier(&hosted())]);
    let terms = || json!({"@context": [{"a": "http://a/", "b": "http://b/", "c": "http://c/"}], "a": 1});
    let chain = json!({"@context": [{"a": "b:1", "b": "c:2", "c": "http://c/"}], "a": 1});
    let applied = json!({"@context": [{"a": "http://a/"}, {"b": "http://b/"}, {"c": "http://c/"}], "a": 1});
    let methods: Value =
        (0..3).map(|each| school().verification_method(&format!("{SCHOOL}#{each}"), SCHOOL)).collect();
    let methods = json!({"id": SCHOOL, "verificationMethod": methods});
    let bits = encoded(&[0; 500]);
    let encoded_length = bits.len() as u64;
    let unpacked = bits.clone();
    let entries = json!({"revokedAssertions": ["urn:uuid:1", "urn:uuid:2", "urn:uuid:3"]});
    let references = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": true}});
    vec![
        (Limit::InputBytes, image().len() as u64, unbaking(image())),
        (Limit::JsonBytes, length, verifying(hosted(), Web::default())),
        (Limit::JsonDepth, 2, verifying(hosted(), Web::default())),
        (Limit::JsonNodes, 34, verifying(hosted(), Web::default())),
        // The badge, and the document of the key.
        (
            Limit::AllJsonNodes,
            least(Limit::AllJsonNodes, &verifying(of_web.clone(), school_web())),
            verifying(of_web, school_web()),
        ),
        (Limit::OwnContextValues, least(Limit::OwnContextValues, &owning()), owning()),
        (Limit::PngChunks, 4, unbaking(image())),
        // With its keyword and the five bytes after it.
        (Limit::TextBytes, length + 15, unbaking(image())),
        (Limit::AllTextBytes, 2 * (length + 15), unbaking(twice())),
        (Limit::Carriers, 2, unbaking(twice())),
        (Limit::XmlDepth, 3, unbaking(svg("<g><g/></g>"))),
        (Limit::XmlAttributes, 5, unbaking(svg("<g a='1' b='2' c='3' d='4' e='5'/>"))),
        (Limit::XmlNameBytes, 30, unbaking(svg(&format!("<{}/>", "g".repeat(30))))),
        (Limit::UrlBytes, 100, unbaking(url(100).into_bytes())),
        (
            Limit::DidBytes,
            school().did().len() as u64,
            Box::new(|limits| said(did::resolve(&school().did(), limits))),
        ),
        (
            Limit::VerificationMethods,
            3,
            Box::new(move |limits| said(KeyDocument::read(&methods, SCHOOL, limits))),
        ),
        (Limit::Contexts, 3, statements(applied)),
        (Limit::ContextTerms, 3, statements(terms())),
        (Limit::TermChain, 3, statements(chain)),
        (Limit::TermBytes, 10, statements(json!({"@context": {"t": "http://a/b"}, "t": 1}))),
        (Limit::ContextSteps, 5, statements(terms())),
        (Limit::Quads, 3, statements(json!({"http://a/b": [1, 2, 3]}))),
        (Limit::BlankNodes, 3, statements(json!({"http://a/b": [{"http://a/b": 1}, {"http://a/b": 2}]}))),
        (Limit::CanonicalBytes, 32, canonical(json!({"@id": "http://a/b", "http://a/c": "d"}))),
        // As much as the first of them, before the second is looked at.
        (Limit::AllCanonicalBytes, least(Limit::AllCanonicalBytes, &twice_proven()), twice_proven()),
        (Limit::AllHashCalls, least(Limit::AllHashCalls, &twice_proven()), twice_proven()),
        (Limit::AllQuads, least(Limit::AllQuads, &twice_proven()), twice_proven()),
        (Limit::HashCalls, 25, canonical(ring(5))),
        (Limit::HashDepth, 5, canonical(ring(5))),
        (Limit::Permutations, 50, canonical(ring(5))),
        (Limit::Signatures, 3, verifying(proven(3).to_string(), Web::default())),
        (Limit::Proofs, 3, verifying(proven(3).to_string(), Web::default())),
        (Limit::Statuses, 3, verifying(listed(3).to_string(), school_web())),
        (Limit::Endorsements, 3, endorsed(3)),
        (Limit::WrapperDepth, 3, verifying(shown(3, vec![hosted_assertion()]), Web::default())),
        (Limit::WrappedItems, 3, verifying(shown(1, vec![hosted_assertion(); 3]), Web::default())),
        (Limit::Extensions, 3, extended(3)),
        // A proof that discloses statements says how many before it is verified.
        (Limit::DisclosedStatements, 3, verifying(disclosing(), Web::default())),
        (Limit::Documents, 4, verifying(hosted(), school_web())),
        (Limit::AllDocumentBytes, weight(), verifying(hosted(), school_web())),
        (Limit::ListBytes, encoded_length, Box::new(move |limits| said(BitString::decode(&bits, limits)))),
        (Limit::StatusListBytes, 500, Box::new(move |limits| said(BitString::decode(&unpacked, limits)))),
        // As much as the first of two lists, before the second is unpacked.
        (Limit::AllStatusListBytes, 131_072 / 8, listed_twice()),
        (
            Limit::RevocationEntries,
            3,
            Box::new(move |limits| said(RevocationList::read_ob2(&entries, limits))),
        ),
        (Limit::SchemaDepth, 7, promising(&references)),
        (Limit::SchemaSteps, 18, promising(&references)),
    ]
}

#[test]
fn each_bound_is_met_exactly() {
    for (limit, exactly, run) in &table() {
        needs(*limit, *exactly, run);
    }
}

#[test]
fn every_bound_is_met_somewhere() {
    // `AllDocuments` in tests/bundles.rs, the others below.
    let elsewhere = [
        Limit::AllDocuments,
        Limit::ContextNesting,
        Limit::DocumentBytes,
        Limit::Identities,
        Limit::Redirects,
        Limit::SaltBytes,
        // No error, but less in the report.
        Limit::TraceBytes,
    ];
    let met: Vec<Limit> = table().into_iter().map(|(limit, ..)| limit).chain(elsewhere).collect();
    for limit in Limit::ALL {
        assert_eq!(met.iter().filter(|each| *each == limit).count(), 1, "{}", limit.as_str());
    }
}

/// The contexts of a store are read once for all, so that no verification's own bounds hold for them.
#[test]
fn contexts_of_the_host_lead_eight_levels_deep() {
    let limits = Limits::default();
    assert_eq!(contexts(8)(&limits), "");
    assert!(contexts(9)(&limits).contains("more than 8 levels of context nesting"));
}

#[test]
fn a_document_is_as_long_as_it_may_be() {
    // The issuer's profile is the longest of them.
    let length = issuer_profile().to_string().len() as u64;
    let run = verifying(ASSERTION, school_web());
    let said = |most| run(&Limits::default().with(Limit::DocumentBytes, most));
    let complaint = |most: u64| format!("the body is longer than {most} bytes");
    assert!(!said(length).contains(&complaint(length)));
    assert!(said(length - 1).contains(&complaint(length - 1)));
}

#[test]
fn a_document_takes_as_many_redirects_as_it_may() {
    let redirected = |hops: usize| {
        let url: url::Url = ASSERTION.parse().unwrap();
        let body = hosted_assertion().to_string().into_bytes();
        let response = Response::new(200, url.clone(), body, NOW).with_hops(vec![url; hops]);
        let mut web = school_web();
        web.answer_with(ASSERTION, Ok(response));
        verifying(ASSERTION, web)(&Limits::default())
    };
    assert!(!redirected(3).contains("too many redirects"));
    assert!(redirected(4).contains("too many redirects"));
}

#[test]
fn identities_and_salts_are_compared_up_to_a_bound() {
    let mut json = hosted_assertion();
    json["recipient"] = json!({"type": "email", "hashed": true, "salt": "12345", "identity": format!("sha256${}", "0".repeat(64))});
    let badge = Badge::read_json(json).unwrap().value.unwrap();
    let known = vec![KnownIdentity::new("email", "ada@example.com", Confirmation::Confirmed); 3];
    for (limit, exactly) in [(Limit::Identities, 3), (Limit::SaltBytes, 5)] {
        let matched = |most| match_recipient(&badge, &known, &Limits::default().with(limit, most));
        assert!(matches!(matched(exactly), RecipientMatch::Mismatch { .. }), "{}", limit.as_str());
        let found = matched(exactly - 1);
        assert!(
            matches!(found, RecipientMatch::NotChecked { reason: NotChecked::TooMuch, .. }),
            "{}: {found:?}",
            limit.as_str()
        );
    }
}
