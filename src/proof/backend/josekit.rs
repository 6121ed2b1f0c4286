//! RSA and ECDSA through josekit and OpenSSL, and the only file that names `josekit`.
//!
//! In: checked key material, a message, a signature. Out: whether it holds, under the rules of the module above. The
//! verifier is chosen here, from the algorithm that the caller named and the key's own type; josekit never sees a
//! header, a `kid` or a JWK, so that nothing in a token can steer it. Its errors are not told apart: they hold no more
//! than "no".
//!
//! RFC 7518 sections 3.3 to 3.5.

use josekit::JoseError;
use josekit::jws::{ES256, ES384, JwsVerifier, PS256, PS384, PS512, RS256, RS384, RS512};

use crate::proof::key::{Curve, EcPoint, RsaKey};
use crate::proof::{Algorithm, SignatureError, der, pem};

/// Verifies `r` and `s`. The point reaches OpenSSL as a `SubjectPublicKeyInfo`, where it is checked against its curve.
pub(in crate::proof) fn verify_ecdsa(
    point: &EcPoint,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let info = pem::ec_public_key_info(point);
    let verifier = match point.curve() {
        Curve::P256 => ES256.verifier_from_der(info),
        Curve::P384 => ES384.verifier_from_der(info),
    };
    finish(verifier, message, signature)
}

/// Verifies an RSA signature with numbers that are already bounded.
pub(in crate::proof) fn verify_rsa(
    key: &RsaKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let numbers = [der::unsigned(key.modulus()), der::unsigned(&key.exponent_bytes())].concat();
    let key = der::element(der::SEQUENCE, &numbers);
    match algorithm {
        Algorithm::Ps256 => finish(PS256.verifier_from_der(key), message, signature),
        Algorithm::Ps384 => finish(PS384.verifier_from_der(key), message, signature),
        Algorithm::Ps512 => finish(PS512.verifier_from_der(key), message, signature),
        Algorithm::Rs256 => finish(RS256.verifier_from_der(key), message, signature),
        Algorithm::Rs384 => finish(RS384.verifier_from_der(key), message, signature),
        Algorithm::Rs512 => finish(RS512.verifier_from_der(key), message, signature),
        Algorithm::EdDsa | Algorithm::Es256 | Algorithm::Es384 => Err(SignatureError::KeyMismatch),
    }
}

fn finish(
    verifier: Result<impl JwsVerifier, JoseError>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let verifier = verifier.map_err(|_| SignatureError::InvalidKey)?;
    verifier.verify(message, signature).map_err(|_| SignatureError::Mismatch)
}
