//! Writes statements as canonical N-Quads (RDFC-1.0 section 5; N-Quads section 4).

use std::fmt::Write as _;

use crate::jsonld::{Quad, Term};

/// A statement as a line of canonical N-Quads (section 5), with labels for its blank nodes.
pub(super) fn line(quad: &Quad, label: impl Fn(&mut String, u32)) -> String {
    let mut text = String::with_capacity(160);
    push_term(&mut text, &quad.subject, &label);
    text.push(' ');
    push_term(&mut text, &quad.predicate, &label);
    text.push(' ');
    push_term(&mut text, &quad.object, &label);
    if let Some(graph) = &quad.graph {
        text.push(' ');
        push_term(&mut text, graph, &label);
    }
    text.push_str(" .\n");
    text
}

/// Appends a term, with a label if it is a blank node.
pub(super) fn push_term(text: &mut String, term: &Term, label: impl Fn(&mut String, u32)) {
    match term {
        Term::BlankNode(node) => {
            text.push_str("_:");
            label(text, *node);
        }
        Term::Iri(iri) => text.extend(["<", iri, ">"]),
        Term::Literal(literal) => {
            text.push('"');
            push_escaped(text, &literal.value);
            text.push('"');
            if let Some(language) = &literal.language {
                text.extend(["@", language]);
            } else if &*literal.datatype != "http://www.w3.org/2001/XMLSchema#string" {
                text.extend(["^^<", &literal.datatype, ">"]);
            }
        }
    }
}

/// Section 5: only what must be escaped is.
fn push_escaped(text: &mut String, value: &str) {
    if !value.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\' | 0x7f)) {
        return text.push_str(value);
    }
    for character in value.chars() {
        match character {
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            control if control < ' ' || control == '\u{7f}' => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04X}", u32::from(control));
            }
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_end_a_literal() {
        let mut text = String::new();
        push_escaped(&mut text, "a\"\\\n\r\t\u{8}\u{c}\u{0}\u{7f}é");
        assert_eq!(text, "a\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u007Fé");
    }
}
