//! What an RSA signature and key must and must not be, whoever does the arithmetic.
//!
//! The signatures are made from encoded messages, well-formed or not, with the bare private operation.

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::signing::Rsa;
use crate::proof::{Algorithm, KeyError, PublicKey, SignatureError, verify};

const MESSAGE: &[u8] = b"header.payload";
const MISMATCH: Result<(), SignatureError> = Err(SignatureError::Mismatch);

#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// The algorithms with PKCS #1 v1.5 and with PSS.
    fn algorithms(self) -> [Algorithm; 2] {
        match self {
            Self::Sha256 => [Algorithm::Rs256, Algorithm::Ps256],
            Self::Sha384 => [Algorithm::Rs384, Algorithm::Ps384],
            Self::Sha512 => [Algorithm::Rs512, Algorithm::Ps512],
        }
    }

    /// The `DigestInfo` before the hash (RFC 8017 section 9.2 note 1).
    fn digest_info(self) -> Vec<u8> {
        let (whole, identifier, length) = match self {
            Self::Sha256 => (0x31, 1, 0x20),
            Self::Sha384 => (0x41, 2, 0x30),
            Self::Sha512 => (0x51, 3, 0x40),
        };
        let object = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, identifier];
        [&[0x30, whole, 0x30, 0x0d], object.as_slice(), &[0x05, 0x00, 0x04, length]].concat()
    }

    /// MGF1 (RFC 8017 appendix B.2.1).
    fn mask(self, seed: &[u8], length: usize) -> Vec<u8> {
        let blocks = (0..u32::MAX).map(|block| self.of(&[seed, &block.to_be_bytes()].concat()));
        blocks.flatten().take(length).collect()
    }
}

fn bytes_of(bits: usize) -> usize {
    bits.div_ceil(8)
}

/// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2) around what stands in for the `DigestInfo` and hash.
fn pkcs1(length: usize, digest: &[u8]) -> Vec<u8> {
    [&[0, 1], vec![0xff; length - digest.len() - 3].as_slice(), &[0], digest].concat()
}

/// EMSA-PSS (RFC 8017 section 9.1.1); each field that is not what it prescribes makes the signature wrong.
struct Pss {
    hash: Hash,
    mask: Hash,
    salt: usize,
    /// What stands before the salt.
    separator: u8,
    /// Before that, the first byte of the padding.
    padding: u8,
    trailer: u8,
    /// The bits above the encoded message are cleared.
    clears: bool,
}

impl Pss {
    fn of(hash: Hash) -> Self {
        let salt = hash.of(b"").len();
        Self { hash, mask: hash, salt, separator: 1, padding: 0, trailer: 0xbc, clears: true }
    }

    fn encoded(&self, key: &Rsa) -> Vec<u8> {
        let bits = key.bits() - 1;
        let salt = vec![0x5a; self.salt];
        let hash = self.hash.of(&[&[0; 8], self.hash.of(MESSAGE).as_slice(), &salt].concat());
        let mut block = vec![0; bytes_of(bits) - hash.len() - 1];
        let separator = block.len() - salt.len() - 1;
        // With the longest salt there is no padding.
        if separator > 0 {
            block[separator - 1] = self.padding;
        }
        block[separator] = self.separator;
        block[separator + 1..].copy_from_slice(&salt);
        let length = block.len();
        for (byte, mask) in block.iter_mut().zip(self.mask.mask(&hash, length)) {
            *byte ^= mask;
        }
        let unused = bytes_of(bits) * 8 - bits;
        if self.clears {
            block[0] &= 0xff >> unused;
        } else {
            block[0] |= 1 << (7 - unused.saturating_sub(1));
        }
        [block, hash, vec![self.trailer]].concat()
    }

    fn signature(&self, key: &Rsa) -> Vec<u8> {
        key.sign_encoded(&self.encoded(key))
    }
}

/// The longest salt that a key has room for.
fn longest_salt(key: &Rsa, hash: Hash) -> usize {
    bytes_of(key.bits() - 1) - hash.of(b"").len() - 2
}

