//! Where a statement must stand to be read.
//!
//! Two descriptions of one node say the same in RDF as one, so that the members of a node can be moved into any object that
//! has its `id`. A profile may well be described twice, as issuer and as creator; but what the verdict rests on, and what
//! only one object of a credential has, is read in one place: there it must stand, and nothing may be added elsewhere.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::badge::ob3::STATUS_CLASSES;
use crate::json::{as_list, member};
use crate::jsonld::{Quad, Term, Vocabulary};

/// The terms that are read of a credential, at the top of the document.
const CREDENTIAL: &[&str] = &[
    "awardedDate",
    "credentialSchema",
    "credentialStatus",
    "credentialSubject",
    "endorsement",
    "endorsementJwt",
    "evidence",
    "expirationDate",
    // Of a presentation.
    "holder",
    "issuanceDate",
    "issuer",
    "refreshService",
    "termsOfUse",
    "validFrom",
    "validUntil",
];

/// The terms that only a subject has; others it shares with profiles, and an issuer can be its own subject.
const SUBJECT: &[&str] = &[
    "achievement",
    "activityEndDate",
    "activityStartDate",
    "creditsEarned",
    "identifier",
    "licenseNumber",
    "narrative",
    "result",
    "role",
    "source",
    "term",
];

/// The terms that only the subject of an endorsement has. Somebody who was awarded a badge can be one as well, in an
/// endorsement that the badge brings along.
const ENDORSED: &[&str] = &["endorsementComment"];

/// The terms that only an achievement has. Its tags are `tag` in one context and `tags` in another, with the same IRI.
const ACHIEVEMENT: &[&str] = &[
    "achievementType",
    "alignment",
    "creator",
    "creditsAvailable",
    "criteria",
    "fieldOfStudy",
    "humanCode",
    "resultDescription",
    "specialization",
];

/// The terms of a status entry.
const STATUS: &[&str] = &[
    "revocationListCredential",
    "revocationListIndex",
    "statusListCredential",
    "statusListIndex",
    "statusPurpose",
    "statusSize",
];

/// The classes that decide how an object is read, by where it stands. Other classes can be said of it elsewhere: the
/// credential can be its own refresh service.
const CREDENTIAL_CLASSES: &[&str] = &["AchievementCredential", "EndorsementCredential"];
const REFRESH_CLASSES: &[&str] = &["1EdTechCredentialRefresh"];
const SCHEMA_CLASSES: &[&str] = &["1EdTechJsonSchemaValidator2019"];

/// The first term of which the JSON and the statements do not say the same, in the place where it is read.
pub(super) fn misplaced(document: &Map<String, Value>, node: &Term, quads: &[Quad]) -> Option<&'static str> {
    let signed = Signed::of(quads);
    let subjects = as_list(document.get("credentialSubject"));
    let achievements = subjects.iter().flat_map(|subject| as_list(subject.get("achievement")));
    let has_class = |class: &str| as_list(document.get("type")).iter().any(|held| held == class);
    let is_badge = has_class("AchievementCredential") || has_class("OpenBadgeCredential");
    let endorsed = if has_class("EndorsementCredential") && !is_badge { ENDORSED } else { &[] };
    let classes = [
        ("credentialSchema", SCHEMA_CLASSES),
        ("credentialStatus", STATUS_CLASSES),
        ("refreshService", REFRESH_CLASSES),
    ];
    misplaced_of(node, document, CREDENTIAL, &signed)
        .or_else(|| misplaced_in(as_list(document.get("credentialStatus")), STATUS, &signed))
        .or_else(|| misplaced_in(subjects, SUBJECT, &signed))
        .or_else(|| misplaced_in(subjects, endorsed, &signed))
        .or_else(|| misplaced_in(achievements, ACHIEVEMENT, &signed))
        .or_else(|| misplaced_class(node, document, CREDENTIAL_CLASSES, &signed))
        .or_else(|| {
            classes.into_iter().find_map(|(term, classes)| {
                named(as_list(document.get(term)))
                    .find_map(|(node, object)| misplaced_class(&node, object, classes, &signed))
            })
        })
}

/// What was signed by the terms above: node, term and value, in order and each once. Of classes only those above.
struct Signed<'q>(Vec<(&'q Term, &'static str, &'q Term)>);

