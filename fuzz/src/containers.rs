//! The targets for files and images.

use std::io::Cursor;

use openbadges::bake::{BakeError, bake};
use openbadges::limits::Limits;
use openbadges::sniff::Format;
use openbadges::unbake::{
    Defect, Extracted, Payload, Standard, UnbakeError, UnbakeReadError, image_facts, unbake, unbake_reader,
};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::NsReader;

/// What a file is taken for decides whether it is refused as unrecognised.
pub fn sniff(data: &[u8]) {
    let format = openbadges::sniff::sniff(data);
    let result = unbake(data, &Limits::default());
    match format {
        None => assert_eq!(result, Err(UnbakeError::Unrecognized)),
        // Whether there is an SVG inside is known only after inflating.
        Some(Format::Svgz) => (),
        Some(format) => match result {
            Ok(extracted) => assert_eq!(extracted.format(), format),
            Err(error) => assert_ne!(error, UnbakeError::Unrecognized),
        },
    }
    if matches!(format, Some(Format::Json | Format::Jws | Format::Url)) {
        let padded = [b"\n ".as_slice(), data, b"\r\n"].concat();
        assert_eq!(openbadges::sniff::sniff(&padded), format);
    }
}

/// A PNG as it is, and again with its checksums set right, which a fuzzer can hardly guess.
pub fn unbake_png(data: &[u8]) {
    for file in [data, &with_checksums(data)] {
        extract(file);
        compare_with_decoder(file);
    }
}

/// Where a decoder of pixels reads the file too, it finds the text that was taken for a badge.
fn compare_with_decoder(file: &[u8]) {
    let limits = Limits::default();
    let Ok(extracted) = unbake(file, &limits) else { return };
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes: 8 * 1024 * 1024 });
    decoder.ignore_checksums(false);
    let Ok(mut reader) = decoder.read_info() else { return };
    if reader.output_buffer_size().is_none_or(|size| size > 1024 * 1024) || reader.finish().is_err() {
        return;
    }
    let info = reader.info();
    let international = info.utf8_text.iter().map(|chunk| (chunk.keyword.as_str(), chunk.get_text().ok()));
    let plain =
        info.uncompressed_latin1_text.iter().map(|chunk| (chunk.keyword.as_str(), Some(chunk.text.clone())));
    let packed =
        info.compressed_latin1_text.iter().map(|chunk| (chunk.keyword.as_str(), chunk.get_text().ok()));
    let is_badge = |keyword: &str| matches!(keyword, "openbadges" | "openbadgecredential");
    let texts = international.chain(plain).chain(packed).filter(|(keyword, _)| is_badge(keyword));
    let texts: Vec<String> = texts.filter_map(|(_, text)| text).collect();
    let found = match extracted.payload() {
        Payload::Json(text) => String::from_utf8_lossy(text).into_owned(),
        Payload::Jws(jws) => jws.as_str().to_owned(),
        // Written in its normal form.
        Payload::Url(_) => return,
        other => panic!("{other:?}"),
    };
    // A decoder that gives up on a text, such as a long one, keeps none.
    if texts.len() == extracted.carriers().len() {
        let is_found = |text: &String| text.trim_ascii() == found.trim_ascii();
        assert!(texts.iter().any(is_found), "{found:?} {texts:?}");
    }
}

/// An SVG as it is, and the same bytes inside an SVG.
pub fn unbake_svg(data: &[u8]) {
    extract(data);
    is_well_formed_if_taken(data);
    let start = b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:a='http://openbadges.org' \
        xmlns:c='https://purl.imsglobal.org/ob/v3p0'>";
    let inside = [start, data, b"</svg>"].concat();
    extract(&inside);
    is_well_formed_if_taken(&inside);
}

