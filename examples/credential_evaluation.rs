//! Imports badges into a host's own type: a service that says which courses a badge is equivalent to.
//!
//! Universities ask such a service what an award from elsewhere is worth with them. It knows which competencies each of
//! their courses teaches, and by which marks. A badge that is aligned with one of these and whose results suffice becomes
//! an [`Evaluation`]; all others are objected to in the preview already, with words for the person who brought it.
//!
//! Run it with `cargo run --example credential_evaluation`. It makes its badges itself; a real host takes an upload and
//! fetches what the issuer serves.

#![allow(clippy::indexing_slicing, clippy::print_stdout)] // an example makes its own JSON, and shows what it does

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use openbadges::badge::Summary;
use openbadges::badge::summary::Outcome;
use openbadges::import::{Admitted, ImportRules, Importer, Objection, Preview, Ruling};
use openbadges::recipient::{Account, Confirmation};
use openbadges::{Policy, Status, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

/// What the service stores, and sends to universities.
#[derive(Debug, PartialEq)]
struct Evaluation {
    badge: String,
    issuer: String,
    equivalents: Vec<Equivalent>,
    /// An expired badge shows what somebody knew; whether they still do is for the university to decide.
    is_current: bool,
}

/// A course that need not be taken any more.
#[derive(Debug, PartialEq)]
struct Equivalent {
    course: &'static str,
    credits: f64,
    mark: Option<Mark>,
}

/// A mark as the universities give it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Mark(f64);

impl Mark {
    /// Reads the marks that issuers write, as values or as levels of a rubric: letters, or per cent. What is neither is no
    /// mark.
    fn read(text: &str) -> Option<Self> {
        let letter = |text| match text {
            "A" => Some(4.0),
            "B" => Some(3.0),
            "C" => Some(2.0),
            "D" => Some(1.0),
            "F" => Some(0.0),
            _ => None,
        };
        let per_cent = |text: &str| {
            let number: f64 = text.strip_suffix('%')?.trim().parse().ok()?;
            (0.0..=100.0).contains(&number).then_some(number / 25.0)
        };
        letter(text.trim()).or(per_cent(text.trim())).map(Self)
    }
}

/// A course of a university.
struct Course {
    code: &'static str,
    credits: f64,
    pass: Mark,
}

/// The service: its courses, by the competency that each teaches.
struct Evaluator {
    courses: BTreeMap<&'static str, Course>,
}

impl Evaluator {
    /// The courses that teach what the badge is aligned with.
    fn courses<'e>(&'e self, summary: &'e Summary<'_>) -> impl Iterator<Item = &'e Course> {
        summary.alignments.iter().filter_map(|alignment| self.courses.get(alignment.url?))
    }

    /// The courses for which the results suffice too; a badge without results attests that its criteria were met.
    fn equivalents(&self, summary: &Summary<'_>) -> Vec<Equivalent> {
        let Ok(mark) = worst_mark(&summary.results) else { return Vec::new() };
        let passed = self.courses(summary).filter(|course| mark.is_none_or(|mark| mark >= course.pass));
        // No more credits than the issuer gave, and no more than the course is worth.
        let credits =
            |course: &Course| summary.credits.map_or(course.credits, |given| given.min(course.credits));
        passed.map(|course| Equivalent { course: course.code, credits: credits(course), mark }).collect()
    }
}

/// Why results are worth nothing: one of them says that nothing was completed, or what it says cannot be read.
struct NoMark;

