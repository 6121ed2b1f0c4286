//! Of the suite `keys`: key sets in which a key or a name stands more than once, or stands for something else.

use serde_json::{Value, json};

use super::edit::with;
use super::key_forms::{invalid, token, variant};
use super::signer::Key;
use super::suite::{Case, Document, Suite};

const ISSUER: &str = "https://tower.example/issuer.json";
const SET: &str = "https://tower.example/.well-known/jwks.json";
const NEIGHBOUR: &str = "https://tower.example/belfry.json";

pub(super) fn make(suite: &mut Suite) {
    badges(suite);
    for_two_issuers(suite);
}

/// The badges of most cases: one for each way to name the key.
fn badges(suite: &mut Suite) {
    let key = tower();
    for (name, header) in [
        ("kid-a", json!({"kid": "a"})),
        ("kid-b", json!({"kid": "b"})),
        ("url-a", json!({"kid": format!("{SET}#a")})),
        ("url-b", json!({"kid": format!("{SET}#b")})),
        ("jwk", json!({"jwk": key.jwk()})),
    ] {
        suite.file(&format!("badges/sets-{name}.jws"), token(&key, "EdDSA", ISSUER, &header));
    }
}

fn tower() -> Key {
    Key::ed25519("the tower")
}

/// A member of the set: a key under a name, and whose it is.
fn member(key: &Key, name: &str, issuer: Option<&str>) -> Value {
    let named = with(&key.jwk(), "/kid", name);
    issuer.map_or(named.clone(), |issuer| with(&named, "/iss", issuer))
}

fn set_of(suite: &mut Suite, case: &str, members: &[Value]) -> Document {
    variant(suite, case, SET, &json!({"keys": members}))
}

fn bound(case: &mut Case) {
    case.verdict("3.0", "valid").passed(["proof.signature", "key.controller"]);
}

/// Two issuers at one host, with one key set.
fn for_two_issuers(suite: &mut Suite) {
    let (key, other) = (tower(), Key::ed25519("the chapel"));
    let theirs = member(&key, "a", Some(NEIGHBOUR));
    let ours = member(&key, "b", Some(ISSUER));
    let anybodys = member(&key, "b", None);
    for (order, members) in [
        ("theirs-first", [theirs.clone(), ours.clone()]),
        ("ours-first", [ours, theirs.clone()]),
        ("theirs-and-anybodys", [theirs, anybodys]),
    ] {
        let served = set_of(suite, &format!("sets-shared-{order}"), &members);
        for badge in ["kid-b", "url-b", "jwk"] {
            let about = "Two issuers at one host share a key, and the set says so.";
            bound(
                suite
                    .again(
                        &format!("badges/sets-{badge}.jws"),
                        &format!("sets-shared-{order}-{badge}"),
                        about,
                    )
                    .with(served.clone()),
            );
        }
        for badge in ["kid-a", "url-a"] {
            let about = "The header names the key as that of the other issuer at the host.";
            invalid(
                suite
                    .again(
                        &format!("badges/sets-{badge}.jws"),
                        &format!("sets-shared-{order}-{badge}"),
                        about,
                    )
                    .with(served.clone()),
                "key.controller",
            );
        }
    }
    let theirs = member(&other, "a", Some(NEIGHBOUR));
    let ours = member(&key, "a", Some(ISSUER));
    for (order, members) in [("theirs-first", [theirs.clone(), ours.clone()]), ("ours-first", [ours, theirs])]
    {
        let served = set_of(suite, &format!("sets-one-name-{order}"), &members);
        let about =
            "Two issuers at one host have a key of the same name: the one who awarded the badge is meant.";
        bound(suite.again("badges/sets-kid-a.jws", &format!("sets-one-name-{order}"), about).with(served));
    }
    let served = set_of(suite, "sets-only-theirs", &[member(&key, "a", Some(NEIGHBOUR))]);
    for badge in ["kid-a", "url-a", "jwk"] {
        invalid(
            suite
                .again(
                    &format!("badges/sets-{badge}.jws"),
                    &format!("sets-only-theirs-{badge}"),
                    "The key set says that the key is the other issuer's alone.",
                )
                .with(served.clone()),
            "key.controller",
        );
    }
}
