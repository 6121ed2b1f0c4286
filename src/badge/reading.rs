//! Reads JSON objects into models, and notes everything that is wrong on the way.
//!
//! In: a JSON value and a function that builds a model from it. Out: a [`Reading`]: the model, if all that it needs
//! is there, and every [`Violation`] with its place and its weight. Nothing is fetched, and nothing is judged beyond
//! "this is not what the specification describes".
//!
//! A model is read from an [`Object`]: one line per member says whether it is required, optional or a set, and which
//! function reads its value. Such a function takes an [`At`], a value and its place, and returns `None` where the
//! value does not fit, after a note. What a version of the standard spells in more than one way stands in its
//! [`Dialect`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::Url;

use crate::badge::time as forms;
use crate::id::Iri;
use crate::json::{member, pointer_to};
use crate::quote::quote;

/// What came of reading: the value, and everything that was wrong.
///
/// `value` is there if every required member is there and can be used, so that no model is half filled. An optional
/// member that cannot be used is left out of the model: a value next to an essential violation is for display, and
/// never a sound badge.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reading<T> {
    /// The model; `None` if a required member is missing or unusable.
    pub value: Option<T>,
    /// All violations, in the order in which they were met.
    pub violations: Vec<Violation>,
}

impl<T> Reading<T> {
    /// Says whether there is a value and nothing essential is wrong with it.
    pub fn is_sound(&self) -> bool {
        self.value.is_some() && self.violations.iter().all(|violation| violation.weight == Weight::Advisory)
    }

    /// Nothing could be read: the context of the document is not one.
    pub(crate) fn of_invalid_context(found: String) -> Self {
        let violation = Violation {
            kind: ViolationKind::Context,
            weight: Weight::Essential,
            pointer: "/@context".to_owned(),
            expected: Cow::Borrowed("contexts that give the members a meaning"),
            found,
        };
        Self { value: None, violations: vec![violation] }
    }

    /// The same violations, with another value.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { value: self.value.map(change), violations: self.violations }
    }
}

/// One place where a document is not what the specification describes.
///
/// Displays as the place, what was expected there, and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    kind: ViolationKind,
    weight: Weight,
    pointer: String,
    expected: Cow<'static, str>,
    found: String,
}

impl Violation {
    /// What kind of rule was broken.
    pub fn kind(&self) -> ViolationKind {
        self.kind
    }

    /// Whether the document is invalid for it.
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// Where in the document, as an RFC 6901 JSON pointer; the place of a missing member is where it should stand.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What was expected there, in words.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What was found there, in words; text from the document is quoted, escaped and cut.
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "at {}: ", quote(&self.pointer))?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

/// The kind of rule that a violation breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ViolationKind {
    /// `@context` does not name what makes this an Open Badge of its version.
    Context,
    /// A required member is missing.
    Required,
    /// Nobody is named as the recipient.
    Subject,
    /// An object is not of the class that its place asks for.
    Type,
    /// A member's value is not of its JSON type or form, or contradicts another one.
    Value,
}

impl ViolationKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Context => "context",
            Self::Required => "required",
            Self::Subject => "subject",
            Self::Type => "type",
            Self::Value => "value",
        }
    }
}

/// How much a violation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // a document is invalid for it or is not
pub enum Weight {
    /// Worth telling; the document can still be valid.
    Advisory,
    /// The document is invalid.
    Essential,
}

/// How a version of the standard may be spelt.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Other spellings of the names of members and classes: the name, then what may stand in its place.
    pub(crate) synonyms: &'static [(&'static str, &'static [&'static str])],
    /// What is noted about a member that is `null` or an empty list, and so counts as absent.
    pub(crate) empty: Option<Weight>,
    /// The documents are of Open Badges 0.5 to 1.1, whose values had fewer rules.
    pub(crate) legacy: bool,
}

