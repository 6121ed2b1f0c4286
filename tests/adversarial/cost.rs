//! What a stranger can make one verification cost.

use openbadges::report::{CheckCode, WrapperReport};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::samples::{
    ASSERTION, CONTEXT_2, CONTEXT_3, CONTEXT_VC, NOW, SCHOOL, SCHOOL_KEY, SCHOOL_LIST, Web, assertion,
    badge_class, credential, credential_jwt, hosted_assertion, issuer_profile, mallory, proof, school,
    school_web, status_entry, status_list, verify,
};
use crate::within;

/// The report within the time that there is; nothing if it was refused at once.
#[track_caller]
pub(super) fn cost(input: impl AsRef<[u8]>, web: &Web) -> Option<Report> {
    let verifier = Verifier::new(Policy::strict());
    within(|| {
        let step = verifier.begin(input.as_ref(), NOW).ok()?;
        Some(step.run(|request| web.answer(request.target())))
    })
}

/// An unsigned badge with a proof that has to be tried.
fn unsigned(change: impl FnOnce(&mut Value)) -> Value {
    let mut badge = credential(&school().did());
    change(&mut badge);
    badge["proof"] = forged();
    badge
}

/// A proof that has to be tried.
pub(super) fn forged() -> Value {
    let mut proof = proof(&school().method());
    proof["proofValue"] = json!(format!("z{}", bs58::encode([1; 64]).into_string()));
    proof
}

/// Proofs of which each rests on the one before, so that no two of them have the same configuration.
fn chained(proofs: usize) -> Value {
    let id = |number: usize| format!("urn:proof:{number}");
    let chain = (0..proofs).map(|number| {
        let mut proof = forged();
        proof["id"] = json!(id(number));
        if number > 0 {
            proof["previousProof"] = json!(id(number - 1));
        }
        proof
    });
    chain.collect()
}

/// So many nodes with names.
fn named(count: usize) -> Value {
    (0..count).map(|each| json!({"id": format!("urn:x:{each}"), "type": ["Achievement"]})).collect()
}

/// Nodes without names, each of which refers to all others: hard to tell apart.
fn clique(size: usize) -> Value {
    let node = |at: usize| {
        let others: Vec<Value> = (0..size)
            .filter(|other| *other != at)
            .map(|other| json!({"id": format!("_:b{other}")}))
            .collect();
        json!({"id": format!("_:b{at}"), "type": ["Achievement"], "related": others})
    };
    (0..size).map(node).collect()
}

#[test]
fn statements_that_are_hard_to_tell_apart_are_given_up() {
    for size in [8, 12, 40] {
        for proofs in [1, 8] {
            let badge = unsigned(|badge| badge["credentialSubject"]["achievement"]["related"] = clique(size));
            let mut badge = badge;
            badge["proof"] = (0..proofs).map(|_| badge["proof"].clone()).collect();
            let report = within(|| verify(badge.to_string(), &Web::default()));
            assert_ne!(report.status(), Status::Valid, "{size} {proofs}");
        }
    }
}

#[test]
fn a_context_of_its_own_makes_a_badge_no_dearer_for_each_proof() {
    for related in [clique(6), named(4_500), named(9_000)] {
        let mut badge = unsigned(|badge| badge["credentialSubject"]["achievement"]["related"] = related);
        badge["@context"].as_array_mut().unwrap().push(json!({"own": "http://e/own"}));
        badge["proof"] = chained(8);
        let mut spent = None;
        let memory = allocation_counter::measure(|| spent = cost(badge.to_string(), &Web::default()));
        assert_ne!(spent.unwrap().status(), Status::Valid);
        assert!(memory.bytes_max < MOST_MEMORY, "{} bytes", memory.bytes_max);
    }
}

