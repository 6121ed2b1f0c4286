//! Data Integrity proofs on a credential (Verifiable Credential Data Integrity 1.0 sections 4.4 "Verify Proof" and 4.5
//! "Verify Proof Sets and Chains").

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::context::Context;
use super::super::signature::{Integrity, judge_signature, unusable_key};
use super::keys;
use super::meaning;
use crate::badge::ob3::{Envelope, ProofPurpose};
use crate::json::pointer_to;
use crate::jsonld::{ContextStore, JsonLdError};
use crate::limits::Limit;
use crate::proof::integrity::{Cryptosuite, IntegrityError, Prepared, prepare};
use crate::quote::quote;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode, Status};

mod chain;
mod earlier;

/// Verifies the embedded proofs: one that holds and is bound to the issuer suffices (Open Badges 3.0, Verification,
/// step 2: "You may accept any one proof").
pub(super) fn verify(context: &Context<'_>, document: &Value, envelope: &Envelope, node: &Node) -> Integrity {
    let Value::Object(members) = document else { return Integrity::Unknown };
    let proofs = envelope.proofs();
    if proofs.is_empty() {
        context
            .check(CheckCode::ProofPresent, Outcome::inconclusive(ReasonCode::Missing, "there is no proof"));
        context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::ProofPresent));
        return Integrity::Unknown;
    }
    context.check(CheckCode::ProofPresent, Outcome::Passed);
    if let Err(limit) = context.limits().check(Limit::Proofs, proofs.len()) {
        let outcome = Outcome::inconclusive(ReasonCode::Limit, limit.to_string());
        context.check(CheckCode::ProofSignature, outcome);
        return Integrity::Unknown;
    }
    let is_list = members.get("proof").is_some_and(Value::is_array);
    let mut tried = Vec::new();
    for (index, proof) in proofs.iter().enumerate() {
        let pointer = pointer_to(node.pointer(), "proof");
        let place = node.within(if is_list { pointer_to(&pointer, &index.to_string()) } else { pointer });
        let (integrity, checks) = context.apart(|| verify_one(context, members, envelope, proof, &place));
        tried.push(Tried { proof, integrity, checks, place });
    }
    chain::settle(context, &mut tried);
    // The first of the best: `min_by_key` keeps the first of equals.
    let ranks: Vec<Rank> = tried.iter().map(|tried| tried.rank(context)).collect();
    let best = ranks.iter().enumerate().min_by_key(|(_, rank)| **rank).map(|(index, _)| index);
    let mut integrity = Integrity::Unknown;
    for (index, (tried, rank)) in tried.into_iter().zip(ranks).enumerate() {
        if Some(index) == best {
            integrity = tried.integrity;
            tried.checks.into_iter().for_each(|check| context.note(check));
        } else if rank == Rank::Failed {
            let outcome = Outcome::failed(ReasonCode::Mismatch, "another proof on the badge does not hold");
            context.note(Check::new(CheckCode::ProofOther, outcome).at(tried.place));
        }
    }
    integrity
}

/// A proof, and what came of verifying it.
struct Tried<'p> {
    proof: &'p Map<String, Value>,
    integrity: Integrity,
    checks: Vec<Check>,
    place: Node,
}

impl Tried<'_> {
    fn rank(&self, context: &Context<'_>) -> Rank {
        match (self.integrity, context.status_of(&self.checks)) {
            (Integrity::Proven, Status::Valid) => Rank::HoldsAndBinds,
            (_, Status::Invalid | Status::Revoked | Status::Expired) => Rank::Failed,
            (Integrity::Proven, Status::Unverified) => Rank::Holds,
            (Integrity::Unknown | Integrity::Broken, Status::Valid | Status::Unverified) => Rank::Unknown,
        }
    }
}

/// How good a proof is. Best first.
///
/// A proof that could not be checked comes before one that failed: with one document more it may hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    HoldsAndBinds,
    Holds,
    Unknown,
    Failed,
}

