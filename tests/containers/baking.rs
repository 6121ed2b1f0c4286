//! What is baked comes out again, and nothing else of the image changes.

use std::io::Cursor;

use openbadges::bake::{BakeError, bake};
use openbadges::limits::{Limit, Limits};
use openbadges::unbake::{Damage, Defect, Standard, unbake};

use crate::png_files::{chunk, png};
use crate::{JWS, OB2, OB3, URL, conformance, payload_text, text_of, unbake_both};

const BOTH: [Standard; 2] = [Standard::OpenBadges2, Standard::OpenBadges3];
const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>"#;

fn baked(image: &[u8], text: &str, standard: Standard) -> Vec<u8> {
    bake(image, text, standard, &Limits::default()).unwrap()
}

#[test]
fn an_image_that_is_full_takes_no_other_badge() {
    let text = [b"openbadges\0\0\0\0\0".as_slice(), OB2.as_bytes()].concat();
    let of = |carriers: usize| png(&vec![chunk(b"iTXt", &text); carriers]);
    let bake = |image: &[u8], standard| bake(image, OB3, standard, &Limits::default());
    assert!(bake(&of(15), Standard::OpenBadges3).is_ok());
    assert!(bake(&of(16), Standard::OpenBadges2).is_ok(), "they are replaced");
    assert!(
        matches!(bake(&of(16), Standard::OpenBadges3), Err(BakeError::Limit(full)) if full.limit == Limit::Carriers)
    );
}

#[test]
fn every_form_of_badge_comes_out_of_every_image_as_it_went_in() {
    let hard =
        "{\"a\":\"]]> ]]]]> <![CDATA[ &amp; <x> É😀 \u{7f}\",\r\n\"id\":\"https://example.org/?a=1&b='2'\"}";
    let images = [
        png(&[]),
        SVG.as_bytes().to_vec(),
        b"\xEF\xBB\xBF<!DOCTYPE svg [ <!ENTITY x '>'> ]><!-- <svg> --><s:svg xmlns:s='http://www.w3.org/2000/svg' a='/>'/>\n".to_vec(),
    ];
    for image in images {
        for standard in BOTH {
            for text in [OB2, OB3, JWS, URL, hard] {
                let result = bake(&image, text, standard, &Limits::default());
                if text == URL && standard == Standard::OpenBadges3 {
                    assert_eq!(result, Err(BakeError::Text(Defect::Text)));
                    continue;
                }
                let once = result.unwrap();
                assert_eq!(text_of(&once), text);
                let extracted = unbake(&once, &Limits::default()).unwrap();
                assert_eq!((extracted.carriers().len(), extracted.carrier().standard()), (1, Some(standard)));
                assert!(!extracted.carrier().is_compressed());
                assert_eq!(baked(&once, text, standard), once, "baking again changes nothing");
                assert_eq!(text_of(&baked(&once, "{\"other\":1}", standard)), "{\"other\":1}");
            }
        }
    }
}