/// The worst of the marks that results hold; nothing where there are no results, or none that says more than that all was
/// completed.
///
/// A result that is there must say that somebody passed. What cannot be read, as "Fail" or "12/100", may say the contrary,
/// and is never taken for no result at all.
fn worst_mark(results: &[Outcome<'_>]) -> Result<Option<Mark>, NoMark> {
    let mut worst: Option<Mark> = None;
    for result in results {
        let is_completed = result.status == Some("Completed");
        let level = result.level.map(|level| level.shown());
        let shown: Vec<&str> = [result.value, level].into_iter().flatten().collect();
        if (result.status.is_some() || shown.is_empty()) && !is_completed {
            return Err(NoMark);
        }
        for text in shown {
            let mark = Mark::read(text).ok_or(NoMark)?;
            worst = Some(worst.filter(|worst| *worst <= mark).unwrap_or(mark));
        }
    }
    Ok(worst)
}

impl Importer for Evaluator {
    type Record = Evaluation;
    type Error = Infallible;

    /// A service that vouches for badges takes none that it could not verify.
    fn rules(&self) -> ImportRules {
        ImportRules::default().with_unverified(Ruling::Refuse)
    }

    fn review(&self, preview: &Preview) -> Vec<Objection> {
        let Some(summary) = preview.summary() else { return Vec::new() };
        if self.courses(&summary).next().is_none() {
            let message = "This badge is aligned with nothing that our universities teach.";
            return vec![Objection::of_host("evaluation.no-course", message)];
        }
        if self.equivalents(&summary).is_empty() {
            let message = match worst_mark(&summary.results) {
                Ok(_) => "The results on this badge do not suffice for the courses that it is aligned with.",
                Err(NoMark) => {
                    "The results on this badge do not say that it was completed with a mark that can be read here: A to D, \
                     or per cent."
                }
            };
            return vec![Objection::of_host("evaluation.results", message)];
        }
        Vec::new()
    }

    fn record(&self, admitted: &Admitted<'_>) -> Result<Evaluation, Infallible> {
        let summary = admitted.summary();
        let issuer = summary.issuer.as_ref().and_then(|issuer| issuer.name.or(issuer.id));
        Ok(Evaluation {
            badge: summary.name.unwrap_or("a badge without a name").to_owned(),
            issuer: issuer.unwrap_or("an issuer without a name").to_owned(),
            equivalents: self.equivalents(&summary),
            is_current: admitted.status() == Status::Valid,
        })
    }
}

fn evaluator() -> Evaluator {
    let course = |code, credits, pass| Course { code, credits, pass: Mark(pass) };
    Evaluator {
        courses: BTreeMap::from([
            ("https://frameworks.example/sql", course("DB 101", 6.0, 2.0)),
            ("https://frameworks.example/statistics", course("ST 110", 4.0, 3.0)),
        ]),
    }
}

/// Previews a badge, and makes an evaluation of it, or says why not.
fn evaluate(badge: &str) -> Result<Evaluation, Vec<Objection>> {
    let verifier = Verifier::new(Policy::strict());
    let ada = Account::new().with_email("ada@example.org", Confirmation::Confirmed);
    let step = verifier.begin(badge.as_bytes(), NOW).map_err(|error| vec![Objection::from(&error)])?;
    // The key stands in the issuer's DID: nothing has to be fetched.
    let preview = Preview::of(&evaluator(), step.offline(), ada.identities());
    if !preview.objections().is_empty() {
        return Err(preview.objections().to_vec());
    }
    // Here the person looks at the preview and accepts. Without a session in between, verify again; see `import`.
    let seen = preview.fingerprint();
    preview.accept(&evaluator(), &seen).map_err(|_| Vec::new())
}

fn main() -> Result<(), Box<dyn Error>> {
    let good = credential("https://frameworks.example/sql", json!({"value": "B"}));
    let poor = credential("https://frameworks.example/statistics", json!({"value": "70%"}));
    for badge in [signed(&good), signed(&poor), good.to_string()] {
        match evaluate(&badge) {
            Ok(Evaluation { badge, issuer, equivalents, .. }) => {
                println!("{badge}, by {issuer}, is equivalent to {equivalents:?}");
            }
            Err(objections) => objections
                .iter()
                .for_each(|objection| println!("no evaluation ({}): {objection}", objection.code())),
        }
    }
    Ok(())
}

// ---- the badges

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

/// A badge of an online school for Ada, aligned with a competency, with a result.
fn credential(competency: &str, mut result: Value) -> Value {
    result["type"] = json!(["Result"]);
    result["resultDescription"] = json!("urn:example:final-mark");
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:uuid:9a4d5b57-3a6e-4f0c-9a53-0e2c5f1d7b11",
        "issuer": {"id": did(), "type": ["Profile"], "name": "School of Queries"},
        "validFrom": "2026-05-01T12:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": false, "identityType": "emailAddress",
                "identityHash": "ada@example.org"}],
            "creditsEarned": 5.0,
            "result": [result],
            "achievement": {
                "id": "urn:uuid:0e4fd1d9-6a4e-4c59-8c63-6ad1f2f8a9d2",
                "type": ["Achievement"],
                "name": "Queries",
                "description": "Asks databases for what is in them.",
                "criteria": {"narrative": "Twenty questions, with a query each."},
                "alignment": [{"type": ["Alignment"], "targetName": "A competency", "targetUrl": competency}],
                "resultDescription": [{"id": "urn:example:final-mark", "type": ["ResultDescription"], "name": "Final mark",
                    "resultType": "LetterGrade"}],
            },
        },
    })
}

/// The school's key; a real one is secret.
fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The DID that holds the school's public key.
fn did() -> String {
    let multikey = [&[0xED, 0x01][..], key().verifying_key().as_bytes()].concat();
    format!("did:key:z{}", bs58::encode(multikey).into_string())
}

