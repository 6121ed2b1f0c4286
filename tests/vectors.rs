//! Published test vectors for keys, signatures and what is signed.
//!
//! They are read from the folder that the environment variable `OPENBADGES_CONFORMANCE` names; where it is unset,
//! each test says that it ran none.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::jcs;
use openbadges::jsonld::{ContextStore, Quad};
use openbadges::limits::Limits;
use openbadges::proof::did::{self, DidError};
use openbadges::proof::integrity::{
    Cryptosuite, Expectations, IntegrityError, Prepared, ProofResult, key_in_did, prepare, verify_credential,
};
use openbadges::proof::{
    Algorithm, AlgorithmError, KeyDocument, KeyError, PublicKey, SignatureError, verify,
};
use serde_json::{Map, Value, json};

fn conformance() -> Option<PathBuf> {
    let folder = std::env::var_os("OPENBADGES_CONFORMANCE").map(PathBuf::from);
    if folder.is_none() {
        println!("OPENBADGES_CONFORMANCE is not set: no vector was run");
    }
    folder
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn object(path: &Path) -> Map<String, Value> {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Without a feature for it, keys are read but RSA and ECDSA signatures are not verified.
fn expected(algorithm: Algorithm) -> Result<(), SignatureError> {
    if algorithm == Algorithm::EdDsa || cfg!(any(feature = "jose", feature = "rustcrypto")) {
        Ok(())
    } else {
        Err(SignatureError::Unsupported)
    }
}

/// The bundled contexts, and the two that only the W3C vectors use.
fn contexts(folder: &Path) -> ContextStore {
    let document = |name: &str| Value::Object(object(&folder.join("contexts").join(name)));
    ContextStore::bundled()
        .with_document("https://w3id.org/citizenship/v4rc1", document("citizenship-v4rc1.jsonld"))
        .unwrap()
        .with_document(
            "https://www.w3.org/ns/credentials/examples/v2",
            document("credentials-examples-v2.jsonld"),
        )
        .unwrap()
}

/// The folder of a vector, the suffix of its files, and its suite.
const DATA_INTEGRITY: [(&str, &str, &str, Cryptosuite); 10] = [
    ("w3c-vc-di-eddsa", "Ed25519Signature2020", "EdSig", Cryptosuite::Ed25519Signature2020),
    ("w3c-vc-di-eddsa", "eddsa-jcs-2022", "JCS", Cryptosuite::EddsaJcs2022),
    ("w3c-vc-di-eddsa", "eddsa-rdfc-2022", "DataInt", Cryptosuite::EddsaRdfc2022),
    ("w3c-vc-di-eddsa", "eddsa-rdfc-2022/employ", "DataInt", Cryptosuite::EddsaRdfc2022),
    ("w3c-vc-di-ecdsa", "ecdsa-jcs-2019-p256", "JCSECDSAP256", Cryptosuite::EcdsaJcs2019),
    ("w3c-vc-di-ecdsa", "ecdsa-jcs-2019-p384", "JCSECDSAP384", Cryptosuite::EcdsaJcs2019),
    ("w3c-vc-di-ecdsa", "ecdsa-rdfc-2019-p256", "ECDSAP256", Cryptosuite::EcdsaRdfc2019),
    ("w3c-vc-di-ecdsa", "ecdsa-rdfc-2019-p256/employ", "ECDSAP256", Cryptosuite::EcdsaRdfc2019),
    ("w3c-vc-di-ecdsa", "ecdsa-rdfc-2019-p384", "ECDSAP384", Cryptosuite::EcdsaRdfc2019),
    ("w3c-vc-di-ecdsa", "ecdsa-rdfc-2019-p384/employ", "ECDSAP384", Cryptosuite::EcdsaRdfc2019),
];

/// Prepares a proof of a document, with the key that its `did:key` holds.
fn prepared(document: &Map<String, Value>, proof: &Value, contexts: &ContextStore) -> (Prepared, PublicKey) {
    let proof = proof.as_object().unwrap();
    let suite = Cryptosuite::of(proof).unwrap();
    let prepared = prepare(document, proof, suite, contexts, &Limits::default()).unwrap();
    let method = did::resolve(proof["verificationMethod"].as_str().unwrap(), &Limits::default()).unwrap();
    (prepared, method.key().unwrap().clone())
}

#[test]
fn data_integrity_reproduces_every_value_and_verifies() {
    let Some(folder) = conformance() else { return };
    for (family, name, suffix, suite) in DATA_INTEGRITY {
        let contexts = contexts(&folder.join(family));
        let folder = folder.join(family).join("TestVectors").join(name);
        let file = |prefix: &str, end: &str| text(&folder.join(format!("{prefix}{suffix}.{end}")));
        let signed = object(&folder.join(format!("signed{suffix}.json")));
        let (prepared, key) = prepared(&signed, &signed["proof"], &contexts);

        assert_eq!(Cryptosuite::of(signed["proof"].as_object().unwrap()), Ok(suite), "{name}");
        assert_eq!(prepared.canonical_document(), file("canonDoc", "txt"), "{name}");
        assert_eq!(prepared.canonical_proof(), file("proofCanon", "txt"), "{name}");
        let (proof_hash, document_hash) = prepared.message().split_at(prepared.message().len() / 2);
        assert_eq!(hex(proof_hash), file("proofHash", "txt"), "{name}");
        assert_eq!(hex(document_hash), file("docHash", "txt"), "{name}");
        assert_eq!(hex(prepared.message()), file("combinedHash", "txt"), "{name}");
        assert_eq!(hex(prepared.signature()), file("sigHex", "txt"), "{name}");
        assert_eq!(prepared.verify(&key), expected(prepared.algorithm()), "{name}");
    }
}

#[test]
fn a_derived_proof_reproduces_every_value_and_verifies() {
    let Some(folder) = conformance() else { return };
    let folder = folder.join("w3c-vc-di-ecdsa");
    let contexts = contexts(&folder);
    for name in ["employ", "prc"] {
        let folder = folder.join("TestVectors/ecdsa-sd-2023").join(name);
        let derived = object(&folder.join("derivedRevealDocument.json"));
        let (prepared, key) = prepared(&derived, &derived["proof"], &contexts);
        let expected_data = object(&folder.join("verifyCreateVerifyData.json"));
        let statements: Vec<String> = serde_json::from_str(&text(&folder.join("verifyNQuads.json"))).unwrap();

        assert_eq!(prepared.canonical_document(), statements.concat(), "{name}");
        assert_eq!(prepared.canonical_proof(), text(&folder.join("addProofConfigCanon.txt")), "{name}");
        assert_eq!(hex(prepared.signature()), expected_data["baseSignature"], "{name}");
        let (proof_hash, rest) = prepared.message().split_at(32);
        let (proof_key, mandatory_hash) = rest.split_at(35);
        assert_eq!(hex(proof_hash), expected_data["proofHash"], "{name}");
        assert_eq!(
            format!("z{}", bs58::encode(proof_key).into_string()),
            expected_data["publicKey"],
            "{name}"
        );
        assert_eq!(hex(mandatory_hash), expected_data["mandatoryHash"], "{name}");
        let disclosure = prepared.disclosure().unwrap();
        let (others, signatures): (Vec<_>, Vec<_>) =
            disclosure.others().map(|(statement, signature)| (statement, hex(signature))).unzip();
        assert_eq!(json!(others), expected_data["nonMandatory"], "{name}");
        assert_eq!(json!(signatures), expected_data["signatures"], "{name}");
        let is_mandatory = |quad: &&Quad| disclosure.is_mandatory(quad);
        assert_eq!(prepared.document_quads().unwrap().iter().filter(is_mandatory).count(), 4, "{name}");
        assert_eq!(prepared.verify(&key), expected(Algorithm::Es256), "{name}");
    }
}

#[test]
fn a_base_proof_is_for_the_holder_alone() {
    let Some(folder) = conformance() else { return };
    let folder = folder.join("w3c-vc-di-ecdsa");
    let contexts = contexts(&folder);
    for name in ["employ", "prc"] {
        let base = object(&folder.join("TestVectors/ecdsa-sd-2023").join(name).join("addSignedSDBase.json"));
        let proof = base["proof"].as_object().unwrap();
        let error = prepare(&base, proof, Cryptosuite::EcdsaSd2023, &contexts, &Limits::default());
        assert!(
            matches!(error, Err(IntegrityError::Malformed { problem }) if problem.contains("base proof")),
            "{name}"
        );
        assert!(!is_verified(base, &contexts), "{name}");
    }
}

/// Every signed document of both folders, sets and chains of proofs among them, and the folder with its contexts.
fn signed_documents(folder: &Path) -> Vec<(PathBuf, Map<String, Value>)> {
    let usual =
        DATA_INTEGRITY.map(|(family, name, suffix, _)| (family, format!("{name}/signed{suffix}.json")));
    let derived = ["employ", "prc"]
        .map(|name| ("w3c-vc-di-ecdsa", format!("ecdsa-sd-2023/{name}/derivedRevealDocument.json")));
    let several = ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"]
        .map(|name| ("w3c-vc-di-eddsa", format!("proof-set-chain/{name}.json")));
    let document = |(family, file): (&str, String)| {
        let folder = folder.join(family);
        let document = object(&folder.join("TestVectors").join(file));
        (folder, document)
    };
    usual.into_iter().chain(derived).chain(several).map(document).collect()
}

/// Whether a document has proofs, all of which hold.
fn is_verified(document: Map<String, Value>, contexts: &ContextStore) -> bool {
    let (expected, limits) = (Expectations::at_any_time(), Limits::default());
    let results = verify_credential(&Value::Object(document), &expected, key_in_did, contexts, &limits);
    results.is_ok_and(|results| results.iter().all(ProofResult::is_verified))
}

/// Each bit of each byte is turned over in an optimised build. Otherwise it is one bit of each byte, another one from
/// byte to byte.
#[test]
fn no_byte_of_a_document_or_its_proofs_can_be_changed() {
    let Some(folder) = conformance() else { return };
    if expected(Algorithm::Es256).is_err() {
        println!("without RSA and ECDSA there is little to verify: no vector was run");
        return;
    }
    let (mut documents, mut changes) = (0, 0);
    for (family, signed) in signed_documents(&folder) {
        let contexts = contexts(&family);
        assert!(is_verified(signed.clone(), &contexts), "{}", signed["proof"]);
        let text = serde_json::to_vec(&signed).unwrap();
        for position in 0..text.len() {
            let bits = if cfg!(debug_assertions) { position % 8..position % 8 + 1 } else { 0..8 };
            for bit in bits {
                let mut text = text.clone();
                text[position] ^= 1 << bit;
                let Ok(changed) = serde_json::from_slice::<Map<String, Value>>(&text) else { continue };
                assert!(!is_verified(changed, &contexts), "{}", String::from_utf8_lossy(&text));
                changes += 1;
            }
        }
        documents += 1;
    }
    assert_eq!(documents, 16);
    assert!(changes > 10_000, "{changes}");
}

#[test]
fn proofs_stand_side_by_side_or_on_each_other() {
    let Some(folder) = conformance() else { return };
    let folder = folder.join("w3c-vc-di-eddsa");
    let contexts = contexts(&folder);
    let files = ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"];
    for (file, count) in files.into_iter().zip([1, 2, 3, 4]) {
        let document = object(&folder.join("TestVectors/proof-set-chain").join(format!("{file}.json")));
        let proofs = match &document["proof"] {
            Value::Array(proofs) => proofs.clone(),
            single => vec![single.clone()],
        };
        assert_eq!(proofs.len(), count, "{file}");
        for proof in &proofs {
            let (prepared, key) = prepared(&document, proof, &contexts);
            assert_eq!(prepared.verify(&key), Ok(()), "{file}: {proof}");
        }
        // Without the proof that it rests on, a proof says nothing.
        for proof in proofs.iter().filter(|proof| proof.get("previousProof").is_some()) {
            let mut cut = document.clone();
            cut.remove("proof");
            let error = prepare(
                &cut,
                proof.as_object().unwrap(),
                Cryptosuite::EddsaRdfc2022,
                &contexts,
                &Limits::default(),
            );
            assert!(matches!(error, Err(IntegrityError::PreviousProof { .. })), "{file}");
        }
    }
}

#[test]
fn json_is_canonicalized_as_by_others() {
    let Some(folder) = conformance() else { return };
    let folder = folder.join("jcs");
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let file =
            |kind: &str, end: &str| text(&folder.join("testdata").join(kind).join(format!("{name}.{end}")));
        let value: Value = serde_json::from_str(&file("input", "json")).unwrap();
        let canonical = jcs::canonicalize(&value, &Limits::default()).unwrap();
        assert_eq!(canonical, file("output", "json"), "{name}");
        let bytes: String = file("outhex", "txt").split_whitespace().collect();
        assert_eq!(hex(canonical.as_bytes()), bytes, "{name}");
        // The canonical form is its own.
        let again: Value = serde_json::from_str(&canonical).unwrap();
        assert_eq!(jcs::canonicalize(&again, &Limits::default()), Ok(canonical), "{name}");
    }
    let mut numbers = 0;
    for line in text(&folder.join("es6-numbers-2000.txt")).lines() {
        let (bits, expected) = line.split_once(',').unwrap();
        let number = json!(f64::from_bits(u64::from_str_radix(bits, 16).unwrap()));
        assert_eq!(jcs::canonicalize(&number, &Limits::default()).as_deref(), Ok(expected), "{bits}");
        numbers += 1;
    }
    assert_eq!(numbers, 2000);
}

/// What base58btc makes of the multicodecs of Ed25519, P-256, P-384, and RSA of 2048 and 4096 bits.
const SUPPORTED: [&str; 5] = ["z6Mk", "zDna", "z82", "z4MX", "zgg"];

#[test]
fn a_did_key_is_the_key_of_its_document() {
    let Some(folder) = conformance() else { return };
    let mut compared = 0;
    for name in ["ed25519-x25519", "nist-curves", "rsa"] {
        for (did, vector) in object(&folder.join("did-key").join(format!("{name}.json"))) {
            if !SUPPORTED.iter().any(|prefix| did.starts_with(&format!("did:key:{prefix}"))) {
                continue;
            }
            let resolved = did::resolve(&did, &Limits::default()).unwrap();
            let document = KeyDocument::read(&vector["didDocument"], &did, &Limits::default()).unwrap();
            let method = document.method(resolved.id().unwrap()).unwrap();
            // One vector has a type of method that was never registered.
            if vector["didDocument"]["verificationMethod"][0]["type"] == "P256Key2021" {
                assert!(matches!(method.key(), Err(KeyError::Unsupported { .. })));
            } else {
                assert_eq!(method, &resolved, "{did}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 11);
}

#[test]
fn a_did_key_of_another_kind_is_unsupported_and_not_malformed() {
    let Some(folder) = conformance() else { return };
    let mut refused = 0;
    for name in ["bls12381", "nist-curves", "secp256k1", "x25519"] {
        let vectors = object(&folder.join("did-key").join(format!("{name}.json")));
        let vectors = vectors.get("didDocument").map_or(&vectors, |inner| inner.as_object().unwrap());
        for did in vectors.keys() {
            if !SUPPORTED.iter().any(|prefix| did.starts_with(&format!("did:key:{prefix}"))) {
                let error = did::resolve(did, &Limits::default());
                assert!(
                    matches!(error, Err(DidError::Key(KeyError::Unsupported { .. }))),
                    "{did}: {error:?}"
                );
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 18);
}

#[test]
fn jose_examples_verify_or_are_refused_for_what_they_are() {
    let Some(folder) = conformance() else { return };
    let mut verified = Vec::new();
    for file in [
        "jws/4_1.rsa_v15_signature.json",
        "jws/4_2.rsa-pss_signature.json",
        "jws/4_3.ecdsa_signature.json",
        "jws/4_4.hmac-sha2_integrity_protection.json",
        "curve25519/jws.json",
    ] {
        let vector = object(&folder.join("jose-cookbook").join(file));
        let name = vector["input"]["alg"].as_str().unwrap();
        let mut jwk = vector["input"]["key"].as_object().unwrap().clone();
        assert!(matches!(
            PublicKey::from_jwk(&jwk),
            Err(KeyError::PrivateMember { .. } | KeyError::Unsupported { .. })
        ));
        jwk.retain(|member, _| {
            ["kty", "crv", "x", "y", "n", "e", "use", "alg", "kid"].contains(&member.as_str())
        });
        let Ok(algorithm) = name.parse::<Algorithm>() else {
            let refused = if name == "HS256" { AlgorithmError::Forbidden } else { AlgorithmError::Unknown };
            assert_eq!(name.parse::<Algorithm>(), Err(refused));
            assert!(matches!(PublicKey::from_jwk(&jwk), Err(KeyError::Unsupported { .. })));
            continue;
        };
        let key = PublicKey::from_jwk(&jwk).unwrap();
        let token = vector["output"]["compact"].as_str().unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert_eq!(verify(&key, algorithm, input.as_bytes(), &signature), expected(algorithm), "{file}");
        let changed = verify(&key, algorithm, &input.as_bytes()[1..], &signature);
        assert_eq!(changed, expected(algorithm).and(Err(SignatureError::Mismatch)), "{file}");
        verified.push(algorithm);
    }
    assert_eq!(verified, [Algorithm::Rs256, Algorithm::Ps384, Algorithm::EdDsa]);
}
