//! Badges whose JSON was respelt after it was signed: the statements are the same, so that every proof holds, and what
//! readers find in the JSON may not be. And badges that are spelt in unusual ways, and say what was signed.
//!
//! They make a suite of their own, `tests/suites/meaning`. Everything is signed by one key, which is its own issuer.

use openbadges::id::Digest;
use openbadges::jsonld::ContextStore;
use serde_json::{Value, json};

use super::edit::{with, without};
use super::keys::Ed25519;
use super::ob3::{OPEN_BADGES, VC_1, VC_2, achievement, credential, credential_1, status_entry, status_list};
use super::suite::{Case, Suite, pretty};

const ID: &str = "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2001";
const LIST: &str = "https://glass.example/status/revocation.json";
const REVOKED: usize = 51_966;
const VC: &str = "https://www.w3.org/2018/credentials#";
const OB: &str = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
const ENDED: &str = "2026-05-01T00:00:00Z";
const SUBJECT: &str = "did:web:ada.example";
const NOTE: &str = "https://example.org/terms#note";

/// A context that a host adds: an extension.
const EXTENSION: &str = "https://glass.example/contexts/extension.json";
/// A context that a host adds without having looked: it has another name for what the life of a badge hangs on.
const CARELESS: &str = "https://glass.example/contexts/careless.json";

