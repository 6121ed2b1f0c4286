#![doc = include_str!("../README.md")]
//!
//! # The modules, in the order of the data
//!
//! A module uses only those that stand above it.
//!
//! - Vocabulary: [`limits`] (every bound), [`id`] (identifiers as types).
//! - Bytes: [`sniff`] (what a file is), [`jcs`] (canonical JSON), [`jws`] (a JWS, taken apart), [`resource`] (requests, answers, network policy).
//! - Containers: [`unbake`] and [`bake`] (badges in images), [`jsonld`] and [`rdfc`] (documents as canonical statements).
//! - Meaning: [`vendor`] (platforms that issue outside the standard), [`badge`] (all versions as typed models).
//! - Facts: [`recipient`] (whose badge it is), [`revocation`] (lists and bit strings), [`proof`] (keys and signatures).
//! - Judgement: [`policy`] (what a host demands), [`report`] (what was found).
//! - The verifier: [`error`] (why there is no report), [`verify`] (from a file to a report).
//! - Use: [`import`] (preview, then accept), `suite` (badges with the verdict that each must get), `fetch` (a client for the documents).
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod limits;
mod quote;
pub mod id;

pub mod sniff;
mod json;
pub mod jcs;
pub mod jws;
pub mod resource;

pub mod unbake;
pub mod bake;
pub mod jsonld;
pub mod rdfc;

pub mod vendor;
pub mod badge;

pub mod recipient;
pub mod revocation;
pub mod proof;
#[cfg(feature = "schema")]
mod schema;

pub mod policy;
pub mod report;

pub mod error;
pub mod verify;

pub mod import;
#[cfg(feature = "suite")]
pub mod suite;
#[cfg(feature = "fetch")]
pub mod fetch;

pub use badge::Badge;
pub use error::Error;
pub use json::JsonError;
pub use policy::Policy;
pub use report::{Report, Status};
pub use resource::Documents;
pub use verify::{Step, Verifier};
