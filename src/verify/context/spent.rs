//! What was spent of the budgets of one verification.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::Context;
use crate::id::Digest;
use crate::json::{self, JsonError};
use crate::limits::Limit;
use crate::rdfc::Work;
use crate::report::{Outcome, ReasonCode};

/// What was spent so far: of a badge in one evaluation, or of all that it came in.
#[derive(Debug, Default)]
pub(in super::super) struct Spent {
    pub(super) bytes: u64,
    pub(super) canonicalisation: Work,
    pub(super) json_nodes: usize,
    pub(super) list_bytes: usize,
    /// What was read as JSON.
    pub(super) read: BTreeSet<Digest>,
    signatures: u64,
    statements: usize,
}

impl Context<'_> {
    /// Takes one signature check from the budget.
    ///
    /// # Errors
    /// The outcome to note if there is none left.
    pub(in super::super) fn spend_signature(&self) -> Result<(), Outcome> {
        let spent = &mut self.state.borrow_mut().spent.signatures;
        if *spent >= self.limits().get(Limit::Signatures) {
            let message = self.limits().exceeded(Limit::Signatures).to_string();
            return Err(Outcome::inconclusive(ReasonCode::Limit, message));
        }
        *spent = spent.saturating_add(1);
        Ok(())
    }

    /// Takes the signatures of statements that a holder could have withheld from their own budget.
    ///
    /// # Errors
    /// The outcome to note if not enough are left.
    pub(in super::super) fn spend_statements(&self, count: usize) -> Result<(), Outcome> {
        let spent = &mut self.state.borrow_mut().spent.statements;
        *spent = spent.saturating_add(count);
        self.limits()
            .check(Limit::DisclosedStatements, *spent)
            .map_err(|limit| Outcome::inconclusive(ReasonCode::Limit, limit.to_string()))
    }

    /// Takes the values of a document from the budget, once.
    pub(super) fn spend_values(&self, body: Digest, value: Arc<Value>) -> Result<Arc<Value>, JsonError> {
        let spent = &mut self.state.borrow_mut().spent;
        if spent.read.insert(body) {
            spent.json_nodes = spent.json_nodes.saturating_add(json::count(&value));
        }
        self.limits().check(Limit::AllJsonNodes, spent.json_nodes)?;
        Ok(value)
    }
}
