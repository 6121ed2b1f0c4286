//! The ways to sign a document, by their names.

use std::fmt;

use serde_json::{Map, Value};

use super::{IntegrityError, text};
use crate::proof::Algorithm;

/// A way to turn documents into bytes and to sign them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cryptosuite {
    /// `ecdsa-jcs-2019`: JSON Canonicalization Scheme; P-256 with SHA-256, or P-384 with SHA-384
    /// (Data Integrity ECDSA Cryptosuites 1.0 section 3.3).
    EcdsaJcs2019,
    /// `ecdsa-rdfc-2019`: RDF canonicalization; P-256 with SHA-256, or P-384 with SHA-384 (section 3.2 there).
    EcdsaRdfc2019,
    /// `ecdsa-sd-2023`, the derived proofs of it: RDF canonicalization; P-256, with a signature for each statement that
    /// the holder may withhold (section 3.6 there).
    EcdsaSd2023,
    /// The proof type `Ed25519Signature2020`: as `eddsa-rdfc-2022`, under a name of its own
    /// (Data Integrity EdDSA Cryptosuites 1.0 section A.2).
    Ed25519Signature2020,
    /// `eddsa-jcs-2022`: JSON Canonicalization Scheme; Ed25519 with SHA-256 (section 3.3 there).
    EddsaJcs2022,
    /// `eddsa-rdfc-2022`, also known as `eddsa-2022`: RDF canonicalization; Ed25519 with SHA-256 (section 3.2 there).
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
                "ecdsa-jcs-2019" => Ok(Self::EcdsaJcs2019),
                "ecdsa-rdfc-2019" => Ok(Self::EcdsaRdfc2019),
                "ecdsa-sd-2023" => Ok(Self::EcdsaSd2023),
                "eddsa-jcs-2022" => Ok(Self::EddsaJcs2022),
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
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
        }
    }

    /// The algorithm of a signature, which for two of the ECDSA suites its length tells.
    pub(super) fn algorithm(self, signature: &[u8]) -> Result<Algorithm, IntegrityError> {
        match (self, signature.len()) {
            (Self::Ed25519Signature2020 | Self::EddsaJcs2022 | Self::EddsaRdfc2022, 64) => {
                Ok(Algorithm::EdDsa)
            }
            (Self::EcdsaJcs2019 | Self::EcdsaRdfc2019 | Self::EcdsaSd2023, 64) => Ok(Algorithm::Es256),
            (Self::EcdsaJcs2019 | Self::EcdsaRdfc2019, 96) => Ok(Algorithm::Es384),
            _ => Err(IntegrityError::Malformed {
                problem: "`proofValue` does not hold a signature of the suite's length",
            }),
        }
    }
}

impl fmt::Display for Cryptosuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_proof_names_its_suite() {
        for (kind, suite, expected) in [
            ("DataIntegrityProof", json!("eddsa-rdfc-2022"), Some(Cryptosuite::EddsaRdfc2022)),
            ("DataIntegrityProof", json!("eddsa-2022"), Some(Cryptosuite::EddsaRdfc2022)),
            ("DataIntegrityProof", json!("eddsa-jcs-2022"), Some(Cryptosuite::EddsaJcs2022)),
            ("DataIntegrityProof", json!("ecdsa-rdfc-2019"), Some(Cryptosuite::EcdsaRdfc2019)),
            ("DataIntegrityProof", json!("ecdsa-jcs-2019"), Some(Cryptosuite::EcdsaJcs2019)),
            ("DataIntegrityProof", json!("ecdsa-sd-2023"), Some(Cryptosuite::EcdsaSd2023)),
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
            (Cryptosuite::EddsaJcs2022, 64, Some(Algorithm::EdDsa)),
            (Cryptosuite::EddsaRdfc2022, 64, Some(Algorithm::EdDsa)),
            (Cryptosuite::Ed25519Signature2020, 64, Some(Algorithm::EdDsa)),
            (Cryptosuite::EcdsaJcs2019, 64, Some(Algorithm::Es256)),
            (Cryptosuite::EcdsaJcs2019, 96, Some(Algorithm::Es384)),
            (Cryptosuite::EcdsaRdfc2019, 64, Some(Algorithm::Es256)),
            (Cryptosuite::EcdsaRdfc2019, 96, Some(Algorithm::Es384)),
            (Cryptosuite::EcdsaSd2023, 64, Some(Algorithm::Es256)),
            (Cryptosuite::EcdsaSd2023, 96, None),
            (Cryptosuite::EddsaRdfc2022, 96, None),
            (Cryptosuite::EddsaRdfc2022, 63, None),
            (Cryptosuite::EcdsaRdfc2019, 65, None),
            (Cryptosuite::EcdsaRdfc2019, 0, None),
        ] {
            let found = suite.algorithm(&vec![0; length]);
            assert_eq!(found.ok(), algorithm, "{suite} {length}");
        }
    }
}
