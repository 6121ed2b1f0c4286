//! Verifies and imports Open Badges.

pub mod limits;
mod quote;

mod json;
pub mod jws;
pub use json::JsonError;
