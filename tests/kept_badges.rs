//! What a host does with badges that it has imported: recognise them, check them again, hand them on.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)] // a test stops where it fails

#[path = "support/made_badges.rs"]
mod made_badges;

use std::collections::BTreeSet;

use made_badges::{case, report};
use openbadges::badge::Badge;
use openbadges::id::{BadgeKey, Did};
use openbadges::import::{
    BADGE_RECORD_SCHEMA, BadgeRecord, Change, Edition, ImportRules, Preview, RecordImporter, RecordStatus,
    Supersession, Timestamp, UpdateError, recheck,
};
use openbadges::proof::did;
use openbadges::report::{CheckCode, StoredOutcome, StoredReport};
use openbadges::resource::{Response, Retrieval, Unavailable};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::macros::datetime;

fn stored(report: &Report) -> StoredReport {
    serde_json::from_str(&serde_json::to_string(report).unwrap()).unwrap()
}

fn record(report: Report) -> BadgeRecord {
    let rules = ImportRules::default().dangerous().admit_any_recipient().dangerous().admit_revoked();
    let importer = RecordImporter::new(rules);
    let preview = Preview::of(&importer, report, &[]);
    let seen = preview.fingerprint();
    preview.accept(&importer, &seen).unwrap()
}

const ISSUER: &str = "https://rowing.example/issuer.json";

fn served(status: u16) -> Retrieval {
    Ok(Response::new(status, ISSUER.parse().unwrap(), Vec::new(), datetime!(2026-06-01 12:00 UTC)))
}

/// The report on a hosted badge whose issuer's profile is answered like this.
fn with_issuer(answer: Retrieval) -> Report {
    let mut case = case("ob2-hosted-json");
    case.answers.insert(ISSUER.to_owned(), answer);
    case.report()
}

// ---- checking again

#[test]
fn a_stored_report_reads_back_and_says_the_same() {
    for name in ["ob2-hosted-png", "ob2-hosted-revoked-svg", "ob3-integrity-tampered-json", "ob3-jwt-offline"]
    {
        let report = report(name);
        let text = serde_json::to_value(&report).unwrap();
        let stored = stored(&report);
        assert_eq!(serde_json::to_value(&stored).unwrap(), text, "{name}: nothing is lost");
        assert_eq!(stored.checks.len(), report.checks().len());
        let again = recheck(&stored, &report);
        assert_eq!((again.change, again.checks), (Change::Unchanged, Vec::new()), "{name}");
        assert!(again.is_same_input && again.is_same_policy);
    }
}

#[test]
fn what_changes_is_named() {
    let valid = stored(&report("ob2-hosted-png"));
    let revoked = stored(&report("ob2-hosted-gone"));
    let unverified = stored(&report("ob2-hosted-offline"));
    let change = |before, name| recheck(before, &report(name)).change;
    assert!(matches!(change(&valid, "ob2-hosted-gone"), Change::NowRevoked { is_suspended: false, .. }));
    assert_eq!(change(&valid, "ob2-hosted-offline"), Change::NowUnverified);
    assert_eq!(change(&valid, "ob2-hosted-undated-json"), Change::NowInvalid);
    assert_eq!(change(&revoked, "ob2-hosted-png"), Change::Restored);
    assert_eq!(change(&unverified, "ob2-hosted-png"), Change::NowValid);
    assert_eq!(change(&unverified, "ob2-hosted-offline"), Change::Unchanged);
}

#[test]
fn time_alone_makes_a_badge_expire() {
    let mut case = case("ob2-hosted-expired-json");
    let now = std::mem::replace(&mut case.now, datetime!(2026-05-01 12:00 UTC));
    let before = stored(&case.report());
    assert_eq!(before.status, Status::Valid);
    case.now = now;
    let recheck = recheck(&before, &case.report());
    assert_eq!(recheck.change, Change::NowExpired);
    let [change] = &recheck.checks[..] else { panic!("{:?}", recheck.checks) };
    assert_eq!((change.code, &change.before), (CheckCode::TimeExpiry, &Some(StoredOutcome::Passed)));
    assert!(matches!(change.after, Some(StoredOutcome::Failed(_))));
}

