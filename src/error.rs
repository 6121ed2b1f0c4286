//! Why there is no report: there was no badge to talk about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::badge::ReadError;
use crate::unbake::UnbakeError;

/// Why an input got no report.
///
/// Whatever is wrong with a badge that was found stands in its [`Report`](crate::report::Report). This is for inputs in
/// which none was found. The message never repeats its source: print the chain, or use [`Error::to_string_chain`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The badge's text was found and is not an Open Badge that can be read.
    #[error("the badge could not be read")]
    Read(#[from] ReadError),
    /// No badge could be taken out of the file.
    #[error("no badge could be taken out of the file")]
    Unbake(#[from] UnbakeError),
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read(error) => match error {
                ReadError::Limit(_) => ErrorCode::Limit,
                ReadError::Address | ReadError::Json(_) | ReadError::Jws(_) => ErrorCode::Malformed,
                ReadError::Foreign { .. } | ReadError::NotABadge => ErrorCode::NotABadge,
                ReadError::NotAnAssertion { .. } | ReadError::NotOneBadge { found: 0, .. } => {
                    ErrorCode::NotAnAssertion
                }
                ReadError::NotOneBadge { .. } => ErrorCode::SeveralBadges,
                ReadError::UnsupportedVersion { .. } => ErrorCode::UnsupportedVersion,
            },
            Self::Unbake(error) => match error {
                UnbakeError::Ambiguous { .. } => ErrorCode::Ambiguous,
                UnbakeError::Limit(_) => ErrorCode::Limit,
                UnbakeError::Malformed { .. } => ErrorCode::Malformed,
                UnbakeError::NotBaked { .. } => ErrorCode::NotBaked,
                UnbakeError::Unrecognized => ErrorCode::Unrecognized,
            },
        }
    }

    /// The message and those of all its causes, as one line.
    pub fn to_string_chain(&self) -> String {
        let mut line = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            line.push_str(": ");
            line.push_str(&error.to_string());
            source = error.source();
        }
        line
    }
}

/// What kind of [`Error`] it is; the names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// Two places in an image hold different badges of one version.
    Ambiguous,
    /// Something is larger, deeper or more than allowed.
    Limit,
    /// The badge's text is neither JSON nor a compact JWS.
    Malformed,
    /// The JSON is something else.
    NotABadge,
    /// The JSON is an Open Badges object that nobody was awarded: a badge class, an issuer, a list of revocations; or a
    /// presentation, a learner record or a list without any badge.
    NotAnAssertion,
    /// The image holds no badge.
    NotBaked,
    /// There are several badges: [`Verifier::begin_all`](crate::Verifier::begin_all) verifies each.
    SeveralBadges,
    /// The input is none of the formats in which a badge comes.
    Unrecognized,
    /// The badge is of a version that is not supported.
    UnsupportedVersion,
}

impl ErrorCode {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ambiguous => "ambiguous",
            Self::Limit => "limit",
            Self::Malformed => "malformed",
            Self::NotABadge => "not-a-badge",
            Self::NotAnAssertion => "not-an-assertion",
            Self::NotBaked => "not-baked",
            Self::SeveralBadges => "several-badges",
            Self::Unrecognized => "unrecognized",
            Self::UnsupportedVersion => "unsupported-version",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
