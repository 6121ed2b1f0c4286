//! Says what an image is like, without drawing it.

use std::io::Cursor;

use super::{Damage, inflate, png as chunks, svg};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::sniff::{Format, PNG_SIGNATURE, sniff};

/// What an image is like.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ImageFacts {
    /// A PNG.
    Png(PngFacts),
    /// An SVG, compressed or not.
    Svg(SvgFacts),
}

/// What the header of a PNG says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PngFacts {
    /// Columns of pixels.
    pub width: u32,
    /// Rows of pixels.
    pub height: u32,
    /// What a pixel is made of.
    pub colour: Colour,
    /// Bits of each part of a pixel.
    pub bit_depth: u8,
    /// Whether the frame holds from the header to the end, with no chunk before the pixels being damaged. The pixels are not looked at.
    pub is_sound: bool,
}

/// What a pixel of a PNG is made of (PNG, "Colour types and values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // PNG has these five
pub enum Colour {
    /// A shade of grey.
    Grey,
    /// A shade of grey, and how opaque it is.
    GreyAlpha,
    /// The number of a colour in a palette.
    Palette,
    /// Red, green and blue.
    Rgb,
    /// Red, green and blue, and how opaque they are.
    Rgba,
}

/// What the root of an SVG says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SvgFacts {
    /// Width in CSS pixels, if it is given in these.
    pub width: Option<f64>,
    /// Height in CSS pixels, if it is given in these.
    pub height: Option<f64>,
    /// Left, top, width and height of what is shown.
    pub view_box: Option<[f64; 4]>,
}

/// Says what an image is like; `None` if it is no PNG with a sound header and no SVG.
///
/// No pixel is decoded, and nothing is decompressed but a compressed SVG, within [`Limit::InputBytes`].
pub fn image_facts(input: &[u8], limits: &Limits) -> Option<ImageFacts> {
    limits.check(Limit::InputBytes, input.len()).ok()?;
    match sniff(input)? {
        Format::Png => png_facts(input, limits).map(ImageFacts::Png),
        Format::Svg => svg_facts(input, limits).map(ImageFacts::Svg),
        Format::Svgz => {
            let inflated = inflate::gzip(input, limits).ok()??;
            let is_svg = sniff(&inflated) == Some(Format::Svg);
            is_svg.then(|| svg_facts(&inflated, limits))?.map(ImageFacts::Svg)
        }
        Format::Json | Format::Jws | Format::Url => None,
    }
}

/// Says what is wrong with a PNG, the checksum of each chunk included; `None` if nothing is.
///
/// [`unbake`](super::unbake()) looks at the frame and at the checksum of what it takes. Ask this as well before you keep an
/// image: it reads the whole image once. No pixel is decoded.
///
/// ```
/// use openbadges::{limits::Limits, unbake::{Damage, png_damage}};
///
/// assert_eq!(png_damage(b"GIF89a", &Limits::default())?, Some(Damage::NoHeader));
/// # Ok::<(), openbadges::limits::LimitExceeded>(())
/// ```
///
/// # Errors
/// [`LimitExceeded`] for [`Limit::InputBytes`], [`Limit::PngChunks`], and the bounds on texts.
pub fn png_damage(input: &[u8], limits: &Limits) -> Result<Option<Damage>, LimitExceeded> {
    limits.check(Limit::InputBytes, input.len())?;
    if !input.starts_with(&PNG_SIGNATURE) {
        return Ok(Some(Damage::NoHeader));
    }
    chunks::damage(input, limits)
}

fn png_facts(input: &[u8], limits: &Limits) -> Option<PngFacts> {
    let mut decoder = png::Decoder::new_with_limits(
        Cursor::new(input),
        png::Limits { bytes: limits.size(Limit::AllTextBytes) },
    );
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let info = decoder.read_header_info().ok()?;
    Some(PngFacts {
        width: info.width,
        height: info.height,
        colour: match info.color_type {
            png::ColorType::Grayscale => Colour::Grey,
            png::ColorType::GrayscaleAlpha => Colour::GreyAlpha,
            png::ColorType::Indexed => Colour::Palette,
            png::ColorType::Rgb => Colour::Rgb,
            png::ColorType::Rgba => Colour::Rgba,
        },
        bit_depth: match info.bit_depth {
            png::BitDepth::One => 1,
            png::BitDepth::Two => 2,
            png::BitDepth::Four => 4,
            png::BitDepth::Eight => 8,
            png::BitDepth::Sixteen => 16,
        },
        is_sound: decoder.read_info().is_ok()
            && super::scan_slice(input, limits).is_ok_and(|scan| scan.damage.is_none()),
    })
}

fn svg_facts(input: &[u8], limits: &Limits) -> Option<SvgFacts> {
    let text = svg::decode(input)?;
    let root = svg::Root::of(&text, limits)?;
    let value =
        |name: &str| root.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let pixels = |text: &str| number(text.trim().trim_end_matches("px"));
    Some(SvgFacts {
        width: value("width").and_then(pixels),
        height: value("height").and_then(pixels),
        view_box: value("viewBox").and_then(|text| {
            let numbers = text.split([' ', ',', '\t', '\n', '\r']).filter(|part| !part.is_empty());
            numbers.map(number).collect::<Option<Vec<_>>>()?.try_into().ok()
        }),
    })
}

/// A finite number, in one of the ways that SVG writes it.
fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}
