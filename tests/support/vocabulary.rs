//! What the names in a badge stand for: as a table of names, whatever the scope.

#![allow(unreachable_pub)] // a test has nobody to export to

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value, json};

/// The terms of the contexts that this crate carries, and of those that a badge brings along.
#[derive(Default)]
pub struct Vocabulary {
    /// Each term's definitions: objects with an `@id` that is an IRI.
    terms: BTreeMap<String, Vec<Map<String, Value>>>,
    own: BTreeMap<String, String>,
    /// The terms of the contexts that this crate carries.
    standard: BTreeSet<String>,
}

impl Vocabulary {
    /// That of a badge.
    pub fn of(badge: &Value) -> Self {
        let mut standard = Self::default();
        for document in bundled().values() {
            standard.add(document, &Map::new());
        }
        let mut vocabulary = Self { standard: standard.terms.into_keys().collect(), ..Self::default() };
        vocabulary.add(&badge["@context"], &Map::new());
        let own = vocabulary.terms.iter().filter_map(|(term, definitions)| {
            Some((term.clone(), definitions.first()?["@id"].as_str()?.to_owned()))
        });
        vocabulary.own = own.collect();
        for document in bundled().values() {
            vocabulary.add(document, &Map::new());
        }
        vocabulary
    }

    /// The definitions of a term, each once.
    pub fn definitions(&self, term: &str) -> &[Map<String, Value>] {
        self.terms.get(term).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a name stands for that the badge brings along.
    pub fn iri(&self, name: &str) -> Option<String> {
        let prefixed = || {
            let (prefix, rest) = name.split_once(':')?;
            Some(format!("{}{rest}", self.own.get(prefix)?))
        };
        self.own.get(name).cloned().or_else(prefixed)
    }

    /// Whether a name belongs to an extension.
    pub fn is_extension(&self, name: &str) -> bool {
        let iri = self.iri(name).unwrap_or_else(|| name.to_owned());
        let standards = [
            "https://purl.imsglobal.org/",
            "https://schema.org/",
            "https://w3id.org/",
            "https://www.w3.org/",
        ];
        let is_known = self.standard.contains(name);
        !is_known
            && !matches!(name, "id" | "type")
            && !name.starts_with('@')
            && !standards.iter().any(|standard| iri.starts_with(standard))
    }

    fn add(&mut self, context: &Value, outer: &Map<String, Value>) {
        if let Value::Array(contexts) = context {
            contexts.iter().for_each(|context| self.add(context, outer));
        }
        let Value::Object(terms) = context else { return };
        let mut known = outer.clone();
        known.extend(terms.clone());
        for (term, definition) in terms.iter().filter(|(term, _)| !term.starts_with('@')) {
            let Some(iri) = name_of(definition).and_then(|name| absolute(name, &known)) else { continue };
            let mut short = Map::from_iter([("@id".to_owned(), json!(iri))]);
            for keyword in ["@type", "@container"] {
                if let Some(value) = definition.get(keyword) {
                    let value = value
                        .as_str()
                        .and_then(|name| absolute(name, &known))
                        .map_or(value.clone(), Value::from);
                    short.insert(keyword.to_owned(), value);
                }
            }
            let definitions = self.terms.entry(term.clone()).or_default();
            if !definitions.contains(&short) {
                definitions.push(short);
            }
            if let Some(scoped) = definition.get("@context") {
                self.add(scoped, &known);
            }
        }
    }
}

/// The contexts that this crate carries, by URL.
pub fn bundled() -> BTreeMap<&'static str, Value> {
    let files = [
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-3.0.3.json"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-extensions.json"),
        ("https://w3id.org/security/data-integrity/v2", "data-integrity-v2.json"),
        ("https://w3id.org/security/suites/ed25519-2020/v1", "ed25519-2020-v1.json"),
        ("https://w3id.org/vc-revocation-list-2020/v1", "revocation-list-2020-v1.json"),
        ("https://w3id.org/vc/status-list/2021/v1", "status-list-2021-v1.json"),
        ("https://www.w3.org/2018/credentials/v1", "credentials-v1.json"),
        ("https://www.w3.org/ns/credentials/v2", "credentials-v2.json"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/jsonld/bundled");
    let read = |file: &str| -> Value {
        let mut document: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
        document["@context"].take()
    };
    files.into_iter().map(|(url, file)| (url, read(file))).collect()
}

fn name_of(definition: &Value) -> Option<&str> {
    definition.as_str().or_else(|| definition["@id"].as_str())
}

/// The IRI that a name stands for; none for a keyword.
fn absolute(name: &str, terms: &Map<String, Value>) -> Option<String> {
    let lookup = |term: &str| terms.get(term).and_then(name_of);
    let name = if name.contains(':') { name } else { lookup(name)? };
    let (prefix, rest) = name.split_once(':')?;
    Some(lookup(prefix).map_or(name.to_owned(), |start| format!("{start}{rest}")))
}
