//! Status lists as JWT, with claims that the list itself leaves out: nobody is required to say anything twice, and what
//! only the claims say counts.

use serde_json::{Value, json};

use super::edit::{with, without};
use super::lists::{LIST, PLACE, bits, encoded, ferry, list, unknown};
use super::suite::{Document, Suite};

/// 2026-05-01T00:00:00Z, and 2027-05-01T00:00:00Z.
const OVER: u64 = 1_777_593_600;
const TO_COME: u64 = 1_809_129_600;

const NEIGHBOUR: &str = "https://lists.example/other";

pub(super) fn make(suite: &mut Suite) {
    let clear = list("revocation", &encoded(&bits(&[])));
    let set = list("revocation", &encoded(&bits(&[PLACE])));
    for (name, list, member, claim, value) in [
        ("begins", &clear, "/validFrom", "nbf", json!(OVER)),
        ("id", &clear, "/id", "jti", json!(LIST)),
        ("ends", &clear, "/validUntil", "exp", json!(TO_COME)),
    ] {
        let token = token(&with(&without_any(list, member), &format!("/{claim}"), value));
        let answer = served(suite, name, token);
        suite
            .again(
                "badges/bitstring.jws",
                &format!("list-claim-{name}"),
                "Only the claims of the list say so.",
            )
            .with(answer)
            .verdict("3.0", "valid")
            .passed(["revocation.status"]);
    }
    let answer = served(suite, "revoked", token(&with(&without(&set, "/validFrom"), "/nbf", OVER)));
    suite
        .again(
            "badges/bitstring.jws",
            "list-claim-revoked",
            "Only the claims say from when on the list counts.",
        )
        .with(answer)
        .verdict("3.0", "revoked")
        .failed(["revocation.status"]);
    for (name, member, claim, value) in [
        ("not-begun", "/validFrom", "nbf", json!(TO_COME)),
        ("over", "/validUntil", "exp", json!(OVER)),
        ("undated", "/validFrom", "nbf", json!("tomorrow")),
        ("another-id", "/id", "jti", json!(NEIGHBOUR)),
    ] {
        let token = token(&with(&without_any(&clear, member), &format!("/{claim}"), value));
        let answer = served(suite, name, token);
        let about = "By its claims the list is not the one that counts today.";
        unknown(suite.again("badges/bitstring.jws", &format!("list-claim-{name}"), about).with(answer));
    }
}

fn token(payload: &Value) -> String {
    let key = ferry();
    format!("{}\n", key.jws("EdDSA", &json!({"kid": key.did_method()}), payload))
}

fn served(suite: &mut Suite, name: &str, token: String) -> Document {
    let file = format!("documents/claim-{name}.jwt");
    suite.file(&file, token);
    Document::file_at(LIST, file)
}

/// The list without a member that it may have.
fn without_any(list: &Value, member: &str) -> Value {
    if list.pointer(member).is_some() { without(list, member) } else { list.clone() }
}
