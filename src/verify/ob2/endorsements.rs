//! The endorsements of an assertion, of its badge class and of its issuer (Open Badges 2.0, "Endorsement").
//!
//! An endorsement is hosted as an assertion is, and is judged by the profile of its own issuer: the endorser, and never
//! the issuer of what is endorsed. What endorses an endorsement or an endorser is not followed.

use super::super::claim::Judged;
use super::super::context::Context;
use super::super::endorsements;
use super::{hosted, links, revocation_list, scope, unknown_times, unsigned};
use crate::badge::ob2::{Chain, Common, Embedded, Endorsement, EndorsementClaim, Expected, Part, Reference};
use crate::badge::{Badge, Model, Version};
use crate::id::{Digest, Iri, same_id};
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode, Report};

/// Judges each endorsement, up to the limit.
pub(super) fn judge(context: &Context<'_>, badge: &Badge) -> Vec<Report> {
    let Model::V2(chain) = badge.model() else { return Vec::new() };
    let endorsed = objects(chain);
    let pairs = endorsed
        .into_iter()
        .flat_map(|(id, common)| common.endorsements.iter().map(move |reference| (id, reference)));
    let all = endorsements::within_limit(context, pairs);
    all.into_iter().map(|(endorsed, reference)| judge_one(context, endorsed, reference)).collect()
}

/// What can be endorsed of a badge.
fn objects(chain: &Chain) -> Vec<(&Iri, &Common)> {
    let assertion = chain.assertion();
    let badge_class = chain.badge_class().map(|class| (&class.id, &class.common));
    let issuer = chain.issuer().map(|issuer| (&issuer.id, &issuer.common));
    [Some((&assertion.id, &assertion.common)), badge_class, issuer].into_iter().flatten().collect()
}

/// Judges the endorsement of an object that names it.
fn judge_one(context: &Context<'_>, endorsed: &Iri, reference: &Reference) -> Report {
    let input = match reference {
        Reference::Embedded(embedded) => endorsements::text_of(embedded.json()),
        Reference::Id(id) => id.to_string(),
    };
    let (claim, mut checks) = context.apart(|| match reference {
        Reference::Embedded(embedded) => judge_embedded(context, embedded),
        Reference::Id(id) => judge_hosted(context, id),
    });
    let is_about_another = claim.as_ref().is_some_and(|claim| !same_id(claim.id.as_str(), endorsed.as_str()));
    if let Some(claim) = &claim {
        checks.push(check_of_claim(claim, is_about_another));
    }
    let judged = Judged { version: Some(Version::V2_0), ..Judged::default() };
    let report = endorsements::report(context, judged, checks, Digest::of(input.as_bytes()));
    let outcome = match endorsements::outcome(&report) {
        Outcome::Passed if is_about_another => about_another(),
        outcome => outcome,
    };
    context.check(CheckCode::EndorsementProof, outcome);
    report
}

/// What the endorser says, and whether it is about the object that shows it.
fn check_of_claim(claim: &EndorsementClaim, is_about_another: bool) -> Check {
    let outcome = if is_about_another { about_another() } else { Outcome::Passed };
    let check = Check::new(CheckCode::LinkId, outcome).advisory();
    match &claim.comment {
        Some(comment) => check.with(Evidence::Statement(comment.clone())),
        None => check,
    }
}

fn about_another() -> Outcome {
    Outcome::failed(ReasonCode::Mismatch, "an endorsement is about something else")
}

/// Judges an endorsement that stands in what it endorses, and which whoever wrote that may have made up.
fn judge_embedded(context: &Context<'_>, embedded: &Embedded) -> Option<EndorsementClaim> {
    let part = Part::embedded(Version::V2_0, embedded.json(), embedded.pointer());
    let outline = part.outline();
    let is_only_signed = outline.signed && !outline.hosted;
    if let Some(id) = outline.id.filter(|id| !is_only_signed && id.web_url().is_some()) {
        return judge_hosted(context, &id);
    }
    let reading = part.read::<Endorsement>();
    context.structure(&Node::default(), &reading);
    if is_only_signed {
        unsigned(context);
    } else {
        hosted::no_address(context);
    }
    reading.value.map(|endorsement| endorsement.claim)
}

/// Judges the endorsement that a URL serves.
fn judge_hosted(context: &Context<'_>, id: &Iri) -> Option<EndorsementClaim> {
    let hosted = hosted::authoritative(context, Expected::Endorsement, Some(id))?;
    let Some(endorsement) = hosted::read::<Endorsement>(context, &hosted) else {
        unknown_times(context, CheckCode::StructureRequired);
        return None;
    };
    hosted::note_served(context, &hosted, Some(&endorsement.verification));
    let issuer = links::follow_issuer(context, Version::V2_0, &endorsement.issuer, &hosted.node);
    scope::check(context, Version::V2_0, &hosted.url, issuer.as_ref());
    context.not_before(Some(endorsement.issued_on));
    context.expiry(endorsement.expires);
    revocation_list(context, &endorsement.id, None, issuer.as_ref());
    context.issuer_trusted(issuer.as_ref().map(|issuer| issuer.value.id.as_str()));
    Some(endorsement.claim)
}
