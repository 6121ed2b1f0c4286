//! Whether two badges say the same.

#![allow(unreachable_pub)] // a test has nobody to export to

use openbadges::Badge;
use serde_json::Value;

/// What a badge says, without its proof and contexts.
pub fn said(badge: &Badge) -> Value {
    let mut json = badge.json().clone();
    if let Some(members) = json.as_object_mut() {
        members.remove("proof");
        members.remove("@context");
    }
    plain(&json)
}

/// JSON without what means nothing in JSON-LD: a value, a list of that one value and a literal of it are the same, and
/// so are no value and an empty list. The order of a list means nothing either.
fn plain(json: &Value) -> Value {
    match json {
        Value::Array(elements) => {
            let mut elements: Vec<Value> = elements.iter().map(plain).collect();
            elements.sort_by_key(Value::to_string);
            elements.dedup();
            if elements.len() == 1 { elements.remove(0) } else { Value::Array(elements) }
        }
        Value::Object(members) if members.len() == 1 && members.contains_key("@value") => {
            members["@value"].clone()
        }
        Value::Object(members) => {
            let is_there = |value: &Value| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty);
            let members = members.iter().filter(|(_, value)| is_there(value));
            Value::Object(members.map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        other => other.clone(),
    }
}
