//! What a proof says of itself, in the form that was signed with the document.
//!
//! In: a proof, and the document that it stands in. Out: its configuration, which is the proof without its value; and for
//! the suites with RDF canonicalization, whether the members that are read by their names say what was signed.
//!
//! Those suites sign the statements of the configuration. Purpose, dates, domain, challenge and key are read from the
//! JSON, and a context or an IRI in the place of a term can spell the same statements so that the JSON says something
//! else: an `expires` that nobody sees, a `challenge` that is a type. So each of these members must say exactly what was
//! signed under its IRI, whatever contexts there are. Where the JSON itself is signed there is nothing to disagree.
//!
//! Verifiable Credential Data Integrity 1.0 sections 2.1 "Proofs", 2.4.1 "Validating Contexts" and 2.6 "Proof Purposes";
//! Data Integrity EdDSA Cryptosuites 1.0 section 3.2.5.

use serde_json::{Map, Value};

use super::{IntegrityError, without};
use crate::json::as_list;
use crate::jsonld::{Quad, Term};

/// The proof without its value.
pub(super) fn without_value(proof: &Map<String, Value>) -> Map<String, Value> {
    without(proof, "proofValue")
}

/// The proof without its value, in the contexts of its document.
pub(super) fn proof_configuration(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
) -> Map<String, Value> {
    let mut configuration = without_value(proof);
    configuration.remove("@context");
    if let Some(contexts) = document.get("@context") {
        configuration.insert("@context".to_owned(), contexts.clone());
    }
    configuration
}

/// Makes sure that the proof says, in each member that is read, what the statements of its configuration say.
///
/// Text is compared with text, whatever datatype or language it was signed with: only the text is read.
///
/// # Errors
/// [`IntegrityError::Meaning`] with the first member that says something else.
pub(super) fn check_meaning(proof: &Map<String, Value>, statements: &[Quad]) -> Result<(), IntegrityError> {
    match misread(proof, statements) {
        None => Ok(()),
        Some(member) => Err(IntegrityError::Meaning { member }),
    }
}

fn misread(proof: &Map<String, Value>, statements: &[Quad]) -> Option<&'static str> {
    let signed = |iri: &'static str| statements.iter().filter(move |quad| is(&quad.predicate, iri));
    // All of it was signed of one node, which is then the proof: nothing can be moved to where nobody looks.
    let read = || READ.iter().flat_map(|(member, iri)| signed(iri).map(move |quad| (*member, quad)));
    let Some((_, Quad { subject: node, .. })) = read().next() else { return Some("type") };
    let is_of_another = |quad: &Quad| quad.subject != *node || quad.graph.is_some();
    if let Some((member, _)) = read().find(|(_, quad)| is_of_another(quad)) {
        return Some(member);
    }
    let classes = signed(TYPE).filter(|quad| !is_of_another(quad));
    if !agree(proof.get("type"), classes, |class| format!("{SECURITY}{class}")) {
        return Some("type");
    }
    let id = proof.get("id").and_then(Value::as_str).filter(|id| !id.starts_with("_:"));
    if id != text_of(node) {
        return Some("id");
    }
    let differs = |(member, iri): &&(&str, &'static str)| {
        let meaning = if *member == "proofPurpose" { purpose } else { str::to_owned };
        !agree(proof.get(*member), signed(iri), meaning)
    };
    READ.iter().find(differs).map(|(member, _)| *member)
}

/// Whether the texts that are written mean the values that were signed.
fn agree<'q>(
    written: Option<&Value>,
    signed: impl Iterator<Item = &'q Quad>,
    meaning: impl Fn(&str) -> String,
) -> bool {
    let written = as_list(written).iter().filter(|value| !value.is_null());
    let written: Option<Vec<String>> = written.map(|value| value.as_str().map(&meaning)).collect();
    let signed: Option<Vec<&str>> = signed.map(|quad| text_of(&quad.object)).collect();
    let Some((mut written, mut signed)) = written.zip(signed) else { return false };
    written.sort_unstable();
    written.dedup();
    signed.sort_unstable();
    signed.dedup();
    written == signed
}

/// The text that is read of a value or of the name of a node.
fn text_of(term: &Term) -> Option<&str> {
    match term {
        Term::BlankNode(_) => None,
        Term::Iri(name) => Some(name),
        Term::Literal(literal) => Some(&literal.value),
    }
}

fn is(term: &Term, iri: &str) -> bool {
    matches!(term, Term::Iri(name) if **name == *iri)
}

/// What a purpose stands for. One that the specification does not name stands for itself.
fn purpose(name: &str) -> String {
    let is_known = PURPOSES.contains(&name);
    match name {
        // The only one whose IRI is made of its name alone.
        "assertionMethod" => format!("{SECURITY}{name}"),
        _ if is_known => format!("{SECURITY}{name}Method"),
        _ => name.to_owned(),
    }
}

