//! What contexts and terms may say, and the error that everything else gets (JSON-LD 1.1 API sections 4 and 5).

#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used)]

use openbadges::jsonld::{ContextStore, JsonLdError, Options, expand};
use openbadges::limits::Limits;
use serde_json::{Value, json};

fn expanded(document: &Value) -> Result<Value, JsonLdError> {
    expand(document, &ContextStore::bundled(), &Options::default(), &Limits::default())
}

#[track_caller]
fn refused(document: &Value, code: &str) {
    match expanded(document) {
        Err(error) => assert_eq!(error.code(), code, "{document}"),
        Ok(found) => panic!("{document} is read as {found}"),
    }
}

#[test]
fn a_context_is_refused_with_the_error_of_the_specification() {
    for (context, code) in [
        (json!(1), "invalid local context"),
        (json!({"@version": 1.0}), "invalid @version value"),
        (json!({"@propagate": "no"}), "invalid @propagate value"),
        (json!({"@protected": "no"}), "invalid @protected value"),
        (json!({"@direction": "up"}), "invalid base direction"),
        (json!({"@direction": 1}), "invalid base direction"),
        (json!({"@language": 1}), "invalid default language"),
        (json!({"@base": 1}), "invalid base IRI"),
        (json!({"@base": "there"}), "invalid base IRI"),
        (json!({"@vocab": 1}), "invalid vocab mapping"),
        (json!({"@vocab": "@id"}), "invalid vocab mapping"),
        (json!({"@import": 1}), "invalid @import value"),
    ] {
        refused(&json!({"@context": context, "http://a/p": 1}), code);
    }
}

#[test]
fn a_term_is_refused_with_the_error_of_the_specification() {
    for (name, definition, code) in [
        ("", json!("http://a/t"), "invalid term definition"),
        ("t", json!(1), "invalid term definition"),
        ("t", json!("there"), "invalid IRI mapping"),
        ("p:t", json!("http://a/t"), "invalid IRI mapping"),
        ("@id", json!("http://a/t"), "keyword redefinition"),
        ("@type", json!({}), "keyword redefinition"),
        ("@type", json!({"@id": "http://a/t"}), "keyword redefinition"),
        ("t", json!({"@id": 1}), "invalid IRI mapping"),
        ("t", json!({"@id": "@context"}), "invalid keyword alias"),
        ("t", json!({"@id": "http://a/t", "@foo": 1}), "invalid term definition"),
        ("t", json!({"@id": "http://a/t", "@protected": 1}), "invalid @protected value"),
        ("t", json!({"@id": "http://a/t", "@reverse": "http://a/t"}), "invalid reverse property"),
        ("t", json!({"@reverse": "http://a/t", "@nest": "@nest"}), "invalid reverse property"),
        ("t", json!({"@reverse": "http://a/t", "@container": "@list"}), "invalid reverse property"),
        ("t", json!({"@reverse": 1}), "invalid IRI mapping"),
        ("t", json!({"@reverse": "there"}), "invalid IRI mapping"),
        ("t", json!({"@id": "http://a/t", "@container": "@foo"}), "invalid container mapping"),
        ("t", json!({"@id": "http://a/t", "@container": ["@list", "@set"]}), "invalid container mapping"),
        (
            "t",
            json!({"@id": "http://a/t", "@container": "@type", "@type": "http://a/d"}),
            "invalid type mapping",
        ),
        ("t", json!({"@id": "http://a/t", "@type": 1}), "invalid type mapping"),
        ("t", json!({"@id": "http://a/t", "@type": "there"}), "invalid type mapping"),
        ("t", json!({"@id": "http://a/t", "@type": "_:b"}), "invalid type mapping"),
        ("t", json!({"@id": "http://a/t", "@index": "http://a/i"}), "invalid term definition"),
        (
            "t",
            json!({"@id": "http://a/t", "@container": "@index", "@index": "@id"}),
            "invalid term definition",
        ),
        ("t", json!({"@id": "http://a/t", "@context": {"x": 1}}), "invalid scoped context"),
        ("t", json!({"@id": "http://a/t", "@language": 1}), "invalid language mapping"),
        ("t", json!({"@id": "http://a/t", "@direction": "up"}), "invalid base direction"),
        ("t", json!({"@id": "http://a/t", "@nest": "@id"}), "invalid @nest value"),
        ("t", json!({"@id": "http://a/t", "@nest": 1}), "invalid @nest value"),
        ("t", json!({"@id": "http://a/t", "@prefix": 1}), "invalid @prefix value"),
        ("http://a/t", json!({"@prefix": true}), "invalid term definition"),
        ("t", json!({"@id": "@type", "@prefix": true}), "invalid term definition"),
        ("t", json!("t:t"), "cyclic IRI mapping"),
    ] {
        refused(&json!({"@context": {name: definition}, "http://a/p": 1}), code);
    }
}

