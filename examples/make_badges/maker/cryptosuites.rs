//! Open Badges 3.0 with proofs over JSON, proofs that rest on each other, and a proof from before a context changed: by
//! a radio club whose did:key is its id.

use openbadges::jsonld::ContextStore;
use openbadges::unbake::Standard;
use serde_json::{Value, json};

use super::edit::{with, without};
use super::keys::Ed25519;
use super::ob2::ADA;
use super::ob3::{OPEN_BADGES, VC_2, achievement, credential};
use super::suite::{Suite, pretty};

const ISSUERS_PROOF: &str = "urn:uuid:c0d36b6a-52d3-4d0a-8f3c-0f6a1d2b5e01";
const NOTARYS_PROOF: &str = "urn:uuid:c0d36b6a-52d3-4d0a-8f3c-0f6a1d2b5e02";

pub(super) fn make(suite: &mut Suite) {
    let club = Ed25519::of("the radio club");
    over_json(suite, &club);
    changed_json(suite, &club);
    chains(suite, &club);
    broken_chains(suite, &club);
    before_the_context_changed(suite, &club);
}

fn first_contact(club: &Ed25519, number: u8) -> Value {
    credential(
        &format!("urn:uuid:9b1c52f0-6a57-4e0b-b1a5-3d7c2e4f60{number:02}"),
        &json!({"id": club.did(), "type": ["Profile"], "name": "Harbour Radio Club"}),
        &achievement(
            "urn:uuid:9b1c52f0-6a57-4e0b-b1a5-3d7c2e4f6000",
            "First Contact",
            "Talks to another continent.",
            "On short wave, with a log of the contact.",
        ),
    )
}

fn proof(key: &Ed25519, cryptosuite: &str) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": key.did_method(),
        "proofPurpose": "assertionMethod",
    })
}

/// With the contexts that the document had when it was signed.
fn json_proof(key: &Ed25519) -> Value {
    with(&proof(key, "eddsa-jcs-2022"), "/@context", json!([VC_2, OPEN_BADGES]))
}

/// Badges that are as they should be.
fn over_json(suite: &mut Suite, club: &Ed25519) {
    let signed = club.seal(&first_contact(club, 1), &json_proof(club));
    suite.badge_in_every_form(
        "ob3/jcs",
        &signed.to_string(),
        Standard::OpenBadges3,
        [
            "VC 2.0 with eddsa-jcs-2022, by an issuer whose did:key holds the key.",
            "The same in a PNG, without white space: values are signed, and not text.",
            "The same, baked into an SVG.",
        ],
        |case| {
            case.verdict("3.0", "valid")
                .passed(["proof.context", "proof.signature", "key.controller"])
                .known(ADA, "match");
        },
    );
    let without_contexts = club.seal(&first_contact(club, 2), &proof(club, "eddsa-jcs-2022"));
    suite
        .badge(
            "ob3/jcs-without-contexts.json",
            pretty(&without_contexts),
            "The proof need not tell the contexts.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"]);
    let more = json!([VC_2, OPEN_BADGES, "https://w3id.org/security/data-integrity/v2"]);
    suite
        .badge(
            "ob3/jcs-context-added.json",
            pretty(&with(&signed, "/@context", more)),
            "A context was added after those that the proof tells, as holders may.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"]);
}

