//! Runs the program on badges of this repository, before and after their issuers changed what they serve.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a test of a program has processes and files

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use openbadges::import::{BadgeRecord, Preview, RecordImporter};
use openbadges::recipient::{Account, Confirmation};
use openbadges::resource::{Request, Response, Retrieval, Unavailable};
use openbadges::{Policy, Verifier};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const BADGES: [(&str, &str); 4] = [
    ("ob2/hosted.svg", "more/revoked.svg"),
    ("ob3/jwt-last-moment.jws", "expiring.jws"),
    ("ob3/integrity.png", "orphaned.png"),
    ("ob3/jwt-did-key.jws", "steady.jws"),
];

const NOW: &str = "2026-06-01T12:00:00Z";
const LATER: &str = "2026-07-01T12:00:00Z";

/// A folder of its own for a test, with badges and what their issuers serve.
struct Host(PathBuf);

impl Host {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bulk-recheck-{}-{test}", std::process::id()));
        let host = Self(folder);
        host.copy("documents", "documents");
        for (badge, name) in BADGES {
            host.copy(badge, &format!("badges/{name}"));
        }
        host
    }

    /// Copies a file or folder of this repository's badges.
    fn copy(&self, from: &str, to: &str) {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/badges").join(from);
        let mut open = vec![(from, self.0.join(to))];
        while let Some((from, to)) = open.pop() {
            if from.is_dir() {
                let entries = fs::read_dir(from).unwrap().map(|entry| entry.unwrap());
                open.extend(entries.map(|entry| (entry.path(), to.join(entry.file_name()))));
            } else {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(from, to).unwrap();
            }
        }
    }

    /// The issuers take back what they can.
    fn documents_change(&self) {
        let revoked = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion",
            "id": "https://rowing.example/assertions/1.json", "revoked": true, "revocationReason": "Plagiarism"});
        fs::write(self.0.join("documents/rowing.example/assertions/1.json"), revoked.to_string()).unwrap();
        fs::remove_file(self.0.join("documents/library.example/.well-known/did.json")).unwrap();
    }

    fn run(&self, badges: &str, options: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bulk-recheck"));
        command.current_dir(&self.0).args([badges, "--documents", "documents"]).args(options.split(' '));
        command.output().unwrap()
    }

    /// What is in a state: the outcomes, sorted by name.
    fn outcomes(&self, state: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.0.join(state)).unwrap();
        let mut outcomes: Vec<Value> =
            text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        outcomes.sort_by_key(|outcome| outcome["name"].as_str().unwrap().to_owned());
        outcomes
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap())
}

const CHANGES: &str = "\
expiring.jws: now-expired
more/revoked.svg: now-revoked (Plagiarism)
orphaned.png: issuer-gone (did:web:library.example)
4 badges, 1 unchanged
";

