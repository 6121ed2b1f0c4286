//! Hosted verification (Open Badges 2.0, "HostedBadge").

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::super::context::Context;
use super::links::{self, Confirmation, Links};
use super::{extensions, gone, is_gone, judge_authentic, scope, unknown_times, without_signature};
use crate::badge::Badge;
use crate::badge::ob2::{Assertion, Expected, Outline, RevokedNotice, Upgraded, Verification};
use crate::id::Iri;
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};

/// What the URL of an assertion or an endorsement serves.
pub(super) struct Hosted {
    pub(super) json: Arc<Value>,
    pub(super) url: Url,
    pub(super) node: Node,
}

/// Judges a hosted badge. The result is the badge as it is hosted, if it could be had and read.
pub(super) fn judge(context: &Context<'_>, in_hand: &Value, outline: &Outline) -> Option<Badge> {
    // 1. and 2. The text in hand names the URL, which serves the assertion.
    let hosted = authoritative(context, Purpose::Assertion, outline.id.as_ref())?;
    if *hosted.json != *in_hand {
        let outcome = Outcome::failed(
            ReasonCode::Mismatch,
            "the copy in hand differs from the hosted one, which counts",
        );
        context.note(Check::new(CheckCode::HostedDiffers, outcome).at(hosted.node.clone()));
    }
    // 3. It has its form.
    let document = Upgraded::new(&hosted.json, Expected::Assertion, Some(&hosted.url));
    let reading = Assertion::read_upgraded(&document);
    context.structure(&hosted.node, &reading);
    extensions::check(context, &hosted.json, &hosted.node);
    let assertion = reading.value.as_ref();
    note_served(context, &hosted, assertion.map(|assertion| &assertion.verification));
    // 4. It leads to its badge class and issuer.
    let links = match assertion {
        Some(assertion) => links::follow(context, document.version, assertion, &hosted.node),
        None => Links::default(),
    };
    // 5. The issuer lets that URL speak for it.
    scope::check(context, document.version, &hosted.url, links.issuer.as_ref());
    // 6. It is in its time, and not on the issuer's list.
    judge_authentic(context, assertion, &links);
    context.issuer_trusted(links.issuer.as_ref().map(|issuer| issuer.value.id.as_str()));
    let badge = Badge::read_hosted(hosted.json, &hosted.url).ok()?.value?;
    Some(
        badge.with_links(links.badge_class.map(|class| class.value), links.issuer.map(|issuer| issuer.value)),
    )
}

/// What the URL of a hosted object serves, which alone counts: the text in hand names the URL, and is trusted for nothing
/// else. `None` if there is nothing to be judged; why is noted.
pub(super) fn authoritative(context: &Context<'_>, purpose: Purpose, id: Option<&Iri>) -> Option<Hosted> {
    let Some(url) = id.and_then(Iri::web_url) else {
        no_address(context);
        return None;
    };
    let hosted = fetch(context, purpose, &url)?;
    context.note(Check::new(CheckCode::HostedContent, Outcome::Passed).at(hosted.node.clone()));
    Some(hosted)
}

/// Notes that a hosted object has no address: what is in hand is only a claim.
pub(super) fn no_address(context: &Context<'_>) {
    let outcome = Outcome::inconclusive(ReasonCode::Unavailable, "there is no id on the web to be asked");
    context.check(CheckCode::HostedContent, outcome);
    unknown_times(context, CheckCode::HostedContent);
}

/// Notes what it means that a URL still serves an object which is verified in this way.
pub(super) fn note_served(context: &Context<'_>, hosted: &Hosted, verification: Option<&Verification>) {
    if verification.is_some_and(|verification| !verification.hosted) {
        context.check(CheckCode::ProofPresent, without_signature());
    }
    context.note(Check::new(CheckCode::RevocationHosted, Outcome::Passed).at(hosted.node.clone()));
}

/// Fetches what is hosted. `None` if there is nothing to be judged; why is noted.
fn fetch(context: &Context<'_>, purpose: Purpose, url: &Url) -> Option<Hosted> {
    let unknown = |premise| {
        context.check(CheckCode::HostedContent, Outcome::premise(premise));
        context.structure_unknown(CheckCode::HostedContent);
        unknown_times(context, CheckCode::HostedContent);
    };
    let Some(json) = served(context, purpose, url)? else {
        unknown(CheckCode::ResourceAvailable);
        return None;
    };
    let node = Node::document(&Target::url(url.clone()), "");
    let hosted = match links::confirm(context, purpose, url, &json) {
        Confirmation::Confirmed => Hosted { json, url: url.clone(), node },
        Confirmation::Elsewhere { url, json } => {
            let node = Node::document(&Target::url(url.clone()), "");
            Hosted { json, url, node }
        }
        Confirmation::NotOnTheWeb => {
            let outcome = Outcome::inconclusive(
                ReasonCode::Mismatch,
                "the document declares an id that is not on the web",
            );
            context.note(Check::new(CheckCode::LinkId, outcome).at(node));
            unknown(CheckCode::LinkId);
            return None;
        }
        Confirmation::Refuted | Confirmation::Unknown => {
            unknown(CheckCode::LinkId);
            return None;
        }
    };
    if RevokedNotice::read(&hosted.json).is_some() {
        gone(context, &hosted.node, Some(&hosted.json));
        return None;
    }
    Some(hosted)
}

/// What the URL serves: `Some(None)` if that cannot be had, `None` if it is gone, which is an answer too.
fn served(context: &Context<'_>, purpose: Purpose, url: &Url) -> Option<Option<Arc<Value>>> {
    let target = Target::url(url.clone());
    if is_gone(context, purpose, &target) {
        gone(context, &Node::document(&target, ""), None);
        return None;
    }
    Some(context.want(purpose, &target).and_then(|document| context.json(&document)))
}
