//! The suites of the W3C for JSON-LD and RDF canonicalization, and graphs and documents that those leave out.
//!
//! They lie outside of this repository, in the folder that the environment variable `OPENBADGES_CONFORMANCE` names.

// A test that panics is one that fails.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used
)]

#[path = "support/nquads.rs"]
mod nquads;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use openbadges::jsonld::{
    ContextStore, JsonLdError, Options, ProcessingMode, Quad, RdfDirection, Safety, expand, to_quads,
};
use openbadges::limits::Limits;
use openbadges::rdfc::{HashAlgorithm, RdfcError, canonicalize};
use serde_json::Value;
use sha2::{Digest, Sha256};

const BASE: &str = "https://w3c.github.io/json-ld-api/tests/";

/// Tests of `w3c-json-ld/toRdf` that do not hold here, and why: what JSON-LD 1.1 has done away with.
const NOT_TO_RDF: &[(&str, &str)] = &[
    ("#t0118", "generalized RDF: blank nodes as predicates, obsolete in JSON-LD 1.1 and unknown to RDF 1.1"),
    ("#te014", "for JSON-LD 1.0 only: a term with a colon that is no compact IRI"),
    ("#te026", "for JSON-LD 1.0 only: a term with a colon that is no compact IRI"),
    ("#te071", "for JSON-LD 1.0 only: a term with a colon that is no compact IRI"),
    ("#te075", "generalized RDF: blank nodes as predicates, obsolete in JSON-LD 1.1 and unknown to RDF 1.1"),
    ("#te115", "for JSON-LD 1.0 only: a relative @vocab as an error"),
    ("#te116", "for JSON-LD 1.0 only: a relative @vocab as an error"),
    ("#ter02", "for JSON-LD 1.0 only: the name of the error for contexts in a circle, here a limit"),
    ("#ter03", "for JSON-LD 1.0 only: the name of the error for contexts in a circle, here a limit"),
    ("#ter24", "for JSON-LD 1.0 only: lists of lists as an error"),
    ("#ter32", "for JSON-LD 1.0 only: lists of lists as an error"),
];

/// Tests of `w3c-json-ld/expand` that do not hold here, and why.
const NOT_EXPANDED: &[(&str, &str)] = &[
    ("#t0026", "for JSON-LD 1.0 only: a term with a colon that is no compact IRI"),
    ("#t0071", "for JSON-LD 1.0 only: a term with a colon that is no compact IRI"),
    ("#t0115", "for JSON-LD 1.0 only: a relative @vocab as an error"),
    ("#t0116", "for JSON-LD 1.0 only: a relative @vocab as an error"),
    ("#ter02", "for JSON-LD 1.0 only: the name of the error for contexts in a circle, here a limit"),
    ("#ter03", "for JSON-LD 1.0 only: the name of the error for contexts in a circle, here a limit"),
    ("#ter24", "for JSON-LD 1.0 only: lists of lists as an error"),
    ("#ter32", "for JSON-LD 1.0 only: lists of lists as an error"),
];

#[test]
fn json_ld_to_rdf() {
    let Some(suite) = JsonLdSuite::open("toRdf") else { return };
    suite.run(NOT_TO_RDF, |suite, test, document, options| {
        let quads = to_quads(document, &suite.store, options, &suite.limits)?;
        let Some(expect) = test["expect"].as_str() else { return Ok(None) };
        let expected = nquads::parse(&suite.read(expect)).quads;
        let (found, expected) = (canonical(&quads), canonical(&expected));
        Ok((found != expected).then(|| format!("expected\n{expected}found\n{found}")))
    });
}

#[test]
fn json_ld_expand() {
    let Some(suite) = JsonLdSuite::open("expand") else { return };
    suite.run(NOT_EXPANDED, |suite, test, document, options| {
        let found = expand(document, &suite.store, options, &suite.limits)?;
        let Some(expect) = test["expect"].as_str() else { return Ok(None) };
        let expected = serde_json::from_str(&suite.read(expect)).unwrap();
        let (found, expected) = (unordered(found), unordered(expected));
        Ok((found != expected).then(|| format!("expected\n{expected}\nfound\n{found}")))
    });
}

