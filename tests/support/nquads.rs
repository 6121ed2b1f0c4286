//! Reads N-Quads, as the suites write them: no checks beyond what they need.

use std::collections::BTreeMap;

use openbadges::jsonld::{Literal, Quad, Term};

/// A dataset, and the labels that its blank nodes had.
pub(crate) struct Dataset {
    pub(crate) quads: Vec<Quad>,
    pub(crate) labels: BTreeMap<String, u32>,
}

/// Reads a document.
///
/// # Panics
/// If it is not well-formed.
pub(crate) fn parse(text: &str) -> Dataset {
    let mut dataset = Dataset { quads: Vec::new(), labels: BTreeMap::new() };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut rest = line;
        let mut terms = Vec::new();
        while !rest.starts_with('.') {
            let (term, after) = dataset.term(rest);
            terms.push(term);
            rest = after.trim_start();
        }
        let mut terms = terms.into_iter();
        let (subject, predicate, object) =
            (terms.next().unwrap(), terms.next().unwrap(), terms.next().unwrap());
        dataset.quads.push(Quad { subject, predicate, object, graph: terms.next() });
    }
    dataset
}

impl Dataset {
    fn term<'t>(&mut self, text: &'t str) -> (Term, &'t str) {
        if let Some(rest) = text.strip_prefix('<') {
            let (iri, rest) = rest.split_once('>').unwrap();
            return (Term::Iri(unescape(iri).into()), rest);
        }
        if let Some(rest) = text.strip_prefix("_:") {
            let end = rest.find(char::is_whitespace).unwrap();
            let (label, rest) = rest.split_at(end);
            let next = u32::try_from(self.labels.len()).unwrap();
            return (Term::BlankNode(*self.labels.entry(label.to_owned()).or_insert(next)), rest);
        }
        let rest = text.strip_prefix('"').unwrap_or_else(|| panic!("no term: {text}"));
        let mut escaped = false;
        let end = rest
            .find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })
            .unwrap();
        let value = unescape(&rest[..end]).into();
        let rest = &rest[end + 1..];
        if let Some(rest) = rest.strip_prefix("^^<") {
            let (datatype, rest) = rest.split_once('>').unwrap();
            return (
                Term::Literal(Literal { value, datatype: unescape(datatype).into(), language: None }),
                rest,
            );
        }
        if let Some(rest) = rest.strip_prefix('@') {
            let (tag, rest) = rest.split_at(rest.find(char::is_whitespace).unwrap());
            let datatype = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString".into();
            let language = Some(tag.to_ascii_lowercase().into());
            return (Term::Literal(Literal { value, datatype, language }), rest);
        }
        let datatype = "http://www.w3.org/2001/XMLSchema#string".into();
        (Term::Literal(Literal { value, datatype, language: None }), rest)
    }
}

fn unescape(text: &str) -> String {
    let mut result = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            result.push(character);
            continue;
        }
        let code = |digits: String| char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap();
        result.push(match characters.next().unwrap() {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'u' => code(characters.by_ref().take(4).collect()),
            'U' => code(characters.by_ref().take(8).collect()),
            other => other,
        });
    }
    result
}