#[test]
fn a_suspension_and_its_words_are_told() {
    let valid = stored(&report("ob3-integrity-json"));
    let Change::NowRevoked { is_suspended, .. } = recheck(&valid, &report("ob3-jwt-suspended-png")).change
    else {
        panic!("it is suspended")
    };
    assert!(is_suspended);
    let change = recheck(&valid, &report("ob2-hosted-revoked-svg")).change;
    let Change::NowRevoked { reason, is_suspended, .. } = change else { panic!("{change:?}") };
    assert!(reason.is_some() && !is_suspended);
}

#[test]
fn an_issuer_of_whom_nothing_is_left_is_gone() {
    let of_rsa: &[&str] = if cfg!(any(feature = "jose", feature = "rustcrypto")) {
        &["ob2-signed-jws", "ob3-jwt-rs256-jws"]
    } else {
        &[]
    };
    for name in ["ob2-hosted-json", "ob3-jwt-jws", "ob3-integrity-json"].iter().chain(of_rsa).copied() {
        let mut case = case(name);
        let before = stored(&case.report());
        let mut fate = |answer: fn(&str) -> Retrieval| {
            for (address, known) in &mut case.answers {
                *known = answer(address);
            }
            recheck(&before, &case.report()).change
        };
        let change = fate(|_| Err(Unavailable::Dns));
        assert!(matches!(change, Change::IssuerGone { .. }), "{name}: {change:?}");
        let change = fate(|_| Err(Unavailable::Timeout));
        assert_eq!(change, Change::NowUnverified, "{name}");
        let change = fate(|address| {
            let of_did = address.parse::<Did>().ok().map(|did| did::web_url(&did).unwrap());
            let url = of_did.unwrap_or_else(|| address.parse().unwrap());
            Ok(Response::new(404, url, Vec::new(), datetime!(2026-06-01 12:00 UTC)))
        });
        // Of a hosted badge only the badge was asked for: others of the issuer may be there.
        let is_gone = name != "ob2-hosted-json";
        assert_eq!(matches!(change, Change::IssuerGone { .. }), is_gone, "{name}: {change:?}");
    }
}

#[test]
fn an_issuer_that_is_gone_is_told_from_one_that_is_out_of_reach() {
    let valid = stored(&report("ob2-hosted-json"));
    for (answer, is_gone) in [
        (served(404), true),
        (served(410), true),
        (Err(Unavailable::Dns), true),
        (served(503), false),
        (Err(Unavailable::Timeout), false),
    ] {
        let name = format!("{answer:?}");
        let report = with_issuer(answer);
        let Change::IssuerGone { target, .. } = recheck(&valid, &report).change else {
            assert!(!is_gone, "{name}");
            continue;
        };
        assert!(is_gone, "{name}");
        assert_eq!(target.to_string(), ISSUER);
    }
}

#[test]
fn other_bytes_and_other_rules_are_told() {
    let case = case("ob2-hosted-json");
    let lax = Verifier::new(Policy::strict().dangerous().allow_http());
    let before = stored(&lax.begin(&case.input, case.now).unwrap().offline());
    assert!(!recheck(&before, &case.report()).is_same_policy);
    assert!(!recheck(&before, &report("ob2-hosted-png")).is_same_input);
}

