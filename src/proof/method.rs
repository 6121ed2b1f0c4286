//! One key in a document that publishes keys.
//!
//! In: the object of a verification method, of a JWK, or of a `CryptographicKey`. Out: a [`VerificationMethod`], whose key
//! may be the reason why there is none. Refused: keys in a member that the method's type does not have, several keys in
//! one method, secret keys, and dates or controllers that cannot be read.
//!
//! Controlled Identifiers 1.0 section 2.2 "Verification Methods"; RFC 7517; Open Badges 2.0 `CryptographicKey`.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{KeyError, KeyKind, PublicKey};
use crate::id::Did;
use crate::json::as_list;
use crate::quote::quote;

/// A key with its name, and what its document says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationMethod {
    id: Option<String>,
    controller: Option<String>,
    issuer: Option<String>,
    assertion: AssertionUse,
    authenticates: bool,
    expires: Option<OffsetDateTime>,
    revoked: Option<OffsetDateTime>,
    key: Result<PublicKey, KeyError>,
}

/// Whether a document lists a method under `assertionMethod` (Controlled Identifiers 1.0 section 2.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: it is listed, it is not, or nothing could be listed
pub enum AssertionUse {
    /// It is listed there, or stands there itself.
    Listed,
    /// The document says what some key is for, and does not list this one.
    NotListed,
    /// The document says of no key what it is for: it is a JWK, a JWK Set, a single method, a `CryptographicKey`, or a
    /// profile that holds one.
    Unstated,
}

impl AssertionUse {
    /// What two places say of one method: to be listed in one of them is enough.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Listed, _) | (_, Self::Listed) => Self::Listed,
            (Self::NotListed, _) | (_, Self::NotListed) => Self::NotListed,
            (Self::Unstated, Self::Unstated) => Self::Unstated,
        }
    }
}

impl VerificationMethod {
    /// The method's id, completed; of a JWK its `kid`, as written.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Who controls the key, as stated in `controller`, or in the `owner` of a `CryptographicKey`.
    pub fn controller(&self) -> Option<&str> {
        self.controller.as_deref()
    }

    /// The `iss` of a JWK: whose credentials the key signs (1EdTech's implementation guide for Open Badges 3.0).
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Whether the document lists it for assertions.
    pub const fn assertion(&self) -> AssertionUse {
        self.assertion
    }

    /// Whether the document lists it under `authentication` (Controlled Identifiers 1.0 section 2.3.1), or says of no key
    /// what it is for.
    pub const fn authenticates(&self) -> bool {
        self.authenticates
    }

    /// The instant from which the method must not be used any more.
    pub const fn expires(&self) -> Option<OffsetDateTime> {
        self.expires
    }

    /// The instant at which the method was revoked.
    pub const fn revoked(&self) -> Option<OffsetDateTime> {
        self.revoked
    }

    /// The key.
    ///
    /// # Errors
    /// The reason why the document's entry holds no usable key. An entry with a malformed `expires`, `revoked`,
    /// `controller`, `type` or `iss` holds none either.
    pub const fn key(&self) -> Result<&PublicKey, &KeyError> {
        self.key.as_ref()
    }

    /// The only method of a DID that holds its own key.
    pub(super) fn of_did(did: &Did, fragment: &str, key: PublicKey) -> Self {
        Self {
            id: Some(format!("{did}#{fragment}")),
            controller: Some(did.as_str().to_owned()),
            assertion: AssertionUse::Listed,
            ..Self::with_key(Ok(key))
        }
    }

    pub(super) fn of_jwk(jwk: &Value) -> Self {
        let Value::Object(members) = jwk else {
            return Self::with_key(Err(KeyError::Malformed { problem: "the JWK is not an object" }));
        };
        let method = Self {
            id: text(members, "kid").map(str::to_owned),
            ..Self::with_key(PublicKey::from_jwk(members))
        };
        match members.get("iss") {
            None => method,
            Some(Value::String(issuer)) => Self { issuer: Some(issuer.clone()), ..method },
            Some(_) => Self { key: Err(KeyError::Malformed { problem: "`iss` is not a string" }), ..method },
        }
    }

