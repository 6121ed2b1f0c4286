//! Algorithms and keys: whose signature is it?

use openbadges::Status;
use openbadges::report::CheckCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::samples::{
    Key, MALLORY, SCHOOL, SCHOOL_KEY, Web, claims, credential, credential_jwt, jws_input, mallory, proof,
    school, school_web, signed_assertion, status, verify,
};
use crate::{failed, gets, inconclusive, judged};

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// RFC 2104 with SHA-256.
fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let secret = if secret.len() > 64 { Sha256::digest(secret).to_vec() } else { secret.to_vec() };
    let pad = |with: u8| -> Vec<u8> { (0..64).map(|at| secret.get(at).unwrap_or(&0) ^ with).collect() };
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    Sha256::digest([pad(0x5C), inner.to_vec()].concat()).to_vec()
}

/// The payload of the school's signed badge, and a credential of the school's as a JWT.
fn payloads() -> [(Value, Value); 2] {
    let assertion = signed_assertion();
    let payload = assertion.split('.').nth(1).unwrap();
    let payload = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
    [
        (json!({}), serde_json::from_slice(&payload).unwrap()),
        (json!({"kid": SCHOOL_KEY}), claims(&credential(SCHOOL))),
    ]
}

#[test]
fn an_algorithm_that_needs_no_private_key_is_invalid() {
    for (header, payload) in payloads() {
        for name in ["none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "", "EdDSA ", "hs256"] {
            let mut header = header.clone();
            header["alg"] = json!(name);
            let input = jws_input(&header, &payload);
            // Whatever of the school's anybody knows is the secret.
            let secrets: [Vec<u8>; 4] = [
                school().pem().into_bytes(),
                school().public().to_vec(),
                school().jwk().to_string().into_bytes(),
                Vec::new(),
            ];
            let forged = secrets.iter().map(|secret| base64(&hmac(secret, input.as_bytes())));
            for signature in forged.chain([String::new()]) {
                let token = format!("{input}.{signature}");
                let verifier = openbadges::Verifier::new(openbadges::Policy::strict());
                // An empty signature may not even count as a token.
                let Ok(step) = verifier.begin(token.as_bytes(), crate::samples::NOW) else { continue };
                let report = step.run(|request| school_web().answer(request.target()));
                let is_named = name.eq_ignore_ascii_case("none") || name.starts_with("HS");
                if is_named && name.to_uppercase() == name {
                    assert!(failed(&report, CheckCode::ProofAlgorithm), "{name}: {report:#}");
                }
                assert!(
                    matches!(report.status(), Status::Invalid | Status::Unverified),
                    "{name}: {report:#}"
                );
                assert!(report.badge().is_none());
            }
        }
    }
}

