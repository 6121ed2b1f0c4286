//! Comprehensive Learner Records.

use openbadges::unbake::Standard;
use serde_json::{Value, json};

use super::super::edit::{with, without};
use super::super::image;
use super::super::jwt::payload;
use super::super::ob3::{OPEN_BADGES, VC_2, status_entry};
use super::super::suite::{Suite, baked, pretty};
use super::{COLLEGE_LIST, People, REVOKED, kid, proof};

const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

pub(super) fn make(suite: &mut Suite, people: &People) {
    good(suite, people);
    in_images(suite, people);
    taken_back(suite, people);
    badly_made(suite, people);
}

/// A record of the college's, without proof.
fn unsigned(people: &People, number: u8, credentials: Value) -> Value {
    json!({
        "@context": [VC_2, CLR, OPEN_BADGES],
        "type": ["VerifiableCredential", "ClrCredential"],
        "id": format!("urn:uuid:b2a1b8a8-0d1e-4c86-9a39-4f6f0f2d10{number:02}"),
        "name": "Studies of Ada",
        "issuer": {"id": people.college.did(), "type": ["Profile"], "name": "Long Meadow College"},
        "validFrom": "2026-04-01T09:00:00Z",
        "credentialSubject": {
            "id": people.ada.did(),
            "type": ["ClrSubject"],
            "verifiableCredential": credentials,
        },
    })
}

fn sealed(people: &People, record: &Value) -> Value {
    people.college.seal(record, &proof(&people.college))
}

fn record(people: &People, number: u8, credentials: Value) -> Value {
    sealed(people, &unsigned(people, number, credentials))
}

fn good(suite: &mut Suite, people: &People) {
    suite
        .badge(
            "wrappers/record.json",
            pretty(&record(people, 1, json!([people.badge(40)]))),
            "A learner record with one badge: both have their own issuer, proof and verdict.",
        )
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["wrapper.proof"]);
    let two = unsigned(people, 2, json!([people.badge(41), people.badge(42)]));
    suite
        .badge("wrappers/record-two.json", pretty(&sealed(people, &two)), "A record with two badges.")
        .error("several-badges");
    suite
        .again("wrappers/record-two.json", "wrappers-record-two-each", "Each badge of the record by itself.")
        .all(["valid", "valid"])
        .within(["valid"])
        .left_aside(0);
    let token = people.college.jws(&kid(&people.college), &payload(&two));
    suite
        .badge("wrappers/record.jws", token, "A record as a JWT, with its badges as JSON.")
        .all(["valid", "valid"])
        .within(["valid"]);
    let shown = people.presentation(json!([record(people, 3, json!([people.badge(43)])), people.badge(44)]));
    suite
        .badge(
            "wrappers/record-shown.json",
            pretty(&shown),
            "A presentation of a record with a badge, and of another badge.",
        )
        .all(["valid", "valid"])
        .within(["valid", "valid"]);
    suite
        .again(
            "wrappers/record-shown.json",
            "wrappers-record-shown-second",
            "The badge beside the record came in the presentation only.",
        )
        .about_badge(2)
        .verdict("3.0", "valid")
        .within(["valid"]);
    suite
        .badge(
            "wrappers/record-unsigned-badge.json",
            pretty(&record(people, 4, json!([people.unsigned(45)]))),
            "A badge without proof in a record with one: a record's issuer does not speak for the badge's.",
        )
        .verdict("3.0", "unverified")
        .within(["valid"])
        .inconclusive(["proof.present"]);
}

fn in_images(suite: &mut Suite, people: &People) {
    let text = record(people, 5, json!([people.badge(46)])).to_string();
    suite
        .badge(
            "wrappers/record.png",
            image::png_with(&[("clrcredential", &text)]),
            "A record that is baked into a PNG.",
        )
        .verdict("3.0", "valid")
        .within(["valid"])
        .passed(["carrier.single", "carrier.compression"]);
    let element = format!(
        "<clr:credential xmlns:clr=\"https://purl.imsglobal.org/clr/v2p0\"><![CDATA[{text}]]></clr:credential></svg>"
    );
    suite
        .badge(
            "wrappers/record.svg",
            image::svg().replace("</svg>", &element),
            "A record that is baked into an SVG.",
        )
        .verdict("3.0", "valid")
        .within(["valid"]);
    let beside = image::png_with(&[("clrcredential", &text)]);
    let beside = baked(&beside, &people.tampered(47).to_string(), Standard::OpenBadges3);
    suite
        .badge(
            "wrappers/record-beside.png",
            beside,
            "An image with a record and a badge: the badge is judged, and does not hide behind the record.",
        )
        .verdict("3.0", "invalid")
        .within([])
        .failed(["proof.signature", "carrier.single"]);
    suite
        .again("wrappers/record-beside.png", "wrappers-record-beside-each", "Both carriers of the image.")
        .all(["invalid", "valid"])
        .within(["valid"]);
}

