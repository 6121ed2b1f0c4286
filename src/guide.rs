//! Pages for readers: tables that go across modules. There is nothing here to call.

#[doc = include_str!("../docs/status.md")]
pub mod status {}

#[doc = include_str!("../docs/migration.md")]
pub mod migration {}
