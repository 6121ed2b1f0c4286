//! Badges in SVG files.

use openbadges::limits::{Limit, Limits};
use openbadges::sniff::Format;
use openbadges::unbake::{Damage, Defect, Standard, UnbakeError, Unused};
use quick_xml::events::Event;
use quick_xml::reader::NsReader;

use crate::{
    JWS, OB2, OB3, URL, defect_of, error_of, gzip, limit_of, payload_text, text_of, unbake_both, unused,
};

/// An SVG with something between its tags; the prefixes `a` and `c` are those of both versions.
fn svg(content: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:a='http://openbadges.org' \
         xmlns:c='https://purl.imsglobal.org/ob/v3p0' xmlns:l='https://purl.imsglobal.org/clr/v2p0'>{content}</svg>"
    )
}

fn damage_of(input: &str) -> Option<Damage> {
    match error_of(input.as_bytes()) {
        UnbakeError::NotBaked { damage, .. } => damage,
        other => panic!("{other:?}"),
    }
}

#[test]
fn takes_attribute_or_body_as_its_version_says() {
    let table = [
        (format!("<a:assertion verify='{URL}'/>"), URL),
        (format!("<a:assertion verify='{JWS}'/>"), JWS),
        (format!("<a:assertion verify='{URL}'> \n </a:assertion>"), URL),
        (format!("<a:assertion verify='{URL}'><![CDATA[{OB2}]]></a:assertion>"), OB2),
        (format!("<a:assertion>\n{OB2}\n</a:assertion>"), OB2),
        (format!("<a:assertion>{JWS}</a:assertion>"), JWS),
        (format!("<c:credential><![CDATA[{OB3}]]></c:credential>"), OB3),
        (format!("<c:credential verify='{JWS}'/>"), JWS),
        (format!("<c:credential verify=' {JWS}\n'><![CDATA[{OB3}]]></c:credential>"), JWS),
        (format!("<c:credential verify=''><![CDATA[{OB3}]]></c:credential>"), OB3),
        (format!("<credential xmlns='https://purl.imsglobal.org/ob/v3p0'>{OB3}</credential>"), OB3),
        (format!("<defs><g><c:credential x='1'>{OB3}</c:credential></g></defs>"), OB3),
    ];
    for (content, text) in table {
        assert_eq!(text_of(svg(&content).as_bytes()), text, "{content}");
    }
}

