//! Proofs whose JSON was respelt after it was signed: the statements are the same, and readers of the JSON do not find
//! them, or find others. And proofs that are spelt in unusual ways, and say what was signed.

use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::ob3::{OPEN_BADGES, VC_1, VC_2, credential_1, status_entry, status_list};
use super::super::signer::Key;
use super::super::suite::{Document, Suite, pretty};
use super::{baker, derived, older, older_proof, proof, sourdough};

const SECURITY: &str = "https://w3id.org/security#";
const CREATED: &str = "http://purl.org/dc/terms/created";
const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";
const ENDED: &str = "2026-05-01T00:00:00Z";
const LATER: &str = "2027-05-01T00:00:00Z";
const LIST: &str = "https://bakers.example/status/revocation.json";

pub(super) fn make(suite: &mut Suite) {
    let key = Key::ed25519("the bakers");
    dates(suite, &key);
    of_every_suite(suite);
    purposes(suite, &key);
    grounds(suite, &key);
    lists(suite, &key);
    presentations(suite, &key);
    unusual(suite, &key);
}

/// A proof that says something else than was signed, of a badge that is sound in all else.
fn refused(suite: &mut Suite, name: &str, badge: &Value, about: &str) {
    suite
        .badge(&format!("badges/respelt-{name}.json"), pretty(badge), about)
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
}

fn date(instant: &str) -> Value {
    json!({"@value": instant, "@type": DATE_TIME})
}

/// A member of the proof, by its full name.
fn at(iri: &str) -> String {
    format!("/proof/{}", iri.replace('/', "~1"))
}

/// With one more context at the end.
fn with_context(document: &Value, context: impl Into<Value>) -> Value {
    let mut contexts = document["@context"].as_array().expect("a list of ours").clone();
    contexts.push(context.into());
    with(document, "/@context", contexts)
}

fn rdfc(key: &Key) -> Value {
    proof(&key.did_method(), "eddsa-rdfc-2022")
}

/// The instants between which a proof counts, where nobody finds them.
fn dates(suite: &mut Suite, key: &Key) {
    let ended = key.seal(&baker(&key.did(), 100), &with(&rdfc(key), "/expires", ENDED));
    suite
        .badge(
            "badges/respelt-not.json",
            pretty(&ended),
            "The proof is over: what the next ones are made of.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.context", "proof.signature"])
        .failed(["proof.window"]);
    let endless = without(&ended, "/proof/expires");
    let expiration = format!("{SECURITY}expiration");
    refused(
        suite,
        "end",
        &with(&endless, &at(&expiration), date(ENDED)),
        "The end of the proof is named by its IRI.",
    );
    refused(
        suite,
        "end-compact",
        &with_context(&with(&endless, "/proof/sec:expiration", date(ENDED)), json!({"sec": SECURITY})),
        "The end of the proof is named by a compact IRI.",
    );
    let alias = json!({"bestBefore": {"@id": expiration, "@type": DATE_TIME}});
    refused(
        suite,
        "end-alias",
        &with_context(&with(&endless, "/proof/bestBefore", ENDED), alias),
        "A context that was brought along has another name for the end of the proof.",
    );
    let begun = key.seal(&baker(&key.did(), 101), &with(&rdfc(key), "/created", LATER));
    refused(
        suite,
        "begin",
        &with(&without(&begun, "/proof/created"), &at(CREATED), date(LATER)),
        "The instant in the future at which the proof was made is named by its IRI.",
    );
}

/// The same with the other suites that sign statements.
fn of_every_suite(suite: &mut Suite) {
    let hidden = |ended: &Value| {
        with(&without(ended, "/proof/expires"), &at(&format!("{SECURITY}expiration")), date(ENDED))
    };
    let (ed, p256, p384) = (Key::ed25519("the bakers"), Key::p256("the bakers"), Key::p384("the bakers"));
    let ending = |key: &Key, suite: &str| with(&proof(&key.did_method(), suite), "/expires", ENDED);
    let of_2020 = with(&older_proof(&ed.did_method()), "/expires", ENDED);
    let mandatory = with(&baker(&p256.did(), 105), "/validUntil", "2030-01-01T00:00:00Z");
    for (name, ended) in [
        ("ecdsa-p256", p256.seal(&baker(&p256.did(), 103), &ending(&p256, "ecdsa-rdfc-2019"))),
        ("ecdsa-p384", p384.seal(&baker(&p384.did(), 104), &ending(&p384, "ecdsa-rdfc-2019"))),
        ("ecdsa-sd", derived(&p256, &mandatory, &ending(&p256, "ecdsa-sd-2023"))),
        ("signature-2020", ed.seal(&older(&ed.did(), 106), &of_2020)),
    ] {
        let about = format!("{name}: the end of the proof is named by its IRI.");
        refused(suite, &format!("end-{name}"), &hidden(&ended), &about);
    }
}

