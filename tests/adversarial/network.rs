//! What is asked for, and what is taken for an answer.

use std::collections::BTreeSet;

use openbadges::limits::{Limit, Limits};
use openbadges::policy::{Endorsements, Refresh};
use openbadges::proof::did;
use openbadges::report::CheckCode;
use openbadges::resource::{NetworkPolicy, Request, Response, Target, Unavailable};
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    ASSERTION, NOW, SCHOOL, SCHOOL_KEY, SCHOOL_LIST, Web, assertion, badge_class, credential, credential_jwt,
    hosted_assertion, issuer_profile, mallory, samples, school, school_web, status_entry, verify,
};
use crate::{gets, inconclusive, judged};

/// Places that a stranger would like this machine to ask.
const INSIDE: &[&str] = &[
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://①②⑦.0.0.1/",
    "https://127。0。0。1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://intranet/",
    "https://school.example:22/",
    "https://school.example:444/",
    "https://user@school.example/",
    "https://:password@school.example/",
    "http://school.example/",
    "ftp://school.example/",
    "file:///etc/passwd",
    "gopher://school.example/",
    "javascript:alert(1)",
    "data:application/json,{}",
    "https:school.example",
    "https:/school.example",
    "https:\\\\school.example\\",
    "https://school.example\t/",
    "//school.example/",
    "did:web:127.0.0.1",
    "did:web:localhost",
    "did:web:printer.local",
    "did:web:metadata.google.internal",
    "did:web:school.example%3A22",
    "did:web:user%40school.example",
    "did:web:school.example:..:..:secret",
    "did:web:school.example:%2e%2e",
    "did:web:school.example%2fsecret",
    "did:web:2130706433",
    "did:web:[%3A%3A1]",
];

/// Verifies under a policy that asks for all that can be asked for, and hands every request to a spy.
fn spied(input: &[u8], web: &Web, mut spy: impl FnMut(&Request)) -> Option<Report> {
    let policy = Policy::strict().with_endorsements(Endorsements::Verify).with_refresh(Refresh::Once);
    let verifier = Verifier::new(policy);
    let step = verifier.begin(input, NOW).ok()?;
    Some(step.run(|request| {
        spy(request);
        web.answer(request.target())
    }))
}

/// Badges that name this address wherever one can stand, with the web that leads to it.
fn naming(address: &str) -> Vec<(Vec<u8>, Web)> {
    let mut badges = vec![
        (address.as_bytes().to_vec(), school_web()),
        (assertion(address, &json!({"type": "HostedBadge"})).to_string().into_bytes(), school_web()),
    ];
    let mut of_class = hosted_assertion();
    of_class["badge"] = json!(address);
    let mut of_issuer = badge_class();
    of_issuer["issuer"] = json!(address);
    badges.push((hosted_assertion().to_string().into_bytes(), school_web().with(ASSERTION, &of_class)));
    badges.push((
        hosted_assertion().to_string().into_bytes(),
        school_web().with("https://school.example/class", &of_issuer),
    ));
    for member in ["publicKey", "revocationList", "id"] {
        let mut profile = issuer_profile();
        profile[member] = json!(address);
        let web = school_web().with(SCHOOL, &profile);
        badges.push((hosted_assertion().to_string().into_bytes(), web.clone()));
        let verification = json!({"type": "SignedBadge", "creator": address});
        let token = school().jws(&json!({"alg": "EdDSA"}), &assertion("urn:uuid:1", &verification));
        badges.push((token.into_bytes(), web));
    }
    for header in [
        json!({"alg": "EdDSA", "kid": address}),
        json!({"alg": "EdDSA", "jku": address, "x5u": address, "jwk": school().jwk()}),
    ] {
        badges.push((credential_jwt(&school(), &header, &credential(SCHOOL)).into_bytes(), school_web()));
        badges.push((credential_jwt(&school(), &header, &credential(address)).into_bytes(), school_web()));
    }
    let honest = json!({"alg": "EdDSA", "kid": SCHOOL_KEY});
    let mut with_all = credential(SCHOOL);
    with_all["credentialStatus"] = json!([
        status_entry(address, json!("1")),
        {"id": address, "type": "1EdTechRevocationList"},
        {"id": address, "type": "MagicStatus"},
    ]);
    with_all["credentialSchema"] = json!([{"id": address, "type": "1EdTechJsonSchemaValidator2019"}]);
    with_all["refreshService"] = json!({"id": address, "type": "1EdTechCredentialRefresh"});
    with_all["evidence"] = json!([{"id": address, "type": ["Evidence"]}]);
    with_all["endorsementJwt"] = json!([address]);
    with_all["@context"].as_array_mut().unwrap().push(json!(address));
    badges.push((credential_jwt(&school(), &honest, &with_all).into_bytes(), school_web()));
    let mut proven = credential(SCHOOL);
    let mut proof = crate::samples::proof(address);
    proof["proofValue"] = json!("z1");
    proven["proof"] = proof;
    badges.push((proven.to_string().into_bytes(), school_web()));
    badges
}

