//! What documents say, and everything that is wrong with them, through the public interface.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod badges;

use openbadges::badge::ob2::{
    Assertion, BadgeClass, CryptographicKey, Profile, Reference, RevocationListHeader, RevokedNotice,
};
use openbadges::badge::{Reading, Violation, Weight};
use serde_json::{Value, json};

const CONTEXT: &str = "https://w3id.org/openbadges/v2";

fn assertion() -> Value {
    json!({
        "@context": CONTEXT,
        "type": "Assertion",
        "id": "https://example.org/assertions/1",
        "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
        "badge": "https://example.org/badges/1",
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2020-01-02T03:04:05Z"
    })
}

fn badge_class() -> Value {
    json!({
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": "https://example.org/badges/1",
        "name": "Bridge builder",
        "description": "Built a bridge that held.",
        "image": "https://example.org/badges/1.png",
        "criteria": {"narrative": "Build a bridge."},
        "issuer": "https://example.org/issuer"
    })
}

fn profile() -> Value {
    json!({
        "@context": CONTEXT,
        "type": "Issuer",
        "id": "https://example.org/issuer",
        "name": "School of Bridges",
        "url": "https://example.org/",
        "email": "office@example.org"
    })
}

/// The document with the member at a JSON pointer replaced, or added; `null` removes it.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => parent.remove(name),
        value => parent.insert(name.to_owned(), value),
    };
    document
}

/// Each violation in short: kind, `?` if it is advisory, and place.
fn told(violations: &[Violation]) -> Vec<String> {
    let short = |violation: &Violation| {
        let mark = if violation.weight() == Weight::Advisory { "?" } else { "" };
        format!("{}{mark} {}", violation.kind().as_str(), violation.pointer())
    };
    violations.iter().map(short).collect()
}

/// Reads the assertion with one change; what is wrong then, and whether there is still a model.
fn changed(pointer: &str, value: Value) -> (Vec<String>, bool) {
    let reading = Assertion::read(&with(assertion(), pointer, value));
    (told(&reading.violations), reading.value.is_some())
}

fn sound<T>(reading: Reading<T>) -> T {
    assert_eq!(told(&reading.violations), [""; 0]);
    reading.value.unwrap()
}

#[test]
fn a_sound_assertion_is_read_in_full() {
    let assertion = sound(Assertion::read(&with(
        with(assertion(), "/evidence", json!(["https://example.org/e/1", {"narrative": "See the bridge."}])),
        "/expires",
        json!("2030-01-01T00:00Z"),
    )));
    assert_eq!(assertion.id.as_str(), "https://example.org/assertions/1");
    assert_eq!(assertion.recipient.kind.as_str(), "email");
    assert_eq!(assertion.recipient.identity, "ada@example.org");
    assert_eq!(assertion.badge.id().unwrap().as_str(), "https://example.org/badges/1");
    assert!(assertion.verification.hosted && !assertion.verification.signed);
    assert_eq!(assertion.issued_on.unix_timestamp(), 1_577_934_245);
    assert_eq!(assertion.expires.unwrap().unix_timestamp(), 1_893_456_000);
    assert_eq!(assertion.evidence[0].id.as_ref().unwrap().as_str(), "https://example.org/e/1");
    assert_eq!(assertion.evidence[1].narrative.as_deref(), Some("See the bridge."));
}

#[test]
fn each_required_member_of_an_assertion_is_missed() {
    for member in ["id", "type", "recipient", "badge", "verification", "issuedOn"] {
        for nothing in [Value::Null, json!([]), json!([null]), json!([null, null])] {
            let document = with(assertion(), &format!("/{member}"), Value::Null);
            let document =
                if nothing.is_null() { document } else { with(document, &format!("/{member}"), nothing) };
            let reading = Assertion::read(&document);
            assert_eq!(told(&reading.violations), [format!("required /{member}")]);
            assert_eq!(reading.value, None);
        }
    }
}

