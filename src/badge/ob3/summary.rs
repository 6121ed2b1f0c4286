//! What a preview shows of a credential.

use std::collections::BTreeMap;

use super::{AchievementResult, AchievementSubject, Credential, Image, Issuer, ResultDescription, Subject};
use crate::badge::{Summary, Version, summary};
use crate::id::Iri;

impl Credential {
    /// What a preview shows of the credential.
    pub fn summary(&self) -> Summary<'_> {
        let about = match self.subject() {
            Subject::Achievement(subject) => of_achievement(subject),
            Subject::Endorsement(subject) => Summary {
                name: self.name(),
                description: subject.comment.as_deref().or(self.description()),
                ..Summary::new(Version::V3_0)
            },
        };
        Summary {
            id: Some(self.id().as_str()),
            image: about.image.or(address(self.image())),
            issuer: Some(issuer(self.issuer())),
            issued: self.awarded_date().or(Some(self.valid_from())),
            expires: self.valid_until(),
            recipients: self.identities(),
            evidence: self
                .evidence()
                .iter()
                .map(|evidence| summary::Evidence {
                    url: evidence.id.as_ref().map(|id| id.as_str()),
                    name: evidence.name.as_deref(),
                    narrative: evidence.narrative.as_deref(),
                    description: evidence.description.as_deref(),
                    genre: evidence.genre.as_deref(),
                    audience: evidence.audience.as_deref(),
                })
                .collect(),
            ..about
        }
    }
}

fn of_achievement(subject: &AchievementSubject) -> Summary<'_> {
    let achievement = &subject.achievement;
    let measured: BTreeMap<_, _> =
        achievement.result_descriptions.iter().map(|description| (&description.id, description)).collect();
    let outcomes = subject.results.iter().map(|result| {
        let description = result.result_description.as_ref().and_then(|id| measured.get(id).copied());
        outcome(result, description)
    });
    let alignments = achievement.alignments.iter().map(|alignment| summary::Alignment {
        name: Some(&alignment.target_name),
        url: Some(alignment.target_url.as_str()),
        code: alignment.target_code.as_deref(),
        description: alignment.target_description.as_deref(),
        framework: alignment.target_framework.as_deref(),
    });
    Summary {
        name: Some(&achievement.name),
        description: Some(&achievement.description),
        criteria_url: achievement.criteria.id.as_ref().map(|id| id.as_str()),
        criteria: achievement.criteria.narrative.as_deref(),
        // The picture of this badge before that of all badges of its class.
        image: address(subject.image.as_ref()).or(address(achievement.image.as_ref())),
        alignments: alignments.collect(),
        results: outcomes.collect(),
        recipient_name: subject.name(),
        role: subject.role.as_deref(),
        term: subject.term.as_deref(),
        license_number: subject.license_number.as_deref(),
        achievement_type: achievement.achievement_type.as_deref(),
        field_of_study: achievement.field_of_study.as_deref(),
        specialization: achievement.specialization.as_deref(),
        human_code: achievement.human_code.as_deref(),
        credits: subject.credits_earned,
        credits_available: achievement.credits_available,
        tags: achievement.tags.iter().map(String::as_str).collect(),
        ..Summary::new(Version::V3_0)
    }
}

fn outcome<'b>(
    result: &'b AchievementResult,
    description: Option<&'b ResultDescription>,
) -> summary::Outcome<'b> {
    let level = |id: Option<&'b Iri>| {
        let id = id?;
        let levels = description.into_iter().flat_map(|description| &description.rubric_criterion_levels);
        let unknown = summary::Level::unknown(id.as_str());
        Some(levels.into_iter().find(|level| level.id == *id).map_or(unknown, |level| summary::Level {
            id: level.id.as_str(),
            name: Some(&level.name),
            level: level.level.as_deref(),
            points: level.points.as_deref(),
            description: level.description.as_deref(),
        }))
    };
    summary::Outcome {
        name: description.map(|description| description.name.as_str()),
        value: result.value.as_deref(),
        status: result.status.as_deref(),
        level: level(result.achieved_level.as_ref()),
        kind: description.map(|description| description.result_type.as_str()),
        minimum: description.and_then(|description| description.value_min.as_deref()),
        maximum: description.and_then(|description| description.value_max.as_deref()),
        required_value: description.and_then(|description| description.required_value.as_deref()),
        required_level: level(description.and_then(|description| description.required_level.as_ref())),
    }
}

fn issuer(issuer: &Issuer) -> summary::Issuer<'_> {
    let id = Some(issuer.id().as_str());
    match issuer {
        Issuer::Id(_) => summary::Issuer { id, ..summary::Issuer::default() },
        Issuer::Profile(profile) => summary::Issuer {
            id,
            name: profile.name.as_deref(),
            url: profile.url.as_ref().map(|url| url.as_str()),
            email: profile.email.as_deref(),
            image: address(profile.image.as_ref()),
        },
    }
}

fn address(image: Option<&Image>) -> Option<&str> {
    image.map(|image| image.id.as_str())
}
