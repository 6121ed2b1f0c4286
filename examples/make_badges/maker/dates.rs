//! The suite `dates`: from when and until when a badge says that it is valid, under the names that either version of the
//! data model has for it. The issuer is a `did:key`.

use serde_json::{Value, json};

use super::edit::with;
use super::jwt::{payload, payload_1};
use super::ob3::{OPEN_BADGES, VC_1, achievement, credential, credential_1};
use super::signer::Key;
use super::suite::{Case, Suite, pretty};

const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";
const OVER: &str = "2026-05-01T00:00:00Z";
const TO_COME: &str = "2027-05-01T00:00:00Z";

pub(super) fn make(suite: &mut Suite) {
    for (version, names) in [
        ("1-1", ["issuanceDate", "expirationDate", "validFrom", "validUntil"]),
        ("2-0", ["validFrom", "validUntil", "issuanceDate", "expirationDate"]),
    ] {
        for form in ["rdfc", "jcs", "jwt"] {
            // What VC 2.0 does not define stands for no statement, and is refused as such (suite `meaning`).
            let names_of_both = if (version, form) == ("2-0", "rdfc") { &names[..2] } else { &names };
            ends(suite, version, form, names_of_both);
            if let [from, _, other_from, other_until] = names_of_both {
                of_the_other_version(suite, version, form, from, [other_from, other_until]);
            }
        }
    }
}

/// A badge with these dates, signed in one of three ways: the name of its file, and what is in it.
fn signed(version: &str, form: &str, name: &str, dates: &[(&str, &str)]) -> (String, String) {
    let key = Key::ed25519("the clockmakers");
    let make = if version == "1-1" { credential_1 } else { credential };
    let badge = make(
        "urn:uuid:3c9a52f4-0c5e-4b0e-8d0e-5d1b2f600001",
        &json!({"id": key.did(), "type": ["Profile"], "name": "Clockmakers"}),
        &achievement(
            "urn:uuid:3c9a52f4-0c5e-4b0e-8d0e-5d1b2f60ffff",
            "Escapement",
            "Files an escapement by hand.",
            "A clock that loses less than a minute a week.",
        ),
    );
    let dated = |start: Value, place: &str| {
        dates.iter().fold(start, |value, (name, date)| with(&value, &format!("{place}/{name}"), *date))
    };
    let text = match (version, form) {
        // The claims say nothing of an end, so that what the credential says of it counts.
        ("1-1", "jwt") => token(&key, &dated(payload_1(&badge), "/vc")),
        (_, "jwt") => token(&key, &dated(payload(&badge), "")),
        ("1-1", _) => {
            let badge = with(&badge, "/@context", json!([VC_1, OPEN_BADGES, DATA_INTEGRITY]));
            pretty(&key.seal(&dated(badge, ""), &proof(&key, form)))
        }
        _ => pretty(&key.seal(&dated(badge, ""), &proof(&key, form))),
    };
    let extension = if form == "jwt" { "jws" } else { "json" };
    (format!("badges/{version}-{form}-{name}.{extension}"), text)
}

fn token(key: &Key, payload: &Value) -> String {
    format!("{}\n", key.jws("EdDSA", &json!({"kid": key.did_method()}), payload))
}

fn proof(key: &Key, form: &str) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": format!("eddsa-{form}-2022"),
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": key.did_method(),
        "proofPurpose": "assertionMethod",
    })
}

fn expired(case: &mut Case) {
    case.verdict("3.0", "expired").passed(["proof.signature"]).failed(["time.expiry"]);
}

/// The end under its own name, under that of the other version, and under both.
fn ends(suite: &mut Suite, version: &str, form: &str, names: &[&str]) {
    let mut add = |name: &str, dates: &[(&str, &str)], about: &str| {
        let (path, text) = signed(version, form, name, dates);
        expired(suite.badge(&path, text, about));
    };
    add("over", &[(names[1], OVER)], "It has ended.");
    let [_, until, _, other_until] = names else { return };
    add(
        "over-other",
        &[(other_until, OVER)],
        "It has ended, by the name of the other version of the data model.",
    );
    add("over-first", &[(until, OVER), (other_until, TO_COME)], "Of two ends the earlier one counts.");
    add("over-second", &[(until, TO_COME), (other_until, OVER)], "Of two ends the earlier one counts.");
}

/// Other dates under the names of the other version.
fn of_the_other_version(
    suite: &mut Suite,
    version: &str,
    form: &str,
    from: &str,
    [other_from, other_until]: [&str; 2],
) {
    let (path, text) = signed(version, form, "running", &[(other_until, TO_COME)]);
    suite
        .badge(
            &path,
            text,
            "It has not ended; that the end has a name of the other version is worth telling.",
        )
        .verdict("3.0", "valid")
        .passed(["time.expiry"])
        .failed(["structure.value"]);
    let (path, text) = signed(version, form, "not-begun", &[(other_from, TO_COME)]);
    suite
        .badge(&path, text, format!("It has begun by its `{from}`, and not by its `{other_from}`."))
        .verdict("3.0", "invalid")
        .failed(["time.not-before"]);
    let (path, text) = signed(version, form, "begun", &[(other_from, "2026-02-01T00:00:00Z")]);
    suite
        .badge(&path, text, "It has begun by both dates.")
        .verdict("3.0", "valid")
        .passed(["time.not-before"]);
    let (path, text) = signed(version, form, "over-before", &[(other_until, "2026-02-01T00:00:00Z")]);
    suite
        .badge(&path, text, "It ends before it begins.")
        .verdict("3.0", "invalid")
        .failed(["structure.value", "time.expiry"]);
    if form != "rdfc" {
        let (path, text) = signed(version, form, "never", &[(other_until, "never")]);
        suite
            .badge(&path, text, "An end that is no date.")
            .verdict("3.0", "invalid")
            .failed(["structure.value"]);
    }
}
