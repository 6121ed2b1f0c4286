//! RDF statements, as JSON-LD yields them and RDFC-1.0 takes them (RDF 1.1 Concepts section 3).

use std::sync::Arc;

/// One statement of an RDF dataset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_structs)] // complete: RDF 1.1 knows no fifth part
pub struct Quad {
    /// What the statement is about: an IRI or a blank node.
    pub subject: Term,
    /// The property: an IRI.
    pub predicate: Term,
    /// The property's value.
    pub object: Term,
    /// The graph that the statement stands in: an IRI or a blank node; `None` is the default graph.
    pub graph: Option<Term>,
}

/// A node of an RDF graph; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: RDF 1.1 knows no fourth kind
pub enum Term {
    /// A node without a name, told from others of the same dataset by a number.
    BlankNode(u32),
    /// A node with a name.
    Iri(Arc<str>),
    /// A value.
    Literal(Literal),
}

/// A value in an RDF graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_structs)] // complete: RDF 1.1 Concepts section 3.3
pub struct Literal {
    /// The text that stands for the value.
    pub value: Arc<str>,
    /// The IRI of its datatype.
    pub datatype: Arc<str>,
    /// The language tag, in lower case, of a language-tagged text.
    pub language: Option<Arc<str>>,
}
