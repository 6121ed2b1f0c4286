//! Fetches documents over https: [`Fetcher`], for hosts that have no client of their own.
//!
//! In: [`Request`]s, as a verification makes them. Out: a [`Retrieval`] for each. Behind the feature `fetch`, and the only
//! module that talks to a network: the verifier never calls it, a host does.
//!
//! # What it keeps to
//!
//! The host's side of the contract in [`resource`](crate::resource), which is the column "while it fetches" there:
//!
//! | Concern | What happens | Otherwise |
//! |---|---|---|
//! | URL | [`NetworkPolicy::permits_url`], before each hop | [`Unavailable::Blocked`] |
//! | address | each time after DNS, [`NetworkPolicy::permits_addr`] decides which of the addresses that were found are connected to | [`Unavailable::Blocked`] if none is |
//! | connection | TLS 1.2 or 1.3; the certificate is one of the host's name, from a root that Mozilla trusts | [`Unavailable::Tls`] |
//! | redirects | 301, 302, 303, 307 and 308 are followed hop by hop, up to [`Request::max_redirects`] | [`Unavailable::TooManyRedirects`] |
//! | size | a body may have [`Request::max_bytes`], counted after content decoding, and 64 KiB more before it; an answer in all, with its head, chunk sizes and trailers, twice as much and 128 KiB. Reading stops there. A head may have 16 KiB | [`Unavailable::TooLarge`]; [`Unavailable::Transport`] for the head |
//! | time | 10 seconds for each phase (name, connection, head of the answer), 20 for a document with all redirects, 60 for a verification | [`Unavailable::Timeout`] |
//! | name | the system's resolver, or [`Fetcher::with_resolver`] | [`Unavailable::Dns`] |
//! | content coding | gzip is asked for, and undone | [`Unavailable::Transport`] for another one, or several |
//! | end | where nothing announces the length of a body, it ends with the connection, as TLS closes it (RFC 9112 section 8) | [`Unavailable::Transport`] for a connection that is cut |
//! | all else | a connection refused, a body shorter than announced, what is not HTTP | [`Unavailable::Transport`] |
//!
//! An answer of any status counts as one: 404, 410 and 500 mean something to the verifier. No proxy is used, whatever the
//! environment says, unless the host asks for one; there are no cookies, no credentials and no `Referer`. A `did:web` is fetched from the URL that it
//! stands for; other DIDs are [`Unavailable::Declined`].
//!
//! Answers of success are kept for as long as [`Request::max_age`] and the server allow, by `Cache-Control` or `Expires`,
//! along each redirect (RFC 9111 section 4.2), and in memory only. A copy that is older than either is fetched anew. What
//! caches on the way have had for a while says so by `Age`: its [`Response::retrieved_at`] is earlier by as much. They are
//! asked for nothing older than [`Request::max_age`].

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, mem, thread};

use time::OffsetDateTime;
use url::Url;

use crate::proof::did;
use crate::report::Report;
use crate::resource::{NetworkPolicy, Request, Response, Retrieval, Target, Unavailable};
use crate::verify::{Bundle, BundleReport, Step};

mod body;
mod cache;
mod client;
mod connection;
mod freshness;

use cache::Cache;
use client::{Answer, Client, Settings};
use freshness::Freshness;

/// Fetches documents, several at a time, under one network policy. Make one for each process and share it: it keeps
/// connections and documents. Set it up first: each setting that changes how it connects begins with none of them.
///
/// ```no_run
/// use openbadges::{Policy, Verifier, fetch::Fetcher};
/// use time::OffsetDateTime;
///
/// let verifier = Verifier::new(Policy::strict());
/// let fetcher = Fetcher::new(verifier.policy().network().clone());
///
/// let file = std::fs::read("badge.png")?;
/// let report = fetcher.run(verifier.begin(&file, OffsetDateTime::now_utc())?);
/// println!("{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It blocks: call it where a thread may wait. An asynchronous service brings its own client, and finds the same rules
/// kept with `reqwest` in the repository, under `examples/verify_async`.
///
/// # Security
/// The defaults are safe for URLs out of strangers' files. The settings that give that up are called dangerous.
#[derive(Debug)]
#[must_use]
pub struct Fetcher {
    settings: Settings,
    client: Client,
    cache: Mutex<Cache>,
    parallel: usize,
    document_timeout: Duration,
    run_timeout: Duration,
}

