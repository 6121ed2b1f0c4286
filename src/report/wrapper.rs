//! What was found out about what a badge came in.

use std::fmt;

use serde::Serialize;
use time::OffsetDateTime;

use super::{Check, CheckCode, DocumentEvidence, Outcome, ReasonCode, Report, Status};
use crate::badge::{LeftAside, WrapperKind};
use crate::id::Iri;
use crate::quote::quote;

/// What was found out about a presentation or a Comprehensive Learner Record that a badge came in.
///
/// It is no [`Report`], and cannot stand in the place of one: its verdict is about the wrapper. A badge inside is
/// valid or not by itself, whatever the wrapper is: a revoked record leaves its badges as they are, and a wrapper that is
/// valid vouches for none of them.
///
/// What it states, such as [`WrapperReport::holder`], is a claim unless [`WrapperReport::status`] is valid.
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct WrapperReport {
    #[serde(flatten)]
    facts: WrapperFacts,
    #[serde(flatten)]
    report: Report,
}

/// What a wrapper is, and what it states of itself.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrapperFacts {
    pub(crate) kind: WrapperKind,
    pub(crate) place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Iri>,
    /// Of a presentation the holder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<Iri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    pub(crate) valid_from: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    pub(crate) valid_until: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) challenge: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) domains: Vec<String>,
}

impl WrapperFacts {
    pub(crate) fn new(kind: WrapperKind, place: String) -> Self {
        Self {
            kind,
            place,
            id: None,
            issuer: None,
            name: None,
            valid_from: None,
            valid_until: None,
            challenge: None,
            domains: Vec::new(),
        }
    }
}

impl WrapperReport {
    /// `report` holds the verdict, and no badge.
    pub(crate) fn new(facts: WrapperFacts, report: Report) -> Self {
        Self { facts, report }
    }

    /// What it is.
    pub fn kind(&self) -> WrapperKind {
        self.facts.kind
    }

    /// Where it stood in the file: a JSON pointer as in [`Report::place`], empty for the file itself.
    pub fn place(&self) -> &str {
        &self.facts.place
    }

    /// The verdict on the wrapper itself. A presentation that nobody signed is unverified.
    pub fn status(&self) -> Status {
        self.report.status()
    }

    /// Every check of the wrapper itself, in the order in which it was made.
    pub fn checks(&self) -> &[Check] {
        self.report.checks()
    }

    /// The checks of one code.
    pub fn check(&self, code: CheckCode) -> impl Iterator<Item = &Check> {
        self.report.check(code)
    }

    /// The documents that the verdict rests on.
    pub fn documents(&self) -> &[DocumentEvidence] {
        self.report.documents()
    }

    /// The wrapper's id.
    pub fn id(&self) -> Option<&Iri> {
        self.facts.id.as_ref()
    }

    /// Who issued a record.
    pub fn issuer(&self) -> Option<&Iri> {
        self.facts.issuer.as_ref().filter(|_| self.kind() == WrapperKind::Clr)
    }

    /// Who shows a presentation. That the holder is also the recipient of a badge inside is for the host to compare; see
    /// [`recipient`](crate::recipient).
    pub fn holder(&self) -> Option<&Iri> {
        self.facts.issuer.as_ref().filter(|_| self.kind() == WrapperKind::Presentation)
    }

    /// The name of a record.
    pub fn name(&self) -> Option<&str> {
        self.facts.name.as_deref()
    }

    /// From when on a record is valid.
    pub fn valid_from(&self) -> Option<OffsetDateTime> {
        self.facts.valid_from
    }

    /// Until when it is valid: of a record the end that it states or the claim `exp` of the JWT around it, whichever is
    /// earlier; of a presentation that claim.
    pub fn valid_until(&self) -> Option<OffsetDateTime> {
        self.facts.valid_until
    }

    /// What the holder was asked to sign, so that the presentation is no copy of an earlier one: the proof's
    /// `challenge`, or the JWT's `nonce`. `None` also where several proofs do not agree on it, a JWT and those inside it
    /// included: one that holds suffices, and the others may be anybody's word.
    ///
    /// # Security
    /// Whoever has a copy of a presentation can upload it. Only a challenge that the host chose for this upload, in a
    /// presentation that is [`Status::Valid`], shows that the holder is there.
    pub fn challenge(&self) -> Option<&str> {
        self.facts.challenge.as_deref()
    }

    /// For whom the presentation was made: the proof's `domain`, or the JWT's `aud`. None where several proofs do not agree
    /// on it.
    pub fn domains(&self) -> &[String] {
        &self.facts.domains
    }

    /// What the wrapper's verdict means for the report on a badge inside: something to be told, and nothing else.
    pub(super) fn as_check(&self) -> Check {
        let kind = self.kind();
        let outcome = match self.status() {
            Status::Valid => Outcome::Passed,
            status @ Status::Unverified => {
                Outcome::inconclusive(ReasonCode::Unavailable, format!("it came in {kind} that is {status}"))
            }
            status @ (Status::Expired | Status::Revoked | Status::Invalid) => {
                Outcome::failed(ReasonCode::Mismatch, format!("it came in {kind} that is {status}"))
            }
        };
        Check::new(CheckCode::WrapperProof, outcome)
    }
}

/// What stood beside a badge, as something to be told.
pub(super) fn beside(left_aside: &LeftAside) -> Check {
    let outcome = Outcome::failed(ReasonCode::Forbidden, format!("left aside: {left_aside}"));
    Check::new(CheckCode::WrapperContents, outcome)
}

impl fmt::Display for WrapperReport {
    /// `{}` prints a headline and whatever is wrong, `{:#}` every check.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status(), self.kind())?;
        if let Some(name) = self.name() {
            write!(f, " {}", quote(name))?;
        }
        if let Some(by) = &self.facts.issuer {
            write!(f, " by {}", quote(by.as_str()))?;
        }
        if let Some(challenge) = self.challenge() {
            write!(f, ", challenge {}", quote(challenge))?;
        }
        for domain in self.domains() {
            write!(f, ", for {}", quote(domain))?;
        }
        self.report.write_checks(f)
    }
}
