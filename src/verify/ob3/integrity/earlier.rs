//! Proofs from before a context was changed in place.
//!
//! `endorsementJwt` and `jti` were added to the context of Open Badges 3.0.3 in June 2026, under the URL that it had.
//! Who signed earlier signed nothing under these names: their statements had no meaning then and were left out.
//!
//! The context without a version had other IRIs for nearly all terms while Open Badges 3.0 was a draft.

use serde_json::{Map, Value};

use crate::badge::ob3::Envelope;
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
fn without_later_members(document: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut document = document.clone();
    let mut is_changed = false;
    let mut open = vec![&mut document];
    while let Some(members) = open.pop() {
        let length = members.len();
        members.retain(|name, _| !LATER_MEMBERS.contains(&name.as_str()));
        is_changed |= members.len() < length;
        let inner = members.iter_mut().filter(|(name, _)| !["@context", "proof"].contains(&name.as_str()));
        for (_, value) in inner {
            match value {
                Value::Object(inner) => open.push(inner),
                Value::Array(items) => open.extend(items.iter_mut().filter_map(Value::as_object_mut)),
                _ => {}
            }
        }
    }
    is_changed.then_some(document)
}

const CHANGED_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const DRAFT_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context.json";
const LATER_MEMBERS: [&str; 2] = ["endorsementJwt", "jti"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_later_members_away_wherever_they_are() {
        let document = json!({
            "jti": "urn:x:y",
            "credentialSubject": {"achievement": [{"endorsementJwt": ["a.b.c"], "name": "A"}]},
            "proof": {"jti": "urn:x:y"},
        });
        let without = json!({
            "credentialSubject": {"achievement": [{"name": "A"}]},
            "proof": {"jti": "urn:x:y"},
        });
        let found = without_later_members(document.as_object().unwrap());
        assert_eq!(found.map(Value::Object), Some(without.clone()));
        assert_eq!(without_later_members(without.as_object().unwrap()), None);
    }
}
