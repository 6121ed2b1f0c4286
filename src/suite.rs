//! Reads and runs test suites: badges with the verdict that each must get.
//!
//! In: a `suite.json` and the files beside it. Out: for each case what was expected, what came out, and whether the two
//! agree. Suites of other projects are run by the same code as this crate's own. This module reads files, so it
//! stands behind the feature `suite`, and nothing else of the crate uses it.
//!
//! # The format
//!
//! Paths are relative to the `suite.json`. Unknown members are ignored.
//!
//! | member | meaning |
//! |---|---|
//! | `suite` | the suite's name |
//! | `now` | the instant (RFC 3339) at which every case is judged that has none of its own |
//! | `contexts` | the JSON-LD contexts of the host's own, for every case: each with `url`, `file` and `sha256` |
//! | `documents` | what the network would answer, for every case |
//! | `policy` | what differs from the strict policy, for every case: `allowHttp`, `allowPorts`, `redirectOrigins`, `trustedIssuers`, `unknownRevocation`, `endorsements`, `refresh`, `proofDomain`, `proofChallenge` |
//! | `cases` | the cases |
//!
//! A document has a `url` (or a DID; a `did:web` document may be named by either), a `file` (none means an empty body),
//! `status`, `mediaType`, `finalUrl`, `hops`, or `unavailable` with a word for why there is no answer. What no
//! document names is answered with [`Unavailable::Declined`].
//!
//! A case has a `name`, a sentence `about` it, an `input`, its own `now`, `documents` and `policy`, the `recipients` that
//! the host knows, and what to `expect`: an `error` code or a `status`, and with the latter optionally `version`,
//! `recipient`, and lists of check codes that must have `passed` (every check of that code), `failed` or be `inconclusive`
//! (at least one), and the statuses of the `endorsements`, in order.
//!
//! Of a file with several badges a case names the one that all of this is about by its number, from 1, in `badge`; or it
//! expects nothing but `badges`, the statuses of all of them in order. Either makes it a case of
//! [`Verifier::begin_all`]. Any case can expect the statuses of the `wrappers` that the badge came in (with
//! `badges` alone: of all in the file), outermost first, and how many things were `leftAside`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;

use crate::badge::Version;
use crate::error::ErrorCode;
use crate::id::Digest;
use crate::jsonld::ContextError;
use crate::policy::{Endorsements, Policy, Refresh, TrustedIssuers, UnknownRevocation};
use crate::proof::did;
use crate::recipient::{Confirmation, KnownIdentity, match_recipient};
use crate::report::{CheckCode, Outcome, Report, Status, WrapperReport};
use crate::resource::{Denied, Request, Response, Retrieval, Target, Unavailable};
use crate::verify::{BundleReport, Verifier};

/// A suite, as its file says.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Suite {
    /// The suite's name.
    pub suite: String,
    /// The cases, in order.
    pub cases: Vec<Case>,
    #[serde(with = "time::serde::rfc3339")]
    now: OffsetDateTime,
    #[serde(default)]
    contexts: Vec<ContextEntry>,
    #[serde(default)]
    documents: Vec<DocumentEntry>,
    #[serde(default)]
    policy: PolicyEntry,
    #[serde(skip)]
    folder: PathBuf,
}

/// A case: an input, and what must come out.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Case {
    /// The case's name, unique in its suite.
    pub name: String,
    /// What it proves, in a sentence.
    #[serde(default)]
    pub about: String,
    /// What must come out.
    pub expect: Expectation,
    input: PathBuf,
    badge: Option<usize>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    now: Option<OffsetDateTime>,
    #[serde(default)]
    documents: Vec<DocumentEntry>,
    policy: Option<PolicyEntry>,
    #[serde(default)]
    recipients: Vec<RecipientEntry>,
}

