//! Keys of every kind that badges are signed with. One key and one message give one signature, byte for byte.

use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signer as _;
use josekit::jwk::KeyPair as _;
use josekit::jws::RS256;
use openbadges::jsonld::ContextStore;
use openbadges::limits::Limits;
use openbadges::proof::integrity::{Cryptosuite, Prepared, prepare};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, RsaPrivateKey, pkcs1v15, pss};
use serde_json::{Map, Value, json};
use sha2::Digest as _;

use super::edit::with;
use super::keys::signing_input;

/// A key pair.
pub(super) enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Rsa(Box<RsaPrivateKey>),
}

impl Key {
    pub(super) fn ed25519(name: &str) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed(name)))
    }

    pub(super) fn p256(name: &str) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&seed(name)).expect("a number below the order"))
    }

    pub(super) fn p384(name: &str) -> Self {
        let seed = Sha384::digest(sentence(name));
        Self::P384(p384::ecdsa::SigningKey::from_slice(&seed).expect("a number below the order"))
    }

    pub(super) fn rsa_of_the_observatory() -> Self {
        Self::rsa(include_str!("../../../tests/badges/keys/observatory-rsa.pem"))
    }

    /// The key of somebody who speaks for no issuer.
    pub(super) fn rsa_of_a_stranger() -> Self {
        Self::rsa(include_str!("../../../tests/badges/keys/stranger-rsa.pem"))
    }

    fn rsa(pem: &str) -> Self {
        let jwk = RS256.key_pair_from_pem(pem).expect("a key of ours").to_jwk_private_key();
        let number = |name: &str| {
            let digits = jwk.parameter(name).and_then(|value| value.as_str()).expect("a number of the key");
            BoxedUint::from_be_slice_vartime(&URL_SAFE_NO_PAD.decode(digits).expect("base64url"))
        };
        let key = RsaPrivateKey::from_p_q(number("p"), number("q"), number("e")).expect("a key of ours");
        Self::Rsa(Box::new(key))
    }

    /// The public key as a Multikey (Controlled Identifiers 1.0 section 2.2.2).
    pub(super) fn multikey(&self) -> String {
        format!("z{}", bs58::encode(self.multicodec()).into_string())
    }

    /// The prefix of the multicodec registry, and the key.
    pub(super) fn multicodec(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => [&[0xED, 0x01], key.verifying_key().as_bytes().as_slice()].concat(),
            Self::P256(key) => [&[0x80, 0x24], key.verifying_key().to_sec1_point(true).as_bytes()].concat(),
            Self::P384(key) => [&[0x81, 0x24], key.verifying_key().to_sec1_point(true).as_bytes()].concat(),
            Self::Rsa(key) => {
                let numbers = [unsigned(&key.n().to_be_bytes()), unsigned(&key.e().to_be_bytes())].concat();
                [&[0x85, 0x24], der(0x30, &numbers).as_slice()].concat()
            }
        }
    }

    /// The public key in base58 alone, as the types of 2018 have it.
    pub(super) fn base58(&self) -> String {
        bs58::encode(&self.multicodec()[2..]).into_string()
    }

    /// The `did:key` that holds the public key.
    pub(super) fn did(&self) -> String {
        format!("did:key:{}", self.multikey())
    }

    /// The name of the only verification method of that DID.
    pub(super) fn did_method(&self) -> String {
        format!("{}#{}", self.did(), self.multikey())
    }

    /// The public key as a JWK (RFC 7518 section 6, RFC 8037 section 2).
    pub(super) fn jwk(&self) -> Value {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let ec = |curve: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            json!({"kty": "EC", "crv": curve, "x": number(x), "y": number(y)})
        };
        match self {
            Self::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": number(key.verifying_key().as_bytes())})
            }
            Self::P256(key) => ec("P-256", key.verifying_key().to_sec1_point(false).as_bytes()),
            Self::P384(key) => ec("P-384", key.verifying_key().to_sec1_point(false).as_bytes()),
            Self::Rsa(key) => json!({
                "kty": "RSA",
                "n": number(without_zeros(&key.n().to_be_bytes())),
                "e": number(without_zeros(&key.e().to_be_bytes())),
            }),
        }
    }

    /// The `did:jwk` that holds the public key.
    pub(super) fn did_jwk(&self) -> String {
        did_jwk(&self.jwk())
    }

    /// A compact JWS. `header` says what stands beside the algorithm.
    pub(super) fn jws(&self, algorithm: &str, header: &Value, payload: &Value) -> String {
        let input = signing_input(algorithm, header, payload);
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.sign(algorithm, input.as_bytes())))
    }

    /// The document with a proof of Data Integrity: `proof`, and the value that signs both.
    pub(super) fn seal(&self, document: &Value, proof: &Value) -> Value {
        // What is signed does not depend on the value, which must only have the length of one.
        let value = |signature: &[u8]| format!("z{}", bs58::encode(signature).into_string());
        let length = if matches!(self, Self::P384(_)) { 96 } else { 64 };
        let unsigned = with(proof, "/proofValue", value(&vec![0; length]));
        let signature = self.sign("", prepared(document, &unsigned).message());
        with(document, "/proof", with(&unsigned, "/proofValue", value(&signature)))
    }

    /// A signature. Only RSA has more than one algorithm for one key.
    pub(super) fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        match (self, algorithm) {
            (Self::Ed25519(key), _) => key.sign(message).to_bytes().to_vec(),
            (Self::P256(key), _) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            (Self::P384(key), _) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            (Self::Rsa(key), "RS256") => {
                pkcs1v15::SigningKey::<Sha256>::new(*key.clone()).sign(message).to_vec()
            }
            (Self::Rsa(key), "RS384") => {
                pkcs1v15::SigningKey::<Sha384>::new(*key.clone()).sign(message).to_vec()
            }
            (Self::Rsa(key), "RS512") => {
                pkcs1v15::SigningKey::<Sha512>::new(*key.clone()).sign(message).to_vec()
            }
            (Self::Rsa(key), "PS256") => {
                pss::SigningKey::<Sha256>::new(*key.clone()).sign_with_rng(&mut Salt, message).to_vec()
            }
            (Self::Rsa(key), "PS384") => {
                pss::SigningKey::<Sha384>::new(*key.clone()).sign_with_rng(&mut Salt, message).to_vec()
            }
            (Self::Rsa(key), "PS512") => {
                pss::SigningKey::<Sha512>::new(*key.clone()).sign_with_rng(&mut Salt, message).to_vec()
            }
            (Self::Rsa(_), other) => panic!("{other} is no algorithm for RSA"),
        }
    }
}

