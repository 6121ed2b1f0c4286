//! Data Integrity: documents that say more, less or other than what was signed.

use openbadges::jsonld::ContextStore;
use openbadges::limits::Limits;
use openbadges::policy::Endorsements;
use openbadges::proof::integrity::{Expectations, IntegrityError, ProofError, key_in_did, verify_credential};
use openbadges::report::CheckCode;
use openbadges::{Policy, Status, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    CONTEXT_3, CONTEXT_VC, Key, NOW, SCHOOL, SCHOOL_KEY, Web, credential, credential_jwt, mallory, proof,
    samples, school, school_web, status, verify, with_status,
};
use crate::{failed, gets, has_passed, judged};

/// A valid badge of the school's did:key.
fn badge() -> Value {
    school().seal(&credential(&school().did()), &school().method())
}

fn subject(badge: &mut Value) -> &mut Value {
    &mut badge["credentialSubject"]
}

#[test]
fn what_was_added_after_signing_is_found() {
    type Change = fn(&mut Value);
    let additions: &[(&str, Change)] = &[
        ("a term that nobody defines", |badge| badge["grade"] = json!("A+")),
        ("one within", |badge| subject(badge)["grade"] = json!("A+")),
        ("a defined term", |badge| subject(badge)["creditsEarned"] = json!(30)),
        ("a second name", |badge| badge["name"] = json!(["First Mate", "Admiral"])),
        ("a class that nobody defines", |badge| badge["type"].as_array_mut().unwrap().push(json!("Diploma"))),
        ("a class", |badge| badge["type"].as_array_mut().unwrap().push(json!("EndorsementCredential"))),
        ("a relative address", |badge| badge["evidence"] = json!([{"id": "evidence", "type": ["Evidence"]}])),
        ("null, which is nothing", |badge| badge["grade"] = json!(null)),
        ("a free object", |badge| badge["@index"] = json!("A+")),
        ("a graph", |badge| badge["@graph"] = json!([{"id": "urn:x", "name": "Admiral"}])),
        ("a list of its own", |badge| badge["@list"] = json!([])),
        ("a second description of its own", |badge| {
            badge["@included"] = json!([{"id": badge["id"], "name": "Admiral"}]);
        }),
        ("a way back", |badge| badge["@reverse"] = json!({"issuer": {"id": "urn:x"}})),
        ("another key for a keyword", |badge| badge["@type"] = json!(["AchievementCredential"])),
        ("another id", |badge| badge["@id"] = json!("urn:uuid:0")),
    ];
    for (name, add) in additions {
        let mut changed = badge();
        add(&mut changed);
        let report = verify(changed.to_string(), &Web::default());
        // What is nothing in JSON-LD is nothing in the badge as well, and the class was there under its other name.
        let is_nothing = ["null, which is nothing", "another key for a keyword"].contains(name);
        if report.status() == Status::Valid {
            assert!(is_nothing, "{name}: {report:#}");
        }
    }
}

#[test]
fn what_was_taken_away_after_signing_is_missed() {
    let badge = badge();
    for member in badge.as_object().unwrap().keys() {
        let mut changed = badge.clone();
        changed.as_object_mut().unwrap().remove(member);
        let report = verify(changed.to_string(), &Web::default());
        assert_ne!(report.status(), Status::Valid, "{member}");
    }
}

