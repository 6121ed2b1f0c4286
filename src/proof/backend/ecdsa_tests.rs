//! What an ECDSA signature and key must and must not be, whoever does the arithmetic.

use serde_json::json;

use super::signing::{Ec, hex};
use crate::proof::key::{Curve, EcPoint};
use crate::proof::{Algorithm, PublicKey, SignatureError, verify};

const MESSAGE: &[u8] = b"header.payload";
const MISMATCH: Result<(), SignatureError> = Err(SignatureError::Mismatch);
const INVALID: Result<(), SignatureError> = Err(SignatureError::InvalidKey);

/// A curve, and what SEC 2 sections 2.4.2 and 2.5.1 say about it.
struct Parameters {
    curve: Curve,
    algorithm: Algorithm,
    /// The number of points, and of the field's elements.
    order: Vec<u8>,
    field: Vec<u8>,
}

fn curves() -> [Parameters; 2] {
    [
        Parameters {
            curve: Curve::P256,
            algorithm: Algorithm::Es256,
            order: hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
            field: hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
        },
        Parameters {
            curve: Curve::P384,
            algorithm: Algorithm::Es384,
            order: hex("ffffffffffffffffffffffffffffffffffffffffffffffff\
                        c7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
            field: hex("ffffffffffffffffffffffffffffffffffffffffffffffff\
                        fffffffffffffffeffffffff0000000000000000ffffffff"),
        },
    ]
}

/// `a - b`, of numbers of one length.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut digits: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(a, b)| {
            let digit = i16::from(*a) - i16::from(*b) - borrow;
            borrow = i16::from(digit < 0);
            u8::try_from(digit.rem_euclid(256)).unwrap()
        })
        .collect();
    digits.reverse();
    digits
}

/// A small number of some length.
fn small(number: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    bytes[length - 1] = number;
    bytes
}

#[test]
fn a_signature_holds_under_its_own_key_and_algorithm_only() {
    for Parameters { curve, algorithm, .. } in curves() {
        let key = Ec::of(curve, "one");
        let signature = key.sign(MESSAGE);
        assert_eq!(verify(&key.public(), algorithm, MESSAGE, &signature), Ok(()));
        assert_eq!(verify(&Ec::of(curve, "other").public(), algorithm, MESSAGE, &signature), MISMATCH);
        assert_eq!(verify(&key.public(), algorithm, b"header.other", &signature), MISMATCH);
        assert_eq!(verify(&key.public(), algorithm, b"", &signature), MISMATCH);
        for other in Algorithm::ALL.iter().filter(|other| **other != algorithm) {
            let result = verify(&key.public(), *other, MESSAGE, &signature);
            assert_eq!(result, Err(SignatureError::KeyMismatch), "{other}");
        }
    }
}

#[test]
fn a_key_id_asks_nothing_of_the_token() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let key = Ec::of(Curve::P256, "one");
    let octets = key.octets(false);
    let (x, y) = octets[1..].split_at(32);
    let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": coordinate(x), "y": coordinate(y), "kid": "somebody"});
    let public = PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap();
    assert_eq!(verify(&public, Algorithm::Es256, MESSAGE, &key.sign(MESSAGE)), Ok(()));
}

#[test]
fn compressed_points_verify_and_equal_their_full_form() {
    for Parameters { curve, algorithm, .. } in curves() {
        let pair = Ec::of(curve, "one");
        let signature = pair.sign(MESSAGE);
        let octets = pair.octets(true);
        let key =
            |form: u8| PublicKey::ec(EcPoint::from_sec1(curve, &[&[form], &octets[1..]].concat()).unwrap());
        let form = octets[0];
        assert_eq!(verify(&key(form), algorithm, MESSAGE, &signature), Ok(()));
        assert_eq!(key(form), pair.public());
        // The other root is another key.
        assert_eq!(verify(&key(form ^ 1), algorithm, MESSAGE, &signature), MISMATCH);
        assert_ne!(key(form ^ 1), pair.public());
    }
}

