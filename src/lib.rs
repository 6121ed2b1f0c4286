//! Verifies and imports Open Badges.

pub mod limits;
pub mod id;
mod quote;

mod json;
pub mod jws;
pub use json::JsonError;
pub mod resource;
