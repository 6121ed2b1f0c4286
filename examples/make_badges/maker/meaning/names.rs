//! Names that are not what they are called: of classes, of keywords, and of what nothing states.

use openbadges::jsonld::ContextStore;
use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::ob3::{OPEN_BADGES, VC_2, status_entry};
use super::super::suite::{Suite, pretty};
use super::{
    CARELESS, ENDED, EXTENSION, ID, KILN, LIST, OB, REVOKED, SUBJECT, Workshop, accepted, refused,
    with_context,
};

const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
const REVOCATIONS: &str = "https://glass.example/revocations.json";
const REVOCATION_LIST: &str = "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList";
const FIRING: &str = "https://example.org/terms#Firing";
const ACHIEVEMENT_TYPE: &str = "/credentialSubject/achievement/type";

/// Whatever nobody can tell whether it was signed so.
fn open(suite: &mut Suite, name: &str, badge: &Value, about: &'static str) {
    suite
        .badge(&format!("{name}.json"), pretty(badge), about)
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["proof.context"]);
}

/// Classes that decide where a reader looks.
pub(super) fn procedures(suite: &mut Suite, workshop: &Workshop) {
    let extended = with_context(&workshop.badge(), EXTENSIONS);
    let list = json!({"id": REVOCATIONS, "issuer": workshop.0.did(), "revokedCredential": [{"id": ID, "revoked": true}]});
    suite.publish(REVOCATIONS, &list);
    let entry = json!({"id": REVOCATIONS, "type": "1EdTechRevocationList"});
    let listed = workshop.seal(&with(&extended, "/credentialStatus", entry.clone()));
    suite
        .badge("listed.json", pretty(&listed), "It is listed as revoked: what the next ones are made of.")
        .verdict("3.0", "revoked")
        .passed(["proof.context", "proof.signature"]);
    let iri = with(&listed, "/credentialStatus/type", REVOCATION_LIST);
    refused(suite, "listed-by-class-as-iri", &iri, "The class of the status is named by its IRI.");
    let alias =
        with(&with_context(&listed, json!({"Note": REVOCATION_LIST})), "/credentialStatus/type", "Note");
    refused(suite, "listed-by-class-by-alias", &alias, "The class of the status has another name.");
    let own =
        with_context(&workshop.badge(), json!({"1EdTechRevocationList": "https://example.org/terms#Listed"}));
    let own = workshop.seal(&with(&own, "/credentialStatus", entry));
    suite
        .badge(
            "listed-by-own-class.json",
            pretty(&own),
            "The class of the status is the issuer's own, under the name of the standard's.",
        )
        .verdict("3.0", "revoked")
        .passed(["proof.signature"])
        .inconclusive(["proof.context"]);
    let mut renamed = with(&own, "/credentialStatus/type", "Whatever");
    renamed["@context"][2] = json!({"Whatever": "https://example.org/terms#Listed"});
    open(
        suite,
        "listed-by-own-class-renamed",
        &renamed,
        "The same under another name: nobody knows what kind of status that is.",
    );

    let bits = workshop.seal(&with(
        &workshop.badge(),
        "/credentialStatus",
        status_entry(LIST, "revocation", REVOKED),
    ));
    let entry_class = "https://www.w3.org/ns/credentials/status#BitstringStatusListEntry";
    let both =
        with(&bits, "/credentialStatus/type", json!(["BitstringStatusListEntry", "1EdTechRevocationList"]));
    let both = with_context(&both, json!({"1EdTechRevocationList": entry_class}));
    refused(
        suite,
        "status-of-two-classes",
        &both,
        "The class of the status has the name of another as well, so that readers would look elsewhere.",
    );
    let two = with(
        &bits["credentialStatus"],
        "/type",
        json!(["BitstringStatusListEntry", "1EdTechRevocationList"]),
    );
    let two = with(&with(&extended, "/credentialStatus", two), "/credentialStatus/id", REVOCATIONS);
    suite
        .badge(
            "status-signed-as-two-classes.json",
            pretty(&workshop.seal(&two)),
            "The issuer itself has one entry for two kinds of status.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["structure.value"]);

    const SCHEMA: &str = "https://glass.example/schema.json";
    suite.publish(SCHEMA, &json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["licence"]}));
    let schema = json!({"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"});
    let broken = workshop.seal(&with(&extended, "/credentialSchema", json!([schema])));
    let iri = "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019";
    let respelt = with(&broken, "/credentialSchema/0/type", iri);
    refused(
        suite,
        "schema-by-class-as-iri",
        &respelt,
        "The class of a schema that is not met is named by its IRI.",
    );

    const REFRESH: &str = "https://glass.example/refreshed.json";
    let refresh = json!({"id": REFRESH, "type": "1EdTechCredentialRefresh"});
    let refreshed = with(&extended, "/refreshService", refresh);
    suite.publish(REFRESH, &workshop.seal(&with(&refreshed, "/validUntil", ENDED)));
    let refreshed = workshop.seal(&refreshed);
    suite
        .badge("refreshed.json", pretty(&refreshed), "There is a newer copy, which has expired.")
        .under(json!({"refresh": "once"}))
        .verdict("3.0", "expired")
        .passed(["proof.context", "proof.signature"]);
    let iri = "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh";
    suite
        .badge(
            "refreshed-by-class-as-iri.json",
            pretty(&with(&refreshed, "/refreshService/type", iri)),
            "The class of the refresh service is named by its IRI.",
        )
        .under(json!({"refresh": "once"}))
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["proof.context"]);
}

