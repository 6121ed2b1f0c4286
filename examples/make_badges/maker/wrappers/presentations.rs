//! Verifiable Presentations as JSON.

use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::keys::Ed25519;
use super::super::ob3::{OPEN_BADGES, VC_1, VC_2, achievement, credential_1};
use super::super::suite::{Document, Suite, pretty};
use super::{People, shown};

/// Ada's other identity, with a key to show who she is and another one for other things.
const ADA: &str = "did:web:ada.example";
const SHOWING_KEY: &str = "did:web:ada.example#showing";
const WRITING_KEY: &str = "did:web:ada.example#writing";

pub(super) fn make(suite: &mut Suite, people: &People) {
    good(suite, people);
    of_the_older_model(suite);
    changed(suite, people);
    by_others(suite, people);
    of_a_did_document(suite, people);
    mixed(suite, people);
    beyond_bounds(suite, people);
}

fn good(suite: &mut Suite, people: &People) {
    suite
        .badge(
            "wrappers/presentation.json",
            pretty(&people.presentation(json!([people.badge(1)]))),
            "A presentation of one badge, signed by its holder: the badge is verified by itself, and the presentation too.",
        )
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["proof.signature", "key.controller", "wrapper.proof"])
        .left_aside(0);
    let single = people.ada.seal(&people.unsigned_presentation(people.badge(2)), &shown(&people.ada));
    suite
        .badge(
            "wrappers/without-brackets.json",
            pretty(&single),
            "Its only credential stands without brackets.",
        )
        .verdict("3.0", "valid")
        .within(["valid"]);
    suite
        .badge(
            "wrappers/unsigned.json",
            pretty(&people.unsigned_presentation(json!([people.badge(3)]))),
            "A presentation that nobody signed: that takes nothing from the badge.",
        )
        .verdict("3.0", "valid")
        .within(["unverified"])
        .inconclusive(["wrapper.proof"]);
    let enveloped = json!({
        "@context": VC_2,
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{}", people.token(4)),
    });
    suite
        .badge(
            "wrappers/enveloped.json",
            pretty(&people.presentation(json!([enveloped]))),
            "The badge is a JWT in a `data:` URL.",
        )
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["proof.claims"]);
    suite
        .badge(
            "wrappers/enveloped-alone.json",
            pretty(&enveloped),
            "A `data:` URL by itself is no presentation.",
        )
        .verdict("3.0", "valid")
        .within([]);
    let two = people.presentation(json!([people.badge(5), people.badge(6)]));
    suite
        .badge("wrappers/two.json", pretty(&two), "Two badges are not one: nobody says which is meant.")
        .error("several-badges");
    suite
        .again("wrappers/two.json", "wrappers-two-each", "Each of the two has its own verdict.")
        .all(["valid", "valid"])
        .within(["valid"]);
    suite
        .again("wrappers/two.json", "wrappers-two-second", "The second of the two.")
        .about_badge(2)
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["wrapper.proof"]);
}

/// VC 1.1 all through.
fn of_the_older_model(suite: &mut Suite) {
    let (club, ada) = (Ed25519::of("the chess club"), Ed25519::of("ada, who shows her badges"));
    let proof = |key: &Ed25519, purpose: &str| {
        json!({
            "type": "Ed25519Signature2020",
            "created": "2026-03-01T09:00:00Z",
            "verificationMethod": key.did_method(),
            "proofPurpose": purpose,
        })
    };
    let contexts = json!([VC_1, OPEN_BADGES, "https://w3id.org/security/suites/ed25519-2020/v1"]);
    let badge = credential_1(
        "urn:uuid:71d1f2a4-9a3b-4c55-8d0e-3f0f5a9b3003",
        &json!({"id": club.did(), "type": ["Profile"], "name": "Rook and Pawn Chess Club"}),
        &achievement(
            "urn:uuid:71d1f2a4-9a3b-4c55-8d0e-3f0f5a9b3004",
            "Opening",
            "Knows what to do against the Sicilian.",
            "Twelve moves from memory.",
        ),
    );
    let badge = club.seal(&with(&badge, "/@context", contexts.clone()), &proof(&club, "assertionMethod"));
    let presentation = json!({
        "@context": contexts,
        "id": "urn:uuid:71d1f2a4-9a3b-4c55-8d0e-3f0f5a9b3005",
        "type": "VerifiablePresentation",
        "holder": ada.did(),
        "verifiableCredential": [badge],
    });
    suite
        .badge(
            "wrappers/presentation-1.1.json",
            pretty(&ada.seal(&presentation, &proof(&ada, "authentication"))),
            "A presentation and a badge of VC 1.1, both with Ed25519Signature2020.",
        )
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["proof.signature", "wrapper.proof"]);
}

