//! A report that was stored, read back: for comparing and showing, accepted by nothing as proof.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::{CheckCode, ReasonCode, Severity, Status};
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

/// The reason in a [`StoredOutcome`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct StoredReason {
    /// The code.
    pub code: ReasonCode,
    /// The sentence.
    pub message: String,
}