/// A context in which the terms of a class of proofs stand for what they do, but for some.
fn lying(class: &str, changes: &Value) -> Value {
    let mut terms = json!({
        "challenge": format!("{SECURITY}challenge"),
        "created": {"@id": CREATED, "@type": DATE_TIME},
        "cryptosuite": {"@id": format!("{SECURITY}cryptosuite"), "@type": format!("{SECURITY}cryptosuiteString")},
        "domain": format!("{SECURITY}domain"),
        "proofPurpose": purpose_term("authentication", "authenticationMethod"),
        "proofValue": {"@id": format!("{SECURITY}proofValue"), "@type": format!("{SECURITY}multibase")},
        "verificationMethod": {"@id": format!("{SECURITY}verificationMethod"), "@type": "@id"},
    });
    for (term, definition) in changes.as_object().expect("definitions") {
        terms[term] = definition.clone();
    }
    json!({class: {"@id": format!("{SECURITY}{class}"), "@context": terms}})
}

/// The term `proofPurpose`, with one name for a purpose.
fn purpose_term(name: &str, purpose: &str) -> Value {
    json!({
        "@id": format!("{SECURITY}proofPurpose"),
        "@type": "@vocab",
        "@context": {name: format!("{SECURITY}{purpose}")},
    })
}

/// A proof that was made to log in, made one that asserts. The contexts of VC 1.1 do not define the suites, so that their
/// context can be exchanged.
fn purposes(suite: &mut Suite, key: &Key) {
    let relabelled = json!({"proofPurpose": purpose_term("assertionMethod", "authenticationMethod")});
    let login = |proof: &Value| with(proof, "/proofPurpose", "authentication");
    let of_2020 = key.seal(&older(&key.did(), 107), &login(&older_proof(&key.did_method())));
    let badge = with(&older(&key.did(), 108), "/@context", json!([VC_1, OPEN_BADGES, DATA_INTEGRITY]));
    let integrity = key.seal(&badge, &login(&rdfc(key)));
    for (name, class, signed) in
        [("2020", "Ed25519Signature2020", of_2020), ("data-integrity", "DataIntegrityProof", integrity)]
    {
        suite
            .badge(
                &format!("badges/respelt-purpose-{name}-not.json"),
                pretty(&signed),
                "A proof to log in, as it was signed.",
            )
            .verdict("3.0", "invalid")
            .passed(["proof.signature"])
            .failed(["proof.purpose"]);
        let contexts = json!([VC_1, OPEN_BADGES, lying(class, &relabelled)]);
        refused(
            suite,
            &format!("purpose-{name}"),
            &with(&with(&signed, "/@context", contexts), "/proof/proofPurpose", "assertionMethod"),
            "A proof to log in: a context that was brought along has another name for its purpose.",
        );
    }
}

/// A proof that rests on one that does not hold, made one that rests on nothing.
fn grounds(suite: &mut Suite, key: &Key) {
    let (first, second) =
        ("urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7b0f01", "urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7b0f02");
    let notary = Key::ed25519("the notary");
    let below = notary.seal(&baker(&key.did(), 109), &with(&rdfc(&notary), "/id", first));
    let below = with(&below, "/proof/created", "2026-03-02T09:00:00Z");
    let above = with(&with(&rdfc(key), "/id", second), "/previousProof", first);
    let sealed = key.seal(&below, &above);
    let both = with(&sealed, "/proof", json!([below["proof"], sealed["proof"]]));
    suite
        .badge("badges/respelt-ground-not.json", pretty(&both), "It rests on a proof that does not hold.")
        .verdict("3.0", "invalid")
        .failed(["proof.other"]);
    let hidden = with(
        &without(&sealed, "/proof/previousProof"),
        &at(&format!("{SECURITY}previousProof")),
        json!({"id": first}),
    );
    let ground = json!({"@graph": [below["proof"]]});
    refused(
        suite,
        "ground",
        &with(&hidden, "/https:~1~1w3id.org~1security#proof", ground),
        "What it rests on is named by IRIs, in the proof and in the badge.",
    );
}

/// The proof of a status list.
fn lists(suite: &mut Suite, key: &Key) {
    let entry = status_entry(LIST, "revocation", 7);
    let badge = key.seal(&with(&baker(&key.did(), 110), "/credentialStatus", entry), &rdfc(key));
    let list = status_list(LIST, &key.did(), "revocation", &[]);
    let ended = key.seal(&list, &with(&rdfc(key), "/expires", ENDED));
    let hidden = with(&without(&ended, "/proof/expires"), &at(&format!("{SECURITY}expiration")), date(ENDED));
    suite.file("badges/respelt-list.json", pretty(&badge));
    for (name, list) in [("not", &ended), ("end", &hidden)] {
        let file = format!("documents/bakers.example/status/{name}.json");
        suite.file(&file, pretty(list));
        suite
            .again(
                "badges/respelt-list.json",
                &format!("respelt-list-{name}"),
                "The proof of the status list is over, whether readers find that or not.",
            )
            .with(Document::file_at(LIST, file))
            .verdict("3.0", "unverified")
            .passed(["proof.signature"])
            .inconclusive(["revocation.status"]);
    }
}

