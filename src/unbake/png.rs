//! Finds the badges in a PNG.
//!
//! In: the chunks of an image, in memory or behind a reader. Out: every text chunk with a keyword of ours. All other
//! chunks are stepped over by their length; their content and their checksums are not looked at.
//!
//! PNG, sections "Chunk layout" and "Textual information"; OB 2.0 "Baking", PNGs; OB 3.0 "Document Formats", PNG.

use std::convert::Infallible;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::carrier::{Carrier, CarrierKind, Damage, Defect, Found, Label, Scan, Unused};
use super::inflate;
use crate::limits::{Limit, LimitExceeded, Limits};

/// Where the bytes of a PNG come from.
pub(crate) trait Source {
    type Error;

    /// The bytes from `at` on, as many as asked for or as there are.
    fn read(&mut self, at: u64, length: usize) -> Result<&[u8], Self::Error>;
}

/// An image in memory.
impl Source for &[u8] {
    type Error = Infallible;

    fn read(&mut self, at: u64, length: usize) -> Result<&[u8], Infallible> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        Ok(rest.get(..length).unwrap_or(rest))
    }
}

/// An image behind a reader.
pub(crate) struct Seeking<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R> Seeking<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }
}

impl<R: Read + Seek> Source for Seeking<R> {
    type Error = io::Error;

    fn read(&mut self, at: u64, length: usize) -> Result<&[u8], io::Error> {
        self.reader.seek(SeekFrom::Start(at))?;
        self.buffer.clear();
        // The buffer grows with what is really there, not with what was asked for.
        self.reader.by_ref().take(u64::try_from(length).unwrap_or(u64::MAX)).read_to_end(&mut self.buffer)?;
        Ok(&self.buffer)
    }
}

/// Why a search was given up.
pub(crate) enum Stop<E> {
    Limit(LimitExceeded),
    Source(E),
}

impl<E> From<LimitExceeded> for Stop<E> {
    fn from(limit: LimitExceeded) -> Self {
        Self::Limit(limit)
    }
}

/// Searches a PNG to its end and beyond: a badge behind the end is not used, but it is reported.
///
/// # Errors
/// [`Stop`]; a damaged image is no error, but is said in the [`Scan`].
pub(crate) fn scan<S: Source>(source: &mut S, limits: &Limits) -> Result<Scan, Stop<S::Error>> {
    let mut scan = Scan { found: Vec::new(), damage: None, insert_at: 0, end: 0 };
    let mut text_bytes = 0_usize;
    let mut at = SIGNATURE_BYTES;
    for number in 0_usize.. {
        let is_over = scan.end != 0;
        let chunk = match Chunk::at(source, at).map_err(Stop::Source)? {
            Ok(chunk) if number == 0 && chunk.kind != *b"IHDR" => {
                scan.damage = Some(Damage::NoHeader);
                break;
            }
            Ok(chunk) => chunk,
            // What stands behind the end need not be chunks.
            Err(_) if is_over => break,
            Err(damage) => {
                scan.damage = Some(damage);
                break;
            }
        };
        limits.check(Limit::PngChunks, number.saturating_add(1))?;
        if let Some(found) = chunk.carrier(source, limits, is_over)? {
            text_bytes = text_bytes.saturating_add(found.text.as_ref().map_or(0, String::len));
            limits.check(Limit::AllTextBytes, text_bytes)?;
            scan.found.push(found);
            limits.check(Limit::Carriers, scan.found.len())?;
        }
        at = chunk.end();
        match &chunk.kind {
            b"IHDR" if number == 0 => scan.insert_at = at,
            b"IEND" if !is_over => scan.end = at,
            _ => (),
        }
    }
    Ok(scan)
}

/// The frame of a chunk: four bytes of length, four of type, the data, four of checksum.
struct Chunk {
    at: u64,
    length: u32,
    kind: [u8; 4],
}

impl Chunk {
    /// Reads the frame of the chunk that begins at `at`, and makes sure that it ends within the file.
    fn at<S: Source>(source: &mut S, at: u64) -> Result<Result<Self, Damage>, S::Error> {
        let &[l0, l1, l2, l3, k0, k1, k2, k3] = source.read(at, 8)? else {
            return Ok(Err(Damage::Truncated));
        };
        let chunk = Self { at, length: u32::from_be_bytes([l0, l1, l2, l3]), kind: [k0, k1, k2, k3] };
        if !chunk.kind.iter().all(u8::is_ascii_alphabetic) {
            return Ok(Err(Damage::ChunkType));
        }
        if chunk.length > MAX_LENGTH {
            return Ok(Err(Damage::ChunkLength { length: chunk.length }));
        }
        let is_whole = source.read(chunk.checksum_at(), 4)?.len() == 4;
        Ok(if is_whole { Ok(chunk) } else { Err(Damage::Truncated) })
    }

