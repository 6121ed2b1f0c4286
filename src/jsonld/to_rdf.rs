//! Deserialisation to RDF (JSON-LD 1.1 API sections 7.1 and 8).
//!
//! In: the expanded form. Out: statements. Where the specification first merges what is said of the same node, this
//! does not: the statements are the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Number;

use super::context::Direction;
use super::expand_value::is_language_tag;
use super::node::{Item, NodeId, NodeObject, Scalar, ValueObject};
use super::quad::{Literal, Quad, Term};
use super::{ErrorCode, JsonLdError, Loss, Options, RdfDirection, Safety, iri};
use crate::jcs;
use crate::limits::{Limit, Limits};

/// Turns expanded items into statements.
pub(super) fn to_rdf(items: &[Item], options: &Options, limits: &Limits) -> Result<Vec<Quad>, JsonLdError> {
    let mut writer = Writer {
        options,
        limits,
        quads: Vec::new(),
        blank_nodes: BTreeMap::new(),
        blank_node_count: 0,
        vocabulary: Vocabulary::new(),
    };
    writer.write_all(items, None)?;
    Ok(writer.quads)
}

struct Writer<'a> {
    options: &'a Options,
    limits: &'a Limits,
    quads: Vec<Quad>,
    /// The numbers of the blank nodes that have names in the document.
    blank_nodes: BTreeMap<Arc<str>, Term>,
    blank_node_count: u32,
    vocabulary: Vocabulary,
}

