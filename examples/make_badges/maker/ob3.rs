//! Open Badges 3.0: what the badges of all issuers have in common.

use serde_json::{Value, json};

use super::deflate::{USUAL, gzip};
use super::ob2::{ADA, hashed};

pub(super) const VC_1: &str = "https://www.w3.org/2018/credentials/v1";
pub(super) const VC_2: &str = "https://www.w3.org/ns/credentials/v2";
pub(super) const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

/// A badge of VC 2.0 without proof.
pub(super) fn credential(id: &str, issuer: &Value, achievement: &Value) -> Value {
    json!({
        "@context": [VC_2, OPEN_BADGES],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": id,
        "name": achievement["name"],
        "issuer": issuer,
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": subject(achievement),
    })
}

/// A badge of VC 1.1 without proof.
pub(super) fn credential_1(id: &str, issuer: &Value, achievement: &Value) -> Value {
    json!({
        "@context": [VC_1, OPEN_BADGES],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": id,
        "name": achievement["name"],
        "issuer": issuer,
        "issuanceDate": "2026-03-01T09:00:00Z",
        "credentialSubject": subject(achievement),
    })
}

/// Ada, by the hash of her e-mail address.
fn subject(achievement: &Value) -> Value {
    json!({
        "type": ["AchievementSubject"],
        "identifier": [{
            "type": "IdentityObject",
            "identityType": "emailAddress",
            "hashed": true,
            "salt": "spindrift",
            "identityHash": hashed(ADA, "spindrift"),
        }],
        "achievement": achievement,
    })
}

pub(super) fn achievement(id: &str, name: &str, description: &str, criteria: &str) -> Value {
    json!({
        "id": id,
        "type": ["Achievement"],
        "name": name,
        "description": description,
        "criteria": {"narrative": criteria},
    })
}

/// A credential that holds one bit for each of 131,072 badges, some of which are set.
pub(super) fn status_list(url: &str, issuer: &str, purpose: &str, set: &[usize]) -> Value {
    json!({
        "@context": [VC_2],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": url,
        "issuer": issuer,
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": {
            "id": format!("{url}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded_list(set),
        },
    })
}

/// A place in a status list.
pub(super) fn status_entry(list: &str, purpose: &str, index: usize) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index.to_string(),
        "statusListCredential": list,
    })
}

/// Bits, compressed and encoded (Bitstring Status List 1.0 section 3.1).
fn encoded_list(set: &[usize]) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let bytes: Vec<u8> = (0..131_072 / 8)
        .map(|byte| (0..8).fold(0, |bits, bit| bits << 1 | u8::from(set.contains(&(byte * 8 + bit)))))
        .collect();
    format!("u{}", URL_SAFE_NO_PAD.encode(gzip(&bytes, USUAL)))
}
