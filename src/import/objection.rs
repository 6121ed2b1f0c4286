//! What speaks against importing a badge.

use std::fmt;

use serde::{Serialize, Serializer};

use super::rules::only_current_versions;
use crate::badge::ReadError;
use crate::error::{Error, ErrorCode};

/// One thing that speaks against importing a badge: a code for machines, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Objection {
    code: ObjectionCode,
    message: String,
}

impl Objection {
    /// An objection of the host's own, with a code that the host chooses.
    ///
    /// ```
    /// use openbadges::import::Objection;
    ///
    /// let objection = Objection::of_host("badge.duplicate", "You have imported this badge before.");
    /// assert_eq!(objection.code().as_str(), "badge.duplicate");
    /// ```
    pub fn of_host(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: ObjectionCode::Host(code.into()), message: message.into() }
    }

    pub(super) fn new(code: ObjectionCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The code; stable.
    pub fn code(&self) -> &ObjectionCode {
        &self.code
    }

    /// Sentences that say what is wrong and what to do. Not stable; what they quote from the badge is escaped and cut.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<&Error> for Objection {
    /// What to tell a person about a file in which there is no badge to preview.
    ///
    /// ```
    /// use openbadges::import::Objection;
    /// use openbadges::{Policy, Verifier};
    /// # use time::macros::datetime;
    /// # let now = datetime!(2026-11-22 12:00 UTC);
    ///
    /// let error = Verifier::new(Policy::strict()).begin(b"GIF89a", now).unwrap_err();
    /// let objection = Objection::from(&error);
    /// assert_eq!(objection.code().as_str(), "upload.unrecognized");
    /// assert!(objection.message().contains("Upload the badge as a .png, .svg or .json file"));
    /// ```
    fn from(error: &Error) -> Self {
        Self::new(ObjectionCode::Upload(error.code()), no_badge(error))
    }
}

/// What to do with a credential of a platform that issues outside the standard.
pub(super) const FOREIGN: &str =
    "Such credentials cannot be imported: ask there whether you can have it as an Open Badge 2.0 or 3.0.";

/// Why a file cannot be imported, and what to do.
fn no_badge(error: &Error) -> String {
    let why = match error.code() {
        ErrorCode::Ambiguous => "This image holds badges that differ, and nothing says which one is meant.",
        ErrorCode::Limit => "This file is larger or more deeply nested than a badge may be.",
        ErrorCode::Malformed => "The badge in this file is damaged and cannot be read.",
        ErrorCode::NotABadge => {
            if let Error::Read(ReadError::Foreign { vendor }) = error {
                return format!("This is not an Open Badge: {vendor}. {FOREIGN}");
            }
            return "This is not an Open Badge. Some platforms award badges in a form of their own, which cannot be \
                    imported: ask yours whether it exports Open Badges 2.0 or 3.0."
                .to_owned();
        }
        ErrorCode::NotAnAssertion => {
            let class = match error {
                Error::Read(ReadError::NotAnAssertion { class }) => format!(" (`{class}`)"),
                Error::Read(ReadError::NotOneBadge { within, .. }) => {
                    return format!(
                        "This file holds no badge: it is {within} without one. Upload the badge itself."
                    );
                }
                _ => String::new(),
            };
            return format!(
                "This file belongs to a badge but was awarded to nobody{class}. Upload the badge itself, as you got it."
            );
        }
        ErrorCode::NotBaked => {
            "This image holds no badge: it is only a picture of one, or its badge was lost when it was edited or sent \
             through a messenger."
        }
        ErrorCode::SeveralBadges => {
            let found = match error {
                Error::Read(ReadError::NotOneBadge { within, found }) => {
                    format!("{within} with {found} badges")
                }
                _ => "several badges".to_owned(),
            };
            return format!(
                "This file is {found}, and only one can be taken at a time. Upload each badge by itself."
            );
        }
        ErrorCode::Unrecognized => {
            return "This is no kind of file in which badges come. Upload the badge as a .png, .svg or .json file."
                .to_owned();
        }
        ErrorCode::UnsupportedVersion => {
            if let Error::Read(ReadError::UnsupportedVersion { version }) = error {
                return only_current_versions(*version);
            }
            "This badge is of another version of Open Badges."
        }
    };
    format!("{why} Download the badge again where you got it, and upload that file unchanged.")
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What speaks against importing a badge, for machines. Serialised as its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ObjectionCode {
    /// `badge.unknown`: the file only names an address, and no badge could be had or read there.
    BadgeUnknown,
    /// An objection of the host's own; see [`Objection::of_host`].
    Host(String),
    /// `policy.relaxed`: the badge was judged with dangerous settings.
    PolicyRelaxed,
    /// `recipient.mismatch`: the badge was awarded to somebody else.
    RecipientMismatch,
    /// `recipient.not-checked`: nothing that is known of the person can be compared with the badge's recipient.
    RecipientNotChecked,
    /// `recipient.unconfirmed`: the badge was awarded to an identity of the person that is not confirmed.
    RecipientUnconfirmed,
    /// `status.expired`: the badge's time is over.
    StatusExpired,
    /// `status.invalid`: the badge is not valid.
    StatusInvalid,
    /// `status.revoked`: the issuer has taken the badge back.
    StatusRevoked,
    /// `status.unverified`: the badge could not be verified.
    StatusUnverified,
    /// `upload.not-baked` and the like, one for each [`ErrorCode`]: there is no badge in the file.
    Upload(ErrorCode),
    /// `version.older`: the badge is of a version before Open Badges 2.0.
    VersionOlder,
}

impl ObjectionCode {
    /// The stable name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::BadgeUnknown => "badge.unknown",
            Self::Host(code) => code,
            Self::PolicyRelaxed => "policy.relaxed",
            Self::RecipientMismatch => "recipient.mismatch",
            Self::RecipientNotChecked => "recipient.not-checked",
            Self::RecipientUnconfirmed => "recipient.unconfirmed",
            Self::StatusExpired => "status.expired",
            Self::StatusInvalid => "status.invalid",
            Self::StatusRevoked => "status.revoked",
            Self::StatusUnverified => "status.unverified",
            Self::Upload(error) => match error {
                ErrorCode::Ambiguous => "upload.ambiguous",
                ErrorCode::Limit => "upload.limit",
                ErrorCode::Malformed => "upload.malformed",
                ErrorCode::NotABadge => "upload.not-a-badge",
                ErrorCode::NotAnAssertion => "upload.not-an-assertion",
                ErrorCode::NotBaked => "upload.not-baked",
                ErrorCode::SeveralBadges => "upload.several-badges",
                ErrorCode::Unrecognized => "upload.unrecognized",
                ErrorCode::UnsupportedVersion => "upload.unsupported-version",
            },
            Self::VersionOlder => "version.older",
        }
    }
}

impl fmt::Display for ObjectionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ObjectionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
