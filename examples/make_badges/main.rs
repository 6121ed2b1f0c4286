//! Makes the badges of `tests/badges`, with the documents that their issuers would serve and the verdict that each must
//! get: `cargo run --example make_badges -- tests/badges`. With the name of a suite, that one is made:
//! `cargo run --example make_badges -- tests/suites/keys keys`. The suites: `dates`, `keys`, `meaning`, `proofs`, `status`.
//!
//! The same program gives the same files, byte for byte; `tests/badges_are_current.rs` holds it to that.

#![allow(clippy::print_stdout)] // a program

use std::path::PathBuf;
use std::{env, fs};

mod maker;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err("usage: make_badges FOLDER [SUITE]".into());
    };
    let files = match env::args().nth(2).as_deref() {
        None => maker::make(),
        Some(name) => maker::make_suite(name)
            .ok_or_else(|| format!("there is no suite {name}, only {}", maker::SUITES.join(", ")))?,
    };
    for (path, content) in &files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    println!("{} files in {}", files.len(), folder.display());
    Ok(())
}