/// Classes of the issuer's own, and names that only seem to be.
pub(super) fn classes(suite: &mut Suite, workshop: &Workshop) {
    let typed = |badge: &Value, class: &str| with(badge, ACHIEVEMENT_TYPE, json!(["Achievement", class]));
    let whole = workshop.seal(&workshop.badge());
    let alias = with_context(&typed(&whole, "PhD"), json!({"PhD": format!("{OB}Achievement")}));
    refused(
        suite,
        "class-by-alias",
        &alias,
        "An achievement is called something else, of a class that was signed.",
    );
    let iri = typed(&whole, &format!("{OB}Achievement"));
    refused(suite, "class-and-iri", &iri, "A class is named by its IRI as well.");
    let firing = with_context(&workshop.badge(), json!({"Firing": FIRING}));
    let own = workshop.seal(&typed(&firing, "Firing"));
    accepted(suite, "own-class", &own, "A class of the issuer's own.");
    let mut other = typed(&own, "PhD");
    other["@context"][2] = json!({"PhD": FIRING});
    open(suite, "own-class-by-alias", &other, "It was given another name after it was signed.");
    let twice = with_context(
        &with(&own, ACHIEVEMENT_TYPE, json!(["Achievement", "Firing", "PhD"])),
        json!({"PhD": FIRING}),
    );
    open(suite, "own-class-twice", &twice, "It was given a second name after it was signed.");
    accepted(suite, "own-class-as-iri", &typed(&own, FIRING), "It is named by its IRI.");
    let prefix = with_context(&typed(&whole, "x:Firing"), json!({"x": "https://example.org/terms#"}));
    let prefix = with(&prefix, "/proof", own["proof"].clone());
    open(suite, "own-class-by-prefix", &prefix, "It is named by a prefix that anybody can have added.");
    let host = with(
        &with_context(&typed(&whole, "Kiln"), EXTENSION),
        "/proof",
        workshop.seal(&typed(&workshop.badge(), KILN))["proof"].clone(),
    );
    accepted(suite, "class-of-the-host", &host, "The host's context has a name of its own for a class.");
    let taken = with_context(&workshop.badge_1_1(), "https://w3id.org/security/data-integrity/v2");
    let taken = with_context(&taken, json!({"Firing": FIRING}));
    let taken =
        workshop.seal(&with(&taken, "/credentialSubject/type", json!(["AchievementSubject", "Firing"])));
    let mut named =
        with(&taken, "/credentialSubject/type", json!(["AchievementSubject", "StatusList2021Entry"]));
    named["@context"][3] = json!({"StatusList2021Entry": FIRING});
    open(
        suite,
        "own-class-by-name-of-the-standards",
        &named,
        "It was given a name that the standards have for something else.",
    );
}

