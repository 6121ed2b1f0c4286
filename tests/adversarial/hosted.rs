//! Hosted badges: whose web is it?

use openbadges::policy::UnknownRevocation;
use openbadges::report::CheckCode;
use openbadges::resource::{Response, Target, Unavailable};
use openbadges::{Policy, Status, Verifier};
use serde_json::{Value, json};

use crate::samples::{
    ASSERTION, CONTEXT_2, NOW, SCHOOL, Web, assertion, hosted_assertion, issuer_profile, school_web, status,
    verify,
};
use crate::{failed, gets, inconclusive, judged};

/// A hosted assertion of the school's badge class under any id.
pub(crate) fn assertion_of(id: &str) -> Value {
    assertion(id, &json!({"type": "HostedBadge"}))
}

/// The verdict on an assertion that its own address serves, of an issuer that says this about who speaks for it.
fn in_scope(id: &str, verification: Value) -> openbadges::Report {
    let mut profile = issuer_profile();
    profile["verification"] = verification;
    let target = Target::url(id.parse().unwrap());
    let web = school_web().with(SCHOOL, &profile).with(&target.to_string(), &assertion_of(id));
    verify(assertion_of(id).to_string(), &web)
}

#[test]
fn only_the_issuers_scope_speaks_for_it() {
    let nothing = json!(null);
    let starts = |prefix: &str| json!({"type": "VerificationObject", "startsWith": prefix});
    let allowed = |hosts: Value| json!({"type": "VerificationObject", "allowedOrigins": hosts});
    let table = [
        ("https://school.example/assertions/1", nothing.clone(), true),
        ("https://mallory.example/1", nothing.clone(), false),
        ("https://school.example.mallory.example/1", nothing.clone(), false),
        ("https://sub.school.example/1", nothing, false),
        ("https://school.example/a/1", starts("https://school.example/a"), true),
        ("https://school.example/a/1", starts("https://SCHOOL.example:443/a"), true),
        ("https://school.example/b/1", starts("https://school.example/a"), false),
        ("https://school.example/a/../b/1", starts("https://school.example/a/"), false),
        ("https://school.example/a/%2e%2e/b/1", starts("https://school.example/a/"), false),
        ("https://school.example.mallory.example/1", starts("https://school.example"), false),
        ("https://mallory.example/https://school.example/1", starts("https://school.example/"), false),
        ("https://mallory.example/?https://school.example/", starts("https://school.example/"), false),
        ("https://mallory.example/1", starts("https://mallory.example/"), false),
        ("https://mallory.example/1", starts(""), false),
        ("https://mallory.example/1", starts("https://"), false),
        ("https://school.example/1", starts(""), false),
        ("https://badges.example/1", allowed(json!("badges.example")), true),
        ("https://badges.example/1", allowed(json!(["school.example", "badges.example"])), true),
        ("https://mallory.example/1", allowed(json!(["school.example", "badges.example"])), false),
        ("https://badges.example.mallory.example/1", allowed(json!("badges.example")), false),
        ("https://mallory.example/1", allowed(json!([])), false),
        ("https://mallory.example/1", allowed(json!("")), false),
        ("https://mallory.example/1", allowed(json!("*")), false),
        ("https://mallory.example/1", allowed(json!("*.example")), false),
        ("https://mallory.example/1", allowed(json!("example")), false),
        ("https://mallory.example/1", allowed(json!("school.example@mallory.example")), false),
        ("https://mallory.example/1", allowed(json!("school.example/@mallory.example")), false),
        ("https://school.example/1", allowed(json!("badges.example")), false),
    ];
    for (id, verification, expected) in table {
        let report = in_scope(id, verification.clone());
        assert_eq!(report.status() == Status::Valid, expected, "{id} {verification}: {report:#}");
    }
}

#[test]
fn an_address_that_is_not_asked_is_not_believed() {
    for id in [
        "https://school.example@mallory.example/1",
        "https://school.example:444/assertions/1",
        "http://school.example/assertions/1",
        "https://school.example\\@mallory.example/1",
        "ftp://school.example/assertions/1",
        "urn:uuid:0",
        "assertions/1",
    ] {
        let web = school_web().with("https://mallory.example/1", &assertion_of(id));
        assert_ne!(status(assertion_of(id).to_string(), &web), Status::Valid, "{id}");
    }
}

#[test]
fn an_issuer_that_is_not_on_the_web_answers_for_nothing() {
    for id in [
        "urn:school",
        "mailto:badges@school.example",
        "did:web:school.example",
        "http://school.example/issuer",
    ] {
        let mut profile = issuer_profile();
        profile["id"] = json!(id);
        let mut class = crate::samples::badge_class();
        class["issuer"] = profile.clone();
        for class in [class, crate::samples::badge_class()] {
            let web = school_web()
                .with("https://school.example/class", &class)
                .with(SCHOOL, &profile)
                .with("did:web:school.example", &profile);
            let report = verify(hosted_assertion().to_string(), &web);
            assert_ne!(report.status(), Status::Valid, "{id}: {report:#}");
        }
    }
}

