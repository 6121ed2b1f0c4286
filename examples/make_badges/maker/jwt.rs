//! Open Badges 3.0 as VC-JWT: a museum signs with EdDSA, an observatory with RS256.

use openbadges::unbake::Standard;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::edit::{with, without};
use super::image;
use super::keys::{Ed25519, Rsa, tampered_jws, unsigned_jws};
use super::ob2::{ADA, BOB, hashed};
use super::ob3::{achievement, credential, credential_1, status_entry, status_list};
use super::suite::{Case, Document, Suite, baked};

const MUSEUM: &str = "https://museum.example/issuer.json";
const MUSEUM_KEY: &str = "https://museum.example/issuer.json#key-1";
const SUSPENSIONS: &str = "https://museum.example/status/suspension.jwt";
const OBSERVATORY: &str = "https://observatory.example/issuer.json";
const KEY_SET: &str = "https://observatory.example/.well-known/jwks.json";

/// The place of the suspended badge in its list.
const SUSPENDED: usize = 4711;

pub(super) fn make(suite: &mut Suite) {
    let museum = Ed25519::of("museum.example");
    publish_museum(suite, &museum);
    by_kid(suite, &museum);
    by_kid_in_time(suite, &museum);
    by_kid_changed(suite, &museum);
    by_kid_of_others(suite, &museum);
    let observatory = Rsa::observatory();
    by_key_set(suite, &observatory);
    by_did(suite);
}

/// A credential of VC 2.0, and beside its members the claims.
pub(super) fn payload(credential: &Value) -> Value {
    with_claims(credential, credential)
}

/// A credential of VC 1.1, in a claim of its own.
pub(super) fn payload_1(credential: &Value) -> Value {
    with_claims(&json!({"vc": credential}), credential)
}

/// The claims say what the credential says (Open Badges 3.0 section 8.2.4.2).
fn with_claims(payload: &Value, credential: &Value) -> Value {
    let either = |one, other| credential.pointer(one).or(credential.pointer(other));
    let claims = [
        ("/iss", either("/issuer/id", "/issuer").cloned()),
        ("/jti", credential.pointer("/id").cloned()),
        ("/nbf", either("/validFrom", "/issuanceDate").map(seconds)),
        ("/exp", either("/validUntil", "/expirationDate").map(seconds)),
        ("/sub", credential.pointer("/credentialSubject/id").cloned()),
    ];
    let present = claims.into_iter().filter_map(|(pointer, claim)| Some((pointer, claim?)));
    present.fold(payload.clone(), |payload, (pointer, claim)| with(&payload, pointer, claim))
}

fn seconds(date: &Value) -> Value {
    let date = date.as_str().and_then(|date| OffsetDateTime::parse(date, &Rfc3339).ok());
    date.expect("a date of ours").unix_timestamp().into()
}

fn kid(name: &str) -> Value {
    json!({"kid": name})
}

fn publish_museum(suite: &mut Suite, key: &Ed25519) {
    suite.publish(
        MUSEUM,
        &json!({
            "@context": ["https://www.w3.org/ns/cid/v1"],
            "id": MUSEUM,
            "type": "Profile",
            "name": "Museum of Small Machines",
            "verificationMethod": [{
                "id": MUSEUM_KEY,
                "type": "Multikey",
                "controller": MUSEUM,
                "publicKeyMultibase": key.multikey(),
            }],
            "assertionMethod": [MUSEUM_KEY],
        }),
    );
    let list = status_list(SUSPENSIONS, MUSEUM, "suspension", &[SUSPENDED]);
    suite.publish_text(SUSPENSIONS, &key.jws(&kid(MUSEUM_KEY), &payload(&list)), "application/vc+jwt");
}

fn clockmaker(name: &str) -> Value {
    credential(
        &format!("https://museum.example/credentials/{name}"),
        &json!({"id": MUSEUM, "type": ["Profile"], "name": "Museum of Small Machines"}),
        &achievement(
            "https://museum.example/achievements/clockmaker",
            "Clockmaker",
            "Takes a tower clock apart and makes it strike again.",
            "Three months in the workshop, and a clock that keeps time for a week.",
        ),
    )
}

fn valid(case: &mut Case) {
    case.verdict("3.0", "valid")
        .passed(["proof.signature", "proof.claims", "key.linked", "key.controller"])
        .known(ADA, "match");
}

