//! Tells whether two badges are the same one, and which of two copies is newer.
//!
//! Open Badges 3.0, "Credential equality and comparison": equal are badges with the same issuer and id, and of equal
//! ones the one with the later `validFrom` replaces the other. Open Badges 2.0 has no such section; its `issuedOn`
//! says the same as `validFrom`, and its badges are compared alike.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::BadgeRecord;
use crate::badge::Badge;
use crate::id::BadgeKey;

/// Which badge something is, and from when on: what a host keeps to recognise a badge that it has already.
///
/// ```
/// use openbadges::id::BadgeKey;
/// use openbadges::import::{Edition, Supersession};
/// use time::macros::datetime;
///
/// let key = BadgeKey::new("https://example.org/issuer", "urn:uuid:1");
/// let stored = Edition::new(key.clone(), datetime!(2026-01-01 00:00 UTC));
/// let uploaded = Edition::new(key, datetime!(2026-02-01 00:00 UTC));
/// assert_eq!(uploaded.compare(&stored), Supersession::Newer);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edition {
    key: BadgeKey,
    #[serde(with = "time::serde::rfc3339")]
    valid_from: OffsetDateTime,
}

impl Edition {
    /// The edition of a badge with this key, valid from this instant on.
    pub fn new(key: BadgeKey, valid_from: OffsetDateTime) -> Self {
        Self { key, valid_from }
    }

    /// The edition that a badge is; `None` if the issuer is not known.
    pub fn of(badge: &Badge) -> Option<Self> {
        Some(Self::new(badge.key()?, badge.valid_from()))
    }

    /// The edition that a record was made of; `None` if the issuer was not known.
    pub fn of_record(record: &BadgeRecord) -> Option<Self> {
        let valid_from = record.additional_details.get("validFrom")?.as_str()?;
        let valid_from = OffsetDateTime::parse(valid_from, &Rfc3339).ok()?;
        let issuer = record.organization_id.as_deref()?;
        Some(Self::new(BadgeKey::new(issuer, &record.id), valid_from))
    }

    /// What makes two badges the same one.
    pub fn key(&self) -> &BadgeKey {
        &self.key
    }

    /// From when on it is valid: `validFrom`, or `issuedOn` in Open Badges 2.0.
    pub fn valid_from(&self) -> OffsetDateTime {
        self.valid_from
    }

    /// Says how this badge stands to one that the host has stored.
    ///
    /// # Security
    /// Both are what the badges state. Let a newer one replace a stored one only if it is not worse in status, or
    /// else a forged copy with a later date pushes the genuine one out.
    pub fn compare(&self, stored: &Self) -> Supersession {
        if self.key != stored.key {
            return Supersession::Different;
        }
        match self.valid_from.cmp(&stored.valid_from) {
            Ordering::Less => Supersession::Older,
            Ordering::Equal => Supersession::Equal,
            Ordering::Greater => Supersession::Newer,
        }
    }
}

/// How a badge stands to one that the host has stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // another badge, or one of three orders
pub enum Supersession {
    /// It is another badge.
    Different,
    /// It is the same one.
    Equal,
    /// It is the same badge, issued anew: it replaces the stored one.
    Newer,
    /// It is the same badge as it was before the stored one was issued.
    Older,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn edition(issuer: &str, id: &str, valid_from: OffsetDateTime) -> Edition {
        Edition::new(BadgeKey::new(issuer, id), valid_from)
    }

    #[test]
    fn issuer_and_id_make_the_badge_and_time_the_edition() {
        let stored = edition("https://example.org/%69ssuer", "urn:uuid:1", datetime!(2026-01-01 00:00 UTC));
        let issuer = "https://example.org/issuer";
        for (other, expected) in [
            (edition(issuer, " urn:uuid:1 ", datetime!(2026-01-01 01:00 +1)), Supersession::Equal),
            (edition(issuer, "urn:uuid:1", datetime!(2026-01-01 00:00:00.001 UTC)), Supersession::Newer),
            (edition(issuer, "urn:uuid:1", datetime!(2026-01-01 00:00 +1)), Supersession::Older),
            (edition(issuer, "urn:uuid:2", datetime!(2026-02-01 00:00 UTC)), Supersession::Different),
            (edition("did:web:a", "urn:uuid:1", datetime!(2026-02-01 00:00 UTC)), Supersession::Different),
        ] {
            assert_eq!(other.compare(&stored), expected, "{other:?}");
        }
    }

    #[test]
    fn it_reads_back() {
        let stored = edition("https://example.org/issuer", "urn:uuid:1", datetime!(2026-01-01 00:00 +1));
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(serde_json::from_str::<Edition>(&text).unwrap(), stored);
    }
}
