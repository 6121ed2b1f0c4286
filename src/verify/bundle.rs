//! Several badges in one file: [`Bundle`], and the loop around it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;

use serde::Serialize;

use super::Step;
use crate::badge::LeftAside;
use crate::limits::{Limit, Limits};
use crate::report::{Report, WrapperReport};
use crate::resource::{Documents, Request, Retrieval, Target, Unavailable};

/// The verification of every badge in a file, and of what they came in.
///
/// Each badge is verified as if it had come alone, with budgets of its own, and gets a report of its own: there is no
/// verdict on all of them together. What two of them need is asked for once. It is driven like a [`Step`]:
/// [`Bundle::run`], [`Bundle::run_async`], [`Bundle::offline`], or by hand with [`Bundle::requests`] and
/// [`Bundle::supply`].
///
/// All of them together may ask for [`Limit::AllDocuments`] documents; what goes beyond counts as
/// [`Unavailable::Declined`], which leaves a badge unverified.
///
/// ```
/// use openbadges::{Policy, Status, Verifier, resource::Unavailable};
/// # use time::macros::datetime;
/// # let now = datetime!(2026-11-22 12:00 UTC);
///
/// let file = br#"[{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/1",
///     "verification": {"type": "hosted"}}, {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion",
///     "id": "https://example.org/2", "verification": {"type": "hosted"}}, {"type": "Recipe"}]"#;
///
/// let verifier = Verifier::new(Policy::strict());
/// let error = verifier.begin(file, now).unwrap_err();
/// assert_eq!(error.code().as_str(), "several-badges");
///
/// let bundle = verifier.begin_all(file, now)?.run(|_| Err(Unavailable::Timeout)); // a real host fetches here
/// for report in bundle.badges() {
///     println!("{}: {report}", report.place()); // preview each: an `import::Preview` takes one report
///     assert_eq!(report.status(), Status::Unverified);
/// }
/// assert_eq!(bundle.left_aside()[0].types(), ["Recipe"]);
/// # Ok::<(), openbadges::Error>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Bundle<'v> {
    badges: Vec<Step<'v>>,
    /// What the badges came in, and no badge.
    around: Step<'v>,
    /// The indices of what each badge came in, outermost first.
    chains: Vec<Vec<usize>>,
    left_aside: Vec<LeftAside>,
    documents: Documents,
    /// What was asked for.
    asked: BTreeSet<Target>,
    most: usize,
}

impl<'v> Bundle<'v> {
    pub(super) fn new(
        limits: &Limits,
        badges: Vec<Step<'v>>,
        around: Step<'v>,
        chains: Vec<Vec<usize>>,
        left_aside: Vec<LeftAside>,
        documents: Documents,
    ) -> Self {
        let (asked, most) = (BTreeSet::new(), limits.size(Limit::AllDocuments));
        Self { badges, around, chains, left_aside, documents, asked, most }
    }

    /// How many badges there are; never none.
    #[allow(clippy::len_without_is_empty)] // it never is
    pub fn len(&self) -> usize {
        self.badges.len()
    }

    /// What is needed next, of all badges together: sorted, without duplicates, and independent of each other. Nothing
    /// is needed any more once it is empty.
    pub fn requests(&self) -> Vec<Request> {
        let mut requests = BTreeMap::<&Target, Request>::new();
        for request in self.pending() {
            let target = request.target();
            let known = requests.entry(target).or_insert_with(|| request.clone());
            // Whoever needs the larger or the newer document gets it.
            known.max_bytes = known.max_bytes.max(request.max_bytes);
            known.max_age = known.max_age.min(request.max_age);
        }
        let left = self.most.saturating_sub(self.asked.len());
        requests.into_values().take(left).collect()
    }

    /// What was supplied so far.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// Goes on with answers. A request of this round without an answer counts as [`Unavailable::Declined`]; an answer
    /// that nobody asked for is left aside.
    pub fn supply(mut self, answers: impl IntoIterator<Item = (Target, Retrieval)>) -> Self {
        let asked: BTreeSet<Target> =
            self.requests().into_iter().map(|request| request.target().clone()).collect();
        let mut open = asked.clone();
        self.asked.extend(asked);
        for (target, retrieval) in answers {
            if open.remove(&target) {
                self.documents.insert(target, retrieval);
            }
        }
        for target in open {
            self.documents.insert(target, Err(Unavailable::Declined));
        }
        self.advance()
    }

