#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;

fn badge(name: &str) -> Value {
    json!({"type": ["VerifiableCredential", "OpenBadgeCredential"], "name": name})
}

fn presentation(credentials: Value) -> Value {
    json!({"type": ["VerifiablePresentation"], "verifiableCredential": credentials})
}

fn clr(credentials: Value) -> Value {
    json!({"type": ["VerifiableCredential", "ClrCredential"], "credentialSubject": {"verifiableCredential": credentials}})
}

fn jwt(payload: &Value) -> String {
    format!("e30.{}.AA", URL_SAFE_NO_PAD.encode(payload.to_string()))
}

fn enveloped(class: &str, media_type: &str, payload: &Value) -> Value {
    json!({"type": class, "id": format!("data:{media_type},{}", jwt(payload))})
}

fn read_within(json: &Value, limits: &Limits) -> Result<Contents, ReadError> {
    Contents::read(&Payload::Json(json.to_string().into_bytes()), limits)
}

fn read(json: &Value) -> Contents {
    read_within(json, &Limits::default()).unwrap()
}

/// The names of the badges, each with its place and the kinds of what it came in.
fn found(contents: &Contents) -> Vec<String> {
    let kinds = |badge: &Wrapped| -> String {
        contents
            .around(badge)
            .iter()
            .map(|index| format!(" {}", contents.wrappers[*index].kind.as_str()))
            .collect()
    };
    let name = |badge: &Wrapped| badge.opened.document["name"].as_str().unwrap_or_default().to_owned();
    contents.badges.iter().map(|badge| format!("{} {}{}", name(badge), badge.place, kinds(badge))).collect()
}

#[test]
fn a_badge_by_itself_is_one_badge() {
    let contents = read(&badge("a"));
    assert_eq!((found(&contents), contents.outermost), (vec!["a ".to_owned()], None));
}

#[test]
fn badges_come_out_of_whatever_they_came_in() {
    let a = badge("a");
    let with_vc = json!({"vc": a});
    for (json, expected) in [
        (presentation(a.clone()), "a /verifiableCredential presentation"),
        (presentation(json!([a])), "a /verifiableCredential/0 presentation"),
        (presentation(json!([jwt(&a)])), "a /verifiableCredential/0 presentation"),
        (presentation(json!([jwt(&with_vc)])), "a /verifiableCredential/0 presentation"),
        (
            presentation(json!([enveloped("EnvelopedVerifiableCredential", "application/vc+jwt", &a)])),
            "a /verifiableCredential/0 presentation",
        ),
        (
            presentation(json!([enveloped(
                "EnvelopedVerifiableCredential",
                "application/VC+jwt;charset=utf-8",
                &a
            )])),
            "a /verifiableCredential/0 presentation",
        ),
        (enveloped("EnvelopedVerifiableCredential", "application/vc+jwt", &a), "a "),
        (
            enveloped("EnvelopedVerifiablePresentation", "application/vp+jwt", &presentation(a.clone())),
            "a /verifiableCredential presentation",
        ),
        (clr(json!([a])), "a /credentialSubject/verifiableCredential/0 clr"),
        (
            presentation(json!([clr(json!([a]))])),
            "a /verifiableCredential/0/credentialSubject/verifiableCredential/0 presentation clr",
        ),
        (
            presentation(json!([jwt(&json!({"vc": clr(json!([a]))}))])),
            "a /verifiableCredential/0/vc/credentialSubject/verifiableCredential/0 presentation clr",
        ),
        (
            presentation(json!([jwt(&json!({"vp": presentation(json!([a]))}))])),
            "a /verifiableCredential/0/vp/verifiableCredential/0 presentation presentation",
        ),
        (json!([a]), "a /0"),
        (json!([presentation(a.clone())]), "a /0/verifiableCredential presentation"),
        (
            json!({"assertions": [presentation(json!([a])), 1]}),
            "a /assertions/0/verifiableCredential/0 presentation",
        ),
    ] {
        assert_eq!(found(&read(&json)), [expected], "{json}");
    }
}

#[test]
fn a_jwt_of_a_presentation_names_its_holder_once() {
    let claims =
        json!({"iss": "did:example:h", "jti": "urn:uuid:1", "vp": presentation(json!([badge("a")]))});
    let jws = CompactJws::parse(&jwt(&claims), &Limits::default()).unwrap();
    let contents = Contents::read(&Payload::Jws(jws), &Limits::default()).unwrap();
    assert_eq!(found(&contents), ["a /vp/verifiableCredential/0 presentation"]);
    let document = &contents.wrappers[0].opened.document;
    assert_eq!((&document["holder"], &document["id"]), (&claims["iss"], &claims["jti"]));
}

