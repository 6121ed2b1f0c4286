//! What images are like.

use openbadges::limits::{Limit, Limits};
use openbadges::unbake::{Colour, ImageFacts, image_facts};

use crate::conformance;
use crate::gzip;
use crate::png_files::{chunk, png};

#[test]
fn a_png_is_described_by_its_header() {
    let Some(ImageFacts::Png(facts)) = image_facts(&png(&[]), &Limits::default()) else { panic!("a PNG") };
    assert_eq!((facts.width, facts.height, facts.colour, facts.bit_depth), (1, 1, Colour::Grey, 8));
    assert!(facts.is_sound);
    let is_sound = |image: &[u8]| match image_facts(image, &Limits::default()) {
        Some(ImageFacts::Png(facts)) => Some(facts.is_sound),
        _ => None,
    };
    assert_eq!(is_sound(&png(&[])[..60]), Some(false));
    let mut palette = chunk(b"PLTE", &[0; 3]);
    *palette.last_mut().unwrap() ^= 1;
    assert_eq!(is_sound(&png(&[palette])), Some(false));
    assert_eq!(is_sound(&png(&[])[..20]), None);
}

#[test]
fn an_svg_is_described_by_its_root() {
    let of = |attributes: &str| {
        let svg = format!("<!-- --><svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
        let Some(ImageFacts::Svg(facts)) = image_facts(svg.as_bytes(), &Limits::default()) else {
            panic!("an SVG")
        };
        (facts.width, facts.height, facts.view_box)
    };
    assert_eq!(of("width='10' height='2.5px'"), (Some(10.0), Some(2.5), None));
    assert_eq!(of("width='100%' height='1em'"), (None, None, None));
    assert_eq!(of("viewBox=' 0,0 20\n30 '"), (None, None, Some([0.0, 0.0, 20.0, 30.0])));
    assert_eq!(of("viewBox='0 0 20' width='inf' height='NaN'"), (None, None, None));
}

#[test]
fn a_compressed_svg_is_described_by_the_same_root() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='20'/>";
    let facts = image_facts(&gzip(svg), &Limits::default());
    assert_eq!(facts, image_facts(svg, &Limits::default()));
    assert!(matches!(facts, Some(ImageFacts::Svg(_))));
    let bomb = [&svg[..], &vec![b' '; 1 << 20]].concat();
    assert_eq!(image_facts(&gzip(&bomb), &Limits::default().with(Limit::InputBytes, 1 << 16)), None);
}

#[test]
fn nothing_else_is_an_image() {
    let others = [gzip(b"{}"), gzip(&png(&[])), gzip(&gzip(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))];
    let others = others.iter().map(Vec::as_slice);
    for input in others.chain([&b"{}"[..], b"GIF89a", b"https://example.org/1.png", b"\x1f\x8b\x08"]) {
        assert_eq!(image_facts(input, &Limits::default()), None);
    }
}

/// The names of the suite say what each image is like: `basn6a16` has colour type 6 and 16 bits.
#[test]
fn published_images_are_what_their_names_say() {
    let Some(folder) = conformance() else { return };
    let mut images = 0;
    for entry in std::fs::read_dir(folder.join("pngsuite")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".png") || name.starts_with('x') || name == "PngSuite.png" {
            continue;
        }
        let facts = image_facts(&std::fs::read(&path).unwrap(), &Limits::default());
        let Some(ImageFacts::Png(facts)) = facts else { panic!("{name}: {facts:?}") };
        let colour = match &name[4..5] {
            "0" => Colour::Grey,
            "2" => Colour::Rgb,
            "3" => Colour::Palette,
            "4" => Colour::GreyAlpha,
            _ => Colour::Rgba,
        };
        assert_eq!(
            (facts.colour, u32::from(facts.bit_depth)),
            (colour, name[6..8].parse().unwrap()),
            "{name}"
        );
        if let Some(size) = name.strip_prefix('s').and_then(|rest| rest[..2].parse().ok()) {
            assert_eq!((facts.width, facts.height), (size, size), "{name}");
        }
        assert!(facts.is_sound, "{name}");
        images += 1;
    }
    assert_eq!(images, 160);
}