    fn data_at(&self) -> u64 {
        self.at.saturating_add(8)
    }

    fn checksum_at(&self) -> u64 {
        self.data_at().saturating_add(u64::from(self.length))
    }

    fn end(&self) -> u64 {
        self.checksum_at().saturating_add(4)
    }

    /// The carrier that this chunk is, if it is one.
    fn carrier<S: Source>(
        &self,
        source: &mut S,
        limits: &Limits,
        is_behind_end: bool,
    ) -> Result<Option<Found>, Stop<S::Error>> {
        let kind = match &self.kind {
            b"iTXt" => CarrierKind::ItxtChunk,
            b"tEXt" => CarrierKind::TextChunk,
            b"zTXt" => CarrierKind::ZtxtChunk,
            _ => return Ok(None),
        };
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        let start = source.read(self.data_at(), length.min(MAX_KEYWORD)).map_err(Stop::Source)?;
        let Some((keyword, _)) = split_at_nul(start) else { return Ok(None) };
        let Some(label) = Label::of_keyword(keyword) else { return Ok(None) };
        let text_at = keyword.len().saturating_add(1);

        let carrier = Carrier::new(kind, Some(label), self.at);
        let unused = |reason| Found {
            carrier: carrier.clone().disregarded(reason),
            text: Ok(String::new()),
            span: self.span(),
        };
        if is_behind_end {
            return Ok(Some(unused(Unused::AfterEnd)));
        }
        // Counted with its keyword, so that nothing too long is even read.
        limits.check(Limit::TextBytes, length)?;
        let checksum = source.read(self.checksum_at(), 4).map_err(Stop::Source)?.to_vec();
        let data = source.read(self.data_at(), length).map_err(Stop::Source)?;
        if checksum != self.checksum_of(data).to_be_bytes() {
            return Ok(Some(unused(Unused::Checksum)));
        }
        let text = data.get(text_at..).unwrap_or_default();
        let (compressed, text) = match kind {
            CarrierKind::ItxtChunk => (text.first() == Some(&1), international_text(text, limits)?),
            CarrierKind::ZtxtChunk => (true, compressed_text(text, limits)?),
            CarrierKind::File | CarrierKind::SvgElement | CarrierKind::TextChunk => (false, Ok(latin1(text))),
        };
        Ok(Some(Found { carrier: carrier.compressed(compressed), text, span: self.span() }))
    }

    /// The checksum that the chunk must have with this data: over type and data (PNG, "Cyclic redundancy code").
    fn checksum_of(&self, data: &[u8]) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.kind);
        hasher.update(data);
        hasher.finalize()
    }

    fn span(&self) -> Range<u64> {
        self.at..self.end()
    }
}

/// The text of an `iTXt` chunk, of which the keyword was read.
///
/// The language tag and the translated keyword mean nothing here. The compression method of a text that is not
/// compressed is ignored, as PNG asks of decoders.
fn international_text(data: &[u8], limits: &Limits) -> Result<Result<String, Defect>, LimitExceeded> {
    let Some((&[flag, method], rest)) = data.split_first_chunk() else { return Ok(Err(Defect::Layout)) };
    let Some((_language, rest)) = split_at_nul(rest) else { return Ok(Err(Defect::Layout)) };
    let Some((_translated_keyword, text)) = split_at_nul(rest) else { return Ok(Err(Defect::Layout)) };
    let text = match (flag, method) {
        (0, _) => text.to_vec(),
        (1, 0) => match inflate::zlib(text, limits)? {
            Some(text) => text,
            None => return Ok(Err(Defect::Inflate)),
        },
        _ => return Ok(Err(Defect::UnknownCompression { flag, method })),
    };
    Ok(String::from_utf8(text).map_err(|_| Defect::Utf8))
}

/// The text of a `zTXt` chunk, of which the keyword was read.
fn compressed_text(data: &[u8], limits: &Limits) -> Result<Result<String, Defect>, LimitExceeded> {
    Ok(match data.split_first() {
        None => Err(Defect::Layout),
        Some((0, stream)) => inflate::zlib(stream, limits)?.map(|text| latin1(&text)).ok_or(Defect::Inflate),
        Some((method, _)) => Err(Defect::UnknownCompression { flag: 1, method: *method }),
    })
}

/// Latin-1, whose bytes are the first 256 characters.
fn latin1(text: &[u8]) -> String {
    text.iter().copied().map(char::from).collect()
}

fn split_at_nul(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    Some((parts.next()?, parts.next()?))
}

/// Bytes of the PNG signature, behind which the first chunk begins.
const SIGNATURE_BYTES: u64 = 8;

/// PNG, "Chunk layout": lengths stay below 2^31.
const MAX_LENGTH: u32 = 0x7FFF_FFFF;

/// PNG, "Textual information": a keyword has at most 79 bytes, and a NUL behind it.
const MAX_KEYWORD: usize = 80;
