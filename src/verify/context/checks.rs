//! The checks of one evaluation: in the order in which they were noted, each once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::report::Check;

/// Checks in the order in which they were noted, each once.
#[derive(Default)]
pub(super) struct Checks {
    all: Vec<Check>,
    /// The places in `all` by the hash of what stands there, once there are many: a badge of many parts has many checks.
    by_hash: BTreeMap<u64, Vec<usize>>,
}

impl Checks {
    /// Adds a check, unless it is there.
    pub(super) fn add(&mut self, check: Check) {
        if self.all.len() < MANY {
            if !self.all.contains(&check) {
                self.all.push(check);
            }
            return;
        }
        if self.by_hash.is_empty() {
            for (place, check) in self.all.iter().enumerate() {
                self.by_hash.entry(hash(check)).or_default().push(place);
            }
        }
        let places = self.by_hash.entry(hash(&check)).or_default();
        if !places.iter().any(|place| self.all.get(*place) == Some(&check)) {
            places.push(self.all.len());
            self.all.push(check);
        }
    }

    /// All of them.
    pub(super) fn into_vec(self) -> Vec<Check> {
        self.all
    }
}

/// So many checks, and no more, are compared one by one.
const MANY: usize = 64;

fn hash(check: &Check) -> u64 {
    // The keys of this hasher are fixed.
    let mut hasher = DefaultHasher::new();
    check.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CheckCode, Node, Outcome};

    #[test]
    fn keeps_each_check_once_and_in_order_however_many_there_are() {
        let check = |place: usize| {
            Check::new(CheckCode::TimeExpiry, Outcome::Passed)
                .at(Node::default().within(format!("/evidence/{place}")))
        };
        for length in [1, MANY - 1, MANY, MANY + 1, 3 * MANY] {
            let expected: Vec<Check> = (0..length).map(check).collect();
            let mut checks = Checks::default();
            for _ in 0..2 {
                expected.iter().for_each(|check| checks.add(check.clone()));
            }
            assert_eq!(checks.into_vec(), expected);
        }
    }
}
