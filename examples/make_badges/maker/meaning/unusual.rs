//! Extensions and unusual spellings, which say what was signed; and some that only seem to.

use openbadges::jsonld::ContextStore;
use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::ob3::{OPEN_BADGES, VC_1, VC_2};
use super::super::suite::{Suite, pretty};
use super::{ENDED, EXTENSION, ID, NOTE, VC, Workshop, accepted, at, date, refused, with_context};

/// Extensions that the issuer signed, and their contexts.
pub(super) fn extensions(suite: &mut Suite, workshop: &Workshop) {
    let terms = json!({
        "firing": {"@id": "https://example.org/terms#firing"},
        "Firing": "https://example.org/terms#Firing",
        "degrees": "https://example.org/terms#degrees",
    });
    let firing = json!({"type": "Firing", "degrees": 1100, "name": "First firing"});
    let extended = with_context(&with(&workshop.badge(), "/credentialSubject/firing", firing), terms.clone());
    accepted(
        suite,
        "extension",
        &workshop.seal(&extended),
        "The issuer brings along a context for an extension, with a type and terms of its own.",
    );
    let typed =
        with(&workshop.badge(), "/credentialSubject/achievement/type", json!(["Achievement", "Firing"]));
    accepted(
        suite,
        "extension-type",
        &workshop.seal(&with_context(&typed, terms.clone())),
        "The achievement has a type of the extension's as well.",
    );
    let whole = workshop.seal(&extended);
    let renamed = json!({"baking": "https://example.org/terms#firing", "Firing": "https://example.org/terms#Firing", "degrees": "https://example.org/terms#degrees"});
    let mut aliased = with(
        &without(&whole, "/credentialSubject/firing"),
        "/credentialSubject/baking",
        whole["credentialSubject"]["firing"].clone(),
    );
    aliased["@context"][2] = renamed;
    accepted(
        suite,
        "extension-by-alias",
        &aliased,
        "The extension got another name after it was signed: it is none that anybody reads.",
    );
    let iri = with(
        &without(&whole, "/credentialSubject/firing"),
        &format!("/credentialSubject{}", at("https://example.org/terms#firing")),
        whole["credentialSubject"]["firing"].clone(),
    );
    accepted(suite, "extension-as-iri", &iri, "The extension is named by its IRI.");
    let unused = with_context(&workshop.seal(&workshop.badge()), terms);
    accepted(
        suite,
        "extension-unused",
        &unused,
        "A context that nothing is named by was added after it was signed.",
    );
    let plain = workshop.seal(&with(&workshop.badge(), &at(NOTE), "by candlelight"));
    accepted(suite, "note-as-iri", &plain, "A note that no context has a name for.");
    let vocab = with_context(
        &with(&workshop.badge(), "/note", "by candlelight"),
        json!({"@vocab": "https://example.org/terms#"}),
    );
    accepted(
        suite,
        "note-by-vocabulary",
        &workshop.seal(&vocab),
        "All that no term is defined for belongs to an extension.",
    );
    let included = json!([{"id": "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2004", NOTE: "by candlelight"}]);
    accepted(
        suite,
        "note-included",
        &workshop.seal(&with(&workshop.badge(), "/@included", included)),
        "Something else is described under `@included`.",
    );
    let polygon = json!({"area": {"@id": "https://example.org/terms#area", "@container": "@list"}});
    let area = with(&workshop.badge(), "/credentialSubject/area", json!([[1, 2], [3, 4]]));
    accepted(
        suite,
        "extension-of-arrays",
        &workshop.seal(&with_context(&area, polygon)),
        "An extension of arrays within arrays.",
    );
    let inner = json!({"@context": {"note": NOTE}, "note": "by candlelight"});
    let inner = with(&workshop.badge(), &at("https://example.org/terms#firing"), inner);
    accepted(
        suite,
        "extension-with-inner-context",
        &workshop.seal(&inner),
        "An extension with a context of its own, where it stands.",
    );
    let knows = with(
        &workshop.badge(),
        &at("https://example.org/terms#taughtBy"),
        json!({"id": workshop.0.did(), "type": "Profile", "name": "Glass Workshop"}),
    );
    accepted(
        suite,
        "extension-about-the-issuer",
        &workshop.seal(&knows),
        "An extension says again who the issuer is, and nothing new.",
    );
    let renames = with(&knows, &format!("{}/name", at("https://example.org/terms#taughtBy")), "Louvre");
    refused(
        suite,
        "extension-renames-the-issuer",
        &workshop.seal(&renames),
        "An extension has another name for the issuer, where nobody looks.",
    );
    let hidden = with(
        &workshop.badge(),
        &at("https://example.org/terms#about"),
        json!({"id": ID, "type": "VerifiableCredential", "validUntil": ENDED}),
    );
    refused(
        suite,
        "extension-with-the-end",
        &workshop.seal(&hidden),
        "The issuer itself has the end in an extension only.",
    );
    let json_signed = with_context(&workshop.badge(), json!({"note": NOTE}));
    let json_signed =
        workshop.0.seal(&with(&json_signed, "/note", "by candlelight"), &workshop.proof("eddsa-jcs-2022"));
    accepted(suite, "extension-jcs", &json_signed, "Where the JSON was signed there is nothing to disagree.");
    let own_name = json!({"name": "https://example.org/terms#name"});
    let protected = with_context(&workshop.seal(&workshop.badge()), own_name.clone());
    suite
        .badge(
            "extension-redefines.json",
            pretty(&protected),
            "A context that was brought along would give the name another meaning.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
    let scoped = json!({"validUntil": "https://example.org/terms#validUntil"});
    let scoped = with_context(&workshop.seal(&workshop.badge()), scoped);
    accepted(
        suite,
        "extension-redefines-nothing",
        &scoped,
        "A context that was brought along gives `validUntil` another meaning, but in no credential.",
    );
    let unprotected = with_context(&workshop.badge_1_1(), "https://w3id.org/security/data-integrity/v2");
    let unprotected = with_context(&unprotected, own_name);
    suite
        .badge(
            "extension-redefines-name.json",
            pretty(&workshop.0.seal(&unprotected, &workshop.proof("eddsa-jcs-2022"))),
            "Where the JSON was signed, a context that gives the name another meaning changes nothing.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"]);
}

