//! Badges that are signed here, with each algorithm and of any size, and the raw signature in each.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::EcCurve;
use josekit::jws::alg::ecdsa::EcdsaJwsAlgorithm;
use josekit::jws::alg::rsassa::RsassaJwsAlgorithm;
use josekit::jws::alg::rsassa_pss::RsassaPssJwsAlgorithm;
use josekit::jws::{JwsSigner, RS256};
use openbadges::jsonld::ContextStore;
use openbadges::jws::CompactJws;
use openbadges::limits::Limits;
use openbadges::proof::integrity::{Cryptosuite, prepare};
use openbadges::proof::{self, Algorithm, PublicKey};
use serde_json::{Map, Value, json};

use super::{file, text};

/// A signature with all that is needed to check it.
pub(crate) struct Signature {
    key: PublicKey,
    algorithm: Algorithm,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signature {
    /// The signature of a JWS by this key.
    pub(crate) fn of_jws(jws: &str, key: PublicKey, algorithm: Algorithm) -> Self {
        let jws = CompactJws::parse(jws.trim(), &Limits::default()).expect("a JWS");
        Self { key, algorithm, message: jws.signing_input().to_vec(), signature: jws.signature().to_vec() }
    }

    /// The raw check: what no verifier can do without.
    pub(crate) fn verify(&self) {
        proof::verify(&self.key, self.algorithm, &self.message, &self.signature)
            .expect("a signature that holds");
    }

    /// The same with ed25519-dalek alone.
    pub(crate) fn verify_ed25519(&self, key: &SigningKey) {
        let signature = ed25519_dalek::Signature::from_slice(&self.signature).expect("64 bytes");
        key.verifying_key().verify_strict(&self.message, &signature).expect("a signature that holds");
    }
}

/// The algorithms of a JWT.
pub(crate) const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::EdDsa,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
];

/// The key of everything that is signed with Ed25519 here.
pub(crate) fn ed25519() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A badge as a JWT, whose issuer is a DID that holds the key.
pub(crate) fn jwt(algorithm: Algorithm) -> (String, Signature) {
    let (public, signer) = key_pair(algorithm);
    let issuer = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(Value::Object(public.clone()).to_string()));
    let jws = text("ob3/jwt-did-key.jws");
    let jws = CompactJws::parse(jws.trim(), &Limits::default()).expect("a JWS");
    let mut claims: Value = serde_json::from_slice(jws.payload()).expect("JSON");
    claims["iss"] = issuer.clone().into();
    claims["issuer"]["id"] = issuer.clone().into();
    let header = json!({"alg": algorithm.as_str(), "typ": "JWT", "kid": format!("{issuer}#0")});
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", encoded(&header), encoded(&claims));
    let jws = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signer(input.as_bytes())));
    let key = PublicKey::from_jwk(&public).expect("a key");
    let signature = Signature::of_jws(&jws, key, algorithm);
    (jws, signature)
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A public key as a JWK, and what signs with its other half.
fn key_pair(algorithm: Algorithm) -> (Map<String, Value>, Sign) {
    if algorithm == Algorithm::EdDsa {
        let key = ed25519();
        let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        return (
            members(&json!({"kty": "OKP", "crv": "Ed25519", "x": x})),
            Box::new(move |input| key.sign(input).to_bytes().to_vec()),
        );
    }
    let rsa = || {
        let pair = RS256.key_pair_from_pem(file("keys/rowing-rsa.pem")).expect("a key");
        let mut key = pair.to_jwk_key_pair();
        // It signs with any algorithm.
        key.set_parameter("alg", None).expect("a parameter");
        key
    };
    let ec = |curve| Jwk::generate_ec_key(curve).expect("a key");
    let rs = |algorithm: RsassaJwsAlgorithm, key: &Jwk| {
        boxed(algorithm.signer_from_jwk(key).expect("a key that signs"))
    };
    let ps = |algorithm: RsassaPssJwsAlgorithm, key: &Jwk| {
        boxed(algorithm.signer_from_jwk(key).expect("a key that signs"))
    };
    let es = |algorithm: EcdsaJwsAlgorithm, key: &Jwk| {
        boxed(algorithm.signer_from_jwk(key).expect("a key that signs"))
    };
    let (key, sign) = match algorithm {
        Algorithm::Es256 => with(ec(EcCurve::P256), |key| es(EcdsaJwsAlgorithm::Es256, key)),
        Algorithm::Es384 => with(ec(EcCurve::P384), |key| es(EcdsaJwsAlgorithm::Es384, key)),
        Algorithm::Ps256 => with(rsa(), |key| ps(RsassaPssJwsAlgorithm::Ps256, key)),
        Algorithm::Ps384 => with(rsa(), |key| ps(RsassaPssJwsAlgorithm::Ps384, key)),
        Algorithm::Ps512 => with(rsa(), |key| ps(RsassaPssJwsAlgorithm::Ps512, key)),
        Algorithm::Rs256 => with(rsa(), |key| rs(RsassaJwsAlgorithm::Rs256, key)),
        Algorithm::Rs384 => with(rsa(), |key| rs(RsassaJwsAlgorithm::Rs384, key)),
        _ => with(rsa(), |key| rs(RsassaJwsAlgorithm::Rs512, key)),
    };
    let public = key.to_public_key().expect("its public half");
    let kept = ["kty", "crv", "x", "y", "n", "e"];
    let public: Map<String, Value> = members(&serde_json::to_value(public).expect("JSON"));
    (public.into_iter().filter(|(name, _)| kept.contains(&name.as_str())).collect(), sign)
}

