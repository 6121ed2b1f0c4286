//! Proofs that rest on other proofs (Verifiable Credential Data Integrity 1.0 section 4.5 "Verify Proof Sets and
//! Chains").
//!
//! In: the proofs of a badge, each judged by itself. Out: the same, but a proof whose `previousProof` names one that
//! does not hold is no better. Whose key made an earlier proof is not asked: a chain may begin with anybody.

use serde_json::Value;

use super::super::super::context::{Context, essential};
use super::super::super::signature::Integrity;
use super::Tried;
use crate::json::as_list;
use crate::report::{Check, CheckCode, Outcome, ReasonCode, Status};

/// Takes into account what each proof rests on.
///
/// What is left after as many rounds as there are proofs rests on itself in the end.
pub(super) fn settle(context: &Context<'_>, tried: &mut [Tried<'_>]) {
    let previous: Vec<Vec<usize>> = tried.iter().map(|each| previous_of(each, tried)).collect();
    let mut settled: Vec<Option<Integrity>> = vec![None; tried.len()];
    for _ in 0..tried.len() {
        for (index, previous) in previous.iter().enumerate() {
            let ground: Option<Vec<Integrity>> =
                previous.iter().map(|each| settled.get(*each).copied().flatten()).collect();
            if let (Some(ground), Some(proof), Some(slot)) =
                (ground, tried.get_mut(index), settled.get_mut(index))
                && slot.is_none()
            {
                rest_on(proof, worst(&ground));
                *slot = Some(standing(context, proof));
            }
        }
    }
    for (proof, _) in tried.iter_mut().zip(&settled).filter(|(_, settled)| settled.is_none()) {
        rest_on(proof, Integrity::Broken);
    }
}

/// The places of the proofs that a proof names. That a name leads nowhere was found when its document was prepared.
fn previous_of(proof: &Tried<'_>, all: &[Tried<'_>]) -> Vec<usize> {
    let names = as_list(proof.proof.get("previousProof")).iter().filter_map(Value::as_str);
    let place =
        |name: &str| all.iter().position(|other| other.proof.get("id").and_then(Value::as_str) == Some(name));
    names.filter_map(place).collect()
}

/// How much can rest on a proof.
fn standing(context: &Context<'_>, proof: &Tried<'_>) -> Integrity {
    let of_the_proof: Vec<Check> =
        proof.checks.iter().filter(|check| check.code != CheckCode::KeyController).cloned().collect();
    match (proof.integrity, context.status_of(&of_the_proof)) {
        (Integrity::Proven, Status::Valid) => Integrity::Proven,
        (Integrity::Proven | Integrity::Unknown, Status::Valid | Status::Unverified) => Integrity::Unknown,
        _ => Integrity::Broken,
    }
}

fn worst(ground: &[Integrity]) -> Integrity {
    if ground.contains(&Integrity::Broken) {
        Integrity::Broken
    } else if ground.contains(&Integrity::Unknown) {
        Integrity::Unknown
    } else {
        Integrity::Proven
    }
}

/// Notes that a proof rests on others which hold no better than this. The document is what its key signed all the same.
fn rest_on(proof: &mut Tried<'_>, ground: Integrity) {
    let outcome = match ground {
        Integrity::Proven => return,
        Integrity::Unknown => {
            let why = "a proof that it rests on could not be checked";
            Outcome::inconclusive(ReasonCode::Premise, why)
        }
        Integrity::Broken => Outcome::failed(ReasonCode::Mismatch, "a proof that it rests on does not hold"),
    };
    proof.checks.push(essential(Check::new(CheckCode::ProofOther, outcome).at(proof.place.clone())));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, json};
    use time::OffsetDateTime;

    use super::super::super::super::{Memo, Rules};
    use super::*;
    use crate::policy::Policy;
    use crate::report::Node;
    use crate::resource::Documents;

    /// What can rest on each of some proofs, each with its id, what it rests on, and how it stands by itself.
    fn settled(proofs: &[(&str, &[&str], Integrity)]) -> Vec<Integrity> {
        let (rules, documents, answered) =
            (Rules::new(Policy::default()), Documents::default(), BTreeSet::new());
        let memo = Memo::new(rules.policy.limits());
        let context = Context::new(&rules, OffsetDateTime::UNIX_EPOCH, &documents, &answered, memo);
        let proofs: Vec<(Map<String, Value>, Integrity)> = proofs
            .iter()
            .map(|(id, previous, integrity)| {
                (json!({"id": id, "previousProof": previous}).as_object().unwrap().clone(), *integrity)
            })
            .collect();
        let signature = |integrity| match integrity {
            Integrity::Proven => Outcome::Passed,
            Integrity::Unknown => Outcome::inconclusive(ReasonCode::Unsupported, "unknown"),
            Integrity::Broken => Outcome::failed(ReasonCode::Mismatch, "broken"),
        };
        let mut tried: Vec<Tried<'_>> = proofs
            .iter()
            .map(|(proof, integrity)| Tried {
                proof,
                integrity: *integrity,
                checks: vec![Check::new(CheckCode::ProofSignature, signature(*integrity))],
                place: Node::default(),
            })
            .collect();
        settle(&context, &mut tried);
        tried.iter().map(|proof| standing(&context, proof)).collect()
    }

    #[test]
    fn a_chain_is_as_good_as_its_worst_proof() {
        use Integrity::{Broken, Proven, Unknown};
        for (first, expected) in [(Proven, Proven), (Unknown, Unknown), (Broken, Broken)] {
            // Whatever the order in which the proofs stand.
            let chain = [("c", &["b"][..], Proven), ("b", &["a"], Proven), ("a", &[], first)];
            assert_eq!(settled(&chain), [expected, expected, first]);
        }
        let fork = [("a", &[][..], Proven), ("b", &[], Unknown), ("c", &["a", "b"], Proven)];
        assert_eq!(settled(&fork), [Proven, Unknown, Unknown]);
        let independent = [("a", &[][..], Broken), ("b", &[], Proven)];
        assert_eq!(settled(&independent), [Broken, Proven]);
    }

    #[test]
    fn proofs_that_rest_on_each_other_do_not_hold() {
        use Integrity::{Broken, Proven};
        let circle =
            [("a", &["b"][..], Proven), ("b", &["a"], Proven), ("c", &["b"], Proven), ("d", &[], Proven)];
        assert_eq!(settled(&circle), [Broken, Broken, Broken, Proven]);
        assert_eq!(settled(&[("a", &["a"], Proven)]), [Broken]);
    }
}