/// Verifies one proof.
fn verify_one(
    context: &Context<'_>,
    document: &Map<String, Value>,
    envelope: &Envelope,
    proof: &Map<String, Value>,
    node: &Node,
) -> Integrity {
    let note = |code, outcome| context.note(Check::new(code, outcome).at(node.clone()));
    let abandoned = |premise| {
        note(CheckCode::ProofSignature, Outcome::premise(premise));
        note(CheckCode::KeyController, Outcome::premise(CheckCode::ProofSignature));
        Integrity::Unknown
    };

    // 1. The suite is one that this crate has.
    let suite = match Cryptosuite::of(proof) {
        Ok(suite) => suite,
        Err(IntegrityError::Unsupported { what }) => {
            let message = format!("proofs of this kind are not supported: {}", quote(&what));
            note(CheckCode::ProofAlgorithm, Outcome::inconclusive(ReasonCode::Unsupported, message));
            return abandoned(CheckCode::ProofAlgorithm);
        }
        Err(error) => {
            note(CheckCode::ProofSignature, Outcome::failed(ReasonCode::Malformed, error.to_string()));
            return Integrity::Broken;
        }
    };
    // 2. It was made to assert something, and is in its own time.
    purpose(context, proof, envelope.purpose(), node);
    window(context, proof, node);
    // 3. Both are brought into the form that was signed; what a context does not define is not signed.
    let prepared = match prepare(document, proof, suite, context.contexts, context.limits()) {
        Ok(prepared) => prepared,
        Err(error) => return unprepared(&note, &error),
    };
    context.trace(node, suite, &prepared);
    if !context.policy.allows(prepared.algorithm()) {
        let message = format!("the policy does not allow {}", prepared.algorithm());
        note(CheckCode::ProofAlgorithm, Outcome::failed(ReasonCode::Forbidden, message));
        return Integrity::Broken;
    }
    context.note(
        Check::new(CheckCode::ProofAlgorithm, Outcome::Passed)
            .at(node.clone())
            .with(Evidence::Algorithm(suite.to_string())),
    );
    let contexts = ContextStore::bundled();
    let compared = meaning::compare(document, prepared.document_quads(), &contexts, context.limits());
    let compared = Check::new(CheckCode::ProofContext, compared).at(node.clone());
    context.note(own_contexts(context, envelope).fold(compared, Check::with));
    if let (Some(quads), Some(disclosure)) = (prepared.document_quads(), prepared.disclosure()) {
        note(CheckCode::ProofDisclosure, meaning::disclosed(document, quads, disclosure));
    }
    // 4. The key is found.
    let Some(name) = proof.get("verificationMethod").and_then(Value::as_str) else {
        let outcome = Outcome::failed(ReasonCode::Missing, "the proof names no verification method");
        note(CheckCode::ProofSignature, outcome);
        return Integrity::Broken;
    };
    let Some(found) = keys::dereference(context, name, node) else {
        return abandoned(CheckCode::KeyLinked);
    };
    found.check_use(context, envelope.purpose());
    // 5. The signature is its.
    let (mut outcome, mut integrity) = signature(context, &prepared, &found);
    if integrity == Integrity::Broken
        && prepared.document_quads().is_some()
        && let Some((document, earlier)) = earlier::prepare(context, document, envelope, proof, suite)
        && let (Outcome::Passed, Integrity::Proven) = signature(context, &earlier, &found)
    {
        context.trace(node, suite, &earlier);
        (outcome, integrity) = (Outcome::Passed, Integrity::Proven);
        let contexts = ContextStore::bundled_earlier();
        let compared = meaning::compare(&document, earlier.document_quads(), &contexts, context.limits());
        note(CheckCode::ProofContext, compared);
        context.note(earlier::advice().at(node.clone()));
    }
    context.note(
        Check::new(CheckCode::ProofSignature, outcome)
            .at(node.clone())
            .with(Evidence::Algorithm(prepared.algorithm().to_string()))
            .with(Evidence::Key(name.to_owned())),
    );
    // 6. The key is the issuer's.
    found.check_controller(context, envelope.issuer());
    integrity
}

/// The contexts of the host's own that a credential names.
fn own_contexts(context: &Context<'_>, envelope: &Envelope) -> impl Iterator<Item = Evidence> {
    envelope.contexts().iter().filter_map(Value::as_str).filter_map(|url| {
        let sha256 = context.contexts.pin(url)?;
        Some(Evidence::Context { url: url.to_owned(), sha256 })
    })
}

