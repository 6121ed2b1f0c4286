//! Counts what it would cost to read a schema and to evaluate a document by it, before that is done.
//!
//! In: a schema, and a document. Out: nothing, or the bound that they go over.
//!
//! The count goes from keyword to keyword as the evaluation does, but decides nothing: it takes every branch, whatever
//! the draft, so what it finds affordable is. That rests on references being followed in the same way, so only those
//! whose target is plain to see are allowed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::SchemaError;
use crate::limits::{Limit, LimitExceeded, Limits};

/// Steps for a byte of text that a pattern is matched with: the worst patterns keep hundreds of places at once.
const STEPS_OF_A_MATCHED_BYTE: usize = 4;

/// Bytes of text that any other keyword reads in one step.
const BYTES_OF_A_STEP: usize = 64;

/// The keywords that look something up dynamically, or by a name instead of a place.
const OTHER_REFERENCES: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// The steps that were taken so far.
struct Steps<'a> {
    taken: usize,
    limits: &'a Limits,
}

impl<'a> Steps<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { taken: 0, limits }
    }

    fn take(&mut self, steps: usize) -> Result<(), LimitExceeded> {
        self.taken = self.taken.saturating_add(steps);
        self.limits.check(Limit::SchemaSteps, self.taken)
    }
}

/// Checks that all references of a schema are JSON pointers into it, that following each of them once leads no deeper
/// than allowed, which is how deep reading the schema recurses, and that reading it takes no more steps than allowed.
///
/// Every member of that name counts, at whatever place: some are only examples, but those are not worth telling apart.
pub(super) fn check_schema(schema: &Value, limits: &Limits) -> Result<(), SchemaError> {
    let mut steps = Steps::new(limits);
    let mut references = BTreeSet::new();
    let mut inner_id = None;
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        steps.take(1)?;
        open.extend(children(value));
        let Value::Object(members) = value else { continue };
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if let Some(found) = OTHER_REFERENCES.iter().find_map(|name| text(name)) {
            return Err(SchemaError::Reference { found: found.to_owned() });
        }
        references.extend(text("$ref"));
        if !std::ptr::eq(value, schema) {
            inner_id = inner_id.or(text("$id")).or(text("id"));
        }
    }
    let mut depth = depth(schema, &mut steps)?;
    for reference in references {
        // A reference counts from the nearest id around it, so none of both kinds may be there.
        let target = target(schema, reference).filter(|_| inner_id.is_none());
        let target = target.ok_or_else(|| SchemaError::Reference { found: reference.to_owned() })?;
        depth = depth.saturating_add(self::depth(target, &mut steps)?);
    }
    limits.check(Limit::SchemaDepth, depth)?;
    unfold(schema, &mut steps)?;
    Ok(())
}

/// Counts how much each schema says about one value once its references are followed. Reading a schema looks through
/// that: which members are evaluated, and which alternatives exclude each other, is found out beforehand.
fn unfold(schema: &Value, steps: &mut Steps<'_>) -> Result<(), LimitExceeded> {
    let mut parts = vec![schema];
    while let Some(part) = parts.pop() {
        parts.extend(children(part));
        let mut open = vec![part];
        while let Some(value) = open.pop() {
            for (keyword, value) in value.as_object().into_iter().flatten() {
                let said = in_place(schema, keyword, value);
                steps.take(said.len())?;
                open.extend(said);
            }
        }
    }
    Ok(())
}

/// The schemas that a keyword applies to the very value that its own schema is applied to.
fn in_place<'a>(schema: &'a Value, keyword: &str, value: &'a Value) -> Vec<&'a Value> {
    match keyword {
        "$ref" => value.as_str().and_then(|reference| target(schema, reference)).into_iter().collect(),
        "allOf" | "anyOf" | "dependencies" | "dependentSchemas" | "oneOf" => children(value).collect(),
        "else" | "if" | "not" | "then" => vec![value],
        _ => Vec::new(),
    }
}

/// What a reference leads to. Only JSON pointers are followed, and only those that need no decoding (RFC 6901
/// section 6).
fn target<'a>(schema: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#').filter(|pointer| !pointer.contains('%'))?;
    schema.pointer(pointer)
}

/// How deep a value is nested.
fn depth(value: &Value, steps: &mut Steps<'_>) -> Result<usize, LimitExceeded> {
    let mut deepest = 0_usize;
    let mut open = vec![(value, 1_usize)];
    while let Some((value, depth)) = open.pop() {
        steps.take(1)?;
        deepest = deepest.max(depth);
        open.extend(children(value).map(|child| (child, depth.saturating_add(1))));
    }
    Ok(deepest)
}

