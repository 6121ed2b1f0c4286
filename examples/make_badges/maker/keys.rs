//! Test keys, and what can be signed with them. They are public and worth nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use josekit::jwk::KeyPair as _;
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::alg::hmac::HmacJwsAlgorithm;
use josekit::jws::alg::rsassa::RsassaJwsAlgorithm;
use josekit::jws::{JwsSigner as _, RS256};
use openbadges::jsonld::ContextStore;
use openbadges::limits::Limits;
use openbadges::proof::integrity::{Cryptosuite, prepare};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::edit::with;

/// An Ed25519 key pair.
pub(super) struct Ed25519(SigningKey);

impl Ed25519 {
    /// The key pair of somebody: the seed is the digest of a sentence with the name.
    pub(super) fn of(name: &str) -> Self {
        let seed = Sha256::digest(format!("openbadges test key of {name}"));
        Self(SigningKey::from_bytes(&seed.into()))
    }

    /// The public key as a Multikey (Controlled Identifiers 1.0 section 2.2.2).
    pub(super) fn multikey(&self) -> String {
        const ED25519_PUB: [u8; 2] = [0xED, 0x01];
        let bytes = [ED25519_PUB.as_slice(), self.0.verifying_key().as_bytes()].concat();
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The DID that holds the public key.
    pub(super) fn did(&self) -> String {
        format!("did:key:{}", self.multikey())
    }

    /// The name of the only verification method of that DID.
    pub(super) fn did_method(&self) -> String {
        format!("{}#{}", self.did(), self.multikey())
    }

    /// The public key as a JWK (RFC 8037).
    pub(super) fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.0.verifying_key().as_bytes())})
    }

    /// A compact JWS with EdDSA. `header` says what stands beside the algorithm.
    pub(super) fn jws(&self, header: &Value, payload: &Value) -> String {
        let input = signing_input("EdDSA", header, payload);
        let signature = self.0.sign(input.as_bytes()).to_bytes();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The document with a proof of Data Integrity: `proof`, and the value that signs both.
    pub(super) fn seal(&self, document: &Value, proof: &Value) -> Value {
        self.seal_under(document, proof, &ContextStore::bundled())
    }

    /// The same, under other contexts than those of today.
    pub(super) fn seal_under(&self, document: &Value, proof: &Value, contexts: &ContextStore) -> Value {
        let members = |value: &Value| -> Map<String, Value> { value.as_object().expect("an object").clone() };
        let mut proof = members(proof);
        // What is signed does not depend on the value, which must only have the length of one.
        let value =
            |signature: [u8; 64]| Value::String(format!("z{}", bs58::encode(signature).into_string()));
        proof.insert("proofValue".to_owned(), value([0; 64]));
        let suite = Cryptosuite::of(&proof).expect("a suite of ours");
        let prepared = prepare(&members(document), &proof, suite, contexts, &Limits::default())
            .expect("a document that its contexts define");
        proof.insert("proofValue".to_owned(), value(self.0.sign(prepared.message()).to_bytes()));
        let mut sealed = members(document);
        sealed.insert("proof".to_owned(), Value::Object(proof));
        Value::Object(sealed)
    }
}

/// An RSA key pair of 2048 bits.
pub(super) struct Rsa(RsaKeyPair);

impl Rsa {
    pub(super) fn rowing() -> Self {
        Self::from_pem(include_str!("../../../tests/badges/keys/rowing-rsa.pem"))
    }

    pub(super) fn observatory() -> Self {
        Self::from_pem(include_str!("../../../tests/badges/keys/observatory-rsa.pem"))
    }

    /// The key of somebody who speaks for no issuer.
    pub(super) fn stranger() -> Self {
        Self::from_pem(include_str!("../../../tests/badges/keys/stranger-rsa.pem"))
    }

    fn from_pem(pem: &str) -> Self {
        Self(RS256.key_pair_from_pem(pem).expect("a key of ours"))
    }

    /// The public key in PEM.
    pub(super) fn pem(&self) -> String {
        String::from_utf8(self.0.to_pem_public_key()).expect("PEM is ASCII")
    }

    /// The public key as a JWK.
    pub(super) fn jwk(&self) -> Value {
        let jwk = self.0.to_jwk_public_key();
        json!({"kty": "RSA", "n": jwk.parameter("n"), "e": jwk.parameter("e")})
    }

    /// A compact JWS with RS256. `header` says what stands beside the algorithm.
    pub(super) fn jws(&self, header: &Value, payload: &Value) -> String {
        let input = signing_input("RS256", header, payload);
        let signer =
            RsassaJwsAlgorithm::Rs256.signer_from_pem(self.0.to_pem_private_key()).expect("a key of ours");
        let signature = signer.sign(input.as_bytes()).expect("a key that signs");
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A compact JWS that nobody signed.
pub(super) fn unsigned_jws(header: &Value, payload: &Value) -> String {
    format!("{}.", signing_input("none", header, payload))
}

/// A compact JWS with HS256: whoever can verify it could have made it.
pub(super) fn hmac_jws(secret: &str, header: &Value, payload: &Value) -> String {
    let input = signing_input("HS256", header, payload);
    let signer = HmacJwsAlgorithm::Hs256.signer_from_bytes(secret).expect("a long secret");
    let signature = signer.sign(input.as_bytes()).expect("a secret that signs");
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The same JWS with another payload.
pub(super) fn tampered_jws(jws: &str, payload: &Value) -> String {
    let parts: Vec<&str> = jws.split('.').collect();
    let [header, _, signature] = parts.as_slice() else { panic!("{jws} is no JWS") };
    format!("{header}.{}.{signature}", encoded(payload))
}

pub(super) fn signing_input(algorithm: &str, header: &Value, payload: &Value) -> String {
    let mut members = json!({"alg": algorithm, "typ": "JWT"});
    for (name, value) in header.as_object().into_iter().flatten() {
        members = with(&members, &format!("/{name}"), value.clone());
    }
    format!("{}.{}", encoded(&members), encoded(payload))
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
