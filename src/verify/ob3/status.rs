//! Whether a credential was taken back (Bitstring Status List 1.0 section 3.2 "Validate Algorithm"; Open Badges 3.0
//! "1EdTech Revocation List").

use std::collections::BTreeMap;
use std::sync::Arc;

use time::Duration;
use url::Url;

use super::super::context::{Context, essential};
use super::super::listed;
use super::super::signature::Integrity;
use super::{Demand, Securing, secure};
use crate::badge::ob3::{CredentialStatus, Envelope, StatusEntry, StatusList, StatusListKind, StatusMethod};
use crate::id::{Iri, same_id};
use crate::limits::Limit;
use crate::quote::quote;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode, Status};
use crate::resource::{Purpose, Target};
use crate::revocation::{BitString, BitStringError, RevocationList, StatusIndex};

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
    let mut lists = Lists::new();
    for status in envelope.statuses() {
        match &status.method {
            StatusMethod::Bits(entry) => bits(context, envelope, entry, &mut lists),
            StatusMethod::Listed { list } => listed(context, envelope, list),
            StatusMethod::Unknown => {
                let message = format!("statuses of this kind are not supported: {}", quote(kind_of(status)));
                let outcome = Outcome::inconclusive(ReasonCode::Unsupported, message);
                context.check(CheckCode::RevocationStatus, outcome);
            }
        }
    }
}

/// The lists that were looked at, so that many places in one cost as much as a single one.
type Lists = BTreeMap<Target, Result<Unpacked, Outcome>>;

/// A list that holds, and its bits.
struct Unpacked {
    list: StatusList,
    /// Which list it says it is.
    id: Option<Iri>,
    bits: Result<Arc<BitString>, BitStringError>,
}

fn kind_of(status: &CredentialStatus) -> &str {
    status.types.first().map_or("", String::as_str)
}

/// Looks up a place in a list of bits. The list is a credential of its own, and counts only if it holds.
fn bits(context: &Context<'_>, envelope: &Envelope, entry: &StatusEntry, lists: &mut Lists) {
    let Some(url) = entry.list.web_url() else {
        let outcome = Outcome::inconclusive(ReasonCode::Unavailable, "the list is not on the web");
        return context.check(CheckCode::RevocationStatus, outcome);
    };
    let target = Target::url(url.clone());
    let node = Node::document(&target, "");
    let note = |outcome| context.note(Check::new(CheckCode::RevocationStatus, outcome).at(node.clone()));
    let index = match StatusIndex::read(&entry.index) {
        Ok(index) => index,
        Err(error) => {
            let outcome = Outcome::failed(ReasonCode::Malformed, error.to_string());
            return context.note(essential(Check::new(CheckCode::RevocationStatus, outcome)));
        }
    };
    let list = lists.entry(target.clone()).or_insert_with_key(|target| authentic_list(context, target));
    let Unpacked { list, id, bits } = match list {
        Ok(list) => list,
        Err(unknown) => return note(unknown.clone()),
    };
    if !list.purposes().contains(&entry.purpose) {
        let message = format!("the list is not for the purpose {}", quote(&entry.purpose));
        return note(Outcome::inconclusive(ReasonCode::Mismatch, message));
    }
    let size = u8::try_from(entry.size).unwrap_or(u8::MAX);
    if let Err(BitStringError::Limit(limit)) = bits {
        return note(Outcome::inconclusive(ReasonCode::Limit, limit.to_string()));
    }
    let looked_up = bits.as_ref().map_err(ToString::to_string).and_then(|bits| {
        let value = bits.entry(index.value(), size).map_err(|error| error.to_string())?;
        Ok((value, bits.entries(size), bits.is_legacy()))
    });
    let (value, entries, is_legacy) = match looked_up {
        Ok(found) => found,
        Err(message) => {
            let outcome = Outcome::failed(ReasonCode::Malformed, message);
            return context
                .note(essential(Check::new(CheckCode::RevocationStatus, outcome).at(node.clone())));
        }
    };
    let advice = |code, message: &'static str| {
        let check = Check::new(code, Outcome::failed(ReasonCode::Mismatch, message));
        context.note(check.at(node.clone()).advisory());
    };
    let value_advice = |message| advice(CheckCode::StructureValue, message);
    if entries < BitString::MINIMUM_ENTRIES {
        value_advice("the list has fewer than 131,072 entries, so a lookup tells whose badge was looked up");
    }
    if is_legacy && list.kind() == StatusListKind::Bitstring {
        value_advice("expected `encodedList` to begin with `u`, as multibase text");
    }
    if index.was_number() {
        value_advice("expected the index as a string, found a number");
    }
    if entry.kind != list.kind() {
        value_advice("the list is of another kind than the entry says");
    }
    if envelope.issuer() != Some(list.issuer()) {
        value_advice("the list is another issuer's");
    }
    let identity = Identity::of(id.as_ref(), &url);
    if identity != Identity::ThisOne {
        advice(CheckCode::LinkId, "the list declares another id than its URL");
    }
    let outcome = match (identity, meaning(&entry.purpose, value)) {
        (Identity::Neighbour, Outcome::Passed) => {
            let why = "the list declares to be another one of the same origin";
            Outcome::inconclusive(ReasonCode::Mismatch, why)
        }
        (_, outcome) => outcome,
    };
    let check = Check::new(CheckCode::RevocationStatus, outcome).at(node.clone());
    context.note(match entry.message(value) {
        Some(message) => check.with(Evidence::Statement(message.to_owned())),
        None => check,
    });
}

