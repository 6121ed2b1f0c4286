//! `ecdsa-sd-2023`: proofs whose holder may withhold statements.
//!
//! In: a document with what its holder chose to disclose, and a derived proof. Out: what the issuer's key signed, which
//! covers the mandatory statements, and one signature by the proof's own key for each of the others. Refused: the base
//! proof, which is between issuer and holder, and proofs that do not fit the document statement by statement.
//!
//! Data Integrity ECDSA Cryptosuites 1.0 sections 3.4.3, 3.5 and 3.6.7.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::cbor::{Reader, Unexpected};
use super::{CanonicalDocument, Cryptosuite, IntegrityError, Prepared, Preparer, Signed, digest, text};
use crate::jsonld::Quad;
use crate::limits::{Limit, Limits};
use crate::proof::{Algorithm, KeyKind, PublicKey, SignatureError, multikey, verify};
use crate::rdfc::{self, HashAlgorithm};

/// The statements of a document that its holder could have withheld.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    /// All statements, with the labels that the proof gives to blank nodes.
    nquads: String,
    mandatory: BTreeSet<Quad>,
    others: Arc<SignedStatements>,
}

impl Disclosure {
    /// Whether a statement is one that the issuer made mandatory: without it, no proof holds.
    pub fn is_mandatory(&self, statement: &Quad) -> bool {
        self.mandatory.contains(statement)
    }

    /// The statements that could have been withheld, each as a line of N-Quads with its signature.
    pub fn others(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> {
        self.others.lines.iter().map(|(statement, signature)| (statement.as_str(), signature.as_slice()))
    }

    pub(super) fn nquads(&self) -> &str {
        &self.nquads
    }
}

/// The statements that are not mandatory.
#[derive(Debug, PartialEq)]
pub(super) struct SignedStatements {
    /// The key that was made for this one proof.
    key: PublicKey,
    /// Each as canonical N-Quads, with its signature.
    lines: Vec<(String, Vec<u8>)>,
}

impl SignedStatements {
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.lines.iter().map(|(line, signature)| line.len().saturating_add(signature.len())).sum()
    }

    pub(super) fn verify(&self) -> Result<(), SignatureError> {
        self.lines.iter().try_for_each(|(statement, signature)| {
            verify(&self.key, Algorithm::Es256, statement.as_bytes(), signature)
        })
    }
}

/// Section 3.5.9, "createVerifyData".
///
/// NOTE: section 3.6.7 has the base signature verified with the proof's own key. It was made with the issuer's: the
/// proof's own key is part of what it signs.
pub(super) fn prepare(
    preparer: &mut Preparer<'_>,
    proof: &Map<String, Value>,
) -> Result<Prepared, IntegrityError> {
    let bytes = decoded(proof)?;
    let value = DerivedProof::read(&bytes, preparer.limits)?;
    let algorithm = Cryptosuite::EcdsaSd2023.algorithm(value.base_signature)?;
    let key = value.key()?;
    let hash = HashAlgorithm::Sha256;
    let canonical_proof = preparer.canonical_configuration(proof, hash)?;
    let statements = preparer.statements(proof, hash)?;
    let labels = value.labels(&statements.canonical.labels())?;
    let lines = rdfc::relabelled(&statements.quads, &labels);
    let mut mandatory_hash = Sha256::new();
    let mut mandatory = BTreeSet::new();
    let mut others = Vec::new();
    for (index, (line, quad)) in lines.iter().enumerate() {
        if value.mandatory.contains(&index) {
            mandatory_hash.update(line);
            mandatory.insert((*quad).clone());
        } else {
            others.push(line);
        }
    }
    if mandatory.len() != value.mandatory.len() {
        return malformed("the proof counts more statements than the document has");
    }
    if others.len() != value.signatures.len() {
        return malformed("the proof has not one signature for each statement that is not mandatory");
    }
    let others = others.into_iter().zip(&value.signatures);
    let others = others.map(|(line, signature)| (line.clone(), signature.to_vec())).collect();
    let others = Arc::new(SignedStatements { key, lines: others });
    let message = [digest(hash, &canonical_proof), value.key.to_vec(), mandatory_hash.finalize().to_vec()];
    let signed = Signed {
        algorithm,
        message: message.concat(),
        signature: value.base_signature.to_vec(),
        others: Some(Arc::clone(&others)),
    };
    let disclosure = Disclosure { nquads: lines.into_keys().collect(), mandatory, others };
    Ok(Prepared { signed, canonical_proof, document: CanonicalDocument::Disclosed(statements, disclosure) })
}

