//! Badges in PNG files.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use openbadges::limits::{Limit, Limits};
use openbadges::unbake::{
    CarrierKind, Damage, Defect, Standard, UnbakeError, UnbakeReadError, Unused, png_damage, unbake,
    unbake_reader,
};

use crate::{
    JWS, OB2, OB3, URL, conformance, defect_of, error_of, limit_of, payload_text, text_of, unbake_both,
    unused,
};

pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let checksum = crc32fast::hash(&[kind, data].concat()).to_be_bytes();
    [&length, kind, data, &checksum].concat()
}

/// A grey pixel with some chunks between its header and its data.
pub(crate) fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let pixels = chunk(b"IDAT", &deflate(&[0, 0x80]));
    [SIGNATURE, &header, &chunks.concat(), &pixels, &chunk(b"IEND", b"")].concat()
}

fn itxt(keyword: &str, text: &str) -> Vec<u8> {
    chunk(b"iTXt", &[keyword.as_bytes(), b"\0\0\0\0\0", text.as_bytes()].concat())
}

fn text_chunk(keyword: &str, text: &str) -> Vec<u8> {
    chunk(b"tEXt", &[keyword.as_bytes(), b"\0", text.as_bytes()].concat())
}

fn compressed_itxt(keyword: &str, stream: &[u8]) -> Vec<u8> {
    chunk(b"iTXt", &[keyword.as_bytes(), b"\0\x01\0\0\0", stream].concat())
}

