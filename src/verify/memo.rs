//! What one verification has worked out, and need not work out again.
//!
//! Each round of documents evaluates everything anew. What is costly in that depends on little: a signature on a key and
//! a message, the statements of a document on the document. The results of such functions are kept here under all that
//! they depend on, with digests in the place of texts, and found again in later rounds and elsewhere in the same round.
//! They are no judgements: budgets are spent and checks are noted whether a result is found or worked out, so that an
//! evaluation with an empty memory gives the same report, byte for byte.
//!
//! What is kept stays small. Where there is no more room, results are worked out anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::badge::ob2::Upgraded;
use crate::id::Digest;
use crate::json::JsonError;
use crate::limits::{Limit, Limits};
use crate::proof::integrity::{IntegrityError, Prepared, Signed};
use crate::proof::{Algorithm, PublicKey, SignatureError};
use crate::rdfc::Work;
use crate::report::Outcome;
use crate::revocation::{BitString, BitStringError};

/// The results of one verification.
#[derive(Debug)]
pub(super) struct Memo {
    /// The lists of bits, by the document that they stand in. Room is counted in bytes.
    pub(super) bits: Kept<Digest, Result<Arc<BitString>, BitStringError>>,
    /// The JSON of bodies, or why it was not read. Room is counted in values.
    pub(super) json: Kept<Digest, Parsed>,
    /// What proofs sign. Room is counted in bytes of statements with signatures of their own.
    pub(super) proofs: Kept<ProofKey, Arc<Examined>>,
    /// Documents of Open Badges 2.0 as they are read. Room is counted in values.
    pub(super) upgraded: Kept<Digest, Arc<Upgraded>>,
    /// Whether signatures hold.
    pub(super) signatures: Kept<Digest, Result<(), SignatureError>>,
}

impl Memo {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            bits: Kept::with_room(limits.size(Limit::AllStatusListBytes)),
            json: Kept::with_room(limits.size(Limit::AllJsonNodes)),
            proofs: Kept::with_room(limits.size(Limit::JsonBytes)),
            upgraded: Kept::with_room(limits.size(Limit::JsonNodes)),
            signatures: Kept::with_room(usize::MAX),
        }
    }
}

/// What came of reading a body.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub(super) value: Result<Arc<Value>, JsonError>,
    /// The values and names that were read; more than there was room for, if there was not enough.
    pub(super) nodes: usize,
}

impl Parsed {
    /// Whether there was not enough room for it beside other documents.
    pub(super) fn lacked_room(&self) -> bool {
        matches!(&self.value, Err(JsonError::Limit(exceeded)) if exceeded.limit == Limit::AllJsonNodes)
    }
}

/// Which proof it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ProofKey {
    /// The digest of the document that it stands in.
    pub(super) document: Digest,
    /// Its place there.
    pub(super) index: usize,
    pub(super) contexts: Contexts,
}

impl ProofKey {
    /// What the check of its signatures with a key depends on.
    pub(super) fn with(self, key: &PublicKey) -> Digest {
        let index = u64::try_from(self.index).unwrap_or(u64::MAX).to_be_bytes();
        let contexts: &[u8] = match self.contexts {
            Contexts::Current => b"current",
            Contexts::Earlier => b"earlier",
        };
        Digest::of_parts(&[b"proof", self.document.as_bytes(), &index, contexts, &key.fingerprint()])
    }
}

/// The contents of the bundled contexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Contexts {
    Current,
    Earlier,
}

/// A proof, as far as it can be examined without its key.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) claim: Result<SignedClaim, IntegrityError>,
    /// What it took to bring statements into canonical form.
    pub(super) work: Work,
}

/// What a proof signs, and what is to be said of that.
#[derive(Debug)]
pub(super) struct SignedClaim {
    pub(super) signed: Signed,
    /// Whether it signs statements, and not the JSON itself.
    pub(super) of_statements: bool,
    /// Whether the JSON says what was signed.
    pub(super) meaning: Outcome,
    /// All intermediate values, if the policy asks for them.
    pub(super) traced: Option<Prepared>,
    /// Whether the holder could have withheld what matters, in a suite that allows to withhold something.
    pub(super) disclosure: Option<Outcome>,
}

impl Examined {
    /// How much room it takes, in bytes; none is enough for all intermediate values.
    pub(super) fn size(&self) -> usize {
        match &self.claim {
            Ok(claim) if claim.traced.is_some() => usize::MAX,
            Ok(claim) => claim.signed.bytes(),
            Err(_) => 0,
        }
    }
}

/// What the check of the signature of a message depends on.
pub(super) fn signature_key(
    key: &PublicKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Digest {
    Digest::of_parts(&[b"message", algorithm.as_str().as_bytes(), &key.fingerprint(), signature, message])
}

/// Results of one function, by its arguments.
#[derive(Debug)]
pub(super) struct Kept<K, V> {
    known: BTreeMap<K, V>,
    room: usize,
    /// How often a result was worked out.
    #[cfg(test)]
    pub(super) made: usize,
}

impl<K: Ord, V: Clone> Kept<K, V> {
    fn with_room(room: usize) -> Self {
        Self {
            known: BTreeMap::new(),
            room,
            #[cfg(test)]
            made: 0,
        }
    }

    /// The result for these arguments, if it is known.
    pub(super) fn find(&self, key: &K) -> Option<V> {
        self.known.get(key).cloned()
    }

    /// Keeps a result that was worked out, if there is room for one of that size.
    pub(super) fn keep(&mut self, key: K, value: &V, size: usize) {
        #[cfg(test)]
        {
            self.made += 1;
        }
        if let Some(room) = self.room.checked_sub(size) {
            self.room = room;
            self.known.insert(key, value.clone());
        }
    }
}
