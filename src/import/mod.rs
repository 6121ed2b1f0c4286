//! From a verdict to the host's own record of a badge: preview, then accept exactly what was previewed.
//!
//! In: a [`Report`], and what the host knows of one person. Out: a [`Preview`] to be shown, and after the person's
//! consent a record of a type that the host chooses ([`Importer`]), or the ready [`BadgeRecord`]. Nothing is stored or
//! fetched here, and nothing is judged that `verify` has judged: a preview sees the report only.
//!
//! # The two steps
//!
//! What a person accepts must be what the person saw. A host that keeps no session between the two requests does it
//! like this:
//!
//! 1. **Preview.** Verify the upload, make a [`Preview`], show its [`summary`](Preview::summary), status,
//!    [`recipient`](Preview::recipient) and [`objections`](Preview::objections). Keep the upload, and put
//!    [`fingerprint`](Preview::fingerprint) into the form with the button "accept".
//! 2. **Accept.** Verify the same upload again, make a preview again, and call [`Preview::accept`] with the
//!    fingerprint that came back with the form. If the badge has been changed or revoked since, that is
//!    [`ImportError::Changed`], which holds the new preview: show that one. Otherwise store the record.
//!
//! The fingerprint is no secret and no authorisation: it only tells what was seen.
//!
//! # Several badges in one file
//!
//! A presentation, a learner record, a list and an image can hold several badges, of which
//! [`Verifier::begin`](crate::Verifier::begin) takes none. [`Verifier::begin_all`](crate::Verifier::begin_all) gives a
//! report on each. Make a [`Preview`] of each, show them in a list with one button for each that has no objections, and
//! put its [`fingerprint`](Preview::fingerprint) into that form: the second step looks for the preview that has it. What
//! the badges came in is shown beside them ([`Report::wrappers`]), and makes none of them better.
//!
//! ```
//! use openbadges::id::Fingerprint;
//! use openbadges::import::{BadgeRecord, Preview, RecordImporter};
//! use openbadges::recipient::KnownIdentity;
//! # use openbadges::resource::{Request, Retrieval};
//! use openbadges::{Verifier, Error};
//! # use time::OffsetDateTime;
//!
//! fn previews(
//!     verifier: &Verifier,
//!     upload: &[u8],
//!     now: OffsetDateTime,
//!     known: &[KnownIdentity],
//! #   fetch: impl FnMut(&Request) -> Retrieval,
//! ) -> Result<Vec<Preview>, Error> {
//!     let reports = verifier.begin_all(upload, now)?.run(fetch).into_badges();
//!     Ok(reports.into_iter().map(|report| Preview::of(&RecordImporter::default(), report, known)).collect())
//! }
//!
//! /// The second step: the badge that was accepted.
//! fn accept(previews: Vec<Preview>, seen: &Fingerprint) -> Option<BadgeRecord> {
//!     let accepted = previews.into_iter().find(|preview| preview.fingerprint() == *seen)?;
//!     accepted.accept(&RecordImporter::default(), seen).ok()
//! }
//! ```
//!
//! # What else people meet
//!
//! - A file without a badge has no report to preview: [`Objection`] is made `From` an [`Error`](crate::Error), and says
//!   what to do.
//! - A badge that the host has already: [`Preview::edition`] and [`Edition::compare`].
//! - A badge that was valid once: [`recheck()`] for stored reports, [`BadgeRecord::update`] for records.
//!
//! ```
//! use openbadges::id::Fingerprint;
//! use openbadges::import::{Preview, RecordImporter};
//! use openbadges::recipient::{Account, Confirmation};
//! # use openbadges::resource::{Response, Retrieval, Request, Target, Unavailable};
//! use openbadges::{Policy, Verifier};
//! use time::macros::datetime;
//! # fn fetch(request: &Request) -> Retrieval {
//! #     let Target::Url(url) = request.target() else { return Err(Unavailable::Declined) };
//! #     let body = match url.path() {
//! #         "/badge" => r#"{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://example.org/badge",
//! #             "name": "Teamwork", "description": "Works with others", "image": "https://example.org/badge.png",
//! #             "criteria": {"narrative": "Work with others."}, "issuer": "https://example.org/issuer"}"#,
//! #         "/issuer" => r#"{"@context": "https://w3id.org/openbadges/v2", "type": "Profile", "id": "https://example.org/issuer",
//! #             "name": "Example University", "url": "https://example.org/", "email": "badges@example.org"}"#,
//! #         _ => UPLOAD,
//! #     };
//! #     Ok(Response::new(200, url.clone(), body.as_bytes().to_vec(), datetime!(2026-11-22 12:00 UTC)))
//! # }
//! # const UPLOAD: &str = r#"{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/1",
//! #     "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"}, "issuedOn": "2026-01-02T03:04:05Z",
//! #     "badge": "https://example.org/badge", "verification": {"type": "HostedBadge"}}"#;
//! # let upload = UPLOAD.as_bytes();
//!
//! let verifier = Verifier::new(Policy::strict());
//! let importer = RecordImporter::default();
//! let account = Account::new().with_email("ada@example.org", Confirmation::Confirmed);
//!
//! // The first request: show the badge.
//! let report = verifier.begin(upload, datetime!(2026-11-22 12:00 UTC))?.run(fetch);
//! let preview = Preview::of(&importer, report, account.identities());
//! assert!(preview.objections().is_empty());
//! let in_the_form = preview.fingerprint().to_string();
//!
//! // The second request, minutes later: the person has accepted.
//! let report = verifier.begin(upload, datetime!(2026-11-22 12:05 UTC))?.run(fetch);
//! let seen: Fingerprint = in_the_form.parse()?;
//! let record = Preview::of(&importer, report, account.identities()).accept(&importer, &seen)?;
//! assert_eq!(record.activity_title.as_deref(), Some("Teamwork"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::badge::{Badge, Summary};
use crate::id::{BadgeKey, Fingerprint};
use crate::recipient::{KnownIdentity, RecipientMatch};
use crate::report::{Report, Status};