#[test]
fn all_that_a_badge_comes_in_shares_one_budget() {
    let own = json!({"own": "http://e/own"});
    let mut badge = unsigned(|badge| badge["credentialSubject"]["achievement"]["related"] = named(8_000));
    badge["@context"].as_array_mut().unwrap().push(own.clone());
    badge["proof"] = chained(8);
    let present = |held: Value| json!({"@context": [CONTEXT_VC, CONTEXT_3, own], "type": ["VerifiablePresentation"], "holder": school().did(), "verifiableCredential": [held], "proof": chained(8)});
    for presentations in [2, 4] {
        let shown = (0..presentations).fold(badge.clone(), |held, _| present(held));
        let report = cost(shown.to_string(), &Web::default()).unwrap();
        let contexts = |wrapper: &WrapperReport| {
            wrapper.check(CheckCode::ProofContext).map(ToString::to_string).collect::<Vec<_>>()
        };
        let (outermost, others) = report.wrappers().split_first().unwrap();
        assert_eq!((others.len(), contexts(outermost).len()), (presentations - 1, 1));
        assert!(!contexts(outermost)[0].contains("of all proofs"), "{:?}", contexts(outermost));
        for wrapper in others {
            assert!(contexts(wrapper)[0].contains("of all proofs"), "{:?}", contexts(wrapper));
        }
        // The badge has its own.
        let said: Vec<String> = report.check(CheckCode::ProofContext).map(ToString::to_string).collect();
        assert!(said.iter().all(|said| !said.contains("of all proofs")), "{said:?}");
    }
}

#[test]
fn a_large_credential_takes_its_time_and_no_more() {
    let long = "x".repeat(900 * 1024);
    let many = |count: usize| -> Vec<Value> {
        (0..count).map(|number| json!({"type": ["Evidence"], "name": format!("{number}")})).collect()
    };
    for (name, badge) in [
        (
            "one long text",
            unsigned(|badge| badge["credentialSubject"]["achievement"]["description"] = json!(long)),
        ),
        ("many nodes", unsigned(|badge| badge["evidence"] = json!(many(9_000)))),
        ("many wrong values", unsigned(|badge| badge["evidence"] = json!(vec![7; 80_000]))),
        ("many wrong classes", unsigned(|badge| badge["type"] = json!(vec!["x"; 80_000]))),
        (
            "many unknown members",
            unsigned(|badge| {
                let members = badge.as_object_mut().unwrap();
                members.extend((0..40_000).map(|number| (format!("x{number}"), json!(1))));
            }),
        ),
        (
            "many contexts",
            unsigned(|badge| badge["@context"] = json!(vec![badge["@context"][0].clone(); 10_000])),
        ),
        (
            "many contexts within",
            unsigned(|badge| {
                badge["evidence"] =
                    (0..5_000).map(|_| json!({"@context": [CONTEXT_VC], "type": "Evidence"})).collect();
            }),
        ),
        (
            "a large context",
            unsigned(|badge| {
                let terms: Value = (0..20_000)
                    .map(|number| (format!("t{number}"), json!(format!("t{}:x", number + 1))))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
                badge["@context"].as_array_mut().unwrap().push(terms);
            }),
        ),
        ("many proofs", unsigned(|badge| badge["id"] = json!("urn:x"))),
    ] {
        let mut badge = badge;
        if name == "many proofs" {
            badge["proof"] = (0..10_000).map(|_| badge["proof"].clone()).collect();
        }
        let report = cost(badge.to_string(), &Web::default());
        assert!(report.is_none_or(|report| report.status() != Status::Valid), "{name}");
    }
}

