//! JSON Web Keys.
//!
//! In: a JSON object. Out: a [`PublicKey`], with what `alg`, `use` and `key_ops` leave of its purposes. Refused:
//! any private member, members of the wrong JSON type, numbers of the wrong length.
//! RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::key::{Curve, EcPoint, Permitted};
use super::{KeyError, PublicKey};
use crate::quote::quote;

/// Reads a JWK.
pub(super) fn read(jwk: &Map<String, Value>) -> Result<PublicKey, KeyError> {
    if let Some(member) = PRIVATE.iter().find(|member| jwk.contains_key(**member)) {
        return Err(KeyError::PrivateMember { member });
    }
    let key = match required(jwk, "kty")? {
        "EC" => {
            let curve = match required(jwk, "crv")? {
                "P-256" => Curve::P256,
                "P-384" => Curve::P384,
                other => return Err(KeyError::Unsupported { what: quote(other).to_string() }),
            };
            PublicKey::ec(EcPoint::from_coordinates(curve, &bytes(jwk, "x")?, &bytes(jwk, "y")?)?)
        }
        "OKP" => match required(jwk, "crv")? {
            "Ed25519" => PublicKey::ed25519(&bytes(jwk, "x")?)?,
            other => return Err(KeyError::Unsupported { what: quote(other).to_string() }),
        },
        "RSA" => PublicKey::rsa(&bytes(jwk, "n")?, &bytes(jwk, "e")?)?,
        other => return Err(KeyError::Unsupported { what: quote(other).to_string() }),
    };
    Ok(key.restricted_to(permitted(jwk)?))
}

/// What `use`, `key_ops` and `alg` permit (RFC 7517 sections 4.2 to 4.4).
fn permitted(jwk: &Map<String, Value>) -> Result<Permitted, KeyError> {
    if optional(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Ok(Permitted::Nothing);
    }
    match jwk.get("key_ops") {
        None => {}
        Some(Value::Array(operations)) if operations.iter().any(|operation| operation == "verify") => {}
        Some(Value::Array(_)) => return Ok(Permitted::Nothing),
        Some(_) => return Err(KeyError::Malformed { problem: "`key_ops` is not a list" }),
    }
    Ok(match optional(jwk, "alg")? {
        Some(name) => name.parse().map_or(Permitted::Nothing, Permitted::Only),
        None => Permitted::Any,
    })
}

fn optional<'a>(jwk: &'a Map<String, Value>, member: &str) -> Result<Option<&'a str>, KeyError> {
    match jwk.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyError::Malformed { problem: "a JWK member that must be a string is none" }),
    }
}

fn required<'a>(jwk: &'a Map<String, Value>, member: &str) -> Result<&'a str, KeyError> {
    optional(jwk, member)?
        .ok_or(KeyError::Malformed { problem: "the JWK lacks a member that its kind requires" })
}

/// The bytes of a base64url member, without padding (RFC 7515 section 2).
fn bytes(jwk: &Map<String, Value>, member: &str) -> Result<Vec<u8>, KeyError> {
    let text = required(jwk, member)?;
    if text.len() > MAX_BASE64 {
        return Err(KeyError::Malformed { problem: "a number longer than in any supported key" });
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Malformed { problem: "a number is not base64url" })
}