pub(super) fn make(suite: &mut Suite) {
    let workshop = Workshop(Ed25519::of("the glass workshop"));
    suite.publish(LIST, &workshop.seal(&status_list(LIST, &workshop.0.did(), "revocation", &[REVOKED])));
    let host_contexts = [
        (EXTENSION, json!({"@context": {"kiln": "https://example.org/terms#kiln"}})),
        (CARELESS, json!({"@context": {"bestBefore": date_alias("validUntil")}})),
    ];
    for (url, context) in host_contexts {
        let text = pretty(&context);
        suite.context(url, &text, Digest::of(text.as_bytes()));
    }
    ends(suite, &workshop);
    ends_of_1_1(suite, &workshop);
    statuses(suite, &workshop);
    parts(suite, &workshop);
    moved(suite, &workshop);
    extensions(suite, &workshop);
    spellings(suite, &workshop);
    described_twice(suite, &workshop);
    contexts(suite, &workshop);
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

/// A badge that has expired, and its end hidden in every way.
fn ends(suite: &mut Suite, workshop: &Workshop) {
    let ended = workshop.seal(&with(&workshop.badge(), "/validUntil", ENDED));
    suite
        .badge("end.json", pretty(&ended), "It has expired, and says so: what the next ones are made of.")
        .verdict("3.0", "expired")
        .passed(["proof.context", "proof.signature"]);
    let endless = without(&ended, "/validUntil");
    let again = json!({"id": ID, "type": ["VerifiableCredential"], "validUntil": ENDED});

    let respelt = with(&endless, &at(&format!("{VC}validUntil")), date(ENDED));
    refused(suite, "end-as-iri", &respelt, "The end is named by its IRI.");
    let prefixed = with_context(&with(&endless, "/vc:validUntil", date(ENDED)), json!({"vc": VC}));
    refused(
        suite,
        "end-as-compact-iri",
        &prefixed,
        "The end is named by a compact IRI, of a prefix that was added.",
    );
    let alias = json!({"bestBefore": date_alias("validUntil")});
    let aliased = with_context(&with(&endless, "/bestBefore", ENDED), alias.clone());
    refused(
        suite,
        "end-by-alias",
        &aliased,
        "A context that was brought along has another name for the end.",
    );
    let scoped = json!({"Perishable": {"@id": format!("{VC}VerifiableCredential"), "@context": alias}});
    let scoped = with_context(&with(&endless, "/bestBefore", ENDED), scoped);
    let scoped = with(&scoped, "/type", json!(["VerifiableCredential", "OpenBadgeCredential", "Perishable"]));
    refused(suite, "end-by-alias-of-a-type", &scoped, "The other name comes with another name for a type.");
    let hosted = with_context(&with(&endless, "/bestBefore", ENDED), CARELESS);
    refused(
        suite,
        "end-by-alias-of-the-host",
        &hosted,
        "The host's own context has another name for the end.",
    );
    let included = with(&endless, "/@included", json!([again]));
    refused(suite, "end-included", &included, "The badge is described again under `@included`.");
    let keyword = with_context(&with(&endless, "/more", json!([again])), json!({"more": "@included"}));
    refused(suite, "end-included-by-alias", &keyword, "The same, under another name for `@included`.");
    let nested =
        with_context(&with(&endless, "/facts", json!({"validUntil": ENDED})), json!({"facts": "@nest"}));
    refused(suite, "end-nested", &nested, "The end stands in an object that JSON-LD looks through.");
    let reverse = with(&endless, "/issuer/@reverse", json!({format!("{VC}issuer"): again}));
    refused(suite, "end-reversed", &reverse, "The badge is described again as what the issuer issued.");
    let term = json!({"issued": {"@reverse": format!("{VC}issuer")}});
    let reverse = with_context(&with(&endless, "/issuer/issued", again.clone()), term);
    refused(suite, "end-reversed-by-term", &reverse, "The same, by a term that means the reverse.");
    let array = with(&endless, "/validUntil", json!([[ENDED]]));
    refused(suite, "end-in-an-array-in-an-array", &array, "The end stands in an array within an array.");
    let graph = json!({
        "@context": ended["@context"],
        "@graph": [without(&without(&endless, "/@context"), "/proof"), again],
        "proof": ended["proof"],
    });
    suite
        .badge(
            "end-in-a-graph.json",
            pretty(&graph),
            "The badge and its end stand apart, in a graph: nothing of it is where it is read.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
    let value = with(&endless, "/validUntil", date(ENDED));
    suite
        .badge(
            "end-as-value-object.json",
            pretty(&value),
            "The end stands in a value object, where Open Badges has a text.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["structure.value"]);
    let json_signed =
        workshop.0.seal(&with(&workshop.badge(), "/validUntil", ENDED), &workshop.proof("eddsa-jcs-2022"));
    let respelt = without(&with(&json_signed, &at(&format!("{VC}validUntil")), date(ENDED)), "/validUntil");
    suite
        .badge(
            "end-as-iri-jcs.json",
            pretty(&respelt),
            "Where the JSON was signed, respelling it breaks the signature.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
}

/// The same in the older data model.
fn ends_of_1_1(suite: &mut Suite, workshop: &Workshop) {
    let badge = with_context(&workshop.badge_1_1(), "https://w3id.org/security/data-integrity/v2");
    let ended = workshop.seal(&with(&badge, "/expirationDate", ENDED));
    suite
        .badge("end-1-1.json", pretty(&ended), "An expired badge of VC 1.1.")
        .verdict("3.0", "expired")
        .passed(["proof.context", "proof.signature"]);
    let endless = without(&ended, "/expirationDate");
    let respelt = with(&endless, &at(&format!("{VC}expirationDate")), date(ENDED));
    refused(suite, "end-1-1-as-iri", &respelt, "VC 1.1: the end is named by its IRI.");
    let alias = json!({"bestBefore": date_alias("expirationDate")});
    let aliased = with_context(&with(&endless, "/bestBefore", ENDED), alias);
    refused(
        suite,
        "end-1-1-by-alias",
        &aliased,
        "VC 1.1: a context that was brought along has another name for the end.",
    );
    let again = json!({"id": ID, "type": ["VerifiableCredential"], "expirationDate": ENDED});
    let included = with(&endless, "/@included", json!([again]));
    refused(suite, "end-1-1-included", &included, "VC 1.1: the badge is described again under `@included`.");
}

/// A badge that is revoked, and its status hidden or changed.
fn statuses(suite: &mut Suite, workshop: &Workshop) {
    const STATUS: &str = "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2002";
    let entry = with(&status_entry(LIST, "revocation", REVOKED), "/id", STATUS);
    let revoked = workshop.seal(&with(&workshop.badge(), "/credentialStatus", entry.clone()));
    suite
        .badge(
            "status.json",
            pretty(&revoked),
            "It is revoked, and says where: what the next ones are made of.",
        )
        .verdict("3.0", "revoked")
        .passed(["proof.context", "proof.signature"]);
    let clean = without(&revoked, "/credentialStatus");
    let iri = format!("{VC}credentialStatus");
    refused(
        suite,
        "status-as-iri",
        &with(&clean, &at(&iri), entry.clone()),
        "The status is named by its IRI.",
    );
    let alias = json!({"remark": {"@id": iri, "@type": "@id"}});
    let aliased = with_context(&with(&clean, "/remark", entry.clone()), alias);
    refused(
        suite,
        "status-by-alias",
        &aliased,
        "A context that was brought along has another name for the status.",
    );
    let again = json!({"id": ID, "type": ["VerifiableCredential"], "credentialStatus": entry});
    let included = with(&clean, "/@included", json!([again]));
    refused(suite, "status-included", &included, "The badge is described again under `@included`.");
    let reversed = json!([with(&entry, "/@reverse", json!({iri.as_str(): {"id": ID}}))]);
    refused(
        suite,
        "status-reversed",
        &with(&clean, "/@included", reversed),
        "The status says whose it is, and the badge says nothing of it.",
    );
    let array = with(&clean, "/credentialStatus", json!([[entry]]));
    refused(
        suite,
        "status-in-an-array-in-an-array",
        &array,
        "The status stands in an array within an array.",
    );
    let id = with(&without(&entry, "/id"), "/@id", STATUS);
    refused(
        suite,
        "status-id-as-keyword",
        &with(&clean, "/credentialStatus", id),
        "The status has its name under `@id`.",
    );

    // Two bits for each badge: what is read at the place of one is not what is read at that of the other.
    let wide = with(&entry, "/statusSize", 2);
    let wide = with(&wide, "/statusMessage", json!([{"id": "urn:m:0", "status": "0x0", "message": "fine"}]));
    let wide = workshop.seal(&with(&workshop.badge(), "/credentialStatus", wide));
    let narrow = without(&wide, "/credentialStatus/statusSize");
    let apart = json!([{"id": STATUS, "type": "BitstringStatusListEntry", "statusSize": 2}]);
    refused(
        suite,
        "status-size-included",
        &with(&narrow, "/@included", apart),
        "The status entry lost the size of its places to another description of it.",
    );
    let unnamed = workshop.seal(&with(
        &workshop.badge(),
        "/credentialStatus",
        without(&with(&entry, "/statusSize", 2), "/id"),
    ));
    let label = with(&without(&unnamed, "/credentialStatus/statusSize"), "/credentialStatus/id", "_:status");
    let apart = json!([{"id": "_:status", "type": "BitstringStatusListEntry", "statusSize": 2}]);
    refused(
        suite,
        "status-size-by-label",
        &with(&label, "/@included", apart),
        "The same, of an entry that got a label for the purpose.",
    );

    let single =
        workshop.seal(&with(&workshop.badge(), "/credentialStatus", status_entry(LIST, "revocation", 7)));
    accepted(suite, "status-single", &single, "One status entry, which is clear.")
        .passed(["revocation.status"]);
    let listed = with(&single, "/credentialStatus", json!([single["credentialStatus"]]));
    accepted(suite, "status-in-an-array", &listed, "The same in an array: `[x]` says what `x` says.")
        .passed(["revocation.status"]);
}

/// Other members that were hidden.
fn parts(suite: &mut Suite, workshop: &Workshop) {
    let result = json!([{"type": ["Result"], "resultDescription": "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2003", "status": "Failed"}]);
    let description = json!([{"id": "urn:uuid:0b5e6f2e-7d3c-4b8e-9f2d-0c8f6b1a2003", "type": ["ResultDescription"], "name": "Exam", "resultType": "Status"}]);
    let evidence =
        json!([{"id": "https://glass.example/photos/1", "type": ["Evidence"], "narrative": "It leans."}]);
    let badge = with(&workshop.badge(), "/credentialSubject/result", result.clone());
    let badge = with(&badge, "/credentialSubject/achievement/resultDescription", description.clone());
    let badge = with(&badge, "/evidence", evidence.clone());
    let whole = workshop.seal(&badge);
    accepted(
        suite,
        "parts",
        &whole,
        "Results and evidence, where they belong: what the next ones are made of.",
    );

    let subject = |name: &str| format!("/credentialSubject{}", at(name));
    let cut = without(&whole, &subject("result"));
    let iri = format!("{OB}result");
    refused(
        suite,
        "result-as-iri",
        &with(&cut, &subject(&iri), result.clone()),
        "The result is named by its IRI.",
    );
    let context = json!({"extra": {"@id": iri, "@container": "@index"}});
    let indexed = with(&cut, &subject("extra"), json!({"a": result[0]}));
    suite
        .badge(
            "result-by-index.json",
            pretty(&with_context(&indexed, context)),
            "The result stands in a map, under another name: the key of the map is not signed either.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
    let again = json!([{"id": SUBJECT, "type": ["AchievementSubject"], "result": result}]);
    refused(
        suite,
        "result-included",
        &with(&cut, "/@included", again),
        "The subject is described again under `@included`.",
    );
    let local = json!({"@context": {"extra": iri}, "extra": result});
    let local_subject = whole["credentialSubject"].as_object().expect("an object").clone();
    let mut local_subject = Value::Object(local_subject);
    local_subject.as_object_mut().expect("an object").remove("result");
    let local_subject =
        with(&with(&local_subject, "/@context", local["@context"].clone()), "/extra", result.clone());
    refused(
        suite,
        "result-by-inner-context",
        &with(&whole, "/credentialSubject", local_subject),
        "The subject brings along a context with another name for its results.",
    );

    let cut = without(&whole, "/evidence");
    refused(
        suite,
        "evidence-as-iri",
        &with(&cut, &at(&format!("{VC}evidence")), evidence.clone()),
        "The evidence is named by its IRI.",
    );
    let cut = without(&whole, "/credentialSubject/achievement/resultDescription");
    let hidden = with(
        &cut,
        &format!("/credentialSubject/achievement{}", at(&format!("{OB}resultDescription"))),
        description,
    );
    refused(suite, "description-as-iri", &hidden, "What results can be is named by its IRI.");

    let identifier = whole["credentialSubject"]["identifier"].clone();
    let cut = without(&whole, "/credentialSubject/identifier");
    let set = with(&whole, "/credentialSubject/identifier", json!({"@set": identifier}));
    refused(suite, "identifier-in-a-set", &set, "The identity stands in a set object.");
    let hidden = with(&cut, &subject(&format!("{OB}identifier")), identifier);
    refused(suite, "identifier-as-iri", &hidden, "Whom it was awarded to is named by its IRI.");

    let schema = json!({"id": "https://glass.example/schema.json", "type": "1EdTechJsonSchemaValidator2019"});
    let refresh = json!({"id": "https://glass.example/refresh", "type": "1EdTechCredentialRefresh"});
    for (name, member, value, about) in [
        ("schema-as-iri", "credentialSchema", schema, "The schema is named by its IRI."),
        ("refresh-as-iri", "refreshService", refresh, "The refresh service is named by its IRI."),
    ] {
        let badge =
            with_context(&workshop.badge(), "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json");
        let whole = workshop.seal(&with(&badge, &at(member), value.clone()));
        let respelt = with(&without(&whole, &at(member)), &at(&format!("{VC}{member}")), value);
        refused(suite, name, &respelt, about);
    }
    let issuer = whole["issuer"].clone();
    let respelt = with(&without(&whole, "/issuer"), &at(&format!("{VC}issuer")), issuer);
    refused(suite, "issuer-as-iri", &respelt, "The issuer is named by its IRI.");

    let achievement = "/credentialSubject/achievement";
    let parents = json!({"id": "https://glass.example/guild", "type": ["Profile"], "name": "Guild"});
    let created = workshop.seal(&with(&workshop.badge(), &format!("{achievement}/creator"), parents));
    let criteria = created["credentialSubject"]["achievement"]["criteria"].clone();
    let class = with(
        &without(&created, &format!("{achievement}/criteria")),
        &format!("{achievement}/Criteria"),
        criteria,
    );
    suite
        .badge(
            "criteria-by-class.json",
            pretty(&class),
            "The criteria stand under the name of their class, which has the same IRI.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
}

/// Members that were moved to where the same node is described again, without anything being spelt unusually.
fn moved(suite: &mut Suite, workshop: &Workshop) {
    let refresh = json!({"id": ID, "type": "1EdTechCredentialRefresh"});
    let badge = with(&workshop.badge(), "/refreshService", refresh);
    let badge = with_context(&badge, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json");
    let whole = workshop.seal(&badge);
    accepted(
        suite,
        "refresh-at-own-id",
        &whole,
        "The refresh service has the badge's own id: described twice, and nothing amiss.",
    );
    for (name, member, value, about) in [
        (
            "end",
            "validUntil",
            json!(ENDED),
            "The end was moved into the refresh service, which has the badge's own id.",
        ),
        (
            "status",
            "credentialStatus",
            status_entry(LIST, "revocation", REVOKED),
            "The status was moved into the refresh service, which has the badge's own id.",
        ),
        (
            "evidence",
            "evidence",
            json!([{"id": "https://glass.example/photos/1", "type": ["Evidence"]}]),
            "The evidence was moved into the refresh service, which has the badge's own id.",
        ),
    ] {
        let whole = workshop.seal(&with(&badge, &at(member), value.clone()));
        let again =
            json!({"id": ID, "type": ["VerifiableCredential", "1EdTechCredentialRefresh"], member: value});
        let moved = with(&without(&whole, &at(member)), "/refreshService", again);
        refused(suite, &format!("{name}-moved"), &moved, about);
    }
    let source = json!({"id": SUBJECT, "type": ["Profile"], "name": "Ada"});
    let badge = with(&workshop.badge(), "/credentialSubject/source", source);
    let whole = workshop.seal(&with(&badge, "/credentialSubject/role", "onlooker"));
    accepted(
        suite,
        "source-is-subject",
        &whole,
        "Who was awarded the badge is its source as well: a subject and a profile.",
    );
    let again =
        json!({"id": SUBJECT, "type": ["Profile", "AchievementSubject"], "name": "Ada", "role": "onlooker"});
    let moved = with(&without(&whole, "/credentialSubject/role"), "/credentialSubject/source", again);
    refused(suite, "role-moved", &moved, "The role was moved to where the subject is described again.");
}

/// Extensions that the issuer signed, and their contexts.
fn extensions(suite: &mut Suite, workshop: &Workshop) {
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
fn spellings(suite: &mut Suite, workshop: &Workshop) {
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
fn described_twice(suite: &mut Suite, workshop: &Workshop) {
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
fn contexts(suite: &mut Suite, workshop: &Workshop) {
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
fn draft(suite: &mut Suite, workshop: &Workshop) {
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
