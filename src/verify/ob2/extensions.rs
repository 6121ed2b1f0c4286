//! Extensions of badge objects (Open Badges 2.0, "Extensions").

use serde_json::Value;

use super::super::context::Context;
use crate::badge::ViolationKind;
use crate::badge::ob2::Extension;
use crate::json::pointer_to;
use crate::limits::Limit;
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};

/// Judges each extension in a document, at any depth. One that nobody published a schema for says what it says.
pub(super) fn check(context: &Context<'_>, document: &Value, node: &Node) {
    let mut open = vec![(document, node.pointer().to_owned())];
    let mut judged = 0;
    while let Some((value, pointer)) = open.pop() {
        if value.is_object()
            && let Some(extension) = Extension::read(value, &pointer)
        {
            judged += 1;
            if let Err(error) = context.limits().check(Limit::Extensions, judged) {
                let outcome = Outcome::inconclusive(ReasonCode::Limit, error.to_string());
                return context.note(Check::new(CheckCode::SchemaExtension, outcome).at(node.clone()));
            }
            judge(&extension, &node.within(pointer.clone()))
                .into_iter()
                .for_each(|check| context.note(check));
        }
        let is_open = |value: &Value| value.is_array() || value.is_object();
        match value {
            Value::Array(elements) => {
                let place =
                    |(index, element): (usize, _)| (element, pointer_to(&pointer, &index.to_string()));
                open.extend(elements.iter().enumerate().filter(|(_, element)| is_open(element)).map(place));
            }
            Value::Object(members) => {
                let inner = members.iter().filter(|(_, member)| is_open(member));
                open.extend(inner.map(|(name, member)| (member, pointer_to(&pointer, name))));
            }
            _ => {}
        }
    }
}

fn judge(extension: &Extension, node: &Node) -> Vec<Check> {
    let check = |outcome| Check::new(CheckCode::SchemaExtension, outcome).at(node.clone());
    match extension {
        Extension::Unknown => {
            let why = "nobody published a schema for this extension";
            vec![check(Outcome::inconclusive(ReasonCode::Unsupported, why)).advisory()]
        }
        Extension::Published(violations) if violations.is_empty() => vec![check(Outcome::Passed)],
        Extension::Published(violations) => {
            let failed = violations.iter().map(|violation| {
                let reason = match violation.kind() {
                    ViolationKind::Required => ReasonCode::Missing,
                    _ => ReasonCode::Malformed,
                };
                let message = format!("expected {}, found {}", violation.expected(), violation.found());
                check(Outcome::failed(reason, message)).at(node.within(violation.pointer()))
            });
            failed.collect()
        }
    }
}
