//! IRIs as JSON-LD and RDF need them: told from other texts, and resolved against a base (RFC 3986 section 5).

/// Whether a text is an absolute IRI: a scheme, and none of the characters that would break out of N-Quads.
pub(super) fn is_absolute(text: &str) -> bool {
    let count = |is_counted: fn(u8) -> bool| text.bytes().filter(|byte| is_counted(*byte)).count();
    has_scheme(text) && count(is_forbidden) == 0 && count(|byte| byte == b'#') <= 1
}

/// Whether a text starts with a scheme and a colon.
pub(super) fn has_scheme(text: &str) -> bool {
    let end = text.bytes().position(|byte| !is_of_scheme(byte));
    let follows = end.and_then(|end| text.as_bytes().get(end));
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && follows == Some(&b':')
}

fn is_of_scheme(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// RFC 3987 has none of these characters, and neither has `IRIREF` in the grammar of N-Quads. They are ASCII, which no
/// byte of another character is.
fn is_forbidden(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`')
}

/// Splits a compact IRI at its first colon, the first character aside: `:a` has no prefix.
pub(super) fn split_compact(text: &str) -> Option<(&str, &str)> {
    let (prefix, suffix) = text.split_once(':')?;
    if !prefix.is_empty() {
        return Some((prefix, suffix));
    }
    let colon = suffix.find(':')?.checked_add(1)?;
    Some((text.get(..colon)?, text.get(colon.checked_add(1)?..)?))
}

/// Resolves a reference (RFC 3986 section 5.2.2).
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let base = Parts::of(base);
    let reference = Parts::of(reference);
    if reference.scheme.is_some() {
        Parts { path: &without_dots(reference.path), ..reference }.join()
    } else if reference.authority.is_some() {
        Parts { scheme: base.scheme, path: &without_dots(reference.path), ..reference }.join()
    } else if reference.path.is_empty() {
        Parts { query: reference.query.or(base.query), fragment: reference.fragment, ..base }.join()
    } else {
        let path = without_dots(&merge(&base, reference.path));
        Parts { path: &path, query: reference.query, fragment: reference.fragment, ..base }.join()
    }
}

/// The parts of an IRI reference (RFC 3986 section 3).
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if has_scheme(text) => (Some(scheme), rest),
            _ => (None, text),
        };
        let (rest, fragment) = split_off(rest, '#');
        let (rest, query) = split_off(rest, '?');
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        Self { scheme, authority, path, query, fragment }
    }

    fn join(&self) -> String {
        let mut text = String::new();
        let mut push = |before: &str, part: Option<&str>, after: &str| {
            if let Some(part) = part {
                text.extend([before, part, after]);
            }
        };
        push("", self.scheme, ":");
        push("//", self.authority, "");
        push("", Some(self.path), "");
        push("?", self.query, "");
        push("#", self.fragment, "");
        text
    }
}

fn split_off(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// The path of a reference in the place of the last segment of the base's path (RFC 3986 section 5.2.3).
fn merge(base: &Parts<'_>, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else if base.authority.is_some() && base.path.is_empty() {
        format!("/{path}")
    } else {
        let directory = base.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        if base.path.contains('/') { format!("{directory}/{path}") } else { path.to_owned() }
    }
}

/// RFC 3986 section 5.2.4.
fn without_dots(path: &str) -> String {
    let (root, rest) = match path.strip_prefix('/') {
        Some(rest) => ("/", rest),
        None => ("", path),
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_in_dots = false;
    for segment in rest.split('/') {
        ends_in_dots = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    if ends_in_dots {
        kept.push("");
    }
    format!("{root}{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_the_examples_of_rfc_3986() {
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("./../g", "http://a/b/g"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
        ] {
            assert_eq!(resolve("http://a/b/c/d;p?q", reference), expected, "{reference}");
        }
        assert_eq!(resolve("http://a", "b"), "http://a/b");
        assert_eq!(resolve("urn:a", "b"), "urn:b");
    }

    #[test]
    fn an_absolute_iri_has_a_scheme_and_nothing_that_ends_it_early() {
        for iri in ["https://example.org/é#a", "urn:uuid:1", "tag:a", "did:key:z6Mk#z6Mk"] {
            assert!(is_absolute(iri), "{iri}");
        }
        for text in ["", "a", "/a", "1a:b", "_:b0", "https://example.org/<", "a:b c", "a:#b#c", "a:b\\"] {
            assert!(!is_absolute(text), "{text}");
        }
    }

    #[test]
    fn a_compact_iri_is_split_at_its_first_colon_but_one_at_the_start() {
        assert_eq!(split_compact("a:b:c"), Some(("a", "b:c")));
        assert_eq!(split_compact(":a:b"), Some((":a", "b")));
        assert_eq!(split_compact(":a"), None);
        assert_eq!(split_compact("a"), None);
    }
}