#[test]
fn every_violation_is_told_and_not_only_the_first() {
    let reading = Assertion::read(&json!({
        "type": "Award",
        "id": "no iri",
        "recipient": {"hashed": "true"},
        "verification": {"type": "TrustMe"},
        "issuedOn": 1_500_423_730,
        "expires": "2016-12-31",
        "evidence": ["https://example.org/e/1", 5, {"name": false}],
        "revoked": "false"
    }));
    assert_eq!(reading.value, None);
    assert_eq!(
        told(&reading.violations),
        [
            "context /@context",
            "type /type",
            "value /id",
            "required /recipient/type",
            "value /recipient/hashed",
            "required /recipient/identity",
            "required /badge",
            "type /verification/type",
            "value /issuedOn",
            "value /expires",
            "value /evidence/1",
            "value /evidence/2/name",
            "value /revoked",
        ]
    );
}

#[test]
fn a_violation_says_what_was_expected_and_what_was_found() {
    let reading = Assertion::read(&with(assertion(), "/issuedOn", json!("2016-12-31\u{1b}[2J")));
    assert_eq!(
        reading.violations[0].to_string(),
        "at `/issuedOn`: expected a date and time with a zone, found `2016-12-31\\u{1b}[2J`"
    );
    let reading = Assertion::read(&with(assertion(), "/badge", json!([1, 2])));
    assert_eq!(reading.violations[0].to_string(), "at `/badge`: expected a single value, found a list of 2");
    assert_eq!(
        Assertion::read(&json!([])).violations[0].to_string(),
        "expected an object, found an empty list"
    );
    let reading = Assertion::read(&with(assertion(), "/id", Value::Null));
    assert_eq!(reading.violations[0].to_string(), "at `/id`: expected the member `id`, found nothing");
}

