//! Bitstring status lists.
//!
//! In: an `encodedList`. Out: its bits. The text is base64url of a gzip file; that file may be small and its content
//! enormous, so it is inflated only up to [`Limit::StatusListBytes`]. Exactly one gzip member, with its checksum and
//! length, and nothing after it; the lists that came before may be one zlib stream instead. One pass decodes, inflates and checks it, in pieces: [`look_up`] keeps no more than the
//! entry that it is asked for.
//!
//! Bitstring Status List 1.0 sections 2.1, 2.2 and 3.3; RFC 1950 section 2.2; RFC 1952 section 2.2.

use std::io::{self, BufRead, BufReader, Read};

use base64::DecodeError;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use base64::read::DecoderReader;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use serde_json::Value;

use crate::limits::{Limit, LimitExceeded, Limits};
use crate::quote::quote;

/// The bits of a status list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitString {
    bytes: Vec<u8>,
    is_legacy: bool,
}

impl BitString {
    /// Bitstring Status List 1.0 section 2.2: a list has at least so many entries, so that a badge hides among others.
    pub const MINIMUM_ENTRIES: u64 = 131_072;

    /// Decodes and inflates an `encodedList`.
    ///
    /// NOTE: section 2.2 asks for the multibase prefix `u` and base64url without padding. Lists of its forerunners have no
    /// prefix, and sometimes padding or the standard alphabet; Revocation List 2020 asks for zlib, which its own issuers
    /// write as gzip. They are read too, and [say so](Self::is_legacy).
    ///
    /// # Errors
    /// [`BitStringError`] of any kind.
    pub fn decode(encoded: &str, limits: &Limits) -> Result<Self, BitStringError> {
        let mut bytes = Vec::new();
        let is_legacy = inflate(encoded, limits, |piece| bytes.extend_from_slice(piece))?;
        Ok(Self { bytes, is_legacy })
    }

    /// Whether the text was in the form of Status List 2021 or Revocation List 2020.
    pub const fn is_legacy(&self) -> bool {
        self.is_legacy
    }

    /// How much memory the bits take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// How many bits there are.
    pub fn bits(&self) -> u64 {
        length(&self.bytes).saturating_mul(8)
    }

    /// How many whole entries of `size` bits there are; none of size 0.
    pub fn entries(&self, size: u8) -> u64 {
        self.bits().checked_div(u64::from(size)).unwrap_or(0)
    }

    /// The entry at an index, when each has `size` bits. Bit 0 is the highest bit of the first byte, and the first bit of
    /// an entry its highest (Bitstring Status List 1.0 section 3.2).
    ///
    /// # Errors
    /// [`OutOfRange`] if the list ends before the entry does, or if `size` is not 1 to 64.
    pub fn entry(&self, index: u64, size: u8) -> Result<u64, OutOfRange> {
        let start = start_of(index, size, self.bits())?;
        self.value(start, size).ok_or(OutOfRange { index, size, bits: self.bits() })
    }

    /// So many bits from a position on.
    fn value(&self, start: u64, size: u8) -> Option<u64> {
        let mut value = 0;
        for offset in 0..u64::from(size) {
            value = value << 1 | u64::from(self.bit(start.checked_add(offset)?)?);
        }
        Some(value)
    }

    fn bit(&self, position: u64) -> Option<bool> {
        let byte = self.bytes.get(usize::try_from(position / 8).ok()?)?;
        Some(byte & 0x80 >> (position % 8) != 0)
    }
}

/// One entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    value: u64,
    size: u8,
    bits: u64,
    is_legacy: bool,
}

impl Entry {
    /// Its value.
    pub const fn value(self) -> u64 {
        self.value
    }

    /// How many entries of its size the list has.
    pub fn entries(self) -> u64 {
        self.bits.checked_div(u64::from(self.size)).unwrap_or(0)
    }

