//! What can be read off a model.

use openbadges::badge::ob3::{
    Credential, Envelope, Issuer, Securing, StatusList, StatusListKind, StatusMethod, Subject,
};
use openbadges::badge::{Form, IdentityKind};
use serde_json::{Value, json};
use time::macros::datetime;

use crate::samples::{ABSENT, badge, change, endorsement, notes, status_list};

#[test]
fn everything_in_a_badge_can_be_read_off() {
    let credential = Credential::read(&badge()).value.unwrap();
    let envelope = credential.envelope();
    assert_eq!(credential.id().as_str(), "urn:example:badge");
    assert_eq!(credential.valid_from(), datetime!(2024-01-01 0:00 UTC));
    assert_eq!(credential.valid_until(), Some(datetime!(2030-01-01 0:00 +1)));
    assert_eq!(credential.awarded_date(), Some(datetime!(2023-12-24 0:00 UTC)));
    assert_eq!((credential.name(), credential.description()), (Some("A badge"), Some("For the best")));
    assert_eq!(credential.image().unwrap().id.as_str(), "https://school.example/badge.png");
    assert_eq!(credential.extensions().keys().collect::<Vec<_>>(), ["motto"]);
    assert_eq!(credential.key().issuer(), "https://school.example/");
    assert_eq!(credential.terms_of_use().len(), 1);
    assert_eq!(credential.evidence()[0].genre.as_deref(), Some("Prose"));
    assert_eq!((envelope.contexts().len(), envelope.types().len(), envelope.proofs().len()), (3, 2, 1));
    assert!(envelope.schemas()[0].is("1EdTechJsonSchemaValidator2019"));
    assert!(envelope.refresh_services()[0].is("1EdTechCredentialRefresh"));

    let [bits, listed] = envelope.statuses() else { panic!("two entries") };
    let StatusMethod::Bits(entry) = &bits.method else { panic!("{bits:?}") };
    assert_eq!((entry.purpose.as_str(), &entry.index, entry.size), ("revocation", &json!("5"), 1));
    assert_eq!((entry.kind, entry.list.as_str()), (StatusListKind::Bitstring, "https://school.example/list"));
    assert!(
        matches!(&listed.method, StatusMethod::Listed { list } if list.as_str() == "https://school.example/revoked")
    );

    let Issuer::Profile(issuer) = credential.issuer() else { panic!("a profile") };
    assert_eq!(issuer.parent_org.as_ref().unwrap().id.as_str(), "did:example:board");
    assert_eq!(issuer.address.as_ref().unwrap().geo.as_ref().unwrap().longitude, 13.0);
    assert_eq!(issuer.family_name_prefix.as_deref(), Some("von"));
    assert!(issuer.extensions.is_empty(), "{:?}", issuer.extensions);

    let Subject::Achievement(subject) = credential.subject() else { panic!("a badge") };
    assert!(subject.extensions.is_empty(), "{:?}", subject.extensions);
    assert!(subject.achievement.extensions.is_empty(), "{:?}", subject.achievement.extensions);
    assert_eq!(
        subject.achievement.result_descriptions[2].rubric_criterion_levels[0].points.as_deref(),
        Some("3")
    );
    assert_eq!((subject.credits_earned, subject.achievement.credits_available), (Some(3.0), Some(4.5)));
}

#[test]
fn the_recipient_has_several_identities() {
    let credential = Credential::read(&badge()).value.unwrap();
    let identities: Vec<_> = credential
        .identities()
        .into_iter()
        .map(|identity| (identity.kind, identity.value, identity.form))
        .collect();
    assert_eq!(
        identities,
        [
            (IdentityKind::Email, "pupil@school.example", Form::Plain),
            (IdentityKind::Email, "sha256$00", Form::Hashed { salt: Some("sea") }),
            (IdentityKind::Other("name".to_owned()), "P. Upil", Form::Plain),
        ]
    );
    for id in ["did:example:pupil", "https://school.example/pupil", "urn:example:pupil"] {
        let document = change(badge(), "/credentialSubject/id", json!(id));
        let credential = Credential::read(&document).value.unwrap();
        assert_eq!(
            (&credential.identities()[0].kind, credential.identities()[0].value),
            (&IdentityKind::Id, id)
        );
    }
}

#[test]
fn a_summary_shows_the_achievement() {
    let credential = Credential::read(&badge()).value.unwrap();
    let summary = credential.summary();
    assert_eq!((summary.name, summary.description), (Some("The Best"), Some("Nobody is better")));
    assert_eq!(
        (summary.criteria_url, summary.criteria),
        (Some("https://school.example/rules"), Some("Be good"))
    );
    assert_eq!(summary.image, Some("https://school.example/pupil.png"));
    assert_eq!(summary.issuer.unwrap().email, Some("office@school.example"));
    assert_eq!(summary.issued, Some(datetime!(2023-12-24 0:00 UTC)));
    assert_eq!(summary.expires, Some(datetime!(2030-01-01 0:00 +1)));
    assert_eq!(
        (summary.results.len(), summary.results[0].name, summary.results[0].value),
        (4, Some("Grade"), Some("A"))
    );
    assert_eq!((&summary.tags[..], summary.credits), (&["good", "better"][..], Some(3.0)));
    assert_eq!(summary.credits_available, Some(4.5));
    for (found, expected) in [
        (summary.achievement_type, "Award"),
        (summary.field_of_study, "Life"),
        (summary.specialization, "All of it"),
        (summary.human_code, "B1"),
        (summary.recipient_name, "P. Upil"),
        (summary.role, "Pupil"),
        (summary.term, "Winter"),
        (summary.license_number, "L1"),
        (summary.alignments[0].code, "G"),
        (summary.alignments[0].description, "To be good"),
        (summary.alignments[0].framework, "Virtues"),
        (summary.evidence[0].description, "An essay"),
        (summary.evidence[0].genre, "Prose"),
        (summary.evidence[0].audience, "All"),
    ] {
        assert_eq!(found, Some(expected));
    }
}

