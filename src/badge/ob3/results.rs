//! Reads what was achieved in numbers and levels, and what could have been.
//!
//! In: the values of `credentialSubject.result` and `achievement.resultDescription`. Out: [`AchievementResult`]s and
//! [`ResultDescription`]s. [`check`] compares the two: a result should name a description that is there, and lie
//! within it. Where it does not, that is advice: the badge says something odd, but says it with authority.
//!
//! Open Badges 3.0 `Result`, `ResultDescription`, `RubricCriterionLevel`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Alignment, term, types};
use crate::badge::reading::{At, ViolationKind, Weight};
use crate::id::Iri;

/// What came out: a `Result`, by another name because Rust has one too.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AchievementResult {
    /// What it says it is.
    pub types: Vec<String>,
    /// The id of the rubric's level that was reached.
    pub achieved_level: Option<Iri>,
    /// The goals and standards that it serves.
    pub alignments: Vec<Alignment>,
    /// The id of the description that it belongs to.
    pub result_description: Option<Iri>,
    /// How far it is, as `Completed`.
    pub status: Option<String>,
    /// What came out, as a grade.
    pub value: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl AchievementResult {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["Result"]);
        Some(Self {
            types: types(&object),
            achieved_level: object.optional("achievedLevel", At::iri),
            alignments: object.many("alignment", Alignment::read),
            result_description: object.optional("resultDescription", At::iri),
            status: object.optional("status", |at| term(at, &STATUSES)),
            value: object.optional("value", At::text),
            extensions: object.rest(),
        })
    }
}

/// `ResultStatusType`.
const STATUSES: [&str; 7] =
    ["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"];

/// What results an achievement may come with.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResultDescription {
    /// The id, by which results name it.
    pub id: Iri,
    /// What it says it is.
    pub types: Vec<String>,
    /// The name.
    pub name: String,
    /// What kind of result it is, as `LetterGrade`.
    pub result_type: String,
    /// The goals and standards that it serves.
    pub alignments: Vec<Alignment>,
    /// What may come out, from low to high; if nothing is listed, anything may.
    pub allowed_values: Vec<String>,
    /// The id of the level that has to be reached.
    pub required_level: Option<Iri>,
    /// What has to come out.
    pub required_value: Option<String>,
    /// The levels of the rubric, from low to high.
    pub rubric_criterion_levels: Vec<RubricCriterionLevel>,
    /// The most that can come out.
    pub value_max: Option<String>,
    /// The least that can come out.
    pub value_min: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl ResultDescription {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let place = at.clone();
        let object = at.object()?;
        object.class(&["ResultDescription"]);
        let id = object.required("id", At::iri);
        let name = object.required("name", At::text);
        let result_type = object.required("resultType", |at| term(at, &RESULT_TYPES));
        let description = Self {
            types: types(&object),
            alignments: object.many("alignment", Alignment::read),
            allowed_values: object.many("allowedValue", At::text),
            required_level: object.optional("requiredLevel", At::iri),
            required_value: object.optional("requiredValue", At::text),
            rubric_criterion_levels: object.many("rubricCriterionLevel", RubricCriterionLevel::read),
            value_max: object.optional("valueMax", At::text),
            value_min: object.optional("valueMin", At::text),
            extensions: object.rest(),
            id: id?,
            name: name?,
            result_type: result_type?,
        };
        let range = Range::of(&description);
        if !description.required_level.as_ref().is_none_or(|level| range.has_level(level)) {
            advise(&place, "a required level that is among the levels");
        }
        if !description.required_value.as_deref().is_none_or(|value| range.has_value(value)) {
            advise(&place, "a required value that is among the possible ones");
        }
        Some(description)
    }
}

/// `ResultType`.
const RESULT_TYPES: [&str; 12] = [
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
];

/// A level of a rubric.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RubricCriterionLevel {
    /// The id, by which results name it.
    pub id: Iri,
    /// What it says it is.
    pub types: Vec<String>,
    /// The name.
    pub name: String,
    /// The goals and standards that it serves.
    pub alignments: Vec<Alignment>,
    /// What it takes to reach it.
    pub description: Option<String>,
    /// The level in words.
    pub level: Option<String>,
    /// The level in points.
    pub points: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl RubricCriterionLevel {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["RubricCriterionLevel"]);
        let (id, name) = (object.required("id", At::iri), object.required("name", At::text));
        Some(Self {
            types: types(&object),
            alignments: object.many("alignment", Alignment::read),
            description: object.optional("description", At::text),
            level: object.optional("level", At::text),
            points: object.optional("points", At::text),
            extensions: object.rest(),
            id: id?,
            name: name?,
        })
    }
}

/// Compares results, each with its place, with the descriptions that they name.
pub(super) fn check(results: &[(At<'_>, AchievementResult)], descriptions: &[ResultDescription]) {
    let known: BTreeMap<&Iri, (Range<'_>, &str)> = descriptions
        .iter()
        .map(|description| (&description.id, (Range::of(description), description.result_type.as_str())))
        .collect();
    for (place, result) in results {
        let Some(id) = &result.result_description else { continue };
        let Some((range, result_type)) = known.get(id) else {
            advise(place, "a result whose description is one of the achievement's");
            continue;
        };
        if !result.achieved_level.as_ref().is_none_or(|level| range.has_level(level)) {
            advise(place, "a result whose level is one of its description's");
        }
        if !result.value.as_deref().is_none_or(|value| range.has_value(value)) {
            advise(place, "a result whose value is one that its description allows");
        }
        if *result_type == "Status" && result.status.is_none() {
            advise(place, "a result with a status, as its description says");
        }
    }
}

fn advise(place: &At<'_>, expected: &'static str) {
    place.note(ViolationKind::Value, Weight::Advisory, expected);
}

/// What a description allows.
struct Range<'d> {
    levels: BTreeSet<&'d Iri>,
    values: BTreeSet<&'d str>,
    min: Option<f64>,
    max: Option<f64>,
}

impl<'d> Range<'d> {
    fn of(description: &'d ResultDescription) -> Self {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.trim().parse().ok());
        Self {
            levels: description.rubric_criterion_levels.iter().map(|level| &level.id).collect(),
            values: description.allowed_values.iter().map(String::as_str).collect(),
            min: number(&description.value_min),
            max: number(&description.value_max),
        }
    }

    fn has_level(&self, level: &Iri) -> bool {
        self.levels.contains(level)
    }

    /// Says whether a value is one of those listed, and within the bounds if they and it are numbers.
    fn has_value(&self, value: &str) -> bool {
        let is_listed = self.values.is_empty() || self.values.contains(value);
        let is_within = value.trim().parse::<f64>().is_ok_and(|number| {
            self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max)
        });
        is_listed && (is_within || value.trim().parse::<f64>().is_err())
    }
}