#[test]
fn the_copy_in_hand_only_names_the_address() {
    let mut copy = hosted_assertion();
    copy["recipient"]["identity"] = json!("mallory@example.com");
    copy["badge"] = json!({"id": "https://mallory.example/class", "type": "BadgeClass"});
    let report = judged(copy.to_string(), &school_web(), Status::Valid);
    assert_eq!(*report.badge().unwrap().json(), hosted_assertion());
    assert!(failed(&report, CheckCode::HostedDiffers));
    gets(copy.to_string(), &Web::default(), Status::Unverified);
}

#[test]
fn a_redirect_to_somebody_else_does_not_speak_for_the_issuer() {
    let url = |text: &str| text.parse::<url::Url>().unwrap();
    for target in [ASSERTION, "https://school.example/class", SCHOOL, "https://school.example/revoked"] {
        let body = match school_web().answer(&Target::url(url(target))) {
            Ok(response) => response.body().to_vec(),
            Err(error) => panic!("{error}"),
        };
        for (final_url, hops, expected) in [
            (target.to_owned(), vec![], Status::Valid),
            ("https://school.example/elsewhere".to_owned(), vec![url(target)], Status::Valid),
            ("https://mallory.example/".to_owned(), vec![], Status::Unverified),
            (target.to_owned(), vec![url("https://mallory.example/")], Status::Unverified),
            (target.to_owned(), vec![url("http://school.example/")], Status::Unverified),
            ("http://school.example/".to_owned(), vec![], Status::Unverified),
            ("https://169.254.169.254/".to_owned(), vec![], Status::Unverified),
            (target.to_owned(), vec![url("https://[::1]/")], Status::Unverified),
            (target.to_owned(), vec![url("https://school.example/a"); 4], Status::Unverified),
        ] {
            let mut web = school_web();
            let response = Response::new(200, url(&final_url), body.clone(), NOW).with_hops(hops.clone());
            web.answer_with(target, Ok(response));
            let report = verify(hosted_assertion().to_string(), &web);
            assert_eq!(report.status(), expected, "{target} {final_url} {hops:?}: {report:#}");
        }
    }
}

#[test]
fn a_document_is_taken_only_for_the_id_that_serves_it() {
    // Mallory's address serves the school's documents, with the school's ids, changed.
    let mut forged = hosted_assertion();
    forged["recipient"]["identity"] = json!("mallory@example.com");
    let mallory = "https://mallory.example/1";
    let web = school_web().with(mallory, &forged);
    let report = verify(mallory, &web);
    if report.status() == Status::Valid {
        assert_eq!(*report.badge().unwrap().json(), hosted_assertion());
    }
    // The other way around: the school's address serves what is Mallory's.
    let web = school_web().with(ASSERTION, &assertion_of(mallory)).with(mallory, &assertion_of(mallory));
    let report = judged(hosted_assertion().to_string(), &web, Status::Invalid);
    assert!(failed(&report, CheckCode::HostedScope));
    let web = school_web().with(ASSERTION, &assertion_of(mallory)).with(mallory, &hosted_assertion());
    let report = judged(hosted_assertion().to_string(), &web, Status::Invalid);
    assert!(failed(&report, CheckCode::LinkId));
    // An issuer's profile that says that it is somebody else's.
    let mut profile = issuer_profile();
    profile["id"] = json!("https://mallory.example/issuer");
    let web = school_web().with(SCHOOL, &profile);
    let report = judged(hosted_assertion().to_string(), &web, Status::Unverified);
    assert!(inconclusive(&report, CheckCode::LinkId));
}

#[test]
fn an_address_that_leads_from_one_to_the_next_ends() {
    // Each document says that it is the next one.
    let mut web = school_web();
    for number in 0..200 {
        let next = assertion_of(&format!("https://school.example/assertions/{}", number + 1));
        web = web.with(&format!("https://school.example/assertions/{number}"), &next);
    }
    let report = verify(assertion_of("https://school.example/assertions/0").to_string(), &web);
    assert_ne!(report.status(), Status::Valid);
    assert!(report.documents().len() < 10);
}

#[test]
fn what_was_taken_back_is_revoked() {
    let revoked = |body: Value| school_web().with(ASSERTION, &body);
    let notice = json!({"@context": CONTEXT_2, "type": "Assertion", "id": ASSERTION, "revoked": true, "revocationReason": "x"});
    let mut whole = hosted_assertion();
    whole["revoked"] = json!(true);
    for body in [notice, whole] {
        gets(hosted_assertion().to_string(), &revoked(body), Status::Revoked);
    }
    let mut gone = school_web();
    gone.answer_with(ASSERTION, Ok(Response::new(410, ASSERTION.parse().unwrap(), Vec::new(), NOW)));
    gets(hosted_assertion().to_string(), &gone, Status::Revoked);
    gets(ASSERTION, &gone, Status::Revoked);
    // An answer that is none is not the same as a clean bill.
    for (code, expected) in [(404, Status::Unverified), (500, Status::Unverified), (204, Status::Unverified)]
    {
        let mut web = school_web();
        web.answer_with(ASSERTION, Ok(Response::new(code, ASSERTION.parse().unwrap(), Vec::new(), NOW)));
        gets(hosted_assertion().to_string(), &web, expected);
    }
}

