//! The Open Badges 2.0 procedures, in the order of its section "Verification".
//!
//! - Hosted ("HostedBadge"): the text in hand only names a URL; what that URL serves is the assertion ([`hosted`]).
//! - Signed ("SignedBadge"): the assertion is the payload of a JWS, by a key that the issuer's profile lists
//!   ([`signed`]).
//!
//! Both follow the assertion to its badge class and issuer ([`links`]). Each document is upgraded by its own version
//! before it is read, so that documents of 1.x and 2.0 may lead to each other. What others say about the three is judged
//! apart ([`endorsements`]).

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::claim::{Judged, Written};
use super::context::{Context, Document};
use super::listed;
use crate::badge::Badge;
use crate::badge::ob2::{Assertion, Chain, Expected, Profile, RevokedNotice, Upgraded};
use crate::id::{Digest, Iri};
use crate::limits::LimitExceeded;
use crate::policy::Endorsements;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};
use crate::revocation::RevocationList;

mod endorsements;
mod extensions;
mod hosted;
mod legacy_key;
mod links;
mod scope;
mod signed;

use links::{Linked, Links};

/// HTTP's "410 Gone", which revokes a hosted assertion.
const GONE: u16 = 410;

/// Judges an assertion.
pub(super) fn judge(context: &Context<'_>, written: &Written) -> Judged {
    let (json, url) = (&written.document, written.served_by.as_ref());
    let in_hand = match upgraded(context, written.digest, json, Expected::Assertion, url) {
        Ok(in_hand) => in_hand,
        Err(limit) => {
            let outcome = Outcome::inconclusive(ReasonCode::Limit, limit.to_string());
            context.check(CheckCode::StructureContext, outcome);
            context.check(CheckCode::HostedContent, Outcome::premise(CheckCode::StructureContext));
            return Judged { version: Some(written.version), ..Judged::default() };
        }
    };
    let claimed = Chain::read(&in_hand).value.map(|chain| Badge::of_chain(&in_hand, chain));
    let outline = in_hand.whole().outline();
    let authentic = match &written.signed {
        // A hosted badge that came in a JWS is a hosted badge: nothing says whose key signed it.
        Some(token) if outline.signed || !outline.hosted => signed::judge(context, &token.jws, &in_hand),
        None if outline.signed && !outline.hosted => {
            unsigned(context);
            None
        }
        Some(_) | None => hosted::judge(context, &in_hand),
    };
    let endorsements = match (context.policy.endorsements(), &authentic) {
        (Endorsements::Verify, Some(badge)) => endorsements::judge(context, badge),
        (Endorsements::Verify, None) | (Endorsements::Ignore, _) => Vec::new(),
    };
    let version = authentic.as_ref().map_or(written.version, Badge::version);
    Judged { version: Some(version), authentic, claimed, endorsements }
}

/// A document as it is read where one of `class` is expected.
fn upgraded(
    context: &Context<'_>,
    digest: Digest,
    json: &Arc<Value>,
    class: Expected,
    url: Option<&Url>,
) -> Result<Arc<Upgraded>, LimitExceeded> {
    let purpose = links::purpose(class).to_string();
    let address = url.map_or("", Url::as_str);
    let key = Digest::of_parts(&[purpose.as_bytes(), digest.as_bytes(), address.as_bytes()]);
    context.upgraded(key, || Upgraded::new(json, class, url, context.limits()))
}

/// The document at a web address, as it is read where one of `class` is expected; or `None` with a note of why not.
fn want(context: &Context<'_>, class: Expected, url: &Url) -> Option<Arc<Upgraded>> {
    let purpose = links::purpose(class);
    let (document, json) = context.want_json(purpose, url)?;
    let read = upgraded(context, document.response.body_digest(), &json, class, Some(url));
    within_limits(context, purpose, &document, read)
}

/// The document at a web address in the terms of Open Badges 2.0 by their usual names, whatever its class; or `None` with a
/// note of why not.
fn want_usual(context: &Context<'_>, purpose: Purpose, url: &Url) -> Option<Arc<Upgraded>> {
    let (document, json) = context.want_json(purpose, url)?;
    let key = Digest::of_parts(&[b"usual names", document.response.body_digest().as_bytes()]);
    let read = context.upgraded(key, || Upgraded::in_usual_names(&json, context.limits()));
    within_limits(context, purpose, &document, read)
}

