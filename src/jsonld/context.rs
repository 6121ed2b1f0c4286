//! What contexts are made of, and what a text means in one.
//!
//! A *local* context is what stands in a document; an *active* context is what remains after processing it
//! (JSON-LD 1.1 API section 4.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::iri;
use super::keyword::{Keyword, is_keyword_like};

/// Contexts processed one after the other: the meaning of terms at one place in a document.
#[derive(Clone, Debug)]
pub(super) struct ActiveContext {
    /// Tells this context from all others of its store.
    pub(super) id: u64,
    /// Whether it was made of documents of the store alone, so that others may use it too.
    pub(super) shared: bool,
    /// How many contexts it was made of.
    pub(super) applied: usize,
    pub(super) base: Option<Arc<str>>,
    pub(super) original_base: Option<Arc<str>>,
    pub(super) vocabulary: Option<Arc<str>>,
    pub(super) language: Option<Arc<str>>,
    pub(super) direction: Option<Direction>,
    pub(super) terms: BTreeMap<Arc<str>, Arc<TermDefinition>>,
    /// The context to return to at the next node, if this one does not propagate.
    pub(super) previous: Option<Arc<Self>>,
}

impl ActiveContext {
    /// The context in which nothing is defined.
    pub(super) fn initial(id: u64, base: Option<Arc<str>>) -> Self {
        Self {
            id,
            shared: base.is_none(),
            applied: 0,
            original_base: base.clone(),
            base,
            vocabulary: None,
            language: None,
            direction: None,
            terms: BTreeMap::new(),
            previous: None,
        }
    }

    pub(super) fn term(&self, name: &str) -> Option<&TermDefinition> {
        self.terms.get(name).map(Arc::as_ref)
    }

    /// The context that belongs to a term or type.
    pub(super) fn scoped_context(&self, name: &str) -> Option<&LocalContext> {
        self.term(name)?.context.as_ref()
    }

    /// IRI expansion (JSON-LD 1.1 API section 5.2.2).
    ///
    /// What nothing gives a meaning comes back as it is, so an IRI of the result may still be relative.
    pub(super) fn expand_iri(&self, text: &str, role: Role) -> Mapping {
        if is_keyword_like(text) {
            return Keyword::parse(text).map_or(Mapping::Nothing, Mapping::Keyword);
        }
        let with_vocabulary = role != Role::Id;
        if let Some(term) = self.term(text)
            && (with_vocabulary || matches!(term.mapping, Mapping::Keyword(_)))
        {
            return term.mapping.clone();
        }
        if let Some((prefix, suffix)) = iri::split_compact(text) {
            if prefix == "_" || suffix.starts_with("//") {
                return Mapping::Iri(text.into());
            }
            if let Some(term) = self.term(prefix)
                && let (true, Mapping::Iri(start)) = (term.prefix, &term.mapping)
            {
                return Mapping::Iri([start, suffix].concat().into());
            }
            if iri::has_scheme(text) {
                return Mapping::Iri(text.into());
            }
        }
        if with_vocabulary && let Some(vocabulary) = &self.vocabulary {
            return Mapping::Iri([vocabulary, text].concat().into());
        }
        if role != Role::Term
            && let Some(base) = &self.base
        {
            return Mapping::Iri(iri::resolve(base, text).into());
        }
        Mapping::Iri(text.into())
    }

    /// The keyword that a member's name stands for.
    pub(super) fn keyword(&self, name: &str) -> Option<Keyword> {
        // As `expand_iri`, without making the IRI that most names stand for.
        if is_keyword_like(name) {
            return Keyword::parse(name);
        }
        match self.term(name)?.mapping {
            Mapping::Keyword(keyword) => Some(keyword),
            Mapping::Iri(_) | Mapping::Nothing => None,
        }
    }
}

/// What a text is used as, and so what it is relative to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A node's id: relative to the base.
    Id,
    /// A member's name: relative to the vocabulary.
    Term,
    /// A node's type: relative to the vocabulary or, without one, to the base.
    Type,
}

/// What a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mapping {
    Iri(Arc<str>),
    Keyword(Keyword),
    /// It was taken out of use: mapped to null, or reserved.
    Nothing,
}

impl Mapping {
    /// The text that is meant, be it an IRI or a keyword.
    pub(super) fn into_text(self) -> Option<Arc<str>> {
        match self {
            Self::Iri(iri) => Some(iri),
            Self::Keyword(keyword) => Some(keyword.as_str().into()),
            Self::Nothing => None,
        }
    }
}

/// What a context says of a term.
#[derive(Clone, Debug)]
pub(super) struct TermDefinition {
    pub(super) mapping: Mapping,
    pub(super) prefix: bool,
    pub(super) protected: bool,
    pub(super) reverse: bool,
    pub(super) container: Container,
    pub(super) context: Option<LocalContext>,
    pub(super) direction: Setting<Direction>,
    pub(super) index: Option<Arc<str>>,
    pub(super) language: Setting<Arc<str>>,
    pub(super) nest: Option<Arc<str>>,
    pub(super) type_mapping: Option<TypeMapping>,
}

impl TermDefinition {
    /// Whether two definitions are the same but for their protection, as a repeated protected term must be.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        let Self {
            mapping,
            prefix,
            protected: _,
            reverse,
            container,
            context,
            direction,
            index,
            language,
            nest,
            type_mapping,
        } = self;
        let value = |context: &Option<LocalContext>| context.as_ref().map(|context| context.value.clone());
        *mapping == other.mapping
            && *prefix == other.prefix
            && *reverse == other.reverse
            && *container == other.container
            && value(context) == value(&other.context)
            && *direction == other.direction
            && *index == other.index
            && *language == other.language
            && *nest == other.nest
            && *type_mapping == other.type_mapping
    }
}

/// What a term says about something that contexts have a default for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting<T> {
    /// The context's default holds.
    Default,
    /// There is none, whatever the default.
    None,
    Some(T),
}

impl<T: Clone> Setting<T> {
    pub(super) fn or_default(&self, default: Option<&T>) -> Option<T> {
        match self {
            Self::Default => default.cloned(),
            Self::None => None,
            Self::Some(value) => Some(value.clone()),
        }
    }
}

/// How the values of a term are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TypeMapping {
    Datatype(Arc<str>),
    Id,
    Json,
    None,
    Vocab,
}

/// A base direction of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "ltr" => Some(Self::LeftToRight),
            "rtl" => Some(Self::RightToLeft),
            _ => None,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// The container mapping of a term: a set of keywords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) graph: bool,
    pub(super) id: bool,
    pub(super) index: bool,
    pub(super) language: bool,
    pub(super) list: bool,
    pub(super) set: bool,
    pub(super) type_: bool,
}

/// A context as it stands in a document.
#[derive(Clone, Debug)]
pub(super) struct LocalContext {
    /// Tells this context from all others of its store.
    pub(super) id: u64,
    /// Whether it stands in a document of the store.
    pub(super) shared: bool,
    pub(super) value: Arc<Value>,
    /// What relative references in it are relative to.
    pub(super) base: Option<Arc<str>>,
}
