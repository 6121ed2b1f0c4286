//! Checks the contexts of a credential, without processing them.
//!
//! In: the value of `@context`. Out: which VC data model it stands for, and notes where the order is not the one that
//! Open Badges 3.0 `AchievementCredential.@context` asks for. A reader that knows nothing of JSON-LD must check the
//! order too ("JSON-LD"), since it tells the terms apart.

use serde_json::Value;

use crate::badge::reading::{Object, ViolationKind, Weight};

use super::envelope::{CredentialForm, Family, Securing};

/// The context of Verifiable Credentials Data Model 1.1.
const VC_1_1: &str = "https://www.w3.org/2018/credentials/v1";

/// The context of Verifiable Credentials Data Model 2.0.
const VC_2_0: &str = "https://www.w3.org/ns/credentials/v2";

/// What the addresses of all Open Badges 3.0 contexts start with.
const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context";

/// What the addresses of the contexts of Comprehensive Learner Record 2.0 start with.
const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context";

/// Reads `@context`, notes what is wrong with it, and tells the form that it stands for.
pub(super) fn read(object: &Object<'_>, securing: Securing, family: Family) -> (CredentialForm, Vec<Value>) {
    let Some(member) = object.member("@context") else {
        object.note_missing("@context", ViolationKind::Context, Weight::Essential);
        return (form(object, &[]), Vec::new());
    };
    let places = member.clone().elements();
    let contexts: Vec<Value> = places.iter().map(|place| place.value().clone()).collect();
    let form = form(object, &contexts);

    let note = |index: usize, weight, expected: &'static str| {
        places.get(index).unwrap_or(&member).note(ViolationKind::Context, weight, expected);
    };
    if vc_form(contexts.first()).is_none() {
        note(0, Weight::Essential, "the context of Verifiable Credentials in the first place");
    } else if let Some(expected) = conflict(form, securing) {
        note(0, Weight::Essential, expected);
    }
    if family == Family::Clr && !contexts.iter().any(is_clr) {
        member.note(ViolationKind::Context, Weight::Essential, "a context of CLR 2.0 among them");
    }
    if family == Family::OpenBadges {
        match contexts.iter().position(|context| revision(context).is_some()) {
            None => {
                member.note(
                    ViolationKind::Context,
                    Weight::Essential,
                    "a context of Open Badges 3.0 among them",
                );
            }
            Some(index) if index > 1 => {
                note(1, Weight::Essential, "the context of Open Badges 3.0 in the second place");
            }
            Some(index) if contexts.get(index).and_then(revision) == Some(Revision::Older) => {
                note(index, Weight::Advisory, "the context of Open Badges 3.0.3 or later");
            }
            Some(_) => (),
        }
    }
    (form, contexts)
}

/// The form that the first context stands for; without one of the two there, the one that the rest looks like.
fn form(object: &Object<'_>, contexts: &[Value]) -> CredentialForm {
    if let Some(form) = vc_form(contexts.first()) {
        return form;
    }
    let names = |address: &str| contexts.iter().any(|context| context == address);
    let is_dated_as_1_1 = object.at().value().get("issuanceDate").is_some();
    if names(VC_1_1) || (is_dated_as_1_1 && !names(VC_2_0)) {
        CredentialForm::VcDataModel1_1
    } else {
        CredentialForm::VcDataModel2_0
    }
}

fn vc_form(context: Option<&Value>) -> Option<CredentialForm> {
    match context?.as_str()? {
        VC_1_1 => Some(CredentialForm::VcDataModel1_1),
        VC_2_0 => Some(CredentialForm::VcDataModel2_0),
        _ => None,
    }
}

/// What would have to stand in the place of a context that does not go with the way of securing.
///
/// A JWT says the form a second time, by having a `vc` claim or not; where the two disagree the credential is invalid
/// (Open Badges 3.0 Implementation Guide, "Verification").
fn conflict(form: CredentialForm, securing: Securing) -> Option<&'static str> {
    match (form, securing) {
        (CredentialForm::VcDataModel1_1, Securing::JwtPlain) => {
            Some("the context of Verifiable Credentials 2.0, since there is no `vc` claim")
        }
        (CredentialForm::VcDataModel2_0, Securing::JwtWithVcClaim) => {
            Some("the context of Verifiable Credentials 1.1, since there is a `vc` claim")
        }
        _ => None,
    }
}

fn is_clr(context: &Value) -> bool {
    context.as_str().is_some_and(|address| address.starts_with(CLR))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Revision {
    /// 3.0.3, or one that came after it.
    Current,
    /// Before 3.0.3, or the context without a number, whose terms clash with those of VC 2.0.
    Older,
}

fn revision(context: &Value) -> Option<Revision> {
    revision_of(context.as_str()?)
}

/// The revision that an address names: `context.json`, `context-3.0.N.json`, or the first name, `context/ob_v3p0.jsonld`.
fn revision_of(address: &str) -> Option<Revision> {
    let name = address.strip_prefix(OPEN_BADGES)?;
    if name == ".json" || name == "/ob_v3p0.jsonld" {
        return Some(Revision::Older);
    }
    let digit = |text: &str| text.parse::<u8>().ok().filter(|number| text.len() == 1 && *number < 10);
    let (minor, patch) = name.strip_prefix("-3.")?.strip_suffix(".json")?.split_once('.')?;
    Some(if (digit(minor)?, digit(patch)?) >= (0, 3) { Revision::Current } else { Revision::Older })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_revisions_of_the_open_badges_context() {
        let of = |name: &str| revision_of(&format!("{OPEN_BADGES}{name}"));
        assert_eq!(of("-3.0.3.json"), Some(Revision::Current));
        assert_eq!(of("-3.1.0.json"), Some(Revision::Current));
        for older in ["-3.0.2.json", "-3.0.1.json", "-3.0.0.json", ".json", "/ob_v3p0.jsonld"] {
            assert_eq!(of(older), Some(Revision::Older), "{older}");
        }
        for other in ["", "-3.0.3", "-3.0.10.json", "-3.0.+3.json", "-2.0.0.json", ".json#", "-3.0.json"] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(revision_of("https://w3id.org/openbadges/v2"), None);
    }
}
