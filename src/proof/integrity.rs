//! Data Integrity: from a document and its proof to the bytes that were signed.
//!
//! In: a JSON document, one of its proofs, and the contexts at hand. Out: [`Prepared`], with the message, the signature
//! and every value on the way. Nothing here looks for the key or judges the proof's purpose and dates.
//!
//! A term that no context defines would not be signed, so it is an error, and so is a context that is not at hand.
//!
//! Verifiable Credential Data Integrity 1.0 section 4, Data Integrity EdDSA Cryptosuites 1.0 sections 3.2 and A.2,
//! Data Integrity ECDSA Cryptosuites 1.0 section 3.2.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384};

use super::{Algorithm, PublicKey, SignatureError};
use crate::json::as_list;
use crate::jsonld::{self, ContextStore, JsonLdError, Quad};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::quote::quote;
use crate::rdfc::{self, HashAlgorithm, RdfcError};

/// A way to turn documents into bytes and to sign them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cryptosuite {
    /// `ecdsa-rdfc-2019`: RDF canonicalization; P-256 with SHA-256, or P-384 with SHA-384.
    EcdsaRdfc2019,
    /// The proof type `Ed25519Signature2020`: as `eddsa-rdfc-2022`, under a name of its own.
    Ed25519Signature2020,
    /// `eddsa-rdfc-2022`, also known as `eddsa-2022`: RDF canonicalization; Ed25519 with SHA-256.
    EddsaRdfc2022,
}

impl Cryptosuite {
    /// The suite that a proof says it was made with.
    ///
    /// # Errors
    /// [`IntegrityError::Malformed`] if `type` or `cryptosuite` is missing or no string,
    /// [`IntegrityError::Unsupported`] for any other type or suite.
    pub fn of(proof: &Map<String, Value>) -> Result<Self, IntegrityError> {
        match text(proof, "type")? {
            "DataIntegrityProof" => match text(proof, "cryptosuite")? {
                "ecdsa-rdfc-2019" => Ok(Self::EcdsaRdfc2019),
                "eddsa-2022" | "eddsa-rdfc-2022" => Ok(Self::EddsaRdfc2022),
                other => Err(IntegrityError::Unsupported { what: other.to_owned() }),
            },
            "Ed25519Signature2020" => Ok(Self::Ed25519Signature2020),
            other => Err(IntegrityError::Unsupported { what: other.to_owned() }),
        }
    }

    /// The name of the suite, or of the proof type that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
        }
    }

    /// The algorithm of a signature, which in `ecdsa-rdfc-2019` its length tells.
    fn algorithm(self, signature: &[u8]) -> Result<Algorithm, IntegrityError> {
        let algorithm = match (self, signature.len()) {
            (Self::Ed25519Signature2020 | Self::EddsaRdfc2022, 64) => Algorithm::EdDsa,
            (Self::EcdsaRdfc2019, 64) => Algorithm::Es256,
            (Self::EcdsaRdfc2019, 96) => Algorithm::Es384,
            _ => {
                return Err(IntegrityError::Malformed {
                    problem: "`proofValue` has not the length of a signature",
                });
            }
        };
        Ok(algorithm)
    }
}

impl std::fmt::Display for Cryptosuite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

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
    let signature = signature_of(proof)?;
    let algorithm = suite.algorithm(&signature)?;
    // Data Integrity ECDSA Cryptosuites 1.0 section 3.2: with P-384, everything is hashed with SHA-384, RDFC-1.0 included.
    let hash = if algorithm == Algorithm::Es384 { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 };
    let canonical = |value: Map<String, Value>| -> Result<(Vec<Quad>, String), IntegrityError> {
        let quads = jsonld::to_quads(&Value::Object(value), contexts, &jsonld::Options::default(), limits)?;
        let text = rdfc::canonicalize(&quads, hash, limits)?.nquads();
        Ok((quads, text))
    };
    let (document_quads, canonical_document) = canonical(unsecured(document, proof, limits)?)?;
    let (_, canonical_proof) = canonical(proof_configuration(document, proof))?;
    let message = [digest(hash, &canonical_proof), digest(hash, &canonical_document)].concat();
    Ok(Prepared { algorithm, canonical_document, canonical_proof, document_quads, message, signature })
}

/// What a proof signs, and the signature.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Prepared {
    algorithm: Algorithm,
    canonical_document: String,
    canonical_proof: String,
    document_quads: Vec<Quad>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Prepared {
    /// The algorithm of the signature.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The document without its proofs, as canonical N-Quads.
    pub fn canonical_document(&self) -> &str {
        &self.canonical_document
    }

    /// The proof without its value, as canonical N-Quads.
    pub fn canonical_proof(&self) -> &str {
        &self.canonical_proof
    }

    /// The statements of the document without its proofs: what the signature vouches for.
    pub fn document_quads(&self) -> &[Quad] {
        &self.document_quads
    }

    /// What was signed: the hash of the canonical proof, then that of the canonical document.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The decoded `proofValue`.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies the signature with a key.
    ///
    /// # Errors
    /// As [`verify`](super::verify).
    pub fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        super::verify(key, self.algorithm, &self.message, &self.signature)
    }
}

