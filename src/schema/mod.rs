//! Evaluates documents by JSON Schemas of strangers, within bounds.
//!
//! In: a schema and a document, both as JSON. Out: where the document is not as the schema says. Drafts 4, 6, 7, 2019-09
//! and 2020-12 are told apart by `$schema`; without it the schema is read as 2019-09, after which Open Badges 3.0 names
//! its kind of schema, `1EdTechJsonSchemaValidator2019`. The evaluation itself is that of the crate `jsonschema`, which
//! is used nowhere else.
//!
//! # Security
//!
//! A schema is named by a badge, and anybody can sign a badge. What it says must not cost more than it may:
//!
//! - Nothing is fetched: the schema comes from the host, like every document. References stay within the schema and are JSON pointers; all others are refused.
//! - Patterns are matched in linear time, so those that need backtracking are refused.
//! - With references, a schema of one page can say "twice" forty times over. What reading it and evaluating a document
//!   would cost is therefore counted first ([`cost`]), and what goes over the bounds does not reach `jsonschema`.

mod cost;

use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value;

use crate::limits::{LimitExceeded, Limits};
use crate::quote::quote;

/// Bytes of one compiled pattern, and of the table that matching it may build.
const PATTERN_BYTES: usize = 32 * 1024;
const PATTERN_TABLE_BYTES: usize = 1024 * 1024;

/// Problems that are told of one document.
const PROBLEMS: usize = 16;

/// A schema that documents can be evaluated by.
#[derive(Debug)]
pub(crate) struct Schema {
    json: Value,
    validator: Validator,
    limits: Limits,
}

/// One place where a document is not as the schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where in the document, as an RFC 6901 JSON pointer.
    pub(crate) pointer: String,
    /// What is wrong there, without the value itself; fit for a message.
    pub(crate) message: String,
}

/// Why a schema cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SchemaError {
    /// Its draft is unknown.
    #[error("unknown kind of JSON schema: {}", quote(.found))]
    Draft { found: String },
    /// It is larger or deeper than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// It is not what its draft describes, or has a pattern that cannot be matched in linear time.
    #[error("the schema is not one that can be used: {}", quote(.reason))]
    Malformed { reason: String },
    /// It refers to another document, or in a way that this crate does not follow.
    #[error("expected references within the schema, as JSON pointers, found {}", quote(.found))]
    Reference { found: String },
}

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// See [`SchemaError`].
    pub(crate) fn parse(json: &Value, limits: &Limits) -> Result<Self, SchemaError> {
        let draft = draft(json)?;
        let mut json = json.clone();
        if let Value::Object(members) = &mut json {
            // With references counted from its root alone, a schema needs no name.
            members.retain(|name, value| !(matches!(name.as_str(), "$id" | "id") && value.is_string()));
        }
        cost::check_schema(&json, limits)?;
        let patterns = PatternOptions::regex().size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_TABLE_BYTES);
        // NOTE: JSON Schema leaves it open whether `format` binds ("Vocabularies for Semantic Content With format");
        // in the schemas of Open Badges it does.
        let built = jsonschema::options()
            .with_draft(draft)
            .with_pattern_options(patterns)
            .should_validate_formats(true)
            .offline()
            .build(&json);
        let validator = built.map_err(|error| SchemaError::Malformed { reason: describe(&error) })?;
        Ok(Self { json, validator, limits: limits.clone() })
    }

    /// Evaluates a document. No problem means that it is as the schema says; of many problems the first ones are told.
    ///
    /// # Errors
    /// [`LimitExceeded`] if the evaluation would take more steps than allowed.
    pub(crate) fn validate(&self, document: &Value) -> Result<Vec<Problem>, LimitExceeded> {
        cost::check_evaluation(&self.json, document, &self.limits)?;
        let problems = self.validator.iter_errors(document).take(PROBLEMS);
        Ok(problems.map(|error| Problem::of(&error)).collect())
    }
}

impl Problem {
    fn of(error: &ValidationError<'_>) -> Self {
        Self { pointer: error.instance_path().to_string(), message: quote(&describe(error)).to_string() }
    }
}

/// What is wrong, without the value that is wrong: it may be somebody's address.
fn describe(error: &ValidationError<'_>) -> String {
    error.masked_with("the value").to_string()
}

