//! Which of several proofs counts (Open Badges 3.0, Verification, step 2: "You may accept any one proof").
//!
//! In: what came of verifying each proof of a credential, embedded ones and the JWT around it alike. Out: the checks of
//! the best one as those of the credential, and one line of advice on each of the others.

use super::super::context::Context;
use super::super::signature::Integrity;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode, Status};

/// What came of verifying one proof.
pub(super) struct Attempt {
    pub(super) integrity: Integrity,
    pub(super) checks: Vec<Check>,
    pub(super) place: Node,
}

impl Attempt {
    /// Verifies a proof apart from the credential's other checks.
    pub(super) fn of(context: &Context<'_>, place: Node, verify: impl FnOnce() -> Integrity) -> Self {
        let (integrity, checks) = context.apart(verify);
        Self { integrity, checks, place }
    }

    fn rank(&self, context: &Context<'_>) -> Rank {
        match (self.integrity, context.status_of(&self.checks)) {
            (Integrity::Proven, Status::Valid) => Rank::HoldsAndBinds,
            (_, Status::Invalid | Status::Revoked | Status::Expired) => Rank::Failed,
            (Integrity::Proven, Status::Unverified) => Rank::Holds,
            (Integrity::Unknown | Integrity::Broken, Status::Valid | Status::Unverified) => Rank::Unknown,
        }
    }

    /// What a reader should know of a proof that the verdict does not rest on.
    fn advice(self, rank: Rank) -> Check {
        let reason = self.checks.iter().find_map(|check| match (rank, &check.outcome) {
            (Rank::Failed, Outcome::Failed(reason)) if !check.is_advisory() => Some(reason.clone()),
            (Rank::Holds | Rank::Unknown, Outcome::Inconclusive(reason)) if !check.is_advisory() => {
                Some(reason.clone())
            }
            _ => None,
        });
        let (code, why) =
            reason.map_or((ReasonCode::Mismatch, "no reason".into()), |reason| (reason.code, reason.message));
        let outcome = match rank {
            Rank::HoldsAndBinds => Outcome::Passed,
            Rank::Holds | Rank::Unknown => {
                Outcome::inconclusive(code, format!("another proof on the badge is not established: {why}"))
            }
            Rank::Failed => Outcome::failed(code, format!("another proof on the badge does not hold: {why}")),
        };
        let check = Check::new(CheckCode::ProofOther, outcome).at(self.place);
        let names = [CheckCode::ProofSignature, CheckCode::ProofAlgorithm];
        let named = names.iter().find_map(|code| {
            self.checks.iter().find(|check| check.code == *code && !check.evidence.is_empty())
        });
        let evidence = named.map(|check| check.evidence.clone()).unwrap_or_default();
        evidence.into_iter().fold(check, |check, evidence: Evidence| check.with(evidence))
    }
}

/// How good a proof is. Best first.
///
/// A proof that could not be checked comes before one that failed: with one document more it may hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    HoldsAndBinds,
    Holds,
    Unknown,
    Failed,
}

/// Notes the checks of the best proof, the first of equals, and advice on the others; says which one is the best.
pub(super) fn conclude(context: &Context<'_>, attempts: Vec<Attempt>) -> (Integrity, Option<usize>) {
    let ranks: Vec<Rank> = attempts.iter().map(|attempt| attempt.rank(context)).collect();
    // `min_by_key` keeps the first of equals.
    let best = ranks.iter().enumerate().min_by_key(|(_, rank)| **rank).map(|(index, _)| index);
    let mut integrity = Integrity::Unknown;
    let mut advice = Vec::new();
    for (index, (attempt, rank)) in attempts.into_iter().zip(ranks).enumerate() {
        if Some(index) == best {
            integrity = attempt.integrity;
            attempt.checks.into_iter().for_each(|check| context.note(check));
        } else {
            advice.push(attempt.advice(rank));
        }
    }
    advice.into_iter().for_each(|check| context.note(check));
    (integrity, best)
}
