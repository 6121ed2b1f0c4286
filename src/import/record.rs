//! The ready record: [`BadgeRecord`], and [`RecordImporter`], which makes it.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::rules::revocation_statement;
use super::{Admitted, Change, ImportRules, Importer, Timestamp};
use crate::badge::ob3::Subject;
use crate::badge::{Badge, Form, Identity, IdentityKind, Model, Summary, date_time_or_utc};
use crate::id::{Iri, mailto_address, same_id};
use crate::report::{Outcome, Report, Severity, Status, rfc3339};
use crate::resource::{Purpose, Target};

/// An importer that yields [`BadgeRecord`]s, by rules of the host's choice.
///
/// ```
/// use openbadges::import::{ImportRules, RecordImporter};
///
/// let importer = RecordImporter::new(ImportRules::strict());
/// # let _ = importer;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct RecordImporter {
    rules: ImportRules,
}

impl RecordImporter {
    /// An importer with these rules.
    pub fn new(rules: ImportRules) -> Self {
        Self { rules }
    }
}

impl Importer for RecordImporter {
    type Record = BadgeRecord;
    type Error = RecordError;

    fn rules(&self) -> ImportRules {
        self.rules
    }

    fn record(&self, admitted: &Admitted<'_>) -> Result<BadgeRecord, RecordError> {
        BadgeRecord::of(admitted)
    }
}

/// An imported badge as a row of a table; [`BADGE_RECORD_SCHEMA`] describes it for other systems.
///
/// Every text is as the badge states it. Its fields come from here:
///
/// | field | Open Badges 2.0 | Open Badges 3.0 |
/// |---|---|---|
/// | `id` | `Assertion.id` | `id` |
/// | `imported` | always true | always true |
/// | `status`, `verdict` | the report | the report |
/// | `image_path`, `image_high_path`, `image_thumbnail_path` | the host, once it has stored the image | as 2.0 |
/// | `badge_template_version` | `BadgeClass.version` | `achievement.version` |
/// | `organization_id` | `Profile.id` of the issuer | `issuer.id` |
/// | `activity_title` | `BadgeClass.name` | `achievement.name` |
/// | `activity_started_at` | | `credentialSubject.activityStartDate` |
/// | `activity_ended_at` | | `credentialSubject.activityEndDate` |
/// | `recipient_email` | the account's address that `recipient.identity` is, hashed or not; without a match, the first in plain text | as 2.0, of an `identifier` or a `mailto:` id |
/// | `recipient_first_name`, `recipient_last_name` | the host: badges state whole names at most, see `recipientName` among the details | as 2.0 |
/// | `notes` | `Assertion.narrative` | `credentialSubject.narrative` |
/// | `additional_details` | see there | see there |
/// | `url` | `Assertion.id`, if it is a web address | `id`, if it is a web address |
/// | `emitted_at` | `issuedOn` | `awardedDate`, or else `validFrom` or `issuanceDate` |
/// | `expires_at` | `expires` | `validUntil` or `expirationDate` |
/// | `created_at`, `updated_at` | when the badge was judged | as 2.0 |
/// | `revoked_at` | when the revocation was found: badges state no time | as 2.0 |
/// | `revoked_reason` | `revocationReason` | as the list states it |
/// | `imp_legacy_id` | `Assertion.uid` | |
/// | `transcript` | always false | always false |
///
/// It serialises with all of its fields, `null` where nothing is known; to serde and to the schema alike, such a field may
/// also be absent. A field of another name is refused, since it would be lost: what a host has to say of a badge besides,
/// it keeps beside the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BadgeRecord {
    /// The id of the assertion or credential.
    pub id: String,
    /// Whether the badge was imported rather than awarded here: always. A record that says otherwise is not read.
    #[serde(deserialize_with = "only::<true, _>")]
    pub imported: bool,
    /// The verdict, in three values; see [`RecordStatus`].
    pub status: RecordStatus,
    /// The verdict.
    pub verdict: Status,
    /// Where the host keeps the image.
    pub image_path: Option<String>,
    /// Where the host keeps the image in high resolution.
    pub image_high_path: Option<String>,
    /// Where the host keeps a small image.
    pub image_thumbnail_path: Option<String>,
    /// The version of what was achieved.
    pub badge_template_version: Option<String>,
    /// Who awarded the badge: the issuer's id. Its name is in `additional_details`.
    pub organization_id: Option<String>,
    /// The name of what was achieved.
    pub activity_title: Option<String>,
    /// When that began.
    pub activity_started_at: Option<Timestamp>,
    /// When that ended.
    pub activity_ended_at: Option<Timestamp>,
    /// The recipient's address: the one of the account that matched, or else the first that the badge shows.
    pub recipient_email: Option<String>,
    /// The recipient's first name.
    pub recipient_first_name: Option<String>,
    /// The recipient's last name.
    pub recipient_last_name: Option<String>,
    /// How this award came about.
    pub notes: Option<String>,
    /// What else a preview shows: the members of [`Summary`], by their serialised names, as far as they are known.
    /// Of a hashed recipient they hold the hash and its salt: think of it before records are handed on. Among them are
    /// `description`, `image`, `issuer`, and `issued` and `expires` with the offset that the badge states;
    /// also `validFrom`, `activityStarted` and `activityEnded`.
    ///
    /// Two members are not the badge's. [`BadgeRecord::update`] relies on them, so keep them: `isVouchedFor` is true once
    /// the badge was found genuine, and what the record says to be what it says, and is never taken back; `uploadedAs` is
    /// the address or id that the upload gave to the badge, where the badge itself has another one.
    pub additional_details: Map<String, Value>,
    /// Where the badge is on the web.
    pub url: Option<String>,
    /// When the badge was awarded.
    pub emitted_at: Option<Timestamp>,
    /// Until when it is valid.
    pub expires_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
    /// When it was found that the badge was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked, in the issuer's words.
    pub revoked_reason: Option<String>,
    /// The id by which older systems know the badge.
    pub imp_legacy_id: Option<String>,
    /// Whether the badge may appear in a transcript: what others awarded may not. A record that says otherwise is not
    /// read.
    #[serde(deserialize_with = "only::<false, _>")]
    pub transcript: bool,
}

