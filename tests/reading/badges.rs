//! How documents are recognised, and badges read from payloads.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::badge::{Badge, Model, ReadError, Reading, Version, document, recognise};
use openbadges::jws::CompactJws;
use openbadges::limits::Limits;
use openbadges::recipient::{Confirmation, KnownIdentity, match_recipient};
use openbadges::unbake::Payload;
use serde_json::{Value, json};

use crate::{CONTEXT, assertion, badge_class, profile, sound, with};

#[test]
fn documents_are_recognised_by_context_and_type() {
    use Version::{V0_5, V1_0, V1_1, V2_0, V3_0};
    let other = |class| Err(ReadError::NotAnAssertion { class });
    let v3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let vc = "https://www.w3.org/ns/credentials/v2";
    #[rustfmt::skip]
    let table = [
        (assertion(), Ok(V2_0)),
        (json!({"type": "Assertion"}), Ok(V2_0)),
        (json!({"@context": [CONTEXT], "type": "OtherAssertion"}), Ok(V2_0)),
        (json!({"@context": CONTEXT, "revoked": true}), Ok(V2_0)),
        (badge_class(), other("BadgeClass")),
        (profile(), other("Issuer")),
        (json!({"@context": CONTEXT, "@type": "obi:RevocationList"}), other("RevocationList")),
        (json!({"@context": CONTEXT, "type": ["CryptographicKey"]}), other("CryptographicKey")),
        (json!({"@context": CONTEXT, "type": "Endorsement"}), other("Endorsement")),
        (json!({"@context": {"Badge": "https://w3id.org/openbadges#BadgeClass"}, "@type": "Badge"}), other("BadgeClass")),
        (json!({"@context": {"BadgeClass": "obi:BadgeClass"}, "@type": "BadgeClass"}), Err(ReadError::NotABadge)),
        (json!({"@context": [CONTEXT, {"Assertion": "https://example.org/Award"}], "type": "Assertion"}), Ok(V2_0)),
        (json!({"@context": {"Assertion": "https://example.org/Award"}, "@type": "Assertion"}), Err(ReadError::NotABadge)),
        (json!({"@context": [vc, v3], "type": ["VerifiableCredential", "OtherCredential"]}), Ok(V3_0)),
        (json!({"type": ["VerifiableCredential", "OpenBadgeCredential"]}), Ok(V3_0)),
        (json!({"type": "AchievementCredential"}), Ok(V3_0)),
        (json!({"@context": CONTEXT, "type": ["EndorsementCredential"]}), Ok(V3_0)),
        (json!({"@context": [vc, v3], "type": ["Achievement"]}), other("Achievement")),
        (json!({"@context": [vc, v3], "type": ["Profile"]}), other("Profile")),
        (json!({"@context": "https://w3id.org/openbadges/v1", "type": "Assertion", "badge": "https://example.org/b"}), Ok(V1_1)),
        (json!({"uid": "1", "recipient": {}, "badge": "https://example.org/b", "verify": {}}), Ok(V1_0)),
        (json!({"recipient": "sha1$00", "salt": "a", "badge": {"name": "B"}}), Ok(V0_5)),
        (json!({"@context": "https://w3id.org/openbadges/v1", "type": "BadgeClass"}), other("BadgeClass")),
        (json!({"@context": "https://w3id.org/openbadges/v1", "type": "IssuerOrg"}), other("Issuer")),
        (json!({"recipient": {}, "badge": "https://example.org/b"}), Err(ReadError::NotABadge)),
        (json!({"type": "Profile", "name": "Somebody"}), Err(ReadError::NotABadge)),
        (json!({"@context": vc, "type": ["VerifiableCredential"]}), Err(ReadError::NotABadge)),
        (json!({"name": "robotics", "version": "1.0.0"}), Err(ReadError::NotABadge)),
        (json!({"recipient": "somebody"}), Err(ReadError::NotABadge)),
        (json!({}), Err(ReadError::NotABadge)),
        (json!([assertion()]), Err(ReadError::NotABadge)),
        (json!("Assertion"), Err(ReadError::NotABadge)),
    ];
    for (document, expected) in table {
        assert_eq!(recognise(&document), expected, "{document}");
    }
}

