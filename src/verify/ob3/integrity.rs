//! Data Integrity proofs on a credential (Verifiable Credential Data Integrity 1.0 sections 4.4 "Verify Proof" and 4.5
//! "Verify Proof Sets and Chains").

use std::sync::Arc;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::context::Context;
use super::super::memo::{Contexts, Examined, ProofKey, SignedClaim};
use super::super::signature::{Integrity, judge_signature, unusable_key};
use super::attempts::{Attempt, conclude};
use super::{Demand, Named, keys};
use crate::badge::ob3::{Envelope, ProofPurpose};
use crate::id::Digest;
use crate::json::{as_list, pointer_to};
use crate::jsonld::JsonLdError;
use crate::limits::Limit;
use crate::proof::integrity::{Cryptosuite, IntegrityError};
use crate::quote::quote;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode};

mod chain;
mod earlier;
mod examine;

use examine::Examiner;

/// Verifies the embedded proofs: one that holds and is bound to the issuer suffices (Open Badges 3.0, Verification,
/// step 2: "You may accept any one proof").
pub(super) fn verify(
    context: &Context<'_>,
    named: &Named,
    envelope: &Envelope,
    node: &Node,
    demand: Demand,
) -> Integrity {
    let Value::Object(members) = &*named.document else { return Integrity::Unknown };
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
    conclude(context, attempts(context, named.digest, members, envelope, node, demand))
}

/// Verifies each embedded proof, with those that it rests on.
pub(super) fn attempts(
    context: &Context<'_>,
    digest: Digest,
    members: &Map<String, Value>,
    envelope: &Envelope,
    node: &Node,
    demand: Demand,
) -> Vec<Attempt> {
    let is_list = members.get("proof").is_some_and(Value::is_array);
    let examiner = Examiner::new(context, digest, members, envelope);
    let mut tried = Vec::new();
    for (index, proof) in envelope.proofs().iter().enumerate() {
        let pointer = pointer_to(node.pointer(), "proof");
        let place = node.within(if is_list { pointer_to(&pointer, &index.to_string()) } else { pointer });
        let (integrity, checks) =
            context.apart(|| verify_one(context, &examiner, proof, index, &place, demand));
        tried.push(Tried { proof, integrity, checks, place });
    }
    chain::settle(context, &mut tried);
    let attempt = |Tried { integrity, checks, place, .. }| Attempt { integrity, checks, place };
    tried.into_iter().map(attempt).collect()
}

/// A proof, and what came of verifying it.
struct Tried<'p> {
    proof: &'p Map<String, Value>,
    integrity: Integrity,
    checks: Vec<Check>,
    place: Node,
}