/// Checks that evaluating a document takes no more steps than allowed, and goes no deeper.
pub(super) fn check_evaluation(
    schema: &Value,
    document: &Value,
    limits: &Limits,
) -> Result<(), LimitExceeded> {
    let mut count = Count { schema, open: Vec::new(), depth: 0, steps: Steps::new(limits) };
    count.apply(schema, Instance::Value(document))?;
    while let Some((schema, instance, depth)) = count.open.pop() {
        count.depth = depth;
        let Value::Object(keywords) = schema else { continue };
        for (keyword, value) in keywords {
            count.keyword(keyword, value, instance)?;
        }
    }
    Ok(())
}

/// What a schema is applied to.
#[derive(Clone, Copy)]
enum Instance<'a> {
    /// The name of a member.
    Name(&'a str),
    Value(&'a Value),
}

impl<'a> Instance<'a> {
    /// What is compared or matched as text.
    fn text(self) -> Option<&'a str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Value(value) => value.as_str(),
        }
    }

    fn members(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let Self::Value(Value::Object(members)) = self else { return None.into_iter().flatten() };
        Some(members).into_iter().flatten()
    }

    fn elements(self) -> &'a [Value] {
        match self {
            Self::Value(Value::Array(elements)) => elements,
            _ => &[],
        }
    }

    fn children(self) -> impl Iterator<Item = &'a Value> {
        self.elements().iter().chain(self.members().map(|(_, value)| value))
    }
}

/// A count that is under way.
struct Count<'a> {
    schema: &'a Value,
    /// What remains to be counted: a schema, what it is applied to, and how deep that is.
    open: Vec<(&'a Value, Instance<'a>, usize)>,
    /// How deep the schema is whose keywords are being counted.
    depth: usize,
    steps: Steps<'a>,
}

impl<'a> Count<'a> {
    /// Counts the application of a schema.
    fn apply(&mut self, schema: &'a Value, instance: Instance<'a>) -> Result<(), LimitExceeded> {
        let keywords = schema.as_object().map_or(0, serde_json::Map::len);
        let text = instance.text().map_or(0, str::len) / BYTES_OF_A_STEP;
        self.steps.take(keywords.saturating_add(text).saturating_add(1))?;
        let depth = self.depth.saturating_add(1);
        self.steps.limits.check(Limit::SchemaDepth, depth)?;
        self.open.push((schema, instance, depth));
        Ok(())
    }

    fn apply_all(
        &mut self,
        schema: &'a Value,
        values: impl IntoIterator<Item = &'a Value>,
    ) -> Result<(), LimitExceeded> {
        values.into_iter().try_for_each(|value| self.apply(schema, Instance::Value(value)))
    }

    /// Counts what one keyword asks for: the keywords of all drafts that take more than a step.
    fn keyword(
        &mut self,
        keyword: &str,
        value: &'a Value,
        instance: Instance<'a>,
    ) -> Result<(), LimitExceeded> {
        match keyword {
            "additionalItems" | "contains" | "unevaluatedItems" => self.apply_all(value, instance.elements()),
            "items" | "prefixItems" => match value {
                Value::Array(schemas) => {
                    let mut pairs = schemas.iter().zip(instance.elements());
                    pairs.try_for_each(|(schema, element)| self.apply(schema, Instance::Value(element)))
                }
                schema => self.apply_all(schema, instance.elements()),
            },
            "additionalProperties" | "unevaluatedProperties" => {
                self.apply_all(value, instance.members().map(|(_, member)| member))
            }
            "patternProperties" => {
                for schema in children(value) {
                    for (name, member) in instance.members() {
                        self.steps.take(matching(name))?;
                        self.apply(schema, Instance::Value(member))?;
                    }
                }
                Ok(())
            }
            "properties" => {
                self.steps.take(children(value).count())?;
                for (name, member) in instance.members() {
                    if let Some(schema) = value.get(name) {
                        self.apply(schema, Instance::Value(member))?;
                    }
                }
                Ok(())
            }
            "propertyNames" => {
                instance.members().try_for_each(|(name, _)| self.apply(value, Instance::Name(name)))
            }
            "const" | "dependentRequired" | "enum" | "required" => self.look_through(children(value)),
            "pattern" => self.steps.take(instance.text().map_or(0, matching)),
            "uniqueItems" => self.look_through(instance.children()),
            _ => {
                let mut schemas = in_place(self.schema, keyword, value).into_iter();
                schemas.try_for_each(|schema| self.apply(schema, instance))
            }
        }
    }

    /// Counts values, and all that they hold.
    fn look_through(&mut self, values: impl Iterator<Item = &'a Value>) -> Result<(), LimitExceeded> {
        let mut open: Vec<&Value> = values.collect();
        while let Some(value) = open.pop() {
            self.steps.take(1)?;
            open.extend(children(value));
        }
        Ok(())
    }
}

/// The steps that it takes to match a text with a pattern.
fn matching(text: &str) -> usize {
    text.len().saturating_mul(STEPS_OF_A_MATCHED_BYTE)
}

/// The values that a value holds.
fn children(value: &Value) -> impl Iterator<Item = &Value> {
    Instance::Value(value).children()
}
