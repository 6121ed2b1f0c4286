//! Badges of Open Badges 0.5, 1.0 and 1.1, brought into the form of 2.0.
//!
//! In: a JSON document of an older version, the class that its place asks for, and the address that served it. Out: a
//! document which the readers of 2.0 read. Nothing is refused here: what an old document lacks, it lacks
//! afterwards too, and is missed when it is read. Members that are known under another name in 2.0 only (`verify`,
//! `hosted`) keep theirs, so that places in a report are those of the document.
//!
//! - 0.5, before there was a specification: one document embeds all. The recipient is a string, `issued_on` has an
//!   underscore, and web addresses may lack their origin, which the issuer states once.
//! - 1.0: three documents without context, type and id. The address that served one is its id.
//! - 1.1: three documents of JSON-LD, whose context is that of version 1.
//!
//! Values that only old documents may have (dates without a zone, SHA-1, an issuer without e-mail address) are the
//! readers' to accept; see [`Part::read`](super::Part::read).

use serde_json::{Map, Value, json};
use url::Url;

use super::terms;
use crate::badge::Version;
use crate::badge::version::Recognised;
use crate::id::Digest;
use crate::json::as_list;

/// What a document is expected to be, where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Assertion,
    BadgeClass,
    /// There is none before 2.0.
    Endorsement,
    /// Of an issuer.
    Profile,
}

/// Brings a document of an older version into the form of 2.0: that of `class`, served by `url` if any address did.
pub(super) fn upgraded(document: &Value, version: Version, class: Expected, url: Option<&Url>) -> Value {
    let mut json = document.clone();
    if let Value::Object(members) = &mut json {
        upgrade(members, version, class, url);
        // As the JSON reader leaves them.
        json.sort_all_objects();
    }
    json
}

/// The addresses of the context of version 1.1 ("Open Badges JSON-LD Context").
const CONTEXTS: &[&str] = &["https://w3id.org/openbadges/v1", "https://openbadgespec.org/v1/context.json"];

/// Recognises an object of a version before 2.0 that came by itself: version 1.1 names its context; before that there was
/// none, and the shape of the recipient tells.
pub(in crate::badge) fn recognise(json: &Value) -> Option<(Version, Recognised)> {
    let version = version(json, Expected::Assertion);
    let member = |name| json.get(name).unwrap_or(&Value::Null);
    let has_badge = member("badge").is_string() || member("badge").is_object();
    let is_recognised = match version {
        Version::V0_5 => has_badge,
        Version::V1_0 => has_badge && member("verify").is_object(),
        Version::V1_1 => true,
        Version::V2_0 | Version::V3_0 => false,
    };
    let is = |class: &str| as_list(json.get("type")).iter().any(|held| held == class);
    let others = [("BadgeClass", "BadgeClass"), ("Issuer", "Issuer"), ("IssuerOrg", "Issuer")];
    let other = others.into_iter().find(|(name, _)| is(name) && !is("Assertion"));
    let recognised = other.map_or(Recognised::Badge, |(_, class)| Recognised::Other(class));
    is_recognised.then_some((version, recognised))
}

/// The version of a document, where one of `class` is expected; 2.0 if it is no older one.
pub(super) fn version(json: &Value, class: Expected) -> Version {
    if class == Expected::Endorsement {
        return Version::V2_0;
    }
    let contexts = as_list(json.get("@context"));
    let names = |known: &[&str]| contexts.iter().filter_map(Value::as_str).any(|name| known.contains(&name));
    if names(CONTEXTS) && !names(terms::CONTEXTS) {
        return Version::V1_1;
    }
    let has = |name| json.get(name).is_some_and(|value| !value.is_null());
    if !json.is_object() || has("@context") || has("type") {
        return Version::V2_0;
    }
    match (class, json.get("recipient")) {
        (Expected::Assertion, Some(Value::String(_))) => Version::V0_5,
        (Expected::Assertion, Some(Value::Object(_))) => Version::V1_0,
        // An id came with the context: what has one without the other is a broken document of today.
        (Expected::BadgeClass | Expected::Profile, None) if !has("id") => Version::V1_0,
        _ => Version::V2_0,
    }
}

