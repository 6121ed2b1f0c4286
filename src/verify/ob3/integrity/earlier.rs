//! Proofs from before a context was changed in place.
//!
//! `endorsementJwt` and `jti` were added to the context of Open Badges 3.0.3 in June 2026, under the URL that it had.
//! Who signed earlier signed nothing under these names: their statements had no meaning then and were left out.
//!
//! The context without a version had other IRIs for nearly all terms while Open Badges 3.0 was a draft.

use serde_json::{Map, Value};

use crate::badge::ob3::Envelope;
use crate::json::as_list;
use crate::report::{Check, CheckCode, Outcome, ReasonCode};

/// The document as it would have been signed before, and what a host should know about such a badge; `None` if that is
/// nothing else. Only the bundled contexts are needed for it.
pub(super) fn document(
    document: &Map<String, Value>,
    envelope: &Envelope,
) -> Option<(Map<String, Value>, Check)> {
    let names = |url: &str| envelope.contexts().iter().any(|context| context == url);
    let (document, message) = if names(CHANGED_CONTEXT) {
        let message =
            "verified under the earlier revision of the context: `endorsementJwt` and `jti` are not signed";
        (without_later_members(document)?, message)
    } else if names(DRAFT_CONTEXT) {
        (document.clone(), "verified under the context of the draft")
    } else {
        return None;
    };
    let advice = Check::new(CheckCode::ProofContext, Outcome::failed(ReasonCode::Stale, message)).advisory();
    Some((document, advice))
}

/// The document without the members that were given a meaning later; `None` if it has none of them.
///
/// They are left out where Open Badges has them, and as what they are: anywhere else they are no statements of then, but
/// additions of now.
fn without_later_members(document: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut document = document.clone();
    let mut is_changed = false;
    let mut open = vec![("endorsement", &mut document)];
    while let Some((place, members)) = open.pop() {
        let length = members.len();
        members.retain(|name, value| !is_later(place, name, value));
        is_changed |= members.len() < length;
        for (name, value) in members {
            let Some(place) = LED_THROUGH.into_iter().find(|place| place == name) else { continue };
            match value {
                Value::Object(inner) => open.push((place, inner)),
                Value::Array(items) => {
                    open.extend(
                        items.iter_mut().filter_map(Value::as_object_mut).map(|inner| (place, inner)),
                    );
                }
                Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
            }
        }
    }
    is_changed.then_some(document)
}

/// Whether a member of an object, which is the value of another member, was given its meaning later.
fn is_later(place: &str, name: &str, value: &Value) -> bool {
    match name {
        "endorsementJwt" => place != "credentialSubject" && as_list(Some(value)).iter().all(Value::is_string),
        "jti" => place == "endorsement" && value.is_string(),
        _ => false,
    }
}

/// The members that lead to credentials, which endorsements are as well, to achievements and to profiles.
const LED_THROUGH: [&str; 7] =
    ["achievement", "creator", "credentialSubject", "endorsement", "issuer", "parentOrg", "source"];

const CHANGED_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const DRAFT_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context.json";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_later_members_away_where_they_belong() {
        let document = json!({
            "jti": "urn:x:y",
            "credentialSubject": {
                "achievement": [{"endorsementJwt": ["a.b.c"], "name": "A", "jti": "urn:x:y"}],
                "endorsementJwt": ["a.b.c"],
                "note": {"endorsementJwt": "a.b.c"},
            },
            "endorsement": [{"jti": "urn:x:y", "endorsementJwt": [{"anything": "at all"}]}, {"jti": {}}],
            "issuer": {"endorsementJwt": "a.b.c", "parentOrg": {"endorsementJwt": []}},
            "proof": {"jti": "urn:x:y"},
        });
        let without = json!({
            "credentialSubject": {
                "achievement": [{"name": "A", "jti": "urn:x:y"}],
                "endorsementJwt": ["a.b.c"],
                "note": {"endorsementJwt": "a.b.c"},
            },
            "endorsement": [{"endorsementJwt": [{"anything": "at all"}]}, {"jti": {}}],
            "issuer": {"parentOrg": {}},
            "proof": {"jti": "urn:x:y"},
        });
        let found = without_later_members(document.as_object().unwrap());
        assert_eq!(found.map(Value::Object), Some(without.clone()));
        assert_eq!(without_later_members(without.as_object().unwrap()), None);
    }
}
