//! What an algorithm, a key and a signature mean, for badges of both versions.

use super::context::Context;
use crate::proof::{Algorithm, AlgorithmError, KeyError, SignatureError};
use crate::report::{Outcome, ReasonCode};

/// Whether the document in hand is what its key signed. It says nothing about whose key that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Integrity {
    /// It is.
    Proven,
    /// It could not be checked.
    Unknown,
    /// It is not.
    Broken,
}

/// Judges the name of a JOSE algorithm under the policy.
pub(super) fn judge_algorithm(context: &Context<'_>, name: &str) -> (Outcome, Result<Algorithm, Integrity>) {
    match name.parse::<Algorithm>() {
        Ok(algorithm) if context.policy.allows(algorithm) => (Outcome::Passed, Ok(algorithm)),
        Ok(_) => {
            let outcome = Outcome::failed(ReasonCode::Forbidden, "the policy does not allow the algorithm");
            (outcome, Err(Integrity::Broken))
        }
        Err(error @ AlgorithmError::Forbidden) => {
            (Outcome::failed(ReasonCode::Forbidden, error.to_string()), Err(Integrity::Broken))
        }
        Err(error @ AlgorithmError::Unknown) => {
            (Outcome::inconclusive(ReasonCode::Unsupported, error.to_string()), Err(Integrity::Unknown))
        }
    }
}

/// What it means that a key cannot be used.
pub(super) fn unusable_key(error: &KeyError) -> (Outcome, Integrity) {
    match error {
        KeyError::Unsupported { .. } => {
            (Outcome::inconclusive(ReasonCode::Unsupported, error.to_string()), Integrity::Unknown)
        }
        _ => (Outcome::failed(ReasonCode::Malformed, error.to_string()), Integrity::Broken),
    }
}

/// What the result of a signature check means.
pub(super) fn judge_signature(result: Result<(), SignatureError>) -> (Outcome, Integrity) {
    match result {
        Ok(()) => (Outcome::Passed, Integrity::Proven),
        Err(error @ SignatureError::Unsupported) => {
            (Outcome::inconclusive(ReasonCode::Unsupported, error.to_string()), Integrity::Unknown)
        }
        Err(error @ SignatureError::WeakKey) => {
            (Outcome::inconclusive(ReasonCode::Weak, error.to_string()), Integrity::Unknown)
        }
        Err(error) => (Outcome::failed(ReasonCode::Mismatch, error.to_string()), Integrity::Broken),
    }
}
