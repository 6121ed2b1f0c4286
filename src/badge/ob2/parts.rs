//! What several data classes of Open Badges 2.0 have in common.

use serde_json::{Map, Value};

use crate::badge::reading::{At, Object};
use crate::id::Iri;

/// Another object: named by its id, or embedded.
///
/// What is embedded is a claim of the embedding document. It is not read along, because an object that has a web
/// address counts as what is served there.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums)] // JSON-LD has these two
pub enum Reference {
    /// The object stands in this document.
    Embedded(Embedded),
    /// The object has this id.
    Id(Iri),
}

impl Reference {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        match at.value() {
            Value::String(_) => at.iri().map(Self::Id),
            Value::Object(_) => {
                let (pointer, json) = (at.pointer().to_owned(), at.value().clone());
                let id = at.object()?.optional("id", id_or_blank).flatten();
                Some(Self::Embedded(Embedded { id, pointer, json }))
            }
            _ => at.refuse("an absolute IRI or an object"),
        }
    }

    /// The id of an object that nothing else is asked of.
    pub(super) fn read_id(at: At<'_>) -> Option<Iri> {
        Self::read(at)?.id().cloned()
    }

    /// The object's id, if it has one.
    pub fn id(&self) -> Option<&Iri> {
        match self {
            Self::Embedded(embedded) => embedded.id.as_ref(),
            Self::Id(id) => Some(id),
        }
    }
}

/// An object that is embedded in another one's document.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    id: Option<Iri>,
    pointer: String,
    json: Value,
}

impl Embedded {
    /// The object's id; a blank node identifier is none.
    pub fn id(&self) -> Option<&Iri> {
        self.id.as_ref()
    }

    /// Where in the document it stands, as an RFC 6901 JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The object as it stands.
    pub fn json(&self) -> &Value {
        &self.json
    }
}

/// The id of an object that need not have one: a blank node identifier says nothing outside of its document.
pub(super) fn id_or_blank(at: At<'_>) -> Option<Option<Iri>> {
    match at.value() {
        Value::String(text) if text.starts_with("_:") => Some(None),
        _ => at.iri().map(Some),
    }
}

/// An image ("Image").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Image {
    /// Its address or `data:` URI.
    pub id: Iri,
    /// What it shows.
    pub caption: Option<String>,
    /// Who made it; the id need not lead anywhere.
    pub author: Option<Iri>,
    /// All other members.
    pub extensions: Map<String, Value>,
}

impl Image {
    /// The image of an assertion, which has to have an address.
    pub(super) fn hosted(at: At<'_>) -> Option<Self> {
        Self::read(at, |at| at.parsed("an absolute IRI that is no data URI", hosted_iri))
    }

    /// The image of a badge class or a profile; as a `data:` URI it is a PNG or an SVG.
    pub(super) fn any(at: At<'_>) -> Option<Self> {
        Self::read(at, |at| {
            at.parsed("an absolute IRI, or a data URI of a PNG or an SVG", |text| {
                hosted_iri(text).or_else(|| data_uri(text))
            })
        })
    }

    fn read(at: At<'_>, id: impl FnOnce(At<'_>) -> Option<Iri>) -> Option<Self> {
        if at.value().is_string() {
            let id = id(at)?;
            return Some(Self { id, caption: None, author: None, extensions: Map::new() });
        }
        let object = at.object()?;
        let class = object.class_if_given(&["Image", "ImageObject"]);
        let id = object.required("id", id);
        let caption = object.optional("caption", At::text);
        let author = object.optional("author", At::iri);
        class?;
        Some(Self { id: id?, caption, author, extensions: object.rest() })
    }
}

fn hosted_iri(text: &str) -> Option<Iri> {
    text.parse().ok().filter(|iri: &Iri| !iri.scheme().eq_ignore_ascii_case("data"))
}

/// A `data:` URI (RFC 2397) whose media type is one of those that a badge's image may have.
fn data_uri(text: &str) -> Option<Iri> {
    let iri: Iri = text.parse().ok()?;
    let (scheme, rest) = text.split_once(':')?;
    let (media_type, _) = rest.split_once(',').filter(|_| scheme.eq_ignore_ascii_case("data"))?;
    let media_type = media_type.split(';').next()?.trim().to_ascii_lowercase();
    matches!(media_type.as_str(), "image/png" | "image/svg+xml").then_some(iri)
}

/// A piece of evidence ("Evidence").
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// Its address.
    pub id: Option<Iri>,
    /// The evidence itself, or how it came about, as Markdown.
    pub narrative: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// What kind of thing it is.
    pub genre: Option<String>,
    /// Whom it is meant for.
    pub audience: Option<String>,
    /// All other members.
    pub extensions: Map<String, Value>,
}

impl Evidence {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        if at.value().is_string() {
            return Some(Self { id: id_or_blank(at)?, ..Self::default() });
        }
        let object = at.object()?;
        let class = object.class_if_given(&["Evidence"]);
        let evidence = Self {
            id: object.optional("id", id_or_blank).flatten(),
            narrative: object.optional("narrative", At::text),
            name: object.optional("name", At::text),
            description: object.optional("description", At::text),
            genre: object.optional("genre", At::text),
            audience: object.optional("audience", At::text),
            extensions: object.rest(),
        };
        class.map(|()| evidence)
    }
}

/// What every main data class may have besides its own members.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Common {
    /// The language of the texts, a BCP 47 tag ("Internationalization and Multilingual Badges").
    pub language: Option<String>,
    /// The version of the object ("Linking").
    pub version: Option<String>,
    /// Other versions of the object.
    pub related: Vec<Related>,
    /// What others say about it ("Endorsement"); read by whoever verifies them.
    pub endorsements: Vec<Reference>,
    /// All other members, among them extensions, as they stand.
    pub extensions: Map<String, Value>,
}

impl Common {
    /// To be called last: what nobody has asked for until then is an extension.
    pub(super) fn read(object: &Object<'_>) -> Self {
        Self {
            language: object.optional("@language", language),
            version: object.optional("version", version),
            related: object.many("related", Related::read),
            endorsements: object.many("endorsement", |at| Reference::read(at.advisory())),
            extensions: object.rest(),
        }
    }
}

/// Another version of an object ("Linking").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Related {
    /// Its id.
    pub id: Iri,
    /// Its language, a BCP 47 tag.
    pub language: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

impl Related {
    fn read(at: At<'_>) -> Option<Self> {
        if at.value().is_string() {
            return Some(Self { id: at.iri()?, language: None, version: None });
        }
        let object = at.object()?;
        let id = object.required("id", At::iri);
        let language = object.optional("@language", language);
        let version = object.optional("version", version);
        Some(Self { id: id?, language, version })
    }
}

/// The shape of a BCP 47 language tag: the registry is not consulted.
fn language(at: At<'_>) -> Option<String> {
    at.parsed("a BCP 47 language tag", |text| {
        let is_subtag = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let starts_with_letters = text.split('-').next()?.bytes().all(|byte| byte.is_ascii_alphabetic());
        (starts_with_letters && text.split('-').all(is_subtag)).then(|| text.to_owned())
    })
}

fn version(at: At<'_>) -> Option<String> {
    match at.value() {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => at.refuse("a string or a number"),
    }
}

/// An e-mail address ("Email"), as far as it can be told from its shape.
pub(super) fn email(at: At<'_>) -> Option<String> {
    at.parsed("an e-mail address", |text| is_email(text).then(|| text.to_owned()))
}

/// Something before and after one `@`, without white space.
pub(super) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    parts.is_some_and(|(local, domain)| is_part(local) && is_part(domain))
}
