//! Why a document is not turned into statements.

use std::fmt;

use crate::id::Digest;
use crate::jcs::JcsError;
use crate::json::JsonError;
use crate::limits::LimitExceeded;
use crate::quote::quote;

/// Why a document is not turned into statements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonLdError {
    /// In safe mode: a part of the document would be left out of the statements, and so not be signed.
    #[error("{loss}: {}", quote(.found))]
    DataLoss {
        /// What kind of loss.
        loss: Loss,
        /// The term or value that would be lost.
        found: String,
    },
    /// The document is not valid JSON-LD.
    #[error("{code}: {}", quote(.found))]
    Invalid {
        /// The error's name in the specification.
        code: ErrorCode,
        /// The term or value that is wrong.
        found: String,
    },
    /// A context was to be added to a [`ContextStore`](super::ContextStore) that has one of that URL.
    #[error("there is a context {} already", quote(.url))]
    KnownContext {
        /// The URL.
        url: String,
    },
    /// The document is larger, deeper or more laborious than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The document refers to a context that is not in the [`ContextStore`](super::ContextStore).
    #[error("the context {} is not at hand", quote(.url))]
    UnknownContext {
        /// Where the context would be found.
        url: String,
    },
}

/// Why a context is not added; see [`ContextStore::with_context`](super::ContextStore::with_context).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// It is no context, cannot stand beside those of badges, or there is one of its URL.
    #[error("the context cannot be used")]
    Context(#[from] JsonLdError),
    /// It is not the context that was asked for.
    #[error("expected a context with the SHA-256 digest {expected}, found {found}")]
    Digest {
        /// The digest that was asked for.
        expected: Digest,
        /// That of the bytes.
        found: Digest,
    },
    /// The text could not be read as JSON.
    #[error("the context could not be read as JSON")]
    Json(#[from] JsonError),
}

impl From<JcsError> for JsonLdError {
    fn from(error: JcsError) -> Self {
        match error {
            JcsError::Limit(limit) => Self::Limit(limit),
            JcsError::NumberOutOfRange { number } => Self::invalid(ErrorCode::InvalidJsonLiteral, number),
        }
    }
}

impl JsonLdError {
    /// The name of the error: one of JSON-LD 1.1 API section 9.3.1, of [`Loss`], or of a
    /// [`Limit`](crate::limits::Limit).
    pub fn code(&self) -> &'static str {
        match self {
            Self::DataLoss { loss, .. } => loss.as_str(),
            Self::Invalid { code, .. } => code.as_str(),
            Self::KnownContext { .. } => "context already known",
            Self::Limit(exceeded) => exceeded.limit.as_str(),
            Self::UnknownContext { .. } => "loading remote context failed",
        }
    }

    pub(super) fn invalid(code: ErrorCode, found: impl Into<String>) -> Self {
        Self::Invalid { code, found: found.into() }
    }

    pub(super) fn loss(loss: Loss, found: impl Into<String>) -> Self {
        Self::DataLoss { loss, found: found.into() }
    }
}

