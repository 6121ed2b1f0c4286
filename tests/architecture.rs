//! The order of the modules, who may import whom, and which file may name which crate.
//!
//! The floors below are the list of modules in `src/lib.rs`. A module may import what stands before it, and itself.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules, floor by floor.
const FLOORS: &[(&str, &[&str])] = &[
    ("vocabulary", &["limits", "quote", "id"]),
    ("bytes", &["sniff", "json", "jcs", "jws", "resource"]),
    ("containers", &["unbake", "bake", "jsonld", "rdfc"]),
    ("meaning", &["vendor", "badge"]),
    ("facts", &["recipient", "revocation", "proof", "schema"]),
    ("judgement", &["policy", "report"]),
    ("the verifier", &["error", "verify"]),
    ("use", &["import", "suite", "fetch"]),
    ("pages", &["guide"]),
];

/// What a module must not import, though it stands before it, and why.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("unbake", "resource", "taking a badge out of a file never needs the network"),
    ("bake", "resource", "putting a badge into a file never needs the network"),
    ("revocation", "recipient", "a fact is about its arguments"),
    ("proof", "recipient", "a fact is about its arguments"),
    ("proof", "revocation", "a fact is about its arguments"),
    ("recipient", "resource", "a fact is about its arguments"),
    ("revocation", "resource", "a fact is about its arguments"),
    ("proof", "resource", "a fact is about its arguments"),
    ("schema", "resource", "a fact is about its arguments"),
    ("policy", "unbake", "judgement does not depend on where a text came from"),
    ("report", "unbake", "judgement does not depend on where a text came from"),
    ("import", "unbake", "a host's use of a badge sees reports only"),
    ("import", "proof", "a host's use of a badge sees reports only"),
    ("import", "verify", "a host's use of a badge sees reports only"),
    ("badge::ob2", "badge::ob3", "the versions do not know each other"),
    ("badge::ob3", "badge::ob2", "the versions do not know each other"),
    ("verify::ob2", "verify::ob3", "the versions do not know each other"),
    ("verify::ob3", "verify::ob2", "the versions do not know each other"),
];

/// The only files that name a crate which parses or computes for us, so that it can be replaced there.
const CRATES: &[(&str, &[&str])] = &[
    ("bs58", &["proof/integrity/mod.rs", "proof/multikey.rs"]),
    ("crc32fast", &["unbake/png.rs"]),
    ("ed25519_dalek", &["proof/ed25519.rs"]),
    ("flate2", &["fetch/body.rs", "revocation/bit_string.rs", "unbake/inflate.rs"]),
    ("josekit", &["proof/backend/josekit.rs"]),
    ("jsonschema", &["schema/mod.rs"]),
    ("md5", &["recipient/hash.rs"]),
    ("memchr", &["unbake/xml.rs"]),
    ("p256", &["proof/backend/rustcrypto.rs", "proof/backend/signing.rs"]),
    ("p384", &["proof/backend/rustcrypto.rs", "proof/backend/signing.rs"]),
    ("png", &["bake.rs", "unbake/image.rs"]),
    ("quick_xml", &["bake.rs", "unbake/svg.rs", "unbake/xml.rs"]),
    ("rsa", &["proof/backend/rustcrypto.rs", "proof/backend/signing.rs"]),
    ("sha1", &["recipient/hash.rs"]),
    ("ureq", &["fetch/client.rs", "fetch/connection.rs"]),
];

/// What touches the world outside: in the modules that say so, and nowhere else.
const OUTSIDE: &[&str] = &["std::env", "std::fs", "std::process", "std::thread", "std::time"];
const WITH_IO: &[&str] = &["fetch", "suite"];

#[test]
fn modules_are_listed_floor_by_floor() {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let listed: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").or(line.strip_prefix("mod "))?.strip_suffix(';'))
        .collect();
    // A module that is not written yet may be missing.
    let expected: Vec<&str> = order().into_iter().filter(|name| listed.contains(name)).collect();
    assert_eq!(listed, expected);
    assert!(lib.lines().count() <= 150, "lib.rs is a tour");
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let order = order();
    let rank = |name: &str| order.iter().position(|each| *each == name);
    for file in files() {
        let module = file.module();
        let Some(own) = rank(&module[0]) else { panic!("{} is on no floor", file.name) };
        for path in paths(&file.code) {
            let Some(path) = within_crate(&module, &path) else { continue };
            let found = path.join("::");
            assert!(rank(&path[0]).is_none_or(|other| other <= own), "{} imports {found}", file.name);
            for (from, to, why) in FORBIDDEN {
                let is_forbidden = starts(&module.join("::"), from) && starts(&found, to);
                assert!(!is_forbidden, "{} imports {found}, but {why}", file.name);
            }
        }
    }
}

