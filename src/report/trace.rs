//! What a proof was verified over, for issuers who look for the reason why theirs does not hold.

use serde::Serialize;

use super::Node;
use crate::proof::integrity::{Cryptosuite, Prepared};

/// The intermediate values of one proof, if the policy asks for them (see [`Trace`](crate::policy::Trace)).
///
/// They are what the specifications of the cryptosuites call the transformed document, the canonical proof configuration,
/// and the hash data. An issuer whose signature does not verify compares them with its own, from the first to the last.
///
/// ```
/// use openbadges::policy::{Policy, Trace};
/// use openbadges::verify::Verifier;
/// use time::macros::datetime;
///
/// # let badge = include_bytes!("../../tests/badges/ob3/signature-2020-tampered.json");
/// let policy = Policy::strict().with_trace(Trace::Proofs);
/// let report = Verifier::new(policy).begin(badge, datetime!(2026-06-01 12:00 UTC))?.offline();
/// assert_eq!(report.status().as_str(), "invalid");
/// for trace in report.traces() {
///     println!("{} {}", trace.node().pointer(), trace.cryptosuite());
///     println!("{}{}", trace.canonical_proof(), trace.proof_hash());
///     println!("{}{}", trace.canonical_document(), trace.document_hash());
/// }
/// # assert!(report.traces()[0].canonical_document().contains("Grandmaster"));
/// # Ok::<(), openbadges::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofTrace {
    node: Node,
    cryptosuite: String,
    canonical_proof: String,
    proof_hash: String,
    canonical_document: String,
    document_hash: String,
    signed: String,
    signature: String,
    was_cut: bool,
}

impl ProofTrace {
    /// The values of a proof; the canonical forms are cut off where `room` for them ends.
    pub(crate) fn new(node: &Node, suite: Cryptosuite, prepared: &Prepared, room: usize) -> Self {
        let proof = within(prepared.canonical_proof(), room);
        let document = within(prepared.canonical_document(), room.saturating_sub(proof.len()));
        Self {
            node: node.clone(),
            cryptosuite: suite.to_string(),
            canonical_proof: proof.to_owned(),
            proof_hash: hexadecimal(prepared.proof_hash()),
            canonical_document: document.to_owned(),
            document_hash: hexadecimal(prepared.document_hash()),
            signed: hexadecimal(prepared.message()),
            signature: hexadecimal(prepared.signature()),
            was_cut: proof != prepared.canonical_proof() || document != prepared.canonical_document(),
        }
    }

    /// The proof that they are of: of the badge, of an endorsement within, or of a status list.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The cryptosuite.
    pub fn cryptosuite(&self) -> &str {
        &self.cryptosuite
    }

    /// The proof without its value, in canonical form.
    pub fn canonical_proof(&self) -> &str {
        &self.canonical_proof
    }

    /// The hash of [`canonical_proof`](Self::canonical_proof), in hexadecimal digits.
    pub fn proof_hash(&self) -> &str {
        &self.proof_hash
    }

    /// The document without its proofs, in canonical form.
    pub fn canonical_document(&self) -> &str {
        &self.canonical_document
    }

    /// The hash of [`canonical_document`](Self::canonical_document), or with selective disclosure that of the statements
    /// that cannot be withheld, in hexadecimal digits.
    pub fn document_hash(&self) -> &str {
        &self.document_hash
    }

    /// What was signed, in hexadecimal digits.
    pub fn signed(&self) -> &str {
        &self.signed
    }

    /// The signature, in hexadecimal digits.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Whether the canonical forms were cut off: [`Limit::TraceBytes`](crate::limits::Limit::TraceBytes) bounds those of
    /// all proofs together. The hashes are of the whole.
    pub fn was_cut(&self) -> bool {
        self.was_cut
    }

    /// How much of the room it takes.
    pub(crate) fn len(&self) -> usize {
        self.canonical_proof.len().saturating_add(self.canonical_document.len())
    }
}

/// The beginning of a text, in whole characters.
fn within(text: &str, room: usize) -> &str {
    let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(["", "a", "a", "aé", "aéb", "aéb"], [0, 1, 2, 3, 4, 9].map(|room| within("aéb", room)));
    }
}