/// A modulus of whole bytes with the usual exponent, and one of a bit more with the least.
fn keys() -> [Rsa; 2] {
    [Rsa::even_bytes(65_537).unwrap(), Rsa::odd_bits(3).unwrap()]
}

#[test]
fn paddings_and_hashes_are_not_interchangeable() {
    for key in keys() {
        let public = key.public();
        for hash in Hash::ALL {
            let [with_pkcs1, with_pss] = hash.algorithms();
            let digest = [hash.digest_info(), hash.of(MESSAGE)].concat();
            let pkcs1 = key.sign_encoded(&pkcs1(key.modulus().len(), &digest));
            for (signed_with, signature) in [(with_pkcs1, pkcs1), (with_pss, Pss::of(hash).signature(&key))] {
                for algorithm in Algorithm::ALL.iter().filter(|algorithm| public.fits(**algorithm)) {
                    let expected = if *algorithm == signed_with { Ok(()) } else { MISMATCH };
                    let result = verify(&public, *algorithm, MESSAGE, &signature);
                    assert_eq!(result, expected, "{signed_with} {algorithm}");
                    assert_eq!(verify(&public, *algorithm, b"other", &signature), MISMATCH);
                }
                let result = verify(&public, Algorithm::Es256, MESSAGE, &signature);
                assert_eq!(result, Err(SignatureError::KeyMismatch));
            }
        }
    }
}

#[test]
fn a_padded_hash_has_one_spelling() {
    for key in keys() {
        let length = key.modulus().len();
        let hash = Sha256::digest(MESSAGE).to_vec();
        let info = Hash::Sha256.digest_info();
        let digest = [info.as_slice(), &hash].concat();
        let good = pkcs1(length, &digest);
        let changed = |index: usize, byte: u8| {
            let mut encoded = good.clone();
            encoded[index] = byte;
            encoded
        };
        let cut = |padding: usize, after: &[u8]| {
            let start = [&[0, 1], vec![0xff; padding].as_slice(), &[0], &digest, after].concat();
            [start.as_slice(), &vec![0; length - start.len()]].concat()
        };
        // Without the NULL of the parameters, and with lengths of several bytes.
        let without_null = [&[0x30, 0x2f, 0x30, 0x0b], &info[4..15], &[0x04, 0x20], &hash].concat();
        let long_length = [&[0x30, 0x81, 0x31], &info[2..], hash.as_slice()].concat();
        let other_info = [Hash::Sha384.digest_info().as_slice(), &hash].concat();
        let longer_hash = [info.as_slice(), &hash, &[0]].concat();
        for (name, encoded, expected) in [
            ("as prescribed", good.clone(), Ok(())),
            ("type 0", changed(1, 0), MISMATCH),
            ("type 2", changed(1, 2), MISMATCH),
            ("a hole in the padding", changed(9, 0xfe), MISMATCH),
            ("a zero in the padding", changed(9, 0), MISMATCH),
            ("no separator", changed(length - digest.len() - 1, 0xff), MISMATCH),
            ("another last byte", changed(length - 1, !hash[31]), MISMATCH),
            ("eight bytes of padding, then zeros", cut(8, &[]), MISMATCH),
            ("no padding, then zeros", cut(0, &[]), MISMATCH),
            ("eight bytes of padding, then anything", cut(8, &[0xab; 100]), MISMATCH),
            ("no NULL", pkcs1(length, &without_null), MISMATCH),
            ("a length of two bytes", pkcs1(length, &long_length), MISMATCH),
            ("another hash's name", pkcs1(length, &other_info), MISMATCH),
            ("a byte after the hash", pkcs1(length, &longer_hash), MISMATCH),
            ("the bare hash", pkcs1(length, &hash), MISMATCH),
            ("nothing but padding", pkcs1(length, &[]), MISMATCH),
            ("zero", vec![0; length], MISMATCH),
        ] {
            let signature = key.sign_encoded(&encoded);
            assert_eq!(verify(&key.public(), Algorithm::Rs256, MESSAGE, &signature), expected, "{name}");
        }
    }
}

