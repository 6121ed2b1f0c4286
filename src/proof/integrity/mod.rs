//! Data Integrity: from a document and its proof to the bytes that were signed.
//!
//! In: a JSON document, one of its proofs, and the contexts at hand. Out: [`Prepared`], with the message, the signature
//! and every value on the way. Nothing here looks for the key or judges the proof's purpose and dates.
//!
//! The suites come in two kinds. Those with RDF canonicalization sign the statements that the document stands for: a
//! term that no context defines would not be signed, so it is an error, and so is a context that is not at hand. What is
//! read of a proof by its names must be what those statements say. The suites with JSON canonicalization sign the JSON
//! itself. [`EcdsaSd2023`](Cryptosuite::EcdsaSd2023) signs statements one by one, so that the holder can withhold some.
//!
//! Verifiable Credential Data Integrity 1.0 section 4, Data Integrity EdDSA Cryptosuites 1.0 sections 3.2, 3.3 and A.2,
//! Data Integrity ECDSA Cryptosuites 1.0 sections 3.2, 3.3 and 3.6.

use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384};

use super::{Algorithm, PublicKey, SignatureError};
use crate::jcs::{self, JcsError};
use crate::json::as_list;
use crate::jsonld::{self, ContextStore, JsonLdError, Quad};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::quote::quote;
use crate::rdfc::{self, Canonical, HashAlgorithm, RdfcError, Work};

mod cbor;
mod configuration;
mod credential;
mod ecdsa_sd;
mod suite;

use configuration::{check_meaning, proof_configuration, without_value};
pub use credential::{Expectations, ProofError, ProofResult, key_in_did, verify_credential};
pub use ecdsa_sd::Disclosure;
use ecdsa_sd::SignedStatements;
pub use suite::Cryptosuite;

/// Brings a document and one of its proofs into the form that was signed.
///
/// The document may still hold its proofs: they are left out, except those that this one names as `previousProof`, which
/// it signs too. `proof` is one of them, as it stands.
///
/// # Errors
/// [`IntegrityError`] of any kind.
pub fn prepare(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    suite: Cryptosuite,
    contexts: &ContextStore,
    limits: &Limits,
) -> Result<Prepared, IntegrityError> {
    Preparer::new(document, contexts, limits).prepare(proof, suite)
}

/// Brings the proofs of one document into the form that was signed, and its statements once for all of them.
pub(crate) struct Preparer<'d> {
    document: &'d Map<String, Value>,
    contexts: &'d ContextStore,
    limits: &'d Limits,
    statements: Vec<(Signing, Result<Arc<Statements>, IntegrityError>)>,
    work: Work,
}

/// What of the document a proof signs, and in what way.
type Signing = (HashAlgorithm, Option<Value>);

impl<'d> Preparer<'d> {
    pub(crate) fn new(
        document: &'d Map<String, Value>,
        contexts: &'d ContextStore,
        limits: &'d Limits,
    ) -> Self {
        Self { document, contexts, limits, statements: Vec::new(), work: Work::default() }
    }

    /// Brings one proof into the form that was signed; see [`prepare`].
    ///
    /// # Errors
    /// [`IntegrityError`] of any kind.
    pub(crate) fn prepare(
        &mut self,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
    ) -> Result<Prepared, IntegrityError> {
        match suite {
            Cryptosuite::EcdsaJcs2019 | Cryptosuite::EddsaJcs2022 => self.prepare_json(proof, suite),
            Cryptosuite::EcdsaRdfc2019 | Cryptosuite::Ed25519Signature2020 | Cryptosuite::EddsaRdfc2022 => {
                self.prepare_statements(proof, suite)
            }
            Cryptosuite::EcdsaSd2023 => ecdsa_sd::prepare(self, proof),
        }
    }

    /// What it took to bring statements into canonical form since this was asked last: what proofs share is counted for
    /// each of them, so that what one takes does not depend on the others.
    pub(crate) fn take_work(&mut self) -> Work {
        std::mem::take(&mut self.work)
    }

    /// The suites that sign the statements which a document stands for, all at once.
    fn prepare_statements(
        &mut self,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
    ) -> Result<Prepared, IntegrityError> {
        let signature = signature_of(proof)?;
        let algorithm = suite.algorithm(&signature)?;
        let hash = hash_of(algorithm);
        let canonical_proof = self.canonical_configuration(proof, hash)?;
        let statements = self.statements(proof, hash)?;
        let message = [digest(hash, &canonical_proof), digest(hash, statements.canonical.nquads())].concat();
        let signed = Signed { algorithm, message, signature, others: None };
        Ok(Prepared { signed, canonical_proof, document: CanonicalDocument::Statements(statements) })
    }

