//! The assertion: who was awarded what, when, and how that is verified.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::Url;

use super::parts::{Common, Evidence, Image, Reference, is_email};
use super::{context, plain};
use crate::badge::reading::{At, Reading, ViolationKind, Weight};
use crate::badge::{Identity, IdentityKind};
use crate::id::Iri;

/// An assertion (Open Badges 2.0 "Assertion").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Assertion {
    /// Where it is hosted, or another id if it is signed.
    pub id: Iri,
    /// Whom it was awarded to.
    pub recipient: IdentityObject,
    /// What was awarded: a `BadgeClass`.
    pub badge: Reference,
    /// How it is verified.
    pub verification: Verification,
    /// When it was awarded.
    pub issued_on: OffsetDateTime,
    /// From when on it is no longer valid.
    pub expires: Option<OffsetDateTime>,
    /// The image of this very award.
    pub image: Option<Image>,
    /// What shows that the criteria were met.
    pub evidence: Vec<Evidence>,
    /// How the evidence hangs together, as Markdown.
    pub narrative: Option<String>,
    /// Whether it says of itself that it was revoked; see [`RevokedNotice`].
    pub revoked: bool,
    /// Why it was revoked.
    pub revocation_reason: Option<String>,
    /// The id of an assertion of version 1.0, by which a revocation list may name it.
    pub uid: Option<String>,
    /// What it has in common with other classes.
    pub common: Common,
}

impl Assertion {
    /// Reads an assertion that is a document of its own.
    pub fn read(json: &Value) -> Reading<Self> {
        plain::read(json, "", Self::from_value)
    }

    pub(super) fn from_value(at: At<'_>) -> Option<Self> {
        let is_legacy = at.is_legacy();
        let object = at.object()?;
        context(&object);
        let class = object.class(&["Assertion"]);
        let id = object.required("id", At::iri);
        let recipient = object.required("recipient", IdentityObject::read);
        let badge = object.required("badge", Reference::read);
        let verification = object.required("verification", Verification::read);
        let issued_on = object.required("issuedOn", At::date_time);
        let expires = object.optional("expires", |at| {
            let expires = at.clone().date_time()?;
            if issued_on.is_some_and(|issued_on| expires < issued_on) {
                return at.refuse("a time that is not before `issuedOn`");
            }
            Some(expires)
        });
        let image = object.optional("image", if is_legacy { Image::any } else { Image::hosted });
        let evidence = object.many("evidence", Evidence::read);
        let narrative = object.optional("narrative", At::text);
        let revoked = object.optional("revoked", At::boolean).unwrap_or(false);
        let revocation_reason = object.optional("revocationReason", At::text);
        let uid = object.optional("uid", At::text);
        let common = Common::read(&object);
        class?;
        Some(Self {
            id: id?,
            recipient: recipient?,
            badge: badge?,
            verification: verification?,
            issued_on: issued_on?,
            expires,
            image,
            evidence,
            narrative,
            revoked,
            revocation_reason,
            uid,
            common,
        })
    }
}

/// What is left of a hosted assertion that was revoked: at least `revoked: true` ("Revoking Hosted Assertions").
///
/// Such a document need not have any of the members that an assertion must have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevokedNotice {
    /// The id of the assertion, if it is told.
    pub id: Option<Iri>,
    /// Why it was revoked.
    pub reason: Option<String>,
}

impl RevokedNotice {
    /// The notice, if the document says `revoked: true`; whatever else is wrong with it does not matter.
    pub fn read(json: &Value) -> Option<Self> {
        plain::read(json, "", Self::model).value
    }

    pub(super) fn model(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let id = object.optional("id", At::iri);
        let reason = object.optional("revocationReason", At::text);
        object.optional("revoked", At::boolean)?.then_some(Self { id, reason })
    }
}

