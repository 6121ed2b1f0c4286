//! What in a file can carry a badge, and which of several carriers counts.
//!
//! In: everything that the readers of PNG and SVG found. Out: one text, or why there is none.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::jws::JwsError;
use crate::quote::quote;
use crate::sniff::trim;

/// A place in a file where a badge stands, or seems to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    kind: CarrierKind,
    label: Option<Label>,
    offset: u64,
    compressed: bool,
    unused: Option<Unused>,
}

impl Carrier {
    pub(super) fn new(kind: CarrierKind, label: Option<Label>, offset: u64) -> Self {
        Self { kind, label, offset, compressed: false, unused: None }
    }

    /// What it is made of.
    pub fn kind(&self) -> CarrierKind {
        self.kind
    }

    /// The version of Open Badges that it is labelled with; `None` for a file and for a carrier of something else.
    pub fn standard(&self) -> Option<Standard> {
        match self.label? {
            Label::Clr => None,
            Label::Badge(standard) => Some(standard),
        }
    }

    /// Where it begins, in bytes; in the text of an SVG after it was inflated and turned into UTF-8.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether its text is compressed, which both versions forbid.
    pub fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// By the rules of which version its text is read: a Comprehensive Learner Record is baked like an Open Badge 3.0.
    pub(super) fn rules(&self) -> Option<Standard> {
        match self.label? {
            Label::Clr => Some(Standard::OpenBadges3),
            Label::Badge(standard) => Some(standard),
        }
    }

    /// Why the badge was not taken from here; `None` for the one carrier that was used.
    pub fn unused(&self) -> Option<Unused> {
        self.unused
    }

    pub(super) fn compressed(mut self, compressed: bool) -> Self {
        self.compressed = compressed;
        self
    }

    pub(super) fn disregarded(mut self, reason: Unused) -> Self {
        self.unused = Some(reason);
        self
    }
}

impl fmt::Display for Carrier {
    /// Names the place, as in "the iTXt chunk `openbadges` at byte 33".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(label) = self.label else { return f.write_str("the file") };
        match self.kind {
            CarrierKind::File => f.write_str("the file"),
            CarrierKind::ItxtChunk => {
                write!(f, "the iTXt chunk `{}` at byte {}", label.keyword(), self.offset)
            }
            CarrierKind::SvgElement => {
                write!(
                    f,
                    "the element `{}` of {} at byte {}",
                    label.element(),
                    label.namespace(),
                    self.offset
                )
            }
            CarrierKind::TextChunk => {
                write!(f, "the tEXt chunk `{}` at byte {}", label.keyword(), self.offset)
            }
            CarrierKind::ZtxtChunk => {
                write!(f, "the zTXt chunk `{}` at byte {}", label.keyword(), self.offset)
            }
        }
    }
}

/// What a carrier is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CarrierKind {
    /// The whole file: JSON, a JWS or a URL.
    File,
    /// A PNG chunk with international text: what both versions ask for.
    ItxtChunk,
    /// An element of an SVG.
    SvgElement,
    /// A PNG chunk with Latin-1 text: badges from before OB 2.0.
    TextChunk,
    /// A PNG chunk with compressed Latin-1 text. No specification allows it; some validators take it.
    ZtxtChunk,
}

/// The version of Open Badges whose rules a badge was baked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Standard {
    /// Open Badges 2.0 and before.
    OpenBadges2,
    /// Open Badges 3.0.
    OpenBadges3,
}

impl Standard {
    /// The keyword of its PNG chunk.
    pub const fn keyword(self) -> &'static str {
        Label::Badge(self).keyword()
    }

    /// The namespace of its SVG element.
    pub const fn namespace(self) -> &'static str {
        Label::Badge(self).namespace()
    }

    /// The local name of its SVG element.
    pub const fn element(self) -> &'static str {
        Label::Badge(self).element()
    }
}

/// What a carrier claims to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Badge(Standard),
    /// A Comprehensive Learner Record 2.0: no badge, but it may hold some.
    Clr,
}

impl Label {
    const ALL: [Self; 3] =
        [Self::Badge(Standard::OpenBadges2), Self::Badge(Standard::OpenBadges3), Self::Clr];