/// Badges that were changed after they were signed.
fn changed_json(suite: &mut Suite, club: &Ed25519) {
    let sign = |badge: &Value| club.seal(badge, &json_proof(club));
    let renamed = with(&sign(&first_contact(club, 3)), "/credentialSubject/achievement/name", "First Light");
    suite
        .badge("ob3/jcs-tampered.json", pretty(&renamed), "Its name was changed after it was signed.")
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let added = with(&sign(&first_contact(club, 4)), "/credentialSubject/achievement/grade", "with honours");
    suite
        .badge(
            "ob3/jcs-undefined.json",
            pretty(&added),
            "A member was added that no context defines: it changes the JSON all the same.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let other = json!([VC_2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"]);
    suite
        .badge(
            "ob3/jcs-context-changed.json",
            pretty(&with(&sign(&first_contact(club, 5)), "/@context", other)),
            "Its contexts are not those that the proof tells.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
    let credits = "/credentialSubject/achievement/creditsAvailable";
    let signed = sign(&with(&first_contact(club, 6), credits, 9_007_199_254_740_992.0));
    suite
        .badge(
            "ob3/jcs-large-number.json",
            pretty(&with(&signed, credits, 9_007_199_254_740_993_u64)),
            "A number was replaced by its neighbour, which has the same canonical form.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
}

/// Proofs that rest on others.
fn chains(suite: &mut Suite, club: &Ed25519) {
    let notary = Ed25519::of("the notary");
    let first = seal_named(club, &first_contact(club, 7), ISSUERS_PROOF);
    suite
        .badge(
            "ob3/chain-notarised.json",
            pretty(&resting_on_first(&notary, &first, NOTARYS_PROOF)),
            "The issuer's proof, and one of a notary's that rests on it.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "key.controller"]);
    let first = seal_named(&notary, &first_contact(club, 8), NOTARYS_PROOF);
    suite
        .badge(
            "ob3/chain-countersigned.json",
            pretty(&resting_on_first(club, &first, ISSUERS_PROOF)),
            "The issuer's proof rests on one of somebody else's, which holds.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "key.controller"]);
}

/// Proofs that rest on nothing.
fn broken_chains(suite: &mut Suite, club: &Ed25519) {
    let notary = Ed25519::of("the notary");
    let first = seal_named(&notary, &first_contact(club, 9), NOTARYS_PROOF);
    let bad = with(&first, "/proof/created", "2026-03-02T09:00:00Z");
    suite
        .badge(
            "ob3/chain-on-sand.json",
            pretty(&resting_on_first(club, &bad, ISSUERS_PROOF)),
            "The issuer's proof is well signed, and rests on one that does not hold.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.other"]);
    let first = seal_named(&notary, &first_contact(club, 10), NOTARYS_PROOF);
    let unknown = with(&first, "/proof/cryptosuite", "moon-2030");
    suite
        .badge(
            "ob3/chain-on-unknown.json",
            pretty(&resting_on_first(club, &unknown, ISSUERS_PROOF)),
            "The issuer's proof rests on one that nobody can check.",
        )
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["proof.other"]);
    let first = seal_named(&notary, &first_contact(club, 11), NOTARYS_PROOF);
    let both = resting_on_first(club, &first, ISSUERS_PROOF);
    suite
        .badge(
            "ob3/chain-cut.json",
            pretty(&with(&both, "/proof", both["proof"][1].clone())),
            "The proof that the issuer's rests on was taken away.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let other = seal_named(&notary, &first_contact(club, 12), NOTARYS_PROOF);
    let other = with(&other, "/proof/verificationMethod", club.did_method());
    suite
        .badge(
            "ob3/chain-exchanged.json",
            pretty(&with(&both, "/proof", json!([other["proof"], both["proof"][1]]))),
            "The proof that the issuer's rests on was exchanged for another of the same id.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
}

/// The document with one proof, which has an id.
fn seal_named(key: &Ed25519, document: &Value, id: &str) -> Value {
    key.seal(document, &with(&proof(key, "eddsa-rdfc-2022"), "/id", id))
}

/// The document with its proof, and after it one that rests on it.
fn resting_on_first(key: &Ed25519, document: &Value, id: &str) -> Value {
    let first = &document["proof"];
    let proof = with(&proof(key, "eddsa-rdfc-2022"), "/id", id);
    let second = key.seal(document, &with(&proof, "/previousProof", first["id"].clone()));
    with(document, "/proof", json!([first, second["proof"]]))
}

/// `endorsementJwt` had no meaning in the context of Open Badges 3.0.3 before June 2026, and was not signed.
fn before_the_context_changed(suite: &mut Suite, club: &Ed25519) {
    const ENDORSEMENTS: &str = "/credentialSubject/achievement/endorsementJwt";
    let endorsement = json!([club.jws(&json!({}), &json!({}))]);
    let badge = with(&first_contact(club, 13), ENDORSEMENTS, endorsement.clone());
    let sign = |badge: &Value, contexts: &ContextStore| {
        club.seal_under(badge, &proof(club, "eddsa-rdfc-2022"), contexts)
    };
    let earlier = sign(&without(&badge, ENDORSEMENTS), &ContextStore::bundled_earlier());
    let earlier = with(&earlier, ENDORSEMENTS, endorsement);
    suite
        .badge(
            "ob3/earlier-context.json",
            pretty(&earlier),
            "Signed when the context did not define `endorsementJwt`: valid, with advice.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"])
        .failed(["proof.context"]);
    suite
        .badge(
            "ob3/earlier-context-tampered.json",
            pretty(&with(&earlier, "/credentialSubject/achievement/name", "First Light")),
            "The same, with its name changed after it was signed.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let today = sign(&badge, &ContextStore::bundled());
    suite
        .badge("ob3/endorsement-signed.json", pretty(&today), "`endorsementJwt` under the context of today.")
        .verdict("3.0", "valid")
        .passed(["proof.signature", "proof.context"]);
    suite
        .badge(
            "ob3/endorsement-exchanged.json",
            pretty(&with(&today, ENDORSEMENTS, json!([club.jws(&json!({}), &json!({"iss": club.did()}))]))),
            "`endorsementJwt` was changed after it was signed under the context of today.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
}
