//! Brings a document that spells things in its own way back to the terms of the Open Badges 2.0 context.
//!
//! In: a document as it was received. Out: a document that says the same in terms of the Open Badges context alone, or
//! the document itself where it needs nothing. Open Badges 2.0 is JSON-LD: with contexts of its own, a document may give
//! every member and class another name, and every term another meaning (Open Badges 2.0 "Open Badges JSON-LD Context";
//! JSON-LD 1.1 API section 5, "Expansion Algorithms"). So the document is expanded, and each IRI written as the term
//! that stands for it.
//!
//! - What a context takes away from a term is not read as that term.
//! - A context that is not at hand counts as not named; what nobody defines keeps its name, and means nothing.
//! - A member that is given under two names is given twice here, too, for the model to refuse.
//!
//! Refused: what JSON-LD calls an error in a context or in how a document uses it, and what is over the limits.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::terms::{CONTEXTS, OB2};
use crate::badge::reading::{self, At, Reading};
use crate::json::{as_list, count};
use crate::jsonld::{
    self, ContextStore, Item, JsonLdError, NodeId, NodeObject, Options, Safety, Scalar, definitions,
};
use crate::limits::{Limit, Limits};

/// Where the context is.
const CONTEXT: &str = "https://w3id.org/openbadges/v2";

/// What a name that nobody defines begins with, while the document is in expanded form; and for good where the name would
/// else be read as a term of Open Badges.
const UNDEFINED: &str = "undefined:";

/// Steps of context processing for one document. Several may be expanded, so that this is less than what a signed
/// document may cost; with ten contexts of its own, one takes a hundred.
const STEPS: u64 = 10_000;

/// Two terms have this IRI: `revoked`, which is true or false, and `revokedAssertions`.
const REVOKED: &str = "https://w3id.org/openbadges#revoked";

/// Reads a model out of a document, once it is in plain terms.
pub(super) fn read<T>(json: &Value, pointer: &str, model: impl FnOnce(At<'_>) -> Option<T>) -> Reading<T> {
    match plain(json, Names::OfModels, &Limits::default()) {
        Ok(json) => reading::read(&json, pointer, &OB2, model),
        Err(error) => Reading::of_invalid_context(error.to_string()),
    }
}

/// Reads what can be told of any document: if its contexts are of no use, out of the names as they stand.
pub(super) fn read_any<T>(json: &Value, model: impl FnOnce(At<'_>) -> Option<T>) -> Reading<T> {
    let json = plain(json, Names::OfModels, &Limits::default()).unwrap_or(Cow::Borrowed(json));
    reading::read(&json, "", &OB2, model)
}

/// Which names need not be replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// All that the [`Dialect`](crate::badge::reading::Dialect) of Open Badges 2.0 knows.
    OfModels,
    /// The terms.
    Usual,
}

pub(super) fn plain<'j>(
    json: &'j Value,
    names: Names,
    limits: &Limits,
) -> Result<Cow<'j, Value>, JsonLdError> {
    match json {
        Value::Object(members) if needs_expansion(json, names) => {
            limits.check(Limit::OwnContextValues, count(json))?;
            rewritten(members).map(|members| Cow::Owned(Value::Object(members)))
        }
        _ => Ok(Cow::Borrowed(json)),
    }
}

/// Whether a document says anything in other terms than those of the Open Badges context.
///
/// The size of a document is bounded where it is parsed.
fn needs_expansion(json: &Value, names: Names) -> bool {
    let store = ContextStore::bundled();
    let (mut names_badges, mut names_others, mut has_own, mut has_names) = (false, false, false, false);
    if json.get("@context").is_none_or(Value::is_null) {
        return false;
    }
    let mut open = vec![json];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => {
                for (name, member) in members.iter().filter(|(name, _)| *name != "@context") {
                    has_names |= name.contains(':') || matches!(name.as_str(), "@id" | "@type");
                    open.push(member);
                }
                for context in
                    members.get("@context").map(|context| as_list(Some(context))).into_iter().flatten()
                {
                    match context {
                        Value::String(url) if CONTEXTS.contains(&url.as_str()) => names_badges = true,
                        Value::String(url) => names_others |= store.contains(url),
                        _ => has_own = true,
                    }
                }
            }
            _ => {}
        }
    }
    has_own || (names_badges && (names_others || (has_names && names == Names::Usual)))
}

