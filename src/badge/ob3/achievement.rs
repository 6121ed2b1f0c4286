//! Reads what can be achieved.
//!
//! In: the value of `credentialSubject.achievement`. Out: an [`Achievement`] and what it consists of.
//!
//! Open Badges 3.0 `Achievement`, `Criteria`, `Alignment`, `Related`.

use serde_json::{Map, Value};

use super::{Endorsement, IdentifierEntry, Image, Profile, ResultDescription, term, types};
use crate::badge::reading::{At, ViolationKind, Weight};
use crate::id::Iri;

/// What somebody has achieved: the class of which a badge is an instance.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Achievement {
    /// The id.
    pub id: Iri,
    /// What it says it is.
    pub types: Vec<String>,
    /// The name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// What has to be done for it.
    pub criteria: Criteria,
    /// What kind of achievement it is, as `Certificate`.
    pub achievement_type: Option<String>,
    /// The goals and standards that it serves.
    pub alignments: Vec<Alignment>,
    /// Who made it up: not always who awards it.
    pub creator: Option<Profile>,
    /// How many credits there are for it.
    pub credits_available: Option<f64>,
    /// Who vouches for it.
    pub endorsements: Vec<Endorsement>,
    /// The field of study.
    pub field_of_study: Option<String>,
    /// A short code, as of a course.
    pub human_code: Option<String>,
    /// The badge's picture.
    pub image: Option<Image>,
    /// The language that it is described in, as a BCP 47 tag.
    pub in_language: Option<String>,
    /// What others call it.
    pub other_identifiers: Vec<IdentifierEntry>,
    /// Other achievements that it has to do with.
    pub related: Vec<Related>,
    /// What results it may come with.
    pub result_descriptions: Vec<ResultDescription>,
    /// The specialization within the field of study.
    pub specialization: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The version of the description.
    pub version: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Achievement {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["Achievement"]);
        let id = object.required("id", At::iri);
        let name = object.required("name", At::text);
        let description = object.required("description", At::text);
        let criteria = object.required("criteria", Criteria::read);
        let text = |name| object.optional(name, At::text);
        Some(Self {
            types: types(&object),
            achievement_type: object.optional("achievementType", |at| term(at, &ACHIEVEMENT_TYPES)),
            alignments: object.many("alignment", Alignment::read),
            creator: object.optional("creator", Profile::read),
            credits_available: object.optional("creditsAvailable", At::number),
            endorsements: Endorsement::read_all(&object),
            field_of_study: text("fieldOfStudy"),
            human_code: text("humanCode"),
            image: object.optional("image", Image::read),
            in_language: text("inLanguage"),
            other_identifiers: object.many("otherIdentifier", IdentifierEntry::read),
            related: object.many("related", Related::read),
            result_descriptions: object.many("resultDescription", ResultDescription::read),
            specialization: text("specialization"),
            tags: object.many("tag", At::text),
            version: text("version"),
            extensions: object.rest(),
            id: id?,
            name: name?,
            description: description?,
            criteria: criteria?,
        })
    }
}

/// `AchievementType`.
const ACHIEVEMENT_TYPES: [&str; 30] = [
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "BachelorDegree",
    "Badge",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CoCurricular",
    "CommunityService",
    "Competency",
    "Course",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "MasterCertificate",
    "MasterDegree",
    "Membership",
    "MicroCredential",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "ResearchDoctorate",
];

/// What has to be done for an achievement.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Criteria {
    /// Where it is written.
    pub id: Option<Iri>,
    /// What is written, as Markdown.
    pub narrative: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Criteria {
    fn read(at: At<'_>) -> Option<Self> {
        let place = at.clone();
        let object = at.object()?;
        let (id, narrative) = (object.optional("id", At::iri), object.optional("narrative", At::text));
        if id.is_none() && narrative.is_none() {
            // The model requires neither, so that the badge stands; but nobody can tell what it was for.
            place.note(ViolationKind::Required, Weight::Advisory, "the member `id` or `narrative`");
        }
        Some(Self { id, narrative, extensions: object.rest() })
    }
}

/// A goal or standard that an achievement or a result serves.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Alignment {
    /// What it says it is.
    pub types: Vec<String>,
    /// The goal's name.
    pub target_name: String,
    /// Where the goal is described.
    pub target_url: Iri,
    /// The goal's code within its framework.
    pub target_code: Option<String>,
    /// What the goal is.
    pub target_description: Option<String>,
    /// The name of the framework.
    pub target_framework: Option<String>,
    /// What kind of goal it is, as `CFItem`.
    pub target_type: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Alignment {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["Alignment"]);
        let target_name = object.required("targetName", At::text);
        let target_url = object.required("targetUrl", At::iri);
        Some(Self {
            types: types(&object),
            target_code: object.optional("targetCode", At::text),
            target_description: object.optional("targetDescription", At::text),
            target_framework: object.optional("targetFramework", At::text),
            target_type: object.optional("targetType", |at| term(at, &TARGET_TYPES)),
            extensions: object.rest(),
            target_name: target_name?,
            target_url: target_url?,
        })
    }
}

/// `AlignmentTargetType`.
const TARGET_TYPES: [&str; 7] = [
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
    "ceasn:Competency",
    "ceterms:Credential",
];

/// Another achievement that an achievement has to do with, as its translation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Related {
    /// The other achievement's id.
    pub id: Iri,
    /// What it says it is.
    pub types: Vec<String>,
    /// The language that it is described in.
    pub in_language: Option<String>,
    /// The version of its description.
    pub version: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Related {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["Related"]);
        let id = object.required("id", At::iri);
        Some(Self {
            types: types(&object),
            in_language: object.optional("inLanguage", At::text),
            version: object.optional("version", At::text),
            extensions: object.rest(),
            id: id?,
        })
    }
}
