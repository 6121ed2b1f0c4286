//! The issuer, its keys, and what it lets others host and revoke.

use serde_json::{Map, Value};
use url::Url;

use super::parts::{Common, Image, Reference, email, id_or_blank};
use super::{context, plain};
use crate::badge::reading::{At, Reading, ViolationKind, Weight};
use crate::id::Iri;

/// An issuer (Open Badges 2.0 "Profile").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// Its id; whoever controls that address speaks for it.
    pub id: Iri,
    /// What it is called.
    pub name: String,
    /// Its web site.
    pub url: Url,
    /// Where it can be reached; before 2.0 an issuer need not tell.
    pub email: Option<String>,
    /// Its telephone number.
    pub telephone: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// What it looks like.
    pub image: Option<Image>,
    /// The keys with which it signs: `CryptographicKey`s.
    pub public_keys: Vec<Reference>,
    /// Which hosts it lets speak for it.
    pub verification: Option<HostPolicy>,
    /// Where its revocation list stands.
    pub revocation_list: Option<Iri>,
    /// What it has in common with other classes.
    pub common: Common,
}

impl Profile {
    /// Reads the profile of an issuer that stands at `pointer` of its document; at the root it must name its context.
    pub fn read(json: &Value, pointer: &str) -> Reading<Self> {
        plain::read(json, pointer, Self::from_value)
    }

    pub(super) fn from_value(at: At<'_>) -> Option<Self> {
        let is_legacy = at.is_legacy();
        let object = at.object()?;
        context(&object);
        let class = object.class(&["Issuer", "Profile"]);
        let id = object.required("id", At::iri);
        let name = object.required("name", At::text);
        let url = object.required("url", At::url);
        let email = if is_legacy {
            Some(object.optional("email", email))
        } else {
            object.required("email", email).map(Some)
        };
        let telephone = object.optional("telephone", At::text);
        let description = object.optional("description", At::text);
        let image = object.optional("image", Image::any);
        // NOTE: "The key(s)": validators take a single one, the text speaks of several.
        let public_keys = object.many("publicKey", Reference::read);
        let verification = object.optional("verification", HostPolicy::read);
        let revocation_list = object.optional("revocationList", At::iri);
        let common = Common::read(&object);
        class?;
        Some(Self {
            id: id?,
            name: name?,
            url: url?,
            email: email?,
            telephone,
            description,
            image,
            public_keys,
            verification,
            revocation_list,
            common,
        })
    }
}

/// Which hosts an issuer lets speak for it ("VerificationObject", as part of a Profile).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HostPolicy {
    /// How the id of each hosted assertion starts; one of them suffices, and none means any.
    pub starts_with: Vec<Iri>,
    /// The hosts on which its assertions may be, each with or without a port; `None` means its own.
    pub allowed_origins: Option<Vec<String>>,
    /// All other members.
    pub extensions: Map<String, Value>,
}

impl HostPolicy {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let class = object.class_if_given(&["VerificationObject"]);
        let starts_with = object.many("startsWith", At::iri);
        let allowed_origins = object.member("allowedOrigins");
        let allowed_origins = allowed_origins.map(|at| at.elements().into_iter().filter_map(host).collect());
        // Only `id` is defined.
        object.optional("verificationProperty", |at| {
            let is_id = at.value().as_str().is_some_and(|text| matches!(text, "id" | "@id"));
            is_id.then_some(()).or_else(|| at.refuse("`id`"))
        });
        class?;
        Some(Self { starts_with, allowed_origins, extensions: object.rest() })
    }
}

/// A host name. A port is not part of one, but meant well.
fn host(at: At<'_>) -> Option<String> {
    let text = at.str()?;
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    if !name.split('.').all(is_label) || !port.is_none_or(is_port) {
        return at.refuse("a host name");
    }
    if port.is_some() {
        at.note(ViolationKind::Value, Weight::Advisory, "a host name without port");
    }
    Some(text.to_owned())
}

/// A public key ("CryptographicKey").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CryptographicKey {
    /// Its id.
    pub id: Option<Iri>,
    /// Whose it says it is.
    pub owner: Option<Iri>,
    /// The key, as PEM.
    pub public_key_pem: String,
}

impl CryptographicKey {
    /// Reads a key that stands at `pointer` of its document.
    pub fn read(json: &Value, pointer: &str) -> Reading<Self> {
        plain::read(json, pointer, |at| {
            let object = at.object()?;
            let class = object.class_if_given(&["CryptographicKey"]);
            let id = object.optional("id", id_or_blank).flatten();
            let owner = object.optional("owner", Reference::read_id);
            // NOTE: formally optional, but there is no key without it.
            let public_key_pem = object.required("publicKeyPem", At::text);
            class?;
            Some(Self { id, owner, public_key_pem: public_key_pem? })
        })
    }
}

/// Who says what a revocation list holds ("RevocationList"); its entries are for `revocation` to look up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationListHeader {
    /// The list's id.
    pub id: Option<Iri>,
    /// Whose assertions it revokes.
    pub issuer: Option<Iri>,
}

impl RevocationListHeader {
    /// Reads the header of a revocation list.
    pub fn read(json: &Value) -> Reading<Self> {
        plain::read(json, "", |at| {
            let object = at.object()?;
            let class = object.class(&["RevocationList"]);
            let id = object.optional("id", At::iri);
            let issuer = object.optional("issuer", Reference::read_id);
            class?;
            Some(Self { id, issuer })
        })
    }
}
