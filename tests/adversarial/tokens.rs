//! JWTs: what the claims say of the credential, and what the header says of the key.

use openbadges::report::CheckCode;
use openbadges::resource::{Request, Target, Unavailable};
use openbadges::{Policy, Status, Step, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    NOW, SCHOOL, SCHOOL_KEY, Web, credential, credential_jwt, mallory, school, school_web, verify,
};
use crate::{claims, failed, judged, samples};

fn signed(payload: &Value) -> String {
    school().jws(&json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), payload)
}

/// The payload with a credential of VC 2.0, and the one with the same credential of VC 1.1 in a claim.
fn payloads(subject: impl Fn(Value) -> Value) -> [Value; 2] {
    let mut badge = credential(SCHOOL);
    badge["credentialSubject"] = subject(badge["credentialSubject"].take());
    let newer = samples::claims(&badge);
    let mut older = json!({"vc": claims::older(badge)});
    for claim in ["exp", "iss", "jti", "nbf"] {
        older[claim] = newer[claim].clone();
    }
    [newer, older]
}

#[test]
fn a_list_of_one_subject_is_that_subject() {
    let grace = "mailto:grace@example.com";
    let alone = |subject: Value| subject;
    let listed = |subject: Value| json!([subject]);
    let nameless = |mut subject: Value| {
        subject.as_object_mut().unwrap().remove("id");
        subject["identifier"] = json!([{"type": "IdentityObject", "hashed": false, "identityHash": "Grace", "identityType": "name"}]);
        json!([subject])
    };
    for (payloads, sub, expected) in [
        (payloads(alone), json!(grace), [Status::Valid; 2]),
        (payloads(listed), json!(grace), [Status::Valid; 2]),
        (payloads(listed), json!("mailto:mallory@example.com"), [Status::Invalid; 2]),
        (payloads(listed), json!([grace]), [Status::Invalid; 2]),
        // What a `vc` claim leaves out the other claims may say; beside a credential of VC 2.0 it contradicts it.
        (payloads(nameless), json!(grace), [Status::Invalid, Status::Valid]),
    ] {
        for (mut payload, expected) in payloads.into_iter().zip(expected) {
            payload["sub"] = sub.clone();
            let report = judged(signed(&payload), &school_web(), expected);
            assert_eq!(failed(&report, CheckCode::ProofClaims), expected == Status::Invalid, "{report:#}");
        }
    }
}

/// The school's key under a name, as in a key set.
fn school_jwk(name: &str) -> Value {
    let mut jwk = school().jwk();
    jwk["kid"] = json!(name);
    jwk
}

#[test]
fn a_name_in_a_key_set_is_that_of_one_key() {
    let mut other = mallory().jwk();
    other["kid"] = json!("b");
    let renamed = |name: &str| {
        let mut jwk = other.clone();
        jwk["kid"] = json!(name);
        jwk
    };
    let header = |name: &str| json!({"alg": "EdDSA", "kid": name, "jwk": school().jwk()});
    let mut for_secrets = school_jwk("a");
    for_secrets["use"] = json!("enc");
    for (header, keys, expected) in [
        (header("a"), json!([school_jwk("a"), other]), Status::Valid),
        (header("c"), json!([school_jwk("a"), other]), Status::Valid),
        // The name and the key in the header are two members of the set.
        (header("b"), json!([school_jwk("a"), other]), Status::Invalid),
        (header("b"), json!([school_jwk("a"), other, school_jwk("b")]), Status::Valid),
        // Readers differ in which of two they take.
        (json!({"alg": "EdDSA", "kid": "a"}), json!([school_jwk("a"), renamed("a")]), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": "a"}), json!([renamed("a"), school_jwk("a")]), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": "a"}), json!([school_jwk("a"), school_jwk("a")]), Status::Valid),
        // What the header says of its own key is anybody's word.
        (header("a"), json!([for_secrets]), Status::Invalid),
        (json!({"alg": "EdDSA", "jwk": school().jwk()}), json!([for_secrets]), Status::Invalid),
        (json!({"alg": "EdDSA", "kid": "a"}), json!([for_secrets]), Status::Invalid),
    ] {
        let web = school_web().with("https://school.example/.well-known/jwks.json", &json!({"keys": keys}));
        let report = verify(credential_jwt(&school(), &header, &credential(SCHOOL)), &web);
        assert_eq!(report.status(), expected, "{header} {keys}");
        if expected == Status::Valid {
            let set = Target::try_from("https://school.example/.well-known/jwks.json".to_owned()).unwrap();
            let mut bound = report.check(CheckCode::KeyController);
            assert!(
                bound.any(|check| check.node().target() == Some(&set)),
                "the report says where: {report:#}"
            );
        }
    }
}

#[test]
fn the_key_set_is_asked_for_once_a_name_is_known_to_lead_nowhere() {
    const NAME: &str = "https://school.example/keys/1";
    const SET: &str = "https://school.example/.well-known/jwks.json";
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": NAME}), &credential(SCHOOL));
    let verifier = Verifier::new(Policy::strict());
    for why in [Unavailable::Timeout, Unavailable::Declined] {
        let mut web = Web::default().with(SET, &json!({"keys": [school_jwk(NAME)]}));
        web.answer_with(NAME, Err(why));
        let (mut step, mut asked) = (verifier.begin(token.as_bytes(), NOW).unwrap(), Vec::new());
        let (report, documents) = loop {
            let Step::Need(pending) = step else { panic!("it needs both") };
            let requests: Vec<Request> = pending.requests().to_vec();
            asked.push(requests.iter().map(|request| request.target().to_string()).collect::<Vec<_>>());
            let answers =
                requests.iter().map(|request| (request.target().clone(), web.answer(request.target())));
            step = pending.supply(answers.collect::<Vec<_>>());
            if let Step::Done(report) = step {
                break (report, web.documents());
            }
        };
        assert_eq!(asked, [[NAME], [SET]]);
        assert_eq!(report.status(), Status::Valid, "{report:#}");
        // What was fetched then says the same without a network, also of what was not fetched.
        let again = verifier.resume(token.as_bytes(), documents, NOW).unwrap().offline();
        assert_eq!(again.status(), Status::Valid, "{again:#}");
    }
    // A name that leads to a key makes nobody ask for the set.
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &credential(SCHOOL));
    let report = verifier.begin(token.as_bytes(), NOW).unwrap().run(|request| {
        assert_ne!(request.target().to_string(), SET);
        school_web().answer(request.target())
    });
    assert_eq!(report.status(), Status::Valid, "{report:#}");
}
