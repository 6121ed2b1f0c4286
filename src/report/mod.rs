//! The outcome of a verification: [`Report`], its [`Check`]s, and the [`Status`] that they imply.
//!
//! A report says what held and what did not, where, and on which documents that rests. It is made by
//! [`verify`](crate::verify) alone: nothing else can construct one, and a serialised report reads back as a
//! [`StoredReport`], which nothing accepts as proof.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use crate::badge::{Badge, LeftAside, Version};
use crate::id::Digest;
use crate::policy::Relaxation;
use crate::quote::quote;
use crate::resource::{Purpose, Target, Unavailable};

mod code;
mod display;
mod findings;
mod image;
mod status;
mod stored;
mod trace;
mod wrapper;

pub use code::CheckCode;
pub(crate) use findings::Findings;
pub use image::Image;
pub use status::Status;
pub use stored::{StoredCheck, StoredOutcome, StoredReason, StoredReport};
pub use trace::ProofTrace;
pub(crate) use wrapper::WrapperFacts;
pub use wrapper::WrapperReport;

/// What was found out about one badge.
///
/// `{}` prints a headline, then what makes the badge authentic and current and whatever is wrong with it, a line each;
/// `{:#}` prints every check with its evidence. For machines it serialises, as JSON with the member `schema`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Report {
    schema: &'static str,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    #[serde(with = "time::serde::rfc3339")]
    evaluated_at: OffsetDateTime,
    input: Digest,
    policy: Digest,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relaxations: Vec<Relaxation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
    #[serde(skip_serializing_if = "String::is_empty")]
    place: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wrappers: Vec<WrapperReport>,
    checks: Vec<Check>,
    documents: Vec<DocumentEvidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    endorsements: Vec<Self>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    traces: Vec<ProofTrace>,
    /// The status without the checks on the badge's own end; what implies it is all in the checks.
    #[serde(skip)]
    apart_from_expiry: Status,
    #[serde(rename = "badge", serialize_with = "summarised", skip_serializing_if = "Option::is_none")]
    authentic: Option<Badge>,
    #[serde(rename = "claimedBadge", serialize_with = "summarised", skip_serializing_if = "Option::is_none")]
    claimed: Option<Badge>,
}

impl Report {
    /// Closes the books: the status is the largest that any check implies.
    pub(crate) fn new(findings: Findings<'_>) -> Self {
        let unknown = findings.policy.unknown_revocation();
        let lasting = findings.checks.iter().filter(|check| check.severity != Severity::Expiry);
        Self {
            schema: SCHEMA,
            status: Status::of(&findings.checks, unknown),
            apart_from_expiry: Status::of(lasting, unknown),
            version: findings.version,
            evaluated_at: findings.now,
            input: findings.input,
            policy: findings.policy_digest,
            relaxations: findings.policy.relaxations(),
            carrier: findings.carrier,
            image: findings.image,
            place: String::new(),
            wrappers: Vec::new(),
            checks: findings.checks,
            documents: findings.documents,
            endorsements: findings.endorsements,
            traces: findings.traces,
            authentic: findings.authentic,
            claimed: findings.claimed,
        }
    }

    /// The same report on a badge that came in something, with what was found out about that.
    ///
    /// The checks that say so are advice, so that the verdict stays what it is.
    pub(crate) fn came_in(mut self, wrappers: Vec<WrapperReport>) -> Self {
        self.checks.extend(wrappers.iter().map(WrapperReport::as_check));
        Self { wrappers, ..self }
    }

    /// The same report on a badge that stood in this place, beside something that is none.
    pub(crate) fn found_at(mut self, place: &str, beside: &[LeftAside]) -> Self {
        self.checks.extend(beside.iter().map(wrapper::beside));
        Self { place: place.to_owned(), ..self }
    }

    /// What was found out about what the badge came in.
    pub(crate) fn into_wrappers(self) -> Vec<WrapperReport> {
        self.wrappers
    }

    /// The verdict.
    pub fn status(&self) -> Status {
        self.status
    }

