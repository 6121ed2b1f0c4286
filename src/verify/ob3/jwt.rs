//! The VC-JWT proof of a credential (Open Badges 3.0 section 8.2 "JSON Web Token Proof Format").

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::claim::Token;
use super::super::context::{Context, essential};
use super::super::memo::signature_key;
use super::super::signature::{Integrity, judge_algorithm, judge_signature, unusable_key};
use super::Demand;
use super::keys::{self, Found, KeySet, Lost, Provenance};
use crate::badge::ob3::{Claim, Claims, Envelope, ProofPurpose};
use crate::id::Iri;
use crate::json::as_list;
use crate::proof::{self, Algorithm, KeyDocumentError, PublicKey, VerificationMethod};
use crate::quote::quote;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode};

/// Verifies the signature of a JWT, its claims, and whose key it is.
pub(super) fn verify(context: &Context<'_>, token: &Token, envelope: &Envelope, demand: Demand) -> Integrity {
    let jws = &token.jws;
    context.check(CheckCode::ProofPresent, Outcome::Passed);
    // 1. The header holds what it may, and an algorithm that the policy allows.
    header(context, jws.header());
    let algorithm = algorithm(context, jws.header());
    // 2. The claims say what the credential says.
    let claims = &token.credential.claims;
    match envelope.purpose() {
        ProofPurpose::AssertionMethod => {
            // A list of one subject is one subject; of several none is the one that `sub` names.
            let subject = match as_list(token.credential.document.get("credentialSubject")) {
                [subject] => subject.get("id").and_then(Value::as_str),
                _ => None,
            };
            compare_claims(context, claims, envelope, subject, demand);
        }
        ProofPurpose::Authentication => compare_claims_of_presentation(context, claims, envelope),
    }
    let algorithm = match algorithm {
        Ok(algorithm) => algorithm,
        Err(integrity) => {
            context.check(CheckCode::ProofSignature, Outcome::premise(CheckCode::ProofAlgorithm));
            context.check(CheckCode::KeyController, Outcome::premise(CheckCode::ProofSignature));
            return integrity;
        }
    };
    // 3. The key is found: by its id, or in the header.
    let key = match find_key(context, jws.header(), envelope) {
        Ok(key) => key,
        Err(integrity) => {
            context.check(CheckCode::KeyController, Outcome::premise(CheckCode::ProofSignature));
            return integrity;
        }
    };
    // 4. The signature is its.
    let (outcome, integrity) = match (key.public_key(), context.spend_signature()) {
        (Err(unusable), _) => unusable,
        (_, Err(outcome)) => (outcome, Integrity::Unknown),
        (Ok(public), Ok(())) => judge_signature(
            context.verified(signature_key(public, algorithm, jws.signing_input(), jws.signature()), || {
                proof::verify(public, algorithm, jws.signing_input(), jws.signature())
            }),
        ),
    };
    let check =
        Check::new(CheckCode::ProofSignature, outcome).with(Evidence::Algorithm(algorithm.to_string()));
    context.note(match key.name() {
        Some(name) => check.with(Evidence::Key(name.to_owned())),
        None => check,
    });
    // 5. The key is the issuer's.
    bind(context, &key, algorithm, envelope.issuer(), integrity);
    integrity
}

/// A key with what is known of where it comes from.
enum Key {
    /// In the header: anybody can put any key there.
    Header(PublicKey),
    /// Found under the header's `kid`.
    Named { name: String, found: Box<Found> },
    /// In the header, with a `kid` that leads to no document, or to the key set as a whole.
    Opaque { key: PublicKey, name: String },
    /// In the key set at the issuer's host, under the header's `kid`.
    Published { name: String, node: Node, member: Box<VerificationMethod> },
}

impl Key {
    fn public_key(&self) -> Result<&PublicKey, (Outcome, Integrity)> {
        match self {
            Self::Header(key) | Self::Opaque { key, .. } => Ok(key),
            Self::Named { found, .. } => found.method.key().map_err(unusable_key),
            Self::Published { member, .. } => member.key().map_err(unusable_key),
        }
    }

