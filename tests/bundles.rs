//! Badges in presentations, learner records and lists: each is judged as if it had come alone.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use openbadges::badge::WrapperKind;
use openbadges::error::ErrorCode;
use openbadges::import::{Objection, Preview, RecordImporter};
use openbadges::limits::{Limit, Limits};
use openbadges::report::{CheckCode, Outcome, StoredReport};
use openbadges::resource::{Request, Retrieval};
use openbadges::suite::{Case, Suite, answer};
use openbadges::verify::BundleReport;
use openbadges::{Documents, Policy, Report, Status, Verifier};
use serde_json::{Value, json};

/// The suite with our own badges.
fn suite() -> Suite {
    Suite::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badges/suite.json")).unwrap()
}

/// A case of that suite, ready to run.
struct Scene {
    input: Vec<u8>,
    answers: BTreeMap<String, Retrieval>,
    verifier: Verifier,
    now: time::OffsetDateTime,
}

impl Scene {
    fn of(suite: &Suite, case: &Case) -> Self {
        let verifier = Verifier::new(suite.policy(case));
        let (input, answers) = (suite.input(case).unwrap(), suite.answers(case).unwrap());
        Self { input, answers, verifier, now: suite.now(case) }
    }

    fn named(name: &str) -> Self {
        let suite = suite();
        let case = suite.cases.iter().find(|case| case.name == name).unwrap();
        Self::of(&suite, case)
    }

    fn fetch(&self, request: &Request) -> Retrieval {
        answer(&self.answers, request.target())
    }

    fn one(&self, input: &[u8]) -> Report {
        self.verifier.begin(input, self.now).unwrap().run(|request| self.fetch(request))
    }

    /// The badge of a file that is text and nothing but that badge, as it stands in a presentation, and its report.
    fn alone(&self) -> Option<(Value, Report)> {
        let text = std::str::from_utf8(&self.input).ok()?.trim();
        let credential =
            if text.starts_with("ey") { json!(text) } else { serde_json::from_str(text).ok()? };
        let step = self.verifier.begin(&self.input, self.now).ok()?;
        let report = step.run(|request| self.fetch(request));
        let is_alone = report.wrappers().is_empty() && report.place().is_empty();
        is_alone.then_some((credential, report))
    }

    fn all(&self) -> BundleReport {
        self.verifier.begin_all(&self.input, self.now).unwrap().run(|request| self.fetch(request))
    }
}

fn presented(credentials: &[Value]) -> Vec<u8> {
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
    });
    presentation.to_string().into_bytes()
}

fn in_record(credentials: &[Value]) -> Vec<u8> {
    let record = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {"verifiableCredential": credentials},
    });
    record.to_string().into_bytes()
}

/// The checks of the badge itself.
fn own_checks(report: &Report) -> Vec<String> {
    let is_own = |code| code != CheckCode::WrapperProof && code != CheckCode::WrapperContents;
    let own = report.checks().iter().filter(|check| is_own(check.code()));
    own.map(|check| serde_json::to_string(check).unwrap()).collect()
}

#[test]
fn a_badge_gets_the_verdict_that_it_gets_alone() {
    let suite = suite();
    let mut compared = 0;
    for case in suite.cases.iter().filter(|case| case.expect.status.is_some()) {
        let scene = Scene::of(&suite, case);
        let Some((credential, alone)) = scene.alone() else { continue };
        let credentials = std::slice::from_ref(&credential);
        for wrapped in
            [presented(credentials), in_record(credentials), json!(credentials).to_string().into_bytes()]
        {
            let within = scene.one(&wrapped);
            assert_eq!(within.status(), alone.status(), "{}", case.name);
            assert_eq!(own_checks(&within), own_checks(&alone), "{}", case.name);
            assert_eq!(within.documents(), alone.documents(), "{}", case.name);
            assert_eq!(within.any_badge(), alone.any_badge(), "{}", case.name);
        }
        compared += 1;
    }
    assert!(compared > 60, "only {compared} badges were compared");
}

#[test]
fn badges_do_not_change_each_other() {
    let suite = suite();
    let mut files = BTreeMap::new();
    for case in suite.cases.iter().filter(|case| case.expect.status.is_some()) {
        let scene = Scene::of(&suite, case);
        if let Some((credential, _)) = scene.alone() {
            files.insert(credential.to_string(), credential);
        }
    }
    let credentials: Vec<Value> = files.into_values().collect();
    let scene = Scene::named("wrappers-two-each");
    for some in credentials.chunks(8).filter(|some| some.len() > 1) {
        let alone: Vec<Report> = some
            .iter()
            .map(|credential| match credential {
                Value::String(text) => scene.one(text.as_bytes()),
                json => scene.one(json.to_string().as_bytes()),
            })
            .collect();
        let bundle = scene.verifier.begin_all(&presented(some), scene.now).unwrap();
        let within = bundle.run(|request| scene.fetch(request)).into_badges();
        for (within, alone) in within.iter().zip(&alone) {
            assert_eq!((within.status(), own_checks(within)), (alone.status(), own_checks(alone)));
        }
        assert_eq!(within.len(), alone.len());
    }
}

