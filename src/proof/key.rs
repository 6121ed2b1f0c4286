//! A public key, whatever form it came in.
//!
//! In: a JWK, a Multikey, a PEM text or a bare Ed25519 key. Out: [`PublicKey`], which holds checked key material and
//! nothing else of the source. Refused: private and symmetric keys, Ed25519 points of small order, RSA numbers that
//! would make a verification slow or meaningless.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::ed25519::Ed25519Key;
use super::{Algorithm, jwk, multikey, pem};

/// A key that verifies signatures.
///
/// Two keys are equal if they are the same key: in which form they were published, and what a JWK says about its own
/// use, makes no difference.
#[derive(Clone, Debug)]
pub struct PublicKey {
    material: Material,
    permitted: Permitted,
}

impl PublicKey {
    /// Reads a JSON Web Key (RFC 7517, RFC 7518 section 6, RFC 8037 section 2).
    ///
    /// `alg`, `use` and `key_ops` restrict what the key [fits](Self::fits). Members that this crate does not know are
    /// ignored (RFC 7517 section 4).
    ///
    /// # Errors
    /// [`KeyError::PrivateMember`] if the JWK holds any part of a private or symmetric key, otherwise any other
    /// [`KeyError`].
    pub fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, KeyError> {
        jwk::read(jwk)
    }

    /// Reads a `publicKeyMultibase` (Controlled Identifiers 1.0 section 2.2.2, "Multikey").
    ///
    /// # Errors
    /// [`KeyError`] of any kind but [`KeyError::PrivateMember`].
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        multikey::read(text)
    }

    /// Reads a PEM text: `PUBLIC KEY` (RFC 5280, any supported kind) or `RSA PUBLIC KEY` (RFC 8017).
    ///
    /// # Errors
    /// [`KeyError`] of any kind; a private key is [`KeyError::PrivateMember`].
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        pem::read(text)
    }

    /// Reads the `publicKeyBase58` of an `Ed25519VerificationKey2018`.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::SmallOrder`].
    pub fn from_base58_ed25519(text: &str) -> Result<Self, KeyError> {
        Self::ed25519(&multikey::base58(text)?)
    }

    /// What kind of key it is.
    pub const fn kind(&self) -> KeyKind {
        match &self.material {
            Material::Ed25519(_) => KeyKind::Ed25519,
            Material::Ec(point) => point.curve.key_kind(),
            Material::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// Whether the key takes part in an algorithm: by its type, its curve, and the `alg`, `use` and `key_ops` of its JWK.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        let permitted = match self.permitted {
            Permitted::Any => true,
            Permitted::Nothing => false,
            Permitted::Only(only) => only == algorithm,
        };
        permitted && algorithm.key_kind() == self.kind()
    }

    /// Bits of an RSA modulus; of other keys, bits of a coordinate.
    pub fn bits(&self) -> usize {
        match &self.material {
            Material::Ed25519(_) => 255,
            Material::Ec(point) => point.curve.coordinate_bytes() * 8,
            Material::Rsa(rsa) => rsa.bits(),
        }
    }

    /// Whether the key is too short to prove anything: RSA under 2048 bits.
    ///
    /// Such a key can be read, so that a report may name it, but [`verify`](super::verify) refuses it.
    pub fn is_weak(&self) -> bool {
        self.kind() == KeyKind::Rsa && self.bits() < RSA_MIN_BITS
    }

    /// The SHA-256 thumbprint (RFC 7638, RFC 8037 section 2).
    ///
    /// `None` for an ECDSA key that was published in compressed form: the thumbprint covers both coordinates, and this
    /// crate does no arithmetic on curves. Compare keys with `==` instead.
    pub fn thumbprint(&self) -> Option<[u8; 32]> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        // The members in the order that RFC 7638 section 3.3 prescribes; none of the values needs escaping.
        let json = match &self.material {
            Material::Ed25519(key) => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(key.as_bytes()))
            }
            Material::Ec(point) => {
                let EcY::Known(y) = &point.y else { return None };
                let curve = point.curve.as_str();
                format!(r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#, text(&point.x), text(y))
            }
            Material::Rsa(rsa) => {
                format!(
                    r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
                    text(&rsa.exponent_bytes()),
                    text(&rsa.modulus)
                )
            }
        };
        Some(Sha256::digest(json).into())
    }

    /// Bytes that tell the key, its form and its permitted uses from all others: more than what makes two keys equal.
    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        let permitted = match self.permitted {
            Permitted::Any => "any",
            Permitted::Nothing => "nothing",
            Permitted::Only(only) => only.as_str(),
        };
        let kind = [self.kind().as_str(), " ", permitted, " "].concat().into_bytes();
        match &self.material {
            Material::Ed25519(key) => [kind.as_slice(), key.as_bytes()].concat(),
            Material::Ec(point) => [kind, point.to_sec1()].concat(),
            Material::Rsa(rsa) => [kind.as_slice(), &rsa.exponent.to_be_bytes(), &rsa.modulus].concat(),
        }
    }

    /// Bytes of every signature by this key.
    pub(super) fn signature_bytes(&self) -> usize {
        match &self.material {
            Material::Ed25519(_) => 64,
            Material::Ec(point) => point.curve.coordinate_bytes() * 2,
            Material::Rsa(rsa) => rsa.modulus.len(),
        }
    }

    pub(super) const fn material(&self) -> &Material {
        &self.material
    }

    /// The same key, for fewer purposes.
    pub(super) fn restricted_to(self, permitted: Permitted) -> Self {
        Self { permitted, ..self }
    }

    pub(super) fn ed25519(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.try_into().map_err(|_| KeyError::Length {
            what: "Ed25519 key",
            expected: 32,
            found: bytes.len(),
        })?;
        Ok(Self { material: Material::Ed25519(Ed25519Key::read(&bytes)?), permitted: Permitted::Any })
    }

    pub(super) const fn ec(point: EcPoint) -> Self {
        Self { material: Material::Ec(point), permitted: Permitted::Any }
    }

    /// From the big-endian numbers of an RSA key, with or without leading zeros.
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        Ok(Self { material: Material::Rsa(RsaKey::new(modulus, exponent)?), permitted: Permitted::Any })
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.material == other.material
    }
}

