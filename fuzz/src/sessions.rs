//! The targets for the whole pipeline, with the documents in the same input as the badge.
//!
//! An input is a badge and then the bodies of documents, with a line `----` before each. Each address gets the next body
//! when it is asked for the first time; where a body starts with three digits and a space, that is its HTTP status.

use std::collections::BTreeMap;

use openbadges::error::ErrorCode;
use openbadges::limits::{Limit, Limits};
use openbadges::policy::{Endorsements, Refresh};
use openbadges::report::{CheckCode, Outcome, StoredReport};
use openbadges::resource::{NetworkPolicy, Response, Retrieval, Target, Unavailable};
use openbadges::{Documents, Policy, Report, Status, Step, Verifier};
use time::OffsetDateTime;
use time::macros::datetime;

use super::is_fit_for_people;

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

/// The badge, and the bodies.
struct Input<'a> {
    badge: &'a [u8],
    bodies: Vec<&'a [u8]>,
}

impl<'a> Input<'a> {
    fn of(data: &'a [u8]) -> Self {
        const LINE: &[u8] = b"\n----\n";
        let (mut parts, mut rest) = (Vec::new(), data);
        while let Some(at) = rest.windows(LINE.len()).position(|window| window == LINE) {
            parts.push(&rest[..at]);
            rest = &rest[at + LINE.len()..];
        }
        parts.push(rest);
        Self { badge: parts[0], bodies: parts[1..].to_vec() }
    }

    fn answer(&self, number: usize, target: &Target) -> Retrieval {
        let body = self.bodies.get(number).ok_or(Unavailable::Timeout)?;
        let url = match target {
            Target::Url(url) => url.clone(),
            Target::Did(did) => openbadges::proof::did::web_url(did).map_err(|_| Unavailable::Dns)?,
            other => panic!("{other}"),
        };
        let status =
            body.get(..4).and_then(|start| str::from_utf8(start).ok()?.strip_suffix(' ')?.parse().ok());
        let body = if status.is_some() { &body[4..] } else { body };
        Ok(Response::new(status.unwrap_or(200), url, body.to_vec(), NOW))
    }
}

/// Small bounds, so that they are met, and everything that can be asked for.
fn verifier() -> Verifier {
    let limits = Limits::default()
        .with(Limit::Documents, 12)
        .with(Limit::AllDocuments, 20)
        .with(Limit::HashCalls, 200)
        .with(Limit::Permutations, 500)
        .with(Limit::StatusListBytes, 256 * 1024);
    let policy = Policy::strict().with_limits(limits);
    Verifier::new(policy.with_endorsements(Endorsements::Verify).with_refresh(Refresh::Once))
}

/// No verdict without a proof, no request to where nobody may ask, no end that is not reached.
pub fn session(data: &[u8]) {
    let (input, verifier) = (Input::of(data), verifier());
    let mut step = match verifier.begin(input.badge, NOW) {
        Ok(step) => step,
        Err(error) => {
            assert!(is_fit_for_people(&error.to_string_chain()));
            if error.code() == ErrorCode::SeveralBadges {
                bundle(&input, &verifier);
            }
            return;
        }
    };
    let (mut rounds, mut answers) = (0_u64, BTreeMap::new());
    let report = loop {
        match step {
            Step::Done(report) => break report,
            Step::Need(pending) => {
                rounds += 1;
                let _preview = pending.preview();
                for request in pending.requests() {
                    permitted(request.target());
                    let number = answers.len();
                    let answer = input.answer(number, request.target());
                    assert_eq!(answers.insert(request.target().clone(), answer), None, "asked for twice");
                }
                step = pending.supply(answers.clone());
            }
        }
    };
    let most = verifier.policy().limits().get(Limit::Documents);
    assert!(rounds <= most && u64::try_from(answers.len()).expect("a length") <= most);
    judged(&report);
}