    /// The method that somebody published, and where.
    fn published(&self) -> Option<(&VerificationMethod, Node)> {
        match self {
            Self::Header(_) | Self::Opaque { .. } => None,
            Self::Named { found, .. } => Some((&found.method, found.node())),
            Self::Published { member, node, .. } => Some((member, node.clone())),
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Header(_) => None,
            Self::Named { name, .. } | Self::Opaque { name, .. } | Self::Published { name, .. } => Some(name),
        }
    }
}

/// Judges the header's members (Open Badges 3.0 section 8.2.4.1 "JOSE Header"; RFC 7515 section 4.1.11; RFC 7797).
fn header(context: &Context<'_>, header: &Map<String, Value>) {
    let note = |check: Check| context.note(check);
    let failed =
        |reason, message: String| Check::new(CheckCode::ProofHeader, Outcome::failed(reason, message));
    // What must be understood and is not.
    for member in ["crit", "b64"] {
        let is_harmless = member == "b64" && header.get(member) == Some(&Value::Bool(true));
        if header.contains_key(member) && !is_harmless {
            note(essential(failed(
                ReasonCode::Unsupported,
                format!("the header's `{member}` is not understood"),
            )));
        }
    }
    // What means nothing here, and is never a source of keys.
    for member in header.keys() {
        if !["alg", "kid", "jwk", "typ", "crit", "b64"].contains(&member.as_str()) {
            note(failed(ReasonCode::Forbidden, format!("the header must not hold {}", quote(member))));
        }
    }
    if let Some(found) = header.get("typ")
        && found != "JWT"
    {
        let message =
            format!("expected the type `JWT`, found {}", quote(found.as_str().unwrap_or("no text")));
        note(failed(ReasonCode::Mismatch, message));
    }
}

/// The algorithm, if the policy allows it; the key has the last word on whether it fits.
fn algorithm(context: &Context<'_>, header: &Map<String, Value>) -> Result<Algorithm, Integrity> {
    let name = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let (outcome, result) = judge_algorithm(context, name);
    let check = Check::new(CheckCode::ProofAlgorithm, outcome);
    context.note(check.with(Evidence::Algorithm(name.to_owned())));
    result
}

/// Finds the key (Open Badges 3.0 section 8.2.4.4, steps on `kid` and `jwk`).
///
/// NOTE: the specification lists both members without an order; where both are there they must name one key.
fn find_key(
    context: &Context<'_>,
    header: &Map<String, Value>,
    envelope: &Envelope,
) -> Result<Key, Integrity> {
    let issuer = envelope.issuer();
    let (embedded, name) = (embedded(context, header)?, name(context, header)?);
    let Some(name) = name else {
        return embedded.map(Key::Header).ok_or_else(|| {
            let outcome = Outcome::inconclusive(ReasonCode::Missing, "the header names no key");
            context.check(CheckCode::ProofSignature, outcome);
            Integrity::Unknown
        });
    };
    let set = || issuer.and_then(|issuer| KeySet::of(context, issuer).ok().flatten());
    // The name of the set itself leaves the choice to the key beside it.
    if let Some(key) = &embedded
        && issuer.is_some_and(|issuer| KeySet::is_called(issuer, &name))
        && set().is_some_and(|set| set.holds(key))
    {
        return Ok(Key::Opaque { key: key.clone(), name });
    }
    let is_url = name.parse::<Iri>().is_ok();
    let (found, checks) = if is_url {
        context.apart(|| keys::dereference(context, &name, &Node::default()))
    } else {
        (Err(Lost::Nowhere), Vec::new())
    };
    let leads_nowhere = match found {
        Ok(found) => {
            checks.into_iter().for_each(|check| context.note(check));
            return named(context, name, embedded, found, envelope.purpose());
        }
        Err(Lost::Lacking) => false,
        Err(Lost::Nowhere) => true,
        // As long as the name may lead to the key, nobody is asked for the set.
        Err(Lost::NotYet) => issuer.is_some_and(|issuer| KeySet::is_here(context, issuer)),
    };
    if leads_nowhere && let Some(key) = unled(context, &name, embedded, set) {
        // With a key at hand, what could not be had is no more than advice.
        checks.into_iter().for_each(|check| context.note(check.advisory()));
        return Ok(key);
    }
    checks.into_iter().for_each(|check| context.note(check));
    let outcome = if is_url {
        Outcome::premise(CheckCode::KeyLinked)
    } else {
        let why = "the header's `kid` is no URL, and not the name of one key in the issuer's key set";
        Outcome::inconclusive(ReasonCode::Unavailable, why)
    };
    context.check(CheckCode::ProofSignature, outcome);
    Err(Integrity::Unknown)
}

