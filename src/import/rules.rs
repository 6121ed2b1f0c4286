//! What a host admits, and how it says no.
//!
//! In: a report, and the recipient's match. Out: an [`Objection`] for each rule that the badge does not meet.

use super::objection::FOREIGN;
use super::{Objection, ObjectionCode};
use crate::badge::{Badge, Form, Identity, IdentityKind, Summary, Version};
use crate::quote::quote;
use crate::recipient::{Matched, NotChecked, RecipientMatch};
use crate::report::{Check, CheckCode, Evidence, Outcome, ReasonCode, Report, Severity, Status};

/// What a host admits.
///
/// The default and [`ImportRules::strict`] are complete; the setters move between them. What the default refuses can
/// only be admitted through [`ImportRules::dangerous`], and an invalid badge not at all.
///
/// | | default | strict |
/// |---|---|---|
/// | valid | admitted | admitted |
/// | unverified | admitted | refused |
/// | expired | admitted | refused |
/// | expired, and not verified otherwise | admitted | refused |
/// | revoked | refused | refused |
/// | invalid | refused | refused |
/// | judged with relaxations | admitted | refused |
/// | of a version before 2.0 | refused | refused |
/// | recipient is no confirmed identity of the person | refused | refused |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct ImportRules {
    unverified: Ruling,
    expired: Ruling,
    revoked: Ruling,
    relaxed: Ruling,
    older_versions: Ruling,
    other_recipient: Ruling,
}

/// What happens to a badge of some sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // there is no third
pub enum Ruling {
    /// It may be imported, marked as what it is.
    Admit,
    /// It is not imported.
    Refuse,
}

impl Default for ImportRules {
    /// Admits what is valid, unverified or expired, if it was awarded to a confirmed identity of the person.
    fn default() -> Self {
        Self {
            unverified: Ruling::Admit,
            expired: Ruling::Admit,
            revoked: Ruling::Refuse,
            relaxed: Ruling::Admit,
            older_versions: Ruling::Refuse,
            other_recipient: Ruling::Refuse,
        }
    }
}

impl ImportRules {
    /// Admits what is valid only, and only if no dangerous setting had a part in that.
    pub fn strict() -> Self {
        Self {
            unverified: Ruling::Refuse,
            expired: Ruling::Refuse,
            relaxed: Ruling::Refuse,
            ..Self::default()
        }
    }

    /// Sets what happens to badges that could not be verified, whether their time is over or not.
    pub fn with_unverified(self, unverified: Ruling) -> Self {
        Self { unverified, ..self }
    }

    /// Sets what happens to badges whose time is over. One that could not be verified besides needs both rulings.
    pub fn with_expired(self, expired: Ruling) -> Self {
        Self { expired, ..self }
    }

    /// Sets what happens to badges that were judged with dangerous settings; see [`Report::relaxations`].
    pub fn with_relaxed(self, relaxed: Ruling) -> Self {
        Self { relaxed, ..self }
    }

    /// Sets what happens to badges of the versions before Open Badges 2.0, as far as they can be verified.
    pub fn with_older_versions(self, older_versions: Ruling) -> Self {
        Self { older_versions, ..self }
    }

    /// The settings that admit what should raise doubts.
    pub fn dangerous(self) -> DangerousRules {
        DangerousRules(self)
    }

    /// What a badge does not meet.
    pub(super) fn judge(&self, report: &Report, recipient: &RecipientMatch) -> Vec<Objection> {
        let Some(summary) = report.any_badge().map(Badge::summary) else {
            // There is nothing to show, and nobody to compare.
            return vec![foreign(report).or_else(|| self.status(report, None)).unwrap_or_else(unknown)];
        };
        let objections = [
            self.status(report, Some(&summary)),
            self.beneath_expiry(report),
            self.version(summary.version),
            self.relaxations(report),
            self.recipient(recipient, &summary.recipients),
        ];
        objections.into_iter().flatten().collect()
    }

    /// Being expired does not excuse a badge from being verified.
    fn beneath_expiry(&self, report: &Report) -> Option<Objection> {
        let is_beneath = report.status() == Status::Expired
            && report.status_apart_from_expiry() == Status::Unverified
            && self.unverified == Ruling::Refuse;
        is_beneath.then(|| Objection::new(ObjectionCode::StatusUnverified, could_not_be_verified(report)))
    }

    fn status(&self, report: &Report, summary: Option<&Summary<'_>>) -> Option<Objection> {
        let (ruling, code) = match report.status() {
            Status::Valid => return None,
            Status::Unverified => (self.unverified, ObjectionCode::StatusUnverified),
            Status::Expired => (self.expired, ObjectionCode::StatusExpired),
            Status::Revoked => (self.revoked, ObjectionCode::StatusRevoked),
            Status::Invalid => (Ruling::Refuse, ObjectionCode::StatusInvalid),
        };
        (ruling == Ruling::Refuse).then(|| Objection::new(code, status_message(report, summary)))
    }

