//! What verification needs from outside, as data.
//!
//! Out: [`Request`]s that name a [`Target`] and say what it is for. In: a [`Retrieval`] for each, a [`Response`] or
//! the reason why there is none. Nothing is fetched here: the host does that, in its own way and at its own pace.
//! A host without a client of its own takes the one behind the feature `fetch`, which sees to all of the following.
//!
//! # Security
//!
//! A request is a wish and never a permission: its URL comes out of somebody's file. The duties are split like this.
//!
//! | Concern | The crate, before it asks | The host, while it fetches | The crate, on the answer |
//! |---|---|---|---|
//! | URL | [`NetworkPolicy::permits_url`]; otherwise no request is made | the same call for each hop | again for the final URL and each hop |
//! | address | | after DNS, before it connects: [`NetworkPolicy::permits_addr`] on the address that is used | |
//! | size | [`Request::max_bytes`] | stops at that size, after content decoding, and does not read without end what decodes to less | refuses longer bodies |
//! | redirects | [`Request::max_redirects`] | follows by hand, hop by hop | one to another origin leaves authority unproven |
//! | number | bounded by [`Limit::Documents`](crate::limits::Limit::Documents) | | |
//! | time | | sets time-outs | |
//! | content | [`Request::accept`] | | the media type is advice only; the JSON is read strictly |

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::id::{Did, Digest, IdError};
use crate::quote::quote;

mod body;
mod documents;
mod network;

pub use documents::Documents;
pub use network::{Denied, NetworkPolicy};

use body::Body;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Target {
    /// The DID document of a DID. For `did:web` it is what [`proof::did::web_url`](crate::proof::did::web_url) serves,
    /// and [`Response::final_url`] tells whether it was that; other methods are the host's to resolve, or to decline.
    Did(Did),
    /// The document at a web address; never with a fragment, which is looked up inside.
    Url(Url),
}

impl Target {
    /// The target of a URL, without its fragment.
    pub fn url(mut url: Url) -> Self {
        url.set_fragment(None);
        Self::Url(url)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Did(did) => did.fmt(f),
            Self::Url(url) => url.fmt(f),
        }
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

impl TryFrom<String> for Target {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        if text.starts_with("did:") {
            return text.parse().map(Self::Did);
        }
        match Url::parse(&text) {
            Ok(url) => Ok(Self::url(url)),
            Err(_) => Err(IdError { expected: "a DID or a URL", found: text }),
        }
    }
}

/// What a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Purpose {
    /// The hosted assertion of an Open Badges 2.0 badge.
    Assertion,
    /// A badge class that an assertion links to.
    BadgeClass,
    /// A DID document.
    DidDocument,
    /// An endorsement that a badge links to.
    Endorsement,
    /// The profile of an issuer.
    Issuer,
    /// A key, a key set, or a document that holds verification methods.
    Key,
    /// A newer version of the badge.
    Refresh,
    /// A list of revoked badges, by id.
    RevocationList,
    /// A JSON schema that a credential names; asked for by builds with the feature `schema`.
    Schema,
    /// A credential with a bit string of states.
    StatusList,
}

