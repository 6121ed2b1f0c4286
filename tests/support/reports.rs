//! What this build says about everything that there is to judge: one line for each thing, to be compared with what
//! another build says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use openbadges::import::{Preview, RecordImporter};
use openbadges::jsonld::ContextStore;
use openbadges::limits::Limits;
use openbadges::proof::integrity::{Cryptosuite, prepare};
use openbadges::report::StoredReport;
use openbadges::resource::Retrieval;
use openbadges::suite::{Suite, answer};
use openbadges::{Documents, Policy, Verifier, jcs};
use serde_json::Value;

#[path = "samples.rs"]
mod samples;
#[path = "suites.rs"]
mod suites;

use samples::{CONTEXT_3, CONTEXT_VC, Key, NOW};
use suites::suites_below;

/// A name for each thing, and what came of it.
pub(crate) fn reports(folders: &[PathBuf]) -> BTreeMap<String, String> {
    let mut reports = BTreeMap::new();
    for file in folders.iter().flat_map(|folder| suites_below(folder)) {
        let suite = Suite::read(&file).unwrap();
        for case in &suite.cases {
            let answers = suite.answers(case).unwrap();
            let verifier = Verifier::new(suite.policy(case));
            let input = suite.input(case).unwrap();
            let outcome = judged(&verifier, &input, suite.now(case), &answers);
            reports.insert(format!("{} {}", suite.suite, case.name), outcome);
        }
    }
    for spelling in VALUES {
        let outcomes = [canonical(spelling), signed(spelling)].concat();
        reports.insert(format!("a value spelt {spelling}"), outcomes);
    }
    reports
}

/// The report, the documents that it rests on, and what an importer would make of it.
fn judged(
    verifier: &Verifier,
    input: &[u8],
    now: time::OffsetDateTime,
    answers: &BTreeMap<String, Retrieval>,
) -> String {
    let step = match verifier.begin(input, now) {
        Ok(step) => step,
        Err(error) => return format!("{error:?}"),
    };
    let mut documents = Documents::default();
    let report = step.run(|request| {
        let retrieval = answer(answers, request.target());
        documents.insert(request.target().clone(), retrieval.clone());
        retrieval
    });
    let text = serde_json::to_string(&report).unwrap();
    // What was stored can be read back.
    let stored: StoredReport = serde_json::from_str(&text).unwrap();
    assert_eq!(stored.status, report.status());
    let documents = serde_json::to_string(&documents).unwrap();
    let read: Documents = serde_json::from_str(&documents).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), documents);
    let preview = Preview::of(&RecordImporter::default(), report, &[]);
    format!("{text} {documents} {} {:?}", preview.fingerprint(), preview.summary())
}

/// Spellings that a reader of JSON may take for something else: numbers, and what serde_json itself may hold for one.
const VALUES: &[&str] = &[
    "0",
    "-0",
    "0.0",
    "-0.0",
    "0e5",
    "1",
    "-1",
    "1.0",
    "1.10",
    "1.5",
    "1e2",
    "1E2",
    "1e+2",
    "1e-2",
    "100.0",
    "1e21",
    "1e20",
    "123456789e-7",
    "0.1",
    "0.30000000000000004",
    "4.35",
    "5e-324",
    "1e-400",
    "2.2250738585072014E-308",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "1.7976931348623157e308",
    "1e308",
    "1.8e308",
    "1e309",
    "-1e309",
    "1e999999999999",
    "01",
    "-01",
    "1.",
    ".5",
    "1.e5",
    "1e",
    "1e+",
    "-",
    "+1",
    "--1",
    "0x10",
    "1_000",
    "NaN",
    "Infinity",
    "1 2",
    "1a",
    r#"{"$serde_json::private::Number":"1.5"}"#,
    r#"{"$serde_json::private::Number":1.5}"#,
    r#"{"$serde_json::private::Number":"x"}"#,
    r#"{"$serde_json::private::Number":"1","more":2}"#,
    r#"{"more":2,"$serde_json::private::Number":"1"}"#,
    r#"{"$serde_json::private\u003a:Number":"1.5"}"#,
    r#"{"$serde_json::private::RawValue":"[1]"}"#,
    r#"{"b":1,"a":[2.50,{"d":1e1,"c":-0}]}"#,
];

