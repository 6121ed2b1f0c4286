//! The proofs of a credential that need not be a badge.
//!
//! In: a document with its proofs, what is expected of them, and a way to find keys. Out: for each proof whether it holds.
//! Unlike the [verifier](crate::verify) this asks nothing of the document but that it is secured: neither whose key it
//! is, nor what the JSON says beside the signed statements, nor dates and status.
//!
//! Verifiable Credential Data Integrity 1.0 sections 4.4 "Verify Proof" and 4.5 "Verify Proof Sets and Chains".

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::{PublicKey, SignatureError, did};
use super::{Cryptosuite, IntegrityError, Prepared, prepare};
use crate::badge::date_time_or_utc;
use crate::json::as_list;
use crate::jsonld::ContextStore;
use crate::limits::{Limit, Limits};
use crate::quote::quote;

/// Verifies every proof of a credential or any other secured document.
///
/// `keys` finds the key of a verification method by its URL, and is asked for every proof; [`key_in_did`] finds those of
/// `did:key` and `did:jwk`. Whether the key may speak for the issuer, and for the purpose, is for the caller to know: a
/// proof by whatever key stands in its own DID says only that somebody made it.
///
/// ```
/// use openbadges::jsonld::ContextStore;
/// use openbadges::limits::Limits;
/// use openbadges::proof::integrity::{Expectations, key_in_did, verify_credential};
/// use time::macros::datetime;
///
/// # let text = include_str!("../../../tests/suites/meaning/documents/glass.example/status/revocation.json");
/// let mut credential: serde_json::Value = serde_json::from_str(text)?; // a status list, by a did:key
/// let issuer = credential["issuer"].as_str().unwrap_or_default().to_owned();
/// let keys = |method: &str| if method.split('#').next() == Some(&issuer) { key_in_did(method) } else { None };
/// let expected = Expectations::at(datetime!(2026-06-01 12:00 UTC));
/// let (contexts, limits) = (ContextStore::bundled(), Limits::default());
/// let results = verify_credential(&credential, &expected, keys, &contexts, &limits)?;
/// assert!(results[0].is_verified());
///
/// credential["validFrom"] = "2020-01-01T00:00:00Z".into();
/// let results = verify_credential(&credential, &expected, keys, &contexts, &limits)?;
/// assert!(!results[0].is_verified());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`IntegrityError::Malformed`] if there is no proof at all, [`IntegrityError::Limit`] if there are too many. What is wrong
/// with a single proof is in its [`ProofResult`].
///
/// # Security
/// In the suites with RDF canonicalization the statements are signed, and not the JSON. Of the proof the two are compared:
/// one whose `created`, `expires`, `domain`, `challenge`, `proofPurpose`, `verificationMethod`, `previousProof`, `type`,
/// `cryptosuite` or `id` says something else than was signed is [`IntegrityError::Meaning`]. Of the document they are not:
/// read what is signed from [`Prepared::document_quads`], or verify badges with the
/// [`Verifier`](crate::verify::Verifier), which compares the two there as well.
pub fn verify_credential(
    document: &Value,
    expected: &Expectations,
    keys: impl Fn(&str) -> Option<PublicKey>,
    contexts: &ContextStore,
    limits: &Limits,
) -> Result<Vec<ProofResult>, IntegrityError> {
    let Value::Object(members) = document else {
        return Err(IntegrityError::Malformed { problem: "the document is not an object" });
    };
    let proofs = as_list(members.get("proof"));
    if proofs.is_empty() {
        return Err(IntegrityError::Malformed { problem: "there is no proof" });
    }
    limits.check(Limit::Proofs, proofs.len())?;
    let mut results: Vec<ProofResult> = proofs
        .iter()
        .map(|proof| {
            let mut result = ProofResult { prepared: None, outcome: Ok(()) };
            result.outcome =
                verify_one(members, proof, expected, &keys, contexts, limits, &mut result.prepared);
            result
        })
        .collect();
    rest(proofs, &mut results);
    Ok(results)
}

/// The key of a verification method whose DID holds it: `did:key` and `did:jwk`, within the default limits.
///
/// Anybody can make such a DID. It tells nothing of who made a proof, unless it is the DID of somebody who is known.
pub fn key_in_did(method: &str) -> Option<PublicKey> {
    did::resolve(method, &Limits::default()).ok()?.key().ok().cloned()
}

/// What is expected of a proof: that it is in its time, and was made to assert something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Expectations {
    challenge: Option<String>,
    domain: Option<String>,
    now: Option<OffsetDateTime>,
    purpose: String,
}

impl Expectations {
    /// Expects that an instant is not before `created`, and not after `expires`.
    pub fn at(now: OffsetDateTime) -> Self {
        Self { now: Some(now), ..Self::at_any_time() }
    }