#[test]
fn a_point_off_its_curve_is_no_key() {
    for Parameters { curve, algorithm, field, .. } in curves() {
        let pair = Ec::of(curve, "one");
        let signature = pair.sign(MESSAGE);
        let length = field.len();
        let octets = pair.octets(false);
        let (x, y) = octets[1..].split_at(length);
        let mut off = y.to_vec();
        off[0] ^= 1;
        let (zero, full) = (vec![0; length], vec![0xff; length]);
        // The negative lies on the curve: another key.
        let negative = difference(&field, y);
        for (x, y, expected) in [
            (x, y, Ok(())),
            (x, &negative, MISMATCH),
            (x, &off, INVALID),
            (y, x, INVALID),
            (&zero, &zero, INVALID),
            (x, &zero, INVALID),
            (&full, y, INVALID),
            (x, &full, INVALID),
            (&field, y, INVALID),
            (x, &field, INVALID),
        ] {
            let key = PublicKey::ec(EcPoint::from_coordinates(curve, x, y).unwrap());
            assert_eq!(verify(&key, algorithm, MESSAGE, &signature), expected, "{x:02x?} {y:02x?}");
        }
    }
}

#[test]
fn a_coordinate_beyond_the_field_is_no_spelling_of_another() {
    for Parameters { curve, algorithm, field, .. } in curves() {
        let signature = Ec::of(curve, "one").sign(MESSAGE);
        let mut on_the_curve = 0;
        for number in 0..16 {
            let x = small(number, field.len());
            // The field's size and above, where that has a spelling: the same number modulo the field.
            let beyond = difference(&field, &difference(&vec![0; field.len()], &x));
            for (x, is_canonical) in [(x, true), (beyond, false)] {
                let point = EcPoint::from_sec1(curve, &[&[2], x.as_slice()].concat()).unwrap();
                let result = verify(&PublicKey::ec(point), algorithm, MESSAGE, &signature);
                if is_canonical && result == MISMATCH {
                    on_the_curve += 1;
                } else {
                    assert_eq!(result, INVALID, "{x:02x?}");
                }
            }
        }
        // About half of all numbers belong to a point.
        assert!((4..=12).contains(&on_the_curve), "{on_the_curve}");
    }
}

#[test]
fn a_signature_has_one_length_and_no_der() {
    for Parameters { curve, algorithm, order, .. } in curves() {
        let pair = Ec::of(curve, "one");
        let signature = pair.sign(MESSAGE);
        let expected = order.len() * 2;
        for found in [0, 1, expected - 1, expected + 1, 70, 71, 72, 102, 103, 104] {
            let result = verify(&pair.public(), algorithm, MESSAGE, &vec![0x30; found]);
            assert_eq!(result, Err(SignatureError::Malformed { expected, found }));
        }
        let (r, s) = signature.split_at(order.len());
        let integer = |number: &[u8]| crate::proof::der::unsigned(number);
        let der = crate::proof::der::element(crate::proof::der::SEQUENCE, &[integer(r), integer(s)].concat());
        let result = verify(&pair.public(), algorithm, MESSAGE, &der);
        assert_eq!(result, Err(SignatureError::Malformed { expected, found: der.len() }));
        assert_eq!(verify(&pair.public(), algorithm, MESSAGE, &der[..expected]), MISMATCH);
    }
}

#[test]
fn r_and_s_are_at_least_one_and_below_the_order() {
    for Parameters { curve, algorithm, order, .. } in curves() {
        let pair = Ec::of(curve, "one");
        let signature = pair.sign(MESSAGE);
        let (r, s) = signature.split_at(order.len());
        let (zero, one) = (small(0, order.len()), small(1, order.len()));
        let (below, full) = (difference(&order, &one), vec![0xff; order.len()]);
        let mut above = order.clone();
        *above.last_mut().unwrap() += 1;
        assert_eq!(verify(&pair.public(), algorithm, MESSAGE, &signature), Ok(()));
        for wrong in [&zero, &one, &below, &order, &above, &full] {
            for (r, s) in [(r, wrong.as_slice()), (wrong, s), (wrong, wrong)] {
                let result = verify(&pair.public(), algorithm, MESSAGE, &[r, s].concat());
                assert_eq!(result, MISMATCH, "{r:02x?} {s:02x?}");
            }
        }
        assert_eq!(verify(&pair.public(), algorithm, MESSAGE, &[s, r].concat()), MISMATCH);
    }
}