#[test]
fn hmac_is_what_the_rfc_says() {
    // RFC 4231, test case 2.
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let found: String =
        hmac(b"Jefe", b"what do ya want for nothing?").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_algorithm_of_another_kind_of_key_proves_nothing() {
    for (header, payload) in payloads() {
        for name in ["RS256", "PS256", "ES256", "ES384", "ES512", "Ed25519"] {
            let mut header = header.clone();
            header["alg"] = json!(name);
            let report = verify(school().jws(&header, &payload), &school_web());
            if name != "Ed25519" {
                assert_ne!(report.status(), Status::Valid, "{name}: {report:#}");
                assert!(report.badge().is_none(), "{name}");
            }
        }
    }
}

#[test]
fn a_key_in_the_header_proves_nobody_else() {
    let own = mallory().jwk();
    let honest = json!({"alg": "EdDSA", "kid": SCHOOL_KEY});
    for (name, header, expected) in [
        ("own key", json!({"alg": "EdDSA", "jwk": own}), Status::Unverified),
        (
            "own key under an opaque name",
            json!({"alg": "EdDSA", "jwk": own, "kid": "key"}),
            Status::Unverified,
        ),
        (
            "own key under the school's name",
            json!({"alg": "EdDSA", "jwk": own, "kid": SCHOOL_KEY}),
            Status::Invalid,
        ),
        ("the school's name", honest.clone(), Status::Invalid),
        ("the school's key", json!({"alg": "EdDSA", "jwk": school().jwk()}), Status::Invalid),
        ("own DID", json!({"alg": "EdDSA", "kid": mallory().method()}), Status::Unverified),
        (
            "own DID and key",
            json!({"alg": "EdDSA", "kid": mallory().method(), "jwk": own}),
            Status::Unverified,
        ),
        (
            "elsewhere",
            json!({"alg": "EdDSA", "jku": "https://mallory.example/keys", "kid": "key"}),
            Status::Unverified,
        ),
        (
            "elsewhere, certified",
            json!({"alg": "EdDSA", "x5u": "https://mallory.example/keys"}),
            Status::Unverified,
        ),
    ] {
        let token = credential_jwt(&mallory(), &header, &credential(SCHOOL));
        let web = school_web().with("https://mallory.example/keys", &json!({"keys": [own]}));
        let report = judged(token, &web, expected);
        assert!(
            report
                .documents()
                .iter()
                .all(|document| !document.target.to_string().contains("mallory.example"))
        );
        assert!(!name.is_empty());
    }
    assert_eq!(status(credential_jwt(&school(), &honest, &credential(SCHOOL)), &school_web()), Status::Valid);
}

/// Documents at `mallory.example` that name the school as the controller of Mallory's key.
fn lying_documents(url: &str, method: &str) -> Vec<Value> {
    let lie = |id: &str, controller: &str| {
        json!({
            "@context": "https://www.w3.org/ns/cid/v1",
            "id": id,
            "controller": controller,
            "verificationMethod": [mallory().verification_method(method, controller)],
            "assertionMethod": [method],
        })
    };
    let mut alone = mallory().verification_method(method, SCHOOL);
    alone["@context"] = json!("https://w3id.org/security/multikey/v1");
    let mut jwk = mallory().jwk();
    jwk["kid"] = json!(method);
    jwk["iss"] = json!(SCHOOL);
    vec![lie(url, SCHOOL), lie(SCHOOL, SCHOOL), lie(url, url), alone, json!({"keys": [jwk]}), jwk]
}

#[test]
fn a_document_elsewhere_cannot_name_the_school_as_controller() {
    for (url, method) in [
        (MALLORY, "https://mallory.example/issuer#key"),
        ("https://mallory.example/key", "https://mallory.example/key"),
        // The school's name in front of Mallory's host, and behind it.
        (
            "https://school.example.mallory.example/issuer",
            "https://school.example.mallory.example/issuer#key",
        ),
        (
            "https://mallory.example/https://school.example/issuer",
            "https://mallory.example/https://school.example/issuer#key",
        ),
    ] {
        for document in lying_documents(url, method) {
            let web = school_web().with(url, &document);
            let token =
                credential_jwt(&mallory(), &json!({"alg": "EdDSA", "kid": method}), &credential(SCHOOL));
            assert_ne!(status(token, &web), Status::Valid, "{document}");
            let sealed = mallory().seal(&credential(SCHOOL), method);
            assert_ne!(status(sealed.to_string(), &web), Status::Valid, "{document}");
        }
    }
}

#[test]
fn a_did_cannot_speak_for_another() {
    let web = school_web().with("did:web:mallory.example", &json!({
        "id": "did:web:mallory.example",
        "verificationMethod": [mallory().verification_method("did:web:mallory.example#key", "did:web:school.example")],
        "assertionMethod": ["did:web:mallory.example#key"],
    }));
    for issuer in [SCHOOL, "did:web:school.example", &school().did(), "did:example:school", "urn:school"] {
        for method in [mallory().method(), mallory().did(), "did:web:mallory.example#key".to_owned()] {
            let sealed = mallory().seal(&credential(issuer), &method);
            assert_ne!(status(sealed.to_string(), &web), Status::Valid, "{issuer} {method}");
            let header = json!({"alg": "EdDSA", "kid": method});
            let token = credential_jwt(&mallory(), &header, &credential(issuer));
            assert_ne!(status(token, &web), Status::Valid, "{issuer} {method}");
        }
    }
}

#[test]
fn the_document_of_a_did_is_the_one_of_that_did() {
    let did = "did:web:school.example";
    let method = |id: &str, controller: &str| school().verification_method(id, controller);
    let honest = |document: Value| school_web().with(did, &document);
    let key = format!("{did}#key");
    let sealed = school().seal(&credential(did), &key).to_string();
    let mut jwk = school().jwk();
    jwk["kid"] = json!(key);
    for (name, document, expected) in [
        (
            "as it should be",
            json!({"id": did, "verificationMethod": [method(&key, did)], "assertionMethod": [key]}),
            Status::Valid,
        ),
        (
            "another id",
            json!({"id": "did:web:mallory.example", "verificationMethod": [method(&key, did)], "assertionMethod": [key]}),
            Status::Unverified,
        ),
        (
            "no id",
            json!({"verificationMethod": [method(&key, did)], "assertionMethod": [key]}),
            Status::Unverified,
        ),
        (
            "an id that is no text",
            json!({"id": 7, "verificationMethod": [method(&key, did)], "assertionMethod": [key]}),
            Status::Unverified,
        ),
        ("a key set", json!({"keys": [jwk]}), Status::Unverified),
        (
            "another purpose",
            json!({"id": did, "verificationMethod": [method(&key, did)], "authentication": [key]}),
            Status::Invalid,
        ),
        ("no purpose", json!({"id": did, "verificationMethod": [method(&key, did)]}), Status::Invalid),
        (
            "another controller",
            json!({"id": did, "verificationMethod": [method(&key, "did:web:mallory.example")], "assertionMethod": [key]}),
            Status::Invalid,
        ),
        (
            "twice",
            json!({"id": did, "verificationMethod": [method(&key, did), mallory().verification_method(&key, did)], "assertionMethod": [key]}),
            Status::Invalid,
        ),
        ("not held", json!({"id": did, "verificationMethod": [], "assertionMethod": [key]}), Status::Invalid),
        (
            "another key",
            json!({"id": did, "verificationMethod": [mallory().verification_method(&key, did)], "assertionMethod": [key]}),
            Status::Invalid,
        ),
    ] {
        let found = status(&sealed, &honest(document));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_fragment_is_a_name_and_never_a_key() {
    // The key stands in the name; what is served under the name's address does not hold it.
    let method = format!("{SCHOOL}#{}", mallory().multikey());
    let sealed = mallory().seal(&credential(SCHOOL), &method).to_string();
    let report = judged(&sealed, &school_web(), Status::Invalid);
    assert!(failed(&report, CheckCode::KeyLinked));
    let report = judged(&sealed, &Web::default(), Status::Unverified);
    assert!(inconclusive(&report, CheckCode::ProofSignature));
    assert!(report.badge().is_none(), "not even integrity is proven");
    // Another key than the one that a DID is made of.
    let other = format!("{}#{}", school().did(), mallory().multikey());
    assert_ne!(
        status(mallory().seal(&credential(&school().did()), &other).to_string(), &Web::default()),
        Status::Valid
    );
}

#[test]
fn a_signed_assertion_needs_a_key_that_the_issuer_lists() {
    let payload = |creator: &str| {
        let verification = json!({"type": "SignedBadge", "creator": creator});
        crate::samples::assertion("urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b01", &verification)
    };
    let key = "https://mallory.example/key";
    let document = |owner: &str| json!({"@context": "https://w3id.org/openbadges/v2", "type": "CryptographicKey", "id": key, "owner": owner, "publicKeyPem": mallory().pem()});
    for owner in [SCHOOL, MALLORY] {
        let web = school_web().with(key, &document(owner));
        for creator in [key, "https://school.example/key", SCHOOL, SCHOOL_KEY] {
            let token = mallory().jws(&json!({"alg": "EdDSA"}), &payload(creator));
            let report = judged(token, &web, Status::Invalid);
            assert!(report.badge().is_none(), "{creator}");
        }
    }
    // A key that the profile names with less than the key itself is asked for.
    let mut profile = crate::samples::issuer_profile();
    for stub in [
        json!({"id": "https://school.example/key"}),
        json!({"id": "https://school.example/key", "type": "CryptographicKey", "owner": SCHOOL}),
    ] {
        profile["publicKey"] = stub;
        gets(signed_assertion(), &school_web().with(SCHOOL, &profile), Status::Valid);
    }
    // Without a creator any listed key may have signed it: Mallory's is none of them.
    let mut nameless = payload(key);
    nameless["verification"].as_object_mut().unwrap().remove("creator");
    gets(
        mallory().jws(&json!({"alg": "EdDSA", "jwk": mallory().jwk()}), &nameless),
        &school_web(),
        Status::Invalid,
    );
    gets(school().jws(&json!({"alg": "EdDSA"}), &nameless), &school_web(), Status::Valid);
}

#[test]
fn an_embedded_profile_speaks_for_nobody() {
    // Mallory brings the school's profile along, with one more key, and a badge class that embeds it.
    let mut profile = crate::samples::issuer_profile();
    profile["publicKey"] = json!({"id": "https://mallory.example/key", "type": "CryptographicKey", "owner": SCHOOL, "publicKeyPem": mallory().pem()});
    let mut class = crate::samples::badge_class();
    class["issuer"] = profile.clone();
    for class_id in [json!("https://school.example/class"), json!("urn:class"), Value::Null] {
        class["id"] = class_id;
        let mut assertion = crate::samples::assertion(
            "urn:uuid:1",
            &json!({"type": "SignedBadge", "creator": "https://mallory.example/key"}),
        );
        assertion["badge"] = class.clone();
        let token = mallory().jws(&json!({"alg": "EdDSA"}), &assertion);
        assert_ne!(status(token, &school_web()), Status::Valid, "{}", class["id"]);
        // Nor one without a name that anybody could be asked about.
        for nobody in [json!("urn:school"), json!("mailto:badges@school.example"), Value::Null] {
            let mut assertion = assertion.clone();
            assertion["badge"]["issuer"]["id"] = nobody.clone();
            let token = mallory().jws(&json!({"alg": "EdDSA"}), &assertion);
            assert_ne!(status(token, &school_web()), Status::Valid, "{nobody}");
        }
    }
}

#[test]
fn a_header_is_understood_or_refused() {
    let sign = |header: Value| credential_jwt(&school(), &header, &credential(SCHOOL));
    for (header, expected) in [
        (json!({"alg": "EdDSA", "kid": SCHOOL_KEY, "typ": "JWT"}), Status::Valid),
        (json!({"alg": "EdDSA", "kid": SCHOOL_KEY, "crit": ["exp"], "exp": 1}), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": SCHOOL_KEY, "crit": []}), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": SCHOOL_KEY, "b64": false}), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": 7}), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": SCHOOL_KEY, "jwk": "none"}), Status::Invalid),
        (json!({"alg": ["EdDSA"], "kid": SCHOOL_KEY}), Status::Unverified),
        (json!({"kid": SCHOOL_KEY}), Status::Unverified),
    ] {
        let found = status(sign(header.clone()), &school_web());
        assert!(
            found == expected || (expected == Status::Unverified && found == Status::Invalid),
            "{header}: {found}"
        );
    }
    let mut private = school().jwk();
    private["d"] = json!(base64(&[7; 32]));
    assert_ne!(status(sign(json!({"alg": "EdDSA", "jwk": private})), &school_web()), Status::Valid);
}