#[test]
fn an_old_badge_keeps_its_document_and_its_version() {
    let v1 = "https://w3id.org/openbadges/v1";
    let document = json!({
        "@context": v1, "type": "Assertion", "id": "https://example.org/1", "uid": "1", "issuedOn": 1_403_120_715,
        "recipient": {"type": "email", "hashed": true, "identity": format!("sha1${}", "0".repeat(40))},
        "verify": {"type": "signed", "url": "https://example.org/key.pem"},
        "image": "data:image/png;base64,AA==",
        "badge": {
            "type": "BadgeClass", "id": "urn:uuid:c3d1b7c6-6a0b-4c66-9f2a-6f1b5a4f0c11", "name": "Bowl",
            "description": "Threw a bowl.", "image": "https://example.org/bowl.png",
            "criteria": "https://example.org/bowl",
            "alignment": {"name": "Clay", "url": "https://example.org/clay"},
            "issuer": {
                "type": "IssuerOrg", "id": "https://example.org/guild", "name": "Guild", "url": "https://example.org/",
            },
        },
    });
    let badge = sound(Badge::read_json(document.clone()).unwrap());
    assert_eq!((badge.version(), badge.json()), (Version::V1_1, &document));
    let summary = badge.summary();
    assert_eq!((summary.version, summary.name), (Version::V1_1, Some("Bowl")));
    assert_eq!(summary.alignments[0].name, Some("Clay"));
    assert_eq!(summary.issued.unwrap().unix_timestamp(), 1_403_120_715);
    assert_eq!(summary.issuer.unwrap().email, None);
    let Model::V2(chain) = badge.model() else { panic!() };
    let key = chain.assertion().verification.legacy_url.as_ref().unwrap();
    assert_eq!(key.as_str(), "https://example.org/key.pem");

    // The same values make no badge of 2.0.
    let reading = Badge::read_json(with(document, "/@context", json!(CONTEXT))).unwrap();
    let places: Vec<&str> = reading.violations.iter().map(|violation| violation.pointer()).collect();
    for place in ["/issuedOn", "/recipient/identity", "/image"] {
        assert!(places.contains(&place), "{place} {places:?}");
    }
}

#[test]
fn a_summary_shows_what_the_assertion_and_its_class_say() {
    let class = with(
        badge_class(),
        "/alignment",
        json!([{"targetName": "Clay", "targetUrl": "https://example.org/clay", "targetCode": "C1",
                "targetDescription": "Works with clay", "targetFramework": "Crafts"}]),
    );
    let profile = json!({
        "@context": "https://w3id.org/openbadges/extensions/recipientProfile/context.json",
        "type": ["Extension", "extensions:RecipientProfile"], "name": "Ada Lovelace",
    });
    let assertion = with(with(assertion(), "/badge", class), "/extensions:recipientProfile", profile);
    let assertion = with(
        assertion,
        "/evidence",
        json!({"narrative": "See the bowl", "description": "A bowl", "genre": "Pottery", "audience": "Guests"}),
    );
    let badge = Badge::read_json(assertion).unwrap().value.unwrap();
    let summary = badge.summary();
    for (found, expected) in [
        (summary.recipient_name, "Ada Lovelace"),
        (summary.alignments[0].code, "C1"),
        (summary.alignments[0].description, "Works with clay"),
        (summary.alignments[0].framework, "Crafts"),
        (summary.evidence[0].description, "A bowl"),
        (summary.evidence[0].genre, "Pottery"),
        (summary.evidence[0].audience, "Guests"),
    ] {
        assert_eq!(found, Some(expected));
    }
    for nameless in [json!({"name": ""}), json!({"name": 1}), json!("Ada"), json!({})] {
        let document = with(badge.json().clone(), "/extensions:recipientProfile", nameless);
        let badge = Badge::read_json(document).unwrap().value.unwrap();
        assert_eq!(badge.summary().recipient_name, None);
    }
}

