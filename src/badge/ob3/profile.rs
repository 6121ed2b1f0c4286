//! Reads who issues, creates and endorses.
//!
//! In: the value of a member such as `issuer`. Out: a [`Profile`] and what it consists of.
//!
//! Open Badges 3.0 `Profile`, `Address`, `GeoCoordinates`, `IdentifierEntry`, `Image`.

use serde_json::{Map, Value};

use super::{closed, term, types};
use crate::badge::reading::{At, Object, ViolationKind, Weight};
use crate::id::Iri;

/// Profiles within profiles, by `parentOrg`, that are read: a university has few levels, and reading recurses.
const PARENT_ORGS: usize = 16;

/// A person or an organization, as it describes itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// The id.
    pub id: Iri,
    /// What it says it is.
    pub types: Vec<String>,
    /// The name.
    pub name: Option<String>,
    /// The web site.
    pub url: Option<Iri>,
    /// The telephone number.
    pub phone: Option<String>,
    /// A few words about it.
    pub description: Option<String>,
    /// Who vouches for it.
    pub endorsements: Vec<Endorsement>,
    /// A picture of it.
    pub image: Option<Image>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The postal address.
    pub address: Option<Address>,
    /// What others call it.
    pub other_identifiers: Vec<IdentifierEntry>,
    /// The name of the official who signs for it.
    pub official: Option<String>,
    /// The organization that it is a part of.
    pub parent_org: Option<Box<Self>>,
    /// A person's family name.
    pub family_name: Option<String>,
    /// A person's given name.
    pub given_name: Option<String>,
    /// A person's middle name.
    pub additional_name: Option<String>,
    /// A person's patronymic.
    pub patronymic_name: Option<String>,
    /// What stands before a person's name.
    pub honorific_prefix: Option<String>,
    /// What stands behind a person's name.
    pub honorific_suffix: Option<String>,
    /// What stands before a person's family name, as `von`.
    pub family_name_prefix: Option<String>,
    /// A person's date of birth, as it is written.
    pub date_of_birth: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Profile {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        Self::read_within(at, PARENT_ORGS)
    }

    fn read_within(at: At<'_>, levels: usize) -> Option<Self> {
        let Some(levels) = levels.checked_sub(1) else {
            return at.refuse("fewer organizations within organizations");
        };
        let object = at.object()?;
        object.class(&["Profile"]);
        let id = object.required("id", At::iri);
        let text = |name| object.optional(name, At::text);
        Some(Self {
            types: types(&object),
            name: text("name"),
            url: object.optional("url", At::iri),
            phone: text("phone"),
            description: text("description"),
            endorsements: Endorsement::read_all(&object),
            image: object.optional("image", Image::read),
            email: text("email"),
            address: object.optional("address", Address::read),
            other_identifiers: object.many("otherIdentifier", IdentifierEntry::read),
            official: text("official"),
            parent_org: object.optional("parentOrg", |at| Self::read_within(at, levels)).map(Box::new),
            family_name: text("familyName"),
            given_name: text("givenName"),
            additional_name: text("additionalName"),
            patronymic_name: text("patronymicName"),
            honorific_prefix: text("honorificPrefix"),
            honorific_suffix: text("honorificSuffix"),
            family_name_prefix: text("familyNamePrefix"),
            date_of_birth: text("dateOfBirth"),
            extensions: object.rest(),
            id: id?,
        })
    }
}

/// A postal address.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Address {
    /// What it says it is.
    pub types: Vec<String>,
    /// The country's name.
    pub country: Option<String>,
    /// The country's ISO 3166-1 code.
    pub country_code: Option<String>,
    /// The region, as a state.
    pub region: Option<String>,
    /// The town.
    pub locality: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// The post office box.
    pub post_office_box: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The place on the globe.
    pub geo: Option<GeoCoordinates>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Address {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["Address"]);
        let text = |name| object.optional(name, At::text);
        Some(Self {
            types: types(&object),
            country: text("addressCountry"),
            country_code: text("addressCountryCode"),
            region: text("addressRegion"),
            locality: text("addressLocality"),
            street: text("streetAddress"),
            post_office_box: text("postOfficeBoxNumber"),
            postal_code: text("postalCode"),
            geo: object.optional("geo", GeoCoordinates::read),
            extensions: object.rest(),
        })
    }
}

/// A place on the globe.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GeoCoordinates {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl GeoCoordinates {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["GeoCoordinates"]);
        let (latitude, longitude) =
            (object.required("latitude", At::number), object.required("longitude", At::number));
        Some(Self { latitude: latitude?, longitude: longitude?, extensions: object.rest() })
    }
}

/// A name by which somebody else knows a profile or an achievement.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IdentifierEntry {
    /// The name.
    pub identifier: String,
    /// What kind of name it is.
    pub identifier_type: String,
}

impl IdentifierEntry {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["IdentifierEntry"]);
        let identifier = object.required("identifier", At::text);
        let identifier_type = object.required("identifierType", |at| term(at, &IDENTIFIER_TYPES));
        closed(&object);
        Some(Self { identifier: identifier?, identifier_type: identifier_type? })
    }
}

/// `IdentifierTypeEnum`.
pub(super) const IDENTIFIER_TYPES: [&str; 19] = [
    "accountId",
    "emailAddress",
    "identifier",
    "isbn",
    "issn",
    "lisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiPlatformId",
    "ltiToolId",
    "ltiUserId",
    "name",
    "nationalIdentityNumber",
    "oneRosterSourcedId",
    "productId",
    "sisSourcedId",
    "sourcedId",
    "systemId",
    "userName",
];

/// A picture, by its address or `data:` URI.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Image {
    /// Where it is, or what it is.
    pub id: Iri,
    /// What is to be seen.
    pub caption: Option<String>,
}

impl Image {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        // NOTE: Open Badges 3.0 "Serialization" asks for an object. To JSON-LD its id alone is the same.
        if at.value().is_string() {
            at.note(ViolationKind::Value, Weight::Advisory, "an object");
            return Some(Self { id: at.iri()?, caption: None });
        }
        let object = at.object()?;
        object.class(&["Image"]);
        let (id, caption) = (object.required("id", At::iri), object.optional("caption", At::text));
        closed(&object);
        Some(Self { id: id?, caption })
    }
}

/// An endorsement that is carried along: a credential of its own, with its own verdict.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Endorsement {
    /// An EndorsementCredential as JSON, with its proof inside.
    Document(Value),
    /// An EndorsementCredential as a compact JWS.
    Jwt(String),
}

impl Endorsement {
    /// Reads `endorsement` and `endorsementJwt`. What is wrong with one is never more than advice: an endorsement can
    /// add to a badge, and takes nothing from it.
    pub(super) fn read_all(object: &Object<'_>) -> Vec<Self> {
        let mut all = object.many("endorsement", |at| match at.value() {
            document @ Value::Object(_) => Some(Self::Document(document.clone())),
            _ => at.advisory().refuse("an endorsement credential"),
        });
        all.extend(object.many("endorsementJwt", |at| match at.value() {
            Value::String(text) if is_compact_jws(text) => Some(Self::Jwt(text.clone())),
            _ => at.advisory().refuse("an endorsement credential as a compact JWS"),
        }));
        all
    }
}

/// `CompactJws`, without the empty payload that its pattern allows and that would be no credential.
fn is_compact_jws(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    text.split('.').count() == 3 && text.split('.').all(is_part)
}
