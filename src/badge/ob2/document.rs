//! How a document is read: decided once, for all that is read out of it.
//!
//! In: a JSON document of any version before 3.0, the class that its place asks for, and the address that served it. Out:
//! an [`Upgraded`] document in the form and the terms of Open Badges 2.0. Its id, whether it was revoked and its model are
//! read from that one form: two ways to read it would be two documents, of which one is checked and the other believed.
//! Nothing is refused here; a document whose contexts are of no use has no model, and is told by the names as they stand.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::legacy::{self, Expected};
use super::{Assertion, BadgeClass, Endorsement, Profile, RevokedNotice, plain, terms};
use crate::badge::Version;
use crate::badge::reading::{self, At, Reading};
use crate::id::Iri;
use crate::json;
use crate::jsonld::JsonLdError;
use crate::limits::{Limit, LimitExceeded, Limits};

/// A document in the form and the terms of Open Badges 2.0.
///
/// NOTE: a document of 1.1 is read by the names of its terms, whatever contexts of its own say of them.
#[derive(Clone, Debug)]
pub(crate) struct Upgraded {
    /// The document as it was received.
    pub(crate) received: Arc<Value>,
    /// The version in which it was written.
    pub(crate) version: Version,
    /// What is read.
    terms: Arc<Value>,
    /// Why its contexts are of no use, if they are not.
    error: Option<JsonLdError>,
    /// How many values were written anew.
    rewritten: usize,
}

impl Upgraded {
    /// Decides how a document is read that is expected to be of `class`, served by `url` if any address did.
    pub(crate) fn new(received: &Arc<Value>, class: Expected, url: Option<&Url>, limits: &Limits) -> Self {
        let version = legacy::version(received, class);
        if version < Version::V2_0 {
            let terms = Arc::new(legacy::upgraded(received, version, class, url));
            return Self { received: Arc::clone(received), version, terms, error: None, rewritten: 0 };
        }
        Self::of_2_0(received, plain::plain(received, plain::Names::OfModels, limits))
    }

    /// As [`new`](Self::new), of a document of 2.0 for those who know the terms by their usual names only.
    pub(crate) fn in_usual_names(received: &Arc<Value>, limits: &Limits) -> Self {
        Self::of_2_0(received, plain::plain(received, plain::Names::Usual, limits))
    }

    fn of_2_0(received: &Arc<Value>, plain: Result<Cow<'_, Value>, JsonLdError>) -> Self {
        let (terms, error, rewritten) = match plain {
            Ok(Cow::Borrowed(_)) => (Arc::clone(received), None, 0),
            Ok(Cow::Owned(terms)) => (Arc::new(terms), None, json::count(received)),
            Err(error) => (Arc::clone(received), Some(error), 0),
        };
        Self { received: Arc::clone(received), version: Version::V2_0, terms, error, rewritten }
    }

    /// The document in the terms of Open Badges 2.0.
    ///
    /// # Errors
    /// [`JsonLdError`] if its contexts are of no use.
    pub(crate) fn terms(&self) -> Result<&Value, &JsonLdError> {
        self.error.as_ref().map_or(Ok(&self.terms), Err)
    }

    /// How many values were written anew.
    ///
    /// # Errors
    /// [`LimitExceeded`] if they were too many.
    pub(crate) fn rewritten(&self) -> Result<usize, LimitExceeded> {
        match &self.error {
            Some(JsonLdError::Limit(limit)) if limit.limit == Limit::OwnContextValues => Err(*limit),
            _ => Ok(self.rewritten),
        }
    }

    /// How many values it takes besides those of what was received.
    pub(crate) fn size(&self) -> usize {
        if Arc::ptr_eq(&self.received, &self.terms) { 0 } else { json::count(&self.terms) }
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Part<'_> {
        Part { json: &self.terms, pointer: "", version: self.version, error: self.error.as_ref() }
    }
}

/// A document in the form that is read, or an object in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'d> {
    json: &'d Value,
    pointer: &'d str,
    version: Version,
    error: Option<&'d JsonLdError>,
}

impl<'d> Part<'d> {
    /// What is embedded in a document of some version, from which it was taken in the form that is read.
    pub(crate) fn embedded(version: Version, json: &'d Value, pointer: &'d str) -> Self {
        Self { json, pointer, version, error: None }
    }

