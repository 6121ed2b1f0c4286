//! Answers for issuers out of a folder.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use openbadges::proof::did;
use openbadges::resource::{Request, Response, Retrieval, Target, Unavailable};
use time::OffsetDateTime;
use url::Url;

/// What issuers serve: `https://HOST/PATH` at `HOST/PATH` in a folder.
pub(crate) struct Folder {
    path: PathBuf,
    now: OffsetDateTime,
}

impl Folder {
    /// A folder that was filled at an instant.
    pub(crate) fn new(path: &Path, now: OffsetDateTime) -> Self {
        Self { path: path.to_owned(), now }
    }

    /// When it was filled, and badges are judged.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// What is served for a request. A host that has a folder serves what is in it and nothing else.
    pub(crate) fn answer(&self, request: &Request) -> Retrieval {
        let url = match request.target() {
            Target::Url(url) => url.clone(),
            Target::Did(did) => did::web_url(did).map_err(|_| Unavailable::Declined)?,
            _ => return Err(Unavailable::Declined),
        };
        let path = path_of(&url).ok_or(Unavailable::Declined)?;
        let host = self.path.join(url.host_str().unwrap_or_default());
        let (status, body) = match fs::read(self.path.join(path)) {
            Ok(body) => (200, body),
            Err(error) if error.kind() == ErrorKind::NotFound && host.is_dir() => (404, Vec::new()),
            Err(_) => return Err(Unavailable::Declined),
        };
        let is_token = url.path().ends_with(".jwt");
        let media_type = if is_token { "application/vc+jwt" } else { "application/json" };
        Ok(Response::new(status, url, body, self.now).with_media_type(media_type))
    }
}

/// Where the document of a URL lies in a folder, which it cannot lead out of: host and path, as they are encoded.
fn path_of(url: &Url) -> Option<PathBuf> {
    let mut path = PathBuf::from(url.host_str()?);
    path.push(url.path().trim_start_matches('/'));
    let is_below = path.components().all(|component| matches!(component, Component::Normal(_)));
    (is_below && url.query().is_none()).then_some(path)
}
