//! Decentralized identifiers: those that hold their own key, and where the others are served.
//!
//! In: a DID or DID URL. Out: for `did:key` and `did:jwk` the one verification method of their document, without asking
//! anybody; for `did:web` the URL of its document. Other methods are [`DidError::Method`]: no wrong, only unknown here.
//!
//! "The did:key Method" section 3, "did:jwk Method" section 2, "did:web Method" section 2.5.2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::{Host, Url};

use super::{KeyError, PublicKey, VerificationMethod, multikey};
use crate::id::Did;
use crate::json::{self, JsonError};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::quote::quote;

/// Resolves a DID URL of the methods `key` and `jwk`, which hold their key.
///
/// The URL may name the method by its fragment or leave the fragment out: such a DID has one method only. The result is
/// controlled by the DID, serves to make assertions, and never expires. A path or query names nothing in it.
///
/// ```
/// use openbadges::{limits::Limits, proof::did};
///
/// let did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
/// let method = did::resolve(did, &Limits::default())?;
/// assert_eq!(method.controller(), Some(did));
/// assert!(method.id().is_some_and(|id| id.ends_with("#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")));
/// # Ok::<(), openbadges::proof::did::DidError>(())
/// ```
///
/// # Errors
/// [`DidError`] of any kind; [`DidError::Method`] for every other DID.
pub fn resolve(did_url: &str, limits: &Limits) -> Result<VerificationMethod, DidError> {
    limits.check(Limit::DidBytes, did_url.len())?;
    let (text, fragment) = did_url.split_once('#').map_or((did_url, None), |(did, name)| (did, Some(name)));
    let (did, rest) = text.split_at(text.find(['/', '?']).unwrap_or(text.len()));
    let did: Did = did.parse().map_err(|_| DidError::Malformed { problem: "not a DID" })?;
    let (key, name) = match did.method() {
        "jwk" | "key" if !rest.is_empty() => {
            return Err(DidError::Malformed { problem: "a path or query after a key" });
        }
        "jwk" => (jwk(did.specific(), limits)?, "0"),
        "key" => (multibase(did.specific())?, did.specific()),
        other => return Err(DidError::Method { method: other.to_owned() }),
    };
    match fragment {
        Some(fragment) if fragment != name => Err(DidError::Fragment { found: fragment.to_owned() }),
        Some(_) | None => Ok(VerificationMethod::of_did(&did, name, key)),
    }
}

/// The URL at which the document of a `did:web` is served.
///
/// Always `https`. The identifier's own grammar is checked first: its host must be a DNS name of at least two labels,
/// never an address; its path must not leave the place that it names. Whether the host may be asked at all is for the
/// network policy.
///
/// # Errors
/// [`DidError::Method`] for another DID method, otherwise [`DidError::Malformed`].
pub fn web_url(did: &Did) -> Result<Url, DidError> {
    if did.method() != "web" {
        return Err(DidError::Method { method: did.method().to_owned() });
    }
    let mut segments = did.specific().split(':');
    let mut url = web_origin(segments.next().unwrap_or_default())?;
    let mut path = Vec::new();
    for segment in segments {
        path.push(path_segment(segment)?);
    }
    if path.is_empty() {
        path.push(".well-known".to_owned());
    }
    path.push("did.json".to_owned());
    url.path_segments_mut()
        .map_err(|()| DidError::Malformed { problem: "a host that takes no path" })?
        .extend(path);
    Ok(url)
}

/// Why a DID was not resolved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// The fragment names a method that the DID does not have.
    #[error("the DID has no verification method {}", quote(.found))]
    Fragment {
        /// The fragment.
        found: String,
    },
    /// The DID holds a JWK that is not JSON.
    #[error("the DID holds no JSON")]
    Json(#[from] JsonError),
    /// The DID holds no usable key.
    #[error("the DID holds no usable key")]
    Key(#[from] KeyError),
    /// The DID is too long.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The text is not a DID of the method that it names.
    #[error("the DID is malformed: {problem}")]
    Malformed {
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// A DID method that this function does not resolve.
    #[error("the DID method {} is not resolved here", quote(.method))]
    Method {
        /// The method's name.
        method: String,
    },
}

/// The key in a `did:key`: base58btc, or base64url as the draft of 2024 allows.
fn multibase(text: &str) -> Result<PublicKey, DidError> {
    let Some(digits) = text.strip_prefix('u') else { return Ok(PublicKey::from_multikey(text)?) };
    let bytes = URL_SAFE_NO_PAD
        .decode(digits)
        .map_err(|_| DidError::Malformed { problem: "the key is not base64url" })?;
    Ok(multikey::from_multicodec(&bytes)?)
}

/// The key in a `did:jwk`: a JWK in base64url.
fn jwk(text: &str, limits: &Limits) -> Result<PublicKey, DidError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| DidError::Malformed { problem: "the JWK is not base64url" })?;
    match json::parse(&bytes, limits)? {
        Value::Object(jwk) => Ok(PublicKey::from_jwk(&jwk)?),
        _ => Err(DidError::Malformed { problem: "the JWK is not an object" }),
    }
}

