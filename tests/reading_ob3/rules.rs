//! The rules of the classes: one row for each.

use openbadges::badge::ob3::{Credential, CredentialForm, Envelope, Securing, StatusList};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

use crate::samples::{ABSENT, badge, badge_1_1, change, check, endorsement, notes, remove, status_list};

#[test]
fn a_badge_is_held_to_its_classes() {
    let subject_type = "essential type /credentialSubject/type";
    check(
        badge,
        Credential::read,
        &[
            ("/id", ABSENT, &["essential required /id"]),
            ("/id", json!("badge"), &["essential value /id"]),
            ("/type", ABSENT, &["essential required /type"]),
            ("/type", json!("OpenBadgeCredential"), &["essential type /type"]),
            ("/type", json!(["VerifiableCredential"]), &["essential type /type"]),
            ("/type", json!(["VerifiableCredential", "AchievementCredential", "X"]), &[]),
            ("/issuer", ABSENT, &["essential required /issuer"]),
            ("/issuer", json!("https://school.example/"), &[]),
            ("/issuer", json!("the school"), &["essential value /issuer"]),
            ("/issuer", json!(7), &["essential value /issuer"]),
            ("/validFrom", ABSENT, &["essential required /validFrom"]),
            ("/validFrom", json!("last Tuesday"), &["essential value /validFrom"]),
            ("/validFrom", json!("2024-01-01T00:00:00"), &["essential value /validFrom"]),
            ("/validUntil", ABSENT, &[]),
            ("/validUntil", json!("2023-12-31T23:59:59Z"), &["essential value /validUntil"]),
            ("/validUntil", json!("2024-01-01T00:00:00Z"), &[]),
            ("/expirationDate", json!("2030-01-01T00:00:00Z"), &["advisory value /expirationDate"]),
            (
                "/expirationDate",
                json!("2023-12-31T23:59:59Z"),
                &["advisory value /expirationDate", "essential value /expirationDate"],
            ),
            (
                "/expirationDate",
                json!("never"),
                &["advisory value /expirationDate", "essential value /expirationDate"],
            ),
            ("/awardedDate", json!("yesterday"), &["essential value /awardedDate"]),
            ("/name", ABSENT, &[]),
            ("/name", json!({"@value": "Ein Abzeichen", "@language": "de"}), &[]),
            ("/name", json!(["A badge", {"@value": "Ein Abzeichen", "@language": "de"}]), &[]),
            ("/name", json!(5), &["essential value /name"]),
            ("/description", json!([]), &["advisory value /description"]),
            ("/image/type", json!("Picture"), &["essential type /image/type"]),
            ("/image", json!("https://school.example/badge.png"), &["advisory value /image"]),
            ("/image/width", json!(5), &["advisory value /image"]),
            ("/image/id", ABSENT, &["essential required /image/id"]),
            ("/credentialSubject", ABSENT, &["essential required /credentialSubject"]),
            ("/credentialSubject", json!([{}, {}]), &["essential value /credentialSubject"]),
            ("/credentialSubject/type", json!("Subject"), &[subject_type]),
            ("/credentialSubject/type", ABSENT, &["essential required /credentialSubject/type"]),
            ("/credentialSubject/id", ABSENT, &[]),
            ("/credentialSubject/identifier", ABSENT, &[]),
            (
                "/credentialSubject/identifier/0/type",
                json!("Id"),
                &["essential type /credentialSubject/identifier/0/type"],
            ),
            (
                "/credentialSubject/identifier/0/hashed",
                json!("true"),
                &["essential value /credentialSubject/identifier/0/hashed"],
            ),
            (
                "/credentialSubject/identifier/0/hashed",
                ABSENT,
                &["essential required /credentialSubject/identifier/0/hashed"],
            ),
            (
                "/credentialSubject/identifier/1/identityType",
                json!("shoe size"),
                &["advisory value /credentialSubject/identifier/1/identityType"],
            ),
            (
                "/credentialSubject/creditsEarned",
                json!("3"),
                &["essential value /credentialSubject/creditsEarned"],
            ),
            (
                "/credentialSubject/source/type",
                json!("School"),
                &["essential type /credentialSubject/source/type"],
            ),
            (
                "/credentialSubject/achievement",
                ABSENT,
                &["essential required /credentialSubject/achievement"],
            ),
            (
                "/credentialSubject/achievement",
                json!("https://school.example/best"),
                &["essential value /credentialSubject/achievement"],
            ),
            ("/evidence/0/type", json!("Essay"), &["essential type /evidence/0/type"]),
            ("/evidence", json!({"type": "Evidence"}), &[]),
            ("/evidence", json!([]), &["advisory value /evidence"]),
            ("/endorsement/0", json!("urn:example:endorsement"), &["advisory value /endorsement/0"]),
            ("/endorsementJwt/0", json!("e30..AA"), &["advisory value /endorsementJwt/0"]),
            ("/credentialStatus/0/type", ABSENT, &["essential required /credentialStatus/0/type"]),
            ("/credentialStatus/0/id", ABSENT, &[]),
            (
                "/credentialStatus/0/statusPurpose",
                ABSENT,
                &["essential required /credentialStatus/0/statusPurpose"],
            ),
            (
                "/credentialStatus/0/statusListIndex",
                ABSENT,
                &["essential required /credentialStatus/0/statusListIndex"],
            ),
            ("/credentialStatus/0/statusListIndex", json!(5), &[]),
            ("/credentialStatus/0/statusListIndex", json!("abc"), &[]),
            (
                "/credentialStatus/0/statusListCredential",
                json!("list"),
                &["essential value /credentialStatus/0/statusListCredential"],
            ),
            ("/credentialStatus/0/statusSize", json!(0), &["essential value /credentialStatus/0/statusSize"]),
            ("/credentialStatus/0/statusSize", json!(2), &["advisory value /credentialStatus/0"]),
            (
                "/credentialStatus/0/statusMessage",
                json!([{"status": "0x0", "message": "clear"}, {"status": "0x1", "message": "set"}]),
                &[],
            ),
            (
                "/credentialStatus/0/statusMessage",
                json!([{"status": "0x1", "message": "set"}]),
                &["advisory value /credentialStatus/0"],
            ),
            (
                "/credentialStatus/0/statusMessage",
                json!([{"status": "0", "message": "clear"}, {"status": "0x1"}]),
                &[
                    "advisory value /credentialStatus/0/statusMessage/0/status",
                    "advisory required /credentialStatus/0/statusMessage/1/message",
                ],
            ),
            ("/credentialStatus/1/id", ABSENT, &["essential required /credentialStatus/1/id"]),
            ("/credentialStatus/1", json!({"type": "Other"}), &[]),
            ("/credentialSchema/0/id", ABSENT, &["essential required /credentialSchema/0/id"]),
            ("/refreshService/type", ABSENT, &["essential required /refreshService/type"]),
            ("/termsOfUse/0/type", ABSENT, &["essential required /termsOfUse/0/type"]),
            ("/proof", json!("signed"), &["essential value /proof"]),
            ("/proof", json!({"verificationMethod": "z6Mk"}), &["essential value /proof"]),
            ("/proof", json!([{"verificationMethod": "z6Mk"}, {}]), &["advisory value /proof/0"]),
            ("/unheardOf", json!([{"a": 1}]), &[]),
        ],
    );
}

