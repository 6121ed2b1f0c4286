//! Value expansion (JSON-LD 1.1 API section 5.3).

use serde_json::Value;

use super::JsonLdError;
use super::context::{ActiveContext, Role, TypeMapping};
use super::expand::Expander;
use super::node::{Item, NodeObject, Scalar, ValueObject};

/// Expands a scalar, as the term that it is the value of says.
pub(super) fn expand_value(
    expander: &Expander<'_>,
    context: &ActiveContext,
    name: &str,
    value: &Value,
) -> Result<Item, JsonLdError> {
    let term = context.term(name);
    let type_mapping = term.and_then(|term| term.type_mapping.as_ref());
    let scalar = match value {
        Value::Bool(value) => Scalar::Boolean(*value),
        Value::Number(value) => Scalar::Number(value.clone()),
        Value::String(text) => {
            let role = match type_mapping {
                Some(TypeMapping::Id) => Some(Role::Id),
                Some(TypeMapping::Vocab) => Some(Role::Type),
                Some(TypeMapping::Datatype(_) | TypeMapping::Json | TypeMapping::None) | None => None,
            };
            if let Some(role) = role {
                let id = expander.node_id(context, text, role)?;
                return Ok(Item::Node(Box::new(NodeObject { id, ..NodeObject::default() })));
            }
            Scalar::Text(text.as_str().into())
        }
        Value::Array(_) | Value::Null | Value::Object(_) => Scalar::Json(value.clone()),
    };
    let mut object = ValueObject::plain(scalar);
    if let Some(TypeMapping::Datatype(datatype)) = type_mapping {
        object.datatype = Some(datatype.clone());
    } else if value.is_string() {
        object.language = match term {
            Some(term) => term.language.or_default(context.language.as_ref()),
            None => context.language.clone(),
        };
        object.direction = match term {
            Some(term) => term.direction.or_default(context.direction.as_ref()),
            None => context.direction,
        };
    }
    Ok(Item::Value(object))
}

/// Whether a language tag is well-formed as far as RDF asks (Turtle, `LANGTAG`, and BCP 47 section 2.1).
pub(super) fn is_language_tag(tag: &str) -> bool {
    let is_sound =
        |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = tag.split('-').next().unwrap_or_default();
    tag.len() <= LONGEST_TAG
        && tag.split('-').all(is_sound)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// RFC 5646 section 4.4.1 gives 35 bytes as the length that everybody must be able to store. Every text of a document can
/// have the tag that its context states once.
const LONGEST_TAG: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_language_tags_from_other_texts() {
        for tag in ["en", "de-CH-1996", "x-klingon"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for text in ["", "en_US", "1a", "en-", "abcdefghi", "en--us", "é"] {
            assert!(!is_language_tag(text), "{text}");
        }
    }
}
