//! From a file to a verdict: [`Verifier`], and the loop around it.
//!
//! Verification is a pure function of the input, the documents, the policy and the time. It returns a report, and the
//! documents that it would still need. [`Verifier::begin`] runs it once; [`Step`] says whether it is done.
//! The four ways to drive it differ only in who fetches: [`Step::run`], [`Step::run_async`], [`Step::offline`], or by
//! hand with [`Pending::requests`] and [`Pending::supply`]. They give the same report for the same documents.
//!
//! Where a file holds several badges, [`Verifier::begin_all`] gives a [`Bundle`] of such verifications.
//!
//! - **Deterministic:** the same input, documents, policy and time give the same report, byte for byte.
//! - **Independent of order:** documents may be supplied one at a time, in any order, or all at once.
//! - **Terminating:** each round answers every request of the round before; requests are bounded by
//!   [`Limit::Documents`].
//! - **Write-once:** an answer is never replaced within one verification, so more documents only turn what was
//!   inconclusive into passed or failed.
//!
//! The procedures stand in `ob2` and `ob3`, numbered as in the specifications.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;

use time::OffsetDateTime;

use crate::error::Error;
use crate::id::Digest;
use crate::jsonld::{ContextError, ContextStore};
use crate::limits::Limit;
use crate::policy::Policy;
use crate::report::{Findings, Report, WrapperReport};
use crate::resource::{Documents, Request, Retrieval, Target, Unavailable};

mod bundle;
mod claim;
mod context;
mod endorsements;
mod listed;
mod memo;
mod signature;
mod ob2;
mod ob3;

pub use bundle::{Bundle, BundleReport};

use claim::{Claim, Claims};
use context::{Context, Spent};
use memo::Memo;

/// Verifies badges under one policy. Make one for each process and share it, or clones of it, which cost nothing: it
/// keeps what is common to all verifications, such as processed JSON-LD contexts.
///
/// ```
/// use openbadges::{policy::Policy, verify::Verifier};
/// use time::macros::datetime;
///
/// let verifier = Verifier::new(Policy::strict());
/// let error = verifier.begin(b"GIF89a", datetime!(2026-11-22 12:00 UTC)).unwrap_err();
/// assert_eq!(error.code().as_str(), "unrecognized");
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    rules: Arc<Rules>,
}

/// What all verifications of one verifier share.
#[derive(Clone, Debug)]
struct Rules {
    policy: Policy,
    policy_digest: Digest,
    contexts: ContextStore,
}

impl Rules {
    fn new(policy: Policy) -> Self {
        let policy_digest = policy.digest();
        Self { policy, policy_digest, contexts: ContextStore::bundled() }
    }
}

impl Verifier {
    /// A verifier with the bundled JSON-LD contexts.
    pub fn new(policy: Policy) -> Self {
        Self { rules: Arc::new(Rules::new(policy)) }
    }

    /// Adds a context of the host's own, by the URL that badges name it by, with its bytes and the digest that pins them.
    ///
    /// Badges with extensions name the contexts that define these. Nothing is ever loaded, so a badge that names any other
    /// context stays unverified. As a plain reading of the badge does not know the host's contexts, they can give names
    /// to nothing but extensions: what they would hide of the badge makes it invalid.
    ///
    /// ```
    /// use openbadges::{policy::Policy, verify::Verifier};
    ///
    /// let context = br#"{"@context": {"instructor": "https://example.org/terms#instructor"}}"#;
    /// let digest = "0ac069458add0e9d873878a5940b9223ed92b1e6e006132b7e1689cd6ad81325".parse()?;
    /// let verifier = Verifier::new(Policy::strict()).with_context("https://example.org/terms/v1", context, digest)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ContextError`]; see [`ContextStore::with_context`].
    ///
    /// # Security
    /// The context decides what statements a signature covers; see [`ContextStore::with_context`].
    pub fn with_context(self, url: &str, bytes: &[u8], sha256: Digest) -> Result<Self, ContextError> {
        let mut rules = Arc::unwrap_or_clone(self.rules);
        rules.contexts = rules.contexts.with_context(url, bytes, sha256)?;
        Ok(Self { rules: Arc::new(rules) })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.rules.policy
    }