impl BadgeRecord {
    /// The record of a badge; also for importers that add to it.
    ///
    /// # Errors
    /// [`RecordError`] if the details cannot be written as JSON.
    pub fn of(admitted: &Admitted<'_>) -> Result<Self, RecordError> {
        let mut record = Self::stating(admitted.badge(), admitted.report())?;
        // Of several addresses the one that is the person's; of a hashed one, the address that it turned out to be.
        let matched = admitted.matched().filter(|known| *known.kind() == IdentityKind::Email);
        if let Some(known) = matched {
            record.recipient_email = Some(known.value().to_owned());
        }
        if let Some(alias) = uploaded_as(admitted.report()).filter(|alias| !same_id(alias, &record.id)) {
            record.additional_details.insert(UPLOADED_AS.to_owned(), alias.into());
        }
        Ok(record)
    }

    /// The record of what a badge states.
    fn stating(badge: &Badge, report: &Report) -> Result<Self, RecordError> {
        let (summary, particulars) = (badge.summary(), Particulars::of(badge));
        let (status, now) = (report.status(), Timestamp::from(report.evaluated_at()));
        let is_revoked = status == Status::Revoked;
        let mut additional_details = details(&summary, &particulars)?;
        if RecordStatus::from(report) == RecordStatus::Valid {
            additional_details.insert(VOUCHED_FOR.to_owned(), true.into());
        }
        Ok(Self {
            id: particulars.id.as_str().to_owned(),
            imported: true,
            status: report.into(),
            verdict: status,
            image_path: None,
            image_high_path: None,
            image_thumbnail_path: None,
            badge_template_version: particulars.template_version.map(str::to_owned),
            organization_id: summary.issuer.as_ref().and_then(|issuer| issuer.id).map(str::to_owned),
            activity_title: summary.name.map(str::to_owned),
            activity_started_at: particulars.started.and_then(date_time_or_utc).map(Timestamp::from),
            activity_ended_at: particulars.ended.and_then(date_time_or_utc).map(Timestamp::from),
            recipient_email: summary.recipients.iter().find_map(address),
            recipient_first_name: None,
            recipient_last_name: None,
            notes: particulars.narrative.map(str::to_owned),
            url: particulars.id.web_url().map(String::from),
            emitted_at: summary.issued.map(Timestamp::from),
            expires_at: summary.expires.map(Timestamp::from),
            created_at: now,
            updated_at: now,
            revoked_at: is_revoked.then_some(now),
            revoked_reason: revocation_statement(report).filter(|_| is_revoked).map(str::to_owned),
            imp_legacy_id: particulars.legacy_id.map(str::to_owned),
            transcript: false,
            additional_details,
        })
    }