/// What must come out of a case; what is `None` or empty is free.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Expectation {
    /// The code of the error.
    pub error: Option<ErrorCode>,
    /// The verdict.
    pub status: Option<Status>,
    /// The version of Open Badges.
    pub version: Option<Version>,
    /// How the recipient compares: `match`, `mismatch` or `not-checked`.
    pub recipient: Option<String>,
    /// Codes of which every check must have passed, and at least one was made.
    #[serde(default)]
    pub passed: Vec<CheckCode>,
    /// Codes of which at least one check must have failed.
    #[serde(default)]
    pub failed: Vec<CheckCode>,
    /// Codes of which at least one check must be inconclusive.
    #[serde(default)]
    pub inconclusive: Vec<CheckCode>,
    /// The verdicts on the endorsements, in order.
    pub endorsements: Option<Vec<Status>>,
    /// The verdicts on all badges of the file, in order.
    pub badges: Option<Vec<Status>>,
    /// The verdicts on what the badge came in, outermost first; with `badges` alone on all wrappers in the file.
    pub wrappers: Option<Vec<Status>>,
    /// How many things were left aside.
    #[serde(rename = "leftAside")]
    pub left_aside: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
struct ContextEntry {
    url: String,
    file: PathBuf,
    sha256: Digest,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DocumentEntry {
    url: String,
    file: Option<PathBuf>,
    status: Option<u16>,
    media_type: Option<String>,
    final_url: Option<Url>,
    #[serde(default)]
    hops: Vec<Url>,
    unavailable: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PolicyEntry {
    #[serde(default)]
    allow_http: bool,
    #[serde(default)]
    allow_ports: bool,
    #[serde(default)]
    redirect_origins: Vec<String>,
    trusted_issuers: Option<TrustedIssuersEntry>,
    unknown_revocation: Option<UnknownRevocation>,
    endorsements: Option<Endorsements>,
    refresh: Option<Refresh>,
    proof_domain: Option<String>,
    proof_challenge: Option<String>,
}

type TrustedIssuersEntry = std::collections::BTreeSet<crate::id::Iri>;

#[derive(Clone, Debug, Deserialize)]
struct RecipientEntry {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// Why a suite could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// A context cannot be given to a verifier.
    #[error("{} cannot be used as a context", .path.display())]
    Context {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: ContextError,
    },
    /// A file could not be read.
    #[error("{} could not be read", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// The suite is not of the format.
    #[error("{} is not a suite", .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: serde_json::Error,
    },
}

/// What came out of a case. Serialised it is one line of a machine-readable run.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct CaseResult {
    /// The suite's name.
    pub suite: String,
    /// The case's name.
    pub case: String,
    /// The status or error code that was expected.
    pub expected: String,
    /// The status that came out.
    pub status: Option<Status>,
    /// The error code that came out.
    pub error: Option<ErrorCode>,
    /// The codes of which every check passed.
    pub passed: Vec<CheckCode>,
    /// The codes of which a check failed.
    pub failed: Vec<CheckCode>,
    /// The codes of which a check is inconclusive.
    pub inconclusive: Vec<CheckCode>,
    /// How the recipient compares.
    pub recipient: Option<String>,
    /// The verdicts on the endorsements.
    pub endorsements: Vec<Status>,
    /// The verdicts on all badges of the file, if all were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<Status>,
    /// The verdicts on what the badge came in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrappers: Vec<Status>,
    /// Whether everything is as expected.
    pub ok: bool,
    /// What is not, in words.
    #[serde(skip)]
    pub differences: Vec<String>,
}