#[test]
fn an_achievement_is_held_to_its_classes() {
    let read = |achievement: &Value| {
        Credential::read(&change(badge(), "/credentialSubject/achievement", achievement.clone()))
    };
    let at = |pointer: &str| format!("/credentialSubject/achievement{pointer}");
    for (pointer, value, expected) in [
        ("/id", ABSENT, "essential required"),
        ("/type", json!("Badge"), "essential type"),
        ("/name", ABSENT, "essential required"),
        ("/description", ABSENT, "essential required"),
        ("/criteria", ABSENT, "essential required"),
        ("/criteria", json!("Be good"), "essential value"),
        ("/achievementType", json!("Prize"), "advisory value"),
        ("/alignment/0/type", json!("Goal"), "essential type"),
        ("/alignment/0/targetName", ABSENT, "essential required"),
        ("/alignment/0/targetUrl", json!("goodness"), "essential value"),
        ("/alignment/0/targetType", json!("Virtue"), "advisory value"),
        ("/creator/type", json!("Author"), "essential type"),
        ("/creditsAvailable", json!("many"), "essential value"),
        ("/image/type", json!("Picture"), "essential type"),
        ("/otherIdentifier/0/type", json!("Id"), "essential type"),
        ("/otherIdentifier/0/identifier", ABSENT, "essential required"),
        ("/related/0/type", json!("Cousin"), "essential type"),
        ("/related/0/id", ABSENT, "essential required"),
        ("/resultDescription/0/type", json!("Description"), "essential type"),
        ("/resultDescription/3/name", ABSENT, "essential required"),
        ("/resultDescription/0/resultType", json!("Smiley"), "advisory value"),
        ("/resultDescription/2/rubricCriterionLevel/0/type", json!("Level"), "essential type"),
        ("/tag/1", json!(7), "essential value"),
    ] {
        let achievement = change(badge()["credentialSubject"]["achievement"].clone(), pointer, value.clone());
        let found = notes(&read(&achievement));
        assert!(found.contains(&format!("{expected} {}", at(pointer))), "{pointer} = {value}: {found:?}");
    }
    let without_criteria = change(badge(), &at("/criteria"), json!({}));
    assert_eq!(
        notes(&Credential::read(&without_criteria)),
        [format!("advisory required {}", at("/criteria"))]
    );
}