/// The draft that a schema is written in ("The `$schema` Keyword").
fn draft(json: &Value) -> Result<Draft, SchemaError> {
    let Some(named) = json.get("$schema") else { return Ok(Draft::Draft201909) };
    let uri = named.as_str().unwrap_or_default();
    match Draft::from_schema_uri(uri) {
        Draft::Unknown => Err(SchemaError::Draft { found: uri.to_owned() }),
        draft => Ok(draft),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::limits::Limit;

    fn parse(json: Value) -> Result<Schema, SchemaError> {
        Schema::parse(&json, &Limits::default())
    }

    fn pointers(schema: Value, document: &Value) -> Vec<String> {
        let problems = parse(schema).unwrap().validate(document).unwrap();
        problems.into_iter().map(|problem| problem.pointer).collect()
    }

    /// Definitions of which each asks for the next one twice, in one way.
    fn doubling(keyword: &str, times: usize) -> Value {
        let mut definitions = serde_json::Map::new();
        for index in 0..times {
            let next = json!({"$ref": format!("#/definitions/{}", index + 1)});
            definitions.insert(index.to_string(), json!({keyword: [next, next]}));
        }
        definitions.insert(times.to_string(), json!({"type": "string"}));
        json!({"definitions": definitions, "$ref": "#/definitions/0"})
    }

    #[test]
    fn every_draft_is_evaluated_by_its_own_rules() {
        // A tuple of a string and nothing else, as each draft writes it.
        for (uri, tuple) in [
            ("http://json-schema.org/draft-04/schema#", "items"),
            ("http://json-schema.org/draft-06/schema#", "items"),
            ("http://json-schema.org/draft-07/schema#", "items"),
            ("https://json-schema.org/draft/2019-09/schema", "items"),
            ("https://json-schema.org/draft/2020-12/schema", "prefixItems"),
        ] {
            let schema = json!({"$schema": uri, tuple: [{"type": "string"}]});
            assert_eq!(pointers(schema.clone(), &json!(["a"])), [""; 0], "{uri}");
            assert_eq!(pointers(schema, &json!([1])), ["/0"], "{uri}");
        }
        assert_eq!(pointers(json!({"items": [{"type": "string"}]}), &json!([1])), ["/0"]);
    }

    #[test]
    fn an_unknown_draft_is_refused() {
        let error = parse(json!({"$schema": "https://school.example/draft"})).unwrap_err();
        assert_eq!(error.to_string(), "unknown kind of JSON schema: `https://school.example/draft`");
        assert!(matches!(parse(json!({"$schema": 7})), Err(SchemaError::Draft { .. })));
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        for json in
            [json!(3), json!({"type": "strings"}), json!({"required": "name"}), json!({"pattern": "("})]
        {
            assert!(matches!(parse(json.clone()), Err(SchemaError::Malformed { .. })), "{json}");
        }
    }

    #[test]
    fn references_stay_within_the_schema() {
        let inside = json!({"$id": "https://school.example/s", "$defs": {"a": {"type": "string"}}, "$ref": "#/$defs/a"});
        assert_eq!(pointers(inside, &json!(1)), [""]);
        for json in [
            json!({"$ref": "https://school.example/other"}),
            json!({"$ref": "http://json-schema.org/draft-07/schema#"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"$ref": "other.json#/a"}),
            json!({"$ref": "#/$defs/missing"}),
            json!({"$ref": "#name", "$defs": {"a": {"$anchor": "name"}}}),
            json!({"$defs": {"a": {"$id": "https://school.example/a", "$ref": "#/$defs/a"}}}),
            json!({"$recursiveRef": "#"}),
            json!({"properties": {"a": {"$dynamicRef": "#a"}}}),
        ] {
            assert!(matches!(parse(json.clone()), Err(SchemaError::Reference { .. })), "{json}");
        }
    }

    #[test]
    fn an_id_that_no_reference_counts_from_is_no_obstacle() {
        let schema = json!({
            "$schema": "http://json-schema.org/draft-04/schema#",
            "properties": {"a": {"id": "#/properties/a", "type": "string"}, "id": {"type": "string"}},
        });
        assert_eq!(pointers(schema, &json!({"a": 1})), ["/a"]);
    }

    #[test]
    fn problems_are_told_without_the_value() {
        let schema = parse(json!({"properties": {"email": {"pattern": "^x"}}})).unwrap();
        let problems = schema.validate(&json!({"email": "ada@school.example"})).unwrap();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].pointer, "/email");
        assert!(!problems[0].message.contains("ada"), "{}", problems[0].message);
    }

    #[test]
    fn the_first_problems_are_told() {
        let document = Value::Array((0..100).map(Value::from).collect());
        assert_eq!(pointers(json!({"items": {"type": "string"}}), &document).len(), PROBLEMS);
    }

    #[test]
    fn formats_bind() {
        let schema = json!({"format": "date-time"});
        assert_eq!(pointers(schema.clone(), &json!("2026-11-22T12:00:00Z")), [""; 0]);
        assert_eq!(pointers(schema, &json!("today")), [""]);
    }

    #[test]
    fn patterns_that_need_backtracking_are_refused() {
        for pattern in ["^(?=a)b", "(a)\\1", "(?<!a)b", "(a|b){10000}"] {
            let error = parse(json!({"pattern": pattern})).unwrap_err();
            assert!(matches!(error, SchemaError::Malformed { .. }), "{error}");
        }
    }

    fn is_too_much(result: Result<Schema, SchemaError>) -> bool {
        matches!(result, Err(SchemaError::Limit(LimitExceeded { limit: Limit::SchemaSteps, .. })))
    }

    #[test]
    fn a_schema_that_says_twice_over_and_over_is_refused() {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            assert!(parse(doubling(keyword, 6)).unwrap().validate(&json!({})).is_ok(), "{keyword}");
            assert!(is_too_much(parse(doubling(keyword, 40))), "{keyword}");
        }
    }

    #[test]
    fn a_schema_that_doubles_its_work_with_each_level_of_the_document_is_not_evaluated() {
        let again = json!({"$ref": "#"});
        let deep = (0..60).fold(json!(1), |inner, _| json!({"a": inner}));
        for twice in [
            json!({"allOf": [again, again]}),
            json!({"if": again, "then": again}),
            json!({"not": {"anyOf": [again, again]}}),
        ] {
            for schema in [json!({"properties": {"a": twice}}), json!({"additionalProperties": twice})] {
                let error = parse(schema.clone()).unwrap().validate(&deep).unwrap_err();
                assert_eq!(error.limit, Limit::SchemaSteps, "{schema}");
            }
        }
    }

    #[test]
    fn a_schema_that_refers_to_itself_in_place_is_refused() {
        let name = json!({"propertyNames": {"$ref": "#/propertyNames"}});
        for schema in [json!({"$ref": "#"}), json!({"not": {"$ref": "#"}}), name] {
            assert!(is_too_much(parse(schema.clone())), "{schema}");
        }
    }

    #[test]
    fn recursion_that_follows_the_document_is_evaluated() {
        let schema = json!({"properties": {"parent": {"$ref": "#"}, "name": {"type": "string"}}, "required": ["name"]});
        let document = json!({"name": "a", "parent": {"name": "b", "parent": {}}});
        assert_eq!(pointers(schema, &document), ["/parent/parent"]);
    }

    #[test]
    fn long_chains_of_references_are_refused() {
        let mut chain = serde_json::Map::new();
        for index in 0..2000 {
            chain.insert(index.to_string(), json!({"$ref": format!("#/$defs/{}", index + 1)}));
        }
        chain.insert("2000".to_owned(), json!(true));
        let error = parse(json!({"$defs": chain, "$ref": "#/$defs/0"})).unwrap_err();
        assert!(
            matches!(error, SchemaError::Limit(LimitExceeded { limit: Limit::SchemaDepth, .. })),
            "{error}"
        );
    }

    #[test]
    fn long_texts_lists_and_comparisons_count() {
        let text = json!("ab".repeat(50_000));
        let numbers = Value::Array((0..1000).map(Value::from).collect());
        for (schema, document) in [
            (json!({"pattern": "(a|b)*a(a|b){100}c"}), &text),
            (json!({"patternProperties": {"a": true}}), &json!({"a".repeat(100_000): 1})),
            (json!({"items": {"enum": numbers}}), &numbers),
            (json!({"items": {"not": {"const": numbers}}}), &numbers),
        ] {
            let error = parse(schema.clone()).unwrap().validate(document).unwrap_err();
            assert_eq!(error.limit, Limit::SchemaSteps);
        }
        // A text that is only looked at once, such as an image in a `data:` URI, is cheap.
        assert_eq!(
            pointers(
                json!({"format": "uri", "minLength": 1}),
                &json!(format!("data:,{}", "a".repeat(500_000)))
            ),
            [""; 0]
        );
    }
}
