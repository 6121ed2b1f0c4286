//! Reads the outside of a credential: all that verification works on, whatever the credential is about.
//!
//! In: the object of a credential. Out: an [`Envelope`], which is there even if parts of it are missing, so that a
//! proof can be checked, and an expiry told, of a badge that is not whole.
//!
//! Open Badges 3.0 `AchievementCredential`, `AchievementCredentialv1p1`, `CredentialStatus`, `CredentialSchema`,
//! `RefreshService`; Verifiable Credentials 1.1 and 2.0; Bitstring Status List section "BitstringStatusListEntry".

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{Claims, DIALECT, StatusListKind, context, types};
use crate::badge::reading::{At, Object, ViolationKind, Weight, read};
use crate::id::Iri;

/// Which version of the Verifiable Credentials Data Model a credential is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CredentialForm {
    /// Version 1.1: `issuanceDate` and `expirationDate`, the issuer an object.
    VcDataModel1_1,
    /// Version 2.0: `validFrom` and `validUntil`.
    VcDataModel2_0,
}

/// How a credential reached us: what the form of its proof says about the form of the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // the specification has these three
pub enum Securing {
    /// As JSON, with its proofs inside.
    Embedded,
    /// As the payload of a JWT, which is the way of VC 2.0.
    JwtPlain,
    /// In the `vc` claim of a JWT, which is the way of VC 1.1.
    JwtWithVcClaim,
}

/// Whose rules the members of a credential follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// A Comprehensive Learner Record: its context is there, and the rest is as in Open Badges 3.0.
    Clr,
    /// Open Badges 3.0: its context is there, and `id` and the date of issue are required.
    OpenBadges,
    /// A Verifiable Presentation: its issuer is called `holder` and may be absent, and it has no dates.
    Presentation,
    /// Verifiable Credentials and nothing else.
    StatusList,
}

/// What verification works on, of a badge, an endorsement or a status list.
///
/// What is missing or unusable is `None` or left out here; the reading of the whole credential says why.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    form: CredentialForm,
    contexts: Vec<Value>,
    types: Vec<String>,
    id: Option<Iri>,
    issuer: Option<Iri>,
    valid_from: Option<OffsetDateTime>,
    valid_until: Option<OffsetDateTime>,
    not_before: Option<OffsetDateTime>,
    statuses: Vec<CredentialStatus>,
    schemas: Vec<TypedLink>,
    refresh_services: Vec<TypedLink>,
    proofs: Vec<Map<String, Value>>,
    purpose: ProofPurpose,
}

/// What the proofs on something must have been made for (Controlled Identifiers 1.0 section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // credentials and presentations have these two
pub enum ProofPurpose {
    /// To say something: on a credential.
    AssertionMethod,
    /// To show who one is: on a presentation.
    Authentication,
}

impl ProofPurpose {
    /// The name, as `proofPurpose` has it and as key documents list keys under it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }
}

impl Envelope {
    /// Reads what there is of a document's envelope; `None` if the document is not an object.
    pub fn of(document: &Value) -> Option<Self> {
        read(document, "", &DIALECT, |at| {
            Some(Self::read(&at.object()?, Securing::Embedded, Family::OpenBadges))
        })
        .value
    }

    /// Reads the members of the envelope, and notes what is wrong with them.
    pub(super) fn read(object: &Object<'_>, securing: Securing, family: Family) -> Self {
        let (form, contexts) = context::read(object, securing, family);
        let id = match family {
            Family::Clr | Family::OpenBadges => object.required("id", At::iri),
            Family::Presentation | Family::StatusList => object.optional("id", At::iri),
        };
        let (issuer, purpose) = match family {
            Family::Presentation => (object.optional("holder", issuer_id), ProofPurpose::Authentication),
            Family::Clr | Family::OpenBadges | Family::StatusList => {
                (object.required("issuer", issuer_id), ProofPurpose::AssertionMethod)
            }
        };
        let Validity { valid_from, valid_until, not_before } = validity(object, form, family);
        Self {
            form,
            contexts,
            types: types(object),
            id,
            issuer,
            valid_from,
            valid_until,
            not_before,
            statuses: object.many("credentialStatus", CredentialStatus::read),
            schemas: object.many("credentialSchema", TypedLink::read),
            refresh_services: object.many("refreshService", TypedLink::read),
            proofs: proofs(object),
            purpose,
        }
    }