    /// The suites that sign JSON (section 3.3 of both Data Integrity EdDSA and ECDSA Cryptosuites 1.0).
    fn prepare_json(
        &self,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
    ) -> Result<Prepared, IntegrityError> {
        let signature = signature_of(proof)?;
        let algorithm = suite.algorithm(&signature)?;
        let mut unsecured = unsecured(self.document, proof.get("previousProof"), self.limits)?;
        // Contexts that others have added at the end since are not signed; the rest has to be as it was.
        if let Some(contexts) = proof.get("@context") {
            if !as_list(self.document.get("@context")).starts_with(as_list(Some(contexts))) {
                return Err(IntegrityError::Context);
            }
            unsecured.insert("@context".to_owned(), contexts.clone());
        }
        let canonical_document = jcs::canonicalize(&Value::Object(unsecured), self.limits)?;
        let canonical_proof = jcs::canonicalize(&Value::Object(without_value(proof)), self.limits)?;
        let hash = hash_of(algorithm);
        let message = [digest(hash, &canonical_proof), digest(hash, &canonical_document)].concat();
        let signed = Signed { algorithm, message, signature, others: None };
        Ok(Prepared { signed, canonical_proof, document: CanonicalDocument::Json(canonical_document) })
    }

    /// The statements that a document stands for under one of its proofs. Others may sign the same.
    fn statements(
        &mut self,
        proof: &Map<String, Value>,
        hash: HashAlgorithm,
    ) -> Result<Arc<Statements>, IntegrityError> {
        let signing = (hash, proof.get("previousProof").cloned());
        let known = self.statements.iter().find(|(known, _)| *known == signing);
        let statements = known.map(|(_, known)| known.clone()).unwrap_or_else(|| {
            let unsecured = unsecured(self.document, signing.1.as_ref(), self.limits);
            let made = unsecured.and_then(|document| self.canonicalize(document, hash)).map(Arc::new);
            self.statements.push((signing, made.clone()));
            made
        });
        self.count(statements.as_deref());
        statements
    }

    /// The canonical N-Quads of [`proof_configuration`], which the proof has to say in its own words.
    fn canonical_configuration(
        &mut self,
        proof: &Map<String, Value>,
        hash: HashAlgorithm,
    ) -> Result<String, IntegrityError> {
        let statements = self.canonicalize(proof_configuration(self.document, proof), hash);
        self.count(statements.as_ref());
        let Statements { quads, canonical } = statements?;
        check_meaning(proof, &quads)?;
        Ok(canonical.into_nquads())
    }

    fn canonicalize(
        &self,
        document: Map<String, Value>,
        hash: HashAlgorithm,
    ) -> Result<Statements, IntegrityError> {
        let options = jsonld::Options::default();
        let quads = jsonld::to_quads(&Value::Object(document), self.contexts, &options, self.limits)?;
        let canonical = rdfc::canonicalize(&quads, hash, self.limits)?;
        Ok(Statements { quads, canonical })
    }

    /// Counts what statements took.
    fn count(&mut self, statements: Result<&Statements, &IntegrityError>) {
        let work = match statements {
            Ok(statements) => statements.canonical.work(),
            Err(IntegrityError::Limit(_)) => Work::of_giving_up(self.limits),
            Err(_) => Work::default(),
        };
        self.work = self.work.and(work);
    }
}

/// The statements that a document stands for.
#[derive(Debug, PartialEq)]
struct Statements {
    quads: Vec<Quad>,
    canonical: Canonical,
}

/// A document in the form that was signed.
#[derive(Clone, Debug, PartialEq)]
enum CanonicalDocument {
    /// Statements with labels and signatures of the proof's own.
    Disclosed(Arc<Statements>, Disclosure),
    Json(String),
    Statements(Arc<Statements>),
}

/// What a proof signs, and the signature.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Prepared {
    signed: Signed,
    canonical_proof: String,
    document: CanonicalDocument,
}

impl Prepared {
    /// The algorithm of the signature.
    pub const fn algorithm(&self) -> Algorithm {
        self.signed.algorithm
    }