    /// Whether the list was in the form of Status List 2021 or Revocation List 2020.
    pub const fn is_legacy(self) -> bool {
        self.is_legacy
    }
}

/// Looks one entry up in an `encodedList`: as [`BitString::decode`] and [`BitString::entry`] do, but without keeping the
/// list, of which the longest allowed would take 16 MiB.
///
/// The whole list is read and its checksum compared, wherever the entry stands.
///
/// # Errors
/// [`BitStringError`] of any kind.
pub fn look_up(encoded: &str, index: u64, size: u8, limits: &Limits) -> Result<Entry, BitStringError> {
    let first_byte = index.saturating_mul(u64::from(size)) / 8;
    let (mut kept, mut passed) = (Vec::with_capacity(ENTRY_BYTES), 0_u64);
    let is_legacy = inflate(encoded, limits, |piece| {
        let before = usize::try_from(first_byte.saturating_sub(passed)).unwrap_or(usize::MAX);
        let missing = ENTRY_BYTES.saturating_sub(kept.len());
        kept.extend(piece.iter().skip(before).take(missing));
        passed = passed.saturating_add(length(piece));
    })?;
    let bits = passed.saturating_mul(8);
    let start = start_of(index, size, bits)?;
    let value = BitString { bytes: kept, is_legacy }.value(start % 8, size);
    let value = value.ok_or(OutOfRange { index, size, bits })?;
    Ok(Entry { value, size, bits, is_legacy })
}

/// Decodes and inflates a list, piece by piece; says whether it was in the form of the lists that came before.
fn inflate(encoded: &str, limits: &Limits, take: impl FnMut(&[u8])) -> Result<bool, BitStringError> {
    limits.check(Limit::ListBytes, encoded.len())?;
    // The first byte of a gzip file or a zlib stream is none that begins with `u` in base64.
    let (digits, engine, is_legacy) = match encoded.strip_prefix('u') {
        Some(digits) => (digits, URL_SAFE_NO_PAD, false),
        None => (encoded, legacy_engine(encoded), true),
    };
    let compressed = DecoderReader::new(digits.as_bytes(), &engine);
    let mut reader = BufReader::with_capacity(PIECE_BYTES, compressed);
    let is_gzip = reader.fill_buf().map_err(BitStringError::of_reading)?.first() == Some(&GZIP);
    let mut rest = if is_legacy && !is_gzip {
        let mut decoder = ZlibDecoder::new(reader);
        pass_on(&mut decoder, limits, take)?;
        decoder.into_inner()
    } else {
        let mut decoder = GzDecoder::new(reader);
        pass_on(&mut decoder, limits, take)?;
        decoder.into_inner()
    };
    let behind = rest.fill_buf().map_err(BitStringError::of_reading)?;
    if behind.is_empty() { Ok(is_legacy) } else { Err(BitStringError::TrailingBytes) }
}

/// Reads to the end or the bound, piece by piece.
fn pass_on(
    decoder: &mut impl Read,
    limits: &Limits,
    mut take: impl FnMut(&[u8]),
) -> Result<(), BitStringError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut inflated = 0_usize;
    loop {
        let count = decoder.read(&mut piece).map_err(BitStringError::of_reading)?;
        inflated = inflated.saturating_add(count);
        limits.check(Limit::StatusListBytes, inflated)?;
        match piece.get(..count) {
            Some([]) | None => return Ok(()),
            Some(bytes) => take(bytes),
        }
    }
}