    pub(super) fn of_keyword(keyword: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.keyword().as_bytes() == keyword)
    }

    /// Whether some namespace makes this name a carrier's.
    pub(super) fn is_of_element(name: &str) -> bool {
        Self::ALL.into_iter().any(|label| label.element() == name)
    }

    pub(super) fn of_element(namespace: &str, name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.namespace() == namespace && label.element() == name)
    }

    /// OB 2.0 "Baking", PNGs; OB 3.0 and CLR 2.0 "Document Formats", PNG.
    const fn keyword(self) -> &'static str {
        match self {
            Self::Badge(Standard::OpenBadges2) => "openbadges",
            Self::Badge(Standard::OpenBadges3) => "openbadgecredential",
            Self::Clr => "clrcredential",
        }
    }

    /// OB 2.0 "Baking", SVGs; OB 3.0 and CLR 2.0 "Document Formats", SVG.
    const fn namespace(self) -> &'static str {
        match self {
            Self::Badge(Standard::OpenBadges2) => "http://openbadges.org",
            Self::Badge(Standard::OpenBadges3) => "https://purl.imsglobal.org/ob/v3p0",
            Self::Clr => "https://purl.imsglobal.org/clr/v2p0",
        }
    }

    const fn element(self) -> &'static str {
        match self {
            Self::Badge(Standard::OpenBadges2) => "assertion",
            Self::Badge(Standard::OpenBadges3) | Self::Clr => "credential",
        }
    }
}

/// Why a carrier was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unused {
    /// It stands behind the end of the image.
    AfterEnd,
    /// Its checksum is wrong.
    Checksum,
    /// It carries a Comprehensive Learner Record, and another carrier a badge.
    Clr,
    /// The image around it is damaged.
    Damaged,
    /// It carries the same text as the carrier that was used.
    Repeated,
    /// The image also carries a badge of a newer version.
    Superseded,
}

impl fmt::Display for Unused {
    /// Goes on from "the iTXt chunk ...".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AfterEnd => "stands behind the end of the image",
            Self::Checksum => "has a wrong checksum",
            Self::Clr => "carries a Comprehensive Learner Record",
            Self::Damaged => "stands in a damaged image",
            Self::Repeated => "carries the same text again",
            Self::Superseded => "carries an older version than another one",
        })
    }
}

/// What is wrong with an image as a whole, so that nothing in it can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// A PNG chunk has another checksum than it should.
    #[error("the chunk at byte {offset} has a wrong checksum")]
    Checksum {
        /// Where the chunk begins.
        offset: u64,
    },
    /// A PNG chunk is longer than the 2^31 - 1 bytes that PNG allows.
    #[error("a chunk claims to be {length} bytes long")]
    ChunkLength {
        /// What it claims.
        length: u32,
    },
    /// The type of a PNG chunk is not four letters.
    #[error("a chunk has a type that is not four letters")]
    ChunkType,
    /// An SVG is in an encoding other than UTF-8, UTF-16 and ISO 8859-1, or not in the one that it claims.
    #[error("the text is not in a known encoding")]
    Encoding,
    /// A PNG does not begin with its header.
    #[error("the first chunk is not `IHDR`")]
    NoHeader,
    /// An SVG is not well-formed XML.
    #[error("the XML is not well-formed at byte {offset}")]
    NotWellFormed {
        /// Where the parser stopped.
        offset: u64,
    },
    /// The file ends before the image does.
    #[error("the file ends before the image does")]
    Truncated,
}

/// Why the text of a carrier is not a badge's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// A compressed text does not inflate, or not to its exact end.
    #[error("its text could not be inflated")]
    Inflate,
    /// The text stands like a JWS, but is none.
    #[error("its text is not a compact JWS")]
    Jws(#[from] JwsError),
    /// A chunk is not laid out as its type asks for.
    #[error("its parts are not where a chunk of this type has them")]
    Layout,
    /// The element of an SVG has elements inside.
    #[error("its element holds other elements")]
    NestedElement,
    /// The text is of none of the forms that may stand here.
    #[error("its text is neither JSON nor a compact JWS nor, in Open Badges 2.0, a URL")]
    Text,
    /// The text of an SVG refers to an entity that is not one of XML's own.
    #[error("its text refers to the entity {}", quote(.name))]
    UnknownEntity {
        /// The entity's name.
        name: String,
    },
    /// A chunk is compressed in a way that PNG does not have.
    #[error("its compression flag is {flag} and its method {method}")]
    UnknownCompression {
        /// The compression flag; 1 in a chunk that has none.
        flag: u8,
        /// The compression method.
        method: u8,
    },
    /// The text begins like a web address, but is none.
    #[error("its text is not a URL")]
    Url,
    /// The text is not UTF-8.
    #[error("its text is not UTF-8")]
    Utf8,
}

