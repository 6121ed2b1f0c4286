//! What a stranger can make one verification hold in memory, and read again and again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::report::{CheckCode, Outcome, ReasonCode};
use openbadges::{Policy, Status, Verifier};
use serde_json::{Value, json};

use crate::cost::{MOST_MEMORY, cost, forged};
use crate::samples::{
    CONTEXT_3, CONTEXT_VC, NOW, SCHOOL, SCHOOL_KEY, SCHOOL_LIST, Web, claims, credential, credential_jwt,
    issuer_profile, school, school_web, status_entry, status_list,
};
use crate::within;

/// Objects of one member, which take the most memory, within each other.
fn chains(count: usize, name: &str) -> Value {
    let chain = (0..50).fold(json!(1), |inner, _| json!({ name: inner }));
    json!(vec![chain; count])
}

/// As much JSON as one document may be, but for what it is added to.
fn full(name: &str) -> Value {
    chains(370, name)
}

/// As [`full`], of texts, of which there are more.
fn texts() -> Value {
    json!(vec!["urn:x"; 95_000])
}

/// A document that holds something more.
fn filled(mut document: Value, extra: &Value) -> Value {
    document["extra"] = extra.clone();
    document
}

/// A badge in four presentations, each with a proof that has to be tried, or with none.
fn in_presentations(extra: &Value, is_proven: bool) -> String {
    let proof = is_proven.then(forged);
    let prove = |mut document: Value| {
        document["@context"].as_array_mut().unwrap().push(json!({"@vocab": "x:"}));
        if let Some(proof) = &proof {
            document["proof"] = proof.clone();
        }
        document
    };
    let badge = prove(filled(credential(&school().did()), extra));
    let present = |held: Value| json!({"@context": [CONTEXT_VC, CONTEXT_3], "type": ["VerifiablePresentation"], "holder": school().did(), "verifiableCredential": [held]});
    (0..4).fold(badge, |held, _| prove(present(held))).to_string()
}

/// A JWT that nobody signed.
fn unsigned_jwt(payload: &Value) -> String {
    let header = json!({"alg": "EdDSA", "kid": SCHOOL_KEY}).to_string();
    let [header, payload] = [header, payload.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([1; 64]))
}

#[test]
fn presentations_within_each_other_stay_in_memory() {
    let shapes = [
        ("objects", full("a"), true),
        ("nothing", full(""), true),
        ("texts", texts(), true),
        // No more values and names than of texts, and twice as much memory.
        ("more objects", chains(970, "a"), false),
    ];
    for (name, extra, has_room) in shapes {
        for is_proven in [true, false] {
            let input = in_presentations(&extra, is_proven);
            let mut spent = None;
            let memory = allocation_counter::measure(|| spent = cost(&input, &Web::default()));
            assert_eq!(spent.map(|report| report.wrappers().len()), has_room.then_some(4), "{name}");
            assert!(memory.bytes_max < MOST_MEMORY, "{name}, {is_proven}: {} bytes", memory.bytes_max);
        }
    }
}

#[test]
fn a_full_badge_a_full_profile_and_two_full_lists_stay_in_memory() {
    let url = |list: usize| format!("{SCHOOL_LIST}/{list}");
    let bits = crate::samples::encoded(&vec![0; 16 * 1024 * 1024 - 64]);
    let key = json!({"alg": "EdDSA", "kid": SCHOOL_KEY});
    for extra in [full(""), texts()] {
        let mut badge = credential(SCHOOL);
        badge["credentialStatus"] = (0..2).map(|list| status_entry(&url(list), json!("0"))).collect();
        let token = school().jws(&key, &filled(claims(&badge), &extra));
        let web =
            (0..2).fold(school_web().with(SCHOOL, &filled(issuer_profile(), &extra)), |mut web, list| {
                let mut credential = status_list(&url(list), SCHOOL, "revocation", &[]);
                credential["credentialSubject"]["encodedList"] = json!(bits);
                web.serve(&url(list), credential_jwt(&school(), &key, &credential).as_bytes());
                web
            });
        let mut spent = None;
        let memory = allocation_counter::measure(|| spent = cost(&token, &web));
        assert_eq!(spent.unwrap().status(), Status::Valid);
        assert!(memory.bytes_max < MOST_MEMORY, "{} bytes", memory.bytes_max);
    }
}

#[test]
fn all_tokens_in_a_file_share_their_room() {
    let token = unsigned_jwt(&filled(claims(&credential(SCHOOL)), &full("")));
    let verifier = Verifier::new(Policy::strict());
    let tokens = |count: usize| json!(vec![&token; count]).to_string();
    let two = tokens(2);
    let memory = allocation_counter::measure(|| {
        let bundle = within(|| verifier.begin_all(two.as_bytes(), NOW).unwrap().offline());
        assert_eq!(bundle.badges().len(), 2);
    });
    assert!(memory.bytes_max < MOST_MEMORY, "{} bytes", memory.bytes_max);
    let seven = tokens(7);
    assert!(seven.len() < 1024 * 1024);
    let refused = within(|| verifier.begin_all(seven.as_bytes(), NOW).unwrap_err());
    let cause = std::error::Error::source(&refused).unwrap().to_string();
    assert_eq!(cause, "more than 200000 JSON values in all documents");
}

#[test]
fn documents_for_which_there_is_no_room_are_not_read() {
    let url = |list: usize| format!("{SCHOOL_LIST}/{list}");
    let mut badge = credential(SCHOOL);
    badge["credentialStatus"] = (0..16).map(|list| status_entry(&url(list), json!("0"))).collect();
    let key = |name: &str| json!({"alg": "EdDSA", "kid": name});
    let token = credential_jwt(&school(), &key(SCHOOL_KEY), &badge);
    // The first list leads to one more round. The others are JSON or JWTs.
    let list = |number| status_list(&url(number), "did:web:school.example", "revocation", &[number + 1]);
    for is_signed in [false, true] {
        let mut web = school_web();
        let first = credential_jwt(&school(), &key("did:web:school.example#key"), &list(0));
        web.serve(&url(0), first.as_bytes());
        for number in 1..16 {
            let full = filled(list(number), &full(&number.to_string()));
            let body = if is_signed { unsigned_jwt(&claims(&full)) } else { full.to_string() };
            web.serve(&url(number), body.as_bytes());
        }
        let mut spent = None;
        let read = allocation_counter::measure(|| spent = cost(&token, &web));
        let report = spent.unwrap();
        let has_no_room = |check: &openbadges::report::Check| match check.outcome() {
            Outcome::Inconclusive(reason) => reason.code == ReasonCode::Limit,
            _ => false,
        };
        let without_room = report.check(CheckCode::ResourceAvailable).filter(|check| has_no_room(check));
        assert!(without_room.count() > 10, "{report:#}");
        assert_eq!(report.status(), Status::Unverified);
        // Two of them have room, of some 60,000 pieces each.
        assert!(read.count_total < 400_000, "{}", read.count_total);
    }
}