#[test]
fn a_record_is_brought_up_to_date() {
    let mut record = record(report("ob2-hosted-png"));
    let (created, mut later) = (record.created_at, case("ob2-hosted-gone"));
    later.now += time::Duration::minutes(30);
    assert!(matches!(record.update(&later.report()), Ok(Change::NowRevoked { .. })));
    let now = Timestamp::from(later.now);
    assert_eq!((record.status, record.revoked_at), (RecordStatus::Revoked, Some(now)));
    assert_eq!((record.created_at, record.updated_at), (created, now));

    let mut report_later = |name| {
        let mut case = case(name);
        later.now += time::Duration::minutes(10);
        case.now = later.now;
        case.report()
    };
    assert_eq!(record.update(&report_later("ob2-hosted-offline")), Ok(Change::NowUnverified));
    assert_eq!(record.revoked_at, Some(now), "an outage does not undo a revocation");
    assert_eq!(record.update(&report_later("ob2-hosted-png")), Ok(Change::NowValid));
    assert_eq!((record.status, record.revoked_at), (RecordStatus::Valid, None));
}

#[test]
fn a_record_is_not_updated_from_another_badge() {
    let mut record = record(report("ob2-hosted-png"));
    let before = record.clone();
    for other in ["ob2-hosted-expired-json", "ob3-integrity-json"] {
        assert_eq!(record.update(&report(other)), Err(UpdateError::OtherBadge));
    }
    let verifier = Verifier::new(Policy::strict());
    let elsewhere = verifier.begin(b"https://rowing.example/assertions/2.json", case("ob2-hosted-url").now);
    assert_eq!(record.update(&elsewhere.unwrap().run(|_| served(410))), Err(UpdateError::OtherBadge));
    assert_eq!(record, before);
}

#[test]
fn a_badge_of_which_only_the_address_was_uploaded_can_be_revoked() {
    let mut url = case("ob2-hosted-url");
    let mut record = record(url.report());
    let address = record.url.clone().unwrap();
    url.answers.insert(address, served(410));
    assert!(matches!(record.update(&url.report()), Ok(Change::NowRevoked { .. })));
}

// ---- duplicates

#[test]
fn copies_of_one_badge_are_recognised_and_the_newer_one_is_told() {
    let badge = |valid_from: &str, id: &str| {
        let credential = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "id": id,
            "issuer": {"id": "did:web:example.org", "type": ["Profile"]},
            "validFrom": valid_from,
            // Of the award, and not of this copy.
            "awardedDate": "2025-12-24T00:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "id": "did:web:ada.example", "achievement": {
                "id": "urn:example:a", "type": ["Achievement"], "name": "A", "description": "A", "criteria": {"narrative": "A"}}},
        });
        let verifier = Verifier::new(Policy::strict());
        verifier.begin(credential.to_string().as_bytes(), datetime!(2026-06-01 12:00 UTC)).unwrap().offline()
    };
    let stored = record(badge("2026-01-01T00:00:00.5+02:00", "urn:example:%31"));
    let stored = Edition::of_record(&stored).unwrap();
    for (valid_from, id, expected) in [
        ("2025-12-31T22:00:00.5Z", "urn:example:1", Supersession::Equal),
        ("2026-02-01T00:00:00Z", "urn:example:1", Supersession::Newer),
        ("2025-12-31T22:00:00Z", "urn:example:1", Supersession::Older),
        ("2026-02-01T00:00:00Z", "urn:example:2", Supersession::Different),
    ] {
        let preview = Preview::of(&RecordImporter::default(), badge(valid_from, id), &[]);
        assert_eq!(preview.edition().unwrap().compare(&stored), expected, "{valid_from} {id}");
    }
}