#[test]
fn rdf_canonicalization() {
    let Some(folder) = suite_folder("w3c-rdf-canon") else { return };
    let manifest = read_json(&folder.join("manifest.jsonld"));
    let limits = Limits::default();
    let mut count = 0;
    for test in manifest["entries"].as_array().unwrap() {
        let id = test["id"].as_str().unwrap();
        let dataset = nquads::parse(&read(&folder.join(test["action"].as_str().unwrap())));
        let algorithm = match test["hashAlgorithm"].as_str() {
            None => HashAlgorithm::Sha256,
            Some("SHA384") => HashAlgorithm::Sha384,
            Some(other) => panic!("{id}: {other}"),
        };
        let start = Instant::now();
        let canonical = canonicalize(&dataset.quads, algorithm, &limits);
        let elapsed = start.elapsed();
        let result = test["result"].as_str().map(|result| read(&folder.join(result)));
        match test["type"].as_str().unwrap() {
            "rdfc:RDFC10EvalTest" => assert_eq!(canonical.unwrap().nquads(), result.unwrap(), "{id}"),
            "rdfc:RDFC10MapTest" => {
                let expected: BTreeMap<String, String> = serde_json::from_str(&result.unwrap()).unwrap();
                let canonical = canonical.unwrap();
                let found: BTreeMap<String, String> = dataset
                    .labels
                    .into_iter()
                    .map(|(label, node)| (label, canonical.labels()[&node].clone()))
                    .collect();
                assert_eq!(found, expected, "{id}");
            }
            "rdfc:RDFC10NegativeEvalTest" => {
                assert!(matches!(canonical, Err(RdfcError::Limit(_))), "{id}");
                // Without optimisation it may take longer, but not for ever.
                let most = Duration::from_millis(if cfg!(debug_assertions) { 30_000 } else { 100 });
                println!("{id} was given up after {elapsed:?}");
                assert!(elapsed < most, "{id}: {elapsed:?}");
            }
            other => panic!("{id}: {other}"),
        }
        count += 1;
    }
    assert_eq!(count, 86);
}

/// What other implementations give for graphs in which blank nodes are related to each other in several ways.
#[test]
fn random_graphs_are_canonicalized_as_by_others() {
    let Some(folder) = suite_folder("rdf-graphs") else { return };
    let graphs = read(&folder.join("graphs.jsonl"));
    let mut count = 0;
    for line in graphs.lines() {
        let graph: Value = serde_json::from_str(line).unwrap();
        let quads = nquads::parse(graph["nquads"].as_str().unwrap()).quads;
        assert_eq!(sha256(&canonical(&quads)), graph["sha256"].as_str().unwrap(), "{}", graph["name"]);
        count += 1;
    }
    assert_eq!(count, 401);
}

#[test]
fn safe_mode_refuses_what_would_be_lost() {
    let Some(folder) = suite_folder("jsonld-safe") else { return };
    let expected = read_json(&folder.join("expected.json"));
    let (store, limits) = (ContextStore::bundled(), Limits::default());
    let mut count = 0;
    for (file, expected) in expected.as_object().unwrap() {
        // A member that stands twice is refused where the JSON is read.
        if file == "dup_keys.json" {
            continue;
        }
        let document = read_json(&folder.join(file));
        let found = to_quads(&document, &store, &Options::default(), &limits);
        let more = ["bad_iri_link.json", "direction.json", "index_dropped.json"];
        if expected.get("refused").is_some() || more.contains(&file.as_str()) {
            assert!(found.is_err(), "{file}: {found:?}");
        } else {
            assert_eq!(Some(found.unwrap().len()), quad_count(expected), "{file}");
        }
        count += 1;
    }
    assert_eq!(count, 27);
}

#[test]
fn open_badges_canonicalize_as_by_others() {
    let Some(folder) = suite_folder("1edtech-ob30") else { return };
    let expected = read_json(&folder.join("canonical.json"));
    let (store, limits) = (ContextStore::bundled(), Limits::default());
    for (file, expected) in expected.as_object().unwrap() {
        let mut document = read_json(&folder.join("ob30").join(file));
        document.as_object_mut().unwrap().remove("proof");
        let quads = to_quads(&document, &store, &Options::default(), &limits);
        match expected["sha256"].as_str() {
            Some(hash) => assert_eq!(sha256(&canonical(&quads.unwrap())), hash, "{file}"),
            None => assert!(quads.is_err(), "{file}"),
        }
    }
}

/// One of the two suites of `w3c-json-ld`.
struct JsonLdSuite {
    folder: PathBuf,
    manifest: Value,
    store: ContextStore,
    limits: Limits,
}