    /// Looks at no dates: a proof that expired long ago is as good as another.
    pub fn at_any_time() -> Self {
        Self { challenge: None, domain: None, now: None, purpose: "assertionMethod".to_owned() }
    }

    /// Expects another purpose than `assertionMethod`: one of Verifiable Credential Data Integrity 1.0 section 2.6 by its
    /// name, any other by its IRI, which the proof has to state as well where statements are signed.
    pub fn with_purpose(self, purpose: impl Into<String>) -> Self {
        Self { purpose: purpose.into(), ..self }
    }

    /// Expects that the proof was made for a domain.
    pub fn with_domain(self, domain: impl Into<String>) -> Self {
        Self { domain: Some(domain.into()), ..self }
    }

    /// Expects that the proof answers a challenge.
    pub fn with_challenge(self, challenge: impl Into<String>) -> Self {
        Self { challenge: Some(challenge.into()), ..self }
    }

    fn check(&self, proof: &Map<String, Value>) -> Result<(), ProofError> {
        let text = |member: &str| proof.get(member).and_then(Value::as_str);
        let purpose = text("proofPurpose").unwrap_or_default();
        if purpose != self.purpose {
            return Err(ProofError::Purpose { found: purpose.to_owned() });
        }
        let holds = |member: &str, wanted: &str| as_list(proof.get(member)).iter().any(|each| each == wanted);
        if self.domain.as_ref().is_some_and(|domain| !holds("domain", domain)) {
            return Err(ProofError::Domain);
        }
        if self.challenge.as_ref().is_some_and(|challenge| text("challenge") != Some(challenge)) {
            return Err(ProofError::Challenge);
        }
        let instant = |member: &str| match proof.get(member) {
            None => Ok(None),
            Some(value) => value.as_str().and_then(date_time_or_utc).map(Some).ok_or(ProofError::Window),
        };
        let (created, expires) = (instant("created")?, instant("expires")?);
        let is_early = self.now.zip(created).is_some_and(|(now, created)| now < created);
        let is_late = self.now.zip(expires).is_some_and(|(now, expires)| now > expires);
        if is_early || is_late { Err(ProofError::Window) } else { Ok(()) }
    }
}

/// What came of verifying one proof.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct ProofResult {
    prepared: Option<Prepared>,
    outcome: Result<(), ProofError>,
}

impl ProofResult {
    /// Whether the proof holds, those that it rests on included.
    pub fn is_verified(&self) -> bool {
        self.outcome.is_ok()
    }

    /// Why it does not hold.
    pub fn error(&self) -> Option<&ProofError> {
        self.outcome.as_ref().err()
    }

