//! Collects badges, documents and cases, and writes them as `suite.json`.

use std::collections::BTreeMap;

use openbadges::bake::bake;
use openbadges::id::Digest;
use openbadges::limits::Limits;
use openbadges::unbake::Standard;
use serde::Serialize;
use serde_json::Value;

use super::image;

/// The instant at which every case is judged.
const NOW: &str = "2026-06-01T12:00:00Z";

/// Files, and what must come out.
#[derive(Default)]
pub(super) struct Suite {
    files: BTreeMap<String, Vec<u8>>,
    contexts: Vec<Context>,
    documents: Vec<Document>,
    cases: Vec<Case>,
}

/// A `suite.json`.
#[derive(Serialize)]
struct Table {
    suite: String,
    origin: &'static str,
    now: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contexts: Vec<Context>,
    documents: Vec<Document>,
    cases: Vec<Case>,
}

impl Suite {
    /// Adds a file.
    pub(super) fn file(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        let before = self.files.insert(path.to_owned(), content.into());
        assert!(before.is_none(), "{path} is made twice");
    }

    /// Adds a context that the host has in every case.
    pub(super) fn context(&mut self, url: &str, text: &str, sha256: Digest) {
        let file = path_of(url);
        self.file(&file, text);
        self.contexts.push(Context { url: url.to_owned(), file, sha256 });
    }

    /// Adds a document that an issuer serves in every case.
    pub(super) fn publish(&mut self, url: &str, document: &Value) {
        let served = self.serve(url, document);
        self.documents.push(served);
    }

    /// Adds a document in text form that an issuer serves in every case.
    pub(super) fn publish_text(&mut self, url: &str, text: &str, media_type: &'static str) {
        let served = self.serve_text(url, text, media_type);
        self.documents.push(served);
    }

    /// Adds a document in text form that is served in the cases that say so.
    pub(super) fn serve_text(&mut self, url: &str, text: &str, media_type: &'static str) -> Document {
        let path = path_of(url);
        self.file(&path, format!("{text}\n"));
        Document { file: Some(path), media_type: Some(media_type), ..Document::answer(url) }
    }

    /// Adds a document that is served in the cases that say so.
    pub(super) fn serve(&mut self, url: &str, document: &Value) -> Document {
        let path = path_of(url);
        self.file(&path, pretty(document));
        Document { file: Some(path), ..Document::answer(url) }
    }

    /// Adds a badge in one form, and the case of judging it. The case is named after the file.
    pub(super) fn badge(
        &mut self,
        path: &str,
        content: impl Into<Vec<u8>>,
        about: impl Into<String>,
    ) -> &mut Case {
        self.file(path, content);
        self.again(path, &path.replace(['/', '.'], "-"), about)
    }

    /// Adds a badge in all its forms: as `NAME.json` or `NAME.jws`, and baked into `NAME.png` and `NAME.svg`. All
    /// must get the same verdict, which `expect` says.
    pub(super) fn badge_in_every_form(
        &mut self,
        name: &str,
        text: &str,
        standard: Standard,
        about: [&'static str; 3],
        expect: impl Fn(&mut Case),
    ) {
        let [bare, png, svg] = about;
        match serde_json::from_str(text) {
            Ok(json) => expect(self.badge(&format!("{name}.json"), pretty(&json), bare)),
            Err(_) => expect(self.badge(&format!("{name}.jws"), format!("{text}\n"), bare)),
        }
        expect(self.badge(&format!("{name}.png"), baked(&image::png(), text, standard), png));
        expect(self.badge(&format!("{name}.svg"), baked(image::svg().as_bytes(), text, standard), svg));
    }

    /// Adds another case of a file that is already there.
    pub(super) fn again(&mut self, path: &str, name: &str, about: impl Into<String>) -> &mut Case {
        assert!(self.files.contains_key(path), "{path} is not made");
        assert!(self.cases.iter().all(|case| case.name != name), "{name} is told twice");
        self.cases.push(Case {
            name: name.to_owned(),
            about: about.into(),
            input: path.to_owned(),
            ..Case::default()
        });
        self.cases.last_mut().expect("it was just added")
    }

    /// The files, with a `suite.json` of this name.
    pub(super) fn into_files(mut self, suite: &str, origin: &'static str) -> BTreeMap<String, Vec<u8>> {
        let table = Table {
            suite: suite.to_owned(),
            origin,
            now: NOW,
            contexts: self.contexts,
            documents: self.documents,
            cases: self.cases,
        };
        let table = serde_json::to_value(table).expect("a table of texts");
        self.files.insert("suite.json".to_owned(), pretty(&table).into_bytes());
        self.files
    }
}

/// A badge in an image.
pub(super) fn baked(image: &[u8], text: &str, standard: Standard) -> Vec<u8> {
    bake(image, text, standard, &Limits::default()).expect("a badge and an image of ours")
}

/// JSON as it stands in files.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Where the body of a document lies.
fn path_of(url: &str) -> String {
    match (url.strip_prefix("https://"), url.strip_prefix("did:web:")) {
        (Some(path), _) => format!("documents/{path}"),
        (None, Some(host)) => match host.split_once(':') {
            None => format!("documents/{host}/.well-known/did.json"),
            Some((host, path)) => format!("documents/{host}/{}/did.json", path.replace(':', "/")),
        },
        (None, None) => panic!("{url} is served by nobody"),
    }
}

/// A context of the host's own.
#[derive(Serialize)]
struct Context {
    url: String,
    file: String,
    sha256: Digest,
}

/// What is answered under a URL or for a DID.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    final_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unavailable: Option<&'static str>,
}

