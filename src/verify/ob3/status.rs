//! Whether a credential was taken back (Bitstring Status List 1.0 section 3.2 "Validate Algorithm"; Open Badges 3.0
//! "1EdTech Revocation List").

use super::super::context::{Context, essential};
use super::super::listed;
use super::super::signature::Integrity;
use super::{Securing, jwt, secure};
use crate::badge::ob3::{CredentialStatus, Envelope, StatusEntry, StatusList, StatusMethod};
use crate::id::Iri;
use crate::limits::Limit;
use crate::quote::quote;
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode, Status};
use crate::resource::{Purpose, Target};
use crate::revocation::{self, RevocationList, StatusIndex};
use crate::sniff::trim;

/// Looks up every entry: each of them can revoke.
pub(super) fn check(context: &Context<'_>, envelope: &Envelope, integrity: Integrity) {
    if envelope.statuses().is_empty() {
        let outcome = Outcome::not_applicable("the credential declares no status");
        return context.check(CheckCode::RevocationStatus, outcome);
    }
    if integrity != Integrity::Proven {
        // Nothing is fetched in the name of a badge that may be anybody's.
        let premise = Outcome::premise(CheckCode::ProofSignature);
        return context.check(CheckCode::RevocationStatus, premise);
    }
    // Each of them may cost a list of its own to verify and to unpack.
    if let Err(limit) = context.limits().check(Limit::Statuses, envelope.statuses().len()) {
        let outcome = Outcome::inconclusive(ReasonCode::Limit, limit.to_string());
        return context.check(CheckCode::RevocationStatus, outcome);
    }
    for status in envelope.statuses() {
        match &status.method {
            StatusMethod::Bits(entry) => bits(context, envelope, entry),
            StatusMethod::Listed { list } => listed(context, envelope, list),
            StatusMethod::Unknown => {
                let message = format!("statuses of this kind are not supported: {}", quote(kind_of(status)));
                let outcome = Outcome::inconclusive(ReasonCode::Unsupported, message);
                context.check(CheckCode::RevocationStatus, outcome);
            }
        }
    }
}

fn kind_of(status: &CredentialStatus) -> &str {
    status.types.first().map_or("", String::as_str)
}

/// Looks up a place in a list of bits. The list is a credential of its own, and counts only if it holds.
fn bits(context: &Context<'_>, envelope: &Envelope, entry: &StatusEntry) {
    let Some(url) = entry.list.web_url() else {
        let outcome = Outcome::inconclusive(ReasonCode::Unavailable, "the list is not on the web");
        return context.check(CheckCode::RevocationStatus, outcome);
    };
    let target = Target::url(url);
    let node = Node::document(&target, "");
    let note = |outcome| context.note(Check::new(CheckCode::RevocationStatus, outcome).at(node.clone()));
    let index = match StatusIndex::read(&entry.index) {
        Ok(index) => index,
        Err(error) => {
            let outcome = Outcome::failed(ReasonCode::Malformed, error.to_string());
            return context.note(essential(Check::new(CheckCode::RevocationStatus, outcome)));
        }
    };
    let Some(list) = authentic_list(context, &target) else {
        return note(Outcome::inconclusive(
            ReasonCode::Unavailable,
            "the list cannot be had, or is not authentic",
        ));
    };
    if !list.purposes().contains(&entry.purpose) {
        let message = format!("the list is not for the purpose {}", quote(&entry.purpose));
        return note(Outcome::inconclusive(ReasonCode::Mismatch, message));
    }
    let size = u8::try_from(entry.size).unwrap_or(u8::MAX);
    let looked_up = revocation::look_up(list.encoded_list(), index.value(), size, context.limits());
    let found = match looked_up {
        Ok(found) => found,
        Err(error) => {
            let outcome = Outcome::failed(ReasonCode::Malformed, error.to_string());
            return context
                .note(essential(Check::new(CheckCode::RevocationStatus, outcome).at(node.clone())));
        }
    };
    let advice = |message: &'static str| {
        let check = Check::new(CheckCode::StructureValue, Outcome::failed(ReasonCode::Mismatch, message));
        context.note(check.at(node.clone()).advisory());
    };
    if found.entries() < SHORTEST_LIST {
        advice("the list has fewer than 131,072 entries, so a lookup tells whose badge was looked up");
    }
    if index.was_number() {
        advice("expected `statusListIndex` as a string, found a number");
    }
    if envelope.issuer() != Some(list.issuer()) {
        advice("the list is another issuer's");
    }
    match (entry.purpose.as_str(), found.value()) {
        (_, 0) => note(Outcome::Passed),
        ("revocation", _) => note(Outcome::failed(ReasonCode::Revoked, "the issuer has revoked the badge")),
        ("suspension", _) => {
            note(Outcome::failed(ReasonCode::Suspended, "the issuer has suspended the badge"))
        }
        // Other purposes, such as `refresh` and `message`, take nothing back.
        (_, value) => {
            let message = format!("the purpose {} has the value {value}", quote(&entry.purpose));
            note(Outcome::NotApplicable(crate::report::Reason::new(ReasonCode::Absent, message)));
        }
    }
}