impl Suite {
    /// Reads a suite.
    ///
    /// # Errors
    /// See [`SuiteError`].
    pub fn read(path: &Path) -> Result<Self, SuiteError> {
        let text = file(path)?;
        let suite: Self = serde_json::from_slice(&text)
            .map_err(|error| SuiteError::Format { path: path.to_owned(), error })?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { folder, ..suite })
    }

    /// Runs a case of this suite.
    ///
    /// # Errors
    /// [`SuiteError::File`] if its input or one of its documents cannot be read, [`SuiteError::Context`].
    pub fn run(&self, case: &Case) -> Result<CaseResult, SuiteError> {
        let outcome = self.outcome(case)?;
        Ok(self.compare(case, outcome))
    }

    /// The bytes that a case hands to the verifier.
    ///
    /// # Errors
    /// [`SuiteError::File`].
    pub fn input(&self, case: &Case) -> Result<Vec<u8>, SuiteError> {
        file(&self.folder.join(&case.input))
    }

    /// The policy under which a case is judged.
    pub fn policy(&self, case: &Case) -> Policy {
        case.policy.as_ref().unwrap_or(&self.policy).policy()
    }

    /// The instant at which a case is judged.
    pub fn now(&self, case: &Case) -> OffsetDateTime {
        case.now.unwrap_or(self.now)
    }

    /// What the network would answer in a case: its own documents come before those of the suite.
    ///
    /// # Errors
    /// [`SuiteError::File`] if one cannot be read.
    pub fn answers(&self, case: &Case) -> Result<BTreeMap<String, Retrieval>, SuiteError> {
        let mut answers = BTreeMap::new();
        for entry in self.documents.iter().chain(&case.documents) {
            let retrieval = entry.retrieval(&self.folder, self.now(case))?;
            answers.insert(canonical(&entry.url), retrieval);
        }
        Ok(answers)
    }

    /// The verifier that judges a case: its policy, and the contexts of the suite.
    ///
    /// # Errors
    /// [`SuiteError::File`] if a context cannot be read, [`SuiteError::Context`] if it cannot be used.
    pub fn verifier(&self, case: &Case) -> Result<Verifier, SuiteError> {
        let mut verifier = Verifier::new(self.policy(case));
        for entry in &self.contexts {
            let path = self.folder.join(&entry.file);
            verifier = verifier
                .with_context(&entry.url, &file(&path)?, entry.sha256)
                .map_err(|error| SuiteError::Context { path, error })?;
        }
        Ok(verifier)
    }

    fn outcome(&self, case: &Case) -> Result<Result<CaseOutcome, ErrorCode>, SuiteError> {
        let input = self.input(case)?;
        let answers = self.answers(case)?;
        let verifier = self.verifier(case)?;
        let fetch = |request: &Request| answer(&answers, request.target());
        let outcome = if case.badge.is_some() || case.expect.badges.is_some() {
            verifier
                .begin_all(&input, self.now(case))
                .map(|bundle| CaseOutcome::of_all(bundle.run(fetch), case.badge))
        } else {
            verifier.begin(&input, self.now(case)).map(|step| CaseOutcome::of_one(step.run(fetch)))
        };
        let known: Vec<KnownIdentity> = case.recipients.iter().map(RecipientEntry::known).collect();
        Ok(outcome.map_err(|error| error.code()).map(|mut outcome| {
            let badge = outcome.report.as_ref().and_then(Report::any_badge);
            outcome.recipient = badge
                .map(|badge| match_recipient(badge, &known, verifier.policy().limits()).as_str().to_owned());
            outcome
        }))
    }

    fn compare(&self, case: &Case, outcome: Result<CaseOutcome, ErrorCode>) -> CaseResult {
        let expect = &case.expect;
        let expected = expect
            .error
            .map(|code| code.to_string())
            .or(expect.status.map(|status| status.to_string()))
            .or(expect.badges.as_deref().map(words));
        let mut result = CaseResult {
            suite: self.suite.clone(),
            case: case.name.clone(),
            expected: expected.unwrap_or_default(),
            status: None,
            error: None,
            passed: Vec::new(),
            failed: Vec::new(),
            inconclusive: Vec::new(),
            recipient: None,
            endorsements: Vec::new(),
            badges: Vec::new(),
            wrappers: Vec::new(),
            ok: false,
            differences: Vec::new(),
        };
        let (mut version, mut left_aside) = (None, None);
        match outcome {
            Err(code) => result.error = Some(code),
            Ok(CaseOutcome { report, recipient, badges, wrappers, left_aside: beside }) => {
                (result.badges, result.wrappers, left_aside) = (badges, wrappers, Some(beside));
                result.recipient = recipient;
                if let Some(report) = &report {
                    version = report.version();
                    result.found(report);
                }
            }
        }
        let mut differences = Vec::new();
        if result.error != expect.error || (expect.error.is_none() && result.status != expect.status) {
            let found =
                result.error.map(|code| code.to_string()).or(result.status.map(|status| status.to_string()));
            differences.push(format!("expected {}, found {}", result.expected, found.unwrap_or_default()));
        }
        if expect.version.is_some() && version != expect.version {
            differences.push("another version".to_owned());
        }
        if expect.recipient.is_some() && result.recipient != expect.recipient {
            let found = result.recipient.as_deref().unwrap_or("none");
            differences.push(format!("recipient {found}"));
        }
        if expect.endorsements.as_ref().is_some_and(|expected| result.endorsements != *expected) {
            differences.push(format!("endorsements {}", words(&result.endorsements)));
        }
        for (word, expected, found) in
            [("badges", &expect.badges, &result.badges), ("wrappers", &expect.wrappers, &result.wrappers)]
        {
            if expected.as_ref().is_some_and(|expected| expected != found) {
                differences.push(format!("{word} {}", words(found)));
            }
        }
        if expect.left_aside.is_some() && left_aside != expect.left_aside {
            differences.push(format!("{} left aside", left_aside.unwrap_or_default()));
        }
        for (word, wanted, found) in [
            ("passed", &expect.passed, &result.passed),
            ("failed", &expect.failed, &result.failed),
            ("inconclusive", &expect.inconclusive, &result.inconclusive),
        ] {
            for code in wanted.iter().filter(|code| !found.contains(code)) {
                differences.push(format!("{code} not {word}"));
            }
        }
        result.ok = differences.is_empty();
        result.differences = differences;
        result
    }
}

