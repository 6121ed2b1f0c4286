//! Verifies a badge from the command line, with documents from files, from the network, or from both.
//!
//! `cargo run --example verify -- tests/badges/ob3/integrity.png --documents tests/badges/suite.json`
//! `cargo run --features fetch --example verify -- BADGE --online`

#![allow(clippy::print_stderr, clippy::print_stdout)] // a program

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use openbadges::limits::Limits;
use openbadges::proof::did;
use openbadges::recipient::{Confirmation, KnownIdentity, match_recipient};
use openbadges::resource::{Documents, Request, Response, Retrieval, Target, Unavailable};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

const HELP: &str = "\
Verifies a badge: a PNG, an SVG, JSON, a compact JWS, or the URL of a hosted badge as text. Of several badges, in a
presentation, a learner record, a list or an image, each is verified by itself.
The documents of issuers are read from files, and fetched only with --online.

usage: verify FILE [options]

  --documents SUITE.json  take what the `documents` of a test suite say: each has a `url` (or a DID), and a `file`, a
                          `status`, a `finalUrl` or the word `unavailable`
  --case NAME             take those of one case of that suite first
  --documents FOLDER      take https://HOST/PATH from FOLDER/HOST/PATH; did:web from the URL that it stands for
  --documents BUNDLE.json take what an earlier run has kept with --keep
  --online                fetch what those do not have (needs a build with `--features fetch`)
  --proxy ADDRESS:PORT    fetch through this HTTP proxy, which then alone sees to it that no address inside is asked
  --root CERTIFICATE      trust this root (X.509 in DER) in place of Mozilla's, as behind a proxy that looks into TLS
  --keep BUNDLE.json      keep all documents of this verification in one file, to verify again later without a network
  --now TIME              judge at this instant, such as 2026-06-01T12:00:00Z; otherwise, now
  --recipient TYPE:VALUE  compare the recipient with what is known of a person, such as email:ada@example.com; more
                          than one may be given; the outcome changes neither verdict nor exit code
  --json                  print the report as JSON
  --verbose, -v           print every check, and not only what matters
  --help, -h              print this

exit code, of several badges the worst: 0 valid · 1 invalid · 3 unverified · 4 expired · 5 revoked · 2 no badge in the file, or wrong usage";

/// The exit code where there is no verdict.
const NO_VERDICT: u8 = 2;

fn main() -> ExitCode {
    ExitCode::from(run(env::args().skip(1)))
}

/// Does what the arguments say, and gives the exit code.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> u8 {
    let options = match Options::read(arguments) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{HELP}");
            return 0;
        }
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            return NO_VERDICT;
        }
    };
    match verify(&options) {
        Ok(status) => exit_code(status),
        Err(error) => {
            eprintln!("{error}");
            let sources = std::iter::successors(error.source(), |&error| error.source());
            sources.for_each(|source| eprintln!("  because {source}"));
            NO_VERDICT
        }
    }
}

fn exit_code(status: Status) -> u8 {
    match status {
        Status::Valid => 0,
        Status::Invalid => 1,
        Status::Unverified => 3,
        Status::Expired => 4,
        Status::Revoked => 5,
    }
}

