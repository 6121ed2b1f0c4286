//! Looks a badge up in what its issuer publishes about revoked ones.
//!
//! In: a status list as it stands in its credential ([`BitString`]) with an index into it, or a revocation list as
//! served ([`RevocationList`]) with the badge's id. Out: the bits at the index, or whether the badge is listed.
//! Whether the list is authentic, current, and about this badge is not judged here, and nothing is fetched.

mod bit_string;
mod list;

pub use bit_string::{BitString, BitStringError, Entry, OutOfRange, StatusIndex, StatusIndexError, look_up};
pub use list::{ListForm, Listed, RevocationList, RevocationListError};