fn ztxt(keyword: &str, stream: &[u8]) -> Vec<u8> {
    chunk(b"zTXt", &[keyword.as_bytes(), b"\0\0", stream].concat())
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn damage_of(input: &[u8]) -> Option<Damage> {
    match error_of(input) {
        UnbakeError::NotBaked { damage, .. } => damage,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_of_text_chunk_is_read_and_named() {
    let table = [
        (itxt("openbadges", OB2), CarrierKind::ItxtChunk, false, OB2),
        (itxt("openbadgecredential", OB3), CarrierKind::ItxtChunk, false, OB3),
        (itxt("openbadges", JWS), CarrierKind::ItxtChunk, false, JWS),
        (compressed_itxt("openbadges", &deflate(OB2.as_bytes())), CarrierKind::ItxtChunk, true, OB2),
        (ztxt("openbadges", &deflate(OB2.as_bytes())), CarrierKind::ZtxtChunk, true, OB2),
        (text_chunk("openbadges", URL), CarrierKind::TextChunk, false, URL),
        (
            text_chunk("openbadges", "{\"name\":\"\u{e9}\"}"),
            CarrierKind::TextChunk,
            false,
            "{\"name\":\"Ã©\"}",
        ),
        (itxt("openbadges", " \r\n\u{feff} {}"), CarrierKind::ItxtChunk, false, "{}"),
        (itxt("openbadges", "\u{feff}{} \n"), CarrierKind::ItxtChunk, false, "{}"),
        // The language tag and the translated keyword mean nothing, nor does the method of what is not compressed.
        (chunk(b"iTXt", b"openbadges\0\0\x07en-GB\0badge\0{}"), CarrierKind::ItxtChunk, false, "{}"),
    ];
    for (chunk, kind, compressed, text) in table {
        let image = png(&[chunk]);
        let extracted = unbake_both(&image, &Limits::default()).unwrap();
        let carrier = extracted.carrier();
        assert_eq!((carrier.kind(), carrier.is_compressed(), carrier.offset()), (kind, compressed, 33));
        assert_eq!(payload_text(extracted.payload()), text);
    }
}

#[test]
fn a_keyword_counts_only_byte_for_byte() {
    let long = "openbadges".repeat(8);
    for keyword in ["OpenBadges", "openbadges ", " openbadges", "openbadge", "openbadgess", "", &long] {
        assert_eq!(damage_of(&png(&[itxt(keyword, OB2)])), None, "{keyword}");
    }
    assert_eq!(damage_of(&png(&[chunk(b"iTXt", b"openbadges")])), None, "no end of the keyword");
    assert_eq!(damage_of(&png(&[chunk(b"itXt", b"openbadges\0\0\0\0\0{}")])), None, "another type of chunk");
}

#[test]
fn a_carrier_whose_text_cannot_be_read_is_an_error() {
    let stream = deflate(OB2.as_bytes());
    let flag = |flag, method| Defect::UnknownCompression { flag, method };
    let mut with_dictionary = stream.clone();
    with_dictionary[1] ^= 0x20;
    let table = [
        (chunk(b"iTXt", b"openbadges\0"), Defect::Layout),
        (chunk(b"iTXt", b"openbadges\0\0\0"), Defect::Layout),
        (chunk(b"iTXt", b"openbadges\0\0\0en\0"), Defect::Layout),
        (chunk(b"zTXt", b"openbadges\0"), Defect::Layout),
        (chunk(b"iTXt", b"openbadges\0\x02\0\0\0{}"), flag(2, 0)),
        (chunk(b"iTXt", b"openbadges\0\x01\x01\0\0{}"), flag(1, 1)),
        (chunk(b"zTXt", b"openbadges\0\x01{}"), flag(1, 1)),
        (compressed_itxt("openbadges", &stream[..stream.len() - 1]), Defect::Inflate),
        (compressed_itxt("openbadges", &[stream.as_slice(), &stream].concat()), Defect::Inflate),
        (compressed_itxt("openbadges", &with_dictionary), Defect::Inflate),
        (compressed_itxt("openbadges", b""), Defect::Inflate),
        (ztxt("openbadges", b"\0"), Defect::Inflate),
        (compressed_itxt("openbadges", &deflate(b"{\xFF}")), Defect::Utf8),
        (chunk(b"iTXt", b"openbadges\0\0\0\0\0{\xFF}"), Defect::Utf8),
        (itxt("openbadges", ""), Defect::Text),
        (itxt("openbadges", "hello"), Defect::Text),
        (itxt("openbadgecredential", URL), Defect::Text),
    ];
    for (chunk, defect) in table {
        assert_eq!(defect_of(&png(&[chunk])), defect);
    }
}

#[test]
fn carriers_of_one_version_must_agree() {
    let same = png(&[itxt("openbadges", OB2), text_chunk("openbadges", &format!("{OB2}\n"))]);
    let extracted = unbake_both(&same, &Limits::default()).unwrap();
    assert_eq!(unused(&extracted), [None, Some(Unused::Repeated)]);
    assert_eq!(extracted.carrier(), &extracted.carriers()[0]);

    for differing in
        [text_chunk("openbadges", URL), itxt("openbadges", OB3), ztxt("openbadges", &deflate(b"{}"))]
    {
        let image = png(&[itxt("openbadges", OB2), differing.clone(), itxt("openbadges", OB2)]);
        assert!(matches!(error_of(&image), UnbakeError::Ambiguous { carriers } if carriers.len() == 3));
    }
    let unreadable = chunk(b"iTXt", b"openbadges\0\x02\0\0\0{}");
    assert!(matches!(
        defect_of(&png(&[itxt("openbadges", OB2), unreadable])),
        Defect::UnknownCompression { .. }
    ));
}

#[test]
fn the_newer_version_is_used_and_the_older_one_reported() {
    let old = itxt("openbadges", OB2);
    let new = itxt("openbadgecredential", OB3);
    for chunks in [[old.clone(), new.clone()], [new, old.clone()]] {
        let extracted = unbake_both(&png(&chunks), &Limits::default()).unwrap();
        assert_eq!(extracted.carrier().standard(), Some(Standard::OpenBadges3));
        assert!(unused(&extracted).contains(&Some(Unused::Superseded)));
        assert_eq!(payload_text(extracted.payload()), OB3);
    }
    // No way back to the older one where the newer one is broken, but well where it is not there.
    assert_eq!(defect_of(&png(&[old.clone(), itxt("openbadgecredential", "broken")])), Defect::Text);
    let mut wrong = itxt("openbadgecredential", OB3);
    *wrong.last_mut().unwrap() ^= 1;
    let extracted = unbake_both(&png(&[old, wrong]), &Limits::default()).unwrap();
    assert_eq!(unused(&extracted), [None, Some(Unused::Checksum)]);
}

#[test]
fn what_is_not_used_is_reported_with_its_reason() {
    let mut wrong = itxt("openbadges", OB2);
    *wrong.last_mut().unwrap() ^= 1;
    let image = [png(&[wrong, itxt("comment", "{}")]), itxt("openbadges", OB2), b"junk".to_vec()].concat();
    let error = error_of(&image);
    let UnbakeError::NotBaked { carriers, damage: None } = &error else { panic!("{error:?}") };
    let reasons: Vec<_> = carriers.iter().map(|carrier| carrier.unused()).collect();
    assert_eq!(reasons, [Some(Unused::Checksum), Some(Unused::AfterEnd)]);
    insta::assert_snapshot!(error.to_string().replace("; ", "\n").replace(": ", "\n"), @r"
    the image carries no badge
    the iTXt chunk `openbadges` at byte 33 has a wrong checksum
    the iTXt chunk `openbadges` at byte 213 stands behind the end of the image
    ");
}

#[test]
fn a_learner_record_stands_back_behind_a_badge() {
    let record = itxt("clrcredential", "{\"type\": \"ClrCredential\"}");
    let extracted = unbake_both(&png(std::slice::from_ref(&record)), &Limits::default()).unwrap();
    assert_eq!((unused(&extracted), extracted.carrier().standard()), (vec![None], None));
    let extracted =
        unbake_both(&png(&[record.clone(), itxt("openbadges", OB2)]), &Limits::default()).unwrap();
    assert_eq!(unused(&extracted), [Some(Unused::Clr), None]);
    let besides: Vec<_> =
        extracted.besides().iter().map(|each| payload_text(&each.as_ref().unwrap().payload)).collect();
    assert_eq!(besides, ["{\"type\": \"ClrCredential\"}"]);
    // A record is never a URL.
    assert_eq!(defect_of(&png(&[itxt("clrcredential", "https://example.org/1")])), Defect::Text);
    let mut wrong = record;
    *wrong.last_mut().unwrap() ^= 1;
    assert!(matches!(error_of(&png(&[wrong])), UnbakeError::NotBaked { .. }));
}

#[test]
fn all_that_an_image_carries_besides_is_told() {
    let old = itxt("openbadges", OB2);
    let new = itxt("openbadgecredential", OB3);
    let of = |chunks: &[Vec<u8>]| unbake_both(&png(chunks), &Limits::default()).unwrap();
    assert_eq!(of(std::slice::from_ref(&new)).besides(), []);
    let both = of(&[old.clone(), new.clone(), old.clone()]);
    assert_eq!(both.besides().len(), 1, "the same text again is the same badge");
    assert_eq!(payload_text(&both.besides()[0].as_ref().unwrap().payload), OB2);
    let differing = of(&[old, itxt("openbadges", "{}"), new.clone()]);
    assert!(matches!(differing.besides(), [Err(UnbakeError::Ambiguous { .. })]));
    let broken = of(&[itxt("openbadges", "broken"), new]);
    assert!(matches!(broken.besides(), [Err(UnbakeError::Malformed { .. })]));
}

#[test]
fn a_damaged_frame_leaves_nothing_to_rely_on() {
    let badge = itxt("openbadges", OB2);
    let whole = png(std::slice::from_ref(&badge));
    assert_eq!(text_of(&whole), OB2);
    for length in SIGNATURE.len()..whole.len() {
        assert_eq!(damage_of(&whole[..length]), Some(Damage::Truncated), "{length} bytes");
    }
    let claiming = |length: u32| [&length.to_be_bytes()[..], b"tEXtopenbadges\0{}\0\0\0\0"].concat();
    let table = [
        (png(&[badge.clone(), claiming(0x7FFF_FFFF)]), Damage::Truncated),
        (png(&[badge.clone(), claiming(0x8000_0000)]), Damage::ChunkLength { length: 0x8000_0000 }),
        (png(&[badge.clone(), claiming(0xFFFF_FFFF)]), Damage::ChunkLength { length: 0xFFFF_FFFF }),
        (png(&[badge.clone(), chunk(b"te\0t", b"")]), Damage::ChunkType),
        ([SIGNATURE, &badge, &whole[SIGNATURE.len()..]].concat(), Damage::NoHeader),
        (SIGNATURE.to_vec(), Damage::Truncated),
    ];
    for (image, damage) in table {
        assert_eq!(damage_of(&image), Some(damage));
    }
}

#[test]
fn no_flipped_bit_changes_the_badge() {
    let whole = png(&[itxt("openbadges", OB2)]);
    for position in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[position / 8] ^= 1 << (position % 8);
        if let Ok(extracted) = unbake_both(&flipped, &Limits::default()) {
            assert_eq!(payload_text(extracted.payload()), OB2, "bit {position}");
        }
    }
}

#[test]
fn the_work_is_bounded() {
    let limits = Limits::default();
    let empty = chunk(b"aaAa", b"");
    assert_eq!(limit_of(&png(&vec![empty.clone(); 10_000]), &limits), Limit::PngChunks);
    assert_eq!(limit_of(&png(&vec![itxt("openbadges", OB2); 17]), &limits), Limit::Carriers);
    let bomb = deflate(&vec![b' '; 64 << 20]);
    assert_eq!(limit_of(&png(&[compressed_itxt("openbadges", &bomb)]), &limits), Limit::TextBytes);
    assert_eq!(limit_of(&png(&[ztxt("openbadges", &bomb)]), &limits), Limit::TextBytes);
    let long = itxt("openbadges", &" ".repeat(1 << 20));
    assert_eq!(limit_of(&png(&[long]), &limits), Limit::TextBytes);
    let full = compressed_itxt("openbadges", &deflate(&vec![b' '; 1 << 20]));
    assert_eq!(limit_of(&png(&vec![full; 5]), &limits), Limit::AllTextBytes);
    // Text of others costs nothing.
    assert_eq!(damage_of(&png(&[itxt("Comment", &" ".repeat(2 << 20))])), None);
}

#[test]
fn no_published_image_without_a_badge_yields_one() {
    let Some(folder) = conformance() else { return };
    let mut images = 0;
    for entry in std::fs::read_dir(folder.join("pngsuite")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "png") {
            images += 1;
            let error = error_of(&std::fs::read(&path).unwrap());
            assert!(
                matches!(error, UnbakeError::NotBaked { .. } | UnbakeError::Unrecognized),
                "{path:?}: {error}"
            );
        }
    }
    assert_eq!(images, 175);
}

/// A PNG of which only the frame exists, and no pixels. It counts what is read, and refuses to be read where a pixel
/// would be.
struct Frame {
    /// What there is, and where.
    parts: Vec<(u64, Vec<u8>)>,
    size: u64,
    chunks: usize,
    at: u64,
    reads: usize,
    bytes: usize,
}

impl Frame {
    fn new() -> Self {
        Self { parts: vec![(0, SIGNATURE.to_vec())], size: 8, chunks: 0, at: 0, reads: 0, bytes: 0 }
            .with(&chunk(b"IHDR", &[0; 13]))
    }

    fn with(mut self, chunk: &[u8]) -> Self {
        self.parts.push((self.size, chunk.to_vec()));
        self.size += u64::try_from(chunk.len()).unwrap();
        self.chunks += 1;
        self
    }

    fn with_pixels(mut self, length: u32) -> Self {
        self.parts.push((self.size, [&length.to_be_bytes()[..], b"IDAT"].concat()));
        self.size += u64::from(length) + 12;
        self.chunks += 1;
        self
    }

    fn with_end(self) -> Self {
        self.with(&chunk(b"IEND", b""))
    }
}

impl Read for Frame {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        let mut count = 0;
        while count < buffer.len() && self.at < self.size {
            let found = self.parts.iter().find_map(|(start, bytes)| {
                bytes.get(usize::try_from(self.at.checked_sub(*start)?).unwrap()..).filter(|b| !b.is_empty())
            });
            let piece = found.unwrap_or_else(|| panic!("byte {} is a pixel's", self.at));
            let length = piece.len().min(buffer.len() - count);
            buffer[count..count + length].copy_from_slice(&piece[..length]);
            (count, self.at) = (count + length, self.at + u64::try_from(length).unwrap());
        }
        self.bytes += count;
        Ok(count)
    }
}

impl Seek for Frame {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(0) => self.size,
            _ => panic!("{to:?}"),
        };
        Ok(self.at)
    }
}

