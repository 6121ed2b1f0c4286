//! Reads the payload of a JWT that secures a credential.
//!
//! In: the payload's JSON. Out: a [`JwtCredential`]: the credential, the registered claims beside it, and which of the
//! two forms the payload has. Whether claims and credential agree is for verification to judge.
//!
//! Open Badges 3.0 "JSON Web Token Proof Format"; Verifiable Credentials 1.1 section 6.3.1 "JSON Web Token";
//! RFC 7519 section 4.1.

use std::sync::Arc;

use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{DIALECT, Securing};
use crate::badge::Reading;
use crate::badge::reading::{Object, ViolationKind, Weight, read};

/// What the payload of a JWT holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JwtCredential {
    /// The credential: the `vc` claim, completed from the other claims, or the whole payload.
    pub document: Arc<Value>,
    /// The registered claims.
    pub claims: Claims,
    /// Which of the two forms it was.
    pub securing: Securing,
}

impl JwtCredential {
    /// Reads a payload; the value is `None` if the payload is not an object.
    ///
    /// NOTE: Verifiable Credentials 1.1 section 6.3.1 lets a credential in a `vc` claim leave out what the registered
    /// claims say, where Open Badges 3.0 wants both. What is left out is filled in, and each filling is noted; the
    /// places of these notes are places in the payload.
    pub fn read(payload: &Value) -> Reading<Self> {
        Self::of(Arc::new(payload.clone()))
    }

    /// As [`read`](Self::read), of a payload that need not be copied.
    pub(crate) fn of(payload: Arc<Value>) -> Reading<Self> {
        read(&payload, "", &DIALECT, |at| {
            let object = at.object()?;
            let claims = Claims::of(&object);
            let Some(credential) = object.member("vc") else {
                return Some(Self { document: Arc::clone(&payload), claims, securing: Securing::JwtPlain });
            };
            let mut document = credential.value().clone();
            if let Value::Object(members) = &mut document
                && let Some(place) = credential.object()
            {
                complete(members, &claims, &place);
            }
            Some(Self { document: Arc::new(document), claims, securing: Securing::JwtWithVcClaim })
        })
    }
}

/// Fills in what a `vc` claim leaves out.
fn complete(credential: &mut Map<String, Value>, claims: &Claims, place: &Object<'_>) {
    let instant = |claim: &Claim<OffsetDateTime>| claim.value()?.format(&Rfc3339).ok();
    let members = [
        ("id", claims.id.value().cloned()),
        ("issuer", claims.issuer.value().cloned()),
        ("issuanceDate", instant(&claims.not_before)),
        ("expirationDate", instant(&claims.expires)),
    ];
    for (name, value) in members {
        let Some(value) = value.filter(|_| !credential.contains_key(name)) else { continue };
        place.note_missing(name, ViolationKind::Required, Weight::Advisory);
        credential.insert(name.to_owned(), Value::String(value));
    }
    if let (Some(id), Some(Value::Object(subject))) =
        (claims.subject.value(), credential.get_mut("credentialSubject").and_then(only_one))
        && !subject.contains_key("id")
    {
        subject.insert("id".to_owned(), Value::String(id.clone()));
        if let Some(subject) = place.member("credentialSubject").and_then(|at| at.single()?.object()) {
            subject.note_missing("id", ViolationKind::Required, Weight::Advisory);
        }
    }
}

/// The value, or the only element of a list.
fn only_one(value: &mut Value) -> Option<&mut Value> {
    match value {
        Value::Array(elements) => match elements.as_mut_slice() {
            [only] => Some(only),
            _ => None,
        },
        single => Some(single),
    }
}

/// The registered claims of a JWT.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// `iss`: the issuer's id.
    pub issuer: Claim<String>,
    /// `sub`: the subject's id.
    pub subject: Claim<String>,
    /// `jti`: the credential's id.
    pub id: Claim<String>,
    /// `nbf`: from when on the credential is valid.
    pub not_before: Claim<OffsetDateTime>,
    /// `exp`: until when it is.
    pub expires: Claim<OffsetDateTime>,
    /// `iat`: when the JWT was made.
    pub issued_at: Claim<OffsetDateTime>,
}

impl Claims {
    fn of(payload: &Object<'_>) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let members = payload.at().value();
        Self {
            issuer: Claim::of(members, "iss", text),
            subject: Claim::of(members, "sub", text),
            id: Claim::of(members, "jti", text),
            not_before: Claim::of(members, "nbf", numeric_date),
            expires: Claim::of(members, "exp", numeric_date),
            issued_at: Claim::of(members, "iat", numeric_date),
        }
    }
}

/// One claim. A claim that cannot be read is not the same as none: somebody meant something by it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // there is no fourth
pub enum Claim<T> {
    /// It is not there.
    Absent,
    /// It is there, and is not of its type.
    Malformed,
    /// It is there.
    Present(T),
}

impl<T> Claim<T> {
    fn of(members: &Value, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Self {
        match members.get(name) {
            None => Self::Absent,
            Some(value) => read(value).map_or(Self::Malformed, Self::Present),
        }
    }

    /// The claim's value, if it is there and can be read.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Absent | Self::Malformed => None,
            Self::Present(value) => Some(value),
        }
    }
}

/// Reads a `NumericDate`: seconds since 1970, which may have a fraction.
fn numeric_date(value: &Value) -> Option<OffsetDateTime> {
    match value.as_i64() {
        Some(seconds) => OffsetDateTime::from_unix_timestamp(seconds).ok(),
        None => OffsetDateTime::UNIX_EPOCH.checked_add(Duration::checked_seconds_f64(value.as_f64()?)?),
    }
}
