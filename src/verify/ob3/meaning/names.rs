//! What the names in a document stand for, where it is read by names.
//!
//! In: a document, and the contexts that it was signed under. Out: whether each name that a reader meets stands for what
//! the standards say it does. Statements alone do not tell: one that is there twice is there once, so that a second name
//! for a class, a member beside the one that it repeats, or the key of an empty map add a text to the badge and nothing
//! to what is signed.
//!
//! - A name stands for a keyword only if it is `id` or `type`. `@nest` says of members that they stand elsewhere.
//! - What the standards have a name for has that name: no IRI, and no alias of a context that was brought along.
//! - What the standards have a name for is nothing else. If it is something of the issuer's own, nobody can tell whether
//!   the issuer called it so, and the outcome is inconclusive.
//! - A class of the issuer's own is called by its IRI or as that ends, unless a context of the host's says otherwise: its
//!   name stands in a context, and contexts are not signed. The names of other extensions are nobody's business; whoever
//!   reads them goes by their IRIs.
//!
//! JSON-LD 1.1 section 4.1.1 "JSON-LD 1.1 Processing Mode" and 4.1.6 "Aliasing Keywords"; Verifiable Credential Data
//! Integrity 1.0 section 2.4.1 "Validating Contexts".

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::json::as_list;
use crate::jsonld::{self, ContextStore, JsonLdError, Vocabulary, Witness};
use crate::limits::Limits;
use crate::quote::quote;
use crate::report::{Outcome, ReasonCode};

/// Judges the names in a document that has no proofs.
pub(super) fn judge(document: &Value, contexts: &ContextStore, limits: &Limits) -> Outcome {
    let mut names = Names { hosts: hosts_classes(document, contexts), ..Names::default() };
    match jsonld::witnessed(&mut names, document, contexts, limits) {
        Ok(()) => names.outcome(),
        Err(JsonLdError::Limit(limit)) => Outcome::inconclusive(ReasonCode::Limit, limit.to_string()),
        Err(error) => Outcome::failed(ReasonCode::Malformed, error.to_string()),
    }
}

/// The names in the host's own contexts that a document is under, each with what it stands for.
fn hosts_classes(document: &Value, contexts: &ContextStore) -> BTreeSet<(String, String)> {
    let urls = as_list(document.get("@context")).iter().filter_map(Value::as_str);
    let of_the_host = urls.filter(|url| !ContextStore::bundled().contains(url));
    let definitions = of_the_host.filter_map(|url| jsonld::definitions(url, contexts).ok()).flatten();
    definitions.map(|definition| (definition.term, definition.iri)).collect()
}

/// What is found while the names are met.
#[derive(Default)]
struct Names {
    hosts: BTreeSet<(String, String)>,
    /// For each member that the present place is within, whether what stands there is read by names.
    within: Vec<bool>,
    /// The first thing that is not what it is called.
    wrong: Option<String>,
    /// The first thing of which nobody can tell whether it was called so.
    open: Option<String>,
}

impl Names {
    fn is_read(&self) -> bool {
        self.within.last().copied().unwrap_or(true)
    }

    fn outcome(self) -> Outcome {
        match (self.wrong, self.open) {
            (Some(message), _) => Outcome::failed(ReasonCode::Mismatch, message),
            (None, Some(message)) => Outcome::inconclusive(ReasonCode::Unbound, message),
            (None, None) => Outcome::Passed,
        }
    }

    fn wrong(&mut self, message: impl FnOnce() -> String) {
        self.wrong.get_or_insert_with(message);
    }

    fn open(&mut self, message: impl FnOnce() -> String) {
        self.open.get_or_insert_with(message);
    }

    /// Judges what a name stands for, by the standards; says whether they have something to say of it.
    fn judge(&mut self, name: &str, iri: &str, is_plain: bool) -> bool {
        if is_plain && Vocabulary::bundled().iris_of(name).any(|known| known == iri) {
            return true;
        }
        if Vocabulary::bundled().has(iri) {
            self.wrong(|| format!("readers of its JSON do not know that {} is {}", quote(name), quote(iri)));
            return true;
        }
        let is_taken = is_plain && Vocabulary::bundled().iris_of(name).any(is_of_credentials);
        if is_taken {
            self.open(|| format!("a context that nobody signed says that {} is {}", quote(name), quote(iri)));
        }
        is_taken
    }
}

impl Witness for Names {
    fn enter(&mut self, name: &str, stands_for: &str) {
        let is_plain = is_member_name(name);
        let is_read = self.is_read();
        if stands_for.starts_with('@') {
            if name != stands_for && !ALIASES.contains(&(name, stands_for)) {
                self.wrong(|| format!("a context has {} for another name of `{stands_for}`", quote(name)));
            } else if is_read && name == "@nest" {
                self.wrong(|| "it has members in `@nest`, where only JSON-LD looks".to_owned());
            }
        } else if is_read {
            self.judge(name, stands_for, is_plain);
        }
        let is_known = is_plain && Vocabulary::bundled().iris_of(name).next().is_some();
        self.within.push(is_read && is_known);
    }

    fn leave(&mut self) {
        self.within.pop();
    }

    fn class(&mut self, name: &str, iri: &str) {
        if !self.is_read() || self.judge(name, iri, is_class_name(name)) {
            return;
        }
        let end = iri.rsplit(['#', '/', ':']).next().unwrap_or_default();
        let is_told = name == iri
            || (!name.is_empty() && name.eq_ignore_ascii_case(end))
            || self.hosts.contains(&(name.to_owned(), iri.to_owned()));
        if !is_told {
            self.open(|| format!("a context that nobody signed calls {} {}", quote(iri), quote(name)));
        }
    }

    fn nothing(&mut self, text: &str) {
        self.wrong(|| format!("{} is the key of nothing that was signed", quote(text)));
    }
}