mod edition;
mod fingerprint;
mod objection;
mod preview;
mod recheck;
mod record;
mod rules;
mod timestamp;

pub use edition::{Edition, Supersession};
pub use objection::{Objection, ObjectionCode};
pub use preview::{ImportError, Preview};
pub use recheck::{Change, CheckChange, Recheck, recheck};
pub use record::{BADGE_RECORD_SCHEMA, BadgeRecord, RecordError, RecordImporter, RecordStatus, UpdateError};
pub use rules::{DangerousRules, ImportRules, Ruling};
pub use timestamp::Timestamp;

/// How a host imports badges: by which rules, with which objections of its own, and into what.
///
/// It is pure: [`Importer::record`] builds a record, and storing it is the host's next line. A trait object does as
/// well as a type.
///
/// ```
/// use std::convert::Infallible;
/// use openbadges::import::{Admitted, Importer};
///
/// /// Keeps the names of badges.
/// struct Names;
///
/// impl Importer for Names {
///     type Record = String;
///     type Error = Infallible;
///
///     fn record(&self, admitted: &Admitted<'_>) -> Result<String, Infallible> {
///         Ok(admitted.summary().name.unwrap_or("a badge without a name").to_owned())
///     }
/// }
///
/// let importer: Box<dyn Importer<Record = String, Error = Infallible>> = Box::new(Names);
/// # let _ = importer;
/// ```
pub trait Importer {
    /// What the host stores.
    type Record;
    /// Why a record could not be built.
    type Error;

    /// The rules that every badge has to meet; [`ImportRules::default`] unless the host says otherwise.
    fn rules(&self) -> ImportRules {
        ImportRules::default()
    }

    /// What the host objects to besides; nothing, unless it says otherwise.
    ///
    /// The preview holds the objections of the rules already. They stand whatever is returned here: a review can
    /// object, and never excuse.
    fn review(&self, preview: &Preview) -> Vec<Objection> {
        let _ = preview;
        Vec::new()
    }

    /// Builds the record of a badge that nothing speaks against.
    ///
    /// # Errors
    /// The host's own; [`Preview::accept`] passes it on as [`ImportError::Host`].
    fn record(&self, admitted: &Admitted<'_>) -> Result<Self::Record, Self::Error>;
}

/// A badge that a person saw and accepted, and that nothing speaks against.
///
/// Only [`Preview::accept`] makes one, so whoever has one knows that all of that happened.
///
/// # Security
/// *Admitted* is not *valid*: by the default rules, unverified and expired badges are admitted too. Record
/// [`Admitted::status`] along with the badge.
#[derive(Clone, Copy, Debug)]
pub struct Admitted<'p> {
    preview: &'p Preview,
    badge: &'p Badge,
}

impl<'p> Admitted<'p> {
    /// The badge: the authentic one, or the claimed one if the badge is unverified.
    pub fn badge(&self) -> &'p Badge {
        self.badge
    }

    /// What the preview showed of the badge.
    pub fn summary(&self) -> Summary<'p> {
        self.badge.summary()
    }

    /// The report.
    pub fn report(&self) -> &'p Report {
        self.preview.report()
    }

    /// The verdict.
    pub fn status(&self) -> Status {
        self.report().status()
    }

    /// Whether the badge was awarded to the person.
    pub fn recipient(&self) -> &'p RecipientMatch {
        self.preview.recipient()
    }

    /// Which of the known identities is the recipient's, by its index; `None` only if the rules admit any recipient.
    pub fn known_identity(&self) -> Option<usize> {
        match self.recipient() {
            RecipientMatch::Match(matched) => Some(matched.known),
            RecipientMatch::Mismatch { .. } | RecipientMatch::NotChecked { .. } => None,
        }
    }

    /// The known identity that is the recipient's, such as the address behind a hash; `None` only if the rules admit any
    /// recipient.
    pub fn matched(&self) -> Option<&'p KnownIdentity> {
        self.preview.matched()
    }

    /// What makes two badges the same one, to look for duplicates by. Look among the badges of one account: the badge of
    /// another one may be a forged copy of this.
    pub fn key(&self) -> Option<&'p BadgeKey> {
        self.preview.key()
    }

    /// Which edition of the badge it is, to compare with one that is stored.
    pub fn edition(&self) -> Option<Edition> {
        Edition::of(self.badge)
    }

    /// What the person saw and accepted.
    pub fn fingerprint(&self) -> Fingerprint {
        self.preview.fingerprint()
    }
}
