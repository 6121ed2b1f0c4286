//! Examines the proofs of one document, as far as that needs no key: what they sign, and whether the JSON says it too.
//!
//! It depends on the document and its proofs alone, so that it is done once, however many rounds of documents follow.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::super::context::Context;
use super::super::super::memo::{Contexts, Examined, ProofKey, SignedClaim};
use super::super::meaning::{self, Reader};
use super::{Revision, earlier};
use crate::badge::ob3::Envelope;
use crate::id::Digest;
use crate::jsonld::ContextStore;
use crate::policy::Trace;
use crate::proof::integrity::{Cryptosuite, Prepared, Preparer};
use crate::report::Outcome;

/// Examines proofs of one document.
pub(super) struct Examiner<'c, 'd> {
    context: &'d Context<'c>,
    /// Tells the document from all others.
    digest: Digest,
    document: &'d Map<String, Value>,
    pub(super) envelope: &'d Envelope,
    preparer: RefCell<Preparer<'d>>,
    reader: Reader<'d>,
}

impl<'c, 'd> Examiner<'c, 'd> {
    pub(super) fn new(
        context: &'d Context<'c>,
        digest: Digest,
        document: &'d Map<String, Value>,
        envelope: &'d Envelope,
    ) -> Self {
        let preparer = Preparer::new(document, context.contexts, context.limits());
        let (known, signed_under) = (ContextStore::bundled(), context.contexts.clone());
        let reader = Reader::new(document, known, signed_under, context.limits());
        Self { context, digest, document, envelope, preparer: RefCell::new(preparer), reader }
    }

    /// Which proof it is that stands at a place.
    pub(super) fn key(&self, index: usize, contexts: Contexts) -> ProofKey {
        ProofKey { document: self.digest, index, contexts }
    }

    /// Examines the proof at a place.
    ///
    /// # Errors
    /// The outcome to note if too much was spent on other proofs.
    pub(super) fn examine(
        &self,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
        index: usize,
    ) -> Result<Arc<Examined>, Outcome> {
        self.context.examined(self.key(index, Contexts::Current), || {
            let preparer = &mut *self.preparer.borrow_mut();
            self.examined(preparer, self.document, &self.reader, proof, suite)
        })
    }

    /// Examines the proof as it would have been made under the earlier contexts; `None` if that is nothing else.
    pub(super) fn examine_earlier(
        &self,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
        index: usize,
    ) -> Option<Revision> {
        let (document, advice) = earlier::document(self.document, self.envelope)?;
        let examine = || {
            let contexts = ContextStore::bundled_earlier();
            let mut preparer = Preparer::new(&document, &contexts, self.context.limits());
            let reader = Reader::new(&document, contexts.clone(), contexts.clone(), self.context.limits());
            self.examined(&mut preparer, &document, &reader, proof, suite)
        };
        let examined = self.context.examined(self.key(index, Contexts::Earlier), examine).ok()?;
        let is_prepared = examined.claim.is_ok();
        is_prepared.then_some(Revision { examined, contexts: Contexts::Earlier, advice: Some(advice) })
    }

    fn examined(
        &self,
        preparer: &mut Preparer<'_>,
        document: &Map<String, Value>,
        reader: &Reader<'_>,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
    ) -> Examined {
        let prepared = preparer.prepare(proof, suite);
        let work = preparer.take_work();
        Examined { claim: prepared.map(|prepared| self.claim(prepared, document, reader)), work }
    }

    fn claim(&self, prepared: Prepared, document: &Map<String, Value>, reader: &Reader<'_>) -> SignedClaim {
        let quads = prepared.document_quads();
        let disclosure = quads.zip(prepared.disclosure());
        SignedClaim {
            of_statements: quads.is_some(),
            meaning: meaning::compare(document, quads, reader),
            disclosure: disclosure.map(|(quads, disclosure)| meaning::disclosed(document, quads, disclosure)),
            traced: (self.context.policy.trace() != Trace::Off).then(|| prepared.clone()),
            signed: prepared.into_signed(),
        }
    }
}