#[test]
fn many_places_in_one_list_cost_as_much_as_a_few() {
    // The uploader is the issuer here, and signs what they like.
    let mut badge = credential(SCHOOL);
    badge["credentialStatus"] =
        (0..4_000).map(|place: usize| status_entry(SCHOOL_LIST, json!(place.to_string()))).collect();
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &badge);
    // Bits that compress well, and bits that do not.
    let noise = (0..64 * 1024_u32).flat_map(|at| Sha256::digest(at.to_be_bytes()).to_vec());
    for bits in [vec![0; 16 * 1024 * 1024], noise.collect()] {
        let mut list = status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]);
        list["credentialSubject"]["encodedList"] = json!(crate::samples::encoded(&bits));
        let web = school_web().with(SCHOOL_LIST, &school().seal(&list, SCHOOL_KEY));
        let report = within(|| verify(&token, &web));
        assert_ne!(report.status(), Status::Valid);
    }
}

#[test]
fn many_keys_cost_as_much_as_a_few() {
    let nameless = json!({"type": "SignedBadge"});
    let token = mallory().jws(&json!({"alg": "EdDSA"}), &assertion("urn:uuid:1", &nameless));
    let embedded = |number: usize| json!({"id": format!("https://school.example/keys/{number}"), "type": "CryptographicKey", "owner": SCHOOL, "publicKeyPem": school().pem()});
    let mut profile = issuer_profile();
    profile["publicKey"] = (0..4_000).map(embedded).collect();
    profile.as_object_mut().unwrap().remove("verificationMethod");
    let report = within(|| verify(&token, &school_web().with(SCHOOL, &profile)));
    assert_ne!(report.status(), Status::Valid);
    // Texts that take the square of their length to decode, in a document of keys.
    let mut profile = issuer_profile();
    let digits = format!("z{}", "2".repeat(6_000));
    profile["verificationMethod"] = (0..128).map(|number| json!({"id": format!("{SCHOOL}#{number}"), "type": "Multikey", "controller": SCHOOL, "publicKeyMultibase": digits})).collect();
    let badge = school().seal(&credential(SCHOOL), SCHOOL_KEY);
    let report = within(|| verify(badge.to_string(), &school_web().with(SCHOOL, &profile)));
    assert_ne!(report.status(), Status::Valid);
    let mut long = badge;
    long["proof"]["proofValue"] = json!(format!("z{}", "2".repeat(900 * 1024)));
    let report = within(|| verify(long.to_string(), &school_web()));
    assert_ne!(report.status(), Status::Valid);
}

#[test]
fn a_long_name_of_a_key_is_not_asked_for() {
    for name in [
        format!("did:example:{}", "x".repeat(900 * 1024)),
        format!("did:key:z{}", "2".repeat(900 * 1024)),
        format!("https://school.example/{}", "x".repeat(900 * 1024)),
    ] {
        let token = credential_jwt(&mallory(), &json!({"alg": "EdDSA", "kid": name}), &credential(SCHOOL));
        if token.len() < 1024 * 1024 {
            continue;
        }
        let verifier = Verifier::new(Policy::strict());
        assert!(verifier.begin(token.as_bytes(), NOW).is_err());
    }
    for name in [
        format!("did:example:{}", "x".repeat(500 * 1024)),
        format!("did:key:z{}", "2".repeat(500 * 1024)),
        format!("https://school.example/{}", "x".repeat(500 * 1024)),
    ] {
        let token = credential_jwt(&mallory(), &json!({"alg": "EdDSA", "kid": name}), &credential(SCHOOL));
        let verifier = Verifier::new(Policy::strict());
        let mut asked = Vec::new();
        let report = within(|| {
            verifier.begin(token.as_bytes(), NOW).unwrap().run(|request| {
                asked.push(request.target().to_string());
                school_web().answer(request.target())
            })
        });
        assert_ne!(report.status(), Status::Valid);
        assert!(asked.iter().all(|target| target.len() < 10_000));
        assert!(format!("{report}").len() < 10_000);
    }
}

