//! The Open Badges 3.0 procedure, in the order of its section "Verification", "OpenBadgeCredential Verification".
//!
//! 1. The credential has its form.
//! 2. Its proof holds: a VC-JWT ([`jwt`]) or Data Integrity ([`integrity`]), by a key of the issuer's ([`keys`]).
//! 3. If the policy asks for it, a newer version is looked for, once.
//! 4. It is in its time and was not taken back ([`status`]).
//! 5. Whom it was awarded to is not part of the verdict; see [`recipient`](crate::recipient).
//! 6. If the policy asks for it, each endorsement gets a report of its own.

use std::sync::Arc;

use serde_json::Value;

use self::attempts::Attempt;
use super::claim::{Judged, Token, Written, name_of};
use super::context::{Context, Document, Form};
use super::signature::Integrity;
use crate::badge::ob3::{self, Claims, Envelope};
use crate::badge::{Badge, Model, Version};
use crate::id::{Digest, Iri};
use crate::json::{JsonError, as_list};
use crate::jws::CompactJws;
use crate::limits::{Limit, Limits};
use crate::policy::{Endorsements, Refresh};
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode, Status};
use crate::resource::{Purpose, Target};
use crate::sniff::trim;

mod attempts;
mod endorsements;
mod integrity;
mod jwt;
mod keys;
mod meaning;
mod schema;
mod status;
mod wrapper;

pub(super) use wrapper::judge as judge_wrapper;

/// A credential, with how it is secured.
enum Securing {
    /// With proofs inside.
    Embedded(Named),
    /// In a JWT.
    Jwt(Arc<Token>),
}

/// A document, and what tells it from all others of this verification.
struct Named {
    document: Arc<Value>,
    digest: Digest,
}

impl Securing {
    fn of(written: &Written) -> Self {
        match &written.signed {
            None => Self::Embedded(Named { document: Arc::clone(&written.document), digest: written.digest }),
            Some(token) => Self::Jwt(Arc::clone(token)),
        }
    }

    /// The credential that was served; `None` if that cannot be read, which is noted where it is JSON or too much.
    fn served(context: &Context<'_>, served: &Document<'_>) -> Option<Self> {
        let text = trim(served.response.body());
        if text.first() != Some(&b'{') {
            let secured = Self::jwt(context, text);
            if let Err(error @ JsonError::Limit(_)) = &secured {
                context.unread(served, error);
            }
            let secured = secured.ok()??;
            context.served_as(served, Form::Jws);
            return Some(secured);
        }
        let digest = served.response.body_digest();
        Some(Self::Embedded(Named { document: context.json(served)?, digest }))
    }

    /// The credential in the payload of a JWT, if the text is one and holds one.
    ///
    /// # Errors
    /// [`JsonError`] if the payload is not JSON.
    fn jwt(context: &Context<'_>, text: &[u8]) -> Result<Option<Self>, JsonError> {
        let jws = std::str::from_utf8(text).ok().map(|text| CompactJws::parse(text, context.limits()));
        let Some(Ok(jws)) = jws else { return Ok(None) };
        Ok(Token::read(context, jws)?.map(|token| Self::Jwt(Arc::new(token))))
    }

    fn document(&self) -> &Arc<Value> {
        match self {
            Self::Embedded(named) => &named.document,
            Self::Jwt(token) => &token.credential.document,
        }
    }

    fn form(&self) -> ob3::Securing {
        match self {
            Self::Embedded(_) => ob3::Securing::Embedded,
            Self::Jwt(token) => token.credential.securing,
        }
    }

    /// The credential in a JWT as it was before, if it has proofs of its own and not too many.
    ///
    /// NOTE: no specification says what becomes of such proofs. They are older than the JWT, and were made without it.
    fn inside(&self, limits: &Limits) -> Option<Self> {
        let Self::Jwt(token) = self else { return None };
        let document = token.inside.as_ref()?;
        let proofs = as_list(document.get("proof")).iter().filter(|proof| proof.is_object()).count();
        if proofs == 0 || limits.check(Limit::Proofs, proofs).is_err() {
            return None;
        }
        Some(Self::Embedded(Named { document: Arc::clone(document), digest: name_of(document) }))
    }

    fn claims(&self) -> Option<&Claims> {
        match self {
            Self::Embedded(_) => None,
            Self::Jwt(token) => Some(&token.credential.claims),
        }
    }
}

