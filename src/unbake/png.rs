//! Finds the badges in a PNG.
//!
//! In: the chunks of an image, in memory or behind a reader. Out: every text chunk with a keyword of ours. All other
//! chunks are stepped over by their length; their content is not looked at, and their checksums only by [`damage`].
//! A reader is asked at most twice for each chunk on average, and never for pixels.
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

    /// How many bytes there are.
    fn size(&mut self) -> Result<u64, Self::Error>;

    /// The bytes from `at` on, as many as asked for or as there are.
    fn read(&mut self, at: u64, length: usize) -> Result<&[u8], Self::Error>;

    /// How many frames stand at `at` and behind it, one for each `stride`, that are the same as `frame`: at most `most`.
    ///
    /// A source that cannot tell without reading answers 0.
    fn repeats(&self, _frame: [u8; 8], _at: u64, _stride: u64, _most: u64) -> u64 {
        0
    }
}

/// An image in memory.
impl Source for &[u8] {
    type Error = Infallible;

    fn size(&mut self) -> Result<u64, Infallible> {
        Ok(u64::try_from(self.len()).unwrap_or(u64::MAX))
    }

    fn read(&mut self, at: u64, length: usize) -> Result<&[u8], Infallible> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        Ok(rest.get(..length).unwrap_or(rest))
    }

    /// Each frame is looked for where the one before leads one to expect it, and not where it says. So the processor
    /// can wait for several at once, where a walk from length to length waits for each in turn.
    fn repeats(&self, frame: [u8; 8], at: u64, stride: u64, most: u64) -> u64 {
        let (Ok(mut at), Ok(stride)) = (usize::try_from(at), usize::try_from(stride)) else { return 0 };
        let mut count = 0;
        while count < most && self.get(at..).and_then(<[u8]>::first_chunk) == Some(&frame) {
            at = at.saturating_add(stride);
            count = count.saturating_add(1);
        }
        count
    }
}

/// An image behind a reader.
pub(crate) struct Seeking<R> {
    reader: R,
    /// Where the reader stands.
    position: Option<u64>,
    /// What was read last, and from where.
    buffer: Vec<u8>,
    buffer_at: u64,
}

impl<R> Seeking<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, position: None, buffer: Vec::new(), buffer_at: 0 }
    }
}

impl<R: Read + Seek> Seeking<R> {
    /// Fills the buffer with the bytes from `at` on, in one call of the reader if that gives them all.
    fn fill(&mut self, at: u64, length: usize) -> io::Result<()> {
        if self.position != Some(at) {
            self.reader.seek(SeekFrom::Start(at))?;
        }
        (self.position, self.buffer_at) = (None, at);
        self.buffer.resize(length, 0);
        let mut filled = 0;
        while let Some(rest) = self.buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.reader.read(rest) {
                Ok(0) => break,
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
        self.buffer.truncate(filled);
        self.position = u64::try_from(filled).ok().map(|filled| at.saturating_add(filled));
        Ok(())
    }

    /// What of the buffer stands at `at`, if it is all there.
    fn buffered(&self, at: u64, length: usize) -> Option<&[u8]> {
        let start = usize::try_from(at.checked_sub(self.buffer_at)?).ok()?;
        self.buffer.get(start..start.checked_add(length)?)
    }
}

impl<R: Read + Seek> Source for Seeking<R> {
    type Error = io::Error;

    fn size(&mut self) -> Result<u64, io::Error> {
        self.position = None;
        self.reader.seek(SeekFrom::End(0))
    }

