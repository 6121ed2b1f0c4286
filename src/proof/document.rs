//! Documents that publish keys.
//!
//! In: the JSON served at a URL or for a DID. Out: its verification methods, each with the id that it answers to, its
//! controller, whether it is listed for assertions, until when it holds, and its key or the reason why there is none.
//! Whether any of this suffices is not decided here.
//!
//! Read are controller and DID documents (Controlled Identifiers 1.0 section 2), single verification methods, JWKs and
//! JWK Sets (RFC 7517), and the `CryptographicKey` of Open Badges 2.0, alone or in a profile's `publicKey`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{KeyError, KeyKind, PublicKey};
use crate::id::Did;
use crate::json::as_list;
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::quote::quote;

/// A document that publishes keys, read in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDocument {
    form: Form,
    url: String,
    id: Option<String>,
    methods: Vec<VerificationMethod>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Controller,
    Jwk,
    JwkSet,
}

impl KeyDocument {
    /// Reads the document that was served for `url`: a URL without fragment, or a DID.
    ///
    /// Relative ids (`#key-1`) are completed with the id that the document declares, else with `url`. A document without
    /// any key is read too: it has no methods.
    ///
    /// # Errors
    /// [`KeyDocumentError::NotAnObject`], or [`KeyDocumentError::Limit`] for more methods than allowed.
    pub fn read(document: &Value, url: &str, limits: &Limits) -> Result<Self, KeyDocumentError> {
        let Value::Object(members) = document else { return Err(KeyDocumentError::NotAnObject) };
        let id = text(members, "id").map(str::to_owned);
        let (form, methods) = if let Some(Value::Array(keys)) = members.get("keys") {
            limits.check(Limit::VerificationMethods, keys.len())?;
            (Form::JwkSet, keys.iter().map(VerificationMethod::of_jwk).collect())
        } else if members.contains_key("kty") {
            (Form::Jwk, vec![VerificationMethod::of_jwk(document)])
        } else {
            (Form::Controller, controlled_methods(members, id.as_deref().unwrap_or(url), limits)?)
        };
        Ok(Self { form, url: url.to_owned(), id, methods })
    }

    /// The id that the document declares: not necessarily the one that it was asked for by.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Every verification method, in the order of the document.
    pub fn methods(&self) -> &[VerificationMethod] {
        &self.methods
    }

    /// The method that a URL or a JWS header's `kid` names.
    ///
    /// Ids are compared as text. In a JWK Set the name may be the `kid` itself, or the set's URL with the `kid` as its
    /// fragment; a JWK that is served alone also answers to the URL that serves it.
    ///
    /// # Errors
    /// [`KeyDocumentError::Absent`], or [`KeyDocumentError::Ambiguous`] if several methods have the name.
    pub fn method(&self, name: &str) -> Result<&VerificationMethod, KeyDocumentError> {
        let mut named = self.methods.iter().filter(|method| self.answers(method, name));
        let method = named.next().ok_or_else(|| KeyDocumentError::Absent { name: name.to_owned() })?;
        if named.next().is_some() {
            return Err(KeyDocumentError::Ambiguous { name: name.to_owned() });
        }
        Ok(method)
    }

    fn answers(&self, method: &VerificationMethod, name: &str) -> bool {
        let fragment = name.strip_prefix(self.url.as_str()).and_then(|rest| rest.strip_prefix('#'));
        let is_named = method.id.as_deref().is_some_and(|id| id == name || Some(id) == fragment);
        match self.form {
            Form::Controller => method.id.as_deref() == Some(name),
            Form::Jwk => is_named || name == self.url || (method.id.is_none() && fragment.is_some()),
            Form::JwkSet => is_named,
        }
    }
}