fn upgrade(members: &mut Map<String, Value>, version: Version, class: Expected, url: Option<&Url>) {
    set(members, "@context", Some(json!(terms::CONTEXTS.first())));
    if version == Version::V0_5 {
        return upgrade_0_5(members, url);
    }
    if let Some(id) = url.map(Url::to_string).or_else(|| named_id(members)) {
        members.entry("id").or_insert(Value::String(id));
    }
    if version == Version::V1_0 {
        let class = match class {
            Expected::Assertion => "Assertion",
            Expected::BadgeClass => "BadgeClass",
            Expected::Endorsement => "Endorsement",
            Expected::Profile => "Issuer",
        };
        set(members, "type", Some(json!(class)));
    }
    match class {
        Expected::Assertion => embedded(members, "badge", upgrade_badge_class),
        Expected::BadgeClass => upgrade_badge_class(members),
        Expected::Endorsement => {}
        Expected::Profile => upgrade_issuer(members),
    }
}

/// The id of an assertion without one that came by itself: where it is hosted, or its `uid` if it is signed
/// (Open Badges 1.0, "Badge Assertion").
///
/// NOTE: in 1.1 `id` and `verify.url` say the same twice; where they differ, the id counts, as it does in 2.0.
fn named_id(members: &Map<String, Value>) -> Option<String> {
    let verify = members.get("verify")?;
    let is = |kind: &str| verify.get("type").and_then(Value::as_str) == Some(kind);
    if is("hosted") {
        return verify.get("url").and_then(Value::as_str).map(str::to_owned);
    }
    let uid = members.get("uid").and_then(Value::as_str).filter(|_| is("signed"))?;
    // Any text may be a `uid`, and not any text an IRI.
    let escaped: String = url::form_urlencoded::byte_serialize(uid.as_bytes()).collect();
    Some(format!("uid:{escaped}"))
}

/// The alignment of 1.x has plain names for what 2.0 calls its target.
fn upgrade_badge_class(members: &mut Map<String, Value>) {
    let alignments = match members.get_mut("alignment") {
        Some(Value::Array(elements)) => elements.as_mut_slice(),
        Some(single) => std::slice::from_mut(single),
        None => &mut [],
    };
    for alignment in alignments.iter_mut().filter_map(Value::as_object_mut) {
        for (old, new) in [("name", "targetName"), ("url", "targetUrl"), ("description", "targetDescription")]
        {
            rename(alignment, old, new);
        }
    }
    embedded(members, "issuer", upgrade_issuer);
}

/// `IssuerOrg` is another name of `Issuer` in the context of version 1.
fn upgrade_issuer(members: &mut Map<String, Value>) {
    let types = match members.get_mut("type") {
        Some(Value::Array(elements)) => elements.as_mut_slice(),
        Some(single) => std::slice::from_mut(single),
        None => &mut [],
    };
    for name in types.iter_mut().filter(|name| *name == "IssuerOrg") {
        *name = json!("Issuer");
    }
}

/// NOTE: `issued_on` was optional in 0.5; a badge without a date is refused here as in every later version.
///
/// NOTE: badge class and issuer have no id in 0.5. They get one that stays the same for the same address, and that
/// leads nowhere: nobody can be asked about them.
fn upgrade_0_5(members: &mut Map<String, Value>, url: Option<&Url>) {
    set(members, "id", url.map(|url| json!(url.as_str())));
    set(members, "type", Some(json!("Assertion")));
    set(members, "verify", Some(json!({"type": "hosted"})));
    rename(members, "issued_on", "issuedOn");
    let salt = members.remove("salt").unwrap_or_default();
    if let Some(Value::String(identity)) = members.remove("recipient") {
        let hashed = !identity.contains('@');
        let recipient = json!({"type": "email", "identity": identity, "hashed": hashed, "salt": salt});
        members.insert("recipient".to_owned(), recipient);
    }
    let origin = members.get("badge").and_then(|badge| badge.get("issuer")?.get("origin")?.as_str());
    let origin = origin.and_then(|origin| Url::parse(origin).ok());
    absolutize(members, "evidence", origin.as_ref());
    embedded(members, "badge", |class| {
        // The version of the format, and not of the badge class.
        class.remove("version");
        set(class, "id", url.map(|url| json!(name_based_id(&format!("{url}#/badge")))));
        set(class, "type", Some(json!("BadgeClass")));
        absolutize(class, "image", origin.as_ref());
        absolutize(class, "criteria", origin.as_ref());
        upgrade_badge_class(class);
        embedded(class, "issuer", |issuer| {
            set(issuer, "id", url.map(|url| json!(name_based_id(&url.origin().ascii_serialization()))));
            set(issuer, "type", Some(json!("Profile")));
            rename(issuer, "contact", "email");
            rename(issuer, "origin", "url");
            let text = |name| issuer.get(name).and_then(Value::as_str);
            if let (Some(name), Some(org)) = (text("name"), text("org")) {
                let name = format!("{name}: {org}");
                set(issuer, "name", Some(json!(name)));
            }
        });
    });
}