#[test]
fn a_reader_is_asked_at_most_twice_for_each_chunk_and_never_for_pixels() {
    let (badge, comment) = (itxt("openbadges", OB2), itxt("Comment", &"x".repeat(5000)));
    let huge = || Frame::new().with(&badge).with_pixels(0x7FFF_FFFF).with(&badge).with_end();
    let many = |count| (0..count).fold(Frame::new(), |image, _| image.with_pixels(8192));
    for (mut image, most_bytes) in [
        (huge(), 2000),
        (many(3000).with(&badge).with_end(), 3000 * 8 + 2000),
        (many(1).with(&badge).with(&badge).with(&badge).with_end(), 2000),
        (many(1).with(&comment).with(&comment).with(&badge).with(&comment).with_end(), 2000),
    ] {
        let extracted = unbake_reader(&mut image, &Limits::default()).unwrap();
        assert_eq!(payload_text(extracted.payload()), OB2);
        assert!(image.reads <= 2 * image.chunks, "{} reads for {} chunks", image.reads, image.chunks);
        assert!(image.bytes <= most_bytes, "{} bytes", image.bytes);
    }
    assert!(matches!(
        unbake_reader(many(10_000).with_end(), &Limits::default()),
        Err(UnbakeReadError::Unbake(UnbakeError::Limit(_)))
    ));
}

