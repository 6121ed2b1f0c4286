//! The endorsements inside a badge: each is a credential of its own, with a report of its own.
//!
//! Open Badges 3.0, Verification, step 6. Whatever becomes of an endorsement, it does not change the badge's status.

use std::sync::Arc;

use super::super::context::Context;
use super::super::endorsements;
use super::{Demand, Named, Securing, judge_secured};
use crate::badge::ob3::{Credential, Endorsement, Subject};
use crate::badge::{Badge, Model};
use crate::id::Digest;
use crate::report::{Check, CheckCode, Evidence, Outcome, ReasonCode, Report};

/// Judges each endorsement, up to the limit.
pub(super) fn judge(context: &Context<'_>, badge: &Badge) -> Vec<Report> {
    let Model::V3(credential) = badge.model() else { return Vec::new() };
    let all = endorsements::within_limit(context, credential.all_endorsements());
    let judge_one = |endorsement| {
        let report = judge_one(context, endorsement)?;
        subject(context, credential, &report);
        Some(report)
    };
    all.into_iter().filter_map(judge_one).collect()
}

/// Notes whether an endorsement is of something in the badge that carries it: one that was made for another badge says
/// nothing about this one, however well it is signed (Open Badges 3.0, EndorsementSubject).
///
/// NOTE: the place where it stands does not count. Issuers put an endorsement of themselves beside the achievement, too.
fn subject(context: &Context<'_>, credential: &Credential, report: &Report) {
    let Some(Model::V3(endorsement)) = report.any_badge().map(Badge::model) else { return };
    let Subject::Endorsement(subject) = endorsement.subject() else { return };
    let check = |outcome| Check::new(CheckCode::EndorsementSubject, outcome);
    if credential.is_about(&subject.id) {
        return context.note(check(Outcome::Passed));
    }
    let outcome = Outcome::failed(ReasonCode::Mismatch, "an endorsement is of something else");
    let expected = credential.id().to_string();
    context.note(check(outcome).with(Evidence::Mismatch { expected, found: subject.id.to_string() }));
}

fn judge_one(context: &Context<'_>, endorsement: &Endorsement) -> Option<Report> {
    let (secured, digest) = match endorsement {
        Endorsement::Document(document) => {
            let digest = Digest::of(endorsements::text_of(document).as_bytes());
            (Some(Securing::Embedded(Named { document: Arc::new(document.clone()), digest })), digest)
        }
        Endorsement::Jwt(text) => {
            (Securing::jwt(context, text.as_bytes()).ok().flatten(), Digest::of(text.as_bytes()))
        }
    };
    let Some(secured) = secured else {
        let outcome = Outcome::failed(ReasonCode::Malformed, "an endorsement cannot be read");
        context.check(CheckCode::EndorsementProof, outcome);
        return None;
    };
    let (judged, checks) = context.apart(|| judge_secured(context, &secured, Demand::OpenBadges));
    let report = endorsements::report(context, judged, checks, digest);
    context.check(CheckCode::EndorsementProof, endorsements::outcome(&report));
    Some(report)
}
