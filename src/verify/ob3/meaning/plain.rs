//! What a reader that knows nothing of JSON-LD finds in a document.
//!
//! In: a document, and the statements that were signed. Out: whether the reader finds all of them that can be said in the
//! vocabulary of the standards. It knows the contexts that this crate carries, as tables of names, and it looks at
//! members by their names. So it does not see what a context of the document's own or of the host's gives a name to, what
//! stands under an IRI or a keyword, in an array within an array, or under the name of a class. Where it does not see all,
//! what it does see has to be what it is called, too ([`names`]).

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::names::{self, has_plain_classes, is_member_name};
use super::node_of;
use crate::json::as_list;
use crate::jsonld::{self, ContextStore, JsonLdError, Options, Quad, Safety, Term, Vocabulary};
use crate::limits::{Limit, Limits};
use crate::quote::quote;
use crate::rdfc::{self, HashAlgorithm, RdfcError};
use crate::report::{Outcome, ReasonCode};

/// The plain reader of one document, which it reads once for all of its proofs.
pub(in super::super) struct Reader<'d> {
    document: &'d Map<String, Value>,
    contexts: ContextStore,
    signed_under: ContextStore,
    limits: &'d Limits,
    found: OnceCell<Found>,
}

/// What the reader finds, or why it cannot read. Nothing, if it sees everything in the document: then its reading is the
/// one that was signed.
type Found = Result<Option<Reading>, Outcome>;

/// What a reader finds that does not see everything.
struct Reading {
    stated: Vec<Quad>,
    /// Whether the names that it meets are what they are called.
    names: Outcome,
}

impl<'d> Reader<'d> {
    /// A reader that knows some of the contexts that the document was signed under.
    pub(in super::super) fn new(
        document: &'d Map<String, Value>,
        contexts: ContextStore,
        signed_under: ContextStore,
        limits: &'d Limits,
    ) -> Self {
        Self { document, contexts, signed_under, limits, found: OnceCell::new() }
    }

    /// Judges whether the reader finds what was signed, and nothing else.
    pub(super) fn compare(&self, signed: &[Quad]) -> Outcome {
        match self.found.get_or_init(|| self.read()) {
            Ok(None) => Outcome::Passed,
            Ok(Some(Reading { stated: read, names })) => {
                match agree(&stated(self.document, signed), read, self.limits) {
                    Outcome::Passed => names.clone(),
                    outcome => outcome,
                }
            }
            Err(outcome) => outcome.clone(),
        }
    }

    fn read(&self) -> Found {
        if sees_all(self.document, &self.contexts) {
            return Ok(None);
        }
        let seen = Value::Object(seen(self.document, &self.contexts));
        let options = Options::default().with_safety(Safety::Lenient);
        match jsonld::to_quads(&seen, &self.contexts, &options, self.limits) {
            Ok(read) => {
                let mut whole = self.document.clone();
                whole.remove("proof");
                let names = names::judge(&Value::Object(whole), &self.signed_under, self.limits);
                Ok(Some(Reading { stated: stated(self.document, &read), names }))
            }
            Err(JsonLdError::Limit(limit)) => {
                Err(Outcome::inconclusive(ReasonCode::Limit, limit.to_string()))
            }
            Err(error) => {
                let message = format!("it cannot be read without the contexts that it brings along: {error}");
                Err(Outcome::failed(ReasonCode::Mismatch, message))
            }
        }
    }
}

/// Judges whether two readings say the same.
fn agree(signed: &[Quad], read: &[Quad], limits: &Limits) -> Outcome {
    // Both were read in the same order, so that nameless nodes have the same numbers in nearly every sound badge.
    if signed == read {
        return Outcome::Passed;
    }
    if let Some(predicate) = differing_predicate(signed, read) {
        let message = format!("readers of its JSON do not find what was signed as {}", quote(predicate));
        return Outcome::failed(ReasonCode::Mismatch, message);
    }
    let limits = share(limits);
    match (canonical(signed, &limits), canonical(read, &limits)) {
        (Ok(signed), Ok(read)) if signed == read => Outcome::Passed,
        (Ok(_), Ok(_)) => {
            Outcome::failed(ReasonCode::Mismatch, "readers of its JSON find something else than was signed")
        }
        (Err(RdfcError::Limit(limit)), _) | (_, Err(RdfcError::Limit(limit))) => {
            Outcome::inconclusive(ReasonCode::Limit, limit.to_string())
        }
    }
}

/// Whether the reader sees everything in a document but its proofs.
fn sees_all(document: &Map<String, Value>, contexts: &ContextStore) -> bool {
    let mut open = vec![document];
    while let Some(members) = open.pop() {
        // A text with its language is a value, and describes nothing.
        if members.contains_key("@value") {
            continue;
        }
        if !has_plain_classes(members) {
            return false;
        }
        for (name, value) in members {
            if name == "@context" && known_contexts(value, contexts).as_slice() != as_list(Some(value)) {
                return false;
            }
            if !is_seen(name, value) {
                return false;
            }
            let is_proof = name == "proof" && std::ptr::eq(members, document);
            if is_proof || UNREAD.contains(&name.as_str()) {
                continue;
            }
            if value.as_array().is_some_and(|items| items.iter().any(Value::is_array)) {
                return false;
            }
            open.extend(as_list(Some(value)).iter().filter_map(Value::as_object));
        }
    }
    true
}

