//! The data classes of Open Badges 2.0 ("Data Classes"), which are those of 2.1, too; older badges are upgraded to them.
//!
//! In: a JSON document, as it was fetched or taken out of a file. Out: a model of its class, and every violation.
//! A badge is three documents, linked by their ids: an [`Assertion`], its [`BadgeClass`], and the [`Profile`] of the
//! issuer; a [`Chain`] holds what is known of the three. However a document spells the terms, it is read in those of the
//! Open Badges context, and the places of violations are told in them. Unknown members mean nothing to a badge, and are kept.

mod assertion;
mod badge_class;
mod document;
mod endorsement;
mod extension;
mod legacy;
mod parts;
mod plain;
mod profile;
mod terms;

use serde_json::Value;

pub use self::assertion::{Assertion, IdentityObject, RevokedNotice, Verification};
pub use self::badge_class::{AlignmentObject, BadgeClass, Criteria};
pub(crate) use self::document::{Class, Part, Upgraded};
pub use self::endorsement::{Endorsement, EndorsementClaim};
pub(crate) use self::extension::Extension;
pub(crate) use self::legacy::Expected;
pub(super) use self::legacy::recognise as recognise_legacy;
pub use self::parts::{Common, Embedded, Evidence, Image, Reference, Related};
pub use self::profile::{CryptographicKey, HostPolicy, Profile, RevocationListHeader};
use super::reading::{At, Object, ViolationKind, Weight};
use super::version::Recognised;
use super::{Identity, Reading, Summary, Version, summary};
use crate::id::{BadgeKey, Iri};

/// An assertion, and what is known of its badge class and issuer.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    assertion: Assertion,
    badge_class: Option<BadgeClass>,
    issuer: Option<Profile>,
}

impl Chain {
    /// Reads an assertion, and what it embeds.
    pub(crate) fn read(document: &Upgraded) -> Reading<Self> {
        document.whole().read().map(|assertion: Assertion| {
            let badge_class: Option<BadgeClass> = embedded(document.version, &assertion.badge);
            let issuer = badge_class.as_ref().and_then(|class| embedded(document.version, &class.issuer));
            Self { assertion, badge_class, issuer }
        })
    }

    /// An assertion with the badge class and the issuer that were had for it.
    pub(crate) fn new(
        assertion: Assertion,
        badge_class: Option<BadgeClass>,
        issuer: Option<Profile>,
    ) -> Self {
        Self { assertion, badge_class, issuer }
    }

    /// The assertion.
    pub fn assertion(&self) -> &Assertion {
        &self.assertion
    }

    /// What it awards, as far as it is known.
    pub fn badge_class(&self) -> Option<&BadgeClass> {
        self.badge_class.as_ref()
    }

    /// Who awarded it, as far as it is known.
    pub fn issuer(&self) -> Option<&Profile> {
        self.issuer.as_ref()
    }

    fn issuer_id(&self) -> Option<&Iri> {
        let named = || self.badge_class.as_ref().and_then(|class| class.issuer.id());
        self.issuer.as_ref().map(|issuer| &issuer.id).or_else(named)
    }

    pub(crate) fn key(&self) -> Option<BadgeKey> {
        Some(BadgeKey::new(self.issuer_id()?.as_str(), self.assertion.id.as_str()))
    }

