//! Compares what a credential's JSON says with the statements that its proof signs.
//!
//! In: the document, and the statements that the signature vouches for. Out: the outcome of
//! [`ProofContext`](crate::report::CheckCode::ProofContext).
//!
//! RDF suites sign statements and not text, and one statement can be spelt in many ways; but a credential is read by the
//! names and places of its members, and by the names of its classes. A `validUntil` that was respelt as an IRI after
//! signing, or moved into another description of the same node, still verifies, and nobody would see the badge expire. So
//! three things must hold:
//!
//! 1. **Nothing is hidden** ([`plain`]): read without anything but the bundled contexts, the document states the same, as
//!    far as the vocabulary of the standards goes, about the credential and all that it leads to. Full IRIs, aliases by
//!    contexts that the document brings along, `@included`, `@graph`, `@reverse`, `@nest`, and arrays within arrays
//!    fail here.
//! 2. **Nothing is moved** ([`place`]): what the verdict rests on stands where it is read, and the classes that decide
//!    how it is read. Nodes that are described again elsewhere fail here.
//! 3. **Nothing is called what it is not** ([`names`]): second names for a class or a member, other names for keywords, and
//!    keys of what is empty add a text to the badge and no statement to what is signed. They fail here.
//!
//! What changes none of these is nobody's business: `[x]` for `x`, `{"id": X}` for `X`, texts with their language, the
//! contexts and the names of extensions (whose classes have to be called as their IRIs end), and profiles that are
//! described twice.
//!
//! Where the JSON itself was signed there is nothing to disagree.
//!
//! Verifiable Credential Data Integrity 1.0 section 2.4.1 "Validating Contexts"; JSON-LD 1.1 section 2 "Conformance".

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::jsonld::{Quad, Term};
use crate::proof::integrity::Disclosure;
use crate::quote::quote;
use crate::report::{Outcome, ReasonCode};

mod names;
mod place;
mod plain;

pub(super) use plain::Reader;

/// Judges whether the JSON and its statements agree. The reader knows the bundled contexts that were in force when it was
/// signed.
pub(super) fn compare(document: &Map<String, Value>, quads: Option<&[Quad]>, reader: &Reader<'_>) -> Outcome {
    let Some(quads) = quads else { return Outcome::Passed };
    let Some(node) = node_of(document, quads) else {
        return Outcome::failed(ReasonCode::Mismatch, "the signed statements are about another credential");
    };
    if let Some(term) = place::misplaced(document, node, quads) {
        let message = format!("what was signed as {} is not what the badge says there", quote(term));
        return Outcome::failed(ReasonCode::Mismatch, message);
    }
    reader.compare(quads)
}

/// Judges whether the holder of a badge could have withheld what ends or began its life.
///
/// A badge that shows no end and no status may have had them, so that only statements which are there, and which the
/// issuer made mandatory, count.
pub(super) fn disclosed(document: &Map<String, Value>, quads: &[Quad], disclosure: &Disclosure) -> Outcome {
    let node = node_of(document, quads);
    let is_mandatory = |iri: &str| {
        quads.iter().any(|quad| {
            Some(&quad.subject) == node
                && matches!(&quad.predicate, Term::Iri(name) if **name == *iri)
                && disclosure.is_mandatory(quad)
        })
    };
    let withheld: Vec<String> = LIFE_CYCLE
        .iter()
        .filter(|(_, iris)| !iris.iter().any(|iri| is_mandatory(iri)))
        .map(|(term, _)| quote(term).to_string())
        .collect();
    if withheld.is_empty() {
        return Outcome::Passed;
    }
    let message = format!("its holder can withhold {}, and may have", withheld.join(", "));
    Outcome::failed(ReasonCode::Missing, message)
}

/// What the life of a badge hangs on: the term, and the IRIs that it has in the two versions of the data model.
const LIFE_CYCLE: &[(&str, &[&str])] = &[
    ("credentialStatus", &["https://www.w3.org/2018/credentials#credentialStatus"]),
    (
        "validFrom",
        &[
            "https://www.w3.org/2018/credentials#validFrom",
            "https://www.w3.org/2018/credentials#issuanceDate",
        ],
    ),
    (
        "validUntil",
        &[
            "https://www.w3.org/2018/credentials#validUntil",
            "https://www.w3.org/2018/credentials#expirationDate",
        ],
    ),
];

/// The node that the document is about: the one of its `id`, or the only one of its kind that nothing refers to.
fn node_of<'q>(document: &Map<String, Value>, quads: &'q [Quad]) -> Option<&'q Term> {
    let subjects = quads.iter().filter(|quad| quad.graph.is_none()).map(|quad| &quad.subject);
    if let Some(id) = document.get("id").and_then(Value::as_str) {
        let mut subjects = subjects;
        return subjects.find(|subject| matches!(subject, Term::Iri(iri) if **iri == *id));
    }
    let referred: BTreeSet<&Term> = quads.iter().map(|quad| &quad.object).collect();
    let mut roots: Vec<&Term> = subjects.filter(|subject| !referred.contains(subject)).collect();
    roots.sort();
    roots.dedup();
    match roots.as_slice() {
        [root] => Some(root),
        _ => None,
    }
}