/// The first bit of an entry.
fn start_of(index: u64, size: u8, bits: u64) -> Result<u64, OutOfRange> {
    let start = index.checked_mul(u64::from(size)).filter(|_| (1..=64).contains(&size));
    let end = start.and_then(|start| start.checked_add(u64::from(size)));
    start.filter(|_| end.is_some_and(|end| end <= bits)).ok_or(OutOfRange { index, size, bits })
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Where an entry stands: a `statusListIndex`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusIndex {
    value: u64,
    was_number: bool,
}

impl StatusIndex {
    /// Reads a `statusListIndex`: a string of decimal digits without superfluous zeros.
    ///
    /// NOTE: Bitstring Status List 1.0 section 2.1 asks for a string. An integer as a JSON number is common, and read too.
    ///
    /// # Errors
    /// [`StatusIndexError`] for everything else: signs, fractions, exponents, and what no list is long enough for.
    pub fn read(value: &Value) -> Result<Self, StatusIndexError> {
        let number = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => decimal(text),
            Value::Array(_) | Value::Bool(_) | Value::Null | Value::Object(_) => None,
        };
        let was_number = value.is_number();
        number.map(|value| Self { value, was_number }).ok_or_else(|| StatusIndexError {
            found: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        })
    }

    /// The index, from 0.
    pub const fn value(self) -> u64 {
        self.value
    }

    /// Whether it stood as a JSON number, where a string is due.
    pub const fn was_number(self) -> bool {
        self.was_number
    }
}

/// Why an `encodedList` is not a bit string.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BitStringError {
    /// The text is not base64url.
    #[error("the list is not base64url")]
    Base64,
    /// The bytes are not a gzip file or zlib stream, or it is cut or damaged.
    #[error("the list is not a sound gzip file")]
    Gzip,
    /// The list is too long, as a text or after inflating.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The entry lies beyond the end of the list.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Something follows the gzip file, such as a second one, which some readers would append and some ignore.
    #[error("something follows the compressed list")]
    TrailingBytes,
}

impl BitStringError {
    /// Of the two that read, the one that could not go on.
    fn of_reading(error: io::Error) -> Self {
        let is_base64 = error.get_ref().is_some_and(|inner| inner.is::<DecodeError>());
        if is_base64 { Self::Base64 } else { Self::Gzip }
    }
}

/// An entry lies beyond the end of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the list of {bits} bits has no entry {index} of {size} bits")]
#[non_exhaustive]
pub struct OutOfRange {
    /// The index that was asked for.
    pub index: u64,
    /// Bits of an entry.
    pub size: u8,
    /// Bits of the list.
    pub bits: u64,
}

/// A `statusListIndex` is not a decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a decimal index, found {}", quote(.found))]
#[non_exhaustive]
pub struct StatusIndexError {
    /// What was found, as JSON unless it was a string.
    pub found: String,
}

/// The first byte of a gzip file (RFC 1952 section 2.3.1), which no zlib stream has.
const GZIP: u8 = 0x1F;

/// Bytes that are inflated at a time. Small enough that an allocator does not hand the memory back each time.
const PIECE_BYTES: usize = 8 * 1024;

/// The most bytes that an entry touches: 64 bits that begin anywhere in a byte end within the ninth.
const ENTRY_BYTES: usize = 9;

/// A decimal number in its only right spelling.
fn decimal(text: &str) -> Option<u64> {
    let is_plain = text == "0" || (!text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit()));
    if is_plain { text.parse().ok() } else { None }
}

