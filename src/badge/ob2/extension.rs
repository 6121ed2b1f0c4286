//! The published extensions of Open Badges 2.0 ("Extensions"), and what their schemas ask for.
//!
//! In: an object of a badge. Out: whether it is an extension, and how it breaks the schemas of the published ones that
//! it says it is. The schemas are few, short and final, so they stand here as code, and nothing is fetched: neither
//! they nor the contexts that name them. Members that no schema describes are not looked at.
//!
//! NOTE: the schema of the extension "Accessibility" is attached to a class that no badge can have: it binds nobody.

use serde_json::{Map, Value};
use url::Url;

use super::terms::synonyms;
use crate::badge::reading::{At, Dialect, Object, Violation, read};

/// An object that is an extension.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Extension {
    /// Of one or several published kinds. It holds how it breaks their schemas.
    Published(Vec<Violation>),
    /// Of a kind that nobody published a schema for.
    Unknown,
}

impl Extension {
    /// Reads an object that stands at `pointer` of its document; `None` if it is no extension.
    pub(crate) fn read(json: &Value, pointer: &str) -> Option<Self> {
        let reading = read(json, pointer, &DIALECT, |at| {
            let object = at.object()?;
            if !object.is_a("Extension") {
                return None;
            }
            let schemas = PUBLISHED.iter().filter(|(class, _)| object.is_a(class));
            Some(schemas.map(|(_, schema)| schema(&object)).count())
        });
        match reading.value? {
            0 => Some(Self::Unknown),
            _ => Some(Self::Published(reading.violations)),
        }
    }
}

