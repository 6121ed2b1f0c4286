//! Takes the badge out of a file.
//!
//! In: the bytes of an uploaded file. Out: the JSON, JWS or URL that it is or that was baked into it, and where that stood.
//! The text is not read further here; see [`badge`](crate::badge).
//!
//! Images are searched to their end, and every carrier is accounted for: carriers of one version that differ are an
//! error and not a choice. Nothing is decoded that is not needed: no pixels, no entities, no document types.
//!
//! OB 2.0 "Baking", OB 3.0 "Document Formats". Both name the chunk `iTXt`; `tEXt` (OB 1.x) and `zTXt` (no
//! specification, some validators) are read as well, and reported as what they are.

mod carrier;
mod image;
mod inflate;
pub(crate) mod png;
pub(crate) mod svg;
mod xml;

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::{self, Read, Seek, SeekFrom};

use url::Url;

use crate::jws::{CompactJws, JwsError};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::sniff::{Format, PNG_SIGNATURE, sniff, trim};

pub(crate) use carrier::Scan;
pub use carrier::{Carrier, CarrierKind, Damage, Defect, Standard, Unused};
pub use image::{Colour, ImageFacts, PngFacts, SvgFacts, image_facts, png_damage};

use carrier::{Choice, Choices, choose};

/// Takes the badge out of a file of any [`Format`].
///
/// JSON, a JWS and a URL come out as they went in, without white space around them.
///
/// ```
/// use openbadges::{limits::Limits, unbake::{Payload, unbake}};
///
/// let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="http://openbadges.org">
///     <ob:assertion verify="https://example.org/assertions/1"/>
/// </svg>"#;
/// let extracted = unbake(svg, &Limits::default())?;
/// assert!(matches!(extracted.payload(), Payload::Url(url) if url.path() == "/assertions/1"));
/// # Ok::<(), openbadges::unbake::UnbakeError>(())
/// ```
///
/// # Errors
/// See [`UnbakeError`].
pub fn unbake(input: &[u8], limits: &Limits) -> Result<Extracted, UnbakeError> {
    limits.check(Limit::InputBytes, input.len())?;
    let format = sniff(input).ok_or(UnbakeError::Unrecognized)?;
    let scan = match format {
        Format::Json | Format::Jws | Format::Url => return from_text(input, format, limits),
        Format::Png => scan_slice(input, limits)?,
        Format::Svg => svg::scan(input, limits)?,
        Format::Svgz => {
            let inflated = inflate::gzip(input, limits)?.ok_or(UnbakeError::Unrecognized)?;
            if sniff(&inflated) != Some(Format::Svg) {
                return Err(UnbakeError::Unrecognized);
            }
            svg::scan(&inflated, limits)?
        }
    };
    from_scan(scan, format, limits)
}

/// Takes the badge out of a file that is not in memory.
///
/// Of a PNG only the frame and the text chunks are read, never the pixels, so that an image of any size costs
/// little: at most two reads for each chunk. [`Limit::InputBytes`] bounds what is read of the other formats, which is
/// all of it.
///
/// The reader is read from its beginning, wherever it stands.
///
/// # Errors
/// See [`UnbakeReadError`].
pub fn unbake_reader<R: Read + Seek>(mut reader: R, limits: &Limits) -> Result<Extracted, UnbakeReadError> {
    reader.seek(SeekFrom::Start(0))?;
    let mut input = Vec::new();
    let signature_bytes = u64::try_from(PNG_SIGNATURE.len()).unwrap_or(u64::MAX);
    reader.by_ref().take(signature_bytes).read_to_end(&mut input)?;
    if input == PNG_SIGNATURE {
        let scan = png::scan(&mut png::Seeking::new(reader), limits).map_err(|stop| match stop {
            png::Stop::Limit(limit) => UnbakeReadError::Unbake(limit.into()),
            png::Stop::Source(error) => UnbakeReadError::Read(error),
        })?;
        return Ok(from_scan(scan, Format::Png, limits)?);
    }
    // One byte over the bound is enough to know that it is over.
    reader.take(limits.get(Limit::InputBytes).saturating_add(1)).read_to_end(&mut input)?;
    Ok(unbake(&input, limits)?)
}

/// What was in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Extracted {
    format: Format,
    payload: Payload,
    carrier: Carrier,
    carriers: Vec<Carrier>,
    besides: Vec<Result<Beside, UnbakeError>>,
}

/// What an image carries besides the badge that was taken out of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Beside {
    /// What it is.
    pub payload: Payload,
    /// Where it stands.
    pub carrier: Carrier,
}

impl Extracted {
    /// What the file is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What it holds.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// Where the payload was taken from.
    pub fn carrier(&self) -> &Carrier {
        &self.carrier
    }

    /// What the image carries besides: a badge of an older version, and a Comprehensive Learner Record, in this order; or
    /// why what stands there could not be taken out.
    pub fn besides(&self) -> &[Result<Beside, UnbakeError>] {
        &self.besides
    }

    /// Every carrier in the file, in their order, with why it was not used if it was not.
    pub fn carriers(&self) -> &[Carrier] {
        &self.carriers
    }
}

/// The text of a badge, by its form.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Payload {
    /// Text that begins like JSON. It was not parsed, and may not even be UTF-8.
    Json(Vec<u8>),
    /// A signed badge.
    Jws(CompactJws),
    /// The address of a hosted badge.
    Url(Url),
}