impl<'q> Signed<'q> {
    fn of(quads: &'q [Quad]) -> Self {
        let of_default_graph = quads.iter().filter(|quad| quad.graph.is_none());
        let mut signed: Vec<_> = of_default_graph
            .filter_map(|quad| Some((&quad.subject, term_of(&quad.predicate)?, &quad.object)))
            .filter(|(_, term, value)| *term != "type" || is_class(value))
            .collect();
        signed.sort_unstable();
        signed.dedup();
        Self(signed)
    }

    /// What was signed of a node. Any number of objects may be about one, and one node in any number of statements.
    fn about(&self, node: &Term) -> About<'_, 'q> {
        About(run(&self.0, |(held, ..)| (*held).cmp(node)))
    }
}

/// What was signed of one node.
struct About<'s, 'q>(&'s [(&'q Term, &'static str, &'q Term)]);

impl<'q> About<'_, 'q> {
    /// The values of one term.
    fn values(&self, term: &str) -> impl Iterator<Item = &'q Term> {
        run(self.0, |(_, held, _)| (*held).cmp(term)).iter().map(|(.., value)| *value)
    }
}

/// Those in a list in order that are equal to what they are compared with.
fn run<T>(sorted: &[T], compare: impl Fn(&T) -> Ordering) -> &[T] {
    let rest = sorted.get(sorted.partition_point(|each| compare(each).is_lt())..).unwrap_or_default();
    rest.get(..rest.partition_point(|each| compare(each).is_eq())).unwrap_or_default()
}

/// The term above that stands for a predicate. It is the only one, as a test makes sure.
fn term_of(predicate: &Term) -> Option<&'static str> {
    static TERMS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
        let terms = [CREDENTIAL, SUBJECT, ENDORSED, ACHIEVEMENT, STATUS].into_iter().flatten();
        terms.flat_map(|term| Vocabulary::bundled().iris_of(term).map(|iri| (iri, *term))).collect()
    });
    match predicate {
        Term::Iri(iri) if **iri == *TYPE => Some("type"),
        Term::Iri(iri) => TERMS.get(&**iri).copied(),
        Term::BlankNode(_) | Term::Literal(_) => None,
    }
}

/// Whether a value of `type` is one of the classes above.
fn is_class(value: &Term) -> bool {
    static CLASSES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let classes =
            [CREDENTIAL_CLASSES, REFRESH_CLASSES, SCHEMA_CLASSES, STATUS_CLASSES].into_iter().flatten();
        classes.flat_map(|class| Vocabulary::bundled().iris_of(class)).collect()
    });
    matches!(value, Term::Iri(iri) if CLASSES.contains(&**iri))
}

/// As above, of objects. Without an `id` a node cannot be described anywhere else.
fn misplaced_in<'d>(
    objects: impl IntoIterator<Item = &'d Value>,
    terms: &'static [&'static str],
    signed: &Signed<'_>,
) -> Option<&'static str> {
    named(objects).find_map(|(node, object)| misplaced_of(&node, object, terms, signed))
}

/// The objects with an `id`, each with the node that it is about.
fn named<'d>(
    objects: impl IntoIterator<Item = &'d Value>,
) -> impl Iterator<Item = (Term, &'d Map<String, Value>)> {
    objects.into_iter().filter_map(Value::as_object).filter_map(|object| {
        let id = object.get("id").and_then(Value::as_str)?;
        Some((Term::Iri(id.into()), object))
    })
}

/// The first of some classes that a node has by the statements, and not by the names in an object. Those that it has by
/// a name alone are no business of the place.
fn misplaced_class(
    node: &Term,
    object: &Map<String, Value>,
    classes: &'static [&'static str],
    signed: &Signed<'_>,
) -> Option<&'static str> {
    let vocabulary = Vocabulary::bundled();
    let about = signed.about(node);
    let names: Vec<&str> = as_list(object.get("type")).iter().filter_map(Value::as_str).collect();
    classes.iter().copied().find(|class| {
        let is_it = |iri: &str| vocabulary.iris_of(class).any(|known| known == iri);
        let is_signed = about.values("type").any(|class| matches!(class, Term::Iri(iri) if is_it(iri)));
        is_signed && !names.iter().any(|name| vocabulary.iris_of(name).any(is_it))
    })
}

