//! What the endorsements of all versions have in common: each is judged apart, and has a report of its own.
//!
//! Whatever becomes of an endorsement, it does not change the badge's status: the badge's report says in
//! `endorsement.proof`, which is advice, how each of them went.

use serde_json::Value;

use super::claim::Judged;
use super::context::Context;
use crate::id::Digest;
use crate::json::Sorted;
use crate::limits::Limit;
use crate::report::{Check, CheckCode, Findings, Outcome, ReasonCode, Report, Status};

/// The first endorsements, up to the limit; that there are more is noted.
pub(super) fn within_limit<T>(context: &Context<'_>, mut all: impl Iterator<Item = T>) -> Vec<T> {
    let most = context.limits().size(Limit::Endorsements);
    let first = all.by_ref().take(most).collect();
    if all.next().is_some() {
        let message = context.limits().exceeded(Limit::Endorsements).to_string();
        context.check(CheckCode::EndorsementProof, Outcome::inconclusive(ReasonCode::Limit, message));
    }
    first
}

/// The report on an endorsement.
pub(super) fn report(context: &Context<'_>, judged: Judged, checks: Vec<Check>, input: Digest) -> Report {
    // The documents are on record in the badge's report.
    Report::new(Findings {
        version: judged.version,
        checks,
        authentic: judged.authentic,
        claimed: judged.claimed,
        ..Findings::none(context.policy, context.policy_digest, input, context.now)
    })
}

/// What the report on an endorsement means for the one on the badge.
pub(super) fn outcome(report: &Report) -> Outcome {
    match report.status() {
        Status::Valid => Outcome::Passed,
        Status::Unverified => Outcome::inconclusive(ReasonCode::Unavailable, "an endorsement is unverified"),
        status @ (Status::Expired | Status::Revoked | Status::Invalid) => {
            Outcome::failed(ReasonCode::Mismatch, format!("an endorsement is {status}"))
        }
    }
}

/// The document as text that does not depend on the order in which members are kept.
pub(super) fn text_of(document: &Value) -> String {
    serde_json::to_string(&Sorted(document)).unwrap_or_default()
}
