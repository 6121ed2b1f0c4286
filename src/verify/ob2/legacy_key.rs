//! The key of a signed badge before 2.0 (Open Badges 1.0 and 1.1, "Badge Verification": `verify.url`).
//!
//! The badge itself names the address of its key, which is PEM and says nothing of its owner. So a good signature shows
//! only that whoever put the key there signed. It is the issuer's where the key stands on the issuer's own origin;
//! elsewhere nothing binds the two, and the badge stays unverified. Since 2.0 the issuer lists its keys.

use super::super::context::Context;
use super::super::signature::Integrity;
use super::links::Linked;
use super::signed::by_public_key;
use crate::badge::ob2::{Assertion, Profile};
use crate::jws::CompactJws;
use crate::proof::{Algorithm, PublicKey};
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};

/// Verifies the signature with the key at `verify.url`, and notes whether that is the issuer's.
pub(super) fn verify(
    context: &Context<'_>,
    jws: &CompactJws,
    algorithm: Algorithm,
    assertion: &Assertion,
    issuer: &Linked<Profile>,
) -> Integrity {
    let unknown = |premise| {
        context.check(CheckCode::ProofSignature, Outcome::premise(premise));
        Integrity::Unknown
    };
    let Some(url) = &assertion.verification.legacy_url else {
        let outcome = Outcome::inconclusive(ReasonCode::Missing, "the badge names no key at `verify.url`");
        context.check(CheckCode::KeyLinked, outcome);
        return unknown(CheckCode::KeyLinked);
    };
    let linked = match &issuer.hosted_at {
        None => Outcome::premise(CheckCode::IssuerAuthority),
        Some(own) if own.origin() == url.origin() => Outcome::Passed,
        Some(_) => Outcome::inconclusive(
            ReasonCode::Unbound,
            "the key is not on the issuer's origin, and the issuer does not list it",
        ),
    };
    context.note(Check::new(CheckCode::KeyLinked, linked).at(issuer.node.clone()));
    let target = Target::url(url.clone());
    let Some(document) = context.want(Purpose::Key, &target) else {
        return unknown(CheckCode::ResourceAvailable);
    };
    let node = Node::document(&target, "");
    let unreadable = |message: String| {
        let outcome = Outcome::inconclusive(ReasonCode::Malformed, message);
        context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(node.clone()));
        unknown(CheckCode::ResourceAvailable)
    };
    let Ok(pem) = std::str::from_utf8(document.response.body()) else {
        return unreadable("expected a public key as PEM, found no text".to_owned());
    };
    match PublicKey::from_pem(pem) {
        Ok(public) => {
            let id = url.as_str().parse().ok();
            by_public_key(context, jws, algorithm, &public, id.as_ref(), node)
        }
        Err(error) => unreadable(format!("expected a public key as PEM: {error}")),
    }
}