/// Checks what a schema asks for.
type Schema = fn(&Object<'_>);

/// The published extensions by the names of their classes, with what their schemas ask for.
const PUBLISHED: [(&str, Schema); 10] = [
    ("ApplyLink", link),
    ("AssessmentExtension", assessment_extension),
    ("Endorsement", endorsement),
    ("ExampleExtension", example),
    ("ExtraDescription", extra_description),
    ("GeoCoordinates", geo_coordinates),
    ("IssuerAccreditation", issuer_accreditation),
    ("LicenseExtension", license),
    ("OriginalCreator", link),
    ("RecipientProfile", recipient_profile),
];

/// How extensions may be spelt. Where their contexts disagree on what a term stands for, each of the IRIs counts.
const DIALECT: Dialect = Dialect {
    legacy: false,
    empty: None,
    synonyms: synonyms! {
        others {
            "id" ["@id"]
            "type" ["@type"]
            "Extension" ["obi:Extension" "https://w3id.org/openbadges#Extension"]
            // Classes that go by another name in the schema than in the documentation.
            "Endorsement" [
                "extensions:Endorsement" "https://w3id.org/openbadges/extensions#Endorsement"
                "extensions:endorsement" "https://w3id.org/openbadges/extensions#endorsement"
            ]
            "ExtraDescription" [
                "extensions:ExtraDescription" "https://w3id.org/openbadges/extensions#ExtraDescription"
                "extensions:ExtraDescriptionExtension"
                "https://w3id.org/openbadges/extensions#ExtraDescriptionExtension"
            ]
            "IssuerAccreditation" [
                "extensions:IssuerAccreditation" "https://w3id.org/openbadges/extensions#IssuerAccreditation"
                "extensions:issuerAccreditation" "https://w3id.org/openbadges/extensions#issuerAccreditation"
            ]
            "OriginalCreator" [
                "extensions:OriginalCreator" "https://w3id.org/openbadges/extensions#OriginalCreator"
                "extensions:originalCreator" "https://w3id.org/openbadges/extensions#originalCreator"
            ]
            "accreditationDate" [
                "extensions:accreditationDate" "https://w3id.org/openbadges/extensions#accreditationDate"
            ]
            "contactInstructions" [
                "extensions:accreditationContactInstructions"
                "https://w3id.org/openbadges/extensions#accreditationContactInstructions"
            ]
            "description" [
                "schema:description" "http://schema.org/description"
                "case:description" "https://purl.imsglobal.org/spec/case/vocab#description"
            ]
            "evaluationMethod" [
                "extensions:assessmentEvaluationMethod"
                "https://w3id.org/openbadges/extensions#assessmentEvaluationMethod"
            ]
            "exampleProperty" ["schema:text" "http://schema.org/text"]
            "hasGroupEvaluation" [
                "extensions:assessmentHasGroupEvaluation"
                "https://w3id.org/openbadges/extensions#assessmentHasGroupEvaluation"
            ]
            "hasGroupParticipation" [
                "extensions:assessmentHasGroupParticipation"
                "https://w3id.org/openbadges/extensions#assessmentHasGroupParticipation"
            ]
            "narrative" ["obi:narrative" "https://w3id.org/openbadges#narrative"]
            "publicKey" ["sec:publicKey" "https://w3id.org/security#publicKey"]
            "questions" [
                "extensions:assessmentQuestions" "https://w3id.org/openbadges/extensions#assessmentQuestions"
            ]
            "rubricCriteria" [
                "case:CFRubricCriteria" "https://purl.imsglobal.org/spec/case/vocab#CFRubricCriteria"
            ]
            "criterionLevels" [
                "case:CFRubricCriterionLevels"
                "https://purl.imsglobal.org/spec/case/vocab#CFRubricCriterionLevels"
            ]
            "sections" [
                "extensions:assessmentSections" "https://w3id.org/openbadges/extensions#assessmentSections"
            ]
            "url" [
                "schema:url" "http://schema.org/url"
                "extensions:applyLink" "https://w3id.org/openbadges/extensions#applyLink"
                "extensions:#originalCreator" "https://w3id.org/openbadges/extensions##originalCreator"
            ]
        }
        "case" "https://purl.imsglobal.org/spec/case/vocab#" { identifier rubrics title }
        "extensions" "https://w3id.org/openbadges/extensions#" {
            ApplyLink AssessmentExtension ExampleExtension GeoCoordinates LicenseExtension RecipientProfile
            assessmentOutput assessments
        }
        "schema" "http://schema.org/" { address geo latitude longitude name text }
    },
};

/// The name that the extension "Recipient Profile" of an assertion states. The members are those that no class knows.
pub(super) fn recipient_name(members: &Map<String, Value>) -> Option<&str> {
    const EXTENSIONS: [&str; 2] =
        ["extensions:recipientProfile", "https://w3id.org/openbadges/extensions#recipientProfile"];
    const NAMES: [&str; 3] = ["name", "schema:name", "http://schema.org/name"];
    let profile = EXTENSIONS.iter().find_map(|extension| members.get(*extension))?;
    let name = NAMES.iter().find_map(|name| profile.get(name)?.as_str())?.trim();
    (!name.is_empty()).then_some(name)
}

/// "Apply Link" and "Original Creator".
fn link(object: &Object<'_>) {
    object.required("url", At::iri);
}

fn endorsement(object: &Object<'_>) {
    object.required("description", At::text);
    object.optional("endorsedObject", At::object);
}

fn example(object: &Object<'_>) {
    object.required("exampleProperty", At::text);
}

fn extra_description(object: &Object<'_>) {
    object.required("name", At::text);
    object.required("narrative", At::text);
}

fn geo_coordinates(object: &Object<'_>) {
    object.optional("name", At::text);
    object.required("description", At::text);
    if let Some(geo) = object.required("geo", At::object) {
        geo.required("latitude", At::number);
        geo.required("longitude", At::number);
    }
}

fn issuer_accreditation(object: &Object<'_>) {
    for name in ["name", "contactInstructions"] {
        object.required(name, At::text);
    }
    for name in ["email", "description", "areaServed", "educationalSector"] {
        object.optional(name, At::text);
    }
    object.required("url", At::iri);
    object.optional("logo", At::iri);
    object.optional("accreditationDate", |at| at.parsed("a date", |text| is_date(text).then_some(())));
    if let Some(address) = object.required("address", At::object) {
        postal_address(&address);
    }
    if let Some(parent) = object.optional("parentOrganization", At::object) {
        parent.optional("name", At::text);
        parent.optional("url", At::iri);
        if let Some(address) = parent.optional("address", At::object) {
            postal_address(&address);
        }
    }
}

fn postal_address(object: &Object<'_>) {
    for name in ["streetAddress", "addressLocality", "addressRegion", "addressCountry", "postalCode"] {
        object.optional(name, At::text);
    }
}

/// `2026-11-22` or `20261122`, as far as the schema of "Issuer Accreditation" looks.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => parts.concat(),
        [all] if all.len() == 8 => (*all).to_owned(),
        _ => return false,
    };
    let number = |from, to| digits.get(from..to).and_then(|part| part.parse::<u8>().ok());
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && number(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && number(6, 8).is_some_and(|day| (1..=31).contains(&day))
}

