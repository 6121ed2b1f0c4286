//! The suite `status`: each form of a status list, with each answer that it can give or fail to give. The issuer is a
//! `did:key`; what it says of its badges is served from `lists.example`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::deflate::{BEST, gzip, zlib};
use super::edit::{with, without};
use super::jwt::payload;
use super::ob3::{VC_1, VC_2, achievement, credential};
use super::signer::Key;
use super::suite::{Case, Document, Suite};

/// Where the list of most cases is served.
pub(super) const LIST: &str = "https://lists.example/status";
/// The place of most badges.
const PLACE: usize = 94_567;
/// Bytes of a list of 131,072 bits.
const BYTES: usize = 16_384;

pub(super) fn make(suite: &mut Suite) {
    forms(suite);
    ids(suite);
    super::listed::make(suite);
    identities(suite);
    entries(suite);
    purposes(suite);
    sizes(suite);
    sources(suite);
    contents(suite);
    several(suite);
}

pub(super) fn ferry() -> Key {
    Key::ed25519("the ferry")
}

/// A badge with this `credentialStatus`, as a JWT.
fn badge(status: Value) -> String {
    badge_called("urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e000001", status)
}

/// The same with another id.
pub(super) fn badge_called(id: &str, status: Value) -> String {
    let key = ferry();
    let badge = credential(
        id,
        &json!({"id": key.did(), "type": ["Profile"], "name": "Island Ferry"}),
        &achievement(
            "urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e00ffff",
            "Helm",
            "Brings the ferry in against the tide.",
            "Ten crossings, two of them in fog.",
        ),
    );
    let badge = with(&badge, "/credentialStatus", status);
    format!("{}\n", key.jws("EdDSA", &json!({"kid": key.did_method()}), &payload(&badge)))
}

fn entry(purpose: &str) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": PLACE.to_string(),
        "statusListCredential": LIST,
    })
}

/// A list in which these bits are set.
fn bits(set: &[usize]) -> Vec<u8> {
    let mut bytes = vec![0; BYTES];
    for place in set {
        bytes[place / 8] |= 0x80 >> (place % 8);
    }
    bytes
}

/// Multibase of gzip (Bitstring Status List 1.0 section 2.2).
fn encoded(bytes: &[u8]) -> String {
    format!("u{}", URL_SAFE_NO_PAD.encode(gzip(bytes, BEST)))
}

/// A Bitstring Status List of the ferry's, without proof.
fn list(purpose: &str, encoded_list: &str) -> Value {
    json!({
        "@context": [VC_2],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": LIST,
        "issuer": ferry().did(),
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": {
            "id": format!("{LIST}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded_list,
        },
    })
}

/// The list with a proof over its JSON.
fn sealed(key: &Key, list: &Value) -> Value {
    let proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-05-01T00:00:00Z",
        "verificationMethod": key.did_method(),
        "proofPurpose": "assertionMethod",
    });
    key.seal(list, &proof)
}

fn clear(case: &mut Case) {
    case.verdict("3.0", "valid").passed(["revocation.status"]);
}

fn set(case: &mut Case) {
    case.verdict("3.0", "revoked").passed(["proof.signature"]).failed(["revocation.status"]);
}

fn unknown(case: &mut Case) {
    case.verdict("3.0", "unverified").passed(["proof.signature"]).inconclusive(["revocation.status"]);
}

fn malformed(case: &mut Case) {
    case.verdict("3.0", "invalid").passed(["proof.signature"]).failed(["revocation.status"]);
}

/// A document that is served at [`LIST`] in one case.
pub(super) fn served(suite: &mut Suite, name: &str, document: &Value) -> Document {
    let file = format!("documents/{name}.json");
    suite.file(&file, super::suite::pretty(document));
    Document::file_at(LIST, file)
}

