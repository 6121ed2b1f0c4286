//! Makes the badges of `tests/badges` and some suites of `tests/suites`, with the documents that their issuers would
//! serve and the verdict that each must get: `cargo run --example make_badges -- tests/badges tests/suites`.
//!
//! The same program gives the same files, byte for byte; `tests/badges_are_current.rs` holds it to that.

#![allow(clippy::print_stdout)] // a program

use std::path::PathBuf;
use std::{env, fs};

mod maker;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folders: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [badges, suites] = folders.as_slice() else {
        return Err("usage: make_badges BADGES SUITES".into());
    };
    for (folder, files) in [(badges, maker::make()), (suites, maker::make_suites())] {
        for (path, content) in &files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, content)?;
        }
        println!("{} files in {}", files.len(), folder.display());
    }
    Ok(())
}
