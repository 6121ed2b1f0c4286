//! JSON with one thing changed, at a place that a JSON pointer names (RFC 6901).

use serde_json::{Map, Value};

/// The value with a member set.
pub(super) fn with(value: &Value, pointer: &str, member: impl Into<Value>) -> Value {
    changed(value, pointer, |parent, name| {
        parent.insert(name, member.into());
    })
}

/// The value without a member.
pub(super) fn without(value: &Value, pointer: &str) -> Value {
    changed(value, pointer, |parent, name| {
        let count = parent.len();
        parent.retain(|other, _| *other != name);
        assert!(parent.len() < count, "there is no {pointer} to leave out");
    })
}

fn changed(value: &Value, pointer: &str, change: impl FnOnce(&mut Map<String, Value>, String)) -> Value {
    let mut value = value.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let parent = value.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object to change");
    change(parent, name.replace("~1", "/").replace("~0", "~"));
    value
}