    /// The version of the data model.
    pub fn form(&self) -> CredentialForm {
        self.form
    }

    /// The contexts, in order: addresses and embedded contexts.
    pub fn contexts(&self) -> &[Value] {
        &self.contexts
    }

    /// The classes that the credential says it is of.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// The credential's id.
    pub fn id(&self) -> Option<&Iri> {
        self.id.as_ref()
    }

    /// The issuer's id, whether the issuer is an object or only its id; of a presentation that of its holder.
    pub fn issuer(&self) -> Option<&Iri> {
        self.issuer.as_ref()
    }

    /// From when on the credential is valid: `validFrom`, in VC 1.1 `issuanceDate`.
    pub fn valid_from(&self) -> Option<OffsetDateTime> {
        self.valid_from
    }

    /// Until when the credential is valid: `validUntil`, in VC 1.1 `expirationDate`; if it has both, the earlier one. Of a
    /// badge that came in a JWT the claim `exp`, if that is earlier or all there is.
    pub fn valid_until(&self) -> Option<OffsetDateTime> {
        self.valid_until
    }

    /// Before when the credential is not valid yet: as [`valid_from`](Self::valid_from), or later, where the other version
    /// of the data model's name says so, or of a badge that came in a JWT the claim `nbf`.
    pub fn not_before(&self) -> Option<OffsetDateTime> {
        self.not_before
    }

    /// Narrows the time of the credential to what the JWT around it says as well (Open Badges 3.0 section 8.2.4.2 "JWT
    /// Payload"): the claims narrow the period, and never widen it.
    pub(crate) fn narrow(&mut self, claims: &Claims) {
        let claimed_end = claims.expires.value().copied();
        self.valid_until = [self.valid_until, claimed_end].into_iter().flatten().min();
        self.not_before = self.not_before.max(claims.not_before.value().copied());
    }

    /// Where to look up whether the credential was revoked: each of them counts.
    pub fn statuses(&self) -> &[CredentialStatus] {
        &self.statuses
    }

    /// The schemas that the credential says it follows.
    pub fn schemas(&self) -> &[TypedLink] {
        &self.schemas
    }

    /// Where a newer copy of the credential can be had.
    pub fn refresh_services(&self) -> &[TypedLink] {
        &self.refresh_services
    }

    /// What its proofs must have been made for.
    pub fn purpose(&self) -> ProofPurpose {
        self.purpose
    }

    /// The embedded proofs as they stand, in order.
    pub fn proofs(&self) -> &[Map<String, Value>] {
        &self.proofs
    }
}

/// The id of an issuer, which is a string or an object with an `id`; the object's own reading tells what it lacks.
fn issuer_id(at: At<'_>) -> Option<Iri> {
    match at.value() {
        Value::Object(members) => members.get("id")?.as_str()?.parse().ok(),
        _ => at.parsed("a profile or its id", |text| text.parse().ok()),
    }
}

/// What a credential says of its time.
struct Validity {
    valid_from: Option<OffsetDateTime>,
    valid_until: Option<OffsetDateTime>,
    not_before: Option<OffsetDateTime>,
}

