//! Which URLs and addresses may be asked for.
//!
//! Pure functions over a URL and over an IP address; DNS stays outside. They live in this crate because they are easy
//! to get wrong and easy to test.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::limits::{Limit, Limits};

/// The rules for what may be asked for: https, on its default port, of a host with a public name.
///
/// Only `Policy::dangerous` loosens them, and a stored policy that is read again: it is as trusted as code.
///
/// ```
/// use openbadges::resource::{Denied, NetworkPolicy};
///
/// let policy = NetworkPolicy::default();
/// assert_eq!(policy.permits_url(&"https://example.org/badge".parse().unwrap()), Ok(()));
/// assert_eq!(policy.permits_url(&"http://example.org/badge".parse().unwrap()), Err(Denied::Scheme));
/// assert_eq!(policy.permits_url(&"https://169.254.169.254/".parse().unwrap()), Err(Denied::Host));
/// assert_eq!(policy.permits_addr("10.0.0.1".parse().unwrap()), Err(Denied::Address));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkPolicy {
    pub(crate) http: bool,
    pub(crate) ports: bool,
    pub(crate) redirect_origins: BTreeSet<String>,
}

impl NetworkPolicy {
    /// Whether a URL may be asked for. Hosts call this for each redirect too.
    ///
    /// # Errors
    /// [`Denied`] says what about the URL is not allowed.
    pub fn permits_url(&self, url: &Url) -> Result<(), Denied> {
        if !(url.scheme() == "https" || self.http && url.scheme() == "http") {
            return Err(Denied::Scheme);
        }
        if Limits::default().check(Limit::UrlBytes, url.as_str().len()).is_err() {
            return Err(Denied::Length);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Denied::Userinfo);
        }
        let Some(Host::Domain(domain)) = url.host() else { return Err(Denied::Host) };
        if !is_public_name(domain) {
            return Err(Denied::Host);
        }
        // `Url` drops the default port of its scheme.
        if url.port().is_some() && !self.ports {
            return Err(Denied::Port);
        }
        Ok(())
    }

    /// Whether a connection to an address may be made. Hosts call this after DNS and before they connect, on the
    /// address that is really used: a name may resolve to another address each time.
    ///
    /// # Errors
    /// [`Denied::Address`] for everything but global unicast: loopback, private, link-local, unique-local, shared,
    /// documentation, benchmarking, multicast and reserved addresses, also inside IPv6 forms of IPv4 addresses.
    pub fn permits_addr(&self, address: IpAddr) -> Result<(), Denied> {
        let is_public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        if is_public { Ok(()) } else { Err(Denied::Address) }
    }

    /// Whether a redirect from one URL to another keeps the authority of the first: they have one origin, or the
    /// policy lists the origin of the second.
    pub(crate) fn trusts_redirect(&self, from: &Url, to: &Url) -> bool {
        from.origin() == to.origin() || self.redirect_origins.contains(&to.origin().ascii_serialization())
    }
}

/// Why something may not be asked for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Denied {
    /// The address is not a global one.
    #[error("the address is not a public one")]
    Address,
    /// The host is an IP address or a name without a public suffix.
    #[error("the host is not a public name")]
    Host,
    /// The URL is too long.
    #[error("the URL is too long")]
    Length,
    /// The port is not https's own.
    #[error("the port is not the default one")]
    Port,
    /// The scheme is not https.
    #[error("the scheme is not https")]
    Scheme,
    /// The URL holds a user name or a password.
    #[error("the URL holds a user name or password")]
    Userinfo,
}