impl CaseResult {
    /// Takes down what a report says.
    fn found(&mut self, report: &Report) {
        self.status = Some(report.status());
        self.endorsements = report.endorsements().iter().map(Report::status).collect();
        for code in CheckCode::ALL {
            let outcomes: Vec<&Outcome> = report.check(*code).map(|check| check.outcome()).collect();
            if !outcomes.is_empty() && outcomes.iter().all(|outcome| **outcome == Outcome::Passed) {
                self.passed.push(*code);
            }
            if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_))) {
                self.failed.push(*code);
            }
            if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Inconclusive(_))) {
                self.inconclusive.push(*code);
            }
        }
    }
}

/// What came out of running a case.
struct CaseOutcome {
    /// On the badge that the case is about.
    report: Option<Report>,
    recipient: Option<String>,
    /// Of all badges, if all were asked for.
    badges: Vec<Status>,
    wrappers: Vec<Status>,
    left_aside: usize,
}

impl CaseOutcome {
    fn of_one(report: Report) -> Self {
        let wrappers = report.wrappers().iter().map(WrapperReport::status).collect();
        let left_aside = report.check(CheckCode::WrapperContents).count();
        Self { report: Some(report), recipient: None, badges: Vec::new(), wrappers, left_aside }
    }

    /// `number` is that of the badge in question, from 1.
    fn of_all(bundle: BundleReport, number: Option<usize>) -> Self {
        let badges = bundle.badges().iter().map(Report::status).collect();
        let left_aside = bundle.left_aside().len();
        let all = bundle.wrappers().iter().map(WrapperReport::status).collect();
        let report = number.and_then(|number| bundle.into_badges().into_iter().nth(number.checked_sub(1)?));
        let around = |report: &Report| report.wrappers().iter().map(WrapperReport::status).collect();
        let wrappers = report.as_ref().map_or(all, around);
        Self { report, recipient: None, badges, wrappers, left_aside }
    }
}