/// The `proofValue`: `u`, then base64url without padding.
fn decoded(proof: &Map<String, Value>) -> Result<Vec<u8>, IntegrityError> {
    let Some(digits) = text(proof, "proofValue")?.strip_prefix('u') else {
        return malformed("`proofValue` does not begin with `u`");
    };
    match URL_SAFE_NO_PAD.decode(digits) {
        Ok(bytes) => Ok(bytes),
        Err(_) => malformed("`proofValue` is not base64url"),
    }
}

/// The parts of a derived proof (section 3.5.8, "parseDerivedProofValue").
#[derive(Debug)]
struct DerivedProof<'b> {
    base_signature: &'b [u8],
    /// The proof's own key, as a Multikey before its base58.
    key: &'b [u8],
    signatures: Vec<&'b [u8]>,
    /// The labels that the issuer signed, by the number of the canonical one.
    labels: BTreeMap<u64, &'b [u8]>,
    /// Which of the sorted statements are mandatory.
    mandatory: BTreeSet<usize>,
}

impl<'b> DerivedProof<'b> {
    fn read(bytes: &'b [u8], limits: &Limits) -> Result<Self, IntegrityError> {
        if bytes.starts_with(BASE_HEADER) {
            return malformed("a base proof, which is for the holder alone");
        }
        let Some(bytes) = bytes.strip_prefix(DERIVED_HEADER) else {
            return malformed("`proofValue` is not a derived proof");
        };
        let mut reader = Reader::new(bytes);
        if reader.array()? != 5 {
            return malformed("a derived proof has five parts");
        }
        let (base_signature, key) = (reader.bytes()?, reader.bytes()?);
        let count = reader.array()?;
        limits.check(Limit::DisclosedStatements, count)?;
        let signatures = (0..count).map(|_| reader.bytes()).collect::<Result<Vec<_>, _>>()?;
        let count = reader.map()?;
        limits.check(Limit::BlankNodes, count)?;
        let mut labels = BTreeMap::new();
        for _ in 0..count {
            if labels.insert(reader.unsigned()?, reader.bytes()?).is_some() {
                return malformed("the label map has a key twice");
            }
        }
        let count = reader.array()?;
        limits.check(Limit::Quads, count)?;
        let mut mandatory = BTreeSet::new();
        for _ in 0..count {
            let index = usize::try_from(reader.unsigned()?).map_err(|_| Unexpected)?;
            if !mandatory.insert(index) {
                return malformed("the proof counts a mandatory statement twice");
            }
        }
        reader.end()?;
        Ok(Self { base_signature, key, signatures, labels, mandatory })
    }

    /// The proof's own key.
    ///
    /// NOTE: section 3.5.8 says that it has 36 bytes. A Multikey of P-256 has 35: the prefix and a compressed point.
    fn key(&self) -> Result<PublicKey, IntegrityError> {
        match multikey::from_multicodec(self.key) {
            Ok(key) if key.kind() == KeyKind::P256 => Ok(key),
            _ => malformed("the proof's own key is not one of P-256"),
        }
    }

    /// The signed labels of the blank nodes whose canonical ones are given (section 3.4.3, "createLabelMapFunction").
    ///
    /// Two nodes must not share one: what was said of one thing could then be shown as if it were said of two.
    fn labels(&self, canonical: &BTreeMap<u32, String>) -> Result<BTreeMap<u32, String>, IntegrityError> {
        let signed: BTreeMap<String, &[u8]> =
            self.labels.iter().map(|(number, label)| (format!("c14n{number}"), *label)).collect();
        let mut seen = BTreeSet::new();
        let mut labels = BTreeMap::new();
        for (node, canonical) in canonical {
            match signed.get(canonical) {
                None => return malformed("the label map leaves out a blank node"),
                Some(label) if label.len() != LABEL_BYTES => return malformed("a label has not 32 bytes"),
                Some(label) if !seen.insert(label) => return malformed("two blank nodes have one label"),
                Some(label) => labels.insert(*node, format!("u{}", URL_SAFE_NO_PAD.encode(label))),
            };
        }
        Ok(labels)
    }
}

impl From<Unexpected> for IntegrityError {
    fn from(_: Unexpected) -> Self {
        Self::Malformed { problem: "`proofValue` does not hold the parts of a derived proof" }
    }
}

