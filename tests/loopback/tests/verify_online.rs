//! The example `verify` with `--online`, as it is run on the command line.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use loopback::{Authority, Server, proxy, reply};

#[allow(dead_code)] // its `main`
#[path = "../../../examples/verify.rs"]
mod verify;

/// Runs `verify` at an instant at which the badges of the repository hold.
fn run(arguments: &[&str]) -> u8 {
    let arguments = arguments.iter().chain(&["--now", "2026-06-01T12:00:00Z"]);
    verify::run(arguments.map(ToString::to_string))
}

fn badges() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../badges")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_fetched_makes_a_verdict_and_can_be_kept() {
    let authority = Authority::new("tests");
    let folder = badges().join("documents");
    let hosts: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|host| host.unwrap().file_name().into_string().unwrap()).collect();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let server = Server::start(&authority, &names, move |asked, out| {
        match fs::read(folder.join(asked.header("host").unwrap()).join(asked.path().trim_start_matches('/')))
        {
            Ok(body) => reply(out, 200, &[], &body),
            Err(_) => reply(out, 404, &[], b"not found"),
        }
    });
    let room = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (root, bundle) = (room.join("root.der"), room.join("bundle.json"));
    fs::write(&root, authority.certificate()).unwrap();
    let proxy = proxy(server.address()).to_string();

    let badge = badges().join("ob3/integrity.png");
    let online = [text(&badge), "--online", "--proxy", &proxy];
    let with_root = [&online[..], &["--root", text(&root)]].concat();
    assert_eq!(run(&[&with_root[..], &["--keep", text(&bundle)]].concat()), 0, "valid");
    assert!(!server.asked().is_empty());
    let address = room.join("badge.url");
    fs::write(&address, "https://rowing.example/assertions/1.json").unwrap();
    assert_eq!(run(&[&[text(&address)], &with_root[1..]].concat()), 0, "also what is only an address");

    let asked = server.asked().len();
    assert_eq!(run(&[text(&badge), "--documents", text(&bundle)]), 0, "what was kept is enough");
    assert_eq!(run(&[text(&badge)]), 3, "without any documents it is unverified");
    assert_eq!(run(&online), 3, "and with those of a server that Mozilla's roots do not know");
    assert_eq!(run(&[text(&badge), "--online", "--root", "no such file"]), 2, "wrong usage");
    assert_eq!(server.asked().len(), asked);
}
