//! Follows an assertion to its badge class and its issuer, and makes sure that each document is the one of its id.

use std::sync::Arc;

use url::Url;

use super::super::context::Context;
use super::{extensions, is_gone, want};
use crate::badge::Version;
use crate::badge::ob2::{
    Assertion, BadgeClass, Class, Expected, Part, Profile, Reference, RevokedNotice, Upgraded,
};
use crate::id::{Iri, same_id};
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};

/// The documents that an assertion leads to.
#[derive(Default)]
pub(super) struct Links {
    pub(super) badge_class: Option<Linked<BadgeClass>>,
    pub(super) issuer: Option<Linked<Profile>>,
}

/// A document that was read, and who answers for it.
pub(super) struct Linked<T> {
    pub(super) value: T,
    pub(super) node: Node,
    /// The address that served it and that it declares as its id; nothing if it stands in another document.
    pub(super) hosted_at: Option<Url>,
}

/// A document that was had for an id.
struct Had {
    document: Arc<Upgraded>,
    /// The id that it was confirmed to have.
    id: Iri,
    node: Node,
    hosted_at: Option<Url>,
}

/// Follows the links of an assertion of some version that stands at `node`.
pub(super) fn follow(context: &Context<'_>, version: Version, assertion: &Assertion, node: &Node) -> Links {
    let mut links = Links::default();
    let Some((badge_class, version)) = linked::<BadgeClass>(context, &assertion.badge, version, node) else {
        context.check(CheckCode::IssuerAuthority, Outcome::premise(CheckCode::LinkBadgeClass));
        return links;
    };
    let issuer = follow_issuer(context, version, &badge_class.value.issuer, &badge_class.node);
    if let Some(issuer) = &issuer {
        same_place(context, &badge_class, issuer);
    }
    links.badge_class = Some(badge_class);
    links.issuer = issuer;
    links
}

/// Follows the link to an issuer from a document of some version at `node`.
pub(super) fn follow_issuer(
    context: &Context<'_>,
    version: Version,
    reference: &Reference,
    node: &Node,
) -> Option<Linked<Profile>> {
    let issuer = linked::<Profile>(context, reference, version, node).map(|(issuer, _)| issuer);
    match &issuer {
        Some(issuer) => authority(context, issuer),
        None => authority_without_profile(context, reference, node),
    }
    issuer
}

/// Judges whether somebody answers for the issuer's id: only a web address that served the profile does.
fn authority(context: &Context<'_>, issuer: &Linked<Profile>) {
    let outcome = match &issuer.hosted_at {
        Some(_) => Outcome::Passed,
        None => Outcome::inconclusive(
            ReasonCode::Unbound,
            "the issuer has no id on the web: nobody answers for it",
        ),
    };
    context.note(Check::new(CheckCode::IssuerAuthority, outcome).at(issuer.node.clone()));
}

/// As [`authority`], of an issuer whose profile could not be read.
fn authority_without_profile(context: &Context<'_>, reference: &Reference, node: &Node) {
    let is_on_the_web = reference.id().is_some_and(|id| id.web_url().is_some());
    let outcome = if is_on_the_web {
        Outcome::premise(CheckCode::ResourceAvailable)
    } else {
        Outcome::inconclusive(ReasonCode::Unbound, "the issuer has no id on the web: nobody answers for it")
    };
    context.note(Check::new(CheckCode::IssuerAuthority, outcome).at(node.clone()));
}

/// NOTE: "VerificationObject" wants the badge class on the issuer's origin as well; many issuers host it elsewhere, and
/// nothing in it speaks for the issuer, so this is advice.
fn same_place(context: &Context<'_>, badge_class: &Linked<BadgeClass>, issuer: &Linked<Profile>) {
    let (Some(class), Some(issuer)) = (&badge_class.hosted_at, &issuer.hosted_at) else { return };
    if class.host() != issuer.host() {
        let outcome =
            Outcome::failed(ReasonCode::Mismatch, "the badge class is on another host than the issuer");
        context.note(Check::new(CheckCode::LinkIssuer, outcome).at(badge_class.node.clone()).advisory());
    }
}

/// Reads what a reference in a document of some version leads to, and tells the version that it was written in. A
/// document on the web counts, whatever else was said under its id.
fn linked<T: Class>(
    context: &Context<'_>,
    reference: &Reference,
    version: Version,
    node: &Node,
) -> Option<(Linked<T>, Version)> {
    let embedded = match reference {
        Reference::Embedded(embedded) if embedded.id().is_none_or(|id| id.web_url().is_none()) => embedded,
        Reference::Embedded(_) | Reference::Id(_) => {
            let Had { document, id, node, hosted_at } = at_id::<T>(context, reference.id()?, node)?;
            let value = read(context, &document, id.as_str(), &node)?;
            return Some((Linked { value, node, hosted_at }, document.version));
        }
    };
    // An issuer that nobody can name is nobody: what it says of itself does not matter.
    if embedded.id().is_none() && T::EXPECTED == Expected::Profile {
        return None;
    }
    // What is embedded was upgraded along with its document.
    let reading = Part::embedded(version, embedded.json(), embedded.pointer()).read();
    // Places of violations are counted from the document's root.
    context.structure(&node.within(""), &reading);
    let node = node.within(embedded.pointer());
    extensions::check(context, embedded.json(), &node);
    Some((Linked { value: reading.value?, node, hosted_at: None }, version))
}

