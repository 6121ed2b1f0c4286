//! Fetches with reqwest, and keeps to what the host owes: see the table in `openbadges::resource`.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use openbadges::proof::did;
use openbadges::resource::{Denied, NetworkPolicy, Request, Response, Retrieval, Target, Unavailable};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use reqwest::{Client, ClientBuilder, redirect};
use url::Url;

use crate::clock;

/// How long one document may take, redirects and body included.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A client under a network policy.
pub struct Fetcher {
    policy: NetworkPolicy,
    client: Client,
    timeout: Duration,
}

impl Fetcher {
    /// A client that trusts the roots of the system.
    pub fn new(policy: &NetworkPolicy) -> reqwest::Result<Self> {
        Ok(Self::with(policy, client(policy).build()?, TIMEOUT))
    }

    /// With a client of one's own, which should be one that [`client`] began.
    pub fn with(policy: &NetworkPolicy, client: Client, timeout: Duration) -> Self {
        Self { policy: policy.clone(), client, timeout }
    }

    /// Fetches one document.
    pub async fn fetch(&self, request: &Request) -> Retrieval {
        let url = match request.target() {
            Target::Url(url) => url.clone(),
            Target::Did(did) => did::web_url(did).map_err(|_| Unavailable::Declined)?,
            _ => return Err(Unavailable::Declined),
        };
        match tokio::time::timeout(self.timeout, self.follow(request, url)).await {
            Ok(retrieval) => retrieval,
            Err(_) => Err(Unavailable::Timeout),
        }
    }

    /// Follows redirects by hand: the policy is asked about each.
    async fn follow(&self, request: &Request, mut url: Url) -> Retrieval {
        let mut hops = Vec::new();
        loop {
            self.policy.permits_url(&url).map_err(Unavailable::Blocked)?;
            let accept = request.accept().join(", ");
            let retrieved = clock();
            let answer =
                self.client.get(url.clone()).header(ACCEPT, accept).send().await.map_err(unavailable)?;

            let is_redirect = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            if let (true, Some(location)) = (is_redirect, text(answer.headers(), LOCATION)) {
                if hops.len() >= usize::from(request.max_redirects()) {
                    return Err(Unavailable::TooManyRedirects);
                }
                let mut next = url.join(location).map_err(transport)?;
                next.set_fragment(None);
                hops.push(std::mem::replace(&mut url, next));
                continue;
            }

            let status = answer.status().as_u16();
            let media_type = text(answer.headers(), CONTENT_TYPE).unwrap_or_default();
            let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let body = read(answer, request.max_bytes()).await?;
            let response = Response::new(status, url, body, retrieved).with_hops(hops);
            return Ok(if media_type.is_empty() { response } else { response.with_media_type(media_type) });
        }
    }
}

/// A client that connects to permitted addresses only, and does nothing behind one's back.
pub fn client(policy: &NetworkPolicy) -> ClientBuilder {
    // Where another part of the program has chosen a provider already, that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .https_only(true)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(Duration::from_secs(10))
        .user_agent(concat!("openbadges-verify-async/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(PermittedAddresses(policy.clone()))
}

/// The system's resolver, and of what it finds only the addresses that the policy permits: those are connected to.
struct PermittedAddresses(NetworkPolicy);

impl Resolve for PermittedAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let permits = |address: &SocketAddr| policy.permits_addr(address.ip());
            let denied = found.iter().find_map(|address| permits(address).err());
            let permitted: Vec<SocketAddr> =
                found.into_iter().filter(|address| permits(address).is_ok()).collect();
            match denied {
                Some(denied) if permitted.is_empty() => Err(denied.into()),
                Some(_) | None => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}

/// Reads a body up to a bound. No content coding is asked for, so none is taken: what comes is what counts.
async fn read(mut answer: reqwest::Response, max_bytes: u64) -> Result<Vec<u8>, Unavailable> {
    if let Some(coding) = text(answer.headers(), CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        return Err(Unavailable::Transport(format!("the content coding {coding:?} was not asked for")));
    }
    let limit = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unavailable)? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(Unavailable::TooLarge { limit: max_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What an error of the client means to the verifier: the first cause that has a meaning of its own.
pub fn unavailable(error: reqwest::Error) -> Unavailable {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    let meaning = causes.find_map(|cause| {
        if let Some(denied) = cause.downcast_ref::<Denied>() {
            return Some(Unavailable::Blocked(*denied));
        }
        is_tls(cause).then_some(Unavailable::Tls)
    });
    match meaning {
        Some(meaning) => meaning,
        None if error.is_timeout() => Unavailable::Timeout,
        None if error.is_dns() => Unavailable::Dns,
        None => transport(error),
    }
}

/// Whether it is an error of TLS, in whatever number of wrappings.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}

/// The whole chain of causes: reqwest's own words say little.
fn transport(error: impl Error) -> Unavailable {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    Unavailable::Transport(words)
}