#[test]
fn each_crate_is_named_where_it_is_wrapped() {
    for (name, homes) in CRATES {
        let mut users = Vec::new();
        for file in files() {
            // A module may have the name of a crate.
            let is_module = file.code.contains(&format!("mod {name};"));
            let is_used = paths(&file.code).iter().any(|path| path.len() > 1 && path[0] == *name);
            if is_used && !is_module {
                users.push(file.name);
            }
        }
        users.sort();
        assert_eq!(users, *homes, "{name}");
    }
}

#[test]
fn nothing_touches_the_world_outside() {
    for file in files() {
        if WITH_IO.contains(&file.module()[0].as_str()) {
            continue;
        }
        for path in paths(&file.code) {
            let found = path.join("::");
            let is_socket = starts(&found, "std::net")
                && !matches!(
                    path.get(2).map(String::as_str),
                    None | Some("IpAddr" | "Ipv4Addr" | "Ipv6Addr")
                );
            let is_clock = path.iter().any(|name| name == "now_utc" || name == "now_local");
            let is_outside = OUTSIDE.iter().any(|name| starts(&found, name));
            assert!(!(is_socket || is_clock || is_outside), "{} uses {found}", file.name);
        }
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    for file in files() {
        assert!(file.lines <= 600, "{} has {} lines", file.name, file.lines);
    }
}

// ---- reading the sources

struct File {
    /// The path below `src/`.
    name: String,
    lines: usize,
    /// Without comments and unit tests.
    code: String,
}

impl File {
    /// The path of the module that the file holds.
    fn module(&self) -> Vec<String> {
        let path = self.name.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').map(str::to_owned).collect()
    }
}

fn order() -> Vec<&'static str> {
    FLOORS.iter().flat_map(|(_, modules)| *modules).copied().collect()
}

/// Whether a path is that of a module or of something in it.
fn starts(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file but `lib.rs`.
fn files() -> Vec<File> {
    let (mut open, mut files) = (vec![source()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(source()).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".rs") && name != "lib.rs" && !name.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap().lines();
                let code = code.map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
                files.push(File { name, lines: text.lines().count(), code });
            }
        }
    }
    assert!(files.len() > 20, "the sources are here");
    files
}

/// Every path in a source, such as `a::b::c`, with the groups of imports spelt out.
fn paths(code: &str) -> Vec<Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    // Names, `::`, and single characters.
    let (mut tokens, mut rest) = (Vec::new(), code);
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let length = if rest.starts_with("::") { 2 } else { name.max(first.len_utf8()) };
        if !first.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    // The groups that are open, as the paths that stand before them; and the path that is being read.
    let (mut paths, mut groups, mut path) = (Vec::new(), vec![Vec::new()], Vec::<String>::new());
    let mut before = "";
    for token in tokens {
        let is_part = token == "::" || (token.starts_with(is_name) && matches!(before, "::" | ""));
        let whole = || groups.last().unwrap().iter().chain(&path).cloned().collect::<Vec<_>>();
        if token == "{" && before == "::" {
            groups.push(whole());
            path.clear();
        } else if !is_part && !path.is_empty() {
            paths.push(whole());
            path.clear();
        }
        if token.starts_with(is_name) {
            path.push(token.to_owned());
        } else if token == "}" && groups.len() > 1 {
            groups.pop();
        }
        before = token;
    }
    paths
}

/// A path from the root of the crate, if it leads there from a module.
fn within_crate(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let base = match path[0].as_str() {
        "crate" => &[],
        "self" => module,
        "super" => module.get(..module.len().checked_sub(ups)?)?,
        _ => return None,
    };
    let whole: Vec<String> = base.iter().chain(path.iter().skip(ups.max(1))).cloned().collect();
    (!whole.is_empty()).then_some(whole)
}

#[test]
fn groups_of_imports_are_spelt_out() {
    let found: Vec<String> =
        paths("use a::{b, c::{self, D}}; pub(super) fn f(x: crate::g::H) { $crate::i!(j) }")
            .iter()
            .map(|path| path.join("::"))
            .collect();
    for expected in ["a::b", "a::c::self", "a::c::D", "super", "crate::g::H", "crate::i", "j"] {
        assert!(found.iter().any(|path| path == expected), "{expected} is not in {found:?}");
    }
    let module = ["verify".to_owned(), "ob2".to_owned(), "signed".to_owned()];
    let path = ["super".to_owned(), "super".to_owned(), "ob3".to_owned()];
    assert_eq!(within_crate(&module, &path).unwrap(), ["verify", "ob3"]);
}
