//! Names that are stored or shown do not change, and are read back as what they name.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use openbadges::badge::IdentityKind;
use openbadges::import::Objection;
use openbadges::jsonld::{ContextStore, JsonLdError};
use openbadges::resource::{Purpose, Target};
use openbadges::{Policy, Verifier};
use serde_json::json;
use time::OffsetDateTime;

#[test]
fn a_purpose_has_one_name_everywhere() {
    for (purpose, name) in [
        (Purpose::Assertion, "assertion"),
        (Purpose::BadgeClass, "badge-class"),
        (Purpose::DidDocument, "did-document"),
        (Purpose::Endorsement, "endorsement"),
        (Purpose::Issuer, "issuer"),
        (Purpose::Key, "key"),
        (Purpose::Refresh, "refresh"),
        (Purpose::RevocationList, "revocation-list"),
        (Purpose::Schema, "schema"),
        (Purpose::StatusList, "status-list"),
    ] {
        assert_eq!(purpose.as_str(), name);
        assert_eq!(serde_json::to_value(purpose).unwrap(), json!(name));
        assert_eq!(serde_json::from_value::<Purpose>(json!(name)).unwrap(), purpose);
    }
}

#[test]
fn a_target_is_read_back_from_its_text() {
    for text in ["did:web:school.example", "https://school.example/issuer?a=b"] {
        let target = Target::try_from(text.to_owned()).unwrap();
        assert_eq!((target.to_string(), String::from(target)), (text.to_owned(), text.to_owned()));
    }
    let target = Target::try_from("https://school.example/issuer#key".to_owned()).unwrap();
    assert_eq!(target.to_string(), "https://school.example/issuer");
    for text in ["", "issuer", "did:", "did:web"] {
        assert_eq!(Target::try_from(text.to_owned()).unwrap_err().found, text);
    }
}

#[test]
fn a_kind_of_identity_goes_by_the_names_of_both_versions() {
    for (name, kind, shown) in [
        ("email", IdentityKind::Email, "email"),
        ("emailAddress", IdentityKind::Email, "email"),
        ("id", IdentityKind::Id, "id"),
        ("did", IdentityKind::Id, "id"),
        ("telephone", IdentityKind::Telephone, "telephone"),
        ("url", IdentityKind::Url, "url"),
        ("studentId", IdentityKind::Other("studentId".to_owned()), "studentId"),
    ] {
        assert_eq!(name.parse(), Ok(kind.clone()));
        assert_eq!(serde_json::from_value::<IdentityKind>(json!(name)).unwrap(), kind);
        assert_eq!((kind.to_string(), String::from(kind)), (shown.to_owned(), shown.to_owned()));
    }
}

#[test]
fn an_error_is_told_with_its_causes_and_to_the_person_in_plain_words() {
    let verifier = Verifier::new(Policy::strict());
    for (input, code, chain, plain) in [
        (&b"{\"a\": 1, \"a\": 2}"[..], "upload.malformed", ": ", "damaged"),
        (br#"{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://a.example/", "name": "x"}"#, "upload.not-an-assertion", "", "awarded to nobody"),
        (b"[1, 2]", "upload.not-an-assertion", "", "without one"),
        (b"{\"a\": 1}", "upload.not-a-badge", "", "not an Open Badge"),
        (b"GIF89a", "upload.unrecognized", "", ".png"),
    ] {
        let error = verifier.begin(input, OffsetDateTime::UNIX_EPOCH).unwrap_err();
        let whole = error.to_string_chain();
        assert!(whole.starts_with(&error.to_string()) && whole.contains(chain), "{whole}");
        let objection = Objection::from(&error);
        assert_eq!(objection.code().to_string(), code, "{whole}");
        assert!(objection.to_string().contains(plain), "{objection}");
    }
}

#[test]
fn a_context_is_added_once_only() {
    let (url, context) = ("https://school.example/context", json!({"@context": {}}));
    let store = ContextStore::empty().with_document(url, context.clone()).unwrap();
    let error = JsonLdError::KnownContext { url: url.to_owned() };
    assert_eq!(error.code(), "context already known");
    assert!(store.with_document(url, context).is_err());
}