/// Records and badges that were taken back, or whose time is over.
fn taken_back(suite: &mut Suite, people: &People) {
    let entry = |index| status_entry(COLLEGE_LIST, "revocation", index);
    let revoked = with(&unsigned(people, 6, json!([people.badge(48)])), "/credentialStatus", entry(REVOKED));
    suite
        .badge(
            "wrappers/record-revoked.json",
            pretty(&sealed(people, &revoked)),
            "The college has revoked the record; the club has not revoked the badge in it.",
        )
        .verdict("3.0", "valid")
        .within(["revoked"])
        .failed(["wrapper.proof"]);
    let current = with(
        &unsigned(people, 7, json!([people.revoked(49), people.badge(50)])),
        "/credentialStatus",
        entry(REVOKED - 1),
    );
    suite
        .badge(
            "wrappers/record-badge-revoked.json",
            pretty(&sealed(people, &current)),
            "The club has revoked one of the badges; the record stands.",
        )
        .all(["revoked", "valid"])
        .within(["valid"]);
    let over = with(&unsigned(people, 8, json!([people.badge(51)])), "/validUntil", "2026-05-01T09:00:00Z");
    suite
        .badge(
            "wrappers/record-expired.json",
            pretty(&sealed(people, &over)),
            "The time of the record is over.",
        )
        .verdict("3.0", "valid")
        .within(["expired"]);
    let early = with(&unsigned(people, 9, json!([people.badge(52)])), "/validFrom", "2027-01-01T09:00:00Z");
    suite
        .badge(
            "wrappers/record-not-yet.json",
            pretty(&sealed(people, &early)),
            "The time of the record has not come.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    suite
        .again(
            "wrappers/record.json",
            "wrappers-record-of-a-stranger",
            "The host knows the club and not the college.",
        )
        .under(json!({"trustedIssuers": [people.club.did()]}))
        .verdict("3.0", "valid")
        .within(["unverified"]);
    suite
        .again(
            "wrappers/record.json",
            "wrappers-record-of-a-friend",
            "The host knows the college and not the club.",
        )
        .under(json!({"trustedIssuers": [people.college.did()]}))
        .verdict("3.0", "unverified")
        .within(["valid"])
        .inconclusive(["issuer.trusted"]);
}

fn badly_made(suite: &mut Suite, people: &People) {
    suite
        .badge(
            "wrappers/record-empty.json",
            pretty(&without(&record(people, 10, json!([])), "/credentialSubject/verifiableCredential")),
            "A record without any badge.",
        )
        .error("not-an-assertion");
    let unnamed =
        with(&unsigned(people, 11, json!([people.badge(53)])), "/@context", json!([VC_2, OPEN_BADGES]));
    suite
        .badge(
            "wrappers/record-wrong-context.json",
            pretty(&with(&unnamed, "/proof", record(people, 11, json!([people.badge(53)]))["proof"].clone())),
            "The context of learner records was taken out.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"]);
    let swapped = with(
        &record(people, 12, json!([people.badge(54)])),
        "/credentialSubject/verifiableCredential",
        json!([people.badge(55)]),
    );
    suite
        .badge(
            "wrappers/record-badge-exchanged.json",
            pretty(&swapped),
            "Another badge was put into the record: the record does not hold, and the badge does.",
        )
        .verdict("3.0", "valid")
        .within(["invalid"])
        .failed(["wrapper.proof"]);
    let nameless = without(&unsigned(people, 13, json!([people.badge(56)])), "/issuer");
    suite
        .badge("wrappers/record-of-nobody.json", pretty(&nameless), "A record that nobody issued or signed.")
        .verdict("3.0", "valid")
        .within(["invalid"]);
}
