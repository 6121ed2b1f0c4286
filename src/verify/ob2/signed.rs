//! Signed verification (Open Badges 2.0, "SignedBadge").

use std::sync::Arc;

use serde_json::Value;

use super::super::context::Context;
use super::super::memo::signature_key;
use super::super::signature::{Integrity, judge_algorithm, judge_signature};
use super::links::{self, Linked, Links};
use super::{badge, extensions, judge_authentic, legacy_key, unknown_times, want_usual};
use crate::badge::ob2::{Assertion, Profile, Reference, Upgraded};
use crate::badge::{Badge, Version};
use crate::id::{Iri, same_id};
use crate::jws::CompactJws;
use crate::limits::Limit;
use crate::proof::{self, Algorithm, KeyDocument, PublicKey, VerificationMethod};
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};

/// Judges a signed badge. The result is the payload, if a key of the issuer's signed it.
pub(super) fn judge(context: &Context<'_>, jws: &CompactJws, document: &Upgraded) -> Option<Badge> {
    let node = Node::default();
    context.check(CheckCode::ProofPresent, Outcome::Passed);
    // 1. to 3. The payload has its form, and leads to its badge class and issuer.
    let reading = document.whole().read::<Assertion>();
    context.structure(&node, &reading);
    extensions::check(context, &document.received, &node);
    let name = jws.header().get("alg").and_then(Value::as_str).unwrap_or_default();
    let (outcome, algorithm) = judge_algorithm(context, name);
    context.note(Check::new(CheckCode::ProofAlgorithm, outcome).with(Evidence::Algorithm(name.to_owned())));
    let links = match &reading.value {
        Some(assertion) => links::follow(context, document.version, assertion, &node),
        None => Links::default(),
    };
    context.issuer_trusted(links.issuer.as_ref().map(|issuer| issuer.value.id.as_str()));
    let (Some(assertion), Ok(algorithm)) = (reading.value, algorithm) else {
        context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::ProofAlgorithm));
        unknown_times(context, CheckCode::ProofSignature);
        return None;
    };
    // 4. to 6. A key that the issuer's profile lists signed it.
    let integrity = match &links.issuer {
        Some(issuer) if document.version < Version::V2_0 => {
            legacy_key::verify(context, jws, algorithm, &assertion, issuer)
        }
        Some(issuer) => by_listed_key(context, jws, algorithm, &assertion, issuer),
        None => {
            context.check(CheckCode::KeyLinked, Outcome::premise(CheckCode::IssuerAuthority));
            context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::KeyLinked));
            Integrity::Unknown
        }
    };
    // 7. and 8. It is in its time, and not on the issuer's list.
    if integrity != Integrity::Proven {
        unknown_times(context, CheckCode::ProofSignature);
        context.check(CheckCode::RevocationList, Outcome::premise(CheckCode::ProofSignature));
        return None;
    }
    judge_authentic(context, Some(&assertion), &links);
    Some(badge(document, assertion, links))
}

/// Verifies the signature with the key that the badge names, or with any that the issuer lists if it names none.
fn by_listed_key(
    context: &Context<'_>,
    jws: &CompactJws,
    algorithm: Algorithm,
    assertion: &Assertion,
    issuer: &Linked<Profile>,
) -> Integrity {
    let note = |code, outcome| context.note(Check::new(code, outcome).at(issuer.node.clone()));
    if let Err(limit) = context.limits().check(Limit::VerificationMethods, issuer.value.public_keys.len()) {
        note(CheckCode::KeyLinked, Outcome::inconclusive(ReasonCode::Limit, limit.to_string()));
        context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::KeyLinked));
        return Integrity::Unknown;
    }
    let creator = assertion.verification.creator.as_ref().map(Reference::id);
    let listed: Vec<&Reference> = issuer
        .value
        .public_keys
        .iter()
        .filter(|key| creator.as_ref().is_none_or(|creator| creator.is_some() && key.id() == *creator))
        .collect();
    if listed.is_empty() || issuer.hosted_at.is_none() {
        let outcome = if issuer.hosted_at.is_none() {
            Outcome::premise(CheckCode::IssuerAuthority)
        } else {
            Outcome::failed(ReasonCode::Unbound, "the issuer's profile does not list the key")
        };
        note(CheckCode::KeyLinked, outcome);
        context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::KeyLinked));
        return Integrity::Unknown;
    }
    note(CheckCode::KeyLinked, Outcome::Passed);
    let mut others = Vec::new();
    for key in listed {
        let (integrity, checks) = context.apart(|| by_key(context, jws, algorithm, key, issuer));
        if integrity == Integrity::Proven {
            checks.into_iter().for_each(|check| context.note(check));
            return Integrity::Proven;
        }
        others.push((integrity, checks));
    }
    // None of them did. As long as one could not be tried, it may be the one.
    let is_open = others.iter().any(|(integrity, _)| *integrity == Integrity::Unknown);
    let result = if is_open { Integrity::Unknown } else { Integrity::Broken };
    for (_, checks) in others.into_iter().filter(|(integrity, _)| *integrity == result) {
        checks.into_iter().for_each(|check| context.note(check));
    }
    result
}

