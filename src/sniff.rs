//! Tells what a file is by its content.
//!
//! In: bytes. Out: the [`Format`] that they begin like, or nothing. A file's name and media type are never asked.
//! The answer is a suspicion and no proof: a file that begins like JSON may still not be JSON.
//! One pass over the bytes at most, without allocation beyond an element's name.
//!
//! OB 2.0 "Baking", OB 3.0 "Document Formats": PNG, SVG, JSON and Compact JWS; OB 2.0 also has URLs of hosted badges.

/// What a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// JSON text: the first character is `{` or `[`.
    Json,
    /// A JWS in compact form: three base64url segments, of which the first encodes a JSON object.
    Jws,
    /// A PNG image, by its signature.
    Png,
    /// An XML document whose root is `svg` in the SVG namespace.
    Svg,
    /// Data compressed by gzip, as an `.svgz` file is. Whether an SVG is inside is not known yet.
    Svgz,
    /// One `http` or `https` URL.
    Url,
}

/// Tells what `input` looks like; `None` if it can be no badge.
///
/// ```
/// use openbadges::sniff::{Format, sniff};
///
/// assert_eq!(sniff(b" {\"type\": \"Assertion\"}"), Some(Format::Json));
/// assert_eq!(sniff(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Some(Format::Svg));
/// assert_eq!(sniff(b"GIF89a"), None);
/// ```
pub fn sniff(input: &[u8]) -> Option<Format> {
    if input.starts_with(&PNG_SIGNATURE) {
        return Some(Format::Png);
    }
    if input.starts_with(&GZIP_DEFLATE) {
        return Some(Format::Svgz);
    }
    let (encoding, text) = Encoding::of(input);
    if encoding != Encoding::Utf8 {
        return is_svg(encoding, text).then_some(Format::Svg);
    }
    let text = trim(input);
    match text.first()? {
        b'{' | b'[' => Some(Format::Json),
        b'<' => is_svg(encoding, text).then_some(Format::Svg),
        _ if is_url(text) => Some(Format::Url),
        _ if is_jws(text) => Some(Format::Jws),
        _ => None,
    }
}

/// The text without white space around it and without byte order mark.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(UTF8_MARK).unwrap_or(text).trim_ascii()
}

/// How the characters of an XML document are encoded, as far as its first bytes tell (XML 1.0, appendix F).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf16Be,
    Utf16Le,
    /// UTF-8, or another encoding that has ASCII in common with it.
    Utf8,
}

impl Encoding {
    /// The encoding, and the input without its byte order mark.
    pub(crate) fn of(input: &[u8]) -> (Self, &[u8]) {
        match input {
            [0xFE, 0xFF, text @ ..] => (Self::Utf16Be, text),
            [0xFF, 0xFE, text @ ..] => (Self::Utf16Le, text),
            [0xEF, 0xBB, 0xBF, text @ ..] => (Self::Utf8, text),
            [0, b'<', ..] => (Self::Utf16Be, input),
            [b'<', 0, ..] => (Self::Utf16Le, input),
            _ => (Self::Utf8, input),
        }
    }
}

/// Whether the text is one token that begins like a web address.
fn is_url(text: &[u8]) -> bool {
    let begins =
        |scheme: &[u8]| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (begins(b"https://") || begins(b"http://")) && !text.iter().any(|byte| *byte <= b' ' || *byte == 0x7F)
}

/// Whether the text is three base64url segments, the first of which begins like an encoded JSON object.
///
/// The second and third may be empty, so that an unsigned or detached JWS is refused for what it is.
fn is_jws(text: &[u8]) -> bool {
    let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    // `{` and then a quotation mark or space; or a line break or tab.
    (text.starts_with(b"ey") || text.starts_with(b"ew"))
        && text.iter().filter(|byte| **byte == b'.').count() == 2
        && text.iter().all(|byte| *byte == b'.' || is_base64url(byte))
}

/// Whether an XML document's root is `svg` in the SVG namespace.
///
/// Each encoding has a loop of its own, so that the one over bytes is fast: any amount of comments may stand in front.
fn is_svg(encoding: Encoding, text: &[u8]) -> bool {
    let pairs = text.as_chunks().0.iter();
    match encoding {
        Encoding::Utf16Be => Prolog { units: pairs.map(|[high, low]| ascii(*high, *low)) }.root_is_svg(),
        Encoding::Utf16Le => Prolog { units: pairs.map(|[low, high]| ascii(*high, *low)) }.root_is_svg(),
        Encoding::Utf8 => Prolog { units: text.iter().copied() }.root_is_svg(),
    }
    .unwrap_or(false)
}