/// Badges by the key that `kid` names in the issuer's own document.
fn by_kid(suite: &mut Suite, key: &Ed25519) {
    let badge = clockmaker("1");
    suite.badge_in_every_form(
        "ob3/jwt",
        &key.jws(&kid(MUSEUM_KEY), &payload(&badge)),
        Standard::OpenBadges3,
        [
            "VC 2.0 in a JWT with EdDSA; the issuer's own document holds the key that `kid` names.",
            "The same, baked into a PNG.",
            "The same, baked into an SVG.",
        ],
        valid,
    );
    suite
        .again(
            "ob3/jwt.png",
            "ob3-jwt-of-somebody-else",
            "A valid badge, presented by somebody to whom it was not awarded.",
        )
        .verdict("3.0", "valid")
        .known(BOB, "mismatch");
    suite
        .again("ob3/jwt.png", "ob3-jwt-offline", "The issuer's document cannot be had, and with it the key.")
        .with(Document::timeout(MUSEUM))
        .verdict("3.0", "unverified")
        .inconclusive(["resource.available", "proof.signature", "key.controller", "time.expiry"]);
    let by_name = with(&clockmaker("2"), "/credentialSubject/id", format!("mailto:{ADA}"));
    let by_name = without(&by_name, "/credentialSubject/identifier");
    suite
        .badge(
            "ob3/jwt-mailto.jws",
            key.jws(&kid(MUSEUM_KEY), &payload(&by_name)),
            "The subject's id is her e-mail address.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.claims", "key.controller"])
        .known(ADA, "match");
}

/// Badges before and after their time, and out of it.
fn by_kid_in_time(suite: &mut Suite, key: &Ed25519) {
    let sign = |badge: &Value| key.jws(&kid(MUSEUM_KEY), &payload(badge));
    let expired = with(&clockmaker("3"), "/validUntil", "2026-06-01T11:59:59Z");
    suite
        .badge(
            "ob3/jwt-expired.jws",
            sign(&expired),
            "Its time was over a second ago; no clock skew counts there.",
        )
        .verdict("3.0", "expired")
        .passed(["proof.signature", "key.controller"])
        .failed(["time.expiry"]);
    let last = with(&clockmaker("4"), "/validUntil", "2026-06-01T12:00:00Z");
    suite
        .badge(
            "ob3/jwt-last-moment.jws",
            sign(&last),
            "At the very instant at which it ends it is still valid.",
        )
        .verdict("3.0", "valid")
        .passed(["time.expiry"]);
    let early = with(&clockmaker("5"), "/validFrom", "2026-06-02T00:00:00Z");
    suite
        .badge("ob3/jwt-not-yet.jws", sign(&early), "It is valid from tomorrow on.")
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["time.not-before"]);
    let entry = |index| status_entry(SUSPENSIONS, "suspension", index);
    let listed = with(&clockmaker("6"), "/credentialStatus", entry(SUSPENDED - 1));
    suite
        .badge(
            "ob3/jwt-not-suspended.jws",
            sign(&listed),
            "Its bit in the issuer's list of suspensions, a JWT too, is clear.",
        )
        .verdict("3.0", "valid")
        .passed(["revocation.status"]);
    let suspended = with(&clockmaker("7"), "/credentialStatus", entry(SUSPENDED));
    suite
        .badge(
            "ob3/jwt-suspended.png",
            baked(&image::png(), &sign(&suspended), Standard::OpenBadges3),
            "Its bit is set: suspended is revoked, for a time.",
        )
        .verdict("3.0", "revoked")
        .passed(["proof.signature", "key.controller"])
        .failed(["revocation.status"]);
}