/// `https://host[:port]/`, from a host in which only the colon before the port is percent-encoded.
fn web_origin(authority: &str) -> Result<Url, DidError> {
    let malformed = |problem| DidError::Malformed { problem };
    let (host, port) = match authority.split_once('%') {
        None => (authority, None),
        Some((host, rest)) => {
            let port = rest.strip_prefix("3A").or(rest.strip_prefix("3a"));
            let is_port = |port: &str| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
            let port = port.filter(|port| is_port(port)).and_then(|port| port.parse::<u16>().ok());
            (host, Some(port.filter(|port| *port != 0).ok_or(malformed("a port that is none"))?))
        }
    };
    let is_label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    if !host.contains('.') || !host.split('.').all(is_label) || host.contains('_') {
        return Err(malformed("a host that is not a DNS name"));
    }
    let mut url = Url::parse(&format!("https://{host}/")).map_err(|_| malformed("a host that is no host"))?;
    // The URL parser knows every spelling of an IPv4 address, such as `0x7f.1`.
    match url.host() {
        Some(Host::Domain(parsed)) if parsed.eq_ignore_ascii_case(host) => {}
        _ => return Err(malformed("a host that is not a DNS name")),
    }
    url.set_port(port).map_err(|()| malformed("a host that takes no port"))?;
    url.set_path("");
    Ok(url)
}

