//! What a preview shows of a badge, whatever its version.

use ::time::OffsetDateTime;
use serde::Serialize;

use super::{Identity, Version};

/// What a preview shows of a badge.
///
/// Every text is as the badge states it: escape it for the medium, and do not load what it links to without asking
/// the policy. An Open Badges 2.0 badge has its name, description and issuer in other documents; what is not known
/// is `None`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Summary<'b> {
    /// The version of the standard.
    pub version: Version,
    /// The id of the assertion or credential.
    pub id: Option<&'b str>,
    /// The name of what was achieved.
    pub name: Option<&'b str>,
    /// What was achieved.
    pub description: Option<&'b str>,
    /// Where the criteria stand.
    pub criteria_url: Option<&'b str>,
    /// The criteria themselves.
    pub criteria: Option<&'b str>,
    /// The image's address or `data:` URI.
    pub image: Option<&'b str>,
    /// Who awarded the badge.
    pub issuer: Option<Issuer<'b>>,
    /// When it was awarded, or from when on it is valid.
    #[serde(with = "::time::serde::rfc3339::option")]
    pub issued: Option<OffsetDateTime>,
    /// Until when it is valid.
    #[serde(with = "::time::serde::rfc3339::option")]
    pub expires: Option<OffsetDateTime>,
    /// Whom it was awarded to.
    pub recipients: Vec<Identity<'b>>,
    /// What the achievement is aligned with.
    pub alignments: Vec<Alignment<'b>>,
    /// What shows that the criteria were met.
    pub evidence: Vec<Evidence<'b>>,
    /// What was achieved in numbers or levels.
    pub results: Vec<Outcome<'b>>,
    /// How many credits were earned.
    pub credits: Option<f64>,
    /// Words to find the achievement by.
    pub tags: Vec<&'b str>,
}

impl Summary<'_> {
    /// A summary in which nothing is known but the version.
    pub(crate) fn new(version: Version) -> Self {
        Self {
            version,
            id: None,
            name: None,
            description: None,
            criteria_url: None,
            criteria: None,
            image: None,
            issuer: None,
            issued: None,
            expires: None,
            recipients: Vec::new(),
            alignments: Vec::new(),
            evidence: Vec::new(),
            results: Vec::new(),
            credits: None,
            tags: Vec::new(),
        }
    }
}

/// Who awarded a badge, as a preview shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Issuer<'b> {
    /// The issuer's id.
    pub id: Option<&'b str>,
    /// The name.
    pub name: Option<&'b str>,
    /// The web site.
    pub url: Option<&'b str>,
    /// The e-mail address.
    pub email: Option<&'b str>,
    /// The image's address or `data:` URI.
    pub image: Option<&'b str>,
}

/// An alignment, as a preview shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Alignment<'b> {
    /// The name of the competency or standard.
    pub name: Option<&'b str>,
    /// Its address.
    pub url: Option<&'b str>,
}

/// A piece of evidence, as a preview shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Evidence<'b> {
    /// Its address.
    pub url: Option<&'b str>,
    /// Its name.
    pub name: Option<&'b str>,
    /// The evidence itself, or how it came about.
    pub narrative: Option<&'b str>,
}

/// A result, as a preview shows it: what was measured, and what came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Outcome<'b> {
    /// What was measured.
    pub name: Option<&'b str>,
    /// What came out.
    pub value: Option<&'b str>,
    /// How far it is.
    pub status: Option<&'b str>,
}