#[test]
fn an_issuer_is_held_to_its_classes() {
    check(
        badge,
        Credential::read,
        &[
            ("/issuer/id", ABSENT, &["essential required /issuer/id"]),
            ("/issuer/type", json!("School"), &["essential type /issuer/type"]),
            ("/issuer/type", ABSENT, &["essential required /issuer/type"]),
            ("/issuer/name", ABSENT, &[]),
            ("/issuer/url", json!("school.example"), &["essential value /issuer/url"]),
            ("/issuer/address/type", json!("Place"), &["essential type /issuer/address/type"]),
            ("/issuer/address/geo/type", json!("Point"), &["essential type /issuer/address/geo/type"]),
            ("/issuer/address/geo/latitude", json!("52"), &["essential value /issuer/address/geo/latitude"]),
            (
                "/issuer/otherIdentifier/0/type",
                json!("Id"),
                &["essential type /issuer/otherIdentifier/0/type"],
            ),
            ("/issuer/otherIdentifier/0/note", json!("x"), &["advisory value /issuer/otherIdentifier/0"]),
            ("/issuer/parentOrg/type", json!("Board"), &["essential type /issuer/parentOrg/type"]),
            ("/issuer/parentOrg", json!("did:example:board"), &["essential value /issuer/parentOrg"]),
        ],
    );
}

