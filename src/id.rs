//! Identifiers as types: [`Iri`], [`Did`], [`BadgeKey`], [`Digest`], [`Fingerprint`].
//!
//! Their constructors enforce the grammar, so that what holds one needs no second look. Comparison is of text, as
//! the specifications ask, unless a type says otherwise.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::quote::quote;

/// Why a text is not an identifier of the kind that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {}", quote(.found))]
#[non_exhaustive]
pub struct IdError {
    /// What was expected, in words.
    pub expected: &'static str,
    /// What was found.
    pub found: String,
}

/// An absolute IRI (RFC 3987): the `id` of anything in a badge.
///
/// ```
/// use openbadges::id::Iri;
///
/// let id: Iri = "urn:uuid:c3d1b7c6-6a0b-4c66-9f2a-6f1b5a4f0c11".parse()?;
/// assert_eq!(id.scheme(), "urn");
/// assert!("no scheme".parse::<Iri>().is_err());
/// # Ok::<(), openbadges::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iri(String);

impl Iri {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme, as written.
    pub fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// The IRI as a web address, if it is one of `http` or `https`.
    pub fn web_url(&self) -> Option<url::Url> {
        let url = url::Url::parse(&self.0).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
    }

    /// The IRI as a DID without path, query and fragment, if it is one.
    pub fn did(&self) -> Option<Did> {
        self.0.split(['/', '?', '#']).next()?.parse().ok()
    }

    /// The IRI up to its fragment.
    pub fn without_fragment(&self) -> &str {
        self.0.split('#').next().unwrap_or_default()
    }
}

impl FromStr for Iri {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let scheme_is_sound = text.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
                && !rest.is_empty()
        });
        let is_allowed = |c: char| {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        };
        if scheme_is_sound && text.chars().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { expected: "an absolute IRI", found: text.to_owned() })
        }
    }
}

/// Whether two texts name the same thing on the web: equal as URLs, or else as text.
pub(crate) fn same_id(left: &str, right: &str) -> bool {
    let as_url = |text: &str| text.parse::<Iri>().ok().and_then(|iri| iri.web_url());
    left == right || as_url(left).is_some_and(|left| Some(left) == as_url(right))
}

/// A decentralized identifier, without path, query or fragment (DID Core section 3.1).
///
/// ```
/// use openbadges::id::Did;
///
/// let did: Did = "did:web:example.org".parse()?;
/// assert_eq!(did.method(), "web");
/// assert_eq!(did.specific(), "example.org");
/// assert!("did:web:example.org#key".parse::<Did>().is_err());
/// # Ok::<(), openbadges::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Did(String);

impl Did {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The method's name, as `web` in `did:web:example.org`.
    pub fn method(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or_default()
    }

    /// What follows the method's name.
    pub fn specific(&self) -> &str {
        self.0.splitn(3, ':').nth(2).unwrap_or_default()
    }
}

impl FromStr for Did {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let mut parts = text.splitn(3, ':');
        let (scheme, method, specific) = (parts.next(), parts.next(), parts.next());
        let method_is_sound = method.is_some_and(|m| {
            !m.is_empty() && m.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
        let specific_is_sound = specific.is_some_and(|s| {
            !s.is_empty()
                && !s.ends_with(':')
                && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%'))
        });
        if scheme == Some("did") && method_is_sound && specific_is_sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { expected: "a DID", found: text.to_owned() })
        }
    }
}

/// What makes two badges the same one: issuer and id (Open Badges 3.0, "Credential equality and comparison").
///
/// Both are percent-decoded and trimmed before they are compared, as that section says. It serialises as the two texts
/// that this leaves, and is read as they stand.
///
/// NOTE: A web address is besides written as every program that fetches it does (URL Standard: scheme and host in small
/// letters, no default port, no `..`), so that a copy of a badge is known before anybody could be asked.
///
/// ```
/// use openbadges::id::BadgeKey;
///
/// let key = BadgeKey::new("https://example.org/issuer", " https://example.org/badges/%31");
/// assert_eq!(key, BadgeKey::new("HTTPS://Example.org:443/issuer", "https://example.org/badges/1"));
/// assert_eq!(key.id(), "https://example.org/badges/1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BadgeKey {
    issuer: String,
    id: String,
}

impl BadgeKey {
    /// Makes the key of a badge from its issuer's id and its own.
    pub fn new(issuer: &str, id: &str) -> Self {
        Self { issuer: normalised(issuer), id: normalised(id) }
    }

