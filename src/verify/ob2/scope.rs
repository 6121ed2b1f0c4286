//! Which URLs an issuer lets speak for it (Open Badges 2.0, "VerificationObject" as part of a Profile).

use url::Url;

use super::super::context::Context;
use super::links::Linked;
use crate::badge::Version;
use crate::badge::ob2::{HostPolicy, Profile};
use crate::id::percent_decoded;
use crate::report::{Check, CheckCode, Evidence, Outcome, ReasonCode};

/// Notes whether the URL of an assertion or an endorsement is in its issuer's scope: it starts as the issuer says, and
/// lies on a host that the issuer names, which is its own unless it names others. Both must hold.
///
/// Before there was a specification an issuer had no id, and stated the origin of its assertions instead.
pub(super) fn check(context: &Context<'_>, version: Version, url: &Url, issuer: Option<&Linked<Profile>>) {
    let Some(issuer) = issuer else {
        return context.check(CheckCode::HostedScope, Outcome::premise(CheckCode::IssuerAuthority));
    };
    let note = |outcome| context.note(Check::new(CheckCode::HostedScope, outcome).at(issuer.node.clone()));
    let stated = (version == Version::V0_5).then_some(&issuer.value.url);
    let Some(own) = issuer.hosted_at.as_ref().or(stated) else {
        return note(Outcome::premise(CheckCode::IssuerAuthority));
    };
    let policy = issuer.value.verification.as_ref();
    if policy.is_some_and(|policy| !starts_as(url, policy)) {
        return note(Outcome::failed(
            ReasonCode::Mismatch,
            "the issuer lets other addresses only speak for it",
        ));
    }
    let named = policy.and_then(|policy| policy.allowed_origins.as_deref());
    let is_allowed = match named {
        Some(hosts) => hosts.iter().any(|host| is_on(url, host)),
        // NOTE: the scheme is left aside, since issuers move from http to https without changing their ids.
        None => url.host() == own.host() && url.port() == own.port(),
    };
    if is_allowed {
        return note(Outcome::Passed);
    }
    let outcome = Outcome::failed(ReasonCode::Mismatch, "the issuer lets other hosts only speak for it");
    let expected = named.map_or_else(|| authority(own), |hosts| hosts.join(", "));
    let evidence = Evidence::Mismatch { expected, found: authority(url) };
    context.note(Check::new(CheckCode::HostedScope, outcome).at(issuer.node.clone()).with(evidence));
}

/// Whether a URL starts as one of `startsWith`, if there is any: the same host and port, and then letter by letter.
///
/// The text alone would let `https://example.org.evil.example/` start as `https://example.org`.
fn starts_as(url: &Url, policy: &HostPolicy) -> bool {
    let is_start = |prefix: &Url| {
        url.host() == prefix.host()
            && url.port() == prefix.port()
            && after_authority(url).strip_prefix(after_authority(prefix)).is_some_and(stays_below)
    };
    let mut prefixes = policy.starts_with.iter().map(|prefix| prefix.web_url());
    policy.starts_with.is_empty() || prefixes.any(|prefix| prefix.as_ref().is_some_and(is_start))
}

/// Whether what follows the start of a URL leads to no other folder, whatever its host decodes: many servers take `..%2f`
/// for a step up, which a URL alone does not.
fn stays_below(rest: &str) -> bool {
    let mut rest = rest.as_bytes().to_vec();
    for _ in 0..=ENCODED_TWICE {
        if rest.split(|byte| matches!(byte, b'/' | b'\\')).any(|step| step == b"..") {
            return false;
        }
        rest = percent_decoded(&String::from_utf8_lossy(&rest));
    }
    true
}

/// How often servers, with others before them, may decode a URL.
const ENCODED_TWICE: usize = 2;

/// A URL's path and query.
fn after_authority(url: &Url) -> &str {
    url.as_str().splitn(4, '/').nth(3).unwrap_or_default()
}

/// Whether a URL is on a host, on any port unless one is named.
fn is_on(url: &Url, host: &str) -> bool {
    let Ok(named) = Url::parse(&format!("https://{host}/")) else { return false };
    let names_port = host.rsplit_once(':').is_some();
    url.host() == named.host()
        && (!names_port || url.port_or_known_default() == named.port_or_known_default())
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    fn policy(prefix: &str) -> HostPolicy {
        HostPolicy {
            starts_with: vec![prefix.parse().unwrap()],
            allowed_origins: None,
            extensions: Map::new(),
        }
    }

    #[test]
    fn a_prefix_never_matches_another_host() {
        let table = [
            ("https://example.org", "https://example.org/1", true),
            ("https://example.org/", "https://EXAMPLE.org:443/1", true),
            ("http://example.org/a", "https://example.org/a/1", true),
            ("https://example.org/a", "https://example.org/b", false),
            ("https://example.org/a/", "https://example.org/a/../b", false),
            ("https://example.org", "https://example.org.evil.example/1", false),
            ("https://example.org", "https://example.org@evil.example/", false),
            ("https://example.org", "https://example.org:444/1", false),
            ("https://example.org/a", "https://evil.example/https://example.org/a", false),
            ("https://example.org/a/", "https://example.org/a/..%2Fb", false),
            ("https://example.org/a/", "https://example.org/a/x/%2e.%5Cb", false),
            ("https://example.org/a/", "https://example.org/a/%252e%252e/b", false),
            ("https://example.org/a/", "https://example.org/a/..%252fb", false),
            ("https://example.org/a", "https://example.org/a%2f..%2fb", false),
            ("https://example.org/a/", "https://example.org/a/b..c%2Fd", true),
        ];
        for (prefix, url, expected) in table {
            assert_eq!(starts_as(&url.parse().unwrap(), &policy(prefix)), expected, "{prefix} {url}");
        }
    }

    #[test]
    fn an_authority_names_its_port_where_it_is_not_the_usual_one() {
        for (url, expected) in [
            ("https://example.org/1", "example.org"),
            ("https://example.org:443/1", "example.org"),
            ("https://example.org:8443/1", "example.org:8443"),
        ] {
            assert_eq!(authority(&url.parse().unwrap()), expected);
        }
    }

    #[test]
    fn hosts_are_compared_as_hosts() {
        let table = [
            ("example.org", "https://example.org/", true),
            ("EXAMPLE.org", "https://example.org:8443/", true),
            ("bücher.example", "https://xn--bcher-kva.example/", true),
            ("example.org:8443", "https://example.org:8443/", true),
            ("example.org:8443", "https://example.org/", false),
            ("example.org", "https://www.example.org/", false),
            ("example.org", "https://example.org.evil.example/", false),
            ("", "https://example.org/", false),
        ];
        for (host, url, expected) in table {
            assert_eq!(is_on(&url.parse().unwrap(), host), expected, "{host} {url}");
        }
    }
}
