//! The algorithms with which identities are hashed (Open Badges 2.0 and 3.0 "IdentityHash").

use md5::Md5;
use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::badge::Version;

/// An algorithm that identities are hashed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// MD5 (RFC 1321).
    Md5,
    /// SHA-1; only before Open Badges 2.0.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512; only before Open Badges 2.0.
    Sha512,
}

/// The algorithm of this name, if the version has it. Names are compared without case.
pub(super) fn algorithm(version: Version, name: &str) -> Option<HashAlgorithm> {
    let is_legacy = version < Version::V2_0;
    match name.to_ascii_lowercase().as_str() {
        "md5" => Some(HashAlgorithm::Md5),
        "sha1" if is_legacy => Some(HashAlgorithm::Sha1),
        "sha256" => Some(HashAlgorithm::Sha256),
        "sha512" if is_legacy => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

/// The hexadecimal digest of an identity, with the salt appended.
pub(super) fn digest(algorithm: HashAlgorithm, identity: &str, salt: &str) -> String {
    match algorithm {
        HashAlgorithm::Md5 => hex::<Md5>(identity, salt),
        HashAlgorithm::Sha1 => hex::<Sha1>(identity, salt),
        HashAlgorithm::Sha256 => hex::<Sha256>(identity, salt),
        HashAlgorithm::Sha512 => hex::<Sha512>(identity, salt),
    }
}

fn hex<D: Digest>(identity: &str, salt: &str) -> String {
    let digest = D::new().chain_update(identity).chain_update(salt).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
