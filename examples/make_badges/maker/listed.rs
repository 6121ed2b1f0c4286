//! Of the suite `status`: lists of ids in which a badge stands in another spelling than its own. Nobody knows whether it was
//! meant.

use serde_json::{Value, json};

use super::lists::{LIST, badge_called, ferry, served};
use super::suite::Suite;

pub(super) fn make(suite: &mut Suite) {
    let status = || json!({"id": LIST, "type": "1EdTechRevocationList"});
    suite.file("badges/called-address.jws", badge_called("https://ferry.example/badges/1", status()));
    suite.file(
        "badges/called-uuid.jws",
        badge_called("urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e0000ab", status()),
    );
    suite.file("badges/called-accent.jws", badge_called("https://ferry.example/badges/%C3%A9", status()));
    for (badge, name, listed) in [
        ("address", "http", json!({"id": "http://ferry.example/badges/1"})),
        ("address", "slash", json!({"id": "https://ferry.example/badges/1/"})),
        ("address", "fragment", json!({"id": "https://ferry.example/badges/1#"})),
        ("address", "query", json!("https://ferry.example/badges/1?")),
        ("address", "blank", json!({"id": " https://ferry.example/badges/1"})),
        ("address", "encoded", json!({"id": "https://ferry.example/b%61dges/1"})),
        ("address", "all-at-once", json!({"id": " HTTP://FERRY.example:80/b%61dges/1/#\n"})),
        ("address", "schemeless", json!("ferry.example/badges/1")),
        ("address", "uid", json!({"uid": "https://ferry.example/badges/1"})),
        ("accent", "encoded-in-small-letters", json!({"id": "https://ferry.example/badges/%c3%a9"})),
        ("accent", "decoded", json!({"id": "https://ferry.example/badges/\u{e9} "})),
        ("uuid", "bare", json!({"id": "b7c41d54-7f8e-4c53-9a1d-2b6d1e0000ab"})),
        ("uuid", "bare-in-capitals", json!("B7C41D54-7F8E-4C53-9A1D-2B6D1E0000AB")),
        ("uuid", "blank-at-the-end", json!({"id": "urn:uuid:b7c41d54-7f8e-4c53-9a1d-2b6d1e0000ab "})),
    ] {
        let name = format!("suspected-{badge}-{name}");
        let answer = served(suite, &name, &list(&[listed]));
        let path = format!("badges/called-{badge}.jws");
        let about = "What the list names may be the badge, in another spelling of its id.";
        suite
            .again(&path, &name, about)
            .with(answer.clone())
            .verdict("3.0", "unverified")
            .passed(["proof.signature"])
            .inconclusive(["revocation.list"]);
        suite
            .again(
                &path,
                &format!("{name}-allowed"),
                "The same, under a policy that lets an unknown status pass.",
            )
            .with(answer)
            .under(json!({"unknownRevocation": "allow"}))
            .verdict("3.0", "valid")
            .inconclusive(["revocation.list"]);
    }
    let own = json!({"id": "https://ferry.example:443/badges/1"});
    let answer = served(suite, "suspected-and-listed", &list(&[json!("http://ferry.example/badges/1"), own]));
    suite
        .again("badges/called-address.jws", "suspected-and-listed", "The badge itself is listed, too.")
        .with(answer)
        .verdict("3.0", "revoked")
        .failed(["revocation.list"]);
    for (name, listed) in [
        ("longer", json!("https://ferry.example/badges/11")),
        ("in-capitals", json!("https://ferry.example/Badges/1")),
        ("elsewhere", json!("https://www.ferry.example/badges/1")),
        ("part", json!("https://ferry.example/badges/1#helm")),
        ("taken-back", json!({"id": "http://ferry.example/badges/1", "revoked": false})),
    ] {
        let name = format!("not-suspected-{name}");
        let answer = served(suite, &name, &list(&[listed]));
        suite
            .again("badges/called-address.jws", &name, "What the list names is another badge.")
            .with(answer)
            .verdict("3.0", "valid")
            .passed(["revocation.list"]);
    }
}

fn list(entries: &[Value]) -> Value {
    json!({"id": LIST, "issuer": ferry().did(), "revokedCredential": entries})
}