/// Every form of a list of bits, with the place clear and set.
fn forms(suite: &mut Suite) {
    let key = ferry();
    suite.file("badges/bitstring.jws", badge(entry("revocation")));
    suite.file(
        "badges/status-list-2021.jws",
        badge(with(&entry("revocation"), "/type", "StatusList2021Entry")),
    );
    suite.file(
        "badges/revocation-list-2020.jws",
        badge(json!({
            "id": format!("{LIST}#{PLACE}"),
            "type": "RevocationList2020Status",
            "revocationListIndex": PLACE.to_string(),
            "revocationListCredential": LIST,
        })),
    );
    let older = |class: &str, encoded: String| {
        let list = list("revocation", &encoded);
        let list = with(&list, "/type", json!(["VerifiableCredential", format!("{class}Credential")]));
        let list = with(&list, "/credentialSubject/type", class);
        let list = with(&without(&list, "/validFrom"), "/issuanceDate", "2026-05-01T00:00:00Z");
        with(&list, "/@context", json!([VC_1]))
    };
    let neighbours = [PLACE - 1, PLACE + 1, 0, BYTES * 8 - 1];
    for (state, set_bits) in [("clear", neighbours.as_slice()), ("set", &[PLACE])] {
        let expect = if state == "set" { set } else { clear };
        let bits = bits(set_bits);
        let today = list("revocation", &encoded(&bits));
        let status_list_2021 = older("StatusList2021", URL_SAFE_NO_PAD.encode(gzip(&bits, BEST)));
        let padded = older("StatusList2021", STANDARD.encode(gzip(&bits, BEST)));
        let without_purpose = |list: Value| without(&list, "/credentialSubject/statusPurpose");
        let gzip_2020 =
            without_purpose(older("RevocationList2020", URL_SAFE_NO_PAD.encode(gzip(&bits, BEST))));
        let zlib_2020 = without_purpose(older("RevocationList2020", STANDARD.encode(zlib(&bits))));
        for (name, badge, list) in [
            ("bitstring", "bitstring", today.clone()),
            ("status-list-2021", "status-list-2021", status_list_2021),
            ("status-list-2021-padded", "status-list-2021", padded),
            ("revocation-list-2020", "revocation-list-2020", gzip_2020),
            ("revocation-list-2020-zlib", "revocation-list-2020", zlib_2020),
        ] {
            let name = format!("{name}-{state}");
            let answer = served(suite, &name, &sealed(&key, &list));
            let about = format!("{badge}, as JSON: the place is {state}.");
            expect(suite.again(&format!("badges/{badge}.jws"), &name, about).with(answer));
        }
        let header = json!({"kid": key.did_method()});
        for (name, token) in [
            ("token", key.jws("EdDSA", &header, &payload(&today))),
            ("plain-token", key.jws("EdDSA", &header, &today)),
        ] {
            let name = format!("bitstring-{name}-{state}");
            let file = format!("documents/{name}.jwt");
            suite.file(&file, format!("{token}\n"));
            let about = format!("The list is a JWT: the place is {state}.");
            expect(suite.again("badges/bitstring.jws", &name, about).with(Document::file_at(LIST, file)));
        }
    }
}

