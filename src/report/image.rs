//! What the image is like that a badge was baked into.

use std::fmt;

use serde::Serialize;

/// What the image is like that the badge came in.
///
/// Pixels are not looked at: anybody can bake any badge into any picture. What the badge itself names as its image
/// stands in [`Summary::image`](crate::badge::Summary::image).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Image {
    /// `image/png` or `image/svg+xml`, whether it is compressed or not.
    pub media_type: &'static str,
    /// The width in pixels; of an SVG in CSS pixels or else in its own units, if it says.
    pub width: Option<f64>,
    /// The height, likewise.
    pub height: Option<f64>,
    /// Whether the file is whole, as far as can be told without drawing it.
    pub is_sound: bool,
}

impl fmt::Display for Image {
    /// As `image/png, 600 × 600`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.media_type)?;
        if let (Some(width), Some(height)) = (self.width, self.height) {
            write!(f, ", {width} \u{d7} {height}")?;
        }
        if self.is_sound { Ok(()) } else { f.write_str(", damaged") }
    }
}