impl Writer<'_> {
    /// Writes all that an item says, and returns the term that stands for it, if there is one.
    ///
    /// Recursion follows the items, which are at most three times as deep as the document. All is borrowed, and the
    /// longer parts are functions of their own, to keep its frames small.
    fn write(&mut self, item: &Item, graph: Option<&Term>) -> Result<Option<Term>, JsonLdError> {
        self.check_index(item)?;
        match item {
            Item::List(list) => self.write_list(&list.items, graph),
            Item::Node(node) => self.write_node(node, graph),
            Item::Value(value) => self.write_value(value, graph),
        }
    }

    /// Refuses an index: RDF has no place for it, so that it would not be signed.
    fn check_index(&self, item: &Item) -> Result<(), JsonLdError> {
        let index = match item {
            Item::List(list) => &list.index,
            Item::Node(node) => &node.index,
            Item::Value(value) => &value.index,
        };
        match (self.options.safety, index) {
            (Safety::Safe, Some(index)) => Err(JsonLdError::loss(Loss::Index, &**index)),
            _ => Ok(()),
        }
    }

    #[inline(never)]
    fn write_node(&mut self, node: &NodeObject, graph: Option<&Term>) -> Result<Option<Term>, JsonLdError> {
        let subject = match &node.id {
            NodeId::Absent => Some(self.new_blank_node()?),
            NodeId::Name(name) => self.name(name)?,
            NodeId::Nothing => None,
        };
        self.write_types(node, subject.as_ref(), graph)?;
        for (property, items) in &node.properties {
            self.write_property(property, Link::From(subject.as_ref()), items, graph)?;
        }
        for (property, items) in &node.reverse {
            self.write_property(property, Link::To(subject.as_ref()), items, graph)?;
        }
        // A graph without a name that RDF knows cannot be written.
        if let (Some(items), Some(name)) = (&node.graph, &subject) {
            self.write_all(items, Some(name))?;
        }
        self.write_all(node.included.as_deref().unwrap_or_default(), graph)?;
        Ok(subject)
    }

    fn write_all(&mut self, items: &[Item], graph: Option<&Term>) -> Result<(), JsonLdError> {
        for item in items {
            self.write(item, graph)?;
        }
        Ok(())
    }

    #[inline(never)]
    fn write_types(
        &mut self,
        node: &NodeObject,
        subject: Option<&Term>,
        graph: Option<&Term>,
    ) -> Result<(), JsonLdError> {
        for name in node.types.iter().flatten() {
            let object = self.name(name)?;
            let predicate = self.vocabulary.r#type.clone();
            self.push(subject, Some(&predicate), object.as_ref(), graph)?;
        }
        Ok(())
    }

    /// Writes the statements of one property.
    #[inline(never)]
    fn write_property(
        &mut self,
        property: &Arc<str>,
        link: Link<'_>,
        items: &[Item],
        graph: Option<&Term>,
    ) -> Result<(), JsonLdError> {
        let predicate = self.predicate(property)?;
        for item in items {
            let other = self.write(item, graph)?;
            let (subject, object) = match link {
                Link::From(node) => (node, other.as_ref()),
                Link::To(node) => (other.as_ref(), node),
            };
            self.push(subject, predicate.as_ref(), object, graph)?;
        }
        Ok(())
    }

    /// Section 7.3: a chain of blank nodes, each with an item and the rest of the list.
    #[inline(never)]
    fn write_list(&mut self, items: &[Item], graph: Option<&Term>) -> Result<Option<Term>, JsonLdError> {
        let mut rest = self.vocabulary.nil.clone();
        // From the end, where the rest is known.
        for item in items.iter().rev() {
            let object = self.write(item, graph)?;
            rest = self.write_link(object.as_ref(), &rest, graph)?;
        }
        Ok(Some(rest))
    }

    #[inline(never)]
    fn write_link(
        &mut self,
        item: Option<&Term>,
        rest: &Term,
        graph: Option<&Term>,
    ) -> Result<Term, JsonLdError> {
        let node = self.new_blank_node()?;
        let (first_of, rest_of) = (self.vocabulary.first.clone(), self.vocabulary.rest.clone());
        self.push(Some(&node), Some(&first_of), item, graph)?;
        self.push(Some(&node), Some(&rest_of), Some(rest), graph)?;
        Ok(node)
    }

    /// Section 7.2: a literal.
    #[inline(never)]
    fn write_value(
        &mut self,
        object: &ValueObject,
        graph: Option<&Term>,
    ) -> Result<Option<Term>, JsonLdError> {
        if let Some(datatype) = &object.datatype
            && !iri::is_absolute(datatype)
        {
            return self.leave_out(Loss::RelativeReference, datatype);
        }
        if let Some(tag) = &object.language
            && !is_language_tag(tag)
        {
            return self.leave_out(Loss::LanguageTag, tag);
        }
        let vocabulary = &self.vocabulary;
        let (value, default) = match &object.value {
            Scalar::Boolean(value) => (if *value { "true" } else { "false" }.into(), &vocabulary.boolean),
            Scalar::Json(value) => (jcs::canonicalize(value, self.limits)?.into(), &vocabulary.json),
            Scalar::Number(number) => self.write_number(number, object.datatype.as_deref())?,
            Scalar::Text(text) if object.language.is_some() => (Arc::clone(text), &vocabulary.lang_string),
            Scalar::Text(text) => (Arc::clone(text), &vocabulary.string),
        };
        let datatype = Arc::clone(object.datatype.as_ref().unwrap_or(default));
        // RDF compares language tags without case; like other implementations, this writes them in lower case.
        let language = object.language.as_ref().map(|tag| tag.to_ascii_lowercase().into());
        let literal = Literal { value, datatype, language };
        let literal = match (object.direction, self.options.direction) {
            (None, _) => literal,
            (Some(direction), Some(RdfDirection::CompoundLiteral)) => {
                return self.write_compound(&literal, direction, graph).map(Some);
            }
            (Some(direction), Some(RdfDirection::I18nDatatype)) => with_direction(literal, direction),
            (Some(direction), None) => {
                self.leave_out::<()>(Loss::Direction, direction.as_str())?;
                literal
            }
        };
        Ok(Some(Term::Literal(literal)))
    }

    /// A node that has a text, its language and its direction (JSON-LD 1.1 section 10.3.2).
    #[inline(never)]
    fn write_compound(
        &mut self,
        literal: &Literal,
        direction: Direction,
        graph: Option<&Term>,
    ) -> Result<Term, JsonLdError> {
        let node = self.new_blank_node()?;
        let parts = [
            ("value", Some(Arc::clone(&literal.value))),
            ("language", literal.language.clone()),
            ("direction", Some(direction.as_str().into())),
        ];
        for (name, value) in parts {
            let property = Term::Iri(format!("http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}").into());
            let datatype = Arc::clone(&self.vocabulary.string);
            let part = value.map(|value| Term::Literal(Literal { value, datatype, language: None }));
            self.push(Some(&node), Some(&property), part.as_ref(), graph)?;
        }
        Ok(node)
    }

    /// The text for a number and its natural datatype (section 7.2, steps 9 to 11).
    fn write_number(
        &self,
        number: &Number,
        datatype: Option<&str>,
    ) -> Result<(Arc<str>, &Arc<str>), JsonLdError> {
        let wants_double = datatype == Some(&*self.vocabulary.double);
        let integer = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
        if let Some(integer) = integer.filter(|_| !wants_double) {
            return Ok((integer.to_string().into(), &self.vocabulary.integer));
        }
        // A host's own JSON reader may keep what no double can hold.
        let out_of_range = || JsonLdError::invalid(ErrorCode::InvalidValueObjectValue, number.to_string());
        let float = number.as_f64().ok_or_else(out_of_range)?;
        if !wants_double && float.fract() == 0.0 && float.abs() < 1e21 {
            // Adding zero makes a positive zero of the negative one.
            return Ok((format!("{:.0}", float + 0.0).into(), &self.vocabulary.integer));
        }
        Ok((canonical_double(float).into(), &self.vocabulary.double))
    }

    #[inline(never)]
    fn push(
        &mut self,
        subject: Option<&Term>,
        predicate: Option<&Term>,
        object: Option<&Term>,
        graph: Option<&Term>,
    ) -> Result<(), JsonLdError> {
        // What is missing was left out, and in safe mode refused, when it was looked at.
        if let (Some(subject), Some(predicate), Some(object)) = (subject, predicate, object) {
            self.quads.push(Quad {
                subject: subject.clone(),
                predicate: predicate.clone(),
                object: object.clone(),
                graph: graph.cloned(),
            });
            self.limits.check(Limit::Quads, self.quads.len())?;
        }
        Ok(())
    }

    fn predicate(&mut self, property: &Arc<str>) -> Result<Option<Term>, JsonLdError> {
        if property.starts_with("_:") {
            return self.leave_out(Loss::BlankNodePredicate, property);
        }
        self.name(property)
    }

    /// The term for the name of a node or property.
    fn name(&mut self, name: &Arc<str>) -> Result<Option<Term>, JsonLdError> {
        if name.starts_with("_:") {
            if let Some(term) = self.blank_nodes.get(name) {
                return Ok(Some(term.clone()));
            }
            let term = self.new_blank_node()?;
            self.blank_nodes.insert(Arc::clone(name), term.clone());
            return Ok(Some(term));
        }
        if iri::is_absolute(name) {
            return Ok(Some(Term::Iri(Arc::clone(name))));
        }
        self.leave_out(Loss::RelativeReference, name)
    }

    fn new_blank_node(&mut self) -> Result<Term, JsonLdError> {
        let number = self.blank_node_count;
        if u64::from(number) >= self.limits.get(Limit::BlankNodes) {
            return Err(self.limits.exceeded(Limit::BlankNodes).into());
        }
        self.blank_node_count = number.saturating_add(1);
        Ok(Term::BlankNode(number))
    }

    fn leave_out<T: Default>(&self, loss: Loss, found: &str) -> Result<T, JsonLdError> {
        match self.options.safety {
            Safety::Lenient => Ok(T::default()),
            Safety::Safe => Err(JsonLdError::loss(loss, found)),
        }
    }
}

