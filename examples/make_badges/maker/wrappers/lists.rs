//! Lists, and images with several carriers.

use openbadges::unbake::Standard;
use serde_json::{Value, json};

use super::super::image;
use super::super::suite::{Suite, baked, pretty};
use super::People;

pub(super) fn make(suite: &mut Suite, people: &People) {
    arrays(suite, people);
    images(suite, people);
}

/// A hosted badge of Open Badges 2.0, by the host's name.
fn hosted(host: &str) -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": format!("https://{host}/assertions/1.json"),
        "verification": {"type": "HostedBadge"},
    })
}

fn arrays(suite: &mut Suite, people: &People) {
    suite
        .badge(
            "wrappers/list-of-one.json",
            pretty(&json!([people.badge(60)])),
            "A list of one badge is one badge.",
        )
        .verdict("3.0", "valid")
        .within([]);
    suite
        .badge(
            "wrappers/list.json",
            pretty(
                &json!([people.token(61), hosted("kites.example"), people.tampered(62), {"type": "Recipe"}]),
            ),
            "A list of badges of both versions, and of something else.",
        )
        .error("several-badges");
    suite
        .again(
            "wrappers/list.json",
            "wrappers-list-each",
            "Each badge by itself; nobody answers for the list.",
        )
        .all(["valid", "unverified", "invalid"])
        .within([])
        .left_aside(1);
    suite
        .again("wrappers/list.json", "wrappers-list-second", "The hosted badge of the list.")
        .about_badge(2)
        .verdict("2.0", "unverified");
    suite
        .badge(
            "wrappers/list-of-lists.json",
            pretty(&json!([[people.badge(63)]])),
            "A list in a list is nothing that anybody makes: there is no badge.",
        )
        .error("not-an-assertion");
    suite.badge("wrappers/list-empty.json", "[]\n", "A list of nothing.").error("not-an-assertion");
    suite
        .again(
            "wrappers/list-empty.json",
            "wrappers-list-empty-each",
            "A list of nothing is no badge either way.",
        )
        .error("not-an-assertion")
        .about_badge(1);
    let both = json!([people.presentation(json!([people.badge(64)])), people.badge(65)]);
    suite
        .badge("wrappers/list-of-both.json", pretty(&both), "A list of a presentation and a badge.")
        .all(["valid", "valid"])
        .within(["valid"]);
}

fn images(suite: &mut Suite, people: &People) {
    suite
        .again(
            "files/both-versions.png",
            "wrappers-both-versions-each",
            "The badges of both versions that one image carries, the newer one first.",
        )
        .all(["valid", "unverified"]);
    suite
        .again("files/both-versions.png", "wrappers-both-versions-older", "The older one of the two.")
        .about_badge(2)
        .verdict("2.0", "unverified")
        .failed(["carrier.single"]);
    suite
        .again(
            "files/ambiguous.png",
            "wrappers-ambiguous-each",
            "Two of one version that differ stay ambiguous.",
        )
        .error("ambiguous")
        .about_badge(1);
    let keyword = Standard::OpenBadges2.keyword();
    let (one, another) = (hosted("one.example").to_string(), hosted("another.example").to_string());
    let differing = image::png_with(&[(keyword, &one), (keyword, &another)]);
    suite
        .badge(
            "wrappers/older-differ.png",
            baked(&differing, &people.badge(66).to_string(), Standard::OpenBadges3),
            "The older version is carried twice, and differs: it is left aside.",
        )
        .all(["valid"])
        .left_aside(1);
    let several = people.presentation(json!([people.badge(67), people.badge(68)])).to_string();
    suite
        .badge(
            "wrappers/several.png",
            image::png_with(&[(Standard::OpenBadges3.keyword(), &several)]),
            "A presentation of two badges, baked into an image.",
        )
        .error("several-badges");
    suite
        .again("wrappers/several.png", "wrappers-several-png-each", "Each of the two.")
        .all(["valid", "valid"])
        .within(["valid"]);
}