#[test]
fn an_svg_is_baked_as_the_specifications_show() {
    let shown = |text, standard| {
        let svg = String::from_utf8(baked(SVG.as_bytes(), text, standard)).unwrap();
        svg.replace(r#"<svg xmlns="http://www.w3.org/2000/svg">"#, "").replace(r#"<circle r="4"/></svg>"#, "")
    };
    assert_eq!(
        shown(r#"{"id":"https://example.org/?a&b"}"#, Standard::OpenBadges2),
        "<openbadges:assertion xmlns:openbadges=\"http://openbadges.org\" verify=\"https://example.org/?a&amp;b\">\
         <![CDATA[{\"id\":\"https://example.org/?a&b\"}]]></openbadges:assertion>"
    );
    assert_eq!(
        shown(JWS, Standard::OpenBadges2),
        format!("<openbadges:assertion xmlns:openbadges=\"http://openbadges.org\" verify=\"{JWS}\"/>")
    );
    assert_eq!(
        shown(r#"{"id":"https://example.org/1"}"#, Standard::OpenBadges3),
        "<openbadges:credential xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\">\
         <![CDATA[{\"id\":\"https://example.org/1\"}]]></openbadges:credential>"
    );
}

#[test]
fn all_carriers_of_the_same_version_are_replaced() {
    let itxt = |text: &str| chunk(b"iTXt", &[b"openbadges\0\0\0\0\0", text.as_bytes()].concat());
    let mut wrong = itxt("{}");
    *wrong.last_mut().unwrap() ^= 1;
    let comment = chunk(b"tEXt", b"Comment\0openbadges");
    let crowded =
        [png(&[wrong, comment.clone(), itxt("{}"), chunk(b"tEXt", b"openbadges\0x")]), itxt("{}")].concat();
    assert_eq!(baked(&crowded, OB2, Standard::OpenBadges2), png(&[itxt(OB2), comment]));

    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><g><o:assertion xmlns:o='http://openbadges.org'>{}</o:assertion></g></svg>";
    let expected = svg.replace("<o:assertion xmlns:o='http://openbadges.org'>{}</o:assertion>", "");
    let result = String::from_utf8(baked(svg.as_bytes(), URL, Standard::OpenBadges2)).unwrap();
    let element =
        format!("<openbadges:assertion xmlns:openbadges=\"http://openbadges.org\" verify=\"{URL}\"/>");
    assert_eq!(result, expected.replace("<g>", &format!("{element}<g>")));
}

#[test]
fn an_older_version_is_not_hidden_behind_a_newer_one() {
    for image in [png(&[]), SVG.as_bytes().to_vec()] {
        let newer = baked(&image, OB3, Standard::OpenBadges3);
        assert_eq!(bake(&newer, OB2, Standard::OpenBadges2, &Limits::default()), Err(BakeError::Newer));
        let both = baked(&baked(&image, OB2, Standard::OpenBadges2), OB3, Standard::OpenBadges3);
        assert_eq!(unbake(&both, &Limits::default()).unwrap().carriers().len(), 2);
        assert_eq!(text_of(&both), OB3);
    }
}

#[test]
fn refuses_what_would_not_come_out_again() {
    let fails =
        |image: &[u8], text: &str| bake(image, text, Standard::OpenBadges2, &Limits::default()).unwrap_err();
    assert_eq!(fails(b"GIF89a", OB2), BakeError::Format);
    assert_eq!(fails(OB2.as_bytes(), OB2), BakeError::Format);
    assert_eq!(fails(&png(&[])[..40], OB2), BakeError::Damaged(Damage::Truncated));
    assert_eq!(fails(SVG.replace("</svg>", "").as_bytes(), OB2), BakeError::Damaged(Damage::Truncated));
    let utf16: Vec<u8> = SVG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(fails(&utf16, OB2), BakeError::Encoding);
    assert!(matches!(fails(&png(&[]), "{\"a\":"), BakeError::Json(_)));
    assert_eq!(fails(&png(&[]), "hello"), BakeError::Text(Defect::Text));
    assert_eq!(fails(SVG.as_bytes(), "{\"a\":\"\u{ffff}\"}"), BakeError::Unprintable(0xFFFF));
    let limits = Limits::default().with(Limit::TextBytes, 50);
    for image in [png(&[]), SVG.as_bytes().to_vec()] {
        let result = bake(&image, OB2, Standard::OpenBadges2, &limits);
        assert!(matches!(result, Err(BakeError::Limit(exceeded)) if exceeded.limit == Limit::TextBytes));
    }
}

fn pixels(image: &[u8]) -> Option<Vec<u8>> {
    let mut reader = png::Decoder::new(Cursor::new(image)).read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    reader.next_frame(&mut pixels).ok()?;
    Some(pixels)
}

#[test]
fn published_images_keep_their_pixels_and_another_decoder_finds_the_text() {
    let Some(folder) = conformance() else { return };
    let mut images = 0;
    for entry in std::fs::read_dir(folder.join("pngsuite")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "png") {
            continue;
        }
        let image = std::fs::read(&path).unwrap();
        for (text, standard) in [(OB2, Standard::OpenBadges2), (JWS, Standard::OpenBadges3)] {
            let Ok(baked) = bake(&image, text, standard, &Limits::default()) else {
                assert!(path.file_name().unwrap().to_str().unwrap().starts_with('x'), "{path:?}");
                continue;
            };
            images += 1;
            let extracted = unbake_both(&baked, &Limits::default()).unwrap();
            assert_eq!(payload_text(extracted.payload()), text);
            assert_eq!(pixels(&baked), pixels(&image), "{path:?}");
            let start = usize::try_from(extracted.carrier().offset()).unwrap();
            let chunk = 12 + standard.keyword().len() + 5 + text.len();
            assert_eq!([&baked[..start], &baked[start + chunk..]].concat(), image, "{path:?}");
            let Ok(reader) = png::Decoder::new(Cursor::new(&baked)).read_info() else { continue };
            let found: Vec<_> =
                reader.info().utf8_text.iter().filter(|chunk| chunk.keyword == standard.keyword()).collect();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].get_text().unwrap(), text);
        }
    }
    assert!(images >= 2 * 162, "{images}");
}
