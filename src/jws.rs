//! Splits a compact JWS (RFC 7515 section 7.1) into its parts.
//!
//! In: text. Out: header, payload and signature, decoded, and the signing input as it was received.
//! Nothing is verified here and no algorithm is chosen; see `proof`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::json::{self, JsonError};
use crate::limits::{Limit, LimitExceeded, Limits};

/// A compact JWS, taken apart.
///
/// ```
/// use openbadges::{jws::CompactJws, limits::Limits};
///
/// let jws = CompactJws::parse("eyJhbGciOiJFZERTQSJ9.e30.AAAA", &Limits::default())?;
/// assert_eq!(jws.header()["alg"], "EdDSA");
/// assert_eq!(jws.payload(), b"{}");
/// # Ok::<(), openbadges::jws::JwsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CompactJws {
    text: String,
    header: Map<String, Value>,
    payload: Vec<u8>,
    signing_input_bytes: usize,
    signature: Vec<u8>,
}

impl CompactJws {
    /// Takes a compact JWS apart. The text is the JWS and nothing else: no white space around it.
    ///
    /// # Errors
    /// [`JwsError`] if there are not three parts of unpadded base64url in their canonical form, or if the header is
    /// not a JSON object. The payload may be anything, and the signature may be empty: that is for verification to judge.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, JwsError> {
        limits.check(Limit::TextBytes, text.len())?;
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwsError::Parts { found: text.split('.').count() });
        };
        let decode =
            |part: Part, text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| JwsError::Base64 { part });
        let Value::Object(header_members) = json::parse(&decode(Part::Header, header)?, limits)? else {
            return Err(JwsError::HeaderNotObject);
        };
        Ok(Self {
            header: header_members,
            payload: decode(Part::Payload, payload)?,
            signature: decode(Part::Signature, signature)?,
            signing_input_bytes: header.len().saturating_add(payload.len()).saturating_add(1),
            text: text.to_owned(),
        })
    }

    /// The JWS as it was received.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The JOSE header. Nothing in it is to be believed before the signature is verified, nor chooses the key by itself.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What was signed: header and payload as they were received, with the dot between them.
    pub fn signing_input(&self) -> &[u8] {
        self.text.as_bytes().get(..self.signing_input_bytes).unwrap_or_default()
    }

    /// The signature's bytes; empty in an unsecured JWS.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

/// Why a text is not a compact JWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsError {
    /// A part is not base64url without padding, or not in its canonical form.
    #[error("the {part} is not unpadded base64url")]
    Base64 {
        /// Which part.
        part: Part,
    },
    /// The header is JSON, but not an object.
    #[error("the header is not a JSON object")]
    HeaderNotObject,
    /// The header is not JSON.
    #[error("the header could not be read")]
    Header(#[from] JsonError),
    /// The text is too large.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// There are not three parts.
    #[error("expected three parts with dots between them, found {found}")]
    Parts {
        /// How many there are.
        found: usize,
    },
}

/// A part of a compact JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // RFC 7515 has these three
pub enum Part {
    /// The JOSE header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<CompactJws, JwsError> {
        CompactJws::parse(text, &Limits::default())
    }

    #[test]
    fn keeps_the_signing_input_as_received() {
        let jws = parse("eyJhbGciOiJFZERTQSJ9.e30.AAAA").unwrap();
        assert_eq!(jws.signing_input(), b"eyJhbGciOiJFZERTQSJ9.e30");
        assert_eq!(jws.signature(), [0, 0, 0]);
        assert_eq!(jws.as_str(), "eyJhbGciOiJFZERTQSJ9.e30.AAAA");
    }

    #[test]
    fn refuses_anything_but_three_canonical_parts() {
        assert_eq!(parse("e30.e30"), Err(JwsError::Parts { found: 2 }));
        assert_eq!(parse("e30.e30.e30.e30.e30"), Err(JwsError::Parts { found: 5 }));
        for (text, part) in [
            ("e30=.e30.AAAA", Part::Header),
            ("e30.e3 0.AAAA", Part::Payload),
            ("e30.e31.AAAA", Part::Payload), // bits after the last byte
            ("e30.e30.AAA+", Part::Signature),
            ("e30.e30.AAAA\n", Part::Signature),
            ("e30.e30.A", Part::Signature),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.to_string().contains(&part.to_string()) && !part.to_string().is_empty(), "{error}");
            assert_eq!(error, JwsError::Base64 { part }, "{text}");
        }
        assert_eq!(parse("W10.e30.AAAA"), Err(JwsError::HeaderNotObject));
        assert!(matches!(parse("e30e.e30.AAAA"), Err(JwsError::Header(_))));
        assert!(matches!(parse(".e30.AAAA"), Err(JwsError::Header(_))));
    }
}
