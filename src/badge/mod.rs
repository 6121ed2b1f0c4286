//! Reads the JSON of a badge into a typed model of its version.
//!
//! In: the text that came out of a file, or a document that was fetched. Out: a [`Badge`] and everything that is
//! wrong with it, or a [`ReadError`] if there is no badge to talk about. What is read here is what the document
//! *says*: nothing is authenticated, and no document is fetched; see `verify`.
//!
//! Open Badges 2.0 "Data Classes" ([`ob2`]) and Open Badges 3.0 "Open Badges Data Model" ([`ob3`]); what a preview shows of
//! either is a [`summary`].

mod identity;
pub mod ob2;
pub mod ob3;
mod payload;
#[allow(dead_code)] // until all models use it
mod reading;
pub mod summary;
#[allow(dead_code)] // until all models use it
mod time;
mod version;
pub(crate) mod wrapper;

use std::sync::Arc;

use ::time::OffsetDateTime;
use serde_json::Value;

pub use self::identity::{Form, Identity, IdentityKind};
use self::ob3::{JwtCredential, Securing};
pub(crate) use self::payload::{Enclosed, open};
pub use self::reading::{Reading, Violation, ViolationKind, Weight};
pub use self::summary::Summary;
pub(crate) use self::time::date_time_or_utc;
pub use self::version::{Version, recognise};
pub use self::wrapper::{LeftAside, WrapperKind};
use crate::id::BadgeKey;
use crate::json::{self, JsonError};
use crate::jws::{CompactJws, JwsError};
use crate::limits::{LimitExceeded, Limits};
use crate::unbake::Payload;
use crate::vendor::{self, Vendor};

/// An Open Badge as its document states it: a claim until it is verified. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Badge {
    version: Version,
    json: Arc<Value>,
    model: Arc<Model>,
}

/// What a badge states, in the terms of its version.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Model {
    /// An Open Badges 2.0 assertion, or an older one upgraded, with what is known of its badge class and issuer.
    V2(Box<ob2::Chain>),
    /// An Open Badges 3.0 credential.
    V3(Box<ob3::Credential>),
}

impl Badge {
    /// Reads the badge that a payload holds.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(payload: &Payload, limits: &Limits) -> Result<Reading<Self>, ReadError> {
        let Reading { value, mut violations } = unwrap(payload, limits)?;
        let (json, securing) = value.ok_or(ReadError::NotABadge)?;
        let mut reading = Self::read_secured(json, securing)?;
        violations.append(&mut reading.violations);
        Ok(Reading { violations, ..reading })
    }

    /// Reads the badge that a JSON document is.
    ///
    /// # Errors
    /// As [`recognise`].
    pub fn read_json(json: Value) -> Result<Reading<Self>, ReadError> {
        Self::read_secured(json, Securing::Embedded)
    }

    /// The badge that an assertion of Open Badges 2.0 or older is, with what is known of its badge class and issuer.
    pub(crate) fn of_chain(document: &ob2::Upgraded, chain: ob2::Chain) -> Self {
        let (version, json) = (document.version, Arc::clone(&document.received));
        Self { version, json, model: Arc::new(Model::V2(Box::new(chain))) }
    }

    /// Reads the badge that a JSON document is, which came in the given way.
    pub(crate) fn read_secured(
        json: impl Into<Arc<Value>>,
        securing: Securing,
    ) -> Result<Reading<Self>, ReadError> {
        let json = json.into();
        let version = recognise(&json).map_err(|error| error.of_document(&json))?;
        let model = match version {
            Version::V3_0 => ob3::Credential::read_secured(&json, securing)
                .map(|credential| Model::V3(Box::new(credential))),
            _ => {
                let document = ob2::Upgraded::new(&json, ob2::Expected::Assertion, None, &Limits::default());
                ob2::Chain::read(&document).map(|chain| Model::V2(Box::new(chain)))
            }
        };
        Ok(model.map(|model| Self { version, json, model: Arc::new(model) }))
    }

    /// The version of the standard.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The document as it was received; the `vc` claim of a JWT with what it leaves to the other claims filled in.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// What the badge states, in the terms of its version.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What a preview shows of the badge.
    pub fn summary(&self) -> Summary<'_> {
        match &*self.model {
            Model::V2(chain) => Summary { version: self.version, ..chain.summary() },
            Model::V3(credential) => credential.summary(),
        }
    }

    /// What makes two badges the same one; `None` if the issuer or the badge has no id.
    pub fn key(&self) -> Option<BadgeKey> {
        match &*self.model {
            Model::V2(chain) => chain.key(),
            Model::V3(credential) => Some(credential.key()),
        }
    }

    /// The instant from which the badge is valid: `validFrom`, or `issuedOn` in Open Badges 2.0.
    pub fn valid_from(&self) -> OffsetDateTime {
        match &*self.model {
            Model::V2(chain) => chain.assertion().issued_on,
            Model::V3(credential) => credential.valid_from(),
        }
    }

    /// Whom the badge was awarded to, by each identity that it states.
    pub fn identities(&self) -> Vec<Identity<'_>> {
        match &*self.model {
            Model::V2(chain) => chain.identities(),
            Model::V3(credential) => credential.identities(),
        }
    }
}