#[test]
fn a_hosted_badge_of_many_parts_costs_no_more() {
    let list = json!({"@context": CONTEXT_2, "type": "RevocationList", "id": "https://school.example/revoked", "issuer": SCHOOL,
        "revokedAssertions": (0..90_000).map(|number| format!("https://school.example/{number}")).collect::<Vec<_>>()});
    let report = within(|| {
        verify(hosted_assertion().to_string(), &school_web().with("https://school.example/revoked", &list))
    });
    assert_eq!(report.status(), Status::Valid);
    let mut class = badge_class();
    let extension = |number: usize| {
        (format!("extensions:x{number}"), json!({"type": ["Extension", format!("extensions:X{number}")]}))
    };
    class.as_object_mut().unwrap().extend((0..8_000).map(extension));
    let report = within(|| {
        verify(hosted_assertion().to_string(), &school_web().with("https://school.example/class", &class))
    });
    assert!(report.check(CheckCode::SchemaExtension).count() > 0);
}

#[test]
fn a_long_name_is_not_written_out_again_and_again() {
    let long = "y".repeat(300 * 1024);
    let in_context = |context: Value, member: &dyn Fn(usize) -> (String, Value)| {
        unsigned(|badge| {
            badge["@context"].as_array_mut().unwrap().push(context);
            badge.as_object_mut().unwrap().extend((0..20_000).map(member));
        })
    };
    for (name, badge) in [
        // Each statement about the credential would be this long.
        (
            "an id",
            unsigned(|badge| {
                badge["id"] = json!(format!("urn:x:{long}"));
                badge["evidence"] = json!(vec![json!({"type": "Evidence"}); 9_000]);
            }),
        ),
        // Each use of a prefix makes an IRI of its own.
        ("a prefix", in_context(json!({"p": format!("urn:x:{long}/")}), &|at| (format!("p:{at}"), json!(1)))),
        (
            "a vocabulary",
            in_context(json!({"@vocab": format!("urn:x:{long}/")}), &|at| (format!("p{at}"), json!(1))),
        ),
        (
            "a language",
            in_context(json!({"@language": format!("en{}", "-aaaaaaaa".repeat(30_000))}), &|at| {
                (format!("urn:x:{at}"), json!("text"))
            }),
        ),
        (
            "a key of a map",
            unsigned(|badge| {
                let term = json!({"m": {"@id": "urn:x:m", "@container": "@index", "@index": "urn:x:i"}});
                badge["@context"].as_array_mut().unwrap().push(term);
                badge["m"] = json!({&long: vec![json!({"id": "urn:x:n"}); 15_000]});
            }),
        ),
    ] {
        let mut spent = None;
        let memory = allocation_counter::measure(|| spent = cost(badge.to_string(), &Web::default()));
        assert!(spent.is_none_or(|report| report.status() != Status::Valid), "{name}");
        assert!(memory.bytes_max < MOST_MEMORY, "{name} took {} bytes", memory.bytes_max);
    }
}

/// What one verification may take at most.
pub(super) const MOST_MEMORY: u64 = 128 * 1024 * 1024;

#[test]
fn documents_full_of_small_values_are_bounded_together() {
    // Whoever signs can also write the class, the profile and the list.
    let full = json!(vec!["urn:x"; 90_000]);
    let filled = |mut document: Value| {
        document["extra"] = full.clone();
        document
    };
    let assertion = filled(hosted_assertion());
    let web = school_web()
        .with(ASSERTION, &assertion)
        .with("https://school.example/class", &filled(badge_class()))
        .with(SCHOOL, &filled(issuer_profile()));
    let mut report = None;
    let memory = allocation_counter::measure(|| report = cost(assertion.to_string(), &web));
    let report = report.unwrap();
    assert_eq!(report.status(), Status::Unverified, "{report:#}");
    assert!(memory.bytes_max < MOST_MEMORY, "{} bytes", memory.bytes_max);
}