#[test]
fn a_reader_that_gives_little_at_a_time_is_asked_again() {
    struct Slow(Cursor<Vec<u8>>, bool);
    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let one = buffer.len().min(1);
            self.0.read(&mut buffer[..one])
        }
    }
    impl Seek for Slow {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let image = png(&[itxt("Comment", "none"), itxt("openbadges", OB2)]);
    let slow = Slow(Cursor::new(image.clone()), false);
    assert_eq!(unbake_reader(slow, &Limits::default()).unwrap(), unbake(&image, &Limits::default()).unwrap());
}

#[test]
fn chunks_of_one_length_are_counted_one_by_one() {
    let pixels = |count: usize| vec![chunk(b"IDAT", &[0; 100]); count].concat();
    let image = |count| png(&[pixels(count), itxt("openbadges", OB2)]);
    // With header, badge, the pixels that `png` adds, and the end.
    assert_eq!(text_of(&image(9_996)), OB2);
    assert_eq!(limit_of(&image(9_997), &Limits::default()), Limit::PngChunks);
    for missing in 1..120 {
        let whole = [SIGNATURE, &chunk(b"IHDR", &[0; 13]), &pixels(50)].concat();
        assert_eq!(damage_of(&whole[..whole.len() - missing]), Some(Damage::Truncated), "{missing} bytes");
    }
}

#[test]
fn each_wrong_checksum_damages_an_image() {
    let limits = Limits::default();
    let image = png(&[itxt("openbadges", OB2), itxt("Comment", "none")]);
    assert_eq!(png_damage(&image, &limits), Ok(None));
    assert_eq!(png_damage(&[&image, b"behind the end".as_slice()].concat(), &limits), Ok(None));
    for position in 0..image.len() {
        let mut changed = image.clone();
        changed[position] ^= 1;
        assert!(matches!(png_damage(&changed, &limits), Ok(Some(_))), "byte {position}");
        assert!(matches!(png_damage(&image[..position], &limits), Ok(Some(_))), "{position} bytes");
    }
    let mut changed = image.clone();
    *changed.last_mut().unwrap() ^= 1;
    let offset = u64::try_from(image.len()).unwrap() - 12;
    assert_eq!(png_damage(&changed, &limits), Ok(Some(Damage::Checksum { offset })));
}

#[test]
fn a_failing_reader_is_told_from_a_bad_file() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("no disk"))
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }
    assert!(matches!(unbake_reader(Failing, &Limits::default()), Err(UnbakeReadError::Read(_))));
    assert_eq!(unbake(b"", &Limits::default()), Err(UnbakeError::Unrecognized));
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
