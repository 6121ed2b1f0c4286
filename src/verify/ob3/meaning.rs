//! Compares what a credential's JSON says with the statements that its proof signs.
//!
//! RDF suites sign statements and not text, and one statement can be spelt in many ways. What decides the verdict is
//! read from the JSON under its own term at the top, so a statement about the credential that was signed must stand
//! just there: a `validUntil` that was respelt as an IRI after signing, or moved into another description of the same
//! node, still verifies, and nobody would see the badge expire.
//!
//! Verifiable Credential Data Integrity 1.0 section 2.4.1 "Validating Contexts".

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::badge::ob3::Envelope;
use crate::jsonld::{Quad, Term};
use crate::proof::integrity::Disclosure;
use crate::quote::quote;
use crate::report::{Outcome, ReasonCode};

/// The properties of the credential node that decide a verdict: the term, and the IRI that the contexts give it.
const DECISIVE: &[(&str, &str)] = &[
    ("credentialSchema", "https://www.w3.org/2018/credentials#credentialSchema"),
    ("credentialStatus", "https://www.w3.org/2018/credentials#credentialStatus"),
    ("credentialSubject", "https://www.w3.org/2018/credentials#credentialSubject"),
    ("expirationDate", "https://www.w3.org/2018/credentials#expirationDate"),
    // Of a presentation; no term of a credential.
    ("holder", "https://www.w3.org/2018/credentials#holder"),
    ("issuanceDate", "https://www.w3.org/2018/credentials#issuanceDate"),
    ("issuer", "https://www.w3.org/2018/credentials#issuer"),
    ("refreshService", "https://www.w3.org/2018/credentials#refreshService"),
    ("validFrom", "https://www.w3.org/2018/credentials#validFrom"),
    ("validUntil", "https://www.w3.org/2018/credentials#validUntil"),
];

/// Judges whether the JSON and its statements agree on what decides the verdict.
///
/// Where no statements were signed but the JSON itself, there is nothing to disagree.
pub(super) fn compare(document: &Map<String, Value>, envelope: &Envelope, quads: Option<&[Quad]>) -> Outcome {
    // A context that the document brings along can give any term any meaning, so what the JSON says cannot be told.
    if envelope.contexts().iter().any(|context| !context.is_string()) || brings_context(document) {
        return Outcome::inconclusive(ReasonCode::Unsupported, "the badge brings along a context of its own");
    }
    let Some(quads) = quads else { return Outcome::Passed };
    let Some(node) = credential_node(document, quads) else {
        return Outcome::failed(ReasonCode::Mismatch, "the signed statements are about another credential");
    };
    for (term, iri) in DECISIVE {
        let signed: BTreeSet<&Term> = quads
            .iter()
            .filter(|quad| {
                quad.subject == *node && matches!(&quad.predicate, Term::Iri(name) if **name == **iri)
            })
            .map(|quad| &quad.object)
            .collect();
        let written: Vec<&Value> = document.get(*term).map(elements).unwrap_or_default();
        if !agree(&signed, &written) {
            let message = format!("what was signed as {} is not what the badge says there", quote(term));
            return Outcome::failed(ReasonCode::Mismatch, message);
        }
    }
    if hides_statements(document) {
        let why = "the badge makes statements in a way that readers of its JSON do not see";
        return Outcome::inconclusive(ReasonCode::Unsupported, why);
    }
    Outcome::Passed
}

/// Judges whether the holder of a badge could have withheld what ends or began its life.
///
/// A badge that shows no end and no status may have had them, so that only statements which are there, and which the
/// issuer made mandatory, count.
pub(super) fn disclosed(document: &Map<String, Value>, quads: &[Quad], disclosure: &Disclosure) -> Outcome {
    let node = credential_node(document, quads);
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
fn credential_node<'q>(document: &Map<String, Value>, quads: &'q [Quad]) -> Option<&'q Term> {
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

/// Whether each signed value stands in the JSON, and nothing else does.
fn agree(signed: &BTreeSet<&Term>, written: &[&Value]) -> bool {
    let mut names = BTreeSet::new();
    let mut nameless: usize = 0;
    for value in written {
        match value.as_str().or_else(|| value.get("id").and_then(Value::as_str)) {
            Some(text) => {
                names.insert(text);
            }
            None => nameless = nameless.saturating_add(1),
        }
    }
    let mut blank: usize = 0;
    let is_written = |term: &&Term| match term {
        Term::Iri(text) => names.remove(&**text),
        Term::Literal(literal) => names.remove(&*literal.value),
        Term::BlankNode(_) => {
            blank = blank.saturating_add(1);
            true
        }
    };
    signed.iter().all(is_written) && names.is_empty() && blank == nameless
}

fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

/// Whether an object inside the document has a context of its own, other than those of embedded credentials, which
/// name the same contexts as any credential and are verified by themselves.
fn brings_context(document: &Map<String, Value>) -> bool {
    any_object(document, |members| {
        members.get("@context").map(elements).unwrap_or_default().iter().any(|context| !context.is_string())
    })
}

/// Whether an object names a member by an IRI or by a keyword. `https://purl.imsglobal.org/...#result` says the same as
/// `result`, and `@included` describes a node in another place, but neither is where a reader of the JSON looks.
fn hides_statements(document: &Map<String, Value>) -> bool {
    let is_hidden = |name: &String| name.contains(':') || (name.starts_with('@') && name != "@context");
    let is_literal = |members: &Map<String, Value>| members.contains_key("@value");
    let own = document.keys().any(is_hidden);
    own || any_object(document, |members| !is_literal(members) && members.keys().any(is_hidden))
}

/// Whether a test holds for an object inside the document, proofs and contexts aside.
fn any_object(document: &Map<String, Value>, test: impl Fn(&Map<String, Value>) -> bool) -> bool {
    let is_inside = |name: &str| name != "@context" && name != "proof";
    let mut open: Vec<&Value> =
        document.iter().filter(|(name, _)| is_inside(name)).map(|(_, value)| value).collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) if test(members) => return true,
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    false
}