/// A name with at least two labels, whose last is not one that names this machine or this network only.
fn is_public_name(domain: &str) -> bool {
    // RFC 6761, RFC 7686, and those of RFC 6762 appendix G that networks name themselves by.
    const LOCAL: [&str; 11] = [
        "corp",
        "home",
        "internal",
        "intranet",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "onion",
        "private",
        "svc",
    ];
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let Some((_, last)) = domain.rsplit_once('.') else { return false };
    let has_sound_labels = domain.split('.').all(|label| !label.is_empty() && label.len() <= 63);
    let is_reverse_zone = domain.ends_with(".arpa");
    has_sound_labels && domain.len() <= 253 && !is_reverse_zone && !LOCAL.contains(&last)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // IANA IPv4 Special-Purpose Address Registry: everything that is not globally reachable.
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)        // this network, private, loopback, multicast, reserved, broadcast
            | (100, 64..=127, _)                // shared, RFC 6598
            | (169, 254, _)                     // link-local
            | (172, 16..=31, _)                 // private
            | (192, 0, 0 | 2)                   // protocol assignments, documentation
            | (192, 88, 99)                     // 6to4 relays
            | (192, 168, _)                     // private
            | (198, 18..=19, _)                 // benchmarking
            | (198, 51, 100) | (203, 0, 113) // documentation
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // IPv4 inside IPv6: judged as what it leads to.
        [0, 0, 0, 0, 0, 0xffff, high, low] => embedded(high, low), // mapped
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low), // NAT64, RFC 6052
        [0x64, 0xff9b, 1, ..] => false,                            // local-use NAT64, RFC 8215
        [0x2002, high, low, ..] => embedded(high, low),            // 6to4
        [0x2001, 0..=0x01ff, ..] => false,                         // protocol assignments, Teredo
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,  // documentation
        // Only 2000::/3 is allocated for global unicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_to_a_public_name_is_asked_for() {
        let table = [
            ("https://example.org/a?b", Ok(())),
            ("https://EXAMPLE.org:443/", Ok(())),
            ("https://xn--bcher-kva.example/", Ok(())),
            ("http://example.org/", Err(Denied::Scheme)),
            ("ftp://example.org/", Err(Denied::Scheme)),
            ("file:///etc/passwd", Err(Denied::Scheme)),
            ("https://example.org:8443/", Err(Denied::Port)),
            ("https://user@example.org/", Err(Denied::Userinfo)),
            ("https://:secret@example.org/", Err(Denied::Userinfo)),
            ("https://localhost/", Err(Denied::Host)),
            ("https://badges/", Err(Denied::Host)),
            ("https://printer.local/", Err(Denied::Host)),
            ("https://metadata.google.internal/", Err(Denied::Host)),
            ("https://vault.default.svc/", Err(Denied::Host)),
            ("https://nas.private./", Err(Denied::Host)),
            ("https://127.0.0.1/", Err(Denied::Host)),
            ("https://2130706433/", Err(Denied::Host)),
            ("https://0x7f.1/", Err(Denied::Host)),
            ("https://[::1]/", Err(Denied::Host)),
            ("https://①②⑦.0.0.1/", Err(Denied::Host)),
            ("https://127。0。0。1/", Err(Denied::Host)),
            ("https://localhost./", Err(Denied::Host)),
            ("https://1.0.0.127.in-addr.arpa/", Err(Denied::Host)),
        ];
        for (url, expected) in table {
            assert_eq!(NetworkPolicy::default().permits_url(&url.parse().unwrap()), expected, "{url}");
        }
        for (label, expected) in [(63, Ok(())), (64, Err(Denied::Host))] {
            let url = format!("https://{}.example/", "x".repeat(label));
            assert_eq!(NetworkPolicy::default().permits_url(&url.parse().unwrap()), expected, "{url}");
        }
        let long = format!("https://example.org/{}", "x".repeat(2048));
        assert_eq!(NetworkPolicy::default().permits_url(&long.parse().unwrap()), Err(Denied::Length));
    }

    #[test]
    fn only_global_addresses_are_connected_to() {
        let public = [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ];
        let denied = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        let policy = NetworkPolicy::default();
        for address in public {
            assert_eq!(policy.permits_addr(address.parse().unwrap()), Ok(()), "{address}");
        }
        for address in denied {
            assert_eq!(policy.permits_addr(address.parse().unwrap()), Err(Denied::Address), "{address}");
        }
    }

    #[test]
    fn a_redirect_keeps_authority_only_within_an_origin() {
        let url = |text: &str| text.parse::<Url>().unwrap();
        let mut policy = NetworkPolicy::default();
        let from = url("https://example.org/1");
        assert!(policy.trusts_redirect(&from, &url("https://example.org:443/2")));
        for other in ["http://example.org/1", "https://www.example.org/1", "https://example.org:8443/1"] {
            assert!(!policy.trusts_redirect(&from, &url(other)), "{other}");
        }
        policy.redirect_origins.insert("https://cdn.example.org".to_owned());
        assert!(policy.trusts_redirect(&from, &url("https://cdn.example.org/x")));
    }
}