/// A UUID that is made from a name (RFC 9562, version 8 as in its appendix B.2).
fn name_based_id(name: &str) -> String {
    let digest = Digest::of(name.as_bytes());
    let [first, ..] = digest.as_bytes().as_chunks::<16>().0 else { return String::new() };
    let number = u128::from_be_bytes(*first);
    let number = number & !(0xF << 76) | (8 << 76);
    let number = number & !(0b11 << 62) | (0b10 << 62);
    let mut text = format!("{number:032x}");
    for place in [20, 16, 12, 8] {
        text.insert(place, '-');
    }
    format!("urn:uuid:{text}")
}

/// Completes an address that lacks the issuer's origin.
fn absolutize(members: &mut Map<String, Value>, name: &str, origin: Option<&Url>) {
    let Some(Value::String(text)) = members.get_mut(name) else { return };
    if let (Err(url::ParseError::RelativeUrlWithoutBase), Some(origin)) = (Url::parse(text), origin)
        && let Ok(url) = origin.join(text)
    {
        *text = url.to_string();
    }
}

/// Changes a member that is an object.
fn embedded(members: &mut Map<String, Value>, name: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    if let Some(object) = members.get_mut(name).and_then(Value::as_object_mut) {
        change(object);
    }
}

/// Sets a member, or removes it.
fn set(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
}