/// Reads from when and until when a credential is valid.
///
/// NOTE: each version of the data model has its own names for these dates. Whoever signed a date under the name of the
/// other version meant it none the less: it narrows the period, and never widens it.
fn validity(object: &Object<'_>, form: CredentialForm, family: Family) -> Validity {
    let dates_1_1 = ("issuanceDate", "expirationDate");
    let dates_2_0 = ("validFrom", "validUntil");
    let ((from, until), (other_from, other_until)) = match form {
        CredentialForm::VcDataModel1_1 => (dates_1_1, dates_2_0),
        CredentialForm::VcDataModel2_0 => (dates_2_0, dates_1_1),
    };
    let of_the_other_version = |name| {
        object.optional(name, |at| {
            at.note(
                ViolationKind::Value,
                Weight::Advisory,
                "the dates of one version of the data model only",
            );
            at.date_time_z()
        })
    };
    let valid_from = match family {
        Family::Clr | Family::OpenBadges => object.required(from, At::date_time_z),
        Family::Presentation | Family::StatusList => object.optional(from, At::date_time_z),
    };
    let ends =
        [(until, object.optional(until, At::date_time_z)), (other_until, of_the_other_version(other_until))];
    for (name, end) in ends {
        if let (Some(begin), Some(end)) = (valid_from, end)
            && end < begin
            && let Some(at) = object.member(name)
        {
            at.note(ViolationKind::Value, Weight::Essential, "an end that is not before the beginning");
        }
    }
    Validity {
        valid_from,
        valid_until: ends.into_iter().filter_map(|(_, end)| end).min(),
        not_before: valid_from.max(of_the_other_version(other_from)),
    }
}

/// Reads the embedded proofs as objects. What is in them is for their cryptosuites to read, but for the one thing
/// that all have in common: a verification method is a URL (Data Integrity section "Proofs").
fn proofs(object: &Object<'_>) -> Vec<Map<String, Value>> {
    let places = object.member("proof").map(At::elements).unwrap_or_default();
    // One good proof suffices, so that a bad one beside others is no more than worth telling.
    let weight = if places.len() == 1 { Weight::Essential } else { Weight::Advisory };
    let mut proofs = Vec::new();
    for place in places {
        let Value::Object(members) = place.value() else {
            place.note(ViolationKind::Value, weight, "a proof object");
            continue;
        };
        let is_url = |text: &str| text.parse::<Iri>().is_ok();
        if members.get("verificationMethod").and_then(Value::as_str).is_some_and(|text| !is_url(text)) {
            place.note(ViolationKind::Value, weight, "a proof whose verification method is a URL");
        }
        proofs.push(members.clone());
    }
    proofs
}

/// An id and what it is the id of: a schema, or a refresh service.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypedLink {
    /// Where it is.
    pub id: Iri,
    /// What it is.
    pub types: Vec<String>,
    /// Its other members.
    pub extensions: Map<String, Value>,
}

impl TypedLink {
    /// Says whether it is of this class.
    pub fn is(&self, class: &str) -> bool {
        self.types.iter().any(|held| held == class)
    }

    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let (id, types) = (object.required("id", At::iri), object.some("type", At::text));
        Some(Self { id: id?, types: types?, extensions: object.rest() })
    }
}

/// One way to look up whether a credential was revoked or suspended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CredentialStatus {
    /// The entry's id. Of a revocation list it is the list's address; elsewhere it names the entry and nothing more.
    pub id: Option<Iri>,
    /// What the entry is.
    pub types: Vec<String>,
    /// How it is looked up.
    pub method: StatusMethod,
    /// Its other members.
    pub extensions: Map<String, Value>,
}

/// How a status is looked up.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StatusMethod {
    /// `BitstringStatusListEntry`, or `StatusList2021Entry` and `RevocationList2020Status` which it grew out of: a place
    /// in a list of bits.
    Bits(StatusEntry),
    /// `1EdTechRevocationList`: an unsigned list of the ids that were revoked.
    Listed {
        /// Where the list is.
        list: Iri,
    },
    /// A type that this crate does not know: the status stays unknown.
    Unknown,
}

/// A place in a list of bits.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StatusEntry {
    /// Which kind of list it is.
    pub kind: StatusListKind,
    /// What a set bit means: `revocation`, `suspension`, or something of the issuer's.
    pub purpose: String,
    /// The place, as it stands: a decimal number in a string, and sometimes a JSON number.
    pub index: Value,
    /// Where the list is.
    pub list: Iri,
    /// How many bits there are for each place.
    pub size: u64,
    /// What each value means, in the issuer's words.
    pub messages: Vec<StatusMessage>,
}

