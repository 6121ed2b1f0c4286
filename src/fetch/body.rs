//! The body of an answer, without the content coding that a server put around it.
//!
//! In: the lines of `Content-Encoding`, and what came. Out: the bytes that they stand for, never more than the request
//! allows. Only gzip is asked for and undone; what is coded in another way, or more than once, is refused.
//!
//! RFC 9110 section 8.4.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::quote::quote;
use crate::resource::Unavailable;

/// What a coding may add at most: gzip needs some twenty bytes, and five for each block that it could not make smaller.
const MOST_ADDED: u64 = 64 * 1024;

/// How a body is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Identity,
}

impl Coding {
    /// The coding that all lines of `Content-Encoding` together name.
    pub(super) fn named<'a>(lines: impl IntoIterator<Item = Cow<'a, str>>) -> Result<Self, Unavailable> {
        let mut coding = Self::Identity;
        for line in lines {
            for name in line.split(',').map(str::trim) {
                let is_gzip = ["gzip", "x-gzip"].iter().any(|known| name.eq_ignore_ascii_case(known));
                match coding {
                    _ if name.is_empty() || name.eq_ignore_ascii_case("identity") => {}
                    Self::Identity if is_gzip => coding = Self::Gzip,
                    _ => {
                        let why = format!("the content coding {} was not asked for", quote(name));
                        return Err(Unavailable::Transport(why));
                    }
                }
            }
        }
        Ok(coding)
    }

    /// How many bytes a body of so many can have while it is coded.
    pub(super) fn most(self, max_bytes: u64) -> u64 {
        match self {
            Self::Gzip => max_bytes.saturating_add(MOST_ADDED),
            Self::Identity => max_bytes,
        }
    }

    /// The body that came in this coding.
    pub(super) fn undo(self, coded: Vec<u8>, max_bytes: u64) -> Result<Vec<u8>, Unavailable> {
        // A server that has nothing to say may announce a coding all the same.
        if self == Self::Identity || coded.is_empty() {
            return Ok(coded);
        }
        let mut body = Vec::new();
        MultiGzDecoder::new(&*coded)
            .take(max_bytes.saturating_add(1))
            .read_to_end(&mut body)
            .map_err(|error| Unavailable::Transport(format!("the gzip file is damaged: {error}")))?;
        within(body, max_bytes, max_bytes)
    }
}

/// Bytes that are no more than may be read for a request.
pub(super) fn within(bytes: Vec<u8>, most: u64, max_bytes: u64) -> Result<Vec<u8>, Unavailable> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        Ok(bytes)
    } else {
        Err(Unavailable::TooLarge { limit: max_bytes })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_coding_that_is_named_must_be_understood() {
        let table: [(&[&str], Option<Coding>); 12] = [
            (&[], Some(Coding::Identity)),
            (&[""], Some(Coding::Identity)),
            (&["identity"], Some(Coding::Identity)),
            (&["GZip"], Some(Coding::Gzip)),
            (&["x-gzip"], Some(Coding::Gzip)),
            (&["identity, gzip"], Some(Coding::Gzip)),
            (&["identity", "gzip"], Some(Coding::Gzip)),
            (&["br"], None),
            (&["identity, br"], None),
            (&["gzip", "br"], None),
            (&["br", "gzip"], None),
            (&["gzip, gzip"], None),
        ];
        for (lines, expected) in table {
            assert_eq!(Coding::named(lines.iter().map(|&line| line.into())).ok(), expected, "{lines:?}");
        }
    }

    #[test]
    fn what_was_coded_comes_out_and_no_more_than_allowed() {
        let (first, second) = (gzip(b"one, "), gzip(b"two"));
        let both = [first, second].concat();
        assert_eq!(Coding::Gzip.undo(both.clone(), 8).unwrap(), b"one, two");
        assert_eq!(Coding::Gzip.undo(both.clone(), 7), Err(Unavailable::TooLarge { limit: 7 }));
        assert_eq!(Coding::Gzip.undo(Vec::new(), 8).unwrap(), b"");
        assert_eq!(Coding::Identity.undo(both.clone(), 8).unwrap(), both, "bounded before");
        for damaged in [&both[..12], &both[1..], b"{}"] {
            let found = Coding::Gzip.undo(damaged.to_vec(), 8);
            assert!(matches!(found, Err(Unavailable::Transport(_))), "{found:?}");
        }
    }

    #[test]
    fn the_worst_coding_fits_into_its_bound() {
        for length in [0, 1, 65_536, 10 << 20] {
            let coded = u64::try_from(gzip(&vec![7; length]).len()).unwrap();
            assert!(coded <= Coding::Gzip.most(u64::try_from(length).unwrap()), "{length}: {coded}");
        }
    }
}
