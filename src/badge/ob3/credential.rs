//! Reads a badge, or an endorsement.
//!
//! In: the JSON of an OpenBadgeCredential or EndorsementCredential, and how it was secured. Out: a [`Credential`].
//!
//! Open Badges 3.0 `AchievementCredential`, `AchievementCredentialv1p1`, `EndorsementCredential`,
//! `EndorsementCredentialv1p1`, `Evidence`.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::envelope::Family;
use super::{
    Achievement, AchievementSubject, Claims, CredentialForm, DIALECT, Endorsement, EndorsementSubject,
    Envelope, Image, Profile, Securing, types,
};
use crate::badge::reading::{At, Object, ViolationKind, Weight, read};
use crate::badge::{Identity, Reading};
use crate::id::{BadgeKey, Iri};

/// An OpenBadgeCredential (in other words: AchievementCredential), or an EndorsementCredential.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    envelope: Envelope,
    id: Iri,
    issuer: Issuer,
    valid_from: OffsetDateTime,
    subject: Subject,
    name: Option<String>,
    description: Option<String>,
    image: Option<Image>,
    awarded_date: Option<OffsetDateTime>,
    evidence: Vec<Evidence>,
    endorsements: Vec<Endorsement>,
    terms_of_use: Vec<Map<String, Value>>,
    extensions: Map<String, Value>,
}

impl Credential {
    /// Reads a credential that came as JSON, with its proofs inside.
    pub fn read(document: &Value) -> Reading<Self> {
        Self::read_secured(document, Securing::Embedded)
    }

    /// Reads a credential that came in the given way.
    pub fn read_secured(document: &Value, securing: Securing) -> Reading<Self> {
        read(document, "", &DIALECT, |at| Self::read_object(&at.object()?, securing))
    }

    fn read_object(object: &Object<'_>, securing: Securing) -> Option<Self> {
        let envelope = Envelope::read(object, securing, Family::OpenBadges);
        // What says that it is both is read as a badge.
        let is_badge = object.is_a("OpenBadgeCredential") || object.is_a("AchievementCredential");
        let is_endorsement = object.is_a("EndorsementCredential") && !is_badge;
        classes(object, is_endorsement);
        let issuer = Issuer::read(object, &envelope);
        let subject = object.required("credentialSubject", |at| {
            if is_endorsement {
                EndorsementSubject::read(at).map(Subject::Endorsement)
            } else {
                AchievementSubject::read(at).map(|subject| Subject::Achievement(Box::new(subject)))
            }
        });
        let needs_name = is_endorsement || envelope.form() == CredentialForm::VcDataModel1_1;
        if needs_name && object.member("name").is_none() {
            object.note_missing("name", ViolationKind::Required, Weight::Essential);
        }
        Some(Self {
            name: words(object, "name"),
            description: words(object, "description"),
            image: object.optional("image", Image::read),
            awarded_date: object.optional("awardedDate", At::date_time_z),
            evidence: object.many("evidence", Evidence::read),
            endorsements: Endorsement::read_all(object),
            terms_of_use: object.many("termsOfUse", terms_of_use),
            extensions: object.rest(),
            id: envelope.id().cloned()?,
            issuer: issuer?,
            valid_from: envelope.valid_from()?,
            subject: subject?,
            envelope,
        })
    }

    /// See [`Envelope::narrow`].
    pub(crate) fn narrow(&mut self, claims: &Claims) {
        self.envelope.narrow(claims);
    }

    /// What verification works on: form, dates, status entries, proofs.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The credential's id.
    pub fn id(&self) -> &Iri {
        &self.id
    }

    /// Who issued the credential.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// From when on the credential is valid: `validFrom`, in VC 1.1 `issuanceDate`.
    pub fn valid_from(&self) -> OffsetDateTime {
        self.valid_from
    }

    /// Until when the credential is valid; see [`Envelope::valid_until`].
    pub fn valid_until(&self) -> Option<OffsetDateTime> {
        self.envelope.valid_until()
    }

    /// Who was awarded what, or what is endorsed.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What was achieved; `None` in an endorsement.
    pub fn achievement(&self) -> Option<&Achievement> {
        match &self.subject {
            Subject::Achievement(subject) => Some(&subject.achievement),
            Subject::Endorsement(_) => None,
        }
    }

    /// The credential's name, for its holder to tell it from others.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// A few words about the credential.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// A picture of the credential.
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// When the badge was awarded, which may be before it is valid.
    pub fn awarded_date(&self) -> Option<OffsetDateTime> {
        self.awarded_date
    }

    /// What shows that the criteria were met.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// The endorsements of the credential itself.
    pub fn endorsements(&self) -> &[Endorsement] {
        &self.endorsements
    }

    /// Every endorsement that is carried along, of whatever in the credential: of itself, its issuer, the achievement,
    /// the achievement's creator and the source, and of the organizations that these are parts of.
    pub fn all_endorsements(&self) -> impl Iterator<Item = &Endorsement> {
        let achievement = self.achievement().into_iter().flat_map(|achievement| &achievement.endorsements);
        let profiles = self.profiles().flat_map(|profile| &profile.endorsements);
        self.endorsements.iter().chain(achievement).chain(profiles)
    }

