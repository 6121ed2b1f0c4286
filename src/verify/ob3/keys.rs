//! Finds the key that a proof names, and who answers for it.
//!
//! Controlled Identifiers 1.0 section 3.3 "Retrieve Verification Method"; Open Badges 3.0 "Dereferencing the Public
//! Key"; Open Badges 3.0 Implementation Guide, "Issuer: key provenance".

use url::Url;

use super::super::context::Context;
use super::super::signature::unusable_key;
use crate::badge::ob3::ProofPurpose;
use crate::id::{Iri, same_id};
use crate::proof::did::{self, DidError};
use crate::proof::{Algorithm, AssertionUse, KeyDocument, KeyDocumentError, PublicKey, VerificationMethod};
use crate::quote::quote;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode};
use crate::resource::{Purpose, Target};

/// A key that was found, with everything that binds it.
pub(super) struct Found {
    pub(super) method: VerificationMethod,
    /// Where it was found.
    source: Source,
}

/// Where a key was found.
enum Source {
    /// In a document that was asked for by this id: a URL or DID without fragment.
    Document { id: String, node: Node },
    /// In the DID itself, so that nobody but the DID answers for it.
    Itself,
}

impl Found {
    /// Notes whether the method may be used for a purpose, and is in its own time.
    pub(super) fn check_use(&self, context: &Context<'_>, purpose: ProofPurpose) {
        let now = context.now;
        let is_over = |end: Option<time::OffsetDateTime>| end.is_some_and(|end| end <= now);
        if is_over(self.method.revoked()) || is_over(self.method.expires()) {
            let outcome = Outcome::failed(ReasonCode::Revoked, "the key was revoked or has expired");
            return context.note(Check::new(CheckCode::KeyLinked, outcome).at(self.node()));
        }
        context.note(Check::new(CheckCode::KeyLinked, Outcome::Passed).at(self.node()));
        let is_listed = match purpose {
            ProofPurpose::AssertionMethod => self.method.assertion() != AssertionUse::NotListed,
            ProofPurpose::Authentication => self.method.authenticates(),
        };
        if !is_listed {
            let message = format!("the key is not listed under `{}`", purpose.as_str());
            let outcome = Outcome::failed(ReasonCode::Forbidden, message);
            context.note(Check::new(CheckCode::ProofPurpose, outcome).at(self.node()));
        }
    }

    /// Notes whether the key's controller is the issuer.
    ///
    /// What a document says about its own key counts only if the document is the issuer's own: the one that the issuer's
    /// id leads to. Another document can name any controller.
    pub(super) fn check_controller(&self, context: &Context<'_>, issuer: Option<&Iri>) {
        let check = |outcome| Check::new(CheckCode::KeyController, outcome).at(self.node());
        let Some(issuer) = issuer else {
            return context.note(check(Outcome::inconclusive(ReasonCode::Missing, "there is no issuer")));
        };
        let outcome = match (&self.source, self.method.controller()) {
            (_, Some(controller)) if controller == issuer.as_str() && self.is_own_document(issuer) => {
                Outcome::Passed
            }
            (Source::Document { .. }, Some(controller)) if controller != issuer.as_str() => {
                Outcome::failed(ReasonCode::Mismatch, "the key's controller is not the issuer")
            }
            _ => Outcome::inconclusive(ReasonCode::Unbound, "nothing binds the key to the issuer"),
        };
        let evidence = Evidence::Mismatch {
            expected: issuer.to_string(),
            found: self.method.controller().unwrap_or("no controller").to_owned(),
        };
        let check = check(outcome);
        context.note(if check.outcome == Outcome::Passed { check } else { check.with(evidence) });
    }

    /// Whether the issuer's own document holds the method, with or without a statement of who controls it.
    ///
    /// A JWK or a JWK Set has no room for a controller: standing at the issuer's own id is the statement.
    pub(super) fn is_issuers_own(&self, issuer: &Iri) -> bool {
        let names_no_other = self.method.controller().is_none_or(|controller| controller == issuer.as_str());
        self.is_own_document(issuer) && names_no_other
    }

    fn is_own_document(&self, issuer: &Iri) -> bool {
        match &self.source {
            Source::Document { id, .. } => same_id(id, issuer.without_fragment()),
            Source::Itself => true,
        }
    }

    /// Whether a document was asked for, so that what it says of others counts against the badge.
    pub(super) fn is_from_document(&self) -> bool {
        matches!(self.source, Source::Document { .. })
    }

    pub(super) fn node(&self) -> Node {
        match &self.source {
            Source::Document { node, .. } => node.clone(),
            Source::Itself => Node::default(),
        }
    }
}

/// Why no method was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The name leads to something that has no such key, or one that cannot be read.
    Lacking,
    /// The name leads nowhere: no document can be had for it.
    Nowhere,
    /// The document was asked for, and its answer is still to come.
    NotYet,
}

