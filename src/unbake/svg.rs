//! Finds the badges in an SVG.
//!
//! In: an SVG as UTF-8, UTF-16 or ISO 8859-1. Out: every element below the root that is called as a badge's is, by
//! namespace and not by prefix. Tags, attributes and references must be well-formed to the end of the document, or
//! nothing in it is used; what moves no element, such as a second document type or `--` in a comment, is let pass. The
//! document type is skipped: no entity is expanded beyond XML's own five and character references, and nothing is fetched.
//!
//! OB 2.0 "Baking", SVGs; OB 3.0 "Document Formats", SVG.
//!
//! NOTE: both say that the element stands directly below the root, and also that a reader takes the first it finds. Here
//! it may stand at any depth: a second one deeper down is what another reader may find first, so it has to agree.

use std::borrow::Cow;

use quick_xml::escape::{EscapeError, resolve_xml_entity};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesText, Event};
use quick_xml::name::QName;
use quick_xml::reader::Reader;
use quick_xml::{Error as XmlError, XmlVersion};

use super::carrier::{Carrier, CarrierKind, Damage, Defect, Found, Label, Scan, Standard};
use super::xml::{Namespaces, Piece, Pieces, Stop};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::sniff::Encoding;

/// Searches an SVG.
///
/// # Errors
/// [`LimitExceeded`]; a damaged document is no error, but is said in the [`Scan`].
pub(crate) fn scan(input: &[u8], limits: &Limits) -> Result<Scan, LimitExceeded> {
    match decode(input) {
        Some(text) => scan_text(&text, limits),
        None => Ok(Scan { found: Vec::new(), damage: Some(Damage::Encoding), insert_at: 0, end: 0 }),
    }
}

pub(crate) fn scan_text(text: &str, limits: &Limits) -> Result<Scan, LimitExceeded> {
    let mut search = Search::new(text, limits);
    let damage = match search.run() {
        Ok(()) => None,
        Err(Stop::Damaged) => Some(Damage::NotWellFormed { offset: search.pieces.position() }),
        Err(Stop::Limit(limit)) => return Err(limit),
        Err(Stop::Truncated) => Some(Damage::Truncated),
    };
    Ok(Scan { found: search.found, damage, insert_at: search.root_tag_end, end: search.pieces.position() })
}

/// The text of an XML document, without byte order mark; `None` if it is not in the encoding that it claims.
pub(crate) fn decode(input: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, bytes) = Encoding::of(input);
    let units = |from: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        rest.is_empty().then(|| pairs.iter().copied().map(from).collect::<Vec<_>>())
    };
    match encoding {
        Encoding::Utf16Be => Some(Cow::Owned(String::from_utf16(&units(u16::from_be_bytes)?).ok()?)),
        Encoding::Utf16Le => Some(Cow::Owned(String::from_utf16(&units(u16::from_le_bytes)?).ok()?)),
        Encoding::Utf8 => match declared_encoding(bytes).as_deref() {
            None | Some("utf-8" | "us-ascii") => Some(Cow::Borrowed(str::from_utf8(bytes).ok()?)),
            Some("iso-8859-1") => Some(Cow::Owned(bytes.iter().copied().map(char::from).collect())),
            Some(_) => None,
        },
    }
}

/// The encoding that the XML declaration names, in lower case.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|byte| *byte == b'>')?;
    let declaration = str::from_utf8(bytes.get(..=end)?).ok()?;
    let Ok(Event::Decl(declaration)) = Reader::from_str(declaration).read_event() else { return None };
    Some(declaration.encoding()?.ok()?.to_ascii_lowercase())
}

/// A walk through a document.
struct Search<'a> {
    pieces: Pieces<'a>,
    namespaces: Namespaces<'a>,
    limits: &'a Limits,
    /// Where the tag of the root ends; 0 before that.
    root_tag_end: u64,
    /// The badge's element that is open.
    open: Option<Open>,
    found: Vec<Found>,
    text_bytes: usize,
}