#[test]
fn a_salt_is_as_long_as_the_hash() {
    for key in keys() {
        for hash in Hash::ALL {
            let [_, algorithm] = hash.algorithms();
            let length = hash.of(b"").len();
            for salt in [0, 1, 20, length - 1, length, length + 1, longest_salt(&key, hash)] {
                let signature = Pss { salt, ..Pss::of(hash) }.signature(&key);
                let expected = if salt == length { Ok(()) } else { MISMATCH };
                assert_eq!(
                    verify(&key.public(), algorithm, MESSAGE, &signature),
                    expected,
                    "{algorithm} {salt}"
                );
            }
        }
    }
}

#[test]
fn a_salted_hash_is_padded_as_prescribed() {
    for key in keys() {
        let pss = || Pss::of(Hash::Sha256);
        for (name, pss, expected) in [
            ("as prescribed", pss(), Ok(())),
            ("a mask of another hash", Pss { mask: Hash::Sha384, ..pss() }, MISMATCH),
            ("another separator", Pss { separator: 2, ..pss() }, MISMATCH),
            ("no separator", Pss { separator: 0, ..pss() }, MISMATCH),
            ("a padding that is not zero", Pss { padding: 1, ..pss() }, MISMATCH),
            ("another trailer", Pss { trailer: 0xcc, ..pss() }, MISMATCH),
        ] {
            let signature = pss.signature(&key);
            assert_eq!(verify(&key.public(), Algorithm::Ps256, MESSAGE, &signature), expected, "{name}");
        }
    }
    // The bit above the encoded message, where the modulus has one there.
    let key = Rsa::even_bytes(65_537).unwrap();
    let signature = Pss { clears: false, ..Pss::of(Hash::Sha256) }.signature(&key);
    assert_eq!(verify(&key.public(), Algorithm::Ps256, MESSAGE, &signature), MISMATCH);
}

#[test]
fn a_signature_is_a_number_below_the_modulus() {
    for key in keys() {
        let modulus = key.modulus();
        let zero = vec![0; modulus.len()];
        let (mut one, mut below, mut above) = (zero.clone(), modulus.clone(), modulus.clone());
        *one.last_mut().unwrap() = 1;
        *below.last_mut().unwrap() -= 1;
        *above.last_mut().unwrap() += 1;
        let full = vec![0xff; modulus.len()];
        for signature in [&zero, &one, &below, &modulus, &above, &full] {
            for algorithm in Algorithm::ALL.iter().filter(|algorithm| key.public().fits(**algorithm)) {
                assert_eq!(
                    verify(&key.public(), *algorithm, MESSAGE, signature),
                    MISMATCH,
                    "{signature:02x?}"
                );
            }
        }
    }
}

#[test]
fn a_good_signature_plus_the_modulus_is_none() {
    // The modulus of 2049 bits leaves room for it in as many bytes.
    let key = Rsa::odd_bits(3).unwrap();
    let digest = [Hash::Sha256.digest_info(), Hash::Sha256.of(MESSAGE)].concat();
    let signature = key.sign_encoded(&pkcs1(key.modulus().len(), &digest));
    let mut carry = 0;
    let mut sum: Vec<u8> = signature
        .iter()
        .zip(key.modulus())
        .rev()
        .map(|(a, b)| {
            let digit = u16::from(*a) + u16::from(b) + carry;
            carry = digit >> 8;
            u8::try_from(digit & 0xff).unwrap()
        })
        .collect();
    sum.reverse();
    assert_eq!(carry, 0);
    assert_eq!(verify(&key.public(), Algorithm::Rs256, MESSAGE, &signature), Ok(()));
    assert_eq!(verify(&key.public(), Algorithm::Rs256, MESSAGE, &sum), MISMATCH);
}

#[test]
fn a_signature_is_as_long_as_its_modulus() {
    for key in keys() {
        let expected = key.modulus().len();
        let digest = [Hash::Sha256.digest_info(), Hash::Sha256.of(MESSAGE)].concat();
        let signature = key.sign_encoded(&pkcs1(expected, &digest));
        let longer = [&[0], signature.as_slice()].concat();
        for signature in [&signature[1..], &longer, &[]] {
            let result = verify(&key.public(), Algorithm::Rs256, MESSAGE, signature);
            assert_eq!(result, Err(SignatureError::Malformed { expected, found: signature.len() }));
        }
    }
}