    /// What it signs, with the values on the way; `None` if it did not come to that.
    pub fn prepared(&self) -> Option<&Prepared> {
        self.prepared.as_ref()
    }
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// It does not answer the challenge.
    #[error("the proof does not answer the challenge")]
    Challenge,
    /// It was made for another domain.
    #[error("the proof was not made for the domain")]
    Domain,
    /// The document and the proof cannot be brought into the form that was signed.
    #[error(transparent)]
    Integrity(#[from] IntegrityError),
    /// There is no key for its verification method.
    #[error("there is no key for {}", quote(.method))]
    NoKey {
        /// The verification method.
        method: String,
    },
    /// A proof that it rests on does not hold.
    #[error("a proof that it rests on does not hold")]
    Previous,
    /// It was made for another purpose.
    #[error("the proof was made for another purpose: {}", quote(.found))]
    Purpose {
        /// The purpose that the proof states.
        found: String,
    },
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature(#[from] SignatureError),
    /// It was created later, has expired, or its dates cannot be read.
    #[error("the proof is not in its time")]
    Window,
}

/// Verifies one proof by itself, and leaves what it signs in `values`.
fn verify_one(
    document: &Map<String, Value>,
    proof: &Value,
    expected: &Expectations,
    keys: impl Fn(&str) -> Option<PublicKey>,
    contexts: &ContextStore,
    limits: &Limits,
    values: &mut Option<Prepared>,
) -> Result<(), ProofError> {
    let malformed = |problem| IntegrityError::Malformed { problem };
    let proof = proof.as_object().ok_or(malformed("the proof is not an object"))?;
    expected.check(proof)?;
    let method = proof.get("verificationMethod").and_then(Value::as_str);
    let method = method.ok_or(malformed("`verificationMethod` is not a string"))?;
    let prepared = values.insert(prepare(document, proof, Cryptosuite::of(proof)?, contexts, limits)?);
    let key = keys(method).ok_or_else(|| ProofError::NoKey { method: method.to_owned() })?;
    Ok(prepared.verify(&key)?)
}

/// Takes into account what each proof rests on. What rests on itself in the end holds no better.
fn rest(proofs: &[Value], results: &mut [ProofResult]) {
    let id_of = |proof: &Value| proof.get("id").and_then(Value::as_str).map(str::to_owned);
    let ids: Vec<Option<String>> = proofs.iter().map(id_of).collect();
    let place = |name: &Value| ids.iter().position(|id| id.is_some() && id.as_deref() == name.as_str());
    let grounds: Vec<Vec<usize>> = proofs
        .iter()
        .map(|proof| as_list(proof.get("previousProof")).iter().filter_map(place).collect())
        .collect();
    let mut settled = vec![false; proofs.len()];
    // In each round at least one more proof is settled, or none ever will be.
    for _ in proofs {
        for (index, grounds) in grounds.iter().enumerate() {
            if !grounds.iter().all(|ground| settled.get(*ground) == Some(&true)) {
                continue;
            }
            let holds = |ground: &usize| results.get(*ground).is_some_and(ProofResult::is_verified);
            let all_hold = grounds.iter().all(holds);
            if let (Some(slot), Some(result)) = (settled.get_mut(index), results.get_mut(index)) {
                *slot = true;
                result.rest_on(all_hold);
            }
        }
    }
    for (result, _) in results.iter_mut().zip(settled).filter(|(_, settled)| !settled) {
        result.rest_on(false);
    }
}

impl ProofResult {
    fn rest_on(&mut self, is_sound: bool) {
        if self.outcome.is_ok() && !is_sound {
            self.outcome = Err(ProofError::Previous);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_document_without_proof_is_not_verified() {
        for document in [json!([]), json!({}), json!({"proof": []}), json!({"proof": vec![json!({}); 9]})] {
            let results = verify_credential(
                &document,
                &Expectations::at_any_time(),
                key_in_did,
                &ContextStore::empty(),
                &Limits::default(),
            );
            assert!(results.is_err(), "{document}");
        }
    }

    #[test]
    fn a_proof_is_held_to_what_is_expected() {
        let proof = json!({
            "proofPurpose": "authentication",
            "created": "2026-01-01T00:00:00Z",
            "expires": "2026-02-01T00:00:00",
            "domain": ["https://a.example", "https://b.example"],
            "challenge": "7",
        });
        let check = |expected: Expectations| expected.check(proof.as_object().unwrap());
        let at = |now| Expectations::at(now).with_purpose("authentication");
        let login = || Expectations::at_any_time().with_purpose("authentication");
        let found = "authentication".to_owned();
        for (expected, outcome) in [
            (Expectations::at_any_time(), Err(ProofError::Purpose { found })),
            (login(), Ok(())),
            (login().with_domain("https://b.example"), Ok(())),
            (login().with_domain("https://c.example"), Err(ProofError::Domain)),
            (login().with_challenge("7"), Ok(())),
            (login().with_challenge("8"), Err(ProofError::Challenge)),
            (at(datetime!(2026-01-01 0:00 UTC)), Ok(())),
            (at(datetime!(2026-02-01 0:00 UTC)), Ok(())),
            (at(datetime!(2025-12-31 23:59 UTC)), Err(ProofError::Window)),
            (at(datetime!(2026-02-01 0:00:01 UTC)), Err(ProofError::Window)),
        ] {
            assert_eq!(check(expected.clone()), outcome, "{expected:?}");
        }
        let undated = json!({"proofPurpose": "assertionMethod", "created": "yesterday"});
        assert_eq!(Expectations::at_any_time().check(undated.as_object().unwrap()), Err(ProofError::Window));
        let undated = json!({"proofPurpose": "assertionMethod"});
        let bound = Expectations::at_any_time().with_domain("https://a.example");
        assert_eq!(bound.check(undated.as_object().unwrap()), Err(ProofError::Domain));
    }

    #[test]
    fn a_proof_holds_no_better_than_those_before_it() {
        let proofs = [
            json!({"id": "urn:c", "previousProof": "urn:b"}),
            json!({"id": "urn:b", "previousProof": ["urn:a"]}),
            json!({"id": "urn:a"}),
            json!({"id": "urn:d", "previousProof": "urn:d"}),
            json!({}),
        ];
        let results = |bad: Option<usize>| -> Vec<bool> {
            let outcome = |index| {
                if bad == Some(index) { Err(ProofError::Signature(SignatureError::Mismatch)) } else { Ok(()) }
            };
            let mut results: Vec<ProofResult> =
                (0..5).map(|index| ProofResult { prepared: None, outcome: outcome(index) }).collect();
            rest(&proofs, &mut results);
            results.iter().map(ProofResult::is_verified).collect()
        };
        assert_eq!(results(None), [true, true, true, false, true]);
        assert_eq!(results(Some(2)), [false, false, false, false, true]);
        assert_eq!(results(Some(1)), [false, false, true, false, true]);
        assert_eq!(results(Some(0)), [false, true, true, false, true]);
    }
}
