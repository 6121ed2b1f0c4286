//! Every badge that is valid, with one thing changed: it must not stay valid, unless it is the same badge still.

use openbadges::jsonld::ContextStore;
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};

use crate::same::said;
use crate::samples::{NOW, SCHOOL_LIST, Sample, Web, proof, samples, school, school_web};

/// What an input gets, if it is a badge at all.
fn report(verifier: &Verifier, input: &[u8], web: &Web) -> Option<Report> {
    verifier.begin(input, NOW).ok().map(|step| step.run(|request| web.answer(request.target())))
}

/// Fails if a changed input is valid and says something else.
#[track_caller]
fn holds(
    sample: &Sample,
    original: &Value,
    changed: &[u8],
    verifier: &Verifier,
    what: &str,
) -> Option<Status> {
    let report = report(verifier, changed, &sample.web)?;
    if report.status() == Status::Valid {
        let found = said(report.badge().unwrap().json());
        assert_eq!(found, *original, "{}, {what}: {}", sample.name, String::from_utf8_lossy(changed));
    }
    Some(report.status())
}

#[test]
fn no_byte_of_a_valid_badge_can_be_changed_unnoticed() {
    let verifier = Verifier::new(Policy::strict());
    for sample in samples() {
        let original = said(report(&verifier, &sample.input, &sample.web).unwrap().badge().unwrap().json());
        let (mut reports, mut not_valid) = (0, 0);
        // Every third byte, each in its own way, so that all classes of bytes are met.
        for place in (0..sample.input.len()).step_by(3) {
            let mut changed = sample.input.clone();
            changed[place] ^= [0x01, 0x20, 0x02, 0x10, 0x80][place / 3 % 5];
            if let Some(status) = holds(&sample, &original, &changed, &verifier, &format!("byte {place}")) {
                reports += 1;
                not_valid += usize::from(status != Status::Valid);
            }
        }
        assert!(reports > 0, "{}: {reports}", sample.name);
        // A changed copy of a hosted badge names the same address, and a changed chunk of a PNG is no chunk.
        let may_hold = sample.name.starts_with("hosted") || sample.name.ends_with("PNG");
        assert!(not_valid > 0 || may_hold, "{}", sample.name);
    }
}

#[test]
fn no_byte_of_a_valid_badge_can_be_left_out_unnoticed() {
    let verifier = Verifier::new(Policy::strict());
    for sample in samples() {
        let original = said(report(&verifier, &sample.input, &sample.web).unwrap().badge().unwrap().json());
        for place in (0..sample.input.len()).step_by(7) {
            let mut changed = sample.input.clone();
            changed.remove(place);
            holds(&sample, &original, &changed, &verifier, &format!("without byte {place}"));
            let mut changed = sample.input.clone();
            changed.insert(place, changed[place]);
            holds(&sample, &original, &changed, &verifier, &format!("with byte {place} twice"));
        }
    }
}

#[test]
fn no_value_of_a_valid_badge_can_be_changed_unnoticed() {
    let verifier = Verifier::new(Policy::strict());
    let mut changes = 0;
    for sample in samples() {
        let Ok(document) = serde_json::from_slice::<Value>(&sample.input) else { continue };
        let original = said(report(&verifier, &sample.input, &sample.web).unwrap().badge().unwrap().json());
        for pointer in leaves(&document) {
            for (what, value) in others(document.pointer(&pointer).unwrap()) {
                let mut changed = document.clone();
                *changed.pointer_mut(&pointer).unwrap() = value;
                let changed = changed.to_string();
                holds(&sample, &original, changed.as_bytes(), &verifier, &format!("{pointer}, {what}"));
                changes += 1;
            }
        }
        for pointer in members(&document) {
            let mut changed = document.clone();
            remove(&mut changed, &pointer);
            holds(
                &sample,
                &original,
                changed.to_string().as_bytes(),
                &verifier,
                &format!("without {pointer}"),
            );
            changes += 1;
        }
    }
    assert!(changes > 500, "{changes}");
}

#[test]
fn no_value_of_a_signed_status_list_can_be_changed_unnoticed() {
    let verifier = Verifier::new(Policy::strict());
    let sample = samples().into_iter().find(|sample| sample.name == "integrity").unwrap();
    let honest = school_web().answer(&SCHOOL_LIST.to_owned().try_into().unwrap()).unwrap();
    let document: Value = serde_json::from_slice(honest.body()).unwrap();
    for pointer in leaves(&document) {
        // Another context can have the same terms, and then it is the same list.
        if pointer.starts_with("/@context") {
            continue;
        }
        let text = document.pointer(&pointer).unwrap().as_str().unwrap();
        let web = |value: Value| {
            let mut changed = document.clone();
            *changed.pointer_mut(&pointer).unwrap() = value;
            school_web().with(SCHOOL_LIST, &changed)
        };
        for value in [json!(format!("{text}x")), json!(text[1..]), json!(""), json!(7)] {
            let report = report(&verifier, &sample.input, &web(value.clone())).unwrap();
            assert_eq!(report.status(), Status::Unverified, "{pointer} {value}: {report:#}");
        }
    }
}

/// Other values of the same or another type.
fn others(value: &Value) -> Vec<(&'static str, Value)> {
    let text = value.as_str().unwrap_or_default();
    vec![
        ("longer", json!(format!("{text}x"))),
        ("shorter", json!(text.chars().skip(1).collect::<String>())),
        ("upper case", json!(text.to_uppercase())),
        ("space", json!(format!("{text} "))),
        ("normalised", json!(text.replace("T09:00:00Z", "T10:00:00+01:00"))),
        ("empty", json!("")),
        ("number", json!(7)),
        ("null", json!(null)),
        ("true", json!(true)),
        ("list", json!([value])),
        ("twice", json!([value, value])),
        ("no list", json!([])),
        ("id", json!({"id": value})),
        ("value", json!({"@value": value})),
        ("keyword id", json!({"@id": value})),
        ("set", json!({"@set": [value]})),
        ("in a language", json!({"@value": value, "@language": "en"})),
        ("object", json!({})),
    ]
}

/// The places of all values that are neither objects nor lists.
pub(crate) fn leaves(document: &Value) -> Vec<String> {
    places(document)
        .into_iter()
        .filter(|(_, value)| !value.is_object() && !value.is_array())
        .map(|(at, _)| at)
        .collect()
}

/// The places of all members and elements.
fn members(document: &Value) -> Vec<String> {
    places(document).into_iter().map(|(at, _)| at).filter(|at| !at.is_empty()).collect()
}

fn places(document: &Value) -> Vec<(String, &Value)> {
    let (mut open, mut places) = (vec![(String::new(), document)], Vec::new());
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Array(elements) => {
                open.extend(
                    elements.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)),
                );
            }
            Value::Object(members) => {
                open.extend(members.iter().map(|(name, value)| {
                    (format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), value)
                }));
            }
            _ => {}
        }
        places.push((at, value));
    }
    places
}

fn remove(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Array(elements) => drop(elements.remove(name.parse().unwrap())),
        Value::Object(members) => drop(members.remove(name)),
        other => panic!("{other}"),
    }
}

/// The school's proof on a document, or a wrong one where the document stands for no statements.
pub(crate) fn sealed_if_possible(document: &Value) -> String {
    let mut unsigned = document.clone();
    unsigned["proof"] = proof(&school().method());
    unsigned["proof"]["proofValue"] = json!("z1");
    let sealed = school().try_seal(document, &proof(&school().method()), &ContextStore::bundled());
    sealed.unwrap_or(unsigned).to_string()
}