/// Members that stand for no statement.
pub(super) fn keywords(suite: &mut Suite, workshop: &Workshop) {
    const GRADE: &str = "/credentialSubject/grade";
    let whole = workshop.seal(&workshop.badge());
    let subject = format!("{OB}AchievementSubject");
    for (name, context, value, about) in [
        (
            "grade-as-class",
            json!({"grade": "@type", "A+": subject}),
            json!("A+"),
            "A grade was added: another name for `@type`, and a grade for the subject's class.",
        ),
        (
            "grade-as-nest",
            json!({"grade": "@nest"}),
            json!({}),
            "A grade was added, as another name for `@nest`.",
        ),
        (
            "grade-as-included",
            json!({"grade": "@included"}),
            json!([]),
            "A grade was added, as another name for `@included`.",
        ),
        (
            "grade-as-graph",
            json!({"grade": "@graph"}),
            json!([]),
            "A grade was added, as another name for `@graph`.",
        ),
        (
            "grade-as-reverse",
            json!({"grade": "@reverse"}),
            json!({}),
            "A grade was added, as another name for `@reverse`.",
        ),
        (
            "grade-by-index",
            json!({"grade": {"@id": "https://example.org/terms#grade", "@container": "@index"}}),
            json!({"A+": []}),
            "A grade was added, as the key of an empty map.",
        ),
        (
            "grade-by-id",
            json!({"grade": {"@id": "https://example.org/terms#grade", "@container": "@id"}}),
            json!({"https://example.org/A+": []}),
            "A grade was added, as the name of no node.",
        ),
        (
            "grade-of-nothing",
            json!({"grade": "https://example.org/terms#grade"}),
            json!([]),
            "A grade was added that says nothing: that is nothing.",
        ),
    ] {
        let badge = with_context(&with(&whole, GRADE, value), context);
        if name == "grade-of-nothing" {
            accepted(suite, name, &badge, about);
        } else {
            refused(suite, name, &badge, about);
        }
    }
    let hosted = with_context(&with(&whole, GRADE, "Pupil"), CARELESS);
    refused(
        suite,
        "grade-as-class-of-the-host",
        &hosted,
        "The host's own context has another name for `@type`, and one for the subject's class.",
    );
    let nest = with(&whole, "/credentialSubject/@nest", json!({"type": "AchievementSubject"}));
    refused(
        suite,
        "class-nested",
        &nest,
        "What was signed stands again in an object that JSON-LD looks through.",
    );
    let set = json!({"@context": {"note": "https://example.org/terms#note"}, "note": {"@set": ["by candlelight"], "@index": "A+"}});
    let note = with(&workshop.badge(), "/https:~1~1example.org~1terms#note", "by candlelight");
    let mut indexed = with(&whole, "/proof", workshop.seal(&note)["proof"].clone());
    indexed["@context"].as_array_mut().expect("contexts").push(set["@context"].clone());
    suite
        .badge(
            "set-with-index.json",
            pretty(&with(&indexed, "/note", set["note"].clone())),
            "An extension has an index, which nothing states.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
}

/// Members that were added to the context of Open Badges 3.0.3, and who may be endorsed.
pub(super) fn endorsements(suite: &mut Suite, workshop: &Workshop) {
    let proof = workshop.proof("eddsa-rdfc-2022");
    let signed = workshop.0.seal_under(&workshop.badge(), &proof, &ContextStore::bundled_earlier());
    let jwt = "/credentialSubject/achievement/endorsementJwt";
    let later = with(&with(&signed, "/jti", "urn:x:y"), jwt, json!(["a.b.c"]));
    suite
        .badge(
            "later-members.json",
            pretty(&later),
            "Members that the earlier context had no meaning for, where they belong.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"]);
    for (name, pointer, value) in [
        ("later-member-of-the-subject", "/credentialSubject/jti", json!({"anything": "at all"})),
        ("later-member-of-any-kind", "/jti", json!({"anything": "at all"})),
        ("later-member-that-is-no-text", jwt, json!([{"anything": "at all"}])),
        ("later-member-of-an-identity", "/credentialSubject/identifier/0/endorsementJwt", json!("a.b.c")),
    ] {
        suite
            .badge(
                &format!("{name}.json"),
                pretty(&with(&signed, pointer, value)),
                "The earlier context had no meaning for the member, and today's has none for it there.",
            )
            .verdict("3.0", "invalid");
    }
    let endorsement = json!({
        "@context": [VC_2, OPEN_BADGES],
        "id": "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2006",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Steady hands",
        "issuer": {"id": workshop.0.did(), "type": ["Profile"], "name": "Glass Workshop"},
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {"id": SUBJECT, "type": ["EndorsementSubject"], "endorsementComment": "I saw her hands."},
    });
    let sealed = workshop.seal(&endorsement);
    let endorsed = workshop.seal(&with(&workshop.badge(), "/endorsement", json!([sealed])));
    accepted(
        suite,
        "recipient-endorsed",
        &endorsed,
        "An endorsement within the badge is about the person who was awarded it.",
    );
    accepted(suite, "endorsement-alone", &sealed, "An endorsement by itself.");
    let comment = "/credentialSubject/endorsementComment";
    let moved = with(
        &without(&sealed, comment),
        "/issuer/sees",
        json!({"id": SUBJECT, "type": "EndorsementSubject", "endorsementComment": "I saw her hands."}),
    );
    refused(
        suite,
        "endorsement-without-comment",
        &with_context(&moved, json!({"sees": "@included"})),
        "Its comment stands where nobody looks.",
    );
}
