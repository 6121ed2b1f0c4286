//! Badges in presentations, learner records and lists: an archery club issues the badges, Ada shows them, and a college
//! issues the records.

use serde_json::{Value, json};

use super::edit::with;
use super::jwt::payload;
use super::keys::Ed25519;
use super::ob3::{OPEN_BADGES, VC_2, achievement, credential, status_entry, status_list};
use super::suite::Suite;

mod lists;
mod presentations;
mod records;
mod sealed_tokens;
mod tokens;

/// A list of the club's and of the college's: what is set there is revoked.
const CLUB_LIST: &str = "https://archery.example/status.json";
const COLLEGE_LIST: &str = "https://college.example/status.json";
const REVOKED: usize = 1066;

pub(super) fn make(suite: &mut Suite) {
    let people = People {
        club: Ed25519::of("the archery club"),
        ada: Ed25519::of("ada, who shows her badges"),
        college: Ed25519::of("college.example"),
        mallory: Ed25519::of("mallory.example"),
    };
    for (list, key) in [(CLUB_LIST, &people.club), (COLLEGE_LIST, &people.college)] {
        let bits = status_list(list, &key.did(), "revocation", &[REVOKED]);
        suite.publish(list, &key.seal(&bits, &proof(key)));
    }
    presentations::make(suite, &people);
    tokens::make(suite, &people);
    sealed_tokens::make(suite, &people);
    records::make(suite, &people);
    lists::make(suite, &people);
}

/// Whoever signs something.
struct People {
    club: Ed25519,
    ada: Ed25519,
    college: Ed25519,
    mallory: Ed25519,
}

impl People {
    /// A badge of the club's without proof.
    fn unsigned(&self, number: u8) -> Value {
        credential(
            &format!("urn:uuid:0f4dbb3e-95c1-4a39-8a76-5a1d8e3f70{number:02}"),
            &json!({"id": self.club.did(), "type": ["Profile"], "name": "Long Meadow Archery Club"}),
            &achievement(
                "urn:uuid:0f4dbb3e-95c1-4a39-8a76-5a1d8e3f7000",
                "Straight Shooter",
                "Hits what she aims at.",
                "Six arrows in gold at fifty metres.",
            ),
        )
    }

    /// A badge of the club's.
    fn badge(&self, number: u8) -> Value {
        self.club.seal(&self.unsigned(number), &proof(&self.club))
    }

    /// A badge of the club's that names somebody else than the one that was signed.
    fn tampered(&self, number: u8) -> Value {
        with(&self.badge(number), "/credentialSubject/achievement/name", "Olympic Shooter")
    }

    /// A badge of the club's that it has taken back.
    fn revoked(&self, number: u8) -> Value {
        let entry = status_entry(CLUB_LIST, "revocation", REVOKED);
        self.club.seal(&with(&self.unsigned(number), "/credentialStatus", entry), &proof(&self.club))
    }

    /// A badge of the club's as a JWT.
    fn token(&self, number: u8) -> String {
        self.club.jws(&kid(&self.club), &payload(&self.unsigned(number)))
    }

    /// Ada's presentation of credentials, without proof.
    fn unsigned_presentation(&self, credentials: Value) -> Value {
        json!({
            "@context": [VC_2, OPEN_BADGES],
            "type": ["VerifiablePresentation"],
            "holder": self.ada.did(),
            "verifiableCredential": credentials,
        })
    }

    /// Ada's presentation of credentials, for one host and one occasion.
    fn presentation(&self, credentials: Value) -> Value {
        self.ada.seal(&self.unsigned_presentation(credentials), &shown(&self.ada))
    }
}

/// What a proof on a credential says.
fn proof(key: &Ed25519) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": key.did_method(),
        "proofPurpose": "assertionMethod",
    })
}

/// What a proof on a presentation says.
fn shown(key: &Ed25519) -> Value {
    let proof = with(&proof(key), "/proofPurpose", "authentication");
    with(&with(&proof, "/challenge", "tell me who you are"), "/domain", "wallet.example")
}

fn kid(key: &Ed25519) -> Value {
    json!({"kid": key.did_method()})
}