#[test]
fn a_token_is_written_in_one_way_only() {
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &credential(SCHOOL));
    assert_eq!(status(&token, &school_web()), Status::Valid);
    let verifier = openbadges::Verifier::new(openbadges::Policy::strict());
    let (body, last) = token.split_at(token.len() - 1);
    // 64 bytes are 86 digits, of which the last holds two bits and must leave four clear.
    let other = |digit: &str| format!("{body}{digit}");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let place = alphabet.find(last).unwrap();
    let twin = &alphabet[place + 1..place + 2];
    for changed in [
        other(twin),
        format!("{token}="),
        format!("{token}."),
        format!("{token}.x"),
        format!(".{token}"),
        token.replacen('.', "..", 1),
        token.replacen('.', " .", 1),
    ] {
        assert!(verifier.begin(changed.as_bytes(), crate::samples::NOW).is_err(), "{changed}");
    }
}

#[test]
fn claims_say_what_the_credential_says() {
    let sign = |change: &dyn Fn(&mut Value)| {
        let mut payload = claims(&credential(SCHOOL));
        change(&mut payload);
        school().jws(&json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &payload)
    };
    assert_eq!(status(sign(&|_| {}), &school_web()), Status::Valid);
    for (claim, value) in [
        ("iss", json!(MALLORY)),
        ("iss", json!([SCHOOL])),
        ("jti", json!("urn:uuid:0")),
        ("sub", json!("mailto:mallory@example.com")),
        ("sub", json!({"id": "mailto:grace@example.com"})),
        ("nbf", json!("1772355600")),
        ("nbf", json!("9999999999")),
        ("nbf", json!(9_999_999_999_u64)),
        ("nbf", json!(-1)),
        ("nbf", json!(null)),
        ("exp", json!("1")),
        ("exp", json!(1)),
        ("exp", json!(1e300)),
        ("exp", json!({})),
    ] {
        let token = sign(&|payload| payload[claim] = value.clone());
        assert_ne!(status(token, &school_web()), Status::Valid, "{claim} {value}");
    }
    for claim in ["iss", "jti", "nbf"] {
        let token = sign(&|payload| drop(payload.as_object_mut().unwrap().remove(claim)));
        assert_eq!(status(token, &school_web()), Status::Invalid, "{claim}");
    }
    // Two credentials in one token: readers would differ in which one they take.
    let token = sign(&|payload| {
        payload["vc"] = credential(SCHOOL);
        payload["vc"]["name"] = json!("Admiral");
    });
    assert_ne!(status(token, &school_web()), Status::Valid);
}