macro_rules! names {
    ($(#[doc = $about:literal])+ $type:ident { $($(#[doc = $doc:literal])+ $variant:ident $name:literal;)+ }) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $type {
            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// A way for a part of a document to get lost on its way to RDF.
    Loss {
        /// A predicate that is a blank node: RDF has no such statement.
        BlankNodePredicate "blank node as predicate";
        /// A base direction, which RDF has no place for; see [`RdfDirection`](super::RdfDirection).
        Direction "base direction";
        /// An object that says nothing, at the top of the document or of a graph.
        EmptyObject "object without content";
        /// A value or list that is nobody's property.
        FreeFloating "value without a subject";
        /// An `@index`, or a key of an index map, which is no statement.
        Index "index";
        /// A key of an id or type map whose item is a value, not a node.
        IndexOfValue "index of a value";
        /// A member, id or type that looks like a keyword (`@` and letters) and is none.
        KeywordLike "reserved word";
        /// A language tag that is not well-formed (BCP 47 section 2.1).
        LanguageTag "malformed language tag";
        /// A value object whose value is null.
        NullValue "null as a value";
        /// A relative reference, or a text with characters that no IRI has, where an IRI is needed.
        RelativeReference "not an absolute IRI";
        /// A member that no context gives a meaning.
        UndefinedTerm "undefined term";
    }
}

names! {
    /// An error of the specification: JSON-LD 1.1 API section 9.3.1, `JsonLdErrorCode`.
    ErrorCode {
        /// Two members of one object stand for the same keyword.
        CollidingKeywords "colliding keywords";
        /// A term is defined by itself.
        CyclicIriMapping "cyclic IRI mapping";
        /// A base direction is neither `ltr` nor `rtl`.
        InvalidBaseDirection "invalid base direction";
        /// `@base` is no IRI.
        InvalidBaseIri "invalid base IRI";
        /// `@container` has a value that it cannot have.
        InvalidContainerMapping "invalid container mapping";
        /// A context has a member that it cannot have.
        InvalidContextEntry "invalid context entry";
        /// A null context would undo protected terms.
        InvalidContextNullification "invalid context nullification";
        /// `@language` of a context is not a string.
        InvalidDefaultLanguage "invalid default language";
        /// A node's `@id` is not a string.
        InvalidIdValue "invalid @id value";
        /// `@import` is not a string.
        InvalidImportValue "invalid @import value";
        /// `@included` holds something that is not a node.
        InvalidIncludedValue "invalid @included value";
        /// `@index` is not a string.
        InvalidIndexValue "invalid @index value";
        /// A term stands for something that is no IRI.
        InvalidIriMapping "invalid IRI mapping";
        /// A JSON literal has no canonical form.
        InvalidJsonLiteral "invalid JSON literal";
        /// A term stands for `@context`.
        InvalidKeywordAlias "invalid keyword alias";
        /// A language map has a value that is not a string.
        InvalidLanguageMapValue "invalid language map value";
        /// `@language` of a term is not a string.
        InvalidLanguageMapping "invalid language mapping";
        /// `@language` of a value is not a string.
        InvalidLanguageTaggedString "invalid language-tagged string";
        /// A value with a language is not a string.
        InvalidLanguageTaggedValue "invalid language-tagged value";
        /// A context is not an object, URL or null.
        InvalidLocalContext "invalid local context";
        /// `@nest` is not a nested object.
        InvalidNestValue "invalid @nest value";
        /// `@prefix` is not a boolean.
        InvalidPrefixValue "invalid @prefix value";
        /// `@propagate` is not a boolean.
        InvalidPropagateValue "invalid @propagate value";
        /// `@protected` is not a boolean.
        InvalidProtectedValue "invalid @protected value";
        /// A remote context has not the form of one.
        InvalidRemoteContext "invalid remote context";
        /// A reverse property is also something else.
        InvalidReverseProperty "invalid reverse property";
        /// A keyword stands in a reverse property map.
        InvalidReversePropertyMap "invalid reverse property map";
        /// The value of a reverse property is not a node.
        InvalidReversePropertyValue "invalid reverse property value";
        /// `@reverse` is not an object.
        InvalidReverseValue "invalid @reverse value";
        /// The context of a term is invalid.
        InvalidScopedContext "invalid scoped context";
        /// A set or list object has members that it cannot have.
        InvalidSetOrListObject "invalid set or list object";
        /// A term definition has a member, or a value, that it cannot have.
        InvalidTermDefinition "invalid term definition";
        /// `@type` of a term is no datatype.
        InvalidTypeMapping "invalid type mapping";
        /// `@type` is neither a string nor an array of strings.
        InvalidTypeValue "invalid type value";
        /// `@type` of a value is no datatype.
        InvalidTypedValue "invalid typed value";
        /// A value object has members that it cannot have.
        InvalidValueObject "invalid value object";
        /// `@value` is an array or object.
        InvalidValueObjectValue "invalid value object value";
        /// `@version` is not 1.1.
        InvalidVersionValue "invalid @version value";
        /// `@vocab` is no IRI.
        InvalidVocabMapping "invalid vocab mapping";
        /// A keyword is defined as a term.
        KeywordRedefinition "keyword redefinition";
        /// A document is referred to by something that is no IRI.
        LoadingDocumentFailed "loading document failed";
        /// A context asks for JSON-LD 1.1 where 1.0 was asked for.
        ProcessingModeConflict "processing mode conflict";
        /// A protected term is defined anew, and differently.
        ProtectedTermRedefinition "protected term redefinition";
    }
}