/// What is demanded of what secures a credential, beyond that it holds and is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    /// As the next, and that a proof was made for the host, if the policy demands it: of the outermost document, which
    /// is what somebody shows to the host. Nobody else's proof could know of that.
    Addressed,
    /// The claims of Open Badges 3.0 section 8.2.4.2 "JWT Payload".
    OpenBadges,
    /// Nothing (Securing Verifiable Credentials using JOSE and COSE, section 3.1.3).
    Verifiable,
}

impl Demand {
    fn of_outermost(is_outermost: bool) -> Self {
        if is_outermost { Self::Addressed } else { Self::OpenBadges }
    }
}

/// What is known of a badge, an endorsement or a record after steps 1 and 2.
struct Authenticated {
    badge: Option<Badge>,
    /// Whether nothing essential is wrong with its form.
    is_sound: bool,
    envelope: Envelope,
    integrity: Integrity,
}

/// Judges a credential, and its endorsements if the policy asks for it.
pub(super) fn judge(context: &Context<'_>, written: &Written) -> Judged {
    let judged = judge_secured(context, &Securing::of(written), Demand::of_outermost(written.is_outermost));
    // 6.
    let endorsements = match (context.policy.endorsements(), &judged.authentic) {
        (Endorsements::Verify, Some(badge)) => endorsements::judge(context, badge),
        (Endorsements::Verify, None) | (Endorsements::Ignore, _) => Vec::new(),
    };
    Judged { endorsements, ..judged }
}

/// Steps 1 to 4.
fn judge_secured(context: &Context<'_>, secured: &Securing, demand: Demand) -> Judged {
    let version = Some(Version::V3_0);
    // 1. and 2.
    let Some(original) = authenticate(context, secured, &Node::default(), demand) else {
        return Judged { version, ..Judged::default() };
    };
    let claimed = original.badge.clone();
    // 3.
    let current = refreshed(context, &original).unwrap_or(original);
    // 4.
    in_time(context, &current);
    status::check(context, &current.envelope, current.integrity);
    schema::check(context, &current);
    context.issuer_trusted(current.envelope.issuer().map(Iri::as_str));
    let authentic = current.badge.filter(|_| current.integrity == Integrity::Proven);
    Judged { version, authentic, claimed, ..Judged::default() }
}

/// Steps 1 and 2: form and proof. `None` if there is no object to look at.
fn authenticate(
    context: &Context<'_>,
    secured: &Securing,
    node: &Node,
    demand: Demand,
) -> Option<Authenticated> {
    if !secured.document().is_object() {
        let outcome = Outcome::failed(ReasonCode::Malformed, "expected an object");
        context.note(Check::new(CheckCode::StructureType, outcome).at(node.clone()));
        return None;
    }
    let proven = secure(context, secured, node, demand, |secured| read(context, secured, node))?;
    let Proven { read: (mut badge, is_sound), envelope, integrity, claims } = proven;
    if let (Some(badge), Some(claims)) = (&mut badge, claims) {
        badge.narrow(claims);
    }
    Some(Authenticated { badge, is_sound, envelope, integrity })
}

/// Step 1: the badge, if it can be read; whether nothing essential is wrong with its form; and its envelope.
fn read(context: &Context<'_>, secured: &Securing, node: &Node) -> Option<((Option<Badge>, bool), Envelope)> {
    if let Securing::Jwt(token) = secured {
        for violation in &token.violations {
            let outcome = Outcome::failed(ReasonCode::Missing, violation.to_string());
            context.note(Check::new(CheckCode::StructureRequired, outcome).at(node.clone()).advisory());
        }
    }
    let reading = Badge::read_secured(Arc::clone(secured.document()), secured.form());
    let (badge, is_sound) = match reading {
        Ok(reading) => {
            context.structure(node, &reading);
            let is_sound = reading.is_sound();
            (reading.value, is_sound)
        }
        Err(error) => {
            let outcome = Outcome::failed(ReasonCode::Malformed, error.to_string());
            context.note(Check::new(CheckCode::StructureType, outcome).at(node.clone()));
            (None, false)
        }
    };
    let envelope = match badge.as_ref().map(Badge::model) {
        Some(Model::V3(credential)) => credential.envelope().clone(),
        Some(Model::V2(_)) | None => Envelope::of(secured.document())?,
    };
    Some(((badge, is_sound), envelope))
}

/// What was read of something that is secured, and what became of its proof.
struct Proven<'s, T> {
    read: T,
    /// Its time is narrowed by the claims.
    envelope: Envelope,
    integrity: Integrity,
    /// What a JWT says beside it, if the verdict rests on the JWT.
    claims: Option<&'s Claims>,
}

