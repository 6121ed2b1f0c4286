//! Hosted verification (Open Badges 2.0, "HostedBadge").

use serde_json::Value;
use url::Url;

use super::super::context::Context;
use super::links::{self, Confirmation, Links};
use super::{GONE, extensions, gone, judge_authentic, scope, unknown_times};
use crate::badge::Badge;
use crate::badge::ob2::{Assertion, Expected, Outline, RevokedNotice, Upgraded};
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};

/// The assertion that its URL serves.
struct Hosted {
    /// As it was served.
    original: Value,
    document: Upgraded,
    url: Url,
    node: Node,
}

/// Judges a hosted badge. The result is the badge as it is hosted, if it could be had and read.
pub(super) fn judge(context: &Context<'_>, in_hand: &Value, outline: &Outline) -> Option<Badge> {
    // 1. The text in hand names the URL, and is trusted for nothing else.
    let Some(url) = outline.id.as_ref().and_then(|id| id.web_url()) else {
        let outcome =
            Outcome::inconclusive(ReasonCode::Unavailable, "the badge has no id on the web to be asked");
        context.check(CheckCode::HostedContent, outcome);
        unknown_times(context, CheckCode::HostedContent);
        return None;
    };
    // 2. The URL is asked; what it serves is the assertion of the id that it declares.
    let hosted = fetch(context, &url)?;
    context.note(Check::new(CheckCode::HostedContent, Outcome::Passed).at(hosted.node.clone()));
    if hosted.original != *in_hand {
        let outcome = Outcome::failed(
            ReasonCode::Mismatch,
            "the copy in hand differs from the hosted one, which counts",
        );
        context.note(Check::new(CheckCode::HostedDiffers, outcome).at(hosted.node.clone()));
    }
    // 3. It has its form.
    let version = hosted.document.version;
    let reading = Assertion::read_upgraded(&hosted.document);
    context.structure(&hosted.node, &reading);
    extensions::check(context, &hosted.original, &hosted.node);
    let assertion = reading.value.as_ref();
    if assertion.is_some_and(|assertion| !assertion.verification.hosted) {
        let why = "the badge says that it is signed, but came without a signature";
        context.check(CheckCode::ProofPresent, Outcome::inconclusive(ReasonCode::Missing, why));
    }
    context.note(Check::new(CheckCode::RevocationHosted, Outcome::Passed).at(hosted.node.clone()));
    // 4. It leads to its badge class and issuer.
    let links = match assertion {
        Some(assertion) => links::follow(context, version, assertion, &hosted.node),
        None => Links::default(),
    };
    // 5. The issuer lets that URL speak for it.
    match &links.issuer {
        Some(issuer) => scope::check(context, version, &hosted.url, issuer),
        None => context.check(CheckCode::HostedScope, Outcome::premise(CheckCode::IssuerAuthority)),
    }
    // 6. It is in its time, and not on the issuer's list.
    judge_authentic(context, assertion, &links);
    context.issuer_trusted(links.issuer.as_ref().map(|issuer| issuer.value.id.as_str()));
    let badge = Badge::read_hosted(hosted.original, &hosted.url).ok()?.value?;
    Some(
        badge.with_links(links.badge_class.map(|class| class.value), links.issuer.map(|issuer| issuer.value)),
    )
}

/// Fetches the assertion. `None` if there is none to be judged; why is noted.
fn fetch(context: &Context<'_>, url: &Url) -> Option<Hosted> {
    let unknown = |premise| {
        context.check(CheckCode::HostedContent, Outcome::premise(premise));
        context.structure_unknown(CheckCode::HostedContent);
        unknown_times(context, CheckCode::HostedContent);
    };
    let Some(json) = served(context, url)? else {
        unknown(CheckCode::ResourceAvailable);
        return None;
    };
    let node = Node::document(&Target::url(url.clone()), "");
    let (original, url) = match links::confirm(context, Purpose::Assertion, url, &json) {
        Confirmation::Confirmed => (json, url.clone()),
        Confirmation::Elsewhere { url, json } => (json, url),
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
    let node = Node::document(&Target::url(url.clone()), "");
    if RevokedNotice::read(&original).is_some() {
        gone(context, &node, Some(&original));
        return None;
    }
    let document = Upgraded::new(&original, Expected::Assertion, Some(&url));
    Some(Hosted { original, document, url, node })
}

/// What the URL serves: `Some(None)` if that cannot be had, `None` if it is gone, which is an answer too.
fn served(context: &Context<'_>, url: &Url) -> Option<Option<Value>> {
    let target = Target::url(url.clone());
    if let (Some(document), _) = context.apart(|| context.want_any(Purpose::Assertion, &target))
        && document.response.status() == GONE
    {
        gone(context, &Node::document(&target, ""), None);
        return None;
    }
    Some(context.want(Purpose::Assertion, &target).and_then(|document| context.json(&document)))
}