/// What a value in a list of bits means (`statusMessage`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusMessage {
    /// The value.
    pub value: u64,
    /// The issuer's words, which are meant for developers and not for the holders of badges.
    pub message: String,
}

/// The classes of status entries that can be looked up.
pub(crate) const STATUS_CLASSES: &[&str] =
    &["1EdTechRevocationList", "BitstringStatusListEntry", "RevocationList2020Status", "StatusList2021Entry"];

impl CredentialStatus {
    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let types = object.some("type", At::text)?;
        let is = |class: &str| types.iter().any(|held| held == class);
        if STATUS_CLASSES.iter().filter(|class| is(class)).count() > 1 {
            // Readers would differ in where they look.
            return object.at().refuse("a status of one class only");
        }
        let entry = |kind| StatusEntry::read(&object, kind).map(StatusMethod::Bits);
        let (method, id);
        if is("1EdTechRevocationList") {
            id = object.required("id", At::iri);
            method = id.clone().map(|list| StatusMethod::Listed { list });
        } else {
            id = object.optional("id", At::iri);
            method = if is("BitstringStatusListEntry") {
                entry(StatusListKind::Bitstring)
            } else if is("StatusList2021Entry") {
                entry(StatusListKind::StatusList2021)
            } else if is("RevocationList2020Status") {
                entry(StatusListKind::RevocationList2020)
            } else {
                Some(StatusMethod::Unknown)
            };
        }
        Some(Self { id, method: method?, extensions: object.rest(), types })
    }
}

impl StatusEntry {
    fn read(object: &Object<'_>, kind: StatusListKind) -> Option<Self> {
        let (index, list) = match kind {
            StatusListKind::Bitstring | StatusListKind::StatusList2021 => {
                ("statusListIndex", "statusListCredential")
            }
            StatusListKind::RevocationList2020 => ("revocationListIndex", "revocationListCredential"),
        };
        let index = object.required(index, |at| Some(at.value().clone()));
        let list = object.required(list, At::iri);
        if kind == StatusListKind::RevocationList2020 {
            // It has one purpose and one size.
            let purpose = "revocation".to_owned();
            return Some(Self { kind, purpose, index: index?, list: list?, size: 1, messages: Vec::new() });
        }
        let purpose = object.required("statusPurpose", At::text);
        let size = match object.member("statusSize") {
            Some(at) => {
                at.value().as_u64().filter(|size| *size > 0).or_else(|| at.refuse("a positive integer"))
            }
            None => Some(1),
        };
        let messages = StatusMessage::read_all(object, size);
        Some(Self { kind, purpose: purpose?, index: index?, list: list?, size: size?, messages })
    }

    /// What a value means, in the issuer's words.
    pub fn message(&self, value: u64) -> Option<&str> {
        self.messages.iter().find(|each| each.value == value).map(|each| each.message.as_str())
    }
}

impl StatusMessage {
    /// Reads the messages of an entry. They are for people, so that nothing about them spoils a badge.
    fn read_all(object: &Object<'_>, size: Option<u64>) -> Vec<Self> {
        let places = object.member("statusMessage").map(|at| at.advisory().elements()).unwrap_or_default();
        // As many as an entry of this size has values: two for one bit, where they may also be left out.
        let values = |size: u64| 1_u64.checked_shl(u32::try_from(size).ok()?);
        let count = u64::try_from(places.len()).unwrap_or(u64::MAX);
        if size.is_some_and(|size| values(size) != Some(count) && (count > 0 || size > 1)) {
            let expected = "a `statusMessage` for each value of the entry";
            object.at().note(ViolationKind::Value, Weight::Advisory, expected);
        }
        places.into_iter().filter_map(Self::read).collect()
    }

    fn read(at: At<'_>) -> Option<Self> {
        let object = at.object()?;
        let value = |text: &str| u64::from_str_radix(text.strip_prefix("0x")?, 16).ok();
        let value = object.required("status", |at| at.parsed("a hexadecimal number with `0x`", value));
        let message = object.required("message", At::text);
        Some(Self { value: value?, message: message? })
    }
}