#[test]
fn no_badge_makes_anybody_ask_inside() {
    let network = NetworkPolicy::default();
    let (mut asked, mut reports) = (BTreeSet::new(), 0);
    let all = || INSIDE.iter().flat_map(|address| naming(address)).chain(naming("https://school.example/x"));
    for (input, web) in all() {
        let report = spied(&input, &web, |request| {
            let target = request.target();
            match target {
                Target::Url(url) => {
                    assert_eq!(network.permits_url(url), Ok(()), "{target}");
                    assert_eq!(url.fragment(), None, "{target}");
                }
                Target::Did(did) => match did::web_url(did) {
                    Ok(url) => assert_eq!(network.permits_url(&url), Ok(()), "{target}"),
                    Err(error) => assert!(!did.as_str().starts_with("did:web:"), "{target}: {error}"),
                },
                other => panic!("{other}"),
            }
            asked.insert(target.to_string());
        });
        reports += usize::from(report.is_some());
    }
    // The spy saw something: the same badges, with an address that may be asked, lead there.
    assert!(asked.contains("https://school.example/x"), "{asked:?}");
    assert!(asked.contains("https://school.example/.well-known/jwks.json"), "{asked:?}");
    assert!(reports > 500, "{reports}");
    let words =
        ["127.", "local", "internal", "intranet", "169.254", ":22", ":444", "user", "password", "passwd"];
    for target in asked {
        assert!(!words.iter().any(|word| target.contains(word)), "{target}");
    }
}

#[test]
fn requests_say_how_much_may_be_read() {
    for sample in samples() {
        spied(&sample.input, &sample.web, |request| {
            let limits = Limits::default();
            assert!(request.max_bytes() <= limits.get(Limit::ListBytes));
            assert!(u64::from(request.max_redirects()) <= limits.get(Limit::Redirects));
            assert!(!request.accept().is_empty());
        });
    }
}

#[test]
fn documents_are_counted() {
    // A badge of the school's with a hundred lists, and one that claims a hundred keys.
    let honest = json!({"alg": "EdDSA", "kid": SCHOOL_KEY});
    let mut listed = credential(SCHOOL);
    let entry = |number: usize| status_entry(&format!("https://school.example/status/{number}"), json!("1"));
    listed["credentialStatus"] = (0..100).map(entry).collect();
    let keys: Vec<Value> =
        (0..100).map(|number| json!(format!("https://school.example/keys/{number}"))).collect();
    let mut profile = issuer_profile();
    profile["publicKey"] = json!(keys);
    let nameless = json!({"type": "SignedBadge"});
    let signed = mallory().jws(&json!({"alg": "EdDSA"}), &assertion("urn:uuid:1", &nameless));
    let of_keys = school_web().with(SCHOOL, &profile);
    for (input, web) in [(credential_jwt(&school(), &honest, &listed), school_web()), (signed, of_keys)] {
        for most in [1, 5, 32, 256] {
            let policy = Policy::strict().with_limits(Limits::default().with(Limit::Documents, most));
            let verifier = Verifier::new(policy);
            let mut asked = 0;
            let report = verifier.begin(input.as_bytes(), NOW).unwrap().run(|request| {
                asked += 1;
                web.answer(request.target())
            });
            assert!(asked <= most, "{asked} of {most}");
            assert_ne!(report.status(), Status::Valid);
        }
    }
}