    /// Its model, by the rules of form of the version in which it was written.
    pub(crate) fn read<T: Class>(self) -> Reading<T> {
        match self.error {
            Some(error) => Reading::of_invalid_context(error.to_string()),
            None => self.read_any(T::model),
        }
    }

    /// What there is of its outline.
    pub(crate) fn outline(self) -> Outline {
        self.read_any(Outline::model).value.unwrap_or_default()
    }

    /// What is left of a revoked assertion or endorsement, if it is one.
    pub(crate) fn revoked_notice(self) -> Option<RevokedNotice> {
        self.read_any(RevokedNotice::model).value
    }

    fn read_any<T>(self, model: impl FnOnce(At<'_>) -> Option<T>) -> Reading<T> {
        let dialect = if self.version < Version::V2_0 { &terms::LEGACY } else { &terms::OB2 };
        reading::read(self.json, self.pointer, dialect, model)
    }
}

/// A data class that a document can be of.
pub(crate) trait Class: Sized {
    const EXPECTED: Expected;

    fn model(at: At<'_>) -> Option<Self>;

    fn id(&self) -> &Iri;
}

macro_rules! classes {
    ($($class:ident)+) => {
        $(impl Class for $class {
            const EXPECTED: Expected = Expected::$class;

            fn model(at: At<'_>) -> Option<Self> {
                Self::from_value(at)
            }

            fn id(&self) -> &Iri {
                &self.id
            }
        })+
    };
}

classes! { Assertion BadgeClass Endorsement Profile }

/// What can be told of a document without reading all of it, and of one that cannot be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    /// Its id.
    pub(crate) id: Option<Iri>,
    /// Its verification's `type` holds `HostedBadge`.
    pub(crate) hosted: bool,
    /// Its verification's `type` holds `SignedBadge`.
    pub(crate) signed: bool,
}

impl Outline {
    fn model(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let verification = object.member("verification").and_then(|at| at.single()?.object());
        let is = |class| verification.as_ref().is_some_and(|object| object.is_a(class));
        let (hosted, signed) = (is("HostedBadge"), is("SignedBadge"));
        Some(Self { id: object.optional("id", At::iri), hosted, signed })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const URL: &str = "https://example.org/a.json";

    #[test]
    fn a_document_of_2_0_is_not_copied() {
        let document =
            Arc::new(json!({"@context": "https://w3id.org/openbadges/v2", "alignment": [{"name": "Clay"}]}));
        let url = Url::parse(URL).unwrap();
        let upgraded = Upgraded::new(&document, Expected::BadgeClass, Some(&url), &Limits::default());
        assert!(Arc::ptr_eq(&document, &upgraded.terms) && Arc::ptr_eq(&document, &upgraded.received));
    }

    #[test]
    fn id_notice_and_model_are_read_from_one_form() {
        let (v1, v2) = ("https://w3id.org/openbadges/v1", "https://w3id.org/openbadges/v2");
        let own = json!({"x": "https://example.org/x"});
        let takes = json!({"id": "https://example.org/x", "revoked": "https://example.org/y"});
        // With these contexts the document says who it is, and that it was revoked, or neither.
        for (contexts, is_told) in [
            (json!(v1), true),
            (json!([v1, own]), true),
            (json!([v1, takes]), true),
            (json!([v1, null]), true),
            (json!([v2, own]), true),
            (json!([v2, takes]), false),
            (json!([v2, null]), false),
            (json!([v2, 7]), true), // by the names as they stand
        ] {
            let document = Arc::new(json!({
                "@context": contexts, "type": "Assertion", "id": URL, "revoked": true,
                "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
                "badge": "https://example.org/b.json", "verification": {"type": "HostedBadge"},
                "issuedOn": "2026-01-02T03:04:05Z",
            }));
            let upgraded = Upgraded::new(&document, Expected::Assertion, None, &Limits::default());
            let part = upgraded.whole();
            let reading = part.read::<Assertion>();
            let told = |id: &Iri| id.as_str() == URL;
            assert_eq!(part.outline().id.as_ref().is_some_and(told), is_told, "{contexts}");
            assert_eq!(part.revoked_notice().is_some(), is_told, "{contexts}");
            let is_sound = is_told && contexts != json!([v2, 7]);
            let model = reading.value.filter(|assertion| assertion.revoked);
            assert_eq!(model.is_some_and(|assertion| told(&assertion.id)), is_sound, "{contexts}");
        }
    }
}
