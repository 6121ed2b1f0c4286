//! What the bundled contexts have words for.
//!
//! Open Badges 3.0 and the data models that it builds on read a credential by names: `validUntil` is a member, and only
//! the contexts know that it stands for an IRI. Here is which name stands for which IRIs, whatever the scope.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::bundled;

/// The terms of the bundled contexts, and the IRIs that they stand for.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    by_term: BTreeMap<String, BTreeSet<String>>,
    iris: BTreeSet<String>,
}

impl Vocabulary {
    /// The vocabulary of all bundled contexts together.
    pub(crate) fn bundled() -> &'static Self {
        static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
            let mut vocabulary = Vocabulary::default();
            for document in [bundled::CURRENT, bundled::EARLIER].concat() {
                // All are well-formed, as a test makes sure.
                let parsed: Value = serde_json::from_str(document.text).unwrap_or_default();
                vocabulary.add(parsed.get("@context").unwrap_or(&Value::Null));
            }
            vocabulary
        });
        &VOCABULARY
    }

    /// The IRIs that a term stands for, in one context or another.
    pub(crate) fn iris_of(&self, term: &str) -> impl Iterator<Item = &str> {
        self.by_term.get(term).into_iter().flatten().map(String::as_str)
    }

    /// Every term.
    #[cfg(test)]
    pub(crate) fn terms(&self) -> impl Iterator<Item = &str> {
        self.by_term.keys().map(String::as_str)
    }

    /// Whether some term stands for an IRI.
    pub(crate) fn has(&self, iri: &str) -> bool {
        self.iris.contains(iri)
    }

    /// Adds the terms of a context, and those of the contexts that its terms have.
    fn add(&mut self, context: &Value) {
        let mut open = vec![(context, Arc::new(Map::new()))];
        while let Some((context, outer)) = open.pop() {
            let Value::Object(terms) = context else {
                let contexts = context.as_array().into_iter().flatten();
                open.extend(contexts.map(|context| (context, Arc::clone(&outer))));
                continue;
            };
            let mut known = (*outer).clone();
            known.extend(terms.clone());
            let known = Arc::new(known);
            for (term, definition) in terms.iter().filter(|(term, _)| !term.starts_with('@')) {
                if let Some(iri) = name_of(definition).and_then(|name| absolute(name, &known)) {
                    self.by_term.entry(term.clone()).or_default().insert(iri.clone());
                    self.iris.insert(iri);
                }
                open.extend(definition.get("@context").map(|scoped| (scoped, Arc::clone(&known))));
            }
        }
    }
}

/// What a term definition gives as the term's meaning: an IRI, a compact IRI, or another term.
fn name_of(definition: &Value) -> Option<&str> {
    definition.as_str().or_else(|| definition.get("@id").and_then(Value::as_str))
}

/// The IRI that a name stands for; none for a keyword. In the bundled contexts a name leads through one other term and one
/// prefix at most.
fn absolute(name: &str, terms: &Map<String, Value>) -> Option<String> {
    let lookup = |term: &str| terms.get(term).and_then(name_of);
    let name = if name.contains(':') { name } else { lookup(name)? };
    let (prefix, rest) = name.split_once(':')?;
    Some(lookup(prefix).map_or(name.to_owned(), |start| format!("{start}{rest}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jsonld::{ContextStore, definitions};

    #[test]
    fn every_term_of_a_bundled_context_is_in_it() {
        let vocabulary = Vocabulary::bundled();
        for document in bundled::CURRENT {
            let definitions = definitions(document.url, &ContextStore::bundled()).unwrap();
            assert!(!definitions.is_empty());
            for definition in definitions {
                let is_known = vocabulary.iris_of(&definition.term).any(|iri| iri == definition.iri);
                assert!(is_known && vocabulary.has(&definition.iri), "{definition:?}");
            }
        }
        assert!(!vocabulary.has("https://example.org/term"));
    }

    #[test]
    fn scoped_terms_are_in_it() {
        let purpose: Vec<&str> = Vocabulary::bundled().iris_of("statusPurpose").collect();
        let expected = [
            "https://w3id.org/vc/status-list#statusPurpose",
            "https://www.w3.org/ns/credentials/status#statusPurpose",
        ];
        assert_eq!(purpose, expected);
    }
}