/// Badges that were changed, or whose claims say otherwise.
fn by_kid_changed(suite: &mut Suite, key: &Ed25519) {
    let badge = clockmaker("1");
    let jws = key.jws(&kid(MUSEUM_KEY), &payload(&badge));
    let identity = "/credentialSubject/identifier/0/identityHash";
    let stolen = with(&badge, identity, hashed(BOB, "spindrift"));
    let tampered = tampered_jws(&jws, &payload(&stolen));
    suite
        .badge(
            "ob3/jwt-tampered.jws",
            tampered.clone(),
            "The payload was changed after it was signed, to name somebody else.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    suite
        .badge(
            "ob3/jwt-tampered.svg",
            baked(image::svg().as_bytes(), &tampered, Standard::OpenBadges3),
            "The same, baked into an SVG.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    suite
        .badge(
            "ob3/jwt-none.jws",
            unsigned_jws(&kid(MUSEUM_KEY), &payload(&badge)),
            "The algorithm `none`: anybody can write that.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.algorithm"]);
    let claims = with(&payload(&badge), "/iss", OBSERVATORY);
    suite
        .badge(
            "ob3/jwt-claims.jws",
            key.jws(&kid(MUSEUM_KEY), &claims),
            "The claim `iss` names another issuer than the credential.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["proof.claims"]);
    let nameless = without(&badge, "/credentialSubject/achievement/name");
    suite
        .badge(
            "ob3/jwt-nameless.jws",
            key.jws(&kid(MUSEUM_KEY), &payload(&nameless)),
            "Well signed, but the achievement lacks a required member.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["structure.required"]);
}

/// Badges by keys that are not the issuer's, or no longer.
fn by_kid_of_others(suite: &mut Suite, museum: &Ed25519) {
    let badge = payload(&clockmaker("8"));
    suite
        .badge(
            "ob3/jwt-retired.jws",
            museum.jws(&kid("https://museum.example/issuer.json#key-0"), &badge),
            "The issuer's document no longer holds the key that `kid` names.",
        )
        .verdict("3.0", "invalid")
        .failed(["key.linked"]);
    let mallory = Ed25519::of("mallory.example");
    let document = "https://mallory.example/issuer.json";
    let name = "https://mallory.example/issuer.json#key-1";
    suite.publish(
        document,
        &json!({
            "id": document,
            "verificationMethod": [{
                "id": name,
                "type": "Multikey",
                "controller": document,
                "publicKeyMultibase": mallory.multikey(),
            }],
            "assertionMethod": [name],
        }),
    );
    suite
        .badge(
            "ob3/jwt-of-another.jws",
            mallory.jws(&kid(name), &badge),
            "Well signed, by a key whose controller is somebody else, and the issuer's host has no key set.",
        )
        .with(Document::status("https://museum.example/.well-known/jwks.json", 404))
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["key.controller"]);
    suite
        .badge(
            "ob3/jwt-unbound.jws",
            mallory.jws(&json!({"jwk": mallory.jwk()}), &badge),
            "Well signed, by a key in the header that nothing binds to the issuer.",
        )
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["key.controller"]);
    let expired = payload(&with(&clockmaker("8"), "/validUntil", "2026-04-01T00:00:00Z"));
    suite
        .badge(
            "ob3/jwt-unbound-expired.jws",
            mallory.jws(&json!({"jwk": mallory.jwk()}), &expired),
            "An unbound key, and its time is over: expired does not rest on the binding.",
        )
        .verdict("3.0", "expired")
        .inconclusive(["key.controller"])
        .failed(["time.expiry"]);
}

/// VC 1.1 with RS256, by a key in the header that the issuer's host publishes.
fn by_key_set(suite: &mut Suite, key: &Rsa) {
    let published = with(&with(&key.jwk(), "/kid", "2026"), "/use", "sig");
    suite.publish(KEY_SET, &json!({"keys": [published]}));
    let badge = payload_1(&credential_1(
        "https://observatory.example/credentials/1",
        &json!({"id": OBSERVATORY, "type": ["Profile"], "name": "Harbour Hill Observatory"}),
        &achievement(
            "https://observatory.example/achievements/meteors",
            "Meteor Counter",
            "Counts the Perseids for a night and gets the sums right.",
            "A signed log of at least four hours of clear sky.",
        ),
    ));
    let header = json!({"jwk": key.jwk()});
    suite.badge_in_every_form(
        "ob3/jwt-rs256",
        &key.jws(&header, &badge),
        Standard::OpenBadges3,
        [
            "VC 1.1 in a JWT with RS256; the header's key is in the key set of the issuer's host.",
            "The same, baked into a PNG.",
            "The same, baked into an SVG.",
        ],
        |case| {
            case.verdict("3.0", "valid")
                .passed(["proof.signature", "proof.claims", "key.controller"])
                .known(ADA, "match");
        },
    );
    suite
        .again(
            "ob3/jwt-rs256.jws",
            "ob3-jwt-rs256-no-key-set",
            "The issuer's host publishes no key set, so nothing binds the key.",
        )
        .with(Document::status(KEY_SET, 404))
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["key.controller"]);
    let stranger = Rsa::stranger();
    suite
        .badge(
            "ob3/jwt-rs256-by-stranger.jws",
            stranger.jws(&json!({"jwk": stranger.jwk()}), &badge),
            "The issuer's key set does not hold the key in the header.",
        )
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["key.controller"]);
    suite
        .badge(
            "ob3/jwt-rs256-confused.jws",
            stranger.jws(&header, &badge),
            "A stranger signed, and put the issuer's key into the header.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
}

/// A badge whose issuer is its key: nothing has to be fetched.
fn by_did(suite: &mut Suite) {
    let key = Ed25519::of("the kite society");
    let badge = credential(
        "urn:uuid:3c1c8d9e-0e75-4d2b-8d67-5b6a35c7a001",
        &json!({"id": key.did(), "type": ["Profile"], "name": "Kite Society"}),
        &achievement(
            "urn:uuid:3c1c8d9e-0e75-4d2b-8d67-5b6a35c7a002",
            "Box Kite",
            "Builds a box kite that flies.",
            "Ten minutes in the air.",
        ),
    );
    suite
        .badge(
            "ob3/jwt-did-key.jws",
            key.jws(&kid(&key.did_method()), &payload(&badge)),
            "The issuer is a did:key, which holds its key: all is there without asking anybody.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "key.linked", "key.controller"])
        .known(ADA, "match");
}