/// Badges or presentations that were changed.
fn changed(suite: &mut Suite, people: &People) {
    let signed_over = people.presentation(json!([people.tampered(7)]));
    suite
        .badge(
            "wrappers/badge-tampered.json",
            pretty(&signed_over),
            "The badge was changed, and then its holder signed the presentation: that makes it no better.",
        )
        .verdict("3.0", "invalid")
        .within(["valid"])
        .failed(["proof.signature"])
        .passed(["wrapper.proof"]);
    let name = "/verifiableCredential/0/credentialSubject/achievement/name";
    let inside = people.presentation(json!([people.badge(8)]));
    suite
        .badge(
            "wrappers/badge-tampered-inside.json",
            pretty(&with(&inside, name, "Olympic Shooter")),
            "The badge was changed inside the presentation: neither holds any more.",
        )
        .verdict("3.0", "invalid")
        .within(["invalid"])
        .failed(["proof.signature", "wrapper.proof"]);
    let renamed = with(&people.presentation(json!([people.badge(9)])), "/holder", people.mallory.did());
    suite
        .badge(
            "wrappers/tampered.json",
            pretty(&renamed),
            "The presentation was changed to name another holder: the badge in it is what it was.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"])
        .failed(["wrapper.proof"]);
    let replayed = with(
        &people.presentation(json!([people.badge(10)])),
        "/proof/challenge",
        "the challenge of another day",
    );
    suite
        .badge(
            "wrappers/challenge-exchanged.json",
            pretty(&replayed),
            "The challenge was exchanged after it was signed.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let added = with(&people.presentation(json!([people.badge(11)])), "/comment", "nothing defines this");
    suite
        .badge(
            "wrappers/undefined.json",
            pretty(&added),
            "A member of the presentation that no context defines, so that nobody signed it.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let exchanged = with(
        &people.presentation(json!([people.badge(12)])),
        "/verifiableCredential",
        json!([people.badge(13)]),
    );
    suite
        .badge(
            "wrappers/badge-exchanged.json",
            pretty(&exchanged),
            "Another badge was put into the presentation: it is valid, and the presentation is not.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"])
        .failed(["wrapper.proof"]);
}

/// Proofs that are somebody else's, or for something else.
fn by_others(suite: &mut Suite, people: &People) {
    suite
        .badge(
            "wrappers/badge-unsigned.json",
            pretty(&people.presentation(json!([people.unsigned(14)]))),
            "A badge without proof in a presentation with one: the holder vouches for nothing.",
        )
        .verdict("3.0", "unverified")
        .within(["valid"])
        .inconclusive(["proof.present", "proof.signature"]);
    let asserting = with(&shown(&people.ada), "/proofPurpose", "assertionMethod");
    let presentation = people.ada.seal(&people.unsigned_presentation(json!([people.badge(15)])), &asserting);
    suite
        .badge(
            "wrappers/purpose.json",
            pretty(&presentation),
            "The proof of the presentation was made to assert something, and not to show who one is.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let showing = with(&super::proof(&people.club), "/proofPurpose", "authentication");
    let badge = people.club.seal(&people.unsigned(16), &showing);
    suite
        .badge(
            "wrappers/badge-purpose.json",
            pretty(&people.presentation(json!([badge]))),
            "The proof of the badge was made to show who one is: a badge must be asserted.",
        )
        .verdict("3.0", "invalid")
        .within(["valid"])
        .failed(["proof.purpose"]);
    let borrowed = people.unsigned_presentation(json!([people.badge(17)]));
    suite
        .badge(
            "wrappers/by-another.json",
            pretty(&people.mallory.seal(&borrowed, &shown(&people.mallory))),
            "Somebody else signed in the holder's name.",
        )
        .verdict("3.0", "valid")
        .within(["unverified"])
        .inconclusive(["wrapper.proof"]);
    let nameless = without(&people.unsigned_presentation(json!([people.badge(18)])), "/holder");
    suite
        .badge(
            "wrappers/without-holder.json",
            pretty(&people.ada.seal(&nameless, &shown(&people.ada))),
            "A signed presentation that names no holder: nobody can say whose it is.",
        )
        .verdict("3.0", "valid")
        .within(["unverified"]);
    let copied = with(&people.unsigned(19), "/proof", people.presentation(json!([]))["proof"].clone());
    suite
        .badge(
            "wrappers/proof-moved.json",
            pretty(&people.unsigned_presentation(json!([copied]))),
            "The proof of a presentation on a badge.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.purpose", "proof.signature"]);
}

