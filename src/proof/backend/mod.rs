//! RSA and ECDSA: the seam between this crate and what does the arithmetic.
//!
//! In: key material whose size was checked, a message, and a signature of the right length. Out: whether it holds.
//! `josekit.rs` finds that out where the feature `jose` is on, otherwise `rustcrypto.rs` under the feature of that name;
//! without either, such signatures are [`Unsupported`](super::SignatureError::Unsupported). Both keep the same rules:
//!
//! - ECDSA: `r` and `s` at full length, big-endian (RFC 7518 section 3.4), each from 1 to the group's order less 1, and
//!   no DER. `s` may lie in either half of its range: neither RFC 7518 nor Data Integrity ECDSA Cryptosuites 1.0 asks
//!   for the lower one. The hash is that of the curve: SHA-256 with P-256, SHA-384 with P-384.
//! - A key that is no point of its curve is [`InvalidKey`](super::SignatureError::InvalidKey), whatever the signature.
//! - RSA: the signature, as a number, is below the modulus (RFC 8017 section 5.2.2).
//! - RSASSA-PKCS1-v1_5: the padded hash is, byte by byte, that of RFC 8017 section 9.2; it is not parsed.
//! - RSASSA-PSS: the salt is as long as the hash, and MGF1 uses the same hash (RFC 7518 section 3.5).
//!
//! Unit tests have both at hand: where josekit is on, each signature goes through both, and they must agree.

#[cfg(not(any(feature = "jose", feature = "rustcrypto")))]
mod absent;
#[cfg(feature = "jose")]
mod josekit;
#[cfg(any(all(feature = "rustcrypto", not(feature = "jose")), all(test, feature = "jose")))]
mod rustcrypto;

#[cfg(test)]
#[cfg(feature = "jose")]
mod agreement_tests;
#[cfg(test)]
#[cfg(any(feature = "jose", feature = "rustcrypto"))]
mod ecdsa_tests;
#[cfg(test)]
#[cfg(any(feature = "jose", feature = "rustcrypto"))]
mod rsa_tests;
#[cfg(test)]
#[cfg(any(feature = "jose", feature = "rustcrypto"))]
pub(super) mod signing;

#[cfg(not(any(feature = "jose", feature = "rustcrypto")))]
pub(super) use self::absent::{verify_ecdsa, verify_rsa};
#[cfg(all(test, feature = "jose"))]
pub(super) use self::agreement_tests::{verify_ecdsa, verify_rsa};
#[cfg(all(feature = "jose", not(test)))]
pub(super) use self::josekit::{verify_ecdsa, verify_rsa};
#[cfg(all(feature = "rustcrypto", not(feature = "jose")))]
pub(super) use self::rustcrypto::{verify_ecdsa, verify_rsa};
