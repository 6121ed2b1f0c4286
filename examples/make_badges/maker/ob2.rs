//! Open Badges 2.0: the badges of a rowing club, hosted and signed.

use openbadges::unbake::Standard;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::edit::{with, without};
use super::image;
use super::keys::{Rsa, hmac_jws, tampered_jws, unsigned_jws};
use super::suite::{Case, Document, Suite, baked, pretty};

const CONTEXT: &str = "https://w3id.org/openbadges/v2";
const ISSUER: &str = "https://rowing.example/issuer.json";
const KEY: &str = "https://rowing.example/keys/1.json";
const BADGE_CLASS: &str = "https://rowing.example/badges/single-scull.json";
const REVOCATION_LIST: &str = "https://rowing.example/revoked.json";

/// The hosted badge that is as it should be.
const HOSTED: &str = "https://rowing.example/assertions/1.json";
/// The signed badge that is as it should be.
const SIGNED: &str = "urn:uuid:9d3fae10-52b1-4c3e-9a55-2c1d7f0e6a01";
/// The signed badge that the issuer's list names.
const SIGNED_AND_REVOKED: &str = "urn:uuid:9d3fae10-52b1-4c3e-9a55-2c1d7f0e6a02";

/// Whom the badges were awarded to.
pub(super) const ADA: &str = "ada@example.com";
/// Somebody else.
pub(super) const BOB: &str = "bob@example.net";

/// What the specification calls an IdentityHash.
pub(super) fn hashed(identity: &str, salt: &str) -> String {
    let digest = Sha256::digest(format!("{identity}{salt}"));
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256${digits}")
}

pub(super) fn make(suite: &mut Suite) {
    let key = Rsa::rowing();
    documents(suite, &key);
    hosted(suite);
    hosted_elsewhere(suite);
    hosted_and_changed(suite);
    signed(suite, &key);
    signed_by_others(suite, &key);
}

/// What the club serves.
fn documents(suite: &mut Suite, key: &Rsa) {
    suite.publish(
        ISSUER,
        &json!({
            "@context": CONTEXT,
            "type": "Issuer",
            "id": ISSUER,
            "name": "Tidewater Rowing Club",
            "url": "https://rowing.example/",
            "email": "badges@rowing.example",
            "publicKey": KEY,
            "revocationList": REVOCATION_LIST,
        }),
    );
    suite.publish(
        BADGE_CLASS,
        &json!({
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": BADGE_CLASS,
            "name": "Single Scull",
            "description": "Rows a single scull alone, upwind and down, and comes back dry.",
            "image": "https://rowing.example/badges/single-scull.png",
            "criteria": {"narrative": "Round the harbour buoy and land without help."},
            "issuer": ISSUER,
            "tags": ["rowing", "single scull"],
        }),
    );
    suite.publish(
        KEY,
        &json!({
            "@context": CONTEXT,
            "type": "CryptographicKey",
            "id": KEY,
            "owner": ISSUER,
            "publicKeyPem": key.pem(),
        }),
    );
    suite.publish(
        REVOCATION_LIST,
        &json!({
            "@context": CONTEXT,
            "type": "RevocationList",
            "id": REVOCATION_LIST,
            "issuer": ISSUER,
            "revokedAssertions": [{"id": SIGNED_AND_REVOKED, "revocationReason": "Awarded to the wrong crew."}],
        }),
    );
}

fn assertion(id: &str, verification: &Value) -> Value {
    json!({
        "@context": CONTEXT,
        "type": "Assertion",
        "id": id,
        "recipient": {"type": "email", "hashed": true, "salt": "spindrift", "identity": hashed(ADA, "spindrift")},
        "badge": BADGE_CLASS,
        "verification": verification,
        "issuedOn": "2026-03-01T09:00:00Z",
        "expires": "2031-03-01T09:00:00Z",
        "evidence": {"narrative": "Rowed on 28 February, wind 4 from the west."},
    })
}

fn hosted_assertion(id: &str) -> Value {
    assertion(id, &json!({"type": "HostedBadge"}))
}

fn hosted_valid(case: &mut Case) {
    case.verdict("2.0", "valid")
        .passed(["hosted.content", "hosted.scope", "time.expiry", "revocation.hosted", "revocation.list"])
        .known(ADA, "match");
}