    /// Begins the verification of a file's bytes at an instant, with no documents yet.
    ///
    /// A badge may come alone or in a presentation, a learner record or a list, of which [`Report::wrappers`] tells.
    ///
    /// # Errors
    /// [`Error`] if there is no badge in the input, or if there are several: [`Verifier::begin_all`] verifies each.
    pub fn begin(&self, input: &[u8], now: OffsetDateTime) -> Result<Step<'_>, Error> {
        self.resume(input, Documents::default(), now)
    }

    /// As [`Verifier::begin`], with documents that are already there: a cache, or all that is needed.
    ///
    /// # Errors
    /// [`Error`] if there is no badge in the input.
    ///
    /// # Security
    /// The documents must come from the host; see [`Documents`].
    pub fn resume(&self, input: &[u8], documents: Documents, now: OffsetDateTime) -> Result<Step<'_>, Error> {
        let digest = Digest::of(input);
        let claim = Claim::read(input, digest, self.policy().limits())?;
        Ok(self.step(digest, claim, documents, now))
    }

    /// Begins the verification of every badge in a file: each of a presentation, a learner record or a list, and of an
    /// image that carries badges of both versions. See [`Bundle`].
    ///
    /// # Errors
    /// [`Error`] if there is no badge in the input.
    pub fn begin_all(&self, input: &[u8], now: OffsetDateTime) -> Result<Bundle<'_>, Error> {
        self.resume_all(input, Documents::default(), now)
    }

    /// As [`Verifier::begin_all`], with documents that are already there.
    ///
    /// # Errors
    /// [`Error`] if there is no badge in the input.
    ///
    /// # Security
    /// The documents must come from the host; see [`Documents`].
    pub fn resume_all(
        &self,
        input: &[u8],
        documents: Documents,
        now: OffsetDateTime,
    ) -> Result<Bundle<'_>, Error> {
        let limits = self.policy().limits();
        let digest = Digest::of(input);
        let Claims { badges, around, chains, left_aside } = Claims::read(input, digest, limits)?;
        let step = |claim| self.step(digest, claim, documents.clone(), now);
        let around = step(around);
        let badges = badges.into_iter().map(step).collect();
        Ok(Bundle::new(limits, badges, around, chains, left_aside, documents))
    }

    fn step(&self, input: Digest, claim: Claim, documents: Documents, now: OffsetDateTime) -> Step<'_> {
        Session::new(&self.rules, input, claim, documents, now).step()
    }
}

/// How far a verification has come.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums)] // complete by definition
#[allow(clippy::large_enum_variant)] // one lives at a time, and not for long
pub enum Step<'v> {
    /// It is over.
    Done(Report),
    /// Documents are needed.
    Need(Pending<'v>),
}

impl Step<'_> {
    /// Goes on to the end, with a function that fetches.
    ///
    /// ```
    /// use openbadges::{policy::Policy, resource::Unavailable, verify::Verifier};
    /// use time::macros::datetime;
    ///
    /// let badge = br#"{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/1",
    ///     "verification": {"type": "hosted"}}"#;
    /// let verifier = Verifier::new(Policy::strict());
    /// let step = verifier.begin(badge, datetime!(2026-11-22 12:00 UTC))?;
    /// let report = step.run(|request| {
    ///     assert_eq!(request.target().to_string(), "https://example.org/1");
    ///     Err(Unavailable::Timeout) // a real host fetches here
    /// });
    /// assert_eq!(report.status().as_str(), "unverified");
    /// # Ok::<(), openbadges::Error>(())
    /// ```
    pub fn run(mut self, mut fetch: impl FnMut(&Request) -> Retrieval) -> Report {
        loop {
            match self {
                Self::Done(report) => return report,
                Self::Need(pending) => {
                    let answers: Vec<_> = pending
                        .requests()
                        .iter()
                        .map(|request| (request.target().clone(), fetch(request)))
                        .collect();
                    self = pending.supply(answers);
                }
            }
        }
    }

    /// Goes on to the end, with an asynchronous function that fetches; one document after the other.
    ///
    /// To fetch in parallel, drive it by hand: the requests of one round do not depend on each other.
    /// The future needs no runtime of its own, and is `Send` if the caller's is.
    pub async fn run_async<F, Fut>(mut self, mut fetch: F) -> Report
    where
        F: FnMut(Request) -> Fut,
        Fut: Future<Output = Retrieval>,
    {
        loop {
            match self {
                Self::Done(report) => return report,
                Self::Need(pending) => {
                    let mut answers = Vec::new();
                    for request in pending.requests() {
                        answers.push((request.target().clone(), fetch(request.clone()).await));
                    }
                    self = pending.supply(answers);
                }
            }
        }
    }

    /// The requests, if it is not done.
    fn requests(&self) -> &[Request] {
        match self {
            Self::Done(_) => &[],
            Self::Need(pending) => pending.requests(),
        }
    }

    /// Judges with what is here: what was not supplied counts as not to be had.
    pub fn offline(self) -> Report {
        match self {
            Self::Done(report) => report,
            Self::Need(pending) => pending.finish(),
        }
    }
}