    fn version(&self, version: Version) -> Option<Objection> {
        let is_current = match version {
            Version::V2_0 | Version::V3_0 => true,
            Version::V0_5 | Version::V1_0 | Version::V1_1 => false,
        };
        if is_current || self.older_versions == Ruling::Admit {
            return None;
        }
        Some(Objection::new(ObjectionCode::VersionOlder, only_current_versions(version)))
    }

    fn relaxations(&self, report: &Report) -> Option<Objection> {
        if self.relaxed == Ruling::Admit || report.relaxations().is_empty() {
            return None;
        }
        let message = "This badge was checked by looser rules than are required here. Please tell whoever runs \
                       this service: its settings contradict each other.";
        Some(Objection::new(ObjectionCode::PolicyRelaxed, message))
    }

    fn recipient(&self, recipient: &RecipientMatch, identities: &[Identity<'_>]) -> Option<Objection> {
        if self.other_recipient == Ruling::Admit {
            return None;
        }
        match recipient {
            RecipientMatch::Match(_) => None,
            RecipientMatch::Mismatch { unconfirmed: Some(matched) }
            | RecipientMatch::NotChecked { unconfirmed: Some(matched), .. } => {
                Some(unconfirmed(*matched, identities))
            }
            RecipientMatch::Mismatch { unconfirmed: None } => Some(mismatch(identities)),
            RecipientMatch::NotChecked { reason, unconfirmed: None } => {
                Some(not_checked(*reason, identities))
            }
        }
    }
}

/// Settings that admit what should raise doubts; see [`ImportRules::dangerous`].
#[derive(Debug)]
#[must_use]
pub struct DangerousRules(ImportRules);

impl DangerousRules {
    /// Admits badges whoever they were awarded to: for hosts that keep badges of people without accounts.
    pub fn admit_any_recipient(self) -> ImportRules {
        ImportRules { other_recipient: Ruling::Admit, ..self.0 }
    }

    /// Admits badges that their issuer has revoked: for hosts that keep a history.
    pub fn admit_revoked(self) -> ImportRules {
        ImportRules { revoked: Ruling::Admit, ..self.0 }
    }
}

/// What to tell a person about a badge of another version.
pub(super) fn only_current_versions(version: Version) -> String {
    format!(
        "This badge is of the version Open Badges {version}, and only Open Badges 2.0 and 3.0 can be imported here. \
         Ask its issuer for one of these."
    )
}

/// What to say of an address at a platform that issues outside the standard.
fn foreign(report: &Report) -> Option<Objection> {
    let reasons = report.check(CheckCode::HostedContent).filter_map(|check| check.outcome().reason());
    let mut reasons = reasons.filter(|reason| reason.code == ReasonCode::Unsupported);
    let message = format!("There is no Open Badge at this address: {}. {FOREIGN}", reasons.next()?.message);
    Some(Objection::new(ObjectionCode::BadgeUnknown, message))
}

fn unknown() -> Objection {
    let message = "There is no badge to import: what it says could not be had or read. Try again later, or download \
                   the badge again where you got it.";
    Objection::new(ObjectionCode::BadgeUnknown, message)
}

fn status_message(report: &Report, summary: Option<&Summary<'_>>) -> String {
    let first = |severity, is_such| first_check(report, severity, is_such);
    match report.status() {
        Status::Valid => "This badge is valid.".to_owned(),
        Status::Unverified => could_not_be_verified(report),
        Status::Expired => match summary.and_then(|summary| summary.expires) {
            Some(end) => format!("This badge expired on {}. Ask its issuer for a new one.", end.date()),
            None => "This badge has expired. Ask its issuer for a new one.".to_owned(),
        },
        Status::Revoked => {
            let deed = if is_suspended(report) { "suspended" } else { "revoked" };
            let words = revocation_statement(report).map(|words| format!(" It says: {}.", quote(words)));
            format!("The issuer of this badge has {deed} it.{}", words.unwrap_or_default())
        }
        Status::Invalid => {
            let why = first(Severity::Essential, is_failed).map(because).unwrap_or_default();
            format!("This badge is not valid{why}. Download it again where you got it, or ask its issuer.")
        }
    }
}

fn could_not_be_verified(report: &Report) -> String {
    let first = |severity| first_check(report, severity, is_unknown);
    let unknown = first(Severity::Essential).or_else(|| first(Severity::Revocation));
    let why = unknown.map(because).unwrap_or_default();
    format!("This badge could not be verified{why}. Try again later, or ask its issuer.")
}

/// Why a check did not pass, as the end of a sentence.
fn because(check: &Check) -> String {
    let reason = check.outcome().reason().map(|reason| format!(": {}", reason.message)).unwrap_or_default();
    match check.node().target() {
        Some(target) => format!("{reason} ({})", quote(&target.to_string())),
        None => reason,
    }
}

/// What the issuer says about the revocation of a badge.
pub(super) fn revocation_statement(report: &Report) -> Option<&str> {
    let is_revocation =
        |check: &&Check| check.severity() == Severity::Revocation && is_failed(check.outcome());
    let evidence = report.checks().iter().filter(is_revocation).flat_map(Check::evidence);
    evidence.into_iter().find_map(|evidence| match evidence {
        Evidence::Statement(words) => Some(words.as_str()),
        _ => None,
    })
}

/// Says whether a revoked badge was only taken back for a time.
pub(super) fn is_suspended(report: &Report) -> bool {
    let reason =
        first_check(report, Severity::Revocation, is_failed).and_then(|check| check.outcome().reason());
    reason.is_some_and(|reason| reason.code == ReasonCode::Suspended)
}

/// The first check of a severity that came out in such a way.
fn first_check(report: &Report, severity: Severity, is_such: fn(&Outcome) -> bool) -> Option<&Check> {
    report.checks().iter().find(|check| check.severity() == severity && is_such(check.outcome()))
}

fn is_failed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(_))
}

