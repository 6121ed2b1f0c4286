//! Open Badges 3.0 with Data Integrity: a library signs with eddsa-rdfc-2022, a chess club with Ed25519Signature2020.

use openbadges::unbake::Standard;
use serde_json::{Value, json};

use super::edit::{with, without};
use super::image;
use super::keys::Ed25519;
use super::ob2::{ADA, BOB, hashed};
use super::ob3::{OPEN_BADGES, VC_1, achievement, credential, credential_1, status_entry, status_list};
use super::suite::{Case, Document, Suite, baked, pretty};

const LIBRARY: &str = "did:web:library.example";
const LIBRARY_KEY: &str = "did:web:library.example#key-1";
/// A key of the library's that is for logging in, and not for badges.
const LOGIN_KEY: &str = "did:web:library.example#key-2";
const REVOCATIONS: &str = "https://library.example/status/revocation.json";
const FORGED_LIST: &str = "https://library.example/status/forged.json";

/// The place of the revoked badge in its list.
const REVOKED: usize = 94_567;

pub(super) fn make(suite: &mut Suite) {
    let library = Ed25519::of("library.example");
    publish_library(suite, &library);
    valid(suite, &library);
    in_time(suite, &library);
    changed(suite, &library);
    with_other_proofs(suite, &library);
    by_others(suite);
    of_2020(suite);
}

fn proof(method: &str) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    })
}

fn publish_library(suite: &mut Suite, key: &Ed25519) {
    let method = |id: &str, key: &Ed25519| json!({"id": id, "type": "Multikey", "controller": LIBRARY, "publicKeyMultibase": key.multikey()});
    suite.publish(
        LIBRARY,
        &json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": LIBRARY,
            "verificationMethod": [method(LIBRARY_KEY, key), method(LOGIN_KEY, &login_key())],
            "assertionMethod": [LIBRARY_KEY],
            "authentication": [LOGIN_KEY],
        }),
    );
    let list = status_list(REVOCATIONS, LIBRARY, "revocation", &[REVOKED]);
    suite.publish(REVOCATIONS, &key.seal(&list, &proof(LIBRARY_KEY)));
    // Whoever forges a list clears all bits.
    let forged = status_list(FORGED_LIST, LIBRARY, "revocation", &[]);
    suite.publish(FORGED_LIST, &Ed25519::of("mallory.example").seal(&forged, &proof(LIBRARY_KEY)));
}

fn login_key() -> Ed25519 {
    Ed25519::of("library.example, to log in")
}

fn storyteller(number: u8) -> Value {
    credential(
        &format!("urn:uuid:5e0f6f2e-7d3c-4b8e-9f2d-0c8f6b1a20{number:02}"),
        &json!({"id": LIBRARY, "type": ["Profile"], "name": "Lighthouse Library"}),
        &achievement(
            "https://library.example/achievements/storyteller",
            "Storyteller",
            "Tells a story that keeps a room awake.",
            "One evening, one story, no notes.",
        ),
    )
}

fn with_status(badge: &Value, list: &str, index: usize) -> Value {
    with(badge, "/credentialStatus", status_entry(list, "revocation", index))
}

/// The badge that is as it should be.
fn valid(suite: &mut Suite, key: &Ed25519) {
    let badge = key.seal(&with_status(&storyteller(1), REVOCATIONS, 7), &proof(LIBRARY_KEY));
    suite.badge_in_every_form(
        "ob3/integrity",
        &badge.to_string(),
        Standard::OpenBadges3,
        [
            "VC 2.0 with eddsa-rdfc-2022, by a key of the issuer's did:web, and its bit in the status list is clear.",
            "The same in a PNG, without white space: statements are signed, and not text.",
            "The same, baked into an SVG.",
        ],
        |case| {
            case.verdict("3.0", "valid")
                .passed(["proof.context", "proof.signature", "proof.purpose", "key.linked", "key.controller"])
                .passed(["revocation.status"])
                .known(ADA, "match");
        },
    );
    suite
        .again(
            "ob3/integrity.png",
            "ob3-integrity-offline",
            "The document of the did:web cannot be had, and with it the key.",
        )
        .with(Document::timeout(LIBRARY))
        .verdict("3.0", "unverified")
        .inconclusive(["resource.available", "proof.signature", "key.controller", "time.expiry"]);
    suite
        .again("ob3/integrity.png", "ob3-integrity-no-list", "The status list cannot be had.")
        .with(Document::timeout(REVOCATIONS))
        .verdict("3.0", "unverified")
        .passed(["proof.signature", "key.controller"])
        .inconclusive(["revocation.status"]);
    suite
        .again(
            "ob3/integrity.json",
            "ob3-integrity-of-somebody-else",
            "A valid badge, presented by somebody to whom it was not awarded.",
        )
        .verdict("3.0", "valid")
        .known(BOB, "mismatch");
}