/// 1EdTech Revocation List: the ids of what was revoked.
fn ids(suite: &mut Suite) {
    let id = "urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e000001";
    suite.file("badges/ids.jws", badge(json!({"id": LIST, "type": "1EdTechRevocationList"})));
    let list = |member: &str, entries: Value| json!({"id": LIST, "issuer": ferry().did(), member: entries});
    let other = json!({"id": "urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e000002"});
    let listed = json!({"id": id, "revocationReason": "Ran aground."});
    for (name, document, is_listed) in [
        ("empty", list("revokedCredential", json!([])), false),
        ("others", list("revokedCredential", json!([other])), false),
        ("taken-back", list("revokedCredential", json!([with(&listed, "/revoked", false)])), false),
        ("listed", list("revokedCredential", json!([other, listed])), true),
        ("listed-alone", list("revokedCredential", listed.clone()), true),
        ("listed-as-text", list("revokedCredential", json!([id])), true),
        (
            "listed-in-capitals",
            list("revokedCredential", json!([{"id": id.to_uppercase().replace("URN:UUID", "urn:uuid")}])),
            true,
        ),
        ("listed-in-the-draft", list("revokedCredentials", json!([listed])), true),
        (
            "listed-in-either",
            with(&list("revokedCredential", json!([])), "/revokedCredentials", json!([listed])),
            true,
        ),
        ("listed-as-revoked", list("revokedCredential", json!([with(&listed, "/revoked", true)])), true),
    ] {
        let answer = served(suite, &format!("ids-{name}"), &document);
        let case = suite
            .again("badges/ids.jws", &format!("ids-{name}"), "A list of the ids of revoked badges.")
            .with(answer);
        if is_listed {
            case.verdict("3.0", "revoked").failed(["revocation.list"]);
        } else {
            case.verdict("3.0", "valid").passed(["revocation.list"]);
        }
    }
    for (name, document) in [
        ("without-list", json!({"id": LIST, "issuer": ferry().did()})),
        ("of-text", json!("none")),
        ("of-nothing-readable", list("revokedCredential", json!([{"name": "Helm"}, 7]))),
    ] {
        let answer = served(suite, &format!("ids-{name}"), &document);
        suite
            .again("badges/ids.jws", &format!("ids-{name}"), "What is served tells nothing of any badge.")
            .with(answer)
            .verdict("3.0", "unverified")
            .inconclusive(["revocation.list"]);
    }
    let answer = served(
        suite,
        "ids-another-id",
        &with(&list("revokedCredential", json!([other])), "/id", "https://lists.example/other"),
    );
    suite
        .again("badges/ids.jws", "ids-another-id", "The list goes by another name than its URL.")
        .with(answer)
        .verdict("3.0", "valid")
        .passed(["revocation.list"])
        .failed(["link.id"]);
    suite
        .again("badges/ids.jws", "ids-missing", "The list cannot be had.")
        .with(Document::status(LIST, 404))
        .verdict("3.0", "unverified")
        .inconclusive(["revocation.list"]);
    suite
        .again(
            "badges/ids.jws",
            "ids-missing-allowed",
            "The same, under a policy that lets an unknown status pass.",
        )
        .with(Document::status(LIST, 404))
        .under(json!({"unknownRevocation": "allow"}))
        .verdict("3.0", "valid")
        .inconclusive(["revocation.list"]);
}

/// Entries that lead nowhere, or are of no kind that is known.
fn entries(suite: &mut Suite) {
    let all_clear = served(suite, "all-clear", &sealed(&ferry(), &list("revocation", &encoded(&bits(&[])))));
    let entry = entry("revocation");
    for (name, index) in [
        ("beyond", json!("131072")),
        ("far-beyond", json!("18446744073709551615")),
        ("too-far", json!("18446744073709551616")),
        ("negative", json!("-1")),
        ("word", json!("abc")),
        ("fraction", json!("1.0")),
        ("exponent", json!("1e3")),
        ("hexadecimal", json!("0x10")),
        ("empty", json!("")),
        ("number-beyond", json!(131_072)),
        ("number-fraction", json!(1.5)),
    ] {
        let badge = badge(with(&entry, "/statusListIndex", index));
        let case =
            suite.badge(&format!("badges/index-{name}.jws"), badge, "The index is no place in the list.");
        malformed(case.with(all_clear.clone()));
    }
    let number = badge(with(&entry, "/statusListIndex", PLACE));
    suite
        .badge("badges/index-number.jws", number, "An index as a number is read, with advice.")
        .with(all_clear.clone())
        .verdict("3.0", "valid")
        .passed(["revocation.status"])
        .failed(["structure.value"]);
    for (name, status) in [
        ("kind", json!({"id": "https://lists.example/moon", "type": "MoonPhaseStatus2030"})),
        ("scheme", with(&entry, "/statusListCredential", "urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e000003")),
    ] {
        let about = "Nobody knows where or how to look the status up.";
        unknown(suite.badge(&format!("badges/unknown-{name}.jws"), badge(status), about));
    }
    for (name, status) in [
        ("purpose", without(&entry, "/statusPurpose")),
        ("index", without(&entry, "/statusListIndex")),
        ("list", without(&entry, "/statusListCredential")),
        ("type", without(&entry, "/type")),
    ] {
        suite
            .badge(&format!("badges/without-{name}.jws"), badge(status), "The entry lacks what it must have.")
            .verdict("3.0", "invalid")
            .failed(["structure.required"]);
    }
}