fn within_limits<T>(
    context: &Context<'_>,
    purpose: Purpose,
    document: &Document<'_>,
    read: Result<T, LimitExceeded>,
) -> Option<T> {
    read.map_err(|limit| {
        context.unavailable(purpose, &document.target, ReasonCode::Limit, limit.to_string());
    })
    .ok()
}

/// The badge of which all was judged.
fn badge(document: &Upgraded, assertion: Assertion, links: Links) -> Badge {
    let (badge_class, issuer) = (links.badge_class, links.issuer);
    let (badge_class, issuer) = (badge_class.map(|class| class.value), issuer.map(|issuer| issuer.value));
    Badge::of_chain(document, Chain::new(assertion, badge_class, issuer))
}

/// A signed object without its signature: anybody may have written it.
fn unsigned(context: &Context<'_>) {
    context.check(CheckCode::ProofPresent, without_signature());
    context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::ProofPresent));
    unknown_times(context, CheckCode::ProofPresent);
}

fn without_signature() -> Outcome {
    Outcome::inconclusive(ReasonCode::Missing, "it says that it is signed, but came without a signature")
}

/// Notes that dates and revocation are only claims.
fn unknown_times(context: &Context<'_>, premise: CheckCode) {
    context.check(CheckCode::TimeNotBefore, Outcome::premise(premise));
    context.check(CheckCode::TimeExpiry, Outcome::premise(premise));
}

/// Whether a target answers that it is gone. What else is to be said of the answer is noted where it is read.
pub(super) fn is_gone(context: &Context<'_>, purpose: Purpose, target: &Target) -> bool {
    let (served, _) = context.apart(|| context.want_any(purpose, target));
    served.is_some_and(|document| document.response.status() == GONE)
}

/// Notes that a hosted object was revoked by what its URL answered.
pub(super) fn gone(context: &Context<'_>, node: &Node, notice: Option<RevokedNotice>) {
    context.check(CheckCode::HostedContent, Outcome::premise(CheckCode::RevocationHosted));
    let check = Check::new(CheckCode::RevocationHosted, revoked()).at(node.clone());
    context.note(match notice.and_then(|notice| notice.reason) {
        Some(reason) => check.with(Evidence::Statement(reason)),
        None => check,
    });
}

fn revoked() -> Outcome {
    Outcome::failed(ReasonCode::Revoked, "the issuer has revoked it")
}

/// The checks on an assertion that is known to be what its issuer hosts or its key signed: dates and revocation list.
fn judge_authentic(context: &Context<'_>, assertion: Option<&Assertion>, links: &Links) {
    if let Some(assertion) = assertion {
        if assertion.revoked {
            context.check(CheckCode::RevocationHosted, revoked());
        }
        context.not_before(Some(assertion.issued_on));
        context.expiry(assertion.expires);
        revocation_list(context, &assertion.id, assertion.uid.as_deref(), links.issuer.as_ref());
    } else {
        unknown_times(context, CheckCode::StructureRequired);
    }
}

/// Looks an assertion or an endorsement up in the issuer's revocation list ("RevocationList").
///
/// NOTE: the specification asks for it where badges are signed; a list that names a hosted badge is no less clear.
fn revocation_list(context: &Context<'_>, id: &Iri, uid: Option<&str>, issuer: Option<&Linked<Profile>>) {
    let Some(list) = issuer.and_then(|issuer| issuer.value.revocation_list.as_ref()) else {
        let outcome = Outcome::not_applicable("the issuer names no revocation list");
        return context.check(CheckCode::RevocationList, outcome);
    };
    let inconclusive = |reason, message: String| {
        context.check(CheckCode::RevocationList, Outcome::inconclusive(reason, message));
    };
    let Some(url) = list.web_url() else {
        return inconclusive(ReasonCode::Unavailable, "the revocation list is not on the web".to_owned());
    };
    let node = Node::document(&Target::url(url.clone()), "");
    let Some(list) = want_usual(context, Purpose::RevocationList, &url) else {
        return inconclusive(ReasonCode::Unavailable, "the revocation list cannot be had".to_owned());
    };
    let value = match list.terms() {
        Ok(value) => value,
        Err(error) => return inconclusive(ReasonCode::Malformed, error.to_string()),
    };
    let read = match RevocationList::read_ob2(value, context.limits()) {
        Ok(read) => read,
        Err(error) => return inconclusive(ReasonCode::Malformed, error.to_string()),
    };
    listed::check(context, &read, Some(id.as_str()), uid, &node);
}
