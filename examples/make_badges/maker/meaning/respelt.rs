//! What was respelt or moved after it was signed, so that readers of the JSON do not find it.

use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::ob3::status_entry;
use super::super::suite::{Suite, pretty};
use super::{
    CARELESS, ENDED, ID, LIST, OB, REVOKED, SUBJECT, VC, Workshop, accepted, at, date, date_alias, refused,
    with_context,
};

/// A badge that has expired, and its end hidden in every way.
pub(super) fn ends(suite: &mut Suite, workshop: &Workshop) {
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
pub(super) fn ends_of_1_1(suite: &mut Suite, workshop: &Workshop) {
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
pub(super) fn statuses(suite: &mut Suite, workshop: &Workshop) {
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
pub(super) fn parts(suite: &mut Suite, workshop: &Workshop) {
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
pub(super) fn moved(suite: &mut Suite, workshop: &Workshop) {
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