/// A 16-bit unit as ASCII; what is not ASCII becomes [`OTHER`].
fn ascii(high: u8, low: u8) -> u8 {
    if high == 0 && low.is_ascii() { low } else { OTHER }
}

/// Reads an XML document as far as the tag of its root.
///
/// This decides only whether the document is worth parsing, so it is lenient: what stands in comments, instructions
/// and the document type is skipped. `None` anywhere means that the text ended or is not XML.
struct Prolog<I> {
    /// Bytes or 16-bit units, of which only those in ASCII matter.
    units: I,
}

impl<I: Iterator<Item = u8>> Prolog<I> {
    fn root_is_svg(mut self) -> Option<bool> {
        loop {
            if self.next_visible()? != b'<' {
                return None;
            }
            match self.units.next()? {
                b'?' => self.skip_instruction()?,
                b'!' => match self.units.next()? {
                    b'-' => self.skip_comment()?,
                    _ => self.skip_document_type()?,
                },
                first => return self.tag_is_svg(first),
            }
        }
    }

    fn next_visible(&mut self) -> Option<u8> {
        self.units.find(|unit| !unit.is_ascii_whitespace())
    }

    /// Skips to the quote that closes a value.
    fn skip_value(&mut self, quote: u8) -> Option<()> {
        self.units.find(|unit| *unit == quote).map(drop)
    }

    /// Skips an instruction, to `?>`.
    fn skip_instruction(&mut self) -> Option<()> {
        self.skip_past(b'?', 1)
    }

    /// Skips a comment of which `<!-` was read.
    fn skip_comment(&mut self) -> Option<()> {
        (self.units.next()? == b'-').then_some(())?;
        self.skip_past(b'-', 2)
    }

    /// Skips past `least` or more times `mark` and a `>`.
    fn skip_past(&mut self, mark: u8, least: usize) -> Option<()> {
        loop {
            self.units.find(|unit| *unit == mark)?;
            let mut count = 1_usize;
            let behind = loop {
                match self.units.next()? {
                    unit if unit == mark => count = count.saturating_add(1),
                    unit => break unit,
                }
            };
            if behind == b'>' && count >= least {
                return Some(());
            }
        }
    }

    /// Skips a document type declaration with its internal subset, in which quotes and comments may hide a `>`.
    fn skip_document_type(&mut self) -> Option<()> {
        let mut in_subset = false;
        loop {
            match self.units.next()? {
                b'[' => in_subset = true,
                b']' => in_subset = false,
                b'>' if !in_subset => return Some(()),
                quote @ (b'"' | b'\'') => self.skip_value(quote)?,
                b'<' => match self.units.next()? {
                    b'?' => self.skip_instruction()?,
                    b'!' if self.units.next()? == b'-' => self.skip_comment()?,
                    _ => (),
                },
                _ => (),
            }
        }
    }

    /// Reads the root's name and its namespace declarations.
    fn tag_is_svg(&mut self, first: u8) -> Option<bool> {
        let mut name = vec![first];
        let mut after = self.read_name(&mut name)?;
        let declaration = match name.as_slice() {
            b"svg" => b"xmlns".to_vec(),
            prefixed => [b"xmlns:", prefixed.strip_suffix(b":svg")?].concat(),
        };
        loop {
            if after.is_ascii_whitespace() {
                after = self.next_visible()?;
            }
            if matches!(after, b'>' | b'/') {
                return Some(false);
            }
            let mut attribute = vec![after];
            after = self.read_name(&mut attribute)?;
            if after.is_ascii_whitespace() {
                after = self.next_visible()?;
            }
            let quote = if after == b'=' { self.next_visible()? } else { return None };
            if !matches!(quote, b'"' | b'\'') {
                return None;
            }
            if attribute == declaration {
                return self.value_is_svg(quote);
            }
            self.skip_value(quote)?;
            after = self.units.next()?;
        }
    }

    /// Reads a namespace to the closing quote.
    fn value_is_svg(&mut self, quote: u8) -> Option<bool> {
        let mut value = Vec::new();
        while value.len() < MAX_NAME {
            match self.units.next()? {
                end if end == quote => return Some(SVG_NAMESPACES.contains(&value.as_slice())),
                part => value.push(part),
            }
        }
        None
    }

    /// Reads on to the end of a name; answers what stands behind it.
    fn read_name(&mut self, name: &mut Vec<u8>) -> Option<u8> {
        while name.len() < MAX_NAME {
            match self.units.next()? {
                end @ (b'>' | b'/' | b'=') => return Some(end),
                end if end.is_ascii_whitespace() => return Some(end),
                part => name.push(part),
            }
        }
        None
    }
}

