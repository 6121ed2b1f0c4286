//! What a revocation list says of a badge, for both versions.

use super::context::Context;
use crate::report::{Check, CheckCode, Evidence, Node, Outcome, ReasonCode};
use crate::revocation::RevocationList;

/// Notes whether a list that was fetched from `node` names the badge, by its id or its `uid`.
///
/// NOTE: no specification says how ids are compared. What may be the badge's own in another spelling leaves it open whether
/// the badge was revoked.
///
/// NOTE: an entry that names nothing is passed over, so that one slip does not take away all of an issuer's badges; a list
/// in which nothing else stands tells nothing.
pub(super) fn check(
    context: &Context<'_>,
    list: &RevocationList,
    id: Option<&str>,
    uid: Option<&str>,
    node: &Node,
) {
    let check = |outcome| Check::new(CheckCode::RevocationList, outcome).at(node.clone());
    if list.irregular_entries() > 0 {
        let outcome = Outcome::failed(ReasonCode::Malformed, "the list has entries that name nothing");
        context.note(Check::new(CheckCode::StructureValue, outcome).at(node.clone()).advisory());
    }
    let Some(entry) = list.lookup(id, uid) else {
        if let Some(found) = list.resembling(id, uid) {
            let why = "the issuer's list may name it, in another spelling";
            let expected = id.or(uid).unwrap_or_default().to_owned();
            let evidence = Evidence::Mismatch { expected, found: found.to_owned() };
            return context.note(check(Outcome::inconclusive(ReasonCode::Mismatch, why)).with(evidence));
        }
        // Badges before 2.0 were also listed by a `uid`, which can be any text.
        let tells_nothing = list.names_no_id() && uid.is_none();
        let why = "nothing in the list names a badge";
        return context.note(check(if tells_nothing {
            Outcome::inconclusive(ReasonCode::Malformed, why)
        } else {
            Outcome::Passed
        }));
    };
    let failed = check(Outcome::failed(ReasonCode::Revoked, "the issuer's list names it"));
    context.note(match &entry.reason {
        Some(reason) => failed.with(Evidence::Statement(reason.clone())),
        None => failed,
    });
}
