//! Proofs and keys by themselves, without a badge: what a caller may expect of a proof, and how keys are named.

#![allow(clippy::disallowed_methods, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "support/samples.rs"]
mod samples;

use openbadges::jsonld::ContextStore;
use openbadges::limits::Limits;
use openbadges::proof::integrity::{Expectations, IntegrityError, ProofError, key_in_did, verify_credential};
use openbadges::proof::{KeyKind, PublicKey};
use samples::{NOW, SCHOOL, SCHOOL_KEY, credential, proof, school};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

fn key_of(jwk: &Value) -> PublicKey {
    PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap()
}

/// What comes of the only proof, when the school's key is known.
fn verified(document: &Value, expected: &Expectations) -> Result<(), ProofError> {
    let school_key = key_of(&school().jwk());
    let keys =
        |method: &str| if method == SCHOOL_KEY { Some(school_key.clone()) } else { key_in_did(method) };
    let results =
        verify_credential(document, expected, keys, &ContextStore::bundled(), &Limits::default()).unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].is_verified(), results[0].error().is_none());
    assert!(!results[0].is_verified() || results[0].prepared().is_some());
    results[0].error().map_or(Ok(()), |error| Err(error.clone()))
}

#[test]
fn a_proof_meets_every_expectation_or_says_which_one_it_does_not() {
    let mut stated = proof(SCHOOL_KEY);
    stated["proofPurpose"] = json!("authentication");
    stated["domain"] = json!(["https://a.example", "https://b.example"]);
    stated["challenge"] = json!("4711");
    stated["expires"] = json!("2026-12-01T00:00:00Z");
    let sealed = school().seal_with(&credential(SCHOOL), &stated, &ContextStore::bundled());
    let met_at = |now| {
        Expectations::at(now)
            .with_purpose("authentication")
            .with_domain("https://b.example")
            .with_challenge("4711")
    };
    let met = || met_at(NOW);
    let found = |expected: Expectations| verified(&sealed, &expected);
    assert_eq!(found(met()), Ok(()));
    assert_eq!(found(Expectations::at(NOW)), Err(ProofError::Purpose { found: "authentication".to_owned() }));
    assert_eq!(found(met().with_domain("https://c.example")), Err(ProofError::Domain));
    assert_eq!(found(met().with_challenge("4712")), Err(ProofError::Challenge));
    for (days, expected) in [(-300, Err(ProofError::Window)), (-200, Ok(())), (9, Err(ProofError::Window))] {
        assert_eq!(found(met_at(NOW + Duration::days(days))), expected, "{days}");
    }
}

#[test]
fn a_proof_without_a_sound_form_or_key_does_not_hold() {
    let expected = Expectations::at(NOW);
    let sealed = school().seal(&credential(SCHOOL), SCHOOL_KEY);
    assert_eq!(verified(&sealed, &expected), Ok(()));
    let of_did = school().seal(&credential(&school().did()), &school().method());
    assert_eq!(verified(&of_did, &expected), Ok(()), "the key stands in the DID");
    let nobody = |_: &str| None;
    let results =
        verify_credential(&of_did, &expected, nobody, &ContextStore::bundled(), &Limits::default()).unwrap();
    assert!(
        matches!(results[0].error(), Some(ProofError::NoKey { .. })),
        "no key is found but by the caller"
    );
    let with = |member: &str, value: Value| {
        let mut changed = sealed.clone();
        changed["proof"][member] = value;
        verified(&changed, &expected).unwrap_err()
    };
    let elsewhere = "https://school.example/other";
    assert_eq!(
        with("verificationMethod", json!(elsewhere)),
        ProofError::NoKey { method: elsewhere.to_owned() }
    );
    assert!(matches!(with("verificationMethod", json!(7)), ProofError::Integrity(_)));
    assert!(matches!(with("cryptosuite", json!("none")), ProofError::Integrity(_)));
    assert_eq!(with("created", json!("today")), ProofError::Window);
    assert!(matches!(with("created", json!("2026-03-01T09:00:01Z")), ProofError::Signature(_)));
    let mut changed = sealed.clone();
    changed["name"] = json!("Captain");
    assert!(matches!(verified(&changed, &expected), Err(ProofError::Signature(_))));

    let whole = |document: &Value| {
        verify_credential(document, &expected, key_in_did, &ContextStore::bundled(), &Limits::default())
    };
    for document in [json!([]), credential(SCHOOL)] {
        assert!(matches!(whole(&document), Err(IntegrityError::Malformed { .. })));
    }
    let mut many = sealed;
    many["proof"] = (0..100).map(|_| many["proof"].clone()).collect();
    assert!(matches!(whole(&many), Err(IntegrityError::Limit(_))));
    many["proof"] = json!([7]);
    assert!(!whole(&many).unwrap()[0].is_verified());
}

#[test]
fn the_thumbprint_covers_the_members_that_make_the_key() {
    let (x, y) =
        ("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
    let modulus = format!("{}AQ", "_v8B".repeat(85));
    let ed25519 = school().jwk();
    for (jwk, kind, bits, text) in [
        (
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "1"}),
            KeyKind::P256,
            256,
            format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#),
        ),
        (
            json!({"kty": "RSA", "e": "AQAB", "n": modulus, "use": "sig"}),
            KeyKind::Rsa,
            2048,
            format!(r#"{{"e":"AQAB","kty":"RSA","n":"{modulus}"}}"#),
        ),
        (
            ed25519.clone(),
            KeyKind::Ed25519,
            255,
            format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, ed25519["x"]),
        ),
    ] {
        let key = key_of(&jwk);
        assert_eq!((key.kind(), key.bits()), (kind, bits));
        assert_eq!(key.thumbprint(), Some(Sha256::digest(text).into()), "{kind}");
        assert!(!key.is_weak());
    }
    for (kind, name) in [
        (KeyKind::Ed25519, "Ed25519"),
        (KeyKind::P256, "P-256"),
        (KeyKind::P384, "P-384"),
        (KeyKind::Rsa, "RSA"),
    ] {
        assert_eq!(kind.to_string(), name);
    }
}