fn words(statuses: &[Status]) -> String {
    let words: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
    words.join(", ")
}

/// The answer for a target, out of those of [`Suite::answers`].
///
/// # Errors
/// The reason why there is no answer: what no document names is [`Unavailable::Declined`].
pub fn answer(answers: &BTreeMap<String, Retrieval>, target: &Target) -> Retrieval {
    let by_name = answers.get(&target.to_string());
    let by_url = match target {
        Target::Did(did) => did::web_url(did).ok().and_then(|url| answers.get(url.as_str())),
        Target::Url(_) => None,
    };
    by_name.or(by_url).cloned().unwrap_or(Err(Unavailable::Declined))
}

impl DocumentEntry {
    fn retrieval(&self, folder: &Path, now: OffsetDateTime) -> Result<Retrieval, SuiteError> {
        if let Some(word) = &self.unavailable {
            return Ok(Err(match word.as_str() {
                "blocked" => Unavailable::Blocked(Denied::Address),
                "dns" => Unavailable::Dns,
                "timeout" => Unavailable::Timeout,
                "tls" => Unavailable::Tls,
                other => Unavailable::Transport(other.to_owned()),
            }));
        }
        let body = match &self.file {
            Some(path) => file(&folder.join(path))?,
            None => Vec::new(),
        };
        let served_by = |text: &str| match text.parse() {
            Ok(did) => did::web_url(&did).ok(),
            Err(_) => Url::parse(text).ok(),
        };
        // A DID of a method without a URL is answered from nowhere in particular.
        let Some(url) =
            self.final_url.clone().or(served_by(&self.url)).or(Url::parse("https://resolver.invalid/").ok())
        else {
            return Ok(Err(Unavailable::Declined));
        };
        let media_type = self.media_type.clone().unwrap_or_else(|| "application/json".to_owned());
        let response = Response::new(self.status.unwrap_or(200), url, body, now);
        Ok(Ok(response.with_hops(self.hops.clone()).with_media_type(media_type)))
    }
}

impl PolicyEntry {
    fn policy(&self) -> Policy {
        let mut policy = Policy::strict();
        if self.allow_http {
            policy = policy.dangerous().allow_http();
        }
        if self.allow_ports {
            policy = policy.dangerous().allow_ports();
        }
        if !self.redirect_origins.is_empty() {
            policy = policy.dangerous().trust_redirects_to(self.redirect_origins.iter().cloned());
        }
        if let Some(issuers) = &self.trusted_issuers {
            policy = policy.with_trusted_issuers(TrustedIssuers::Only(issuers.clone()));
        }
        if let Some(rule) = self.unknown_revocation {
            policy = policy.with_unknown_revocation(rule);
        }
        if let Some(rule) = self.endorsements {
            policy = policy.with_endorsements(rule);
        }
        if let Some(rule) = self.refresh {
            policy = policy.with_refresh(rule);
        }
        if let Some(domain) = &self.proof_domain {
            policy = policy.with_proof_domain(domain.as_str());
        }
        if let Some(challenge) = &self.proof_challenge {
            policy = policy.with_proof_challenge(challenge.as_str());
        }
        policy
    }
}

impl RecipientEntry {
    fn known(&self) -> KnownIdentity {
        KnownIdentity::new(self.kind.as_str(), self.value.clone(), Confirmation::Confirmed)
    }
}

/// A URL or DID as a [`Target`] writes it.
fn canonical(text: &str) -> String {
    Target::try_from(text.to_owned()).map_or_else(|_| text.to_owned(), |target| target.to_string())
}

fn file(path: &Path) -> Result<Vec<u8>, SuiteError> {
    std::fs::read(path).map_err(|error| SuiteError::File { path: path.to_owned(), error })
}
