//! Imports badges into a host's own type: a college that counts badges of others towards its courses.
//!
//! The college knows which competencies its courses teach. A badge that is aligned with one of them becomes a
//! [`Transfer`], for a person to decide on; one that is aligned with none is objected to in the preview already.
//!
//! Run it with `cargo run --example custom_importer`. It carries its badge and the issuer's documents along; a real
//! host takes an upload and fetches.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use openbadges::badge::{IdentityKind, Summary};
use openbadges::import::{Admitted, ImportRules, Importer, Objection, Preview, Ruling};
use openbadges::recipient::{Confirmation, KnownIdentity};
use openbadges::resource::{Request, Response, Retrieval, Unavailable};
use openbadges::{Policy, Status, Verifier};
use time::OffsetDateTime;
use time::macros::datetime;

/// What the college stores: somebody asks for credits of a course on the strength of a badge.
struct Transfer {
    course: String,
    badge: String,
    issuer: String,
    needs_a_second_look: bool,
}

/// Why no transfer could be made of a badge.
#[derive(Debug)]
struct NoIssuer;

impl fmt::Display for NoIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the badge names no issuer to ask")
    }
}

impl Error for NoIssuer {}

/// The courses, by the competency that each teaches.
struct College {
    courses: BTreeMap<&'static str, &'static str>,
}

impl College {
    /// The course that teaches what the badge is aligned with.
    fn course(&self, summary: &Summary<'_>) -> Option<&'static str> {
        summary.alignments.iter().find_map(|alignment| self.courses.get(alignment.url?).copied())
    }
}

impl Importer for College {
    type Record = Transfer;
    type Error = NoIssuer;

    /// Expired badges do not count here; what could not be verified is looked at by a person.
    fn rules(&self) -> ImportRules {
        ImportRules::default().with_expired(Ruling::Refuse)
    }

    fn review(&self, preview: &Preview) -> Vec<Objection> {
        let has_course = preview.summary().is_some_and(|summary| self.course(&summary).is_some());
        let objection =
            || Objection::of_host("course.none", "None of our courses teaches what this badge attests.");
        if has_course { Vec::new() } else { vec![objection()] }
    }

    fn record(&self, admitted: &Admitted<'_>) -> Result<Transfer, NoIssuer> {
        let summary = admitted.summary();
        let issuer = summary.issuer.as_ref().and_then(|issuer| issuer.name.or(issuer.id)).ok_or(NoIssuer)?;
        Ok(Transfer {
            course: self.course(&summary).unwrap_or_default().to_owned(),
            badge: summary.name.unwrap_or_default().to_owned(),
            issuer: issuer.to_owned(),
            needs_a_second_look: admitted.status() != Status::Valid,
        })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let college =
        College { courses: BTreeMap::from([("https://example.com/competencies/sql", "Databases I")]) };
    let verifier = Verifier::new(Policy::strict());
    let known = [KnownIdentity::new(IdentityKind::Email, "ada@example.org", Confirmation::Confirmed)];

    // The preview, for the person to see.
    let report = verifier.begin(ASSERTION.as_bytes(), NOW)?.run(fetch);
    let preview = Preview::of(&college, report, &known);
    println!("{}", preview.report());
    for objection in preview.objections() {
        println!("{}: {objection}", objection.code());
    }
    let seen = preview.fingerprint();

    // The person accepts. Without a session in between, verify again here; see the documentation of `import`.
    let transfer = preview.accept(&college, &seen)?;
    let Transfer { course, badge, issuer, needs_a_second_look } = transfer;
    println!("\nstored: {course}, for {badge} by {issuer}");
    if needs_a_second_look {
        println!("somebody has to look at this one");
    }
    assert_eq!(course, "Databases I");
    Ok(())
}

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

/// What the issuer serves; a real host asks the network here, as the table in `resource` says.
fn fetch(request: &Request) -> Retrieval {
    let address = request.target().to_string();
    let body = match address.as_str() {
        "https://issuer.example/assertions/1" => ASSERTION,
        "https://issuer.example/badges/sql" => BADGE_CLASS,
        "https://issuer.example/" => ISSUER,
        _ => return Err(Unavailable::Declined),
    };
    let url = address.parse().map_err(|_| Unavailable::Declined)?;
    Ok(Response::new(200, url, body.as_bytes().to_vec(), NOW))
}

const ASSERTION: &str = r#"{
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": "https://issuer.example/assertions/1",
    "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
    "badge": "https://issuer.example/badges/sql",
    "verification": {"type": "HostedBadge"},
    "issuedOn": "2026-05-01T12:00:00Z"
}"#;

const BADGE_CLASS: &str = r#"{
    "@context": "https://w3id.org/openbadges/v2",
    "type": "BadgeClass",
    "id": "https://issuer.example/badges/sql",
    "name": "SQL",
    "description": "Asks databases for what is in them",
    "image": "https://issuer.example/badges/sql.png",
    "criteria": {"narrative": "Answer twenty questions with a query each."},
    "alignment": [{"targetName": "SQL", "targetUrl": "https://example.com/competencies/sql"}],
    "issuer": "https://issuer.example/"
}"#;

const ISSUER: &str = r#"{
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Issuer",
    "id": "https://issuer.example/",
    "name": "School of Queries",
    "url": "https://issuer.example/",
    "email": "badges@issuer.example"
}"#;