    /// Brings the record up to date with a fresh report on its badge, and says what has changed.
    ///
    /// A report is on the badge if its address was asked, or that by which it was uploaded, or if it is on a badge of its
    /// id and issuer; however a web address is spelt.
    ///
    /// It sets the status, and with it `updated_at`, `revoked_at` and `revoked_reason`. Of a badge that is genuine it
    /// also sets when it expires, and fills in what was not known when the badge was imported, such as the issuer, who
    /// was out of reach then. What was accepted is never written over. A revocation stays on record until the badge is
    /// found in force again, or to have been so until it expired; where the policy allows that to be unknown
    /// ([`UnknownRevocation::Allow`](crate::policy::UnknownRevocation::Allow)), it is unverified until then.
    ///
    /// A genuine badge does not make a false record true. If it is another one than the record says, by its id, its
    /// issuer or whom it was awarded to, or says anything else than a record that was never vouched for, that is
    /// [`Change::Differs`], and the record becomes [`RecordStatus::Invalid`]. Show the person a
    /// [`Preview`](super::Preview) again. Whatever came in between makes no difference: a record is vouched for once it
    /// was found to say what a genuine badge says (`isVouchedFor` in [`BadgeRecord::additional_details`]), and not by
    /// being revoked. That a badge was taken back is recorded in any case, and nothing that a revoked badge says.
    ///
    /// Like every unverified badge, one whose issuer is out of reach becomes [`RecordStatus::Invalid`]. A host that
    /// forgives outages looks at [`Change::between`] first.
    ///
    /// # Errors
    /// [`UpdateError`] of any kind; the record is then as it was.
    pub fn update(&mut self, after: &Report) -> Result<Change, UpdateError> {
        if !self.is_of(after) {
            return Err(UpdateError::OtherBadge);
        }
        let now = Timestamp::from(after.evaluated_at());
        if now < self.updated_at {
            return Err(UpdateError::Older);
        }
        let status = RecordStatus::from(after);
        let stated = match after.badge().filter(|_| status == RecordStatus::Valid) {
            Some(badge) => Some(Self::stating(badge, after).map_err(UpdateError::Record)?),
            None => None,
        };
        self.updated_at = now;
        if status == RecordStatus::Valid && stated.as_ref().is_none_or(|stated| self.is_denied_by(stated)) {
            (self.status, self.verdict) = (RecordStatus::Invalid, Status::Unverified);
            return Ok(Change::Differs);
        }
        if status == RecordStatus::Valid && self.revoked_at.is_some() && leaves_revocation_open(after) {
            // A host may do without an answer about that; the one that it had is not taken back by none.
            let was_unverified = self.verdict == Status::Unverified;
            (self.status, self.verdict) = (RecordStatus::Invalid, Status::Unverified);
            return Ok(if was_unverified { Change::Unchanged } else { Change::NowUnverified });
        }
        let change = Change::between(self.verdict, after);
        (self.status, self.verdict) = (status, after.status());
        match after.status() {
            Status::Revoked => {
                self.revoked_at.get_or_insert(now);
                let reason = revocation_statement(after).map(str::to_owned);
                self.revoked_reason = reason.or(self.revoked_reason.take());
            }
            // Of a badge whose time is over, too, it must be known that it was not revoked.
            _ if after.status_apart_from_expiry() == Status::Valid => {
                (self.revoked_at, self.revoked_reason) = (None, None);
            }
            _ => {}
        }
        if let Some(stated) = stated {
            self.complete(stated);
        }
        Ok(change)
    }

    /// Says whether a genuine badge speaks against this record: against which badge it is and whom it was awarded to, and
    /// against everything else as long as nobody has vouched for it.
    fn is_denied_by(&self, stated: &Self) -> bool {
        let details = |name| {
            let (ours, theirs) = (self.additional_details.get(name), stated.additional_details.get(name));
            ours.is_some_and(|ours| is_denied(ours, theirs))
        };
        let texts = |ours: &Option<String>, theirs: &Option<String>| match (ours, theirs) {
            (Some(ours), Some(theirs)) => !same_id(ours, theirs),
            (ours, _) => ours.is_some(),
        };
        if !same_id(&self.id, &stated.id)
            || texts(&self.organization_id, &stated.organization_id)
            || details(RECIPIENTS)
        {
            return true;
        }
        !self.is_vouched_for()
            && (texts(&self.notes, &stated.notes)
                || texts(&self.badge_template_version, &stated.badge_template_version)
                || texts(&self.imp_legacy_id, &stated.imp_legacy_id)
                || self
                    .additional_details
                    .keys()
                    .any(|name| !NOT_COMPARED.contains(&name.as_str()) && details(name)))
    }

    /// Says whether the badge was ever found genuine, and what the record says to be what it says.
    fn is_vouched_for(&self) -> bool {
        self.additional_details.get(VOUCHED_FOR) == Some(&Value::Bool(true))
    }

