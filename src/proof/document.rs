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

use super::method::{AssertionUse, KEY_MEMBERS, VerificationMethod, completed, text};
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
    /// any key is read too: it has no methods. One that says itself what its keys are for is no JWK and no JWK Set,
    /// whatever else it has.
    ///
    /// # Errors
    /// [`KeyDocumentError::NotAnObject`], or [`KeyDocumentError::Limit`] for more methods than allowed.
    pub fn read(document: &Value, url: &str, limits: &Limits) -> Result<Self, KeyDocumentError> {
        let Value::Object(members) = document else { return Err(KeyDocumentError::NotAnObject) };
        let id = text(members, "id").map(str::to_owned);
        let is_controller = states_uses(members);
        let keys = members.get("keys").filter(|_| !is_controller);
        let (form, methods) = if let Some(Value::Array(keys)) = keys {
            limits.check(Limit::VerificationMethods, keys.len())?;
            (Form::JwkSet, keys.iter().map(VerificationMethod::of_jwk).collect())
        } else if members.contains_key("kty") && !is_controller {
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

    /// Whether it is a JWK Set, or a JWK alone: its methods say themselves whose they are and what for.
    pub(crate) const fn holds_jwks(&self) -> bool {
        matches!(self.form, Form::Jwk | Form::JwkSet)
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
        let is_named = method.id().is_some_and(|id| id == name || Some(id) == fragment);
        match self.form {
            Form::Controller => method.id() == Some(name),
            Form::Jwk => is_named || name == self.url || (method.id().is_none() && fragment.is_some()),
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

/// The methods of a controller document: under `verificationMethod`, under `assertionMethod` or `authentication` itself,
/// in the `publicKey` of an Open Badges 2.0 profile or of an early DID document, and the document itself if it is a method.
///
/// Where a document says of any key what it is for, one that it does not list is for nothing, wherever it stands.
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
    let unlisted = if states_uses(members) { AssertionUse::NotListed } else { AssertionUse::Unstated };
    let method = |value: &Value, otherwise| {
        let members = value.as_object()?;
        let is_in = |list: &BTreeSet<String>| {
            text(members, "id").is_some_and(|id| list.contains(&completed(id, base)))
        };
        let assertion = if is_in(&may_assert) { AssertionUse::Listed } else { otherwise };
        let authenticates = is_in(&may_authenticate) || otherwise == AssertionUse::Unstated;
        Some(VerificationMethod::of_members(members, base, assertion, authenticates))
    };
    let itself = itself.then(|| Value::Object(members.clone()));
    let mut methods = Vec::new();
    stated
        .iter()
        .chain(profile)
        .filter_map(|value| method(value, unlisted))
        .chain(asserting.iter().filter_map(|value| method(value, AssertionUse::Listed)))
        .chain(itself.iter().filter_map(|value| method(value, unlisted)))
        .for_each(|method| unite(&mut methods, method));
    // One that stands under `authentication` itself counts where nothing else has its name.
    let known: BTreeSet<String> =
        methods.iter().filter_map(|method| method.id().map(str::to_owned)).collect();
    for other in authenticating.iter().filter_map(|value| method(value, unlisted)) {
        let is_new = other.id().is_none_or(|id| !known.contains(id));
        if is_new || methods.iter().any(|method| method.is_repeated_by(&other)) {
            unite(&mut methods, other.authenticating());
        }
    }
    Ok(methods)
}

/// Adds a method. What is said of one and the same method in two places holds together.
fn unite(methods: &mut Vec<VerificationMethod>, method: VerificationMethod) {
    match methods.iter_mut().find(|known| known.is_repeated_by(&method)) {
        Some(known) => known.unite(&method),
        None => methods.push(method),
    }
}

/// Whether a document has methods or relationships of Controlled Identifiers 1.0 (sections 2.2 and 2.3), and so says what
/// its keys are for. A profile of Open Badges 2.0 has neither.
fn states_uses(members: &Map<String, Value>) -> bool {
    RELATIONSHIPS.iter().any(|member| members.contains_key(*member))
}

/// Members in which a controller document has its methods, or says what they are for.
const RELATIONSHIPS: [&str; 6] = [
    "assertionMethod",
    "authentication",
    "capabilityDelegation",
    "capabilityInvocation",
    "keyAgreement",
    "verificationMethod",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::proof::KeyKind;

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
        assert_eq!(use_of("c"), (AssertionUse::Listed, true));
        assert_eq!(use_of("d"), (AssertionUse::NotListed, true));
        let jwk = read(&json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X}));
        assert!(jwk.method(URL).unwrap().authenticates());
    }

    #[test]
    fn a_key_that_is_not_listed_is_for_nothing_wherever_it_stands() {
        let name = format!("{URL}#a");
        let (listed, other) = (json!([name]), json!([format!("{URL}#b")]));
        let unlisted = AssertionUse::NotListed;
        for bare in [json!({"publicKey": [multikey("#a")]}), multikey(&name)] {
            for (member, value, assertion, authenticates) in [
                ("name", json!("A plain profile"), AssertionUse::Unstated, true),
                ("assertionMethod", listed.clone(), AssertionUse::Listed, false),
                ("assertionMethod", other.clone(), unlisted, false),
                ("assertionMethod", json!([]), unlisted, false),
                ("assertionMethod", Value::Null, unlisted, false),
                ("authentication", listed.clone(), unlisted, true),
                ("authentication", other.clone(), unlisted, false),
                ("capabilityDelegation", listed.clone(), unlisted, false),
                ("capabilityInvocation", listed.clone(), unlisted, false),
                ("keyAgreement", listed.clone(), unlisted, false),
                ("verificationMethod", json!([multikey("#b")]), unlisted, false),
            ] {
                let mut document = bare.clone();
                document[member] = value;
                let read = read(&document);
                let method = read.method(&name).unwrap();
                assert_eq!(
                    (method.assertion(), method.authenticates()),
                    (assertion, authenticates),
                    "{document}"
                );
            }
        }
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
        let mut other = multikey("#a");
        other["publicKeyMultibase"] = json!("z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi");
        let jwk = |more: &Value| {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X, "kid": "a"});
            jwk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            jwk
        };
        for document in [
            json!({"verificationMethod": [multikey("#a"), other]}),
            json!({"verificationMethod": [other, multikey("#a")]}),
            json!({"verificationMethod": [multikey("#a")], "assertionMethod": [other]}),
            json!({"keys": [jwk(&json!({"use": "enc"})), jwk(&json!({}))]}),
            json!({"keys": [jwk(&json!({"iss": "https://a.example"})), jwk(&json!({}))]}),
        ] {
            let name = format!("{URL}#a");
            assert_eq!(read(&document).method(&name), Err(KeyDocumentError::Ambiguous { name }));
        }
    }

    #[test]
    fn a_method_that_is_repeated_is_one() {
        let a = || multikey("#a");
        for (document, assertion, authenticates) in [
            (
                json!({"verificationMethod": [a(), multikey(&format!("{URL}#a"))]}),
                AssertionUse::NotListed,
                false,
            ),
            (json!({"verificationMethod": [a()], "assertionMethod": [a()]}), AssertionUse::Listed, false),
            (json!({"verificationMethod": [a()], "authentication": [a()]}), AssertionUse::NotListed, true),
            (json!({"assertionMethod": [a()], "authentication": [a()]}), AssertionUse::Listed, true),
            (json!({"publicKey": [a()], "verificationMethod": [a()]}), AssertionUse::NotListed, false),
            (json!({"publicKey": [a()], "assertionMethod": [a()]}), AssertionUse::Listed, false),
            (json!({"publicKey": [a(), a()]}), AssertionUse::Unstated, true),
        ] {
            let read = read(&document);
            let method = read.method(&format!("{URL}#a")).unwrap();
            assert_eq!(
                (method.assertion(), method.authenticates()),
                (assertion, authenticates),
                "{document}"
            );
            assert_eq!(read.methods().len(), 1);
        }
        // What is the same but for its key, its controller or its time is another one.
        for (member, value) in [
            ("controller", json!("https://other.example/")),
            ("expires", json!("2027-01-01T00:00:00Z")),
            ("revoked", json!("2027-01-01T00:00:00Z")),
        ] {
            let mut other = a();
            other[member] = value;
            let document = read(&json!({"verificationMethod": [a()], "assertionMethod": [other]}));
            assert!(matches!(document.method(&format!("{URL}#a")), Err(KeyDocumentError::Ambiguous { .. })));
        }
    }

    #[test]
    fn a_controller_document_is_no_jwk_set() {
        for keys in [json!([]), json!([{"kty": "OKP", "crv": "Ed25519", "x": JWK_X, "kid": "a"}])] {
            for member in ["assertionMethod", "authentication", "verificationMethod"] {
                let document = read(&json!({"keys": keys, member: [multikey("#b")]}));
                assert!(document.method(&format!("{URL}#b")).is_ok(), "{member}");
                assert!(document.method("a").is_err(), "{member}");
            }
        }
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": JWK_X, "assertionMethod": [multikey("#b")]});
        assert!(read(&jwk).method(&format!("{URL}#b")).is_ok());
        assert!(read(&jwk).method(URL).is_err());
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
    fn a_document_without_keys_has_no_methods() {
        assert!(read(&json!({"type": "Profile"})).methods().is_empty());
        let error = KeyDocument::read(&json!([]), URL, &Limits::default());
        assert_eq!(error, Err(KeyDocumentError::NotAnObject));
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