#[test]
fn a_document_that_is_too_large_is_not_read() {
    // Whatever the host let through: an honest document, with white space behind it.
    let padded = |target: &str, bytes: usize| {
        let mut web = school_web();
        let answer = web.answer(&Target::try_from(target.to_owned()).unwrap()).unwrap();
        let mut body = answer.body().to_vec();
        body.resize(bytes, b' ');
        web.answer_with(target, Ok(Response::new(200, answer.final_url().clone(), body, NOW)));
        web
    };
    let sample = |name: &str| samples().into_iter().find(|sample| sample.name == name).unwrap().input;
    let mib = 1024 * 1024;
    for (name, target, most) in [
        ("hosted", ASSERTION, mib),
        ("hosted", SCHOOL, mib),
        ("signed", "https://school.example/key", mib),
        ("integrity, of a did:web", "did:web:school.example", mib),
        ("integrity", SCHOOL_LIST, 4 * mib),
        ("hosted", "https://school.example/revoked", 4 * mib),
    ] {
        gets(sample(name), &padded(target, most), Status::Valid);
        let report = judged(sample(name), &padded(target, most + 1), Status::Unverified);
        let evidence = report.documents().iter().find(|document| document.target.to_string() == target);
        let answer = format!("{:?}", evidence.unwrap().answer);
        assert!(answer.contains("TooLarge"), "{answer}");
    }
}

#[test]
fn documents_are_measured_together() {
    let mut web = school_web();
    let mut listed = credential(SCHOOL);
    let lists: Vec<String> = (0..6).map(|number| format!("https://school.example/lists/{number}")).collect();
    listed["credentialStatus"] =
        lists.iter().map(|list| json!({"id": list, "type": "1EdTechRevocationList"})).collect();
    for list in &lists {
        let mut body = json!({"revokedCredentials": [], "revokedCredential": [], "issuer": SCHOOL, "id": list, "type": "1EdTechRevocationList"}).to_string();
        body.push_str(&" ".repeat(3 * 1024 * 1024));
        web.serve(list, body.as_bytes());
    }
    let token = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &listed);
    let report = judged(token, &web, Status::Unverified);
    assert!(inconclusive(&report, CheckCode::RevocationList), "{report:#}");
}

#[test]
fn an_old_copy_is_not_an_answer() {
    let old = |target: &str, seconds: i64| {
        let mut web = school_web();
        let answer = web.answer(&Target::try_from(target.to_owned()).unwrap()).unwrap();
        let then = NOW - time::Duration::seconds(seconds);
        web.answer_with(
            target,
            Ok(Response::new(200, answer.final_url().clone(), answer.body().to_vec(), then)),
        );
        web
    };
    let input = hosted_assertion().to_string();
    for target in [ASSERTION, "https://school.example/revoked"] {
        gets(&input, &old(target, 3600), Status::Valid);
        gets(&input, &old(target, 3601), Status::Unverified);
    }
}

#[test]
fn a_did_document_from_elsewhere_does_not_speak_for_the_did() {
    let sealed =
        school().seal(&credential("did:web:school.example"), "did:web:school.example#key").to_string();
    let target = "did:web:school.example";
    let body = school_web().answer(&Target::try_from(target.to_owned()).unwrap()).unwrap().body().to_vec();
    for (final_url, hops, expected) in [
        ("https://school.example/.well-known/did.json", vec![], Status::Valid),
        ("https://mallory.example/did.json", vec![], Status::Unverified),
        ("https://school.example/.well-known/did.json", vec!["https://mallory.example/"], Status::Unverified),
        ("http://school.example/.well-known/did.json", vec![], Status::Unverified),
        ("https://127.0.0.1/", vec![], Status::Unverified),
    ] {
        let hops: Vec<url::Url> = hops.iter().map(|hop: &&str| hop.parse().unwrap()).collect();
        let mut web = school_web();
        let response = Response::new(200, final_url.parse().unwrap(), body.clone(), NOW).with_hops(hops);
        web.answer_with(target, Ok(response));
        gets(&sealed, &web, expected);
    }
}

#[test]
fn without_a_network_nothing_is_valid_that_needs_one() {
    for sample in samples() {
        let report = verify(&sample.input, &Web::default());
        let needs_none = sample.web.documents().iter().next().is_none();
        assert_eq!(report.status() == Status::Valid, needs_none, "{}: {report:#}", sample.name);
        for unavailable in [
            Unavailable::Tls,
            Unavailable::TooLarge { limit: 1 },
            Unavailable::Transport("\u{1b}".to_owned()),
        ] {
            let verifier = Verifier::new(Policy::strict());
            let report = verifier.begin(&sample.input, NOW).unwrap().run(|_| Err(unavailable.clone()));
            assert_eq!(report.status() == Status::Valid, needs_none, "{}", sample.name);
            assert!(!format!("{report:#}").contains('\u{1b}'));
        }
    }
}