/// The method that a URL names: a `verificationMethod` or the `kid` of a JOSE header.
///
/// A fragment is a name and never a key, whatever it looks like.
///
/// # Errors
/// [`Lost`] if it could not be found; why not is noted.
pub(super) fn dereference(context: &Context<'_>, name: &str, node: &Node) -> Result<Found, Lost> {
    let Ok(iri) = name.parse::<Iri>() else {
        let outcome = Outcome::failed(ReasonCode::Malformed, "the verification method is not a URL");
        context.note(Check::new(CheckCode::StructureValue, outcome).at(node.clone()));
        return Err(Lost::Lacking);
    };
    if let Some(did) = iri.did() {
        return match did::resolve(name, context.limits()) {
            Ok(method) => Ok(Found { method, source: Source::Itself }),
            Err(DidError::Method { .. }) => {
                in_document(context, Purpose::DidDocument, Target::Did(did), name)
            }
            Err(error) => {
                let outcome = unusable_did(&error);
                context.note(Check::new(CheckCode::ProofSignature, outcome).at(node.clone()));
                Err(Lost::Lacking)
            }
        };
    }
    match iri.web_url() {
        Some(url) => in_document(context, Purpose::Key, Target::url(url), name),
        None => {
            let outcome = Outcome::inconclusive(
                ReasonCode::Unsupported,
                format!("nothing can be asked for under {}", quote(iri.scheme())),
            );
            context.note(Check::new(CheckCode::ResourceAvailable, outcome).at(node.clone()));
            Err(Lost::Nowhere)
        }
    }
}

/// What it means that a DID gives no key. A kind of key that this crate does not know is no wrong.
fn unusable_did(error: &DidError) -> Outcome {
    match error {
        DidError::Key(error) => unusable_key(error).0,
        DidError::Limit(limit) => Outcome::inconclusive(ReasonCode::Limit, limit.to_string()),
        error => Outcome::failed(ReasonCode::Malformed, format!("the key cannot be read: {error}")),
    }
}

/// The keys that an issuer's host publishes.
///
/// Open Badges 3.0 Implementation Guide: `https://{authority of the issuer's id}/.well-known/jwks.json`. A host may have
/// several issuers, and a member may say whose it is: the same key, or the same name, can stand there once for each.
pub(super) struct KeySet<'i> {
    issuer: &'i Iri,
    node: Node,
    keys: KeyDocument,
}

/// That a key set could not be had: nobody knows whether it holds a key.
pub(super) struct OutOfReach;

impl<'i> KeySet<'i> {
    /// The set at the host of an issuer; `None` if the issuer has no host, or the host answers that it publishes none.
    ///
    /// # Errors
    /// [`OutOfReach`] if it could not be had, or is no key set; why is noted.
    pub(super) fn of(context: &Context<'_>, issuer: &'i Iri) -> Result<Option<Self>, OutOfReach> {
        let Some(url) = Self::url(issuer) else { return Ok(None) };
        let target = Target::url(url.clone());
        let Some((_, value)) = context.want_json(Purpose::Key, &url) else {
            let answer = context.want_any(Purpose::Key, &target);
            let is_none = answer.is_some_and(|answer| matches!(answer.response.status(), 404 | 410));
            return if is_none { Ok(None) } else { Err(OutOfReach) };
        };
        let (reason, message) = match KeyDocument::read(&value, url.as_str(), context.limits()) {
            Ok(keys) if keys.holds_jwks() => {
                return Ok(Some(Self { issuer, node: Node::document(&target, ""), keys }));
            }
            Err(KeyDocumentError::Limit(limit)) => (ReasonCode::Limit, limit.to_string()),
            Ok(_) | Err(_) => (ReasonCode::Malformed, "it is no key set".to_owned()),
        };
        context.unavailable(Purpose::Key, &target, reason, message);
        Err(OutOfReach)
    }

    /// Whether the set is here, so that nobody need be asked for it.
    pub(super) fn is_here(context: &Context<'_>, issuer: &Iri) -> bool {
        Self::url(issuer).is_some_and(|url| context.has(Purpose::Key, &Target::url(url)))
    }

    /// Whether a name is that of the set itself, and of no member.
    pub(super) fn is_called(issuer: &Iri, name: &str) -> bool {
        Self::url(issuer).is_some_and(|url| same_id(name, url.as_str()))
    }

    fn url(issuer: &Iri) -> Option<Url> {
        issuer.web_url()?.join("/.well-known/jwks.json").ok()
    }

    /// Where the set is.
    pub(super) fn node(&self) -> Node {
        self.node.clone()
    }

    /// Whether a member says that it is the issuer's, or says nothing.
    fn is_issuers(&self, member: &VerificationMethod) -> bool {
        member.issuer().is_none_or(|issuer| issuer == self.issuer.as_str())
    }

