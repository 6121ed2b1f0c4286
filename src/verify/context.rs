//! What an evaluation may do: ask for documents, note checks, and nothing else.
//!
//! An evaluation is a pure function that is run again whenever more documents are there. It asks for a document with
//! [`Context::want`]; where that is not at hand the answer is `None`, and `?` leaves that branch alone while the others
//! go on, so that everything which can be asked for is asked for at once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use time::OffsetDateTime;
use url::Url;

use super::Rules;
use super::memo::Memo;
use crate::badge::{Reading, Violation, ViolationKind, Weight};
use crate::id::Digest;
use crate::json::JsonError;
use crate::jsonld::ContextStore;
use crate::limits::{Limit, Limits};
use crate::policy::{Policy, Trace, TrustedIssuers};
use crate::proof::did::{self, DidError};
use crate::proof::integrity::{Cryptosuite, Prepared};
use crate::quote::quote;
use crate::report::{
    Answer, Check, CheckCode, DocumentEvidence, Evidence, Node, Outcome, ProofTrace, ReasonCode, Severity,
    Status, rfc3339,
};
use crate::resource::{Documents, Purpose, Request, Response, Target, Unavailable};

mod checks;
mod remembered;
mod spent;

use checks::Checks;
pub(super) use spent::Spent;

/// What all steps of one evaluation share.
pub(super) struct Context<'a> {
    pub(super) policy: &'a Policy,
    pub(super) policy_digest: Digest,
    pub(super) now: OffsetDateTime,
    pub(super) contexts: &'a ContextStore,
    limits: &'a Limits,
    documents: &'a Documents,
    /// Targets that were asked for and answered in this verification: they are not asked for again.
    answered: &'a BTreeSet<Target>,
    state: RefCell<State>,
    memo: RefCell<Memo>,
}

#[derive(Default)]
struct State {
    checks: Checks,
    documents: Vec<DocumentEvidence>,
    requests: BTreeMap<Target, Request>,
    spent: Spent,
    traces: Vec<ProofTrace>,
}

/// What an evaluation leaves behind.
pub(super) struct Notes {
    pub(super) checks: Vec<Check>,
    pub(super) documents: Vec<DocumentEvidence>,
    pub(super) requests: Vec<Request>,
    pub(super) memo: Memo,
    pub(super) traces: Vec<ProofTrace>,
    pub(super) spent: Spent,
}

/// A document that is at hand.
#[derive(Clone)]
pub(super) struct Document<'a> {
    pub(super) target: Target,
    pub(super) response: &'a Response,
    purpose: Purpose,
}