    pub(crate) fn identities(&self) -> Vec<Identity<'_>> {
        vec![self.assertion.recipient.identity()]
    }

    pub(crate) fn summary(&self) -> Summary<'_> {
        let (assertion, class) = (&self.assertion, self.badge_class.as_ref());
        let image = assertion.image.as_ref().or(class.and_then(|class| class.image.as_ref()));
        let criteria = class.map(|class| &class.criteria);
        let issuer = self.issuer.as_ref().map(|issuer| summary::Issuer {
            id: Some(issuer.id.as_str()),
            name: Some(&issuer.name),
            url: Some(issuer.url.as_str()),
            email: issuer.email.as_deref(),
            image: issuer.image.as_ref().map(|image| image.id.as_str()),
        });
        let issuer_id = || {
            let id = Some(self.issuer_id()?.as_str());
            Some(summary::Issuer { id, ..summary::Issuer::default() })
        };
        let alignments = class.into_iter().flat_map(|class| &class.alignment);
        Summary {
            id: Some(assertion.id.as_str()),
            name: class.map(|class| class.name.as_str()),
            description: class.map(|class| class.description.as_str()),
            criteria_url: criteria.and_then(|criteria| criteria.id.as_ref()).map(Iri::as_str),
            criteria: criteria.and_then(|criteria| criteria.narrative.as_deref()),
            image: image.map(|image| image.id.as_str()),
            issuer: issuer.or_else(issuer_id),
            issued: Some(assertion.issued_on),
            expires: assertion.expires,
            recipients: self.identities(),
            recipient_name: extension::recipient_name(&assertion.common.extensions),
            alignments: alignments
                .map(|alignment| summary::Alignment {
                    name: Some(&alignment.target_name),
                    url: Some(alignment.target_url.as_str()),
                    code: alignment.target_code.as_deref(),
                    description: alignment.target_description.as_deref(),
                    framework: alignment.target_framework.as_deref(),
                })
                .collect(),
            evidence: assertion.evidence.iter().map(evidence).collect(),
            tags: class.into_iter().flat_map(|class| class.tags.iter().map(String::as_str)).collect(),
            ..Summary::new(Version::V2_0)
        }
    }
}

fn evidence(evidence: &Evidence) -> summary::Evidence<'_> {
    summary::Evidence {
        url: evidence.id.as_ref().map(Iri::as_str),
        name: evidence.name.as_deref(),
        narrative: evidence.narrative.as_deref(),
        description: evidence.description.as_deref(),
        genre: evidence.genre.as_deref(),
        audience: evidence.audience.as_deref(),
    }
}

/// What a reference in a document embeds, if it can be read; whether it counts is for `verify` to say.
fn embedded<T: Class>(version: Version, reference: &Reference) -> Option<T> {
    match reference {
        Reference::Embedded(embedded) => {
            Part::embedded(version, embedded.json(), embedded.pointer()).read().value
        }
        Reference::Id(_) => None,
    }
}

/// Notes if a document does not name the Open Badges context, nor defines its class as that context does.
///
/// An embedded object inherits its context from the document.
fn context(object: &Object<'_>) {
    let context = object.member("@context");
    let named = context.as_ref().is_some_and(|at| at.clone().elements().iter().any(names_context));
    let is_document = object.at().pointer().is_empty();
    match context {
        _ if named || !is_document => {}
        Some(at) => at.note(ViolationKind::Context, Weight::Essential, "the Open Badges 2.0 context"),
        None => object.note_missing("@context", ViolationKind::Context, Weight::Essential),
    }
}

fn names_context(entry: &At<'_>) -> bool {
    entry.value().as_str().is_some_and(|context| terms::CONTEXTS.contains(&context))
}

/// The classes of documents that nobody was awarded.
const OTHER_CLASSES: &[&str] = &[
    "BadgeClass",
    "Issuer",
    "Profile",
    "CryptographicKey",
    "RevocationList",
    "Endorsement",
    "Criteria",
    "Evidence",
    "AlignmentObject",
    "Image",
];

/// Recognises an object of Open Badges 2.0: by the type of an assertion, or else by the context.
pub(super) fn recognise(json: &Value) -> Option<Recognised> {
    let recognised = plain::read_any(json, |at| {
        let object = at.object()?;
        if object.is_a("Assertion") {
            return Some(Recognised::Badge);
        }
        let other = OTHER_CLASSES.iter().copied().find(|class| object.is_a(class));
        let is_named = object.member("@context")?.elements().iter().any(names_context);
        is_named.then(|| other.map_or(Recognised::Badge, Recognised::Other))
    });
    recognised.value
}
