//! The verdict, and how checks imply it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Check, Outcome, Severity};
use crate::id::IdError;
use crate::policy::UnknownRevocation;

/// The verdict on a badge. Worst last: the order is the rule, and a report's status is the largest that any of its
/// checks implies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // hosts must say what they do with each
pub enum Status {
    /// Everything that the verdict rests on was checked and held.
    Valid,
    /// Nothing is known to be wrong, but something that the verdict rests on could not be checked.
    Unverified,
    /// Its time is over. It is what was signed or is served; whether its issuer did that, is told by
    /// [`Report::status_apart_from_expiry`](super::Report::status_apart_from_expiry).
    Expired,
    /// Taken back by its issuer.
    Revoked,
    /// Forged, changed, or not what the specification calls a badge.
    Invalid,
}

impl Status {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Unverified => "unverified",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Invalid => "invalid",
        }
    }

    /// The largest that any of these checks implies; without a check, nothing is known.
    pub(crate) fn of<'c>(checks: impl IntoIterator<Item = &'c Check>, unknown: UnknownRevocation) -> Self {
        let implied = |check: &Check| Self::implied_by(check.severity, &check.outcome, unknown);
        checks.into_iter().map(implied).max().unwrap_or(Self::Unverified)
    }

    /// What the outcome of one check implies.
    ///
    /// Worsening an outcome never improves what it implies, so neither does it improve the maximum over all checks.
    fn implied_by(severity: Severity, outcome: &Outcome, unknown: UnknownRevocation) -> Self {
        match (severity, outcome) {
            (Severity::Advisory, _) | (_, Outcome::Passed | Outcome::NotApplicable(_)) => Self::Valid,
            (Severity::Revocation, Outcome::Inconclusive(_)) if unknown == UnknownRevocation::Allow => {
                Self::Valid
            }
            (Severity::Essential | Severity::Expiry | Severity::Revocation, Outcome::Inconclusive(_)) => {
                Self::Unverified
            }
            (Severity::Expiry, Outcome::Failed(_)) => Self::Expired,
            (Severity::Revocation, Outcome::Failed(_)) => Self::Revoked,
            (Severity::Essential, Outcome::Failed(_)) => Self::Invalid,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Status {
    type Err = IdError;

    fn from_str(name: &str) -> Result<Self, IdError> {
        let error = || IdError { expected: "the name of a status", found: name.to_owned() };
        [Self::Valid, Self::Unverified, Self::Expired, Self::Revoked, Self::Invalid]
            .into_iter()
            .find(|status| status.as_str() == name)
            .ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Reason, ReasonCode};

    #[test]
    fn the_table_is_the_rule() {
        use Severity::{Advisory, Essential, Expiry, Revocation};
        use Status::{Expired, Invalid, Revoked, Unverified, Valid};
        use UnknownRevocation::{Allow, Deny};
        let why = || Reason::new(ReasonCode::Missing, "");
        let outcomes = [
            Outcome::Passed,
            Outcome::NotApplicable(why()),
            Outcome::Inconclusive(why()),
            Outcome::Failed(why()),
        ];
        let table = [
            (Essential, Deny, [Valid, Valid, Unverified, Invalid]),
            (Expiry, Deny, [Valid, Valid, Unverified, Expired]),
            (Revocation, Deny, [Valid, Valid, Unverified, Revoked]),
            (Advisory, Deny, [Valid, Valid, Valid, Valid]),
            (Essential, Allow, [Valid, Valid, Unverified, Invalid]),
            (Expiry, Allow, [Valid, Valid, Unverified, Expired]),
            (Revocation, Allow, [Valid, Valid, Valid, Revoked]),
            (Advisory, Allow, [Valid, Valid, Valid, Valid]),
        ];
        for (severity, unknown, expected) in table {
            let implied: Vec<Status> =
                outcomes.iter().map(|outcome| Status::implied_by(severity, outcome, unknown)).collect();
            assert_eq!(implied, expected, "{severity:?} {unknown:?}");
            assert!(implied.is_sorted(), "a worse outcome never implies a better status");
        }
    }

    #[test]
    fn each_status_is_read_back_from_its_name() {
        use Status::{Expired, Invalid, Revoked, Unverified, Valid};
        for (status, name) in [
            (Valid, "valid"),
            (Unverified, "unverified"),
            (Expired, "expired"),
            (Revoked, "revoked"),
            (Invalid, "invalid"),
        ] {
            assert_eq!((status.as_str(), name.parse()), (name, Ok(status)));
            assert_eq!(format!("{status:>10}"), format!("{name:>10}"));
        }
        for name in ["", "Valid", "valid ", "ok"] {
            assert_eq!(name.parse::<Status>().unwrap_err().found, name);
        }
    }
}