/// Verifies the file and prints what came of it.
fn verify(options: &Options) -> Result<Status, Box<dyn Error>> {
    let input = fs::read(&options.file).map_err(|error| format!("{}: {error}", options.file.display()))?;
    let source = Source::open(options)?;

    let verifier = Verifier::new(Policy::strict());
    let fetch: Fetch =
        if options.online { network(verifier.policy(), options)? } else { Box::new(|_| DECLINED) };
    let mut documents = Documents::default();
    let answer = |request: &Request| {
        let answer = match source.answer(request, options.now) {
            DECLINED => fetch(request),
            other => other,
        };
        documents.insert(request.target().clone(), answer.clone());
        answer
    };
    let bundle = match verifier.begin_all(&input, options.now) {
        Ok(bundle) => bundle.run(answer),
        Err(error) => {
            if options.json {
                println!("{:#}", json!({"error": error.code(), "message": error.to_string_chain()}));
            }
            eprintln!("no verdict: {}", error.code());
            return Err(error.into());
        }
    };
    if let Some(path) = &options.keep {
        let kept = serde_json::to_string_pretty(&documents)?;
        fs::write(path, kept).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for left_aside in bundle.left_aside() {
        eprintln!("left aside: {left_aside}");
    }
    let reports = bundle.badges();
    for report in reports {
        if reports.len() > 1 && !options.json {
            println!("\n{}", report.carrier().unwrap_or_else(|| report.place()));
        }
        print(report, options)?;
    }
    // There is one unless there was an error.
    reports.iter().map(Report::status).max().ok_or_else(|| "no badge".into())
}

const DECLINED: Retrieval = Err(Unavailable::Declined);

type Fetch = Box<dyn Fn(&Request) -> Retrieval>;

#[cfg(feature = "fetch")]
fn network(policy: &Policy, options: &Options) -> Result<Fetch, String> {
    let mut fetcher = openbadges::fetch::Fetcher::new(policy.network().clone());
    if let Some(proxy) = options.proxy {
        fetcher = fetcher.dangerous_use_proxy(proxy);
    }
    if let Some(path) = &options.root {
        let root = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        fetcher = fetcher.dangerous_trust_roots([root]);
    }
    Ok(Box::new(move |request| fetcher.fetch(request)))
}

#[cfg(not(feature = "fetch"))]
fn network(_: &Policy, _: &Options) -> Result<Fetch, &'static str> {
    Err("--online needs a build that can fetch: cargo run --features fetch --example verify -- FILE --online")
}

fn print(report: &Report, options: &Options) -> Result<(), Box<dyn Error>> {
    let recipient = report
        .any_badge()
        .filter(|_| !options.recipients.is_empty())
        .map(|badge| match_recipient(badge, &options.recipients, &Limits::default()));
    if options.json {
        let mut printed = serde_json::to_value(report)?;
        if let (Some(recipient), Some(members)) = (&recipient, printed.as_object_mut()) {
            members.insert("recipient".to_owned(), serde_json::to_value(recipient)?);
        }
        println!("{printed:#}");
        return Ok(());
    }
    if options.verbose {
        println!("{report:#}");
    } else {
        println!("{report}");
    }
    if let Some(recipient) = recipient {
        println!("recipient: {}", recipient.as_str());
    }
    Ok(())
}

/// What the command line says.
#[cfg_attr(not(feature = "fetch"), allow(dead_code))] // what only a network needs
struct Options {
    file: PathBuf,
    documents: Option<PathBuf>,
    case: Option<String>,
    online: bool,
    proxy: Option<SocketAddr>,
    root: Option<PathBuf>,
    keep: Option<PathBuf>,
    now: OffsetDateTime,
    recipients: Vec<KnownIdentity>,
    json: bool,
    verbose: bool,
}

impl Options {
    /// Reads the arguments; `None` if help is wanted.
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, Box<dyn Error>> {
        let mut file = None;
        let mut options = Self {
            file: PathBuf::new(),
            documents: None,
            case: None,
            online: false,
            proxy: None,
            root: None,
            keep: None,
            now: clock(),
            recipients: Vec::new(),
            json: false,
            verbose: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                "--json" => options.json = true,
                "--verbose" | "-v" => options.verbose = true,
                "--documents" => options.documents = Some(value()?.into()),
                "--keep" => options.keep = Some(value()?.into()),
                "--online" => options.online = true,
                "--proxy" => {
                    let text = value()?;
                    options.proxy = Some(text.parse().map_err(|error| format!("--proxy {text}: {error}"))?);
                }
                "--root" => options.root = Some(value()?.into()),
                "--case" => options.case = Some(value()?),
                "--now" => {
                    let text = value()?;
                    options.now = OffsetDateTime::parse(&text, &Rfc3339)
                        .map_err(|error| format!("--now {text}: {error}"))?;
                }
                "--recipient" => {
                    let text = value()?;
                    let (kind, value) = text.split_once(':').ok_or("--recipient needs TYPE:VALUE")?;
                    options.recipients.push(KnownIdentity::new(kind, value, Confirmation::Confirmed));
                }
                other if other.starts_with('-') => return Err(format!("no option {other}").into()),
                _ if file.is_some() => return Err("more than one file".into()),
                _ => file = Some(PathBuf::from(argument)),
            }
        }
        options.file = file.ok_or("which file?")?;
        Ok(Some(options))
    }
}