/// Another parser, asked for everything that it can check, takes whatever yields a badge for well-formed.
fn is_well_formed_if_taken(file: &[u8]) {
    let is_svg = |extracted: &Extracted| extracted.format() == Format::Svg;
    if !unbake(file, &Limits::default()).is_ok_and(|extracted| is_svg(&extracted)) {
        return;
    }
    // Other encodings, UTF-16 with its zeros among them, are brought into this one first.
    let Some(text) = str::from_utf8(file).ok().filter(|text| !text.contains('\0')) else { return };
    let mut reader = NsReader::from_str(text);
    let mut depth = 0;
    loop {
        let is_sound = |tag: &BytesStart<'_>| tag.attributes().all(|attribute| attribute.is_ok());
        match reader.read_event().expect("it was taken") {
            Event::Start(tag) => {
                assert!(is_sound(&tag), "{text}");
                depth += 1;
            }
            Event::Empty(tag) => assert!(is_sound(&tag), "{text}"),
            Event::End(_) => depth -= 1,
            Event::Eof => return assert_eq!(depth, 0, "{text}"),
            _ => {}
        }
    }
}

/// Memory and reader agree; and what comes out can be baked again and comes out the same.
fn extract(file: &[u8]) {
    let limits = Limits::default();
    let from_memory = unbake(file, &limits);
    match (&from_memory, unbake_reader(Cursor::new(file), &limits)) {
        (Ok(one), Ok(other)) => assert_eq!(*one, other),
        (Err(one), Err(UnbakeReadError::Unbake(other))) => assert_eq!(*one, other),
        (one, other) => panic!("{one:?} from memory, {other:?} from a reader"),
    }
    let _facts = image_facts(file, &limits);
    match from_memory {
        Ok(extracted) => bake_again(&extracted),
        // Errors are shown to people.
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
}

fn bake_again(extracted: &Extracted) {
    let text = match extracted.payload() {
        Payload::Json(text) => match str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => return,
        },
        Payload::Jws(jws) => jws.as_str(),
        Payload::Url(url) => url.as_str(),
        other => panic!("{other:?}"),
    };
    let standard = extracted.carrier().standard().unwrap_or(Standard::OpenBadges2);
    for image in [PIXEL, CIRCLE] {
        let baked = match bake(image, text, standard, &Limits::default()) {
            Ok(baked) => baked,
            // Neither JSON nor the bounds are looked at by unbaking; XML allows fewer characters than JSON.
            Err(BakeError::Json(_) | BakeError::Limit(_) | BakeError::Unprintable(_)) => continue,
            // A URL can become longer or stranger when it is written in its normal form.
            Err(BakeError::Text(Defect::Text)) if matches!(extracted.payload(), Payload::Url(_)) => continue,
            Err(error) => panic!("{error}"),
        };
        let again = unbake(&baked, &Limits::default()).expect("what was baked");
        assert_eq!(again.payload(), extracted.payload());
        assert_eq!(again.carriers().len(), 1);
        assert_eq!(bake(&baked, text, standard, &Limits::default()), Ok(baked));
    }
}

/// The file with the right checksum in every chunk that is whole.
fn with_checksums(data: &[u8]) -> Vec<u8> {
    let mut file = data.to_vec();
    let mut at = 8;
    while let Some(frame) = file.get(at..at + 8) {
        let length = usize::try_from(u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]])).unwrap();
        let Some(checked) = file.get(at + 4..at + 8 + length) else { break };
        let checksum = crc(checked).to_be_bytes();
        let Some(place) = file.get_mut(at + 8 + length..at + 12 + length) else { break };
        place.copy_from_slice(&checksum);
        at += 12 + length;
    }
    file
}

/// CRC-32 as PNG defines it, bit by bit.
fn crc(data: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !data.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// A grey pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\
    \0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9BU\
    \0\0\0\x0AIDATx\xDAc`\0\0\0\x02\0\x01\xE5'\xDE\xFC\
    \0\0\0\0IEND\xAE\x42\x60\x82";

const CIRCLE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='4'/></svg>";
