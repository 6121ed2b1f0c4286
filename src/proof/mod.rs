//! Checks signatures: a key, an algorithm, a message and a signature go in, a fact comes out.
//!
//! In: key material in any of its published forms ([`PublicKey`], [`KeyDocument`], [`did`]), and for Data Integrity
//! the document and its proof ([`integrity`]). Out: that a signature holds, or the reason why it does not.
//!
//! This module does not decide which key may speak for an issuer, does not fetch anything and does not choose an
//! algorithm from a header: the caller names the algorithm that its policy allows, and a key takes part only in the
//! algorithms that fit its type, its curve and what a JWK says about its use.
//!
//! Ed25519 is always there. RSA and ECDSA need the feature `jose` or `rustcrypto`; without either they are
//! [`SignatureError::Unsupported`], never "wrong".
//!
//! RFC 7515 section 5.2, RFC 7518 section 3, RFC 8037 section 3.1.

use std::fmt;
use std::str::FromStr;

mod backend;
mod der;
pub mod did;
mod document;
mod ed25519;
pub mod integrity;
mod jwk;
mod key;
mod method;
mod multikey;
mod pem;

pub use document::{KeyDocument, KeyDocumentError};
pub use key::{KeyError, KeyKind, PublicKey};
pub use method::{AssertionUse, VerificationMethod};

use key::Material;

/// Verifies a signature over a message.
///
/// An ECDSA signature is `r` and `s`, one after the other, each at full length (RFC 7518 section 3.4): the form that
/// JWS and Data Integrity share. Its twin with `n - s` verifies too: never take the bytes of a signature for an identity.
///
/// # Errors
/// - [`SignatureError::KeyMismatch`] if the key does not take part in the algorithm;
/// - [`SignatureError::WeakKey`] for an RSA modulus under 2048 bits, however good the signature;
/// - [`SignatureError::Malformed`] if the signature does not have the length that the algorithm prescribes;
/// - [`SignatureError::InvalidKey`] if the key is no point of its curve;
/// - [`SignatureError::Mismatch`] if the signature is not of this message by this key;
/// - [`SignatureError::Unsupported`] if this build has no code for the algorithm.
pub fn verify(
    key: &PublicKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    if !key.fits(algorithm) {
        return Err(SignatureError::KeyMismatch);
    }
    if key.is_weak() {
        return Err(SignatureError::WeakKey);
    }
    if signature.len() != key.signature_bytes() {
        return Err(SignatureError::Malformed { expected: key.signature_bytes(), found: signature.len() });
    }
    match key.material() {
        Material::Ed25519(key) => key.verify(message, signature),
        Material::Ec(point) => backend::verify_ecdsa(point, message, signature),
        Material::Rsa(rsa) => backend::verify_rsa(rsa, algorithm, message, signature),
    }
}

/// A signature algorithm, by its JOSE name.
///
/// There is no `none` and no HMAC: what cannot be named cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// Ed25519 (RFC 8037; RFC 9864 calls it `Ed25519`).
    EdDsa,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

impl Algorithm {
    /// Every algorithm, sorted by name.
    pub const ALL: &'static [Self] = &[
        Self::EdDsa,
        Self::Es256,
        Self::Es384,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
    ];

    /// The JOSE name, as in a header's `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    /// The kind of key that takes part in the algorithm.
    pub const fn key_kind(self) -> KeyKind {
        match self {
            Self::EdDsa => KeyKind::Ed25519,
            Self::Es256 => KeyKind::P256,
            Self::Es384 => KeyKind::P384,
            Self::Ps256 | Self::Ps384 | Self::Ps512 | Self::Rs256 | Self::Rs384 | Self::Rs512 => KeyKind::Rsa,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    /// Reads a header's `alg`, which is case-sensitive (RFC 7515 section 4.1.1).
    ///
    /// # Errors
    /// [`AlgorithmError::Forbidden`] for what authenticates nobody, in any spelling; [`AlgorithmError::Unknown`] for
    /// what this crate does not implement.
    fn from_str(name: &str) -> Result<Self, AlgorithmError> {
        if let Some(algorithm) = Self::ALL.iter().find(|algorithm| algorithm.as_str() == name) {
            return Ok(*algorithm);
        }
        // RFC 9864 section 2.2: the fully specified name of the only EdDSA that this crate knows.
        if name == "Ed25519" {
            return Ok(Self::EdDsa);
        }
        let lower = name.to_ascii_lowercase();
        if lower == "none" || lower.starts_with("hs") {
            return Err(AlgorithmError::Forbidden);
        }
        Err(AlgorithmError::Unknown)
    }
}

/// Why a name is not an [`Algorithm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AlgorithmError {
    /// `none` or an HMAC: whoever can verify it can also make it, so it proves no issuer.
    #[error("an algorithm without a public key proves nothing")]
    Forbidden,
    /// Nothing that this crate implements: `ES256K`, `ES512`, a new one, or a misspelling.
    #[error("an algorithm that is not supported")]
    Unknown,
}

/// Why [`verify`] did not find a signature good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The key is not a point of its curve.
    #[error("the public key is not a point of its curve")]
    InvalidKey,
    /// The key's type, its curve, or the `alg`, `use` or `key_ops` of its JWK exclude the algorithm.
    #[error("the key is not for this algorithm")]
    KeyMismatch,
    /// The signature does not have the length that key and algorithm prescribe.
    #[error("expected a signature of {expected} bytes, found {found}")]
    Malformed {
        /// Bytes that key and algorithm prescribe.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// The signature is not of this message by this key.
    #[error("the signature does not match")]
    Mismatch,
    /// This build has no code for the algorithm: it lacks the features `jose` and `rustcrypto`.
    #[error("this build does not verify signatures of this kind")]
    Unsupported,
    /// The RSA modulus has less than 2048 bits.
    #[error("the RSA key has less than 2048 bits")]
    WeakKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_an_algorithm_that_proves_something() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(*algorithm));
        }
        assert_eq!("Ed25519".parse(), Ok(Algorithm::EdDsa));
        for name in ["none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "hs256", "HS1"] {
            assert_eq!(name.parse::<Algorithm>(), Err(AlgorithmError::Forbidden), "{name}");
        }
        for name in ["", "rs256", "RS256 ", "ES256K", "ES512", "Ed448", "RS1", "eddsa", "RSA-OAEP"] {
            assert_eq!(name.parse::<Algorithm>(), Err(AlgorithmError::Unknown), "{name}");
        }
    }
}
