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
    /// What kind of achievement it is, as `Certificate`.
    pub achievement_type: Option<&'b str>,
    /// The field of study.
    pub field_of_study: Option<&'b str>,
    /// The specialization within the field of study.
    pub specialization: Option<&'b str>,
    /// A short code of the achievement, as of a course.
    pub human_code: Option<&'b str>,
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
    /// The recipient's full name, if the badge states it. Nothing is compared with it: names are no identities.
    pub recipient_name: Option<&'b str>,
    /// What the recipient's part was.
    pub role: Option<&'b str>,
    /// The academic term in which it was achieved.
    pub term: Option<&'b str>,
    /// The number of the licence that was granted.
    pub license_number: Option<&'b str>,
    /// What the achievement is aligned with.
    pub alignments: Vec<Alignment<'b>>,
    /// What shows that the criteria were met.
    pub evidence: Vec<Evidence<'b>>,
    /// What was achieved in numbers or levels.
    pub results: Vec<Outcome<'b>>,
    /// How many credits were earned.
    pub credits: Option<f64>,
    /// How many credits there are for the achievement.
    pub credits_available: Option<f64>,
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
            achievement_type: None,
            field_of_study: None,
            specialization: None,
            human_code: None,
            image: None,
            issuer: None,
            issued: None,
            expires: None,
            recipients: Vec::new(),
            recipient_name: None,
            role: None,
            term: None,
            license_number: None,
            alignments: Vec::new(),
            evidence: Vec::new(),
            results: Vec::new(),
            credits: None,
            credits_available: None,
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
    /// Its code in the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'b str>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'b str>,
    /// The name of the framework that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<&'b str>,
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
    /// A few words about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'b str>,
    /// What kind of thing it is, as `Prose`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<&'b str>,
    /// Whom it is meant for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<&'b str>,
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
    /// How far it is, as `Completed`.
    pub status: Option<&'b str>,
    /// The level of a rubric that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level<'b>>,
    /// What kind of result it is, as `LetterGrade`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'b str>,
    /// The least that can come out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<&'b str>,
    /// The most that can come out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<&'b str>,
    /// What has to come out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_value: Option<&'b str>,
    /// The level that has to be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_level: Option<Level<'b>>,
}

impl<'b> Outcome<'b> {
    /// What came out, in the one text that says most of it: the value, the level that was reached, or the status.
    pub fn shown(&self) -> Option<&'b str> {
        self.value.or(self.level.map(|level| level.shown())).or(self.status)
    }
}

/// A level of a rubric, as a preview shows it. Its id alone is known of one that the badge does not describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Level<'b> {
    /// Its id.
    pub id: &'b str,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'b str>,
    /// The level in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'b str>,
    /// The level in points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<&'b str>,
    /// What it takes to reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'b str>,
}

impl<'b> Level<'b> {
    /// A level of which nothing is known but its id.
    pub(crate) fn unknown(id: &'b str) -> Self {
        Self { id, name: None, level: None, points: None, description: None }
    }

    /// What it is called: by its name, or else its id.
    pub fn shown(&self) -> &'b str {
        self.name.unwrap_or(self.id)
    }
}
