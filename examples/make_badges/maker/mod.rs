//! What the files of `tests/badges` are made of.
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
//! `carriers` has the files in which no badge is found, or more than one. The suites `proofs`, `keys` (`key_forms`) and
//! `status` (`lists`) try one thing each, in all its forms, and lie in `tests/suites`. Everything that varies is a literal, so that
//! the files are the same each time.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice)] // it stops at its own mistakes, and none of its input is anybody else's

use std::collections::BTreeMap;

mod carriers;
mod cryptosuites;
mod edit;
mod image;
mod integrity;
mod jwt;
mod key_forms;
mod keys;
mod lists;
mod ob2;
mod ob3;
mod proofs;
mod signer;
mod suite;

/// Every file, by its path in `tests/badges`.
pub(crate) fn make() -> BTreeMap<String, Vec<u8>> {
    let mut suite = suite::Suite::named("badges");
    ob2::make(&mut suite);
    jwt::make(&mut suite);
    integrity::make(&mut suite);
    cryptosuites::make(&mut suite);
    carriers::make(&mut suite);
    suite.into_files()
}

/// Every file of the suites that try one thing in all its forms, by its path in `tests/suites`.
pub(crate) fn make_suites() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let makers: [fn(&mut suite::Suite); 3] = [key_forms::make, proofs::make, lists::make];
    for (name, make) in SUITES.into_iter().zip(makers) {
        let mut suite = suite::Suite::named(name);
        make(&mut suite);
        files.extend(
            suite.into_files().into_iter().map(|(path, content)| (format!("{name}/{path}"), content)),
        );
    }
    files
}

/// The suites that [`make_suites`] makes.
pub(crate) const SUITES: [&str; 3] = ["keys", "proofs", "status"];