#[test]
fn joins_the_pieces_of_a_body() {
    for body in [
        "{\"a\":<![CDATA[\"<&]]>b\"}",
        "{\"a\":\"&lt;&amp;b\"}",
        "{\"a\":\"&#60;&#x26;b\"}",
        "{\"a\":<!-- { --><?pi { ?>\"&lt;<![CDATA[]]><![CDATA[&b\"]]>}",
    ] {
        assert_eq!(text_of(svg(&format!("<a:assertion>{body}</a:assertion>")).as_bytes()), r#"{"a":"<&b"}"#);
    }
}

#[test]
fn takes_no_other_element_for_a_badge() {
    for content in [
        format!("<assertion>{OB2}</assertion>"),
        format!("<a:credential>{OB2}</a:credential>"),
        format!("<c:assertion>{OB2}</c:assertion>"),
        format!("<a:Assertion>{OB2}</a:Assertion>"),
        format!("<a:assertion xmlns:a='http://openbadges.org/'>{OB2}</a:assertion>"),
        format!("<b:assertion>{OB2}</b:assertion>"),
        format!("<!-- <a:assertion>{OB2}</a:assertion> -->"),
        format!("<![CDATA[<a:assertion>{OB2}</a:assertion>]]>"),
        format!("<text a:verify='{URL}' verify='{URL}'>{OB2}</text>"),
    ] {
        assert_eq!(damage_of(&svg(&content)), None, "{content}");
    }
    assert_eq!(
        error_of(format!("<assertion xmlns='http://openbadges.org'>{OB2}</assertion>").as_bytes()),
        UnbakeError::Unrecognized
    );
}

#[test]
fn a_prefixed_verify_is_another_attribute() {
    assert_eq!(defect_of(svg(&format!("<a:assertion a:verify='{URL}'/>")).as_bytes()), Defect::Text);
}

#[test]
fn elements_of_one_version_must_agree_wherever_they_stand() {
    let one = format!("<a:assertion>{OB2}</a:assertion>");
    let deeper = format!("<g><g><x:assertion xmlns:x='http://openbadges.org'> {OB2} </x:assertion></g></g>");
    let other = "<g><a:assertion>{}</a:assertion></g>";
    let extracted = unbake_both(svg(&format!("{one}{deeper}")).as_bytes(), &Limits::default()).unwrap();
    assert_eq!(unused(&extracted), [None, Some(Unused::Repeated)]);
    for both in [format!("{one}{other}"), format!("{other}{one}")] {
        assert!(matches!(error_of(svg(&both).as_bytes()), UnbakeError::Ambiguous { .. }));
    }
    let newer = format!("{other}<c:credential>{OB3}</c:credential>{one}<l:credential/>");
    let extracted = unbake_both(svg(&newer).as_bytes(), &Limits::default()).unwrap();
    assert_eq!(extracted.carrier().standard(), Some(Standard::OpenBadges3));
    assert_eq!(
        unused(&extracted),
        [Some(Unused::Superseded), None, Some(Unused::Superseded), Some(Unused::Clr)]
    );
}

#[test]
fn a_body_with_elements_or_foreign_entities_is_malformed() {
    let nested = format!("<a:assertion>{OB2}<a:assertion>{OB2}</a:assertion></a:assertion>");
    assert_eq!(defect_of(svg(&nested).as_bytes()), Defect::NestedElement);
    let beside_verify = format!("<c:credential verify='{JWS}'><g>&x;</g></c:credential>");
    assert_eq!(defect_of(svg(&beside_verify).as_bytes()), Defect::NestedElement);
    let unknown = |name: &str| Defect::UnknownEntity { name: name.to_owned() };
    let doctype = "<!DOCTYPE svg [ <!ENTITY x '{}'> <!ENTITY e SYSTEM 'file:///etc/passwd'> ]>";
    for (content, defect) in [
        ("<a:assertion>&x;</a:assertion>", unknown("x")),
        ("<a:assertion>{}&e;</a:assertion>", unknown("e")),
        ("<a:assertion verify='https://example.org/&x;'/>", unknown("x")),
        ("<c:credential verify='&x;'>{}</c:credential>", unknown("x")),
    ] {
        assert_eq!(defect_of(format!("{doctype}{}", svg(content)).as_bytes()), defect);
    }
    // Beside the badge they are not looked at.
    let beside =
        format!("{doctype}{}", svg(&format!("<text fill='&x;'>&e;</text><a:assertion>{OB2}</a:assertion>")));
    assert_eq!(text_of(beside.as_bytes()), OB2);
}

#[test]
fn an_entity_bomb_is_not_lit() {
    let mut doctype = "<!DOCTYPE svg [ <!ENTITY a0 'ha'>".to_owned();
    for level in 1..30 {
        doctype += &format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(10));
    }
    let image =
        format!("{doctype} ]>{}", svg(&format!("<text>&a29;</text><a:assertion>{OB2}</a:assertion>")));
    assert_eq!(text_of(image.as_bytes()), OB2);
}