#[test]
fn a_respelt_copy_is_recognised_while_nobody_can_be_asked() {
    let case = case("ob2-hosted-json");
    let hosted = report("ob2-hosted-json");
    let stored = Edition::of_record(&record(hosted.clone())).unwrap();
    let mut copy: Value = serde_json::from_slice(&case.input).unwrap();
    let (id, class) = (copy["id"].as_str().unwrap().to_owned(), copy["badge"].clone());
    let path = id.strip_prefix("https://rowing.example/").unwrap();
    for spelt in [
        id.clone(),
        format!("https://rowing.example:443/{path}"),
        format!("HTTPS://Rowing.EXAMPLE/{path}"),
        format!("https://rowing.example/elsewhere/../{path}"),
    ] {
        copy["id"] = json!(spelt);
        copy["badge"] = json!({"type": "BadgeClass", "id": class, "name": "A", "description": "A", "criteria": "https://a.example/",
            "image": "https://a.example/a.png", "issuer": {"type": "Issuer", "id": "https://rowing.example:443/issuer.json",
            "name": "A", "url": "https://a.example/", "email": "a@a.example"}});
        let verifier = Verifier::new(Policy::strict());
        let claimed = verifier.begin(copy.to_string().as_bytes(), case.now).unwrap().offline();
        let preview = Preview::of(&RecordImporter::default(), claimed, &[]);
        assert_eq!(preview.key(), hosted.badge().unwrap().key().as_ref(), "{spelt}");
        assert_eq!(preview.edition().unwrap().compare(&stored), Supersession::Equal, "{spelt}");
        let kept = serde_json::to_string(preview.key().unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<BadgeKey>(&kept).as_ref().ok(), preview.key());
    }
}

#[test]
fn one_badge_in_three_containers_is_one_badge() {
    let editions: Vec<Edition> = ["ob2-hosted-json", "ob2-hosted-png", "ob2-hosted-svg"]
        .map(|name| Edition::of(report(name).badge().unwrap()).unwrap())
        .into();
    assert!(editions.iter().all(|each| each.compare(&editions[0]) == Supersession::Equal), "{editions:?}");
}

// ---- the schema of records

/// Says where a value does not follow a schema; knows the keywords that the schema of records uses, and no others.
fn violations(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fail = |keyword: &str| found.push(format!("{at}: {keyword}, {value}"));
    let mut inner = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$defs" | "$schema" | "description" | "format" | "title" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                inner.extend(violations(root, root.pointer(pointer).unwrap(), value, at));
            }
            "additionalProperties" => {
                assert_eq!(*rule, false);
                let known = schema["properties"].as_object().unwrap();
                if value
                    .as_object()
                    .is_some_and(|members| members.keys().any(|name| !known.contains_key(name)))
                {
                    fail("additionalProperties");
                }
            }
            "anyOf" => {
                let fits = |each| violations(root, each, value, at).is_empty();
                if !rule.as_array().unwrap().iter().any(fits) {
                    fail("anyOf");
                }
            }
            "const" if value != rule => fail("const"),
            "enum" if !rule.as_array().unwrap().contains(value) => fail("enum"),
            "const" | "enum" => {}
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    inner.extend(violations(root, rule, item, &format!("{at}/{index}")));
                }
            }
            "pattern" => {
                // There is one, of timestamps.
                if value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_err()) {
                    fail("pattern");
                }
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        inner.extend(violations(root, rule, member, &format!("{at}/{name}")));
                    }
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        fail("required");
                    }
                }
            }
            "type" => {
                let is_of = |kind: &Value| match kind.as_str().unwrap() {
                    "array" => value.is_array(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    "number" => value.is_number(),
                    "object" => value.is_object(),
                    "string" => value.is_string(),
                    other => panic!("unknown type {other}"),
                };
                if !rule.as_array().map_or_else(|| is_of(rule), |kinds| kinds.iter().any(is_of)) {
                    fail("type");
                }
            }
            other => panic!("{at}: unknown keyword {other}"),
        }
    }
    found.extend(inner);
    found
}

#[test]
fn records_follow_their_schema() {
    let schema: Value = serde_json::from_str(BADGE_RECORD_SCHEMA).unwrap();
    for name in [
        "ob2-hosted-png",
        "ob2-hosted-expired-json",
        "ob2-hosted-revoked-svg",
        "ob3-integrity-json",
        "ob3-jwt-mailto-jws",
    ] {
        let record = serde_json::to_value(record(report(name))).unwrap();
        assert_eq!(violations(&schema, &schema, &record, ""), [""; 0], "{name}");
        for (pointer, bad) in [
            ("/status", json!("expired")),
            ("/created_at", json!("2026-06-01T12:00:00Z")),
            ("/imported", json!(false)),
            ("/transcript", json!(true)),
            ("/url", json!(1)),
            ("/expires_at", json!(1)),
            ("/additional_details", json!({})),
            ("/additional_details/recipients/0/form", json!("cloaked")),
        ] {
            let mut wrong = record.clone();
            *wrong.pointer_mut(pointer).unwrap() = bad;
            assert!(!violations(&schema, &schema, &wrong, "").is_empty(), "{name} {pointer}");
        }
    }
}