/// Which list it is that a URL serves, by its own word.
///
/// NOTE: Bitstring Status List 1.0 does not say that a list's id is its URL, and there are lists that are kept elsewhere
/// than at their id. But an issuer's lists lie side by side, all signed with one key: whoever serves them could answer
/// with the one in which a revoked badge's place is clear. That a place is clear is believed of the right list only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// It declares an id of another origin: a copy of what is kept there.
    Copy,
    /// It declares another address of the same origin.
    Neighbour,
    /// It declares its URL, or nothing.
    ThisOne,
}

impl Identity {
    fn of(id: Option<&Iri>, url: &Url) -> Self {
        let Some(id) = id else { return Self::ThisOne };
        match id.web_url() {
            Some(declared) if Target::url(declared.clone()) == Target::url(url.clone()) => Self::ThisOne,
            Some(declared) if declared.origin() == url.origin() => Self::Neighbour,
            _ => Self::Copy,
        }
    }
}

/// What a value says of the badge (Bitstring Status List 1.0 section 2.1 "statusPurpose").
///
/// NOTE: issuers may invent purposes. What they mean by a value other than zero is not known, and may be the worst.
fn meaning(purpose: &str, value: u64) -> Outcome {
    match (purpose, value) {
        ("message", _) => Outcome::not_applicable("the issuer has a message, which takes nothing back"),
        (_, 0) => Outcome::Passed,
        ("refresh", _) => Outcome::not_applicable("the issuer has a newer version of the badge"),
        ("revocation", _) => Outcome::failed(ReasonCode::Revoked, "the issuer has revoked the badge"),
        ("suspension", _) => Outcome::failed(ReasonCode::Suspended, "the issuer has suspended the badge"),
        (purpose, value) => {
            let message = format!("the value {value} is set for the unknown purpose {}", quote(purpose));
            Outcome::inconclusive(ReasonCode::Unsupported, message)
        }
    }
}

/// The list at a URL, if its own proof holds and it is in its own time.
///
/// # Errors
/// What that means for the status, if it is not so.
fn authentic_list(context: &Context<'_>, target: &Target) -> Result<Unpacked, Outcome> {
    let unavailable = |why: &'static str| Outcome::inconclusive(ReasonCode::Unavailable, why);
    let document = context.want(Purpose::StatusList, target).ok_or(unavailable("the list cannot be had"))?;
    let secured = Securing::served(context, &document)
        .ok_or(unavailable("the list is no credential in JSON or JWT"))?;
    let node = Node::document(target, "");
    let read = |secured: &Securing| {
        let reading = StatusList::read(secured.document(), secured.form());
        context.structure(&node, &reading);
        let list = reading.value?;
        let envelope = list.envelope().clone();
        Some((list, envelope))
    };
    let (list, checks) = context.apart(|| {
        let proven = secure(context, &secured, &node, Demand::Verifiable, read)?;
        if proven.envelope.not_before().is_some() {
            context.not_before(proven.envelope.not_before());
        }
        context.expiry(proven.envelope.valid_until());
        // NOTE: a list need not have an id; the claim `jti` is one as well (Securing Verifiable Credentials using JOSE and
        // COSE, section 3.1.3).
        let claimed = || proven.claims?.id.value()?.parse().ok();
        let id = proven.envelope.id().cloned().or_else(claimed);
        Some((proven.read, id))
    });
    // What was asked for on the list's behalf is on record; what is wrong with it is one fact of the badge.
    for check in checks.iter().filter(|check| check.code == CheckCode::ResourceOrigin) {
        context.note(check.clone());
    }
    if context.status_of(&checks) != Status::Valid && !only_redirected(context, &checks) {
        let wrong = checks.iter().find(|check| {
            !check.is_advisory()
                && check.outcome.reason().is_some_and(|reason| reason.code != ReasonCode::Absent)
        });
        let why =
            wrong.and_then(|check| Some(format!("{}, {}", check.code, check.outcome.reason()?.message)));
        let message = format!("the list is not authentic: {}", why.unwrap_or_default());
        return Err(Outcome::inconclusive(ReasonCode::Unavailable, message));
    }
    let (list, id) = list.ok_or(unavailable("the list cannot be read"))?;
    if let Some(milliseconds) = list.ttl() {
        let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
        context.fresh(&document, Duration::milliseconds(milliseconds))?;
    }
    let bits = context.bits(document.response.body_digest(), list.encoded_list());
    Ok(Unpacked { list, id, bits })
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
    let advice = |code, message: &'static str| {
        let check = Check::new(code, Outcome::failed(ReasonCode::Mismatch, message));
        context.note(check.at(node.clone()).advisory());
    };
    if read.id().is_some_and(|id| !same_id(id, url.as_str())) {
        advice(CheckCode::LinkId, "the list declares another id than its URL");
    }
    if read.issuer().is_some_and(|issuer| envelope.issuer().is_none_or(|own| own.as_str() != issuer)) {
        advice(CheckCode::StructureValue, "the list is another issuer's");
    }
    listed::check(context, &read, envelope.id().map(Iri::as_str), None, &node);
}