/// Why there is nothing to verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrityError {
    /// The document or the proof has no RDF form: a context is not at hand, a part would be lost, or it is malformed.
    #[error("the document cannot be brought into the form that was signed")]
    Document(#[source] JsonLdError),
    /// The document is too large or too laborious.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The proof is malformed.
    #[error("the proof is malformed: {problem}")]
    Malformed {
        /// What is wrong, in words.
        problem: &'static str,
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
    proof: &Map<String, Value>,
    limits: &Limits,
) -> Result<Map<String, Value>, IntegrityError> {
    let mut unsecured = document.clone();
    let proofs = unsecured.remove("proof");
    let Some(previous) = proof.get("previousProof") else { return Ok(unsecured) };
    let (proofs, previous) = (as_list(proofs.as_ref()), as_list(Some(previous)));
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

/// The proof without its value, in the contexts of its document (Data Integrity EdDSA Cryptosuites 1.0 section 3.2.5).
fn proof_configuration(document: &Map<String, Value>, proof: &Map<String, Value>) -> Map<String, Value> {
    let mut configuration = proof.clone();
    configuration.remove("proofValue");
    configuration.remove("@context");
    if let Some(contexts) = document.get("@context") {
        configuration.insert("@context".to_owned(), contexts.clone());
    }
    configuration
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
    fn a_proof_names_its_suite() {
        for (kind, suite, expected) in [
            ("DataIntegrityProof", json!("eddsa-rdfc-2022"), Some(Cryptosuite::EddsaRdfc2022)),
            ("DataIntegrityProof", json!("eddsa-2022"), Some(Cryptosuite::EddsaRdfc2022)),
            ("DataIntegrityProof", json!("ecdsa-rdfc-2019"), Some(Cryptosuite::EcdsaRdfc2019)),
            ("Ed25519Signature2020", json!(null), Some(Cryptosuite::Ed25519Signature2020)),
            ("DataIntegrityProof", json!("EDDSA-RDFC-2022"), None),
            ("DataIntegrityProof", json!("bbs-2023"), None),
            ("RsaSignature2018", json!(null), None),
            ("JsonWebSignature2020", json!("eddsa-rdfc-2022"), None),
        ] {
            let found = Cryptosuite::of(&members(json!({"type": kind, "cryptosuite": suite})));
            match expected {
                Some(expected) => assert_eq!(found, Ok(expected)),
                None => assert!(matches!(found, Err(IntegrityError::Unsupported { .. })), "{kind} {suite}"),
            }
        }
        for proof in
            [json!({}), json!({"type": ["DataIntegrityProof"]}), json!({"type": "DataIntegrityProof"})]
        {
            assert!(matches!(Cryptosuite::of(&members(proof)), Err(IntegrityError::Malformed { .. })));
        }
    }

    #[test]
    fn the_length_of_a_signature_fits_its_suite() {
        for (suite, length, algorithm) in [
            (Cryptosuite::EddsaRdfc2022, 64, Some(Algorithm::EdDsa)),
            (Cryptosuite::Ed25519Signature2020, 64, Some(Algorithm::EdDsa)),
            (Cryptosuite::EcdsaRdfc2019, 64, Some(Algorithm::Es256)),
            (Cryptosuite::EcdsaRdfc2019, 96, Some(Algorithm::Es384)),
            (Cryptosuite::EddsaRdfc2022, 96, None),
            (Cryptosuite::EddsaRdfc2022, 63, None),
            (Cryptosuite::EcdsaRdfc2019, 65, None),
            (Cryptosuite::EcdsaRdfc2019, 0, None),
        ] {
            let found = suite.algorithm(&vec![0; length]);
            assert_eq!(found.ok(), algorithm, "{suite} {length}");
        }
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
    fn the_configuration_is_the_proof_in_the_contexts_of_its_document() {
        let document = members(json!({"@context": ["https://example.org/context"], "id": "urn:x:y"}));
        let mut proof = proof("z");
        proof.insert("@context".to_owned(), json!("https://other.example/context"));
        let configuration = json!({
            "@context": ["https://example.org/context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
        });
        assert_eq!(Value::Object(proof_configuration(&document, &proof)), configuration);
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
            assert_eq!(unsecured(&document, &proof, &Limits::default()).map(Value::Object), Ok(expected));
        }
        let without = unsecured(&document, &Map::new(), &Limits::default());
        assert_eq!(without.map(Value::Object), Ok(json!({"id": "urn:x:y"})));
        let missing = unsecured(&document, &members(json!({"previousProof": "urn:d"})), &Limits::default());
        assert_eq!(missing, Err(IntegrityError::PreviousProof { id: "urn:d".into() }));
        let many = vec!["urn:a"; 9];
        let bounded = unsecured(&document, &members(json!({"previousProof": many})), &Limits::default());
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