#[test]
fn each_document_is_asked_for_once() {
    let scene = Scene::named("wrappers-four-each");
    let mut asked = BTreeSet::new();
    let report = scene.verifier.begin_all(&scene.input, scene.now).unwrap().run(|request| {
        assert!(asked.insert(request.target().clone()), "{} is asked for twice", request.target());
        scene.fetch(request)
    });
    assert_eq!((report.badges().len(), asked.len()), (4, 1));
    // Two badges of one issuer need one document.
    let badge: Value = serde_json::from_slice(&Scene::named("ob3-integrity-json").input).unwrap();
    let bundle = scene.verifier.begin_all(&presented(&[badge.clone(), badge]), scene.now).unwrap();
    assert_eq!((bundle.len(), bundle.requests().len()), (2, 1));
}

#[test]
fn all_badges_together_ask_for_so_many_documents_and_no_more() {
    let hosted = |number: usize| {
        json!({
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": format!("https://example.org/{number}"),
            "verification": {"type": "hosted"},
        })
    };
    let scene = Scene::named("wrappers-two-each");
    let file = presented(&(0..5).map(hosted).collect::<Vec<_>>());
    for (most, expected) in [(4, 4), (5, 5), (6, 5)] {
        let limits = Limits::default().with(Limit::AllDocuments, most);
        let verifier = Verifier::new(Policy::strict().with_limits(limits));
        let mut asked = 0;
        let report = verifier.begin_all(&file, scene.now).unwrap().run(|request| {
            asked += 1;
            scene.fetch(request)
        });
        assert_eq!(asked, expected, "at most {most}");
        assert!(report.badges().iter().all(|report| report.status() == Status::Unverified));
    }
}

#[test]
fn all_ways_to_drive_it_give_the_same_reports() {
    let text = |report: &BundleReport| serde_json::to_string(report).unwrap();
    for name in [
        "wrappers-four-each",
        "wrappers-record-badge-revoked-json",
        "wrappers-list-each",
        "wrappers-record-shown-json",
    ] {
        let scene = Scene::named(name);
        let begin = || scene.verifier.begin_all(&scene.input, scene.now).unwrap();
        let expected = text(&scene.all());

        let mut future = pin!(begin().run_async(async |request| scene.fetch(&request)));
        let Poll::Ready(asynchronous) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("nothing waits")
        };
        assert_eq!(text(&asynchronous), expected, "{name}");

        // By hand, each round backwards.
        let mut bundle = begin();
        while !bundle.requests().is_empty() {
            let requests = bundle.requests();
            let answers =
                requests.iter().rev().map(|request| (request.target().clone(), scene.fetch(request)));
            let answers: Vec<_> = answers.collect();
            bundle = bundle.supply(answers);
        }
        let documents = bundle.documents().clone();
        assert_eq!(text(&bundle.offline()), expected, "{name}");

        // With all that is needed from the start.
        let again = scene.verifier.resume_all(&scene.input, documents, scene.now).unwrap();
        let again = again.run(|request| scene.fetch(request));
        assert_eq!(text(&again), expected, "{name}");
    }
}

#[test]
fn what_is_not_answered_leaves_a_badge_unverified() {
    let scene = Scene::named("wrappers-four-each");
    let bundle = scene.verifier.begin_all(&scene.input, scene.now).unwrap();
    let left_alone = bundle.supply([]);
    assert!(left_alone.requests().is_empty());
    let statuses: Vec<Status> = left_alone.offline().badges().iter().map(Report::status).collect();
    assert_eq!(statuses, [Status::Valid, Status::Invalid, Status::Unverified, Status::Unverified]);
}

#[test]
fn documents_that_were_there_are_not_asked_for() {
    let scene = Scene::named("wrappers-four-each");
    let bundle = scene.verifier.resume_all(&scene.input, Documents::default(), scene.now).unwrap();
    let requests = bundle.requests();
    let answers = requests.iter().map(|request| (request.target().clone(), scene.fetch(request)));
    let documents: Documents = answers.collect();
    let bundle = scene.verifier.resume_all(&scene.input, documents, scene.now).unwrap();
    assert!(bundle.requests().is_empty());
}