    /// From the object of a controller document.
    pub(super) fn of_members(
        members: &Map<String, Value>,
        base: &str,
        assertion: AssertionUse,
        authenticates: bool,
    ) -> Self {
        let method = Self {
            id: text(members, "id").map(|id| completed(id, base)),
            assertion,
            authenticates,
            ..Self::with_key(key_of(members))
        };
        match annotations(members) {
            Ok((controller, expires, revoked)) => Self { controller, expires, revoked, ..method },
            Err(error) => Self { key: Err(error), ..method },
        }
    }

    /// Whether another one has its name and is the same, but for what it may be used for.
    pub(super) fn is_repeated_by(&self, other: &Self) -> bool {
        let annotations = |method: &Self| (method.controller.clone(), method.expires, method.revoked);
        self.id.is_some()
            && self.id == other.id
            && annotations(self) == annotations(other)
            && self.has_key_of(other)
    }

    /// Adds what another place says that the method may be used for.
    pub(super) fn unite(&mut self, repeated: &Self) {
        self.assertion = self.assertion.or(repeated.assertion);
        self.authenticates |= repeated.authenticates;
    }

    /// The same method, listed under `authentication`.
    pub(super) fn authenticating(self) -> Self {
        Self { authenticates: true, ..self }
    }

    /// Whether both have the same key for the same purposes.
    pub(crate) fn has_key_of(&self, other: &Self) -> bool {
        self.key().map(PublicKey::fingerprint) == other.key().map(PublicKey::fingerprint)
    }

    const fn with_key(key: Result<PublicKey, KeyError>) -> Self {
        Self {
            id: None,
            controller: None,
            issuer: None,
            assertion: AssertionUse::Unstated,
            authenticates: true,
            expires: None,
            revoked: None,
            key,
        }
    }
}

/// The key of a method, from the member that its type prescribes.
fn key_of(members: &Map<String, Value>) -> Result<PublicKey, KeyError> {
    if let Some(member) = SECRET_MEMBERS.iter().find(|member| members.contains_key(**member)) {
        return Err(KeyError::PrivateMember { member });
    }
    let stated = as_list(members.get("type"));
    let types: Vec<&str> = stated.iter().filter_map(Value::as_str).collect();
    if types.len() < stated.len() {
        return Err(KeyError::Malformed { problem: "a type that is not a string" });
    }
    let row = TYPES.iter().find(|(name, ..)| types.contains(name));
    // Nobody here knows where a method of another type has its key.
    if let (None, Some(other)) = (row, types.first()) {
        return Err(KeyError::Unsupported { what: quote(other).to_string() });
    }
    let mut present = KEY_MEMBERS.into_iter().filter(|member| members.contains_key(*member));
    let member =
        present.next().ok_or(KeyError::Malformed { problem: "a verification method without a key" })?;
    if present.next().is_some() {
        return Err(KeyError::Malformed { problem: "a verification method with several keys" });
    }
    if row.is_some_and(|(_, expected, _)| *expected != member) {
        return Err(KeyError::Malformed { problem: "a key in a member that its type does not have" });
    }
    let kind = row.and_then(|(_, _, kind)| *kind);
    let key = match (member, members.get(member)) {
        ("publicKeyBase58", Some(Value::String(text))) => PublicKey::from_base58_ed25519(text)?,
        ("publicKeyJwk", Some(Value::Object(jwk))) => PublicKey::from_jwk(jwk)?,
        ("publicKeyMultibase", Some(Value::String(text))) => PublicKey::from_multikey(text)?,
        ("publicKeyPem", Some(Value::String(text))) => PublicKey::from_pem(text)?,
        _ => return Err(KeyError::Malformed { problem: "a key of the wrong JSON type" }),
    };
    if kind.is_some_and(|kind| kind != key.kind()) {
        return Err(KeyError::Malformed { problem: "a key that its type does not allow" });
    }
    Ok(key)
}

type Annotations = (Option<String>, Option<OffsetDateTime>, Option<OffsetDateTime>);