/// A carrier with its text, as an image holds it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(super) carrier: Carrier,
    /// Meaningless if the carrier is unused.
    pub(super) text: Result<String, Defect>,
    /// All bytes of the chunk or element.
    pub(super) span: Range<u64>,
}

/// All that an image holds.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(super) found: Vec<Found>,
    pub(super) damage: Option<Damage>,
    /// Where a new carrier goes.
    pub(super) insert_at: u64,
    /// Where the image ends.
    pub(super) end: u64,
}

impl Scan {
    /// What is wrong with the image, if anything is.
    pub(crate) fn damage(&self) -> Option<Damage> {
        self.damage
    }

    /// Whether the image carries a badge of this version that a reader would use.
    pub(crate) fn carries(&self, standard: Standard) -> bool {
        self.found
            .iter()
            .any(|found| found.carrier.standard() == Some(standard) && found.carrier.unused.is_none())
    }

    /// The bytes of an image that has `carrier` and no other carrier of this version, and nothing behind its end.
    pub(crate) fn replace(&self, image: &[u8], standard: Standard, carrier: &[u8]) -> Vec<u8> {
        let piece = |from: u64, to: u64| {
            let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            range.and_then(|(from, to)| image.get(from..to)).unwrap_or_default()
        };
        let mut baked = [piece(0, self.insert_at), carrier].concat();
        let mut kept_to = self.insert_at;
        for Found { carrier, span, .. } in &self.found {
            if carrier.standard() == Some(standard) && carrier.unused != Some(Unused::AfterEnd) {
                baked.extend_from_slice(piece(kept_to, span.start));
                kept_to = span.end;
            }
        }
        baked.extend_from_slice(piece(kept_to, self.end));
        baked
    }
}

/// What the carriers of an image amount to.
pub(super) struct Choices {
    /// What the newest version's carriers amount to.
    pub(super) main: Choice,
    /// The same for the older version, and for a Comprehensive Learner Record, in this order.
    pub(super) besides: Vec<Choice>,
    /// Every carrier, with why it is not the one of `main`.
    pub(super) carriers: Vec<Carrier>,
}

/// What the carriers of one version amount to.
#[derive(Default)]
pub(super) enum Choice {
    Ambiguous,
    Chosen {
        text: String,
        carrier: Carrier,
    },
    Defective {
        carrier: Carrier,
        defect: Defect,
    },
    #[default]
    Nothing,
}

/// Decides which carrier counts, and notes on each other one why it does not.
///
/// NOTE: both versions have a reader stop at the first carrier, so two readers of which one knows only one kind of
/// carrier could show different badges. The newest version's carriers must therefore agree, or none is used.
pub(super) fn choose(scan: Scan) -> Choices {
    let usable = scan.found.iter().filter(|found| found.carrier.unused.is_none());
    let newest = usable.map(|found| found.carrier.standard()).max();
    let mut choices = BTreeMap::<Option<Standard>, Choice>::new();
    let mut carriers = Vec::new();
    for Found { mut carrier, text, .. } in scan.found {
        if carrier.unused.is_none() {
            if scan.damage.is_some() {
                carrier.unused = Some(Unused::Damaged);
            } else {
                let standard = carrier.standard();
                let choice = choices.entry(standard).or_default();
                *choice = std::mem::take(choice).and(&mut carrier, text);
                if Some(standard) != newest {
                    carrier.unused = Some(if standard.is_none() { Unused::Clr } else { Unused::Superseded });
                }
            }
        }
        carriers.push(carrier);
    }
    let mut newest_first = choices.into_values().rev();
    let main = newest_first.next().unwrap_or_default();
    Choices { main, besides: newest_first.collect(), carriers }
}

impl Choice {
    /// The choice with one more carrier of the chosen version.
    fn and(self, carrier: &mut Carrier, text: Result<String, Defect>) -> Self {
        match (self, text) {
            (Self::Ambiguous, _) => Self::Ambiguous,
            (defective @ Self::Defective { .. }, _) => defective,
            (_, Err(defect)) => Self::Defective { carrier: carrier.clone(), defect },
            (Self::Nothing, Ok(text)) => Self::Chosen { text, carrier: carrier.clone() },
            (Self::Chosen { text: first, carrier: used }, Ok(text)) => {
                if trim(first.as_bytes()) != trim(text.as_bytes()) {
                    return Self::Ambiguous;
                }
                carrier.unused = Some(Unused::Repeated);
                Self::Chosen { text: first, carrier: used }
            }
        }
    }
}
