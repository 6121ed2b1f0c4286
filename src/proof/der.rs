//! Just enough DER for public keys: one element at a time, definite lengths, no recursion.
//!
//! In: bytes of at most a few kilobytes, as cut by the caller. Out: slices of them. Refused: indefinite and
//! non-minimal lengths, tags of several bytes. ITU-T X.690 sections 8.1 and 10.1.

/// `INTEGER`.
pub(super) const INTEGER: u8 = 0x02;
/// `BIT STRING`.
pub(super) const BIT_STRING: u8 = 0x03;
/// `NULL`.
pub(super) const NULL: u8 = 0x05;
/// `OBJECT IDENTIFIER`.
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
/// `SEQUENCE`, constructed.
pub(super) const SEQUENCE: u8 = 0x30;

/// Reads elements one after the other.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The content of the next element, if it has this tag and is well formed.
    pub(super) fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, rest) = self.rest.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81 | 0x82 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
                let least = if *first == 0x81 { 0x80 } else { 0x100 };
                (length >= least).then_some((length, rest))?
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        (*found == tag).then(|| {
            self.rest = rest;
            content
        })
    }

    /// An `INTEGER` that is not negative, big-endian, without the zero that keeps it positive.
    pub(super) fn unsigned(&mut self) -> Option<&'a [u8]> {
        let content = self.element(INTEGER)?;
        let (first, rest) = content.split_first()?;
        match (*first, rest.first()) {
            (0, Some(0x80..)) => Some(rest),
            (0, Some(_)) | (0x80.., _) => None,
            _ => Some(content),
        }
    }

    /// Whether nothing is left.
    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

/// An element of less than 64 KiB; longer content gives bytes that no reader takes.
#[cfg_attr(not(feature = "jose"), allow(dead_code))]
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    let head: &[u8] = match length {
        [0, short @ 0..=0x7f] => &[tag, short],
        [0, byte] => &[tag, 0x81, byte],
        [high, low] => &[tag, 0x82, high, low],
    };
    [head, content].concat()
}

/// An `INTEGER` from a big-endian number without leading zeros.
#[cfg_attr(not(feature = "jose"), allow(dead_code))]
pub(super) fn unsigned(number: &[u8]) -> Vec<u8> {
    match number.first() {
        Some(0x80..) => element(INTEGER, &[&[0], number].concat()),
        _ => element(INTEGER, number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for length in [0, 1, 127, 128, 255, 256, 65_535] {
            let content = vec![0x55; length];
            let written = element(SEQUENCE, &content);
            let mut reader = Reader::new(&written);
            assert_eq!(reader.element(SEQUENCE), Some(content.as_slice()), "{length}");
            assert!(reader.is_empty());
        }
        for number in [&[0x01][..], &[0x7f], &[0x80], &[0xff, 0]] {
            let written = unsigned(number);
            assert_eq!(Reader::new(&written).unsigned(), Some(number));
        }
    }

    #[test]
    fn refuses_other_spellings() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x01",                 // content missing
            b"\x30\x80\x00\x00",         // indefinite
            b"\x30\x81\x01\x00",         // length not minimal
            b"\x30\x82\x00\x80",         // length not minimal
            b"\x30\x84\xff\xff\xff\xff", // longer than any key
            b"\x31\x00",                 // another tag
        ] {
            assert_eq!(Reader::new(bytes).element(SEQUENCE), None, "{bytes:x?}");
        }
        for bytes in [&b"\x02\x00"[..], b"\x02\x01\x80", b"\x02\x02\x00\x01"] {
            assert_eq!(Reader::new(bytes).unsigned(), None, "{bytes:x?}");
        }
    }
}
