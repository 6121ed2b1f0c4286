//! What is around badges: a Verifiable Presentation by its holder, or a Comprehensive Learner Record by its issuer.
//!
//! A wrapper is judged like a credential of its own, and its verdict is about itself. No badge inside gains or loses by
//! it: a revoked record leaves the badges in it as they are, and the holder's proof says nothing about a badge without
//! one.
//!
//! Verifiable Credentials 2.0 section "Verifiable Presentations"; Verifiable Credential Data Integrity 1.0 section 4.4;
//! Comprehensive Learner Record 2.0 "Verification", which follows that of Open Badges 3.0.

use std::sync::Arc;

use serde_json::Value;

use super::super::claim::{Token, name_of};
use super::super::context::Context;
use super::super::signature::Integrity;
use super::{Authenticated, Demand, Named, Proven, Securing, in_time, secure, status};
use crate::badge::WrapperKind;
use crate::badge::ob3::{self, Claims, Envelope};
use crate::badge::wrapper::{Opened, Wrapper, presentation_claim};
use crate::id::Iri;
use crate::json::as_list;
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode, WrapperFacts};

/// Judges a presentation or a record, and says what it states.
///
/// NOTE: of a record no newer version is looked for, and its schemas are not evaluated.
pub(in super::super) fn judge(context: &Context<'_>, wrapper: &Wrapper) -> WrapperFacts {
    let mut facts = WrapperFacts::new(wrapper.kind, wrapper.place.clone());
    let node = Node::default();
    let Some(secured) = securing(wrapper) else {
        let outcome = Outcome::failed(ReasonCode::Malformed, "the payload is not a JSON object");
        context.note(Check::new(CheckCode::StructureType, outcome).at(node));
        return facts;
    };
    // 1. It has its form.
    let read = |secured: &Securing| {
        let reading = match wrapper.kind {
            WrapperKind::Clr => ob3::read_clr(secured.document(), secured.form()),
            WrapperKind::List | WrapperKind::Presentation => ob3::read_presentation(secured.document()),
        };
        context.structure(&node, &reading);
        Some((reading.is_sound(), reading.value?))
    };
    // 2. Its proof holds.
    let demand = Demand::of_outermost(wrapper.within.is_none());
    let Some(proven) = secure(context, &secured, &node, demand, read) else { return facts };
    let Proven { read: is_sound, envelope, integrity, claims } = proven;
    state(&mut facts, &wrapper.opened, &envelope);
    // 3. It is in its time and was not taken back.
    match wrapper.kind {
        WrapperKind::Clr => {
            let current = Authenticated { badge: None, is_sound, envelope, integrity };
            in_time(context, &current);
            status::check(context, &current.envelope, integrity);
            context.issuer_trusted(current.envelope.issuer().map(Iri::as_str));
        }
        WrapperKind::List | WrapperKind::Presentation => shown_in_time(context, claims, integrity),
    }
    facts
}

/// The wrapper, with how it is secured. The JWT of a presentation holds no credential, but the same claims.
fn securing(wrapper: &Wrapper) -> Option<Securing> {
    let Opened { document, signed } = &wrapper.opened;
    let Some((jws, claims)) = signed else {
        let digest = name_of(document);
        return Some(Securing::Embedded(Named { document: Arc::clone(document), digest }));
    };
    let token = Token::of(jws.clone(), Arc::clone(claims))?;
    let token = match presentation_claim(claims) {
        Some(claim) => token.of_presentation(claim, Arc::clone(document)),
        None => token,
    };
    Some(Securing::Jwt(Arc::new(token)))
}

/// Takes down what the wrapper says of itself.
fn state(facts: &mut WrapperFacts, opened: &Opened, envelope: &Envelope) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    facts.id = envelope.id().cloned();
    facts.issuer = envelope.issuer().cloned();
    facts.name = text(opened.document.get("name"));
    facts.valid_from = envelope.valid_from();
    facts.valid_until = envelope.valid_until();
    facts.challenge = text(agreed(opened, envelope, "nonce", "challenge"));
    facts.domains = as_list(agreed(opened, envelope, "aud", "domain"))
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
}

/// What all proofs say, the JWT in a claim and the others in a member. One proof that holds suffices, so what a single one
/// of several says may be anybody's word: whoever has a presentation can add a proof with another challenge, or put it
/// into a JWT with another one, which does not hold.
fn agreed<'v>(opened: &'v Opened, envelope: &'v Envelope, claim: &str, member: &str) -> Option<&'v Value> {
    let of_jwt = opened.signed.iter().map(|(_, claims)| claims.get(claim));
    let mut said = of_jwt.chain(envelope.proofs().iter().map(|proof| proof.get(member)));
    let first = said.next()??;
    said.all(|other| other == Some(first)).then_some(first)
}

/// Judges the dates of a presentation, which are those of its JWT, if the verdict rests on that.
fn shown_in_time(context: &Context<'_>, claims: Option<&Claims>, integrity: Integrity) {
    let Some(claims) = claims else { return };
    if integrity != Integrity::Proven {
        return context.check(CheckCode::TimeExpiry, Outcome::premise(CheckCode::ProofSignature));
    }
    if let Some(begin) = claims.not_before.value() {
        context.not_before(Some(*begin));
    }
    context.expiry(claims.expires.value().copied());
}
