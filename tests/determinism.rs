//! One input, one set of documents, one policy, one time: one report, however it is come by.

// Threads are what is tested.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use openbadges::limits::Limit;
use openbadges::resource::{Request, Response, Retrieval, Target, Unavailable};
use openbadges::verify::Pending;
use openbadges::{Documents, Policy, Report, Status, Step, Verifier};
use serde_json::json;

#[path = "support/samples.rs"]
mod samples;

use samples::{NOW, Sample, Web, samples};

fn verifier() -> Verifier {
    Verifier::new(Policy::strict())
}

fn bytes(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

/// The report as the simplest driver gives it.
fn expected(sample: &Sample) -> String {
    let report = samples::verify(&sample.input, &sample.web);
    assert_eq!(report.status(), Status::Valid, "{}: {report:#}", sample.name);
    bytes(&report)
}

/// Drives by hand to the end; the function answers the requests of one round.
fn by_hand(
    verifier: &Verifier,
    sample: &Sample,
    mut answer: impl FnMut(&Pending<'_>) -> Vec<(Target, Retrieval)>,
) -> Report {
    let mut step = verifier.begin(&sample.input, NOW).unwrap();
    loop {
        match step {
            Step::Done(report) => return report,
            Step::Need(pending) => {
                let answers = answer(&pending);
                step = pending.supply(answers);
            }
        }
    }
}

fn targets(requests: &[Request]) -> Vec<Target> {
    requests.iter().map(|request| request.target().clone()).collect()
}

fn answered(web: &Web, targets: impl IntoIterator<Item = Target>) -> Vec<(Target, Retrieval)> {
    targets.into_iter().map(|target| (target.clone(), web.answer(&target))).collect()
}

/// Polls a future to its end; each time that it is woken once more.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let (mut context, mut future) = (Context::from_waker(&waker), pin!(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// Is not ready at first, as anything that comes from a network.
async fn later(retrieval: Retrieval) -> Retrieval {
    let mut is_first = true;
    std::future::poll_fn(move |context| {
        context.waker().wake_by_ref();
        if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    retrieval
}

#[test]
fn all_drivers_give_the_same_report() {
    let verifier = verifier();
    for sample in samples() {
        let expected = expected(&sample);
        let web = &sample.web;
        let begin = || verifier.begin(&sample.input, NOW).unwrap();
        let future = begin().run_async(|request| later(web.answer(request.target())));
        assert_eq!(bytes(&block_on(future)), expected, "{}, asynchronous", sample.name);
        let bundled = verifier.resume(&sample.input, web.documents(), NOW).unwrap().offline();
        assert_eq!(bytes(&bundled), expected, "{}, offline", sample.name);
        let by_hand = by_hand(&verifier, &sample, |pending| answered(web, targets(pending.requests())));
        assert_eq!(bytes(&by_hand), expected, "{}, by hand", sample.name);
    }
}

#[test]
fn the_order_of_documents_does_not_matter() {
    let verifier = verifier();
    for sample in samples() {
        let expected = expected(&sample);
        let reversed = by_hand(&verifier, &sample, |pending| {
            answered(&sample.web, targets(pending.requests()).into_iter().rev())
        });
        assert_eq!(bytes(&reversed), expected, "{}, reversed", sample.name);
        // One at a time, each time from the start: what is there grows by one of what is missing.
        for take in
            [|open: &[Request]| targets(open)[0].clone(), |open: &[Request]| targets(open).pop().unwrap()]
        {
            let mut documents = Documents::default();
            let report = loop {
                match verifier.resume(&sample.input, documents.clone(), NOW).unwrap() {
                    Step::Done(report) => break report,
                    Step::Need(pending) => {
                        let target = take(pending.requests());
                        let retrieval = sample.web.answer(&target);
                        documents.insert(target, retrieval);
                    }
                }
            };
            assert_eq!(bytes(&report), expected, "{}, one at a time", sample.name);
        }
    }
}

#[test]
fn every_order_of_supply_of_a_hosted_badge_gives_the_same_report() {
    let sample = &samples()[0];
    let (verifier, expected) = (verifier(), expected(sample));
    let entries: Vec<(Target, Retrieval)> = sample
        .web
        .documents()
        .iter()
        .map(|(target, retrieval)| (target.clone(), retrieval.clone()))
        .collect();
    // Heap's algorithm over the four documents of a hosted badge.
    let names = ["assertions/1", "class", "issuer", "revoked"];
    let mut four: Vec<_> = entries
        .into_iter()
        .filter(|(target, _)| {
            names.iter().any(|name| target.to_string() == format!("https://school.example/{name}"))
        })
        .collect();
    assert_eq!(four.len(), 4);
    let mut orders = 0;
    permute(&mut four, 4, &mut |order| {
        let documents: Documents = order.iter().cloned().collect();
        let report = verifier.resume(&sample.input, documents, NOW).unwrap().offline();
        assert_eq!(bytes(&report), expected);
        // Where only the first ones are there, the rest is asked for.
        let partial: Documents = order.iter().take(2).cloned().collect();
        let step = verifier.resume(&sample.input, partial, NOW).unwrap();
        assert_eq!(bytes(&step.run(|request| sample.web.answer(request.target()))), expected);
        orders += 1;
    });
    assert_eq!(orders, 24);
}

fn permute<T>(items: &mut [T], length: usize, visit: &mut impl FnMut(&[T])) {
    if length <= 1 {
        return visit(items);
    }
    for index in 0..length {
        permute(items, length - 1, visit);
        let other = if length.is_multiple_of(2) { index } else { 0 };
        items.swap(other, length - 1);
    }
}

#[test]
fn a_stored_bundle_gives_the_same_report() {
    for sample in samples() {
        let stored = serde_json::to_string(&sample.web.documents()).unwrap();
        let documents: Documents = serde_json::from_str(&stored).unwrap();
        assert_eq!(serde_json::to_string(&documents).unwrap(), stored);
        let report = verifier().resume(&sample.input, documents, NOW).unwrap().offline();
        assert_eq!(bytes(&report), expected(&sample), "{}", sample.name);
    }
}

#[test]
fn a_thousand_repeats_on_eight_threads_give_the_same_report() {
    let (samples, verifier) = (samples(), verifier());
    let expected: Vec<String> = samples.iter().map(expected).collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (samples, expected, verifier) = (&samples, &expected, verifier.clone());
            scope.spawn(move || {
                for repeat in 0..125 {
                    let index = (thread + repeat) % samples.len();
                    let sample = &samples[index];
                    let step = verifier.begin(&sample.input, NOW).unwrap();
                    let report = step.run(|request| sample.web.answer(request.target()));
                    assert_eq!(bytes(&report), expected[index], "{}", sample.name);
                }
            });
        }
    });
}

#[test]
fn rounds_are_bounded_by_the_documents() {
    let verifier = verifier();
    for sample in samples() {
        let (mut rounds, mut asked) = (1, BTreeSet::new());
        let report = by_hand(&verifier, &sample, |pending| {
            rounds += 1;
            let requests = targets(pending.requests());
            assert!(!requests.is_empty());
            assert!(requests.is_sorted(), "{}", sample.name);
            for target in &requests {
                assert!(asked.insert(target.clone()), "{}: {target} is asked for twice", sample.name);
            }
            answered(&sample.web, requests)
        });
        assert!(rounds <= asked.len() + 1, "{}: {rounds} rounds", sample.name);
        let limit = verifier.policy().limits().get(Limit::Documents);
        assert!(u64::try_from(asked.len()).unwrap() <= limit);
        assert_eq!(report.documents().len(), asked.len(), "{}", sample.name);
    }
}

#[test]
fn what_nobody_asked_for_is_left_aside() {
    let verifier = verifier();
    for sample in samples() {
        let stranger: Target = "https://mallory.example/unasked".to_owned().try_into().unwrap();
        let mut is_first = true;
        let report = by_hand(&verifier, &sample, |pending| {
            assert_eq!(pending.documents().get(&stranger), None);
            let mut answers = answered(&sample.web, targets(pending.requests()));
            if std::mem::take(&mut is_first) {
                // A later round's documents come too early, and as something else.
                let documents = sample.web.documents();
                let early = documents.iter().filter(|(target, _)| {
                    !pending.requests().iter().any(|request| request.target() == *target)
                });
                let forged = |target: &Target| (target.clone(), Err(Unavailable::Dns));
                answers.extend(early.map(|(target, _)| forged(target)));
                answers.push(forged(&stranger));
            }
            answers
        });
        assert_eq!(bytes(&report), expected(&sample), "{}", sample.name);
    }
}

#[test]
fn what_is_not_answered_counts_as_declined() {
    let verifier = verifier();
    for sample in samples() {
        let silent = by_hand(&verifier, &sample, |_| Vec::new());
        let declined = by_hand(&verifier, &sample, |pending| {
            let declined = |target| (target, Err(Unavailable::Declined));
            targets(pending.requests()).into_iter().map(declined).collect()
        });
        assert_eq!(bytes(&silent), bytes(&declined), "{}", sample.name);
        if !declined.documents().is_empty() {
            assert_eq!(silent.status(), Status::Unverified, "{}: {silent:#}", sample.name);
        }
    }
}

#[test]
fn an_answer_is_never_replaced() {
    let verifier = verifier();
    let other = |target: &Target| {
        let url = target.to_string().parse().unwrap();
        Ok(Response::new(200, url, json!({"id": "https://mallory.example/"}).to_string().into_bytes(), NOW))
    };
    for sample in samples().iter().filter(|sample| !sample.web.documents().eq(&Documents::default())) {
        // Twice in one round: the first counts. Again in a later round: it is not asked for.
        let mut earlier = Vec::new();
        let report = by_hand(&verifier, sample, |pending| {
            let requests = targets(pending.requests());
            let mut answers = answered(&sample.web, requests.clone());
            let is_url = |target: &&Target| matches!(target, Target::Url(_));
            answers.extend(requests.iter().filter(is_url).map(|target| (target.clone(), other(target))));
            answers.extend(earlier.iter().filter(is_url).map(|target| (target.clone(), other(target))));
            earlier.extend(requests);
            answers
        });
        assert_eq!(bytes(&report), expected(sample), "{}", sample.name);
    }
}

#[test]
fn types_go_where_a_host_needs_them() {
    fn is_shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn is_sent<T: Send>(value: T) -> T {
        value
    }
    let (verifier, sample) = (verifier(), &samples()[0]);
    is_shared(&verifier);
    is_shared(&sample.web.documents());
    let step = is_sent(verifier.begin(&sample.input, NOW).unwrap());
    let Step::Need(pending) = step else { panic!("a hosted badge needs documents") };
    let pending = is_sent(pending);
    let report = is_sent(pending.finish());
    is_shared(&report);
    let web = &sample.web;
    let step = verifier.begin(&sample.input, NOW).unwrap();
    let future = is_sent(step.run_async(|request: Request| async move { web.answer(request.target()) }));
    assert_eq!(block_on(future).status(), Status::Valid);
}

/// The suites that are there: this repository's own, and those of the folder that `OPENBADGES_CONFORMANCE` names.
#[cfg(feature = "suite")]
mod suites {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use openbadges::suite::{Suite, answer};

    use super::*;

    fn suites() -> Vec<Suite> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let others = std::env::var_os("OPENBADGES_CONFORMANCE").map(PathBuf::from);
        let folders =
            [Some(own), others].into_iter().flatten().flat_map(|folder| std::fs::read_dir(folder).unwrap());
        let files =
            folders.map(|entry| entry.unwrap().path().join("suite.json")).filter(|file| file.exists());
        let suites: Vec<Suite> = files.map(|file| Suite::read(&file).unwrap()).collect();
        println!("{} suites were run", suites.len());
        suites
    }

    #[test]
    fn every_case_gets_one_report() {
        for suite in suites() {
            for case in &suite.cases {
                let (input, answers) = (suite.input(case).unwrap(), suite.answers(case).unwrap());
                let (verifier, now) = (Verifier::new(suite.policy(case)), suite.now(case));
                // An error is given at the beginning or not at all.
                let Ok(step) = verifier.begin(&input, now) else { continue };
                let mut documents = BTreeMap::new();
                let report = step.run(|request| {
                    let retrieval = answer(&answers, request.target());
                    documents.insert(request.target().clone(), retrieval.clone());
                    retrieval
                });
                let expected = bytes(&report);
                let name = format!("{} {}", suite.suite, case.name);
                let begin = || verifier.begin(&input, now).unwrap();
                let future = begin().run_async(|request| later(answer(&answers, request.target())));
                assert_eq!(bytes(&block_on(future)), expected, "{name}, asynchronous");
                let mut step = begin();
                let reversed = loop {
                    match step {
                        Step::Done(report) => break report,
                        Step::Need(pending) => {
                            let targets = targets(pending.requests()).into_iter().rev();
                            step = pending.supply(
                                targets
                                    .map(|target| (target.clone(), answer(&answers, &target)))
                                    .collect::<Vec<_>>(),
                            );
                        }
                    }
                };
                assert_eq!(bytes(&reversed), expected, "{name}, reversed");
                let bundle: Documents = documents.into_iter().collect();
                let stored: Documents =
                    serde_json::from_str(&serde_json::to_string(&bundle).unwrap()).unwrap();
                let bundled = verifier.resume(&input, stored, now).unwrap();
                // What was declined may be asked for again.
                assert_eq!(
                    bytes(&bundled.run(|_| Err(Unavailable::Declined))),
                    expected,
                    "{name}, from a bundle"
                );
            }
        }
    }
}