    /// The document without its proofs in canonical form: N-Quads or JSON.
    ///
    /// In [`EcdsaSd2023`](Cryptosuite::EcdsaSd2023) blank nodes have the labels that the proof gives them.
    pub fn canonical_document(&self) -> &str {
        match &self.document {
            CanonicalDocument::Disclosed(_, disclosure) => disclosure.nquads(),
            CanonicalDocument::Json(text) => text,
            CanonicalDocument::Statements(statements) => statements.canonical.nquads(),
        }
    }

    /// The proof without its value in canonical form: N-Quads or JSON.
    pub fn canonical_proof(&self) -> &str {
        &self.canonical_proof
    }

    /// What the holder could have withheld, in a suite with selective disclosure.
    pub fn disclosure(&self) -> Option<&Disclosure> {
        match &self.document {
            CanonicalDocument::Disclosed(_, disclosure) => Some(disclosure),
            CanonicalDocument::Json(_) | CanonicalDocument::Statements(_) => None,
        }
    }

    /// The statements of the document without its proofs: what the signature vouches for.
    ///
    /// `None` in the suites that sign the JSON itself.
    pub fn document_quads(&self) -> Option<&[Quad]> {
        match &self.document {
            CanonicalDocument::Disclosed(statements, _) | CanonicalDocument::Statements(statements) => {
                Some(&statements.quads)
            }
            CanonicalDocument::Json(_) => None,
        }
    }

    /// What was signed: the hash of the canonical proof, then that of the canonical document.
    ///
    /// In [`EcdsaSd2023`](Cryptosuite::EcdsaSd2023): the hash of the canonical proof, the key of the other signatures,
    /// then the hash of the statements that cannot be withheld.
    pub fn message(&self) -> &[u8] {
        &self.signed.message
    }

    /// The hash of [`canonical_proof`](Self::canonical_proof).
    pub fn proof_hash(&self) -> &[u8] {
        self.message().get(..self.hash_length()).unwrap_or_default()
    }

    /// The hash of [`canonical_document`](Self::canonical_document); in [`EcdsaSd2023`](Cryptosuite::EcdsaSd2023) that of
    /// the statements that cannot be withheld.
    pub fn document_hash(&self) -> &[u8] {
        let start = self.message().len().saturating_sub(self.hash_length());
        self.message().get(start..).unwrap_or_default()
    }

    fn hash_length(&self) -> usize {
        match hash_of(self.algorithm()) {
            HashAlgorithm::Sha256 => 32,
            HashAlgorithm::Sha384 => 48,
        }
    }

    /// The signature in the `proofValue`, which is mostly all of it.
    pub fn signature(&self) -> &[u8] {
        &self.signed.signature
    }

    /// Verifies the signature with a key, and then those of the statements that could have been withheld.
    ///
    /// # Errors
    /// As [`verify`](super::verify).
    pub fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.signed.verify(key)
    }

    /// The part of it that a key is tried on.
    pub(crate) fn into_signed(self) -> Signed {
        self.signed
    }
}

/// A message with its signature, and what else one key signed along with it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signed {
    algorithm: Algorithm,
    message: Vec<u8>,
    signature: Vec<u8>,
    others: Option<Arc<SignedStatements>>,
}

impl Signed {
    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// How many statements have a signature of their own.
    pub(crate) fn statements(&self) -> usize {
        self.others.as_ref().map_or(0, |others| others.len())
    }

    /// How much memory its texts take.
    pub(crate) fn bytes(&self) -> usize {
        self.others.as_ref().map_or(0, |others| others.bytes())
    }

    /// As [`Prepared::verify`].
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        super::verify(key, self.algorithm, &self.message, &self.signature)?;
        self.others.as_ref().map_or(Ok(()), |others| others.verify())
    }
}