    fn read(&mut self, at: u64, length: usize) -> Result<&[u8], io::Error> {
        if self.buffered(at, length).is_none() {
            self.fill(at, length)?;
        }
        Ok(self.buffered(at, length).unwrap_or(&self.buffer))
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
    let size = source.size().map_err(Stop::Source)?;
    let (most_chunks, mut chunks) = (limits.get(Limit::PngChunks), 0_u64);
    let mut text_bytes = 0_usize;
    let mut at = SIGNATURE_BYTES;
    loop {
        let is_over = scan.end != 0;
        let chunk = match Chunk::at(source, at, size).map_err(Stop::Source)? {
            Ok(chunk) if chunks == 0 && chunk.kind != *b"IHDR" => {
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
        chunks = chunks.saturating_add(1);
        if let Some(found) = chunk.carrier(source, limits, is_over)? {
            // What inflates to little or nothing has been gone through as well.
            let read = usize::try_from(chunk.length).unwrap_or(usize::MAX);
            let inflated = found.text.as_ref().map_or(0, String::len);
            text_bytes = text_bytes.saturating_add(inflated.max(read));
            limits.check(Limit::AllTextBytes, text_bytes)?;
            scan.found.push(found);
            limits.check(Limit::Carriers, scan.found.len())?;
        }
        at = chunk.end();
        match &chunk.kind {
            b"IHDR" if chunks == 1 => scan.insert_at = at,
            b"IEND" if !is_over => scan.end = at,
            // Encoders write the pixels as chunks of one length.
            b"IDAT" => {
                let stride = chunk.whole_length();
                let most = size.saturating_sub(at).checked_div(stride).unwrap_or(0);
                let more = source.repeats(chunk.frame(), at, stride, most.min(most_chunks));
                chunks = chunks.saturating_add(more);
                at = at.saturating_add(stride.saturating_mul(more));
            }
            _ => (),
        }
        if chunks > most_chunks {
            return Err(limits.exceeded(Limit::PngChunks).into());
        }
    }
    Ok(scan)
}

/// What is wrong with a PNG in memory, the checksum of each chunk included; `None` if nothing is.
///
/// # Errors
/// [`LimitExceeded`]
pub(crate) fn damage(mut input: &[u8], limits: &Limits) -> Result<Option<Damage>, LimitExceeded> {
    let scan = super::scan_slice(input, limits)?;
    let size = scan.end;
    let mut at = SIGNATURE_BYTES;
    while scan.damage.is_none() && at < size {
        let Ok(Ok(chunk)) = Chunk::at(&mut input, at, size) else { break };
        if !chunk.has_its_checksum(input) {
            return Ok(Some(Damage::Checksum { offset: at }));
        }
        at = chunk.end();
    }
    Ok(scan.damage)
}

/// The frame of a chunk: four bytes of length, four of type, the data, four of checksum.
struct Chunk {
    at: u64,
    length: u32,
    kind: [u8; 4],
}

impl Chunk {
    /// Reads the frame of the chunk that begins at `at`, and makes sure that it ends within the file.
    fn at<S: Source>(source: &mut S, at: u64, size: u64) -> Result<Result<Self, Damage>, S::Error> {
        let &[l0, l1, l2, l3, k0, k1, k2, k3] = source.read(at, FRAME_BYTES)? else {
            return Ok(Err(Damage::Truncated));
        };
        let chunk = Self { at, length: u32::from_be_bytes([l0, l1, l2, l3]), kind: [k0, k1, k2, k3] };
        if !chunk.kind.iter().all(u8::is_ascii_alphabetic) {
            return Ok(Err(Damage::ChunkType));
        }
        if chunk.length > MAX_LENGTH {
            return Ok(Err(Damage::ChunkLength { length: chunk.length }));
        }
        Ok(if chunk.end() <= size { Ok(chunk) } else { Err(Damage::Truncated) })
    }

    fn frame(&self) -> [u8; 8] {
        let ([l0, l1, l2, l3], [k0, k1, k2, k3]) = (self.length.to_be_bytes(), self.kind);
        [l0, l1, l2, l3, k0, k1, k2, k3]
    }

    fn data_at(&self) -> u64 {
        self.at.saturating_add(8)
    }

    fn whole_length(&self) -> u64 {
        u64::from(self.length).saturating_add(12)
    }

    fn end(&self) -> u64 {
        self.at.saturating_add(self.whole_length())
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
        // With its checksum and the frame that comes next, which spares a reader from being asked once more.
        let with_next = length.saturating_add(CHECKSUM_BYTES).saturating_add(FRAME_BYTES);
        let bytes = source.read(self.data_at(), with_next).map_err(Stop::Source)?;
        let (data, behind) = bytes.split_at_checked(length).unwrap_or_default();
        if behind.first_chunk() != Some(&self.checksum_of(data)) {
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

    /// Whether the checksum of this chunk of an image is right.
    fn has_its_checksum(&self, image: &[u8]) -> bool {
        let kind_at = self.at.saturating_add(4);
        let range = usize::try_from(kind_at).ok().zip(usize::try_from(self.end()).ok());
        let bytes = range.and_then(|(from, to)| image.get(from..to)).unwrap_or_default();
        let parts = bytes.split_last_chunk();
        parts.is_some_and(|(data, checksum)| crc32fast::hash(data).to_be_bytes() == *checksum)
    }

    /// The checksum that the chunk must have with this data: over type and data (PNG, "Cyclic redundancy code").
    fn checksum_of(&self, data: &[u8]) -> [u8; CHECKSUM_BYTES] {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.kind);
        hasher.update(data);
        hasher.finalize().to_be_bytes()
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

/// Bytes of length and type, before the data of a chunk.
const FRAME_BYTES: usize = 8;

/// Bytes of the checksum, behind the data of a chunk.
const CHECKSUM_BYTES: usize = 4;

/// PNG, "Chunk layout": lengths stay below 2^31.
const MAX_LENGTH: u32 = 0x7FFF_FFFF;

/// PNG, "Textual information": a keyword has at most 79 bytes, and a NUL behind it.
const MAX_KEYWORD: usize = 80;