#[test]
fn a_document_that_is_not_whole_or_not_well_formed_leaves_nothing_to_rely_on() {
    let badge = format!("<a:assertion>{OB2}</a:assertion>");
    let whole = svg(&badge);
    let tag_end = whole.find('>').unwrap();
    for length in tag_end..whole.len() {
        assert!(damage_of(&whole[..length]).is_some(), "{length} bytes");
    }
    for broken in [
        svg(&format!("{badge}<g>")),
        svg(&format!("{badge}</g>")),
        svg(&format!("{badge}<g a='1' a='2'/>")),
        svg(&format!("{badge}<g a=1/>")),
        svg(&format!("{badge}<g a='1'b='2'/>")),
        svg(&format!("{badge}<g a='<'/>")),
        svg(&format!("{badge}<g a/>")),
        svg(&format!("{badge}<g ='1'/>")),
        svg(&format!("{badge}<g / >")),
        svg(&format!("{badge}< g/>")),
        svg(&format!("{badge}<g></ g>")),
        svg(&format!("{badge}<g></G>")),
        svg(&format!("{badge}<g></gg>")),
        svg(&format!("{badge}<g><h></g></h>")),
        svg(&format!("{badge}<g xmlns:xml='http://example.org'/>")),
        svg(&format!("{badge}<g xmlns:x='http://www.w3.org/XML/1998/namespace'/>")),
        svg(&format!("{badge}<g xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>")),
        svg(&format!("{badge}&amp")),
        svg(&format!("{badge}<!-->")),
        svg(&format!("{badge} & ")),
        svg(&format!("<a:assertion verify='{URL}' verify='{URL}'/>")),
        svg(&format!("{badge}<!-- ")),
        format!("{whole}{whole}"),
        format!(" <?xml version='1.0'?>{whole}"),
        format!("{whole}<!DOCTYPE svg>"),
        svg(&format!("<!DOCTYPE svg>{badge}")),
        format!("{whole} text"),
        format!("{whole}<![CDATA[]]>"),
        format!("{whole}&amp;"),
        format!("{whole}<"),
    ] {
        assert!(damage_of(&broken).is_some(), "{broken}");
    }
    assert_eq!(text_of(format!("<?xml version='1.0'?><!-- -->{whole}<!-- -->\n<?x?>").as_bytes()), OB2);
}

#[test]
fn a_declaration_holds_within_its_element_only() {
    for content in [
        format!("<g xmlns:b='http://openbadges.org'/><b:assertion>{OB2}</b:assertion>"),
        format!("<g xmlns:b='http://openbadges.org'><g/></g><b:assertion>{OB2}</b:assertion>"),
        format!(
            "<g xmlns='http://openbadges.org'><g xmlns='urn:x'><assertion>{OB2}</assertion></g></g><assertion/>"
        ),
    ] {
        assert_eq!(damage_of(&svg(&content)), None, "{content}");
    }
    for content in [
        format!("<g xmlns:b='http://openbadges.org'><g/><b:assertion>{OB2}</b:assertion></g>"),
        format!("<g xmlns='http://openbadges.org'><g xmlns='urn:x'/><assertion>{OB2}</assertion></g>"),
        format!("<g a = '1'\n b\t=\r\"2\" xml:lang='en'></g\n><a:assertion\n>{OB2}</a:assertion >"),
    ] {
        assert_eq!(text_of(svg(&content).as_bytes()), OB2, "{content}");
    }
}

#[test]
fn of_declarations_of_one_prefix_the_innermost_holds() {
    let ours = "http://openbadges.org";
    for (outer, middle, inner, is_badge) in
        [("urn:x", ours, "urn:x", false), ("urn:x", "urn:x", ours, true), (ours, "urn:x", ours, true)]
    {
        let badge = format!("<z:assertion>{OB2}</z:assertion>");
        // Others stand before and after it in every order.
        let nested = format!(
            "<g xmlns:z='{outer}' xmlns:zz='urn:b' xmlns:y='urn:c'><g xmlns:z='{middle}' xmlns:x='urn:d'>\
             <g xmlns:zz='urn:e' xmlns:z='{inner}'><g xmlns:z='urn:f'/>{badge}</g></g></g>"
        );
        match is_badge {
            true => assert_eq!(text_of(svg(&nested).as_bytes()), OB2, "{nested}"),
            false => assert_eq!(damage_of(&svg(&nested)), None, "{nested}"),
        }
        let after = nested.replace(&badge, "").replace("</g></g></g>", &format!("</g></g>{badge}</g>"));
        let holds = outer == ours;
        assert_eq!(text_or_none(&svg(&after)).is_some(), holds, "{after}");
    }
}