#[test]
fn one_value_per_member_is_judged_by_its_form() {
    let hash = |algorithm: &str, digits: usize| json!(format!("{algorithm}${}", "a1".repeat(digits / 2)));
    #[rustfmt::skip]
    let table = [
        // Ids are absolute IRIs, of any scheme.
        ("/id", json!("urn:uuid:6deb4a00-ebce-4b28-8cc2-afa705ef7be4"), ""),
        ("/id", json!("urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057"), ""),
        ("/id", json!("assertions/1"), "value /id"),
        ("/id", json!(" https://example.org/assertions/1"), "value /id"),
        ("/id", json!("_:b0"), "value /id"),
        // The context is named, wherever in the list, or inlined.
        ("/@context", json!([CONTEXT, "https://example.org/context"]), ""),
        ("/@context", json!(["https://example.org/context", CONTEXT]), ""),
        ("/@context", json!("https://openbadgespec.org/v2/context.json"), ""),
        ("/@context", json!([CONTEXT, {"Award": "obi:Assertion"}]), ""),
        ("/@context", json!([CONTEXT, {"@language": "de"}]), ""),
        ("/@context", json!([CONTEXT, {"Assertion": "https://example.org/Assertion"}]), "type /type"),
        ("/@context", json!([CONTEXT, {"issuedOn": "https://example.org/day"}]), "required /issuedOn"),
        ("/@context", json!([CONTEXT, {"id": {"@id": 7}}]), "context /@context"),
        ("/@context", json!([CONTEXT, 7]), "context /@context"),
        ("/@context", json!("https://w3id.org/openbadges/invalid"), "context /@context"),
        // The type holds the class, under any of its names.
        ("/type", json!(["Assertion", "https://example.org/Award"]), ""),
        ("/type", json!("obi:Assertion"), ""),
        ("/type", json!("https://w3id.org/openbadges#Assertion"), ""),
        ("/type", json!(["https://example.org/Award"]), "type /type"),
        ("/type", json!({"Assertion": true}), "type /type"),
        // Links are ids or embedded objects.
        ("/badge", json!({"id": "https://example.org/badges/1"}), ""),
        ("/badge", json!(["https://example.org/badges/1"]), ""),
        ("/badge", json!(["https://example.org/badges/1", "https://example.org/badges/2"]), "value /badge"),
        ("/badge", json!({"id": "badges/1"}), "value /badge/id"),
        ("/badge", json!(17), "value /badge"),
        // An assertion's image has an address.
        ("/image", json!("https://example.org/1.png"), ""),
        ("/image", json!({"id": "https://example.org/1.png", "caption": "A bridge"}), ""),
        ("/image", json!({"caption": "A bridge"}), "required /image/id"),
        ("/image", json!("data:image/png;base64,iVBORw0KGgo="), "value /image"),
        // Dates have a time and a zone.
        ("/issuedOn", json!("2016-12-31T23:59:59+0100"), ""),
        ("/issuedOn", json!("2016-12-31T23:59Z"), ""),
        ("/issuedOn", json!("2016-12-31T23:59:59"), "value /issuedOn"),
        ("/issuedOn", json!("2015-04-31T00:00:00Z"), "value /issuedOn"),
        ("/expires", json!("2020-01-02T03:04:05Z"), ""),
        ("/expires", json!("2020-01-02T03:04:04Z"), "value /expires"),
        // Null and lists of null are no value at all; a null among values is one too many.
        ("/expires", json!([null, null]), ""),
        ("/evidence", json!([]), ""),
        ("/evidence", json!(["https://example.org/e", null]), "value /evidence/1"),
        // The verification type is looked for, not compared.
        ("/verification/type", json!("hosted"), ""),
        ("/verification/type", json!("signed"), ""),
        ("/verification/type", json!(["https://example.org/T", "HostedBadge"]), ""),
        ("/verification/type", json!("TrustMe"), "type /verification/type"),
        ("/verification", json!("HostedBadge"), "value /verification"),
        // The recipient.
        ("/recipient/hashed", json!("true"), "value /recipient/hashed"),
        ("/recipient/identity", json!("ada"), "value /recipient/identity"),
        ("/recipient/identity", hash("sha256", 64), "value /recipient/identity"),
        ("/recipient/type", json!("schema:email"), ""),
        ("/recipient/type", json!("url"), ""),
        ("/recipient/type", json!("sloths"), "value? /recipient/type"),
        // Texts, with or without a language.
        ("/narrative", json!({"@value": "See here.", "@language": "en"}), ""),
        ("/narrative", json!({"en": "See here."}), "value /narrative"),
        ("/@language", json!("en-US"), ""),
        ("/@language", json!("not a lang"), "value /@language"),
        ("/version", json!(2), ""),
        ("/related", json!({"id": "https://example.org/assertions/0", "@language": "es"}), ""),
        ("/related", json!([{"@language": "es"}]), "required /related/0/id"),
        // What is wrong with an endorsement is not the badge's fault.
        ("/endorsement", json!(["https://example.org/endorsements/1", 5]), "value? /endorsement/1"),
        ("/revoked", json!(false), ""),
        ("/revoked", json!("true"), "value /revoked"),
    ];
    for (pointer, value, expected) in table {
        let (violations, _) = changed(pointer, value.clone());
        assert_eq!(violations.join(", "), expected, "{pointer} {value}");
    }
}

#[test]
fn a_hashed_identity_is_a_known_hash_of_the_right_length() {
    let hashed = |identity: &str| {
        let recipient = json!({"type": "email", "hashed": true, "salt": "pepper", "identity": identity});
        changed("/recipient", recipient).0.join(", ")
    };
    let digits = |count: usize| "0aF9".repeat(count).chars().take(count).collect::<String>();
    for good in ["md5$", "MD5$"].map(|algorithm| format!("{algorithm}{}", digits(32))) {
        assert_eq!(hashed(&good), "", "{good}");
    }
    assert_eq!(hashed(&format!("sha256${}", digits(64))), "");
    for bad in [
        format!("sha256${}", digits(63)),
        format!("sha256${}", digits(65)),
        format!("sha256${}$", digits(64)),
        format!("md5${}", digits(64)),
        format!("sha1${}", digits(40)),
        format!("sha512${}", digits(128)),
        format!("sha256{}", digits(64)),
        digits(64),
        "ada@example.org".to_owned(),
        String::new(),
    ] {
        assert_eq!(hashed(&bad), "value /recipient/identity", "{bad}");
    }
}

