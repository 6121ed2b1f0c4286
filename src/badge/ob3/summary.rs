//! What a preview shows of a credential.

use std::collections::BTreeMap;

use super::{AchievementSubject, Credential, Image, Issuer, Subject};
use crate::badge::{Summary, Version, summary};

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
                })
                .collect(),
            ..about
        }
    }
}

fn of_achievement(subject: &AchievementSubject) -> Summary<'_> {
    let achievement = &subject.achievement;
    let measured: BTreeMap<_, _> = achievement
        .result_descriptions
        .iter()
        .map(|description| (&description.id, description.name.as_str()))
        .collect();
    let outcomes = subject.results.iter().map(|result| summary::Outcome {
        name: result.result_description.as_ref().and_then(|id| measured.get(id).copied()),
        value: result.value.as_deref(),
        status: result.status.as_deref(),
    });
    let alignments = achievement.alignments.iter().map(|alignment| summary::Alignment {
        name: Some(&alignment.target_name),
        url: Some(alignment.target_url.as_str()),
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
        credits: subject.credits_earned,
        tags: achievement.tags.iter().map(String::as_str).collect(),
        ..Summary::new(Version::V3_0)
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