fn purpose(context: &Context<'_>, proof: &Map<String, Value>, expected: ProofPurpose, node: &Node) {
    let expected = expected.as_str();
    let outcome = match proof.get("proofPurpose").and_then(Value::as_str) {
        Some(found) if found == expected => Outcome::Passed,
        Some(other) => {
            let message = format!("expected the purpose `{expected}`, found {}", quote(other));
            Outcome::failed(ReasonCode::Mismatch, message)
        }
        None => Outcome::failed(ReasonCode::Missing, "the proof states no purpose"),
    };
    context.note(Check::new(CheckCode::ProofPurpose, outcome).at(node.clone()));
}

/// NOTE: a date without a zone is UTC (Verifiable Credential Data Integrity 1.0 section 2.1).
fn window(context: &Context<'_>, proof: &Map<String, Value>, node: &Node) {
    let instant = |member: &str| -> Result<Option<OffsetDateTime>, ()> {
        match proof.get(member) {
            None => Ok(None),
            Some(value) => value.as_str().and_then(crate::badge::date_time_or_utc).map(Some).ok_or(()),
        }
    };
    let outcome = match (instant("created"), instant("expires")) {
        (Err(()), _) | (_, Err(())) => {
            Outcome::failed(ReasonCode::Malformed, "`created` or `expires` is not a date and time")
        }
        (Ok(Some(created)), _) if created > context.now.saturating_add(context.policy.clock_skew()) => {
            Outcome::failed(ReasonCode::Time, "the proof was created in the future")
        }
        (_, Ok(Some(expires))) if expires < context.now => {
            Outcome::failed(ReasonCode::Time, "the proof has expired")
        }
        _ => Outcome::Passed,
    };
    context.note(Check::new(CheckCode::ProofWindow, outcome).at(node.clone()));
}

/// Notes why there is nothing to verify.
fn unprepared(note: &dyn Fn(CheckCode, Outcome), error: &IntegrityError) -> Integrity {
    let mut message = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        message = format!("{message}: {source}");
    }
    let (code, outcome, integrity) = match error {
        IntegrityError::Document(JsonLdError::UnknownContext { .. }) => (
            CheckCode::ProofContext,
            Outcome::inconclusive(ReasonCode::Unavailable, message),
            Integrity::Unknown,
        ),
        IntegrityError::Context => {
            (CheckCode::ProofContext, Outcome::failed(ReasonCode::Mismatch, message), Integrity::Broken)
        }
        IntegrityError::Document(_) | IntegrityError::Json(_) => {
            (CheckCode::ProofContext, Outcome::failed(ReasonCode::Malformed, message), Integrity::Broken)
        }
        IntegrityError::Limit(_) => {
            (CheckCode::ProofContext, Outcome::inconclusive(ReasonCode::Limit, message), Integrity::Unknown)
        }
        IntegrityError::Unsupported { .. } => (
            CheckCode::ProofAlgorithm,
            Outcome::inconclusive(ReasonCode::Unsupported, message),
            Integrity::Unknown,
        ),
        IntegrityError::Malformed { .. } | IntegrityError::PreviousProof { .. } => {
            note(CheckCode::ProofSignature, Outcome::failed(ReasonCode::Malformed, message));
            return Integrity::Broken;
        }
    };
    note(code, outcome);
    note(CheckCode::ProofSignature, Outcome::premise(code));
    note(CheckCode::KeyController, Outcome::premise(CheckCode::ProofSignature));
    integrity
}

/// Checks the signature, and those of single statements, within what is left of their budgets.
fn signature(context: &Context<'_>, prepared: &Prepared, found: &keys::Found) -> (Outcome, Integrity) {
    let key = match found.method.key() {
        Ok(key) => key,
        Err(error) => return unusable_key(error),
    };
    let statements = prepared.disclosure().map_or(0, |disclosure| disclosure.others().len());
    match context.spend_signature().and_then(|()| context.spend_statements(statements)) {
        Ok(()) => judge_signature(prepared.verify(key)),
        Err(outcome) => (outcome, Integrity::Unknown),
    }
}
