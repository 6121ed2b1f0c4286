//! The Open Badges 3.0 procedure, in the order of its section "Verification", "OpenBadgeCredential Verification".
//!
//! 1. The credential has its form.
//! 2. Its proof holds: a VC-JWT ([`jwt`]) or Data Integrity ([`integrity`]), by a key of the issuer's ([`keys`]).
//! 3. If the policy asks for it, a newer version is looked for, once.
//! 4. It is in its time and was not taken back ([`status`]).
//! 5. Whom it was awarded to is not part of the verdict; see [`recipient`](crate::recipient).
//! 6. If the policy asks for it, each endorsement gets a report of its own.

use std::sync::Arc;

use serde_json::{Map, Value};

use self::attempts::Attempt;
use super::claim::{Judged, Token, Written, name_of};
use super::context::{Context, Document, Form};
use super::signature::Integrity;
use crate::badge::ob3::{self, Claims, Envelope, JwtCredential};
use crate::badge::{Badge, Model, Version};
use crate::id::{Digest, Iri};
use crate::json::JsonError;
use crate::jws::CompactJws;
use crate::limits::Limit;
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

/// What is known of a credential after steps 1 and 2.
struct Authenticated {
    badge: Option<Badge>,
    /// Whether nothing essential is wrong with its form.
    is_sound: bool,
    envelope: Envelope,
    integrity: Integrity,
    end: Option<time::OffsetDateTime>,
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
    let integrity = secure(context, secured, &envelope, node, demand);
    let end = jwt::end_of(&envelope, secured.claims());
    Some(Authenticated { badge, is_sound, envelope, integrity, end })
}

/// Step 2, of any credential: a badge, a status list, an endorsement.
fn secure(
    context: &Context<'_>,
    secured: &Securing,
    envelope: &Envelope,
    node: &Node,
    demand: Demand,
) -> Integrity {
    let token = match secured {
        Securing::Embedded(named) => return integrity::verify(context, named, envelope, node, demand),
        Securing::Jwt(token) => token,
    };
    let verify_jwt = || jwt::verify(context, token, envelope, demand);
    match within_jwt(context, &token.credential, envelope) {
        None => verify_jwt(),
        // What a JWT and the proofs inside it say of the credential is said independently: any one of them suffices.
        Some(members) => {
            let outer = Attempt::of(context, node.clone(), verify_jwt);
            let digest = name_of(&token.credential.document);
            let inner = integrity::attempts(context, digest, members, envelope, node, demand);
            attempts::conclude(context, std::iter::once(outer).chain(inner).collect())
        }
    }
}

/// The credential in a JWT, if it has proofs of its own and not too many.
///
/// NOTE: no specification says what becomes of such proofs. They are older than the JWT, whose claims stand among the
/// members of a credential of VC 2.0: these were taken away, and all that is left must have been signed.
fn within_jwt<'c>(
    context: &Context<'_>,
    credential: &'c JwtCredential,
    envelope: &Envelope,
) -> Option<&'c Map<String, Value>> {
    let count = envelope.proofs().len();
    if count == 0 || context.limits().check(Limit::Proofs, count).is_err() {
        return None;
    }
    credential.document.as_object()
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
    context.expiry(current.end);
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