/// The same of each of several badges.
fn bundle(input: &Input<'_>, verifier: &Verifier) {
    let mut answers = BTreeMap::new();
    // What an image carries besides may be over a limit.
    let Ok(bundle) = verifier.begin_all(input.badge, NOW) else { return };
    let most = verifier.policy().limits().get(Limit::AllDocuments);
    let report = bundle.run(|request| {
        permitted(request.target());
        let answer = input.answer(answers.len(), request.target());
        assert_eq!(answers.insert(request.target().clone(), answer.clone()), None, "asked for twice");
        answer
    });
    assert!(u64::try_from(answers.len()).expect("a length") <= most);
    assert!(report.badges().len() > 1);
    assert!(is_fit_for_people(&report.to_string()));
    report.badges().iter().for_each(judged);
}

fn permitted(target: &Target) {
    let url = match target {
        Target::Url(url) => url.clone(),
        Target::Did(did) => match openbadges::proof::did::web_url(did) {
            Ok(url) => url,
            Err(_) => return assert_ne!(did.method(), "web", "{did}"),
        },
        other => panic!("{other}"),
    };
    assert_eq!(NetworkPolicy::default().permits_url(&url), Ok(()), "{url}");
}

fn judged(report: &Report) {
    let has_passed = |code| report.check(code).any(|check| *check.outcome() == Outcome::Passed);
    if matches!(report.status(), Status::Valid | Status::Expired) {
        assert!(has_passed(CheckCode::ProofSignature) || has_passed(CheckCode::HostedContent), "{report:#}");
        assert!(report.badge().is_some() || report.status() == Status::Expired, "{report:#}");
    }
    assert!(is_fit_for_people(&format!("{report}{report:#}")), "{report:#}");
    let text = serde_json::to_string(report).expect("a report is JSON");
    let stored: StoredReport = serde_json::from_str(&text).expect("a report reads back");
    assert_eq!((stored.status, stored.checks.len()), (report.status(), report.checks().len()));
    report.endorsements().iter().for_each(judged);
}

/// One report, in whatever order its documents come.
pub fn documents_order(data: &[u8]) {
    let (input, verifier) = (Input::of(data), verifier());
    let mut answers = BTreeMap::new();
    let Ok(step) = verifier.begin(input.badge, NOW) else { return };
    let report = step.run(|request| {
        let answer = input.answer(answers.len(), request.target());
        answers.insert(request.target().clone(), answer.clone());
        answer
    });
    let expected = serde_json::to_string(&report).expect("a report is JSON");
    let same = |report: &Report, how: &str| {
        assert_eq!(serde_json::to_string(report).expect("a report is JSON"), expected, "{how}");
    };
    let answer = |target: &Target| answers.get(target).cloned().unwrap_or(Err(Unavailable::Declined));
    // Each round backwards.
    let mut step = verifier.begin(input.badge, NOW).expect("as before");
    let backwards = loop {
        match step {
            Step::Done(report) => break report,
            Step::Need(pending) => {
                let targets: Vec<Target> =
                    pending.requests().iter().rev().map(|request| request.target().clone()).collect();
                step = pending.supply(targets.into_iter().map(|target| (target.clone(), answer(&target))));
            }
        }
    };
    same(&backwards, "backwards");
    // All at once, in either order.
    let bundle: Documents = answers.clone().into_iter().collect();
    let other: Documents = answers.clone().into_iter().rev().collect();
    assert_eq!(bundle, other);
    let step = verifier.resume(input.badge, bundle, NOW).expect("as before");
    same(&step.run(|request| answer(request.target())), "all at once");
    // One more at a time, each time from the start. The bound on documents counts those that are asked for, so what
    // was there before may leave room for more.
    if u64::try_from(answers.len()).expect("a length") < verifier.policy().limits().get(Limit::Documents) {
        let mut documents = Documents::default();
        let one_by_one = loop {
            match verifier.resume(input.badge, documents.clone(), NOW).expect("as before") {
                Step::Done(report) => break report,
                Step::Need(pending) => {
                    let target = pending.requests()[0].target().clone();
                    let retrieval = answer(&target);
                    documents.insert(target, retrieval);
                }
            }
        };
        same(&one_by_one, "one by one");
    }
}