#[test]
fn the_schema_of_records_has_every_field_and_no_other() {
    let schema: Value = serde_json::from_str(BADGE_RECORD_SCHEMA).unwrap();
    let record = serde_json::to_value(record(report("ob3-integrity-json"))).unwrap();
    let fields: BTreeSet<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    let described: BTreeSet<&str> =
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(described, fields);
}

#[test]
fn records_and_their_schema_agree_on_what_may_be_absent_or_added() {
    let schema: Value = serde_json::from_str(BADGE_RECORD_SCHEMA).unwrap();
    let record = serde_json::to_value(record(report("ob3-integrity-json"))).unwrap();
    let read = |record: &Value| serde_json::from_value::<BadgeRecord>(record.clone());
    let is_fine = |record: &Value| violations(&schema, &schema, record, "").is_empty();
    for name in record.as_object().unwrap().keys() {
        let mut nulled = record.clone();
        nulled[name] = Value::Null;
        let mut without = record.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(is_fine(&nulled), read(&nulled).is_ok(), "{name}");
        assert_eq!(is_fine(&without), read(&without).is_ok(), "{name}");
        assert_eq!(read(&without).ok(), read(&nulled).ok(), "{name}: absent is null");
    }
    let mut more = record;
    more["course"] = json!("DB 101");
    assert!(!is_fine(&more));
    assert!(
        read(&more).unwrap_err().to_string().contains("unknown field `course`"),
        "it is not dropped in silence"
    );
}

#[test]
fn the_schema_of_records_has_every_member_of_a_summary() {
    let schema: Value = serde_json::from_str(BADGE_RECORD_SCHEMA).unwrap();
    let details = &schema["$defs"]["details"];
    let described: BTreeSet<&str> =
        details["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:example:badge",
        "issuer": {"id": "https://example.org/", "type": ["Profile"], "name": "Example"},
        "validFrom": "2026-01-01T00:00:00Z",
        "evidence": [{"type": ["Evidence"], "name": "Log", "description": "A log", "genre": "Log", "audience": "Us"}],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": "Ada"}],
            "result": [{"type": ["Result"], "resultDescription": "urn:example:rubric", "achievedLevel": "urn:example:1"}],
            "achievement": {
                "id": "urn:example:achievement", "type": ["Achievement"], "name": "A", "description": "A",
                "criteria": {"narrative": "A"},
                "alignment": [{"type": ["Alignment"], "targetName": "A", "targetUrl": "https://example.org/a",
                    "targetCode": "A", "targetDescription": "A", "targetFramework": "A"}],
                "resultDescription": [{"id": "urn:example:rubric", "type": ["ResultDescription"], "name": "Rubric",
                    "resultType": "RubricCriterionLevel", "valueMin": "0", "valueMax": "9", "requiredValue": "5",
                    "requiredLevel": "urn:example:1",
                    "rubricCriterionLevel": [{"id": "urn:example:1", "type": ["RubricCriterionLevel"], "name": "A",
                        "level": "A", "points": "1", "description": "A"}]}],
            },
        },
    });
    let badge = Badge::read_json(document).unwrap().value.unwrap();
    let Value::Object(summary) = serde_json::to_value(badge.summary()).unwrap() else { panic!() };
    for (name, value) in &summary {
        assert!(described.contains(name.as_str()), "{name}");
        if !value.is_null() {
            assert_eq!(violations(&schema, &details["properties"][name], value, name), [""; 0], "{name}");
        }
    }
    assert!(summary["results"][0]["level"].is_object() && summary["recipientName"].is_string());
}