/// The header's `jwk`, if it has one.
fn embedded(context: &Context<'_>, header: &Map<String, Value>) -> Result<Option<PublicKey>, Integrity> {
    let (outcome, integrity) = match header.get("jwk") {
        None => return Ok(None),
        Some(Value::Object(jwk)) => match PublicKey::from_jwk(jwk) {
            Ok(key) => return Ok(Some(key)),
            Err(error) => unusable_key(&error),
        },
        Some(_) => {
            let why = "the header's `jwk` is not an object";
            (Outcome::failed(ReasonCode::Malformed, why), Integrity::Broken)
        }
    };
    context.check(CheckCode::ProofSignature, outcome);
    Err(integrity)
}

/// The header's `kid`, if it has one.
fn name(context: &Context<'_>, header: &Map<String, Value>) -> Result<Option<String>, Integrity> {
    match header.get("kid") {
        None => Ok(None),
        Some(Value::String(name)) => Ok(Some(name.clone())),
        Some(_) => {
            let outcome = Outcome::failed(ReasonCode::Malformed, "the header's `kid` is not a string");
            context.check(CheckCode::ProofSignature, outcome);
            Err(Integrity::Broken)
        }
    }
}

/// The key that was found under the header's `kid`; it must be the one beside that, if one is there.
fn named(
    context: &Context<'_>,
    name: String,
    embedded: Option<PublicKey>,
    found: Found,
    purpose: ProofPurpose,
) -> Result<Key, Integrity> {
    if let (Some(embedded), Ok(named)) = (embedded, found.method.key())
        && embedded != *named
    {
        let outcome = Outcome::failed(ReasonCode::Mismatch, "the header's `kid` and `jwk` are two keys");
        context.check(CheckCode::ProofSignature, outcome);
        return Err(Integrity::Broken);
    }
    found.check_use(context, purpose);
    Ok(Key::Named { name, found: Box::new(found) })
}

/// The key of a header whose `kid` leads nowhere: the one beside it, or the one of that name in the key set of the
/// issuer's host (Open Badges 3.0 Implementation Guide, "Issuer: key provenance").
fn unled<'i>(
    context: &Context<'_>,
    name: &str,
    embedded: Option<PublicKey>,
    set: impl FnOnce() -> Option<KeySet<'i>>,
) -> Option<Key> {
    let name = name.to_owned();
    if let Some(key) = embedded {
        return Some(Key::Opaque { key, name });
    }
    let set = set()?;
    match set.named(&name) {
        Ok(member) => {
            let (node, member) = (set.node(), Box::new(member.clone()));
            Some(Key::Published { name, node, member })
        }
        Err(error @ KeyDocumentError::Ambiguous { .. }) => {
            let outcome = Outcome::failed(ReasonCode::Mismatch, error.to_string());
            context.note(Check::new(CheckCode::KeyLinked, outcome).at(set.node()));
            None
        }
        Err(_) => None,
    }
}

