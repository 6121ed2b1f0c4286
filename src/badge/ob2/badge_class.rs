//! The badge class: what an assertion awards.

use serde_json::{Map, Value};
use url::Url;

use super::parts::{Common, Image, Reference, id_or_blank};
use super::{context, plain};
use crate::badge::reading::{At, Reading};
use crate::id::Iri;

/// What was achieved (Open Badges 2.0 "BadgeClass").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BadgeClass {
    /// Its id; a web address, unless the badge is signed.
    pub id: Iri,
    /// What it is called.
    pub name: String,
    /// What was achieved.
    pub description: String,
    /// What it looks like.
    pub image: Option<Image>,
    /// How to earn it.
    pub criteria: Criteria,
    /// Who awards it: a `Profile`.
    pub issuer: Reference,
    /// The competencies and standards that it is aligned with.
    pub alignment: Vec<AlignmentObject>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What it has in common with other classes.
    pub common: Common,
}

impl BadgeClass {
    /// Reads a badge class that stands at `pointer` of its document; at the root it must name its context.
    pub fn read(json: &Value, pointer: &str) -> Reading<Self> {
        plain::read(json, pointer, Self::from_value)
    }

    pub(super) fn from_value(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        context(&object);
        let class = object.class(&["BadgeClass"]);
        let id = object.required("id", At::iri);
        let name = object.required("name", At::text);
        let description = object.required("description", At::text);
        // NOTE: required, but many issuers leave it out and the badge itself carries an image.
        let image = object.recommended("image", Image::any);
        let criteria = object.required("criteria", Criteria::read);
        let issuer = object.required("issuer", Reference::read);
        let alignment = object.many("alignment", AlignmentObject::read);
        let tags = object.many("tags", At::text);
        let common = Common::read(&object);
        class?;
        Some(Self {
            id: id?,
            name: name?,
            description: description?,
            image,
            criteria: criteria?,
            issuer: issuer?,
            alignment,
            tags,
            common,
        })
    }
}

/// How to earn a badge ("Criteria"): an address, a text, or both.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Criteria {
    /// The address of a page that tells.
    pub id: Option<Iri>,
    /// What must be done, as Markdown.
    pub narrative: Option<String>,
    /// All other members.
    pub extensions: Map<String, Value>,
}

impl Criteria {
    fn read(at: At<'_>) -> Option<Self> {
        if at.value().is_string() {
            return Some(Self { id: Some(at.iri()?), narrative: None, extensions: Map::new() });
        }
        let object = at.object()?;
        let class = object.class_if_given(&["Criteria"]);
        let id = object.optional("id", id_or_blank).flatten();
        let narrative = match id {
            Some(_) => object.optional("narrative", At::text),
            None => Some(object.required("narrative", At::text)?),
        };
        class?;
        Some(Self { id, narrative, extensions: object.rest() })
    }
}

/// A competency or a standard that a badge is aligned with ("AlignmentObject").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AlignmentObject {
    /// What it is called.
    pub target_name: String,
    /// Where it stands.
    pub target_url: Url,
    /// What it says.
    pub target_description: Option<String>,
    /// The framework that it is part of.
    pub target_framework: Option<String>,
    /// Its code in the framework.
    pub target_code: Option<String>,
    /// All other members.
    pub extensions: Map<String, Value>,
}

impl AlignmentObject {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let class = object.class_if_given(&["AlignmentObject"]);
        let target_name = object.required("targetName", At::text);
        let target_url = object.required("targetUrl", At::url);
        let target_description = object.optional("targetDescription", At::text);
        let target_framework = object.optional("targetFramework", At::text);
        let target_code = object.optional("targetCode", At::text);
        class?;
        Some(Self {
            target_name: target_name?,
            target_url: target_url?,
            target_description,
            target_framework,
            target_code,
            extensions: object.rest(),
        })
    }
}
