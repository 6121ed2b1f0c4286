//! Tells what has changed about a badge since it was last judged.
//!
//! In: a report that the host stored, and a fresh one on the same badge. Out: a [`Recheck`], with the [`Change`] that
//! matters to people, and each check that came out otherwise.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rules::{is_suspended, revocation_statement};
use crate::report::{
    Answer, Check, CheckCode, DocumentEvidence, Node, Report, Status, StoredCheck, StoredOutcome,
    StoredReport,
};
use crate::resource::{Purpose, Target, Unavailable};

/// Compares a stored report with a fresh one.
///
/// ```
/// use openbadges::import::{Change, recheck};
/// use openbadges::report::StoredReport;
/// use openbadges::{Policy, Verifier};
/// use time::macros::datetime;
///
/// # let badge = br#"{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/1",
/// #     "verification": {"type": "hosted"}}"#;
/// let verifier = Verifier::new(Policy::strict());
/// let report = verifier.begin(badge, datetime!(2026-01-01 12:00 UTC))?.offline();
/// let stored = serde_json::to_string(&report)?;
///
/// // A month later.
/// let before: StoredReport = serde_json::from_str(&stored)?;
/// let after = verifier.begin(badge, datetime!(2026-02-01 12:00 UTC))?.offline();
/// let recheck = recheck(&before, &after);
/// assert_eq!(recheck.change, Change::Unchanged);
/// assert!(recheck.is_same_input && recheck.checks.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn recheck(before: &StoredReport, after: &Report) -> Recheck {
    Recheck {
        before: before.status,
        after: after.status(),
        change: Change::between(before.status, after),
        checks: differences(before, after),
        is_same_input: before.input == after.input(),
        is_same_policy: before.policy == after.policy(),
    }
}

/// What has changed about a badge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Recheck {
    /// The verdict then.
    pub before: Status,
    /// The verdict now.
    pub after: Status,
    /// What that means.
    pub change: Change,
    /// The checks that came out otherwise, in the order of [`CheckCode`].
    pub checks: Vec<CheckChange>,
    /// Whether both reports are on the same bytes. If not, it is the host who knows that both are one badge.
    pub is_same_input: bool,
    /// Whether both were made by the same rules. If not, the change may be the rules' and not the badge's.
    pub is_same_policy: bool,
}

/// What a change of the verdict means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Change {
    /// The badge is genuine, and is not what was recorded: it was awarded to somebody else, or for something else. Only
    /// [`BadgeRecord::update`](super::BadgeRecord::update) can tell; two reports say nothing of a record.
    Differs,
    /// Nobody answers for the badge any longer: the issuer's profile, its keys, its DID document or the badge class is
    /// gone (404, 410), or the name of a host that any of it, or the badge, is on.
    ///
    /// One such answer may be an outage. Ask again on another day before acting on it.
    #[non_exhaustive]
    IssuerGone {
        /// What is gone.
        target: Target,
    },
    /// Its time is over.
    NowExpired,
    /// It turned out to be wrong, or its issuer changed what the badge rests on.
    NowInvalid,
    /// The issuer has taken it back.
    #[non_exhaustive]
    NowRevoked {
        /// Why, in the issuer's words.
        reason: Option<String>,
        /// Whether it was only taken back for a time.
        is_suspended: bool,
    },
    /// Something that the verdict rests on could not be had. Ask again later.
    NowUnverified,
    /// It was unverified, invalid or expired, and is valid. Two reports on one upload speak of the badge that is at its
    /// address now, whatever was claimed in the upload when it was imported; the record is checked by
    /// [`BadgeRecord::update`](super::BadgeRecord::update).
    NowValid,
    /// It was revoked, and is valid again.
    Restored,
    /// The verdict is what it was.
    Unchanged,
}

impl Change {
    /// What has changed since the badge had this status.
    pub fn between(before: Status, after: &Report) -> Self {
        match (before, after.status()) {
            (before, now) if before == now => Self::Unchanged,
            (Status::Revoked, Status::Valid) => Self::Restored,
            (_, Status::Valid) => Self::NowValid,
            (_, Status::Unverified) => match after.documents().iter().find(|document| is_gone(document)) {
                Some(document) => Self::IssuerGone { target: document.target.clone() },
                None => Self::NowUnverified,
            },
            (_, Status::Expired) => Self::NowExpired,
            (_, Status::Revoked) => Self::NowRevoked {
                reason: revocation_statement(after).map(str::to_owned),
                is_suspended: is_suspended(after),
            },
            (_, Status::Invalid) => Self::NowInvalid,
        }
    }
}

/// Says whether the issuer does not answer for itself any longer.
fn is_gone(document: &DocumentEvidence) -> bool {
    let is_of_issuer = matches!(
        document.purpose,
        Purpose::BadgeClass | Purpose::DidDocument | Purpose::Issuer | Purpose::Key
    );
    match document.answer {
        Answer::Response { status: 404 | 410, .. } => is_of_issuer,
        Answer::Unavailable(Unavailable::Dns) => is_of_issuer || document.purpose == Purpose::Assertion,
        _ => false,
    }
}

/// A check that came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CheckChange {
    /// Its name.
    pub code: CheckCode,
    /// The place that it looked at.
    pub node: Node,
    /// How it went then; nothing if it was not made.
    pub before: Option<StoredOutcome>,
    /// How it went now; nothing if it was not made.
    pub after: Option<StoredOutcome>,
}

/// The worst outcome of each check at each place.
type Outcomes = BTreeMap<(CheckCode, Node), StoredOutcome>;

fn differences(before: &StoredReport, after: &Report) -> Vec<CheckChange> {
    let mut before = worst(before.checks.iter().map(stored_parts));
    let mut after = worst(after.checks().iter().map(fresh_parts));
    let mut places: Vec<_> = before.keys().chain(after.keys()).cloned().collect();
    places.sort_unstable();
    places.dedup();
    let changes = places.into_iter().map(|place| {
        let (before, after) = (before.remove(&place), after.remove(&place));
        CheckChange { code: place.0, node: place.1, before, after }
    });
    // Sentences are not stable: another wording is no change.
    let meaning = |outcome: &Option<StoredOutcome>| {
        outcome.as_ref().map(|outcome| (outcome.rank(), outcome.reason().map(|reason| reason.code)))
    };
    changes.filter(|change| meaning(&change.before) != meaning(&change.after)).collect()
}

fn stored_parts(check: &StoredCheck) -> ((CheckCode, Node), StoredOutcome) {
    ((check.code, check.node.clone()), check.outcome.clone())
}

fn fresh_parts(check: &Check) -> ((CheckCode, Node), StoredOutcome) {
    ((check.code(), check.node().clone()), check.outcome().into())
}

fn worst(checks: impl Iterator<Item = ((CheckCode, Node), StoredOutcome)>) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for (place, outcome) in checks {
        match outcomes.get_mut(&place) {
            Some(known) if known.rank() >= outcome.rank() => {}
            Some(known) => *known = outcome,
            None => {
                outcomes.insert(place, outcome);
            }
        }
    }
    outcomes
}