/// Hosted badges, and what becomes of them.
fn hosted(suite: &mut Suite) {
    let badge = hosted_assertion(HOSTED);
    suite.publish(HOSTED, &badge);
    suite.badge_in_every_form(
        "ob2/hosted",
        &badge.to_string(),
        Standard::OpenBadges2,
        [
            "A hosted assertion: its URL serves it, on the host of its issuer.",
            "The same, baked into a PNG.",
            "The same, baked into an SVG.",
        ],
        hosted_valid,
    );
    suite
        .badge("ob2/hosted.url", format!("{HOSTED}\n"), "Nothing but the URL of a hosted assertion.")
        .verdict("2.0", "valid")
        .passed(["hosted.content", "hosted.scope"])
        .known(ADA, "match");
    suite
        .again(
            "ob2/hosted.png",
            "ob2-hosted-of-somebody-else",
            "A valid badge, presented by somebody to whom it was not awarded.",
        )
        .verdict("2.0", "valid")
        .known(BOB, "mismatch");
    suite
        .again(
            "ob2/hosted.png",
            "ob2-hosted-of-nobody-known",
            "A valid badge, and nothing known of the person who presents it.",
        )
        .verdict("2.0", "valid")
        .passed(["hosted.content"]);
    suite
        .again(
            "ob2/hosted.png",
            "ob2-hosted-distrusted",
            "A valid badge of an issuer that the policy does not name.",
        )
        .under(json!({"trustedIssuers": ["https://library.example/issuer.json"]}))
        .verdict("2.0", "unverified")
        .inconclusive(["issuer.trusted"]);
    suite
        .again(
            "ob2/hosted.png",
            "ob2-hosted-offline",
            "The host does not answer: the text in hand only names the URL.",
        )
        .with(Document::timeout(HOSTED))
        .verdict("2.0", "unverified")
        .inconclusive(["resource.available", "hosted.content", "time.expiry"]);
    suite
        .again("ob2/hosted.png", "ob2-hosted-missing", "404 is no answer about the badge, and no revocation.")
        .with(Document::status(HOSTED, 404))
        .verdict("2.0", "unverified")
        .inconclusive(["resource.available", "hosted.content"]);
    suite
        .again("ob2/hosted.png", "ob2-hosted-gone", "410 at the assertion's own URL revokes it.")
        .with(Document::status(HOSTED, 410))
        .verdict("2.0", "revoked")
        .failed(["revocation.hosted"]);
    suite
        .again(
            "ob2/hosted.json",
            "ob2-hosted-no-issuer",
            "The issuer's profile cannot be had: nobody speaks for the badge.",
        )
        .with(Document::timeout(ISSUER))
        .verdict("2.0", "unverified")
        .passed(["hosted.content"])
        .inconclusive(["resource.available", "hosted.scope"]);
    suite
        .again(
            "ob2/hosted.json",
            "ob2-hosted-list-gone",
            "The issuer names a revocation list, which is gone: 410 is an absence there.",
        )
        .with(Document::status(REVOCATION_LIST, 410))
        .verdict("2.0", "unverified")
        .inconclusive(["revocation.list"]);

    let url = "https://rowing.example/assertions/2.json";
    let expired = with(&hosted_assertion(url), "/expires", "2026-05-31T23:59:59Z");
    suite.publish(url, &expired);
    suite
        .badge("ob2/hosted-expired.json", pretty(&expired), "A hosted assertion whose time is over.")
        .verdict("2.0", "expired")
        .passed(["hosted.content", "hosted.scope"])
        .failed(["time.expiry"])
        .known(ADA, "match");

    let url = "https://rowing.example/assertions/3.json";
    suite.publish(
        url,
        &json!({"@context": CONTEXT, "id": url, "revoked": true, "revocationReason": "Rowed by a friend."}),
    );
    suite
        .badge(
            "ob2/hosted-revoked.svg",
            baked(image::svg().as_bytes(), &hosted_assertion(url).to_string(), Standard::OpenBadges2),
            "The URL serves a notice that the badge was revoked, and why.",
        )
        .verdict("2.0", "revoked")
        .failed(["revocation.hosted"]);

    let url = "https://rowing.example/assertions/4.json";
    let early = with(&hosted_assertion(url), "/issuedOn", "2026-06-01T12:10:00Z");
    suite.publish(url, &early);
    suite
        .badge(
            "ob2/hosted-not-yet.json",
            pretty(&early),
            "Issued ten minutes from now, which no clock skew excuses.",
        )
        .verdict("2.0", "invalid")
        .failed(["time.not-before"]);

    let url = "https://rowing.example/assertions/5.json";
    let undated = without(&hosted_assertion(url), "/issuedOn");
    suite.publish(url, &undated);
    suite
        .badge("ob2/hosted-undated.json", pretty(&undated), "The hosted assertion lacks a required member.")
        .verdict("2.0", "invalid")
        .failed(["structure.required"]);
}

