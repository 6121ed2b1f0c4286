//! One exchange over HTTP, with `ureq`: no redirects, no cookies, and connections to permitted addresses only.
//!
//! In: a URL that the policy permits. Out: an [`Answer`], or why there is none. That a name leads to a permitted address
//! is checked here, on the very addresses that are then connected to.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::io::{self, Read as _};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fmt, iter};

use ureq::http::header::{self, HeaderMap, HeaderName};
use ureq::http::{StatusCode, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Agent, Proxy};
use url::Url;

use super::body::{Coding, within};
use super::connection::{self, Watchful};
use super::freshness::Freshness;
use crate::resource::{Denied, NetworkPolicy, Request, Unavailable};

/// What a client is made of.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) policy: NetworkPolicy,
    pub(super) user_agent: String,
    pub(super) phase_timeout: Duration,
    /// Certificates in DER, in place of Mozilla's.
    pub(super) roots: Option<Vec<Vec<u8>>>,
    pub(super) look_up: Option<LookUp>,
    /// Addresses that are connected to though the policy says no.
    pub(super) allowed: BTreeSet<SocketAddr>,
    pub(super) proxy: Option<SocketAddr>,
}

impl Settings {
    pub(super) fn new(policy: NetworkPolicy) -> Self {
        Self {
            policy,
            user_agent: concat!("openbadges/", env!("CARGO_PKG_VERSION")).to_owned(),
            phase_timeout: Duration::from_secs(10),
            roots: None,
            look_up: None,
            allowed: BTreeSet::new(),
            proxy: None,
        }
    }
}

/// A function that looks up the addresses of a name, for a port.
#[derive(Clone)]
pub(super) struct LookUp(Arc<LookUpFn>);

type LookUpFn = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

impl LookUp {
    pub(super) fn new(
        look_up: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(look_up))
    }
}

impl fmt::Debug for LookUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookUp")
    }
}

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where to go on, if the status is one of a redirect. The body is not read then.
    pub(super) location: Option<String>,
    pub(super) media_type: Option<String>,
    pub(super) freshness: Freshness,
    pub(super) body: Vec<u8>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Client(Agent);

impl Client {
    pub(super) fn new(settings: &Settings) -> Self {
        let phase = Some(settings.phase_timeout);
        let roots = match &settings.roots {
            None => RootCerts::WebPki,
            Some(roots) => RootCerts::new_with_certs(
                &roots.iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>(),
            ),
        };
        // Without this one, a proxy that the environment names would be used.
        let proxy = settings.proxy.and_then(|address| Proxy::new(&format!("http://{address}")).ok());
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .proxy(proxy)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(settings.user_agent.as_str())
            // Undone here and not by `ureq`, which would read without end what stands for nothing.
            .accept_encoding("gzip")
            .max_response_header_size(16 * 1024)
            .timeout_resolve(phase)
            .timeout_connect(phase)
            .timeout_send_request(phase)
            .timeout_recv_response(phase)
            .build();
        let connector = Watchful::new(settings.proxy.is_some());
        let resolver = PermittedAddresses {
            policy: settings.policy.clone(),
            look_up: settings.look_up.clone(),
            allowed: settings.allowed.iter().chain(&settings.proxy).copied().collect(),
        };
        Self(Agent::with_parts(config, connector, resolver))
    }

    /// Asks for what is wanted at a URL; gives no more of the decoded body than is allowed, and reads not much more.
    pub(super) fn get(&self, url: &Url, wanted: &Request, deadline: Instant) -> Result<Answer, Unavailable> {
        let left = deadline.saturating_duration_since(Instant::now());
        let max_bytes = wanted.max_bytes();
        let request = self.0.get(url.as_str()).header(header::ACCEPT, in_order(wanted.accept()));
        let max_age = format!("max-age={}", wanted.max_age().whole_seconds().max(0));
        let request = request.header(header::CACHE_CONTROL, max_age);
        let request = request.config().timeout_global(Some(left)).build();
        connection::begin(max_bytes);
        let (head, body) = request.call().map_err(unavailable)?.into_parts();

        let mut answer = Answer {
            status: head.status.as_u16(),
            location: None,
            media_type: text(&head.headers, header::CONTENT_TYPE).map(essence),
            freshness: Freshness::of(
                head.status.as_u16(),
                |name| texts(&head.headers, HeaderName::from_static(name)),
                super::clock(),
            ),
            body: Vec::new(),
        };
        if is_redirect(head.status) && head.headers.contains_key(header::LOCATION) {
            let location = text(&head.headers, header::LOCATION);
            let location = location.ok_or_else(|| transport("a redirect to what is no text"))?;
            answer.location = Some(location.to_owned());
        } else {
            let codings = head.headers.get_all(header::CONTENT_ENCODING);
            let coding = Coding::named(codings.iter().map(|line| String::from_utf8_lossy(line.as_bytes())))?;
            let most = coding.most(max_bytes);
            let mut coded = Vec::new();
            let mut reader = body.into_reader().take(most.saturating_add(1));
            reader.read_to_end(&mut coded).map_err(|error| unavailable(error.into()))?;
            answer.body = coding.undo(within(coded, most, max_bytes)?, max_bytes)?;
        }
        Ok(answer)
    }
}