    /// What the verdict would be if the time of the badge were not over.
    ///
    /// *Expired* outranks *unverified*: of an expired badge this tells whether it is genuine ([`Status::Valid`]), or
    /// whether that is not known, as where a sound signature was made with a key that may be anybody's.
    pub fn status_apart_from_expiry(&self) -> Status {
        self.apart_from_expiry
    }

    /// The version of Open Badges that the badge is written in; unknown if only a URL is.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Every check, in the order in which it was made.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The checks of one code: several where several places were looked at, none where there was nothing to look at.
    pub fn check(&self, code: CheckCode) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.code == code)
    }

    /// The badge that the verdict is about, if its integrity was proven: it is what was served at the badge's own
    /// address, or what was signed.
    ///
    /// # Security
    /// Whether it was the issuer who served or signed it, is another question, which [`Report::status`] answers: a badge
    /// that was signed with a key of anybody's is *unverified*, or *expired* once its time is over.
    pub fn badge(&self) -> Option<&Badge> {
        self.authentic.as_ref()
    }

    /// What the input says.
    ///
    /// # Security
    /// It is for display beside the verdict and never for trust: anybody can write anything into a file.
    pub fn claimed_badge(&self) -> Option<&Badge> {
        self.claimed.as_ref()
    }

    /// The badge whose integrity was proven, or else the one that is claimed.
    ///
    /// # Security
    /// As for [`Report::claimed_badge`]: look at [`Report::status`] before believing it.
    pub fn any_badge(&self) -> Option<&Badge> {
        self.badge().or(self.claimed_badge())
    }

    /// Where in the image the badge stood; nothing for a bare document.
    pub fn carrier(&self) -> Option<&str> {
        self.carrier.as_deref()
    }

    /// What the image is like that the badge came in; nothing for a bare document.
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// Where in the file the badge stood, if it came in a presentation, a learner record or a list: a JSON pointer
    /// (RFC 6901), which goes on in the payload where a text on its way is a JWT. Empty for a badge by itself.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What was found out about the presentation or record that the badge came in, outermost first; nothing for a badge
    /// by itself. They do not change its status.
    pub fn wrappers(&self) -> &[WrapperReport] {
        &self.wrappers
    }

    /// The documents that the verdict rests on.
    pub fn documents(&self) -> &[DocumentEvidence] {
        &self.documents
    }

    /// The reports on the badge's endorsements; they do not change its status.
    pub fn endorsements(&self) -> &[Self] {
        &self.endorsements
    }

    /// The intermediate values of the proofs that were looked at, in that order, those of endorsements and status lists
    /// among them; none unless the policy asks for them.
    pub fn traces(&self) -> &[ProofTrace] {
        &self.traces
    }

    /// Every dangerous setting that was in force.
    pub fn relaxations(&self) -> &[Relaxation] {
        &self.relaxations
    }

    /// The instant at which the badge was judged.
    pub fn evaluated_at(&self) -> OffsetDateTime {
        self.evaluated_at
    }

    /// The digest of the input.
    pub fn input(&self) -> Digest {
        self.input
    }

    /// The digest of the policy; see [`Policy::digest`](crate::Policy::digest).
    pub fn policy(&self) -> Digest {
        self.policy
    }
}

/// Names the form of a serialised report. Members are only ever added under the same name.
const SCHEMA: &str = "openbadges.report/1";

