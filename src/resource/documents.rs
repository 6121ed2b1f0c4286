//! The documents that a host has supplied.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Response, Retrieval, Target, Unavailable};

/// What is known of each target: an answer, or why there is none.
///
/// With the input, the policy and the time, these documents determine the report. Serialised they are the offline
/// bundle, the cache, and the record of what a verdict rested on.
///
/// ```
/// use openbadges::resource::{Documents, Response, Target};
/// use time::macros::datetime;
///
/// let url: url::Url = "https://example.org/issuer".parse()?;
/// let mut documents = Documents::default();
/// documents.insert(Target::url(url.clone()), Ok(Response::new(200, url, b"{}".to_vec(), datetime!(2026-11-22 0:00 UTC))));
///
/// let stored = serde_json::to_string(&documents)?;
/// assert_eq!(serde_json::from_str::<Documents>(&stored)?, documents);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// A bundle is as trustworthy as whoever filled it. Fill it from your own fetches or your own cache, and never from
/// what the person who presents the badge sends along: they could forge the issuer's profile and the hosted assertion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Entry>", from = "Vec<Entry>")]
pub struct Documents {
    entries: BTreeMap<Target, Retrieval>,
}

impl Documents {
    /// Puts in what is known of a target; of two responses the one that was retrieved later stays.
    pub fn insert(&mut self, target: Target, retrieval: Retrieval) {
        let is_newer = match (self.entries.get(&target), &retrieval) {
            (Some(Ok(old)), Ok(new)) => new.retrieved_at() >= old.retrieved_at(),
            (Some(Ok(_)), Err(_)) => false,
            _ => true,
        };
        if is_newer {
            self.entries.insert(target, retrieval);
        }
    }

    /// What is known of a target.
    pub fn get(&self, target: &Target) -> Option<&Retrieval> {
        self.entries.get(target)
    }

    /// Everything, ordered by target.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &Retrieval)> {
        self.entries.iter()
    }
}

impl FromIterator<(Target, Retrieval)> for Documents {
    fn from_iter<I: IntoIterator<Item = (Target, Retrieval)>>(entries: I) -> Self {
        let mut documents = Self::default();
        entries.into_iter().for_each(|(target, retrieval)| documents.insert(target, retrieval));
        documents
    }
}

/// One row of the serialised form.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    target: Target,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Response>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unavailable: Option<Unavailable>,
}

impl From<Documents> for Vec<Entry> {
    fn from(documents: Documents) -> Self {
        let row = |(target, retrieval): (Target, Retrieval)| match retrieval {
            Ok(response) => Entry { target, response: Some(response), unavailable: None },
            Err(unavailable) => Entry { target, response: None, unavailable: Some(unavailable) },
        };
        documents.entries.into_iter().map(row).collect()
    }
}

impl From<Vec<Entry>> for Documents {
    fn from(rows: Vec<Entry>) -> Self {
        let entry = |row: Entry| {
            let missing = row.unavailable.unwrap_or(Unavailable::Declined);
            (row.target, row.response.ok_or(missing))
        };
        rows.into_iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_later_answer_stays_whatever_the_order() {
        let url: url::Url = "https://example.org/".parse().unwrap();
        let answer = |body: &str, at| Ok(Response::new(200, url.clone(), body.as_bytes().to_vec(), at));
        let (old, new) =
            (answer("old", datetime!(2026-01-01 0:00 UTC)), answer("new", datetime!(2026-01-02 0:00 UTC)));
        let target = Target::url(url.clone());
        for order in [[&old, &new], [&new, &old]] {
            let documents: Documents = order.into_iter().map(|each| (target.clone(), each.clone())).collect();
            assert_eq!(documents.get(&target), Some(&new));
        }
        let documents: Documents =
            [(target.clone(), old.clone()), (target.clone(), Err(Unavailable::Dns))].into_iter().collect();
        assert_eq!(documents.get(&target), Some(&old), "a failure does not take away what was had");
    }
}
