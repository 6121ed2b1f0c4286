//! Turns a JSON-LD document into RDF statements.
//!
//! In: a JSON value, and the contexts at hand. Out: the statements that a signature over the document covers, as
//! [`Quad`]s, or the document in expanded form. Nothing is ever loaded: a context that is not in the
//! [`ContextStore`] is an error that names it. In safe mode, the default, whatever would be left out of the
//! statements is an error too, since it would be unsigned (Verifiable Credential Data Integrity section 2.4.1,
//! "Validating Contexts").
//!
//! Implements JSON-LD 1.1 API: context processing (section 4), expansion (5.1 to 5.3) and deserialisation to RDF
//! (7.1). One file holds one algorithm.

mod bundled;
mod context;
mod context_processing;
mod create_term;
mod error;
mod expand;
mod expand_map;
mod expand_members;
mod expand_value;
mod iri;
mod keyword;
mod node;
mod quad;
mod store;
mod to_rdf;
mod vocabulary;
mod witness;

use serde_json::Value;

use self::context::{LocalContext, Mapping, TypeMapping};
use self::context_processing::{ContextProcessor, Scope};
use self::expand::{Expander, Place};

pub use self::error::{ContextError, ErrorCode, JsonLdError, Loss};
pub(crate) use self::node::{Item, NodeId, NodeObject, Scalar};
pub use self::quad::{Literal, Quad, Term};
pub use self::store::ContextStore;
pub(crate) use self::vocabulary::Vocabulary;
pub(crate) use self::witness::Witness;
use crate::json;
use crate::limits::{Limit, Limits};

/// Turns a document into RDF statements.
///
/// Their order follows the document and means nothing.
///
/// # Errors
/// See [`JsonLdError`].
pub fn to_quads(
    document: &Value,
    store: &ContextStore,
    options: &Options,
    limits: &Limits,
) -> Result<Vec<Quad>, JsonLdError> {
    let items = expanded(document, store, options, limits)?;
    to_rdf::to_rdf(&items, options, limits)
}

/// Brings a document into expanded form: full IRIs in place of terms, no contexts (JSON-LD 1.1 API section 5).
///
/// In safe mode this refuses what expansion would leave out. What only RDF has no place for, such as relative
/// references, stays in.
///
/// # Errors
/// See [`JsonLdError`].
pub fn expand(
    document: &Value,
    store: &ContextStore,
    options: &Options,
    limits: &Limits,
) -> Result<Value, JsonLdError> {
    Ok(node::to_json(&expanded(document, store, options, limits)?))
}

/// As [`expand()`], with the result as a tree: there it can still be told which values one member had.
///
/// # Errors
/// See [`JsonLdError`].
pub(crate) fn expanded(
    document: &Value,
    store: &ContextStore,
    options: &Options,
    limits: &Limits,
) -> Result<Vec<Item>, JsonLdError> {
    expanded_before(None, document, store, options, limits)
}

/// Tells a witness what each name in a document stands for.
///
/// # Errors
/// See [`JsonLdError`].
pub(crate) fn witnessed(
    witness: &mut dyn Witness,
    document: &Value,
    store: &ContextStore,
    limits: &Limits,
) -> Result<(), JsonLdError> {
    expanded_before(Some(witness), document, store, &Options::default(), limits).map(drop)
}

fn expanded_before<'a>(
    witness: Option<&'a mut dyn Witness>,
    document: &Value,
    store: &'a ContextStore,
    options: &Options,
    limits: &'a Limits,
) -> Result<Vec<Item>, JsonLdError> {
    let mut nodes = 0;
    check_size(document, limits, 0, &mut nodes)?;
    let base = options.base.as_deref().map(Into::into);
    let mut contexts = ContextProcessor::new(store, options.mode, limits);
    if options.ignores_unknown_contexts {
        contexts = contexts.ignoring_unknown();
    }
    let mut root = contexts.root(base.clone());
    if let Some(context) = &options.context {
        root = contexts.process_embedded(&root, context, base.clone())?;
    }
    let mut expander = Expander { contexts, safety: options.safety, base, witness };
    let mut items = expander.expand(&root, Place::Top, document, false)?.unwrap_or_default();
    // A document that is nothing but a nameless graph is the default graph (section 5.1.1, step 6).
    if let [Item::Node(node)] = items.as_mut_slice()
        && let Some(graph) = node.take_lone_graph()
    {
        items = graph;
    }
    Ok(items)
}

