//! Reads who was awarded a badge and for what, and what an endorsement is about.
//!
//! In: the value of `credentialSubject`. Out: an [`AchievementSubject`] or an [`EndorsementSubject`].
//!
//! Open Badges 3.0 `AchievementSubject`, `IdentityObject`, `EndorsementSubject`.

use serde_json::{Map, Value};

use super::profile::IDENTIFIER_TYPES;
use super::{Achievement, AchievementResult, Image, Profile, closed, results, term, types};
use crate::badge::reading::{At, ViolationKind, Weight};
use crate::badge::{Form, Identity, IdentityKind};
use crate::id::Iri;

/// Who was awarded a badge, and for what.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AchievementSubject {
    /// The recipient's id.
    pub id: Option<Iri>,
    /// What the recipient is known by, in plain text or hashed.
    pub identifiers: Vec<IdentityObject>,
    /// What the subject says it is.
    pub types: Vec<String>,
    /// What was achieved.
    pub achievement: Achievement,
    /// When it began, as it is written.
    pub activity_start_date: Option<String>,
    /// When it ended, as it is written.
    pub activity_end_date: Option<String>,
    /// How many credits the recipient earned.
    pub credits_earned: Option<f64>,
    /// A picture of this badge.
    pub image: Option<Image>,
    /// The number of the licence that was granted.
    pub license_number: Option<String>,
    /// How the achievement came about, as Markdown.
    pub narrative: Option<String>,
    /// What came out.
    pub results: Vec<AchievementResult>,
    /// What the recipient's part was.
    pub role: Option<String>,
    /// Who assessed the recipient.
    pub source: Option<Profile>,
    /// The academic term.
    pub term: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl AchievementSubject {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let place = at.clone();
        let object = at.object()?;
        object.class(&["AchievementSubject"]);
        if object.member("id").is_none() && object.member("identifier").is_none() {
            place.note(ViolationKind::Subject, Weight::Essential, "the member `id` or `identifier`");
        }
        let achievement = object.required("achievement", Achievement::read);
        let results = object.many("result", |at| {
            let place = at.clone();
            AchievementResult::read(at).map(|result| (place, result))
        });
        if let Some(achievement) = &achievement {
            results::check(&results, &achievement.result_descriptions);
        }
        let text = |name| object.optional(name, At::text);
        Some(Self {
            id: object.optional("id", At::iri),
            identifiers: object.many("identifier", IdentityObject::read),
            types: types(&object),
            activity_start_date: text("activityStartDate"),
            activity_end_date: text("activityEndDate"),
            credits_earned: object.optional("creditsEarned", At::number),
            image: object.optional("image", Image::read),
            license_number: text("licenseNumber"),
            narrative: text("narrative"),
            results: results.into_iter().map(|(_, result)| result).collect(),
            role: text("role"),
            source: object.optional("source", Profile::read),
            term: text("term"),
            extensions: object.rest(),
            achievement: achievement?,
        })
    }

    /// The recipient's name, if an identifier in plain text states it.
    pub(super) fn name(&self) -> Option<&str> {
        let names = self.identifiers.iter().filter(|identifier| identifier.identity_type == "name");
        let plain = names.map(IdentityObject::identity).filter(|identity| identity.form == Form::Plain);
        plain.map(|identity| identity.value.trim()).find(|name| !name.is_empty())
    }

    /// The recipient's identities: its id, and each of its identifiers.
    pub(crate) fn identities(&self) -> Vec<Identity<'_>> {
        self.id.iter().map(of_id).chain(self.identifiers.iter().map(IdentityObject::identity)).collect()
    }
}

/// The identity that an id stands for; of a `mailto:` address it is the e-mail address.
fn of_id(id: &Iri) -> Identity<'_> {
    let (kind, value) = match id.as_str().split_once(':') {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto") => (IdentityKind::Email, address),
        _ => (IdentityKind::Id, id.as_str()),
    };
    Identity { kind, value, form: Form::Plain }
}

/// One thing that a recipient is known by.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IdentityObject {
    /// Whether `identity_hash` is a hash, or the thing itself.
    pub hashed: bool,
    /// The thing itself, or `algorithm$digest`.
    pub identity_hash: String,
    /// What kind of thing it is.
    pub identity_type: String,
    /// What was appended before hashing.
    pub salt: Option<String>,
}

impl IdentityObject {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["IdentityObject"]);
        let hashed = object.required("hashed", At::boolean);
        let identity_hash = object.required("identityHash", At::text);
        let identity_type = object.required("identityType", |at| term(at, &IDENTIFIER_TYPES));
        let salt = object.optional("salt", At::text);
        closed(&object);
        Some(Self { hashed: hashed?, identity_hash: identity_hash?, identity_type: identity_type?, salt })
    }

    fn identity(&self) -> Identity<'_> {
        let kind = IdentityKind::from(self.identity_type.as_str());
        let form = if self.hashed { Form::Hashed { salt: self.salt.as_deref() } } else { Form::Plain };
        Identity { kind, value: &self.identity_hash, form }
    }
}

/// What is endorsed, and in what words.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EndorsementSubject {
    /// The id of what is endorsed: a profile, an achievement, a credential.
    pub id: Iri,
    /// What the subject says it is.
    pub types: Vec<String>,
    /// What the endorser says, as Markdown.
    pub comment: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl EndorsementSubject {
    pub(super) fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["EndorsementSubject"]);
        let id = object.required("id", At::iri);
        Some(Self {
            types: types(&object),
            comment: object.optional("endorsementComment", At::text),
            extensions: object.rest(),
            id: id?,
        })
    }
}
