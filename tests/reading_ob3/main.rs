//! What the reader of Open Badges 3.0 says about documents, through the public interface.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod jwt;
mod models;
mod published;
mod rules;
mod samples;
