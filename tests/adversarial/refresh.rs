//! Newer copies: whoever serves one cannot make the badge another.

use openbadges::jsonld::ContextStore;
use openbadges::policy::{AlgorithmSet, Refresh};
use openbadges::proof::Algorithm;
use openbadges::report::CheckCode;
use openbadges::resource::Response;
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    Key, MALLORY, NOW, SCHOOL, SCHOOL_KEY, Web, credential, credential_jwt, mallory, proof, school,
    school_web,
};
use crate::{failed, has_passed, inconclusive};

const COPY: &str = "https://school.example/copies/1";

fn original() -> Value {
    let mut original = credential(SCHOOL);
    original["refreshService"] = json!({"id": COPY, "type": "1EdTechCredentialRefresh"});
    original["validUntil"] = json!("2026-06-01T09:00:00Z");
    original
}

fn report(policy: Policy, input: &str, web: &Web) -> Report {
    let verifier = Verifier::new(policy);
    verifier.begin(input.as_bytes(), NOW).unwrap().run(|request| web.answer(request.target()))
}

#[test]
fn only_a_newer_copy_of_the_same_badge_takes_its_place() {
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut copy = original();
        copy["validUntil"] = json!("2031-03-01T09:00:00Z");
        change(&mut copy);
        copy
    };
    let sealed =
        |key: &Key, copy: &Value| credential_jwt(key, &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), copy);
    let renewed = changed(&|_| {});
    let mut plain = renewed.clone();
    plain.as_object_mut().unwrap().remove("refreshService");
    let embedded = school().seal(&plain, SCHOOL_KEY).to_string();
    for (copy, expected) in [
        (sealed(&school(), &renewed), Status::Valid),
        (embedded.clone(), Status::Valid),
        (sealed(&school(), &changed(&|copy| copy["id"] = json!("urn:uuid:0"))), Status::Expired),
        (sealed(&school(), &changed(&|copy| copy["issuer"]["id"] = json!(MALLORY))), Status::Expired),
        (
            sealed(&school(), &changed(&|copy| copy["validFrom"] = json!("2025-03-01T09:00:00Z"))),
            Status::Expired,
        ),
        (sealed(&mallory(), &renewed), Status::Expired),
        (renewed.to_string(), Status::Expired),
        (embedded.replace("First Mate", "Captain"), Status::Expired),
        (format!("{}.", sealed(&school(), &renewed)), Status::Expired),
        ("[]".to_owned(), Status::Expired),
    ] {
        let mut web = school_web();
        web.serve(COPY, copy.as_bytes());
        let once = Policy::strict().with_refresh(Refresh::Once);
        let found = report(once, &sealed(&school(), &original()), &web);
        // What stands in the place of the badge passes or fails as a whole; the badge itself is over.
        assert_eq!(found.status() == Status::Valid, expected == Status::Valid, "{copy}\n{found:#}");
        assert_eq!(has_passed(&found, CheckCode::RefreshService), expected == Status::Valid, "{copy}");
        let never = report(Policy::strict(), &sealed(&school(), &original()), &web);
        assert_eq!(never.status(), Status::Expired, "{never:#}");
    }
}

#[test]
fn a_copy_that_was_found_elsewhere_counts_by_its_own_proof_or_not_at_all() {
    let sealed =
        |key: &Key, copy: &Value| credential_jwt(key, &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), copy);
    let mut current = original();
    current["validUntil"] = json!("2031-03-01T09:00:00Z");
    let mut newer = current.clone();
    newer["name"] = json!("First Mate, again");
    let badge = sealed(&school(), &current);
    for (body, is_taken) in
        [(sealed(&school(), &newer), true), (sealed(&mallory(), &newer), false), ("<html>".to_owned(), false)]
    {
        let mut web = school_web();
        let elsewhere = "https://archive.example/copies/1".parse().unwrap();
        web.answer_with(COPY, Ok(Response::new(200, elsewhere, body.clone().into_bytes(), NOW)));
        let found = report(Policy::strict().with_refresh(Refresh::Once), &badge, &web);
        assert_eq!(found.status(), Status::Valid, "{found:#}");
        assert_eq!(has_passed(&found, CheckCode::RefreshService), is_taken, "{found:#}");
        assert!(inconclusive(&found, CheckCode::ResourceOrigin), "{found:#}");
    }
}

#[test]
fn an_algorithm_that_the_policy_leaves_out_proves_nothing() {
    let narrow = || Policy::strict().with_algorithms(AlgorithmSet::from_iter([Algorithm::Es256]));
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &credential(SCHOOL));
    let sealed = school().seal(&credential(SCHOOL), SCHOOL_KEY).to_string();
    for input in [token, sealed, crate::samples::signed_assertion()] {
        assert_eq!(report(Policy::strict(), &input, &school_web()).status(), Status::Valid);
        let found = report(narrow(), &input, &school_web());
        assert_eq!(found.status(), Status::Invalid, "{found:#}");
        assert!(failed(&found, CheckCode::ProofAlgorithm), "{found:#}");
    }
}

#[test]
fn a_newer_copy_need_not_be_for_the_host_and_makes_no_badge_one_that_is() {
    // Over JSON: no context at hand defines the class of the service.
    let sealed = |domain: Option<&str>, end: &str| {
        let mut proof = proof(SCHOOL_KEY);
        proof["cryptosuite"] = json!("eddsa-jcs-2022");
        if let Some(domain) = domain {
            proof["domain"] = json!(domain);
        }
        let mut badge = original();
        badge["validUntil"] = json!(end);
        school().seal_with(&badge, &proof, &ContextStore::bundled()).to_string()
    };
    let demand = Policy::strict().with_refresh(Refresh::Once).with_proof_domain("host.example");
    for (badge, copy, expected) in [
        (Some("host.example"), None, Status::Valid),
        (Some("other.example"), Some("host.example"), Status::Invalid),
        (None, Some("host.example"), Status::Invalid),
    ] {
        let mut web = school_web();
        web.serve(COPY, sealed(copy, "2031-03-01T09:00:00Z").as_bytes());
        let found = report(demand.clone(), &sealed(badge, "2026-06-01T09:00:00Z"), &web);
        assert_eq!(found.status(), expected, "{found:#}");
        assert!(has_passed(&found, CheckCode::RefreshService), "{found:#}");
    }
}