/// Controller, expiry and revocation. What is there but unreadable is never taken for absent.
fn annotations(members: &Map<String, Value>) -> Result<Annotations, KeyError> {
    let controller = match members.get("controller") {
        None => members.get("owner").map(owner),
        Some(Value::String(controller)) => Some(controller.clone()),
        Some(_) => return Err(KeyError::Malformed { problem: "`controller` is not a string" }),
    };
    let instant = |member| match members.get(member) {
        None => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok())
            .map(Some)
            .ok_or(KeyError::Malformed { problem: "`expires` or `revoked` is not a date and time" }),
    };
    Ok((controller, instant("expires")?, instant("revoked")?))
}

/// The id of the `owner` of a `CryptographicKey`. One that cannot be read is given as it is written: it is nobody's id, and
/// so not the issuer's, but the key is one all the same.
fn owner(value: &Value) -> String {
    let id = match as_list(Some(value)) {
        [Value::String(id)] => Some(id.as_str()),
        [Value::Object(profile)] => text(profile, "id"),
        _ => None,
    };
    id.map_or_else(|| value.to_string(), str::to_owned)
}

/// An id with what a fragment alone leaves out.
pub(super) fn completed(id: &str, base: &str) -> String {
    if id.starts_with('#') { format!("{base}{id}") } else { id.to_owned() }
}

pub(super) fn text<'a>(members: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    members.get(member).and_then(Value::as_str)
}

pub(super) const KEY_MEMBERS: [&str; 4] =
    ["publicKeyBase58", "publicKeyJwk", "publicKeyMultibase", "publicKeyPem"];

const SECRET_MEMBERS: [&str; 6] = [
    "privateKeyBase58",
    "privateKeyJwk",
    "privateKeyMultibase",
    "privateKeyPem",
    "secretKeyJwk",
    "secretKeyMultibase",
];