/// Other ways to write the same.
pub(super) fn spellings(suite: &mut Suite, workshop: &Workshop) {
    let whole = workshop.seal(&workshop.badge());
    let one =
        with(&whole, "/credentialSubject/identifier", whole["credentialSubject"]["identifier"][0].clone());
    accepted(suite, "one-identifier", &one, "One identity without brackets.");
    let types = with(&whole, "/credentialSubject/type", "AchievementSubject");
    accepted(suite, "one-type", &types, "One type without brackets.");
    let twice = with(&whole, "/credentialSubject/type", json!(["AchievementSubject", "AchievementSubject"]));
    accepted(suite, "a-type-twice", &twice, "A type that is said twice.");
    let null = with(&whole, "/validUntil", Value::Null);
    accepted(suite, "end-null", &null, "A member that is null says nothing.");
    let evidence = |evidence: Value| with(&workshop.badge(), "/evidence", evidence);
    let link = json!({"id": "https://glass.example/photos/1", "type": "Evidence"});
    let whole = workshop.seal(&evidence(json!([link])));
    accepted(
        suite,
        "one-piece-of-evidence",
        &with(&whole, "/evidence", link),
        "One piece of evidence without brackets.",
    );
    let names =
        json!([{"@value": "Glasbläser", "@language": "de"}, {"@value": "Glassblower", "@language": "en"}]);
    let named = workshop.seal(&with(&workshop.badge(), "/name", names));
    accepted(suite, "name-in-languages", &named, "The name in two languages.");
    for (name, pointer, about) in [
        ("issuer-in-an-array", "/issuer", "The issuer in an array."),
        ("subject-in-an-array", "/credentialSubject", "The subject in an array."),
        ("date-in-an-array", "/validFrom", "The first date in an array."),
        ("achievement-in-an-array", "/credentialSubject/achievement", "The achievement in an array."),
        ("criteria-in-an-array", "/credentialSubject/achievement/criteria", "The criteria in an array."),
    ] {
        let whole = workshop.seal(&workshop.badge());
        let value = whole.pointer(pointer).expect("a member").clone();
        accepted(suite, name, &with(&whole, pointer, json!([value])), about);
    }
    let image = "/credentialSubject/achievement/image";
    let linked = workshop.seal(&with(&workshop.badge(), image, "https://glass.example/vase.png"));
    accepted(suite, "image-as-text", &linked, "The picture as its address.");
    let object = with(&linked, image, json!({"id": "https://glass.example/vase.png"}));
    suite
        .badge("image-as-object.json", pretty(&object), "The same as an object: `{\"id\": x}` says what `x` says, but Open Badges asks objects for their class.")
        .verdict("3.0", "invalid")
        .passed(["proof.context", "proof.signature"])
        .failed(["structure.required"]);
    let text = workshop.seal(&with(&workshop.badge(), "/issuer", workshop.0.did()));
    accepted(suite, "issuer-as-text", &text, "The issuer by its id alone.");
    let language = with_context(&workshop.badge(), json!({"@language": "de"}));
    accepted(
        suite,
        "default-language",
        &workshop.seal(&language),
        "A context says what language the texts are in.",
    );
    let other = with_context(&workshop.seal(&workshop.badge()), json!({"@language": "de"}));
    suite
        .badge(
            "default-language-added.json",
            pretty(&other),
            "A language that was added is part of what is signed.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
}

/// Nodes that one credential rightly describes in more than one place.
pub(super) fn described_twice(suite: &mut Suite, workshop: &Workshop) {
    let creator = json!({"id": workshop.0.did(), "type": ["Profile"], "name": "Glass Workshop", "url": "https://glass.example"});
    let created = with(&workshop.badge(), "/credentialSubject/achievement/creator", creator);
    accepted(
        suite,
        "issuer-is-creator",
        &workshop.seal(&created),
        "The issuer is the creator too, and described more fully there.",
    );
    let own = with(&workshop.badge(), "/credentialSubject/id", workshop.0.did());
    accepted(suite, "issuer-is-subject", &workshop.seal(&own), "The issuer awards the badge to itself.");
    let endorsement = json!({
        "@context": [VC_2, OPEN_BADGES],
        "id": "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2005",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Well blown",
        "issuer": {"id": workshop.0.did(), "type": ["Profile"], "name": "Glass Workshop"},
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {"id": ID, "type": ["EndorsementSubject"], "endorsementComment": "I was there."},
    });
    let endorsed = with(&workshop.badge(), "/endorsement", json!([workshop.seal(&endorsement)]));
    accepted(
        suite,
        "endorsed",
        &workshop.seal(&endorsed),
        "An endorsement within the badge describes the badge.",
    );
    let extended = with_context(&endorsed, json!({"note": NOTE}));
    accepted(
        suite,
        "endorsed-and-extended",
        &workshop.seal(&with(&extended, "/note", "by candlelight")),
        "The same, with an extension and its context.",
    );
}

/// Contexts that change under their URL, are the host's, or nobody's.
pub(super) fn contexts(suite: &mut Suite, workshop: &Workshop) {
    let note = json!({"note": NOTE});
    let jwt = with(&workshop.badge(), "/credentialSubject/achievement/endorsementJwt", json!(["a.b.c"]));
    let jwt = with_context(&with(&jwt, "/note", "by candlelight"), note.clone());
    let proof = workshop.proof("eddsa-rdfc-2022");
    accepted(
        suite,
        "today",
        &workshop.0.seal(&jwt, &proof),
        "The context of Open Badges 3.0.3 as it is, beside one of the badge's own.",
    );
    // Then the member had no meaning, and was not signed.
    let bare = without(&jwt, "/credentialSubject/achievement/endorsementJwt");
    let signed = workshop.0.seal_under(&bare, &proof, &ContextStore::bundled_earlier());
    let earlier = with(&jwt, "/proof", signed["proof"].clone());
    suite
        .badge(
            "earlier.json",
            pretty(&earlier),
            "The context of Open Badges 3.0.3 as it was, beside one of the badge's own.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"]);
    let ended = with(&bare, "/validUntil", ENDED);
    let signed = workshop.0.seal_under(&ended, &proof, &ContextStore::bundled_earlier());
    let hidden = with(&jwt, "/proof", signed["proof"].clone());
    let hidden = with(&hidden, &at(&format!("{VC}validUntil")), date(ENDED));
    refused(suite, "earlier-end-as-iri", &hidden, "The context as it was, and the end is named by its IRI.");

    draft(suite, workshop);
    let kiln = with_context(
        &with(&workshop.badge(), "/credentialSubject/achievement/kiln", "wood-fired"),
        EXTENSION,
    );
    // The context is no bundled one, so that what it defines is spelt out to sign it.
    let spelt = with(
        &without(&kiln, "/credentialSubject/achievement/kiln"),
        &format!("/credentialSubject/achievement{}", at("https://example.org/terms#kiln")),
        "wood-fired",
    );
    let spelt = with(&spelt, "/@context", json!([VC_2, OPEN_BADGES]));
    let kiln = with(&kiln, "/proof", workshop.seal(&spelt)["proof"].clone());
    accepted(suite, "context-of-the-host", &kiln, "The host has the context of an extension.");
    let both = with_context(&kiln, note);
    accepted(
        suite,
        "context-of-the-host-and-another",
        &both,
        "The same, beside one that the badge brings along.",
    );
    let unknown =
        with_context(&workshop.seal(&workshop.badge()), "https://glass.example/contexts/absent.json");
    suite
        .badge(
            "context-of-nobody.json",
            pretty(&unknown),
            "A context that nobody has: what was signed cannot be told.",
        )
        .verdict("3.0", "unverified")
        .inconclusive(["proof.context", "proof.signature"]);
    let first = with(
        &workshop.badge_1_1(),
        "/@context",
        json!([VC_1, OPEN_BADGES, "https://w3id.org/security/data-integrity/v2", {"note": NOTE}]),
    );
    accepted(
        suite,
        "extension-1-1",
        &workshop.seal(&with(&first, "/note", "by candlelight")),
        "VC 1.1 with a context of the badge's own.",
    );
}

