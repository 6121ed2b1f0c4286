//! What goes over a bound is refused on a small stack, and what is laborious is given up early.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::time::{Duration, Instant};

use openbadges::jsonld::{ContextStore, JsonLdError, Options, Quad, Term, expand, to_quads};
use openbadges::limits::{Limit, Limits};
use openbadges::rdfc::{HashAlgorithm, RdfcError, canonicalize};
use openbadges::verify::Verifier;
use openbadges::{Policy, jcs};
use serde_json::{Map, Value, json};
use time::macros::datetime;

/// Runs on a stack of 256 KiB, with whatever checks a debug build adds.
fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap()
}

/// A value within as many objects.
fn nested(levels: usize, wrap: fn(Value) -> Value) -> Value {
    (0..levels).fold(json!("x"), |inner, _| wrap(inner))
}

fn limit_of(error: &JsonLdError) -> Limit {
    match error {
        JsonLdError::Limit(exceeded) => exceeded.limit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_one_level_too_deep() {
    let shapes: [fn(Value) -> Value; 6] = [
        |inner| json!({"http://a/p": inner}),
        |inner| json!([inner]),
        |inner| json!({"@graph": inner}),
        |inner| json!({"@included": inner}),
        |inner| json!({"@reverse": {"http://a/p": inner}}),
        |inner| json!({"@context": inner}),
    ];
    for shape in shapes {
        on_a_small_stack(move || {
            let (store, options, limits) = (ContextStore::bundled(), Options::default(), Limits::default());
            let document = nested(65, shape);
            let error = to_quads(&document, &store, &options, &limits).unwrap_err();
            assert_eq!(limit_of(&error), Limit::JsonDepth);
            assert!(expand(&document, &store, &options, &limits).is_err());
            assert!(jcs::canonicalize(&document, &limits).is_err());
            // As a badge, and as text that goes on for ever.
            let text = format!(
                r#"{{"@context": "https://www.w3.org/ns/credentials/v2", "a": {}"#,
                "[".repeat(500_000)
            );
            let verifier = Verifier::new(Policy::strict());
            let _ = verifier.begin(document.to_string().as_bytes(), datetime!(2026-06-01 12:00 UTC));
            assert!(verifier.begin(text.as_bytes(), datetime!(2026-06-01 12:00 UTC)).is_err());
        });
    }
}

#[test]
fn a_chain_of_terms_one_too_long() {
    on_a_small_stack(|| {
        let terms: Map<String, Value> =
            (0..33).map(|i| (format!("t{i}"), json!(format!("t{}:a", i + 1)))).collect();
        let document = json!({"@context": terms, "t0": 1});
        let (store, options, limits) = (ContextStore::empty(), Options::default(), Limits::default());
        assert_eq!(limit_of(&to_quads(&document, &store, &options, &limits).unwrap_err()), Limit::TermChain);
    });
}

#[test]
fn contexts_nested_one_level_too_deep() {
    on_a_small_stack(|| {
        let mut store = ContextStore::empty();
        for i in 0..9 {
            let document = json!({"@context": format!("http://e/{}", i + 1)});
            store = store.with_document(&format!("http://e/{i}"), document).unwrap();
        }
        let store = store.with_document("http://e/9", json!({"@context": {}})).unwrap();
        let document = json!({"@context": "http://e/0", "http://a/b": 1});
        let (options, limits) = (Options::default(), Limits::default());
        let error = to_quads(&document, &store, &options, &limits).unwrap_err();
        assert_eq!(limit_of(&error), Limit::ContextNesting);
    });
}

/// A statement that leads from one blank node to another.
fn edge(from: u32, to: u32) -> Quad {
    let predicate = Term::Iri("http://a/p".into());
    Quad { subject: Term::BlankNode(from), predicate, object: Term::BlankNode(to), graph: None }
}

#[test]
fn statements_related_one_level_too_far() {
    on_a_small_stack(|| {
        let ring = |size: u32| -> Vec<Quad> { (0..size).map(|node| edge(node, (node + 1) % size)).collect() };
        let canonical = |quads: &[Quad]| canonicalize(quads, HashAlgorithm::Sha384, &Limits::default());
        assert!(canonical(&ring(62)).is_ok());
        for size in [66, 2_000] {
            let Err(RdfcError::Limit(exceeded)) = canonical(&ring(size)) else { panic!("{size}") };
            assert_eq!(exceeded.limit, Limit::HashDepth);
        }
    });
}

/// Graphs in which everything is like everything else; the last is as in the test suite of the W3C.
#[test]
fn laborious_statements_are_given_up_early() {
    let clique = |size: u32| -> Vec<Quad> {
        let pairs = (0..size).flat_map(|from| (0..size).map(move |to| (from, to)));
        pairs.filter(|(from, to)| from != to).map(|(from, to)| edge(from, to)).collect()
    };
    let hubs: Vec<Quad> = (2..2_000).flat_map(|leaf| [edge(0, leaf), edge(1, leaf)]).collect();
    let cliques: Vec<Quad> = (0..10)
        .flat_map(|block| clique(8).into_iter().map(move |quad| (block, quad)))
        .map(|(block, quad)| match (quad.subject, quad.object) {
            (Term::BlankNode(from), Term::BlankNode(to)) => edge(from + 8 * block, to + 8 * block),
            other => panic!("{other:?}"),
        })
        .collect();
    for (name, quads) in
        [("a clique", clique(10)), ("a large clique", clique(100)), ("hubs", hubs), ("cliques", cliques)]
    {
        for algorithm in [HashAlgorithm::Sha256, HashAlgorithm::Sha384] {
            let start = Instant::now();
            let canonical = canonicalize(&quads, algorithm, &Limits::default());
            let elapsed = start.elapsed();
            assert!(matches!(canonical, Err(RdfcError::Limit(_))), "{name}");
            // What a build without optimisation needs is no matter; that it comes to an end is.
            let most = Duration::from_millis(if cfg!(debug_assertions) { 30_000 } else { 100 });
            println!("{name}: {elapsed:?}");
            assert!(elapsed < most, "{name}: {elapsed:?}");
        }
    }
}