/// Types of verification methods, the member in which each has its key, and the only kind that it allows.
///
/// NOTE: `MultiKey` is what 1EdTech's own verifier looks for; Controlled Identifiers 1.0 section 2.2.2 has `Multikey`.
const TYPES: [(&str, &str, Option<KeyKind>); 8] = [
    ("CryptographicKey", "publicKeyPem", None),
    ("Ed25519VerificationKey2018", "publicKeyBase58", Some(KeyKind::Ed25519)),
    ("Ed25519VerificationKey2020", "publicKeyMultibase", Some(KeyKind::Ed25519)),
    ("JsonWebKey", "publicKeyJwk", None),
    ("JsonWebKey2020", "publicKeyJwk", None),
    ("Key", "publicKeyPem", None),
    ("MultiKey", "publicKeyMultibase", None),
    ("Multikey", "publicKeyMultibase", None),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::limits::Limits;
    use crate::proof::KeyDocument;

    const URL: &str = "https://issuer.example/keys";
    const MULTIKEY: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    const JWK_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn read(document: &Value) -> KeyDocument {
        KeyDocument::read(document, URL, &Limits::default()).unwrap()
    }

    fn multikey(id: &str) -> Value {
        json!({"id": id, "type": "Multikey", "controller": URL, "publicKeyMultibase": MULTIKEY})
    }

    #[test]
    fn each_type_has_its_key_in_a_member_of_its_own() {
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X});
        let ed25519 = bs58::decode(MULTIKEY.trim_start_matches('z')).into_vec().unwrap();
        let base58 = bs58::encode(&ed25519[2..]).into_string();
        let p256 = json!("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv");
        for (name, member, value, is_sound) in [
            ("Ed25519VerificationKey2018", "publicKeyBase58", json!(base58), true),
            ("Ed25519VerificationKey2020", "publicKeyMultibase", json!(MULTIKEY), true),
            ("Ed25519VerificationKey2020", "publicKeyMultibase", p256.clone(), false),
            ("JsonWebKey", "publicKeyJwk", jwk.clone(), true),
            ("JsonWebKey2020", "publicKeyJwk", jwk, true),
            ("JsonWebKey", "publicKeyMultibase", json!(MULTIKEY), false),
            ("Multikey", "publicKeyMultibase", json!(MULTIKEY), true),
            ("Multikey", "publicKeyMultibase", p256, true),
            ("Multikey", "publicKeyBase58", json!(base58), false),
        ] {
            let document = read(&json!({"verificationMethod": {"id": "#a", "type": name, member: value}}));
            let method = &document.methods()[0];
            assert_eq!(method.id(), Some(format!("{URL}#a").as_str()));
            assert_eq!(method.key().is_ok(), is_sound, "{name} {member}: {:?}", method.key());
        }
    }

    #[test]
    fn a_method_without_a_sound_key_says_why() {
        for (change, value) in [
            ("publicKeyMultibase", json!(["z6Mk"])),
            ("publicKeyJwk", json!({})),
            ("type", json!("JsonWebKey2020")),
            ("type", json!(7)),
            ("type", Value::Null),
            ("type", json!(["Multikey", {"id": "Multikey"}])),
            ("expires", json!("soon")),
            ("expires", Value::Null),
            ("revoked", json!(true)),
            ("revoked", json!(["2027-01-01T00:00:00Z"])),
            ("controller", json!(["https://a.example", "https://b.example"])),
            ("controller", json!({"id": URL})),
            ("controller", json!(7)),
            ("controller", Value::Null),
        ] {
            let mut method = multikey("#a");
            method[change] = value;
            let document = read(&json!({"verificationMethod": [method]}));
            let error = document.methods()[0].key().unwrap_err().clone();
            assert!(matches!(error, KeyError::Malformed { .. }), "{change}: {error}");
        }
        let mut method = multikey("#a");
        method["type"] = json!("NewKind2030");
        for (member, value) in [
            ("name", Value::Null),
            ("publicKeyJwk", json!({})),
            ("publicKeyHex", json!("00")),
            ("blockchainAccountId", json!("eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb")),
        ] {
            for mut method in [method.clone(), json!({"id": "#a", "type": ["NewKind2030"]})] {
                method[member] = value.clone();
                let document = read(&json!({"verificationMethod": [method]}));
                assert!(matches!(document.methods()[0].key(), Err(KeyError::Unsupported { .. })), "{member}");
            }
        }
        method["secretKeyMultibase"] = json!("z");
        let document = read(&json!({"verificationMethod": [method]}));
        assert!(matches!(document.methods()[0].key(), Err(KeyError::PrivateMember { .. })));
    }

    #[test]
    fn an_owner_that_cannot_be_read_is_nobody() {
        let owner = "https://a.example";
        for (value, expected) in [
            (json!(owner), owner),
            (json!([owner]), owner),
            (json!({"id": owner, "type": "Profile"}), owner),
            (json!([{"id": owner}]), owner),
            (json!([owner, URL]), r#"["https://a.example","https://issuer.example/keys"]"#),
            (json!([]), "[]"),
            (json!({"id": 7}), r#"{"id":7}"#),
            (json!({}), "{}"),
            (json!(7), "7"),
            (Value::Null, "null"),
        ] {
            let mut method = multikey("#a");
            method.as_object_mut().unwrap().remove("controller");
            method["owner"] = value;
            let document = read(&json!({"publicKey": method}));
            let method = &document.methods()[0];
            assert_eq!((method.controller(), method.key().is_ok()), (Some(expected), true));
        }
    }

    #[test]
    fn a_jwk_that_says_unreadably_whose_it_is_is_nobodys() {
        let with = |issuer: Value| json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X, "iss": issuer});
        for issuer in [json!([URL]), json!({"id": URL}), json!(7), json!(true), Value::Null] {
            for document in [json!({"keys": [with(issuer.clone())]}), with(issuer.clone())] {
                let read = read(&document);
                let method = &read.methods()[0];
                assert_eq!(method.issuer(), None, "{issuer}");
                assert!(matches!(method.key(), Err(KeyError::Malformed { .. })), "{issuer}");
            }
        }
        let document = read(&with(json!(URL)));
        assert_eq!((document.methods()[0].issuer(), document.methods()[0].key().is_ok()), (Some(URL), true));
    }

    #[test]
    fn keeps_the_instants_of_expiry_and_revocation() {
        let mut method = multikey("#a");
        method["expires"] = json!("2026-01-01T00:00:00Z");
        method["revoked"] = json!("2025-01-01T01:00:00+01:00");
        let document = read(&json!({"verificationMethod": [method]}));
        let method = &document.methods()[0];
        assert_eq!(method.expires().unwrap().unix_timestamp(), 1_767_225_600);
        assert_eq!(method.revoked().unwrap().unix_timestamp(), 1_735_689_600);
    }
}
