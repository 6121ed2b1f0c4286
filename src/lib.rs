//! Verifies and imports Open Badges.

pub mod limits;
pub mod id;
mod quote;

pub mod sniff;
mod json;
pub mod jws;
pub mod resource;

pub mod unbake;
pub mod bake;
pub mod jsonld;
pub mod rdfc;

pub mod badge;

pub mod recipient;
pub mod revocation;
pub mod proof;

pub mod policy;
pub mod report;

pub mod error;
pub mod verify;
pub mod import;
#[cfg(feature = "suite")]
pub mod suite;

pub use badge::Badge;
pub use error::Error;
pub use json::JsonError;
pub use policy::Policy;
pub use report::{Report, Status};
pub use resource::Documents;
pub use verify::{Step, Verifier};
