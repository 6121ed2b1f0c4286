//! Reads JSON strictly and within bounds.
//!
//! In: bytes. Out: a [`Value`], or the first reason why not. On top of RFC 8259 this refuses what lets two readers
//! of one text see two things: a member name given twice (RFC 8259 section 4 leaves it open; names are compared after
//! unescaping), a byte order mark, lone surrogates, anything after the value. Size, depth and the number of values
//! are checked while reading, before memory is spent on them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize as _, Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::limits::{Limit, LimitExceeded, Limits};
use crate::quote::quote;

/// Why a text was not read as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The text starts with a byte order mark, which RFC 8259 section 8.1 forbids.
    #[error("the text starts with a byte order mark")]
    ByteOrderMark,
    /// An object has the same member twice: readers differ in which of the two they see.
    #[error("the member {} stands twice in one object, at line {line}, column {column}", quote(.name))]
    DuplicateMember {
        /// The member's name, unescaped.
        name: String,
        /// Line of the second one, from 1.
        line: usize,
        /// Column of the second one, from 1.
        column: usize,
    },
    /// The text is larger, deeper or fuller than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The bytes are not UTF-8.
    #[error("not UTF-8 after {valid_bytes} bytes")]
    NotUtf8 {
        /// How many bytes were.
        valid_bytes: usize,
    },
    /// The text breaks the grammar, holds a lone surrogate, or goes on after its value.
    #[error("not JSON, at line {line}, column {column}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}

/// Reads one JSON value that is the whole of `bytes`, white space aside.
///
/// # Errors
/// See [`JsonError`].
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    parse_from(&mut Room { left: usize::MAX }, bytes, limits)
}

/// As [`parse`], as one of several documents that share their room.
pub(crate) fn parse_from(room: &mut Room, bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    limits.check(Limit::JsonBytes, bytes.len())?;
    parse_within(room, bytes, limits)
}

/// As [`parse_from`], for a document whose size was bounded elsewhere.
pub(crate) fn parse_within(room: &mut Room, bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| JsonError::NotUtf8 { valid_bytes: error.valid_up_to() })?;
    if text.starts_with('\u{feff}') {
        return Err(JsonError::ByteOrderMark);
    }
    let single = limits.size(Limit::JsonNodes);
    let (most, limit) =
        if single <= room.left { (single, Limit::JsonNodes) } else { (room.left, Limit::AllJsonNodes) };
    let reader = Reader { limits, limit, state: RefCell::new(State { nodes: most, stopped: None }) };
    let read = read(&reader, text);
    let spent = most.saturating_sub(reader.state.borrow().nodes);
    room.left = room.left.saturating_sub(spent);
    read
}

/// How many more values and names may be read in all documents together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) left: usize,
}

impl Room {
    /// As much as all documents of one verification may take.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { left: limits.size(Limit::AllJsonNodes) }
    }
}

fn read(reader: &Reader<'_>, text: &str) -> Result<Value, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Node { reader, depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|error| {
        let line = error.line();
        let column = end_of_number(text, line, error.column());
        match reader.state.borrow_mut().stopped.take() {
            Some(Stopped::Duplicate(name)) => JsonError::DuplicateMember { name, line, column },
            Some(Stopped::Limit(limit)) => JsonError::Limit(limit),
            None => JsonError::Syntax { line, column },
        }
    })
}

/// The column of an error, but that of the last digit where it lies in a number: whether serde_json reads one to its end
/// before it finds it too large depends on its features.
fn end_of_number(text: &str, line: usize, column: usize) -> usize {
    let line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let rest = line.as_bytes().iter().skip(column);
    column.saturating_add(rest.take_while(|byte| byte.is_ascii_digit()).count())
}

/// A member of an object: in one of the usual size, comparing the names takes less time than to hash the one looked for.
pub(crate) fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    if members.len() > FEW_MEMBERS {
        return members.get(name);
    }
    members.iter().find(|(held, _)| *held == name).map(|(_, value)| value)
}