fn summarised<S: Serializer>(badge: &Option<Badge>, serializer: S) -> Result<S::Ok, S::Error> {
    badge.as_ref().map(Badge::summary).serialize(serializer)
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Check {
    pub(crate) code: CheckCode,
    pub(crate) severity: Severity,
    pub(crate) outcome: Outcome,
    #[serde(skip_serializing_if = "Node::is_whole_input")]
    pub(crate) node: Node,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<Evidence>,
}

impl Check {
    pub(crate) fn new(code: CheckCode, outcome: Outcome) -> Self {
        Self { code, severity: code.severity(), outcome, node: Node::default(), evidence: Vec::new() }
    }

    pub(crate) fn at(self, node: Node) -> Self {
        Self { node, ..self }
    }

    pub(crate) fn with(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Takes the weight off a check whose outcome must not change the status.
    pub(crate) fn advisory(self) -> Self {
        Self { severity: Severity::Advisory, ..self }
    }

    /// Whether its outcome changes nothing about the status.
    pub(crate) fn is_advisory(&self) -> bool {
        self.severity == Severity::Advisory
    }

    /// Its name.
    pub fn code(&self) -> CheckCode {
        self.code
    }

    /// What failing it implies.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// How it went.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// What it looked at.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// What it rests on.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Whether a reader wants to see it even when it passed: what makes a badge authentic and current.
    fn is_headline(&self) -> bool {
        matches!(
            self.code,
            CheckCode::HostedContent
                | CheckCode::HostedScope
                | CheckCode::KeyController
                | CheckCode::KeyLinked
                | CheckCode::ProofSignature
                | CheckCode::RevocationHosted
                | CheckCode::RevocationList
                | CheckCode::RevocationStatus
                | CheckCode::TimeExpiry
        )
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match (&self.outcome, self.severity) {
            (Outcome::Passed, _) => "ok",
            (Outcome::NotApplicable(_), _) => "n/a",
            (Outcome::Failed(_) | Outcome::Inconclusive(_), Severity::Advisory) => "note",
            (Outcome::Failed(_), _) => "FAIL",
            (Outcome::Inconclusive(_), _) => "?",
        };
        let is_passed = self.outcome == Outcome::Passed;
        let mut words: Vec<String> =
            self.outcome.reason().map(|reason| reason.message.to_string()).into_iter().collect();
        if is_passed || f.alternate() {
            words.extend(self.evidence.iter().map(ToString::to_string));
        }
        if !self.node.is_whole_input() && (!is_passed || f.alternate()) {
            words.push(self.node.to_string());
        }
        if words.is_empty() {
            return write!(f, "  {word:<4}  {}", self.code);
        }
        write!(f, "  {word:<4}  {:<20}  {}", self.code, words.join(", "))
    }
}

/// What failing a check implies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // the rows of the status table
pub enum Severity {
    /// Nothing for the status.
    Advisory,
    /// The badge is invalid.
    Essential,
    /// The badge is expired.
    Expiry,
    /// The badge is revoked.
    Revocation,
}

/// How a check went.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result", content = "reason")]
#[allow(clippy::exhaustive_enums)] // the columns of the status table
pub enum Outcome {
    /// It was looked at, and is wrong.
    Failed(Reason),
    /// It could not be looked at.
    Inconclusive(Reason),
    /// There is nothing to look at.
    NotApplicable(Reason),
    /// It was looked at, and is right.
    Passed,
}

impl Outcome {
    /// The reason, unless it passed.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Failed(reason) | Self::Inconclusive(reason) | Self::NotApplicable(reason) => Some(reason),
            Self::Passed => None,
        }
    }

    pub(crate) fn failed(code: ReasonCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Failed(Reason::new(code, message))
    }

    pub(crate) fn inconclusive(code: ReasonCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Inconclusive(Reason::new(code, message))
    }

    pub(crate) fn not_applicable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::NotApplicable(Reason::new(ReasonCode::Absent, message))
    }

    /// The outcome of a check that rests on another one, which did not pass.
    pub(crate) fn premise(premise: CheckCode) -> Self {
        Self::inconclusive(ReasonCode::Premise, format!("rests on {premise}"))
    }
}

/// Why a check did not pass: a code for machines and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// The code; stable.
    pub code: ReasonCode,
    /// The sentence: what was expected and what was found. Not stable.
    pub message: Cow<'static, str>,
}