impl Dialect {
    /// All spellings of a name, the usual one first.
    pub(crate) fn spellings(&self, name: &'static str) -> impl Iterator<Item = &'static str> {
        let others = self.synonyms.iter().filter(move |(known, _)| *known == name);
        std::iter::once(name).chain(others.flat_map(|(_, others)| others.iter().copied()))
    }
}

/// Reads a value that stands at `pointer` of its document.
pub(crate) fn read<T>(
    value: &Value,
    pointer: &str,
    dialect: &'static Dialect,
    model: impl FnOnce(At<'_>) -> Option<T>,
) -> Reading<T> {
    let reader = Reader { dialect, violations: RefCell::default() };
    let at = At { value, pointer: pointer.to_owned(), heaviest: Weight::Essential, reader: &reader };
    let value = model(at);
    Reading { value, violations: reader.violations.into_inner() }
}

/// Violations of one weight that are kept; a document that is wrong in more places gains nothing by telling all.
const KEPT: usize = 256;

/// What all places of one reading share.
#[derive(Debug)]
struct Reader {
    dialect: &'static Dialect,
    violations: RefCell<Vec<Violation>>,
}

impl Reader {
    /// Keeps a violation, unless it is kept already: a member may be read more than once.
    fn note(&self, violation: Violation) {
        let mut violations = self.violations.borrow_mut();
        let kept = violations.iter().filter(|other| other.weight == violation.weight).count();
        // A member may be looked at more than once.
        if kept < KEPT && !violations.contains(&violation) {
            violations.push(violation);
        }
    }
}

/// A value, and its place in the document.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    value: &'a Value,
    pointer: String,
    /// What a violation here can weigh at most.
    heaviest: Weight,
    reader: &'a Reader,
}

impl<'a> At<'a> {
    /// The value as it stands.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// The place, as an RFC 6901 JSON pointer.
    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The same place, where nothing essential can be wrong: neither here nor below.
    pub(crate) fn advisory(self) -> Self {
        Self { heaviest: Weight::Advisory, ..self }
    }

    /// A value below this one.
    fn below(&self, step: &str, value: &'a Value) -> Self {
        Self { value, pointer: pointer_to(&self.pointer, step), ..*self }
    }

    /// Says whether the document is of Open Badges 0.5 to 1.1.
    pub(crate) fn is_legacy(&self) -> bool {
        self.reader.dialect.legacy
    }

    /// Notes a violation at this place.
    pub(crate) fn note(&self, kind: ViolationKind, weight: Weight, expected: impl Into<Cow<'static, str>>) {
        let weight = weight.min(self.heaviest);
        let (pointer, found) = (self.pointer.clone(), describe(self.value));
        self.reader.note(Violation { kind, weight, pointer, expected: expected.into(), found });
    }

    /// Notes that the value is not what was expected. Always `None`, to be returned.
    pub(crate) fn refuse<T>(&self, expected: impl Into<Cow<'static, str>>) -> Option<T> {
        self.note(ViolationKind::Value, Weight::Essential, expected);
        None
    }

    /// The value as an object.
    pub(crate) fn object(self) -> Option<Object<'a>> {
        match self.value {
            Value::Object(members) => Some(Object { members, at: self, asked: RefCell::default() }),
            _ => self.refuse("an object"),
        }
    }

