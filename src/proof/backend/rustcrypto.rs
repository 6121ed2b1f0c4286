//! RSA and ECDSA in pure Rust, and the only file that names `rsa`, `p256` and `p384`.
//!
//! In: checked key material, a message, a signature. Out: whether it holds, under the rules of the module above. These
//! crates are asked for public-key operations only: their known weakness, a private key that leaks through the time
//! that decryption takes (RUSTSEC-2023-0071), has nothing here to leak. Their errors hold no more than "no".
//!
//! RFC 7518 sections 3.3 to 3.5, RFC 8017 section 8, SEC 1 section 2.3.4.

use p256::ecdsa::signature::Verifier;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::proof::key::{Curve, EcPoint, RsaKey};
use crate::proof::{Algorithm, SignatureError};

/// Verifies `r` and `s`. The point is checked against its curve, and decompressed where need be.
pub(in crate::proof) fn verify_ecdsa(
    point: &EcPoint,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let octets = point.to_sec1();
    let holds = match point.curve() {
        Curve::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&octets)
                .map_err(|_| SignatureError::InvalidKey)?;
            p256::ecdsa::Signature::from_slice(signature).is_ok_and(|s| key.verify(message, &s).is_ok())
        }
        Curve::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&octets)
                .map_err(|_| SignatureError::InvalidKey)?;
            p384::ecdsa::Signature::from_slice(signature).is_ok_and(|s| key.verify(message, &s).is_ok())
        }
    };
    holds.then_some(()).ok_or(SignatureError::Mismatch)
}

/// Verifies an RSA signature with numbers that are already bounded.
pub(in crate::proof) fn verify_rsa(
    key: &RsaKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let number = BoxedUint::from_be_slice_vartime;
    let key = RsaPublicKey::new(number(key.modulus()), number(&key.exponent_bytes()))
        .map_err(|_| SignatureError::InvalidKey)?;
    let verified = match algorithm {
        Algorithm::Ps256 => key.verify(Pss::<Sha256>::new(), &Sha256::digest(message), signature),
        Algorithm::Ps384 => key.verify(Pss::<Sha384>::new(), &Sha384::digest(message), signature),
        Algorithm::Ps512 => key.verify(Pss::<Sha512>::new(), &Sha512::digest(message), signature),
        Algorithm::Rs256 => key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature),
        Algorithm::Rs384 => key.verify(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message), signature),
        Algorithm::Rs512 => key.verify(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message), signature),
        Algorithm::EdDsa | Algorithm::Es256 | Algorithm::Es384 => return Err(SignatureError::KeyMismatch),
    };
    verified.map_err(|_| SignatureError::Mismatch)
}