#[test]
fn statements_cannot_be_moved_to_where_nobody_looks() {
    // The statements stay the same, and so does the signature; what a reader of the JSON sees does not.
    let mut rich = with_status(credential(&school().did()));
    rich["credentialStatus"]["id"] = json!("https://school.example/status#94567");
    subject(&mut rich)["identifier"] = json!([{"type": "IdentityObject", "identityType": "emailAddress", "hashed": false, "identityHash": "grace@example.com"}]);
    subject(&mut rich)["result"] = json!([{"type": ["Result"], "status": "Failed"}]);
    let rich = school().seal(&rich, &school().method());
    let valid = judged(rich.to_string(), &school_web(), Status::Valid);
    let mut moves = 0;
    for node in ["", "/credentialSubject", "/credentialStatus", "/issuer", "/credentialSubject/achievement"] {
        let members: Vec<String> = rich.pointer(node).unwrap().as_object().unwrap().keys().cloned().collect();
        for member in
            members.iter().filter(|member| !["id", "type", "@context", "proof"].contains(&member.as_str()))
        {
            for keyword in ["@included", "@graph"] {
                for with_type in [true, false] {
                    let mut moved = rich.clone();
                    let from = moved.pointer_mut(node).unwrap().as_object_mut().unwrap();
                    let mut twin = json!({"id": from["id"]});
                    if with_type && let Some(class) = from.get("type") {
                        twin["type"] = class.clone();
                    }
                    twin[member] = from.remove(member).unwrap();
                    moved[keyword] = json!([twin]);
                    let report = verify(moved.to_string(), &school_web());
                    moves += 1;
                    if report.status() == Status::Valid {
                        let (found, expected) =
                            (report.badge().unwrap().model(), valid.badge().unwrap().model());
                        assert_eq!(
                            format!("{found:?}"),
                            format!("{expected:?}"),
                            "{keyword} {node}/{member}"
                        );
                    }
                }
            }
        }
    }
    assert!(moves > 50);
}

#[test]
fn statements_cannot_be_respelt_so_that_nobody_reads_them() {
    let mut rich = with_status(credential(&school().did()));
    rich["credentialStatus"]["statusSize"] = json!(1);
    subject(&mut rich)["result"] = json!([{"type": ["Result"], "status": "Failed"}]);
    let rich = school().seal(&rich, &school().method());
    gets(rich.to_string(), &school_web(), Status::Valid);
    let integer = "https://www.w3.org/2001/XMLSchema#integer";
    for (node, member, iri, value) in [
        (
            "/credentialStatus",
            "statusSize",
            "https://www.w3.org/ns/credentials/status#statusSize",
            json!({"@value": "1", "@type": integer}),
        ),
        (
            "/credentialSubject",
            "result",
            "https://purl.imsglobal.org/spec/vc/ob/vocab.html#result",
            rich["credentialSubject"]["result"].clone(),
        ),
        ("", "name", "https://schema.org/name", rich["name"].clone()),
        ("/credentialSubject", "id", "@id", rich["credentialSubject"]["id"].clone()),
    ] {
        let mut respelt = rich.clone();
        let members = respelt.pointer_mut(node).unwrap().as_object_mut().unwrap();
        members.remove(member).unwrap();
        members.insert(iri.to_owned(), value);
        let report = verify(respelt.to_string(), &school_web());
        assert!(has_passed(&report, CheckCode::ProofSignature), "{member} says the same: {report:#}");
        assert_ne!(report.status(), Status::Valid, "{member}");
    }
}

