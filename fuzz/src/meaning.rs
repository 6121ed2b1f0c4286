//! The targets for what texts mean: badges and statements.

use openbadges::Badge;
use openbadges::jsonld::{ContextStore, Literal, Options, Quad, Term, expand, to_quads};
use openbadges::jws::CompactJws;
use openbadges::limits::{Limit, Limits};
use openbadges::rdfc::{HashAlgorithm, RdfcError, canonicalize};
use openbadges::recipient::{Confirmation, KnownIdentity, match_recipient};
use openbadges::unbake::Payload;
use serde_json::Value;

use super::is_fit_for_people;

/// Whatever is read can be shown, and reading it twice is no different.
pub fn badge_read(data: &[u8]) {
    let limits = Limits::default();
    let payload = Payload::Json(data.to_vec());
    let reading = match Badge::read(&payload, &limits) {
        Ok(reading) => reading,
        Err(error) => return assert!(is_fit_for_people(&error.to_string())),
    };
    assert_eq!(Badge::read(&payload, &limits).as_ref(), Ok(&reading));
    for violation in &reading.violations {
        assert!(is_fit_for_people(&violation.to_string()));
    }
    let Some(badge) = reading.value else { return };
    let _summary = badge.summary();
    let _key = badge.key();
    assert!(badge.json().is_object());
    let known = KnownIdentity::new("email", "grace@example.com", Confirmation::Confirmed);
    let _match = match_recipient(&badge, &[known], &limits);
    // The same as the payload of a JWS, whoever signed it: `{"alg":"EdDSA"}` in front.
    use base64::Engine;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(data);
    if let Ok(jws) = CompactJws::parse(&format!("eyJhbGciOiJFZERTQSJ9.{payload}.AAAA"), &limits) {
        let _reading = Badge::read(&Payload::Jws(jws), &limits);
    }
}

/// The canonical form depends on the statements, and on nothing else about them.
pub fn rdfc(data: &[u8]) {
    statements(&drawn(data), &tight());
}

/// A document stands for the same statements as its expanded form, in which nothing is left to contexts.
pub fn jsonld_to_rdf(data: &[u8]) {
    let Ok(document) = serde_json::from_slice::<Value>(data) else { return };
    let (store, options, limits) = (ContextStore::bundled(), Options::default(), tight());
    let quads = match to_quads(&document, &store, &options, &limits) {
        Ok(quads) => quads,
        Err(error) => return assert!(is_fit_for_people(&error.to_string())),
    };
    statements(&quads, &limits);
    let expanded = expand(&document, &store, &options, &limits).expect("its statements are there");
    let again =
        to_quads(&expanded, &ContextStore::empty(), &options, &limits).expect("nothing more is needed");
    let canonical = |quads: &[Quad]| canonicalize(quads, HashAlgorithm::Sha256, &limits).ok();
    match (canonical(&quads), canonical(&again)) {
        (Some(one), Some(other)) if is_one_graph(&quads) => assert_eq!(one.nquads(), other.nquads()),
        (Some(one), Some(other)) => assert_eq!(one.lines().count(), other.lines().count()),
        _ => {}
    }
}

/// Small bounds, so that many of them are met.
fn tight() -> Limits {
    Limits::default().with(Limit::HashCalls, 500).with(Limit::Permutations, 2_000)
}

/// Whether all statements are in the default graph. Only of such a dataset is there one canonical form: RDFC-1.0 compares
/// the neighbours of a node without their graphs, so that two nodes of several graphs can look alike to it that are not.
fn is_one_graph(quads: &[Quad]) -> bool {
    quads.iter().all(|quad| quad.graph.is_none())
}

/// A dataset of few nodes and properties: a statement for each three bytes.
fn drawn(data: &[u8]) -> Vec<Quad> {
    let iri = |number: u8| Term::Iri(format!("urn:{number}").into());
    let node = |byte: u8| if byte < 224 { Term::BlankNode(u32::from(byte % 12)) } else { iri(byte) };
    let quad = |bytes: &[u8]| Quad {
        subject: node(bytes[0]),
        predicate: iri(bytes[1] % 3),
        object: match bytes[2] {
            byte @ 250.. => Term::Literal(Literal {
                value: format!("{byte}\n\"\\").into(),
                datatype: "http://www.w3.org/2001/XMLSchema#string".into(),
                language: None,
            }),
            byte => node(byte),
        },
        graph: None,
    };
    data.chunks_exact(3).take(40).map(quad).collect()
}

fn statements(quads: &[Quad], limits: &Limits) {
    let canonical = match canonicalize(quads, HashAlgorithm::Sha256, limits) {
        Ok(canonical) => canonical,
        Err(RdfcError::Limit(_)) => return,
        Err(error) => panic!("{error}"),
    };
    assert!(canonical.lines().is_sorted());
    if !is_one_graph(quads) {
        return;
    }
    // The order means nothing, and neither do the labels; but the work may be another, and the bound be met.
    let relabelled = |term: &Term| match term {
        Term::BlankNode(number) => Term::BlankNode(u32::MAX - number),
        other => other.clone(),
    };
    let others = quads.iter().rev().map(|quad| Quad {
        subject: relabelled(&quad.subject),
        predicate: quad.predicate.clone(),
        object: relabelled(&quad.object),
        graph: quad.graph.as_ref().map(relabelled),
    });
    match canonicalize(&others.collect::<Vec<_>>(), HashAlgorithm::Sha256, limits) {
        Ok(other) => assert_eq!(other.nquads(), canonical.nquads()),
        Err(RdfcError::Limit(_)) => {}
        Err(error) => panic!("{error}"),
    }
    let reversed: Vec<Quad> = quads.iter().rev().cloned().collect();
    assert_eq!(canonicalize(&reversed, HashAlgorithm::Sha256, limits), Ok(canonical));
}