/// NOTE: the schema asks for an alias such as `CC-BY`; its context says which URLs these stand for, so the URLs do as
/// well.
fn license(object: &Object<'_>) {
    let is_license = |text: &str| {
        let url = Url::parse(text).ok();
        text.starts_with("CC-") || url.is_some_and(|url| url.host_str() == Some("creativecommons.org"))
    };
    object
        .required("id", |at| at.parsed("a Creative Commons licence", |text| is_license(text).then_some(())));
    object.required("name", At::text);
    object.optional("legalCode", At::text);
}

fn recipient_profile(object: &Object<'_>) {
    object.optional("id", At::text);
    object.optional("name", At::text);
    object.optional("publicKey", At::iri);
}

fn assessment_extension(object: &Object<'_>) {
    object.required("description", At::text);
    object.some("assessments", |at| at.object().map(|object| assessment(&object)));
}

fn assessment(object: &Object<'_>) {
    for name in ["description", "assessmentOutput", "evaluationMethod"] {
        object.required(name, At::text);
    }
    one_of(object, &["Artifact", "Exam", "Performance"]);
    for name in ["hasGroupParticipation", "hasGroupEvaluation"] {
        object.required(name, At::boolean);
    }
    object.optional("scoringMethodExampleDescription", At::text);
    for name in ["assessmentExample", "assessmentEvaluation"] {
        object.optional(name, At::iri);
    }
    object.many("rubrics", |at| at.object().map(|object| rubric(&object)));
    object.many("sections", |at| at.object().map(|object| section(&object)));
}

fn section(object: &Object<'_>) {
    for name in ["title", "description", "rubricId"] {
        object.optional(name, At::text);
    }
    object.optional("url", At::iri);
    object.optional("required", At::boolean);
    object.many("questions", |at| at.object().map(|object| question(&object)));
}

fn question(object: &Object<'_>) {
    one_of(object, &["ExternalQuestion", "FileQuestion", "TextQuestion"]);
    object.required("text", At::text);
    object.optional("rubricId", At::text);
    object.optional("url", At::iri);
    object.optional("required", At::boolean);
    for name in ["wordLimit", "characterLimit"] {
        object.optional(name, At::number);
    }
}

fn rubric(object: &Object<'_>) {
    identified(object);
    object.required("title", At::text);
    object.some("rubricCriteria", |at| at.object().map(|object| rubric_criterion(&object)));
}

fn rubric_criterion(object: &Object<'_>) {
    identified(object);
    for name in ["category", "description"] {
        object.optional(name, At::text);
    }
    for name in ["weight", "position"] {
        object.optional(name, At::number);
    }
    object.many("criterionLevels", |at| at.object().map(|object| rubric_criterion_level(&object)));
}

fn rubric_criterion_level(object: &Object<'_>) {
    identified(object);
    object.required("description", At::text);
    for name in ["quality", "feedback"] {
        object.optional(name, At::text);
    }
    for name in ["score", "position"] {
        object.optional(name, At::number);
    }
}

/// What all parts of a rubric have in common.
fn identified(object: &Object<'_>) {
    object.required("identifier", |at| at.parsed("a UUID in lower case", |text| is_uuid(text).then_some(())));
    object.optional("lastChangeDateTime", At::date_time);
    object.optional("caseUri", At::iri);
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f'))
}