    /// Whether the id is one of those that an endorsement of something in the credential can have for its subject: of the
    /// credential itself, the achievement, the recipient, or any of the profiles.
    pub fn is_about(&self, id: &Iri) -> bool {
        let subject = match &self.subject {
            Subject::Achievement(subject) => subject.id.as_ref(),
            Subject::Endorsement(subject) => Some(&subject.id),
        };
        let achievement = self.achievement().map(|achievement| &achievement.id);
        let own = [Some(&self.id), Some(self.issuer.id()), achievement, subject];
        own.into_iter().flatten().chain(self.profiles().map(|profile| &profile.id)).any(|own| own == id)
    }

    /// Every profile in the credential, each followed by the organizations that it is part of.
    fn profiles(&self) -> impl Iterator<Item = &Profile> {
        let issuer = match &self.issuer {
            Issuer::Id(_) => None,
            Issuer::Profile(profile) => Some(profile.as_ref()),
        };
        let (creator, source) = match &self.subject {
            Subject::Achievement(subject) => (subject.achievement.creator.as_ref(), subject.source.as_ref()),
            Subject::Endorsement(_) => (None, None),
        };
        let first = [issuer, creator, source].into_iter().flatten();
        first.flat_map(|first| std::iter::successors(Some(first), |profile| profile.parent_org.as_deref()))
    }

    /// The terms under which the credential was issued, as they stand.
    pub fn terms_of_use(&self) -> &[Map<String, Value>] {
        &self.terms_of_use
    }

    /// The members that the standard does not define.
    pub fn extensions(&self) -> &Map<String, Value> {
        &self.extensions
    }

    /// What makes two badges the same one.
    pub fn key(&self) -> BadgeKey {
        BadgeKey::new(self.issuer.id().as_str(), self.id.as_str())
    }

    /// Whom the badge was awarded to, by each identity that it states; nobody was awarded an endorsement.
    pub fn identities(&self) -> Vec<Identity<'_>> {
        match &self.subject {
            Subject::Achievement(subject) => subject.identities(),
            Subject::Endorsement(_) => Vec::new(),
        }
    }
}

/// Who issued a credential.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums)] // `ProfileRef` has these two
pub enum Issuer {
    /// The issuer's id, and nothing else.
    Id(Iri),
    /// The issuer, as it describes itself.
    Profile(Box<Profile>),
}

impl Issuer {
    /// The issuer's id.
    pub fn id(&self) -> &Iri {
        match self {
            Self::Id(id) => id,
            Self::Profile(profile) => &profile.id,
        }
    }

    /// Reads the issuer; the envelope has noted it if there is none, or one that is neither profile nor id.
    fn read(object: &Object<'_>, envelope: &Envelope) -> Option<Self> {
        object.optional("issuer", |at| match at.value() {
            Value::Object(_) => Some(Self::Profile(Box::new(Profile::read(at)?))),
            _ => {
                if envelope.form() == CredentialForm::VcDataModel1_1 {
                    at.note(ViolationKind::Value, Weight::Advisory, "the issuer's profile, as in VC 1.1");
                }
                envelope.issuer().cloned().map(Self::Id)
            }
        })
    }
}

/// What a credential is about.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums)] // the two classes of credentials that the standard defines
pub enum Subject {
    /// Somebody who achieved something.
    Achievement(Box<AchievementSubject>),
    /// Something that is endorsed.
    Endorsement(EndorsementSubject),
}

/// What shows that the criteria were met.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// Where it is, or what it is.
    pub id: Option<Iri>,
    /// What it says it is.
    pub types: Vec<String>,
    /// How it came about, as Markdown.
    pub narrative: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// A few words about it.
    pub description: Option<String>,
    /// What kind of thing it is, as `Prose`.
    pub genre: Option<String>,
    /// For whom it was made.
    pub audience: Option<String>,
    /// The other members.
    pub extensions: Map<String, Value>,
}

impl Evidence {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        object.class(&["Evidence"]);
        let text = |name| object.optional(name, At::text);
        Some(Self {
            id: object.optional("id", At::iri),
            types: types(&object),
            narrative: text("narrative"),
            name: text("name"),
            description: text("description"),
            genre: text("genre"),
            audience: text("audience"),
            extensions: object.rest(),
        })
    }
}

/// Checks the classes of a credential.
fn classes(object: &Object<'_>, is_endorsement: bool) {
    let given = object.class(&["VerifiableCredential"]).is_some() || object.member("type").is_some();
    if given && !is_endorsement {
        object.class(&["OpenBadgeCredential", "AchievementCredential"]);
    }
}

/// A name or description: a string, or one per language (Verifiable Credentials 2.0 section "Language and Base
/// Direction"), of which the first is taken.
fn words(object: &Object<'_>, name: &'static str) -> Option<String> {
    object.many(name, At::text).into_iter().next()
}

/// Terms of use have no meaning to a verifier: that they say what they are is all that is checked.
fn terms_of_use(at: At<'_>) -> Option<Map<String, Value>> {
    let Value::Object(members) = at.value() else { return at.refuse("an object") };
    at.object()?.some("type", At::text)?;
    Some(members.clone())
}