/// What a set bit means.
fn purposes(suite: &mut Suite) {
    let key = ferry();
    for purpose in ["suspension", "refresh", "message", "invitation"] {
        let path = format!("badges/{purpose}.jws");
        suite.file(&path, badge(entry(purpose)));
        for (state, places) in [("clear", [].as_slice()), ("set", &[PLACE])] {
            let name = format!("{purpose}-{state}");
            let answer = served(suite, &name, &sealed(&key, &list(purpose, &encoded(&bits(places)))));
            let about = format!("The bit for {purpose} is {state}.");
            let case = suite.again(&path, &name, about).with(answer);
            match (purpose, state) {
                ("suspension", "set") => set(case),
                ("invitation", "set") => unknown(case),
                _ => {
                    case.verdict("3.0", "valid");
                }
            }
        }
    }
    let both = with(
        &list("", &encoded(&bits(&[PLACE]))),
        "/credentialSubject/statusPurpose",
        json!(["refresh", "suspension"]),
    );
    let both = served(suite, "two-purposes", &sealed(&key, &both));
    set(suite
        .again("badges/suspension.jws", "two-purposes", "A list may be for several purposes.")
        .with(both.clone()));
    unknown(
        suite
            .again(
                "badges/bitstring.jws",
                "neither-purpose",
                "A list for other purposes says nothing, whatever is set in it.",
            )
            .with(both),
    );
}

/// Entries of several bits, with a message for each value.
fn sizes(suite: &mut Suite) {
    let key = ferry();
    let messages = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|value| json!({"status": format!("{value:#x}"), "message": format!("phase {value}")}))
            .collect()
    };
    let wide = |purpose: &str, size: usize| {
        let entry = with(&entry(purpose), "/statusListIndex", "40000");
        with(&with(&entry, "/statusSize", size), "/statusMessage", messages(1 << size))
    };
    // Entry 40000 of two bits is 0b10, of three bits 0b101.
    for (name, purpose, size, places, is_set) in [
        ("two-bits-set", "revocation", 2, [80_000].as_slice(), true),
        ("two-bits-clear", "revocation", 2, &[79_999, 80_002], false),
        ("three-bits-set", "suspension", 3, &[120_000, 120_002], true),
        ("three-bits-clear", "suspension", 3, &[119_999, 120_003], false),
        ("two-bits-message", "message", 2, &[80_000], false),
    ] {
        let answer = served(suite, name, &sealed(&key, &list(purpose, &encoded(&bits(places)))));
        let about = format!("Entries of {size} bits, for {purpose}.");
        let case = suite.badge(&format!("badges/{name}.jws"), badge(wide(purpose, size)), about).with(answer);
        if is_set {
            set(case);
        } else {
            case.verdict("3.0", "valid");
        }
    }
    let all_clear = |purpose: &str| sealed(&key, &list(purpose, &encoded(&bits(&[]))));
    let answer = served(suite, "wide-clear", &all_clear("revocation"));
    malformed(
        suite
            .badge(
                "badges/two-bits-beyond.jws",
                badge(with(&wide("revocation", 2), "/statusListIndex", "65536")),
                "A list has half as many places for entries of two bits.",
            )
            .with(answer.clone()),
    );
    malformed(
        suite
            .badge(
                "badges/too-many-bits.jws",
                badge(with(&entry("revocation"), "/statusSize", 65)),
                "Nobody has a use for entries of 65 bits.",
            )
            .with(answer.clone()),
    );
    suite
        .badge(
            "badges/no-bits.jws",
            badge(with(&entry("revocation"), "/statusSize", 0)),
            "Entries of no bits.",
        )
        .with(answer.clone())
        .verdict("3.0", "invalid")
        .failed(["structure.value"]);
    suite
        .badge(
            "badges/two-bits-without-messages.jws",
            badge(without(&wide("revocation", 2), "/statusMessage")),
            "Entries of two bits without their messages: advice.",
        )
        .with(answer)
        .verdict("3.0", "valid")
        .failed(["structure.value"]);
}