/// The first eight bytes of every PNG (PNG, "PNG signature").
pub(crate) const PNG_SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];

/// A gzip member with its only compression method (RFC 1952, section 2.3.1).
const GZIP_DEFLATE: [u8; 3] = [0x1F, 0x8B, 8];

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Stands for any unit beyond ASCII.
const OTHER: u8 = 0x80;

/// Longest name that is looked at; `svg` with any sensible prefix is far shorter.
const MAX_NAME: usize = 256;

/// The namespace of SVG, in its two spellings.
///
/// NOTE: XML would have the entity expanded first. Entities are never expanded here; Adobe Illustrator declares this one
/// with the namespace as its value, and a file that declares it otherwise is still searched for a badge and nothing else.
const SVG_NAMESPACES: [&[u8]; 2] = [b"http://www.w3.org/2000/svg", b"&ns_svg;"];

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;

    #[test]
    fn knows_each_format_by_its_content() {
        let table: &[(&[u8], Option<Format>)] = &[
            (b"", None),
            (b" \r\n", None),
            (b"hello", None),
            (b"GIF89a", None),
            (b"\x89PNG\r\n\x1a\n", Some(Format::Png)),
            (b" \x89PNG\r\n\x1a\n", None),
            (b"\x89PNG\n\x1a\n", None),
            (b"\x1f\x8b\x08\x00", Some(Format::Svgz)),
            (b"{}", Some(Format::Json)),
            (b"\xef\xbb\xbf \n{", Some(Format::Json)),
            (b"[]", Some(Format::Json)),
            (b"https://example.org/1", Some(Format::Url)),
            (b"\xef\xbb\xbfHTTP://example.org/1\n", Some(Format::Url)),
            (b"https://example.org/1 and more", None),
            (b"ftp://example.org/1", None),
            (b"eyJ9.e30.c2ln", Some(Format::Jws)),
            (b"\neyJ9.e30.c2ln\n", Some(Format::Jws)),
            (b"eyJ9.e30.", Some(Format::Jws)),
            (b"eyJ9.e30", None),
            (b"eyJ9.e30.c2ln.c2ln", None),
            (b"eyJ9.e30.c2l=", None),
            (b"abc9.e30.c2ln", None),
        ];
        for (input, format) in table {
            assert_eq!(sniff(input), *format, "{}", input.escape_ascii());
        }
    }

    #[test]
    fn finds_the_root_of_an_svg_behind_any_prolog() {
        let comment = format!("<!-- {} > <html> -- -->{SVG}", "x".repeat(5000));
        for svg in [
            SVG,
            &comment,
            "\u{feff}<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' width='1'>",
            "<svg width='>' xmlns = 'http://www.w3.org/2000/svg'>",
            "<s:svg xmlns='urn:x' xmlns:s='http://www.w3.org/2000/svg'/>",
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'><svg xmlns='http://www.w3.org/2000/svg'/>",
            "<!DOCTYPE svg [ <!-- ]> it's --> <?x ]>?> <!ENTITY a ']>'> ]><svg xmlns='http://www.w3.org/2000/svg'/>",
            "<!DOCTYPE svg [ <!ENTITY ns_svg 'http://www.w3.org/2000/svg'> ]><svg xmlns='&ns_svg;'/>",
        ] {
            assert_eq!(sniff(svg.as_bytes()), Some(Format::Svg), "{svg}");
        }
    }

    #[test]
    fn takes_no_other_xml_for_an_svg() {
        for text in [
            "<html><svg xmlns='http://www.w3.org/2000/svg'/></html>",
            "<svg/>",
            "<svg xmlns='http://www.w3.org/1999/xhtml'/>",
            "<s:svg xmlns='http://www.w3.org/2000/svg'/>",
            "<svg xmlns:svg='http://www.w3.org/2000/svg'/>",
            "<!-- <svg xmlns='http://www.w3.org/2000/svg'/>",
            "<svg xmlns=http://www.w3.org/2000/svg>",
            "<svg xmlns='http://www.w3.org/2000/svg",
            "<",
        ] {
            assert_eq!(sniff(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn reads_utf16_with_and_without_a_byte_order_mark() {
        let marked = format!("\u{feff}{SVG}");
        for text in [SVG, &marked] {
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!((sniff(&big), sniff(&little)), (Some(Format::Svg), Some(Format::Svg)));
        }
    }
}
