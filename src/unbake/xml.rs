//! Cuts an XML document into its pieces.
//!
//! In: a text. Out: tags, and what stands between them, in their order. Tags and character data, which are nearly all of
//! an image, are cut here, in one look at each byte; what is rare is left to quick-xml.
//!
//! It refuses tags that do not close each other, attributes without value or given twice, and whatever else is not
//! well-formed in a tag (XML 1.0, section 3.1), and what is longer or more than its [`Limit`].
//!
//! NOTE: which characters may stand in a name (XML 1.0, section 2.3) is not checked, beyond those that would end it.

use memchr::{memchr_iter, memchr2, memchr3};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::limits::{Limit, LimitExceeded, Limits};

/// A piece of a document.
pub(super) enum Piece<'a> {
    /// The tag that closes the element opened last.
    End,
    /// A comment.
    Comment,
    /// The document ended.
    Eof,
    /// A tag that opens an element, with its attributes in [`Pieces::attributes`].
    Start {
        name: &'a str,
        /// Whether it is `<a/>`, which closes the element too.
        is_empty: bool,
    },
    /// Characters without markup and references.
    Text(&'a str),
    /// Anything else: instructions, references, CDATA sections, the XML declaration, the document type.
    Other(Event<'a>),
}

/// Why there are no more pieces.
pub(super) enum Stop {
    Damaged,
    Limit(LimitExceeded),
    Truncated,
}

impl From<LimitExceeded> for Stop {
    fn from(limit: LimitExceeded) -> Self {
        Self::Limit(limit)
    }
}

/// An attribute: its name with prefix, and its value as it is written.
pub(super) type WrittenAttribute<'a> = (&'a str, &'a str);

/// A bound that is asked for at each tag, and therefore looked up once.
struct Bound<'a> {
    limits: &'a Limits,
    limit: Limit,
    size: usize,
}

impl<'a> Bound<'a> {
    fn new(limits: &'a Limits, limit: Limit) -> Self {
        Self { limits, limit, size: limits.size(limit) }
    }

    fn check(&self, found: usize) -> Result<(), LimitExceeded> {
        if found > self.size { Err(self.limits.exceeded(self.limit)) } else { Ok(()) }
    }
}

