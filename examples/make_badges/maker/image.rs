//! Draws a badge: a gold star on a blue disc. No pixel is anybody else's.

use png::{BitDepth, ColorType, Compression, Encoder};

/// Width and height, in pixels.
const SIZE: i32 = 96;
/// Points at which a pixel is looked at, in each direction.
const SAMPLES: i32 = 4;
/// Sample points are odd multiples of a pixel's `SCALE`th part, so that all is done in whole numbers.
const SCALE: i32 = 2 * SAMPLES;

const CENTRE: i32 = 48;
const DISC: (i32, [i32; 3]) = (46, [0x1B, 0x4F, 0x8A]);
const RING: (i32, [i32; 3]) = (40, [0xF4, 0xF1, 0xE8]);
const FACE: (i32, [i32; 3]) = (37, DISC.1);
const GOLD: [i32; 3] = [0xE8, 0xB0, 0x30];
const STAR: [(i32, i32); 10] =
    [(48, 22), (54, 40), (74, 41), (58, 52), (64, 71), (48, 60), (32, 71), (38, 52), (22, 41), (42, 40)];

/// The picture without a badge.
pub(super) fn png() -> Vec<u8> {
    png_with(&[])
}

/// The picture with texts that the encoder puts in as they are: by `bake` an image gets only what is a badge.
pub(super) fn png_with(texts: &[(&str, &str)]) -> Vec<u8> {
    let mut palette: Vec<[u8; 4]> = Vec::new();
    let mut pixels = Vec::new();
    for (x, y) in (0..SIZE).flat_map(|y| (0..SIZE).map(move |x| (x, y))) {
        let colour = colour(x, y);
        let known = palette.iter().position(|each| *each == colour);
        let index = known.unwrap_or_else(|| {
            palette.push(colour);
            palette.len() - 1
        });
        pixels.push(u8::try_from(index).expect("few colours"));
    }
    let mut image = Vec::new();
    let mut encoder = Encoder::new(&mut image, SIZE.unsigned_abs(), SIZE.unsigned_abs());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    // Another version of a compressor would make other files of the same pixels.
    encoder.set_compression(Compression::NoCompression);
    encoder.set_palette(palette.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect::<Vec<u8>>());
    encoder.set_trns(palette.iter().map(|[.., a]| *a).collect::<Vec<u8>>());
    for (keyword, text) in texts {
        encoder.add_itxt_chunk((*keyword).to_owned(), (*text).to_owned()).expect("a keyword of ours");
    }
    let mut writer = encoder.write_header().expect("a `Vec` takes everything");
    writer.write_image_data(&pixels).expect("as many pixels as were announced");
    writer.finish().expect("a `Vec` takes everything");
    image
}

/// The same picture as an SVG.
pub(super) fn svg() -> String {
    let hex = |[r, g, b]: [i32; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let circle = |(radius, colour): (i32, [i32; 3])| {
        format!("  <circle cx=\"{CENTRE}\" cy=\"{CENTRE}\" r=\"{radius}\" fill=\"{}\"/>\n", hex(colour))
    };
    let points: Vec<String> = STAR.iter().map(|(x, y)| format!("{x},{y}")).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIZE}\" height=\"{SIZE}\" viewBox=\"0 0 {SIZE} {SIZE}\">\n\
         {}{}{}  <polygon points=\"{}\" fill=\"{}\"/>\n\
         </svg>\n",
        circle(DISC),
        circle(RING),
        circle(FACE),
        points.join(" "),
        hex(GOLD),
    )
}

/// The mean of what is seen at the sample points of a pixel.
fn colour(x: i32, y: i32) -> [u8; 4] {
    let offsets = || (0..SAMPLES).map(|step| 2 * step + 1);
    let seen: Vec<[i32; 3]> = offsets()
        .flat_map(|dx| offsets().map(move |dy| (x * SCALE + dx, y * SCALE + dy)))
        .filter_map(|(x, y)| seen_at(x, y))
        .collect();
    let count = i32::try_from(seen.len()).expect("few samples");
    let byte = |value: i32| u8::try_from(value).expect("a mean of bytes");
    let mean = |channel: fn(&[i32; 3]) -> i32| byte(seen.iter().map(channel).sum::<i32>() / count.max(1));
    [mean(|[r, ..]| *r), mean(|[_, g, _]| *g), mean(|[.., b]| *b), byte(count * 255 / (SAMPLES * SAMPLES))]
}

/// The colour at a point, in parts of a pixel; nothing outside of the badge.
fn seen_at(x: i32, y: i32) -> Option<[i32; 3]> {
    if in_star(x, y) {
        return Some(GOLD);
    }
    let (dx, dy) = (x - CENTRE * SCALE, y - CENTRE * SCALE);
    let is_within = |radius: i32| dx * dx + dy * dy <= (radius * SCALE) * (radius * SCALE);
    [FACE, RING, DISC].into_iter().find(|(radius, _)| is_within(*radius)).map(|(_, colour)| colour)
}

/// Whether a ray to the right leaves the star an odd number of times.
fn in_star(x: i32, y: i32) -> bool {
    let corners = STAR.map(|(x, y)| (x * SCALE, y * SCALE));
    let ends = corners.iter().cycle().skip(1);
    let crossings = corners.iter().zip(ends).filter(|((x1, y1), (x2, y2))| {
        // The edge spans the ray's height, and meets it to the right: compared without dividing.
        (*y1 > y) != (*y2 > y) && ((x - x1) * (y2 - y1) < (x2 - x1) * (y - y1)) == (y2 > y1)
    });
    crossings.count() % 2 == 1
}

/// A PNG of one grey pixel, for suites of many files.
pub(super) const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\
    \0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9BU\
    \0\0\0\x0AIDATx\xDAc`\0\0\0\x02\0\x01\xE5'\xDE\xFC\
    \0\0\0\0IEND\xAE\x42\x60\x82";