impl Fetcher {
    /// A fetcher under this policy, with the defaults: the time-outs of the [module](self), eight documents at a time, a
    /// cache of 256 documents and 32 MiB, Mozilla's roots and the system's resolver.
    pub fn new(policy: NetworkPolicy) -> Self {
        let settings = Settings::new(policy);
        Self {
            client: Client::new(&settings),
            settings,
            cache: Mutex::new(Cache::new(256, 32 * 1024 * 1024)),
            parallel: 8,
            document_timeout: Duration::from_secs(20),
            run_timeout: Duration::from_secs(60),
        }
    }

    /// Sets the `User-Agent`: by default `openbadges/` and the version. Servers' operators like to find a name and an
    /// address in it. What is neither visible ASCII nor a space is left out.
    pub fn with_user_agent(self, product: &str) -> Self {
        let is_allowed = |character: &char| matches!(character, ' '..='~');
        self.with(|settings| settings.user_agent = product.chars().filter(is_allowed).collect())
    }

    /// Sets how long each phase may take: looking up the name, connecting with TLS, waiting for the head of the answer.
    /// At most an hour, as for the other time-outs.
    pub fn with_phase_timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.phase_timeout = timeout.min(LONGEST))
    }

    /// Sets how long one document may take, redirects and body included.
    pub fn with_document_timeout(self, timeout: Duration) -> Self {
        Self { document_timeout: timeout.min(LONGEST), ..self }
    }

    /// Sets how long [`Fetcher::run`] and [`Fetcher::run_all`] may spend; what is not there by then is
    /// [`Unavailable::Timeout`].
    pub fn with_run_timeout(self, timeout: Duration) -> Self {
        Self { run_timeout: timeout.min(LONGEST), ..self }
    }

    /// Sets how many documents are fetched at a time, each on a thread of its own; at least one, at most 64.
    pub fn with_parallel(self, documents: usize) -> Self {
        Self { parallel: documents.clamp(1, 64), ..self }
    }

    /// Sets how many documents, and how many bytes of bodies, are kept; 0 keeps none. Empties the cache.
    pub fn with_cache(self, documents: usize, bytes: usize) -> Self {
        Self { cache: Mutex::new(Cache::new(documents, bytes)), ..self }
    }

    /// Trusts these root certificates (X.509 in DER) in place of Mozilla's.
    ///
    /// # Security
    /// Whoever holds the key of a root can speak for every issuer.
    pub fn dangerous_trust_roots(self, certificates: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let certificates = certificates.into_iter().collect();
        self.with(|settings| settings.roots = Some(certificates))
    }

    /// Looks names up with this function, given a host name and a port, in place of the system's resolver.
    ///
    /// The addresses that it gives are checked like all others; an empty list and an error are [`Unavailable::Dns`].
    ///
    /// It must keep to a time-out of its own: no time-out of the fetcher ends it, not even [`Fetcher::with_run_timeout`],
    /// since a function that is under way cannot be stopped.
    pub fn with_resolver<F>(self, look_up: F) -> Self
    where
        F: Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    {
        self.with(|settings| settings.look_up = Some(client::LookUp::new(look_up)))
    }

    /// Lets connections be made to this address and port though it is not a public one: for tests against a server on
    /// this machine.
    ///
    /// # Security
    /// Whoever can have a badge verified can then make this process ask that server, for any path.
    pub fn dangerous_allow_address(self, address: SocketAddr) -> Self {
        self.with(|settings| {
            settings.allowed.insert(address);
        })
    }

    /// Connects through an HTTP proxy (`CONNECT`, RFC 9110 section 9.3.6) at this address, where nothing else leads out.
    ///
    /// # Security
    /// The proxy looks names up, so it alone can see to it that no connection leads to an address inside.
    pub fn dangerous_use_proxy(self, proxy: SocketAddr) -> Self {
        self.with(|settings| settings.proxy = Some(proxy))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.client = Client::new(&self.settings);
        // What was fetched under other settings may have come from whom these do not trust.
        lock(&self.cache).clear();
        self
    }

    /// Fetches one document, or finds it in the cache.
    ///
    /// # Errors
    /// [`Unavailable`], as the [module](self) says.
    pub fn fetch(&self, request: &Request) -> Retrieval {
        self.fetch_before(request, from_now(self.document_timeout))
    }

    /// Fetches the documents of one round, several at a time: what [`Pending::supply`](crate::verify::Pending::supply)
    /// takes.
    ///
    /// # Errors
    /// Each [`Retrieval`] has its own, as the [module](self) says.
    pub fn fetch_all(&self, requests: &[Request]) -> Vec<(Target, Retrieval)> {
        self.fetch_all_before(requests, from_now(LONGEST))
    }

    /// Goes on with a verification to its end.
    pub fn run(&self, mut step: Step<'_>) -> Report {
        let deadline = from_now(self.run_timeout);
        loop {
            match step {
                Step::Done(report) => return report,
                Step::Need(pending) => {
                    let answers = self.fetch_all_before(pending.requests(), deadline);
                    step = pending.supply(answers);
                }
            }
        }
    }

    /// As [`Fetcher::run`], with all badges of a file, in the time of one.
    pub fn run_all(&self, mut bundle: Bundle<'_>) -> BundleReport {
        let deadline = from_now(self.run_timeout);
        loop {
            let requests = bundle.requests();
            if requests.is_empty() {
                return bundle.offline();
            }
            bundle = bundle.supply(self.fetch_all_before(&requests, deadline));
        }
    }

    fn fetch_all_before(&self, requests: &[Request], deadline: Instant) -> Vec<(Target, Retrieval)> {
        let open = Mutex::new(requests.iter());
        let answers = Mutex::new(Vec::new());
        let work = || {
            loop {
                let Some(request) = lock(&open).next() else { return };
                let retrieval = self.fetch_before(request, deadline.min(from_now(self.document_timeout)));
                lock(&answers).push((request.target().clone(), retrieval));
            }
        };
        thread::scope(|scope| {
            for _ in 1..self.parallel.min(requests.len()) {
                // Where the system gives no more threads, those that there are do the work.
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
        answers.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn fetch_before(&self, request: &Request, deadline: Instant) -> Retrieval {
        let url = match request.target() {
            Target::Url(url) => url.clone(),
            Target::Did(did) => did::web_url(did).map_err(|_| Unavailable::Declined)?,
        };
        let now = clock();
        if let Some(response) = lock(&self.cache).get(request, now) {
            return Ok(response);
        }
        let (url, hops, answer) = self.follow(request, url, deadline)?;
        let Freshness { age, lifetime } = answer.freshness;
        let retrieved_at = now.saturating_sub(age);
        let mut response = Response::new(answer.status, url, answer.body, retrieved_at).with_hops(hops);
        if let Some(media_type) = answer.media_type {
            response = response.with_media_type(media_type);
        }
        lock(&self.cache).put(request, &response, lifetime);
        Ok(response)
    }

    /// The answer at the end of all redirects, and the way there.
    fn follow(
        &self,
        request: &Request,
        mut url: Url,
        deadline: Instant,
    ) -> Result<(Url, Vec<Url>, Answer), Unavailable> {
        let mut hops = Vec::new();
        let mut on_the_way: Option<Freshness> = None;
        loop {
            self.settings.policy.permits_url(&url).map_err(Unavailable::Blocked)?;
            let mut answer = self.client.get(&url, request, deadline)?;
            answer.freshness = on_the_way.map_or(answer.freshness, |before| before.and(answer.freshness));
            on_the_way = Some(answer.freshness);
            let Some(location) = &answer.location else { return Ok((url, hops, answer)) };
            let Target::Url(next) = Target::url(
                url.join(location)
                    .map_err(|_| Unavailable::Transport("a redirect to what is no URL".to_owned()))?,
            ) else {
                return Ok((url, hops, answer));
            };
            if hops.len() >= usize::from(request.max_redirects()) {
                return Err(Unavailable::TooManyRedirects);
            }
            hops.push(mem::replace(&mut url, next));
        }
    }
}

/// The longest time-out.
const LONGEST: Duration = Duration::from_secs(60 * 60);

fn from_now(timeout: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(timeout).unwrap_or(now)
}

/// The time at which a document is fetched: the one thing here that a caller could not say.
#[allow(clippy::disallowed_methods)]
fn clock() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Nothing is left half-done under these locks, so a panic elsewhere takes nothing away.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
