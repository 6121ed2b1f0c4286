//! Puts a badge into an image.
//!
//! In: a PNG or SVG and the text of a badge. Out: the same image with the badge in it, as [`unbake`](crate::unbake)
//! reads it. Whatever else is in the image stays as it is, byte for byte; what stands behind its end is dropped.
//!
//! OB 2.0 "Baking", OB 3.0 "Document Formats". The text is not judged: baking a badge does not make it valid.

use std::borrow::Cow;

use png::text_metadata::{EncodableTextChunk, ITXtChunk};
use quick_xml::escape::escape;
use serde_json::Value;

use crate::json::{self, JsonError};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::sniff::{Format, sniff, trim};
use crate::unbake::svg::{self, Root};
use crate::unbake::{Damage, Defect, Payload, Scan, Standard, UnbakeError, classify, scan_slice, unbake};

/// Puts a badge into a PNG or SVG, in place of any that is labelled with the same version.
///
/// The text is JSON, a compact JWS or, in Open Badges 2.0, a URL; white space around it is dropped.
///
/// ```
/// use openbadges::{bake::bake, limits::Limits, unbake::{Payload, Standard, unbake}};
///
/// let limits = Limits::default();
/// let image = br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;
/// let baked = bake(image, r#"{"type": "OpenBadgeCredential"}"#, Standard::OpenBadges3, &limits)?;
/// let payload = Payload::Json(br#"{"type": "OpenBadgeCredential"}"#.to_vec());
/// assert_eq!(unbake(&baked, &limits)?.payload(), &payload);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`BakeError`].
pub fn bake(image: &[u8], text: &str, standard: Standard, limits: &Limits) -> Result<Vec<u8>, BakeError> {
    limits.check(Limit::InputBytes, image.len())?;
    let text = str::from_utf8(trim(text.as_bytes())).unwrap_or(text);
    let payload = classify(text.as_bytes().into(), Some(standard), limits)??;
    let json = match &payload {
        Payload::Json(text) => Some(json::parse(text, limits)?),
        Payload::Jws(_) | Payload::Url(_) => None,
    };
    let baked = match sniff(image) {
        Some(Format::Png) => bake_png(image, text, standard, limits)?,
        Some(Format::Svg) => bake_svg(image, text, json.as_ref(), standard, limits)?,
        Some(Format::Json | Format::Jws | Format::Svgz | Format::Url) | None => {
            return Err(BakeError::Format);
        }
    };
    match unbake(&baked, limits) {
        // The image carried as much as it may before.
        Err(UnbakeError::Limit(limit)) => Err(limit.into()),
        _ => Ok(baked),
    }
}

/// Why a badge was not put into an image.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BakeError {
    /// The image is damaged.
    #[error("the image is damaged")]
    Damaged(#[source] Damage),
    /// The SVG is not UTF-8.
    #[error("expected an SVG in UTF-8")]
    Encoding,
    /// The image is neither PNG nor SVG; a compressed SVG has to be inflated first.
    #[error("expected a PNG or an SVG")]
    Format,
    /// The text begins like JSON, but is none.
    #[error("the badge could not be read")]
    Json(#[from] JsonError),
    /// Something is larger than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The image carries an Open Badges 3.0 badge, which readers prefer to the 2.0 one that should be added.
    #[error("the image carries a badge of a newer version")]
    Newer,
    /// The text is no badge's.
    #[error("the badge cannot be baked: {0}")]
    Text(#[from] Defect),
    /// The text holds a character that XML cannot express.
    #[error("the badge holds the character U+{0:04X}, which XML does not allow")]
    Unprintable(u32),
}

/// One `iTXt` chunk, not compressed, behind the header.
fn bake_png(image: &[u8], text: &str, standard: Standard, limits: &Limits) -> Result<Vec<u8>, BakeError> {
    let scan = check(scan_slice(image, limits)?, standard)?;
    let mut chunk = Vec::new();
    // The keyword is ours and a `Vec` takes everything, so only the text can be at fault: with its length.
    ITXtChunk::new(standard.keyword(), text)
        .encode(&mut chunk)
        .map_err(|_| limits.exceeded(Limit::TextBytes))?;
    limits.check(Limit::TextBytes, chunk.len().saturating_sub(CHUNK_FRAME))?;
    Ok(scan.replace(image, standard, &chunk))
}

/// One element as the first child of the root, with its own namespace declaration.
fn bake_svg(
    image: &[u8],
    text: &str,
    json: Option<&Value>,
    standard: Standard,
    limits: &Limits,
) -> Result<Vec<u8>, BakeError> {
    limits.check(Limit::TextBytes, text.len())?;
    if let Some(character) = text.chars().find(|character| !is_xml(*character)) {
        return Err(BakeError::Unprintable(character.into()));
    }
    let Some(Cow::Borrowed(document)) = svg::decode(image) else { return Err(BakeError::Encoding) };
    let mark = image.strip_suffix(document.as_bytes()).unwrap_or_default();
    let document = open_root(document, limits);
    let scan = check(svg::scan_text(&document, limits)?, standard)?;
    let baked = scan.replace(document.as_bytes(), standard, element(text, json, standard).as_bytes());
    Ok([mark, &baked].concat())
}

/// The image, unless it is damaged or would not give back what is baked into it.
fn check(scan: Scan, standard: Standard) -> Result<Scan, BakeError> {
    if let Some(damage) = scan.damage() {
        return Err(BakeError::Damaged(damage));
    }
    if standard == Standard::OpenBadges2 && scan.carries(Standard::OpenBadges3) {
        return Err(BakeError::Newer);
    }
    Ok(scan)
}

/// The document with `<svg></svg>` in place of `<svg/>`, so that something can stand between.
fn open_root<'a>(document: &'a str, limits: &Limits) -> Cow<'a, str> {
    match Root::of(document, limits) {
        Some(Root { name, tag_end, is_empty: true, .. }) => {
            let Some((before, after)) = document.split_at_checked(tag_end) else {
                return Cow::Borrowed(document);
            };
            let tag = before.strip_suffix("/>").unwrap_or(before);
            Cow::Owned(format!("{tag}></{name}>{after}"))
        }
        Some(Root { is_empty: false, .. }) | None => Cow::Borrowed(document),
    }
}

/// The badge's element.
///
/// A JWS or URL is the value of `verify`, and JSON the content. The JSON of OB 2.0 also names its URL in `verify`,
/// where older readers look for it.
fn element(text: &str, json: Option<&Value>, standard: Standard) -> String {
    let verify = match (json, standard) {
        (None, _) => Some(text),
        (Some(json), Standard::OpenBadges2) => {
            json.get("id").and_then(Value::as_str).filter(|id| sniff(id.as_bytes()) == Some(Format::Url))
        }
        (Some(_), Standard::OpenBadges3) => None,
    };
    let verify = verify.map(|value| format!(" verify=\"{}\"", escape(value))).unwrap_or_default();
    let tag = format!("openbadges:{}", standard.element());
    let start = format!("<{tag} xmlns:openbadges=\"{}\"{verify}", standard.namespace());
    match json {
        None => format!("{start}/>"),
        Some(_) => format!("{start}>{}</{tag}>", character_data(text)),
    }
}

/// Text as CDATA sections, split where it would end one and where XML would change a line end.
fn character_data(text: &str) -> String {
    let inner = text.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA[");
    format!("<![CDATA[{inner}]]>")
}

/// XML 1.0, production 2: the characters that a document may hold.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Bytes of a PNG chunk around its data: length, type and checksum.
const CHUNK_FRAME: usize = 12;