/// Base64 of either alphabet, padded or not.
fn legacy_engine(encoded: &str) -> GeneralPurpose {
    let alphabet: &Alphabet = if encoded.contains(['+', '/']) { &STANDARD } else { &URL_SAFE };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use base64::engine::{Engine, general_purpose};
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use serde_json::json;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn encoded(compressed: &[u8]) -> String {
        format!("u{}", URL_SAFE_NO_PAD.encode(compressed))
    }

    fn decode(encoded: &str) -> Result<BitString, BitStringError> {
        BitString::decode(encoded, &Limits::default())
    }

    #[test]
    fn bit_0_is_the_highest_of_the_first_byte() {
        let list = decode(&encoded(&gzip(&[0b1000_0001, 0b0110_0000]))).unwrap();
        let set: Vec<u64> = (0..16).filter(|index| list.entry(*index, 1) == Ok(1)).collect();
        assert_eq!(set, [0, 7, 9, 10]);
        assert_eq!((list.bits(), list.entries(1), list.entries(3), list.entries(0)), (16, 16, 5, 0));
        assert!(!list.is_legacy());
    }

    #[test]
    fn entries_of_several_bits_start_with_their_highest() {
        let list = decode(&encoded(&gzip(&[0b1001_0110, 0xff, 0, 0, 0, 0, 0, 0, 1]))).unwrap();
        assert_eq!(list.entry(0, 2), Ok(0b10));
        assert_eq!(list.entry(1, 2), Ok(0b01));
        assert_eq!(list.entry(2, 3), Ok(0b101));
        assert_eq!(list.entry(0, 64), Ok(0x96ff_0000_0000_0000));
    }

    #[test]
    fn an_entry_beyond_the_end_is_never_clear() {
        let list = decode(&encoded(&gzip(&[0, 0]))).unwrap();
        for (index, size) in
            [(16, 1), (u64::MAX, 1), (8, 2), (5, 3), (0, 17), (u64::MAX / 2, 3), (0, 0), (0, 65), (0, 255)]
        {
            assert_eq!(list.entry(index, size), Err(OutOfRange { index, size, bits: 16 }));
        }
        assert_eq!(decode(&encoded(&gzip(&[]))).unwrap().entry(0, 1).unwrap_err().bits, 0);
    }

    #[test]
    fn an_entry_is_looked_up_as_it_is_in_the_whole_list() {
        let bytes: Vec<u8> =
            (0..100_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let text = encoded(&gzip(&bytes));
        let limits = Limits::default();
        let list = decode(&text).unwrap();
        for size in [0, 1, 2, 3, 7, 8, 13, 63, 64, 65] {
            let last = list.entries(size).saturating_sub(1);
            for index in [0, 1, 2, 7, 9, 4095, 4096, 32 * 1024, last, last + 1, u64::MAX] {
                let found = look_up(&text, index, size, &limits);
                let expected = list.entry(index, size).map_err(BitStringError::OutOfRange);
                assert_eq!(found.clone().map(Entry::value), expected, "{index} of {size}");
                assert!(found.is_err() || found.map(Entry::entries) == Ok(list.entries(size)));
            }
        }
        for (text, is_legacy) in [(text.as_str(), false), (text.trim_start_matches('u'), true)] {
            assert_eq!(look_up(text, 0, 1, &limits).unwrap().is_legacy(), is_legacy);
        }
    }

    #[test]
    fn reads_lists_of_the_forerunner_and_says_so() {
        let compressed = gzip(&(0..=254).rev().collect::<Vec<u8>>());
        let standard = general_purpose::STANDARD.encode(&compressed);
        assert!(standard.contains(['+', '/']) && standard.ends_with('='), "{standard}");
        for engine in [
            general_purpose::STANDARD,
            general_purpose::STANDARD_NO_PAD,
            general_purpose::URL_SAFE,
            URL_SAFE_NO_PAD,
        ] {
            let list = decode(&engine.encode(&compressed)).unwrap();
            assert!(list.is_legacy());
            assert_eq!(list.bits(), 2040);
        }
        for text in [standard, general_purpose::URL_SAFE.encode(&compressed)] {
            assert_eq!(decode(&format!("u{text}")), Err(BitStringError::Base64));
        }
    }

    #[test]
    fn reads_the_zlib_streams_of_lists_before_2021() {
        let zlib = |bytes: &[u8]| {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let stream = zlib(&[0x40; 16_384]);
        let list = decode(&URL_SAFE_NO_PAD.encode(&stream)).unwrap();
        assert_eq!((list.bits(), list.entry(0, 1), list.entry(1, 1)), (131_072, Ok(0), Ok(1)));
        assert!(list.is_legacy());
        // A list of today is gzip.
        assert_eq!(decode(&encoded(&stream)), Err(BitStringError::Gzip));
        let (cut, longer) = (&stream[..stream.len() - 1], [stream.as_slice(), b"x"].concat());
        assert_eq!(decode(&URL_SAFE_NO_PAD.encode(cut)), Err(BitStringError::Gzip));
        assert_eq!(decode(&URL_SAFE_NO_PAD.encode(longer)), Err(BitStringError::TrailingBytes));
        let bomb = URL_SAFE_NO_PAD.encode(zlib(&vec![0; 32 * 1024 * 1024]));
        assert!(matches!(decode(&bomb), Err(BitStringError::Limit(_))));
    }

    #[test]
    fn refuses_a_bomb_after_what_is_allowed() {
        let bomb = encoded(&gzip(&vec![0; 64 * 1024 * 1024]));
        assert!(bomb.len() < 100_000);
        assert!(
            matches!(decode(&bomb), Err(BitStringError::Limit(error)) if error.limit == Limit::StatusListBytes)
        );
    }

    #[test]
    fn a_list_of_exactly_the_allowed_length_is_read_to_its_checksum() {
        let limits = Limits::default().with(Limit::StatusListBytes, 100);
        let mut compressed = gzip(&[1; 100]);
        assert!(BitString::decode(&encoded(&compressed), &limits).is_ok());
        let checksum = compressed.len() - 8;
        compressed[checksum] ^= 1;
        assert_eq!(BitString::decode(&encoded(&compressed), &limits), Err(BitStringError::Gzip));
        let longer = encoded(&gzip(&[1; 101]));
        assert!(matches!(BitString::decode(&longer, &limits), Err(BitStringError::Limit(_))));
    }

    #[test]
    fn refuses_whatever_is_not_one_sound_gzip_file() {
        let good = gzip(&[7; 1000]);
        let changed = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            bytes
        };
        for (compressed, expected) in [
            ([good.clone(), good.clone()].concat(), BitStringError::TrailingBytes),
            ([good.clone(), vec![0]].concat(), BitStringError::TrailingBytes),
            (changed(0), BitStringError::Gzip),
            (changed(2), BitStringError::Gzip),
            (changed(good.len() - 8), BitStringError::Gzip),
            (changed(good.len() - 1), BitStringError::Gzip),
            (good[..good.len() - 1].to_vec(), BitStringError::Gzip),
            (good[..10].to_vec(), BitStringError::Gzip),
            (vec![], BitStringError::Gzip),
            (b"\x78\x9c\x03\x00\x00\x00\x00\x01".to_vec(), BitStringError::Gzip),
        ] {
            assert_eq!(decode(&encoded(&compressed)), Err(expected), "{compressed:x?}");
        }
        assert_eq!(decode("u*"), Err(BitStringError::Base64));
        let long = "u".repeat(5 * 1024 * 1024);
        assert!(
            matches!(decode(&long), Err(BitStringError::Limit(error)) if error.limit == Limit::ListBytes)
        );
    }

    #[test]
    fn an_index_is_a_decimal_number() {
        for (value, index, was_number) in [
            (json!("0"), 0, false),
            (json!("94567"), 94_567, false),
            (json!("18446744073709551615"), u64::MAX, false),
            (json!(0), 0, true),
            (json!(23_452), 23_452, true),
        ] {
            let read = StatusIndex::read(&value).unwrap();
            assert_eq!((read.value(), read.was_number()), (index, was_number), "{value}");
        }
        for value in [
            json!(""),
            json!("-1"),
            json!("+1"),
            json!("00"),
            json!("01"),
            json!(" 1"),
            json!("1e3"),
            json!("1.0"),
            json!("0x1"),
            json!("١"),
            json!("18446744073709551616"),
            json!(-1),
            json!(1.5),
            json!(1e3),
            json!(null),
            json!(["1"]),
        ] {
            assert!(StatusIndex::read(&value).is_err(), "{value}");
        }
    }
}