#[test]
fn a_document_is_refused_with_the_error_of_the_specification() {
    for (property, code) in [
        (json!({"@value": 1, "http://a/q": 1}), "invalid value object"),
        (json!({"@value": "x", "@type": "http://a/d", "@language": "de"}), "invalid value object"),
        (json!({"@value": {"a": 1}}), "invalid value object value"),
        (json!({"@value": 1, "@language": "de"}), "invalid language-tagged value"),
        (json!({"@value": "x", "@language": 1}), "invalid language-tagged string"),
        (json!({"@value": "x", "@direction": "up"}), "invalid base direction"),
        (json!({"@value": "x", "@index": 1}), "invalid @index value"),
        (json!({"@value": "x", "@type": 1}), "invalid type value"),
        (json!({"@value": "x", "@type": "_:b"}), "invalid typed value"),
        (json!({"@list": [], "@id": "http://a/x"}), "invalid set or list object"),
        (json!({"@set": [], "http://a/q": 1}), "invalid set or list object"),
        (json!({"@id": 1}), "invalid @id value"),
        (json!({"@type": 1}), "invalid type value"),
        (json!({"@reverse": 1}), "invalid @reverse value"),
        (json!({"@reverse": {"http://a/q": "x"}}), "invalid reverse property value"),
        (json!({"@reverse": {"@id": "http://a/q"}}), "invalid reverse property map"),
    ] {
        refused(&json!({"http://a/p": property}), code);
    }
    for (term, value, code) in [
        (
            json!({"@id": "http://a/t", "@container": "@language"}),
            json!({"de": 1}),
            "invalid language map value",
        ),
        (json!({"@reverse": "http://a/t"}), json!("x"), "invalid reverse property value"),
        (json!("@nest"), json!("x"), "invalid @nest value"),
        (json!("@nest"), json!({"@value": 1}), "invalid @nest value"),
    ] {
        refused(&json!({"@context": {"t": term}, "t": value}), code);
    }
}

#[test]
fn terms_mean_what_their_context_says() {
    let value = |text: &str| json!([{"@value": text}]);
    for (context, members, expected) in [
        // IRIs that are told by a base, a vocabulary or a prefix.
        (
            json!([{"@base": "http://b/x/"}, {"@base": "y/", "t": {"@id": "http://a/t", "@type": "@id"}}]),
            json!({"t": "z"}),
            json!({"http://a/t": [{"@id": "http://b/x/y/z"}]}),
        ),
        (json!({"@vocab": "http://v/"}), json!({"t": "x"}), json!({"http://v/t": value("x")})),
        (
            json!([{"@vocab": "http://v/"}, {"@vocab": null, "u": "http://a/u"}]),
            json!({"u": "x"}),
            json!({"http://a/u": value("x")}),
        ),
        (json!({"p": "http://a/", "p:t": {}}), json!({"p:t": "x"}), json!({"http://a/t": value("x")})),
        (json!({"http://a/t": {}}), json!({"http://a/t": "x"}), json!({"http://a/t": value("x")})),
        // What a term says of its values.
        (
            json!({"t": {"@id": "http://a/t", "@language": "de", "@direction": "ltr"}}),
            json!({"t": "x"}),
            json!({"http://a/t": [{"@value": "x", "@language": "de", "@direction": "ltr"}]}),
        ),
        (
            json!({"@language": "de", "@direction": "rtl", "t": {"@id": "http://a/t", "@language": null, "@direction": null}}),
            json!({"t": "x"}),
            json!({"http://a/t": value("x")}),
        ),
        (
            json!({"@direction": "rtl", "t": "http://a/t"}),
            json!({"t": "x"}),
            json!({"http://a/t": [{"@value": "x", "@direction": "rtl"}]}),
        ),
        (
            json!({"t": {"@id": "http://a/t", "@type": "@none"}}),
            json!({"t": "x"}),
            json!({"http://a/t": value("x")}),
        ),
        (
            json!({"t": {"@id": "http://a/t", "@type": "@json"}}),
            json!({"t": {"a": [1]}}),
            json!({"http://a/t": [{"@value": {"a": [1]}, "@type": "@json"}]}),
        ),
        // Containers.
        (
            json!({"t": {"@id": "http://a/t", "@container": "@language"}}),
            json!({"t": {"de": ["x", null], "@none": "y"}}),
            json!({"http://a/t": [{"@value": "y"}, {"@value": "x", "@language": "de"}]}),
        ),
        (
            json!({"t": {"@id": "http://a/t", "@container": "@type"}}),
            json!({"t": {"http://a/C": {"@id": "http://a/x"}}}),
            json!({"http://a/t": [{"@id": "http://a/x", "@type": ["http://a/C"]}]}),
        ),
        (
            json!({"t": {"@id": "http://a/t", "@container": "@index", "@index": "http://a/i"}}),
            json!({"t": {"x": {"@id": "http://a/x"}}}),
            json!({"http://a/t": [{"@id": "http://a/x", "http://a/i": value("x")}]}),
        ),
        // Shapes that leave no trace.
        (
            json!({"n": "@nest", "t": {"@id": "http://a/t", "@nest": "n"}}),
            json!({"n": {"t": "x"}}),
            json!({"http://a/t": value("x")}),
        ),
        (
            json!({"@type": {"@container": "@set", "@protected": true}, "t": "http://a/t"}),
            json!({"t": "x"}),
            json!({"http://a/t": value("x")}),
        ),
        (
            json!({"t": {"@id": "http://a/t", "@context": {"@propagate": false, "u": "http://a/u"}}}),
            json!({"t": {"u": "x"}}),
            json!({"http://a/t": [{"http://a/u": value("x")}]}),
        ),
    ] {
        let mut document = members;
        document["@context"] = context;
        assert_eq!(expanded(&document), Ok(json!([expected])), "{document}");
    }
}