#[test]
fn json_of_a_platform_outside_the_standard_is_told_as_such() {
    let json =
        br#"{"title": "Administrator", "link": "https://learn.microsoft.com/users/ada/credentials/1"}"#;
    let error = Badge::read(&Payload::Json(json.to_vec()), &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the payload is JSON, but not an Open Badge of any version; it names learn.microsoft.com: Microsoft Learn is \
         known to issue credentials outside the Open Badges standard"
    );
}

#[test]
fn a_badge_keeps_its_document_and_sums_it_up() {
    let issuer = with(profile(), "/@context", Value::Null);
    let class = with(with(badge_class(), "/@context", Value::Null), "/issuer", issuer);
    let document = with(assertion(), "/badge", class);
    let badge = sound(Badge::read_json(document.clone()).unwrap());
    assert_eq!((badge.version(), badge.json()), (Version::V2_0, &document));
    let Model::V2(chain) = badge.model() else { panic!() };
    assert_eq!(chain.issuer().unwrap().name, "School of Bridges");

    let summary = badge.summary();
    assert_eq!(summary.name, Some("Bridge builder"));
    assert_eq!(summary.criteria, Some("Build a bridge."));
    assert_eq!(summary.image, Some("https://example.org/badges/1.png"));
    assert_eq!(summary.issuer.unwrap().email, Some("office@example.org"));
    assert_eq!(summary.issued.unwrap().year(), 2020);
    assert_eq!(summary.recipients[0].value, "ada@example.org");
    let key = badge.key().unwrap();
    assert_eq!((key.issuer(), key.id()), ("https://example.org/issuer", "https://example.org/assertions/1"));
}

#[test]
fn a_badge_whose_class_is_elsewhere_sums_up_what_it_knows() {
    let badge = sound(Badge::read_json(assertion()).unwrap());
    let summary = badge.summary();
    assert_eq!((summary.id, summary.name), (Some("https://example.org/assertions/1"), None));
    assert_eq!(badge.key(), None);
}