fn misplaced_of(
    node: &Term,
    object: &Map<String, Value>,
    terms: &'static [&'static str],
    signed: &Signed<'_>,
) -> Option<&'static str> {
    let about = signed.about(node);
    terms.iter().copied().find(|term| !agree(about.values(term), as_list(member(object, term))))
}

/// Whether each signed value stands in the JSON, and nothing else does. Values without a name are counted only: what is
/// inside of them can stand nowhere else.
fn agree<'q>(mut signed: impl Iterator<Item = &'q Term>, written: &[Value]) -> bool {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut nameless: usize = 0;
    for value in written.iter().filter(|value| !value.is_null()) {
        match text_of(value) {
            Some(text) => {
                names.insert(text);
            }
            None => nameless = nameless.saturating_add(1),
        }
    }
    let mut blank: usize = 0;
    let is_written = |term: &Term| match term {
        Term::Iri(text) => names.remove(&**text),
        Term::Literal(literal) => names.remove(&*literal.value) || names.remove(&number(&literal.value)),
        Term::BlankNode(_) => {
            blank = blank.saturating_add(1);
            true
        }
    };
    signed.all(is_written) && names.is_empty() && blank == nameless
}

/// The text or name of a value: `{"id": X}` says the same as `X`, and so does a text with its language.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Bool(_) => Some(value.to_string()),
        Value::Number(written) => Some(number(&written.to_string())),
        Value::Object(members) => {
            let name = members.get("id").or(members.get("@value")).and_then(Value::as_str)?;
            // A label for a nameless node is none of its names.
            (!name.starts_with("_:")).then(|| name.to_owned())
        }
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Null => None,
    }
}

/// A number in one form, since JSON and RDF write the same one differently.
fn number(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
}

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Whoever adds a bundled context to a signed badge must not find another name in it.
    #[test]
    fn no_bundled_context_has_another_name_for_what_is_read() {
        let vocabulary = Vocabulary::bundled();
        let read = [CREDENTIAL, SUBJECT, ENDORSED, ACHIEVEMENT, STATUS].concat();
        for term in &read {
            let iris: BTreeSet<&str> = vocabulary.iris_of(term).collect();
            assert!(!iris.is_empty(), "{term}");
            let others: Vec<&str> = vocabulary
                .terms()
                // Classes are read as members by nobody.
                .filter(|other| other != term && !other.starts_with(char::is_uppercase))
                .filter(|other| vocabulary.iris_of(other).any(|iri| iris.contains(iri)))
                .collect();
            assert_eq!(others, [""; 0], "{term}");
        }
    }

    #[test]
    fn a_value_is_compared_whatever_way_it_is_written() {
        let iri = |text: &str| Term::Iri(text.into());
        let literal = |text: &str| {
            let datatype = "http://www.w3.org/2001/XMLSchema#string".into();
            Term::Literal(crate::jsonld::Literal { value: text.into(), datatype, language: None })
        };
        let blank = Term::BlankNode;
        for (signed, written, expected) in [
            (vec![], json!([]), true),
            (vec![], json!([null]), true),
            (vec![], json!(["a:b"]), false),
            (vec![iri("a:b")], json!([]), false),
            (vec![iri("a:b")], json!(["a:b"]), true),
            (vec![iri("a:b")], json!([{"id": "a:b", "name": "c"}]), true),
            (vec![iri("a:b")], json!(["a:b", {"id": "a:b"}]), true),
            (vec![iri("a:b"), iri("a:c")], json!([{"id": "a:b"}]), false),
            (vec![iri("a:b")], json!(["a:b", "a:c"]), false),
            (vec![iri("a:b")], json!([["a:b"]]), false),
            (vec![literal("x")], json!([{"@value": "x", "@language": "de"}]), true),
            (vec![literal("2")], json!([2]), true),
            (vec![literal("2.5E0")], json!([2.5]), true),
            (vec![literal("2")], json!([3]), false),
            (vec![literal("true")], json!([true]), true),
            (vec![blank(0)], json!([{"type": "A"}]), true),
            (vec![blank(0), blank(1)], json!([{"type": "A"}]), false),
            (vec![blank(0)], json!([{"id": "_:b", "type": "A"}]), true),
            (vec![blank(0)], json!([]), false),
        ] {
            let Value::Array(values) = &written else { panic!() };
            assert_eq!(agree(signed.iter(), values), expected, "{signed:?} {written}");
        }
    }
}