/// Badges under the context without a version, which was another one while Open Badges 3.0 was a draft.
pub(super) fn draft(suite: &mut Suite, workshop: &Workshop) {
    const UNVERSIONED: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context.json";
    let contexts = json!([VC_1, UNVERSIONED, "https://w3id.org/security/data-integrity/v2"]);
    let badge = with(&workshop.badge_1_1(), "/@context", contexts);
    let badge = without(&badge, "/credentialSubject/identifier");
    accepted(suite, "unversioned", &workshop.seal(&badge), "The context without a version, as it is today.");
    // The draft's own name for them.
    let badge = with(&badge, "/credentialSubject/achievement/tags", json!(["glass"]));
    let proof = workshop.proof("eddsa-rdfc-2022");
    let signed = workshop.0.seal_under(&badge, &proof, &ContextStore::bundled_earlier());
    suite
        .badge(
            "draft.json",
            pretty(&signed),
            "The context without a version, as it was in the draft: all statements are others.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"]);
    let renamed = with(&signed, "/credentialSubject/achievement/name", "Glazier");
    suite
        .badge("draft-renamed.json", pretty(&renamed), "The same, with another name for the achievement.")
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let ended = with(&badge, "/expirationDate", ENDED);
    let signed = workshop.0.seal_under(&ended, &proof, &ContextStore::bundled_earlier());
    let hidden = with(&without(&signed, "/expirationDate"), &at(&format!("{VC}expirationDate")), date(ENDED));
    refused(suite, "draft-end-as-iri", &hidden, "The context of the draft, and the end is named by its IRI.");
}