const FEW_MEMBERS: usize = 16;

/// A member as the list that it stands for: JSON-LD lets a single value stand without brackets, and an empty list be
/// left out.
pub(crate) fn as_list(member: Option<&Value>) -> &[Value] {
    match member {
        None => &[],
        Some(Value::Array(values)) => values,
        Some(single) => std::slice::from_ref(single),
    }
}

/// What a value takes of [`Limit::JsonNodes`], all in it included. Recursion is bounded by the depth at which it was read.
pub(crate) fn count(value: &Value) -> usize {
    let inner: usize = match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => 0,
    };
    inner.saturating_add(weight(value))
}

/// What a value takes of [`Limit::JsonNodes`] by itself, with the names of its members.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::Object(members) => OBJECT.saturating_add(members.len()),
        _ => 1,
    }
}

/// An object counts for as many values: in memory it takes more than that, whatever is in it.
const OBJECT: usize = 4;

/// A JSON value whose members are written in the order of their names: two documents that differ in nothing but that
/// order are the same. The depth was bounded when the document was read.
pub(crate) struct Sorted<'v>(pub(crate) &'v Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            Value::Object(members) => {
                let members: BTreeMap<_, _> =
                    members.iter().map(|(name, value)| (name, Sorted(value))).collect();
                serializer.collect_map(members)
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

/// Appends a step to an RFC 6901 JSON pointer.
pub(crate) fn pointer_to(parent: &str, step: &str) -> String {
    // Few names need escaping, and every member of every document is pointed to.
    if !step.contains(['~', '/']) {
        return [parent, "/", step].concat();
    }
    format!("{parent}/{}", step.replace('~', "~0").replace('/', "~1"))
}

/// What all nodes of one reading share.
struct Reader<'l> {
    limits: &'l Limits,
    /// Which bound on values is reached first.
    limit: Limit,
    state: RefCell<State>,
}

struct State {
    /// How many more values may come.
    nodes: usize,
    /// Why reading stopped, where it was not the grammar: serde's errors carry text only.
    stopped: Option<Stopped>,
}

enum Stopped {
    Duplicate(String),
    Limit(LimitExceeded),
}

impl Reader<'_> {
    fn stop<E: serde::de::Error>(&self, stopped: Stopped) -> E {
        self.state.borrow_mut().stopped = Some(stopped);
        E::custom("stopped")
    }

    /// Counts values or member names.
    fn count<E: serde::de::Error>(&self, nodes: usize) -> Result<(), E> {
        let left = self.state.borrow().nodes.checked_sub(nodes);
        self.state.borrow_mut().nodes = left.unwrap_or(0);
        match left {
            Some(_) => Ok(()),
            None => Err(self.stop(Stopped::Limit(self.limits.exceeded(self.limit)))),
        }
    }
}

/// One value, at its depth.
#[derive(Clone, Copy)]
struct Node<'r, 'l> {
    reader: &'r Reader<'l>,
    depth: usize,
}