/// Judges whether the key is the issuer's: by the issuer's own document or DID, or by the key set at its host.
fn bind(context: &Context<'_>, key: &Key, algorithm: Algorithm, issuer: Option<&Iri>, integrity: Integrity) {
    let note = |node, outcome| context.note(Check::new(CheckCode::KeyController, outcome).at(node));
    let passed = |node| note(node, Outcome::Passed);
    let failed = |node, why: &'static str| note(node, Outcome::failed(ReasonCode::Mismatch, why));
    let of_another = |node| failed(node, "the key set says that the key is another issuer's");
    let Some(issuer) = issuer else {
        return context.check(
            CheckCode::KeyController,
            Outcome::inconclusive(ReasonCode::Missing, "there is no issuer"),
        );
    };
    if let Some((method, node)) = key.published()
        && method.issuer().is_some_and(|other| other != issuer.as_str())
    {
        return of_another(node);
    }
    let named = match key {
        Key::Named { found, .. } => Some(found),
        Key::Published { node, .. } => return passed(node.clone()),
        Key::Header(_) | Key::Opaque { .. } => None,
    };
    if let Some(found) = named
        && found.is_issuers_own(issuer)
    {
        return passed(found.node());
    }
    // Nothing is asked of an issuer in whose name somebody else wrote.
    if integrity != Integrity::Proven {
        return context.check(CheckCode::KeyController, Outcome::premise(CheckCode::ProofSignature));
    }
    let Ok(public) = key.public_key() else { return };
    let unbound = |why: &'static str| {
        context.check(CheckCode::KeyController, Outcome::inconclusive(ReasonCode::Unbound, why));
    };
    // A set that nobody could look into may hold the key, whatever another document says of it.
    let Ok(set) = KeySet::of(context, issuer) else {
        return unbound(
            "the issuer's key set could not be had, and nothing else binds the key to the issuer",
        );
    };
    // A name that leads somewhere has led to its key already.
    let opaque = if let Key::Opaque { name, .. } = key { Some(name.as_str()) } else { None };
    match set.as_ref().map(|set| (set.node(), set.provenance(public, algorithm, opaque))) {
        Some((node, Provenance::Misnamed)) => {
            failed(node, "the issuer's key set has another key under the header's `kid`");
        }
        Some((node, Provenance::OfAnother)) => of_another(node),
        Some((node, Provenance::Published)) => passed(node),
        Some((node, Provenance::Unfit)) => {
            let why = "the issuer's key set says that the key is not for such signatures";
            let outcome = Outcome::failed(ReasonCode::Forbidden, why);
            context.note(Check::new(CheckCode::ProofPurpose, outcome).at(node.clone()));
            passed(node);
        }
        Some((_, Provenance::Unknown)) | None => match named {
            Some(found) if found.is_from_document() && found.method.controller().is_some() => {
                found.check_controller(context, Some(issuer));
            }
            _ => unbound("nothing binds the key to the issuer"),
        },
    }
}