/// Members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037 section 2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Digits of an RSA modulus of 8192 bits with one leading zero, which some libraries write.
const MAX_BASE64: usize = 1367;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::proof::{Algorithm, KeyKind};

    /// RFC 8037 appendix A.2.
    const ED25519: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn parse(value: Value) -> Result<PublicKey, KeyError> {
        read(value.as_object().unwrap())
    }

    fn rsa(bits: usize, exponent: &[u8]) -> Value {
        let mut modulus = vec![0xff; bits / 8];
        if !bits.is_multiple_of(8) {
            modulus.insert(0, 1);
        }
        json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent)})
    }

    #[test]
    fn thumbprint_is_that_of_rfc_8037() {
        let key = parse(json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519, "kid": "not covered"})).unwrap();
        let expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(URL_SAFE_NO_PAD.encode(key.thumbprint().unwrap()), expected);
    }

    #[test]
    fn a_jwk_limits_its_own_use() {
        for (member, value, fits) in [
            ("use", json!("sig"), true),
            ("use", json!("enc"), false),
            ("key_ops", json!(["verify"]), true),
            ("key_ops", json!(["sign", "verify"]), true),
            ("key_ops", json!(["sign"]), false),
            ("key_ops", json!([]), false),
            ("alg", json!("EdDSA"), true),
            ("alg", json!("Ed25519"), true),
            ("alg", json!("ES256"), false),
            ("alg", json!("none"), false),
            ("alg", json!("ECDH-ES"), false),
        ] {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519});
            jwk[member] = value.clone();
            assert_eq!(parse(jwk).unwrap().fits(Algorithm::EdDsa), fits, "{member}: {value}");
        }
    }

    #[test]
    fn an_rsa_key_that_names_an_algorithm_fits_no_other() {
        let mut jwk = rsa(2048, &[1, 0, 1]);
        let free = parse(jwk.clone()).unwrap();
        jwk["alg"] = json!("RS256");
        let bound = parse(jwk).unwrap();
        for algorithm in Algorithm::ALL {
            assert_eq!(free.fits(*algorithm), algorithm.key_kind() == KeyKind::Rsa, "{algorithm}");
            assert_eq!(bound.fits(*algorithm), *algorithm == Algorithm::Rs256, "{algorithm}");
        }
        assert_eq!(free, bound);
    }

    #[test]
    fn refuses_private_and_symmetric_keys() {
        for member in PRIVATE {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519});
            jwk[member] = json!("AA");
            assert_eq!(parse(jwk), Err(KeyError::PrivateMember { member }));
        }
        assert!(matches!(parse(json!({"kty": "oct"})), Err(KeyError::Unsupported { .. })));
    }

    #[test]
    fn bounds_rsa_numbers_before_any_arithmetic() {
        for (bits, exponent, problem) in [
            (8200, &[1, 0, 1][..], "a modulus of more than 8192 bits"),
            (2048, &[], "an exponent that is even or under 3"),
            (2048, &[1], "an exponent that is even or under 3"),
            (2048, &[2], "an exponent that is even or under 3"),
            (2048, &[1, 0, 0], "an exponent that is even or under 3"),
            (2048, &[2, 0, 0, 0, 1], "an exponent of more than 33 bits"),
            (2048, &[0xff; 64], "an exponent of more than 33 bits"),
        ] {
            assert_eq!(
                parse(rsa(bits, exponent)),
                Err(KeyError::RsaRange { problem }),
                "{bits} {exponent:?}"
            );
        }
        assert!(matches!(parse(rsa(65_536, &[3])), Err(KeyError::Malformed { .. })));
        assert!(parse(rsa(2048, &[1, 255, 255, 255, 255])).is_ok());
        assert!(parse(rsa(8192, &[3])).is_ok());
    }

    #[test]
    fn reads_a_short_rsa_key_and_calls_it_weak() {
        for (bits, weak) in [(512, true), (1024, true), (2041, true), (2048, false), (2049, false)] {
            let key = parse(rsa(bits, &[1, 0, 1])).unwrap();
            assert_eq!((key.bits(), key.is_weak()), (bits, weak));
        }
    }

    #[test]
    fn a_leading_zero_is_not_part_of_the_number() {
        let mut padded = vec![0; 257];
        padded[1..].fill(0xff);
        let jwk = json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(&padded), "e": "AAEAAQ"});
        assert_eq!(parse(jwk).unwrap(), parse(rsa(2048, &[1, 0, 1])).unwrap());
    }

    #[test]
    fn refuses_malformed_members() {
        let coordinate = "A".repeat(43);
        for jwk in [
            json!({}),
            json!({"kty": 1}),
            json!({"kty": "EC", "crv": "P-256", "x": coordinate}),
            json!({"kty": "EC", "crv": "P-256", "x": coordinate, "y": "AA"}),
            json!({"kty": "EC", "crv": "P-384", "x": coordinate, "y": coordinate}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": format!("{ED25519}=")}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519.replace('_', "/")}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519, "use": ["sig"]}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519, "key_ops": "verify"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519, "alg": null}),
        ] {
            let error = parse(jwk.clone()).unwrap_err();
            assert!(matches!(error, KeyError::Malformed { .. } | KeyError::Length { .. }), "{jwk}: {error}");
        }
        for jwk in [
            json!({"kty": "EC", "crv": "secp256k1", "x": coordinate, "y": coordinate}),
            json!({"kty": "OKP", "crv": "X25519", "x": ED25519}),
            json!({"kty": "AKP"}),
        ] {
            assert!(matches!(parse(jwk), Err(KeyError::Unsupported { .. })));
        }
    }
}