#[test]
fn the_twin_of_a_signature_verifies_too() {
    for Parameters { curve, algorithm, order, .. } in curves() {
        let pair = Ec::of(curve, "one");
        let signature = pair.sign(MESSAGE);
        let (r, s) = signature.split_at(order.len());
        let twin = [r, difference(&order, s).as_slice()].concat();
        assert_ne!(twin, signature);
        assert_eq!(verify(&pair.public(), algorithm, MESSAGE, &twin), Ok(()));
        let negative_r = [difference(&order, r).as_slice(), s].concat();
        assert_eq!(verify(&pair.public(), algorithm, MESSAGE, &negative_r), MISMATCH);
    }
}

#[test]
fn numbers_with_leading_zeros_keep_their_length() {
    for Parameters { curve, algorithm, order, .. } in curves() {
        let pair = Ec::of(curve, "one");
        let (mut short_r, mut short_s) = (0, 0);
        for number in 0..4000_u32 {
            let message = number.to_be_bytes();
            let signature = pair.sign(&message);
            let (is_r, is_s) = (signature[0] == 0, signature[order.len()] == 0);
            if is_r || is_s {
                assert_eq!(verify(&pair.public(), algorithm, &message, &signature), Ok(()));
                (short_r, short_s) = (short_r + u32::from(is_r), short_s + u32::from(is_s));
            }
            if short_r > 2 && short_s > 2 {
                break;
            }
        }
        assert!(short_r > 2 && short_s > 2, "{short_r} {short_s}");
    }
}

/// `r` is the nonce's point modulo the order, which is below the field's size: rarely, the two differ.
#[test]
fn the_nonce_may_lie_beyond_the_order() {
    use p256::ecdsa::{RecoveryId, Signature, VerifyingKey};
    use sha2::{Digest, Sha256};

    let mut found = 0;
    for number in 1..32 {
        let signature = [small(number, 32), small(7, 32)].concat();
        let parsed = Signature::from_slice(&signature).unwrap();
        let hash = Sha256::digest(MESSAGE);
        let id = RecoveryId::new(false, true);
        let Ok(key) = VerifyingKey::recover_from_prehash(&hash, &parsed, id) else { continue };
        let octets = key.to_sec1_point(true);
        let key = PublicKey::ec(EcPoint::from_sec1(Curve::P256, octets.as_bytes()).unwrap());
        assert_eq!(verify(&key, Algorithm::Es256, MESSAGE, &signature), Ok(()));
        assert_eq!(verify(&key, Algorithm::Es256, b"other", &signature), MISMATCH);
        found += 1;
    }
    assert!(found > 8, "{found}");
}

/// Whoever knows the private key can choose `r` so that the sum is the point at infinity, which has no coordinate.
#[test]
fn infinity_is_no_nonce() {
    use p256::elliptic_curve::PrimeField;
    use p256::elliptic_curve::ops::Reduce;
    use p256::{FieldBytes, Scalar};
    use sha2::{Digest, Sha256};

    let secret = Scalar::from_repr(FieldBytes::from(<[u8; 32]>::from(Sha256::digest("one")))).unwrap();
    let hash = <Scalar as Reduce<FieldBytes>>::reduce(&Sha256::digest(MESSAGE));
    let r = -(hash * secret.invert().unwrap());
    let key = Ec::of(Curve::P256, "one").public();
    for s in [1, 2, 255] {
        let signature = [r.to_repr().as_slice(), &small(s, 32)].concat();
        assert_eq!(verify(&key, Algorithm::Es256, MESSAGE, &signature), MISMATCH);
    }
}
