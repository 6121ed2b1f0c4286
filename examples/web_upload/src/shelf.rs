//! What is kept between two requests: in memory, bounded, and each piece for the visitor who brought it only.

use std::collections::VecDeque;

use axum::body::Bytes;
use openbadges::id::{Digest, Fingerprint};
use openbadges::import::BadgeRecord;

/// Uploads that wait to be accepted; of more, the oldest are forgotten.
const UPLOADS: usize = 32;

/// Records; of more, the oldest are forgotten.
const RECORDS: usize = 1000;

/// A file that somebody brought.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What it is asked for by.
    pub id: String,
    /// The visitor who brought it.
    pub session: String,
    /// Who the visitor is, among the people of the site.
    pub person: usize,
    /// The file.
    pub bytes: Bytes,
    /// Known to nobody else.
    secret: [u8; 32],
}

impl Upload {
    /// A file that a visitor has just brought.
    pub fn new(session: &str, person: usize, bytes: Bytes) -> Self {
        Self { id: token(), session: session.to_owned(), person, bytes, secret: random() }
    }

    /// What makes a form with the button "accept" genuine: only the page that shows this preview, to this visitor,
    /// holds it. Without it, another site could accept for the visitor, or the visitor what was never shown.
    pub fn form_token(&self, shown: Fingerprint) -> String {
        self.form_token_of(&shown.to_string())
    }

    /// Says whether a form came from the page that showed this.
    pub fn is_form_token(&self, token: &str, shown: &str) -> bool {
        // Digests of the two are compared, so that the time it takes tells nothing about either.
        Digest::of(token.as_bytes()) == Digest::of(self.form_token_of(shown).as_bytes())
    }

    fn form_token_of(&self, shown: &str) -> String {
        Digest::of(&[&self.secret[..], Digest::of(shown.as_bytes()).as_bytes()].concat()).to_string()
    }
}

/// A badge that was imported.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it is asked for by.
    pub id: String,
    /// The file that it came in.
    pub upload: Upload,
    /// The record.
    pub record: BadgeRecord,
}

/// All that is kept.
#[derive(Debug, Default)]
pub struct Shelf {
    uploads: VecDeque<Upload>,
    records: VecDeque<Kept>,
}

impl Shelf {
    /// Keeps a file until it is accepted.
    pub fn keep(&mut self, upload: Upload) {
        self.uploads.truncate(UPLOADS - 1);
        self.uploads.push_front(upload);
    }

    /// A visitor's own file.
    pub fn upload(&self, session: &str, id: &str) -> Option<Upload> {
        self.uploads.iter().find(|upload| upload.session == session && upload.id == id).cloned()
    }

    /// Puts a record in the place of the file that it was made of; nothing if that has happened already.
    ///
    /// The record gets an address for its image if the file is one.
    pub fn import(&mut self, upload: Upload, mut record: BadgeRecord, is_image: bool) -> Option<String> {
        let place = self.uploads.iter().position(|kept| kept.id == upload.id)?;
        self.uploads.remove(place);
        let id = token();
        record.image_path = is_image.then(|| format!("/records/{id}/image"));
        self.records.truncate(RECORDS - 1);
        self.records.push_front(Kept { id: id.clone(), upload, record });
        Some(id)
    }

    /// What a visitor has imported, the newest first.
    pub fn records<'s>(&'s self, session: &'s str) -> impl Iterator<Item = &'s Kept> {
        self.records.iter().filter(move |kept| kept.upload.session == session)
    }
}

/// A name that nobody guesses.
pub fn token() -> String {
    random::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}