/// A term of a context, and what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) term: String,
    pub(crate) iri: String,
    /// Whether a text as its value is an id.
    pub(crate) is_id: bool,
}

/// What the terms of a context of the store stand for, keywords aside.
///
/// # Errors
/// See [`JsonLdError`].
pub(crate) fn definitions(url: &str, store: &ContextStore) -> Result<Vec<Definition>, JsonLdError> {
    let limits = Limits::default();
    let mut contexts = ContextProcessor::new(store, ProcessingMode::default(), &limits);
    let local: &LocalContext = store.document(url)?;
    let active = contexts.process(store.root(), local, Scope::Node)?;
    let definition =
        |(term, definition): (&std::sync::Arc<str>, &std::sync::Arc<context::TermDefinition>)| {
            let Mapping::Iri(iri) = &definition.mapping else { return None };
            let is_id = definition.type_mapping == Some(TypeMapping::Id);
            Some(Definition { term: term.to_string(), iri: iri.to_string(), is_id })
        };
    Ok(active.terms.iter().filter_map(definition).collect())
}

/// Refuses a document that is deeper or fuller than allowed. All later recursion follows the document.
fn check_size(value: &Value, limits: &Limits, depth: usize, nodes: &mut usize) -> Result<(), JsonLdError> {
    *nodes = nodes.saturating_add(json::weight(value));
    limits.check(Limit::JsonNodes, *nodes)?;
    let inner = depth.saturating_add(1);
    if value.is_array() || value.is_object() {
        limits.check(Limit::JsonDepth, inner)?;
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check_size(item, limits, inner, nodes)),
        Value::Object(members) => {
            members.values().try_for_each(|member| check_size(member, limits, inner, nodes))
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// How a document is to be read; by default as Data Integrity proofs ask: safe, and without a base IRI.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    base: Option<String>,
    context: Option<Value>,
    direction: Option<RdfDirection>,
    ignores_unknown_contexts: bool,
    mode: ProcessingMode,
    safety: Safety,
}

impl Options {
    /// Resolves relative references of the document against an IRI. Without one, they are errors in safe mode.
    #[must_use]
    pub fn with_base(self, base: impl Into<String>) -> Self {
        Self { base: Some(base.into()), ..self }
    }

    /// Begins with a context that the document does not name: an object, a URL of the store, or a list of them. It stands
    /// before the contexts of the document (JSON-LD 1.1 API section 9.3, `expandContext`).
    #[must_use]
    pub fn with_context(self, context: Value) -> Self {
        Self { context: Some(context), ..self }
    }

    /// Says how a base direction is written in RDF. Without, one is an error in safe mode.
    #[must_use]
    pub fn with_direction(self, direction: RdfDirection) -> Self {
        Self { direction: Some(direction), ..self }
    }

    /// Takes a context that the document names, and that is not at hand, as if it were not named.
    ///
    /// What such a context says is lost: nothing that is signed may be read like this.
    #[must_use]
    pub(crate) fn ignoring_unknown_contexts(self) -> Self {
        Self { ignores_unknown_contexts: true, ..self }
    }

    /// Sets the version of JSON-LD.
    #[must_use]
    pub fn with_mode(self, mode: ProcessingMode) -> Self {
        Self { mode, ..self }
    }

    /// Says what becomes of a part of the document that RDF has no place for.
    #[must_use]
    pub fn with_safety(self, safety: Safety) -> Self {
        Self { safety, ..self }
    }
}

/// What becomes of a part of the document that RDF has no place for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: a two-way switch
pub enum Safety {
    /// It is left out in silence, as JSON-LD 1.1 says.
    Lenient,
    /// It is an error: [`JsonLdError::DataLoss`].
    #[default]
    Safe,
}

/// The version of JSON-LD (JSON-LD 1.1 section 4.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessingMode {
    /// Version 1.0: what came with 1.1 is refused in contexts.
    JsonLd10,
    /// Version 1.1.
    #[default]
    JsonLd11,
}