/// Assertions that are hosted where the issuer does not speak.
fn hosted_elsewhere(suite: &mut Suite) {
    let url = "https://mallory.example/assertions/1.json";
    let forged = hosted_assertion(url);
    suite.publish(url, &forged);
    suite
        .badge(
            "ob2/hosted-elsewhere.json",
            pretty(&forged),
            "Hosted by somebody else, with the club's badge class.",
        )
        .verdict("2.0", "invalid")
        .passed(["hosted.content"])
        .failed(["hosted.scope"]);

    let url = "https://rowing.example/assertions/6.json";
    let moved = hosted_assertion(url);
    let served = suite.serve("https://mallory.example/assertions/6.json", &moved);
    suite
        .badge(
            "ob2/hosted-redirected.json",
            pretty(&moved),
            "The issuer's host redirects to another origin, which may not speak for it.",
        )
        .with(served.redirected_from(url))
        .verdict("2.0", "unverified")
        .inconclusive(["resource.origin"]);
}

/// Copies that say other than what is hosted.
fn hosted_and_changed(suite: &mut Suite) {
    let changed = with(&hosted_assertion(HOSTED), "/recipient/identity", hashed(BOB, "spindrift"));
    let changed = with(&changed, "/evidence/narrative", "Rowed across the ocean.");
    suite
        .badge(
            "ob2/hosted-changed.png",
            baked(&image::png(), &changed.to_string(), Standard::OpenBadges2),
            "The baked copy was changed to name somebody else: the hosted assertion counts, whose badge it is not.",
        )
        .verdict("2.0", "valid")
        .passed(["hosted.content"])
        .failed(["hosted.differs"])
        .known(BOB, "mismatch");

    let renewed = with(
        &hosted_assertion("https://rowing.example/assertions/2.json"),
        "/expires",
        "2036-01-01T00:00:00Z",
    );
    suite
        .badge(
            "ob2/hosted-renewed.png",
            baked(&image::png(), &renewed.to_string(), Standard::OpenBadges2),
            "The baked copy of an expired badge was given ten more years: the hosted assertion has expired.",
        )
        .verdict("2.0", "expired")
        .failed(["hosted.differs", "time.expiry"]);
}

fn signed_assertion(id: &str) -> Value {
    assertion(id, &json!({"type": "SignedBadge", "creator": KEY}))
}