/// Says the same in plain terms.
fn rewritten(members: &Map<String, Value>) -> Result<Map<String, Value>, JsonLdError> {
    let own = members.get("@context");
    let mut contexts = vec![json!({"@vocab": UNDEFINED})];
    contexts.extend(as_list(own).iter().cloned());
    let mut document = members.clone();
    document.insert("@context".to_owned(), Value::Array(contexts));
    let options = Options::default().with_safety(Safety::Lenient).ignoring_unknown_contexts();
    let document = Value::Object(document);
    let limits = Limits::default().with(Limit::ContextSteps, STEPS);
    let items = jsonld::expanded(&document, &ContextStore::bundled(), &options, &limits)?;
    // Several objects at the top are none of which it could be said that it is the document.
    let (mut plain, is_known) = match items.as_slice() {
        [Item::Node(node)] => (TERMS.node(node), TERMS.has_known_type(node)),
        _ => (Map::new(), false),
    };
    let context = if is_known { Some(Value::from(CONTEXT)) } else { own.cloned() };
    plain.extend(context.map(|context| ("@context".to_owned(), context)));
    // Expansion has no place for the language of an object ("Internationalization and Multilingual Badges").
    let language = members.get("@language").cloned();
    plain.extend(language.map(|language| ("@language".to_owned(), language)));
    Ok(plain)
}

/// The terms of the Open Badges context.
static TERMS: LazyLock<Terms> = LazyLock::new(Terms::read);

struct Terms {
    /// By what they stand for: the term, and whether a text as its value is an id.
    by_iri: BTreeMap<String, (String, bool)>,
    names: BTreeSet<String>,
}

impl Terms {
    fn read() -> Self {
        let mut terms = Self { by_iri: BTreeMap::new(), names: BTreeSet::new() };
        let is_synonym = |term: &str| {
            term == "revokedAssertions" || OB2.synonyms.iter().any(|(_, others)| others.contains(&term))
        };
        // The bundled context is well-formed, as a test makes sure.
        for definition in definitions(CONTEXT, &ContextStore::bundled()).unwrap_or_default() {
            terms.names.insert(definition.term.clone());
            if !is_synonym(&definition.term) {
                terms.by_iri.insert(definition.iri, (definition.term, definition.is_id));
            }
        }
        for (name, others) in OB2.synonyms {
            terms.names.extend(others.iter().chain([name]).map(|name| (*name).to_owned()));
        }
        terms
    }

    fn has_known_type(&self, node: &NodeObject) -> bool {
        node.types.iter().flatten().any(|class| self.by_iri.contains_key(&**class))
    }

    /// A node as an object. Recursion follows the document, whose depth is bounded in expansion.
    fn node(&self, node: &NodeObject) -> Map<String, Value> {
        let mut members = Map::new();
        if let NodeId::Name(id) = &node.id {
            members.insert("id".to_owned(), text_of_id(id));
        }
        let types: Vec<Value> = node.types.iter().flatten().map(|class| self.name(class).into()).collect();
        add(&mut members, "type".to_owned(), types);
        let is_list = node.types.iter().flatten().any(|class| self.name(class) == "RevocationList");
        for (property, items) in &node.properties {
            let is_id = self.by_iri.get(&**property).is_some_and(|(_, is_id)| *is_id);
            let mut values = Vec::new();
            self.values(items, is_id, &mut values);
            if is_list && **property == *REVOKED {
                let entries;
                (values, entries) = values.into_iter().partition(Value::is_boolean);
                add(&mut members, "revokedAssertions".to_owned(), entries);
            }
            let name = self.name(property);
            // A second spelling, which the model refuses.
            let is_second = members.contains_key(&name)
                && OB2.synonyms.iter().any(|(known, others)| *known == name && others.contains(&&**property));
            add(&mut members, if is_second { property.to_string() } else { name }, values);
        }
        // As the JSON reader leaves them.
        members.sort_keys();
        members
    }

    fn values(&self, items: &[Item], is_id: bool, values: &mut Vec<Value>) {
        for item in items {
            match item {
                Item::List(list) => self.values(&list.items, is_id, values),
                Item::Node(node) => match &node.id {
                    NodeId::Name(id) if is_id && node.is_bare() => values.push(text_of_id(id)),
                    _ => values.push(Value::Object(self.node(node))),
                },
                Item::Value(value) => values.push(match &value.value {
                    Scalar::Boolean(truth) => Value::Bool(*truth),
                    Scalar::Json(json) => json.clone(),
                    Scalar::Number(number) => Value::Number(number.clone()),
                    Scalar::Text(text) => Value::from(&**text),
                }),
            }
        }
    }

    /// The name of a member or class: the term that stands for it, or else what no model takes for a term.
    fn name(&self, iri: &str) -> String {
        if let Some((term, _)) = self.by_iri.get(iri) {
            return term.clone();
        }
        if iri.starts_with('@') {
            return iri.to_owned(); // a keyword as a type: the recipient is identified by an id
        }
        let name = iri.strip_prefix(UNDEFINED).unwrap_or(iri);
        let is_taken = self.names.contains(name) || name.starts_with('@');
        if is_taken { format!("{UNDEFINED}{name}") } else { name.to_owned() }
    }
}