    /// The value as a string, borrowed.
    pub(crate) fn str(&self) -> Option<&'a str> {
        match self.value {
            Value::String(text) => Some(text),
            _ => self.refuse("a string"),
        }
    }

    /// The value as text: a string, or a JSON-LD value object, whose language is dropped.
    pub(crate) fn text(self) -> Option<String> {
        let text = match self.value {
            Value::Object(members) => members.get("@value").unwrap_or(self.value),
            other => other,
        };
        match text {
            Value::String(text) => Some(text.clone()),
            _ => self.refuse("a string"),
        }
    }

    /// The value as a boolean: `true` or `false`, and no text that says so.
    pub(crate) fn boolean(self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.refuse("true or false"))
    }

    /// The value as a number.
    pub(crate) fn number(self) -> Option<f64> {
        self.value.as_f64().or_else(|| self.refuse("a number"))
    }

    /// The value as an absolute IRI.
    pub(crate) fn iri(self) -> Option<Iri> {
        self.parsed("an absolute IRI", |text| text.parse().ok())
    }

    /// The value as the address of something on the web.
    pub(crate) fn url(self) -> Option<Url> {
        self.parsed("an http or https URL", web_url)
    }

    /// The value as an Open Badges 2.0 `DateTime`: ISO 8601 with time and zone; or as a date of the versions before.
    pub(crate) fn date_time(self) -> Option<OffsetDateTime> {
        if self.is_legacy() {
            return forms::legacy(self.value).or_else(|| self.refuse("a date, or Unix time in seconds"));
        }
        self.parsed("a date and time with a zone", forms::date_time)
    }

    /// The value as an Open Badges 3.0 `DateTimeZ`, the `dateTimeStamp` of XML Schema.
    pub(crate) fn date_time_z(self) -> Option<OffsetDateTime> {
        self.parsed("a date and time with a zone", forms::date_time_z)
    }

    /// The value as a string that `parse` takes.
    pub(crate) fn parsed<T>(
        self,
        expected: &'static str,
        parse: impl FnOnce(&'a str) -> Option<T>,
    ) -> Option<T> {
        self.value.as_str().and_then(parse).or_else(|| self.refuse(expected))
    }

    /// Says whether the value is nothing: `null`, or a list of nothing but `null`.
    fn is_empty(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::Array(elements) => elements.iter().all(Value::is_null),
            _ => false,
        }
    }

    /// The elements of a list; any other value is its own only element.
    pub(crate) fn elements(self) -> Vec<Self> {
        let Value::Array(elements) = self.value else { return vec![self] };
        elements.iter().enumerate().map(|(index, value)| self.below(&index.to_string(), value)).collect()
    }

    /// The value, or the only element of a list.
    pub(crate) fn single(self) -> Option<Self> {
        match self.value {
            Value::Array(elements) if elements.len() != 1 => self.refuse("a single value"),
            Value::Array(_) => self.elements().pop(),
            _ => Some(self),
        }
    }
}

/// Why there is no member to read.
enum NoMember {
    Absent,
    /// It is there, but cannot be read; that has been noted.
    Refused,
}

