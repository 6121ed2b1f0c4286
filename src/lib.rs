#![doc = include_str!("../README.md")]
//!
//! # A tour, in the order of the data
//!
//! Each module uses only those that stand above it, so that they can be read one after the other.
//!
//! **Words that everybody uses.** [`limits`] has every bound on size and work, with its default. [`id`] has identifiers as
//! types: DIDs, IRIs, digests, and the key that makes two badges the same one.
//!
//! **Bytes.** A file comes in. [`sniff`] tells by its first bytes what it is. JSON is read in one way only; [`jcs`] writes it in
//! its canonical form, and [`jws`] takes a signed token apart. What has to be asked for elsewhere is a
//! [`Request`](resource::Request); [`resource`] says what a host answers, and which addresses it must not ask.
//!
//! **Containers.** [`unbake`] takes the badge out of a PNG or SVG, and [`bake`] puts one in. [`jsonld`] and [`rdfc`] turn a
//! document into the canonical statements that some proofs sign.
//!
//! **Meaning.** [`badge`] reads a document into the model of its version, and lists what is wrong with it; [`Badge::summary`]
//! is the same for all versions. [`vendor`] knows platforms that issue outside the standard.
//!
//! **Facts.** Three questions with an answer each, whatever a policy makes of it: [`recipient`] (whose badge is it?),
//! [`revocation`] (is it on a list?), [`proof`] (did this key sign this?).
//!
//! **Judgement.** [`policy`] is what a host demands, and [`report`] what was found: each [`Check`](report::Check) with its
//! [`CheckCode`](report::CheckCode), and the [`Status`] that they imply.
//!
//! **The verifier.** [`verify`] brings all of it together: a [`Verifier`] makes a [`Step`], and steps end in a [`Report`].
//! [`error`] says why there is none.
//!
//! **What comes after.** [`import`] goes from a report to a preview, and to a record of exactly that. `suite` (feature) runs
//! badges with the verdicts that they must get; `fetch` (feature) is a client for hosts that have none.
//!
//! **Pages.** [`guide`] has two: which status when, and what the results of other validators are called here.
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

#[cfg(any(doc, doctest))]
pub mod guide;

pub use badge::Badge;
pub use error::Error;
pub use json::JsonError;
pub use policy::Policy;
pub use report::{Report, Status};
pub use resource::Documents;
pub use verify::{Step, Verifier};