impl Purpose {
    /// The name, as in a serialised report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assertion => "assertion",
            Self::BadgeClass => "badge-class",
            Self::DidDocument => "did-document",
            Self::Endorsement => "endorsement",
            Self::Issuer => "issuer",
            Self::Key => "key",
            Self::Refresh => "refresh",
            Self::RevocationList => "revocation-list",
            Self::Schema => "schema",
            Self::StatusList => "status-list",
        }
    }

    /// Media types to ask for, in order of preference.
    pub const fn accept(self) -> &'static [&'static str] {
        match self {
            Self::Assertion => &["application/ld+json", "application/json", "image/png", "image/svg+xml"],
            Self::DidDocument => &["application/did+json", "application/did+ld+json", "application/json"],
            Self::Key => {
                &["application/jwk-set+json", "application/ld+json", "application/json", "text/plain"]
            }
            Self::Refresh | Self::StatusList => &[
                "application/vc",
                "application/vc+jwt",
                "application/ld+json",
                "application/json",
                "text/plain",
            ],
            Self::Schema => &["application/schema+json", "application/json"],
            Self::BadgeClass | Self::Endorsement | Self::Issuer | Self::RevocationList => {
                &["application/ld+json", "application/json"]
            }
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One document that verification needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    pub(crate) target: Target,
    pub(crate) purpose: Purpose,
    pub(crate) max_bytes: u64,
    pub(crate) max_redirects: u8,
    pub(crate) max_age: Duration,
}

impl Request {
    /// What is asked for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Media types for the `Accept` header, in order of preference.
    pub fn accept(&self) -> &'static [&'static str] {
        self.purpose.accept()
    }

    /// The most bytes that the decoded body may have; a longer one counts as not had.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// The most redirects to follow.
    pub fn max_redirects(&self) -> u8 {
        self.max_redirects
    }

    /// How old a cached copy may be.
    pub fn max_age(&self) -> Duration {
        self.max_age
    }
}

/// The answer to a request.
pub type Retrieval = Result<Response, Unavailable>;

/// What a server answered, whatever the status; cheap to clone, however large.
///
/// ```
/// use openbadges::resource::Response;
/// use time::macros::datetime;
///
/// let url = "https://example.org/assertions/1".parse().unwrap();
/// let gone = Response::new(410, url, Vec::new(), datetime!(2026-11-22 12:00 UTC));
/// assert!(!gone.is_success());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    status: u16,
    final_url: Url,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hops: Vec<Url>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    body: Body,
    #[serde(with = "time::serde::rfc3339")]
    retrieved_at: OffsetDateTime,
}

impl Response {
    /// An answer with this status from this URL, which is the one after all redirects.
    ///
    /// The body is what remains after content decoding. `retrieved_at` is when it was fetched, also for a cached copy;
    /// earlier by the `Age` that a cache on the way states (RFC 9111 section 5.1).
    pub fn new(status: u16, final_url: Url, body: Vec<u8>, retrieved_at: OffsetDateTime) -> Self {
        Self { status, final_url, hops: Vec::new(), media_type: None, body: Body::new(body), retrieved_at }
    }

    /// Adds the URLs that redirected, in order, without the final one.
    #[must_use]
    pub fn with_hops(self, hops: Vec<Url>) -> Self {
        Self { hops, ..self }
    }

    /// Adds the media type that the server declared.
    #[must_use]
    pub fn with_media_type(self, media_type: impl Into<String>) -> Self {
        Self { media_type: Some(media_type.into()), ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is one of success (RFC 9110 section 15.3), and not 206 for a part: nobody asked for one.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && self.status != 206
    }

    /// The URL after all redirects.
    pub fn final_url(&self) -> &Url {
        &self.final_url
    }

    /// The URLs that redirected.
    pub fn hops(&self) -> &[Url] {
        &self.hops
    }

    /// The media type that the server declared.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        self.body.bytes()
    }

    /// The digest of the body.
    pub(crate) fn body_digest(&self) -> Digest {
        self.body.digest()
    }

    /// When it was fetched.
    pub fn retrieved_at(&self) -> OffsetDateTime {
        self.retrieved_at
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unavailable {
    /// The network policy forbids it.
    #[error("not asked for: {0}")]
    Blocked(Denied),
    /// The host did not fetch it: it is offline, or does not fetch such things.
    #[error("not fetched")]
    Declined,
    /// The name could not be resolved.
    #[error("the host name could not be resolved")]
    Dns,
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
    /// No trusted connection could be made.
    #[error("no trusted connection")]
    Tls,
    /// The body is longer than allowed.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// How many bytes are allowed.
        limit: u64,
    },
    /// There were more redirects than allowed.
    #[error("too many redirects")]
    TooManyRedirects,
    /// Anything else that the host's transport says.
    #[error("the connection failed: {}", quote(.0))]
    Transport(String),
}