#[test]
fn results_that_do_not_fit_their_descriptions_are_advice() {
    let descriptions = "/credentialSubject/achievement/resultDescription";
    for (pointer, value, place) in [
        (
            "/credentialSubject/result/0/resultDescription",
            json!("urn:example:other"),
            "/credentialSubject/result/0",
        ),
        ("/credentialSubject/result/0/value", json!("E"), "/credentialSubject/result/0"),
        ("/credentialSubject/result/1/value", json!("10.6"), "/credentialSubject/result/1"),
        ("/credentialSubject/result/1/value", json!("-1"), "/credentialSubject/result/1"),
        ("/credentialSubject/result/2/achievedLevel", json!("urn:example:x"), "/credentialSubject/result/2"),
        ("/credentialSubject/result/3/status", ABSENT, "/credentialSubject/result/3"),
        ("/credentialSubject/result/3/status", json!("Dreaming"), "/credentialSubject/result/3/status"),
        (&format!("{descriptions}/0/requiredValue"), json!("E"), &format!("{descriptions}/0")),
        (&format!("{descriptions}/2/requiredLevel"), json!("urn:example:x"), &format!("{descriptions}/2")),
    ] {
        let reading = Credential::read(&change(badge(), pointer, value));
        assert_eq!(notes(&reading), [format!("advisory value {place}")], "{pointer}");
        assert!(reading.is_sound());
    }
    let unmeasured = change(badge(), "/credentialSubject/result/1/value", json!("plenty"));
    assert_eq!(notes(&Credential::read(&unmeasured)), [""; 0], "what is no number has no bounds");
}

#[test]
fn contexts_are_there_and_in_order() {
    const V1: &str = "https://www.w3.org/2018/credentials/v1";
    const V2: &str = "https://www.w3.org/ns/credentials/v2";
    const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    const UNVERSIONED: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context.json";
    const OLDER: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json";
    const OTHER: &str = "https://school.example/context.json";
    check(
        badge,
        Credential::read,
        &[
            ("/@context", ABSENT, &["essential context /@context"]),
            ("/@context", json!(V2), &["essential context /@context"]),
            ("/@context", json!([V2]), &["essential context /@context"]),
            ("/@context", json!([OB, V2]), &["essential context /@context/0"]),
            (
                "/@context",
                json!([OTHER, V2, OB]),
                &["essential context /@context/0", "essential context /@context/1"],
            ),
            ("/@context", json!([V2, OTHER, OB]), &["essential context /@context/1"]),
            ("/@context", json!([V2, OLDER]), &["advisory context /@context/1"]),
            ("/@context", json!([V2, UNVERSIONED]), &["advisory context /@context/1"]),
            ("/@context", json!([V2, OB, OTHER, {}]), &[]),
        ],
    );
    let secured = |securing| move |document: &Value| Credential::read_secured(document, securing);
    check(badge, secured(Securing::JwtPlain), &[]);
    check(badge_1_1, secured(Securing::JwtWithVcClaim), &[]);
    let disagreement = ["essential context /@context/0"];
    assert_eq!(notes(&Credential::read_secured(&badge(), Securing::JwtWithVcClaim)), disagreement);
    assert_eq!(notes(&Credential::read_secured(&badge_1_1(), Securing::JwtPlain)), disagreement);
    for (document, form) in
        [(badge(), CredentialForm::VcDataModel2_0), (badge_1_1(), CredentialForm::VcDataModel1_1)]
    {
        let first = change(document.clone(), "/@context/0", json!(OTHER));
        assert_eq!(Envelope::of(&document).unwrap().form(), form);
        assert_eq!(Envelope::of(&first).unwrap().form(), form, "told by the dates");
    }
    let named = change(badge(), "/@context", json!([OB, V1]));
    assert_eq!(Envelope::of(&named).unwrap().form(), CredentialForm::VcDataModel1_1, "told by the name");
}

#[test]
fn the_form_of_vc_1_1_has_its_own_rules() {
    check(
        badge_1_1,
        Credential::read,
        &[
            ("/name", ABSENT, &["essential required /name"]),
            ("/issuer", json!("https://school.example/"), &["advisory value /issuer"]),
            ("/issuanceDate", ABSENT, &["essential required /issuanceDate"]),
            ("/expirationDate", json!("2023-12-31T23:59:59Z"), &["essential value /expirationDate"]),
            ("/validFrom", json!("2025-01-01T00:00:00Z"), &["advisory value /validFrom"]),
        ],
    );
    let both = change(badge_1_1(), "/validFrom", json!("2025-01-01T00:00:00Z"));
    assert_eq!(Credential::read(&both).value.unwrap().valid_from(), datetime!(2024-01-01 0:00 UTC));
}