impl<'s, T> Proven<'s, T> {
    fn new((read, mut envelope): (T, Envelope), integrity: Integrity, claims: Option<&'s Claims>) -> Self {
        if let Some(claims) = claims {
            envelope.narrow(claims);
        }
        Self { read, envelope, integrity, claims }
    }
}

/// Steps 1 and 2 of anything that is secured: a badge, a status list, an endorsement, or what is around badges. `None`
/// if `read` yields nothing, which tells what it finds wrong.
///
/// What a JWT and the proofs inside it say of a credential is said independently, and any one of them suffices. If that is
/// one of those inside, the credential is the one that was there before the JWT: nobody vouches for what that says besides.
fn secure<'s, T>(
    context: &Context<'_>,
    secured: &'s Securing,
    node: &Node,
    demand: Demand,
    read: impl Fn(&Securing) -> Option<(T, Envelope)>,
) -> Option<Proven<'s, T>> {
    let Some(inside) = secured.inside(context.limits()) else {
        let read = read(secured)?;
        let integrity = match secured {
            Securing::Embedded(named) => integrity::verify(context, named, &read.1, node, demand),
            Securing::Jwt(token) => jwt::verify(context, token, &read.1, demand),
        };
        return Some(Proven::new(read, integrity, secured.claims()));
    };
    let (outer, outer_form) = context.apart(|| read(secured));
    let (inner, inner_form) = context.apart(|| read(&inside));
    let attempts = |secured: &Securing, read: &Option<(T, Envelope)>| match (secured, read) {
        (_, None) => Vec::new(),
        (Securing::Embedded(named), Some((_, envelope))) => {
            integrity::attempts(context, named, envelope, node, demand)
        }
        (Securing::Jwt(token), Some((_, envelope))) => {
            vec![Attempt::of(context, node.clone(), || jwt::verify(context, token, envelope, demand))]
        }
    };
    let mut all = attempts(secured, &outer);
    let of_jwt = all.len();
    all.extend(attempts(&inside, &inner));
    let ((integrity, best), checks) = context.apart(|| attempts::conclude(context, all));
    let (read, form, claims) = if best.is_none_or(|best| best < of_jwt) {
        (outer, outer_form, secured.claims())
    } else {
        (inner, inner_form, None)
    };
    form.into_iter().chain(checks).for_each(|check| context.note(check));
    Some(Proven::new(read?, integrity, claims))
}

/// RFC 7519 section 4.1.
pub(super) const REGISTERED_CLAIMS: [&str; 7] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];

/// Step 4, the dates. They are the issuer's word only if the document is what was signed.
fn in_time(context: &Context<'_>, current: &Authenticated) {
    if current.integrity != Integrity::Proven {
        context.check(CheckCode::TimeNotBefore, Outcome::premise(CheckCode::ProofSignature));
        context.check(CheckCode::TimeExpiry, Outcome::premise(CheckCode::ProofSignature));
        return;
    }
    context.not_before(current.envelope.not_before());
    context.expiry(current.envelope.valid_until());
}

/// Step 3: the newer version of the badge, if there is one that holds and is the same badge's.
///
/// It is looked for once, after the proof; whatever goes wrong leaves the original.
fn refreshed(context: &Context<'_>, original: &Authenticated) -> Option<Authenticated> {
    let service =
        original.envelope.refresh_services().iter().find(|service| service.is("1EdTechCredentialRefresh"))?;
    if context.policy.refresh() == Refresh::Never || original.integrity != Integrity::Proven {
        return None;
    }
    let failed = |message: &'static str| {
        context.check(CheckCode::RefreshService, Outcome::failed(ReasonCode::Mismatch, message));
    };
    let url = service.id.web_url()?;
    let target = Target::url(url);
    let document = context.want(Purpose::Refresh, &target)?;
    let node = Node::document(&target, "");
    let Some(secured) = Securing::served(context, &document) else {
        failed("the refreshed copy cannot be read");
        return None;
    };
    let (refreshed, checks) = context.apart(|| authenticate(context, &secured, &node, Demand::OpenBadges));
    let refreshed = refreshed?;
    let is_same = refreshed.envelope.issuer() == original.envelope.issuer()
        && refreshed.envelope.id() == original.envelope.id();
    if !is_same {
        failed("the refreshed copy is another badge");
        return None;
    }
    if refreshed.envelope.valid_from() < original.envelope.valid_from() {
        failed("the refreshed copy is older");
        return None;
    }
    if context.status_of(&checks) != Status::Valid {
        failed("the refreshed copy does not hold");
        return None;
    }
    checks.into_iter().for_each(|check| context.note(check));
    context.check(CheckCode::RefreshService, Outcome::Passed);
    Some(refreshed)
}
