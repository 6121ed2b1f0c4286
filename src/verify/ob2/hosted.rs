//! Hosted verification (Open Badges 2.0, "HostedBadge").

use std::sync::Arc;

use url::Url;

use super::super::context::Context;
use super::links::{self, Confirmation, Links};
use super::{badge, gone, is_gone, judge_authentic, scope, unknown_times, want, without_signature};
use crate::badge::Badge;
use crate::badge::ob2::{Assertion, Class, Expected, Upgraded, Verification};
use crate::id::Iri;
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};
use crate::resource::Target;

/// What the URL of an assertion or an endorsement serves.
pub(super) struct Hosted {
    pub(super) document: Arc<Upgraded>,
    pub(super) url: Url,
    pub(super) node: Node,
}

/// Judges a hosted badge. The result is the badge as it is hosted, if it could be had and read.
pub(super) fn judge(context: &Context<'_>, in_hand: &Upgraded) -> Option<Badge> {
    // 1. and 2. The text in hand names the URL, which serves the assertion.
    let id = in_hand.whole().outline().id;
    let hosted = authoritative(context, Expected::Assertion, id.as_ref())?;
    let document = &hosted.document;
    if document.received != in_hand.received {
        let outcome = Outcome::failed(
            ReasonCode::Mismatch,
            "the copy in hand differs from the hosted one, which counts",
        );
        context.note(Check::new(CheckCode::HostedDiffers, outcome).at(hosted.node.clone()));
    }
    // 3. It has its form.
    let assertion = read::<Assertion>(context, &hosted);
    note_served(context, &hosted, assertion.as_ref().map(|assertion| &assertion.verification));
    // 4. It leads to its badge class and issuer.
    let links = match &assertion {
        Some(assertion) => links::follow(context, document.version, assertion, &hosted.node),
        None => Links::default(),
    };
    // 5. The issuer lets that URL speak for it.
    scope::check(context, document.version, &hosted.url, links.issuer.as_ref());
    // 6. It is in its time, and not on the issuer's list.
    judge_authentic(context, assertion.as_ref(), &links);
    context.issuer_trusted(links.issuer.as_ref().map(|issuer| issuer.value.id.as_str()));
    Some(badge(document, assertion?, links))
}

/// Reads what is hosted, and notes what is wrong with it.
pub(super) fn read<T: Class>(context: &Context<'_>, hosted: &Hosted) -> Option<T> {
    links::read(context, &hosted.document, hosted.url.as_str(), &hosted.node)
}

/// What the URL of a hosted object serves, which alone counts: the text in hand names the URL, and is trusted for nothing
/// else. `None` if there is nothing to be judged; why is noted.
pub(super) fn authoritative(context: &Context<'_>, class: Expected, id: Option<&Iri>) -> Option<Hosted> {
    let Some(url) = id.and_then(Iri::web_url) else {
        no_address(context);
        return None;
    };
    let hosted = fetch(context, class, &url)?;
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
fn fetch(context: &Context<'_>, class: Expected, url: &Url) -> Option<Hosted> {
    let unknown = |premise| {
        context.check(CheckCode::HostedContent, Outcome::premise(premise));
        context.structure_unknown(CheckCode::HostedContent);
        unknown_times(context, CheckCode::HostedContent);
    };
    let target = Target::url(url.clone());
    // That it is gone is an answer, too.
    if is_gone(context, links::purpose(class), &target) {
        gone(context, &Node::document(&target, ""), None);
        return None;
    }
    let Some(document) = want(context, class, url) else {
        unknown(CheckCode::ResourceAvailable);
        return None;
    };
    let (document, url) = match links::confirm(context, class, url, &document) {
        Confirmation::Confirmed => (document, url.clone()),
        Confirmation::Elsewhere { url, document } => (document, url),
        Confirmation::NotOnTheWeb(_) => {
            links::not_on_the_web(context, url);
            unknown(CheckCode::LinkId);
            return None;
        }
        Confirmation::Revoked { url, notice } => {
            gone(context, &Node::document(&Target::url(url), ""), notice);
            return None;
        }
        Confirmation::Refuted | Confirmation::Unknown => {
            unknown(CheckCode::LinkId);
            return None;
        }
    };
    let node = Node::document(&Target::url(url.clone()), "");
    if let Some(notice) = document.whole().revoked_notice() {
        gone(context, &node, Some(notice));
        return None;
    }
    Some(Hosted { document, url, node })
}