/// Bitstring Status List 1.0 section 3.2: 16 KiB of bits, so that a lookup does not tell whose badge it is for.
const SHORTEST_LIST: u64 = 131_072;

/// The list at a URL, if its own proof holds and it is in its own time.
fn authentic_list(context: &Context<'_>, target: &Target) -> Option<StatusList> {
    let document = context.want(Purpose::StatusList, target)?;
    let text = trim(document.response.body());
    let (list, checks) = context.apart(|| {
        let secured = if text.first() == Some(&b'{') {
            Securing::Embedded(context.json(&document)?)
        } else {
            Securing::jwt(text, context.limits())?
        };
        let reading = StatusList::read(secured.document(), secured.form());
        context.structure(&Node::document(target, ""), &reading);
        let list = reading.value?;
        secure(context, &secured, list.envelope(), &Node::document(target, ""));
        if list.envelope().valid_from().is_some() {
            context.not_before(list.envelope().valid_from());
        }
        context.expiry(jwt::end_of(list.envelope(), secured.claims()));
        Some(list)
    });
    // What was asked for on the list's behalf is on record; what is wrong with it is one fact of the badge.
    for check in checks.iter().filter(|check| check.code == CheckCode::ResourceOrigin) {
        context.note(check.clone());
    }
    list.filter(|_| context.status_of(&checks) == Status::Valid || only_redirected(context, &checks))
}

/// Whether nothing is wrong but a redirect, which has its own check.
fn only_redirected(context: &Context<'_>, checks: &[Check]) -> bool {
    let others: Vec<Check> =
        checks.iter().filter(|check| check.code != CheckCode::ResourceOrigin).cloned().collect();
    context.status_of(&others) == Status::Valid
}

/// Looks the badge up in a list of ids, which is believed because https serves it from its own address.
fn listed(context: &Context<'_>, envelope: &Envelope, list: &Iri) {
    let note =
        |node: &Node, outcome| context.note(Check::new(CheckCode::RevocationList, outcome).at(node.clone()));
    let nowhere = Node::default();
    let Some(url) = list.web_url() else {
        return note(&nowhere, Outcome::inconclusive(ReasonCode::Unavailable, "the list is not on the web"));
    };
    let node = Node::document(&Target::url(url.clone()), "");
    let Some((_, value)) = context.want_json(Purpose::RevocationList, &url) else {
        return note(&node, Outcome::inconclusive(ReasonCode::Unavailable, "the list cannot be had"));
    };
    let read = match RevocationList::read_1edtech(&value, context.limits()) {
        Ok(read) => read,
        Err(error) => return note(&node, Outcome::inconclusive(ReasonCode::Malformed, error.to_string())),
    };
    listed::check(context, &read, envelope.id().map(Iri::as_str), None, &node);
}