    /// Takes over when the badge expires, and whatever was not known.
    fn complete(&mut self, stated: Self) {
        self.expires_at = stated.expires_at;
        self.badge_template_version = self.badge_template_version.take().or(stated.badge_template_version);
        self.organization_id = self.organization_id.take().or(stated.organization_id);
        self.activity_title = self.activity_title.take().or(stated.activity_title);
        self.activity_started_at = self.activity_started_at.or(stated.activity_started_at);
        self.activity_ended_at = self.activity_ended_at.or(stated.activity_ended_at);
        self.recipient_email = self.recipient_email.take().or(stated.recipient_email);
        self.notes = self.notes.take().or(stated.notes);
        self.emitted_at = self.emitted_at.or(stated.emitted_at);
        self.imp_legacy_id = self.imp_legacy_id.take().or(stated.imp_legacy_id);
        for name in [EXPIRES, VOUCHED_FOR] {
            self.additional_details.remove(name);
        }
        for (name, value) in stated.additional_details {
            match self.additional_details.get_mut(&name) {
                Some(known) => complete(known, value),
                None => {
                    self.additional_details.insert(name, value);
                }
            }
        }
    }

    /// Says whether a report is on this badge. What is at its address is this badge, whatever an upload says of it; where
    /// nothing was asked, the id tells, and the issuer as far as it is known.
    fn is_of(&self, report: &Report) -> bool {
        let uploaded_as = self.additional_details.get(UPLOADED_AS).and_then(Value::as_str);
        let is_own = |id: &str| same_id(id, &self.id) || uploaded_as.is_some_and(|ours| same_id(id, ours));
        if asked(report).any(|target| is_own(&target.to_string())) {
            return true;
        }
        let Some(badge) = report.any_badge() else { return false };
        let summary = badge.summary();
        let issuers = self.organization_id.as_deref().zip(summary.issuer.and_then(|issuer| issuer.id));
        // A badge of version 2.0 links to its issuer; what a mere copy says of that may be an alias, or not so at all.
        let is_copy = report.badge().is_none() && matches!(badge.model(), Model::V2(_));
        summary.id.is_some_and(is_own)
            && (is_copy || issuers.is_none_or(|(ours, theirs)| same_id(ours, theirs)))
    }
}

/// Says whether something that could tell of a revocation could not be had.
fn leaves_revocation_open(report: &Report) -> bool {
    let mut checks = report.checks().iter().filter(|check| check.severity() == Severity::Revocation);
    checks.any(|check| matches!(check.outcome(), Outcome::Inconclusive(_)))
}

/// What was asked for the badge itself: what the upload names, and what that declares to be its id.
fn asked(report: &Report) -> impl Iterator<Item = &Target> {
    let documents = report.documents().iter().filter(|document| document.purpose == Purpose::Assertion);
    documents.map(|document| &document.target)
}

/// What an upload says to be the badge's id or address.
fn uploaded_as(report: &Report) -> Option<String> {
    let claimed = || report.claimed_badge()?.summary().id.map(str::to_owned);
    asked(report).next().map(Target::to_string).or_else(claimed)
}

/// The JSON Schema (draft 2020-12) of a [`BadgeRecord`], for hosts that hand records to other systems.
///
/// ```
/// use openbadges::import::BADGE_RECORD_SCHEMA;
///
/// let schema: serde_json::Value = serde_json::from_str(BADGE_RECORD_SCHEMA)?;
/// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const BADGE_RECORD_SCHEMA: &str = include_str!("record.schema.json");

/// Why a record was not brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The record was changed after the report was made: an answer that took its time must not take a newer one back.
    #[error("the record was changed after the report was made")]
    Older,
    /// The report is on another badge.
    #[error("the report is on another badge")]
    OtherBadge,
    /// What the badge says could not be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
}

const EXPIRES: &str = "expires";
const RECIPIENTS: &str = "recipients";
const UPLOADED_AS: &str = "uploadedAs";
const VOUCHED_FOR: &str = "isVouchedFor";

/// Details that may change, or are not the badge's.
const NOT_COMPARED: [&str; 3] = [EXPIRES, UPLOADED_AS, VOUCHED_FOR];

/// Says whether a recorded value is not what is stated. What is null was not known, and denies nothing; web addresses may
/// be spelt in several ways.
fn is_denied(recorded: &Value, stated: Option<&Value>) -> bool {
    match (recorded, stated) {
        (Value::Null, _) => false,
        (Value::Object(members), Some(Value::Object(stated))) => {
            members.iter().any(|(name, value)| is_denied(value, stated.get(name)))
        }
        (Value::String(recorded), Some(Value::String(stated))) => !same_id(recorded, stated),
        (recorded, stated) => Some(recorded) != stated,
    }
}