    /// The issuer's id, as it is compared.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The id of the assertion or credential, as it is compared.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Percent-decodes and trims; a web address is spelt as URLs are.
fn normalised(text: &str) -> String {
    let text = text.trim();
    let url = text.parse::<Iri>().ok().and_then(|iri| iri.web_url());
    decoded(url.as_ref().map_or(text, url::Url::as_str)).trim().to_owned()
}

/// The e-mail address that a `mailto:` URI names, decoded (RFC 6068 section 2). `None` of every other URI, and of one that
/// names nobody or several, be it in its header fields.
pub(crate) fn mailto_address(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    let rest = rest.split('#').next()?;
    let (to, fields) = rest.split_once('?').unwrap_or((rest, ""));
    let names_more = fields.split('&').filter_map(|field| field.split('=').next()).any(|name| {
        let name = decoded(name);
        ["to", "cc", "bcc"].iter().any(|header| name.eq_ignore_ascii_case(header))
    });
    // A comma that is part of an address is written in percent codes.
    let is_one = !to.is_empty() && !to.contains(',') && !names_more;
    (scheme.eq_ignore_ascii_case("mailto") && is_one).then(|| decoded(to))
}

/// The text that one with percent-encoding stands for; what does not decode to UTF-8 stays as it is.
fn decoded(text: &str) -> String {
    String::from_utf8(percent_decoded(text)).unwrap_or_else(|_| text.to_owned())
}

/// The bytes that a text with percent-encoding stands for (RFC 3986 section 2.1).
pub(crate) fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let decoded = match after {
            [high, low, ..] if first == b'%' => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        let (byte, used) = decoded.map_or((first, 1), |(high, low)| (high << 4 | low, 3));
        bytes.push(byte);
        rest = rest.get(used..).unwrap_or_default();
    }
    bytes
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A SHA-256 digest; shown and serialised as 64 hexadecimal digits.
///
/// ```
/// use openbadges::id::Digest;
///
/// let empty = Digest::of(b"");
/// assert!(empty.to_string().starts_with("e3b0c44298fc1c14"));
/// assert_eq!(empty.to_string().parse(), Ok(empty));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several pieces of bytes, each told from the next.
    pub(crate) fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The digest's bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Digest {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError { expected: "64 hexadecimal digits", found: text.to_owned() };
        let mut bytes = [0; 32];
        if text.len() != 64 {
            return Err(error());
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let (Some(high), Some(low)) = (pair.first(), pair.last()) else { return Err(error()) };
            let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low)) else { return Err(error()) };
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Stands for exactly what a person was shown before accepting a badge; see `import`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(Digest);

impl Fingerprint {
    /// The fingerprint of some bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Digest::of(bytes))
    }
}

impl FromStr for Fingerprint {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! text_newtype {
    ($($name:ident)+) => {
        $(
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl From<$name> for String {
                fn from(value: $name) -> Self {
                    value.0
                }
            }

            impl TryFrom<String> for $name {
                type Error = IdError;

                fn try_from(text: String) -> Result<Self, IdError> {
                    text.parse()
                }
            }
        )+
    };
}

text_newtype! { Did Iri }

impl From<Digest> for String {
    fn from(value: Digest) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iri_has_a_scheme_and_no_spaces() {
        for good in
            ["https://example.org/é", "urn:uuid:1", "did:key:z6Mk#z6Mk", "_:b0".replace("_:", "x:").as_str()]
        {
            assert!(good.parse::<Iri>().is_ok(), "{good}");
        }
        for bad in
            ["", ":", "a", "a:", "_:b0", "1a:b", " https://example.org", "https://example.org/<", "a:\u{7f}"]
        {
            assert!(bad.parse::<Iri>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_did_is_told_from_a_did_url() {
        for bad in [
            "did:",
            "did:web:",
            "did:WEB:x",
            "did:web:x#y",
            "did:web:x/y",
            "did:web:x?y",
            "did:web:x:",
            "DID:web:x",
        ] {
            assert!(bad.parse::<Did>().is_err(), "{bad}");
        }
        let url: Iri = "did:web:example.org/path?query#key".parse().unwrap();
        assert_eq!(url.did().unwrap().as_str(), "did:web:example.org");
        assert_eq!("https://example.org/#x".parse::<Iri>().unwrap().did(), None);
    }

    #[test]
    fn a_mailto_uri_names_one_address() {
        let table = [
            ("mailto:ada@example.org", Some("ada@example.org")),
            ("MailTo:ada%2Bx@example.org", Some("ada+x@example.org")),
            ("mailto:ada+x@example.org", Some("ada+x@example.org")),
            ("mailto:%C3%A9@example.org", Some("\u{e9}@example.org")),
            ("mailto:%22a%2Cb%22@example.org", Some("\"a,b\"@example.org")),
            ("mailto:ada@example.org?subject=x&body=y", Some("ada@example.org")),
            ("mailto:ada@example.org?", Some("ada@example.org")),
            ("mailto:ada@example.org#x", Some("ada@example.org")),
            ("mailto:ada@example.org?cc=bob@example.org", None),
            ("mailto:ada@example.org?subject=x&%54o=bob@example.org", None),
            ("mailto:ada@example.org,bob@example.org", None),
            ("mailto:?to=ada@example.org", None),
            ("mailto:", None),
            ("mail:ada@example.org", None),
            ("ada@example.org", None),
        ];
        for (uri, expected) in table {
            assert_eq!(mailto_address(uri).as_deref(), expected, "{uri}");
        }
    }

    #[test]
    fn broken_percent_codes_stay_as_they_are() {
        assert_eq!(BadgeKey::new("a%2", "%zz%").id(), "%zz%");
        assert_eq!(BadgeKey::new("%ff", "").issuer(), "%ff");
    }
}
