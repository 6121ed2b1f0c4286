//! The envelopes in which Open Badges 2.1 hosts exchange assertions ("Badge Connect API": Assertion Payload, and the
//! page of assertions that a host answers with).
//!
//! In: a JSON document. Out: the one badge in it, or the document itself if it is no envelope. Refused: an envelope of
//! several badges, since choosing one would be a guess.

use serde_json::Value;

use super::{ReadError, WrapperKind};
use crate::jws::{CompactJws, JwsError};
use crate::limits::Limits;

/// What a JSON text turns out to hold.
pub(crate) enum Enclosed {
    /// A document, out of its envelope if it came in one.
    Document(Value),
    /// A signed assertion, out of its envelope.
    Jws(CompactJws),
}

/// What is in a page of assertions, each with its place; `None` if the document is no page.
pub(super) fn page(json: &Value) -> Option<Vec<(String, &Value)>> {
    let members = json.as_object()?;
    if members.contains_key("@context") || members.contains_key("type") {
        return None;
    }
    let list = |name: &'static str| {
        let items = members.get(name)?.as_array()?;
        Some(items.iter().enumerate().map(move |(index, item)| (format!("/{name}/{index}"), item)))
    };
    let (plain, signed) = (list("assertions"), list("signedAssertions"));
    (plain.is_some() || signed.is_some())
        .then(|| plain.into_iter().flatten().chain(signed.into_iter().flatten()).collect())
}

/// Takes a badge out of its envelope: `{assertion, signedAssertion}`, of which the signed one counts if both are there,
/// or a page `{assertions, signedAssertions}` with a single badge.
///
/// # Errors
/// [`ReadError::NotOneBadge`], [`ReadError::Limit`], or [`ReadError::Jws`] if a signed assertion is no compact JWS.
pub(crate) fn open(json: Value, limits: &Limits) -> Result<Enclosed, ReadError> {
    let Value::Object(members) = &json else { return Ok(Enclosed::Document(json)) };
    if members.contains_key("@context") || members.contains_key("type") {
        return Ok(Enclosed::Document(json));
    }
    let of = |name| members.get(name).filter(|value| !value.is_null());
    if let Some(signed) = of("signedAssertion") {
        return jws(signed, limits);
    }
    if let Some(assertion) = of("assertion") {
        return Ok(Enclosed::Document(assertion.clone()));
    }
    let list = |name| of(name).and_then(Value::as_array);
    let (plain, signed) = (list("assertions"), list("signedAssertions"));
    match (plain.map_or(&[][..], Vec::as_slice), signed.map_or(&[][..], Vec::as_slice)) {
        _ if plain.is_none() && signed.is_none() => Ok(Enclosed::Document(json)),
        ([only], []) => Ok(Enclosed::Document(only.clone())),
        ([], [only]) => jws(only, limits),
        (plain, signed) => Err(ReadError::NotOneBadge {
            within: WrapperKind::List,
            found: plain.len().saturating_add(signed.len()),
        }),
    }
}

fn jws(value: &Value, limits: &Limits) -> Result<Enclosed, ReadError> {
    let text = value.as_str().unwrap_or_default();
    CompactJws::parse(text, limits).map(Enclosed::Jws).map_err(|error| match error {
        JwsError::Limit(limit) => ReadError::Limit(limit),
        other => ReadError::Jws(other),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is inside, as text.
    fn inside(json: Value) -> Result<String, ReadError> {
        Ok(match open(json, &Limits::default())? {
            Enclosed::Document(document) => document.to_string(),
            Enclosed::Jws(jws) => String::from_utf8_lossy(jws.payload()).into_owned(),
        })
    }

    /// A JWS without header and signature, over `"signed"`.
    const JWS: &str = "e30.InNpZ25lZCI.AA";

    #[test]
    fn one_badge_comes_out_of_its_envelope() {
        let plain = json!("plain");
        for (envelope, expected) in [
            (json!({"assertion": plain}), r#""plain""#),
            (json!({"assertion": plain, "signedAssertion": null}), r#""plain""#),
            (json!({"assertion": null, "signedAssertion": JWS}), r#""signed""#),
            (json!({"assertion": plain, "signedAssertion": JWS}), r#""signed""#),
            (json!({"status": {}, "assertions": [plain], "signedAssertions": []}), r#""plain""#),
            (json!({"status": {}, "signedAssertions": [JWS]}), r#""signed""#),
        ] {
            assert_eq!(inside(envelope.clone()).as_deref(), Ok(expected), "{envelope}");
        }
    }

    #[test]
    fn several_badges_are_not_one() {
        for (envelope, found) in [
            (json!({"assertions": ["a", "b"]}), 2),
            (json!({"assertions": ["a"], "signedAssertions": [JWS]}), 2),
            (json!({"assertions": [], "signedAssertions": []}), 0),
        ] {
            let within = WrapperKind::List;
            assert_eq!(inside(envelope.clone()), Err(ReadError::NotOneBadge { within, found }), "{envelope}");
        }
    }

    #[test]
    fn a_signed_assertion_must_be_a_jws() {
        for signed in [json!("e30.e30"), json!(""), json!({}), json!(1)] {
            let found = inside(json!({"assertion": "plain", "signedAssertion": signed}));
            assert!(matches!(found, Err(ReadError::Jws(_))), "{signed}");
        }
    }

    #[test]
    fn anything_else_is_no_envelope() {
        for document in [
            json!({"type": "Assertion", "assertion": {}}),
            json!({"@context": "https://w3id.org/openbadges/v2", "assertions": []}),
            json!({"assertion": null}),
            json!({"assertions": "none"}),
            json!([]),
        ] {
            assert_eq!(inside(document.clone()), Ok(document.to_string()));
        }
    }
}
