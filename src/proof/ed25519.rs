//! Ed25519, and the only file that names `ed25519_dalek`.
//!
//! In: 32 bytes of key, a message, 64 bytes of signature. Refused: keys that are not the canonical encoding of a point,
//! and points of small order, for which a signature of any message can be made (the identity, `R` = identity and
//! `S` = 0 satisfy the bare equation). RFC 8032 section 5.1.7, in the strict reading.

use ed25519_dalek::{Signature, VerifyingKey};

use super::{KeyError, SignatureError};

/// A key, decoded once: that takes a fifth of the time of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ed25519Key(VerifyingKey);

impl Ed25519Key {
    /// Decodes a key, and refuses what must not be used as one.
    pub(super) fn read(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let malformed = KeyError::Malformed { problem: "not the encoding of an Ed25519 point" };
        let Ok(key) = VerifyingKey::from_bytes(bytes) else { return Err(malformed) };
        // Small order first: most of those points have further, non-canonical encodings.
        if key.is_weak() {
            return Err(KeyError::SmallOrder);
        }
        if !is_canonical(bytes) {
            return Err(malformed);
        }
        Ok(Self(key))
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Verifies strictly: neither the key nor `R` of small order, `S` below the group's order.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let signature = Signature::from_slice(signature)
            .map_err(|_| SignatureError::Malformed { expected: 64, found: signature.len() })?;
        self.0.verify_strict(message, &signature).map_err(|_| SignatureError::Mismatch)
    }
}

/// RFC 8032 section 5.1.3 step 1: a coordinate of the field's size, 2^255 - 19, or above does not decode. The library
/// reduces it. Its bytes are little-endian, without the highest bit.
///
/// The other superfluous encodings are of points whose first coordinate is zero, which are of small order.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    *lowest < 0xed || middle.iter().any(|byte| *byte != 0xff) || highest & 0x7f != 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8; 32]) -> Result<(), KeyError> {
        Ed25519Key::read(bytes).map(|_| ())
    }

    /// The encodings of the points of small order, canonical or not, with any sign bit: multiples of one point of
    /// order eight, found by doubling.
    const SMALL_ORDER: [&str; 5] = [
        "0100000000000000000000000000000000000000000000000000000000000000", // the identity
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order two
        "0000000000000000000000000000000000000000000000000000000000000000", // order four
        "0000000000000000000000000000000000000000000000000000000000000080", // order four
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // the identity, not canonical
    ];

    fn bytes(hex: &str) -> [u8; 32] {
        let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap();
        let bytes: Vec<u8> =
            hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect();
        bytes.try_into().unwrap()
    }

    #[test]
    fn refuses_points_of_small_order() {
        for hex in SMALL_ORDER {
            assert_eq!(check(&bytes(hex)), Err(KeyError::SmallOrder), "{hex}");
        }
    }

    #[test]
    fn the_identity_as_a_key_verifies_nothing() {
        let identity = bytes(SMALL_ORDER[0]);
        let key = Ed25519Key(VerifyingKey::from_bytes(&identity).unwrap());
        let signature = [identity, [0; 32]].concat();
        assert_eq!(key.verify(b"anything", &signature), Err(SignatureError::Mismatch));
    }

    #[test]
    fn refuses_an_encoding_beyond_the_field() {
        // 2^255 - 19 + 3 is an unusual spelling of the coordinate 3, which belongs to a point of the curve.
        let canonical = bytes("0300000000000000000000000000000000000000000000000000000000000000");
        assert_eq!(check(&canonical), Ok(()));
        let beyond = bytes("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        assert!(matches!(check(&beyond), Err(KeyError::Malformed { .. })));
        // The bytes alone tell, as encoding the decoded point anew does.
        for lowest in 0..=0xff {
            for highest in [0x7f, 0xff, 0x7e] {
                let mut encoding = [0xff; 32];
                (encoding[0], encoding[31]) = (lowest, highest);
                let Ok(key) = VerifyingKey::from_bytes(&encoding) else { continue };
                let is_same = key.to_edwards().compress().as_bytes() == &encoding;
                assert!(is_same == is_canonical(&encoding) || key.is_weak(), "{lowest:x} {highest:x}");
            }
        }
    }

    #[test]
    fn refuses_what_is_not_on_the_curve() {
        let off = bytes("0200000000000000000000000000000000000000000000000000000000000000");
        assert!(matches!(check(&off), Err(KeyError::Malformed { .. })));
    }
}
