//! What a person is shown before a badge is imported, and the step from there to the record.

use serde::Serialize;

use super::{Admitted, Edition, Importer, Objection, ObjectionCode, fingerprint};
use crate::badge::{Badge, Summary};
use crate::id::{BadgeKey, Fingerprint};
use crate::limits::Limits;
use crate::recipient::{KnownIdentity, NotChecked, RecipientMatch, match_recipient};
use crate::report::{Image, Report, Status};

/// A badge as a person is shown it before deciding.
///
/// It serialises for a page that is built in the browser; there is no way back from that form.
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct Preview {
    report: Report,
    recipient: RecipientMatch,
    objections: Vec<Objection>,
    key: Option<BadgeKey>,
    #[serde(rename = "awardedTo")]
    awarded_to: Vec<String>,
    fingerprint: Fingerprint,
    /// The known identity that matched.
    #[serde(skip)]
    matched: Option<KnownIdentity>,
}

impl Preview {
    /// Previews the badge of a report to a person, of whom the host knows these identities.
    ///
    /// The badge is [`Report::any_badge`]: of a badge that is unverified, what it claims is shown and compared. The
    /// bounds of the comparison are those of [`Limits::default`].
    pub fn of<I: Importer + ?Sized>(importer: &I, report: Report, known: &[KnownIdentity]) -> Self {
        let recipient = match report.any_badge() {
            Some(badge) => match_recipient(badge, known, &Limits::default()),
            None => RecipientMatch::NotChecked { reason: NotChecked::NothingComparable, unconfirmed: None },
        };
        let matched = match &recipient {
            RecipientMatch::Match(matched) => known.get(matched.known).cloned(),
            RecipientMatch::Mismatch { .. } | RecipientMatch::NotChecked { .. } => None,
        };
        let preview = Self {
            matched,
            key: report.any_badge().and_then(Badge::key),
            awarded_to: report.any_badge().map(shown_recipients).unwrap_or_default(),
            fingerprint: fingerprint::of(&report, &recipient),
            report,
            recipient,
            objections: Vec::new(),
        };
        preview.judged_by(importer)
    }

    fn judged_by<I: Importer + ?Sized>(mut self, importer: &I) -> Self {
        self.objections = importer.rules().judge(&self.report, &self.recipient);
        let of_host = importer.review(&self);
        self.objections.extend(of_host);
        self
    }

    /// What to show of the badge; `None` if the file only names an address, and no badge could be had there.
    ///
    /// # Security
    /// Show [`Preview::status`] beside it. Unless the badge is authentic, this is what somebody claims.
    pub fn summary(&self) -> Option<Summary<'_>> {
        self.report.any_badge().map(Badge::summary)
    }

    /// The report that it previews.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The verdict.
    pub fn status(&self) -> Status {
        self.report.status()
    }

    /// Whether the badge was awarded to the person.
    pub fn recipient(&self) -> &RecipientMatch {
        &self.recipient
    }

    /// The identity of the person that the badge was awarded to; `None` if it matched none.
    pub(super) fn matched(&self) -> Option<&KnownIdentity> {
        self.matched.as_ref()
    }

    /// Whom the badge names as its recipient, in words to show: an identity in plain text as it stands, a hashed one as
    /// `hashed e-mail address`. Escape it for the medium.
    pub fn awarded_to(&self) -> &[String] {
        &self.awarded_to
    }

    /// What the image is like that was uploaded; `None` if it was none. The image that the badge names is
    /// [`Summary::image`].
    pub fn image(&self) -> Option<&Image> {
        self.report.image()
    }

    /// What speaks against importing it; while there is anything, [`Preview::accept`] refuses.
    pub fn objections(&self) -> &[Objection] {
        &self.objections
    }

    /// What makes two badges the same one, to look for duplicates by.
    pub fn key(&self) -> Option<&BadgeKey> {
        self.key.as_ref()
    }

    /// Which edition of the badge it is, to compare with one that is stored.
    pub fn edition(&self) -> Option<Edition> {
        self.report.any_badge().and_then(Edition::of)
    }

    /// Stands for what is shown: the badge with its badge class and issuer, whether it is authentic, its status, the
    /// recipient's match, and the policy. It stays the same when the badge is judged later with fresh documents, as
    /// long as none of these changes.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Imports the badge, if it is what the person saw and nothing speaks against it.
    ///
    /// `importer` is the one that the preview was made with. With another one, whatever either of the two objects to
    /// stands.
    ///
    /// # Errors
    /// [`ImportError::Changed`] if the person saw something else, [`ImportError::Refused`] if something speaks against
    /// the badge, [`ImportError::Host`] if the importer could not build its record.
    pub fn accept<I: Importer + ?Sized>(
        mut self,
        importer: &I,
        seen: &Fingerprint,
    ) -> Result<I::Record, ImportError<I::Error>> {
        if self.fingerprint != *seen {
            return Err(ImportError::Changed(Box::new(self)));
        }
        if self.objections.is_empty() {
            self = self.judged_by(importer);
        }
        match self.report.any_badge() {
            Some(badge) if self.objections.is_empty() => {
                importer.record(&Admitted { preview: &self, badge }).map_err(ImportError::Host)
            }
            Some(_) | None => Err(ImportError::Refused { objections: self.objections }),
        }
    }
}

fn shown_recipients(badge: &Badge) -> Vec<String> {
    badge.identities().iter().map(|identity| identity.shown().into_owned()).collect()
}

/// Why a badge was not imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError<E> {
    /// The badge is not what the person saw: show this preview instead.
    #[error("the badge is no longer what was previewed")]
    Changed(Box<Preview>),
    /// The importer could not build its record.
    #[error("the record of the badge could not be built")]
    Host(#[source] E),
    /// Something speaks against the badge.
    #[error("the badge is refused: {}", codes(.objections))]
    Refused {
        /// What does.
        objections: Vec<Objection>,
    },
}

fn codes(objections: &[Objection]) -> String {
    let codes: Vec<&str> = objections.iter().map(Objection::code).map(ObjectionCode::as_str).collect();
    codes.join(", ")
}
