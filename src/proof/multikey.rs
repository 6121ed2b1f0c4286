//! Multikeys: `z`, then base58btc of a multicodec prefix and the key.
//!
//! In: the text of a `publicKeyMultibase` or of a `did:key`. Out: a [`PublicKey`]. Refused: texts too long to decode
//! fast, kinds of keys that are not ours, keys of the wrong length.
//! Controlled Identifiers 1.0 section 2.2.2 and 2.4; the prefixes are those of the multicodec registry.

use super::key::{Curve, EcPoint};
use super::{KeyError, PublicKey, pem};

/// Reads a `publicKeyMultibase`.
pub(super) fn read(text: &str) -> Result<PublicKey, KeyError> {
    match text.strip_prefix('z') {
        Some(digits) => from_multicodec(&base58(digits)?),
        None => Err(KeyError::Malformed { problem: "a Multikey that does not begin with `z`" }),
    }
}

/// Reads a multicodec prefix and the key after it.
pub(super) fn from_multicodec(bytes: &[u8]) -> Result<PublicKey, KeyError> {
    let Some((prefix, key)) = bytes.split_at_checked(2) else {
        return Err(KeyError::Malformed { problem: "a Multikey without a key" });
    };
    // Two bytes are one varint: the second has no continuation bit in any prefix below.
    match prefix {
        [0xed, 0x01] => PublicKey::ed25519(key),
        [0x80, 0x24] => compressed(Curve::P256, key),
        [0x81, 0x24] => compressed(Curve::P384, key),
        [0x85, 0x24] => pem::rsa_public_key(key),
        [0x82, 0x24] => unsupported("P-521"),
        [0xe7, 0x01] => unsupported("secp256k1"),
        [0xea, 0x01] | [0xeb, 0x01] | [0xee, 0x01] => unsupported("BLS12-381"),
        [0xec, 0x01] => unsupported("X25519, a key for encryption"),
        [0x83, 0x24] => unsupported("Ed448"),
        _ => unsupported("another multicodec"),
    }
}

/// Decodes base58btc, up to the length of the longest key.
pub(super) fn base58(text: &str) -> Result<Vec<u8>, KeyError> {
    if text.len() > MAX_BASE58 {
        return Err(KeyError::Malformed { problem: "more base58 digits than any supported key has" });
    }
    bs58::decode(text).into_vec().map_err(|_| KeyError::Malformed { problem: "not base58btc" })
}

/// A Multikey holds points in compressed form only (Controlled Identifiers 1.0 section 2.2.2).
fn compressed(curve: Curve, octets: &[u8]) -> Result<PublicKey, KeyError> {
    let expected = curve.coordinate_bytes() + 1;
    if octets.len() != expected {
        return Err(KeyError::Length { what: "compressed point", expected, found: octets.len() });
    }
    EcPoint::from_sec1(curve, octets).map(PublicKey::ec)
}

fn unsupported(what: &str) -> Result<PublicKey, KeyError> {
    Err(KeyError::Unsupported { what: what.to_owned() })
}

/// Digits of an RSA key of 8192 bits. Decoding takes time with the square of the length: half a millisecond here.
const MAX_BASE58: usize = 1440;

#[cfg(test)]
mod tests {
    use super::*;

    fn multikey(bytes: &[u8]) -> String {
        format!("z{}", bs58::encode(bytes).into_string())
    }

    #[test]
    fn each_kind_has_one_length() {
        for (prefix, right) in [([0xed, 0x01], 32), ([0x80, 0x24], 33), ([0x81, 0x24], 49)] {
            for length in [right - 1, right + 1] {
                let key = [&prefix[..], &vec![2; length]].concat();
                assert!(matches!(read(&multikey(&key)), Err(KeyError::Length { .. })), "{prefix:?} {length}");
            }
        }
    }

    #[test]
    fn names_the_kinds_it_does_not_support() {
        for (prefix, what) in
            [([0xe7, 0x01], "secp256k1"), ([0x82, 0x24], "P-521"), ([0x12, 0x20], "another multicodec")]
        {
            let key = [&prefix[..], &[2; 33]].concat();
            assert_eq!(read(&multikey(&key)), Err(KeyError::Unsupported { what: what.into() }));
        }
    }

    #[test]
    fn refuses_other_bases_and_long_texts() {
        for text in ["", "z", "z1", "u7QH-", "Z6Mk", "z0OIl", &format!("z{}", "2".repeat(100_000))] {
            assert!(matches!(read(text), Err(KeyError::Malformed { .. })), "{text:.20}");
        }
    }

    #[test]
    fn the_longest_supported_key_fits() {
        let rsa = super::super::der::element(
            super::super::der::SEQUENCE,
            &[super::super::der::unsigned(&[0xff; 1024]), super::super::der::unsigned(&[0xff; 4])].concat(),
        );
        let key = read(&multikey(&[&[0x85, 0x24], rsa.as_slice()].concat())).unwrap();
        assert_eq!(key.bits(), 8192);
    }
}
