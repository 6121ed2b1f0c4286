//! Reads the credential that holds the bits of a status list.
//!
//! In: the JSON of a fetched list. Out: a [`StatusList`]. Its proof is not verified and its bits are not unpacked
//! here; see `revocation`.
//!
//! Bitstring Status List section "BitstringStatusListCredential"; Status List 2021 and Revocation List 2020, which it grew out of.

use serde_json::Value;

use super::envelope::Family;
use super::{DIALECT, Envelope, Securing};
use crate::badge::Reading;
use crate::badge::reading::{At, Object, ViolationKind, Weight, read};
use crate::id::Iri;

/// A credential that holds the bits of a status list.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusList {
    envelope: Envelope,
    issuer: Iri,
    kind: StatusListKind,
    purposes: Vec<String>,
    encoded_list: String,
    ttl: Option<u64>,
}

/// Which kind of status list something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusListKind {
    /// `BitstringStatusList`: the encoded list is multibase text.
    Bitstring,
    /// `RevocationList2020`: the encoded list is base64url text, and its only purpose is revocation.
    RevocationList2020,
    /// `StatusList2021`: the encoded list is base64url text.
    StatusList2021,
}

impl StatusListKind {
    /// The class of the list.
    fn class(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusList",
            Self::RevocationList2020 => "RevocationList2020",
            Self::StatusList2021 => "StatusList2021",
        }
    }
}

impl StatusList {
    /// Reads a list that came in the given way.
    pub fn read(document: &Value, securing: Securing) -> Reading<Self> {
        read(document, "", &DIALECT, |at| Self::read_object(&at.object()?, securing))
    }

    fn read_object(object: &Object<'_>, securing: Securing) -> Option<Self> {
        let envelope = Envelope::read(object, securing, Family::StatusList);
        let has_type = object.class(&["VerifiableCredential"]).is_some() || object.member("type").is_some();
        if has_type {
            object.class(&[
                "BitstringStatusListCredential",
                "RevocationList2020Credential",
                "StatusList2021Credential",
            ]);
        }
        if envelope.issuer().is_none()
            && let Some(issuer) = object.member("issuer")
            && issuer.value().is_object()
        {
            issuer.note(ViolationKind::Required, Weight::Essential, "an issuer with an id");
        }
        let kind = if object.is_a("StatusList2021Credential") {
            StatusListKind::StatusList2021
        } else if object.is_a("RevocationList2020Credential") {
            StatusListKind::RevocationList2020
        } else {
            StatusListKind::Bitstring
        };
        let (purposes, encoded_list, ttl) =
            object.required("credentialSubject", |at| read_subject(&at.object()?, kind))?;
        Some(Self { issuer: envelope.issuer().cloned()?, envelope, kind, purposes, encoded_list, ttl })
    }

    /// What verification works on: form, dates, proofs.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Who issued the list.
    pub fn issuer(&self) -> &Iri {
        &self.issuer
    }

    /// Which kind of list it is.
    pub fn kind(&self) -> StatusListKind {
        self.kind
    }

    /// What its bits may mean; each entry says which of these it asks for.
    pub fn purposes(&self) -> &[String] {
        &self.purposes
    }

    /// The bits, compressed and encoded.
    pub fn encoded_list(&self) -> &str {
        &self.encoded_list
    }

    /// For how many milliseconds the list may be kept.
    pub fn ttl(&self) -> Option<u64> {
        self.ttl
    }
}

fn read_subject(subject: &Object<'_>, kind: StatusListKind) -> Option<(Vec<String>, String, Option<u64>)> {
    subject.class(&[kind.class()]);
    let purposes = match kind {
        StatusListKind::Bitstring | StatusListKind::StatusList2021 => subject.some("statusPurpose", At::text),
        StatusListKind::RevocationList2020 => Some(vec!["revocation".to_owned()]),
    };
    let encoded_list = subject.required("encodedList", At::text);
    // Only a hint for caches: a strange one spoils nothing.
    let ttl = subject
        .member("ttl")
        .map(At::advisory)
        .and_then(|at| at.value().as_u64().or_else(|| at.refuse("a number of milliseconds")));
    Some((purposes?, encoded_list?, ttl))
}
