//! The example against a real TLS server on this machine.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use std::{fs, thread};

use loopback::{Asked, Authority, Connection, Server, hang_up, reply};
use openbadges::limits::{Limit, Limits};
use openbadges::resource::{Denied, NetworkPolicy, Request, Retrieval, Unavailable};
use openbadges::{Policy, Status, Step, Verifier};
use time::macros::datetime;

use crate::fetcher::{Fetcher, client};
use crate::run;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 12:00 UTC);
const BODY: &[u8] = b"{}";

/// A fetcher that finds these hosts at a server, and every other by the system's resolver.
fn fetcher(authority: &Authority, server: &Server, hosts: &[&str]) -> Arc<Fetcher> {
    let policy = NetworkPolicy::default();
    let root = reqwest::Certificate::from_der(&authority.certificate()).unwrap();
    let builder = client(&policy).tls_certs_only([root]);
    let builder = hosts.iter().fold(builder, |builder, host| builder.resolve(host, server.address()));
    Arc::new(Fetcher::with(&policy, builder.build().unwrap(), Duration::from_secs(3)))
}

fn serve(
    answer: impl Fn(&Asked, Connection<'_>) -> io::Result<()> + Send + Sync + 'static,
) -> (Server, Arc<Fetcher>) {
    let authority = Authority::new("tests");
    let server = Server::start(&authority, &["badges.example"], answer);
    let fetcher = fetcher(&authority, &server, &["badges.example"]);
    (server, fetcher)
}

fn request(url: &str) -> Request {
    let limits = Limits::default().with(Limit::DocumentBytes, 65_536);
    let verifier = Verifier::new(Policy::strict().with_limits(limits));
    let Step::Need(pending) = verifier.begin(url.as_bytes(), NOW).unwrap() else { panic!("{url}") };
    pending.requests()[0].clone()
}

async fn get(fetcher: &Fetcher, path: &str) -> Retrieval {
    fetcher.fetch(&request(&format!("https://badges.example/{path}"))).await
}

#[tokio::test]
async fn verifies_badges_to_the_end() -> Result<(), Box<dyn Error>> {
    let authority = Authority::new("tests");
    let badges = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/badges");
    let hosts = ["library.example", "rowing.example"];
    let documents = badges.join("documents");
    let server = Server::start(&authority, &hosts, move |asked, out| {
        let host = documents.join(asked.header("host").unwrap());
        match fs::read(host.join(asked.path().trim_start_matches('/'))) {
            Ok(body) => reply(out, 200, &["Content-Type: application/json"], &body),
            Err(_) => reply(out, 404, &[], b""),
        }
    });
    let fetcher = fetcher(&authority, &server, &hosts);
    let verifier = Verifier::new(Policy::strict());

    let badge = fs::read(badges.join("ob3/integrity.png"))?;
    let report = run(verifier.begin(&badge, NOW)?, &fetcher).await;
    assert_eq!(report.status(), Status::Valid, "{report:#}");

    let report = run(verifier.begin(b"https://rowing.example/assertions/1.json", NOW)?, &fetcher).await;
    assert_eq!(report.status(), Status::Valid, "{report:#}");
    Ok(())
}

#[tokio::test]
async fn the_documents_of_a_round_are_fetched_at_the_same_time() {
    // Each answer waits for the other.
    let both = Barrier::new(2);
    let (_server, fetcher) = serve(move |_, out| {
        both.wait();
        reply(out, 200, &[], BODY)
    });
    let (one, two) = tokio::join!(get(&fetcher, "1"), get(&fetcher, "2"));
    assert_eq!((one.unwrap().body(), two.unwrap().body()), (BODY, BODY));
}

#[tokio::test]
async fn follows_only_the_redirects_that_the_policy_permits() {
    let (server, fetcher) = serve(|asked, out| {
        let location = match asked.path() {
            "/good" => "/here#part",
            "/loop" => "/loop",
            "/plain" => "http://badges.example/here",
            "/private" => "https://10.0.0.1/here",
            "/port" => "https://badges.example:8443/here",
            _ => return reply(out, 200, &["Content-Type: Application/JSON;a=b"], BODY),
        };
        reply(out, 302, &[&format!("Location: {location}")], b"")
    });
    let response = get(&fetcher, "good").await.unwrap();
    assert_eq!(response.final_url().as_str(), "https://badges.example/here");
    assert_eq!((response.hops().len(), response.media_type()), (1, Some("application/json")));
    let before = server.asked().len();
    for (path, expected) in [
        ("plain", Unavailable::Blocked(Denied::Scheme)),
        ("private", Unavailable::Blocked(Denied::Host)),
        ("port", Unavailable::Blocked(Denied::Port)),
    ] {
        assert_eq!(get(&fetcher, path).await, Err(expected), "{path}");
    }
    assert_eq!(server.asked().len() - before, 3);
    assert_eq!(get(&fetcher, "loop").await, Err(Unavailable::TooManyRedirects));
}

#[tokio::test]
async fn connects_to_public_addresses_only() {
    // Past the check of the name, as a name of somebody's own that leads to this machine would be.
    let client = client(&NetworkPolicy::default()).build().unwrap();
    let error = client.get("https://localhost/").send().await.unwrap_err();
    assert_eq!(crate::fetcher::unavailable(error), Unavailable::Blocked(Denied::Address));
    let error = client.get("https://badges.invalid/").send().await.unwrap_err();
    assert_eq!(crate::fetcher::unavailable(error), Unavailable::Dns);
}

#[tokio::test]
async fn stops_reading_at_the_bound_and_takes_no_half_answer() {
    let (server, fetcher) = serve(|asked, out| match asked.path() {
        "/whole" => reply(out, 200, &["Set-Cookie: id=1"], &[b' '; 65_536]),
        "/long" => reply(out, 200, &[], &[b' '; 65_537]),
        "/endless" => {
            out.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                out.write_all(&[b' '; 4096])?;
            }
        }
        "/coded" => reply(out, 200, &["Content-Encoding: gzip"], BODY),
        "/gone" => reply(out, 410, &[], BODY),
        _ => {
            out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")?;
            hang_up()
        }
    });
    assert_eq!(get(&fetcher, "whole").await.unwrap().body().len(), 65_536);
    for path in ["long", "endless"] {
        assert_eq!(get(&fetcher, path).await, Err(Unavailable::TooLarge { limit: 65_536 }), "{path}");
    }
    for path in ["half", "coded"] {
        let found = get(&fetcher, path).await;
        assert!(matches!(found, Err(Unavailable::Transport(_))), "{path}: {found:?}");
    }
    assert_eq!(get(&fetcher, "gone").await.unwrap().status(), 410);
    assert!(server.asked().iter().all(|asked| asked.header("cookie").is_none()));
}

#[tokio::test]
async fn waits_no_longer_than_it_should_and_trusts_no_stranger() {
    let (authority, stranger) = (Authority::new("tests"), Authority::new("tests"));
    let slow = Server::start(&authority, &["badges.example"], |_, out| {
        out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
        loop {
            out.write_all(b" ")?;
            out.flush()?;
            thread::sleep(Duration::from_millis(20));
        }
    });
    let fetcher = |server: &Server| fetcher(&authority, server, &["badges.example"]);
    let patient = fetcher(&slow);
    let begun = Instant::now();
    assert_eq!(get(&patient, "1").await, Err(Unavailable::Timeout));
    assert!(begun.elapsed() < Duration::from_secs(8));

    let server = Server::start(&stranger, &["badges.example"], |_, out| reply(out, 200, &[], BODY));
    assert_eq!(get(&fetcher(&server), "1").await, Err(Unavailable::Tls));
    let server = Server::start(&authority, &["other.example"], |_, out| reply(out, 200, &[], BODY));
    assert_eq!(get(&fetcher(&server), "1").await, Err(Unavailable::Tls));
}
