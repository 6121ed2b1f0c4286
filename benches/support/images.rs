//! Images of any size with a badge in them, and the bare loops that no reader of them can do without.

use openbadges::unbake::Standard;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::{noise, text};

pub(crate) const KB: usize = 1_000;
pub(crate) const MB: usize = 1_000_000;

/// How the pixels of a PNG are cut into chunks.
#[derive(Clone, Copy)]
pub(crate) enum Pixels {
    One,
    /// As encoders write them.
    Of8Kb,
}

/// Where the badge stands.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    First,
    Last,
}

/// A PNG of about so many bytes. It has no picture to speak of: nothing here decodes one.
pub(crate) fn png(size: usize, pixels: Pixels, place: Place) -> Vec<u8> {
    let badge = text_chunk(&text("ob3/integrity.json"));
    let data = noise(size.saturating_sub(badge.len()).max(1));
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    image.extend(chunk(b"IHDR", &[0, 0, 4, 0, 0, 0, 4, 0, 8, 6, 0, 0, 0]));
    if matches!(place, Place::First) {
        image.extend(&badge);
    }
    let length = match pixels {
        Pixels::One => data.len(),
        Pixels::Of8Kb => 8 * 1024,
    };
    for piece in data.chunks(length) {
        image.extend(chunk(b"IDAT", piece));
    }
    if matches!(place, Place::Last) {
        image.extend(&badge);
    }
    image.extend(chunk(b"IEND", &[]));
    image
}

/// A chunk with a badge.
pub(crate) fn text_chunk(badge: &str) -> Vec<u8> {
    let keyword = Standard::OpenBadges3.keyword().as_bytes();
    chunk(b"iTXt", &[keyword, &[0; 5], badge.as_bytes()].concat())
}

/// A chunk of a PNG.
pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("a short chunk").to_be_bytes();
    let body = [kind.as_slice(), data].concat();
    let checksum = crc32fast::hash(&body).to_be_bytes();
    [length.as_slice(), &body, &checksum].concat()
}

/// The least that finds the end of a PNG: from length to length, each of which has to arrive from memory before the next
/// can be asked for. Returns the number of chunks.
pub(crate) fn bare_walk(image: &[u8]) -> usize {
    let (mut at, mut chunks) = (8_usize, 0);
    while let Some(length) = image.get(at..).and_then(<[u8]>::first_chunk) {
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("a short chunk");
        at = at.saturating_add(length).saturating_add(12);
        chunks += 1;
    }
    chunks
}

/// What an SVG is full of.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Comments,
    Groups,
    LongPaths,
    Paths,
    Rectangles,
    Texts,
}

impl Shape {
    pub(crate) const ALL: [(Self, &'static str); 6] = [
        (Self::Comments, "comments"),
        (Self::Groups, "nested groups"),
        (Self::LongPaths, "long paths"),
        (Self::Paths, "short paths"),
        (Self::Rectangles, "rectangles with 8 attributes"),
        (Self::Texts, "texts"),
    ];

    fn unit(self) -> String {
        match self {
            Self::Comments => format!("<!--{}-->\n", " drawn by hand".repeat(1000)),
            Self::Groups => "<g><g><g></g></g></g>".to_owned(),
            Self::LongPaths => format!("<path d=\"{}Z\"/>\n", "M1 2 L3 4 C5 6 7 8 9 10 ".repeat(400)),
            Self::Paths => "<path d=\"M1 2 L3 4 C5 6 7 8 9 10 Z\" fill=\"#123456\"/>\n".to_owned(),
            Self::Rectangles => "<rect x=\"1\" y=\"2\" width=\"10\" height=\"20\" rx=\"3\" fill=\"#fff\" \
                stroke=\"#000\" stroke-width=\"1\"/>\n"
                .to_owned(),
            Self::Texts => "<text x=\"1\" y=\"2\">some words stand here, and here too</text>\n".to_owned(),
        }
    }
}

/// An SVG of about so many bytes.
pub(crate) fn svg(size: usize, shape: Shape, place: Place) -> Vec<u8> {
    let unit = shape.unit();
    let filling = unit.repeat((size / unit.len()).max(1));
    let image = text("ob3/integrity.svg");
    let baked = match place {
        Place::First => image.replace("</svg>", &format!("{filling}</svg>")),
        Place::Last => {
            let (prolog, rest) = image.split_once("<svg").expect("a root");
            let (attributes, content) = rest.split_once('>').expect("its end");
            format!("{prolog}<svg{attributes}>{filling}{content}")
        }
    };
    baked.into_bytes()
}

/// The least that a reader built on quick-xml does with an SVG. Returns the number of events.
pub(crate) fn bare_events(image: &[u8]) -> usize {
    let mut reader = Reader::from_reader(image);
    let mut events = 0;
    while !matches!(reader.read_event().expect("XML"), Event::Eof) {
        events += 1;
    }
    events
}