/// A document that is being cut.
pub(super) struct Pieces<'a> {
    length: usize,
    rest: &'a str,
    /// The names of the elements that are open.
    open: Vec<&'a str>,
    attributes: Vec<WrittenAttribute<'a>>,
    /// Whether one of the attributes declares a namespace.
    has_namespaces: bool,
    most_open: Bound<'a>,
    most_attributes: Bound<'a>,
    longest_name: Bound<'a>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            length: text.len(),
            rest: text,
            open: Vec::new(),
            attributes: Vec::new(),
            has_namespaces: false,
            most_open: Bound::new(limits, Limit::XmlDepth),
            most_attributes: Bound::new(limits, Limit::XmlAttributes),
            longest_name: Bound::new(limits, Limit::XmlNameBytes),
        }
    }

    /// Where the next piece begins, in bytes.
    pub(super) fn position(&self) -> u64 {
        u64::try_from(self.length.saturating_sub(self.rest.len())).unwrap_or(u64::MAX)
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The attributes of the tag that was cut last.
    pub(super) fn attributes(&self) -> &[WrittenAttribute<'a>] {
        &self.attributes
    }

    /// The attributes of that tag if it may declare a namespace, or else none.
    pub(super) fn declarations(&self) -> &[WrittenAttribute<'a>] {
        if self.has_namespaces { &self.attributes } else { &[] }
    }

    /// Cuts off one piece.
    ///
    /// # Errors
    /// [`Stop`]
    pub(super) fn next(&mut self) -> Result<Piece<'a>, Stop> {
        match self.rest.as_bytes() {
            [] if self.open.is_empty() => Ok(Piece::Eof),
            [] => Err(Stop::Truncated),
            [b'<', b'/', ..] => self.end(),
            [b'<', b'!', b'-', b'-', text @ ..] => {
                let is_end = |at: &usize| text.get(..*at).is_some_and(|comment| comment.ends_with(b"--"));
                let length = memchr_iter(b'>', text).find(is_end).ok_or(Stop::Truncated)?;
                self.cut(length.saturating_add("<!-->".len()))?;
                Ok(Piece::Comment)
            }
            [b'&', ..] | [b'<', b'!' | b'?', ..] => self.other(),
            [b'<', ..] => self.start(),
            text => {
                let length = memchr2(b'<', b'&', text).unwrap_or(text.len());
                Ok(Piece::Text(self.cut(length)?))
            }
        }
    }

    fn start(&mut self) -> Result<Piece<'a>, Stop> {
        self.cut(1)?;
        let name = self.name()?;
        self.most_open.check(self.open.len().saturating_add(1))?;
        self.attributes.clear();
        self.has_namespaces = false;
        let is_empty = loop {
            let is_apart = self.skip_white_space()?;
            match self.rest.as_bytes() {
                [b'>', ..] => {
                    self.cut(1)?;
                    self.open.push(name);
                    break false;
                }
                [b'/', b'>', ..] => {
                    self.cut(2)?;
                    break true;
                }
                [] => return Err(Stop::Truncated),
                _ if is_apart => self.attribute()?,
                _ => return Err(Stop::Damaged),
            }
        };
        self.check_names()?;
        Ok(Piece::Start { name, is_empty })
    }

    /// Refuses an element with two attributes of one name (XML 1.0 section 3.1, "Unique Att Spec").
    fn check_names(&self) -> Result<(), Stop> {
        let names = || self.attributes.iter().map(|(name, _)| *name);
        let is_unique = if self.attributes.len() > FEW_ATTRIBUTES {
            let mut in_order: Vec<&str> = names().collect();
            in_order.sort_unstable();
            in_order.is_sorted_by(|one, next| one != next)
        } else {
            names().enumerate().all(|(place, name)| !names().take(place).any(|other| other == name))
        };
        if is_unique { Ok(()) } else { Err(Stop::Damaged) }
    }

    fn attribute(&mut self) -> Result<(), Stop> {
        let name = self.name()?;
        self.skip_white_space()?;
        self.expect("=")?;
        self.skip_white_space()?;
        let quote = self.rest.bytes().next().ok_or(Stop::Truncated)?;
        if !matches!(quote, b'"' | b'\'') {
            return Err(Stop::Damaged);
        }
        self.cut(1)?;
        let value = self.cut(value_length(quote, self.rest.as_bytes()).ok_or(Stop::Truncated)?)?;
        if self.cut(1)? == "<" {
            return Err(Stop::Damaged);
        }
        self.has_namespaces |= name.starts_with("xmlns");
        self.attributes.push((name, value));
        self.most_attributes.check(self.attributes.len())?;
        Ok(())
    }

    fn end(&mut self) -> Result<Piece<'a>, Stop> {
        self.cut(2)?;
        let name = self.open.pop().ok_or(Stop::Damaged)?;
        self.expect(name)?;
        self.skip_white_space()?;
        self.expect(">")?;
        Ok(Piece::End)
    }

    fn other(&mut self) -> Result<Piece<'a>, Stop> {
        // Without a look ahead, quick-xml would take an ampersand that stands alone for one that ends far away.
        if let [b'&', behind @ ..] = self.rest.as_bytes() {
            let end = memchr3(b';', b'&', b'<', behind).and_then(|end| behind.get(end));
            (end == Some(&b';')).then_some(()).ok_or(Stop::Damaged)?;
        }
        let mut reader = Reader::from_str(self.rest);
        let event = reader.read_event().map_err(|_| Stop::Damaged)?;
        let length = usize::try_from(reader.buffer_position()).map_err(|_| Stop::Damaged)?;
        self.cut(length)?;
        Ok(Piece::Other(event))
    }

    /// Cuts off the name of an element or attribute: all up to what cannot stand in one.
    fn name(&mut self) -> Result<&'a str, Stop> {
        let is_end =
            |byte: u8| is_white_space(byte) || matches!(byte, b'"' | b'&' | b'\'' | b'/' | b'<'..=b'>');
        let length = self.rest.bytes().position(is_end).ok_or(Stop::Truncated)?;
        let name = self.cut(length)?;
        self.longest_name.check(name.len())?;
        if name.is_empty() { Err(Stop::Damaged) } else { Ok(name) }
    }

    /// Says whether there was any.
    fn skip_white_space(&mut self) -> Result<bool, Stop> {
        let length = self.rest.bytes().position(|byte| !is_white_space(byte)).unwrap_or(self.rest.len());
        self.cut(length)?;
        Ok(length > 0)
    }

    fn expect(&mut self, text: &str) -> Result<(), Stop> {
        self.rest = self.rest.strip_prefix(text).ok_or(if self.rest.len() < text.len() {
            Stop::Truncated
        } else {
            Stop::Damaged
        })?;
        Ok(())
    }

    /// Cuts off so many bytes; they end where a character does.
    fn cut(&mut self, length: usize) -> Result<&'a str, Stop> {
        let (piece, rest) = self.rest.split_at_checked(length).ok_or(Stop::Damaged)?;
        self.rest = rest;
        Ok(piece)
    }
}

