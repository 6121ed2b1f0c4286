//! A report that was stored, read back: for comparing and showing, accepted by nothing as proof.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::{CheckCode, Node, Outcome, Reason, ReasonCode, Severity, Status};
use crate::badge::Version;
use crate::id::Digest;

/// A serialised [`Report`](super::Report), read back.
///
/// It says what was found when it was made. A file can say anything, so no function of this crate takes one in
/// place of a report: verify again.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StoredReport {
    /// The verdict at the time.
    pub status: Status,
    /// The version of Open Badges, if it was known.
    pub version: Option<Version>,
    /// When the badge was judged.
    #[serde(with = "time::serde::rfc3339")]
    pub evaluated_at: OffsetDateTime,
    /// The digest of the input.
    pub input: Digest,
    /// The digest of the policy.
    pub policy: Digest,
    /// The checks.
    pub checks: Vec<StoredCheck>,
    /// All other members.
    #[serde(flatten)]
    pub other: serde_json::Map<String, Value>,
}

/// A check in a [`StoredReport`].
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct StoredCheck {
    /// Its name.
    pub code: CheckCode,
    /// What failing it implied.
    pub severity: Severity,
    /// How it went.
    pub outcome: StoredOutcome,
    /// What it looked at.
    #[serde(default, skip_serializing_if = "Node::is_whole_input")]
    pub node: Node,
    /// All other members.
    #[serde(flatten)]
    pub other: serde_json::Map<String, Value>,
}

/// The outcome of a [`StoredCheck`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result", content = "reason")]
#[allow(clippy::exhaustive_enums)] // as `Outcome`
pub enum StoredOutcome {
    /// See [`Outcome::Failed`](super::Outcome::Failed).
    Failed(StoredReason),
    /// See [`Outcome::Inconclusive`](super::Outcome::Inconclusive).
    Inconclusive(StoredReason),
    /// See [`Outcome::NotApplicable`](super::Outcome::NotApplicable).
    NotApplicable(StoredReason),
    /// See [`Outcome::Passed`](super::Outcome::Passed).
    Passed,
}

impl StoredOutcome {
    /// The reason, unless it passed.
    pub fn reason(&self) -> Option<&StoredReason> {
        match self {
            Self::Failed(reason) | Self::Inconclusive(reason) | Self::NotApplicable(reason) => Some(reason),
            Self::Passed => None,
        }
    }

    /// How bad it is; the worst is the largest.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::NotApplicable(_) => 0,
            Self::Passed => 1,
            Self::Inconclusive(_) => 2,
            Self::Failed(_) => 3,
        }
    }
}

impl From<&Outcome> for StoredOutcome {
    /// What the outcome reads back as.
    fn from(outcome: &Outcome) -> Self {
        let stored =
            |reason: &Reason| StoredReason { code: reason.code, message: reason.message.to_string() };
        match outcome {
            Outcome::Failed(reason) => Self::Failed(stored(reason)),
            Outcome::Inconclusive(reason) => Self::Inconclusive(stored(reason)),
            Outcome::NotApplicable(reason) => Self::NotApplicable(stored(reason)),
            Outcome::Passed => Self::Passed,
        }
    }
}

/// The reason in a [`StoredOutcome`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct StoredReason {
    /// The code.
    pub code: ReasonCode,
    /// The sentence.
    pub message: String,
}
