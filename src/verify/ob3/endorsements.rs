//! The endorsements inside a badge: each is a credential of its own, with a report of its own.
//!
//! Open Badges 3.0, Verification, step 6. Whatever becomes of an endorsement, it does not change the badge's status.

use std::sync::Arc;

use super::super::context::Context;
use super::super::endorsements;
use super::{Named, Securing, judge_secured};
use crate::badge::ob3::Endorsement;
use crate::badge::{Badge, Model};
use crate::id::Digest;
use crate::report::{CheckCode, Outcome, ReasonCode, Report};

/// Judges each endorsement, up to the limit.
pub(super) fn judge(context: &Context<'_>, badge: &Badge) -> Vec<Report> {
    let Model::V3(credential) = badge.model() else { return Vec::new() };
    let all = endorsements::within_limit(context, credential.all_endorsements());
    all.into_iter().filter_map(|endorsement| judge_one(context, endorsement)).collect()
}

fn judge_one(context: &Context<'_>, endorsement: &Endorsement) -> Option<Report> {
    let (secured, digest) = match endorsement {
        Endorsement::Document(document) => {
            let digest = Digest::of(endorsements::text_of(document).as_bytes());
            (Some(Securing::Embedded(Named { document: Arc::new(document.clone()), digest })), digest)
        }
        Endorsement::Jwt(text) => {
            (Securing::jwt(text.as_bytes(), context.limits()), Digest::of(text.as_bytes()))
        }
    };
    let Some(secured) = secured else {
        let outcome = Outcome::failed(ReasonCode::Malformed, "an endorsement cannot be read");
        context.check(CheckCode::EndorsementProof, outcome);
        return None;
    };
    let (judged, checks) = context.apart(|| judge_secured(context, &secured));
    let report = endorsements::report(context, judged, checks, digest);
    context.check(CheckCode::EndorsementProof, endorsements::outcome(&report));
    Some(report)
}
