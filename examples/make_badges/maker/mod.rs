//! What the files of `tests/badges` and `tests/suites/meaning` are made of.
//!
//! Five made-up issuers, each with another way to answer for its badges:
//!
//! | issuer | badges | what answers for them |
//! |---|---|---|
//! | `rowing.example` | Open Badges 2.0, hosted and signed (`ob2`) | its profile, at the issuer's id |
//! | `museum.example` | Open Badges 3.0, VC-JWT with EdDSA (`jwt`) | the key named by `kid`, in the issuer's document |
//! | `observatory.example` | Open Badges 3.0, VC-JWT with RS256 (`jwt`) | the `jwk`, in the host's key set |
//! | `library.example` | Open Badges 3.0, Data Integrity (`integrity`) | the document of `did:web:library.example` |
//! | a radio club | Open Badges 3.0, other proofs of Data Integrity (`cryptosuites`) | its `did:key` |
//!
//! `carriers` has the files in which no badge is found, or more than one, `wrappers` badges in presentations, learner
//! records and lists. Suites of their own try one thing in all its forms: `dates`, `proofs`, keys (`key_forms`), status lists
//! (`lists`), and `meaning`, badges that were respelt after they were signed. Everything that varies is a literal, so
//! that the files are the same each time.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice)] // it stops at its own mistakes, and none of its input is anybody else's

use std::collections::BTreeMap;

mod carriers;
mod cryptosuites;
mod dates;
mod deflate;
mod did_urls;
mod edit;
mod image;
mod integrity;
mod jwt;
mod key_forms;
mod key_ids;
mod key_names;
mod key_reach;
mod key_sets;
mod key_uses;
mod keys;
mod listed;
mod lists;
mod meaning;
mod ob2;
mod ob3;
mod proofs;
mod signer;
mod suite;
mod wrappers;

/// Every file, by its path in `tests/badges`.
pub(crate) fn make() -> BTreeMap<String, Vec<u8>> {
    let mut suite = suite::Suite::default();
    ob2::make(&mut suite);
    jwt::make(&mut suite);
    integrity::make(&mut suite);
    cryptosuites::make(&mut suite);
    carriers::make(&mut suite);
    wrappers::make(&mut suite);
    suite
        .into_files("badges", "Made by examples/make_badges of this repository, with the test keys in keys/.")
}

/// Every file of a suite, by its path in `tests/suites/NAME`; `None` if there is no such suite.
pub(crate) fn make_suite(name: &str) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut suite = suite::Suite::default();
    match name {
        "dates" => dates::make(&mut suite),
        "keys" => key_forms::make(&mut suite),
        "meaning" => meaning::make(&mut suite),
        "proofs" => proofs::make(&mut suite),
        "status" => lists::make(&mut suite),
        _ => return None,
    }
    let origin = "Made by examples/make_badges of this repository; see tests/badges/keys for its test keys.";
    Some(suite.into_files(name, origin))
}

/// The suites that [`make_suite`] makes.
pub(crate) const SUITES: [&str; 5] = ["dates", "keys", "meaning", "proofs", "status"];