/// Says whether a check could not be made; what only rests on another one says nothing new.
fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Inconclusive(reason) if reason.code != ReasonCode::Premise)
}

fn unconfirmed(matched: Matched, identities: &[Identity<'_>]) -> Objection {
    let identity = identities.get(matched.identity);
    let kind = identity.map_or_else(|| "an identity".to_owned(), |identity| kind_in_words(&identity.kind));
    let shown = identity.filter(|identity| identity.form == Form::Plain);
    let name = shown.map(|identity| format!(" ({})", quote(identity.value))).unwrap_or_default();
    let message = format!(
        "This badge was awarded to {kind}{name} that stands in this account but is not confirmed. Confirm it first, and \
         then import the badge again."
    );
    Objection::new(ObjectionCode::RecipientUnconfirmed, message)
}

/// Names whom the badge was awarded to where it says so in plain text. A hash is nobody's name, and is not shown.
fn mismatch(identities: &[Identity<'_>]) -> Objection {
    let plain = identities.iter().filter(|identity| identity.form == Form::Plain);
    let names: Vec<String> = plain.map(|identity| quote(identity.value).to_string()).take(NAMED).collect();
    let message = match (names.is_empty(), identities.first()) {
        (true, Some(identity)) => format!(
            "This badge was awarded to {} that it does not show, and that is none of the confirmed ones of this \
             account. If you have another one, add and confirm it.",
            kind_in_words(&identity.kind)
        ),
        _ => format!(
            "This badge was awarded to {}, which is not a confirmed identity of this account. If it is yours, add \
             and confirm it.",
            names.join(" or ")
        ),
    };
    Objection::new(ObjectionCode::RecipientMismatch, message)
}

/// Identities that a message names: enough to recognise somebody, and few enough to be read.
const NAMED: usize = 3;

fn not_checked(reason: NotChecked, identities: &[Identity<'_>]) -> Objection {
    let message = match (reason, identities.first()) {
        (NotChecked::NothingKnown, Some(_)) => {
            let mut kinds: Vec<_> = identities.iter().map(|identity| identity.kind.in_words()).collect();
            kinds.dedup();
            kinds.truncate(NAMED);
            format!(
                "This account has no confirmed identity that the recipient of this badge could be compared with. Add \
                 and confirm the {} that it was awarded to.",
                kinds.join(" or the ")
            )
        }
        (NotChecked::NothingComparable, Some(identity)) => format!(
            "This badge names its recipient by {}, and this account has no confirmed identity that can be compared \
             with that. Add and confirm one.",
            kind_in_words(&identity.kind)
        ),
        (_, None) => "This badge does not say whom it was awarded to.".to_owned(),
        (_, Some(_)) => "The recipient of this badge could not be compared with this account.".to_owned(),
    };
    Objection::new(ObjectionCode::RecipientNotChecked, message)
}

/// A kind of identity, in words with their article.
fn kind_in_words(kind: &IdentityKind) -> String {
    let words = kind.in_words();
    let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_the_second_are_refused_by_name_unless_admitted() {
        let rules = ImportRules::default();
        for version in [Version::V0_5, Version::V1_0, Version::V1_1] {
            let objection = rules.version(version).unwrap();
            assert_eq!(objection.code().as_str(), "version.older");
            assert!(objection.message().contains(&format!("Open Badges {version},")), "{objection}");
            assert_eq!(rules.with_older_versions(Ruling::Admit).version(version), None);
        }
        assert_eq!(rules.version(Version::V2_0).or(rules.version(Version::V3_0)), None);
    }
}