#[test]
fn a_missing_hashed_is_taken_as_false_with_advice() {
    let reading = Assertion::read(&with(assertion(), "/recipient/hashed", Value::Null));
    assert_eq!(told(&reading.violations), ["required? /recipient/hashed"]);
    assert!(reading.is_sound());
    assert!(!reading.value.unwrap().recipient.hashed);
}

#[test]
fn an_optional_member_that_cannot_be_used_leaves_a_model_that_is_not_sound() {
    let reading = Assertion::read(&with(assertion(), "/expires", json!("soon")));
    assert!(!reading.is_sound());
    assert_eq!(reading.value.unwrap().expires, None);
}

#[test]
fn the_same_badge_in_other_words_reads_the_same() {
    let other = json!({
        "@context": [CONTEXT],
        "@type": ["https://w3id.org/openbadges#Assertion"],
        "@id": "https://example.org/assertions/1",
        "obi:recipient": [{"@type": "email", "hashed": false, "obi:identityHash": "ada@example.org"}],
        "https://w3id.org/openbadges#badge": "https://example.org/badges/1",
        "verify": {"@type": ["hosted"]},
        "obi:issueDate": ["2020-01-02T03:04:05Z"]
    });
    assert_eq!(sound(Assertion::read(&other)), sound(Assertion::read(&assertion())));
}

#[test]
fn two_spellings_of_one_member_are_refused() {
    for (spelling, value) in [
        ("/@id", json!("https://example.org/assertions/2")),
        ("/verify", json!({"type": "SignedBadge"})),
        ("/obi:badge", json!("https://example.org/badges/2")),
    ] {
        let (violations, is_some) = changed(spelling, value);
        assert_eq!((violations, is_some), (vec![format!("value {spelling}")], false));
    }
}

#[test]
fn unknown_members_are_kept_as_they_are() {
    let document = with(assertion(), "/extensions:apply", json!({"type": ["Extension"], "url": "x"}));
    let document = with(document, "/verification/note", json!([1, {"a": null}]));
    let assertion = sound(Assertion::read(&document));
    let kept: Vec<_> = assertion.common.extensions.iter().collect();
    assert_eq!(kept, [(&"extensions:apply".to_owned(), &json!({"type": ["Extension"], "url": "x"}))]);
    assert_eq!(assertion.verification.extensions["note"], json!([1, {"a": null}]));
}

#[test]
fn a_revoked_assertion_need_not_have_anything_else() {
    let minimal =
        json!({"id": "https://example.org/assertions/1", "revoked": true, "revocationReason": "Error"});
    let notice = RevokedNotice::read(&minimal).unwrap();
    assert_eq!(notice.id.unwrap().as_str(), "https://example.org/assertions/1");
    assert_eq!(notice.reason.as_deref(), Some("Error"));
    assert!(RevokedNotice::read(&json!({"revoked": true})).is_some());
    assert!(RevokedNotice::read(&with(assertion(), "/revoked", json!(true))).is_some());
    for other in
        [json!({}), json!({"revoked": false}), json!({"revoked": "true"}), json!([true]), assertion()]
    {
        assert_eq!(RevokedNotice::read(&other), None, "{other}");
    }
}

#[test]
fn each_required_member_of_a_badge_class_is_missed() {
    for member in ["id", "type", "name", "description", "criteria", "issuer"] {
        let reading = BadgeClass::read(&with(badge_class(), &format!("/{member}"), Value::Null), "");
        assert_eq!(told(&reading.violations), [format!("required /{member}")]);
        assert_eq!(reading.value, None);
    }
    let reading = BadgeClass::read(&with(badge_class(), "/image", Value::Null), "");
    assert_eq!(told(&reading.violations), ["required? /image"]);
    assert!(reading.is_sound());
}

