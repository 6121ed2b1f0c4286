//! Hosted documents that would say one thing to one reader and another thing to the next.

use std::collections::BTreeSet;

use openbadges::badge::{Badge, Model, Version};
use openbadges::policy::TrustedIssuers;
use openbadges::report::CheckCode;
use openbadges::resource::Response;
use openbadges::{Policy, Report, Status, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    ASSERTION, CONTEXT_2, CONTEXT_3, CONTEXT_VC, MALLORY, NOW, SCHOOL, Web, assertion, hosted_assertion,
    issuer_profile, school, school_web, verify,
};
use crate::{gets, judged};

const CONTEXT_1: &str = "https://w3id.org/openbadges/v1";
const CLASS: &str = "https://mallory.example/class";
const AWARD: &str = "https://mallory.example/1";

/// Mallory's badge: an assertion, its class and its issuer, each at its own address.
fn mallorys() -> [(&'static str, Value); 3] {
    let assertion = json!({"@context": CONTEXT_2, "type": "Assertion", "id": AWARD, "badge": CLASS,
        "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
        "verification": {"type": "HostedBadge"}, "issuedOn": "2026-01-02T03:04:05Z"});
    let class = json!({"@context": CONTEXT_2, "type": "BadgeClass", "id": CLASS, "name": "Teamwork",
        "description": "d", "image": "https://mallory.example/i.png", "criteria": {"narrative": "n"}, "issuer": MALLORY});
    let issuer = json!({"@context": CONTEXT_2, "type": "Issuer", "id": MALLORY, "name": "Mallory",
        "url": "https://mallory.example/", "email": "m@mallory.example"});
    [(AWARD, assertion), (CLASS, class), (MALLORY, issuer)]
}

/// The school's web, with Mallory's on it, whose documents these are.
fn webs(documents: &[(&str, Value)]) -> Web {
    documents.iter().fold(school_web(), |web, (url, document)| web.with(url, document))
}

/// The ids of a badge, its class and its issuer.
fn ids(badge: &Badge) -> Vec<String> {
    let Model::V2(chain) = badge.model() else { panic!("judged as 2.0, and told as {}", badge.version()) };
    let class = chain.badge_class().map(|class| class.id.to_string());
    let issuer = chain.issuer().map(|issuer| issuer.id.to_string());
    [Some(chain.assertion().id.to_string()), class, issuer].into_iter().flatten().collect()
}

/// A badge that holds has only ids that were asked; it is Mallory's own, or the one that the school gave to somebody.
#[track_caller]
fn is_of_whom_it_says(report: &Report, case: &dyn Fn() -> String) {
    let Some(badge) = report.badge().filter(|_| report.status() == Status::Valid) else { return };
    let asked: BTreeSet<String> = report.documents().iter().map(|each| each.target.to_string()).collect();
    let ids = ids(badge);
    assert!(ids.iter().all(|id| asked.contains(id)), "{ids:?}: {}", case());
    let are_of = |site: &str| ids.iter().all(|id| id.starts_with(site));
    let is_schools = are_of("https://school.example/") && *badge.json() == hosted_assertion();
    assert!(is_schools || are_of("https://mallory.example/"), "{ids:?}: {}", case());
}

#[test]
fn no_contexts_make_somebody_elses_document_the_schools() {
    let usual = [CONTEXT_2, CONTEXT_1, "https://openbadgespec.org/v1/context.json"];
    let own = [
        json!({"id": "u:x"}),
        json!({"id": null}),
        json!({"ident": "@id"}),
        json!({"@vocab": "https://w3id.org/openbadges#"}),
        json!(null),
        json!({"@base": "https://school.example/"}),
        json!("https://www.w3.org/ns/credentials/v2"),
        json!({"type": "u:y"}),
        json!({"name": {"@id": "@id"}}),
        json!({"@propagate": false, "id": "u:z"}),
    ];
    let mut contexts: Vec<Value> = usual.iter().map(|usual| json!(usual)).collect();
    for usual in usual {
        contexts.extend(own.iter().flat_map(|own| [json!([usual, own]), json!([own, usual])]));
    }
    contexts.push(json!([CONTEXT_1, CONTEXT_2, {"id": null}]));
    let names = |school: &str, mallory: &str| {
        [
            json!({"id": school}),
            json!({"@id": school}),
            json!({"ident": school, "id": mallory}),
            json!({"id": school, "ident": mallory}),
            json!({"@id": mallory, "id": school}),
            json!({"id": [school]}),
            json!({"id": {"@id": school}}),
            json!({"id": {"@value": school}}),
            json!({"undefined:id": school, "id": mallory}),
            json!({"@included": {"id": school}, "id": mallory}),
        ]
    };
    let schools = [ASSERTION, "https://school.example/class", SCHOOL];
    let mut valid = 0;
    for (place, school) in schools.iter().enumerate() {
        for context in &contexts {
            for names in names(school, mallorys()[place].0) {
                let mut documents = mallorys();
                let members = documents[place].1.as_object_mut().unwrap();
                members.remove("id");
                members.extend(names.as_object().unwrap().clone());
                members.insert("@context".to_owned(), context.clone());
                let report = verify(AWARD, &webs(&documents));
                is_of_whom_it_says(&report, &|| format!("{context} {names} {report:#}"));
                valid += usize::from(report.status() == Status::Valid);
            }
        }
    }
    assert!(valid > 100, "{valid} of them are sound badges of Mallory's");
}

#[test]
fn a_trusted_issuer_is_the_one_at_its_own_address() {
    let only = TrustedIssuers::Only([SCHOOL.parse().unwrap()].into_iter().collect());
    let verifier = Verifier::new(Policy::strict().with_trusted_issuers(only));
    for own in [json!({"x": "https://x.example/"}), json!({"id": null}), json!(null)] {
        let [assertion, class, mut issuer] = mallorys();
        issuer.1["@context"] = json!([CONTEXT_1, own]);
        issuer.1["id"] = json!(SCHOOL);
        let web = webs(&[assertion, class, issuer]);
        let report =
            verifier.begin(AWARD.as_bytes(), NOW).unwrap().run(|request| web.answer(request.target()));
        assert_eq!(report.status(), Status::Invalid, "{report:#}");
    }
}

#[test]
fn what_an_old_document_embeds_is_the_one_that_it_names() {
    // By the contexts, the class has no issuer that could be asked; by the names, it is the school.
    let [assertion, mut class, _] = mallorys();
    let mut issuer = issuer_profile();
    issuer["@context"] = json!([CONTEXT_1, {"id": null}]);
    class.1["@context"] = json!(CONTEXT_1);
    class.1["issuer"] = issuer;
    let report = judged(AWARD, &webs(&[assertion.clone(), class]), Status::Invalid);
    assert!(crate::failed(&report, CheckCode::HostedScope));
    // The same of a class within an assertion.
    let [_, mut class, issuer] = mallorys();
    class.1["@context"] = json!([CONTEXT_1, {"id": null}]);
    class.1["id"] = json!("https://school.example/class");
    let mut assertion = assertion;
    assertion.1["@context"] = json!(CONTEXT_1);
    assertion.1["badge"] = class.1;
    let report = judged(AWARD, &webs(&[assertion, issuer]), Status::Invalid);
    assert!(crate::failed(&report, CheckCode::HostedScope));
}

#[test]
fn a_hosted_document_is_told_as_what_it_was_judged_as() {
    // Judged as an assertion of Mallory's; as a credential, it would be the school's.
    let [mut assertion, class, issuer] = mallorys();
    let both = json!({"@context": [CONTEXT_2, CONTEXT_VC, CONTEXT_3], "type": ["Assertion", "VerifiableCredential", "OpenBadgeCredential"],
        "issuer": SCHOOL, "validFrom": "2026-01-01T00:00:00Z", "name": "Doctor of Medicine",
        "credentialSubject": {"type": "AchievementSubject", "achievement": {"id": "urn:x:1", "type": "Achievement", "name": "Doctor of Medicine",
            "description": "d", "criteria": {"narrative": "n"}}}});
    let in_hand = assertion.1.to_string();
    for contexts in [
        json!([CONTEXT_2, CONTEXT_VC, CONTEXT_3]),
        json!([CONTEXT_VC, CONTEXT_3, CONTEXT_2]),
        json!(CONTEXT_2),
    ] {
        assertion.1.as_object_mut().unwrap().extend(both.as_object().unwrap().clone());
        assertion.1["@context"] = contexts;
        let report = verify(&in_hand, &webs(&[assertion.clone(), class.clone(), issuer.clone()]));
        assert_eq!(report.any_badge().unwrap().version(), Version::V2_0);
        is_of_whom_it_says(&report, &|| format!("{report:#}"));
    }
}

#[test]
fn whatever_contexts_an_old_badge_has_it_is_revoked_when_it_says_so() {
    let whole = json!({"@context": [], "type": "Assertion", "id": ASSERTION, "uid": "1", "badge": "https://school.example/class",
        "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
        "verify": {"type": "hosted", "url": ASSERTION}, "issuedOn": 1_500_000_000, "revoked": true});
    let notice = json!({"id": ASSERTION, "revoked": true});
    for own in [json!({"x": "https://x.example/"}), json!({"revoked": null}), json!(null), json!({})] {
        for document in [&whole, &notice] {
            let mut document = document.clone();
            document["@context"] = json!([CONTEXT_1, own]);
            let web = school_web().with(ASSERTION, &document);
            gets(hosted_assertion().to_string(), &web, Status::Revoked);
            gets(ASSERTION, &web, Status::Revoked);
        }
    }
}

#[test]
fn a_signed_badge_that_says_it_was_revoked_is() {
    let creator = json!({"type": "SignedBadge", "creator": "https://school.example/key"});
    let mut badge = assertion("urn:uuid:0a5b1d9c-3a52-4c6e-8a53-0b1f6f2f7d11", &creator);
    let header = json!({"alg": "EdDSA"});
    let token = school().jws(&header, &badge);
    gets(&token, &school_web(), Status::Valid);
    badge["revoked"] = json!(true);
    gets(school().jws(&header, &badge), &school_web(), Status::Revoked);
}

#[test]
fn what_an_awards_own_address_answers_counts_wherever_it_was_found() {
    let mirror = "https://mirror.example/1";
    let mut copy = hosted_assertion();
    copy["id"] = json!(mirror);
    let mirrored = school_web().with(mirror, &hosted_assertion());
    gets(copy.to_string(), &mirrored, Status::Valid);
    let mut gone = mirrored.clone();
    gone.answer_with(ASSERTION, Ok(Response::new(410, ASSERTION.parse().unwrap(), Vec::new(), NOW)));
    let notices = [json!({"revoked": true}), json!({"id": ASSERTION, "revoked": true})];
    let revoked = notices.map(|notice| mirrored.clone().with(ASSERTION, &notice));
    for web in revoked.into_iter().chain([gone]) {
        gets(copy.to_string(), &web, Status::Revoked);
        gets(mirror, &web, Status::Revoked);
    }
    // A notice about another one says nothing of this one.
    let other = json!({"id": "https://school.example/assertions/2", "revoked": true});
    gets(copy.to_string(), &mirrored.with(ASSERTION, &other), Status::Invalid);
}
