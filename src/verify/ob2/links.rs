//! Follows an assertion to its badge class and its issuer, and makes sure that each document is the one of its id.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::super::context::{Context, same_id};
use super::extensions;
use crate::badge::ob2::{Assertion, BadgeClass, Expected, Outline, Profile, Reference, Upgraded};
use crate::badge::{Reading, Version};
use crate::id::Iri;
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

/// A JSON document, or a part of one.
struct Part {
    /// In the form of 2.0.
    json: Value,
    version: Version,
    node: Node,
    hosted_at: Option<Url>,
}

/// Follows the links of an assertion of some version that stands at `node`.
pub(super) fn follow(context: &Context<'_>, version: Version, assertion: &Assertion, node: &Node) -> Links {
    let mut links = Links::default();
    let read = |part: &Part| BadgeClass::read_as(part.version, &part.json, pointer_within(part));
    let Some((badge_class, version)) =
        linked(context, Expected::BadgeClass, &assertion.badge, version, node, read)
    else {
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
    let read = |part: &Part| Profile::read_as(part.version, &part.json, pointer_within(part));
    let issuer = linked(context, Expected::Issuer, reference, version, node, read);
    let issuer = issuer.map(|(issuer, _)| issuer);
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
    let is_on_the_web = match reference {
        Reference::Id(id) => id.web_url().is_some(),
        Reference::Embedded(embedded) => {
            Outline::read(embedded.json()).id.is_some_and(|id| id.web_url().is_some())
        }
    };
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
fn linked<T>(
    context: &Context<'_>,
    class: Expected,
    reference: &Reference,
    version: Version,
    node: &Node,
    read: impl Fn(&Part) -> Reading<T>,
) -> Option<(Linked<T>, Version)> {
    let part = match reference {
        Reference::Id(id) => at_id(context, class, id, node)?,
        Reference::Embedded(embedded) => match Outline::read(embedded.json()).id {
            Some(id) if id.web_url().is_some() => at_id(context, class, &id, node)?,
            // An issuer that nobody can name is nobody: what it says of itself does not matter.
            None if class == Expected::Issuer => return None,
            Some(_) | None => {
                // What is embedded was upgraded along with its document.
                let node = node.within(embedded.pointer());
                Part { json: embedded.json().clone(), version, node, hosted_at: None }
            }
        },
    };
    let reading = read(&part);
    // Places of violations are counted from the document's root, and so is the node's.
    context.structure(&part.node.within(""), &reading);
    extensions::check(context, &part.json, &part.node);
    let linked = Linked { value: reading.value?, node: part.node, hosted_at: part.hosted_at };
    Some((linked, part.version))
}

fn pointer_within(part: &Part) -> &str {
    part.node.pointer()
}

/// Why a document of a class is asked for.
fn purpose(class: Expected) -> Purpose {
    match class {
        Expected::Assertion => Purpose::Assertion,
        Expected::BadgeClass => Purpose::BadgeClass,
        Expected::Issuer => Purpose::Issuer,
    }
}

/// The document at an id.
fn at_id(context: &Context<'_>, class: Expected, id: &Iri, node: &Node) -> Option<Part> {
    let purpose = purpose(class);
    let Some(url) = id.web_url() else {
        let outcome =
            Outcome::inconclusive(ReasonCode::Unavailable, format!("the {purpose} is not on the web"));
        context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(node.clone()));
        return None;
    };
    let (_, json) = context.want_json(purpose, &url)?;
    let part = |json: &Value, hosted_at: Option<Url>, url: Url| {
        let Upgraded { json, version } = Upgraded::new(json, class, Some(&url));
        Some(Part { json, version, node: Node::document(&Target::url(url), ""), hosted_at })
    };
    match confirm(context, purpose, &url, &json) {
        Confirmation::Confirmed => part(&json, Some(url.clone()), url),
        Confirmation::Elsewhere { url, json } => part(&json, Some(url.clone()), url),
        // Whoever that is, the web address that served it is not its id.
        Confirmation::NotOnTheWeb if class == Expected::Issuer => part(&json, None, url),
        Confirmation::NotOnTheWeb => {
            let outcome = Outcome::inconclusive(
                ReasonCode::Mismatch,
                "the document declares an id that is not on the web",
            );
            context.note(Check::new(CheckCode::LinkId, outcome).at(Node::document(&Target::url(url), "")));
            None
        }
        Confirmation::Refuted | Confirmation::Unknown => None,
    }
}

/// Whether a document is the one of the id that it was asked for by.
pub(super) enum Confirmation {
    /// It is, or declares no id at all.
    Confirmed,
    /// It is the one of another id, which confirms it.
    Elsewhere { url: Url, json: Arc<Value> },
    /// It declares an id that nobody can be asked about.
    NotOnTheWeb,
    /// It declares an id that serves something else.
    Refuted,
    /// It declares an id that cannot be asked.
    Unknown,
}

/// Makes sure that a document is the one of its id. A document is taken only for the id that served it: where it declares
/// another one, that one is asked, and must confirm itself.
pub(super) fn confirm(context: &Context<'_>, purpose: Purpose, url: &Url, json: &Value) -> Confirmation {
    let Some(declared) = Outline::read(json).id else { return Confirmation::Confirmed };
    if same_id(declared.as_str(), url.as_str()) {
        return Confirmation::Confirmed;
    }
    let Some(elsewhere) = declared.web_url() else { return Confirmation::NotOnTheWeb };
    let node = Node::document(&Target::url(url.clone()), "");
    let note = |outcome| context.note(Check::new(CheckCode::LinkId, outcome).at(node.clone()));
    let (served, checks) = context.apart(|| context.want_json(purpose, &elsewhere));
    // A redirect is as telling here as anywhere; that the document could not be had is what `link.id` says.
    for check in checks.into_iter().filter(|check| check.code == CheckCode::ResourceOrigin) {
        context.note(check);
    }
    let Some((_, confirming)) = served else {
        note(Outcome::inconclusive(
            ReasonCode::Unavailable,
            "the document declares another id, which cannot be asked",
        ));
        return Confirmation::Unknown;
    };
    if !Outline::read(&confirming).id.is_some_and(|id| same_id(id.as_str(), elsewhere.as_str())) {
        note(Outcome::failed(
            ReasonCode::Mismatch,
            "the document declares another id, which serves something else",
        ));
        return Confirmation::Refuted;
    }
    Confirmation::Elsewhere { url: elsewhere, json: confirming }
}
