//! Keys that can sign, for tests. They are public and worth nothing.

use p256::ecdsa::signature::Signer;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha384};

use crate::proof::key::{Curve, EcPoint};
use crate::proof::{PublicKey, multikey};

/// A key pair of P-256.
pub(in crate::proof) struct P256(p256::ecdsa::SigningKey);

impl P256 {
    /// The key pair of somebody: the private key is the digest of the name.
    pub(in crate::proof) fn of(name: &str) -> Self {
        Self(p256::ecdsa::SigningKey::from_slice(&Sha256::digest(name)).unwrap())
    }

    pub(in crate::proof) fn public(&self) -> PublicKey {
        multikey::from_multicodec(&self.multikey()).unwrap()
    }

    /// The public key as a Multikey before its base58: the multicodec, and the point in compressed form.
    pub(in crate::proof) fn multikey(&self) -> Vec<u8> {
        [&[0x80, 0x24], self.0.verifying_key().to_sec1_point(true).as_bytes()].concat()
    }

    /// `r` and `s`, with the nonce of RFC 6979: one message, one signature.
    pub(in crate::proof) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        signature.to_bytes().to_vec()
    }
}

/// A key pair of either curve.
pub(super) enum Ec {
    P256(P256),
    P384(p384::ecdsa::SigningKey),
}

impl Ec {
    pub(super) fn of(curve: Curve, name: &str) -> Self {
        match curve {
            Curve::P256 => Self::P256(P256::of(name)),
            Curve::P384 => Self::P384(p384::ecdsa::SigningKey::from_slice(&Sha384::digest(name)).unwrap()),
        }
    }

    /// The octets of the public point, compressed or not.
    pub(super) fn octets(&self, is_compressed: bool) -> Vec<u8> {
        match self {
            Self::P256(key) => key.0.verifying_key().to_sec1_point(is_compressed).as_bytes().to_vec(),
            Self::P384(key) => key.verifying_key().to_sec1_point(is_compressed).as_bytes().to_vec(),
        }
    }

    pub(super) fn public(&self) -> PublicKey {
        let curve = match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
        };
        PublicKey::ec(EcPoint::from_sec1(curve, &self.octets(false)).unwrap())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => key.sign(message),
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
        }
    }
}

/// An RSA key pair.
pub(super) struct Rsa(RsaPrivateKey);

impl Rsa {
    /// A modulus of 2048 bits.
    pub(super) fn even_bytes(exponent: u64) -> Option<Self> {
        Self::of(PRIMES_2048, exponent)
    }

    /// A modulus of 2049 bits: an encoded message of PSS is one byte shorter than it (RFC 8017 section 8.1.1).
    pub(super) fn odd_bits(exponent: u64) -> Option<Self> {
        Self::of(PRIMES_2049, exponent)
    }

    /// `None` if the exponent has no inverse.
    fn of(primes: [&str; 2], exponent: u64) -> Option<Self> {
        let [p, q] = primes.map(|digits| BoxedUint::from_be_slice_vartime(&hex(digits)));
        RsaPrivateKey::from_p_q(p, q, BoxedUint::from(exponent)).ok().map(Self)
    }

    pub(super) fn modulus(&self) -> Vec<u8> {
        let bytes = self.0.n().to_be_bytes();
        bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
    }

    pub(super) fn bits(&self) -> usize {
        usize::try_from(self.0.n().bits()).unwrap()
    }

    pub(super) fn public(&self) -> PublicKey {
        PublicKey::rsa(&self.modulus(), &self.0.e().to_be_bytes()).unwrap()
    }

    /// The private operation on an encoded message, whatever that is (RFC 8017 section 5.2.1).
    pub(super) fn sign_encoded(&self, encoded: &[u8]) -> Vec<u8> {
        let precision = self.0.n_bits_precision();
        let message = BoxedUint::from_be_slice(encoded, precision).unwrap();
        let signature = rsa::hazmat::rsa_decrypt(None::<&mut NoRandomness>, &self.0, &message).unwrap();
        let bytes = signature.to_be_bytes();
        bytes[bytes.len() - self.modulus().len()..].to_vec()
    }
}

/// Blinding is for secrets: here it is off.
struct NoRandomness;

impl TryRng for NoRandomness {
    type Error = std::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(std::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(std::fmt::Error)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
        Err(std::fmt::Error)
    }
}

impl TryCryptoRng for NoRandomness {}

pub(super) fn hex(digits: &str) -> Vec<u8> {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Made once with `openssl genrsa 2048`.
const PRIMES_2048: [&str; 2] = [
    "ffe365dc3bc4714d95c663d3bafc36bc52914b3ff59675769ed30e0addd5269d6e2c49573f1e226718c9cc97e466a23ca2be\
     be8f7f3d7afb302982caa85fe68fd72915295f93886a44d29a44fb877c7bbccbb3c3ff911ce41bc82f85c6ae6da4a41a7d97\
     7c4dbd208e45653a4163cd447480ac97809b7dc3d33bc933171ee307",
    "e2475fa1a57e44d5f0e6502d7f33d30a3a58a03c42c817f0185a5494aeae778e2c94a39a2b701d0c8d3929de35c28beebdd6\
     560f84c968622b248f53cf2c0a18d4f7b8329ecea932b94dd886ff419380475c3164bcaa6d24c8495629232f8c576aa9a781\
     582c5b7215b2c372e04505b0efbd518df2adacb4b84f09afc8d6115b",
];

/// Made once with `openssl genrsa -3 2049`.
const PRIMES_2049: [&str; 2] = [
    "0187df11f13659e5fa95a0b0ced07fa5ea4aa15ef09c0e58f4c8027011ee52826e5530000b89e9ea53de7ff50ba170d04b5f\
     69347887142be7252cd370cd8db9599215ec0e90166e524e3c7d5f5a34189a93a43b2b5a2510ea461ee8f61a7372d110fecd\
     532df811a09b903b0b217d39ced294ff48492f89a4c1072f684374978b",
    "dd1a2dc59bf74202833a858281cd3086ecf75822b2b11544fd6e4f8ad419dfe774c355f69a3c57bf3df90b6017445c18976e\
     c110b90a01d6eaa5cd882d34492966a38ed26afaf148e91588f2d45ac9e42f701404038be4ef447dad85ba102f3d52b183c0\
     2a4490fd16b815ac6c734ddde2ff12e66161a6d1675391c3d8e878a5",
];