/// What the bundled contexts have for other names of keywords.
const ALIASES: [(&str, &str); 2] = [("id", "@id"), ("type", "@type")];

/// Whether a reader can know a member by its name. No property of the standards begins with a capital: the names of
/// classes do, and the context of Open Badges has `Criteria` and `criteria` stand for the same IRI.
pub(super) fn is_member_name(name: &str) -> bool {
    !name.contains(':') && !name.starts_with('@') && !name.starts_with(char::is_uppercase)
}

/// Whether a reader can know a class by its name. None begins with a small letter.
pub(super) fn is_class_name(name: &str) -> bool {
    !name.contains(':') && !name.starts_with('@') && !name.starts_with(char::is_lowercase)
}

/// Whether an IRI belongs to the vocabularies that credentials are read by. Others are bundled for the sake of proofs,
/// keys and Open Badges 2.0, and an extension may well use their words.
fn is_of_credentials(iri: &str) -> bool {
    const OF_CREDENTIALS: [&str; 7] = [
        "https://imsglobal.github.io/openbadges-specification/",
        "https://purl.imsglobal.org/spec/",
        "https://schema.org/",
        "https://w3id.org/vc-revocation-list-2020#",
        "https://w3id.org/vc/status-list#",
        "https://www.w3.org/2018/credentials#",
        "https://www.w3.org/ns/credentials/status#",
    ];
    OF_CREDENTIALS.iter().any(|start| iri.starts_with(start))
}

/// Whether a document's members say that a reader can know all of its classes by their names.
pub(super) fn has_plain_classes(members: &Map<String, Value>) -> bool {
    let classes = as_list(members.get("type"));
    classes.iter().all(|class| class.as_str().is_some_and(is_class_name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bundled_context_has_no_other_name_for_a_class() {
        let vocabulary = Vocabulary::bundled();
        let classes = || vocabulary.terms().filter(|term| is_class_name(term));
        for class in classes() {
            let iris: BTreeSet<&str> = vocabulary.iris_of(class).collect();
            let others: Vec<&str> = classes()
                .filter(|other| *other != class && vocabulary.iris_of(other).any(|iri| iris.contains(iri)))
                .collect();
            match class {
                "AchievementCredential" => assert_eq!(others, ["OpenBadgeCredential"]),
                "OpenBadgeCredential" => assert_eq!(others, ["AchievementCredential"]),
                _ => assert_eq!(others, [""; 0], "{class}"),
            }
        }
    }

    #[test]
    fn names_are_what_they_are_called() {
        const OB: &str = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
        let wrong = |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. });
        let open = |outcome: &Outcome| matches!(outcome, Outcome::Inconclusive { .. });
        let passes = |outcome: &Outcome| *outcome == Outcome::Passed;
        type Expected<'f> = &'f dyn Fn(&Outcome) -> bool;
        let cases: [(Value, &str, Value, Expected<'_>); 18] = [
            (json!({"Own": "https://e.example/#Own"}), "type", json!(["Achievement", "Own"]), &passes),
            (json!({"Own": "https://e.example/own"}), "type", json!(["Achievement", "Own"]), &passes),
            (json!({"@vocab": "https://e.example/#"}), "type", json!(["Achievement", "Own"]), &passes),
            (json!({}), "type", json!(["Achievement", "https://e.example/#Own"]), &passes),
            (json!({"Own": "https://e.example/#x"}), "type", json!(["Achievement", "Own"]), &open),
            (json!({"e": "https://e.example/#"}), "type", json!(["Achievement", "e:Own"]), &open),
            (
                json!({"1EdTechRevocationList": "https://e.example/#x"}),
                "type",
                json!(["Achievement", "1EdTechRevocationList"]),
                &open,
            ),
            (json!({"PhD": format!("{OB}Achievement")}), "type", json!(["Achievement", "PhD"]), &wrong),
            (json!({}), "type", json!(["Achievement", format!("{OB}Achievement")]), &wrong),
            (json!({"phd": format!("{OB}Achievement")}), "type", json!(["Achievement", "phd"]), &wrong),
            (json!({"grade": "@type", "A": format!("{OB}Achievement")}), "grade", json!("A"), &wrong),
            (json!({"grade": "@nest"}), "grade", json!({}), &wrong),
            (
                json!({"grade": {"@id": "https://e.example/#g", "@container": "@language"}}),
                "grade",
                json!({"en": []}),
                &wrong,
            ),
            (
                json!({"grade": {"@id": "https://e.example/#g", "@container": "@id"}}),
                "grade",
                json!({"https://e.example/": []}),
                &wrong,
            ),
            (
                json!({"grade": {"@id": "https://e.example/#g", "@container": "@language"}, "A": "@none"}),
                "grade",
                json!({"A": "x"}),
                &wrong,
            ),
            (
                json!({"grade": "https://e.example/#g"}),
                "grade",
                json!({"@value": "x", "@type": "http://www.w3.org/2001/XMLSchema#token"}),
                &passes,
            ),
            (json!({"grade": format!("{OB}humanCode")}), "grade", json!("x"), &wrong),
            (json!({"inLanguage": "https://e.example/#g"}), "inLanguage", json!("x"), &open),
        ];
        for (context, name, value, is_expected) in cases {
            let mut badge = json!({
                "@context": [
                    "https://www.w3.org/2018/credentials/v1",
                    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
                    context,
                ],
                "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "credentialSubject": {"type": "AchievementSubject", "achievement": {"type": "Achievement"}},
            });
            badge["credentialSubject"]["achievement"][name] = value;
            let outcome = judge(&badge, &ContextStore::bundled(), &Limits::default());
            assert!(is_expected(&outcome), "{badge}: {outcome:?}");
        }
    }
}