    /// The member that goes by a name: the issuer's, or if it has none of that name, another's.
    ///
    /// # Errors
    /// [`KeyDocumentError::Absent`], or [`KeyDocumentError::Ambiguous`] if the name stands for several keys.
    pub(super) fn named(&self, name: &str) -> Result<&VerificationMethod, KeyDocumentError> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.all_named(Some(name)).partition(|member| self.is_issuers(member));
        let members = if own.is_empty() { others } else { own };
        let first = members.first().ok_or_else(|| KeyDocumentError::Absent { name: name.to_owned() })?;
        if members.iter().any(|other| !other.has_key_of(first)) {
            return Err(KeyDocumentError::Ambiguous { name: name.to_owned() });
        }
        Ok(first)
    }

    /// Whether a member has this key, whosever it is.
    pub(super) fn holds(&self, key: &PublicKey) -> bool {
        self.keys.methods().iter().any(|member| member.key() == Ok(key))
    }

    /// What the set says of a key that made a signature by an algorithm, and that the header calls by a name, if by any.
    pub(super) fn provenance(&self, key: &PublicKey, algorithm: Algorithm, name: Option<&str>) -> Provenance {
        let is_same = |member: &VerificationMethod| member.key().is_ok_and(|member| member == key);
        let mut named = self.all_named(name).peekable();
        if named.peek().is_some() && !named.any(is_same) {
            return Provenance::Misnamed;
        }
        let members: Vec<_> = self.keys.methods().iter().filter(|member| is_same(member)).collect();
        let mut own = members.iter().filter(|member| self.is_issuers(member)).peekable();
        if members.is_empty() {
            Provenance::Unknown
        } else if own.peek().is_none() {
            Provenance::OfAnother
        } else if own.any(|member| member.key().is_ok_and(|member| member.fits(algorithm))) {
            Provenance::Published
        } else {
            Provenance::Unfit
        }
    }

    fn all_named(&self, name: Option<&str>) -> impl Iterator<Item = &VerificationMethod> {
        self.keys.methods().iter().filter(move |member| name.is_some() && member.id() == name)
    }
}

/// What an issuer's key set says of a key.
pub(super) enum Provenance {
    /// That the name in the header is another key's.
    Misnamed,
    /// That it is somebody else's.
    OfAnother,
    /// That it is the issuer's.
    Published,
    /// That it is the issuer's, and not for such signatures (RFC 7517 sections 4.2 to 4.4).
    Unfit,
    /// Nothing.
    Unknown,
}

fn in_document(context: &Context<'_>, purpose: Purpose, target: Target, name: &str) -> Result<Found, Lost> {
    let id = match &target {
        Target::Did(did) => did.to_string(),
        Target::Url(url) => without_fragment(url),
    };
    let node = Node::document(&target, "");
    let Some(value) = context.want(purpose, &target).and_then(|document| context.json(&document)) else {
        return Err(if context.awaits(&target) { Lost::NotYet } else { Lost::Nowhere });
    };
    // The name as it is written keeps its spelling; the URL that is asked for is the normalised one.
    let asked = name.split('#').next().unwrap_or_default();
    let mut is_its_own = true;
    let found = KeyDocument::read(&value, asked, context.limits()).and_then(|keys| {
        is_its_own = match keys.id() {
            Some(declared) => {
                same_id(declared, &id) || (purpose == Purpose::Key && value.get("kty").is_some())
            }
            // The document of a DID must name it (Decentralized Identifiers 1.0 section 5.1.1; did:web section 2.5.2).
            None => purpose == Purpose::Key,
        };
        if !is_its_own {
            let why = "the document does not declare the id that it was asked for by";
            let outcome = Outcome::inconclusive(ReasonCode::Mismatch, why);
            context.note(Check::new(CheckCode::LinkId, outcome).at(node.clone()));
        }
        keys.method(name).cloned()
    });
    match found {
        Ok(method) => Ok(Found { method, source: Source::Document { id, node } }),
        Err(KeyDocumentError::Limit(limit)) => {
            context.unavailable(purpose, &target, ReasonCode::Limit, limit.to_string());
            Err(Lost::Lacking)
        }
        // NOTE: a DID URL with path or query (Decentralized Identifiers 1.0 section 3.2) can name a method as it stands in
        // the DID's own document. Where it does not, it may name one of another document, which nobody was asked for.
        Err(KeyDocumentError::Absent { .. }) if purpose == Purpose::DidDocument && asked != id => {
            let why = "DID URLs with path or query are not followed";
            context.unavailable(purpose, &target, ReasonCode::Unsupported, why.to_owned());
            Err(Lost::Nowhere)
        }
        Err(error) => {
            // What is missing in a document that may be another's need not be missing in the one that was asked for.
            let outcome = if is_its_own {
                Outcome::failed(ReasonCode::Missing, error.to_string())
            } else {
                Outcome::premise(CheckCode::LinkId)
            };
            context.note(Check::new(CheckCode::KeyLinked, outcome).at(node));
            Err(Lost::Lacking)
        }
    }
}

fn without_fragment(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.to_string()
}