#[test]
fn leading_zeros_of_a_signature_count() {
    let key = Rsa::even_bytes(65_537).unwrap();
    let signed = (0..4000_u32).find_map(|number| {
        let message = number.to_be_bytes();
        let digest = [Hash::Sha256.digest_info(), Hash::Sha256.of(&message)].concat();
        let signature = key.sign_encoded(&pkcs1(256, &digest));
        (signature[0] == 0).then_some((message, signature))
    });
    let (message, signature) = signed.unwrap();
    assert_eq!(verify(&key.public(), Algorithm::Rs256, &message, &signature), Ok(()));
    let result = verify(&key.public(), Algorithm::Rs256, &message, &signature[1..]);
    assert_eq!(result, Err(SignatureError::Malformed { expected: 256, found: 255 }));
}

#[test]
fn exponents_from_the_least_to_the_greatest_verify() {
    let largest = (1_u64 << 33) - 1;
    let candidates = [3, 5, 17, 257, 65_537].into_iter().chain((largest - 40..=largest).rev());
    let mut verified = Vec::new();
    for exponent in candidates {
        // Not every exponent has an inverse.
        for key in [Rsa::even_bytes(exponent), Rsa::odd_bits(exponent)].into_iter().flatten() {
            let digest = [Hash::Sha256.digest_info(), Hash::Sha256.of(MESSAGE)].concat();
            let signature = key.sign_encoded(&pkcs1(key.modulus().len(), &digest));
            assert_eq!(verify(&key.public(), Algorithm::Rs256, MESSAGE, &signature), Ok(()), "{exponent}");
            verified.push(exponent);
        }
    }
    assert!(
        verified.contains(&3) && verified.iter().any(|exponent| *exponent >= largest - 40),
        "{verified:?}"
    );
}

#[test]
fn trivial_and_even_numbers_make_no_key() {
    let modulus = Rsa::even_bytes(65_537).unwrap().modulus();
    let mut even = modulus.clone();
    *even.last_mut().unwrap() -= 1;
    for (modulus, exponent) in [
        (&modulus, &[][..]),
        (&modulus, &[0]),
        (&modulus, &[1]),
        (&modulus, &[2]),
        (&modulus, &[1, 0, 0]),
        (&modulus, &[2, 0, 0, 0, 1]),
        (&modulus, &[1, 0, 0, 0, 0, 0, 0, 0, 1]),
        (&even, &[1, 0, 1]),
        (&vec![], &[1, 0, 1]),
        (&vec![0], &[1, 0, 1]),
        (&vec![0xff; 1025], &[1, 0, 1]),
    ] {
        let key = PublicKey::rsa(modulus, exponent);
        assert!(matches!(key, Err(KeyError::RsaRange { .. })), "{key:?} {exponent:?}");
    }
}

#[test]
fn a_short_key_is_refused_however_good_its_signature() {
    let mut modulus = vec![0xff; 256];
    for (first, expected) in [(0x7f, Err(SignatureError::WeakKey)), (0x80, MISMATCH)] {
        modulus[0] = first;
        let key = PublicKey::rsa(&modulus, &[1, 0, 1]).unwrap();
        for algorithm in [Algorithm::Ps256, Algorithm::Rs256] {
            assert_eq!(verify(&key, algorithm, MESSAGE, &[0; 256]), expected);
        }
    }
    let key = PublicKey::rsa(&[0xff; 128], &[1, 0, 1]).unwrap();
    assert_eq!(verify(&key, Algorithm::Rs256, MESSAGE, &[0; 128]), Err(SignatureError::WeakKey));
}

#[test]
fn the_longest_key_is_still_a_key() {
    let mut modulus = vec![0xff; 1024];
    modulus[1023] = 0x0f;
    let key = PublicKey::rsa(&modulus, &[1, 0, 1]).unwrap();
    for algorithm in [Algorithm::Ps512, Algorithm::Rs512] {
        assert_eq!(verify(&key, algorithm, MESSAGE, &[0x12; 1024]), MISMATCH);
    }
}