#[test]
fn a_wrapper_says_what_it_is() {
    let report = Scene::named("wrappers-presentation-json");
    let report = report.one(&report.input);
    assert_eq!(report.place(), "/verifiableCredential/0");
    let [wrapper] = report.wrappers() else { panic!("{report:#}") };
    assert_eq!(
        (wrapper.kind(), wrapper.place(), wrapper.status()),
        (WrapperKind::Presentation, "", Status::Valid)
    );
    assert!(wrapper.holder().unwrap().as_str().starts_with("did:key:z6Mk") && wrapper.issuer().is_none());
    assert_eq!(
        (wrapper.challenge(), wrapper.domains()),
        (Some("tell me who you are"), &["wallet.example".to_owned()][..])
    );
    assert!(wrapper.check(CheckCode::KeyController).all(|check| *check.outcome() == Outcome::Passed));

    let scene = Scene::named("wrappers-token-1-1-jws");
    let report = scene.one(&scene.input);
    let wrapper = &report.wrappers()[0];
    assert_eq!(
        (wrapper.challenge(), wrapper.domains()),
        (Some("tell me who you are"), &["https://wallet.example/".to_owned()][..])
    );

    let scene = Scene::named("wrappers-record-revoked-json");
    let report = scene.one(&scene.input);
    let wrapper = &report.wrappers()[0];
    assert_eq!(
        (wrapper.kind(), wrapper.status(), wrapper.name()),
        (WrapperKind::Clr, Status::Revoked, Some("Studies of Ada"))
    );
    assert!(wrapper.issuer().is_some() && wrapper.holder().is_none() && wrapper.valid_from().is_some());
    assert_eq!(wrapper.documents().len(), 1);
    let words = report.to_string();
    assert!(words.contains("it came in a Comprehensive Learner Record that is revoked"), "{words}");
    assert!(words.contains("in: revoked: a Comprehensive Learner Record `Studies of Ada` by"), "{words}");
}

/// One proof that holds suffices, so nothing is believed that only another one says.
#[test]
fn a_proof_that_was_added_brings_no_challenge() {
    let scene = Scene::named("wrappers-presentation-json");
    let mut presentation: Value = serde_json::from_slice(&scene.input).unwrap();
    let genuine = presentation["proof"].clone();
    let mut added = genuine.clone();
    added["challenge"] = json!("the challenge of this very upload");
    for proofs in [json!([added, genuine]), json!([genuine, added])] {
        presentation["proof"] = proofs;
        let report = scene.one(presentation.to_string().as_bytes());
        let wrapper = &report.wrappers()[0];
        assert_eq!((wrapper.status(), wrapper.challenge()), (Status::Valid, None));
        assert_eq!(wrapper.domains(), ["wallet.example"]);
    }
    presentation["proof"] = json!([genuine, genuine]);
    let report = scene.one(presentation.to_string().as_bytes());
    assert_eq!(report.wrappers()[0].challenge(), Some("tell me who you are"));
}

#[test]
fn a_report_with_wrappers_reads_back() {
    for name in ["wrappers-record-revoked-json", "wrappers-with-others-json"] {
        let scene = Scene::named(name);
        let report = scene.one(&scene.input);
        let text = serde_json::to_value(&report).unwrap();
        assert_eq!(text["wrappers"][0]["status"], report.wrappers()[0].status().as_str());
        assert_eq!(text["place"], report.place());
        let stored: StoredReport = serde_json::from_value(text).unwrap();
        assert_eq!((stored.status, stored.checks.len()), (report.status(), report.checks().len()));
    }
}

#[test]
fn each_of_several_badges_is_previewed_by_itself() {
    let scene = Scene::named("wrappers-four-each");
    let previews: Vec<Preview> = scene
        .all()
        .into_badges()
        .into_iter()
        .map(|report| Preview::of(&RecordImporter::default(), report, &[]))
        .collect();
    let fingerprints: BTreeSet<String> =
        previews.iter().map(|preview| preview.fingerprint().to_string()).collect();
    assert_eq!(fingerprints.len(), previews.len());
    let objects =
        |preview: &Preview, code: &str| preview.objections().iter().any(|each| each.code().as_str() == code);
    let codes = ["status.invalid", "status.revoked"];
    let found: Vec<Vec<bool>> =
        previews.iter().map(|preview| codes.iter().map(|code| objects(preview, code)).collect()).collect();
    assert_eq!(found, [[false, false], [true, false], [false, false], [false, true]]);
}

#[test]
fn people_are_told_what_kind_of_file_it_is() {
    for (name, code, message) in [
        ("wrappers-four-json", ErrorCode::SeveralBadges, "This file is a presentation with 4 badges"),
        (
            "wrappers-record-two-json",
            ErrorCode::SeveralBadges,
            "This file is a Comprehensive Learner Record with 2 badges",
        ),
        ("wrappers-list-json", ErrorCode::SeveralBadges, "This file is a list with 3 badges"),
        (
            "wrappers-empty-json",
            ErrorCode::NotAnAssertion,
            "This file holds no badge: it is a presentation without one",
        ),
    ] {
        let scene = Scene::named(name);
        let error = scene.verifier.begin(&scene.input, scene.now).unwrap_err();
        assert_eq!(error.code(), code, "{name}");
        let objection = Objection::from(&error);
        assert!(objection.message().starts_with(message), "{objection}");
    }
}