/// A holder whose keys have their uses.
fn of_a_did_document(suite: &mut Suite, people: &People) {
    let (showing, writing) = (Ed25519::of("ada.example, to show"), Ed25519::of("ada.example, to write"));
    let method = |id: &str, key: &Ed25519| json!({"id": id, "type": "Multikey", "controller": ADA, "publicKeyMultibase": key.multikey()});
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": ADA,
        "verificationMethod": [method(WRITING_KEY, &writing)],
        "assertionMethod": [WRITING_KEY],
        "authentication": [method(SHOWING_KEY, &showing)],
    });
    suite.publish(ADA, &document);
    let sign = |key: &Ed25519, name: &str, number: u8| -> Value {
        let presentation = with(&people.unsigned_presentation(json!([people.badge(number)])), "/holder", ADA);
        key.seal(&presentation, &with(&shown(key), "/verificationMethod", name))
    };
    suite
        .badge(
            "wrappers/by-did-web.json",
            pretty(&sign(&showing, SHOWING_KEY, 20)),
            "By a key that stands under `authentication` in the holder's document.",
        )
        .verdict("3.0", "valid")
        .within(["valid"]);
    suite
        .again(
            "wrappers/by-did-web.json",
            "wrappers-by-did-web-offline",
            "The holder's document cannot be had: the badge needs none.",
        )
        .with(Document::timeout(ADA))
        .verdict("3.0", "valid")
        .within(["unverified"]);
    suite
        .badge(
            "wrappers/by-other-key.json",
            pretty(&sign(&writing, WRITING_KEY, 21)),
            "By a key of the holder's that is not for showing who one is.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let file = "documents/ada.example/early/did.json";
    let early = with(&document, "/publicKey", document["verificationMethod"].clone());
    suite.file(file, pretty(&without(&early, "/verificationMethod")));
    suite
        .again(
            "wrappers/by-other-key.json",
            "wrappers-by-other-key-early",
            "The same key in the `publicKey` of an early document of the DID.",
        )
        .with(Document::file_at(ADA, file.to_owned()))
        .verdict("3.0", "valid")
        .within(["invalid"]);
}

/// Badges among other things, and together.
fn mixed(suite: &mut Suite, people: &People) {
    let alumni = json!({
        "@context": [VC_2],
        "type": ["VerifiableCredential", "AlumniCredential"],
        "issuer": "https://college.example/",
        "credentialSubject": {"id": "did:example:ada"},
    });
    suite
        .badge(
            "wrappers/with-others.json",
            pretty(&people.unsigned_presentation(json!([alumni, people.badge(22), "no JWS at all", 7]))),
            "Among other things there is one badge: it is judged, and they are named.",
        )
        .verdict("3.0", "valid")
        .failed(["wrapper.contents"])
        .left_aside(3);
    suite
        .badge(
            "wrappers/only-others.json",
            pretty(&people.presentation(json!([alumni_of_the_college()]))),
            "A presentation of a credential that is no badge.",
        )
        .error("not-an-assertion");
    suite
        .badge("wrappers/empty.json", pretty(&people.presentation(json!([]))), "A presentation of nothing.")
        .error("not-an-assertion");
    suite
        .badge(
            "wrappers/texts.json",
            pretty(&people.unsigned_presentation(json!(["badge", "a.b.c", ""]))),
            "Texts that are no JWS are no badges.",
        )
        .error("not-an-assertion");
    let three = json!([people.badge(23), people.tampered(24), people.unsigned(25), people.revoked(26)]);
    suite
        .badge(
            "wrappers/four.json",
            pretty(&people.presentation(three)),
            "Four badges in one presentation are not one.",
        )
        .error("several-badges");
    suite
        .again("wrappers/four.json", "wrappers-four-each", "Each gets what it deserves.")
        .all(["valid", "invalid", "unverified", "revoked"])
        .within(["valid"]);
    suite
        .again("wrappers/four.json", "wrappers-four-second", "The second of them was changed.")
        .about_badge(2)
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    suite
        .again(
            "wrappers/four.json",
            "wrappers-four-offline",
            "The status of one cannot be had: only that one suffers.",
        )
        .with(Document::timeout(super::CLUB_LIST))
        .all(["valid", "invalid", "unverified", "unverified"]);
    let older = with(
        &people.unsigned_presentation(json!([people.badge(27)])),
        "/@context",
        "https://w3id.org/openbadges/v2",
    );
    suite
        .badge(
            "wrappers/wrong-context.json",
            pretty(&older),
            "A presentation that says so in the context of Open Badges 2.0 is badly made; its badge is not.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let both = with(
        &people.presentation(json!([people.badge(28)])),
        "/type",
        json!(["VerifiablePresentation", "OpenBadgeCredential"]),
    );
    suite
        .badge(
            "wrappers/badge-by-name.json",
            pretty(&both),
            "What says that it is a badge is judged as one, whatever it holds.",
        )
        .verdict("3.0", "invalid")
        .within([]);
}

/// An empty credential that is signed by nobody.
fn alumni_of_the_college() -> Value {
    json!({"@context": [VC_2], "type": ["VerifiableCredential"], "issuer": "https://college.example/", "credentialSubject": {"id": "did:example:ada"}})
}

/// What is too deep and too much.
fn beyond_bounds(suite: &mut Suite, people: &People) {
    let nested = |levels: usize| {
        (0..levels).fold(people.badge(29), |inner, _| people.unsigned_presentation(json!([inner])))
    };
    suite
        .badge("wrappers/deep.json", pretty(&nested(4)), "As deep as may be.")
        .verdict("3.0", "valid")
        .within(["unverified", "unverified", "unverified", "unverified"]);
    suite.badge("wrappers/too-deep.json", pretty(&nested(5)), "One level too deep.").error("limit");
    let many = |count: usize| pretty(&people.unsigned_presentation(json!(vec![people.token(30); count])));
    suite.badge("wrappers/many.json", many(32), "As many badges as may be.").error("several-badges");
    suite.badge("wrappers/too-many.json", many(33), "One badge too many.").error("limit");
}
