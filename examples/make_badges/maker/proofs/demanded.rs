//! What a host demands of a proof, of which documents: of the outermost one, and of no other.

use serde_json::{Value, json};

use super::super::edit::with;
use super::super::jwt::payload;
use super::super::ob3::{OPEN_BADGES, VC_2, status_entry, status_list};
use super::super::signer::Key;
use super::super::suite::{Suite, pretty};
use super::{baker, proof};

const LIST: &str = "https://bakers.example/status/demanded.json";
const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

pub(super) fn make(suite: &mut Suite) {
    let people = People {
        bakers: Key::ed25519("the bakers"),
        ada: Key::ed25519("ada"),
        college: Key::ed25519("the college of bakers"),
    };
    let list = status_list(LIST, &people.bakers.did(), "revocation", &[]);
    suite.publish(LIST, &people.bakers.seal(&list, &proof(&people.bakers.did_method(), "eddsa-rdfc-2022")));
    badges(suite, &people);
    presentations(suite, &people);
    records(suite, &people);
}

struct People {
    bakers: Key,
    ada: Key,
    college: Key,
}

/// Whom a proof was made for: everybody, or a host that asked for it.
#[derive(Clone, Copy)]
enum For {
    Everybody,
    Museum,
    Library,
}

fn made_for(key: &Key, whom: For) -> Value {
    let proof = proof(&key.did_method(), "eddsa-rdfc-2022");
    let addressed =
        |domain: &str, challenge: &str| with(&with(&proof, "/domain", domain), "/challenge", challenge);
    match whom {
        For::Everybody => proof,
        For::Museum => addressed("https://museum.example", "c0ffee"),
        For::Library => addressed("https://library.example", "decaf"),
    }
}

/// What the museum demands.
fn demand() -> Value {
    json!({"proofDomain": "https://museum.example", "proofChallenge": "c0ffee"})
}

impl People {
    /// A badge with a status.
    fn badge(&self, number: usize, whom: For) -> Value {
        let badge = with(
            &baker(&self.bakers.did(), number),
            "/credentialStatus",
            status_entry(LIST, "revocation", 7),
        );
        self.bakers.seal(&badge, &made_for(&self.bakers, whom))
    }

    fn presentation(&self, credential: &Value, whom: For) -> Value {
        let presentation = json!({
            "@context": [VC_2, OPEN_BADGES],
            "type": ["VerifiablePresentation"],
            "holder": self.ada.did(),
            "verifiableCredential": [credential],
        });
        self.ada.seal(&presentation, &with(&made_for(&self.ada, whom), "/proofPurpose", "authentication"))
    }

    fn record(&self, number: usize, credential: &Value, whom: For) -> Value {
        let record = json!({
            "@context": [VC_2, CLR, OPEN_BADGES],
            "type": ["VerifiableCredential", "ClrCredential"],
            "id": format!("urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7d{number:04}"),
            "name": "Studies of Ada",
            "issuer": {"id": self.college.did(), "type": ["Profile"], "name": "College of Bakers"},
            "validFrom": "2026-04-01T09:00:00Z",
            "credentialSubject": {
                "id": self.ada.did(),
                "type": ["ClrSubject"],
                "verifiableCredential": [credential],
            },
        });
        self.college.seal(&record, &made_for(&self.college, whom))
    }
}

fn badges(suite: &mut Suite, people: &People) {
    suite
        .badge(
            "badges/demanded-badge.json",
            pretty(&people.badge(120, For::Museum)),
            "It is demanded of the badge, and not of its status list.",
        )
        .under(demand())
        .verdict("3.0", "valid")
        .passed(["proof.purpose", "revocation.status"]);
    suite
        .badge(
            "badges/demanded-badge-other.json",
            pretty(&people.badge(121, For::Everybody)),
            "A badge by itself, made for nobody in particular.",
        )
        .under(demand())
        .verdict("3.0", "invalid")
        .failed(["proof.purpose"]);
    suite
        .badge(
            "badges/demanded-list.json",
            pretty(&json!([people.badge(122, For::Museum), people.badge(123, For::Everybody)])),
            "Nobody answers for a list, so that each badge in it must.",
        )
        .under(demand())
        .all(["valid", "invalid"])
        .within([]);
}

fn presentations(suite: &mut Suite, people: &People) {
    let cases = [
        (
            "met",
            For::Everybody,
            For::Museum,
            "valid",
            "The presentation meets the demand, and its badge need not.",
        ),
        ("other", For::Everybody, For::Library, "invalid", "The presentation was made for somebody else."),
        (
            "nobody",
            For::Everybody,
            For::Everybody,
            "invalid",
            "The presentation was made for nobody in particular.",
        ),
        (
            "inside",
            For::Museum,
            For::Everybody,
            "invalid",
            "The badge meets the demand: that makes the presentation no better.",
        ),
        ("both", For::Library, For::Museum, "valid", "The badge was once made for somebody else."),
    ];
    for (number, (name, badge, whom, expected, about)) in cases.into_iter().enumerate() {
        let presentation = people.presentation(&people.badge(124 + number, badge), whom);
        suite
            .badge(&format!("badges/demanded-presentation-{name}.json"), pretty(&presentation), about)
            .under(demand())
            .verdict("3.0", "valid")
            .within([expected])
            .passed(["proof.purpose", "revocation.status"]);
    }
    let header = json!({"kid": people.bakers.did_method()});
    let enveloped = json!({
        "@context": VC_2,
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{}", people.bakers.jws("EdDSA", &header, &payload(&people.badge(129, For::Everybody)))),
    });
    suite
        .badge(
            "badges/demanded-presentation-sealed.json",
            pretty(&people.presentation(&enveloped, For::Museum)),
            "The badge inside is a JWT with a proof in it: both hold.",
        )
        .under(demand())
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["proof.other"]);
}

fn records(suite: &mut Suite, people: &People) {
    for (number, (name, whom, expected)) in
        [("met", For::Museum, "valid"), ("other", For::Everybody, "invalid")].into_iter().enumerate()
    {
        let record = people.record(number, &people.badge(130 + number, For::Everybody), whom);
        suite
            .badge(
                &format!("badges/demanded-record-{name}.json"),
                pretty(&record),
                "It is demanded of a record, and not of the badge in it.",
            )
            .under(demand())
            .verdict("3.0", "valid")
            .within([expected]);
    }
    let record = people.record(2, &people.badge(132, For::Everybody), For::Everybody);
    suite
        .badge(
            "badges/demanded-record-shown.json",
            pretty(&people.presentation(&record, For::Museum)),
            "It is demanded of a presentation, and not of the record in it.",
        )
        .under(demand())
        .verdict("3.0", "valid")
        .within(["valid", "valid"]);
}