/// A badge's element while it is read.
struct Open {
    standard: Option<Standard>,
    carrier: Carrier,
    /// How many elements are open around it.
    depth: usize,
    holds_elements: bool,
    verify: Result<String, Defect>,
    body: Result<String, Defect>,
}

impl<'a> Search<'a> {
    fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            pieces: Pieces::new(text, limits),
            namespaces: Namespaces::new(limits),
            limits,
            root_tag_end: 0,
            open: None,
            found: Vec::new(),
            text_bytes: 0,
        }
    }

    fn run(&mut self) -> Result<(), Stop> {
        loop {
            let at = self.pieces.position();
            let depth = self.pieces.depth();
            match self.pieces.next()? {
                Piece::Start { name, is_empty } => {
                    self.start(name, depth, at)?;
                    if is_empty {
                        self.end()?;
                    }
                }
                Piece::End => self.end()?,
                Piece::Comment => (),
                Piece::Text(text) if depth > 0 => {
                    // Text outside of badges, which is nearly all, is not even looked at.
                    if self.open.is_some() {
                        self.text(&BytesText::from_escaped(text).xml10_content())?;
                    }
                }
                Piece::Text(text) if text.trim_ascii().is_empty() => (),
                Piece::Text(_) => return Err(Stop::Damaged),
                Piece::Other(event) => self.other(&event, depth, at)?,
                Piece::Eof if self.root_tag_end == 0 => return Err(Stop::Truncated),
                Piece::Eof => return Ok(()),
            }
        }
    }

    fn other(&mut self, event: &Event<'_>, depth: usize, at: u64) -> Result<(), Stop> {
        match event {
            Event::CData(text) if depth > 0 => self.text(&text.xml10_content())?,
            Event::GeneralRef(reference) if depth > 0 => self.reference(reference)?,
            // Text outside the root.
            Event::CData(_) | Event::GeneralRef(_) => return Err(Stop::Damaged),
            // A prolog that is not at the beginning.
            Event::Decl(_) if at > 0 => return Err(Stop::Damaged),
            Event::DocType(_) if self.root_tag_end > 0 => return Err(Stop::Damaged),
            Event::Decl(_) | Event::DocType(_) | Event::PI(_) => (),
            // These are pieces of their own.
            Event::Comment(_)
            | Event::Empty(_)
            | Event::End(_)
            | Event::Eof
            | Event::Start(_)
            | Event::Text(_) => (),
        }
        Ok(())
    }

    fn start(&mut self, name: &str, depth: usize, at: u64) -> Result<(), Stop> {
        self.namespaces.enter(depth, self.pieces.declarations())?;
        if depth == 0 {
            if self.root_tag_end != 0 {
                // A second root.
                return Err(Stop::Damaged);
            }
            self.root_tag_end = self.pieces.position();
        } else if let Some(open) = &mut self.open {
            open.holds_elements = true;
        } else if let Some(label) = self.label(name)? {
            let carrier = Carrier::new(CarrierKind::SvgElement, Some(label), at);
            self.open = Some(Open {
                standard: carrier.standard(),
                carrier,
                depth,
                holds_elements: false,
                verify: self.verify()?,
                body: Ok(String::new()),
            });
        }
        Ok(())
    }

    /// What an element carries by its name and namespace.
    fn label(&self, name: &str) -> Result<Option<Label>, Stop> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if !Label::is_of_element(local) {
            return Ok(None);
        }
        let Some(namespace) = self.namespaces.of_prefix(prefix) else { return Ok(None) };
        if !namespace.contains('&') {
            return Ok(Label::of_element(namespace, local));
        }
        // Other readers resolve its references, and may find a badge here. It is resolved for each element again.
        if namespace.len() > self.limits.size(Limit::XmlNameBytes) {
            return Err(Stop::Damaged);
        }
        let attribute = Attribute { key: QName("xmlns"), value: Cow::Borrowed(namespace) };
        let namespace = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Stop::Damaged)?;
        Ok(Label::of_element(&namespace, local))
    }

    /// The value of the attribute `verify`, which has no namespace; empty without one.
    fn verify(&self) -> Result<Result<String, Defect>, Stop> {
        let Some((_, value)) = self.pieces.attributes().iter().find(|(name, _)| *name == "verify") else {
            return Ok(Ok(String::new()));
        };
        self.limits.check(Limit::TextBytes, value.len())?;
        let attribute = Attribute { key: QName("verify"), value: Cow::Borrowed(value) };
        Ok(match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => Ok(value.into_owned()),
            Err(XmlError::Escape(EscapeError::UnrecognizedEntity(_, name))) => {
                Err(Defect::UnknownEntity { name })
            }
            Err(_) => return Err(Stop::Damaged),
        })
    }

    fn text(&mut self, text: &str) -> Result<(), LimitExceeded> {
        if let Some(Open { body: Ok(body), .. }) = &mut self.open {
            self.limits.check(Limit::TextBytes, body.len().saturating_add(text.len()))?;
            body.push_str(text);
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Stop> {
        if self.open.is_none() {
            return Ok(());
        }
        if let Some(character) = reference.resolve_char_ref().map_err(|_| Stop::Damaged)? {
            return Ok(self.text(character.encode_utf8(&mut [0; 4]))?);
        }
        match (resolve_xml_entity(reference), &mut self.open) {
            (Some(text), _) => self.text(text)?,
            (None, Some(open)) => open.body = Err(Defect::UnknownEntity { name: reference.to_string() }),
            (None, None) => (),
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), LimitExceeded> {
        // The element is closed already.
        let depth = self.pieces.depth();
        self.namespaces.leave(depth);
        if let Some(open) = self.open.take_if(|open| open.depth == depth) {
            let found = open.close(self.pieces.position());
            self.text_bytes = self.text_bytes.saturating_add(found.text.as_ref().map_or(0, String::len));
            self.limits.check(Limit::AllTextBytes, self.text_bytes)?;
            self.found.push(found);
            self.limits.check(Limit::Carriers, self.found.len())?;
        }
        Ok(())
    }
}

impl Open {
    /// The text that counts: the body first in OB 2.0, the attribute `verify` first in OB 3.0 and CLR 2.0.
    fn close(self, end: u64) -> Found {
        let is_empty = |text: &Result<String, Defect>| text.as_ref().is_ok_and(|text| text.trim().is_empty());
        let (first, second) = match self.standard {
            Some(Standard::OpenBadges2) => (self.body, self.verify),
            Some(Standard::OpenBadges3) | None => (self.verify, self.body),
        };
        let text = if self.holds_elements {
            Err(Defect::NestedElement)
        } else if is_empty(&first) {
            second
        } else {
            first
        };
        let span = self.carrier.offset()..end;
        Found { carrier: self.carrier, text, span }
    }
}

/// The tag of the root, as it is written.
pub(crate) struct Root {
    /// Its name, with prefix.
    pub(crate) name: String,
    /// Its attributes: names with prefix, values with what is escaped in them.
    pub(super) attributes: Vec<(String, String)>,
    /// Whether it is `<svg/>`, without an end tag.
    pub(crate) is_empty: bool,
    /// Where it ends, in bytes.
    pub(crate) tag_end: usize,
}

impl Root {
    /// Reads the root's tag; `None` if the document does not get that far.
    pub(crate) fn of(text: &str, limits: &Limits) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        loop {
            let (tag, is_empty) = match reader.read_event().ok()? {
                Event::Start(tag) => (tag, false),
                Event::Empty(tag) => (tag, true),
                Event::Eof => return None,
                _ => continue,
            };
            let own = |attribute: Result<Attribute<'_>, _>| {
                let Attribute { key, value } = attribute.ok()?;
                Some((key.as_ref().to_owned(), value.into_owned()))
            };
            let attributes =
                tag.attributes().take(limits.size(Limit::XmlAttributes)).map(own).collect::<Option<_>>()?;
            let tag_end = usize::try_from(reader.buffer_position()).ok()?;
            return Some(Self { name: tag.name().as_ref().to_owned(), attributes, is_empty, tag_end });
        }
    }
}