/// A verification that needs documents.
#[derive(Debug)]
#[must_use]
pub struct Pending<'v> {
    session: Session<'v>,
    requests: Vec<Request>,
    report: Report,
}

impl<'v> Pending<'v> {
    /// What is needed: sorted, without duplicates, and independent of each other.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// What was supplied so far.
    pub fn documents(&self) -> &Documents {
        &self.session.documents
    }

    /// What is known so far.
    pub fn preview(&self) -> &Report {
        &self.report
    }

    /// Goes on with answers. A request of this round without an answer counts as [`Unavailable::Declined`]; an answer
    /// that nobody asked for is left aside.
    pub fn supply(mut self, answers: impl IntoIterator<Item = (Target, Retrieval)>) -> Step<'v> {
        self.session.take_answers(&self.requests, answers);
        self.session.step()
    }

    /// Stops here: the report on what is known so far.
    pub fn finish(self) -> Report {
        self.report
    }
}

/// What one verification carries from round to round.
#[derive(Debug)]
struct Session<'v> {
    rules: &'v Rules,
    input: Digest,
    claim: Claim,
    now: OffsetDateTime,
    documents: Documents,
    /// The targets that were asked for and answered.
    answered: BTreeSet<Target>,
    /// What was worked out in earlier rounds.
    memo: Memo,
}

impl<'v> Session<'v> {
    fn new(rules: &'v Rules, input: Digest, claim: Claim, documents: Documents, now: OffsetDateTime) -> Self {
        let (answered, memo) = (BTreeSet::new(), Memo::new(rules.policy.limits()));
        Self { rules, input, claim, now, documents, answered, memo }
    }

    /// Takes the answers to requests; one without an answer was declined.
    fn take_answers(&mut self, requests: &[Request], answers: impl IntoIterator<Item = (Target, Retrieval)>) {
        let mut open: BTreeSet<&Target> = requests.iter().map(Request::target).collect();
        for (target, retrieval) in answers {
            if open.remove(&target) {
                self.documents.insert(target, retrieval);
            }
        }
        for target in open {
            self.documents.insert(target.clone(), Err(Unavailable::Declined));
        }
        self.answered.extend(requests.iter().map(|request| request.target().clone()));
    }

    fn step(mut self) -> Step<'v> {
        let memo = std::mem::replace(&mut self.memo, Memo::new(self.rules.policy.limits()));
        let (report, requests, memo) = self.evaluate(memo);
        self.memo = memo;
        if requests.is_empty() {
            Step::Done(report)
        } else {
            Step::Need(Pending { session: self, requests, report })
        }
    }

    /// The whole verification, with the documents that are there. What is remembered makes it faster, and nothing else.
    fn evaluate(&self, memo: Memo) -> (Report, Vec<Request>, Memo) {
        let context = Context::new(self.rules, self.now, &self.documents, &self.answered, memo);
        let context = context.within(self.rules.policy.limits(), Spent::of_badge(self.claim.json_nodes()));
        let judged = self.claim.judge(&context);
        let notes = context.into_notes();
        let report = Report::new(Findings {
            version: judged.version,
            checks: notes.checks,
            documents: notes.documents,
            endorsements: judged.endorsements,
            traces: notes.traces,
            authentic: judged.authentic,
            claimed: judged.claimed,
            carrier: self.claim.carrier(),
            image: self.claim.image(),
            ..self.no_findings()
        });
        // What the badge came in asks for nothing as long as the badge does, and has budgets of its own, so that
        // nothing about it makes a difference to the badge.
        let (wrappers, requests, memo) = self.judge_wrappers(notes.memo);
        let requests = if notes.requests.is_empty() { requests } else { notes.requests };
        let report = report.came_in(wrappers).found_at(self.claim.place(), self.claim.left_aside());
        (report, requests, memo)
    }

    fn no_findings(&self) -> Findings<'_> {
        Findings::none(&self.rules.policy, self.rules.policy_digest, self.input, self.now)
    }

    /// The verdicts on what the badge came in, and the documents that they would still need. However many wrappers
    /// there are, they share one budget.
    fn judge_wrappers(&self, mut memo: Memo) -> (Vec<WrapperReport>, Vec<Request>, Memo) {
        let mut requests = BTreeMap::new();
        let mut reports = Vec::new();
        let limits = self.rules.policy.limits().of_wrappers(self.claim.badges());
        let mut spent = Spent::default();
        for wrapper in self.claim.wrappers() {
            let context = Context::new(self.rules, self.now, &self.documents, &self.answered, memo);
            let context = context.within(&limits, spent);
            let facts = ob3::judge_wrapper(&context, wrapper);
            let notes = context.into_notes();
            (memo, spent) = (notes.memo, notes.spent);
            requests.extend(notes.requests.into_iter().map(|request| (request.target.clone(), request)));
            let report = Report::new(Findings {
                checks: notes.checks,
                documents: notes.documents,
                traces: notes.traces,
                ..self.no_findings()
            });
            reports.push(WrapperReport::new(facts, report));
        }
        // Together they get no more documents than one badge.
        let most = self.rules.policy.limits().size(Limit::Documents);
        let left = most.saturating_sub(self.answered.len());
        (reports, requests.into_values().take(left).collect(), memo)
    }
}

