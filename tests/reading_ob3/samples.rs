//! Documents to read, and how to change them and tell what was noted.

use openbadges::badge::{Reading, Weight};
use serde_json::{Value, json};

/// A badge with one of everything, in the form of VC 2.0.
pub(crate) fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            {"motto": "https://school.example/terms#motto"},
        ],
        "id": "urn:example:badge",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": profile(),
        "name": "A badge", "description": "For the best", "motto": "Onward",
        "image": {"id": "https://school.example/badge.png", "type": "Image"},
        "validFrom": "2024-01-01T00:00:00Z",
        "validUntil": "2030-01-01T00:00:00+01:00",
        "awardedDate": "2023-12-24T00:00:00Z",
        "credentialSubject": subject(),
        "evidence": [{
            "id": "https://school.example/essay", "type": ["Evidence"], "narrative": "Wrote it", "name": "Essay",
            "description": "An essay", "genre": "Prose", "audience": "All",
        }],
        "endorsement": [{"id": "urn:example:endorsement-of-the-badge"}],
        "endorsementJwt": ["e30.e30.AA"],
        "credentialStatus": [
            {
                "id": "https://school.example/list#5", "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation", "statusListIndex": "5",
                "statusListCredential": "https://school.example/list",
            },
            {"id": "https://school.example/revoked", "type": "1EdTechRevocationList"},
        ],
        "credentialSchema": [{"id": "https://school.example/schema.json", "type": "1EdTechJsonSchemaValidator2019"}],
        "refreshService": {"id": "https://school.example/refresh", "type": "1EdTechCredentialRefresh"},
        "termsOfUse": [{"type": "Terms"}],
        "proof": [{"type": "DataIntegrityProof", "verificationMethod": "https://school.example/#key"}],
    })
}

/// Its subject, with a result of each kind.
fn subject() -> Value {
    json!({
        "id": "mailto:pupil@school.example",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": true, "identityHash": "sha256$00", "identityType": "emailAddress",
             "salt": "sea"},
            {"type": "IdentityObject", "hashed": false, "identityHash": "P. Upil", "identityType": "name"},
        ],
        "activityStartDate": "2023-01-01T00:00:00Z", "activityEndDate": "2023-12-01T00:00:00Z",
        "creditsEarned": 3, "licenseNumber": "L1", "narrative": "Worked hard", "role": "Pupil", "term": "Winter",
        "image": {"id": "https://school.example/pupil.png", "type": "Image"},
        "source": {"id": "https://tester.example/", "type": "Profile"},
        "achievement": achievement(),
        "result": [
            {"type": ["Result"], "resultDescription": "urn:example:grade", "value": "A"},
            {"type": ["Result"], "resultDescription": "urn:example:points", "value": "10"},
            {"type": ["Result"], "resultDescription": "urn:example:rubric", "achievedLevel": "urn:example:level"},
            {"type": ["Result"], "resultDescription": "urn:example:status", "status": "Completed"},
        ],
    })
}

/// Its achievement.
fn achievement() -> Value {
    json!({
        "id": "https://school.example/best", "type": ["Achievement"], "name": "The Best",
        "description": "Nobody is better", "criteria": {"id": "https://school.example/rules", "narrative": "Be good"},
        "achievementType": "Award", "creditsAvailable": 4.5, "fieldOfStudy": "Life", "humanCode": "B1",
        "inLanguage": "en", "specialization": "All of it", "tag": ["good", "better"], "version": "1",
        "creator": {"id": "https://author.example/", "type": "Profile", "endorsementJwt": ["e30.e30.AA"]},
        "image": {"id": "https://school.example/best.png", "type": "Image"},
        "alignment": [{
            "type": ["Alignment"], "targetName": "Goodness", "targetUrl": "https://goals.example/good",
            "targetCode": "G", "targetDescription": "To be good", "targetFramework": "Virtues",
            "targetType": "CFItem",
        }],
        "endorsement": [{"id": "urn:example:endorsement-of-the-achievement"}],
        "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "12", "identifierType": "identifier"}],
        "related": [{"id": "https://school.example/beste", "type": ["Related"], "inLanguage": "de", "version": "1"}],
        "resultDescription": [
            {
                "id": "urn:example:grade", "type": ["ResultDescription"], "name": "Grade",
                "resultType": "LetterGrade", "allowedValue": ["C", "B", "A"], "requiredValue": "B",
            },
            {
                "id": "urn:example:points", "type": ["ResultDescription"], "name": "Points",
                "resultType": "RawScore", "valueMin": "0", "valueMax": "10.5",
            },
            {
                "id": "urn:example:rubric", "type": ["ResultDescription"], "name": "Rubric",
                "resultType": "RubricCriterionLevel", "requiredLevel": "urn:example:level",
                "rubricCriterionLevel": [{
                    "id": "urn:example:level", "type": ["RubricCriterionLevel"], "name": "High",
                    "description": "Very high", "level": "top", "points": "3",
                }],
            },
            {
                "id": "urn:example:status", "type": ["ResultDescription"], "name": "Status",
                "resultType": "Status",
            },
        ],
    })
}