#[test]
fn one_member_of_a_badge_class_is_judged_by_its_form() {
    #[rustfmt::skip]
    let table = [
        ("/image", json!("data:image/png;base64,iVBORw0KGgo="), ""),
        ("/image", json!("data:image/svg+xml;charset=utf-8,%3Csvg/%3E"), ""),
        ("/image", json!("data:image/gif;base64,R0lGODlh"), "value /image"),
        ("/image", json!("data:,"), "value /image"),
        ("/image", json!("data:image/png"), "value /image"),
        ("/image", json!({"type": "schema:ImageObject", "id": "https://example.org/1.svg"}), ""),
        ("/image", json!(["https://example.org/1.svg", "https://example.org/2.svg"]), "value /image"),
        ("/criteria", json!("https://example.org/criteria"), ""),
        ("/criteria", json!({"type": "Criteria", "id": "https://example.org/criteria"}), ""),
        ("/criteria", json!({"id": "_:b0", "narrative": "Build."}), ""),
        ("/criteria", json!({"id": "_:b0"}), "required /criteria/narrative"),
        ("/criteria", json!("Build a bridge."), "value /criteria"),
        ("/criteria", json!({"type": "Evidence", "narrative": "Build."}), "type /criteria/type"),
        ("/alignment", json!({"targetName": "B1", "targetUrl": "https://example.org/b1"}), ""),
        ("/alignment", json!([{"targetName": "B1", "targetUrl": "http://localhost:3000/b1?x=1#y"}]), ""),
        ("/alignment", json!([{"targetName": "B1"}]), "required /alignment/0/targetUrl"),
        ("/alignment", json!([{"targetName": "B1", "targetUrl": "rdar://1"}]), "value /alignment/0/targetUrl"),
        ("/tags", json!(["a", "b"]), ""),
        ("/tags", json!(["a", 1]), "value /tags/1"),
    ];
    for (pointer, value, expected) in table {
        let reading = BadgeClass::read(&with(badge_class(), pointer, value.clone()), "");
        assert_eq!(told(&reading.violations).join(", "), expected, "{pointer} {value}");
    }
}

#[test]
fn each_required_member_of_an_issuer_is_missed() {
    for member in ["id", "type", "name", "url", "email"] {
        let reading = Profile::read(&with(profile(), &format!("/{member}"), Value::Null), "");
        assert_eq!(told(&reading.violations), [format!("required /{member}")]);
        assert_eq!(reading.value, None);
    }
}

#[test]
fn one_member_of_an_issuer_is_judged_by_its_form() {
    #[rustfmt::skip]
    let table = [
        ("/type", json!("Profile"), ""),
        ("/type", json!(["Issuer", "https://example.org/School"]), ""),
        ("/type", json!("Criteria"), "type /type"),
        ("/url", json!("HTTPS://user@example.org:8443/a%20b?c#d"), ""),
        ("/url", json!("http://127.0.0.1/"), ""),
        ("/url", json!("ftp://example.org/"), "value /url"),
        ("/url", json!("https://"), "value /url"),
        ("/url", json!("https:example.org"), "value /url"),
        ("/url", json!("https:///example.org"), "value /url"),
        ("/url", json!("http:// shouldfail.com"), "value /url"),
        ("/url", json!("///example.org"), "value /url"),
        ("/url", json!(""), "value /url"),
        ("/email", json!("abc@localhost"), ""),
        ("/email", json!(" abc@localhost"), "value /email"),
        ("/email", json!("a@b@c"), "value /email"),
        ("/email", json!(7), "value /email"),
        ("/publicKey", json!(["https://example.org/k1", {"publicKeyPem": "x"}]), ""),
        ("/publicKey", json!(["k1"]), "value /publicKey/0"),
        ("/revocationList", json!("https://example.org/list"), ""),
        ("/revocationList", json!("list"), "value /revocationList"),
        ("/verification", json!({"startsWith": "https://example.org/a"}), ""),
        ("/verification", json!({"startsWith": ["https://example.org/a", "https://example.com/"]}), ""),
        ("/verification", json!({"startsWith": ""}), "value /verification/startsWith"),
        ("/verification", json!({"allowedOrigins": "example.org", "verificationProperty": "id"}), ""),
        ("/verification", json!({"allowedOrigins": ["example.org", "bücher.example", "xn--bcher-kva.example"]}), ""),
        ("/verification", json!({"allowedOrigins": ["example.org:8443"]}), "value? /verification/allowedOrigins/0"),
        ("/verification", json!({"allowedOrigins": "https://example.org"}), "value /verification/allowedOrigins"),
        ("/verification", json!({"allowedOrigins": "*.example.org"}), "value /verification/allowedOrigins"),
        ("/verification", json!({"allowedOrigins": "example.org/a"}), "value /verification/allowedOrigins"),
        ("/verification", json!({"verificationProperty": "sloths"}), "value /verification/verificationProperty"),
        ("/verification", json!({"type": "HostedBadge"}), "type /verification/type"),
    ];
    for (pointer, value, expected) in table {
        let reading = Profile::read(&with(profile(), pointer, value.clone()), "");
        assert_eq!(told(&reading.violations).join(", "), expected, "{pointer} {value}");
    }
}

