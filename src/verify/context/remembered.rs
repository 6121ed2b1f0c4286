//! What is worked out at most once in a verification; see [`memo`](super::super::memo). Budgets are spent each time.

use std::sync::Arc;

use super::super::memo::{Examined, ProofKey};
use super::Context;
use crate::badge::ob2::Upgraded;
use crate::id::Digest;
use crate::limits::{Limit, LimitExceeded};
use crate::proof::SignatureError;
use crate::report::{Outcome, ReasonCode};
use crate::revocation::{BitString, BitStringError};

impl Context<'_> {
    /// What a proof signs: as it is remembered, or else as `examine` finds.
    ///
    /// # Errors
    /// The outcome to note if too much was spent on other proofs.
    pub(in super::super) fn examined(
        &self,
        key: ProofKey,
        examine: impl FnOnce() -> Examined,
    ) -> Result<Arc<Examined>, Outcome> {
        let spent = self.state.borrow().spent.canonicalisation;
        if let Err(limit) = spent.check(self.limits()) {
            return Err(Outcome::inconclusive(ReasonCode::Limit, limit.to_string()));
        }
        let known = self.memo.borrow().proofs.find(&key);
        let examined = known.unwrap_or_else(|| {
            let examined = Arc::new(examine());
            self.memo.borrow_mut().proofs.keep(key, &examined, examined.size());
            examined
        });
        self.state.borrow_mut().spent.canonicalisation = spent.and(examined.work);
        Ok(examined)
    }

    /// Whether a signature holds: as it is remembered, or else as `verify` finds.
    pub(in super::super) fn verified(
        &self,
        key: Digest,
        verify: impl FnOnce() -> Result<(), SignatureError>,
    ) -> Result<(), SignatureError> {
        let known = self.memo.borrow().signatures.find(&key);
        known.unwrap_or_else(|| {
            let result = verify();
            self.memo.borrow_mut().signatures.keep(key, &result, 0);
            result
        })
    }

    /// How a document of Open Badges 2.0 is read: as it is remembered, or else as `decide` finds.
    ///
    /// # Errors
    /// [`LimitExceeded`] if it, or all of them together, had to be written anew in more values than may be.
    pub(in super::super) fn upgraded(
        &self,
        key: Digest,
        decide: impl FnOnce() -> Upgraded,
    ) -> Result<Arc<Upgraded>, LimitExceeded> {
        self.limits().check(Limit::OwnContextValues, self.state.borrow().spent.rewritten)?;
        let known = self.memo.borrow().upgraded.find(&key);
        let upgraded = known.unwrap_or_else(|| {
            let upgraded = Arc::new(decide());
            self.memo.borrow_mut().upgraded.keep(key, &upgraded, upgraded.size());
            upgraded
        });
        let rewritten = upgraded.rewritten()?;
        let state = &mut *self.state.borrow_mut();
        if state.spent.upgraded.insert(key) {
            state.spent.rewritten = state.spent.rewritten.saturating_add(rewritten);
        }
        self.limits().check(Limit::OwnContextValues, state.spent.rewritten)?;
        Ok(upgraded)
    }

    /// The bits of the status list in a document: as they are remembered, or else unpacked.
    ///
    /// # Errors
    /// [`BitStringError`] of any kind, also if too much was unpacked already.
    pub(in super::super) fn bits(
        &self,
        document: Digest,
        encoded: &str,
    ) -> Result<Arc<BitString>, BitStringError> {
        let spent = self.state.borrow().spent.list_bytes;
        self.limits().check(Limit::AllStatusListBytes, spent)?;
        let known = self.memo.borrow().bits.find(&document);
        let bits = known.unwrap_or_else(|| {
            let bits = BitString::decode(encoded, self.limits()).map(Arc::new);
            let size = bits.as_ref().map_or(0, |bits| bits.bytes());
            self.memo.borrow_mut().bits.keep(document, &bits, size);
            bits
        });
        // Giving up costs as much as anything may; and what hardly grows has to be read as well.
        let most = self.limits().size(Limit::StatusListBytes);
        let cost = bits.as_ref().map_or(most, |bits| bits.bytes().max(encoded.len()));
        self.state.borrow_mut().spent.list_bytes = spent.saturating_add(cost);
        bits
    }
}
