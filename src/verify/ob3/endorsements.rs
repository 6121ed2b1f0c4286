//! The endorsements inside a badge: each is a credential of its own, with a report of its own.
//!
//! Open Badges 3.0, Verification, step 6. Whatever becomes of an endorsement, it does not change the badge's status.

use serde_json::Value;

use super::super::claim::Judged;
use super::super::context::Context;
use super::{Securing, judge_secured};
use crate::badge::ob3::Endorsement;
use crate::badge::{Badge, Model};
use crate::id::Digest;
use crate::json::Sorted;
use crate::jws::CompactJws;
use crate::limits::Limit;
use crate::report::{Check, CheckCode, Findings, Outcome, ReasonCode, Report, Status};

/// Judges each endorsement, up to the limit.
pub(super) fn judge(context: &Context<'_>, badge: &Badge) -> Vec<Report> {
    let Model::V3(credential) = badge.model() else { return Vec::new() };
    let all: Vec<&Endorsement> = credential.all_endorsements().collect();
    let most = context.limits().size(Limit::Endorsements);
    if all.len() > most {
        let message = context.limits().exceeded(Limit::Endorsements).to_string();
        context.check(CheckCode::EndorsementProof, Outcome::inconclusive(ReasonCode::Limit, message));
    }
    all.into_iter().take(most).filter_map(|endorsement| judge_one(context, endorsement)).collect()
}

fn judge_one(context: &Context<'_>, endorsement: &Endorsement) -> Option<Report> {
    let (secured, text) = match endorsement {
        Endorsement::Document(document) => (Some(Securing::Embedded(document.clone())), text_of(document)),
        Endorsement::Jwt(text) => {
            let jws = CompactJws::parse(text, context.limits()).ok();
            (jws.and_then(|jws| Securing::jwt(jws, context.limits())), text.clone())
        }
    };
    let Some(secured) = secured else {
        let outcome = Outcome::failed(ReasonCode::Malformed, "an endorsement cannot be read");
        context.check(CheckCode::EndorsementProof, outcome);
        return None;
    };
    let (judged, checks) = context.apart(|| judge_secured(context, &secured));
    let report = report(context, judged, checks, &text);
    let outcome = match report.status() {
        Status::Valid => Outcome::Passed,
        Status::Unverified => Outcome::inconclusive(ReasonCode::Unavailable, "an endorsement is unverified"),
        status @ (Status::Expired | Status::Revoked | Status::Invalid) => {
            Outcome::failed(ReasonCode::Mismatch, format!("an endorsement is {status}"))
        }
    };
    context.check(CheckCode::EndorsementProof, outcome);
    Some(report)
}

fn report(context: &Context<'_>, judged: Judged, checks: Vec<Check>, text: &str) -> Report {
    Report::new(Findings {
        version: judged.version,
        checks,
        // They are on record in the badge's report.
        documents: Vec::new(),
        endorsements: Vec::new(),
        authentic: judged.authentic,
        claimed: judged.claimed,
        carrier: None,
        image: None,
        input: Digest::of(text.as_bytes()),
        policy: context.policy,
        now: context.now,
    })
}

/// The document as text that does not depend on the order in which members are kept.
fn text_of(document: &Value) -> String {
    serde_json::to_string(&Sorted(document)).unwrap_or_default()
}