/// Lists that nobody, or somebody else, answers for.
fn sources(suite: &mut Suite) {
    let (key, pirate) = (ferry(), Key::ed25519("the pirate ferry"));
    let honest = list("revocation", &encoded(&bits(&[PLACE])));
    let cleared = list("revocation", &encoded(&bits(&[])));
    let tampered = with(
        &sealed(&key, &honest),
        "/credentialSubject/encodedList",
        cleared["credentialSubject"]["encodedList"].clone(),
    );
    let named = with(&sealed(&pirate, &cleared)["proof"], "/verificationMethod", key.did_method());
    for (name, document) in [
        ("unsigned", cleared.clone()),
        ("tampered", tampered),
        ("forged", with(&cleared, "/proof", named)),
        ("pirate", sealed(&pirate, &cleared)),
        ("over", sealed(&key, &with(&cleared, "/validUntil", "2026-05-31T00:00:00Z"))),
        ("not-yet", sealed(&key, &with(&cleared, "/validFrom", "2026-06-02T00:00:00Z"))),
        ("no-list", sealed(&key, &with(&cleared, "/type", json!(["VerifiableCredential"])))),
        ("no-bits-at-all", sealed(&key, &without(&cleared, "/credentialSubject/encodedList"))),
        ("nobodys", sealed(&key, &without(&cleared, "/issuer"))),
        ("object", json!({"revoked": []})),
    ] {
        let answer = served(suite, &format!("list-{name}"), &document);
        let about = "What is served is not a list that its issuer answers for today.";
        unknown(suite.again("badges/bitstring.jws", &format!("list-{name}"), about).with(answer));
    }
    let header = json!({"kid": key.did_method()});
    let token = |key: &Key, payload: &Value| format!("{}\n", key.jws("EdDSA", &header, payload));
    for (name, token) in [
        ("forged", token(&pirate, &payload(&cleared))),
        ("other-claims", token(&key, &with(&payload(&cleared), "/iss", pirate.did()))),
        ("over", token(&key, &with(&payload(&cleared), "/exp", 1_780_000_000))),
        ("of-nothing", "a.b.c\n".to_owned()),
    ] {
        let file = format!("documents/token-{name}.jwt");
        suite.file(&file, token);
        let about = "The JWT that is served is not a list that its issuer answers for today.";
        unknown(
            suite
                .again("badges/bitstring.jws", &format!("token-{name}"), about)
                .with(Document::file_at(LIST, file)),
        );
    }
    for (name, answer) in [
        ("missing", Document::status(LIST, 404)),
        ("gone", Document::status(LIST, 410)),
        ("failing", Document::status(LIST, 500)),
        ("timeout", Document::timeout(LIST)),
    ] {
        let about = "The list cannot be had.";
        unknown(suite.again("badges/bitstring.jws", &format!("list-{name}"), about).with(answer.clone()));
        let case = suite.again(
            "badges/bitstring.jws",
            &format!("list-{name}-allowed"),
            "The same, under a policy that lets an unknown status pass.",
        );
        case.with(answer)
            .under(json!({"unknownRevocation": "allow"}))
            .verdict("3.0", "valid")
            .inconclusive(["revocation.status"]);
    }
    let theirs = with(&honest, "/issuer", pirate.did());
    let answer = served(suite, "list-of-another", &sealed(&pirate, &theirs));
    suite
        .again(
            "badges/bitstring.jws",
            "list-of-another",
            "The list is another issuer's, who may keep it for the ferry: advice.",
        )
        .with(answer)
        .verdict("3.0", "revoked")
        .failed(["revocation.status", "structure.value"]);
    let answer =
        served(suite, "list-fresh", &sealed(&key, &with(&cleared, "/credentialSubject/ttl", 300_000)));
    suite
        .again(
            "badges/bitstring.jws",
            "list-fresh",
            "The list says for how long it may be kept, and is just fetched.",
        )
        .with(answer)
        .verdict("3.0", "valid")
        .passed(["revocation.status", "resource.fresh"]);
    let page = Document::file_at(LIST, "documents/list-fresh.json".to_owned()).typed("text/html");
    suite
        .again(
            "badges/bitstring.jws",
            "list-as-a-page",
            "The list is served as a web page, which it is not: advice.",
        )
        .with(page)
        .verdict("3.0", "valid")
        .failed(["resource.media-type"]);
}