/// Why a document does not give the method that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyDocumentError {
    /// No method has the name.
    #[error("the document has no verification method {}", quote(.name))]
    Absent {
        /// The name.
        name: String,
    },
    /// Several methods have the name: readers would differ in which one they take.
    #[error("the document has several verification methods {}", quote(.name))]
    Ambiguous {
        /// The name.
        name: String,
    },
    /// The document has too many methods.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The document is not a JSON object.
    #[error("the document is not a JSON object")]
    NotAnObject,
}

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
    /// The document is a controller document, and does not list it.
    NotListed,
    /// The document is of a form that has no such list: a JWK, a JWK Set, a `CryptographicKey`, a single method.
    Unstated,
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

    /// Whether the document lists it under `authentication` (Controlled Identifiers 1.0 section 2.3.1), or is of a form
    /// that has no such list.
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
    /// The reason why the document's entry holds no usable key. An entry with a malformed `expires`, `revoked` or
    /// `controller` holds none either.
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

    fn of_jwk(jwk: &Value) -> Self {
        let Value::Object(members) = jwk else {
            return Self::with_key(Err(KeyError::Malformed { problem: "the JWK is not an object" }));
        };
        Self {
            id: text(members, "kid").map(str::to_owned),
            issuer: text(members, "iss").map(str::to_owned),
            ..Self::with_key(PublicKey::from_jwk(members))
        }
    }

    /// From the object of a controller document.
    fn of_members(members: &Map<String, Value>, base: &str, assertion: AssertionUse) -> Self {
        let method = Self {
            id: text(members, "id").map(|id| completed(id, base)),
            assertion,
            ..Self::with_key(key_of(members))
        };
        match annotations(members) {
            Ok((controller, expires, revoked)) => Self { controller, expires, revoked, ..method },
            Err(error) => Self { key: Err(error), ..method },
        }
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

/// The methods of a controller document: under `verificationMethod`, under `assertionMethod` or `authentication` itself,
/// in the `publicKey` of an Open Badges 2.0 profile, and the document itself if it is a method.
fn controlled_methods(
    members: &Map<String, Value>,
    base: &str,
    limits: &Limits,
) -> Result<Vec<VerificationMethod>, KeyDocumentError> {
    let list = |member: &str| as_list(members.get(member));
    let (stated, profile) = (list("verificationMethod"), list("publicKey"));
    let (asserting, authenticating) = (list("assertionMethod"), list("authentication"));
    let itself = KEY_MEMBERS.iter().any(|member| members.contains_key(*member));
    let stated_anywhere = stated.len().saturating_add(profile.len());
    let count = stated_anywhere.max(asserting.len()).max(authenticating.len());
    limits.check(Limit::VerificationMethods, count.saturating_add(usize::from(itself)))?;
    let references = |values: &[Value]| -> BTreeSet<String> {
        values.iter().filter_map(Value::as_str).map(|id| completed(id, base)).collect()
    };
    let (may_assert, may_authenticate) = (references(asserting), references(authenticating));
    let method = |value: &Value, otherwise| {
        let members = value.as_object()?;
        let is_in = |list: &BTreeSet<String>| {
            text(members, "id").is_some_and(|id| list.contains(&completed(id, base)))
        };
        let assertion = if is_in(&may_assert) { AssertionUse::Listed } else { otherwise };
        let authenticates = is_in(&may_authenticate) || otherwise == AssertionUse::Unstated;
        Some(VerificationMethod { authenticates, ..VerificationMethod::of_members(members, base, assertion) })
    };
    let itself = itself.then(|| Value::Object(members.clone()));
    let mut methods: Vec<VerificationMethod> = stated
        .iter()
        .filter_map(|value| method(value, AssertionUse::NotListed))
        .chain(profile.iter().filter_map(|value| method(value, AssertionUse::Unstated)))
        .chain(asserting.iter().filter_map(|value| method(value, AssertionUse::Listed)))
        .chain(itself.iter().filter_map(|value| method(value, AssertionUse::Unstated)))
        .collect();
    // One that stands under `authentication` itself counts where nothing else has its name.
    let known: BTreeSet<String> = methods.iter().filter_map(|method| method.id.clone()).collect();
    let others = authenticating.iter().filter_map(|value| method(value, AssertionUse::NotListed));
    let others = others.map(|method| VerificationMethod { authenticates: true, ..method });
    methods.extend(others.filter(|other| other.id.as_ref().is_none_or(|id| !known.contains(id))));
    Ok(methods)
}

/// The key of a method, from the member that its type prescribes.
fn key_of(members: &Map<String, Value>) -> Result<PublicKey, KeyError> {
    if let Some(member) = SECRET_MEMBERS.iter().find(|member| members.contains_key(**member)) {
        return Err(KeyError::PrivateMember { member });
    }
    let mut present = KEY_MEMBERS.into_iter().filter(|member| members.contains_key(*member));
    let member =
        present.next().ok_or(KeyError::Malformed { problem: "a verification method without a key" })?;
    if present.next().is_some() {
        return Err(KeyError::Malformed { problem: "a verification method with several keys" });
    }
    let types: Vec<&str> = as_list(members.get("type")).iter().filter_map(Value::as_str).collect();
    let row = TYPES.iter().find(|(name, ..)| types.contains(name));
    let kind = match (row, types.first()) {
        (Some((_, expected, kind)), _) if *expected == member => *kind,
        (Some(_), _) => {
            return Err(KeyError::Malformed { problem: "a key in a member that its type does not have" });
        }
        (None, Some(other)) => return Err(KeyError::Unsupported { what: quote(other).to_string() }),
        (None, None) => None,
    };
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
    let controller = match (members.get("controller"), members.get("owner")) {
        (Some(Value::String(controller)), _) | (None, Some(Value::String(controller))) => {
            Some(controller.clone())
        }
        (None, Some(Value::Object(owner))) => text(owner, "id").map(str::to_owned),
        (None, _) => None,
        (Some(_), _) => return Err(KeyError::Malformed { problem: "`controller` is not a string" }),
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

/// An id with what a fragment alone leaves out.
fn completed(id: &str, base: &str) -> String {
    if id.starts_with('#') { format!("{base}{id}") } else { id.to_owned() }
}

fn text<'a>(members: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    members.get(member).and_then(Value::as_str)
}

const KEY_MEMBERS: [&str; 4] = ["publicKeyBase58", "publicKeyJwk", "publicKeyMultibase", "publicKeyPem"];

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
    fn a_controller_document_says_what_its_methods_are_for() {
        let document = read(&json!({
            "id": URL,
            "verificationMethod": [multikey("#a"), multikey(&format!("{URL}#b")), multikey("#c")],
            "assertionMethod": [format!("{URL}#a"), "#b", multikey("#d")],
        }));
        for (name, assertion) in [
            ("a", AssertionUse::Listed),
            ("b", AssertionUse::Listed),
            ("c", AssertionUse::NotListed),
            ("d", AssertionUse::Listed),
        ] {
            let method = document.method(&format!("{URL}#{name}")).unwrap();
            assert_eq!(method.assertion(), assertion, "{name}");
            assert_eq!(method.controller(), Some(URL));
            assert!(method.key().is_ok());
        }
        assert!(matches!(document.method(&format!("{URL}#e")), Err(KeyDocumentError::Absent { .. })));
        assert!(matches!(document.method("#a"), Err(KeyDocumentError::Absent { .. })));
    }

    #[test]
    fn a_key_authenticates_where_it_is_listed_for_that() {
        let document = read(&json!({
            "id": URL,
            "verificationMethod": [multikey("#a"), multikey("#b"), multikey("#c")],
            "assertionMethod": ["#a", "#c"],
            "authentication": ["#b", multikey("#c"), multikey("#d")],
        }));
        let use_of = |name: &str| {
            let method = document.method(&format!("{URL}#{name}")).unwrap();
            (method.assertion(), method.authenticates())
        };
        assert_eq!(use_of("a"), (AssertionUse::Listed, false));
        assert_eq!(use_of("b"), (AssertionUse::NotListed, true));
        // What stands in two places is what its first place says.
        assert_eq!(use_of("c"), (AssertionUse::Listed, false));
        assert_eq!(use_of("d"), (AssertionUse::NotListed, true));
        let jwk = read(&json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X}));
        assert!(jwk.method(URL).unwrap().authenticates());
    }

    #[test]
    fn single_values_need_no_brackets() {
        let document = read(&json!({"verificationMethod": multikey("#a"), "assertionMethod": "#a"}));
        assert_eq!(document.method(&format!("{URL}#a")).unwrap().assertion(), AssertionUse::Listed);
    }

    #[test]
    fn relative_ids_belong_to_the_id_that_the_document_declares() {
        let document = read(&json!({"id": "https://other.example/", "verificationMethod": [multikey("#a")]}));
        assert_eq!(document.id(), Some("https://other.example/"));
        assert!(document.method("https://other.example/#a").is_ok());
        assert!(document.method(&format!("{URL}#a")).is_err());
    }

    #[test]
    fn two_methods_of_one_name_are_none() {
        for document in [
            json!({"verificationMethod": [multikey("#a"), multikey(&format!("{URL}#a"))]}),
            json!({"verificationMethod": [multikey("#a")], "assertionMethod": [multikey("#a")]}),
        ] {
            let name = format!("{URL}#a");
            assert_eq!(read(&document).method(&name), Err(KeyDocumentError::Ambiguous { name }));
        }
    }

    #[test]
    fn a_jwk_set_is_searched_by_kid() {
        let jwk = |kid: &str| json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X, "kid": kid, "iss": "https://i.example"});
        let document = read(&json!({"keys": [jwk("a"), jwk(&format!("{URL}#b")), 7]}));
        for name in ["a".to_owned(), format!("{URL}#a"), format!("{URL}#b")] {
            let method = document.method(&name).unwrap();
            assert_eq!(
                (method.issuer(), method.assertion()),
                (Some("https://i.example"), AssertionUse::Unstated)
            );
        }
        for name in ["b", "", URL, "https://other.example/#a"] {
            assert!(matches!(document.method(name), Err(KeyDocumentError::Absent { .. })), "{name}");
        }
        assert!(document.methods()[2].key().is_err());
    }

    #[test]
    fn a_jwk_alone_answers_to_its_url() {
        let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X});
        let fragment = format!("{URL}#a");
        assert!(read(&jwk).method(URL).is_ok());
        assert!(read(&jwk).method(&fragment).is_ok());
        assert!(read(&jwk).method("a").is_err());
        jwk["kid"] = json!("a");
        assert!(read(&jwk).method(&fragment).is_ok());
        jwk["kid"] = json!("b");
        assert!(read(&jwk).method(&fragment).is_err());
    }

    #[test]
    fn reads_the_key_of_open_badges_2_alone_and_in_a_profile() {
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        let key =
            json!({"type": "CryptographicKey", "id": URL, "owner": "https://i.example", "publicKeyPem": pem});
        let method = read(&key).method(URL).unwrap().clone();
        assert_eq!(
            (method.controller(), method.assertion()),
            (Some("https://i.example"), AssertionUse::Unstated)
        );
        assert_eq!(method.key().unwrap().kind(), KeyKind::Ed25519);
        let profile =
            json!({"type": "Profile", "id": "https://i.example", "publicKey": ["https://i.example/k", key]});
        assert_eq!(read(&profile).method(URL).unwrap(), &method);
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
    fn a_document_without_keys_has_no_methods() {
        assert!(read(&json!({"type": "Profile"})).methods().is_empty());
        let error = KeyDocument::read(&json!([]), URL, &Limits::default());
        assert_eq!(error, Err(KeyDocumentError::NotAnObject));
    }

    #[test]
    fn a_method_without_a_sound_key_says_why() {
        for (change, value) in [
            ("publicKeyMultibase", json!(["z6Mk"])),
            ("publicKeyJwk", json!({})),
            ("type", json!("JsonWebKey2020")),
            ("expires", json!("soon")),
            ("revoked", json!(true)),
            ("controller", json!(["https://a.example", "https://b.example"])),
        ] {
            let mut method = multikey("#a");
            method[change] = value;
            let document = read(&json!({"verificationMethod": [method]}));
            let error = document.methods()[0].key().unwrap_err().clone();
            assert!(matches!(error, KeyError::Malformed { .. }), "{change}: {error}");
        }
        let mut method = multikey("#a");
        method["type"] = json!("NewKind2030");
        let document = read(&json!({"verificationMethod": [method.clone()]}));
        assert!(matches!(document.methods()[0].key(), Err(KeyError::Unsupported { .. })));
        method["secretKeyMultibase"] = json!("z");
        let document = read(&json!({"verificationMethod": [method]}));
        assert!(matches!(document.methods()[0].key(), Err(KeyError::PrivateMember { .. })));
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

    #[test]
    fn bounds_the_number_of_methods() {
        let many: Vec<Value> = (0..200).map(|number| multikey(&format!("#{number}"))).collect();
        let references: Vec<String> = (0..200).map(|number| format!("#{number}")).collect();
        for document in [
            json!({"verificationMethod": many}),
            json!({"keys": many}),
            json!({"assertionMethod": references}),
        ] {
            let error = KeyDocument::read(&document, URL, &Limits::default());
            assert!(matches!(error, Err(KeyDocumentError::Limit(_))));
        }
    }
}
