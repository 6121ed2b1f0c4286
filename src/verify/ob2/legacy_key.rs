//! The key of a signed badge before 2.0 (Open Badges 1.0 and 1.1, "Badge Verification": `verify.url`).
//!
//! The badge itself names the address of its key, which is PEM and says nothing of its owner. So a good signature shows
//! only that whoever put the key there signed. It is the issuer's where the key stands on the issuer's own origin;
//! elsewhere nothing binds the two, and the badge stays unverified. Since 2.0 the issuer can say which keys and addresses
//! speak for it: one that does is taken at its word, for old badges too.

use url::Url;

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
        Some(own) if is_issuers(url, own, &issuer.value) => Outcome::Passed,
        Some(_) => Outcome::inconclusive(
            ReasonCode::Unbound,
            "nothing binds the key to the issuer: it is neither listed nor simply on the issuer's origin",
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

/// Whether the key at an address is the one of an issuer whose profile stands at `own`.
fn is_issuers(url: &Url, own: &Url, issuer: &Profile) -> bool {
    let mut listed = issuer.public_keys.iter().filter_map(|key| key.id()?.web_url());
    let says_nothing = issuer.public_keys.is_empty() && issuer.verification.is_none();
    listed.any(|key| key == *url) || (says_nothing && own.origin() == url.origin())
}