/// Badges before and after their time, and out of it.
fn in_time(suite: &mut Suite, key: &Ed25519) {
    let sign = |badge: &Value| key.seal(badge, &proof(LIBRARY_KEY));
    let expired = sign(&with(&storyteller(2), "/validUntil", "2026-05-01T00:00:00Z"));
    suite
        .badge("ob3/integrity-expired.json", pretty(&expired), "Its time is over.")
        .verdict("3.0", "expired")
        .passed(["proof.signature", "key.controller"])
        .failed(["time.expiry"]);
    let early = sign(&with(&storyteller(3), "/validFrom", "2027-01-01T00:00:00Z"));
    suite
        .badge("ob3/integrity-not-yet.json", pretty(&early), "Its time has not come.")
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["time.not-before"]);
    let revoked = sign(&with_status(&storyteller(4), REVOCATIONS, REVOKED));
    suite
        .badge(
            "ob3/integrity-revoked.png",
            baked(&image::png(), &revoked.to_string(), Standard::OpenBadges3),
            "Its bit in the issuer's list of revocations is set.",
        )
        .verdict("3.0", "revoked")
        .passed(["proof.signature", "key.controller"])
        .failed(["revocation.status"]);
    let forged = sign(&with_status(&storyteller(5), FORGED_LIST, 7));
    suite
        .badge(
            "ob3/integrity-forged-list.json",
            pretty(&forged),
            "Its bit is clear, in a list that somebody else signed: nothing is known.",
        )
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["revocation.status"]);
}