#[test]
fn a_summary_shows_what_came_out_and_what_could_have() {
    let credential = Credential::read(&badge()).value.unwrap();
    let results = serde_json::to_value(credential.summary().results).unwrap();
    let level = json!({
        "id": "urn:example:level", "name": "High", "level": "top", "points": "3", "description": "Very high",
    });
    assert_eq!(
        results,
        json!([
            {"name": "Grade", "value": "A", "status": null, "kind": "LetterGrade", "requiredValue": "B"},
            {"name": "Points", "value": "10", "status": null, "kind": "RawScore", "minimum": "0", "maximum": "10.5"},
            {"name": "Rubric", "value": null, "status": null, "kind": "RubricCriterionLevel",
             "level": level, "requiredLevel": level},
            {"name": "Status", "value": null, "status": "Completed", "kind": "Status"},
        ])
    );
    let shown: Vec<_> = credential.summary().results.iter().map(|result| result.shown()).collect();
    assert_eq!(shown, [Some("A"), Some("10"), Some("High"), Some("Completed")]);

    let strange = change(badge(), "/credentialSubject/result/2/achievedLevel", json!("urn:example:other"));
    let credential = Credential::read(&strange).value.unwrap();
    let level = credential.summary().results[2].level.unwrap();
    assert_eq!((level.id, level.name, level.shown()), ("urn:example:other", None, "urn:example:other"));
}

#[test]
fn a_name_that_is_hashed_or_empty_is_none() {
    let place = "/credentialSubject/identifier/1/";
    for (member, value) in
        [("hashed", json!(true)), ("identityHash", json!(" ")), ("identityType", json!("userName"))]
    {
        let credential =
            Credential::read(&change(badge(), &format!("{place}{member}"), value)).value.unwrap();
        assert_eq!(credential.summary().recipient_name, None, "{member}");
    }
}

#[test]
fn endorsements_are_found_wherever_they_stand() {
    let credential = Credential::read(&badge()).value.unwrap();
    assert_eq!(credential.endorsements().len(), 2);
    assert_eq!(credential.all_endorsements().count(), 6);
}

#[test]
fn what_is_missing_leaves_the_envelope_readable() {
    for pointer in ["/credentialSubject", "/issuer", "/id", "/validFrom", "/@context", "/type"] {
        let document = change(badge(), pointer, ABSENT);
        let envelope = Envelope::of(&document).unwrap();
        assert_eq!(envelope.id().is_some(), pointer != "/id");
        assert_eq!(envelope.issuer().is_some(), pointer != "/issuer");
        assert_eq!(envelope.valid_from().is_some(), pointer != "/validFrom");
        assert_eq!(envelope.proofs().len(), 1);
        let whole = ["/@context", "/type"].contains(&pointer);
        assert_eq!(Credential::read(&document).value.is_some(), whole, "{pointer}");
    }
    assert_eq!(Envelope::of(&json!([badge()])), None);
}

#[test]
fn organizations_within_organizations_come_to_an_end() {
    let mut profile = json!({"id": "did:example:0", "type": "Profile"});
    for _ in 0..60 {
        profile = json!({"id": "did:example:1", "type": "Profile", "parentOrg": profile});
    }
    let reading = Credential::read(&change(badge(), "/issuer", profile));
    assert_eq!(notes(&reading), [format!("essential value /issuer{}", "/parentOrg".repeat(16))]);
}

#[test]
fn an_endorsement_says_what_it_endorses() {
    let credential = Credential::read(&endorsement()).value.unwrap();
    let Subject::Endorsement(subject) = credential.subject() else { panic!("an endorsement") };
    assert_eq!(subject.id.as_str(), "https://school.example/");
    assert_eq!(subject.comment.as_deref(), Some("Good"));
    assert!(credential.identities().is_empty());
    assert_eq!(credential.summary().name, Some("Praise"));
}

#[test]
fn a_status_list_says_what_its_bits_mean() {
    let read = |document: &Value| StatusList::read(document, Securing::Embedded);
    let list = read(&status_list()).value.unwrap();
    assert_eq!(list.purposes(), ["revocation", "suspension"]);
    assert_eq!((list.encoded_list(), list.ttl()), ("uH4sI", Some(300_000)));
    assert_eq!((list.kind(), list.issuer().as_str()), (StatusListKind::Bitstring, "https://school.example/"));
    assert_eq!(list.envelope().valid_from(), Some(datetime!(2024-01-01 0:00 UTC)));

    let mut older = change(status_list(), "/type/1", json!("StatusList2021Credential"));
    assert_eq!(notes(&read(&older)), ["essential type /credentialSubject/type"]);
    older["credentialSubject"]["type"] = json!("StatusList2021");
    assert_eq!(read(&older).value.unwrap().kind(), StatusListKind::StatusList2021);
}
