//! Whether two badges say the same.

#![allow(unreachable_pub)] // a test has nobody to export to

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// What the JSON of a badge says, without its proof and contexts: all that it says of each object that has an id, wherever it says
/// it, under that id.
pub fn said(badge: &Value) -> Value {
    let mut json = badge.clone();
    if let Some(members) = json.as_object_mut() {
        members.remove("proof");
    }
    let mut objects = BTreeMap::new();
    let whole = collect(&plain(&json), &mut objects);
    objects.entry(String::new()).or_default().insert(whole.to_string());
    objects.into_iter().map(|(id, said)| (id, said.into_iter().collect::<Value>())).collect()
}

/// Puts what is said of objects with an id into `objects`, and leaves their ids.
fn collect(json: &Value, objects: &mut BTreeMap<String, BTreeSet<String>>) -> Value {
    match json {
        Value::Array(elements) => elements.iter().map(|element| collect(element, objects)).collect(),
        Value::Object(members) => {
            let members: Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), collect(value, objects))).collect();
            let Some(Value::String(id)) = members.get("id") else { return Value::Object(members) };
            let said = objects.entry(id.clone()).or_default();
            for (name, value) in &members {
                let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                said.extend(values.iter().map(|value| format!("{name}: {value}")));
            }
            Value::String(id.clone())
        }
        other => other.clone(),
    }
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
            let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            let members = members.iter().filter(|(name, value)| *name != "@context" && !is_empty(value));
            Value::Object(members.map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        other => other.clone(),
    }
}