/// What a document is read as.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Json,
    Jws,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        rules: &'a Rules,
        now: OffsetDateTime,
        documents: &'a Documents,
        answered: &'a BTreeSet<Target>,
        memo: Memo,
    ) -> Self {
        let Rules { policy, policy_digest, contexts } = rules;
        Self {
            policy,
            policy_digest: *policy_digest,
            now,
            contexts,
            limits: policy.limits(),
            documents,
            answered,
            state: RefCell::default(),
            memo: RefCell::new(memo),
        }
    }

    /// The same, within other limits of which something was spent before.
    pub(super) fn within(mut self, limits: &'a Limits, spent: Spent) -> Self {
        self.limits = limits;
        self.state.get_mut().spent = spent;
        self
    }

    pub(super) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Closes the evaluation.
    pub(super) fn into_notes(self) -> Notes {
        let state = self.state.into_inner();
        Notes {
            checks: state.checks.into_vec(),
            documents: state.documents,
            requests: state.requests.into_values().collect(),
            memo: self.memo.into_inner(),
            traces: state.traces,
            spent: state.spent,
        }
    }

    /// Keeps the intermediate values of a proof, if the policy asks for them and as far as there is room.
    pub(super) fn trace(&self, node: &Node, suite: Cryptosuite, prepared: &Prepared) {
        if self.policy.trace() == Trace::Off {
            return;
        }
        let traces = &mut self.state.borrow_mut().traces;
        let used = traces.iter().map(ProofTrace::len).fold(0, usize::saturating_add);
        let room = self.limits().size(Limit::TraceBytes).saturating_sub(used);
        let trace = ProofTrace::new(node, suite, prepared, room);
        // The proofs of a status list that two entries share are looked at twice.
        if !traces.contains(&trace) {
            traces.push(trace);
        }
    }

    // ---- checks

    /// Notes a check; the same one at the same place counts once.
    pub(super) fn note(&self, check: Check) {
        self.state.borrow_mut().checks.add(check);
    }

    /// Notes the outcome of a check of the whole badge.
    pub(super) fn check(&self, code: CheckCode, outcome: Outcome) {
        self.note(Check::new(code, outcome));
    }

    /// Runs a part whose checks are not those of the badge, and gives them back.
    pub(super) fn apart<T>(&self, run: impl FnOnce() -> T) -> (T, Vec<Check>) {
        let outer = std::mem::take(&mut self.state.borrow_mut().checks);
        let value = run();
        let inner = std::mem::replace(&mut self.state.borrow_mut().checks, outer);
        (value, inner.into_vec())
    }

    /// What some checks imply together.
    pub(super) fn status_of(&self, checks: &[Check]) -> Status {
        Status::of(checks, self.policy.unknown_revocation())
    }

    /// Notes what a reading found: one check for each kind of rule, or one for each violation.
    pub(super) fn structure<T>(&self, node: &Node, reading: &Reading<T>) {
        for (kind, code) in STRUCTURE {
            if !reading.violations.iter().any(|violation| violation.kind() == kind && is_essential(violation))
            {
                self.note(Check::new(code, Outcome::Passed).at(node.clone()));
            }
        }
        for violation in &reading.violations {
            let code = STRUCTURE.iter().find(|(kind, _)| *kind == violation.kind());
            let code = code.map_or(CheckCode::StructureValue, |(_, code)| *code);
            let reason = match violation.kind() {
                ViolationKind::Required => ReasonCode::Missing,
                _ => ReasonCode::Malformed,
            };
            let message = format!("expected {}, found {}", violation.expected(), violation.found());
            let check =
                Check::new(code, Outcome::failed(reason, message)).at(node.within(violation.pointer()));
            self.note(if is_essential(violation) { check } else { check.advisory() });
        }
    }

    /// Notes that a document's form cannot be judged, because it is not the authoritative one.
    pub(super) fn structure_unknown(&self, premise: CheckCode) {
        for (_, code) in STRUCTURE {
            self.check(code, Outcome::premise(premise));
        }
    }

    /// Judges "not before" (Open Badges 2.0, Assertion; Open Badges 3.0, Verification): from the very instant on, and a
    /// little earlier, since clocks differ.
    pub(super) fn not_before(&self, begin: Option<OffsetDateTime>) {
        let Some(begin) = begin else {
            let why = "no instant from which it is valid can be read";
            return self.check(CheckCode::TimeNotBefore, Outcome::inconclusive(ReasonCode::Missing, why));
        };
        let has_begun = begin <= self.now.saturating_add(self.policy.clock_skew());
        let outcome = if has_begun {
            Outcome::Passed
        } else {
            Outcome::failed(ReasonCode::Time, format!("it is valid from {} on", rfc3339(begin)))
        };
        self.note(Check::new(CheckCode::TimeNotBefore, outcome).with(Evidence::Instant(begin)));
    }

    /// Judges the expiry: at the very instant it is still valid.
    pub(super) fn expiry(&self, end: Option<OffsetDateTime>) {
        let Some(end) = end else {
            return self.check(CheckCode::TimeExpiry, Outcome::not_applicable("it does not expire"));
        };
        let outcome = if self.now > end {
            Outcome::failed(ReasonCode::Time, format!("it expired at {}", rfc3339(end)))
        } else {
            Outcome::Passed
        };
        self.note(Check::new(CheckCode::TimeExpiry, outcome).with(Evidence::Instant(end)));
    }

    /// Judges whether the policy trusts the issuer.
    pub(super) fn issuer_trusted(&self, issuer: Option<&str>) {
        let outcome = match (self.policy.trusted_issuers(), issuer) {
            (TrustedIssuers::Any, _) => Outcome::not_applicable("the policy names no issuers"),
            (TrustedIssuers::Only(issuers), Some(issuer))
                if issuers.iter().any(|each| each.as_str() == issuer) =>
            {
                Outcome::Passed
            }
            (TrustedIssuers::Only(_), _) => {
                Outcome::inconclusive(ReasonCode::Unbound, "the policy does not name the issuer")
            }
        };
        self.check(CheckCode::IssuerTrusted, outcome);
    }

    // ---- documents

    /// A document that was served with success, or `None` with a note of why not.
    pub(super) fn want(&self, purpose: Purpose, target: &Target) -> Option<Document<'a>> {
        let document = self.want_any(purpose, target)?;
        if !document.response.is_success() {
            let message = format!("the server answered {}", document.response.status());
            self.unavailable(purpose, target, ReasonCode::Unavailable, message);
            return None;
        }
        Some(document)
    }

    /// A document whatever the status it was served with, or `None` with a note of why not.
    pub(super) fn want_any(&self, purpose: Purpose, target: &Target) -> Option<Document<'a>> {
        match self.retrieve(purpose, target) {
            Ok(response) => {
                let document = Document { target: target.clone(), response, purpose };
                let is_of_another = self.origin(&document);
                // The promise that a badge makes is the one at the address that it names.
                (!is_of_another || purpose != Purpose::Schema).then_some(document)
            }
            Err((reason, message)) => {
                self.unavailable(purpose, target, reason, message);
                None
            }
        }
    }

    /// The JSON of a document, or `None` with a note of why not.
    pub(super) fn json(&self, document: &Document<'a>) -> Option<Arc<Value>> {
        match self.parsed(document.response.body_digest(), document.response.body()) {
            Ok(value) => {
                self.served_as(document, Form::Json);
                Some(value)
            }
            Err(error) => {
                self.unread(document, &error);
                None
            }
        }
    }

    /// Notes why the JSON of a document was not read.
    pub(super) fn unread(&self, document: &Document<'_>, error: &JsonError) {
        let (reason, message) = match error {
            JsonError::Limit(limit) => (ReasonCode::Limit, limit.to_string()),
            error => (ReasonCode::Malformed, format!("the body is not readable JSON: {error}")),
        };
        self.unavailable(document.purpose, &document.target, reason, message);
    }

    /// Notes a document that was served as something else than what it is (Open Badges 2.0, "Setting the Content-Type").
    ///
    /// It is read all the same: many hosts serve everything as text or as a download.
    pub(super) fn served_as(&self, document: &Document<'_>, form: Form) {
        let Some(found) = document.response.media_type() else { return };
        let essence = found.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let fits = match form {
            Form::Json => essence.ends_with("+json") || JSON_TYPES.contains(&essence.as_str()),
            Form::Jws => essence.ends_with("+jwt") || JWS_TYPES.contains(&essence.as_str()),
        };
        if !fits {
            let message = format!("it was served as {}", quote(found));
            let check =
                Check::new(CheckCode::ResourceMediaType, Outcome::failed(ReasonCode::Mismatch, message));
            self.note(check.at(Node::document(&document.target, "")));
        }
    }

    /// Judges a bound on its age that a document itself states, and asks for a newer copy where there may be one.
    ///
    /// # Errors
    /// The outcome of what rests on the document, if it is too old.
    pub(super) fn fresh(&self, document: &Document<'_>, max_age: time::Duration) -> Result<(), Outcome> {
        let check = |outcome| {
            let node = Node::document(&document.target, "");
            self.note(Check::new(CheckCode::ResourceFresh, outcome).at(node).advisory());
        };
        if self.now - document.response.retrieved_at() <= max_age {
            check(Outcome::Passed);
            return Ok(());
        }
        let message = format!("the copy is older than {max_age}, for which it may be kept");
        let (reason, message) = if self.answered.contains(&document.target) {
            (ReasonCode::Stale, message)
        } else {
            self.ask(document.purpose, &document.target, max_age)
                .err()
                .unwrap_or((ReasonCode::Stale, message))
        };
        let outcome = Outcome::inconclusive(reason, message);
        check(outcome.clone());
        Err(outcome)
    }

    /// The JSON document at a web address; see [`Context::want`] and [`Context::json`].
    pub(super) fn want_json(&self, purpose: Purpose, url: &Url) -> Option<(Document<'a>, Arc<Value>)> {
        let document = self.want(purpose, &Target::url(url.clone()))?;
        let value = self.json(&document)?;
        Some((document, value))
    }

    /// Notes that something that was needed could not be had.
    ///
    /// Where a check of its own says what that means, such as the one of a revocation list, this is only advice.
    pub(super) fn unavailable(&self, purpose: Purpose, target: &Target, reason: ReasonCode, message: String) {
        let node = Node::document(target, "");
        let check = Check::new(CheckCode::ResourceAvailable, Outcome::inconclusive(reason, message)).at(node);
        let has_own_check = match purpose {
            Purpose::Endorsement
            | Purpose::Refresh
            | Purpose::RevocationList
            | Purpose::Schema
            | Purpose::StatusList => true,
            Purpose::Assertion
            | Purpose::BadgeClass
            | Purpose::DidDocument
            | Purpose::Issuer
            | Purpose::Key => false,
        };
        self.note(if has_own_check { check.advisory() } else { check });
    }

    /// Whether a document that is not too old is here already.
    pub(super) fn has(&self, purpose: Purpose, target: &Target) -> bool {
        let max_age = self.policy.freshness(purpose);
        matches!(self.documents.get(target), Some(Ok(known)) if self.now - known.retrieved_at() <= max_age)
    }

    /// Whether an answer is still to come.
    pub(super) fn awaits(&self, target: &Target) -> bool {
        self.state.borrow().requests.contains_key(target)
    }

    /// What is known of a target; asks for it if nothing is.
    fn retrieve(&self, purpose: Purpose, target: &Target) -> Result<&'a Response, (ReasonCode, String)> {
        let url = web_url(target).map_err(|error| (ReasonCode::Malformed, error.to_string()))?;
        if let Some(url) = url
            && let Err(denied) = self.policy.network().permits_url(&url)
        {
            self.record(purpose, target, Err(&Unavailable::Blocked(denied)));
            return Err((ReasonCode::Blocked, format!("not asked for: {denied}")));
        }
        let is_answered = self.answered.contains(target);
        let max_age = self.policy.freshness(purpose);
        match self.documents.get(target) {
            Some(Ok(response)) if self.now - response.retrieved_at() <= max_age => {
                self.usable(purpose, target, response)
            }
            Some(Ok(_)) if is_answered => {
                Err((ReasonCode::Stale, format!("the copy is older than {max_age}")))
            }
            Some(Err(why)) if is_answered || *why != Unavailable::Declined => {
                self.record(purpose, target, Err(why));
                Err((ReasonCode::Unavailable, why.to_string()))
            }
            Some(_) | None => {
                self.ask(purpose, target, max_age)?;
                Err((ReasonCode::Unavailable, "it has not been fetched".to_owned()))
            }
        }
    }

    fn ask(
        &self,
        purpose: Purpose,
        target: &Target,
        max_age: time::Duration,
    ) -> Result<(), (ReasonCode, String)> {
        let limits = self.limits();
        let requests = &mut self.state.borrow_mut().requests;
        let asked = self.answered.len().saturating_add(requests.len());
        if asked >= limits.size(Limit::Documents) && !requests.contains_key(target) {
            return Err((ReasonCode::Limit, limits.exceeded(Limit::Documents).to_string()));
        }
        requests.entry(target.clone()).or_insert_with(|| Request {
            target: target.clone(),
            purpose,
            max_bytes: limits.get(bytes_of(purpose)),
            max_redirects: u8::try_from(limits.get(Limit::Redirects)).unwrap_or(u8::MAX),
            max_age,
        });
        Ok(())
    }

    /// The response, if the host kept to the rules that the request came with.
    fn usable(
        &self,
        purpose: Purpose,
        target: &Target,
        response: &'a Response,
    ) -> Result<&'a Response, (ReasonCode, String)> {
        let limits = self.limits();
        let length = u64::try_from(response.body().len()).unwrap_or(u64::MAX);
        let network = self.policy.network();
        let is_on_the_web = matches!(web_url(target), Ok(Some(_)));
        let mut hops = response.hops().iter().chain([response.final_url()]).filter(|_| is_on_the_web);
        let refusal = if let Some(denied) = hops.find_map(|hop| network.permits_url(hop).err()) {
            Some((ReasonCode::Blocked, Unavailable::Blocked(denied)))
        } else if response.hops().len() > limits.size(Limit::Redirects) {
            Some((ReasonCode::Limit, Unavailable::TooManyRedirects))
        } else if length > limits.get(bytes_of(purpose)) {
            Some((ReasonCode::Limit, Unavailable::TooLarge { limit: limits.get(bytes_of(purpose)) }))
        } else {
            None
        };
        if let Some((reason, why)) = refusal {
            let message = why.to_string();
            self.record(purpose, target, Err(&why));
            return Err((reason, message));
        }
        if self.record(purpose, target, Ok(response)) {
            let bytes = &mut self.state.borrow_mut().spent.bytes;
            *bytes = bytes.saturating_add(length);
        }
        if self.state.borrow().spent.bytes > limits.get(Limit::AllDocumentBytes) {
            return Err((ReasonCode::Limit, limits.exceeded(Limit::AllDocumentBytes).to_string()));
        }
        Ok(response)
    }

    /// Puts a document on record; says whether it is the first time.
    fn record(&self, purpose: Purpose, target: &Target, retrieval: Result<&Response, &Unavailable>) -> bool {
        let documents = &mut self.state.borrow_mut().documents;
        if documents.iter().any(|known| known.target == *target) {
            return false;
        }
        let answer = match retrieval {
            Ok(response) => Answer::Response {
                status: response.status(),
                final_url: response.final_url().clone(),
                hops: response.hops().to_vec(),
                sha256: response.body_digest(),
                retrieved_at: response.retrieved_at(),
            },
            Err(why) => Answer::Unavailable(why.clone()),
        };
        documents.push(DocumentEvidence { target: target.clone(), purpose, answer });
        true
    }

    /// Notes a redirect to somebody who does not speak for whom was asked; says whether there was one.
    ///
    /// A newer copy of a badge has a proof of its own, and a schema can be done without: neither speaks for anybody by the
    /// place where it was found.
    fn origin(&self, document: &Document<'_>) -> bool {
        let Ok(Some(asked)) = web_url(&document.target) else { return false };
        let network = self.policy.network();
        let mut hops = document.response.hops().iter().chain([document.response.final_url()]);
        let Some(stranger) = hops.find(|hop| !network.trusts_redirect(&asked, hop)) else { return false };
        let message = format!("it was redirected to another origin, {}", quote(stranger.as_str()));
        let outcome = Outcome::inconclusive(ReasonCode::Unbound, message);
        let check = Check::new(CheckCode::ResourceOrigin, outcome).at(Node::document(&document.target, ""));
        let has_no_authority = matches!(document.purpose, Purpose::Refresh | Purpose::Schema);
        self.note(if has_no_authority { check.advisory() } else { check });
        true
    }
}