/// Which end of a statement a node stands at, if RDF can speak of it.
#[derive(Clone, Copy)]
enum Link<'t> {
    From(Option<&'t Term>),
    To(Option<&'t Term>),
}

/// A text with its language and direction in its datatype (JSON-LD 1.1 section 10.3.1).
fn with_direction(literal: Literal, direction: Direction) -> Literal {
    let language = literal.language.as_deref().unwrap_or_default();
    let datatype = format!("https://www.w3.org/ns/i18n#{language}_{}", direction.as_str());
    Literal { value: literal.value, datatype: datatype.into(), language: None }
}

/// The canonical form of a double (JSON-LD 1.1 API section 8.6): fifteen digits after the point, without trailing
/// zeros.
fn canonical_double(value: f64) -> String {
    let written = format!("{value:.15E}");
    let Some((mantissa, exponent)) = written.split_once('E') else { return written };
    let mantissa = mantissa.trim_end_matches('0');
    let zero = if mantissa.ends_with('.') { "0" } else { "" };
    format!("{mantissa}{zero}E{exponent}")
}

/// The IRIs that statements are made of whatever the document is about.
struct Vocabulary {
    first: Term,
    nil: Term,
    rest: Term,
    r#type: Term,
    boolean: Arc<str>,
    double: Arc<str>,
    integer: Arc<str>,
    json: Arc<str>,
    lang_string: Arc<str>,
    string: Arc<str>,
}

impl Vocabulary {
    fn new() -> Self {
        Self {
            first: Term::Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#first".into()),
            nil: Term::Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil".into()),
            rest: Term::Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest".into()),
            r#type: Term::Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type".into()),
            boolean: "http://www.w3.org/2001/XMLSchema#boolean".into(),
            double: "http://www.w3.org/2001/XMLSchema#double".into(),
            integer: "http://www.w3.org/2001/XMLSchema#integer".into(),
            json: "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON".into(),
            lang_string: "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString".into(),
            string: "http://www.w3.org/2001/XMLSchema#string".into(),
        }
    }
}