/// Gives a member its new name, unless one has it already.
fn rename(members: &mut Map<String, Value>, old: &str, new: &str) {
    if !members.contains_key(new)
        && let Some(value) = members.remove(old)
    {
        members.insert(new.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.org/a.json";

    fn upgraded(document: &Value, class: Expected, url: Option<&str>) -> Value {
        let url = url.map(|url| Url::parse(url).unwrap());
        super::upgraded(document, version(document, class), class, url.as_ref())
    }

    #[test]
    fn each_document_has_the_version_of_its_context_or_shape() {
        use Expected::{Assertion, BadgeClass, Endorsement, Profile};
        let (v1, v2) = ("https://w3id.org/openbadges/v1", "https://w3id.org/openbadges/v2");
        let table = [
            (json!({"@context": v1}), Profile, Version::V1_1),
            (json!({"@context": [v1, {"extra": "https://example.org/extra"}]}), Assertion, Version::V1_1),
            (json!({"@context": [v1, v2]}), Assertion, Version::V2_0),
            (json!({"@context": v1}), Endorsement, Version::V2_0),
            (json!({"@context": v2, "recipient": "ada@example.org"}), Assertion, Version::V2_0),
            (json!({"@context": "https://example.org/openbadges/v1"}), Assertion, Version::V2_0),
            (json!({"recipient": {}}), Assertion, Version::V1_0),
            (json!({"recipient": "sha1$00"}), Assertion, Version::V0_5),
            (json!({"recipient": 1}), Assertion, Version::V2_0),
            (json!({"recipient": {}, "type": "Assertion"}), Assertion, Version::V2_0),
            (json!({"name": "Bowl"}), BadgeClass, Version::V1_0),
            (json!({"name": "Guild", "@context": null}), Profile, Version::V1_0),
            (json!({"name": "Guild", "id": URL}), Profile, Version::V2_0),
            (json!({"name": "Guild", "recipient": {}}), Profile, Version::V2_0),
            (json!([]), BadgeClass, Version::V2_0),
        ];
        for (document, class, expected) in table {
            assert_eq!(version(&document, class), expected, "{class:?} {document}");
        }
    }

    #[test]
    fn the_id_of_a_1_0_document_is_where_it_was_served_or_says_that_it_is() {
        let assertion = |verify: Value| json!({"uid": "a b", "recipient": {}, "verify": verify});
        let hosted = assertion(json!({"type": "hosted", "url": "https://example.org/b.json"}));
        let signed = assertion(json!({"type": "signed", "url": "https://example.org/key.pem"}));
        for (document, url, expected) in [
            (&hosted, Some(URL), json!(URL)),
            (&hosted, None, json!("https://example.org/b.json")),
            (&signed, None, json!("uid:a+b")),
            (&assertion(json!({})), None, Value::Null),
        ] {
            let json = upgraded(document, Expected::Assertion, url);
            assert_eq!((&json["id"], &json["type"]), (&expected, &json!("Assertion")), "{document}");
        }
    }

    #[test]
    fn every_alignment_gets_the_names_of_2_0() {
        let document = json!({"name": "Bowl", "alignment": [
            {"name": "A", "url": "https://example.org/1", "description": "One"},
            {"targetName": "B", "targetUrl": "https://example.org/2"},
            "neither",
        ]});
        let json = upgraded(&document, Expected::BadgeClass, Some(URL));
        assert_eq!(
            json["alignment"],
            json!([
                {"targetName": "A", "targetUrl": "https://example.org/1", "targetDescription": "One"},
                {"targetName": "B", "targetUrl": "https://example.org/2"},
                "neither",
            ])
        );
        let document = json!({"name": "Bowl", "alignment": {"name": "A", "url": "https://example.org/1"}});
        let json = upgraded(&document, Expected::BadgeClass, Some(URL));
        assert_eq!(json["alignment"], json!({"targetName": "A", "targetUrl": "https://example.org/1"}));
    }

    #[test]
    fn an_issuer_org_is_an_issuer() {
        let context = "https://w3id.org/openbadges/v1";
        let document = json!({"@context": context, "type": ["IssuerOrg", "schema:School"]});
        let json = upgraded(&document, Expected::Profile, Some(URL));
        assert_eq!(json["type"], json!(["Issuer", "schema:School"]));
    }

    fn of_0_5() -> Value {
        json!({
            "recipient": "sha256$00", "salt": "s", "issued_on": "2012-05-01", "evidence": "/evidence",
            "badge": {
                "version": "0.5.0", "name": "Jug", "image": "/jug.png", "criteria": "https://other.example/jug",
                "issuer": {"origin": "https://example.org", "name": "Guild", "org": "Crafts", "contact": "a@b.example"},
            },
        })
    }

    #[test]
    fn all_of_a_0_5_document_is_brought_to_its_place() {
        let json = upgraded(&of_0_5(), Expected::Assertion, Some(URL));
        assert_eq!(version(&of_0_5(), Expected::Assertion), Version::V0_5);
        for (pointer, expected) in [
            ("/id", json!(URL)),
            ("/type", json!("Assertion")),
            ("/verify/type", json!("hosted")),
            ("/issuedOn", json!("2012-05-01")),
            ("/evidence", json!("https://example.org/evidence")),
            ("/recipient", json!({"type": "email", "identity": "sha256$00", "hashed": true, "salt": "s"})),
            ("/badge/type", json!("BadgeClass")),
            ("/badge/image", json!("https://example.org/jug.png")),
            ("/badge/criteria", json!("https://other.example/jug")),
            ("/badge/issuer/type", json!("Profile")),
            ("/badge/issuer/url", json!("https://example.org")),
            ("/badge/issuer/name", json!("Guild: Crafts")),
            ("/badge/issuer/email", json!("a@b.example")),
        ] {
            assert_eq!(json.pointer(pointer), Some(&expected), "{pointer}");
        }
        assert_eq!(json.pointer("/badge/version"), None);
    }

    #[test]
    fn a_0_5_recipient_with_an_at_sign_is_in_plain_text() {
        let document = json!({"recipient": "ada@example.org"});
        let json = upgraded(&document, Expected::Assertion, None);
        let expected = json!({"type": "email", "identity": "ada@example.org", "hashed": false, "salt": null});
        assert_eq!(json["recipient"], expected);
    }

    #[test]
    fn a_0_5_document_gets_ids_from_its_address_only() {
        let id = |url, pointer: &str| upgraded(&of_0_5(), Expected::Assertion, url).pointer(pointer).cloned();
        let other = Some("https://example.org/b.json");
        assert_eq!(id(Some(URL), "/badge/issuer/id"), id(other, "/badge/issuer/id"), "one origin");
        assert_ne!(id(Some(URL), "/badge/id"), id(other, "/badge/id"));
        let foreign = Some("https://other.example/a.json");
        assert_ne!(id(Some(URL), "/badge/issuer/id"), id(foreign, "/badge/issuer/id"));
        for pointer in ["/id", "/badge/id", "/badge/issuer/id"] {
            assert_eq!(id(None, pointer), None, "{pointer}");
        }
    }

    #[test]
    fn an_id_from_a_name_is_a_uuid_of_version_8() {
        // The SHA-256 digest of `abc` is ba7816bf 8f01cfea 414140de 5dae2223…
        assert_eq!(name_based_id("abc"), "urn:uuid:ba7816bf-8f01-8fea-8141-40de5dae2223");
    }
}