/// How far it is to the end of a value, or to a `<`, which must not stand in one.
fn value_length(quote: u8, text: &[u8]) -> Option<usize> {
    // Most values are so short that a search would take longer to set up than to do.
    let (start, rest) = text.split_at_checked(SHORT_VALUE).unwrap_or((text, &[]));
    let is_end = |byte: &u8| *byte == quote || *byte == b'<';
    start.iter().position(is_end).or_else(|| memchr2(quote, b'<', rest)?.checked_add(SHORT_VALUE))
}

/// XML 1.0, production 3.
fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The prefixes that are declared where a document is read.
pub(super) struct Namespaces<'a> {
    most: Bound<'a>,
    /// Prefix, namespace, and how many elements are open where it was declared. The innermost stands last.
    declared: Vec<(&'a str, &'a str, usize)>,
}

impl<'a> Namespaces<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { most: Bound::new(limits, Limit::XmlAttributes), declared: Vec::new() }
    }

    /// Takes in what an element's attributes declare; `depth` counts the elements around it.
    ///
    /// # Errors
    /// [`Stop`] for a declaration of what is reserved (Namespaces in XML 1.0, section 3), and for more declarations in
    /// effect than one element may have attributes.
    pub(super) fn enter(&mut self, depth: usize, attributes: &[WrittenAttribute<'a>]) -> Result<(), Stop> {
        for (name, namespace) in attributes {
            let Some(behind) = name.strip_prefix("xmlns") else { continue };
            let prefix = match behind.strip_prefix(':') {
                Some(prefix) => prefix,
                None if behind.is_empty() => "",
                None => continue,
            };
            if prefix == "xmlns" || (prefix == "xml") != (*namespace == XML_NAMESPACE) {
                return Err(Stop::Damaged);
            }
            self.declared.push((prefix, *namespace, depth));
            self.most.check(self.declared.len())?;
        }
        Ok(())
    }

    /// Forgets what was declared on elements that are closed: those with so many around them, and those within.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.pop_if(|(_, _, declared_at)| *declared_at >= depth).is_some() {}
    }

    /// The namespace that a prefix stands for; that of names without prefix if it is empty.
    pub(super) fn of_prefix(&self, prefix: &str) -> Option<&'a str> {
        let (_, namespace, _) = self.declared.iter().rev().find(|(declared, _, _)| *declared == prefix)?;
        Some(namespace)
    }
}

/// So many attributes of an element, and no more, are compared one by one.
const FEW_ATTRIBUTES: usize = 16;

/// Bytes of a value that are looked at one by one.
const SHORT_VALUE: usize = 8;

/// What the prefix `xml` always means.
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
