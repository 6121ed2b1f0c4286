//! The versions of the standard, and how a document of each is recognised.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ReadError, ob2};

/// A version of the Open Badges standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Version {
    /// Open Badges 0.5, before there was a specification.
    #[serde(rename = "0.5")]
    V0_5,
    /// Open Badges 1.0.
    #[serde(rename = "1.0")]
    V1_0,
    /// Open Badges 1.1.
    #[serde(rename = "1.1")]
    V1_1,
    /// Open Badges 2.0, and 2.1 whose badges are the same.
    #[serde(rename = "2.0")]
    V2_0,
    /// Open Badges 3.0.
    #[serde(rename = "3.0")]
    V3_0,
}

impl Version {
    /// The number, as in `2.0`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V0_5 => "0.5",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Tells which version of the standard a JSON document is a badge of.
///
/// The version is decided here, once, from context and type; what then does not fit that version is a violation, and
/// never a reason to read the document as another one.
///
/// # Errors
/// [`ReadError::NotABadge`] or [`ReadError::NotAnAssertion`].
pub fn recognise(json: &Value) -> Result<Version, ReadError> {
    let (version, recognised) = if let Some(recognised) = version_3(json) {
        (Version::V3_0, recognised)
    } else if let Some(recognised) = ob2::recognise_legacy(json) {
        recognised
    } else if let Some(recognised) = ob2::recognise(json) {
        (Version::V2_0, recognised)
    } else {
        return Err(ReadError::NotABadge);
    };
    match recognised {
        Recognised::Badge => Ok(version),
        Recognised::Other(class) => Err(ReadError::NotAnAssertion { class }),
    }
}

/// What a document of one version is.
pub(super) enum Recognised {
    /// A badge, or something that claims no other class.
    Badge,
    /// An object of this class, which nobody was awarded.
    Other(&'static str),
}

/// The types of credentials that Open Badges 3.0 defines.
const CREDENTIALS_3: &[&str] = &["OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"];

/// Whether a document says that it is a badge, or an endorsement, by its type.
pub(super) fn is_badge_by_type(json: &Value) -> bool {
    texts(json, "type").any(|class| class == "Assertion" || CREDENTIALS_3.contains(&class))
}

/// The classes of Open Badges 3.0 that can be documents, but that nobody was awarded.
const OTHERS_3: &[&str] = &[
    "Achievement",
    "AchievementSubject",
    "BitstringStatusListCredential",
    "ClrCredential",
    "EndorsementSubject",
    "Profile",
    "StatusList2021Credential",
    "VerifiablePresentation",
];

/// How the addresses of Open Badges 3.0 contexts start, those of its drafts included.
const CONTEXTS_3: &[&str] = &[
    "https://purl.imsglobal.org/spec/ob/v3p0/context",
    "https://imsglobal.github.io/openbadges-specification/context",
    "https://imsglobal.github.io/openbadges-specification/ob_v3p0",
];

/// Recognises a document of Open Badges 3.0: by the type of a credential, or else by the context.
fn version_3(json: &Value) -> Option<Recognised> {
    let has_type = |class: &str| texts(json, "type").any(|held| held == class);
    if CREDENTIALS_3.iter().any(|class| has_type(class)) {
        return Some(Recognised::Badge);
    }
    let is_named = |context: &str| CONTEXTS_3.iter().any(|start| context.starts_with(start));
    if !texts(json, "@context").any(is_named) {
        return None;
    }
    let other = OTHERS_3.iter().find(|class| has_type(class));
    Some(other.map_or(Recognised::Badge, |class| Recognised::Other(class)))
}

/// The strings of a member that is one or a list of them.
pub(super) fn texts<'j>(json: &'j Value, name: &str) -> impl Iterator<Item = &'j str> {
    let value = json.get(name);
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.into_iter().chain(list).filter_map(Value::as_str)
}