/// The crate takes the time from its caller: this is the caller.
#[allow(clippy::disallowed_methods)]
fn clock() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Files that stand for what a network would answer.
enum Source {
    None,
    Bundle(Documents),
    Folder(PathBuf),
    /// The documents of a suite, those of the chosen case first.
    Suite {
        folder: PathBuf,
        entries: Vec<Value>,
    },
}

impl Source {
    fn open(options: &Options) -> Result<Self, Box<dyn Error>> {
        let Some(path) = &options.documents else { return Ok(Self::None) };
        if path.is_dir() {
            return Ok(Self::Folder(path.clone()));
        }
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let suite: Value =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        if suite.is_array() {
            return Ok(Self::Bundle(serde_json::from_value(suite)?));
        }
        let documents =
            |of: &Value| of.get("documents").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut entries = Vec::new();
        if let Some(name) = &options.case {
            let cases = suite.get("cases").and_then(Value::as_array).into_iter().flatten();
            let mut named = cases.filter(|case| case.get("name").and_then(Value::as_str) == Some(name));
            entries.extend(documents(named.next().ok_or(format!("no case {name}"))?));
        }
        entries.extend(documents(&suite));
        Ok(Self::Suite { folder: path.parent().map(Path::to_owned).unwrap_or_default(), entries })
    }

    fn answer(&self, request: &Request, now: OffsetDateTime) -> Retrieval {
        // A DID is looked up under its own name, and under the URL that it stands for.
        let url = match request.target() {
            Target::Url(url) => Some(url.clone()),
            Target::Did(did) => did::web_url(did).ok(),
            _ => None,
        };
        match self {
            Self::None => DECLINED,
            Self::Bundle(documents) => documents.get(request.target()).cloned().unwrap_or(DECLINED),
            Self::Folder(folder) => {
                let url = url.ok_or(Unavailable::Declined)?;
                let path = path_of(&url).ok_or(Unavailable::Declined)?;
                let body = fs::read(folder.join(path)).map_err(|_| Unavailable::Declined)?;
                Ok(Response::new(200, url, body, now))
            }
            Self::Suite { folder, entries } => {
                let target = request.target().to_string();
                let is_meant = |entry: &&Value| {
                    let name = text(entry, "url").unwrap_or_default();
                    name == target || url.as_ref().is_some_and(|url| Url::parse(name).as_ref() == Ok(url))
                };
                let entry = entries.iter().find(is_meant).ok_or(Unavailable::Declined)?;
                respond(folder, entry, url, now)
            }
        }
    }
}

/// What an entry of a suite's `documents` says.
fn respond(folder: &Path, entry: &Value, url: Option<Url>, now: OffsetDateTime) -> Retrieval {
    match text(entry, "unavailable") {
        Some("dns") => return Err(Unavailable::Dns),
        Some("timeout") => return Err(Unavailable::Timeout),
        Some("tls") => return Err(Unavailable::Tls),
        Some(other) => return Err(Unavailable::Transport(other.to_owned())),
        None => {}
    }
    let body = match text(entry, "file") {
        Some(file) => {
            fs::read(folder.join(file)).map_err(|error| Unavailable::Transport(format!("{file}: {error}")))?
        }
        None => Vec::new(),
    };
    let urls = |name| entry.get(name).and_then(Value::as_array).into_iter().flatten();
    let hops = urls("hops").filter_map(|hop| hop.as_str()?.parse().ok()).collect();
    let status = entry.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let final_url = text(entry, "finalUrl").and_then(|url| url.parse().ok()).or(url);
    let final_url = final_url.ok_or(Unavailable::Declined)?;
    Ok(Response::new(status.unwrap_or(200), final_url, body, now)
        .with_hops(hops)
        .with_media_type(text(entry, "mediaType").unwrap_or("application/json")))
}

fn text<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    entry.get(name).and_then(Value::as_str)
}

/// Where the document of a URL lies in a folder, which it cannot lead out of: host and path, as they are encoded.
fn path_of(url: &Url) -> Option<PathBuf> {
    let mut path = PathBuf::from(url.host_str()?);
    path.push(url.path().trim_start_matches('/'));
    let is_below = path.components().all(|component| matches!(component, Component::Normal(_)));
    (is_below && url.query().is_none()).then_some(path)
}