/// Where a target is on the web; nothing for a DID whose method is the host's to resolve.
fn web_url(target: &Target) -> Result<Option<Url>, DidError> {
    match target {
        Target::Url(url) => Ok(Some(url.clone())),
        Target::Did(did) => match did::web_url(did) {
            Err(DidError::Method { .. }) => Ok(None),
            other => other.map(Some),
        },
    }
}

/// The bound on the size of a document.
fn bytes_of(purpose: Purpose) -> Limit {
    match purpose {
        Purpose::RevocationList | Purpose::StatusList => Limit::ListBytes,
        Purpose::Assertion
        | Purpose::BadgeClass
        | Purpose::DidDocument
        | Purpose::Endorsement
        | Purpose::Issuer
        | Purpose::Key
        | Purpose::Refresh
        | Purpose::Schema => Limit::DocumentBytes,
    }
}

/// Media types of JSON that do not end in `+json`.
const JSON_TYPES: [&str; 2] = ["application/json", "application/vc"];

/// Media types of a compact JWS that do not end in `+jwt`.
const JWS_TYPES: [&str; 3] = ["application/jose", "application/jwt", "text/plain"];

/// The checks of form, and the rules that they stand for.
const STRUCTURE: [(ViolationKind, CheckCode); 5] = [
    (ViolationKind::Context, CheckCode::StructureContext),
    (ViolationKind::Type, CheckCode::StructureType),
    (ViolationKind::Required, CheckCode::StructureRequired),
    (ViolationKind::Value, CheckCode::StructureValue),
    (ViolationKind::Subject, CheckCode::StructureSubject),
];

fn is_essential(violation: &Violation) -> bool {
    violation.weight() == Weight::Essential
}

/// Whether a failed check is the badge's own fault, and not the lack of a document.
pub(super) fn essential(check: Check) -> Check {
    Check { severity: Severity::Essential, ..check }
}