#[cfg(feature = "suite")]
#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::suite::{Case, Suite, answer};

    const SUITES: [&str; 4] = ["badges", "suites/legacy", "suites/ob2", "suites/terms"];

    fn suite(name: &str) -> Suite {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        Suite::read(&tests.join(name).join("suite.json")).unwrap()
    }

    /// Runs a case round by round, and looks at what is found with and without a memory in each of them. The result is
    /// the memory at the end, and the number of rounds.
    fn remembered(suite: &Suite, case: &Case) -> Option<(Memo, usize)> {
        remembered_under(suite.policy(case), suite, case)
    }

    fn remembered_under(policy: Policy, suite: &Suite, case: &Case) -> Option<(Memo, usize)> {
        let rules = Rules::new(policy);
        let (input, answers) = (suite.input(case).unwrap(), suite.answers(case).unwrap());
        let digest = Digest::of(&input);
        let claim = Claim::read(&input, digest, rules.policy.limits()).ok()?;
        let mut session = Session::new(&rules, digest, claim, Documents::default(), suite.now(case));
        let mut memo = Memo::new(rules.policy.limits());
        for round in 1.. {
            let (report, requests, kept) = session.evaluate(memo);
            let (anew, asked_anew, _) = session.evaluate(Memo::new(rules.policy.limits()));
            let text = |report: &Report| serde_json::to_string(report).unwrap();
            assert_eq!(text(&report), text(&anew), "{} in round {round}", case.name);
            assert_eq!(requests, asked_anew, "{} in round {round}", case.name);
            memo = kept;
            if requests.is_empty() {
                return Some((memo, round));
            }
            let found = |request: &Request| {
                let target = request.target();
                (target.clone(), answer(&answers, target))
            };
            session.take_answers(&requests, requests.iter().map(found).collect::<Vec<_>>());
        }
        None
    }

    #[test]
    fn what_is_remembered_changes_no_report() {
        for suite in SUITES.map(suite) {
            let judged = suite.cases.iter().filter_map(|case| remembered(&suite, case)).count();
            assert!(judged > 10, "{}", suite.suite);
        }
    }

    #[test]
    fn what_is_remembered_changes_no_report_where_there_is_no_room_for_all() {
        let suite = suite("badges");
        for most in [150, 200, 250, 300] {
            let judged = suite.cases.iter().filter_map(|case| {
                let policy = suite.policy(case);
                let limits = policy.limits().clone().with(Limit::AllJsonNodes, most);
                remembered_under(policy.with_limits(limits), &suite, case)
            });
            assert!(judged.count() > 5, "{most}");
        }
    }

    #[test]
    fn no_round_repeats_a_signature_or_brings_a_document_into_canonical_form_again() {
        let suite = suite("badges");
        let case = suite.cases.iter().find(|case| case.name == "ob3-integrity-json").unwrap();
        let (memo, rounds) = remembered(&suite, case).unwrap();
        // The badge, the document of its key, and the status list, which is signed with the same key.
        assert_eq!(rounds, 3);
        assert_eq!((memo.proofs.made, memo.signatures.made), (2, 2));
        assert_eq!((memo.json.made, memo.bits.made), (2, 1));
    }
}