#[test]
fn a_weak_public_key_verifies_nothing() {
    // Points of small order: with them, one signature fits many messages.
    for point in [
        [0; 32],
        {
            let mut one = [0; 32];
            one[0] = 1;
            one
        },
        {
            let mut minus = [0xFF; 32];
            minus[0] = 0xEC;
            minus[31] = 0x7F;
            minus
        },
    ] {
        let multikey = format!("z{}", bs58::encode([&[0xED, 0x01], point.as_slice()].concat()).into_string());
        let did = format!("did:key:{multikey}");
        let mut sealed = school().seal(&credential(&did), &format!("{did}#{multikey}"));
        for signature in [[0_u8; 64], {
            let mut identity = [0; 64];
            identity[0] = 1;
            identity
        }] {
            sealed["proof"]["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
            assert_eq!(status(sealed.to_string(), &Web::default()), Status::Invalid);
        }
    }
}

#[test]
fn a_proof_of_another_purpose_or_time_proves_nothing() {
    let key = Key::of("school.example");
    let contexts = openbadges::jsonld::ContextStore::bundled();
    let seal = |member: &str, value: Value| {
        let mut proof = proof(&key.method());
        proof[member] = value;
        key.seal_with(&credential(&key.did()), &proof, &contexts).to_string()
    };
    for (member, value, expected) in [
        ("created", json!("2026-11-22T12:00:00Z"), Status::Valid),
        ("created", json!("2027-01-01T00:00:00Z"), Status::Invalid),
        ("expires", json!("2026-11-22T11:59:59Z"), Status::Invalid),
        ("expires", json!("2027-01-01T00:00:00Z"), Status::Valid),
        ("proofPurpose", json!("authentication"), Status::Invalid),
        ("proofPurpose", json!("keyAgreement"), Status::Invalid),
    ] {
        assert_eq!(status(seal(member, value.clone()), &Web::default()), expected, "{member} {value}");
    }
}

/// The school's profile with a change to its verification method.
fn method_with(change: impl Fn(&mut Value)) -> Web {
    let mut profile = crate::samples::issuer_profile();
    change(&mut profile["verificationMethod"][0]);
    school_web().with(SCHOOL, &profile)
}

#[test]
fn a_key_is_over_from_the_instant_that_its_document_states() {
    let sealed = school().seal(&credential(SCHOOL), SCHOOL_KEY).to_string();
    for (member, instant, expected) in [
        ("expires", "2026-11-22T11:59:59Z", Status::Invalid),
        ("expires", "2026-11-22T12:00:00Z", Status::Invalid),
        ("expires", "2026-11-22T12:00:01Z", Status::Valid),
        ("revoked", "2026-11-22T11:59:59Z", Status::Invalid),
        ("revoked", "2026-11-22T12:00:00Z", Status::Invalid),
        ("revoked", "2026-11-22T12:00:01Z", Status::Valid),
    ] {
        let web = method_with(|method| method[member] = json!(instant));
        let report = judged(&sealed, &web, expected);
        assert_eq!(failed(&report, CheckCode::KeyLinked), expected == Status::Invalid, "{member} {instant}");
    }
}

#[test]
fn whoever_a_document_names_it_binds_its_own_keys_only() {
    let elsewhere = "https://mallory.example/issuer#key";
    let sealed = mallory().seal(&credential(SCHOOL), elsewhere).to_string();
    for (controller, expected) in [(SCHOOL, Status::Unverified), (MALLORY, Status::Invalid)] {
        let document = json!({
            "id": MALLORY,
            "verificationMethod": [mallory().verification_method(elsewhere, controller)],
            "assertionMethod": [elsewhere],
        });
        let report = judged(&sealed, &school_web().with(MALLORY, &document), expected);
        let check = report.check(CheckCode::KeyController).next().unwrap();
        assert_eq!(check.node().to_string(), format!("in `{MALLORY}`"), "{report:#}");
    }
    let sealed = school().seal(&credential(SCHOOL), SCHOOL_KEY).to_string();
    gets(&sealed, &method_with(|method| method["controller"] = json!(MALLORY)), Status::Invalid);
    // Both sides are told where they differ, and there only.
    for (controller, expected) in [(SCHOOL, Status::Valid), (MALLORY, Status::Invalid)] {
        let report =
            judged(&sealed, &method_with(|method| method["controller"] = json!(controller)), expected);
        let check = report.check(CheckCode::KeyController).next().unwrap();
        assert_eq!(check.evidence().is_empty(), expected == Status::Valid, "{report:#}");
    }
    let nobody = method_with(|method| drop(method.as_object_mut().unwrap().remove("controller")));
    assert_ne!(status(&sealed, &nobody), Status::Invalid);
}

#[test]
fn a_key_set_says_whose_each_of_its_keys_is() {
    let own = |kid: &str, issuer: &str| {
        let mut jwk = school().jwk();
        jwk["kid"] = json!(kid);
        jwk["iss"] = json!(issuer);
        jwk
    };
    let mut other = mallory().jwk();
    other["kid"] = json!("b");
    let by_name = json!({"alg": "EdDSA", "kid": "a"});
    let by_key = json!({"alg": "EdDSA", "jwk": school().jwk()});
    for (header, keys, expected) in [
        (&by_name, json!([other, own("a", SCHOOL)]), Status::Valid),
        (&by_key, json!([other, own("a", SCHOOL)]), Status::Valid),
        (&by_name, json!([other, own("a", MALLORY)]), Status::Invalid),
        (&by_key, json!([other, own("a", MALLORY)]), Status::Invalid),
        (&by_name, json!([other, own("c", SCHOOL)]), Status::Unverified),
        (&by_key, json!([other]), Status::Unverified),
    ] {
        let web = school_web().with("https://school.example/.well-known/jwks.json", &json!({"keys": keys}));
        let token = credential_jwt(&school(), header, &credential(SCHOOL));
        let found = status(token, &web);
        assert_eq!(found, expected, "{header} {keys}");
    }
}

#[test]
fn a_key_alone_needs_no_id_and_the_document_of_a_did_does() {
    let mut alone = school().jwk();
    alone["id"] = json!("https://mallory.example/key");
    let url = "https://school.example/keys/1";
    for (name, issuer, is_its_own) in
        [(url, SCHOOL, true), ("did:web:school.example", "did:web:school.example", false)]
    {
        let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": name}), &credential(issuer));
        let report = verify(token, &school_web().with(name, &alone));
        assert_eq!(inconclusive(&report, CheckCode::LinkId), !is_its_own, "{report:#}");
        assert!(is_its_own || report.status() != Status::Valid, "{report:#}");
    }
}