fn malformed<T>(problem: &'static str) -> Result<T, IntegrityError> {
    Err(IntegrityError::Malformed { problem })
}

/// What base proofs begin with (section 3.5.2, "serializeBaseProofValue").
const BASE_HEADER: &[u8] = &[0xd9, 0x5d, 0x00];

/// What derived proofs begin with (section 3.5.7, "serializeDerivedProofValue").
const DERIVED_HEADER: &[u8] = &[0xd9, 0x5d, 0x01];

/// Bytes of a label: an HMAC with SHA-256.
const LABEL_BYTES: usize = 32;

#[cfg(test)]
#[cfg(any(feature = "jose", feature = "rustcrypto"))]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jsonld::{self, ContextStore};
    use crate::proof::backend::signing::P256 as SigningKey;

    /// A badge with two blank nodes.
    fn badge() -> Map<String, Value> {
        let badge = json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "VerifiableCredential",
            "issuer": "https://example.org/issuer",
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"name": "Ada"},
        });
        badge.as_object().unwrap().clone()
    }

    /// The head of a CBOR item.
    fn head(major: u8, argument: usize) -> Vec<u8> {
        let argument = u16::try_from(argument).unwrap().to_be_bytes();
        [&[major << 5 | 25][..], &argument].concat()
    }

    fn bytes(bytes: &[u8]) -> Vec<u8> {
        [head(2, bytes.len()), bytes.to_vec()].concat()
    }

    /// What issuer and holder make together; each test changes one thing of it.
    struct Maker {
        issuer: SigningKey,
        own: SigningKey,
        header: Vec<u8>,
        /// What the second of the two blank nodes is called.
        second_label: Vec<u8>,
        mandatory: Vec<usize>,
        /// How many of the signatures are left out.
        left_out: usize,
        more: Vec<u8>,
    }

    impl Maker {
        fn new() -> Self {
            Self {
                issuer: SigningKey::of("issuer"),
                own: SigningKey::of("holder"),
                header: DERIVED_HEADER.to_vec(),
                second_label: vec![2; LABEL_BYTES],
                mandatory: vec![1, 3],
                left_out: 0,
                more: Vec::new(),
            }
        }

        /// A proof of [`badge`] that is good, but for what was changed.
        fn proof(&self) -> Map<String, Value> {
            let (store, limits) = (ContextStore::bundled(), Limits::default());
            let proof = json!({
                "type": "DataIntegrityProof",
                "cryptosuite": "ecdsa-sd-2023",
                "proofPurpose": "assertionMethod",
            });
            let mut proof = proof.as_object().unwrap().clone();
            let options = jsonld::Options::default();
            let quads = jsonld::to_quads(&Value::Object(badge()), &store, &options, &limits).unwrap();
            let canonical = rdfc::canonicalize(&quads, HashAlgorithm::Sha256, &limits).unwrap();
            let labels = [vec![1; LABEL_BYTES], self.second_label.clone()];
            let canonical_labels = canonical.labels();
            let named = canonical_labels.iter().map(|(node, name)| {
                let label = &labels[usize::from(name == "c14n1")];
                (*node, format!("u{}", URL_SAFE_NO_PAD.encode(label)))
            });
            let lines: Vec<String> = rdfc::relabelled(&quads, &named.collect()).into_keys().collect();
            let mut mandatory_hash = Sha256::new();
            let mut signatures = Vec::new();
            for (index, line) in lines.iter().enumerate() {
                if self.mandatory.contains(&index) {
                    mandatory_hash.update(line);
                } else {
                    signatures.push(self.own.sign(line.as_bytes()));
                }
            }
            signatures.truncate(signatures.len() - self.left_out);
            let hash = HashAlgorithm::Sha256;
            let document = badge();
            let mut preparer = Preparer::new(&document, &store, &limits);
            let canonical_proof = preparer.canonical_configuration(&proof, hash).unwrap();
            let key = self.own.multikey();
            let message =
                [digest(hash, &canonical_proof), key.clone(), mandatory_hash.finalize().to_vec()].concat();
            let base_signature = self.issuer.sign(&message);
            let parts = [
                self.header.clone(),
                head(4, 5),
                bytes(&base_signature),
                bytes(&key),
                head(4, signatures.len()),
                signatures.iter().flat_map(|signature| bytes(signature)).collect(),
                head(5, 2),
                [head(0, 0), bytes(&labels[0]), head(0, 1), bytes(&labels[1])].concat(),
                head(4, self.mandatory.len()),
                self.mandatory.iter().flat_map(|index| head(0, *index)).collect(),
                self.more.clone(),
            ];
            let value = format!("u{}", URL_SAFE_NO_PAD.encode(parts.concat()));
            proof.insert("proofValue".to_owned(), Value::String(value));
            proof
        }

        fn prepared(&self, document: &Map<String, Value>) -> Result<Prepared, IntegrityError> {
            let (store, limits) = (ContextStore::bundled(), Limits::default());
            prepare(&mut Preparer::new(document, &store, &limits), &self.proof())
        }

        /// What is wrong with the proof.
        fn problem(&self) -> &'static str {
            match self.prepared(&badge()) {
                Err(IntegrityError::Malformed { problem }) => problem,
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn holds_under_the_issuers_key_and_tells_what_is_mandatory() {
        let maker = Maker::new();
        let prepared = maker.prepared(&badge()).unwrap();
        assert_eq!(prepared.verify(&maker.issuer.public()), Ok(()));
        // Who has only the proof's own key can sign no other mandatory statements.
        assert_eq!(prepared.verify(&maker.own.public()), Err(SignatureError::Mismatch));
        let disclosure = prepared.disclosure().unwrap();
        let lines: Vec<&str> = prepared.canonical_document().lines().collect();
        assert_eq!((lines.len(), disclosure.others().len()), (5, 3));
        assert!(disclosure.others().all(|(line, _)| line != format!("{}\n", lines[1])));
        let quads = prepared.document_quads().unwrap();
        assert_eq!(quads.iter().filter(|quad| disclosure.is_mandatory(quad)).count(), 2);
    }

    #[test]
    fn a_changed_statement_does_not_hold_mandatory_or_not() {
        for mandatory in [vec![0, 1, 2, 3, 4], vec![]] {
            let maker = Maker { mandatory, ..Maker::new() };
            assert_eq!(maker.prepared(&badge()).unwrap().verify(&maker.issuer.public()), Ok(()));
            let mut changed = badge();
            changed["credentialSubject"]["name"] = json!("Bob");
            let prepared = maker.prepared(&changed).unwrap();
            assert_eq!(prepared.verify(&maker.issuer.public()), Err(SignatureError::Mismatch));
        }
    }

    #[test]
    fn the_proof_fits_the_document_statement_by_statement() {
        let maker = Maker::new();
        for (maker, problem) in [
            (Maker { left_out: 1, ..maker }, "one signature for each"),
            (Maker { mandatory: vec![0, 5], ..Maker::new() }, "more statements than the document"),
            (Maker { mandatory: vec![0, 0], ..Maker::new() }, "mandatory statement twice"),
            (Maker { second_label: vec![1; LABEL_BYTES], ..Maker::new() }, "two blank nodes have one label"),
            (Maker { second_label: vec![2; 31], ..Maker::new() }, "not 32 bytes"),
            (Maker { header: BASE_HEADER.to_vec(), ..Maker::new() }, "base proof"),
            (Maker { header: vec![0xd9, 0x5d, 0x02], ..Maker::new() }, "not a derived proof"),
            (Maker { more: vec![0], ..Maker::new() }, "does not hold the parts"),
        ] {
            assert!(maker.problem().contains(problem), "{}", maker.problem());
        }
    }

    #[test]
    fn the_proofs_own_key_is_one_of_p_256() {
        for key in [&[0xed, 0x01, 7][..], &[0x80, 0x24], &[0x80, 0x24, 2, 3]] {
            let proof = DerivedProof {
                base_signature: &[0; 64],
                key,
                signatures: Vec::new(),
                labels: BTreeMap::new(),
                mandatory: BTreeSet::new(),
            };
            assert!(matches!(proof.key(), Err(IntegrityError::Malformed { .. })), "{key:?}");
        }
    }

    #[test]
    fn announced_signatures_are_counted_before_they_are_read() {
        let announced = |count| {
            [DERIVED_HEADER, &head(4, 5), &bytes(&[0; 64]), &bytes(&[0; 35]), &head(4, count)].concat()
        };
        let read = |count| DerivedProof::read(&announced(count), &Limits::default()).unwrap_err();
        assert!(
            matches!(read(501), IntegrityError::Limit(limit) if limit.limit == Limit::DisclosedStatements)
        );
        assert!(matches!(read(500), IntegrityError::Malformed { .. }));
    }
}
