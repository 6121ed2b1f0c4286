//! Reads Open Badges 3.0 credentials into a typed model.
//!
//! In: the JSON of a credential, and of a JWT its payload. Out: a [`Credential`], and everything in which it is not
//! what Open Badges 3.0 section "Open Badges Data Model" describes. Nothing is authenticated: dates, status entries
//! and proofs are read here and judged elsewhere.
//!
//! - [`Credential`]: an OpenBadgeCredential or an EndorsementCredential, in the form of either VC data model.
//! - [`Envelope`]: what verification works on, readable even where the badge inside is not.
//! - [`StatusList`]: the credential that holds the bits of a status list.
//! - [`JwtCredential`]: the credential and the claims of a JWT's payload.
//!
//! The classes keep the specification's names for their properties. A member that its class does not define is kept
//! as an extension.

mod achievement;
mod claims;
mod context;
mod credential;
mod envelope;
mod profile;
mod results;
mod status_list;
mod subject;
mod summary;
mod wrapper;

pub use self::achievement::{Achievement, Alignment, Criteria, Related};
pub use self::claims::{Claim, Claims, JwtCredential};
pub use self::credential::{Credential, Evidence, Issuer, Subject};
pub(crate) use self::envelope::STATUS_CLASSES;
pub use self::envelope::{
    CredentialForm, CredentialStatus, Envelope, ProofPurpose, Securing, StatusEntry, StatusMessage,
    StatusMethod, TypedLink,
};
pub use self::profile::{Address, Endorsement, GeoCoordinates, IdentifierEntry, Image, Profile};
pub use self::results::{AchievementResult, ResultDescription, RubricCriterionLevel};
pub use self::status_list::{StatusList, StatusListKind};
pub use self::subject::{AchievementSubject, EndorsementSubject, IdentityObject};
pub(crate) use self::wrapper::{read_clr, read_presentation};
use super::reading::{At, Dialect, Object, ViolationKind, Weight};

/// Open Badges 3.0 spells everything in one way, and leaves out what is empty ("Serialization").
static DIALECT: Dialect = Dialect { synonyms: &[], empty: Some(Weight::Advisory), legacy: false };

/// The classes that an object says it is of.
fn types(object: &Object<'_>) -> Vec<String> {
    object.many("type", At::text)
}

/// A term of a vocabulary, or an extension of it ("Extending and Profiling the Standard").
///
/// Another text is kept and noted: it takes nothing from the badge but that others may not know the word.
fn term(at: At<'_>, vocabulary: &[&str]) -> Option<String> {
    let place = at.clone();
    let text = at.text()?;
    if !text.starts_with("ext:") && !vocabulary.contains(&text.as_str()) {
        place.note(
            ViolationKind::Value,
            Weight::Advisory,
            "a term of the vocabulary, or one that starts with `ext:`",
        );
    }
    Some(text)
}

/// Notes members that a class which may not be extended does not have.
fn closed(object: &Object<'_>) {
    if !object.rest().is_empty() {
        object.at().note(
            ViolationKind::Value,
            Weight::Advisory,
            "an object of a class that may not be extended",
        );
    }
}