/// Why no badge was taken out of a file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnbakeError {
    /// The image carries badges of one version that differ.
    #[error("the image carries badges that differ: {}", list(.carriers))]
    Ambiguous {
        /// All carriers of the image.
        carriers: Vec<Carrier>,
    },
    /// Something is larger than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The text that should be a badge is none.
    #[error("{carrier} is unreadable")]
    Malformed {
        /// Where the text stands.
        carrier: Carrier,
        /// What is wrong with it.
        #[source]
        defect: Defect,
    },
    /// The file is an image without a badge that can be used.
    #[error("the image carries no badge{}", reasons(*.damage, .carriers))]
    NotBaked {
        /// The carriers that could not be used.
        carriers: Vec<Carrier>,
        /// What is wrong with the image, if anything is.
        damage: Option<Damage>,
    },
    /// The file is none of the formats in which a badge comes.
    #[error("expected PNG, SVG, JSON, a compact JWS or a URL, found none of them")]
    Unrecognized,
}

/// Why no badge was taken out of a reader.
#[derive(Debug, thiserror::Error)]
#[allow(clippy::exhaustive_enums)] // what reads a file can fail at reading or at the file
pub enum UnbakeReadError {
    /// The reader failed.
    #[error("the input could not be read")]
    Read(#[from] io::Error),
    /// The file has no badge.
    #[error(transparent)]
    Unbake(#[from] UnbakeError),
}

/// Searches a PNG in memory.
pub(crate) fn scan_slice(input: &[u8], limits: &Limits) -> Result<Scan, LimitExceeded> {
    let mut source = input;
    png::scan(&mut source, limits).map_err(|stop: png::Stop<Infallible>| match stop {
        png::Stop::Limit(limit) => limit,
        png::Stop::Source(never) => match never {},
    })
}

/// A file that is its own badge.
fn from_text(input: &[u8], format: Format, limits: &Limits) -> Result<Extracted, UnbakeError> {
    let carrier = Carrier::new(CarrierKind::File, None, 0);
    let payload = read_payload(input.into(), limits, &carrier)?;
    Ok(Extracted { format, payload, carriers: vec![carrier.clone()], carrier, besides: Vec::new() })
}

/// An image with whatever was found in it.
fn from_scan(scan: Scan, format: Format, limits: &Limits) -> Result<Extracted, UnbakeError> {
    let damage = scan.damage;
    let Choices { main, besides, carriers } = choose(scan);
    let Some(main) = chosen(main, limits, &carriers) else {
        return Err(UnbakeError::NotBaked { carriers, damage });
    };
    let Beside { payload, carrier } = main?;
    let mut others = Vec::new();
    for choice in besides {
        match chosen(choice, limits, &carriers) {
            Some(Err(UnbakeError::Limit(limit))) => return Err(limit.into()),
            other => others.extend(other),
        }
    }
    Ok(Extracted { format, payload, carrier, carriers, besides: others })
}

/// What the carriers of one version hold, if there are any.
fn chosen(choice: Choice, limits: &Limits, carriers: &[Carrier]) -> Option<Result<Beside, UnbakeError>> {
    Some(match choice {
        Choice::Ambiguous => Err(UnbakeError::Ambiguous { carriers: carriers.to_vec() }),
        Choice::Chosen { text, carrier } => read_payload(text.into_bytes().into(), limits, &carrier)
            .map(|payload| Beside { payload, carrier }),
        Choice::Defective { carrier, defect } => Err(UnbakeError::Malformed { carrier, defect }),
        Choice::Nothing => return None,
    })
}

fn read_payload(text: Cow<'_, [u8]>, limits: &Limits, carrier: &Carrier) -> Result<Payload, UnbakeError> {
    classify(text, carrier.rules(), limits)?
        .map_err(|defect| UnbakeError::Malformed { carrier: carrier.clone(), defect })
}

/// Tells JSON, JWS and URL apart: by the same rule in an image as in a file of their own.
///
/// OB 3.0 knows no badge that is only a URL.
pub(crate) fn classify(
    whole: Cow<'_, [u8]>,
    standard: Option<Standard>,
    limits: &Limits,
) -> Result<Result<Payload, Defect>, LimitExceeded> {
    let text = trim(&whole);
    let format = sniff(text);
    if format == Some(Format::Json) {
        // Not copied once more if it stands alone.
        let text = if text.len() == whole.len() { whole.into_owned() } else { text.to_vec() };
        return Ok(Ok(Payload::Json(text)));
    }
    let Ok(characters) = str::from_utf8(text) else { return Ok(Err(Defect::Utf8)) };
    match format {
        Some(Format::Jws) => match CompactJws::parse(characters, limits) {
            Err(JwsError::Limit(limit)) => Err(limit),
            parsed => Ok(parsed.map(Payload::Jws).map_err(Defect::Jws)),
        },
        Some(Format::Url) if standard != Some(Standard::OpenBadges3) => {
            limits.check(Limit::UrlBytes, text.len())?;
            Ok(Url::parse(characters).map(Payload::Url).map_err(|_| Defect::Url))
        }
        Some(Format::Json | Format::Png | Format::Svg | Format::Svgz | Format::Url) | None => {
            Ok(Err(Defect::Text))
        }
    }
}

fn list(carriers: &[Carrier]) -> String {
    carriers
        .iter()
        .filter(|carrier| carrier.unused().is_none())
        .map(Carrier::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

fn reasons(damage: Option<Damage>, carriers: &[Carrier]) -> String {
    let damage = damage.map(|damage| damage.to_string());
    let carriers = carriers.iter().filter_map(|carrier| Some(format!("{carrier} {}", carrier.unused()?)));
    let all = damage.into_iter().chain(carriers).collect::<Vec<_>>().join("; ");
    if all.is_empty() { all } else { format!(": {all}") }
}
