//! Reads the little of CBOR that proofs are made of (RFC 8949 section 3).
//!
//! In: bytes. Out: one data item after the other, as the caller asks for them, so that nothing recurses and no memory
//! is spent on what was announced and is not there. Refused: any other kind of item than the one asked for, indefinite
//! lengths, anything after the last item.

/// The bytes that are left.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

/// The item is not there, not whole, or of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unexpected;

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// A number from 0 up.
    pub(super) fn unsigned(&mut self) -> Result<u64, Unexpected> {
        self.head(UNSIGNED)
    }

    /// How many items the array has that begins here.
    pub(super) fn array(&mut self) -> Result<usize, Unexpected> {
        self.length(ARRAY)
    }

    /// How many pairs of items the map has that begins here.
    pub(super) fn map(&mut self) -> Result<usize, Unexpected> {
        self.length(MAP)
    }

    /// A byte string, which may be tagged as an array of bytes (RFC 8746 section 2.1).
    pub(super) fn bytes(&mut self) -> Result<&'b [u8], Unexpected> {
        if let Some(rest) = self.rest.strip_prefix(TAGGED_AS_BYTES) {
            self.rest = rest;
        }
        let length = self.length(BYTES)?;
        self.take(length)
    }

    /// Makes sure that nothing is left.
    pub(super) fn end(self) -> Result<(), Unexpected> {
        if self.rest.is_empty() { Ok(()) } else { Err(Unexpected) }
    }

    fn length(&mut self, major: u8) -> Result<usize, Unexpected> {
        usize::try_from(self.head(major)?).map_err(|_| Unexpected)
    }

    /// The argument of an item of this major type: in the five lower bits of its first byte, or in the bytes after it.
    fn head(&mut self, major: u8) -> Result<u64, Unexpected> {
        let initial = *self.take(1)?.first().ok_or(Unexpected)?;
        if initial >> 5 != major {
            return Err(Unexpected);
        }
        let size = match initial & 0b1_1111 {
            small @ 0..=23 => return Ok(small.into()),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(Unexpected),
        };
        Ok(self.take(size)?.iter().fold(0, |argument, byte| (argument << 8) | u64::from(*byte)))
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], Unexpected> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Unexpected)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// Major types (RFC 8949 section 3.1).
const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// Tag 64, "uint8 Typed Array", in front of a byte string.
const TAGGED_AS_BYTES: &[u8] = &[0xd8, 0x40];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_five_sizes() {
        for (bytes, expected) in [
            (&[0x00][..], 0),
            (&[0x17], 23),
            (&[0x18, 0xff], 255),
            (&[0x19, 0x01, 0x00], 256),
            (&[0x1a, 0x00, 0x01, 0x00, 0x00], 65_536),
            (&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], u64::MAX),
        ] {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.unsigned(), Ok(expected));
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn reads_items_in_turn() {
        // [h'0102', 64(h'03'), {7: h''}]
        let mut reader = Reader::new(&[0x83, 0x42, 1, 2, 0xd8, 0x40, 0x41, 3, 0xa1, 7, 0x40]);
        assert_eq!(reader.array(), Ok(3));
        assert_eq!(reader.bytes(), Ok(&[1, 2][..]));
        assert_eq!(reader.bytes(), Ok(&[3][..]));
        assert_eq!(reader.map(), Ok(1));
        assert_eq!(reader.unsigned(), Ok(7));
        assert_eq!(reader.bytes(), Ok(&[][..]));
        assert_eq!(reader.end(), Ok(()));
    }

    #[test]
    fn refuses_what_was_not_asked_for() {
        for bytes in [
            &[][..],
            &[0x58],
            &[0x42, 1],
            &[0x5f, 0x41, 1, 0xff],
            &[0x5c, 1],
            &[0x61, b'a'],
            &[0xd8, 0x41, 0x41, 1],
            &[0xd8, 0x40, 0xd8, 0x40, 0x41, 1],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ] {
            assert_eq!(Reader::new(bytes).bytes(), Err(Unexpected), "{bytes:x?}");
        }
        assert_eq!(Reader::new(&[0x9f, 0xff]).array(), Err(Unexpected));
        assert_eq!(Reader::new(&[0x20]).unsigned(), Err(Unexpected));
        assert_eq!(Reader::new(&[0]).end(), Err(Unexpected));
    }
}
