//! Extensions of badge objects (Open Badges 2.0, "Extensions").

use serde_json::Value;

use super::super::context::Context;
use crate::json::{as_list, pointer_to};
use crate::quote::quote;
use crate::report::{Check, CheckCode, Node, Outcome, ReasonCode};

/// The published extensions whose schema can be violated, by the names that they go by.
///
/// NOTE: this crate does not evaluate their schemas yet, so a badge with one of them is not found valid.
const WITH_SCHEMA: [&str; 10] = [
    "ApplyLink",
    "AssessmentExtension",
    "ExampleExtension",
    "ExtraDescription",
    "GeoCoordinates",
    "IssuerAccreditation",
    "LicenseExtension",
    "OriginalCreator",
    "RecipientProfile",
    "endorsement",
];

/// Notes each extension in a document. One that nobody published a schema for says what it says.
pub(super) fn check(context: &Context<'_>, document: &Value, node: &Node) {
    let mut open = vec![(document, node.pointer().to_owned())];
    while let Some((value, pointer)) = open.pop() {
        match value {
            Value::Array(elements) => {
                let place =
                    |(index, element): (usize, _)| (element, pointer_to(&pointer, &index.to_string()));
                open.extend(elements.iter().enumerate().map(place));
            }
            Value::Object(members) => {
                let types: Vec<&str> =
                    as_list(members.get("type")).iter().filter_map(Value::as_str).collect();
                if types.iter().any(|name| local_name(name) == "Extension") {
                    context.note(judge(&types).at(node.within(pointer.clone())));
                }
                open.extend(members.iter().map(|(name, member)| (member, pointer_to(&pointer, name))));
            }
            _ => {}
        }
    }
}

fn judge(types: &[&str]) -> Check {
    let published = types.iter().find(|name| WITH_SCHEMA.contains(&local_name(name)));
    match published {
        Some(name) => {
            let message = format!("the schema of this extension is not evaluated: {}", quote(name));
            Check::new(CheckCode::SchemaExtension, Outcome::inconclusive(ReasonCode::Unsupported, message))
        }
        None => {
            let why = "nobody published a schema for this extension";
            Check::new(CheckCode::SchemaExtension, Outcome::inconclusive(ReasonCode::Unsupported, why))
                .advisory()
        }
    }
}

/// What follows the prefix or the path of a class name.
fn local_name(name: &str) -> &str {
    name.rsplit([':', '#', '/']).next().unwrap_or(name)
}