/// The document without its proofs, and without what the reader does not see.
fn seen(document: &Map<String, Value>, contexts: &ContextStore) -> Map<String, Value> {
    let mut document = document.clone();
    document.remove("proof");
    let mut open = vec![&mut document];
    while let Some(members) = open.pop() {
        if members.contains_key("@value") {
            continue;
        }
        if let Some(context) = members.get_mut("@context") {
            *context = Value::Array(known_contexts(context, contexts));
        }
        members.retain(|name, value| is_seen(name, value));
        for (_, value) in members.iter_mut().filter(|(name, _)| !UNREAD.contains(&name.as_str())) {
            match value {
                Value::Object(inner) => open.push(inner),
                Value::Array(items) => {
                    items.retain(|item| !item.is_array());
                    open.extend(items.iter_mut().filter_map(Value::as_object_mut));
                }
                Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
            }
        }
    }
    document
}

/// The contexts that the reader has tables for. What others say of the language of texts changes no name.
fn known_contexts(context: &Value, contexts: &ContextStore) -> Vec<Value> {
    let known = |context: &Value| match context {
        Value::String(url) => contexts.contains(url).then(|| context.clone()),
        Value::Object(members) => {
            let of_texts = |name: &str| name == "@language" || name == "@direction";
            let kept: Map<String, Value> = members
                .iter()
                .filter(|(name, _)| of_texts(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        _ => None,
    };
    as_list(Some(context)).iter().filter_map(known).collect()
}

/// Whether the reader looks at a member.
fn is_seen(name: &str, value: &Value) -> bool {
    let is_label = name == "id" && value.as_str().is_some_and(|id| id.starts_with("_:"));
    name == "@context" || (is_member_name(name) && !is_label)
}

/// Members whose value is no description: contexts have their own rules, and a schema is a JSON literal.
const UNREAD: [&str; 2] = ["@context", "jsonSchema"];

/// The statements in the vocabulary of the standards about the document's node, and about all that it leads to.
///
/// What extensions state about nodes of their own is nobody's business here; what they state about these nodes is.
/// Nameless nodes are numbered anew, in the order that they had.
fn stated(document: &Map<String, Value>, quads: &[Quad]) -> Vec<Quad> {
    let mut by_place: BTreeMap<&Term, Vec<&Quad>> = BTreeMap::new();
    for quad in quads {
        by_place.entry(&quad.subject).or_default().push(quad);
        // Whoever leads to a graph leads to all that is stated in it.
        if let Some(graph) = &quad.graph {
            by_place.entry(graph).or_default().push(quad);
        }
    }
    let mut reached: BTreeSet<&Term> = node_of(document, quads).into_iter().collect();
    let mut open: Vec<&Term> = reached.iter().copied().collect();
    let mut stated = Vec::new();
    while let Some(node) = open.pop() {
        for quad in by_place.get(node).into_iter().flatten().filter(|quad| is_standard(quad)) {
            stated.push(*quad);
            let ends = [&quad.subject, &quad.object];
            open.extend(ends.into_iter().filter(|term| !is_literal(term) && reached.insert(term)));
        }
    }
    stated.sort_unstable();
    stated.dedup();
    numbered_anew(&stated)
}

fn numbered_anew(quads: &[&Quad]) -> Vec<Quad> {
    let terms = quads.iter().flat_map(|quad| [&quad.subject, &quad.object].into_iter().chain(&quad.graph));
    let nodes: BTreeSet<u32> = terms.filter_map(number).collect();
    let numbers: BTreeMap<u32, u32> = nodes.into_iter().zip(0..).collect();
    let renumber = |term: &Term| {
        number(term)
            .and_then(|node| numbers.get(&node).copied())
            .map_or_else(|| term.clone(), Term::BlankNode)
    };
    let renumber_all = |quad: &&Quad| Quad {
        subject: renumber(&quad.subject),
        predicate: quad.predicate.clone(),
        object: renumber(&quad.object),
        graph: quad.graph.as_ref().map(renumber),
    };
    quads.iter().map(renumber_all).collect()
}

fn number(term: &Term) -> Option<u32> {
    match term {
        Term::BlankNode(node) => Some(*node),
        Term::Iri(_) | Term::Literal(_) => None,
    }
}

fn is_literal(term: &Term) -> bool {
    matches!(term, Term::Literal(_))
}

/// Whether a statement is one that the standards have words for. Proofs are not part of what is signed.
fn is_standard(quad: &Quad) -> bool {
    let has = |term: &Term| matches!(term, Term::Iri(iri) if Vocabulary::bundled().has(iri));
    match &quad.predicate {
        Term::Iri(iri) if **iri == *PROOF => false,
        Term::Iri(iri) if **iri == *TYPE => has(&quad.object),
        Term::Iri(iri) if iri.starts_with(RDF) => true,
        other => has(other),
    }
}

const PROOF: &str = "https://w3id.org/security#proof";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// A predicate that one side has more often than the other.
fn differing_predicate<'q>(signed: &'q [Quad], read: &'q [Quad]) -> Option<&'q str> {
    let mut balance: BTreeMap<&Term, i64> = BTreeMap::new();
    for (quads, step) in [(signed, 1), (read, -1)] {
        for quad in quads {
            let count = balance.entry(&quad.predicate).or_default();
            *count = count.saturating_add(step);
        }
    }
    balance.into_iter().find_map(|(predicate, count)| match predicate {
        Term::Iri(iri) if count != 0 => Some(&**iri),
        _ => None,
    })
}

/// What a comparison may cost, of what the proof may: each of many proofs on one badge can ask for two canonical forms
/// more, and no sound badge needs much for them.
fn share(limits: &Limits) -> Limits {
    let parts = [Limit::CanonicalBytes, Limit::HashCalls, Limit::Permutations];
    parts.into_iter().fold(limits.clone(), |share, limit| share.with(limit, limits.get(limit) / SHARE))
}

const SHARE: u64 = 16;

fn canonical(quads: &[Quad], limits: &Limits) -> Result<String, RdfcError> {
    Ok(rdfc::canonicalize(quads, HashAlgorithm::Sha256, limits)?.into_nquads())
}