#[test]
fn a_context_cannot_be_changed_for_one_that_reads_otherwise() {
    let inline = json!({"name": "https://schema.org/description", "description": "https://schema.org/name"});
    let vocabulary = json!({"@vocab": "https://mallory.example/"});
    let alias = json!({"kind": "@type", "key": "@id"});
    let nothing = json!(null);
    for (name, contexts) in [
        ("one more inside", json!([CONTEXT_VC, CONTEXT_3, inline])),
        ("one less inside", json!([inline, CONTEXT_VC, CONTEXT_3])),
        ("a vocabulary for everything", json!([CONTEXT_VC, CONTEXT_3, vocabulary])),
        ("other keywords", json!([CONTEXT_VC, CONTEXT_3, alias])),
        ("none", json!([CONTEXT_VC, CONTEXT_3, nothing])),
        ("an unknown one", json!([CONTEXT_VC, CONTEXT_3, "https://mallory.example/context"])),
        ("one on this machine", json!([CONTEXT_VC, CONTEXT_3, "https://127.0.0.1/context"])),
        ("the other order", json!([CONTEXT_3, CONTEXT_VC])),
        ("the other version", json!([CONTEXT_VC, "https://w3id.org/openbadges/v2"])),
        ("one for the other", json!([CONTEXT_3])),
        ("imported", json!([CONTEXT_VC, CONTEXT_3, {"@import": CONTEXT_VC}])),
    ] {
        // After signing: then the context in hand is not the one that was signed under.
        let mut changed = badge();
        changed["@context"] = contexts.clone();
        let report = verify(changed.to_string(), &Web::default());
        // What names nothing in the badge changes nothing.
        let is_unused = ["a vocabulary for everything", "other keywords", "imported"].contains(&name);
        assert_eq!(report.status() == Status::Valid, is_unused, "{name}: {report:#}");
        assert!(report.documents().is_empty(), "contexts are never fetched");
        // And inside, where only that object is read otherwise.
        let mut changed = badge();
        subject(&mut changed)["@context"] = contexts.clone();
        let report = verify(changed.to_string(), &Web::default());
        // Among those at hand there is none that reads anything otherwise within another.
        if !is_unused && contexts.as_array().unwrap().iter().any(Value::is_object) {
            assert_ne!(report.status(), Status::Valid, "{name}, within: {report:#}");
        }
    }
}

#[test]
fn the_swap_of_two_names_is_not_valid() {
    // The same statements, signed honestly by their author, spelt so that JSON readers see them swapped.
    let (name, description) = ("First Mate", "Admiral of the fleet.");
    let swap = json!({"name": {"@id": "https://schema.org/description"}, "description": {"@id": "https://schema.org/name"}});
    let mut badge = credential(&school().did());
    badge["@context"] = json!([CONTEXT_VC, CONTEXT_3, swap]);
    badge["name"] = json!(description);
    badge["description"] = json!(name);
    let members = badge.as_object().unwrap();
    let mut unsigned = proof(&school().method());
    unsigned["proofValue"] = json!(format!("z{}", bs58::encode([1; 64]).into_string()));
    let suite = openbadges::proof::integrity::Cryptosuite::EddsaRdfc2022;
    let prepared = openbadges::proof::integrity::prepare(
        members,
        unsigned.as_object().unwrap(),
        suite,
        &ContextStore::bundled(),
        &Limits::default(),
    );
    // The names are protected, so there is nothing to sign; were they not, the verdict would have to say so.
    assert!(prepared.is_err());
    badge["proof"] = unsigned;
    assert_ne!(status(badge.to_string(), &Web::default()), Status::Valid);
    // Terms that no context protects may be defined.
    let mut badge = credential(&school().did());
    badge["@context"] = json!([CONTEXT_VC, CONTEXT_3, {"grade": "https://school.example/grade"}]);
    badge["grade"] = json!("A+");
    let sealed = school().seal(&badge, &school().method());
    gets(sealed.to_string(), &Web::default(), Status::Valid);
}

#[test]
fn a_proof_belongs_to_one_document() {
    let mut other = credential(&school().did());
    other["id"] = json!("urn:uuid:0");
    other["proof"] = badge()["proof"].clone();
    let report = judged(other.to_string(), &Web::default(), Status::Invalid);
    assert!(failed(&report, CheckCode::ProofSignature));
}