impl Node<'_, '_> {
    /// The node for members and elements of this one.
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.saturating_add(1);
        match self.reader.limits.check(Limit::JsonDepth, depth) {
            Ok(()) => Ok(Node { depth, ..self }),
            Err(limit) => Err(self.reader.stop(Stopped::Limit(limit))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.reader.count(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let Some(first) = elements.next_element_seed(inner)? else { return Ok(Value::Array(Vec::new())) };
        // Most lists have one element; where more are pushed, there is at once room for four.
        let mut list = vec![first];
        while let Some(element) = elements.next_element_seed(inner)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut next = members.next_key_seed(KeySeed)?;
        if matches!(next, Some(Key::Number)) {
            let digits: String = members.next_value()?;
            return number(&digits).map(Value::Number).ok_or_else(|| A::Error::custom("not a finite number"));
        }
        self.reader.count(OBJECT.saturating_sub(1))?;
        let inner = self.inner()?;
        while let Some(Key::Member(name)) = next {
            self.reader.count(1)?;
            if object.contains_key(&name) {
                return Err(self.reader.stop(Stopped::Duplicate(name)));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
            next = members.next_key_seed(KeySeed)?;
        }
        // Where another crate of the build lets serde_json keep the order of members, it must make no difference.
        object.sort_keys();
        Ok(Value::Object(object))
    }
}

/// What stands where the name of a member may stand.
enum Key {
    /// A name.
    Member(String),
    /// Nothing that the text says: serde_json's own mark for a number.
    ///
    /// Its feature `arbitrary_precision`, which any crate of a build may turn on, gives numbers as a map from this mark
    /// to their digits. They are read as without it, so that no other crate changes what a badge says.
    Number,
}

/// Tells a name that the text has, which can be asked whether it is there, from the mark, which cannot.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        String::deserialize(deserializer).map(Key::Member)
    }

    fn visit_str<E>(self, _: &str) -> Result<Key, E> {
        Ok(Key::Number)
    }
}

/// A number as serde_json reads it by itself: an integer of 64 bits if it is written as one and fits, otherwise the
/// nearest double.
fn number(digits: &str) -> Option<Number> {
    let integer = match digits {
        "-0" => None,
        _ => {
            digits.parse::<u64>().map(Number::from).or_else(|_| digits.parse::<i64>().map(Number::from)).ok()
        }
    };
    integer.or_else(|| Number::from_f64(digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, JsonError> {
        parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn finds_a_member_whatever_the_size_of_the_object() {
        for size in [0, 1, FEW_MEMBERS, FEW_MEMBERS + 1] {
            let members: Map<String, Value> =
                (0..size).map(|place| (format!("m{place}"), json!(place))).collect();
            for (name, value) in &members {
                assert_eq!(member(&members, name), Some(value));
            }
            assert_eq!(member(&members, "m"), None);
        }
    }

    #[test]
    fn reads_what_serde_json_reads() {
        for text in [
            "null",
            " [1, -2, 3.5, 1e3, \"\\u00e9\\ud83d\\ude00\"] ",
            r#"{"a":{"b":[{}]},"c":18446744073709551615}"#,
        ] {
            assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn refuses_a_member_that_stands_twice_however_it_is_spelt() {
        let name = "issuer".to_owned();
        assert_eq!(
            read(r#"{"issuer":1,"issuer":2}"#),
            Err(JsonError::DuplicateMember { name, line: 1, column: 20 })
        );
        assert!(matches!(read(r#"{"id":1,"\u0069d":2}"#), Err(JsonError::DuplicateMember { .. })));
        assert!(matches!(read(r#"[{"a":[{"b":1,"b":1}]}]"#), Err(JsonError::DuplicateMember { .. })));
    }

    #[test]
    fn refuses_what_is_not_one_json_text() {
        for text in [
            "",
            "{",
            "{} {}",
            "{}x",
            "NaN",
            "1e999",
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            "'a'",
            "{a:1}",
            "[1,]",
            "\u{1}",
        ] {
            assert!(matches!(read(text), Err(JsonError::Syntax { .. })), "{text}");
        }
        assert_eq!(read("\u{feff}{}"), Err(JsonError::ByteOrderMark));
        assert_eq!(parse(b"\"\xff\"", &Limits::default()), Err(JsonError::NotUtf8 { valid_bytes: 1 }));
    }

    #[test]
    fn stops_at_each_bound() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(64)).is_ok());
        let limit = |text: &str, limits: &Limits| match parse(text.as_bytes(), limits) {
            Err(JsonError::Limit(exceeded)) => exceeded.limit,
            other => panic!("{other:?}"),
        };
        assert_eq!(limit(&deep(65), &Limits::default()), Limit::JsonDepth);
        assert_eq!(limit(&"[".repeat(1_000_000), &Limits::default()), Limit::JsonDepth);
        assert_eq!(limit("[1,2,3]", &Limits::default().with(Limit::JsonNodes, 3)), Limit::JsonNodes);
        assert_eq!(limit(r#"{"a":1}"#, &Limits::default().with(Limit::JsonNodes, 2)), Limit::JsonNodes);
        assert_eq!(limit("[1,2,3]", &Limits::default().with(Limit::JsonBytes, 6)), Limit::JsonBytes);
    }

    #[test]
    fn what_is_counted_while_reading_is_counted_afterwards() {
        for (text, nodes) in [
            ("1", 1),
            ("[]", 1),
            ("{}", 4),
            ("[1,[2]]", 4),
            (r#"{"a":1,"b":{"c":null}}"#, 13),
            (r#"[{"a":"text"}]"#, 7),
        ] {
            let mut room = Room { left: nodes };
            let value = parse_from(&mut room, text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!((room.left, count(&value)), (0, nodes), "{text}");
            let full = Err(JsonError::Limit(Limits::default().exceeded(Limit::AllJsonNodes)));
            let mut room = Room { left: nodes - 1 };
            assert_eq!(parse_from(&mut room, text.as_bytes(), &Limits::default()), full, "{text}");
            assert_eq!(room.left, 0, "{text}");
        }
    }

    #[test]
    fn the_default_depth_fits_a_small_stack() {
        let text = format!("{}{}", r#"{"a":["#.repeat(32), "]}".repeat(32));
        let limits = Limits::default();
        #[allow(clippy::disallowed_methods)]
        std::thread::Builder::new()
            .stack_size(256 * 1024)
            .spawn(move || assert!(parse(text.as_bytes(), &limits).is_ok()))
            .unwrap()
            .join()
            .unwrap();
    }

    #[test]
    fn a_number_is_an_integer_that_fits_or_else_a_double() {
        for digits in [
            "0",
            "-0",
            "7",
            "-7",
            "1.0",
            "1.10",
            "-0.0",
            "1e2",
            "4.35",
            "5e-324",
            "1e-400",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "123456789012345678901234567890",
        ] {
            assert_eq!(Value::from(number(digits)), read(digits).unwrap(), "{digits}");
        }
        for digits in ["1e309", "-1e309"] {
            assert_eq!((number(digits), read(digits).is_ok()), (None, false));
        }
    }

    #[test]
    fn an_object_is_no_number_whatever_its_member_is_called() {
        let text = r#"{"$serde_json::private::Number":"1"}"#;
        assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), text);
        assert_eq!(read(text).unwrap().as_object().map(Map::len), Some(1));
    }

    #[test]
    fn a_number_that_is_too_large_is_one_from_end_to_end() {
        assert_eq!(read("[0,\n1e999999999999]"), Err(JsonError::Syntax { line: 2, column: 14 }));
    }

    #[test]
    fn pointers_escape_what_rfc_6901_escapes() {
        assert_eq!(pointer_to("/a", "b/c~d"), "/a/b~1c~0d");
    }

    #[test]
    fn the_order_of_members_does_not_count() {
        let text = |value: &Value| serde_json::to_string(&Sorted(value)).unwrap();
        let (mut one, mut other) = (json!({}), json!({}));
        for name in ["b", "a", "c"] {
            one[name] = json!([{"y": 1, "x": null}]);
        }
        for name in ["c", "b", "a"] {
            other[name] = json!([{"x": null, "y": 1}]);
        }
        assert_eq!(text(&one), text(&other));
        assert_eq!(text(&json!({"b": [2, 1], "a": "x"})), r#"{"a":"x","b":[2,1]}"#);
        assert_ne!(text(&json!([1, 2])), text(&json!([2, 1])), "the order of a list does");
    }
}