/// The purposes of section 2.6, but for the one that most proofs have.
const PURPOSES: [&str; 4] =
    ["authentication", "capabilityDelegation", "capabilityInvocation", "keyAgreement"];

/// The members that are read by their names, and what they stand for.
const READ: [(&str, &str); 8] = [
    ("challenge", "https://w3id.org/security#challenge"),
    ("created", "http://purl.org/dc/terms/created"),
    ("cryptosuite", "https://w3id.org/security#cryptosuite"),
    ("domain", "https://w3id.org/security#domain"),
    ("expires", "https://w3id.org/security#expiration"),
    ("previousProof", "https://w3id.org/security#previousProof"),
    ("proofPurpose", "https://w3id.org/security#proofPurpose"),
    ("verificationMethod", "https://w3id.org/security#verificationMethod"),
];

const SECURITY: &str = "https://w3id.org/security#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jsonld::{self, ContextStore, Options, Vocabulary};
    use crate::limits::Limits;

    const VC_1: &str = "https://www.w3.org/2018/credentials/v1";
    const VC_2: &str = "https://www.w3.org/ns/credentials/v2";
    const SUITE: &str = "https://w3id.org/security/suites/ed25519-2020/v1";

    fn members(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn full() -> Value {
        json!({
            "id": "urn:a:proof",
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "challenge": "7",
            "created": "2026-01-01T00:00:00Z",
            "domain": ["https://a.example", "b"],
            "expires": "2026-02-01T00:00:00Z",
            "nonce": "n",
            "previousProof": ["urn:a:first", "urn:a:second"],
            "proofPurpose": "assertionMethod",
            "verificationMethod": "did:example:a#key",
        })
    }

    /// What is wrong with a proof in a document with these contexts.
    fn misread_in(contexts: Value, proof: &Value) -> Option<&'static str> {
        let document = members(json!({"@context": contexts}));
        let proof = members(proof.clone());
        let configuration = Value::Object(proof_configuration(&document, &proof));
        let (store, limits) = (ContextStore::bundled(), Limits::default());
        let quads = jsonld::to_quads(&configuration, &store, &Options::default(), &limits).unwrap();
        misread(&proof, &quads)
    }

    /// The proof with members set, and without those that are set to null.
    fn with(proof: &Value, changes: Value) -> Value {
        let mut proof = members(proof.clone());
        proof.extend(members(changes));
        proof.retain(|_, value| !value.is_null());
        Value::Object(proof)
    }

    #[test]
    fn the_configuration_is_the_proof_in_the_contexts_of_its_document() {
        let document = members(json!({"@context": ["https://example.org/context"], "id": "urn:x:y"}));
        let proof = members(json!({
            "@context": "https://other.example/context",
            "type": "DataIntegrityProof",
            "proofValue": "z",
        }));
        let expected = json!({"@context": ["https://example.org/context"], "type": "DataIntegrityProof"});
        assert_eq!(Value::Object(proof_configuration(&document, &proof)), expected);
    }

    #[test]
    fn no_bundled_context_has_another_iri_or_another_name_for_what_is_read() {
        let vocabulary = Vocabulary::bundled();
        let purposes = PURPOSES.into_iter().chain(["assertionMethod"]);
        let purposes: Vec<(&str, String)> = purposes.map(|name| (name, purpose(name))).collect();
        let read = READ.iter().map(|(member, iri)| (*member, (*iri).to_owned()));
        for (member, iri) in read.chain(purposes) {
            // What VC 1.1 says of RSA, which no suite here has, is without the prefix `sec`.
            let iris = vocabulary.iris_of(member).filter(|iri| !iri.starts_with("sec:"));
            assert_eq!(iris.collect::<Vec<_>>(), [&iri], "{member}");
            let names: Vec<&str> = vocabulary
                .terms()
                .filter(|term| vocabulary.iris_of(term).any(|other| other == iri))
                .collect();
            assert_eq!(names, [member], "{iri}");
        }
    }

    #[test]
    fn a_proof_in_known_contexts_says_what_is_signed() {
        let older = json!([VC_1, SUITE]);
        let of_2020 = with(
            &full(),
            json!({"type": "Ed25519Signature2020", "cryptosuite": null, "previousProof": null}),
        );
        for (contexts, proof) in [
            (json!(VC_2), full()),
            (json!([VC_1, "https://w3id.org/security/data-integrity/v2"]), full()),
            (
                json!([VC_1, "https://w3id.org/security/data-integrity/v1"]),
                with(&full(), json!({"previousProof": null})),
            ),
            (older, of_2020),
            (json!(VC_2), with(&full(), json!({"id": null}))),
            (json!(VC_2), with(&full(), json!({"id": "_:b"}))),
            (json!(VC_2), with(&full(), json!({"domain": "b", "previousProof": []}))),
            (json!(VC_2), with(&full(), json!({"domain": ["b", null, "b"]}))),
            // Texts in a language are the same texts, and what is not read may be anything.
            (json!([VC_2, {"@language": "de"}]), full()),
            (json!(VC_2), with(&full(), json!({"https://a.example/#note": "n", "nonce": ["n", "m"]}))),
        ] {
            assert_eq!(misread_in(contexts.clone(), &proof), None, "{contexts} {proof}");
        }
        for purpose in PURPOSES.into_iter().chain(["assertionMethod", "https://a.example/#purpose"]) {
            assert_eq!(misread_in(json!(VC_2), &with(&full(), json!({"proofPurpose": purpose}))), None);
        }
    }

    #[test]
    fn what_was_signed_cannot_be_spelt_so_that_nobody_reads_it() {
        let moved = |member: &str, to: &str| {
            let proof = full();
            let value = match proof[member].clone() {
                value if member == "created" || member == "expires" => {
                    json!({"@value": value, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"})
                }
                Value::Array(values) if member == "previousProof" => {
                    values.into_iter().map(|id| json!({"@id": id})).collect()
                }
                Value::String(name) if member == "proofPurpose" => json!({"@id": purpose(&name)}),
                value if member == "verificationMethod" => json!({"@id": value}),
                value => value,
            };
            with(&proof, json!({member: null, to: value}))
        };
        for (member, iri) in READ {
            assert_eq!(misread_in(json!(VC_2), &moved(member, iri)), Some(member), "{member}");
            let alias = json!([VC_2, {"alias": {"@id": iri}}]);
            assert_eq!(misread_in(alias, &moved(member, "alias")), Some(member), "{member}");
        }
        assert_eq!(misread_in(json!(VC_2), &moved("id", "@id")), Some("id"));
        for (member, value) in [
            ("challenge", json!(7)),
            ("challenge", json!({"@value": "7"})),
            ("domain", json!([["https://a.example", "b"]])),
            ("previousProof", json!([{"id": "urn:a:first"}])),
            ("previousProof", json!("_:b")),
            ("proofPurpose", json!("https://w3id.org/security#assertionMethod")),
            ("verificationMethod", json!({"id": "did:example:a#key"})),
            ("@type", json!("https://a.example/#Proof")),
        ] {
            let found = misread_in(json!(VC_2), &with(&full(), json!({member: value})));
            let expected = if member == "@type" { "type" } else { member };
            let expected = if value == json!("https://w3id.org/security#assertionMethod") {
                None
            } else {
                Some(expected)
            };
            assert_eq!(found, expected, "{member} {value}");
        }
    }

    #[test]
    fn nothing_is_read_that_was_signed_of_something_else() {
        let twin = json!([{"id": "urn:b:other", "https://w3id.org/security#challenge": "8"}]);
        let within = with(&full(), json!({"https://a.example/#twin": twin}));
        assert_eq!(misread_in(json!(VC_2), &within), Some("challenge"));
        let within = with(
            &full(),
            json!({"https://a.example/#twin": {"@graph": {"id": "urn:a:proof", "https://w3id.org/security#challenge": "7"}}}),
        );
        assert_eq!(misread_in(json!(VC_2), &within), Some("challenge"));
        let only =
            json!({"https://a.example/#twin": {"@graph": {"https://w3id.org/security#challenge": "7"}}});
        assert_eq!(misread_in(json!({"challenge": null}), &only), Some("challenge"));
        // The proof stands inside of what seems to be it.
        let outside =
            json!({"@included": [with(&full(), json!({"@context": VC_2}))], "type": "DataIntegrityProof"});
        assert_eq!(misread_in(json!(VC_2), &outside), Some("id"));
        assert_eq!(misread_in(json!(VC_2), &json!({"type": "DataIntegrityProof"})), Some("type"));
    }

    #[test]
    fn a_context_cannot_give_what_is_read_another_meaning() {
        let aliases = |terms: Value| {
            json!([VC_1, {"Ed25519Signature2020": {
            "@id": "https://w3id.org/security#Ed25519Signature2020",
            "@context": terms,
        }, "xyz": "https://w3id.org/security#Ed25519Signature2020", "challenge": "@type"}])
        };
        let purpose = |context: Value| {
            json!({
                "@id": "https://w3id.org/security#proofPurpose", "@type": "@vocab", "@context": context,
            })
        };
        let proof = json!({"type": "Ed25519Signature2020", "proofPurpose": "assertionMethod"});
        let relabelled = json!({"assertionMethod": "https://w3id.org/security#authenticationMethod"});
        let contexts = aliases(json!({"proofPurpose": purpose(relabelled)}));
        assert_eq!(misread_in(contexts, &proof), Some("proofPurpose"));
        let honest = json!({"assertionMethod": "https://w3id.org/security#assertionMethod"});
        let contexts = aliases(json!({"proofPurpose": purpose(honest), "challenge": "@type"}));
        assert_eq!(misread_in(contexts.clone(), &proof), None);
        // A challenge that is a class in truth.
        let faked = with(&proof, json!({"challenge": "xyz"}));
        assert_eq!(misread_in(contexts, &faked), Some("challenge"));
    }
}
