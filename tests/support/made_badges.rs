//! Reports on the badges of this crate's own suite.

use std::collections::BTreeMap;
use std::path::Path;

use openbadges::resource::Retrieval;
use openbadges::suite::{Suite, answer};
use openbadges::{Report, Verifier};
use time::OffsetDateTime;

/// A case, ready to be judged at any time and with other answers.
pub(crate) struct Judged {
    pub(crate) input: Vec<u8>,
    pub(crate) answers: BTreeMap<String, Retrieval>,
    pub(crate) now: OffsetDateTime,
    verifier: Verifier,
}

pub(crate) fn case(name: &str) -> Judged {
    let suite = Suite::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badges/suite.json")).unwrap();
    let case = suite.cases.iter().find(|each| each.name == name).unwrap_or_else(|| panic!("no case {name}"));
    Judged {
        input: suite.input(case).unwrap(),
        answers: suite.answers(case).unwrap(),
        now: suite.now(case),
        verifier: Verifier::new(suite.policy(case)),
    }
}

impl Judged {
    pub(crate) fn report(&self) -> Report {
        let step = self.verifier.begin(&self.input, self.now).unwrap();
        step.run(|request| answer(&self.answers, request.target()))
    }
}

/// The report on a case.
pub(crate) fn report(name: &str) -> Report {
    case(name).report()
}