    /// Goes on to the end, with a function that fetches.
    pub fn run(mut self, mut fetch: impl FnMut(&Request) -> Retrieval) -> BundleReport {
        loop {
            let requests = self.requests();
            if requests.is_empty() {
                return self.offline();
            }
            let answers: Vec<_> =
                requests.iter().map(|request| (request.target().clone(), fetch(request))).collect();
            self = self.supply(answers);
        }
    }

    /// Goes on to the end, with an asynchronous function that fetches; one document after the other.
    pub async fn run_async<F, Fut>(mut self, mut fetch: F) -> BundleReport
    where
        F: FnMut(Request) -> Fut,
        Fut: Future<Output = Retrieval>,
    {
        loop {
            let requests = self.requests();
            if requests.is_empty() {
                return self.offline();
            }
            let mut answers = Vec::new();
            for request in requests {
                answers.push((request.target().clone(), fetch(request).await));
            }
            self = self.supply(answers);
        }
    }

    /// Judges with what is here: what was not supplied counts as not to be had.
    pub fn offline(self) -> BundleReport {
        let wrappers = self.around.offline().into_wrappers();
        let around = |chain: &[usize]| -> Vec<WrapperReport> {
            chain.iter().filter_map(|index| wrappers.get(*index).cloned()).collect()
        };
        let judged = self.badges.into_iter().map(Step::offline);
        let badges = judged.zip(&self.chains).map(|(report, chain)| report.came_in(around(chain))).collect();
        BundleReport { badges, wrappers, left_aside: self.left_aside }
    }

    /// The requests of all steps.
    fn pending(&self) -> impl Iterator<Item = &Request> {
        self.badges.iter().chain([&self.around]).flat_map(Step::requests)
    }

    /// Gives each step what is known of what it asks for, until something is asked for that nobody has asked for yet.
    fn advance(mut self) -> Self {
        let documents = &self.documents;
        // What was asked for is known by now; what there is no room for any more is refused.
        let is_full = self.asked.len() >= self.most;
        let is_settled = |request: &Request| is_full || self.asked.contains(request.target());
        let go_on = |mut step: Step<'v>| loop {
            match step {
                Step::Need(pending) if pending.requests().iter().all(is_settled) => {
                    let known = pending.requests().iter().filter_map(|request| {
                        let target = request.target();
                        Some((target.clone(), documents.get(target)?.clone()))
                    });
                    let known: Vec<_> = known.collect();
                    step = pending.supply(known);
                }
                other => return other,
            }
        };
        self.badges = self.badges.into_iter().map(go_on).collect();
        self.around = go_on(self.around);
        self
    }
}

/// What was found out about every badge in a file.
///
/// `{}` prints the reports one after the other. Serialised it has the members `badges`, `wrappers` and `leftAside`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct BundleReport {
    badges: Vec<Report>,
    wrappers: Vec<WrapperReport>,
    left_aside: Vec<LeftAside>,
}

impl BundleReport {
    /// The reports, one for each badge, in the order of the file; of an image that carries several versions the newest
    /// first. [`Report::place`] and [`Report::carrier`] say where each stood.
    pub fn badges(&self) -> &[Report] {
        &self.badges
    }

    /// The same, to be kept: [`Preview::of`](crate::import::Preview::of) takes one.
    pub fn into_badges(self) -> Vec<Report> {
        self.badges
    }

    /// What was found out about the presentations and records in the file, each before what is inside of it. None of
    /// them changes the status of a badge.
    pub fn wrappers(&self) -> &[WrapperReport] {
        &self.wrappers
    }

    /// What stood where a badge may and is none.
    pub fn left_aside(&self) -> &[LeftAside] {
        &self.left_aside
    }
}

impl fmt::Display for BundleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, report) in self.badges.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{report}")?;
        }
        for left_aside in &self.left_aside {
            write!(f, "\nleft aside: {left_aside}")?;
        }
        Ok(())
    }
}