impl Eq for PublicKey {}

/// The kinds of keys that this crate verifies with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// NIST P-256, for ECDSA.
    P256,
    /// NIST P-384, for ECDSA.
    P384,
    /// RSA.
    Rsa,
}

impl KeyKind {
    /// The name that people use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Rsa => "RSA",
        }
    }
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why something is not a usable public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A number or text of the wrong length.
    #[error("expected {expected} bytes of {what}, found {found}")]
    Length {
        /// What was measured.
        what: &'static str,
        /// Its only length in bytes.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// Not a key in the form that was stated.
    #[error("the key is malformed: {problem}")]
    Malformed {
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// Part of a private or symmetric key was published: nobody knows who else has it.
    #[error("the key holds the private member {member}")]
    PrivateMember {
        /// The member's name.
        member: &'static str,
    },
    /// An RSA modulus or exponent that is too large, even or trivial.
    #[error("the RSA key is out of range: {problem}")]
    RsaRange {
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// An Ed25519 point of small order: signatures of any message can be made for it.
    #[error("the Ed25519 key is a point of small order")]
    SmallOrder,
    /// A kind of key that this crate does not implement.
    #[error("keys of this kind are not supported: {what}")]
    Unsupported {
        /// The kind, as it was named, fit to be shown.
        what: String,
    },
}

/// What a JWK lets its key be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permitted {
    /// Every algorithm of its kind.
    Any,
    /// Not to verify signatures, or only in an algorithm that is not ours.
    Nothing,
    /// Its `alg`.
    Only(Algorithm),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Material {
    Ec(EcPoint),
    Ed25519(Ed25519Key),
    Rsa(RsaKey),
}

/// The curves of ECDSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
}

impl Curve {
    pub(super) const fn as_str(self) -> &'static str {
        self.key_kind().as_str()
    }

    pub(super) const fn key_kind(self) -> KeyKind {
        match self {
            Self::P256 => KeyKind::P256,
            Self::P384 => KeyKind::P384,
        }
    }

    pub(super) const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

/// A point, as it was published. That it lies on its curve is found out when a signature is verified.
#[derive(Clone, Debug)]
pub(super) struct EcPoint {
    curve: Curve,
    x: Vec<u8>,
    y: EcY,
}

/// The second coordinate.
#[derive(Clone, Debug)]
enum EcY {
    Even,
    Known(Vec<u8>),
    Odd,
}

impl EcPoint {
    /// From both coordinates at full length, as in a JWK (RFC 7518 section 6.2.1).
    pub(super) fn from_coordinates(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, KeyError> {
        let expected = curve.coordinate_bytes();
        for (what, bytes) in [("x coordinate", x), ("y coordinate", y)] {
            if bytes.len() != expected {
                return Err(KeyError::Length { what, expected, found: bytes.len() });
            }
        }
        Ok(Self { curve, x: x.to_vec(), y: EcY::Known(y.to_vec()) })
    }

    /// From the compressed or uncompressed octets of SEC 1 section 2.3.3; infinity and hybrid forms are refused.
    pub(super) fn from_sec1(curve: Curve, octets: &[u8]) -> Result<Self, KeyError> {
        let Some((form, rest)) = octets.split_first() else {
            return Err(KeyError::Malformed { problem: "an empty point" });
        };
        let expected = curve.coordinate_bytes();
        match form {
            0x02 | 0x03 if rest.len() == expected => {
                let y = if *form == 0x02 { EcY::Even } else { EcY::Odd };
                Ok(Self { curve, x: rest.to_vec(), y })
            }
            0x04 => match rest.split_at_checked(expected) {
                Some((x, y)) => Self::from_coordinates(curve, x, y),
                None => Err(KeyError::Malformed { problem: "a cut point" }),
            },
            0x02 | 0x03 => Err(KeyError::Length {
                what: "compressed point",
                expected: expected + 1,
                found: octets.len(),
            }),
            _ => Err(KeyError::Malformed { problem: "a point in a form that is not allowed" }),
        }
    }

    pub(super) const fn curve(&self) -> Curve {
        self.curve
    }

    /// The octets of SEC 1 section 2.3.3.
    pub(super) fn to_sec1(&self) -> Vec<u8> {
        let (form, y): (u8, &[u8]) = match &self.y {
            EcY::Even => (0x02, &[]),
            EcY::Known(y) => (0x04, y),
            EcY::Odd => (0x03, &[]),
        };
        [&[form], self.x.as_slice(), y].concat()
    }

    fn y_is_odd(&self) -> bool {
        match &self.y {
            EcY::Even => false,
            EcY::Known(y) => y.last().is_some_and(|last| last & 1 == 1),
            EcY::Odd => true,
        }
    }
}

impl PartialEq for EcPoint {
    /// A point of a curve is told by its first coordinate and the parity of its second, so that both published forms
    /// of one key are equal. What lies off the curve verifies nothing, whatever it equals.
    fn eq(&self, other: &Self) -> bool {
        self.curve == other.curve && self.x == other.x && self.y_is_odd() == other.y_is_odd()
    }
}

impl Eq for EcPoint {}

/// The least modulus that verifies (NIST SP 800-131A; 1EdTech Security Framework section 4).
pub(super) const RSA_MIN_BITS: usize = 2048;

/// The largest modulus: verifying costs 8 ms there and grows with the square. Go's `crypto/tls` stops here too.
const RSA_MAX_BITS: usize = 8192;

/// Exponents stay below 2^33: a long one turns each verification into seconds of work.
const RSA_MAX_EXPONENT: u64 = (1 << 33) - 1;

/// The numbers of an RSA key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RsaKey {
    /// Big-endian, without leading zeros.
    modulus: Vec<u8>,
    exponent: u64,
}

impl RsaKey {
    fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let modulus = without_leading_zeros(modulus);
        let exponent = without_leading_zeros(exponent);
        let range = |problem| Err(KeyError::RsaRange { problem });
        if modulus.len() > RSA_MAX_BITS / 8 {
            return range("a modulus of more than 8192 bits");
        }
        if modulus.last().is_none_or(|last| last & 1 == 0) {
            return range("an even modulus");
        }
        if exponent.len() > 8 {
            return range("an exponent of more than 33 bits");
        }
        let exponent = exponent.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        if exponent > RSA_MAX_EXPONENT {
            return range("an exponent of more than 33 bits");
        }
        if exponent < 3 || exponent & 1 == 0 {
            return range("an exponent that is even or under 3");
        }
        Ok(Self { modulus: modulus.to_vec(), exponent })
    }

    fn bits(&self) -> usize {
        // `leading_zeros` of a byte is at most 8: the conversion cannot fail.
        let unused =
            self.modulus.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or(0));
        (self.modulus.len() * 8).saturating_sub(unused)
    }

    #[cfg_attr(not(feature = "jose"), allow(dead_code))]
    pub(super) fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// Big-endian, without leading zeros.
    pub(super) fn exponent_bytes(&self) -> Vec<u8> {
        without_leading_zeros(&self.exponent.to_be_bytes()).to_vec()
    }
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