#[test]
fn a_payload_is_read_by_its_form() {
    let limits = Limits::default();
    let text = assertion().to_string();
    sound(Badge::read(&Payload::Json(text.clone().into_bytes()), &limits).unwrap());
    let jws = |claims: &str| {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let jws = format!("{}.{}.AAAA", encode(r#"{"alg":"RS256"}"#), encode(claims));
        Payload::Jws(CompactJws::parse(&jws, &limits).unwrap())
    };
    sound(Badge::read(&jws(&text), &limits).unwrap());
    let credential = json!({"type": ["VerifiableCredential", "OpenBadgeCredential"]});
    assert_eq!(document(&jws(&json!({"aud": "x", "vc": credential}).to_string()), &limits), Ok(credential));

    assert!(matches!(Badge::read(&jws("not JSON"), &limits), Err(ReadError::Json(_))));
    assert!(matches!(
        Badge::read(&Payload::Json(br#"{"id":1,"id":2}"#.to_vec()), &limits),
        Err(ReadError::Json(_))
    ));
    let deep = Payload::Json("[".repeat(100).into_bytes());
    assert!(matches!(Badge::read(&deep, &limits), Err(ReadError::Limit(_))));
    let url = Payload::Url("https://example.org/assertions/1".parse().unwrap());
    assert_eq!(Badge::read(&url, &limits), Err(ReadError::Address));
}

/// The cases of the published suite of Open Badges 2.0, and its folder; `None`, and a word, where there is none.
fn published_cases() -> Option<(PathBuf, Vec<Value>)> {
    let Ok(folder) = std::env::var("OPENBADGES_CONFORMANCE") else {
        println!("ran none: OPENBADGES_CONFORMANCE is not set");
        return None;
    };
    let folder = PathBuf::from(folder).join("1edtech-ob20");
    let suite: Value = serde_json::from_slice(&std::fs::read(folder.join("suite.json")).unwrap()).unwrap();
    let Value::Array(cases) = &suite["cases"] else { panic!() };
    Some((folder, cases.clone()))
}

/// What came of the file of a case, if its badge can be had without an image's bytes.
fn read_file(path: &Path) -> Option<Result<Reading<Badge>, ReadError>> {
    let bytes = std::fs::read(path).unwrap();
    let limits = Limits::default();
    let payload = match path.extension()?.to_str()? {
        "json" => Payload::Json(bytes),
        "jwt" => Payload::Jws(CompactJws::parse(String::from_utf8(bytes).unwrap().trim(), &limits).unwrap()),
        _ => return None,
    };
    Some(Badge::read(&payload, &limits))
}

#[test]
fn badges_of_the_published_suite_are_read_as_it_says() {
    let Some((folder, cases)) = published_cases() else { return };
    let mut read = 0;
    for case in cases {
        let (name, expect) = (case["name"].as_str().unwrap(), &case["expect"]);
        let Some(result) = read_file(&folder.join(case["input"].as_str().unwrap())) else { continue };
        read += 1;
        match (expect["error"].as_str(), result) {
            (Some("malformed"), result) => assert!(matches!(result, Err(ReadError::Json(_))), "{name}"),
            (Some("not-a-badge"), result) => assert_eq!(result, Err(ReadError::NotABadge), "{name}"),
            (Some("not-an-assertion"), result) => {
                assert!(matches!(result, Err(ReadError::NotAnAssertion { .. })), "{name}");
            }
            (Some(other), _) => panic!("{name}: {other}"),
            (None, result) => {
                let reading = result.unwrap();
                let served = case["documents"].as_array().into_iter().flatten();
                let is_judged = served.map(|document| &document["file"]).any(|file| *file == case["input"]);
                let is_valid = is_judged && expect["status"] == "valid";
                assert!(!is_valid || reading.is_sound(), "{name}: {:?}", reading.violations);
                check_recipient(&case, &reading);
            }
        }
    }
    assert!(read > 150, "{read}");
}

fn check_recipient(case: &Value, reading: &Reading<Badge>) {
    let Some(expected) = case["expect"]["recipient"].as_str() else { return };
    let recipients = case["recipients"].as_array().cloned().unwrap_or_default();
    let known = recipients.iter().map(|known| {
        let (kind, value) = (known["type"].as_str().unwrap(), known["value"].as_str().unwrap());
        KnownIdentity::new(kind, value, Confirmation::Confirmed)
    });
    let known: Vec<_> = known.collect();
    let found = match_recipient(reading.value.as_ref().unwrap(), &known, &Limits::default());
    assert_eq!(found.as_str(), expected, "{}", case["name"]);
}

#[test]
fn violations_of_the_published_suite_are_told() {
    let Some((folder, cases)) = published_cases() else { return };
    let mut seen = 0;
    for case in cases {
        let failed = case["expect"]["failed"].as_array().cloned().unwrap_or_default();
        let kinds = failed.iter().filter_map(|code| code.as_str()?.strip_prefix("structure."));
        for kind in kinds {
            let documents = case["documents"].as_array().cloned().unwrap_or_default();
            let files = documents.iter().filter_map(|document| document["file"].as_str());
            let files = files.chain([case["input"].as_str().unwrap()]);
            let mut readings = files.filter_map(|file| read_file(&folder.join(file))).filter_map(Result::ok);
            let is_told = |reading: Reading<Badge>| {
                !reading.is_sound() && reading.violations.iter().any(|one| one.kind().as_str() == kind)
            };
            assert!(readings.any(is_told), "{}: {kind}", case["name"]);
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn every_document_of_the_published_suite_gets_an_answer() {
    let Ok(folder) = std::env::var("OPENBADGES_CONFORMANCE") else {
        println!("ran none: OPENBADGES_CONFORMANCE is not set");
        return;
    };
    let mut read = 0;
    let mut folders = vec![PathBuf::from(folder).join("1edtech-ob20")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let Ok(json) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else {
                    continue;
                };
                match Badge::read_json(json) {
                    Ok(reading) => {
                        assert!(reading.value.is_some() || !reading.violations.is_empty(), "{path:?}")
                    }
                    Err(error) => assert!(!error.to_string().is_empty(), "{path:?}"),
                }
                read += 1;
            }
        }
    }
    assert!(read > 100, "{read}");
}