#[test]
fn a_revocation_list_is_read_in_every_form() {
    let list = |entries: Value| {
        let list = json!({"@context": CONTEXT_2, "type": "RevocationList", "id": "https://school.example/revoked", "issuer": SCHOOL, "revokedAssertions": entries});
        school_web().with("https://school.example/revoked", &list)
    };
    let mut with_uid = hosted_assertion();
    with_uid["uid"] = json!("abc");
    for (name, badge, entries, expected) in [
        ("none", hosted_assertion(), json!([]), Status::Valid),
        ("another", hosted_assertion(), json!(["https://school.example/assertions/2"]), Status::Valid),
        ("text", hosted_assertion(), json!([ASSERTION]), Status::Revoked),
        ("text alone", hosted_assertion(), json!(ASSERTION), Status::Revoked),
        ("object", hosted_assertion(), json!([{"id": ASSERTION}]), Status::Revoked),
        ("object alone", hosted_assertion(), json!({"id": ASSERTION}), Status::Revoked),
        ("uid", with_uid, json!([{"uid": "abc"}]), Status::Revoked),
        (
            "upper case host",
            hosted_assertion(),
            json!(["https://SCHOOL.example/assertions/1"]),
            Status::Revoked,
        ),
        (
            "default port",
            hosted_assertion(),
            json!(["https://school.example:443/assertions/1"]),
            Status::Revoked,
        ),
        (
            "both",
            hosted_assertion(),
            json!(["http://school.example/assertions/1", ASSERTION]),
            Status::Revoked,
        ),
    ] {
        let web = list(entries).with(ASSERTION, &badge);
        let report = verify(badge.to_string(), &web);
        assert_eq!(report.status(), expected, "{name}: {report:#}");
    }
    for answer in [
        Err(Unavailable::Timeout),
        Ok("[]"),
        Ok(r#"{"id": "x"}"#),
        Ok(r#"{"error": "unavailable"}"#),
        Ok("{}"),
        Ok("not JSON"),
        Ok(r#"{"revokedAssertions": 7}"#),
    ] {
        let mut web = school_web();
        match answer {
            Ok(body) => web.serve("https://school.example/revoked", body.as_bytes()),
            Err(error) => web.answer_with("https://school.example/revoked", Err(error)),
        }
        assert_ne!(status(hosted_assertion().to_string(), &web), Status::Valid);
    }
}

#[test]
fn an_entry_that_may_be_the_badge_leaves_it_open() {
    let list = |entry: &Value| {
        let list = json!({"@context": CONTEXT_2, "type": "RevocationList", "id": "https://school.example/revoked", "issuer": SCHOOL, "revokedAssertions": [entry]});
        school_web().with("https://school.example/revoked", &list)
    };
    for entry in [
        json!("http://school.example/assertions/1"),
        json!("https://school.example/assertions/1/"),
        json!({"id": "https://school.example/assertions/1#"}),
        json!({"id": " https://school.example/assertions/1"}),
        json!({"id": "https://school.example/%61ssertions/1"}),
        json!({"uid": ASSERTION}),
    ] {
        let report = judged(hosted_assertion().to_string(), &list(&entry), Status::Unverified);
        assert!(inconclusive(&report, CheckCode::RevocationList), "{entry}: {report:#}");
        // Where an unknown status may pass, so does this: it is a suspicion, and no more.
        let verifier = Verifier::new(Policy::strict().with_unknown_revocation(UnknownRevocation::Allow));
        let step = verifier.begin(hosted_assertion().to_string().as_bytes(), NOW).unwrap();
        let report = step.run(|request| list(&entry).answer(request.target()));
        assert_eq!(report.status(), Status::Valid, "{entry}: {report:#}");
    }
    for entry in [
        json!("https://school.example/assertions/11"),
        json!("https://school.example/Assertions/1"),
        json!({"id": "http://school.example/assertions/1", "revoked": false}),
    ] {
        gets(hosted_assertion().to_string(), &list(&entry), Status::Valid);
    }
}

#[test]
fn without_documents_a_hosted_badge_is_only_a_claim() {
    let verifier = Verifier::new(Policy::strict());
    for input in [hosted_assertion().to_string(), ASSERTION.to_owned()] {
        let report = verifier.begin(input.as_bytes(), NOW).unwrap().offline();
        assert_eq!(report.status(), Status::Unverified);
        assert!(report.badge().is_none());
    }
}