#[test]
fn it_tells_what_has_changed_since_the_run_before() {
    let host = Host::new("changes");
    let first = host.run("badges", &format!("--state first --now {NOW}"));
    assert_eq!(told(&first), (Some(0), "4 badges, 4 unchanged\n".to_owned()));
    let again = host.run("badges", &format!("--state again --before first --now {NOW} --threads 1"));
    assert_eq!(told(&again), (Some(0), "4 badges, 4 unchanged\n".to_owned()));
    assert_eq!(host.outcomes("first"), host.outcomes("again"), "on one thread as on many");

    host.documents_change();
    let later = host.run("badges", &format!("--state later --before first --now {LATER}"));
    assert_eq!(told(&later), (Some(1), CHANGES.to_owned()));
    let revoked = &host.outcomes("later")[1]["judged"];
    assert_eq!(revoked["report"]["status"], "revoked");
    let codes: Vec<&str> =
        revoked["checks"].as_array().unwrap().iter().map(|check| check["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"revocation.hosted"), "{codes:?}");
}

#[test]
fn a_run_that_was_interrupted_goes_on() {
    let host = Host::new("resume");
    host.run("badges", &format!("--state first --now {NOW}"));
    host.documents_change();
    host.run("badges", &format!("--state later --before first --now {LATER}"));
    let whole = host.outcomes("later");

    // It was stopped while it wrote down the third badge.
    let text = fs::read_to_string(host.0.join("later")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let cut = format!("{}\n{}\n{}\n{}", lines[0], lines[1], lines[2], &lines[3][..40]);
    fs::write(host.0.join("later"), cut).unwrap();
    let resumed = host.run("badges", "--state later --before first");
    assert_eq!(told(&resumed), (Some(1), CHANGES.to_owned()), "at the time of the run, and not of the day");
    assert!(String::from_utf8_lossy(&resumed.stderr).contains("2 done before, 2 to do"));
    assert_eq!(host.outcomes("later"), whole);
    let nothing = host.run("badges", "--state later --before first");
    assert_eq!(told(&nothing), (Some(1), CHANGES.to_owned()));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("4 done before, 0 to do"));
}

/// The record of a badge, as a host has it since the badge was imported.
fn record(host: &Host, name: &str) -> BadgeRecord {
    let now = OffsetDateTime::parse(NOW, &Rfc3339).unwrap();
    let fetch = |request: &Request| -> Retrieval {
        let path = request.target().to_string().replace("https://", "documents/");
        let body = fs::read(host.0.join(path)).map_err(|_| Unavailable::Declined)?;
        Ok(Response::new(200, request.target().to_string().parse().unwrap(), body, now))
    };
    let verifier = Verifier::new(Policy::strict());
    let report = verifier.begin(&fs::read(host.0.join(name)).unwrap(), now).unwrap().run(fetch);
    let account = Account::new().with_email("ada@example.com", Confirmation::Confirmed);
    let preview = Preview::of(&RecordImporter::default(), report, account.identities());
    let seen = preview.fingerprint();
    preview.accept(&RecordImporter::default(), &seen).unwrap()
}

#[test]
fn records_are_brought_up_to_date() {
    let host = Host::new("records");
    let name = "badges/more/revoked.svg";
    let line = json!({"file": name, "record": record(&host, name)});
    fs::write(host.0.join("stored.ndjson"), format!("{line}\n{}\n", json!({"file": "badges/steady.jws"})))
        .unwrap();
    let unchanged = host.run("stored.ndjson", &format!("--state first --now {NOW}"));
    assert_eq!(told(&unchanged), (Some(0), "2 badges, 2 unchanged\n".to_owned()));

    host.documents_change();
    let output = host.run("stored.ndjson", &format!("--state state --now {LATER}"));
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let record = &host.outcomes("state")[0]["judged"]["record"];
    assert_eq!((&record["status"], &record["revoked_reason"]), (&json!("revoked"), &json!("Plagiarism")));
    assert_eq!(record["updated_at"], "2026-07-01 12:00:00");
}

#[test]
fn a_revocation_is_recorded_however_the_stored_copy_spells_the_id() {
    let host = Host::new("respelt");
    let copy = fs::read_to_string(host.0.join("documents/rowing.example/assertions/1.json")).unwrap();
    let respelt = copy
        .replace("https://rowing.example/assertions/1.json", "HTTPS://Rowing.example:443/assertions/1.json");
    assert_ne!(respelt, copy);
    fs::write(host.0.join("badges/respelt.json"), respelt).unwrap();
    let line = json!({"file": "badges/respelt.json", "record": record(&host, "badges/respelt.json")});
    fs::write(host.0.join("stored.ndjson"), line.to_string()).unwrap();
    host.documents_change();
    let output = host.run("stored.ndjson", &format!("--state state --now {LATER}"));
    assert_eq!(
        told(&output),
        (Some(1), "badges/respelt.json: now-revoked (Plagiarism)\n1 badges, 0 unchanged\n".to_owned())
    );
}

#[test]
fn a_record_of_another_badge_is_left_alone_and_told() {
    let host = Host::new("mixed-up");
    let line = json!({"file": "badges/steady.jws", "record": record(&host, "badges/more/revoked.svg")});
    fs::write(host.0.join("stored.ndjson"), line.to_string()).unwrap();
    let (code, told) = told(&host.run("stored.ndjson", &format!("--state state --now {LATER}")));
    assert_eq!(code, Some(1));
    assert!(
        told.starts_with("badges/steady.jws: its record was left as it is: the report is on another"),
        "{told}"
    );
}

#[test]
fn a_file_without_a_badge_is_told_with_what_to_do() {
    let host = Host::new("unreadable");
    host.copy("blank.png", "badges/blank.png");
    let output = host.run("badges", &format!("--state state --now {NOW}"));
    let (code, told) = told(&output);
    assert_eq!(code, Some(1));
    assert!(told.starts_with("blank.png: unreadable. This image holds no badge"), "{told}");
}

/// Runs what cannot be run, and gives why.
fn refused(host: &Host, badges: &str, options: &str) -> String {
    let output = host.run(badges, options);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        (output.status.code(), output.stdout.is_empty()),
        (Some(2), true),
        "{badges} {options}: {said}"
    );
    said
}

#[test]
fn what_cannot_be_run_is_said() {
    let host = Host::new("usage");
    host.run("badges", &format!("--state state --now {NOW}"));
    fs::write(host.0.join("list.ndjson"), "{}\n").unwrap();
    for (badges, options, why) in [
        ("nowhere", "--state other", "nowhere"),
        ("list.ndjson", "--state other", "list.ndjson, line 1"),
        ("documents", "--state state", "is the state of a run on badges"),
        ("badges", "--state list.ndjson", "list.ndjson is no state of a run"),
        ("badges", "--state other --before list.ndjson", "list.ndjson is no state of a run"),
        ("badges", "--state", "--state: expected a value"),
        ("badges", "--now today --state other", "usage:"),
    ] {
        let said = refused(&host, badges, options);
        assert!(said.contains(why), "{badges} {options}: {said}");
    }
}

#[test]
fn a_file_that_is_no_state_of_this_run_is_left_as_it_is() {
    let host = Host::new("no-state");
    host.run("badges", &format!("--state state --now {NOW}"));
    let state = fs::read(host.0.join("state")).unwrap();
    let list = format!("{}\n", json!({"file": "badges/steady.jws"}));
    let cases: [(&str, &str, &[u8]); 7] = [
        ("badges", "is no state of a run", b"A letter, in one line"),
        ("badges", "is no state of a run", b"A letter, in one line\nand half of another"),
        ("badges", "is no state of a run", b"\n"),
        ("badges", "is no state of a run", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("badges", "is no state of a run", list.trim_end().as_bytes()),
        ("documents", "is the state of a run on badges", &[&state[..], b"{\"cut off"].concat()),
        ("badges", "expected", &[&state[..], b"another line\n{\"cut off"].concat()),
    ];
    for (badges, why, before) in cases {
        fs::write(host.0.join("file"), before).unwrap();
        let said = refused(&host, badges, "--state file");
        assert!(said.contains(why), "{said}");
        assert_eq!(fs::read(host.0.join("file")).unwrap(), before, "{said}");
    }
    fs::write(host.0.join("list.ndjson"), &list).unwrap();
    assert!(refused(&host, "list.ndjson", "--state ./list.ndjson").contains("cannot be the state too"));
    assert_eq!(fs::read_to_string(host.0.join("list.ndjson")).unwrap(), list);
    fs::write(host.0.join("empty"), "").unwrap();
    assert_eq!(told(&host.run("badges", "--state empty")).0, Some(0), "an empty file can be begun in");
}

#[test]
fn a_list_that_names_a_file_twice_is_refused() {
    let host = Host::new("twice");
    let line = |name: &str| format!("{}\n", json!({"file": name}));
    let lines =
        ["badges/steady.jws", "badges/orphaned.png", "badges/steady.jws", "badges/steady.jws"].map(line);
    fs::write(host.0.join("stored.ndjson"), lines.concat()).unwrap();
    let said = refused(&host, "stored.ndjson", "--state state");
    assert!(said.contains("stored.ndjson: named more than once: badges/steady.jws"), "{said}");
    assert!(!said.contains("orphaned") && !host.0.join("state").exists());
}
