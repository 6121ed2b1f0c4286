//! The endorsement: what somebody says about an assertion, a badge class or an issuer.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::assertion::Verification;
use super::parts::{Common, Reference};
use super::{context, plain};
use crate::badge::reading::{At, Reading};
use crate::id::Iri;

/// What somebody says about an object of somebody else's (Open Badges 2.0 "Endorsement").
///
/// One that was revoked is left with less; see [`RevokedNotice`](super::RevokedNotice).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Endorsement {
    /// Where it is hosted, or another id if it is signed.
    pub id: Iri,
    /// What is said, and about what.
    pub claim: EndorsementClaim,
    /// Who says it: a `Profile`.
    pub issuer: Reference,
    /// How it is verified.
    pub verification: Verification,
    /// When it was said.
    pub issued_on: OffsetDateTime,
    /// From when on it no longer holds.
    pub expires: Option<OffsetDateTime>,
    /// What it has in common with other classes.
    pub common: Common,
}

impl Endorsement {
    /// Reads an endorsement that stands at `pointer` of its document; at the root it must name its context.
    pub fn read(json: &Value, pointer: &str) -> Reading<Self> {
        plain::read(json, pointer, Self::from_value)
    }

    pub(super) fn from_value(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        context(&object);
        let class = object.class(&["Endorsement"]);
        let id = object.required("id", At::iri);
        let claim = object.required("claim", EndorsementClaim::read);
        let issuer = object.required("issuer", Reference::read);
        let verification = object.required("verification", Verification::read);
        let issued_on = object.required("issuedOn", At::date_time);
        // NOTE: not a member of "Endorsement", but the context gives it the same meaning wherever it stands.
        let expires = object.optional("expires", At::date_time);
        let common = Common::read(&object);
        class?;
        Some(Self {
            id: id?,
            claim: claim?,
            issuer: issuer?,
            verification: verification?,
            issued_on: issued_on?,
            expires,
            common,
        })
    }
}

/// What an endorsement says ("EndorsementClaim").
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EndorsementClaim {
    /// The id of what is endorsed.
    pub id: Iri,
    /// What the endorser says about it, as Markdown.
    pub comment: Option<String>,
    /// All other members: those of what is endorsed, as the endorser sees them.
    pub members: Map<String, Value>,
}

impl EndorsementClaim {
    fn read(at: At<'_>) -> Option<Self> {
        if at.value().is_string() {
            return Some(Self { id: at.iri()?, comment: None, members: Map::new() });
        }
        let object = at.object()?;
        let id = object.required("id", At::iri);
        let comment = object.optional("endorsementComment", At::text);
        Some(Self { id: id?, comment, members: object.rest() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn endorsement() -> Value {
        json!({
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Endorsement",
            "id": "https://harbour.example/endorsements/1",
            "claim": {"id": "https://rowing.example/badges/1", "endorsementComment": "Sound.", "name": "Scull"},
            "issuer": "https://harbour.example/issuer",
            "verification": {"type": "hosted"},
            "issuedOn": "2026-01-01T00:00Z",
        })
    }

    #[test]
    fn a_claim_says_what_about_what() {
        let read = Endorsement::read(&endorsement(), "");
        assert_eq!(read.violations, []);
        let claim = read.value.unwrap().claim;
        assert_eq!(claim.id.as_str(), "https://rowing.example/badges/1");
        assert_eq!(claim.comment.as_deref(), Some("Sound."));
        assert_eq!(claim.members.keys().collect::<Vec<_>>(), ["name"]);
    }

    #[test]
    fn each_required_member_is_missed() {
        for name in ["type", "id", "claim", "issuer", "verification", "issuedOn"] {
            let mut json = endorsement();
            json.as_object_mut().unwrap().remove(name);
            let read = Endorsement::read(&json, "");
            assert!(read.value.is_none(), "{name}");
            let pointers: Vec<_> = read.violations.iter().map(|violation| violation.pointer()).collect();
            assert_eq!(pointers, [format!("/{name}")]);
        }
    }

    #[test]
    fn a_claim_about_nothing_is_none() {
        let mut json = endorsement();
        json["claim"] = json!({"endorsementComment": "Sound."});
        let read = Endorsement::read(&json, "/endorsement/0");
        assert!(read.value.is_none());
        assert_eq!(read.violations[0].pointer(), "/endorsement/0/claim/id");
    }
}