impl JsonLdSuite {
    fn open(name: &str) -> Option<Self> {
        let folder = suite_folder("w3c-json-ld")?;
        let manifest = read_json(&folder.join(format!("{name}-manifest.jsonld")));
        let mut store = ContextStore::empty();
        let mut folders = vec![(folder.join(name), format!("{BASE}{name}"))];
        while let Some((path, url)) = folders.pop() {
            for entry in std::fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                let url = format!("{url}/{}", path.file_name().unwrap().to_str().unwrap());
                if path.is_dir() {
                    folders.push((path, url));
                } else if url.ends_with(".jsonld")
                    && let Ok(document) = serde_json::from_str::<Value>(&read(&path))
                    && document.get("@context").is_some()
                {
                    store = store.with_document(&url, document).unwrap();
                }
            }
        }
        Some(Self { folder, manifest, store, limits: Limits::default() })
    }

    fn read(&self, path: &str) -> String {
        read(&self.folder.join(path))
    }

    /// Runs every test; `check` gives the difference between what was expected and found.
    fn run(
        &self,
        excluded: &[(&str, &str)],
        check: impl Fn(&Self, &Value, &Value, &Options) -> Result<Option<String>, JsonLdError>,
    ) {
        let mut problems = Vec::new();
        let tests = self.manifest["sequence"].as_array().unwrap();
        let mut held = 0;
        for test in tests {
            let id = test["@id"].as_str().unwrap();
            let reason = excluded.iter().find_map(|(excluded, reason)| (*excluded == id).then_some(*reason));
            let is_excluded = reason.is_some();
            let is_for_1_0 = test["option"]["specVersion"] == "json-ld-1.0";
            assert!(reason.is_none_or(|reason| is_for_1_0 || reason.starts_with("generalized RDF")), "{id}");
            match (self.problem(test, &check), is_excluded) {
                (None, false) => held += 1,
                (Some(_), true) => {}
                (Some(problem), false) => problems.push(format!("{id}: {problem}")),
                (None, true) => problems.push(format!("{id} is excluded, but holds")),
            }
        }
        assert!(problems.is_empty(), "{held} hold, these do not: {}", problems.join("\n"));
        assert_eq!(held + excluded.len(), tests.len());
    }

    fn problem(
        &self,
        test: &Value,
        check: impl Fn(&Self, &Value, &Value, &Options) -> Result<Option<String>, JsonLdError>,
    ) -> Option<String> {
        let input = test["input"].as_str().unwrap();
        let document = serde_json::from_str(&self.read(input)).unwrap();
        let option = |name: &str| test["option"][name].as_str();
        let base = option("base").map_or_else(|| format!("{BASE}{input}"), str::to_owned);
        let mut options = Options::default().with_safety(Safety::Lenient).with_base(base);
        if option("processingMode") == Some("json-ld-1.0") {
            options = options.with_mode(ProcessingMode::JsonLd10);
        }
        match option("rdfDirection") {
            None => {}
            Some("compound-literal") => options = options.with_direction(RdfDirection::CompoundLiteral),
            Some("i18n-datatype") => options = options.with_direction(RdfDirection::I18nDatatype),
            Some(other) => panic!("{other}"),
        }
        if let Some(file) = option("expandContext") {
            let context: Value = serde_json::from_str(&self.read(file)).unwrap();
            options = options.with_context(context["@context"].clone());
        }
        let expected_error = test["expectErrorCode"].as_str();
        let mut outcome = check(self, test, &document, &options);
        // A document that is no context cannot be added to a store in the first place.
        if let Err(JsonLdError::UnknownContext { url }) = &outcome
            && let Some(path) = url.strip_prefix(BASE)
            && let Err(error) = self.store.clone().with_document(url, read_json(&self.folder.join(path)))
        {
            outcome = Err(error);
        }
        match (outcome, expected_error) {
            (Ok(difference), None) => difference,
            (Ok(_), Some(code)) => Some(format!("expected {code}, found no error")),
            (Err(error), None) => Some(error.to_string()),
            (Err(error), Some(code)) if error.code() == code => None,
            (Err(error), Some(code)) => Some(format!("expected {code}, found {error}")),
        }
    }
}

fn canonical(quads: &[Quad]) -> String {
    canonicalize(quads, HashAlgorithm::Sha256, &Limits::default()).unwrap().nquads().to_owned()
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn quad_count(expected: &Value) -> Option<usize> {
    expected["quads"].as_u64().and_then(|count| usize::try_from(count).ok())
}

/// Puts arrays whose order means nothing into a fixed one.
fn unordered(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(unordered).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| match (name.as_str(), value) {
                ("@list", Value::Array(items)) => {
                    (name, Value::Array(items.into_iter().map(unordered).collect()))
                }
                ("@value", value) => (name, value),
                (_, value) => (name, unordered(value)),
            })
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .collect(),
        scalar => scalar,
    }
}

#[allow(clippy::disallowed_methods)]
fn suite_folder(name: &str) -> Option<PathBuf> {
    let Ok(folder) = std::env::var("OPENBADGES_CONFORMANCE") else {
        eprintln!("no test of {name} was run: OPENBADGES_CONFORMANCE is not set");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