/// The badge as a signed JWT (Open Badges 3.0, "JSON Web Token Proof Format").
fn signed(credential: &Value) -> String {
    let mut claims = credential.clone();
    claims["iss"] = json!(did());
    claims["jti"] = credential["id"].clone();
    claims["nbf"] = json!(datetime!(2026-05-01 12:00 UTC).unix_timestamp());
    let kid = format!("{}#{}", did(), did().trim_start_matches("did:key:"));
    let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": kid});
    let encoded = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = URL_SAFE_NO_PAD.encode(key().sign(message.as_bytes()).to_bytes());
    format!("{message}.{signature}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQL: &str = "https://frameworks.example/sql";
    const STATISTICS: &str = "https://frameworks.example/statistics";

    fn code(badge: &str) -> String {
        evaluate(badge).unwrap_err()[0].code().to_string()
    }

    #[test]
    fn alignment_and_mark_make_a_badge_equivalent() {
        let evaluation = evaluate(&signed(&credential(SQL, json!({"value": "B"})))).unwrap();
        let equivalents = vec![Equivalent { course: "DB 101", credits: 5.0, mark: Some(Mark(3.0)) }];
        assert_eq!((evaluation.equivalents, evaluation.is_current), (equivalents, true));
        let evaluation = evaluate(&signed(&credential(STATISTICS, json!({"value": "80%"})))).unwrap();
        assert_eq!(evaluation.equivalents[0].credits, 4.0, "no more than the course is worth");
    }

    #[test]
    fn marks_that_do_not_suffice_are_objected_to() {
        for result in [json!({"value": "C"}), json!({"value": "74%"}), json!({"status": "Failed"})] {
            assert_eq!(code(&signed(&credential(STATISTICS, result))), "evaluation.results");
        }
        assert_eq!(
            code(&signed(&credential("https://frameworks.example/knots", json!({})))),
            "evaluation.no-course"
        );
    }

    #[test]
    fn results_that_cannot_be_read_are_objected_to() {
        for value in ["Fail", "E", "F-", "f", "12/100", "0.0", "", "NaN%", "-1%", "101%", "B, or F"] {
            for status in [Value::Null, json!("Completed")] {
                let mut result = json!({"value": value});
                if !status.is_null() {
                    result["status"] = status;
                }
                assert_eq!(code(&signed(&credential(SQL, result))), "evaluation.results", "{value}");
            }
        }
        assert_eq!(code(&signed(&credential(SQL, json!({})))), "evaluation.results", "it says nothing");
        assert_eq!(code(&signed(&credential(SQL, json!({"value": "F"})))), "evaluation.results");
    }

    #[test]
    fn a_badge_without_results_or_marks_attests_that_it_was_completed() {
        let mut without = credential(SQL, json!({}));
        without["credentialSubject"].as_object_mut().unwrap().remove("result");
        for badge in [without, credential(SQL, json!({"status": "Completed"}))] {
            assert_eq!(evaluate(&signed(&badge)).unwrap().equivalents[0].mark, None);
        }
    }

    #[test]
    fn of_several_results_the_worst_counts() {
        let with = |results: &[Value]| {
            let mut badge = credential(SQL, json!({}));
            let results = results.iter().map(|result| {
                let mut typed = result.clone();
                typed["type"] = json!(["Result"]);
                typed["resultDescription"] = json!("urn:example:final-mark");
                typed
            });
            badge["credentialSubject"]["result"] = results.collect();
            signed(&badge)
        };
        let (good, fair, poor) = (json!({"value": "A"}), json!({"value": "60%"}), json!({"value": "D"}));
        let completed = json!({"status": "Completed"});
        for results in
            [[good.clone(), fair.clone(), completed.clone()], [fair, completed.clone(), good.clone()]]
        {
            assert_eq!(evaluate(&with(&results)).unwrap().equivalents[0].mark, Some(Mark(2.4)));
        }
        for other in [poor, json!({"value": "Fail"}), json!({"status": "Failed"}), json!({})] {
            for results in [[good.clone(), other.clone()], [other, good.clone()]] {
                assert_eq!(code(&with(&results)), "evaluation.results", "{results:?}");
            }
        }
    }

    #[test]
    fn the_level_of_a_rubric_is_a_mark_too() {
        let by_level = |level: &str| {
            let mut badge = credential(STATISTICS, json!({"achievedLevel": "urn:example:level"}));
            badge["credentialSubject"]["achievement"]["resultDescription"][0]["rubricCriterionLevel"] =
                json!([{"id": "urn:example:level", "type": ["RubricCriterionLevel"], "name": level}]);
            signed(&badge)
        };
        assert_eq!(evaluate(&by_level("A")).unwrap().equivalents[0].mark, Some(Mark(4.0)));
        assert_eq!(code(&by_level("C")), "evaluation.results");
    }

    #[test]
    fn an_expired_badge_counts_and_is_marked() {
        let mut expired = credential(SQL, json!({"value": "A"}));
        expired["validUntil"] = json!("2026-06-01T00:00:00Z");
        assert!(!evaluate(&signed(&expired)).unwrap().is_current);
    }

    #[test]
    fn what_nobody_signed_or_somebody_changed_is_refused() {
        let badge = credential(SQL, json!({"value": "B"}));
        assert_eq!(code(&badge.to_string()), "status.unverified");
        let (signed_badge, better) = (signed(&badge), signed(&credential(SQL, json!({"value": "A"}))));
        let (_, signature) = signed_badge.rsplit_once('.').unwrap();
        let (message, _) = better.rsplit_once('.').unwrap();
        assert_eq!(code(&format!("{message}.{signature}")), "status.invalid");
    }
}
