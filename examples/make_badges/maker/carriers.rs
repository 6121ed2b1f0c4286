//! Files in which no badge is found, or more than one.

use openbadges::unbake::Standard;
use serde_json::json;

use super::edit::with;
use super::image;
use super::keys::Ed25519;
use super::suite::{Suite, baked, pretty};

pub(super) fn make(suite: &mut Suite) {
    without_badge(suite);
    with_several(suite);
    no_badges(suite);
}

/// A badge that anybody may read.
fn plain(name: &str) -> String {
    json!({"type": ["VerifiableCredential", "OpenBadgeCredential"], "name": name}).to_string()
}

fn without_badge(suite: &mut Suite) {
    suite.badge("blank.png", image::png(), "A PNG without a badge.").error("not-baked");
    suite.badge("blank.svg", image::svg(), "An SVG without a badge.").error("not-baked");
    let keyword = Standard::OpenBadges3.keyword();
    let damaged = image::png_with(&[(keyword, &plain("Damaged"))]);
    let text = damaged.windows(7).position(|window| window == b"Damaged").expect("the text is in the image");
    let mut damaged = damaged;
    *damaged.get_mut(text).expect("it was just found") = b'd';
    suite
        .badge(
            "files/damaged.png",
            damaged,
            "The checksum of the chunk with the badge is wrong: as if it were not there.",
        )
        .error("not-baked");
    let svg = baked(image::svg().as_bytes(), &plain("Cut"), Standard::OpenBadges3);
    let cut = svg.strip_suffix(b"</svg>\n").expect("it ends like that");
    suite
        .badge("files/cut.svg", cut, "An SVG that does not end: as if its badge were not there.")
        .error("not-baked");
    let malformed = image::png_with(&[(keyword, "{\"type\": [\"OpenBadgeCredential\"")]);
    suite.badge("files/malformed.png", malformed, "The text that is baked in is no JSON.").error("malformed");
}

fn with_several(suite: &mut Suite) {
    let keyword = Standard::OpenBadges3.keyword();
    let differing = image::png_with(&[(keyword, &plain("One")), (keyword, &plain("Another"))]);
    suite
        .badge(
            "files/ambiguous.png",
            differing,
            "Two badges of one version that differ: nobody can say which is meant.",
        )
        .error("ambiguous");
    let key = Ed25519::of("the kite society");
    let issuer = json!({"id": key.did(), "type": ["Profile"], "name": "Kite Society"});
    let badge = super::ob3::credential(
        "urn:uuid:3c1c8d9e-0e75-4d2b-8d67-5b6a35c7a003",
        &issuer,
        &super::ob3::achievement(
            "urn:uuid:3c1c8d9e-0e75-4d2b-8d67-5b6a35c7a004",
            "Night Flight",
            "Flies a kite with a lamp on it.",
            "No trees, no wires.",
        ),
    );
    let proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": key.did_method(),
        "proofPurpose": "assertionMethod",
    });
    let badge = key.seal(&badge, &proof).to_string();
    let older = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://kites.example/assertions/1.json",
        "verification": {"type": "HostedBadge"},
    });
    let both = baked(&image::png(), &older.to_string(), Standard::OpenBadges2);
    suite
        .badge(
            "files/both-versions.png",
            baked(&both, &badge, Standard::OpenBadges3),
            "An Open Badges 2.0 and a 3.0 badge in one image: the newer one is judged, and the other is told of.",
        )
        .verdict("3.0", "valid")
        .failed(["carrier.single"]);
    let twice = image::png_with(&[(keyword, &badge), (keyword, &badge)]);
    suite
        .badge("files/twice.png", twice, "The same badge twice: it is one badge.")
        .verdict("3.0", "valid")
        .failed(["carrier.single"]);
}

fn no_badges(suite: &mut Suite) {
    let badge = json!({"type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Cut"});
    let text = pretty(&badge);
    let cut = text.trim_end().strip_suffix('}').expect("it ends like that");
    suite.badge("files/cut.json", cut, "JSON that ends too early.").error("malformed");
    suite
        .badge(
            "files/twofold.json",
            "{\"type\": \"Assertion\", \"id\": \"https://a.example/1\", \"id\": \"https://b.example/1\"}\n",
            "A member that is there twice: readers would differ in which one they see.",
        )
        .error("malformed");
    suite
        .badge(
            "files/recipe.json",
            pretty(&json!({"name": "Pancakes", "eggs": 3})),
            "JSON of something else.",
        )
        .error("not-a-badge");
    let class = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "BadgeClass",
        "id": "https://rowing.example/badges/single-scull.json",
    });
    suite
        .badge(
            "files/badge-class.json",
            pretty(&with(&class, "/name", "Single Scull")),
            "A badge class, which nobody was awarded.",
        )
        .error("not-an-assertion");
    suite
        .badge(
            "files/letter.txt",
            "Dear reader, this is no badge.\n",
            "None of the formats in which badges come.",
        )
        .error("unrecognized");
}