/// Verifies the signature with one key of the issuer's.
fn by_key(
    context: &Context<'_>,
    jws: &CompactJws,
    algorithm: Algorithm,
    key: &Reference,
    issuer: &Linked<Profile>,
) -> Integrity {
    let Some((method, node)) = find(context, key, issuer) else {
        context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::ResourceAvailable));
        return Integrity::Unknown;
    };
    if let Some(owner) = method.controller()
        && owner != issuer.value.id.as_str()
    {
        let outcome = Outcome::failed(ReasonCode::Mismatch, "the key document names another owner");
        context.note(Check::new(CheckCode::KeyOwner, outcome).at(node.clone()));
    }
    let public = match method.key() {
        Ok(public) => public,
        Err(error) => {
            let outcome = Outcome::inconclusive(ReasonCode::Unsupported, error.to_string());
            context.note(signature_check(algorithm, key.id(), outcome));
            return Integrity::Unknown;
        }
    };
    by_public_key(context, jws, algorithm, public, key.id(), node)
}

/// Verifies the signature with a public key, which has an id and stands at `node`.
pub(super) fn by_public_key(
    context: &Context<'_>,
    jws: &CompactJws,
    algorithm: Algorithm,
    public: &PublicKey,
    id: Option<&Iri>,
    node: Node,
) -> Integrity {
    if public.is_weak() {
        let message = format!("a key of {} bits proves nothing", public.bits());
        let outcome = Outcome::inconclusive(ReasonCode::Weak, message);
        context.note(Check::new(CheckCode::KeyStrength, outcome).at(node));
    }
    if let Err(outcome) = context.spend_signature() {
        context.note(signature_check(algorithm, id, outcome));
        return Integrity::Unknown;
    }
    let (outcome, integrity) = judge_signature(
        context.verified(signature_key(public, algorithm, jws.signing_input(), jws.signature()), || {
            proof::verify(public, algorithm, jws.signing_input(), jws.signature())
        }),
    );
    context.note(signature_check(algorithm, id, outcome));
    integrity
}

fn signature_check(algorithm: Algorithm, key: Option<&Iri>, outcome: Outcome) -> Check {
    let check =
        Check::new(CheckCode::ProofSignature, outcome).with(Evidence::Algorithm(algorithm.to_string()));
    match key {
        Some(id) => check.with(Evidence::Key(id.to_string())),
        None => check,
    }
}

/// The key: as the issuer's own profile embeds it, or the document at its id.
fn find(
    context: &Context<'_>,
    key: &Reference,
    issuer: &Linked<Profile>,
) -> Option<(VerificationMethod, Node)> {
    let (document, node, id, is_document) = match key {
        Reference::Embedded(embedded) if embedded.json().get("publicKeyPem").is_some() => {
            let node = issuer.node.within(embedded.pointer());
            let document = Upgraded::in_usual_names(&Arc::new(embedded.json().clone()), context.limits());
            (Arc::new(document), node, &issuer.value.id, false)
        }
        Reference::Embedded(_) | Reference::Id(_) => {
            let id = key.id()?;
            let Some(url) = id.web_url() else {
                let outcome = Outcome::inconclusive(ReasonCode::Unavailable, "the key is not on the web");
                context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(issuer.node.clone()));
                return None;
            };
            let document = want_usual(context, Purpose::Key, &url)?;
            let node = Node::document(&Target::url(url), "");
            (document, node, id, true)
        }
    };
    let value = match document.terms() {
        Ok(value) => value,
        Err(error) => {
            let outcome = Outcome::inconclusive(ReasonCode::Malformed, error.to_string());
            context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(node));
            return None;
        }
    };
    let is_own = |declared: Iri| same_id(declared.as_str(), id.as_str());
    let declared = document.whole().outline().id;
    if is_document && id.as_str() == id.without_fragment() && !declared.is_none_or(is_own) {
        let outcome = Outcome::inconclusive(ReasonCode::Mismatch, "the key document declares another id");
        context.note(Check::new(CheckCode::LinkId, outcome).at(node.clone()));
    }
    let read = KeyDocument::read(value, id.without_fragment(), context.limits());
    let method = read.ok().and_then(|keys| match keys.methods() {
        [only] => Some(only.clone()),
        _ => keys.method(id.as_str()).ok().cloned(),
    });
    if method.is_none() {
        let outcome = Outcome::inconclusive(ReasonCode::Missing, "the document holds no such key");
        context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(node.clone()));
    }
    Some((method?, node))
}