/// Whom an assertion was awarded to ("IdentityObject").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityObject {
    /// The property by which the recipient is identified.
    pub kind: IdentityKind,
    /// The identity, or `algorithm$digest` of it and the salt.
    pub identity: String,
    /// Whether it is hashed.
    pub hashed: bool,
    /// What was appended before hashing.
    pub salt: Option<String>,
}

/// The names of the properties that identify a recipient, in the order of "IdentityObject", with their IRIs.
const KINDS: &[(&str, &[&str])] = &[
    ("email", &["schema:email", "http://schema.org/email"]),
    ("url", &["schema:url", "http://schema.org/url"]),
    ("telephone", &["schema:telephone", "http://schema.org/telephone"]),
    ("id", &["@id"]),
];

impl IdentityObject {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let kind = object.required("type", |at| {
            let text = at.str()?;
            let known = KINDS.iter().find(|(name, others)| *name == text || others.contains(&text));
            if known.is_none() {
                // NOTE: the specification recommends four; hosts may know others.
                at.note(ViolationKind::Value, Weight::Advisory, "one of email, url, telephone, id");
            }
            Some(IdentityKind::from(known.map_or(text, |(name, _)| *name)))
        });
        // NOTE: required, but missing in the specification's own first example; taken as false.
        let hashed = if object.member("hashed").is_none() {
            object.note_missing("hashed", ViolationKind::Required, Weight::Advisory);
            Some(false)
        } else {
            object.required("hashed", At::boolean)
        };
        let salt = object.optional("salt", At::text);
        let identity = object.required("identity", |at| {
            let text = at.str()?;
            match hashed {
                Some(true) if !is_hash(text, at.is_legacy()) => {
                    at.refuse("the name of a hash algorithm of this version, `$`, and its hexadecimal digits")
                }
                Some(false) if is_hash(text, at.is_legacy()) => {
                    at.refuse("an identity in plain text, as `hashed` says")
                }
                Some(false) if kind == Some(IdentityKind::Email) && !is_email(text) => {
                    at.refuse("an e-mail address")
                }
                _ => Some(text.to_owned()),
            }
        });
        Some(Self { kind: kind?, identity: identity?, hashed: hashed?, salt })
    }

    /// The identity in the form that all versions share.
    pub fn identity(&self) -> Identity<'_> {
        Identity::stated(self.kind.clone(), &self.identity, self.hashed, self.salt.as_deref())
    }
}

/// Says whether a text is an `IdentityHash`, whose algorithms were more before 2.0. Upper-case letters are accepted in the
/// algorithm, too.
fn is_hash(text: &str, is_legacy: bool) -> bool {
    text.split_once('$').is_some_and(|(algorithm, digest)| {
        let digits = match algorithm.to_ascii_lowercase().as_str() {
            "md5" => 32,
            "sha256" => 64,
            "sha1" if is_legacy => 40,
            "sha512" if is_legacy => 128,
            _ => return false,
        };
        digest.len() == digits && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// How an assertion is verified ("VerificationObject").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verification {
    /// Its `type` holds `HostedBadge`.
    pub hosted: bool,
    /// Its `type` holds `SignedBadge`.
    pub signed: bool,
    /// The key that signed, if the badge names it: a `CryptographicKey`.
    pub creator: Option<Reference>,
    /// Before 2.0: where the assertion is hosted, or the key with which it is signed, as PEM.
    pub legacy_url: Option<Url>,
    /// All other members.
    pub extensions: Map<String, Value>,
}

impl Verification {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let class = object.class(&["HostedBadge", "SignedBadge"]);
        let (hosted, signed) = (object.is_a("HostedBadge"), object.is_a("SignedBadge"));
        let creator = object.optional("creator", Reference::read);
        let is_legacy = object.at().is_legacy();
        let legacy_url = if is_legacy { object.optional("url", At::url) } else { None };
        class?;
        Some(Self { hosted, signed, creator, legacy_url, extensions: object.rest() })
    }
}