/// Compares the registered claims with the credential (Open Badges 3.0 section 8.2.4.2 "JWT Payload").
fn compare_claims(
    context: &Context<'_>,
    claims: &Claims,
    envelope: &Envelope,
    subject: Option<&str>,
    demand: Demand,
) {
    let before = |problems: &Vec<Check>| problems.is_empty();
    let is_optional = demand == Demand::Verifiable;
    let mut problems = Vec::new();
    let mut text = |name: &str, claim: &Claim<String>, expected: Option<&str>| match (claim, expected) {
        (Claim::Present(found), Some(expected)) if found == expected => {}
        (Claim::Absent, _) if is_optional => {}
        (Claim::Present(found), expected) => {
            let message = format!("the claim `{name}` is not what the credential says");
            let check = Check::new(CheckCode::ProofClaims, Outcome::failed(ReasonCode::Mismatch, message));
            let expected = expected.unwrap_or_default().to_owned();
            problems.push(check.with(Evidence::Mismatch { expected, found: found.clone() }));
        }
        (claim, _) => problems.push(absent(name, claim)),
    };
    text("iss", &claims.issuer, envelope.issuer().map(Iri::as_str));
    text("jti", &claims.id, envelope.id().map(Iri::as_str));
    // NOTE: many issuers leave `sub` out, and a subject without an id has nothing to compare it with.
    match (&claims.subject, subject) {
        (Claim::Absent, None) => {}
        (Claim::Absent, Some(_)) if is_optional => {}
        (Claim::Absent, Some(_)) => problems.push(absent("sub", &claims.subject).advisory()),
        (claim, subject) => text("sub", claim, subject),
    }
    match (&claims.not_before, envelope.valid_from()) {
        // Claims are whole seconds where the credential's date may have a fraction.
        (Claim::Present(found), Some(begin)) if found.unix_timestamp() == begin.unix_timestamp() => {}
        (Claim::Present(found), _) => {
            let outcome =
                Outcome::failed(ReasonCode::Mismatch, "the claim `nbf` is not what the credential says");
            problems.push(Check::new(CheckCode::ProofClaims, outcome).with(Evidence::Instant(*found)));
        }
        (Claim::Absent, _) if is_optional => {}
        (claim, _) => problems.push(absent("nbf", claim)),
    }
    match (&claims.expires, envelope.valid_until()) {
        (Claim::Malformed, _) => problems.push(absent("exp", &claims.expires)),
        (Claim::Present(found), Some(end)) if found.unix_timestamp() != end.unix_timestamp() => {
            let outcome =
                Outcome::failed(ReasonCode::Mismatch, "the claim `exp` is not what the credential says");
            problems
                .push(Check::new(CheckCode::ProofClaims, outcome).with(Evidence::Instant(*found)).advisory());
        }
        _ => {}
    }
    if before(&problems) {
        context.check(CheckCode::ProofClaims, Outcome::Passed);
    }
    problems.into_iter().for_each(|problem| context.note(problem));
}

/// Compares the registered claims with the presentation, which need not say anything twice (Verifiable Credentials 1.1
/// section 6.3.1; 2.0 has no claims but those of the signature itself).
fn compare_claims_of_presentation(context: &Context<'_>, claims: &Claims, envelope: &Envelope) {
    let text = |name: &str, claim: &Claim<String>, expected: Option<&Iri>| match (claim, expected) {
        (Claim::Malformed, _) => Some(absent(name, claim)),
        (Claim::Present(found), Some(expected)) if *found != expected.as_str() => {
            let message = format!("the claim `{name}` is not what the presentation says");
            Some(Check::new(CheckCode::ProofClaims, Outcome::failed(ReasonCode::Mismatch, message)))
        }
        _ => None,
    };
    let date = |name, claim: &Claim<_>| (*claim == Claim::Malformed).then(|| absent(name, claim));
    let problems: Vec<Check> = [
        text("iss", &claims.issuer, envelope.issuer()),
        text("jti", &claims.id, envelope.id()),
        date("nbf", &claims.not_before),
        date("exp", &claims.expires),
    ]
    .into_iter()
    .flatten()
    .collect();
    if problems.is_empty() {
        context.check(CheckCode::ProofClaims, Outcome::Passed);
    }
    problems.into_iter().for_each(|problem| context.note(problem));
}

fn absent<T>(name: &str, claim: &Claim<T>) -> Check {
    let outcome = match claim {
        Claim::Malformed => {
            Outcome::failed(ReasonCode::Malformed, format!("the claim `{name}` is not of its type"))
        }
        Claim::Absent | Claim::Present(_) => {
            Outcome::failed(ReasonCode::Missing, format!("there is no claim `{name}`"))
        }
    };
    Check::new(CheckCode::ProofClaims, outcome)
}

/// When the credential ends: the earlier of what the credential and the JWT say.
pub(super) fn end_of(envelope: &Envelope, claims: Option<&Claims>) -> Option<OffsetDateTime> {
    let claimed = claims.and_then(|claims| claims.expires.value().copied());
    match (envelope.valid_until(), claimed) {
        (Some(end), Some(claimed)) => Some(end.min(claimed)),
        (end, claimed) => end.or(claimed),
    }
}