#[test]
fn absent_origins_are_told_from_some() {
    let policy = |verification| {
        sound(Profile::read(&with(profile(), "/verification", verification), "")).verification.unwrap()
    };
    assert_eq!(policy(json!({"type": "VerificationObject"})).allowed_origins, None);
    assert_eq!(policy(json!({"allowedOrigins": []})).allowed_origins, None);
    assert_eq!(
        policy(json!({"allowedOrigins": "a.example"})).allowed_origins,
        Some(vec!["a.example".to_owned()])
    );
}

#[test]
fn a_key_has_a_pem_and_may_name_its_owner() {
    let key = json!({"id": "https://example.org/k", "owner": {"id": "https://example.org/issuer"}, "publicKeyPem": "P"});
    let read = sound(CryptographicKey::read(&key, ""));
    assert_eq!(read.owner.unwrap().as_str(), "https://example.org/issuer");
    assert_eq!(read.public_key_pem, "P");
    let reading = CryptographicKey::read(&with(key, "/publicKeyPem", Value::Null), "/publicKey/1");
    assert_eq!(told(&reading.violations), ["required /publicKey/1/publicKeyPem"]);
    assert_eq!(reading.value, None);
}

#[test]
fn a_revocation_list_says_whose_it_is() {
    let list =
        json!({"type": "RevocationList", "issuer": "https://example.org/issuer", "revokedAssertions": []});
    assert_eq!(
        sound(RevocationListHeader::read(&list)).issuer.unwrap().as_str(),
        "https://example.org/issuer"
    );
    assert_eq!(RevocationListHeader::read(&json!({"type": "Profile"})).value, None);
}

#[test]
fn an_embedded_class_is_kept_as_it_stands_and_inherits_the_context() {
    let class = with(badge_class(), "/@context", Value::Null);
    let document = with(assertion(), "/badge", class.clone());
    let Reference::Embedded(embedded) = sound(Assertion::read(&document)).badge else { panic!() };
    assert_eq!((embedded.pointer(), embedded.json()), ("/badge", &class));
    sound(BadgeClass::read(embedded.json(), embedded.pointer()));
    assert_eq!(told(&BadgeClass::read(&class, "").violations), ["context /@context"]);
}

#[test]
fn the_number_of_violations_is_bounded() {
    let reading = Assertion::read(&with(assertion(), "/evidence", json!(vec![5; 10_000])));
    assert_eq!(reading.violations.len(), 256);
    let reading = Assertion::read(&with(
        with(assertion(), "/endorsement", json!(vec![5; 10_000])),
        "/issuedOn",
        json!(0),
    ));
    assert_eq!(
        told(&reading.violations)[0],
        "value /issuedOn",
        "advice does not crowd out what is essential"
    );
}