/// Signed badges, and what becomes of them.
fn signed(suite: &mut Suite, key: &Rsa) {
    let badge = signed_assertion(SIGNED);
    let jws = key.jws(&json!({}), &badge);
    suite.badge_in_every_form(
        "ob2/signed",
        &jws,
        Standard::OpenBadges2,
        [
            "An assertion signed with RS256 by the key that its issuer's profile lists.",
            "The same, baked into a PNG.",
            "The same, baked into an SVG.",
        ],
        |case| {
            case.verdict("2.0", "valid")
                .passed(["proof.signature", "key.linked", "time.expiry", "revocation.list"])
                .known(ADA, "match");
        },
    );
    suite
        .again(
            "ob2/signed.jws",
            "ob2-signed-offline",
            "The issuer's profile cannot be had, so nobody says whose key it is.",
        )
        .with(Document::timeout(ISSUER))
        .verdict("2.0", "unverified")
        .inconclusive(["resource.available", "key.linked", "proof.signature", "time.expiry"]);
    suite
        .again("ob2/signed.jws", "ob2-signed-no-key", "The profile lists the key, which cannot be had.")
        .with(Document::status(KEY, 503))
        .verdict("2.0", "unverified")
        .passed(["key.linked"])
        .inconclusive(["resource.available", "proof.signature"]);
    suite
        .again(
            "ob2/signed.png",
            "ob2-signed-no-list",
            "The issuer names a revocation list, which cannot be had.",
        )
        .with(Document::timeout(REVOCATION_LIST))
        .verdict("2.0", "unverified")
        .passed(["proof.signature"])
        .inconclusive(["revocation.list"]);
    suite
        .again(
            "ob2/signed.png",
            "ob2-signed-no-list-allowed",
            "The same, under a policy that takes badges whose revocation is unknown.",
        )
        .under(json!({"unknownRevocation": "allow"}))
        .with(Document::timeout(REVOCATION_LIST))
        .verdict("2.0", "valid")
        .passed(["proof.signature"])
        .inconclusive(["revocation.list"]);

    let expired = with(&badge, "/expires", "2026-04-01T00:00:00Z");
    suite
        .badge(
            "ob2/signed-expired.jws",
            key.jws(&json!({}), &expired),
            "A signed assertion whose time is over.",
        )
        .verdict("2.0", "expired")
        .passed(["proof.signature", "key.linked"])
        .failed(["time.expiry"]);
    let revoked = key.jws(&json!({}), &signed_assertion(SIGNED_AND_REVOKED));
    suite
        .badge(
            "ob2/signed-revoked.png",
            baked(&image::png(), &revoked, Standard::OpenBadges2),
            "A signed assertion that the issuer's revocation list names.",
        )
        .verdict("2.0", "revoked")
        .passed(["proof.signature"])
        .failed(["revocation.list"]);
    let early = with(&badge, "/issuedOn", "2026-07-01T00:00:00Z");
    suite
        .badge("ob2/signed-not-yet.jws", key.jws(&json!({}), &early), "A signed assertion of next month.")
        .verdict("2.0", "invalid")
        .passed(["proof.signature"])
        .failed(["time.not-before"]);
}

/// Badges that say they are signed, and are not, or by somebody else.
fn signed_by_others(suite: &mut Suite, key: &Rsa) {
    let badge = signed_assertion(SIGNED);
    let changed = with(&badge, "/recipient/identity", hashed(BOB, "spindrift"));
    let jws = key.jws(&json!({}), &badge);
    suite
        .badge(
            "ob2/signed-tampered.jws",
            tampered_jws(&jws, &changed),
            "The payload was changed after it was signed, to name somebody else.",
        )
        .verdict("2.0", "invalid")
        .passed(["key.linked"])
        .failed(["proof.signature"]);
    let stranger = Rsa::stranger();
    suite
        .badge(
            "ob2/signed-by-stranger.jws",
            stranger.jws(&json!({}), &badge),
            "A stranger signed, and named the issuer's key.",
        )
        .verdict("2.0", "invalid")
        .failed(["proof.signature"]);
    let url = "https://mallory.example/keys/1.json";
    suite.publish(
        url,
        &json!({"@context": CONTEXT, "type": "CryptographicKey", "id": url, "owner": ISSUER, "publicKeyPem": stranger.pem()}),
    );
    let unlinked = with(&badge, "/verification/creator", url);
    suite
        .badge(
            "ob2/signed-unlinked.jws",
            stranger.jws(&json!({}), &unlinked),
            "Well signed, by a key that claims the issuer as its owner and that the issuer does not list.",
        )
        .verdict("2.0", "invalid")
        .failed(["key.linked"]);
    suite
        .badge(
            "ob2/signed-none.jws",
            unsigned_jws(&json!({}), &badge),
            "The algorithm `none`: anybody can write that.",
        )
        .verdict("2.0", "invalid")
        .failed(["proof.algorithm"]);
    suite
        .badge(
            "ob2/signed-hmac.jws",
            hmac_jws(&key.pem(), &json!({}), &badge),
            "HS256 with the issuer's public key as the secret, which everybody knows.",
        )
        .verdict("2.0", "invalid")
        .failed(["proof.algorithm"]);
    suite
        .badge(
            "ob2/signed-without-jws.json",
            pretty(&badge),
            "It says that it is signed, and came without its signature.",
        )
        .verdict("2.0", "unverified")
        .inconclusive(["proof.present"]);
}