#[test]
fn every_member_of_a_proof_is_signed() {
    let badge = badge();
    let changes = [
        ("type", json!("Ed25519Signature2020")),
        ("type", json!("RsaSignature2018")),
        ("type", json!(["DataIntegrityProof"])),
        ("cryptosuite", json!("ecdsa-rdfc-2019")),
        ("cryptosuite", json!("eddsa-jcs-2022")),
        ("cryptosuite", json!("eddsa-2022")),
        ("created", json!("2026-03-01T09:00:01Z")),
        ("created", json!("2026-03-01T09:00:00.0Z")),
        ("created", json!("2026-03-01T10:00:00+01:00")),
        ("verificationMethod", json!(mallory().method())),
        ("verificationMethod", json!(school().did())),
        ("proofPurpose", json!("authentication")),
        ("proofPurpose", json!(["assertionMethod"])),
        ("proofValue", json!(badge["proof"]["proofValue"].as_str().unwrap().replacen('z', "u", 1))),
        ("proofValue", json!(badge["proof"]["proofValue"].as_str().unwrap().replacen('z', "z1", 1))),
        ("proofValue", json!([badge["proof"]["proofValue"]])),
        ("domain", json!("school.example")),
        ("challenge", json!("1")),
        ("nonce", json!("1")),
        ("expires", json!("2031-01-01T00:00:00Z")),
        ("previousProof", json!("urn:uuid:0")),
        ("previousProof", json!([])),
        ("id", json!("urn:uuid:0")),
        ("grade", json!("A+")),
    ];
    for (member, value) in changes {
        let mut changed = badge.clone();
        changed["proof"][member] = value.clone();
        let report = verify(changed.to_string(), &Web::default());
        // One element and that element alone are one statement, and an empty list is none.
        let is_the_same = value == json!(["assertionMethod"]) || value == json!([]);
        assert!(report.status() != Status::Valid || is_the_same, "{member} {value}: {report:#}");
    }
    for member in badge["proof"].as_object().unwrap().keys() {
        let mut changed = badge.clone();
        changed["proof"].as_object_mut().unwrap().remove(member);
        assert_ne!(status(changed.to_string(), &Web::default()), Status::Valid, "{member}");
    }
    for proof in [
        json!(null),
        json!([]),
        json!({}),
        json!("proof"),
        json!([[badge["proof"]]]),
        json!({"proof": badge["proof"]}),
    ] {
        let mut changed = badge.clone();
        changed["proof"] = proof.clone();
        assert_ne!(status(changed.to_string(), &Web::default()), Status::Valid, "{proof}");
    }
}

#[test]
fn a_chain_of_proofs_is_not_half_verified() {
    let contexts = ContextStore::bundled();
    let mut first = proof(&school().method());
    first["id"] = json!("urn:uuid:1");
    let sealed = school().seal_with(&credential(&school().did()), &first, &contexts);
    let mut second = proof(&school().method());
    second["previousProof"] = json!("urn:uuid:1");
    let mut chained = school().seal_with(&sealed, &second, &contexts);
    // The first proof stands for itself. Without it, the second is nothing.
    gets(chained.to_string(), &Web::default(), Status::Valid);
    chained["proof"].as_array_mut().unwrap().remove(0);
    assert_ne!(status(chained.to_string(), &Web::default()), Status::Valid);
}

#[test]
fn one_proof_that_holds_suffices_and_a_forged_one_is_told() {
    let honest = badge();
    let both = mallory().seal(&honest, &school().method());
    let report = judged(both.to_string(), &Web::default(), Status::Valid);
    assert!(failed(&report, CheckCode::ProofOther));
    // Mallory's own good proof does not make the school's badge.
    let mut forged = both.clone();
    forged["proof"].as_array_mut().unwrap().remove(0);
    let with_own = mallory().seal(&forged, &mallory().method());
    assert_ne!(status(with_own.to_string(), &Web::default()), Status::Valid);
}

#[test]
fn proofs_are_counted() {
    let many = |count: usize| {
        let mut sealed = badge();
        while sealed["proof"].as_array().map_or(1, Vec::len) < count {
            sealed = school().seal(&sealed, &school().method());
        }
        sealed.to_string()
    };
    gets(many(8), &Web::default(), Status::Valid);
    for count in [9, 17] {
        gets(many(count), &Web::default(), Status::Unverified);
    }
}

