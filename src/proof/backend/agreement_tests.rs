//! Two stacks, one answer: in unit tests every signature goes through both, and they must agree.

#![allow(clippy::print_stdout)] // a test that reads files may say that there were none

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{josekit, rustcrypto};
use crate::jsonld::ContextStore;
use crate::limits::Limits;
use crate::proof::integrity::{Cryptosuite, prepare};
use crate::proof::key::{EcPoint, RsaKey};
use crate::proof::{Algorithm, PublicKey, SignatureError, did, verify};
use crate::suite::Suite;

/// What stands at the seam in unit tests.
pub(in crate::proof) fn verify_ecdsa(
    point: &EcPoint,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let (one, other) = (
        josekit::verify_ecdsa(point, message, signature),
        rustcrypto::verify_ecdsa(point, message, signature),
    );
    assert_eq!(one, other, "{point:02x?} {message:02x?} {signature:02x?}");
    count(point.curve().as_str(), one)
}

/// As [`verify_ecdsa`].
pub(in crate::proof) fn verify_rsa(
    key: &RsaKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let one = josekit::verify_rsa(key, algorithm, message, signature);
    let other = rustcrypto::verify_rsa(key, algorithm, message, signature);
    assert_eq!(one, other, "{key:02x?} {algorithm} {message:02x?} {signature:02x?}");
    count(algorithm.as_str(), one)
}

thread_local! {
    /// How many signatures of a kind were found good, and how many not, in this test.
    static SEEN: RefCell<BTreeMap<&'static str, [u32; 2]>> = const { RefCell::new(BTreeMap::new()) };
}

fn count(kind: &'static str, result: Result<(), SignatureError>) -> Result<(), SignatureError> {
    SEEN.with_borrow_mut(|seen| seen.entry(kind).or_default()[usize::from(result.is_err())] += 1);
    result
}

/// How many good and bad signatures of a kind this test has seen.
fn seen(kind: &str) -> [u32; 2] {
    SEEN.with_borrow(|seen| seen.get(kind).copied().unwrap_or_default())
}

/// The folder of the test vectors of others.
fn conformance() -> Option<PathBuf> {
    let folder = std::env::var_os("OPENBADGES_CONFORMANCE").map(PathBuf::from);
    if folder.is_none() {
        println!("OPENBADGES_CONFORMANCE is not set: nothing of others was run");
    }
    folder
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut open, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn run_suites_below(folder: &Path) {
    for file in files_below(folder).iter().filter(|file| file.ends_with("suite.json")) {
        let suite = Suite::read(file).unwrap();
        for case in &suite.cases {
            // The verdicts are those of the conformance tests.
            suite.run(case).unwrap();
        }
    }
}

#[test]
fn every_case_of_our_own_suites_goes_through_both() {
    run_suites_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let [good, bad] = seen("RS256");
    assert!(good > 10 && bad > 0, "{good} good, {bad} bad");
}

#[test]
fn every_case_of_the_suites_of_others_goes_through_both() {
    let Some(folder) = conformance() else { return };
    run_suites_below(&folder);
    assert!(seen("RS256")[0] > 0);
}

fn object(file: &Path) -> Map<String, Value> {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn published_ecdsa_proofs_go_through_both() {
    let Some(folder) = conformance() else { return };
    let folder = folder.join("w3c-vc-di-ecdsa");
    let context = |name: &str| Value::Object(object(&folder.join("contexts").join(name)));
    let contexts = ContextStore::bundled()
        .with_document("https://w3id.org/citizenship/v4rc1", context("citizenship-v4rc1.jsonld"))
        .unwrap()
        .with_document(
            "https://www.w3.org/ns/credentials/examples/v2",
            context("credentials-examples-v2.jsonld"),
        )
        .unwrap();
    let is_json = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "json");
    for file in files_below(&folder.join("TestVectors")).iter().filter(is_json) {
        let Ok(Value::Object(document)) = serde_json::from_str(&fs::read_to_string(file).unwrap()) else {
            continue;
        };
        let Some(proof) = document.get("proof").and_then(Value::as_object) else { continue };
        let suite = Cryptosuite::of(proof).unwrap();
        // What the issuer gives to the holder alone is no proof to verify.
        let Ok(prepared) = prepare(&document, proof, suite, &contexts, &Limits::default()) else { continue };
        let method = proof["verificationMethod"].as_str().unwrap();
        let method = did::resolve(method, &Limits::default()).unwrap();
        assert_eq!(prepared.verify(method.key().unwrap()), Ok(()), "{}", file.display());
    }
    let ([p256, _], [p384, _]) = (seen("P-256"), seen("P-384"));
    assert!(p256 > 10 && p384 == 3, "{p256} of P-256, {p384} of P-384");
}

#[test]
fn published_tokens_go_through_both() {
    let Some(folder) = conformance() else { return };
    for (file, algorithm) in
        [("4_1.rsa_v15_signature.json", Algorithm::Rs256), ("4_2.rsa-pss_signature.json", Algorithm::Ps384)]
    {
        let vector = object(&folder.join("jose-cookbook/jws").join(file));
        let mut jwk = vector["input"]["key"].as_object().unwrap().clone();
        jwk.retain(|member, _| ["kty", "n", "e"].contains(&member.as_str()));
        let key = PublicKey::from_jwk(&jwk).unwrap();
        let (input, signature) = vector["output"]["compact"].as_str().unwrap().rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert_eq!(verify(&key, algorithm, input.as_bytes(), &signature), Ok(()));
        assert_eq!(verify(&key, algorithm, b"", &signature), Err(SignatureError::Mismatch));
        assert_eq!(seen(algorithm.as_str()), [1, 1]);
    }
}