#[test]
fn badges_keep_their_order() {
    let json = json!([
        badge("a"),
        presentation(json!([badge("b"), clr(json!([badge("c"), badge("d")])), badge("e")])),
        badge("f"),
    ]);
    let names: Vec<String> = found(&read(&json)).iter().map(|text| text.chars().take(1).collect()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn what_is_no_badge_is_named_and_left_aside() {
    let alumni = json!({"type": ["VerifiableCredential", "AlumniCredential"]});
    let base64 =
        json!({"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt;base64,ZTMw"});
    let other = enveloped("EnvelopedVerifiableCredential", "application/vc+sd-jwt", &badge("a"));
    let profile =
        json!({"@context": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "type": "Profile"});
    for (item, reason) in [
        (alumni.clone(), "but not an Open Badge of any version"),
        (base64, "but not an Open Badge of any version"),
        (other, "but not an Open Badge of any version"),
        (profile, "found an object of class Profile"),
        (json!("e30.e30"), "expected three parts"),
        (json!("https://example.org/1"), "expected three parts"),
        (json!(jwt(&json!("text"))), "but not an Open Badge of any version"),
        (json!([badge("a")]), "but not an Open Badge of any version"),
        (json!(7), "but not an Open Badge of any version"),
        (Value::Null, "but not an Open Badge of any version"),
    ] {
        for json in [presentation(json!([badge("b"), item])), json!([badge("b"), item])] {
            let contents = read(&json);
            assert_eq!(contents.badges.len(), 1, "{json}");
            let left = &contents.left_aside[0];
            assert!(left.reason().contains(reason) && left.place().ends_with("/1"), "{left}");
        }
    }
    let contents = read(&json!([alumni]));
    assert_eq!(contents.left_aside[0].types(), ["VerifiableCredential", "AlumniCredential"]);
    assert_eq!(
        contents.left_aside[0].to_string(),
        "`/0`: the payload is JSON, but not an Open Badge of any version (types `VerifiableCredential`, `AlumniCredential`)"
    );
}

#[test]
fn what_says_that_it_is_a_badge_too_is_a_badge() {
    for class in ["VerifiablePresentation", "ClrCredential"] {
        let json = json!({"type": [class, "OpenBadgeCredential"], "name": "a", "verifiableCredential": [badge("b")]});
        assert_eq!(found(&read(&json)), ["a "], "{class}");
    }
}

#[test]
fn the_only_badge_is_told_from_none_and_several() {
    for (json, within, found) in [
        (json!([]), WrapperKind::List, 0),
        (json!([badge("a"), badge("b")]), WrapperKind::List, 2),
        (json!([[badge("a")]]), WrapperKind::List, 0),
        (json!({"assertions": []}), WrapperKind::List, 0),
        (presentation(json!([])), WrapperKind::Presentation, 0),
        (
            presentation(json!([clr(json!([badge("a"), badge("b"), badge("c")]))])),
            WrapperKind::Presentation,
            3,
        ),
        (clr(Value::Null), WrapperKind::Clr, 0),
    ] {
        let error = read(&json).only_badge().unwrap_err();
        assert_eq!(error, ReadError::NotOneBadge { within, found }, "{json}");
    }
    let error = ReadError::NotOneBadge { within: WrapperKind::Presentation, found: 2 };
    assert_eq!(
        error.to_string(),
        "expected one badge, found a presentation with 2 badges (`Verifier::begin_all` verifies each)"
    );
}

#[test]
fn depth_and_number_are_bounded() {
    let nested = |levels: usize| (0..levels).fold(badge("a"), |inner, _| presentation(json!([inner])));
    let limits = Limits::default();
    let most = limits.size(Limit::WrapperDepth);
    assert_eq!(read(&nested(most)).badges.len(), 1);
    let error = read_within(&nested(most + 1), &limits).unwrap_err();
    assert_eq!(error, ReadError::Limit(limits.exceeded(Limit::WrapperDepth)));

    let most = limits.size(Limit::WrappedItems);
    let exceeded = || ReadError::Limit(limits.exceeded(Limit::WrappedItems));
    for item in [badge("a"), json!(7), presentation(json!([]))] {
        for list in [|items| json!(items), |items| presentation(json!(items))] {
            let contents = read(&list(vec![item.clone(); most]));
            assert!(contents.badges.len() + contents.left_aside.len() + contents.wrappers.len() >= most);
            assert_eq!(read_within(&list(vec![item.clone(); most + 1]), &limits).unwrap_err(), exceeded());
        }
    }
    // Many small wrappers are no way around the bound.
    let half = vec![presentation(json!(vec![presentation(json!([])); most / 2])); most / 2];
    assert_eq!(read_within(&presentation(json!(half)), &limits).unwrap_err(), exceeded());
}
