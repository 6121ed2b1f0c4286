//! What stands at the seam where the build has no code for RSA and ECDSA: "unsupported", never "wrong".

use crate::proof::key::{EcPoint, RsaKey};
use crate::proof::{Algorithm, SignatureError};

pub(in crate::proof) fn verify_ecdsa(_: &EcPoint, _: &[u8], _: &[u8]) -> Result<(), SignatureError> {
    Err(SignatureError::Unsupported)
}

pub(in crate::proof) fn verify_rsa(
    _: &RsaKey,
    _: Algorithm,
    _: &[u8],
    _: &[u8],
) -> Result<(), SignatureError> {
    Err(SignatureError::Unsupported)
}