impl Reason {
    pub(crate) fn new(code: ReasonCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Why a check did not pass, for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ReasonCode {
    /// There is nothing of the kind.
    Absent,
    /// The network policy forbids asking for it.
    Blocked,
    /// It stands where it must not, or is something that must not be.
    Forbidden,
    /// It went over a bound.
    Limit,
    /// It does not have the form that the specification prescribes.
    Malformed,
    /// Two things that must agree do not.
    Mismatch,
    /// Something that must be there is not.
    Missing,
    /// It rests on a check that did not pass.
    Premise,
    /// It was taken back for good.
    Revoked,
    /// What is known of it is too old.
    Stale,
    /// It was taken back for a time.
    Suspended,
    /// Its time is over, or has not come.
    Time,
    /// It could not be had.
    Unavailable,
    /// Nothing connects the two.
    Unbound,
    /// This version or build does not do such a thing.
    Unsupported,
    /// It is too weak.
    Weak,
}

/// The place that a check looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Node {
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Target>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pointer: String,
}

impl Node {
    /// A place in a document that was supplied.
    pub(crate) fn document(target: &Target, pointer: impl Into<String>) -> Self {
        Self { document: Some(target.clone()), pointer: pointer.into() }
    }

    /// The same document, another place.
    pub(crate) fn within(&self, pointer: impl Into<String>) -> Self {
        Self { document: self.document.clone(), pointer: pointer.into() }
    }

    /// The document; nothing for the badge that was handed in.
    pub fn target(&self) -> Option<&Target> {
        self.document.as_ref()
    }

    /// The place in it, as an RFC 6901 JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    fn is_whole_input(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.document, self.pointer.as_str()) {
            (None, "") => f.write_str("the badge"),
            (None, pointer) => write!(f, "at {}", quote(pointer)),
            (Some(target), "") => write!(f, "in {}", quote(&target.to_string())),
            (Some(target), pointer) => write!(f, "in {} at {}", quote(&target.to_string()), quote(pointer)),
        }
    }
}

/// What a check rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Evidence {
    /// A signature algorithm or cryptosuite.
    Algorithm(String),
    /// A JSON-LD context of the host's own, which says what the badge's extensions mean.
    Context {
        /// The URL that the badge names it by.
        url: String,
        /// The digest of its bytes.
        sha256: Digest,
    },
    /// A document.
    Document(Target),
    /// An instant that was compared.
    Instant(#[serde(with = "time::serde::rfc3339")] OffsetDateTime),
    /// A key, by its id or thumbprint.
    Key(String),
    /// Two values that should have agreed.
    Mismatch {
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A statement of the issuer's, such as the reason of a revocation.
    Statement(String),
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(text) | Self::Key(text) => write!(f, "{}", quote(text)),
            Self::Context { url, .. } => write!(f, "with the host's context {}", quote(url)),
            Self::Document(target) => write!(f, "{}", quote(&target.to_string())),
            Self::Instant(instant) => f.write_str(&rfc3339(*instant)),
            Self::Mismatch { expected, found } => {
                write!(f, "expected {}, found {}", quote(expected), quote(found))
            }
            Self::Statement(text) => write!(f, "the issuer says {}", quote(text)),
        }
    }
}

/// An instant as the specifications write it.
pub(crate) fn rfc3339(instant: OffsetDateTime) -> String {
    instant.format(&Rfc3339).unwrap_or_else(|_| instant.to_string())
}

/// A document that a verdict rests on, or would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DocumentEvidence {
    /// What was asked for.
    pub target: Target,
    /// What for.
    pub purpose: Purpose,
    /// What came.
    #[serde(flatten)]
    pub answer: Answer,
}

/// What came for a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Answer {
    /// A response.
    #[non_exhaustive]
    Response {
        /// The HTTP status.
        status: u16,
        /// The URL after all redirects.
        final_url: Url,
        /// The URLs that redirected.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        hops: Vec<Url>,
        /// The digest of the body.
        sha256: Digest,
        /// When it was fetched.
        #[serde(with = "time::serde::rfc3339")]
        retrieved_at: OffsetDateTime,
    },
    /// No response.
    Unavailable(Unavailable),
}