/// Verifies one proof.
fn verify_one(
    context: &Context<'_>,
    examiner: &Examiner<'_, '_>,
    proof: &Map<String, Value>,
    index: usize,
    node: &Node,
    demand: Demand,
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
    let outcome = purpose(context, proof, examiner.envelope.purpose(), demand);
    note(CheckCode::ProofPurpose, outcome);
    window(context, proof, node);
    // 3. Both are brought into the form that was signed; what a context does not define is not signed.
    let earlier = || examiner.examine_earlier(proof, suite, index);
    let today = match examiner.examine(proof, suite, index) {
        Ok(today) => today,
        Err(outcome) => {
            note(CheckCode::ProofContext, outcome);
            return abandoned(CheckCode::ProofContext);
        }
    };
    let mut revision = match &today.claim {
        Ok(_) => Revision { examined: Arc::clone(&today), contexts: Contexts::Current, advice: None },
        Err(error) => match earlier() {
            Some(earlier) if matches!(error, IntegrityError::Document(_)) => earlier,
            _ => return unprepared(&note, error),
        },
    };
    let examined = Arc::clone(&revision.examined);
    let claim = match &examined.claim {
        Ok(claim) => claim,
        Err(error) => return unprepared(&note, error),
    };
    if let Some(prepared) = &claim.traced {
        context.trace(node, suite, prepared);
    }
    let mut algorithm = claim.signed.algorithm();
    if !context.policy.allows(algorithm) {
        let message = format!("the policy does not allow {algorithm}");
        note(CheckCode::ProofAlgorithm, Outcome::failed(ReasonCode::Forbidden, message));
        return Integrity::Broken;
    }
    context.note(
        Check::new(CheckCode::ProofAlgorithm, Outcome::Passed)
            .at(node.clone())
            .with(Evidence::Algorithm(suite.to_string())),
    );
    let compared = Check::new(CheckCode::ProofContext, claim.meaning.clone()).at(node.clone());
    context.note(own_contexts(context, examiner.envelope).fold(compared, Check::with));
    if let Some(disclosure) = &claim.disclosure {
        note(CheckCode::ProofDisclosure, disclosure.clone());
    }
    // 4. The key is found.
    let Some(name) = proof.get("verificationMethod").and_then(Value::as_str) else {
        let outcome = Outcome::failed(ReasonCode::Missing, "the proof names no verification method");
        note(CheckCode::ProofSignature, outcome);
        return Integrity::Broken;
    };
    let Ok(found) = keys::dereference(context, name, node) else {
        return abandoned(CheckCode::KeyLinked);
    };
    found.check_use(context, examiner.envelope.purpose());
    // 5. The signature is its.
    let (mut outcome, mut integrity) =
        signature(context, examiner.key(index, revision.contexts), claim, &found);
    if integrity == Integrity::Broken
        && revision.contexts == Contexts::Current
        && claim.of_statements
        && let Some(earlier) = earlier()
        && let Ok(claim) = &earlier.examined.claim
        && let (Outcome::Passed, Integrity::Proven) =
            signature(context, examiner.key(index, earlier.contexts), claim, &found)
    {
        (outcome, integrity) = (Outcome::Passed, Integrity::Proven);
        if let Some(prepared) = &claim.traced {
            context.trace(node, suite, prepared);
        }
        note(CheckCode::ProofContext, claim.meaning.clone());
        algorithm = claim.signed.algorithm();
        revision = Revision { advice: earlier.advice.clone(), ..revision };
    }
    if integrity == Integrity::Proven
        && let Some(advice) = revision.advice
    {
        context.note(advice.at(node.clone()));
    }
    context.note(
        Check::new(CheckCode::ProofSignature, outcome)
            .at(node.clone())
            .with(Evidence::Algorithm(algorithm.to_string()))
            .with(Evidence::Key(name.to_owned())),
    );
    // 6. The key is the issuer's.
    found.check_controller(context, examiner.envelope.issuer());
    integrity
}

/// What a proof signs, by the contexts of today or of some time before.
struct Revision {
    examined: Arc<Examined>,
    contexts: Contexts,
    /// What a host should know, if it was not read as of today.
    advice: Option<Check>,
}

/// The contexts of the host's own that a credential names.
fn own_contexts(context: &Context<'_>, envelope: &Envelope) -> impl Iterator<Item = Evidence> {
    envelope.contexts().iter().filter_map(Value::as_str).filter_map(|url| {
        let sha256 = context.contexts.pin(url)?;
        Some(Evidence::Context { url: url.to_owned(), sha256 })
    })
}

fn purpose(
    context: &Context<'_>,
    proof: &Map<String, Value>,
    expected: ProofPurpose,
    demand: Demand,
) -> Outcome {
    let expected = expected.as_str();
    match proof.get("proofPurpose").and_then(Value::as_str) {
        Some(found) if found == expected && demand == Demand::Addressed => addressee(context, proof),
        Some(found) if found == expected => Outcome::Passed,
        Some(other) => {
            let message = format!("expected the purpose `{expected}`, found {}", quote(other));
            Outcome::failed(ReasonCode::Mismatch, message)
        }
        None => Outcome::failed(ReasonCode::Missing, "the proof states no purpose"),
    }
}

/// Whether the proof was made for the domain and the challenge that the host demands, if it does; one of several domains
/// suffices.
fn addressee(context: &Context<'_>, proof: &Map<String, Value>) -> Outcome {
    let demands =
        [("domain", context.policy.proof_domain()), ("challenge", context.policy.proof_challenge())];
    for (member, demanded) in demands {
        let Some(demanded) = demanded else { continue };
        if !as_list(proof.get(member)).iter().any(|value| value == demanded) {
            return Outcome::failed(ReasonCode::Mismatch, format!("the proof was made for another {member}"));
        }
    }
    Outcome::Passed
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
        IntegrityError::Context | IntegrityError::Meaning { .. } => {
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
fn signature(
    context: &Context<'_>,
    proof: ProofKey,
    claim: &SignedClaim,
    found: &keys::Found,
) -> (Outcome, Integrity) {
    let key = match found.method.key() {
        Ok(key) => key,
        Err(error) => return unusable_key(error),
    };
    let signed = &claim.signed;
    match context.spend_signature().and_then(|()| context.spend_statements(signed.statements())) {
        Ok(()) => judge_signature(context.verified(proof.with(key), || signed.verify(key))),
        Err(outcome) => (outcome, Integrity::Unknown),
    }
}