/// Lists that go by another name than their URL.
fn identities(suite: &mut Suite) {
    let key = ferry();
    let named =
        |id: &str, set: &[usize]| sealed(&key, &with(&list("revocation", &encoded(&bits(set))), "/id", id));
    for (name, id, is_told) in [
        ("another-id", "https://lists.example/other", true),
        ("another-id-below", "https://lists.example/status/1", true),
        ("another-origin", "https://archive.example/status", true),
        ("http", "http://lists.example/status", true),
        ("urn", "urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e000004", true),
        ("fragment", "https://lists.example/status#list", false),
        ("default-port", "https://LISTS.example:443/status", false),
    ] {
        let is_neighbour = name.starts_with("another-id");
        let name = format!("list-{name}");
        let answer = served(suite, &name, &named(id, &[]));
        let about = if is_neighbour {
            "The list says that it is another one of the same host: that a bit is clear in it tells nothing."
        } else {
            "What the list calls itself does not make it another list of its host."
        };
        let case = suite.again("badges/bitstring.jws", &name, about).with(answer);
        if is_neighbour {
            unknown(case);
        } else {
            clear(case);
        }
        if is_told {
            case.failed(["link.id"]);
        } else {
            case.passed(["proof.signature"]);
        }
        let name = format!("{name}-set");
        let answer = served(suite, &name, &named(id, &[PLACE]));
        set(suite
            .again("badges/bitstring.jws", &name, "A set bit counts, whatever the list calls itself.")
            .with(answer));
    }
}