/// Badges that were changed after they were signed.
fn changed(suite: &mut Suite, key: &Ed25519) {
    let sign = |badge: &Value| key.seal(badge, &proof(LIBRARY_KEY));
    let stolen = with(
        &sign(&storyteller(6)),
        "/credentialSubject/identifier/0/identityHash",
        hashed(BOB, "spindrift"),
    );
    let failed = |case: &mut Case| {
        case.verdict("3.0", "invalid").failed(["proof.signature"]);
    };
    suite.badge_in_every_form(
        "ob3/integrity-tampered",
        &stolen.to_string(),
        Standard::OpenBadges3,
        [
            "It was changed after it was signed, to name somebody else.",
            "The same in a PNG: the baked copy was edited.",
            "The same in an SVG.",
        ],
        failed,
    );
    let added = with(&sign(&storyteller(7)), "/credentialSubject/achievement/grade", "with honours");
    suite
        .badge("ob3/integrity-undefined.json", pretty(&added), "A member that no context defines was added: to the statements it makes no difference, to readers it does.")
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
    let ended = sign(&with(&storyteller(8), "/validUntil", "2026-05-01T00:00:00Z"));
    let disguised = with(
        &ended,
        "/https:~1~1www.w3.org~12018~1credentials#validUntil",
        json!({"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": "2026-05-01T00:00:00Z"}),
    );
    let disguised = without(&disguised, "/validUntil");
    suite
        .badge("ob3/integrity-disguised.json", pretty(&disguised), "Its end was spelt otherwise after it was signed: the same statement, which readers would not find.")
        .verdict("3.0", "invalid")
        .failed(["proof.context"]);
    let unnamed = without(&storyteller(9), "/credentialSubject/identifier");
    suite
        .badge(
            "ob3/integrity-of-nobody.json",
            pretty(&sign(&unnamed)),
            "Well signed, but it does not say to whom it was awarded.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["structure.subject"]);
}

/// Proofs that are not for a badge, or not known.
fn with_other_proofs(suite: &mut Suite, key: &Ed25519) {
    suite
        .badge("ob3/integrity-unsigned.json", pretty(&storyteller(10)), "There is no proof.")
        .verdict("3.0", "unverified")
        .inconclusive(["proof.present", "proof.signature", "time.expiry"]);
    let purpose = with(&proof(LIBRARY_KEY), "/proofPurpose", "authentication");
    suite
        .badge(
            "ob3/integrity-purpose.json",
            pretty(&key.seal(&storyteller(11), &purpose)),
            "Well signed, but to log in and not to assert.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["proof.purpose"]);
    suite
        .badge(
            "ob3/integrity-login-key.json",
            pretty(&login_key().seal(&storyteller(12), &proof(LOGIN_KEY))),
            "Well signed, by a key that the issuer does not list under `assertionMethod`.",
        )
        .verdict("3.0", "invalid")
        .passed(["proof.signature"])
        .failed(["proof.purpose"]);
    let outlived = with(&proof(LIBRARY_KEY), "/expires", "2026-04-01T00:00:00Z");
    suite
        .badge(
            "ob3/integrity-proof-expired.json",
            pretty(&key.seal(&storyteller(13), &outlived)),
            "The badge has no end, but its proof had one.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.window"]);
    let unknown = key.seal(&storyteller(14), &proof(LIBRARY_KEY));
    let unknown = with(&unknown, "/proof/cryptosuite", "moon-2030");
    suite
        .badge(
            "ob3/integrity-unknown-suite.json",
            pretty(&unknown),
            "A cryptosuite that nobody knows is no sign of forgery.",
        )
        .verdict("3.0", "unverified")
        .inconclusive(["proof.algorithm", "proof.signature"]);
    let good = key.seal(&storyteller(15), &proof(LIBRARY_KEY));
    let bad = with(&good["proof"], "/created", "2026-03-01T10:00:00Z");
    let both = with(&good, "/proof", json!([bad, good["proof"]]));
    suite
        .badge(
            "ob3/integrity-two-proofs.json",
            pretty(&both),
            "Two proofs of which the first does not hold: one that does suffices.",
        )
        .verdict("3.0", "valid")
        .failed(["proof.other"]);
}

/// Badges that somebody else signed in the library's name.
fn by_others(suite: &mut Suite) {
    let mallory = Ed25519::of("mallory.example");
    let unbound = mallory.seal(&storyteller(16), &proof(&mallory.did_method()));
    suite
        .badge(
            "ob3/integrity-unbound.json",
            pretty(&unbound),
            "Well signed, by a did:key that nothing binds to the issuer.",
        )
        .verdict("3.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["key.controller"]);
    let impostor = mallory.seal(&storyteller(17), &proof(LIBRARY_KEY));
    suite
        .badge(
            "ob3/integrity-impostor.json",
            pretty(&impostor),
            "Signed by somebody else in the name of the issuer's key.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let absent = mallory.seal(&storyteller(18), &proof("did:web:library.example#key-9"));
    suite
        .badge(
            "ob3/integrity-absent-key.json",
            pretty(&absent),
            "The issuer's document does not hold the key that the proof names.",
        )
        .verdict("3.0", "invalid")
        .failed(["key.linked"]);
}

/// VC 1.1 with the older proof, by an issuer who is a key.
fn of_2020(suite: &mut Suite) {
    let key = Ed25519::of("the chess club");
    let badge = credential_1(
        "urn:uuid:71d1f2a4-9a3b-4c55-8d0e-3f0f5a9b3001",
        &json!({"id": key.did(), "type": ["Profile"], "name": "Rook and Pawn Chess Club"}),
        &achievement(
            "urn:uuid:71d1f2a4-9a3b-4c55-8d0e-3f0f5a9b3002",
            "Endgame",
            "Mates with bishop and knight.",
            "Within fifty moves, against the clock.",
        ),
    );
    let contexts = json!([VC_1, OPEN_BADGES, "https://w3id.org/security/suites/ed25519-2020/v1"]);
    let badge = with(&badge, "/@context", contexts);
    let proof = json!({
        "type": "Ed25519Signature2020",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": key.did_method(),
        "proofPurpose": "assertionMethod",
    });
    let signed = key.seal(&badge, &proof);
    suite.badge_in_every_form(
        "ob3/signature-2020",
        &signed.to_string(),
        Standard::OpenBadges3,
        [
            "VC 1.1 with Ed25519Signature2020, by an issuer whose did:key holds the key.",
            "The same, baked into a PNG.",
            "The same, baked into an SVG.",
        ],
        |case| {
            case.verdict("3.0", "valid")
                .passed(["proof.context", "proof.signature", "key.controller"])
                .known(ADA, "match");
        },
    );
    let tampered = with(&signed, "/credentialSubject/achievement/name", "Grandmaster");
    suite
        .badge(
            "ob3/signature-2020-tampered.json",
            pretty(&tampered),
            "Its name was changed after it was signed.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature"]);
    let expired = with(&badge, "/expirationDate", "2026-03-02T09:00:00Z");
    suite
        .badge(
            "ob3/signature-2020-expired.json",
            pretty(&key.seal(&expired, &proof)),
            "Its time was over after a day.",
        )
        .verdict("3.0", "expired")
        .passed(["proof.signature"])
        .failed(["time.expiry"]);
}