fn text_or_none(input: &str) -> Option<String> {
    let extracted = unbake_both(input.as_bytes(), &Limits::default()).ok()?;
    Some(payload_text(extracted.payload()))
}

#[test]
fn a_namespace_is_what_its_references_resolve_to() {
    let badge = |namespace: &str| svg(&format!("<b:assertion xmlns:b='{namespace}'>{OB2}</b:assertion>"));
    for namespace in ["http:&#47;/openbadges.org", "http://openbadges&#x2e;org", "&#104;ttp://openbadges.org"]
    {
        assert_eq!(text_of(badge(namespace).as_bytes()), OB2, "{namespace}");
        let two = svg(&format!(
            "<b:assertion xmlns:b='{namespace}'>{{}}</b:assertion><a:assertion>{OB2}</a:assertion>"
        ));
        assert!(matches!(error_of(two.as_bytes()), UnbakeError::Ambiguous { .. }), "{namespace}");
    }
    assert_eq!(damage_of(&badge("http://openbadges.org&amp;")), None);
    // What nobody here can resolve may be anything to another reader.
    let long = format!("http:/&#{};/openbadges.org", "0".repeat(1024) + "47");
    for namespace in ["&ns;", "http:&#0;", long.as_str()] {
        assert!(
            matches!(damage_of(&badge(namespace)), Some(Damage::NotWellFormed { .. })),
            "{namespace:.20}"
        );
    }
}

#[test]
fn an_attribute_stands_once_however_many_there_are() {
    for count in [2, 16, 17, 120] {
        let names = (0..count).map(|number| format!(" a{number}='x'")).collect::<String>();
        assert_eq!(damage_of(&svg(&format!("<g{names}/>"))), None, "{count}");
        for twice in [0, count / 2, count - 1] {
            let again = svg(&format!("<g{names} a{twice}='y'/>"));
            assert!(matches!(damage_of(&again), Some(Damage::NotWellFormed { .. })), "{count} {twice}");
        }
    }
}

/// Whether quick-xml, asked for everything that it can check, takes a document for well-formed.
fn is_well_formed(text: &str) -> bool {
    let mut reader = NsReader::from_str(text);
    let mut depth = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if tag.attributes().all(|attribute| attribute.is_ok()) => depth += 1,
            Ok(Event::Empty(tag)) if tag.attributes().all(|attribute| attribute.is_ok()) => (),
            Ok(Event::Start(_) | Event::Empty(_)) | Err(_) => return false,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => (),
        }
    }
}

#[test]
fn whatever_is_taken_from_a_changed_image_another_parser_takes_for_well_formed() {
    let badge = format!("<g x='1' y=\"2\"><a:assertion verify='{URL}'>{OB2}</a:assertion></g>");
    let whole =
        svg(&format!("<?p i?><!-- c --><![CDATA[d]]><text a='b' c = \"d\">&amp;</text >{badge}<g ></g><g/>"));
    let (mut taken, mut refused) = (0, 0);
    for position in 0..whole.len() {
        let (before, after) = whole.split_at(position);
        let shorter = format!("{before}{}", after.split_at(1).1);
        let longer = ["<", ">", "/", "'", "\"", "=", "&", ";", "-", "!", "?", " ", "x", "]", ":"]
            .map(|added| [before, added, after].concat());
        for changed in [vec![shorter], longer.to_vec()].concat() {
            let Ok(extracted) = unbake_both(changed.as_bytes(), &Limits::default()) else {
                refused += 1;
                continue;
            };
            taken += 1;
            assert!(is_well_formed(&changed), "{changed}");
            assert!(!payload_text(extracted.payload()).is_empty());
        }
    }
    assert!(taken > 1000 && refused > 1000, "{taken} taken, {refused} refused");
}