/// Reads a document that was confirmed to have an id, and notes what is wrong with it.
///
/// It makes sure of the id again: no reading of a document is believed that tells another one than was confirmed.
pub(super) fn read<T: Class>(context: &Context<'_>, document: &Upgraded, id: &str, node: &Node) -> Option<T> {
    let reading = document.whole().read::<T>();
    context.structure(node, &reading);
    extensions::check(context, &document.received, node);
    let value = reading.value?;
    if same_id(value.id().as_str(), id) {
        return Some(value);
    }
    let outcome = Outcome::failed(ReasonCode::Mismatch, "the document is read as the one of another id");
    context.note(Check::new(CheckCode::LinkId, outcome).at(node.clone()));
    None
}

/// The document at an id.
fn at_id<T: Class>(context: &Context<'_>, id: &Iri, node: &Node) -> Option<Had> {
    let purpose = purpose(T::EXPECTED);
    let Some(url) = id.web_url() else {
        let outcome =
            Outcome::inconclusive(ReasonCode::Unavailable, format!("the {purpose} is not on the web"));
        context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(node.clone()));
        return None;
    };
    let document = want(context, T::EXPECTED, &url)?;
    let had = |document, id, url: &Url, is_hosted: bool| {
        let node = Node::document(&Target::url(url.clone()), "");
        Some(Had { document, id, node, hosted_at: is_hosted.then(|| url.clone()) })
    };
    let as_id = |url: &Url| url.as_str().parse().ok();
    match confirm(context, T::EXPECTED, &url, &document) {
        Confirmation::Confirmed => had(document, as_id(&url)?, &url, true),
        Confirmation::Elsewhere { url, document } => had(document, as_id(&url)?, &url, true),
        // Whoever that is, the web address that served it is not its id.
        Confirmation::NotOnTheWeb(declared) if T::EXPECTED == Expected::Profile => {
            had(document, declared, &url, false)
        }
        Confirmation::NotOnTheWeb(_) => {
            not_on_the_web(context, &url);
            None
        }
        Confirmation::Refuted | Confirmation::Revoked { .. } | Confirmation::Unknown => None,
    }
}

/// Notes that a document declares an id that nobody can be asked about.
pub(super) fn not_on_the_web(context: &Context<'_>, url: &Url) {
    let outcome =
        Outcome::inconclusive(ReasonCode::Mismatch, "the document declares an id that is not on the web");
    let node = Node::document(&Target::url(url.clone()), "");
    context.note(Check::new(CheckCode::LinkId, outcome).at(node));
}

/// Why a document of a class is asked for.
pub(super) fn purpose(class: Expected) -> Purpose {
    match class {
        Expected::Assertion => Purpose::Assertion,
        Expected::BadgeClass => Purpose::BadgeClass,
        Expected::Endorsement => Purpose::Endorsement,
        Expected::Profile => Purpose::Issuer,
    }
}

/// Whether a document is the one of the id that it was asked for by.
pub(super) enum Confirmation {
    /// It is, or declares no id at all.
    Confirmed,
    /// It is the one of another id, which confirms it.
    Elsewhere { url: Url, document: Arc<Upgraded> },
    /// It declares an id that nobody can be asked about.
    NotOnTheWeb(Iri),
    /// It declares an id that serves something else.
    Refuted,
    /// It is an assertion or an endorsement, and declares an id that answers that it was revoked.
    Revoked { url: Url, notice: Option<RevokedNotice> },
    /// It declares an id that cannot be asked.
    Unknown,
}

/// Makes sure that a document is the one of its id. A document is taken only for the id that served it: where it declares
/// another one, that one is asked, and must confirm itself.
pub(super) fn confirm(
    context: &Context<'_>,
    class: Expected,
    url: &Url,
    document: &Upgraded,
) -> Confirmation {
    let Some(declared) = document.whole().outline().id else { return Confirmation::Confirmed };
    if same_id(declared.as_str(), url.as_str()) {
        return Confirmation::Confirmed;
    }
    let Some(elsewhere) = declared.web_url() else { return Confirmation::NotOnTheWeb(declared) };
    let node = Node::document(&Target::url(url.clone()), "");
    let note = |outcome| context.note(Check::new(CheckCode::LinkId, outcome).at(node.clone()));
    // What its own address answers is what is known of an award: that it is gone is an answer.
    let is_award = matches!(class, Expected::Assertion | Expected::Endorsement);
    if is_award && is_gone(context, purpose(class), &Target::url(elsewhere.clone())) {
        return Confirmation::Revoked { url: elsewhere, notice: None };
    }
    let (served, checks) = context.apart(|| want(context, class, &elsewhere));
    // A redirect is as telling here as anywhere; that the document could not be had is what `link.id` says.
    for check in checks.into_iter().filter(|check| check.code == CheckCode::ResourceOrigin) {
        context.note(check);
    }
    let Some(confirming) = served else {
        note(Outcome::inconclusive(
            ReasonCode::Unavailable,
            "the document declares another id, which cannot be asked",
        ));
        return Confirmation::Unknown;
    };
    let confirmed = confirming.whole().outline().id;
    if confirmed.is_none()
        && is_award
        && let Some(notice) = confirming.whole().revoked_notice()
    {
        return Confirmation::Revoked { url: elsewhere, notice: Some(notice) };
    }
    if !confirmed.is_some_and(|id| same_id(id.as_str(), elsewhere.as_str())) {
        note(Outcome::failed(
            ReasonCode::Mismatch,
            "the document declares another id, which serves something else",
        ));
        return Confirmation::Refuted;
    }
    Confirmation::Elsewhere { url: elsewhere, document: confirming }
}