impl Document {
    fn answer(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::default() }
    }

    /// An answer whose body lies in this file.
    pub(super) fn file_at(url: &str, file: String) -> Self {
        Self { file: Some(file), ..Self::answer(url) }
    }

    /// The same answer, served as this.
    pub(super) fn typed(self, media_type: &'static str) -> Self {
        Self { media_type: Some(media_type), ..self }
    }

    /// An answer with this status and no body.
    pub(super) fn status(url: &str, status: u16) -> Self {
        Self { status: Some(status), ..Self::answer(url) }
    }

    /// No answer.
    pub(super) fn timeout(url: &str) -> Self {
        Self { unavailable: Some("timeout"), ..Self::answer(url) }
    }

    /// The same answer, under this URL, from where it redirects to the one that has it.
    pub(super) fn redirected_from(self, url: &str) -> Self {
        Self { url: url.to_owned(), final_url: Some(self.url), ..self }
    }
}

/// A file, the circumstances, and what must come out.
#[derive(Default, Serialize)]
pub(super) struct Case {
    name: String,
    about: String,
    input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipients: Vec<Known>,
    expect: Expect,
}

/// What the host knows of the person who presents the badge.
#[derive(Serialize)]
struct Known {
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Expect {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passed: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inconclusive: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    badges: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrappers: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_aside: Option<usize>,
}

impl Case {
    /// What is answered differently in this case.
    pub(super) fn with(&mut self, document: Document) -> &mut Self {
        self.documents.push(document);
        self
    }

    /// What the policy has differently in this case.
    pub(super) fn under(&mut self, policy: Value) -> &mut Self {
        self.policy = Some(policy);
        self
    }

    /// An e-mail address that is known of the person, and what comes of comparing it.
    pub(super) fn known(&mut self, email: &'static str, outcome: &'static str) -> &mut Self {
        self.recipients.push(Known { kind: "email", value: email });
        self.expect.recipient = Some(outcome);
        self
    }

    /// There is no badge.
    pub(super) fn error(&mut self, code: &'static str) -> &mut Self {
        self.expect.error = Some(code);
        self
    }

    /// The verdict on a badge of this version.
    pub(super) fn verdict(&mut self, version: &'static str, status: &'static str) -> &mut Self {
        self.expect.version = Some(version);
        self.expect.status = Some(status);
        self
    }

    /// The case is about the badge of this number, from 1.
    pub(super) fn about_badge(&mut self, number: usize) -> &mut Self {
        self.badge = Some(number);
        self
    }

    /// The verdicts on all badges in the file.
    pub(super) fn all<const N: usize>(&mut self, statuses: [&'static str; N]) -> &mut Self {
        self.expect.badges = Some(statuses.to_vec());
        self
    }

    /// The verdicts on what badges came in.
    pub(super) fn within<const N: usize>(&mut self, statuses: [&'static str; N]) -> &mut Self {
        self.expect.wrappers = Some(statuses.to_vec());
        self
    }

    /// How much is left aside.
    pub(super) fn left_aside(&mut self, count: usize) -> &mut Self {
        self.expect.left_aside = Some(count);
        self
    }

    pub(super) fn passed<const N: usize>(&mut self, codes: [&'static str; N]) -> &mut Self {
        self.expect.passed.extend(codes);
        self
    }

    pub(super) fn failed<const N: usize>(&mut self, codes: [&'static str; N]) -> &mut Self {
        self.expect.failed.extend(codes);
        self
    }

    pub(super) fn inconclusive<const N: usize>(&mut self, codes: [&'static str; N]) -> &mut Self {
        self.expect.inconclusive.extend(codes);
        self
    }
}