#[test]
fn reads_other_encodings_and_refuses_unknown_ones() {
    let badge = r#"<a:assertion>{"name":"ÉĀ😀"}</a:assertion>"#;
    let text = format!("\u{feff}{}", svg(badge));
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &big, &little] {
        assert_eq!(text_of(bytes), r#"{"name":"ÉĀ😀"}"#);
    }
    let not_whole = &little[..little.len() - 1];
    assert!(matches!(error_of(not_whole), UnbakeError::NotBaked { damage: Some(Damage::Encoding), .. }));

    let declared = |encoding: &str, body: &[u8]| {
        let (start, end) = (svg("").replace("</svg>", "<a:assertion>"), "</a:assertion></svg>");
        [format!("<?xml version='1.0' encoding='{encoding}'?>{start}").as_bytes(), body, end.as_bytes()]
            .concat()
    };
    assert_eq!(text_of(&declared("ISO-8859-1", b"{\"\xC9\":1}")), "{\"É\":1}");
    assert_eq!(text_of(&declared("UTF-8", "{\"É\":1}".as_bytes())), "{\"É\":1}");
    for (encoding, body) in [("UTF-8", &b"{\"\xC9\":1}"[..]), ("UTF-7", b"{}"), ("EBCDIC-CP-US", b"{}")] {
        let error = error_of(&declared(encoding, body));
        assert!(
            matches!(error, UnbakeError::NotBaked { damage: Some(Damage::Encoding), .. }),
            "{encoding}: {error}"
        );
    }
}

#[test]
fn reads_a_compressed_svg() {
    let whole = gzip(svg(&format!("<a:assertion>{OB2}</a:assertion>")).as_bytes());
    let extracted = unbake_both(&whole, &Limits::default()).unwrap();
    assert_eq!((extracted.format(), payload_text(extracted.payload())), (Format::Svgz, OB2.to_owned()));
    for other in [&gzip(OB2.as_bytes()), &gzip(&whole), &whole[..whole.len() - 1]] {
        assert_eq!(error_of(other), UnbakeError::Unrecognized);
    }
    assert_eq!(limit_of(&gzip(&vec![b' '; 64 << 20]), &Limits::default()), Limit::InputBytes);
}

#[test]
fn the_work_is_bounded() {
    let limits = Limits::default();
    let deep = svg(&format!("{}{}", "<g>".repeat(127), "</g>".repeat(127)));
    assert_eq!(damage_of(&deep), None);
    assert_eq!(limit_of(svg(&"<g>".repeat(50_000)).as_bytes(), &limits), Limit::XmlDepth);
    let attributes = |count: usize| (0..count).map(|number| format!(" a{number}='x'")).collect::<String>();
    assert_eq!(damage_of(&svg(&format!("<g{}/>", attributes(128)))), None);
    assert_eq!(limit_of(svg(&format!("<g{}/>", attributes(129))).as_bytes(), &limits), Limit::XmlAttributes);
    assert_eq!(
        limit_of(svg(&format!("<g{}/>", attributes(50_000))).as_bytes(), &limits),
        Limit::XmlAttributes
    );
    let namespaces = (0..20_000).map(|number| format!(" xmlns:n{number}='x'")).collect::<String>();
    assert_eq!(limit_of(svg(&format!("<g{namespaces}/>")).as_bytes(), &limits), Limit::XmlAttributes);
    let name = "x".repeat(1025);
    assert_eq!(limit_of(svg(&format!("<{name}/>")).as_bytes(), &limits), Limit::XmlNameBytes);
    assert_eq!(limit_of(svg(&format!("<g {name}='x'/>")).as_bytes(), &limits), Limit::XmlNameBytes);
    let long = " ".repeat((1 << 20) + 1);
    assert_eq!(
        limit_of(svg(&format!("<a:assertion>{long}</a:assertion>")).as_bytes(), &limits),
        Limit::TextBytes
    );
    assert_eq!(
        limit_of(svg(&format!("<a:assertion verify='{long}'/>")).as_bytes(), &limits),
        Limit::TextBytes
    );
    let many = format!("<a:assertion>{}</a:assertion>", "x".repeat(1 << 20)).repeat(5);
    assert_eq!(limit_of(svg(&many).as_bytes(), &limits), Limit::AllTextBytes);
    assert_eq!(limit_of(svg(&"<a:assertion/>".repeat(17)).as_bytes(), &limits), Limit::Carriers);
}