/// What a proof of a document signs.
pub(super) fn prepared(document: &Value, proof: &Value) -> Prepared {
    let members = |value: &Value| -> Map<String, Value> { value.as_object().expect("an object").clone() };
    let proof = members(proof);
    let suite = Cryptosuite::of(&proof).expect("a suite of ours");
    prepare(&members(document), &proof, suite, &ContextStore::bundled(), &Limits::default())
        .expect("a document that its contexts define")
}

/// The `did:jwk` of a JWK.
pub(super) fn did_jwk(jwk: &Value) -> String {
    format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string()))
}

fn sentence(name: &str) -> String {
    format!("openbadges test key of {name}")
}

fn seed(name: &str) -> [u8; 32] {
    Sha256::digest(sentence(name)).into()
}

/// An element of DER, of less than 64 KiB (ITU-T X.690 section 8.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short element").to_be_bytes();
    let length = match length {
        [0, short @ ..0x80] => vec![short],
        [0, short] => vec![0x81, short],
        [high, low] => vec![0x82, high, low],
    };
    [&[tag], length.as_slice(), content].concat()
}

/// A number of DER, which is not negative.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let bytes = without_zeros(bytes);
    let sign: &[u8] = if bytes[0] < 0x80 { &[] } else { &[0] };
    der(0x02, &[sign, bytes].concat())
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// The salt of every signature, where a random one is due.
struct Salt;

impl TryRng for Salt {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x5A5A_5A5A)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x5A5A_5A5A_5A5A_5A5A)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(0x5A);
        Ok(())
    }
}

impl TryCryptoRng for Salt {}
