//! Small things that have to be done over and over: what no count of bytes that come out, or of terms, would show.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::Status;
use serde_json::{Map, Value, json};

use crate::cost::{cost, forged};
use crate::files::{chunk, png};
use crate::samples::{
    SCHOOL, SCHOOL_KEY, SCHOOL_LIST, Web, credential, credential_jwt, school, school_web, status_entry,
    status_list,
};

/// Deflate blocks (RFC 1951) with nothing in them, each of which has codes that an inflater prepares for nothing.
#[derive(Clone, Copy, Debug)]
enum EmptyBlock {
    /// With codes of its own.
    Dynamic,
    /// With the codes that everybody knows.
    Fixed,
}

impl EmptyBlock {
    /// So many bytes of such blocks.
    fn deflated(self, bytes: usize) -> Vec<u8> {
        // Of all code lengths only "none, 11 to 138 times" and "1" have a code themselves: 1 and 0.
        let code_lengths = "000000100".to_owned() + &"000".repeat(14) + "100";
        let none = |times: u8| "1".to_owned() + &low_bits_first(times - 11, 7);
        let block = match self {
            // 257 literals and 1 distance in 18 code lengths: 256 without a code, the end of the block and the distance with
            // one; and that end.
            Self::Dynamic => {
                ["01", "00000", "00000", "0111", &code_lengths, &none(138), &none(118), "0", "0", "0"]
                    .concat()
            }
            Self::Fixed => "100000000".to_owned(),
        };
        let count = bytes * 8 / (block.len() + 1);
        let bits = (0..count).flat_map(|at| {
            let last = if at + 1 == count { '1' } else { '0' };
            std::iter::once(last).chain(block.chars())
        });
        let bits: Vec<u8> = bits.map(|bit| u8::from(bit == '1')).collect();
        bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | bit)).collect()
    }

    fn gzip(self, bytes: usize) -> Vec<u8> {
        [&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255], self.deflated(bytes).as_slice(), &[0; 8]].concat()
    }

    fn zlib(self, bytes: usize) -> Vec<u8> {
        [&[0x78, 0x9C], self.deflated(bytes).as_slice(), &[0, 0, 0, 1]].concat()
    }
}

fn low_bits_first(number: u8, bits: usize) -> String {
    (0..bits).map(|bit| if number >> bit & 1 == 1 { '1' } else { '0' }).collect()
}

const EMPTY: [EmptyBlock; 2] = [EmptyBlock::Dynamic, EmptyBlock::Fixed];
const MIB: usize = 1024 * 1024;

#[test]
fn blocks_with_nothing_in_them_are_blocks() {
    for block in EMPTY {
        let mut text = Vec::new();
        let mut decoder = flate2::read::ZlibDecoder::new(std::io::Cursor::new(block.zlib(1000)));
        std::io::Read::read_to_end(&mut decoder, &mut text).unwrap();
        assert_eq!(text, b"");
    }
}

#[test]
fn compressed_nothing_is_soon_gone_through() {
    for block in EMPTY {
        assert!(cost(block.gzip(10 * MIB - 100), &Web::default()).is_none(), "{block:?}");
        let text = [b"openbadges\0\0".as_slice(), &block.zlib(640 * 1024)].concat();
        assert!(cost(png(&vec![chunk(b"zTXt", &text); 15]), &Web::default()).is_none(), "{block:?}");
    }
}

#[test]
fn lists_of_compressed_nothing_are_soon_gone_through() {
    for block in EMPTY {
        let url = |number: usize| format!("{SCHOOL_LIST}/{number}");
        let mut badge = credential(SCHOOL);
        badge["credentialStatus"] = (0..4).map(|number| status_entry(&url(number), json!("0"))).collect();
        let encoded = format!("u{}", URL_SAFE_NO_PAD.encode(block.gzip(2 * MIB)));
        let mut web = school_web();
        for number in 0..4 {
            let mut list = status_list(&url(number), SCHOOL, "revocation", &[]);
            list["credentialSubject"]["encodedList"] = json!(encoded);
            web.serve(&url(number), school().seal(&list, SCHOOL_KEY).to_string().as_bytes());
        }
        let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &badge);
        assert_ne!(cost(token, &web).unwrap().status(), Status::Valid, "{block:?}");
    }
}

#[test]
fn a_context_within_each_term_counts_for_all_the_terms_before() {
    for (contexts, terms, scoped) in
        [(1, 900, json!(null)), (1, 3_000, json!([])), (4, 3_400, json!(null)), (3, 3_000, json!({}))]
    {
        let term = |number: usize| (format!("x:{number}"), json!({"@context": scoped}));
        let context = Value::Object((0..terms).map(term).collect::<Map<_, _>>());
        let mut badge = credential(&school().did());
        badge["@context"].as_array_mut().unwrap().extend(vec![context; contexts]);
        badge["proof"] = forged();
        let report = cost(badge.to_string(), &Web::default()).unwrap();
        assert_ne!(report.status(), Status::Valid);
    }
}

#[test]
fn names_of_attributes_and_namespaces_are_soon_compared() {
    let svg = |attributes: &str, elements: String| {
        format!("<svg xmlns='http://www.w3.org/2000/svg'{attributes}>{elements}</svg>")
    };
    let names = |prefix: &str, value: &str, count: usize| {
        (0..count).map(|number| format!(" {prefix}{number:03}='{value}'")).collect::<String>()
    };
    let element = format!("<g{}/>", names("a", "", 128));
    assert!(cost(svg("", element.repeat(10 * MIB / element.len() - 1)), &Web::default()).is_none());
    let (declared, element) = (names("xmlns:a", "x", 120), "<a000:assertion/>");
    let elements = element.repeat((10 * MIB - declared.len()) / element.len() - 10);
    assert!(cost(svg(&declared, elements), &Web::default()).is_none());
    let element = "<a000:assertion xmlns:b='x'/>";
    let elements = element.repeat((10 * MIB - declared.len()) / element.len() - 10);
    assert!(cost(svg(&names("xmlns:a", "x", 120), elements), &Web::default()).is_none());
}

#[test]
fn one_node_in_many_places_is_looked_up_in_order() {
    let classes: Vec<String> = (0..9_000).map(|number| format!("urn:class:{number}")).collect();
    for member in ["credentialSubject", "refreshService", "credentialSchema", "credentialStatus"] {
        let mut badge = credential(&school().did());
        badge["evidence"] = json!([{"id": "urn:x:one", "type": classes}]);
        badge[member] = json!(vec![json!({"id": "urn:x:one"}); 9_000]);
        badge["proof"] = forged();
        assert_ne!(cost(badge.to_string(), &Web::default()).unwrap().status(), Status::Valid, "{member}");
    }
}
