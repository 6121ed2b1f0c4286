//! What canonicalisation takes, so that all of one verification can be bounded together.

use crate::limits::{Limit, LimitExceeded, Limits};

/// What it took to bring statements into canonical form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// The bytes that were written and hashed.
    pub(super) bytes: usize,
    /// The calls of the Hash N-Degree Quads algorithm.
    pub(super) hash_calls: usize,
    pub(super) statements: usize,
}

impl Work {
    /// What it may have taken to give up: as much as anything may.
    pub(crate) fn of_giving_up(limits: &Limits) -> Self {
        Self {
            bytes: limits.size(Limit::CanonicalBytes),
            hash_calls: limits.size(Limit::HashCalls),
            statements: limits.size(Limit::Quads),
        }
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_add(other.bytes),
            hash_calls: self.hash_calls.saturating_add(other.hash_calls),
            statements: self.statements.saturating_add(other.statements),
        }
    }

    /// Refuses more than what all proofs of one verification may take.
    ///
    /// # Errors
    /// [`LimitExceeded`] with [`Limit::AllCanonicalBytes`], [`Limit::AllHashCalls`] or [`Limit::AllQuads`].
    pub(crate) fn check(self, limits: &Limits) -> Result<(), LimitExceeded> {
        limits.check(Limit::AllCanonicalBytes, self.bytes)?;
        limits.check(Limit::AllHashCalls, self.hash_calls)?;
        limits.check(Limit::AllQuads, self.statements)
    }
}