/// The JSON document that a payload holds: the text, or what was signed.
///
/// # Errors
/// [`ReadError::Address`], [`ReadError::Json`] or [`ReadError::Limit`]; [`ReadError::NotABadge`] if what was signed is
/// not an object.
pub fn document(payload: &Payload, limits: &Limits) -> Result<Value, ReadError> {
    unwrap(payload, limits)?.value.map(|(json, _)| json).ok_or(ReadError::NotABadge)
}

/// The JSON document that a payload holds, how it was secured, and what a JWT left out of it.
fn unwrap(payload: &Payload, limits: &Limits) -> Result<Reading<(Value, Securing)>, ReadError> {
    match payload {
        Payload::Json(bytes) => match open(json::parse(bytes, limits)?, limits)? {
            Enclosed::Document(json) => {
                Ok(Reading { value: Some((json, Securing::Embedded)), violations: Vec::new() })
            }
            Enclosed::Jws(jws) => unwrap_jws(&jws, limits),
        },
        Payload::Jws(jws) => unwrap_jws(jws, limits),
        Payload::Url(_) => Err(ReadError::Address),
    }
}

fn unwrap_jws(jws: &CompactJws, limits: &Limits) -> Result<Reading<(Value, Securing)>, ReadError> {
    let claims = json::parse(jws.payload(), limits)?;
    Ok(JwtCredential::of(Arc::new(claims)).map(|jwt| (Arc::unwrap_or_clone(jwt.document), jwt.securing)))
}

/// Why a payload is no badge that can be talked about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The payload is only the address of a badge.
    #[error("the payload is the address of a badge, and not the badge")]
    Address,
    /// The payload is JSON of something else, and names a platform that issues outside the standard.
    #[error("the payload is JSON, but not an Open Badge of any version; {vendor}")]
    Foreign {
        /// The platform.
        vendor: Vendor,
    },
    /// A text that should be a signed badge is no compact JWS: the signed assertion of an Open Badges 2.1 Assertion
    /// Payload, or a text in a presentation, a record or a list.
    #[error("expected a compact JWS as the signed badge")]
    Jws(#[source] JwsError),
    /// The payload is not JSON, or has a member twice.
    #[error("the payload could not be read as JSON")]
    Json(#[source] JsonError),
    /// The payload is over a limit.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The payload is JSON of something else.
    #[error("the payload is JSON, but not an Open Badge of any version")]
    NotABadge,
    /// The payload is an Open Badges object, but nobody was awarded it.
    #[error("expected an assertion, found an object of class {class}")]
    NotAnAssertion {
        /// The class of the object.
        class: &'static str,
    },
    /// The payload is something that badges come in, with none or several of them.
    /// [`Verifier::begin_all`](crate::Verifier::begin_all) verifies each of several.
    #[error("expected one badge, found {within} with {}", wrapper::counted(*.found))]
    NotOneBadge {
        /// What they come in.
        within: WrapperKind,
        /// How many are in it.
        found: usize,
    },
    /// The payload is a badge of a version that is not supported.
    #[error("Open Badges {version} is not supported")]
    UnsupportedVersion {
        /// The version.
        version: Version,
    },
}

impl ReadError {
    /// The same error, which names the platform that the document comes from, if it is one known to issue outside the
    /// standard.
    pub(crate) fn of_document(self, json: &Value) -> Self {
        match (self, vendor::of_document(json)) {
            (Self::NotABadge, Some(vendor)) => Self::Foreign { vendor },
            (other, _) => other,
        }
    }
}

impl From<JsonError> for ReadError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Limit(limit) => Self::Limit(limit),
            other => Self::Json(other),
        }
    }
}