#[test]
fn no_sample_is_valid_without_its_signature_or_its_host() {
    for sample in samples() {
        let report = verify(&sample.input, &sample.web);
        let proven = [CheckCode::ProofSignature, CheckCode::HostedContent];
        assert!(proven.into_iter().any(|code| has_passed(&report, code)), "{}", sample.name);
        assert_eq!(report.status(), Status::Valid, "{}", sample.name);
    }
}

#[test]
fn an_endorsement_of_something_else_is_told() {
    let endorsed = |id: &str| {
        let mut badge = credential(SCHOOL);
        badge["endorsement"] = json!([{
            "@context": badge["@context"],
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "id": "urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b09",
            "name": "Praise",
            "issuer": mallory().did(),
            "validFrom": "2026-03-01T09:00:00Z",
            "credentialSubject": {"id": id, "type": ["EndorsementSubject"]},
        }]);
        let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &badge);
        let policy = Policy::strict().with_endorsements(Endorsements::Verify);
        let verifier = Verifier::new(policy);
        let step = verifier.begin(token.as_bytes(), NOW).unwrap();
        let report = step.run(|request| school_web().answer(request.target()));
        assert_eq!(report.status(), Status::Valid, "{report:#}");
        failed(&report, CheckCode::EndorsementSubject)
    };
    for id in [
        SCHOOL,
        "urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b03",
        "https://school.example/achievements/first-mate",
        "mailto:grace@example.com",
    ] {
        assert!(!endorsed(id), "{id}");
    }
    for id in ["https://school.example/achievements/captain", "https://mallory.example/issuer"] {
        assert!(endorsed(id), "{id}");
    }
}

// ---- proofs that say something else than was signed

const VC_1: &str = "https://www.w3.org/2018/credentials/v1";
const SECURITY: &str = "https://w3id.org/security#";

/// A member of a proof under its IRI, which is the same statement.
fn respelt(document: &Value, member: &str, iri: &str, value: Value) -> Value {
    let mut document = document.clone();
    let proof = document["proof"].as_object_mut().unwrap();
    proof.remove(member).unwrap();
    proof.insert(iri.to_owned(), value);
    document
}