fn text_of_id(id: &str) -> Value {
    Value::from(id.strip_prefix(UNDEFINED).unwrap_or(id))
}

/// Adds values to a member: none is no member, and one stands by itself.
fn add(members: &mut Map<String, Value>, name: String, values: Vec<Value>) {
    let mut all = match members.remove(&name) {
        Some(Value::Array(before)) => before,
        Some(before) => vec![before],
        None => Vec::new(),
    };
    all.extend(values);
    if all.len() > 1 {
        members.insert(name, Value::Array(all));
    } else {
        members.extend(all.pop().map(|only| (name, only)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jsonld::Definition;

    fn plain_of(document: &Value) -> Value {
        plain(document, Names::OfModels, &Limits::default()).unwrap().into_owned()
    }

    /// What is left of a document with these contexts besides its `@context`.
    fn members(contexts: Value, members: Value) -> Value {
        let mut document = members;
        document["@context"] = contexts;
        let mut found = plain_of(&document);
        found.as_object_mut().unwrap().remove("@context");
        found
    }

    #[test]
    fn leaves_a_document_alone_that_has_no_terms_of_its_own() {
        for document in [
            json!({"@context": CONTEXT, "type": "Assertion", "obi:badge": "https://example.org/b", "foo": [1]}),
            json!({"@context": [CONTEXT, "https://example.org/unknown"], "@type": ["Assertion"]}),
            json!({"@context": "https://openbadgespec.org/v2/context.json", "badge": {"@context": CONTEXT}}),
            json!({"@context": null, "badge": {"@context": {"name": null}}}),
            json!({"type": "Assertion"}),
            json!({"@context": "https://www.w3.org/ns/did/v1", "id": "did:web:example.org"}),
            json!([1]),
        ] {
            assert!(
                matches!(plain(&document, Names::OfModels, &Limits::default()), Ok(Cow::Borrowed(_))),
                "{document}"
            );
        }
    }

    #[test]
    fn every_term_of_the_context_stands_for_itself() {
        let context = definitions(CONTEXT, &ContextStore::bundled()).unwrap();
        assert!(context.len() > 60);
        for Definition { term, iri, .. } in context {
            let name = TERMS.name(&iri);
            let is_other = ["hosted", "signed", "verify", "revokedAssertions"].contains(&term.as_str());
            assert_eq!(name == term, !is_other, "{term} {name}");
        }
    }

    #[test]
    fn writes_what_was_meant_in_the_terms_of_the_context() {
        #[rustfmt::skip]
        let table = [
            (json!({"titel": "schema:name"}), json!({"titel": "A"}), json!({"name": "A"})),
            (json!({"Orden": "obi:Assertion", "art": "@type"}), json!({"art": "Orden"}), json!({"type": "Assertion"})),
            (json!({"o": "https://w3id.org/openbadges#"}), json!({"o:uid": "A"}), json!({"uid": "A"})),
            (json!({"an": {"@id": "obi:badge", "@type": "@id"}}), json!({"an": "u:b"}), json!({"badge": "u:b"})),
            (json!({"@language": "de"}), json!({"name": "A", "tags": ["a", "b"]}), json!({"name": "A", "tags": ["a", "b"]})),
            (json!({}), json!({"name": {"@value": "A", "@language": "de"}}), json!({"name": "A"})),
            (json!({"name": {"@container": "@language", "@id": "schema:name"}}), json!({"name": {"de": "A"}}), json!({"name": "A"})),
            (json!({}), json!({"badge": {"@id": "u:b"}, "tags": ["a"]}), json!({"badge": "u:b", "tags": "a"})),
            (json!({}), json!({"recipient": {"type": "id", "hashed": true}}), json!({"recipient": {"type": "@id", "hashed": true}})),
            (json!({"l": {"@id": "schema:keywords", "@container": "@list"}}), json!({"l": ["a", "b"]}), json!({"tags": ["a", "b"]})),
            (json!({}), json!({"foo": "a", "type": "Bar", "id": "x"}), json!({"foo": "a", "type": "Bar", "id": "x"})),
            (json!({"foo": "u:foo"}), json!({"foo": {"bar": 1}}), json!({"u:foo": {"bar": 1}})),
        ];
        for (own, document, expected) in table {
            assert_eq!(members(json!([CONTEXT, own]), document.clone()), expected, "{own} {document}");
        }
    }

    #[test]
    fn what_a_context_takes_away_from_a_term_is_not_read_as_it() {
        #[rustfmt::skip]
        let table = [
            (json!([CONTEXT, {"name": "u:x"}]), json!({"name": "A"}), json!({"u:x": "A"})),
            (json!([CONTEXT, {"name": null}]), json!({"name": "A", "uid": "1"}), json!({"uid": "1"})),
            (json!([CONTEXT, {"name": "schema:caption"}]), json!({"name": "A"}), json!({"caption": "A"})),
            (json!([CONTEXT, {"type": "u:x"}]), json!({"type": "Assertion"}), json!({"u:x": "Assertion"})),
            (json!([CONTEXT, {"name": "u:x"}]), json!({"schema:name": "A"}), json!({"name": "A"})),
            (json!([CONTEXT, {"schema": "u:"}]), json!({"schema:name": "A"}), json!({"u:name": "A"})),
            (json!([CONTEXT, null]), json!({"name": "A"}), json!({})),
            (json!([null, CONTEXT]), json!({"name": "A"}), json!({"name": "A"})),
            (json!({}), json!({"name": "A", "@id": "u:1"}), json!({"id": "u:1", "undefined:name": "A"})),
            (json!({}), json!({"obi:uid": "A"}), json!({"undefined:obi:uid": "A"})),
            (json!({}), json!({"undefined:@id": "A", "undefined:id": "B", "undefined:@context": CONTEXT}),
                json!({"undefined:@id": "A", "undefined:id": "B", "undefined:@context": CONTEXT})),
            (json!({"@vocab": "https://w3id.org/openbadges#"}), json!({"badge": "u:b", "name": "A"}),
                json!({"badge": "u:b", "https://w3id.org/openbadges#name": "A"})),
        ];
        for (contexts, document, expected) in table {
            assert_eq!(members(contexts.clone(), document.clone()), expected, "{contexts} {document}");
        }
    }

    #[test]
    fn a_member_under_two_names_stays_twice() {
        let contexts = json!([CONTEXT, {"titel": "schema:name"}]);
        let found = members(contexts, json!({"name": "A", "titel": "B"}));
        assert_eq!(found, json!({"name": "A", "http://schema.org/name": "B"}));
    }

    #[test]
    fn tells_a_revoked_badge_from_a_list_of_revoked_badges() {
        let contexts = json!([CONTEXT, {"x": "obi:revoked"}]);
        #[rustfmt::skip]
        let table = [
            (json!({"type": "Assertion", "x": true}), json!({"type": "Assertion", "revoked": true})),
            (json!({"type": "RevocationList", "x": "u:1"}), json!({"type": "RevocationList", "revokedAssertions": "u:1"})),
            (json!({"type": "RevocationList", "revokedAssertions": [{"id": "u:1", "revoked": true}]}),
                json!({"type": "RevocationList", "revokedAssertions": {"id": "u:1", "revoked": true}})),
            (json!({"type": "RevocationList", "revokedAssertions": ["u:1"], "x": ["u:2"]}),
                json!({"type": "RevocationList", "revokedAssertions": ["u:1", "u:2"]})),
        ];
        for (document, expected) in table {
            assert_eq!(members(contexts.clone(), document), expected);
        }
    }

    #[test]
    fn says_why_a_context_is_of_no_use() {
        for (contexts, code) in [
            (json!([CONTEXT, 7]), "invalid local context"),
            (json!([CONTEXT, {"a": "b", "b": "a"}]), "cyclic IRI mapping"),
            (json!([CONTEXT, {"id": {"@id": 7}}]), "invalid IRI mapping"),
            (json!([CONTEXT, {"a": {"@id": "a:a"}, "@version": 2}]), "invalid @version value"),
            (json!(vec![json!({}); 40]), "contexts"),
        ] {
            let document = json!({"@context": contexts, "type": "Assertion"});
            let found = plain(&document, Names::OfModels, &Limits::default()).map_err(|error| error.code());
            assert_eq!(found.err().unwrap_or_default(), code, "{contexts}");
        }
    }

    #[test]
    fn bounds_the_work_that_contexts_are() {
        let own: Vec<_> = (0..1_400).map(|i| json!({"@context": {"u": format!("x:{i}")}, "u": 1})).collect();
        let document = json!({"@context": CONTEXT, "type": "Assertion", "related": own});
        let limits = Limits::default().with(Limit::ContextSteps, 10_000);
        let error = plain(&document, Names::OfModels, &limits).unwrap_err();
        assert_eq!(error.code(), "context_steps");
    }

    #[test]
    fn those_who_know_the_usual_names_only_get_them() {
        let list =
            json!({"@context": CONTEXT, "@id": "u:l", "@type": "obi:RevocationList", "obi:revoked": "u:1"});
        let found = plain(&list, Names::Usual, &Limits::default()).unwrap().into_owned();
        let expected =
            json!({"@context": CONTEXT, "id": "u:l", "type": "RevocationList", "revokedAssertions": "u:1"});
        assert_eq!(found, expected);
    }
}