/// One step of the path, percent-decoded: it must stay one step.
fn path_segment(segment: &str) -> Result<String, DidError> {
    let malformed = DidError::Malformed { problem: "a path that is not made of plain steps" };
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let Some((digits, after)) = after.split_at_checked(2) else { return Err(malformed) };
        let digits =
            std::str::from_utf8(digits).ok().filter(|text| text.chars().all(|c| c.is_ascii_hexdigit()));
        let Some(byte) = digits.and_then(|text| u8::from_str_radix(text, 16).ok()) else {
            return Err(malformed);
        };
        bytes.push(byte);
        rest = after;
    }
    let text = String::from_utf8(bytes).map_err(|_| malformed.clone())?;
    let is_step = !matches!(text.as_str(), "" | "." | "..")
        && !text.contains(|c: char| matches!(c, '/' | '\\') || c.is_control());
    // What still looks encoded would be decoded once more by some server.
    if is_step && !text.contains('%') { Ok(text) } else { Err(malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::AssertionUse;

    const KEY: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

    fn resolved(did_url: &str) -> Result<VerificationMethod, DidError> {
        resolve(did_url, &Limits::default())
    }

    fn did_jwk(jwk: &str) -> String {
        format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk))
    }

    #[test]
    fn a_did_key_names_its_method_by_itself() {
        for url in [format!("did:key:{KEY}"), format!("did:key:{KEY}#{KEY}")] {
            let method = resolved(&url).unwrap();
            assert_eq!(method.id(), Some(format!("did:key:{KEY}#{KEY}").as_str()));
            assert_eq!(method.key(), Ok(&PublicKey::from_multikey(KEY).unwrap()));
        }
        for fragment in ["", "0", "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"] {
            let error = resolved(&format!("did:key:{KEY}#{fragment}")).unwrap_err();
            assert_eq!(error, DidError::Fragment { found: fragment.into() });
        }
        for url in
            [format!("did:key:{KEY}?a=b"), format!("did:key:{KEY}/path"), "did:key:".into(), "key".into()]
        {
            assert!(matches!(resolved(&url), Err(DidError::Malformed { .. })), "{url}");
        }
    }

    #[test]
    fn base64url_gives_the_same_key() {
        let bytes = bs58::decode(KEY.trim_start_matches('z')).into_vec().unwrap();
        let method = resolved(&format!("did:key:u{}", URL_SAFE_NO_PAD.encode(bytes))).unwrap();
        assert_eq!(method.key(), Ok(&PublicKey::from_multikey(KEY).unwrap()));
    }

    #[test]
    fn a_did_jwk_has_one_method_called_0() {
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let did = did_jwk(jwk);
        for url in [did.clone(), format!("{did}#0")] {
            let method = resolved(&url).unwrap();
            assert_eq!(method.id(), Some(format!("{did}#0").as_str()));
            assert_eq!(method.controller(), Some(did.as_str()));
            assert_eq!(method.assertion(), AssertionUse::Listed);
        }
        assert!(matches!(resolved(&format!("{did}#1")), Err(DidError::Fragment { .. })));
        assert!(matches!(resolved(&format!("{did}?a=b#0")), Err(DidError::Malformed { .. })));
        assert!(matches!(resolved(&did_jwk("[]")), Err(DidError::Malformed { .. })));
        assert!(matches!(resolved(&did_jwk("{")), Err(DidError::Json(_))));
        assert!(matches!(resolved(&did_jwk(r#"{"kty":"OKP","kty":"OKP"}"#)), Err(DidError::Json(_))));
        let private = did_jwk(&jwk.replace('}', r#","d":"AA"}"#));
        assert_eq!(resolved(&private), Err(DidError::Key(KeyError::PrivateMember { member: "d" })));
    }

    #[test]
    fn other_methods_and_long_dids_are_told_apart() {
        for url in ["did:example:123#k", "did:example:123?versionId=1#k", "did:example:123/a/b?c#k"] {
            assert_eq!(resolved(url), Err(DidError::Method { method: "example".into() }), "{url}");
        }
        assert!(matches!(resolved(&format!("did:key:z{}", "2".repeat(20_000))), Err(DidError::Limit(_))));
    }

    #[test]
    fn a_did_web_is_served_over_https() {
        for (did, url) in [
            ("did:web:example.org", "https://example.org/.well-known/did.json"),
            ("did:web:example.org:issuers:1", "https://example.org/issuers/1/did.json"),
            ("did:web:example.org%3A8443", "https://example.org:8443/.well-known/did.json"),
            ("did:web:example.org%3a443:a", "https://example.org/a/did.json"),
            ("did:web:Example.ORG", "https://example.org/.well-known/did.json"),
            ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
            ("did:web:example.org:a%20b", "https://example.org/a%20b/did.json"),
            ("did:web:example.org:a%3Fb%23c", "https://example.org/a%3Fb%23c/did.json"),
        ] {
            assert_eq!(web_url(&did.parse().unwrap()).unwrap().as_str(), url);
        }
    }

    #[test]
    fn a_did_web_names_no_address_and_stays_on_its_path() {
        for did in [
            "did:web:127.0.0.1",
            "did:web:127.1",
            "did:web:0x7f.1",
            "did:web:2130706433",
            "did:web:localhost",
            "did:web:%5B%3A%3A1%5D",
            "did:web:a%40b.com",
            "did:web:user%3Apass%40example.org",
            "did:web:example.org%3A",
            "did:web:example.org%3A0",
            "did:web:example.org%3A65536",
            "did:web:example.org%3A22%3A22",
            "did:web:example.org%2Fa",
            "did:web:example.org.",
            "did:web:.example.org",
            "did:web:exam..ple",
            "did:web:-a.example.org",
            "did:web:%E2%91%A0.example",
            "did:web:example.org:..",
            "did:web:example.org:%2e%2e",
            "did:web:example.org:.",
            "did:web:example.org::a",
            "did:web:example.org:a%2Fb",
            "did:web:example.org:a%5cb",
            "did:web:example.org:a%252Fb",
            "did:web:example.org:a%00",
            "did:web:example.org:a%0a",
            "did:web:example.org:a%ff",
            "did:web:example.org:a%2",
            "did:web:example.org:a%+1",
        ] {
            let Ok(did) = did.parse() else { continue };
            assert!(matches!(web_url(&did), Err(DidError::Malformed { .. })), "{did}: {:?}", web_url(&did));
        }
        assert!(matches!(web_url(&"did:key:z6Mk".parse().unwrap()), Err(DidError::Method { .. })));
    }
}