/// Its issuer.
fn profile() -> Value {
    json!({
        "id": "https://school.example/", "type": ["Profile"], "name": "The School", "url": "https://school.example",
        "phone": "+49 30 1", "description": "A school", "email": "office@school.example", "official": "The head",
        "image": {"id": "data:image/png;base64,AAAA", "type": "Image", "caption": "A house"},
        "address": {
            "type": ["Address"], "addressCountry": "Germany", "addressCountryCode": "DE", "addressRegion": "Berlin",
            "addressLocality": "Berlin", "streetAddress": "Am Tor 1", "postOfficeBoxNumber": "1", "postalCode": "10115",
            "geo": {"type": "GeoCoordinates", "latitude": 52.5, "longitude": 13},
        },
        "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "12", "identifierType": "ext:register"}],
        "parentOrg": {"id": "did:example:board", "type": ["Profile"], "endorsementJwt": ["e30.e30.AA"]},
        "familyName": "F", "givenName": "G", "additionalName": "A", "patronymicName": "P", "honorificPrefix": "Dr.",
        "honorificSuffix": "jr.", "familyNamePrefix": "von", "dateOfBirth": "1900-01-01",
        "endorsement": [{"id": "urn:example:endorsement-of-the-school"}],
    })
}

/// The same badge in the form of VC 1.1.
pub(crate) fn badge_1_1() -> Value {
    let mut badge = badge();
    badge["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    badge["issuanceDate"] = remove(&mut badge, "/validFrom");
    badge["expirationDate"] = remove(&mut badge, "/validUntil");
    badge
}

pub(crate) fn endorsement() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:example:endorsement", "type": ["VerifiableCredential", "EndorsementCredential"], "name": "Praise",
        "issuer": {"id": "https://board.example/", "type": "Profile"}, "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://school.example/", "type": "EndorsementSubject", "endorsementComment": "Good"},
    })
}

pub(crate) fn status_list() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://school.example/list", "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "https://school.example/", "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://school.example/list#list", "type": "BitstringStatusList",
            "statusPurpose": ["revocation", "suspension"], "encodedList": "uH4sI", "ttl": 300_000,
        },
    })
}

/// Takes the value at a pointer out of its object or list.
pub(crate) fn remove(document: &mut Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Object(members) => members.remove(name).unwrap_or_else(|| panic!("no {pointer}")),
        Value::Array(elements) => elements.remove(name.parse().unwrap()),
        other => panic!("{other} has no members"),
    }
}

/// Puts a value at a pointer whose parent is there; `null` stands for taking it out.
pub(crate) fn change(mut document: Value, pointer: &str, value: Value) -> Value {
    if value.is_null() {
        remove(&mut document, pointer);
        return document;
    }
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"));
    match parent {
        Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
    document
}

/// The violations in short: `weight kind pointer`.
pub(crate) fn notes<T>(reading: &Reading<T>) -> Vec<String> {
    let weight = |weight| if weight == Weight::Essential { "essential" } else { "advisory" };
    let note = |v: &openbadges::badge::Violation| {
        format!("{} {} {}", weight(v.weight()), v.kind().as_str(), v.pointer())
    };
    reading.violations.iter().map(note).collect()
}

pub(crate) const ABSENT: Value = Value::Null;

/// Each row: where, what stands there instead (`null`: nothing does), and all that is noted then.
pub(crate) fn check<T>(
    document: impl Fn() -> Value,
    read: impl Fn(&Value) -> Reading<T>,
    rows: &[(&str, Value, &[&str])],
) {
    assert_eq!(notes(&read(&document())), [""; 0], "the unchanged document is sound");
    for (pointer, value, expected) in rows {
        let found = notes(&read(&change(document(), pointer, value.clone())));
        assert_eq!(found, *expected, "{pointer} = {value}");
    }
}