/// Why there is nothing to verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrityError {
    /// The proof was made for a document that begins with other contexts.
    #[error("the contexts of the document do not begin with those of its proof")]
    Context,
    /// The document or the proof has no RDF form: a context is not at hand, a part would be lost, or it is malformed.
    #[error("the document cannot be brought into the form that was signed")]
    Document(#[source] JsonLdError),
    /// The document or the proof has no canonical JSON form.
    #[error("the JSON cannot be brought into the form that was signed")]
    Json(#[source] JcsError),
    /// The document is too large or too laborious.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The proof is malformed.
    #[error("the proof is malformed: {problem}")]
    Malformed {
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// The statements of the proof are signed, and a member that is read by its name says something else than they do.
    #[error("what was signed as `{member}` is not what the proof says there")]
    Meaning {
        /// The member.
        member: &'static str,
    },
    /// The proof rests on another one that the document does not hold.
    #[error("the proof rests on {}, which is not there", quote(.id))]
    PreviousProof {
        /// The id of the missing proof.
        id: String,
    },
    /// A type of proof or a cryptosuite that this crate does not implement.
    #[error("proofs of this kind are not supported: {}", quote(.what))]
    Unsupported {
        /// Its name.
        what: String,
    },
}

impl From<JcsError> for IntegrityError {
    fn from(error: JcsError) -> Self {
        match error {
            JcsError::Limit(limit) => Self::Limit(limit),
            other => Self::Json(other),
        }
    }
}

impl From<JsonLdError> for IntegrityError {
    fn from(error: JsonLdError) -> Self {
        match error {
            JsonLdError::Limit(limit) => Self::Limit(limit),
            other => Self::Document(other),
        }
    }
}

impl From<RdfcError> for IntegrityError {
    fn from(error: RdfcError) -> Self {
        match error {
            RdfcError::Limit(limit) => Self::Limit(limit),
        }
    }
}

/// The document without its proofs, but with those that this proof rests on
/// (Verifiable Credential Data Integrity 1.0 section 4.5, "Verify Proof Sets and Chains").
fn unsecured(
    document: &Map<String, Value>,
    previous: Option<&Value>,
    limits: &Limits,
) -> Result<Map<String, Value>, IntegrityError> {
    let mut unsecured = without(document, "proof");
    let Some(previous) = previous else { return Ok(unsecured) };
    let (proofs, previous) = (as_list(document.get("proof")), as_list(Some(previous)));
    limits.check(Limit::Proofs, proofs.len().max(previous.len()))?;
    let mut matching = Vec::new();
    for id in previous {
        let Value::String(id) = id else {
            return Err(IntegrityError::Malformed { problem: "`previousProof` is not an id" });
        };
        let named = proofs.iter().find(|proof| proof.get("id").and_then(Value::as_str) == Some(id));
        matching.push(named.ok_or_else(|| IntegrityError::PreviousProof { id: id.clone() })?.clone());
    }
    unsecured.insert("proof".to_owned(), Value::Array(matching));
    Ok(unsecured)
}

fn without(members: &Map<String, Value>, left_out: &str) -> Map<String, Value> {
    let kept = members.iter().filter(|(name, _)| *name != left_out);
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The `proofValue`: `z`, then base58btc (Verifiable Credential Data Integrity 1.0 section 2.1).
fn signature_of(proof: &Map<String, Value>) -> Result<Vec<u8>, IntegrityError> {
    let malformed = |problem| IntegrityError::Malformed { problem };
    let value = text(proof, "proofValue")?;
    let digits = value.strip_prefix('z').ok_or(malformed("`proofValue` does not begin with `z`"))?;
    if digits.len() > MAX_PROOF_VALUE {
        return Err(malformed("`proofValue` is longer than any signature"));
    }
    bs58::decode(digits).into_vec().map_err(|_| malformed("`proofValue` is not base58btc"))
}

fn text<'a>(proof: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, IntegrityError> {
    match (proof.get(member), member) {
        (Some(Value::String(text)), _) => Ok(text),
        (_, "type") => Err(IntegrityError::Malformed { problem: "`type` is not a string" }),
        (_, "cryptosuite") => Err(IntegrityError::Malformed { problem: "`cryptosuite` is not a string" }),
        _ => Err(IntegrityError::Malformed { problem: "`proofValue` is not a string" }),
    }
}

/// Data Integrity ECDSA Cryptosuites 1.0 section 3.2: with P-384, everything is hashed with SHA-384, RDFC-1.0 included.
fn hash_of(algorithm: Algorithm) -> HashAlgorithm {
    if algorithm == Algorithm::Es384 { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 }
}

fn digest(algorithm: HashAlgorithm, text: &str) -> Vec<u8> {
    match algorithm {
        HashAlgorithm::Sha256 => Sha256::digest(text).to_vec(),
        HashAlgorithm::Sha384 => Sha384::digest(text).to_vec(),
    }
}

/// Digits of a signature of 96 bytes, the longest here: decoding takes time with the square of the length.
const MAX_PROOF_VALUE: usize = 132;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn proof(value: &str) -> Map<String, Value> {
        members(json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofValue": value}))
    }

    fn prepared(
        document: Value,
        proof: &Map<String, Value>,
        suite: Cryptosuite,
    ) -> Result<Prepared, IntegrityError> {
        prepare(&members(document), proof, suite, &ContextStore::bundled(), &Limits::default())
    }

    fn base58(length: usize) -> String {
        format!("z{}", bs58::encode(vec![7; length]).into_string())
    }

    #[test]
    fn proofs_that_sign_the_same_share_its_statements() {
        let document = members(json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "VerifiableCredential",
            "proof": [{"id": "urn:a", "type": "DataIntegrityProof"}],
        }));
        let (contexts, limits) = (ContextStore::bundled(), Limits::default());
        let mut preparer = Preparer::new(&document, &contexts, &limits);
        let mut costs = Vec::new();
        for (length, previous, different) in
            [(64, json!(null), 1), (64, json!(null), 1), (64, json!("urn:a"), 2)]
        {
            let mut proof = proof(&base58(length));
            if previous.is_string() {
                proof.insert("previousProof".to_owned(), previous);
            }
            drop(preparer.prepare(&proof, Cryptosuite::EddsaRdfc2022).unwrap());
            costs.push(preparer.take_work());
            assert_eq!(preparer.statements.len(), different);
        }
        assert_eq!(costs[0], costs[1], "what is shared is counted for each");
    }

    #[test]
    fn refuses_a_value_in_another_form_before_any_other_work() {
        // The document is none that could be read: the value is looked at first.
        for value in
            ["", "z", "z0OIl", &base58(63), &base58(64).replacen('z', "u", 1), &"z2".repeat(1_000_000)]
        {
            let error = prepared(json!({"@context": 7}), &proof(value), Cryptosuite::EddsaRdfc2022);
            assert!(matches!(error, Err(IntegrityError::Malformed { .. })), "{value:.20}");
        }
    }

    #[test]
    fn what_is_signed_holds_the_previous_proofs_and_no_other() {
        let document =
            members(json!({"id": "urn:x:y", "proof": [{"id": "urn:a"}, {"id": "urn:b"}, {"id": "urn:c"}]}));
        for (previous, expected) in [
            (json!("urn:b"), json!({"id": "urn:x:y", "proof": [{"id": "urn:b"}]})),
            (
                json!(["urn:c", "urn:a"]),
                json!({"id": "urn:x:y", "proof": [{"id": "urn:c"}, {"id": "urn:a"}]}),
            ),
        ] {
            let proof = members(json!({"previousProof": previous}));
            assert_eq!(
                unsecured(&document, proof.get("previousProof"), &Limits::default()).map(Value::Object),
                Ok(expected)
            );
        }
        let without = unsecured(&document, None, &Limits::default());
        assert_eq!(without.map(Value::Object), Ok(json!({"id": "urn:x:y"})));
        let missing = unsecured(&document, Some(&json!("urn:d")), &Limits::default());
        assert_eq!(missing, Err(IntegrityError::PreviousProof { id: "urn:d".into() }));
        let many = vec!["urn:a"; 9];
        let bounded = unsecured(&document, Some(&json!(many)), &Limits::default());
        assert!(matches!(bounded, Err(IntegrityError::Limit(_))));
    }

    #[test]
    fn what_would_not_be_signed_is_an_error() {
        let document = |contexts, more: &str| json!({"@context": contexts, "id": "urn:x:y", "type": "VerifiableCredential", more: "A+"});
        let known = json!(["https://www.w3.org/ns/credentials/v2"]);
        let unknown = json!(["https://www.w3.org/ns/credentials/v2", "https://example.org/context"]);
        let error =
            |document| prepared(document, &proof(&base58(64)), Cryptosuite::EddsaRdfc2022).unwrap_err();
        assert!(matches!(
            error(document(known.clone(), "grade")),
            IntegrityError::Document(JsonLdError::DataLoss { found, .. }) if found == "grade"
        ));
        assert!(matches!(
            error(document(unknown, "name")),
            IntegrityError::Document(JsonLdError::UnknownContext { url }) if url == "https://example.org/context"
        ));
        // An undefined member of the proof is no better.
        let mut proof = proof(&base58(64));
        proof.insert("grade".to_owned(), json!("A+"));
        let result = prepared(document(known, "name"), &proof, Cryptosuite::EddsaRdfc2022);
        assert!(matches!(result, Err(IntegrityError::Document(JsonLdError::DataLoss { .. }))));
    }
}
