//! Who may import what: verifies uploads, previews them, accepts them.

use std::sync::Mutex;

use openbadges::import::{
    Admitted, BadgeRecord, Edition, ImportError, Importer, Objection, Preview, RecordError, RecordImporter,
    RecordStatus, Supersession,
};
use openbadges::recipient::Account;
use openbadges::resource::{Request, Retrieval};
use openbadges::{Policy, Verifier};
use time::OffsetDateTime;

use crate::shelf::{Shelf, Upload};

/// How the site gets the documents of issuers. A real one asks the network here, under the verifier's network policy.
pub type Fetch = Box<dyn Fn(&Request) -> Retrieval + Send + Sync>;

/// How the site tells the time.
pub type Clock = Box<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// Somebody with an account here.
#[derive(Debug)]
pub struct Person {
    /// What the site calls them.
    pub name: String,
    /// What the site knows of them: the addresses that they gave, confirmed or not.
    pub account: Account,
}

/// The site: its rules, its people, and what they brought.
pub struct Site {
    /// Who has an account. There is no password in this example: visitors say who they are.
    pub people: Vec<Person>,
    /// What the foot of every page says.
    pub notice: String,
    pub(crate) shelf: Mutex<Shelf>,
    verifier: Verifier,
    fetch: Fetch,
    clock: Clock,
}

impl Site {
    /// A site of these people, which has imported nothing yet.
    pub fn new(people: Vec<Person>, notice: impl Into<String>, fetch: Fetch, clock: Clock) -> Self {
        Self {
            people,
            notice: notice.into(),
            shelf: Mutex::default(),
            verifier: Verifier::new(Policy::strict()),
            fetch,
            clock,
        }
    }

    /// How many bytes an upload may have.
    pub fn upload_bytes(&self) -> usize {
        let limit = self.verifier.policy().limits().get(openbadges::limits::Limit::InputBytes);
        usize::try_from(limit).unwrap_or(usize::MAX)
    }

    /// Verifies an upload and shows it to the one who brought it.
    ///
    /// # Errors
    /// What to tell them if there is no badge in it.
    pub fn preview(&self, upload: &Upload, stored: &[BadgeRecord]) -> Result<Preview, Objection> {
        let step =
            self.verifier.begin(&upload.bytes, (self.clock)()).map_err(|error| Objection::from(&error))?;
        let report = step.run(|request| (self.fetch)(request));
        let account = &self.people[upload.person].account;
        Ok(Preview::of(&NoDuplicates::of(stored), report, account.identities()))
    }

    /// Verifies an upload once more, and makes a record of it if it is what its owner saw.
    ///
    /// # Errors
    /// [`NotAccepted`]: the badge has changed, or something speaks against it.
    pub fn accept(
        &self,
        upload: &Upload,
        stored: &[BadgeRecord],
        seen: &str,
    ) -> Result<BadgeRecord, NotAccepted> {
        let preview = self.preview(upload, stored).map_err(NotAccepted::Unreadable)?;
        let seen = seen.parse().map_err(|_| NotAccepted::Changed(Box::new(preview.clone())))?;
        let shown = Box::new(preview.clone());
        preview.accept(&NoDuplicates::of(stored), &seen).map_err(|error| match error {
            ImportError::Changed(preview) => NotAccepted::Changed(preview),
            _ => NotAccepted::Refused(shown),
        })
    }
}

/// Why a badge was not imported.
#[derive(Debug)]
pub enum NotAccepted {
    /// It is no longer what was previewed; this is what it is now.
    Changed(Box<Preview>),
    /// Something speaks against it.
    Refused(Box<Preview>),
    /// There is no badge in the upload.
    Unreadable(Objection),
}

/// Imports by the default rules, and no badge twice.
struct NoDuplicates {
    records: RecordImporter,
    stored: Vec<(Edition, RecordStatus)>,
}

impl NoDuplicates {
    fn of(stored: &[BadgeRecord]) -> Self {
        let edition = |record| Some((Edition::of_record(record)?, record.status));
        let stored = stored.iter().filter_map(edition).collect();
        Self { records: RecordImporter::default(), stored }
    }
}

impl Importer for NoDuplicates {
    type Record = BadgeRecord;
    type Error = RecordError;

    fn review(&self, preview: &Preview) -> Vec<Objection> {
        let Some(edition) = preview.edition() else { return Vec::new() };
        let is_genuine = RecordStatus::from(preview.report()) == RecordStatus::Valid;
        let objection = |(stored, status): &(Edition, RecordStatus)| match edition.compare(stored) {
            // What nobody has vouched for must not keep the genuine badge out.
            _ if is_genuine && *status == RecordStatus::Invalid => None,
            Supersession::Equal => Some("You have imported this badge before."),
            Supersession::Older => Some("You have imported a newer version of this badge before."),
            Supersession::Newer | Supersession::Different => None,
        };
        let first = self.stored.iter().find_map(objection);
        first.map(|message| Objection::of_host("badge.duplicate", message)).into_iter().collect()
    }

    fn record(&self, admitted: &Admitted<'_>) -> Result<BadgeRecord, RecordError> {
        self.records.record(admitted)
    }
}
