//! What a report is made of.

use time::OffsetDateTime;

use super::{Check, DocumentEvidence, Image, ProofTrace, Report};
use crate::badge::{Badge, Version};
use crate::id::Digest;
use crate::policy::Policy;

/// What [`verify`](crate::verify) has gathered when it is done.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    pub(crate) version: Option<Version>,
    pub(crate) checks: Vec<Check>,
    pub(crate) documents: Vec<DocumentEvidence>,
    pub(crate) endorsements: Vec<Report>,
    pub(crate) traces: Vec<ProofTrace>,
    /// The authoritative badge, if its authenticity was proven.
    pub(crate) authentic: Option<Badge>,
    /// The badge as the input has it.
    pub(crate) claimed: Option<Badge>,
    pub(crate) carrier: Option<String>,
    pub(crate) image: Option<Image>,
    pub(crate) input: Digest,
    pub(crate) policy: &'a Policy,
    pub(crate) policy_digest: Digest,
    pub(crate) now: OffsetDateTime,
}

impl<'a> Findings<'a> {
    /// Nothing was found yet.
    pub(crate) fn none(
        policy: &'a Policy,
        policy_digest: Digest,
        input: Digest,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            version: None,
            checks: Vec::new(),
            documents: Vec::new(),
            endorsements: Vec::new(),
            traces: Vec::new(),
            authentic: None,
            claimed: None,
            carrier: None,
            image: None,
            input,
            policy,
            policy_digest,
            now,
        }
    }
}