/// Presentations that were made for somebody else.
fn presentations(suite: &mut Suite, key: &Key) {
    let ada = Key::ed25519("ada");
    let class = "Ed25519Signature2020";
    let badge = |number| key.seal(&older(&key.did(), number), &older_proof(&key.did_method()));
    let shown = with(&older_proof(&ada.did_method()), "/proofPurpose", "authentication");
    let shown = with(&with(&shown, "/challenge", "abc"), "/domain", "https://evil.example");
    let presentation = |number: usize| {
        json!({
            "@context": [VC_1, "https://w3id.org/security/suites/ed25519-2020/v1"],
            "id": format!("urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7c{number:04}"),
            "type": ["VerifiablePresentation"],
            "holder": ada.did(),
            "verifiableCredential": [badge(number)],
        })
    };
    let signed = ada.seal(&presentation(111), &shown);
    suite
        .badge(
            "badges/respelt-answer-not.json",
            pretty(&signed),
            "A presentation for somebody else, as it was signed.",
        )
        .under(json!({"proofChallenge": "xyz", "proofDomain": "xyz"}))
        .verdict("3.0", "valid")
        .within(["invalid"]);
    // The members are types in truth, and there is a type of that name; the signed values have other names.
    let terms = json!({
        "c2": format!("{SECURITY}challenge"),
        "challenge": "@type",
        "d2": format!("{SECURITY}domain"),
        "domain": "@type",
    });
    let mut context = lying(class, &terms);
    for (term, meaning) in
        [("xyz", format!("{SECURITY}{class}").as_str()), ("challenge", "@type"), ("domain", "@type")]
    {
        context[term] = json!(meaning);
    }
    let mut lied = with(&signed, "/@context", json!([VC_1, context]));
    for (member, value) in
        [("c2", "abc"), ("d2", "https://evil.example"), ("challenge", "xyz"), ("domain", "xyz")]
    {
        lied = with(&lied, &format!("/proof/{member}"), value);
    }
    suite
        .badge(
            "badges/respelt-answer.json",
            pretty(&lied),
            "A presentation for somebody else, which seems to answer the challenge.",
        )
        .under(json!({"proofChallenge": "xyz", "proofDomain": "xyz"}))
        .verdict("3.0", "valid")
        .within(["invalid"]);
    suite
        .again("badges/respelt-answer.json", "respelt-answer-unasked", "It is no better where nobody asks.")
        .verdict("3.0", "valid")
        .within(["invalid"]);
}

/// What says the same in another way, and where all that is read stands where it is read.
fn unusual(suite: &mut Suite, key: &Key) {
    let note = "/https:~1~1bakers.example~1terms#note";
    let noted = with(&with(&rdfc(key), note, "by hand"), "/nonce", "n");
    let for_domain = with(&rdfc(key), "/domain", "https://museum.example");
    let named = with(&rdfc(key), "/id", "urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7b0f03");
    let sealed = |number, proof: &Value| key.seal(&baker(&key.did(), number), proof);
    let domain = sealed(113, &for_domain);
    let own = with(
        &baker(&key.did(), 118),
        "/@context",
        json!([VC_2, OPEN_BADGES, {"note": "https://bakers.example/terms#note"}]),
    );
    let older = credential_1(
        "urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7b0119",
        &json!({"id": key.did(), "type": ["Profile"], "name": "Guild of Bakers"}),
        &sourdough(),
    );
    for (name, badge, about) in [
        ("note", sealed(112, &noted), "The proof says more than anybody reads."),
        (
            "domain-list",
            with(&domain, "/proof/domain", json!(["https://museum.example"])),
            "One domain, as a list of one.",
        ),
        ("named", sealed(114, &named), "The proof has an id."),
        (
            "contexts",
            with(&sealed(115, &rdfc(key)), "/proof/@context", json!([VC_2, OPEN_BADGES])),
            "The proof tells the contexts, which suites with RDF canonicalization do not look at.",
        ),
        (
            "context-added",
            with_context(&sealed(116, &rdfc(key)), DATA_INTEGRITY),
            "A context was added that says the same of proofs.",
        ),
        (
            "language",
            with_context(&sealed(117, &rdfc(key)), json!({"@vocab": "https://bakers.example/terms#"})),
            "A vocabulary was added that nothing of it is in.",
        ),
        (
            "own-term",
            key.seal(&own, &with(&rdfc(key), "/note", "by hand")),
            "A term of the issuer's own in the proof.",
        ),
        (
            "data-integrity-1",
            key.seal(
                &with(
                    &older,
                    "/@context",
                    json!([VC_1, OPEN_BADGES, "https://w3id.org/security/data-integrity/v1"]),
                ),
                &rdfc(key),
            ),
            "VC 1.1, with the first context of such proofs.",
        ),
    ] {
        suite
            .badge(&format!("badges/unusual-{name}.json"), pretty(&badge), about)
            .verdict("3.0", "valid")
            .passed(["proof.context", "proof.signature", "proof.purpose", "proof.window"]);
    }
}