/// A credential with a value of that spelling. It is text from the start: what writes JSON may depend on the build.
fn credential(spelling: &str) -> String {
    let did = signer().did();
    let terms: Vec<String> = ["number", "more", "a", "b", "c", "d"]
        .map(|term| format!(r#""{term}":"https://example.org/{term}""#))
        .into();
    format!(
        r#"{{"@context":["{CONTEXT_VC}","{CONTEXT_3}",{{{}}}],
        "type":["VerifiableCredential","OpenBadgeCredential"],
        "id":"urn:uuid:0d5c1f5e-30c4-4b32-95c5-3f7b8f6d5a10","name":"Counting","number":{spelling},
        "issuer":{{"id":"{did}","type":["Profile"],"name":"A school"}},"validFrom":"2026-03-01T09:00:00Z",
        "credentialSubject":{{"id":"mailto:grace@example.com","type":["AchievementSubject"],"achievement":{{
            "id":"https://school.example/counting","type":["Achievement"],"name":"Counting",
            "description":"Counts.","criteria":{{"narrative":"Count."}}}}}}}}"#,
        terms.join(",")
    )
}

fn proof(cryptosuite: &str, value: &str) -> String {
    let method = signer().method();
    format!(
        r#"{{"type":"DataIntegrityProof","cryptosuite":"{cryptosuite}","created":"2026-03-01T09:00:00Z",
        "proofPurpose":"assertionMethod","verificationMethod":"{method}","proofValue":"{value}"}}"#
    )
}

fn signer() -> Key {
    Key::of("numbers")
}

const CRYPTOSUITES: [&str; 2] = ["eddsa-jcs-2022", "eddsa-rdfc-2022"];

/// A value of the right form that signs nothing.
fn no_signature() -> String {
    format!("z{}", bs58::encode([1; 64]).into_string())
}

/// The credential as a host's own reader has it, if that can read it.
fn read(spelling: &str) -> Option<Value> {
    // Whether serde_json refuses what no double can hold depends on its features.
    if spelling.parse().is_ok_and(f64::is_infinite) {
        return None;
    }
    // What serde_json makes of its own mark is not ours to change: such a document is not read but built.
    let document = serde_json::from_str(&credential(&spelling.replace(PRIVATE, "mark"))).ok()?;
    Some(renamed(document))
}

fn renamed(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name.replace("mark", PRIVATE), renamed(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        scalar => scalar,
    }
}

const PRIVATE: &str = "$serde_json::private";

/// What a host that reads the JSON itself is told about it.
fn canonical(spelling: &str) -> String {
    let Some(document) = read(spelling) else { return "not JSON".to_owned() };
    let mut said = format!("{:?}", jcs::canonicalize(&document, &Limits::default()));
    for suite in CRYPTOSUITES {
        let proof: Value = serde_json::from_str(&proof(suite, &no_signature())).unwrap();
        let (document, proof) = (document.as_object().unwrap(), proof.as_object().unwrap());
        let suite = Cryptosuite::of(proof).unwrap();
        match prepare(document, proof, suite, &ContextStore::bundled(), &Limits::default()) {
            Ok(prepared) => said.push_str(prepared.canonical_document()),
            Err(error) => write!(said, "{error:?}").unwrap(),
        }
    }
    said
}

/// The reports on badges that hold it, signed where it can be.
fn signed(spelling: &str) -> String {
    let verifier = Verifier::new(Policy::strict());
    let judged = CRYPTOSUITES.map(|suite| {
        let sealed = read(spelling).and_then(|document| {
            let proof = serde_json::from_str(&proof(suite, "")).unwrap();
            signer().try_seal(&document, &proof, &ContextStore::bundled()).ok()
        });
        let value = sealed
            .map_or_else(no_signature, |sealed| sealed["proof"]["proofValue"].as_str().unwrap().to_owned());
        let text = credential(spelling);
        let input = format!("{},\"proof\":{}}}", text.strip_suffix('}').unwrap(), proof(suite, &value));
        judged(&verifier, input.as_bytes(), NOW, &BTreeMap::new())
    });
    judged.concat()
}