fn date(instant: &str) -> Value {
    json!({"@value": instant, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"})
}

/// What comes of the only proof of a document.
fn proven(document: &Value, expected: &Expectations) -> Result<(), ProofError> {
    let (contexts, limits) = (ContextStore::bundled(), Limits::default());
    let results = verify_credential(document, expected, key_in_did, &contexts, &limits).unwrap();
    assert_eq!(results.len(), 1);
    results[0].error().cloned().map_or(Ok(()), Err)
}

#[test]
fn every_member_of_a_proof_is_signed_as_what_it_says() {
    let mut full = proof(&school().method());
    for (member, value) in [
        ("id", json!("urn:uuid:1")),
        ("domain", json!("school.example")),
        ("challenge", json!("1")),
        ("expires", json!("2031-01-01T00:00:00Z")),
    ] {
        full[member] = value;
    }
    let sealed = school().seal_with(&credential(&school().did()), &full, &ContextStore::bundled());
    gets(sealed.to_string(), &Web::default(), Status::Valid);
    assert_eq!(proven(&sealed, &Expectations::at(NOW)), Ok(()));
    let node = |iri: &str| json!({"@id": iri});
    for (member, iri, value) in [
        ("challenge", format!("{SECURITY}challenge"), json!("1")),
        ("created", "http://purl.org/dc/terms/created".to_owned(), date("2026-03-01T09:00:00Z")),
        ("domain", format!("{SECURITY}domain"), json!("school.example")),
        ("expires", format!("{SECURITY}expiration"), date("2031-01-01T00:00:00Z")),
        ("id", "@id".to_owned(), json!("urn:uuid:1")),
        ("proofPurpose", format!("{SECURITY}proofPurpose"), node(&format!("{SECURITY}assertionMethod"))),
        ("verificationMethod", format!("{SECURITY}verificationMethod"), node(&school().method())),
    ] {
        let respelt = respelt(&sealed, member, &iri, value);
        let report = judged(respelt.to_string(), &Web::default(), Status::Invalid);
        assert!(failed(&report, CheckCode::ProofContext), "{member}");
        let error = proven(&respelt, &Expectations::at_any_time()).unwrap_err();
        // What is always needed is missed first.
        let is_missed = match member {
            "proofPurpose" => matches!(error, ProofError::Purpose { .. }),
            "verificationMethod" => {
                matches!(error, ProofError::Integrity(IntegrityError::Malformed { .. }))
            }
            _ => {
                matches!(error, ProofError::Integrity(IntegrityError::Meaning { member: found }) if found == member)
            }
        };
        assert!(is_missed, "{member}: {error}");
    }
}

/// A presentation of VC 1.1 that its holder signed for somebody else, and what Mallory makes of it: the signed values
/// have other names, and `challenge` and `domain` are types.
fn presentations_for_somebody_else() -> [Value; 2] {
    let term = |name: &str| format!("{SECURITY}{name}");
    let contexts = [VC_1, CONTEXT_3, "https://w3id.org/security/suites/ed25519-2020/v1"];
    let mut of_2020 = proof(&school().method());
    of_2020.as_object_mut().unwrap().remove("cryptosuite");
    of_2020["type"] = json!("Ed25519Signature2020");
    let mut badge = credential(&school().did());
    badge["@context"] = json!(contexts);
    badge["issuanceDate"] = badge.as_object_mut().unwrap().remove("validFrom").unwrap();
    let badge = school().seal_with(&badge, &of_2020, &ContextStore::bundled());
    let mut shown = of_2020;
    for (member, value) in
        [("proofPurpose", "authentication"), ("challenge", "abc"), ("domain", "https://mallory.example")]
    {
        shown[member] = json!(value);
    }
    let presentation = json!({
        "@context": [contexts[0], contexts[2]],
        "type": ["VerifiablePresentation"],
        "id": "urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b77",
        "holder": school().did(),
        "verifiableCredential": [badge],
    });
    let signed = school().seal_with(&presentation, &shown, &ContextStore::bundled());
    let mut respelt = signed.clone();
    respelt["@context"][1] = json!({
        "Ed25519Signature2020": {
            "@id": term("Ed25519Signature2020"),
            "@context": {
                "c2": term("challenge"),
                "d2": term("domain"),
                "created": {"@id": "http://purl.org/dc/terms/created", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
                "proofPurpose": {
                    "@id": term("proofPurpose"),
                    "@type": "@vocab",
                    "@context": {"authentication": term("authenticationMethod")},
                },
                "proofValue": {"@id": term("proofValue"), "@type": term("multibase")},
                "verificationMethod": {"@id": term("verificationMethod"), "@type": "@id"},
            },
        },
        "challenge": "@type",
        "domain": "@type",
        "xyz": term("Ed25519Signature2020"),
    });
    for (member, value) in
        [("c2", "abc"), ("d2", "https://mallory.example"), ("challenge", "xyz"), ("domain", "xyz")]
    {
        respelt["proof"][member] = json!(value);
    }
    [signed, respelt]
}

#[test]
fn a_presentation_cannot_be_shown_to_somebody_else() {
    let [signed, respelt] = presentations_for_somebody_else();
    let expected = |challenge: &str, domain: &str| {
        let expected = Expectations::at(NOW).with_purpose("authentication");
        expected.with_challenge(challenge).with_domain(domain)
    };
    assert_eq!(proven(&signed, &expected("abc", "https://mallory.example")), Ok(()));
    assert_eq!(proven(&signed, &expected("xyz", "xyz")), Err(ProofError::Domain));
    let meaning = IntegrityError::Meaning { member: "challenge" };
    assert_eq!(proven(&respelt, &expected("xyz", "xyz")), Err(ProofError::Integrity(meaning)));
    let wrapper = |document: &Value, policy: Policy| {
        let report = Verifier::new(policy).begin(document.to_string().as_bytes(), NOW).unwrap().offline();
        assert_eq!(report.status(), Status::Valid, "the badge is what it was: {report:#}");
        let [wrapper] = report.wrappers() else { panic!("{report:#}") };
        (wrapper.status(), wrapper.challenge().map(str::to_owned))
    };
    let demand = |what: &str| Policy::strict().with_proof_challenge(what).with_proof_domain(what);
    assert_eq!(wrapper(&signed, Policy::strict()), (Status::Valid, Some("abc".to_owned())));
    assert_eq!(wrapper(&signed, demand("xyz")).0, Status::Invalid);
    for policy in [Policy::strict(), demand("xyz"), demand("abc")] {
        assert_eq!(wrapper(&respelt, policy).0, Status::Invalid);
    }
}

#[test]
fn a_jwt_around_a_presentation_cannot_answer_for_the_proof_inside() {
    let [signed, _] = presentations_for_somebody_else();
    let around = |key: &Key, nonce: &str| {
        let claims =
            json!({"iss": school().did(), "jti": signed["id"], "nonce": nonce, "aud": nonce, "vp": signed});
        let token = key.jws(&json!({"alg": "EdDSA", "kid": key.method()}), &claims);
        let report = Verifier::new(Policy::strict()).begin(token.as_bytes(), NOW).unwrap().offline();
        let [wrapper] = report.wrappers() else { panic!("{report:#}") };
        assert_eq!(wrapper.status(), Status::Valid, "the proof inside holds: {wrapper:#}");
        (wrapper.challenge().map(str::to_owned), wrapper.domains().to_vec())
    };
    assert_eq!(around(&mallory(), "xyz"), (None, Vec::new()));
    assert_eq!(around(&school(), "abc"), (Some("abc".to_owned()), Vec::new()));
}

#[test]
fn an_endorsement_must_say_what_its_proof_signs_and_need_not_be_for_the_host() {
    let mut endorsement = credential(&mallory().did());
    endorsement["type"] = json!(["VerifiableCredential", "EndorsementCredential"]);
    endorsement["id"] = json!("urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b09");
    endorsement["credentialSubject"] = json!({
        "id": "https://school.example/achievements/first-mate",
        "type": ["EndorsementSubject"],
    });
    let mut ended = proof(&mallory().method());
    ended["expires"] = json!("2026-05-01T00:00:00Z");
    let contexts = ContextStore::bundled();
    let ended = mallory().seal_with(&endorsement, &ended, &contexts);
    let hidden = respelt(&ended, "expires", &format!("{SECURITY}expiration"), date("2026-05-01T00:00:00Z"));
    let mut for_host = proof(&school().method());
    for_host["domain"] = json!("host.example");
    for_host["challenge"] = json!("1");
    let good = mallory().seal(&endorsement, &mallory().method());
    for (endorsement, expected) in
        [(ended, Status::Invalid), (hidden, Status::Invalid), (good, Status::Valid)]
    {
        let mut badge = credential(&school().did());
        badge["endorsement"] = json!([endorsement]);
        // Over JSON, since what the endorsement's proof says is also part of the badge's statements.
        let mut proof = for_host.clone();
        proof["cryptosuite"] = json!("eddsa-jcs-2022");
        let badge = school().seal_with(&badge, &proof, &contexts);
        let policy = Policy::strict().with_endorsements(Endorsements::Verify);
        let policy = policy.with_proof_domain("host.example").with_proof_challenge("1");
        let report = Verifier::new(policy).begin(badge.to_string().as_bytes(), NOW).unwrap().offline();
        assert_eq!(report.status(), Status::Valid, "{report:#}");
        assert_eq!(report.endorsements()[0].status(), expected, "{:#}", report.endorsements()[0]);
    }
}