#[test]
fn many_large_lists_are_not_all_unpacked() {
    let mut badge = credential(SCHOOL);
    let url = |list: usize| format!("{SCHOOL_LIST}/{list}");
    badge["credentialStatus"] = (0..16).map(|list| status_entry(&url(list), json!("0"))).collect();
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &badge);
    let bits = crate::samples::encoded(&vec![0; 16 * 1024 * 1024]);
    let web = (0..15).fold(school_web(), |web, list| {
        let mut credential = status_list(&url(list), SCHOOL, "revocation", &[]);
        credential["credentialSubject"]["encodedList"] = json!(bits);
        web.with(&url(list), &school().seal(&credential, SCHOOL_KEY))
    });
    let mut report = None;
    let memory = allocation_counter::measure(|| report = cost(&token, &web));
    assert_eq!(report.unwrap().status(), Status::Unverified);
    assert!(memory.bytes_max < MOST_MEMORY, "{} bytes", memory.bytes_max);
}

/// A document of Open Badges 2.0 that holds much that nobody asks for, with contexts of its own or without.
fn stuffed(mut document: Value, has_own: bool, filler: &Value, count: usize) -> Value {
    let own = json!({"x": "https://x.example/x", "a": "https://x.example/a"});
    if has_own && count > 0 {
        document["@context"] = json!([CONTEXT_2, own]);
    }
    document["x"] = json!(vec![filler; count]);
    document
}

/// A hosted badge each of whose documents declares another address than the one that it is asked for at, so that there
/// are many rounds; and the web that it is on. Each document is filled, by its number.
fn in_many_rounds(fill: impl Fn(usize, Value) -> Value) -> (Value, Web) {
    let (class, profile) = ("https://school.example/class", issuer_profile());
    let mut assertion = hosted_assertion();
    assertion["badge"] = json!("https://school.example/class0");
    let mut badge_class = badge_class();
    badge_class["issuer"] = json!("https://school.example/issuer0");
    let web = school_web()
        .with("https://school.example/assertion0", &fill(1, assertion.clone()))
        .with(ASSERTION, &fill(2, assertion.clone()))
        .with("https://school.example/class0", &fill(3, badge_class.clone()))
        .with(class, &fill(4, badge_class))
        .with("https://school.example/issuer0", &profile)
        .with(SCHOOL, &fill(5, profile));
    let mut in_hand = fill(0, assertion);
    in_hand["id"] = json!("https://school.example/assertion0");
    (in_hand, web)
}

#[test]
fn contexts_of_their_own_make_hosted_documents_no_dearer() {
    // What fills them, how much of it fits into one document, and of how many values it is.
    let fillers = [
        (json!({"a": {"a": {"a": 1}}}), 6_000_usize, 16),
        (json!({}), 24_000, 4),
        (json!("urn:x"), 90_000, 1),
        (json!({"type": "y"}), 16_000, 6),
    ];
    for (filler, most, values) in fillers {
        let allowed = 19_500 / values;
        for (has_own, in_hand, on_the_web, expected) in [
            (false, most, 0, Status::Valid),
            (false, 0, most / 3, Status::Valid),
            (false, most, most / 6, Status::Valid),
            (true, most, 0, Status::Unverified),
            (true, 0, most / 3, Status::Unverified),
            (true, most, most / 6, Status::Unverified),
            (true, allowed, 0, Status::Valid),
            (true, 0, allowed / 5, Status::Valid),
            // In all documents together it is too much.
            (true, allowed, allowed / 5, Status::Unverified),
        ] {
            // No two of them are the same, or they would be looked at once.
            let count = |number: usize| if number == 0 { in_hand } else { on_the_web.saturating_sub(number) };
            let (badge, web) =
                in_many_rounds(|number, document| stuffed(document, has_own, &filler, count(number)));
            let mut report = None;
            let memory = allocation_counter::measure(|| report = cost(badge.to_string(), &web));
            let report = report.unwrap();
            assert_eq!(report.status(), expected, "{filler} {has_own} {in_hand} {on_the_web}: {report}");
            assert!(memory.bytes_max < MOST_MEMORY, "{filler} took {} bytes", memory.bytes_max);
        }
    }
}