/// Lists that hold something else than bits, or not enough of them.
fn contents(suite: &mut Suite) {
    let key = ferry();
    let gzip_bits = gzip(&bits(&[]), BEST);
    let text = |bytes: &[u8]| format!("u{}", URL_SAFE_NO_PAD.encode(bytes));
    for (name, encoded_list) in [
        ("no-multibase", "!".to_owned()),
        ("no-gzip", text(b"no gzip file")),
        ("cut", text(&gzip_bits[..gzip_bits.len() - 4])),
        ("doubled", text(&[gzip_bits.as_slice(), &gzip_bits].concat())),
        ("base58", format!("z{}", &encoded(&bits(&[]))[1..])),
        ("nothing", encoded(&[])),
        ("short", encoded(&[0; 1024])),
    ] {
        let answer =
            served(suite, &format!("bits-{name}"), &sealed(&key, &list("revocation", &encoded_list)));
        let about = "The list does not hold the bit, though its issuer has signed it.";
        malformed(suite.again("badges/bitstring.jws", &format!("bits-{name}"), about).with(answer));
    }
    let few = served(suite, "bits-few", &sealed(&key, &list("revocation", &encoded(&vec![0; 12_500]))));
    suite
        .again(
            "badges/bitstring.jws",
            "bits-few",
            "A list of 100,000 entries is read, with advice: it hides too little.",
        )
        .with(few)
        .verdict("3.0", "valid")
        .passed(["revocation.status"])
        .failed(["structure.value"]);
    let older = served(
        suite,
        "bits-without-multibase",
        &sealed(&key, &list("revocation", &URL_SAFE_NO_PAD.encode(&gzip_bits))),
    );
    suite
        .again(
            "badges/bitstring.jws",
            "bits-without-multibase",
            "The text lacks the prefix of multibase, as it did in 2021: advice.",
        )
        .with(older.clone())
        .verdict("3.0", "valid")
        .passed(["revocation.status"])
        .failed(["structure.value"]);
    suite
        .again(
            "badges/status-list-2021.jws",
            "bits-of-another-kind",
            "The entry is one of 2021, and the list is not: advice.",
        )
        .with(older)
        .verdict("3.0", "valid")
        .passed(["revocation.status"])
        .failed(["structure.value"]);
}

/// Several entries: each of them can revoke.
fn several(suite: &mut Suite) {
    let key = ferry();
    let second = "https://lists.example/suspensions";
    let suspension = with(&entry("suspension"), "/statusListCredential", second);
    let suspensions =
        |places: &[usize]| sealed(&key, &with(&list("suspension", &encoded(&bits(places))), "/id", second));
    suite.file("documents/several-suspended.json", super::suite::pretty(&suspensions(&[PLACE])));
    suite.file("documents/several-not-suspended.json", super::suite::pretty(&suspensions(&[])));
    let suspended = Document::file_at(second, "documents/several-suspended.json".to_owned());
    let not_suspended = Document::file_at(second, "documents/several-not-suspended.json".to_owned());
    let not_revoked =
        served(suite, "several-not-revoked", &sealed(&key, &list("revocation", &encoded(&bits(&[])))));
    let strange = json!({"id": "https://lists.example/moon", "type": "MoonPhaseStatus2030"});
    suite.file("badges/two.jws", badge(json!([entry("revocation"), suspension])));
    suite.file("badges/two-turned.jws", badge(json!([suspension, entry("revocation")])));
    suite.file("badges/three.jws", badge(json!([entry("revocation"), strange, suspension])));
    clear(
        suite
            .again("badges/two.jws", "two-clear", "Both bits are clear.")
            .with(not_revoked.clone())
            .with(not_suspended.clone()),
    );
    for name in ["two", "two-turned"] {
        set(suite
            .again(
                &format!("badges/{name}.jws"),
                &format!("{name}-one-set"),
                "One of two bits is set, whatever their order.",
            )
            .with(not_revoked.clone())
            .with(suspended.clone()));
        unknown(
            suite
                .again(
                    &format!("badges/{name}.jws"),
                    &format!("{name}-one-missing"),
                    "One of two lists cannot be had.",
                )
                .with(not_revoked.clone())
                .with(Document::timeout(second)),
        );
    }
    set(suite
        .again("badges/two.jws", "two-set-and-missing", "One bit is set, and the other list cannot be had.")
        .with(Document::timeout(LIST))
        .with(suspended.clone()));
    unknown(
        suite
            .again(
                "badges/three.jws",
                "three-clear",
                "Both bits are clear, and between them stands what nobody knows.",
            )
            .with(not_revoked.clone())
            .with(not_suspended),
    );
    set(suite
        .again("badges/three.jws", "three-set", "What stands after an unknown entry counts, too.")
        .with(not_revoked.clone())
        .with(suspended));
    unknown(
        suite
            .badge(
                "badges/many.jws",
                badge(Value::Array(vec![entry("revocation"); 17])),
                "More entries than are looked up: each may cost a list.",
            )
            .with(not_revoked),
    );
}