#[test]
fn the_dates_of_the_other_version_narrow_the_period() {
    let (early, late) = ("2025-01-01T00:00:00Z", "2029-01-01T00:00:00Z");
    let instant = |text| OffsetDateTime::parse(text, &Rfc3339).unwrap();
    for (start, names) in [
        (badge_1_1(), ["issuanceDate", "expirationDate", "validFrom", "validUntil"]),
        (badge(), ["validFrom", "validUntil", "issuanceDate", "expirationDate"]),
    ] {
        for (end, other_end, expected) in [
            (Some(early), Some(late), Some(early)),
            (Some(late), Some(early), Some(early)),
            (None, Some(early), Some(early)),
            (Some(early), None, Some(early)),
            (None, None, None),
        ] {
            let mut dated = start.clone();
            for (name, end) in [(names[1], end), (names[3], other_end)] {
                dated.as_object_mut().unwrap().remove(name);
                if let Some(end) = end {
                    dated[name] = json!(end);
                }
            }
            assert_eq!(Envelope::of(&dated).unwrap().valid_until(), expected.map(instant), "{dated}");
        }
        for (begin, other_begin, expected) in [(early, late, late), (late, early, late)] {
            let mut dated = start.clone();
            dated[names[0]] = json!(begin);
            dated[names[2]] = json!(other_begin);
            let envelope = Envelope::of(&dated).unwrap();
            assert_eq!(envelope.valid_from(), Some(instant(begin)), "{dated}");
            assert_eq!(envelope.not_before(), Some(instant(expected)), "{dated}");
        }
    }
}

#[test]
fn a_subject_that_names_nobody_is_refused() {
    let mut nobody = badge();
    remove(&mut nobody, "/credentialSubject/id");
    nobody["credentialSubject"]["identifier"] = json!([]);
    let found = notes(&Credential::read(&nobody));
    assert!(found.contains(&"essential subject /credentialSubject".to_owned()), "{found:?}");
}

#[test]
fn an_endorsement_is_held_to_its_classes() {
    check(
        endorsement,
        Credential::read,
        &[
            ("/name", ABSENT, &["essential required /name"]),
            ("/credentialSubject/id", ABSENT, &["essential required /credentialSubject/id"]),
            (
                "/credentialSubject/type",
                json!("AchievementSubject"),
                &["essential type /credentialSubject/type"],
            ),
            ("/type", json!(["EndorsementCredential"]), &["essential type /type"]),
            ("/credentialSubject/endorsementComment", ABSENT, &[]),
        ],
    );
}

#[test]
fn a_status_list_is_held_to_its_classes() {
    let read = |document: &Value| StatusList::read(document, Securing::Embedded);
    check(
        status_list,
        read,
        &[
            ("/id", ABSENT, &[]),
            ("/validFrom", ABSENT, &[]),
            ("/issuer", json!({"id": "https://school.example/"}), &[]),
            ("/issuer", json!({"name": "The School"}), &["essential required /issuer"]),
            ("/issuer", ABSENT, &["essential required /issuer"]),
            ("/type", json!(["VerifiableCredential"]), &["essential type /type"]),
            ("/credentialSubject/type", json!("List"), &["essential type /credentialSubject/type"]),
            (
                "/credentialSubject/statusPurpose",
                ABSENT,
                &["essential required /credentialSubject/statusPurpose"],
            ),
            (
                "/credentialSubject/encodedList",
                ABSENT,
                &["essential required /credentialSubject/encodedList"],
            ),
            (
                "/credentialSubject/encodedList",
                json!({}),
                &["essential value /credentialSubject/encodedList"],
            ),
            ("/credentialSubject/ttl", json!("long"), &["advisory value /credentialSubject/ttl"]),
            ("/@context/0", json!("https://school.example/"), &["essential context /@context/0"]),
        ],
    );
}