/// Checks that `type` is one of these names.
fn one_of(object: &Object<'_>, names: &'static [&'static str]) {
    let expected = "a type that the schema names";
    object.required("type", |at| at.parsed(expected, |text| names.contains(&text).then_some(())));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn violations(json: &Value) -> Vec<String> {
        match Extension::read(json, "").unwrap() {
            Extension::Published(violations) => violations.iter().map(ToString::to_string).collect(),
            Extension::Unknown => panic!("no schema for {json}"),
        }
    }

    /// One object of each published kind that is as its schema asks.
    fn samples() -> Vec<Value> {
        let uuid = "0d9e3a38-27cf-4b4d-9e9c-8a6b1f2c3d4e";
        vec![
            json!({"type": ["Extension", "extensions:ApplyLink"], "url": "https://school.example/apply"}),
            json!({
                "type": ["Extension", "extensions:AssessmentExtension"],
                "description": "Two parts.",
                "assessments": {
                    "type": "Exam", "description": "Written.", "assessmentOutput": "Text",
                    "hasGroupParticipation": false, "hasGroupEvaluation": false, "evaluationMethod": "Points",
                    "rubrics": {"identifier": uuid, "title": "Points", "rubricCriteria": [{
                        "identifier": uuid, "weight": 0.5,
                        "criterionLevels": [{"identifier": uuid, "description": "All right", "score": 1}],
                    }]},
                    "sections": {"title": "First", "questions": [{"type": "TextQuestion", "text": "Why?"}]},
                },
            }),
            json!({"type": ["Extension", "extensions:Endorsement"], "description": "Good."}),
            json!({"type": ["Extension", "extensions:ExampleExtension"], "exampleProperty": "Short."}),
            json!({
                "type": ["Extension", "extensions:ExtraDescriptionExtension"],
                "name": "More", "narrative": "Much more.",
            }),
            json!({
                "type": ["Extension", "extensions:GeoCoordinates", "schema:Place"],
                "description": "Here.", "geo": {"latitude": 44.5, "longitude": -123.25},
            }),
            json!({
                "type": ["Extension", "extensions:IssuerAccreditation"],
                "name": "Council", "contactInstructions": "Write.", "url": "https://council.example/",
                "address": {"streetAddress": "Long Road 1"}, "accreditationDate": "2020-02-29",
            }),
            json!({"type": ["Extension", "extensions:LicenseExtension", "cc:License"], "id": "CC-BY", "name": "BY"}),
            json!({"type": ["Extension", "extensions:OriginalCreator"], "url": "https://school.example/"}),
            json!({"type": ["Extension", "extensions:RecipientProfile"], "publicKey": "ecdsa-koblitz-pubkey:1"}),
        ]
    }

    #[test]
    fn what_follows_its_schema_breaks_none() {
        let samples = samples();
        assert_eq!(samples.len(), PUBLISHED.len());
        for sample in samples {
            assert_eq!(violations(&sample), [""; 0], "{sample}");
        }
    }

    #[test]
    fn every_required_member_is_missed() {
        let missing = [
            &["url"][..],
            &["description", "assessments"],
            &["description"],
            &["exampleProperty"],
            &["name", "narrative"],
            &["description", "geo"],
            &["name", "contactInstructions", "url", "address"],
            &["id", "name"],
            &["url"],
            &[],
        ];
        for (sample, names) in samples().iter().zip(missing) {
            for name in names {
                let mut changed = sample.clone();
                changed.as_object_mut().unwrap().remove(*name);
                assert_eq!(
                    violations(&changed),
                    [format!("at `/{name}`: expected the member `{name}`, found nothing")]
                );
            }
        }
    }

    #[test]
    fn members_of_another_kind_break_the_schema() {
        for (index, pointer, value) in [
            (0, "/url", json!("apply")),
            (1, "/assessments/type", json!("Quiz")),
            (1, "/assessments/hasGroupEvaluation", json!("no")),
            (1, "/assessments/rubrics/identifier", json!("0D9E3A38-27CF-4B4D-9E9C-8A6B1F2C3D4E")),
            (1, "/assessments/sections/questions/0/text", json!(4)),
            (3, "/exampleProperty", json!(1337)),
            (5, "/geo/latitude", json!("44.5")),
            (6, "/accreditationDate", json!("2020-0229")),
            (6, "/accreditationDate", json!("2020-13-29")),
            (6, "/address", json!("Long Road 1")),
            (7, "/id", json!("MIT")),
            (9, "/publicKey", json!("1")),
        ] {
            let mut changed = samples().remove(index);
            *changed.pointer_mut(pointer).unwrap() = value;
            let found = violations(&changed);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(&format!("at `{pointer}`: ")), "{found:?}");
        }
    }

    #[test]
    fn iris_stand_for_terms() {
        let full = json!({
            "@type": ["https://w3id.org/openbadges#Extension", "https://w3id.org/openbadges/extensions#ExampleExtension"],
            "http://schema.org/text": ["Short."],
        });
        assert_eq!(violations(&full), [""; 0]);
        let url = json!({
            "type": ["Extension", "extensions:LicenseExtension"],
            "id": "http://creativecommons.org/licenses/by/4.0/", "name": "BY",
        });
        assert_eq!(violations(&url), [""; 0]);
    }

    #[test]
    fn each_of_several_schemas_counts() {
        let two = json!({
            "type": ["Extension", "extensions:ExampleExtension", "extensions:ApplyLink"], "exampleProperty": "Short.",
        });
        assert_eq!(violations(&two), ["at `/url`: expected the member `url`, found nothing"]);
    }

    #[test]
    fn other_objects_have_no_schema() {
        assert_eq!(Extension::read(&json!({"type": "Assertion"}), ""), None);
        assert_eq!(Extension::read(&json!({"type": ["extensions:ApplyLink"]}), ""), None);
        assert_eq!(Extension::read(&json!([]), ""), None);
        let foreign = json!({"type": ["Extension", "https://other.example/terms#ApplyLink"]});
        assert_eq!(Extension::read(&foreign, ""), Some(Extension::Unknown));
    }
}