/// A way to write base directions in RDF (JSON-LD 1.1 section 10.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RdfDirection {
    /// As a node with the text, its language and its direction. The specification calls this not normative.
    CompoundLiteral,
    /// As a datatype in the namespace `https://www.w3.org/ns/i18n#`.
    I18nDatatype,
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn quads(document: &Value) -> Result<Vec<Quad>, JsonLdError> {
        to_quads(document, &ContextStore::bundled(), &Options::default(), &Limits::default())
    }

    /// The bound that a document goes over.
    fn exceeded(document: &Value) -> Limit {
        match quads(document) {
            Err(JsonLdError::Limit(exceeded)) => exceeded.limit,
            other => panic!("{other:?}"),
        }
    }

    /// What is lost of a document, by kind and name.
    fn lost(document: &Value) -> (Loss, String) {
        match quads(document) {
            Err(JsonLdError::DataLoss { loss, found }) => (loss, found),
            other => panic!("{other:?}"),
        }
    }

    /// A value within as many objects.
    fn nested(levels: usize, wrap: impl Fn(Value) -> Value) -> Value {
        (0..levels).fold(json!("x"), |inner, _| wrap(inner))
    }

    /// The bundled contexts, of which none was processed yet.
    fn fresh_store() -> ContextStore {
        ContextStore::bundled().with_document("http://e/", json!({"@context": {}})).unwrap()
    }

    #[test]
    fn names_the_term_that_no_context_defines() {
        let document = json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "VerifiableCredential",
            "grade": "A+",
        });
        assert_eq!(lost(&document), (Loss::UndefinedTerm, "grade".to_owned()));
        let lenient = Options::default().with_safety(Safety::Lenient);
        let quads = to_quads(&document, &ContextStore::bundled(), &lenient, &Limits::default());
        assert_eq!(quads.unwrap().len(), 1);
    }

    #[test]
    fn names_each_kind_of_loss() {
        for (document, loss, found) in [
            (json!({"http://a/b": {"@id": "c"}}), Loss::RelativeReference, "c"),
            (json!({"@id": "http://a/<", "http://a/b": 1}), Loss::RelativeReference, "http://a/<"),
            (json!({"@type": "C"}), Loss::RelativeReference, "C"),
            (json!({"_:p": 1}), Loss::BlankNodePredicate, "_:p"),
            (json!({"@foo": 1}), Loss::KeywordLike, "@foo"),
            (json!({"@context": {"t": null}, "t": 1}), Loss::UndefinedTerm, "t"),
            (json!({"http://a/b": {"@value": "c", "@direction": "rtl"}}), Loss::Direction, "rtl"),
            (json!({"http://a/b": {"@value": "c", "@language": "d_e"}}), Loss::LanguageTag, "d_e"),
            (json!({"http://a/b": {"@value": null}}), Loss::NullValue, "@value"),
            (json!({"http://a/b": 1, "@index": "c"}), Loss::Index, "c"),
            (json!({"http://a/b": {"@value": 1, "@index": "c"}}), Loss::Index, "c"),
            (
                json!({"@context": {"t": {"@id": "http://a/b", "@container": "@index"}}, "t": {"c": 1}}),
                Loss::Index,
                "c",
            ),
            (json!({"http://a/b": 1, "@language": "de"}), Loss::FreeFloating, "@language or @direction"),
            (json!(["c"]), Loss::FreeFloating, "\"c\""),
            (json!({"@id": "http://a/b"}), Loss::EmptyObject, "http://a/b"),
            (
                json!({"@context": {"t": {"@id": "http://a/b", "@container": "@id"}}, "t": {"http://a/c": "d"}}),
                Loss::IndexOfValue,
                "http://a/c",
            ),
        ] {
            assert_eq!(lost(&document), (loss, found.to_owned()), "{document}");
        }
    }

    #[test]
    fn names_the_context_that_is_not_at_hand() {
        let url = "https://127.0.0.1/context".to_owned();
        let document = json!({"@context": url, "a": "b"});
        assert_eq!(quads(&document), Err(JsonLdError::UnknownContext { url }));
    }

    #[test]
    fn a_direction_can_go_into_the_datatype() {
        let options = Options::default().with_direction(RdfDirection::I18nDatatype);
        let document = json!({"http://a/b": {"@value": "c", "@direction": "rtl", "@language": "AR"}});
        let found = to_quads(&document, &ContextStore::empty(), &options, &Limits::default()).unwrap();
        let literal = Literal {
            value: "c".into(),
            datatype: "https://www.w3.org/ns/i18n#ar_rtl".into(),
            language: None,
        };
        assert_eq!(found[0].object, Term::Literal(literal));
    }

    #[test]
    fn both_of_two_types_bring_their_terms() {
        let document = json!({
            "@context": {
                "A": {"@id": "http://e/A", "@context": {"a": "http://e/a"}},
                "B": {"@id": "http://e/B", "@context": {"b": "http://e/b"}},
            },
            "@type": ["A", "B"],
            "a": 1,
            "b": 2,
        });
        assert_eq!(quads(&document).unwrap().len(), 4);
    }

    #[test]
    fn a_protected_term_cannot_be_taken_out_of_use() {
        for definition in [json!("http://other/"), json!("@foo"), json!(null)] {
            let document = json!({
                "@context": ["https://www.w3.org/ns/credentials/v2", {"name": definition}],
                "type": "VerifiableCredential",
            });
            let error = quads(&document).unwrap_err();
            assert_eq!(error.code(), "protected term redefinition", "{definition}");
        }
    }

    #[test]
    fn bounds_the_size_of_a_document() {
        assert_eq!(exceeded(&nested(65, |inner| json!({"http://a/b": inner}))), Limit::JsonDepth);
        assert_eq!(exceeded(&nested(65, |inner| json!([inner]))), Limit::JsonDepth);
        assert_eq!(exceeded(&json!({"http://a/b": vec![1; 100_000]})), Limit::JsonNodes);
        let numbers: Vec<u32> = (0..20_001).collect();
        assert_eq!(exceeded(&json!({"http://a/b": numbers})), Limit::Quads);
        let nodes = vec![json!({"http://a/b": 1}); 2_000];
        assert_eq!(exceeded(&json!({"http://a/b": nodes})), Limit::BlankNodes);
        assert_eq!(exceeded(&json!({"http://a/b": {"@list": vec![1; 2_000]}})), Limit::BlankNodes);
    }

    #[test]
    fn bounds_the_contexts_of_a_document() {
        let contexts = vec![json!({"a": "http://a/"}); 17];
        assert_eq!(exceeded(&json!({"@context": contexts, "a": 1})), Limit::Contexts);

        let terms: Map<String, Value> = (0..4_097).map(|i| (format!("t{i}"), json!("http://a/"))).collect();
        assert_eq!(exceeded(&json!({"@context": terms, "t1": 1})), Limit::ContextTerms);

        let chain: Map<String, Value> =
            (0..2_000).map(|i| (format!("t{i}"), json!(format!("t{}:a", i + 1)))).collect();
        assert_eq!(exceeded(&json!({"@context": chain, "t1": 1})), Limit::TermChain);

        let scoped: Map<String, Value> =
            (0..4_000).map(|i| (format!("t{i}"), json!({"@id": "http://a/", "@context": {}}))).collect();
        assert_eq!(exceeded(&json!({"@context": scoped, "t1": 1})), Limit::ContextSteps);
    }

    #[test]
    fn bounds_contexts_that_refer_to_each_other() {
        let mut store = ContextStore::empty();
        for i in 0..9 {
            let next = format!("http://e/{}", (i + 1) % 9);
            store = store.with_document(&format!("http://e/{i}"), json!({"@context": next})).unwrap();
        }
        let document = json!({"@context": "http://e/0", "http://a/b": 1});
        match to_quads(&document, &store, &Options::default(), &Limits::default()) {
            Err(JsonLdError::Limit(exceeded)) => assert_eq!(exceeded.limit, Limit::ContextNesting),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_document_costs_does_not_depend_on_what_came_before() {
        let document = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", {"a": "http://a/"}],
            "type": "VerifiableCredential",
            "a": 1,
        });
        let steps = |store: &dyn Fn() -> ContextStore| {
            (0..1_000).find(|steps| {
                let limits = Limits::default().with(Limit::ContextSteps, *steps);
                to_quads(&document, &store(), &Options::default(), &limits).is_ok()
            })
        };
        let warm = fresh_store();
        assert_eq!(steps(&|| warm.clone()), steps(&fresh_store));
        assert!(steps(&fresh_store).is_some());
    }

    #[test]
    fn no_document_adds_to_what_a_store_keeps() {
        let store = fresh_store();
        let document = |term: usize| {
            json!({
                "@context": [
                    "https://www.w3.org/ns/credentials/v2",
                    {format!("t{term}"): {"@id": "http://a/", "@context": {"b": "http://b/"}}},
                ],
                "type": "VerifiableCredential",
                format!("t{term}"): {"b": 1},
            })
        };
        let kept = [0, 1, 2].map(|term| {
            to_quads(&document(term), &store, &Options::default(), &Limits::default()).unwrap();
            store.processed_count()
        });
        assert_eq!(kept, [1, 1, 1]);
    }

    /// The deepest documents of all shapes that recursion takes a way of its own through.
    #[test]
    fn the_default_depth_fits_a_small_stack() {
        let context = json!({
            "@version": 1.1,
            "p": {"@id": "http://a/p", "@context": {"q": "http://a/q"}},
            "l": {"@id": "http://a/l", "@container": "@list"},
            "i": {"@id": "http://a/i", "@container": "@index"},
            "g": {"@id": "http://a/g", "@container": ["@graph", "@id"]},
            "n": "@nest",
        });
        let shapes: [fn(Value) -> Value; 8] = [
            |inner| json!({"p": inner}),
            |inner| json!({"l": inner}),
            |inner| json!({"i": {"@none": inner}}),
            |inner| json!({"g": {"http://a/k": inner}}),
            |inner| json!({"n": {"p": inner}}),
            |inner| json!({"p": {"@list": [inner]}}),
            |inner| json!({"@reverse": {"p": {"@id": "http://a/k", "p": inner}}}),
            |inner| json!({"p": {"@id": "http://a/k", "@graph": [{"p": inner}]}}),
        ];
        for shape in shapes {
            let levels = (1..=64)
                .rev()
                .find(|levels| {
                    let mut nodes = 0;
                    check_size(&nested(*levels, shape), &Limits::default(), 1, &mut nodes).is_ok()
                })
                .unwrap();
            let mut document = nested(levels, shape);
            document["@context"] = context.clone();
            assert_fits(document);
        }
    }

    /// As above, with the longest chains of terms at the bottom.
    #[test]
    fn contexts_in_the_deepest_node_fit_a_small_stack() {
        let chain = |last: Value| -> Value {
            let mut terms: Map<String, Value> =
                (0..31).map(|i| (format!("t{i}"), json!(format!("t{}:a", i + 1)))).collect();
            terms.insert("t31".to_owned(), last);
            Value::Object(terms)
        };
        let inner = chain(json!("http://e/"));
        let context = chain(json!({"@id": "http://e/", "@prefix": true, "@context": inner}));
        let bottom = json!({"@context": context, "t0": 1});
        assert_fits((0..60).fold(bottom, |inner, _| json!({"http://a/b": inner})));
    }

    fn assert_fits(document: Value) {
        #[allow(clippy::disallowed_methods)]
        std::thread::Builder::new()
            .stack_size(if cfg!(debug_assertions) { 1024 * 1024 } else { 192 * 1024 })
            .spawn(move || {
                let (store, options) = (ContextStore::empty(), Options::default());
                let limits = Limits::default().with(Limit::Contexts, 64);
                to_quads(&document, &store, &options, &limits).unwrap();
                expand(&document, &store, &options, &limits).unwrap();
            })
            .unwrap()
            .join()
            .unwrap();
    }
}