/// The redirects of RFC 9110 section 15.4 that name one other place.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// An `Accept` header: media types in order of preference (RFC 9110 section 12.5.1).
fn in_order(media_types: &[&str]) -> String {
    let weights = iter::once(String::new()).chain((1..10).rev().map(|tenths| format!(";q=0.{tenths}")));
    let weighted =
        media_types.iter().zip(weights).map(|(media_type, weight)| format!("{media_type}{weight}"));
    weighted.collect::<Vec<_>>().join(", ")
}

/// A media type without its parameters.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn texts(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).into_iter().filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    texts(headers, name).next()
}

/// Looks names up, and lets only those of their addresses through that may be connected to.
#[derive(Debug)]
struct PermittedAddresses {
    policy: NetworkPolicy,
    look_up: Option<LookUp>,
    allowed: BTreeSet<SocketAddr>,
}

impl PermittedAddresses {
    fn permits(&self, address: &SocketAddr) -> Result<(), Denied> {
        if self.allowed.contains(address) { Ok(()) } else { self.policy.permits_addr(address.ip()) }
    }

    /// The addresses of a host, checked or not.
    fn find(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<Vec<SocketAddr>, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        // The policy permits no URL with an address in it, so this is a proxy's.
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        match &self.look_up {
            Some(look_up) => Ok(look_up.0(host, port)?),
            None => Ok(DefaultResolver::default().resolve(uri, config, timeout)?.to_vec()),
        }
    }
}

impl Resolver for PermittedAddresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.find(uri, config, timeout).map_err(|error| match error {
            // However the system puts it, it has no address.
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        let mut permitted = self.empty();
        let mut denied = None;
        for address in found.iter().take(MOST_ADDRESSES) {
            match self.permits(address) {
                Ok(()) => permitted.push(*address),
                Err(why) => denied = Some(why),
            }
        }
        match denied {
            Some(why) if permitted.is_empty() => Err(ureq::Error::Other(Box::new(why))),
            None if permitted.is_empty() => Err(ureq::Error::HostNotFound),
            Some(_) | None => Ok(permitted),
        }
    }
}

/// As many addresses of one name as `ureq` has room for.
const MOST_ADDRESSES: usize = 16;

/// What an error of the client means to the verifier.
fn unavailable(error: ureq::Error) -> Unavailable {
    match error {
        ureq::Error::BodyExceedsLimit(limit) => Unavailable::TooLarge { limit },
        ureq::Error::HostNotFound => Unavailable::Dns,
        ureq::Error::Timeout(_) => Unavailable::Timeout,
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) | ureq::Error::TlsRequired => Unavailable::Tls,
        // This is how TLS reports a certificate or a record that is wrong; HTTP has errors of its own.
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => Unavailable::Tls,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => Unavailable::Timeout,
        ureq::Error::Other(source) => match source.downcast::<Denied>() {
            Ok(denied) => Unavailable::Blocked(*denied),
            Err(other) => transport(other),
        },
        other => transport(match other.source() {
            Some(source) => format!("{other}: {source}"),
            None => other.to_string(),
        }),
    }
}

fn transport(why: impl fmt::Display) -> Unavailable {
    Unavailable::Transport(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_header_keeps_the_order() {
        assert_eq!(in_order(&["a/b"]), "a/b");
        assert_eq!(in_order(&["a/b", "c/d", "e/f"]), "a/b, c/d;q=0.9, e/f;q=0.8");
    }

    #[test]
    fn a_media_type_is_told_without_parameters() {
        assert_eq!(essence("Application/LD+JSON; profile=\"x\""), "application/ld+json");
    }
}
