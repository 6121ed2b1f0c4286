//! What credentials and extensions promise by a schema, and what becomes of a badge that breaks it.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // a test stops where it fails

#[path = "support/samples.rs"]
mod samples;

use openbadges::report::{Check, CheckCode, Outcome, ReasonCode, Severity};
use openbadges::resource::{Purpose, Response, Unavailable};
use openbadges::{Policy, Report, Status, Verifier};
use samples::{ASSERTION, NOW, Web, credential, hosted_assertion, school, school_web, verify};
use serde_json::{Value, json};

const SCHEMA: &str = "https://school.example/schemas/badge.json";
/// The context that defines the normative kind.
const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
const KIND: &str = "1EdTechJsonSchemaValidator2019";

// ---- schemas of credentials (Open Badges 3.0)

/// A credential of a did:key that names a schema.
fn promising(schema: &str, kind: &str) -> Value {
    sealed(credential(&school().did()), schema, kind)
}

fn sealed(mut credential: Value, schema: &str, kind: &str) -> Value {
    credential["@context"].as_array_mut().unwrap().push(json!(EXTENSIONS));
    credential["credentialSchema"] = json!([{"id": schema, "type": kind}]);
    school().seal(&credential, &school().method())
}

/// The verdict on a credential that names a schema, and the check of the schema.
fn judged(schema: &Value) -> (Status, Check) {
    judge(&promising(SCHEMA, KIND), &Web::default().with(SCHEMA, schema))
}

fn judge(credential: &Value, web: &Web) -> (Status, Check) {
    let report = verify(credential.to_string(), web);
    let mut checks = checks(&report, CheckCode::SchemaCredential);
    assert_eq!(checks.len(), 1, "{report:#}");
    (report.status(), checks.remove(0))
}

fn checks(report: &Report, code: CheckCode) -> Vec<Check> {
    report.checks().iter().filter(|check| check.code() == code).cloned().collect()
}

#[test]
fn a_promise_that_is_kept_passes() {
    let (status, check) = judged(&json!({"type": "object", "required": ["name", "proof"]}));
    assert_eq!((status, check.outcome()), (Status::Valid, &Outcome::Passed));
}

#[test]
fn a_promise_that_is_broken_makes_the_badge_invalid() {
    let schema = json!({"properties": {"credentialSubject": {"required": ["evidence"]}}});
    let (status, check) = judged(&schema);
    assert_eq!(status, Status::Invalid);
    assert_eq!(check.node().pointer(), "/credentialSubject");
    assert_eq!(check.outcome().reason().unwrap().code, ReasonCode::Mismatch);
    assert!(matches!(check.outcome(), Outcome::Failed(_)));
}

#[test]
fn a_promise_that_cannot_be_checked_changes_nothing() {
    for (schema, reason) in [
        (json!({"$ref": "https://school.example/schemas/other.json"}), ReasonCode::Unsupported),
        (json!({"$schema": "https://school.example/schemas/draft"}), ReasonCode::Unsupported),
        (json!({"type": "strange"}), ReasonCode::Malformed),
        (json!({"pattern": "(?=look)ahead"}), ReasonCode::Malformed),
        (json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}]}), ReasonCode::Limit),
    ] {
        let (status, check) = judged(&schema);
        assert_eq!((status, check.severity()), (Status::Valid, Severity::Advisory), "{schema}");
        assert!(matches!(check.outcome(), Outcome::Inconclusive(why) if why.code == reason), "{check}");
    }
    let mut without = Web::default();
    for unavailable in [Unavailable::Timeout, Unavailable::Declined] {
        without.answer_with(SCHEMA, Err(unavailable));
        let (status, check) = judge(&promising(SCHEMA, KIND), &without);
        assert_eq!((status, check.severity()), (Status::Valid, Severity::Advisory));
    }
    without.serve(SCHEMA, b"<html>");
    assert_eq!(judge(&promising(SCHEMA, KIND), &without).0, Status::Valid);
    let (status, check) = judge(&promising("urn:uuid:7f3c", KIND), &without);
    assert_eq!((status, check.severity()), (Status::Valid, Severity::Advisory));
}

#[test]
fn a_schema_from_elsewhere_is_none() {
    let elsewhere = "https://cdn.example/schemas/badge.json".parse().unwrap();
    let mut web = Web::default();
    for schema in [json!({}), json!(false)] {
        let body = schema.to_string().into_bytes();
        web.answer_with(SCHEMA, Ok(Response::new(200, Clone::clone(&elsewhere), body, NOW)));
        let report = verify(promising(SCHEMA, KIND).to_string(), &web);
        assert_eq!(report.status(), Status::Valid, "{report:#}");
        for code in [CheckCode::SchemaCredential, CheckCode::ResourceOrigin] {
            let [check] = checks(&report, code).try_into().unwrap();
            assert!(matches!(check.outcome(), Outcome::Inconclusive(_)), "{check}");
        }
    }
    let trusting = Policy::strict().dangerous().trust_redirects_to(["https://cdn.example".to_owned()]);
    let verifier = Verifier::new(trusting);
    let input = promising(SCHEMA, KIND).to_string();
    let report = verifier.begin(input.as_bytes(), NOW).unwrap().run(|request| web.answer(request.target()));
    assert_eq!(report.status(), Status::Invalid, "{report:#}");
}

