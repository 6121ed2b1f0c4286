//! What speaks against importing a badge.

use std::fmt;

use serde::{Serialize, Serializer};

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