/// An object whose members are being read.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    members: &'a Map<String, Value>,
    at: At<'a>,
    /// The members that were asked for, by the name under which they stand.
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Object<'a> {
    /// The place of the object.
    pub(crate) fn at(&self) -> &At<'a> {
        &self.at
    }

    /// A member under any of its spellings, if it is there and not empty.
    pub(crate) fn member(&self, name: &'static str) -> Option<At<'a>> {
        self.find(name).ok()
    }

    /// A member under any of its spellings.
    ///
    /// A member that stands there under two spellings is refused: readers differ in which one they see.
    fn find(&self, name: &'static str) -> Result<At<'a>, NoMember> {
        let mut found: Option<At<'a>> = None;
        for spelling in self.at.reader.dialect.spellings(name) {
            let Some(value) = member(self.members, spelling) else { continue };
            self.asked.borrow_mut().push(spelling);
            let at = self.at.below(spelling, value);
            if found.is_some() {
                at.note(ViolationKind::Value, Weight::Essential, "one spelling of one member");
                return Err(NoMember::Refused);
            }
            found = Some(at);
        }
        let at = found.ok_or(NoMember::Absent)?;
        if !at.is_empty() {
            return Ok(at);
        }
        if let Some(weight) = at.reader.dialect.empty {
            at.note(ViolationKind::Value, weight, "a value, or no member at all");
        }
        Err(NoMember::Absent)
    }

    /// A member that is missed if it is not there.
    fn find_or_miss(&self, name: &'static str, weight: Weight) -> Option<At<'a>> {
        match self.find(name) {
            Ok(at) => Some(at),
            Err(NoMember::Absent) => {
                self.note_missing(name, ViolationKind::Required, weight);
                None
            }
            Err(NoMember::Refused) => None,
        }
    }

    /// The value of a member that must be there, once.
    pub(crate) fn required<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(At<'a>) -> Option<T>,
    ) -> Option<T> {
        self.find_or_miss(name, Weight::Essential)?.single().and_then(read)
    }

    /// The value of a member that should be there, once; without it, advice is noted.
    pub(crate) fn recommended<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(At<'a>) -> Option<T>,
    ) -> Option<T> {
        self.find_or_miss(name, Weight::Advisory)?.single().and_then(read)
    }

    /// The value of a member that may be there, once.
    pub(crate) fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(At<'a>) -> Option<T>,
    ) -> Option<T> {
        self.member(name)?.single().and_then(read)
    }

    /// The values of a member that may be there any number of times, as a list or by itself.
    pub(crate) fn many<T>(&self, name: &'static str, read: impl Fn(At<'a>) -> Option<T>) -> Vec<T> {
        self.member(name).map(At::elements).unwrap_or_default().into_iter().filter_map(read).collect()
    }

    /// The values of a member that must be there at least once, each of them usable.
    pub(crate) fn some<T>(&self, name: &'static str, read: impl Fn(At<'a>) -> Option<T>) -> Option<Vec<T>> {
        let read: Vec<_> =
            self.find_or_miss(name, Weight::Essential)?.elements().into_iter().map(read).collect();
        read.into_iter().collect()
    }

    /// Checks that `type` is there and holds one of these classes.
    pub(crate) fn class(&self, classes: &[&'static str]) -> Option<()> {
        self.holds_class(&self.find_or_miss("type", Weight::Essential)?, classes)
    }

    /// Checks that `type` holds one of these classes, if it is there at all.
    pub(crate) fn class_if_given(&self, classes: &[&'static str]) -> Option<()> {
        self.member("type").map_or(Some(()), |at| self.holds_class(&at, classes))
    }

    /// Says whether `type` holds this class.
    pub(crate) fn is_a(&self, class: &'static str) -> bool {
        let Some(at) = self.member("type") else { return false };
        let held = at.value.as_array().map_or(std::slice::from_ref(at.value), Vec::as_slice);
        at.reader.dialect.spellings(class).any(|spelling| held.iter().any(|held| held == spelling))
    }

    fn holds_class(&self, at: &At<'a>, classes: &[&'static str]) -> Option<()> {
        let held = classes.iter().any(|class| self.is_a(class));
        if !held {
            at.note(ViolationKind::Type, Weight::Essential, format!("the type {}", classes.join(" or ")));
        }
        held.then_some(())
    }

    /// Notes that a member is missing.
    pub(crate) fn note_missing(&self, name: &'static str, kind: ViolationKind, weight: Weight) {
        let pointer = pointer_to(&self.at.pointer, name);
        let expected = Cow::Owned(format!("the member `{name}`"));
        let weight = weight.min(self.at.heaviest);
        self.at.reader.note(Violation { kind, weight, pointer, expected, found: "nothing".to_owned() });
    }

    /// The members that nobody asked for: extensions, which are kept because a signature covers them.
    pub(crate) fn rest(&self) -> Map<String, Value> {
        let asked = self.asked.borrow();
        let others = self.members.iter().filter(|(name, _)| !asked.contains(&name.as_str()));
        others.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// A value in a few words.
fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quote(text).to_string(),
        Value::Array(elements) if elements.is_empty() => "an empty list".to_owned(),
        Value::Array(elements) => match elements.as_slice() {
            [only] if only.is_string() => format!("a list of {}", describe(only)),
            _ => format!("a list of {}", elements.len()),
        },
        Value::Object(_) => "an object".to_owned(),
    }
}

/// An absolute `http` or `https` URL with a host, without what the URL standard would repair: missing or surplus
/// slashes, white space.
fn web_url(text: &str) -> Option<Url> {
    let url = text.parse::<Iri>().ok()?.web_url()?;
    let after_scheme = text.get(url.scheme().len()..)?;
    (after_scheme.starts_with("://") && !after_scheme.starts_with(":///")).then_some(url)
}
