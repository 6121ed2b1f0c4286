//! Verifies and imports Open Badges.

pub mod limits;
mod quote;