#[test]
fn only_schemas_of_the_normative_kind_count() {
    let web = Web::default().with(SCHEMA, &json!(false));
    let (status, check) = judge(&promising(SCHEMA, "JsonSchema"), &web);
    assert_eq!(status, Status::Valid);
    assert!(matches!(check.outcome(), Outcome::NotApplicable(_)), "{check}");
}

/// One of the schemas of the specification.
fn canonical(class: &str) -> String {
    format!("https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_{class}_schema.json")
}

#[test]
fn the_schemas_of_the_specification_are_judged_without_asking_for_them() {
    let nobody = Web::default();
    for class in ["achievementcredential", "anyachievementcredential"] {
        let (status, check) = judge(&promising(&canonical(class), KIND), &nobody);
        assert_eq!((status, check.outcome()), (Status::Valid, &Outcome::Passed), "{class}");
    }
    // Nothing answers for a schema of another class.
    for class in ["endorsementcredential", "profile"] {
        let (status, check) = judge(&promising(&canonical(class), KIND), &nobody);
        assert_eq!(status, Status::Valid);
        assert!(matches!(check.outcome(), Outcome::NotApplicable(_)), "{class}");
    }
    // Each is a member that the schema requires, or a type or number that it prescribes.
    for (pointer, value) in [
        ("/credentialSubject/achievement", None),
        ("/credentialSubject/achievement/name", None),
        ("/credentialSubject/achievement/criteria", None),
        ("/credentialSubject/achievement/description", Some(json!(["one", "two"]))),
        ("/credentialSubject/achievement/creditsAvailable", Some(json!("three"))),
        ("/credentialSubject/achievement/image", Some(json!({"type": "Image"}))),
    ] {
        let mut badge = credential(&school().did());
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = badge.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => drop(parent.insert(name.to_owned(), value)),
            None => drop(parent.remove(name)),
        }
        let (status, check) = judge(&sealed(badge, &canonical("achievementcredential"), KIND), &nobody);
        assert_eq!(status, Status::Invalid, "{pointer}");
        assert!(matches!(check.outcome(), Outcome::Failed(_)), "{pointer}: {check}");
    }
}

#[test]
fn a_schema_is_asked_for_once_the_proof_holds() {
    let asked = |credential: &Value| {
        let verifier = Verifier::new(Policy::strict());
        let mut purposes = Vec::new();
        let step = verifier.begin(credential.to_string().as_bytes(), NOW).unwrap();
        let report = step.run(|request| {
            purposes.push((request.purpose(), request.target().to_string()));
            Err(Unavailable::Timeout)
        });
        (report.status(), purposes)
    };
    let sound = promising(SCHEMA, KIND);
    assert_eq!(asked(&sound), (Status::Valid, vec![(Purpose::Schema, SCHEMA.to_owned())]));
    let mut changed = sound;
    changed["name"] = json!("Captain");
    assert_eq!(asked(&changed), (Status::Invalid, vec![]));
}

// ---- extensions (Open Badges 2.0)

/// The verdict on a hosted badge with an extension, and the checks of extensions.
fn extended(extension: &Value) -> (Status, Vec<Check>) {
    let mut assertion = hosted_assertion();
    assertion["extensions:some"] = extension.clone();
    let report = verify(assertion.to_string(), &school_web().with(ASSERTION, &assertion));
    (report.status(), checks(&report, CheckCode::SchemaExtension))
}

#[test]
fn an_extension_that_follows_its_schema_passes() {
    let extension =
        json!({"type": ["Extension", "extensions:ApplyLink"], "url": "https://school.example/apply"});
    let (status, checks) = extended(&extension);
    assert_eq!(status, Status::Valid);
    assert_eq!(checks.iter().map(Check::outcome).collect::<Vec<_>>(), [&Outcome::Passed]);
    assert_eq!(checks[0].node().pointer(), "/extensions:some");
}

#[test]
fn an_extension_that_breaks_its_schema_makes_the_badge_invalid() {
    let extension = json!({"type": ["Extension", "extensions:GeoCoordinates"], "description": "Here.",
        "geo": {"latitude": "north", "longitude": 4}});
    let (status, checks) = extended(&extension);
    assert_eq!(status, Status::Invalid);
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].node().pointer(), "/extensions:some/geo/latitude");
}

#[test]
fn an_extension_that_nobody_published_changes_nothing() {
    let extension = json!({"type": ["Extension", "https://school.example/terms#Berth"], "berth": 7});
    let (status, checks) = extended(&extension);
    assert_eq!((status, checks[0].severity()), (Status::Valid, Severity::Advisory));
}

#[test]
fn extensions_are_found_at_any_depth_and_bounded_in_number() {
    let extension = json!({"type": ["Extension", "extensions:ApplyLink"]});
    let (status, checks) = extended(&json!([{"inner": [extension]}]));
    assert_eq!(status, Status::Invalid);
    assert_eq!(checks[0].node().pointer(), "/extensions:some/0/inner/0/url");
    let sound = json!({"type": ["Extension", "extensions:ApplyLink"], "url": "https://school.example/apply"});
    let (status, checks) = extended(&Value::Array(vec![sound; 65]));
    assert_eq!(status, Status::Unverified);
    let is_limit = |check: &&Check| check.outcome().reason().is_some_and(|why| why.code == ReasonCode::Limit);
    assert_eq!(checks.iter().filter(is_limit).count(), 1);
}
