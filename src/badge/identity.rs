//! The identities of a recipient, in one form for all versions.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::quote::quote;

/// One identity of the recipient, as a badge states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Identity<'b> {
    /// What kind of identity it is.
    pub kind: IdentityKind,
    /// The identity itself, or `algorithm$digest` if it is hashed.
    pub value: &'b str,
    /// Whether the value is a hash: what the badge says is one, or what looks like one.
    pub form: Form<'b>,
}

impl<'b> Identity<'b> {
    /// An identity of which a badge says whether it is hashed.
    ///
    /// NOTE: one that looks like a hash is one, also where the badge says otherwise ("IdentityHash"): it is compared with
    /// hashes and never as text, and nobody is shown it as a name.
    pub(crate) fn stated(kind: IdentityKind, value: &'b str, is_hashed: bool, salt: Option<&'b str>) -> Self {
        let form = if is_hashed || looks_hashed(value) { Form::Hashed { salt } } else { Form::Plain };
        Self { kind, value, form }
    }

    /// The identity as a person is shown it: the value, or `hashed e-mail address` and the like for a hashed one,
    /// since a hash says nothing to a reader and what it stands for is not guessed.
    ///
    /// The value is as the badge states it: escape it for the medium.
    pub fn shown(&self) -> Cow<'b, str> {
        match self.form {
            Form::Hashed { .. } => format!("hashed {}", self.kind.in_words()).into(),
            Form::Plain => self.value.into(),
        }
    }
}

/// Says whether a text starts as a hash does: with the name of an algorithm of any version, and `$`.
pub(super) fn looks_hashed(text: &str) -> bool {
    let algorithm = text.split_once('$').map(|(algorithm, _)| algorithm.trim());
    let known = ["md5", "sha1", "sha256", "sha512"];
    algorithm.is_some_and(|algorithm| known.iter().any(|name| name.eq_ignore_ascii_case(algorithm)))
}

/// How an identity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // the specifications have these two
pub enum Form<'b> {
    /// Hashed together with the salt, if there is one.
    Hashed {
        /// What was appended before hashing.
        salt: Option<&'b str>,
    },
    /// In plain text.
    Plain,
}

/// What kind of identity something is.
///
/// Open Badges 2.0 names the kind by a property ("IdentityObject", `type`), Open Badges 3.0 by `IdentifierTypeEnum`;
/// the names of both that mean the same are one kind here.
///
/// ```
/// use openbadges::badge::IdentityKind;
///
/// assert_eq!(IdentityKind::from("emailAddress"), IdentityKind::from("email"));
/// assert_eq!(IdentityKind::from("ext:pseudonym").as_str(), "ext:pseudonym");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum IdentityKind {
    /// An e-mail address: `email`, `emailAddress`.
    Email,
    /// An id, as that of a credential's subject, often a DID: `id`, `did`.
    Id,
    /// A kind that only its name is known of, as `studentId`.
    Other(String),
    /// A telephone number: `telephone`.
    Telephone,
    /// A web address: `url`.
    Url,
}

impl IdentityKind {
    /// The name; for a kind with two, that of Open Badges 2.0.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::Id => "id",
            Self::Other(name) => name,
            Self::Telephone => "telephone",
            Self::Url => "url",
        }
    }

    /// The kind in words for people, without an article.
    pub(crate) fn in_words(&self) -> Cow<'static, str> {
        match self {
            Self::Email => "e-mail address".into(),
            Self::Id => "id".into(),
            Self::Other(name) => format!("identity of the kind {}", quote(name)).into(),
            Self::Telephone => "telephone number".into(),
            Self::Url => "web address".into(),
        }
    }
}

impl From<&str> for IdentityKind {
    fn from(name: &str) -> Self {
        match name {
            "email" | "emailAddress" => Self::Email,
            "did" | "id" => Self::Id,
            "telephone" => Self::Telephone,
            "url" => Self::Url,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl FromStr for IdentityKind {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(name.into())
    }
}

impl From<String> for IdentityKind {
    fn from(name: String) -> Self {
        name.as_str().into()
    }
}

impl From<IdentityKind> for String {
    fn from(kind: IdentityKind) -> Self {
        kind.as_str().to_owned()
    }
}

impl fmt::Display for IdentityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
