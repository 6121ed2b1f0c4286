//! Of the suite `keys`: key sets in which a key or a name stands more than once, or stands for something else.

use serde_json::{Value, json};

use super::edit::with;
use super::key_forms::{invalid, token, variant};
use super::signer::Key;
use super::suite::{Case, Document, Suite};

pub(super) const ISSUER: &str = "https://tower.example/issuer.json";
pub(super) const SET: &str = "https://tower.example/.well-known/jwks.json";
pub(super) const NEIGHBOUR: &str = "https://tower.example/belfry.json";

pub(super) fn make(suite: &mut Suite) {
    badges(suite);
    for_two_issuers(suite);
    for_nobody_knows_whom(suite);
    for_something_else(suite);
    by_two_names(suite);
    of_one_name(suite);
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

pub(super) fn tower() -> Key {
    Key::ed25519("the tower")
}

/// A member of the set: a key under a name, and whose it is.
fn member(key: &Key, name: &str, issuer: Option<&str>) -> Value {
    let named = with(&key.jwk(), "/kid", name);
    issuer.map_or(named.clone(), |issuer| with(&named, "/iss", issuer))
}

pub(super) fn set_of(suite: &mut Suite, case: &str, members: &[Value]) -> Document {
    variant(suite, case, SET, &json!({"keys": members}))
}

pub(super) fn bound(case: &mut Case) {
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

/// Members that say unreadably whose they are.
fn for_nobody_knows_whom(suite: &mut Suite) {
    let ours = member(&tower(), "a", None);
    for (case, issuer) in [
        ("list", json!([ISSUER])),
        ("object", json!({"id": ISSUER})),
        ("number", json!(7)),
        ("null", Value::Null),
    ] {
        let served = set_of(suite, &format!("sets-issuer-{case}"), &[with(&ours, "/iss", issuer)]);
        for badge in ["kid-a", "url-a"] {
            let about = "The key set says whose the key is, and nobody can read it.";
            let name = format!("sets-issuer-{case}-{badge}");
            invalid(
                suite.again(&format!("badges/sets-{badge}.jws"), &name, about).with(served.clone()),
                "proof.signature",
            );
        }
        suite
            .again(
                "badges/sets-jwk.jws",
                &format!("sets-issuer-{case}-jwk"),
                "The header has the key itself, and the key set does not say that it is the issuer's.",
            )
            .with(served)
            .verdict("3.0", "unverified")
            .passed(["proof.signature"])
            .inconclusive(["key.controller"]);
    }
}

/// Members that say what they are for (RFC 7517 sections 4.2 to 4.4).
fn for_something_else(suite: &mut Suite) {
    let ours = member(&tower(), "a", None);
    for (case, limited) in [
        ("use", with(&ours, "/use", "enc")),
        ("operations", with(&ours, "/key_ops", json!(["deriveKey"]))),
        ("algorithm", with(&ours, "/alg", "ES256")),
    ] {
        let served = set_of(suite, &format!("sets-limited-{case}"), std::slice::from_ref(&limited));
        for (badge, code) in
            [("kid-a", "proof.signature"), ("url-a", "proof.signature"), ("jwk", "proof.purpose")]
        {
            let about = "The key set says that the key is not for such signatures.";
            let name = format!("sets-limited-{case}-{badge}");
            invalid(
                suite.again(&format!("badges/sets-{badge}.jws"), &name, about).with(served.clone()),
                code,
            );
        }
        let both =
            set_of(suite, &format!("sets-limited-{case}-and-not"), &[limited, with(&ours, "/kid", "b")]);
        bound(
            suite
                .again(
                    "badges/sets-jwk.jws",
                    &format!("sets-limited-{case}-and-not"),
                    "The key stands in the set a second time, for any use.",
                )
                .with(both),
        );
    }
}

/// Headers with both a name and a key (Open Badges 3.0 section 8.2.4.4): they must be one.
fn by_two_names(suite: &mut Suite) {
    let (key, other) = (tower(), Key::ed25519("the chapel"));
    let served = set_of(suite, "sets-two-keys", &[member(&key, "a", None), member(&other, "b", None)]);
    let both = |name: &str| token(&key, "EdDSA", ISSUER, &json!({"kid": name, "jwk": key.jwk()}));
    for (case, name) in [("opaque", "a".to_owned()), ("url", format!("{SET}#a")), ("unknown", "c".to_owned())]
    {
        let about = "The header has the key, and a name that the set does not contradict.";
        bound(suite.badge(&format!("badges/sets-both-{case}.jws"), both(&name), about).with(served.clone()));
    }
    for (case, name, code) in
        [("opaque", "b".to_owned(), "key.controller"), ("url", format!("{SET}#b"), "proof.signature")]
    {
        let about = "The header has one key of the set, and the name of another.";
        let path = format!("badges/sets-both-{case}-misnamed.jws");
        invalid(suite.badge(&path, both(&name), about).with(served.clone()), code);
    }
}

/// Names that stand twice.
fn of_one_name(suite: &mut Suite) {
    let (key, other) = (tower(), Key::ed25519("the chapel"));
    let (ours, theirs) = (member(&key, "a", None), member(&other, "a", None));
    for (case, members) in [("first", [ours.clone(), theirs.clone()]), ("second", [theirs, ours.clone()])] {
        let served = set_of(suite, &format!("sets-doubled-{case}"), &members);
        for badge in ["kid-a", "url-a"] {
            let about = "The name stands for two keys of the set.";
            let name = format!("sets-doubled-{case}-{badge}");
            invalid(
                suite.again(&format!("badges/sets-{badge}.jws"), &name, about).with(served.clone()),
                "key.linked",
            );
        }
        bound(
            suite
                .again(
                    "badges/sets-jwk.jws",
                    &format!("sets-doubled-{case}-jwk"),
                    "The header has the key itself.",
                )
                .with(served),
        );
    }
    let served = set_of(suite, "sets-repeated", &[ours.clone(), ours]);
    bound(
        suite
            .again("badges/sets-kid-a.jws", "sets-repeated", "One and the same key stands twice.")
            .with(served),
    );
}
