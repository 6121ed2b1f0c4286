//! Badges whose JSON was respelt after it was signed: the statements are the same, so that every proof holds, and what
//! readers find in the JSON may not be. And badges that are spelt in unusual ways, and say what was signed.
//!
//! They make a suite of their own, `tests/suites/meaning`. Everything is signed by one key, which is its own issuer.

use openbadges::id::Digest;
use serde_json::{Value, json};

use super::edit::with;
use super::keys::Ed25519;
use super::ob3::{achievement, credential, credential_1, status_list};
use super::suite::{Case, Suite, pretty};

mod names;
mod respelt;
mod unusual;

const ID: &str = "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2001";
const LIST: &str = "https://glass.example/status/revocation.json";
const REVOKED: usize = 51_966;
const VC: &str = "https://www.w3.org/2018/credentials#";
const OB: &str = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
const ENDED: &str = "2026-05-01T00:00:00Z";
const SUBJECT: &str = "did:web:ada.example";
const NOTE: &str = "https://example.org/terms#note";

const KILN: &str = "https://example.org/terms#class-of-kilns";

/// A context that a host adds: an extension.
const EXTENSION: &str = "https://glass.example/contexts/extension.json";
/// A context that a host adds without having looked: it has another name for what the life of a badge hangs on.
const CARELESS: &str = "https://glass.example/contexts/careless.json";

pub(super) fn make(suite: &mut Suite) {
    let workshop = Workshop(Ed25519::of("the glass workshop"));
    suite.publish(LIST, &workshop.seal(&status_list(LIST, &workshop.0.did(), "revocation", &[REVOKED])));
    let host_contexts = [
        (EXTENSION, json!({"@context": {"kiln": "https://example.org/terms#kiln", "Kiln": KILN}})),
        (
            CARELESS,
            json!({"@context": {
                "bestBefore": date_alias("validUntil"),
                "grade": "@type",
                "Pupil": format!("{OB}AchievementSubject"),
            }}),
        ),
    ];
    for (url, context) in host_contexts {
        let text = pretty(&context);
        suite.context(url, &text, Digest::of(text.as_bytes()));
    }
    respelt::ends(suite, &workshop);
    respelt::ends_of_1_1(suite, &workshop);
    respelt::statuses(suite, &workshop);
    respelt::parts(suite, &workshop);
    respelt::moved(suite, &workshop);
    unusual::extensions(suite, &workshop);
    unusual::spellings(suite, &workshop);
    unusual::described_twice(suite, &workshop);
    unusual::contexts(suite, &workshop);
    names::procedures(suite, &workshop);
    names::classes(suite, &workshop);
    names::keywords(suite, &workshop);
    names::endorsements(suite, &workshop);
}

/// Whoever signs, and what it awards.
struct Workshop(Ed25519);

impl Workshop {
    /// A badge without proof. Its subject has a name, so that it can be described in more than one place.
    fn badge(&self) -> Value {
        let issuer = json!({"id": self.0.did(), "type": ["Profile"], "name": "Glass Workshop"});
        with(&credential(ID, &issuer, &glassblower()), "/credentialSubject/id", SUBJECT)
    }

    fn badge_1_1(&self) -> Value {
        let issuer = json!({"id": self.0.did(), "type": ["Profile"], "name": "Glass Workshop"});
        with(&credential_1(ID, &issuer, &glassblower()), "/credentialSubject/id", SUBJECT)
    }

    fn proof(&self, cryptosuite: &str) -> Value {
        json!({
            "type": "DataIntegrityProof",
            "cryptosuite": cryptosuite,
            "created": "2026-03-01T09:00:00Z",
            "verificationMethod": self.0.did_method(),
            "proofPurpose": "assertionMethod",
        })
    }

    fn seal(&self, badge: &Value) -> Value {
        self.0.seal(badge, &self.proof("eddsa-rdfc-2022"))
    }
}

fn glassblower() -> Value {
    achievement(
        "https://glass.example/achievements/glassblower",
        "Glassblower",
        "Blows a vase that stands by itself.",
        "One vase, in one go.",
    )
}

/// Another name for a date of a credential.
fn date_alias(term: &str) -> Value {
    json!({"@id": format!("{VC}{term}"), "@type": DATE_TIME})
}

/// A date as it stands where no term says that it is one.
fn date(text: &str) -> Value {
    json!({"@type": DATE_TIME, "@value": text})
}

/// The contexts of a badge, and one more.
fn with_context(badge: &Value, context: impl Into<Value>) -> Value {
    let mut contexts = badge["@context"].as_array().expect("a list of contexts").clone();
    contexts.push(context.into());
    with(badge, "/@context", contexts)
}

/// A JSON pointer to a member of the document.
fn at(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn refused(suite: &mut Suite, name: &str, badge: &Value, about: &'static str) {
    suite
        .badge(&format!("{name}.json"), pretty(badge), about)
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["proof.context"]);
}

fn accepted<'s>(suite: &'s mut Suite, name: &str, badge: &Value, about: &'static str) -> &'s mut Case {
    suite
        .badge(&format!("{name}.json"), pretty(badge), about)
        .verdict("3.0", "valid")
        .passed(["proof.context", "proof.signature"])
}