fn with(key: Jwk, signer: impl FnOnce(&Jwk) -> Sign) -> (Jwk, Sign) {
    let sign = signer(&key);
    (key, sign)
}

fn boxed(signer: impl JwsSigner + 'static) -> Sign {
    Box::new(move |input| signer.sign(input).expect("a key that signs"))
}

/// A badge with so many pieces of evidence, each of them a blank node, and a proof of this suite by [`ed25519`].
pub(crate) fn sealed(suite: &str, evidence: usize) -> (Vec<u8>, Signature) {
    let key = ed25519();
    let bytes = [[0xED, 0x01].as_slice(), key.verifying_key().as_bytes()].concat();
    let multikey = format!("z{}", bs58::encode(bytes).into_string());
    let method = format!("did:key:{multikey}#{multikey}");
    let mut document = credential(evidence);
    document["issuer"]["id"] = format!("did:key:{multikey}").into();
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "proofValue": format!("z{}", bs58::encode([0; 64]).into_string()),
    });
    if suite.ends_with("jcs-2022") {
        proof["@context"] = document["@context"].clone();
    }
    let proof_members = members(&proof);
    let cryptosuite = Cryptosuite::of(&proof_members).expect("a suite of ours");
    let contexts = ContextStore::bundled();
    let prepared = prepare(&members(&document), &proof_members, cryptosuite, &contexts, &Limits::default())
        .expect("a document that its contexts define");
    let message = prepared.message().to_vec();
    let signature = key.sign(&message).to_bytes().to_vec();
    proof["proofValue"] = format!("z{}", bs58::encode(&signature).into_string()).into();
    document["proof"] = proof;
    let public = PublicKey::from_multikey(&multikey).expect("a key");
    let signature = Signature { key: public, algorithm: Algorithm::EdDsa, message, signature };
    (document.to_string().into_bytes(), signature)
}

/// The same without proof and status.
pub(crate) fn credential(evidence: usize) -> Value {
    let mut credential: Value = serde_json::from_slice(&file("ob3/integrity.json")).expect("JSON");
    let object = credential.as_object_mut().expect("an object");
    object.remove("proof");
    object.remove("credentialStatus");
    if evidence > 0 {
        object.insert("evidence".to_owned(), (0..evidence).map(piece_of_evidence).collect());
    }
    credential
}

fn piece_of_evidence(index: usize) -> Value {
    json!({"type": ["Evidence"], "name": format!("Evening {index}"), "narrative": "A story."})
}

fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}