/// Fills in the members that were not known.
fn complete(recorded: &mut Value, stated: Value) {
    if let (Value::Object(recorded), Value::Object(stated)) = (recorded, stated) {
        for (name, value) in stated {
            let member = recorded.entry(name).or_insert(Value::Null);
            if member.is_null() {
                *member = value;
            }
        }
    }
}

/// A verdict in three values, for hosts that keep no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // three values are the point of it
pub enum RecordStatus {
    /// The badge is genuine and was not revoked. When it expires stands in its record.
    Valid,
    /// The issuer has revoked the badge.
    Revoked,
    /// The badge is not known to be genuine.
    Invalid,
}

impl From<&Report> for RecordStatus {
    /// An *expired* badge is valid if everything but its time is: a record does not change when time passes, so its
    /// reader looks at `expires_at` anyway. *Unverified* becomes invalid, whether the time is over or not: nobody who
    /// looks at this value alone must take it for genuine.
    fn from(report: &Report) -> Self {
        match (report.status(), report.status_apart_from_expiry()) {
            (Status::Valid, _) | (Status::Expired, Status::Valid) => Self::Valid,
            (Status::Revoked, _) => Self::Revoked,
            (Status::Expired | Status::Unverified | Status::Invalid, _) => Self::Invalid,
        }
    }
}

/// Why there is no [`BadgeRecord`]: the details of the badge could not be written as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the details of the badge could not be written as JSON: {reason}")]
pub struct RecordError {
    reason: String,
}

/// What a record holds and a preview does not show.
struct Particulars<'b> {
    id: &'b Iri,
    valid_from: OffsetDateTime,
    template_version: Option<&'b str>,
    started: Option<&'b str>,
    ended: Option<&'b str>,
    narrative: Option<&'b str>,
    legacy_id: Option<&'b str>,
}

impl<'b> Particulars<'b> {
    fn of(badge: &'b Badge) -> Self {
        let valid_from = badge.valid_from();
        match badge.model() {
            Model::V2(chain) => Self {
                id: &chain.assertion().id,
                valid_from,
                template_version: chain.badge_class().and_then(|class| class.common.version.as_deref()),
                started: None,
                ended: None,
                narrative: chain.assertion().narrative.as_deref(),
                legacy_id: chain.assertion().uid.as_deref(),
            },
            Model::V3(credential) => {
                let subject = match credential.subject() {
                    Subject::Achievement(subject) => Some(subject),
                    Subject::Endorsement(_) => None,
                };
                Self {
                    id: credential.id(),
                    valid_from,
                    template_version: subject.and_then(|subject| subject.achievement.version.as_deref()),
                    started: subject.and_then(|subject| subject.activity_start_date.as_deref()),
                    ended: subject.and_then(|subject| subject.activity_end_date.as_deref()),
                    narrative: subject.and_then(|subject| subject.narrative.as_deref()),
                    legacy_id: None,
                }
            }
        }
    }
}

/// Reads a truth value that is always the same.
fn only<'de, const VALUE: bool, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let found = bool::deserialize(deserializer)?;
    let error = || D::Error::custom(format!("expected {VALUE}, found {found}"));
    (found == VALUE).then_some(found).ok_or_else(error)
}

/// The e-mail address that an identity is, if it shows one.
fn address(identity: &Identity<'_>) -> Option<String> {
    match (&identity.kind, identity.form) {
        (IdentityKind::Email, Form::Plain) => Some(identity.value.to_owned()),
        (IdentityKind::Id, Form::Plain) => mailto_address(identity.value),
        _ => None,
    }
}

/// The members of the summary that are known, and dates as the badge writes them.
fn details(summary: &Summary<'_>, particulars: &Particulars<'_>) -> Result<Map<String, Value>, RecordError> {
    let error = |error: serde_json::Error| RecordError { reason: error.to_string() };
    let mut details = match serde_json::to_value(summary).map_err(error)? {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let valid_from = rfc3339(particulars.valid_from);
    for (name, value) in [
        ("activityStarted", particulars.started),
        ("activityEnded", particulars.ended),
        ("validFrom", Some(valid_from.as_str())),
    ] {
        details.insert(name.to_owned(), value.into());
    }
    let is_known = |value: &Value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
    Ok(details.into_iter().filter(|(_, value)| is_known(value)).collect())
}
