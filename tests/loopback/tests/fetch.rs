//! The fetcher against a real TLS server, which lies, stalls and floods as servers of strangers do.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use flate2::{Compression, write::GzEncoder};
use loopback::{Asked, Authority, Connection, Server, cut, hang_up, reply};
use openbadges::fetch::Fetcher;
use openbadges::limits::{Limit, Limits};
use openbadges::resource::{Denied, NetworkPolicy, Purpose, Request, Retrieval, Unavailable};
use openbadges::{Policy, Status, Step, Verifier};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);
const BODY: &[u8] = br#"{"name": "a document"}"#;

/// A server for `badges.example` and `other.example`, and a fetcher that finds it.
fn serve(
    answer: impl Fn(&Asked, Connection<'_>) -> io::Result<()> + Send + Sync + 'static,
) -> (Server, Fetcher) {
    let authority = Authority::new("tests");
    let server = Server::start(&authority, &["badges.example", "other.example"], answer);
    let fetcher = fetcher(&authority, server.address());
    (server, fetcher)
}

/// A fetcher that finds every name at one address.
fn fetcher(authority: &Authority, address: SocketAddr) -> Fetcher {
    Fetcher::new(NetworkPolicy::default())
        .dangerous_trust_roots([authority.certificate()])
        .with_resolver(move |_, _| Ok(vec![address]))
        .dangerous_allow_address(address)
        .with_phase_timeout(Duration::from_secs(5))
}

/// What a verification asks for when it is given a URL.
fn request(url: &str, policy: Policy) -> Request {
    let verifier = Verifier::new(policy);
    let Step::Need(pending) = verifier.begin(url.as_bytes(), NOW).unwrap() else { panic!("{url}") };
    pending.requests()[0].clone()
}

/// Requests for as many documents.
fn requests(number: usize) -> Vec<Request> {
    let url = |number| format!("https://badges.example/{number}");
    (0..number).map(|number| request(&url(number), Policy::strict())).collect()
}

fn get(fetcher: &Fetcher, url: &str) -> Retrieval {
    fetcher.fetch(&request(url, Policy::strict()))
}

#[test]
fn fetches_a_document() {
    let (server, fetcher) = serve(|_, out| reply(out, 200, &["Content-Type: Application/JSON; x=y"], BODY));
    let before = OffsetDateTime::now_utc();
    let response = get(&fetcher, "https://badges.example/1?a=b").unwrap();
    assert_eq!((response.status(), response.body()), (200, BODY));
    assert_eq!(response.final_url().as_str(), "https://badges.example/1?a=b");
    assert_eq!((response.media_type(), response.hops()), (Some("application/json"), &[][..]));
    assert!(response.retrieved_at() >= before && response.retrieved_at() <= OffsetDateTime::now_utc());

    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].path()), (1, "/1?a=b"));
    assert_eq!(asked[0].header("host"), Some("badges.example"));
    let accept = "application/ld+json, application/json;q=0.9, image/png;q=0.8, image/svg+xml;q=0.7";
    assert_eq!(asked[0].header("accept"), Some(accept));
    assert!(asked[0].header("user-agent").unwrap().starts_with("openbadges/"));
    for absent in ["authorization", "cookie", "referer", "origin"] {
        assert_eq!(asked[0].header(absent), None);
    }
}

#[test]
fn says_who_asks() {
    let (server, fetcher) = serve(|_, out| reply(out, 200, &[], BODY));
    let fetcher = fetcher.with_user_agent("college/1\r\nCookie: x (+https://college.example)");
    get(&fetcher, "https://badges.example/1").unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].header("user-agent"), Some("college/1Cookie: x (+https://college.example)"));
    assert_eq!(asked[0].header("cookie"), None);
}

#[test]
fn every_status_is_an_answer() {
    let (_server, fetcher) = serve(|asked, out| {
        reply(out, asked.path().trim_start_matches('/').parse().unwrap(), &["Content-Type: text/html"], BODY)
    });
    for status in [200, 203, 300, 302, 400, 404, 410, 500, 503] {
        let response = get(&fetcher, &format!("https://badges.example/{status}")).unwrap();
        // A media type that was not asked for is for the verifier to judge; a redirect without a target leads nowhere.
        assert_eq!((response.status(), response.body()), (status, BODY));
        assert_eq!(response.media_type(), Some("text/html"));
    }
}

#[test]
fn follows_redirects_by_hand() {
    let (server, fetcher) = serve(|asked, out| match asked.path() {
        "/1" => reply(out, 301, &["Location: /2"], b"moved"),
        "/2" => reply(out, 307, &["Location: https://other.example/3#part"], &[0; 100_000]),
        _ => reply(out, 200, &[], BODY),
    });
    let response = get(&fetcher, "https://badges.example/1").unwrap();
    assert_eq!((response.status(), response.body()), (200, BODY));
    assert_eq!(response.final_url().as_str(), "https://other.example/3");
    let hops: Vec<&str> = response.hops().iter().map(|hop| hop.as_str()).collect();
    assert_eq!(hops, ["https://badges.example/1", "https://badges.example/2"]);
    assert_eq!(server.asked()[2].header("host"), Some("other.example"));
}

#[test]
fn follows_no_redirect_that_the_policy_denies() {
    let table = [
        ("http://badges.example/", Denied::Scheme),
        ("file:///etc/passwd", Denied::Scheme),
        ("https://127.0.0.1/", Denied::Host),
        ("https://[::1]/", Denied::Host),
        ("https://169.254.169.254/latest/meta-data/", Denied::Host),
        ("https://localhost/", Denied::Host),
        ("https://badges.example:8443/", Denied::Port),
        ("//user:secret@badges.example/", Denied::Userinfo),
        ("https://rebound.example/", Denied::Address),
    ];
    for (location, denied) in table {
        let (server, fetcher) =
            serve(move |_, out| reply(out, 302, &[&format!("Location: {location}")], b""));
        let address = server.address();
        let fetcher = fetcher.with_resolver(move |host, _| {
            let private = "192.168.1.1:443".parse().unwrap();
            Ok(vec![if host == "rebound.example" { private } else { address }])
        });
        let found = get(&fetcher, "https://badges.example/1");
        assert_eq!(found, Err(Unavailable::Blocked(denied)), "{location}");
        assert_eq!(server.asked().len(), 1, "{location}");
    }
}

#[test]
fn follows_no_more_redirects_than_the_request_allows() {
    let (server, fetcher) = serve(|asked, out| match asked.path() {
        "/loop" => reply(out, 302, &["Location: /loop"], b""),
        path => {
            let number: u32 = path.trim_start_matches('/').parse().unwrap();
            if number == 0 {
                return reply(out, 200, &[], BODY);
            }
            reply(out, 308, &[&format!("Location: /{}", number - 1)], b"")
        }
    });
    assert_eq!(get(&fetcher, "https://badges.example/3").unwrap().hops().len(), 3);
    assert_eq!(get(&fetcher, "https://badges.example/4"), Err(Unavailable::TooManyRedirects));
    let before = server.asked().len();
    assert_eq!(get(&fetcher, "https://badges.example/loop"), Err(Unavailable::TooManyRedirects));
    assert_eq!(server.asked().len() - before, 4);

    let policy = Policy::strict().with_limits(Limits::default().with(Limit::Redirects, 0));
    let found = fetcher.fetch(&request("https://badges.example/1", policy));
    assert_eq!(found, Err(Unavailable::TooManyRedirects));
}

#[test]
fn a_redirect_to_what_is_no_url_is_no_answer() {
    for location in ["https://", "https://\u{fffd}/", "https://exa mple.org/"] {
        let (_server, fetcher) =
            serve(move |_, out| reply(out, 302, &[&format!("Location: {location}")], b""));
        let found = get(&fetcher, "https://badges.example/1");
        assert!(matches!(found, Err(Unavailable::Transport(_))), "{location}: {found:?}");
    }
}

#[test]
fn connects_to_public_addresses_only() {
    // As it stands, without anything allowed: the server is on this machine.
    let authority = Authority::new("tests");
    let server = Server::start(&authority, &["badges.example"], |_, out| reply(out, 200, &[], BODY));
    let there = server.address();
    let of = |addresses: &[SocketAddr]| {
        let addresses = addresses.to_vec();
        Fetcher::new(NetworkPolicy::default())
            .dangerous_trust_roots([authority.certificate()])
            .with_resolver(move |_, _| Ok(addresses.clone()))
    };
    let url = "https://badges.example/1";
    let blocked = Err(Unavailable::Blocked(Denied::Address));
    for address in [there, "10.0.0.1:443".parse().unwrap(), "[::ffff:127.0.0.1]:443".parse().unwrap()] {
        assert_eq!(get(&of(&[address]), url), blocked, "{address}");
    }
    assert_eq!(get(&of(&[]), url), Err(Unavailable::Dns));
    assert!(server.asked().is_empty());

    // Of several addresses only those that are permitted are tried, and a port is not another one.
    let private = "192.168.1.1:443".parse().unwrap();
    assert_eq!(get(&of(&[private, there]).dangerous_allow_address(there), url).unwrap().status(), 200);
    let other_port = SocketAddr::new(there.ip(), there.port() ^ 1);
    assert_eq!(get(&of(&[other_port]).dangerous_allow_address(there), url), blocked);
}

#[test]
fn checks_a_name_each_time_that_it_is_looked_up() {
    let (server, fetcher) = serve(|_, out| reply(out, 200, &["Cache-Control: no-store"], BODY));
    let (address, asked) = (server.address(), AtomicUsize::new(0));
    let fetcher = fetcher.with_resolver(move |_, _| {
        let is_first = asked.fetch_add(1, Relaxed) == 0;
        Ok(vec![if is_first { address } else { "10.0.0.1:443".parse().unwrap() }])
    });
    assert!(get(&fetcher, "https://badges.example/1").is_ok());
    let found = get(&fetcher, "https://badges.example/1");
    assert_eq!(found, Err(Unavailable::Blocked(Denied::Address)));
}

#[test]
fn a_name_without_address_is_told_as_such() {
    let (_server, fetcher) = serve(|_, _| hang_up());
    let fetcher = fetcher.with_resolver(|_, _| Err(io::Error::other("no such name")));
    assert_eq!(get(&fetcher, "https://badges.example/1"), Err(Unavailable::Dns));
    // RFC 6761: this one never exists, whatever resolver the system has.
    let found = get(&Fetcher::new(NetworkPolicy::default()), "https://badges.invalid/1");
    assert_eq!(found, Err(Unavailable::Dns));
}

#[test]
fn trusts_no_wrong_certificate() {
    let (authority, stranger) = (Authority::new("tests"), Authority::new("tests"));
    let names = ["badges.example"];
    let answer = |_: &Asked, out: Connection<'_>| reply(out, 200, &[], BODY);
    let good = Server::start(&authority, &names, answer);
    let cases = [
        ("of a stranger", Server::start(&stranger, &names, answer)),
        ("of another name", Server::start(&authority, &["other.example", "*.badges.example"], answer)),
        ("that has expired", Server::start_until(2020, &authority, &names, answer)),
    ];
    let url = "https://badges.example/1";
    assert!(get(&fetcher(&authority, good.address()), url).is_ok());
    for (about, server) in cases {
        assert_eq!(get(&fetcher(&authority, server.address()), url), Err(Unavailable::Tls), "{about}");
        assert!(server.asked().is_empty(), "{about}");
    }
    // Mozilla's roots do not know the authority of these tests.
    let address = good.address();
    let default = Fetcher::new(NetworkPolicy::default())
        .with_resolver(move |_, _| Ok(vec![address]))
        .dangerous_allow_address(address);
    assert_eq!(get(&default, url), Err(Unavailable::Tls));
}

#[test]
fn a_server_without_tls_is_no_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            stream.unwrap().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    });
    let found = get(&fetcher(&Authority::new("tests"), address), "https://badges.example/1");
    assert_eq!(found, Err(Unavailable::Tls));
}

#[test]
fn nobody_there_is_a_failure_of_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let found = get(&fetcher(&Authority::new("tests"), address), "https://badges.example/1");
    assert!(matches!(found, Err(Unavailable::Transport(_))), "{found:?}");
}

#[test]
fn waits_for_nobody_longer_than_it_should() {
    type Answer = fn(&Asked, Connection<'_>) -> io::Result<()>;
    fn drip(out: Connection<'_>, text: &[u8]) -> io::Result<()> {
        loop {
            out.write_all(text)?;
            out.flush()?;
            thread::sleep(Duration::from_millis(20));
        }
    }
    let cases: [(&str, Answer); 4] = [
        ("no head", |_, _| {
            thread::sleep(Duration::from_secs(30));
            hang_up()
        }),
        ("a head that drips", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
            drip(out, b"x")
        }),
        ("a body that drips", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
            drip(out, b" ")
        }),
        ("a redirect after the other, slowly", |_, out| {
            thread::sleep(Duration::from_millis(250));
            reply(out, 302, &["Location: /"], b"")
        }),
    ];
    for (about, answer) in cases {
        let (_server, fetcher) = serve(answer);
        let fetcher = fetcher
            .with_phase_timeout(Duration::from_millis(400))
            .with_document_timeout(Duration::from_millis(600));
        let begun = Instant::now();
        assert_eq!(get(&fetcher, "https://badges.example/1"), Err(Unavailable::Timeout), "{about}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{about}: {:?}", begun.elapsed());
    }
}

#[test]
fn waits_for_no_handshake_longer_than_it_should() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let fetcher = fetcher(&Authority::new("tests"), address).with_phase_timeout(Duration::from_millis(300));
    let begun = Instant::now();
    assert_eq!(get(&fetcher, "https://badges.example/1"), Err(Unavailable::Timeout));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn stops_reading_at_the_bound() {
    type Answer = fn(&Asked, Connection<'_>) -> io::Result<()>;
    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
    let cases: [(&str, Answer); 4] = [
        ("one byte too many", |_, out| reply(out, 200, &[], &[b' '; 65_537])),
        ("endless, in chunks", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            loop {
                write!(out, "1000\r\n{:4096}\r\n", "")?;
            }
        }),
        ("endless, to the end of the connection", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                out.write_all(&[b' '; 4096])?;
            }
        }),
        ("a bomb", |_, out| reply(out, 200, &["Content-Encoding: gzip"], &gzip(&vec![0; 64 << 20]))),
    ];
    let policy = Policy::strict().with_limits(Limits::default().with(Limit::DocumentBytes, 65_536));
    for (about, answer) in cases {
        let (_server, fetcher) = serve(answer);
        let found = fetcher.fetch(&request("https://badges.example/1", policy.clone()));
        assert_eq!(found, Err(Unavailable::TooLarge { limit: 65_536 }), "{about}");
    }
    let (server, fetcher) =
        serve(|_, out| reply(out, 200, &["Content-Encoding: gzip"], &gzip(&[b' '; 65_536])));
    let response = fetcher.fetch(&request("https://badges.example/1", policy)).unwrap();
    assert_eq!(response.body(), [b' '; 65_536], "what fits is read whole");
    assert_eq!(server.asked()[0].header("accept-encoding"), Some("gzip"));
}

#[test]
fn stops_reading_what_never_becomes_a_body() {
    type Answer = fn(&Asked, Connection<'_>) -> io::Result<()>;
    fn forever(out: Connection<'_>, head: &[u8], text: &[u8]) -> io::Result<()> {
        out.write_all(head)?;
        loop {
            out.write_all(&text.repeat(4096))?;
        }
    }
    const GZIPPED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    const GZIP_HEAD: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03";
    const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let cases: [(&str, Answer); 4] = [
        ("empty blocks", |_, out| forever(out, &[GZIPPED, GZIP_HEAD].concat(), b"\0\0\0\xff\xff")),
        ("empty gzip members", |_, out| {
            forever(out, GZIPPED, &[GZIP_HEAD, b"\x03\0\0\0\0\0\0\0\0\0"].concat())
        }),
        ("a name in a gzip head", |_, out| {
            forever(out, &[GZIPPED, b"\x1f\x8b\x08\x08\0\0\0\0\0\x03"].concat(), b"x")
        }),
        ("trailers", |_, out| forever(out, &[CHUNKED, b"2\r\n{}\r\n0\r\n"].concat(), b"X: y\r\n")),
    ];
    let policy = Policy::strict().with_limits(Limits::default().with(Limit::DocumentBytes, 65_536));
    for (about, answer) in cases {
        let written = Arc::new(AtomicUsize::new(0));
        let seen = written.clone();
        let (_server, fetcher) = serve(move |asked, out| answer(asked, &mut Counted(out, &seen)));
        let begun = Instant::now();
        let found = fetcher.fetch(&request("https://badges.example/1", policy.clone()));
        assert_eq!(found, Err(Unavailable::TooLarge { limit: 65_536 }), "{about}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{about}: {:?}", begun.elapsed());
        // What the two systems keep for a connection that nobody reads is a few megabytes.
        assert!(written.load(Relaxed) < 32 << 20, "{about}: {written:?}");
    }
}

#[test]
fn waits_for_no_answer_behind_interim_ones_without_end() {
    let (_server, fetcher) = serve(|_, out| {
        loop {
            out.write_all(&b"HTTP/1.1 103 -\r\n\r\n".repeat(100))?;
        }
    });
    let begun = Instant::now();
    let found = get(&fetcher, "https://badges.example/1");
    // A head that is too large, or an answer: as the pieces come.
    assert!(matches!(found, Err(Unavailable::TooLarge { .. } | Unavailable::Transport(_))), "{found:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// Counts what is written.
struct Counted<'a>(Connection<'a>, &'a AtomicUsize);

impl io::Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes)?;
        self.1.fetch_add(written, Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[test]
fn a_body_in_small_chunks_is_read_whole() {
    let (_server, fetcher) = serve(|_, out| {
        out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        for _ in 0..65_536 / 8 {
            out.write_all(b"8\r\n        \r\n")?;
        }
        out.write_all(b"0\r\nX-Checked: yes\r\n\r\n")
    });
    let policy = Policy::strict().with_limits(Limits::default().with(Limit::DocumentBytes, 65_536));
    for path in ["1", "2", "3"] {
        let response = fetcher.fetch(&request(&format!("https://badges.example/{path}"), policy.clone()));
        assert_eq!(response.unwrap().body(), [b' '; 65_536], "each answer is counted by itself");
    }
}

#[test]
fn a_body_that_ends_with_the_connection_is_read_whole() {
    let (_server, fetcher) = serve(|_, out| {
        out.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        out.write_all(BODY)?;
        hang_up()
    });
    assert_eq!(get(&fetcher, "https://badges.example/1").unwrap().body(), BODY);
}

#[test]
fn takes_no_half_answer() {
    type Answer = fn(&Asked, Connection<'_>) -> io::Result<()>;
    let cases: [(&str, Answer); 13] = [
        ("nothing", |_, _| hang_up()),
        ("half a head", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nContent-Ty")?;
            hang_up()
        }),
        ("half a body", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")?;
            hang_up()
        }),
        ("no last chunk", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")?;
            hang_up()
        }),
        ("half a gzip file", |_, out| {
            reply(out, 200, &["Content-Encoding: gzip"], &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
        }),
        ("another coding", |_, out| reply(out, 200, &["Content-Encoding: br"], BODY)),
        ("another coding beside none", |_, out| reply(out, 200, &["Content-Encoding: identity, br"], BODY)),
        ("two codings", |_, out| reply(out, 200, &["Content-Encoding: gzip", "Content-Encoding: br"], BODY)),
        ("a body that is cut", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"revokedAssertions\": []}")?;
            cut()
        }),
        ("a last chunk that is cut", |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")?;
            cut()
        }),
        ("a head of 17 KiB", |_, out| reply(out, 200, &[&format!("X-Long: {}", "x".repeat(17 << 10))], BODY)),
        ("a head of a megabyte", |_, out| {
            reply(out, 200, &[&format!("X-Long: {}", "x".repeat(1 << 20))], BODY)
        }),
        ("no HTTP", |_, out| out.write_all(b"220 mail.example ESMTP\r\n\r\n")),
    ];
    for (about, answer) in cases {
        let (_server, fetcher) = serve(answer);
        let found = get(&fetcher, "https://badges.example/1");
        assert!(matches!(found, Err(Unavailable::Transport(_))), "{about}: {found:?}");
    }
}

#[test]
fn keeps_connections_but_no_cookies() {
    let (server, fetcher) = serve(|_, out| reply(out, 200, &["Set-Cookie: id=1; Path=/; Secure"], BODY));
    for path in ["1", "2", "3"] {
        get(&fetcher, &format!("https://badges.example/{path}")).unwrap();
    }
    for asked in server.asked() {
        assert_eq!((asked.connection, asked.header("cookie")), (0, None));
    }
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_connection_that_is_gone_is_made_anew() {
    let (server, fetcher) = serve(|_, out| {
        reply(out, 200, &[], BODY)?;
        hang_up()
    });
    for path in ["1", "2"] {
        get(&fetcher, &format!("https://badges.example/{path}")).unwrap();
        thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(server.asked().iter().map(|asked| asked.connection).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn proxies_of_the_environment_are_not_used() {
    // The environment belongs to the whole process, so this is another one: a test of above, run by itself.
    let mut test = process::Command::new(env::current_exe().unwrap());
    test.args(["--exact", "fetches_a_document"]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        test.env(name, "http://127.0.0.1:1");
    }
    let output = test.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
}

#[test]
fn a_proxy_is_used_where_the_host_asks_for_one() {
    let (server, fetcher) = serve(|_, out| reply(out, 200, &[], BODY));
    let (proxy, there) = (TcpListener::bind("127.0.0.1:0").unwrap(), server.address());
    let address = proxy.local_addr().unwrap();
    let fetcher = fetcher.dangerous_use_proxy(address).with_resolver(|host, _| panic!("{host} is looked up"));
    let served = thread::spawn(move || {
        let (mut client, _) = proxy.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let server = TcpStream::connect(there).unwrap();
        let (mut up, mut down) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut up, &mut &server));
        thread::spawn(move || io::copy(&mut down, &mut &client));
        String::from_utf8(head).unwrap()
    });
    assert_eq!(get(&fetcher, "https://badges.example/1").unwrap().body(), BODY);
    assert!(served.join().unwrap().starts_with("CONNECT badges.example:443 HTTP/1.1\r\n"));
    assert_eq!(server.asked()[0].header("host"), Some("badges.example"));
}

#[test]
fn a_copy_is_used_while_it_is_young_enough() {
    let (server, fetcher) = serve(|asked, out| match asked.path() {
        "/fleeting" => reply(out, 200, &["Cache-Control: max-age=0"], BODY),
        "/gone" => reply(out, 410, &[], BODY),
        _ => reply(out, 200, &[], BODY),
    });
    let demand = |path: &str, max_age| {
        let policy = Policy::strict().with_freshness(Purpose::Assertion, max_age);
        let before = server.asked().len();
        let response = fetcher.fetch(&request(&format!("https://badges.example{path}"), policy)).unwrap();
        (response, server.asked().len() - before)
    };
    let hour = time::Duration::HOUR;
    let (first, asked) = demand("/kept", hour);
    assert_eq!(asked, 1);
    assert_eq!(demand("/kept", hour), (first.clone(), 0), "and it says when it was fetched");
    let (fresh, asked) = demand("/kept", time::Duration::ZERO);
    assert_eq!(asked, 1, "a demand for a fresh one is heard");
    assert!(fresh.retrieved_at() > first.retrieved_at());
    assert_eq!(demand("/kept", hour), (fresh, 0), "and the fresh one is kept");
    for path in ["/fleeting", "/gone"] {
        assert_eq!((demand(path, hour).1, demand(path, hour).1), (1, 1), "{path}");
    }

    let fetcher = fetcher.with_cache(0, 0);
    let before = server.asked().len();
    for _ in 0..2 {
        get(&fetcher, "https://badges.example/kept").unwrap();
    }
    assert_eq!(server.asked().len() - before, 2, "a cache of nothing keeps nothing");
}

#[test]
fn what_was_fetched_under_other_trust_is_forgotten() {
    let (_server, fetcher) = serve(|_, out| reply(out, 200, &[], BODY));
    let url = "https://badges.example/1";
    assert!(get(&fetcher, url).is_ok());
    let fetcher = fetcher.dangerous_trust_roots([Authority::new("another").certificate()]);
    assert_eq!(get(&fetcher, url), Err(Unavailable::Tls));

    let (_server, fetcher) = serve(|_, out| reply(out, 200, &[], BODY));
    assert!(get(&fetcher, url).is_ok());
    let fetcher = fetcher.with_resolver(|_, _| Ok(Vec::new()));
    assert_eq!(get(&fetcher, url), Err(Unavailable::Dns));
}

#[test]
fn what_a_server_says_of_age_and_end_is_heard() {
    let (server, fetcher) = serve(|asked, out| match asked.path() {
        "/old" => reply(out, 200, &["Age: 1800"], BODY),
        "/too-old" => reply(out, 200, &["Age: 3601"], BODY),
        "/over" => reply(out, 200, &["Cache-Control: max-age=60", "Age: 61"], BODY),
        "/expired" => reply(out, 200, &["Expires: 0"], BODY),
        "/varied" => reply(out, 200, &["Vary: *"], BODY),
        "/part" => reply(out, 206, &["Content-Range: bytes 0-1/9"], BODY),
        "/moved" => reply(out, 302, &["Location: /kept"], b""),
        "/moved-for-good" => reply(out, 301, &["Location: /kept", "Age: 60"], b""),
        _ => reply(out, 200, &[], BODY),
    });
    let hour = Policy::strict().with_freshness(Purpose::Assertion, time::Duration::HOUR);
    let table = [
        ("/old", true, 1800),
        ("/too-old", false, 3601),
        ("/over", false, 61),
        ("/expired", false, 0),
        ("/varied", false, 0),
        ("/part", false, 0),
        ("/moved", false, 0),
        ("/moved-for-good", true, 60),
    ];
    for (path, is_kept, age) in table {
        let request = request(&format!("https://badges.example{path}"), hour.clone());
        let before = OffsetDateTime::now_utc();
        let first = fetcher.fetch(&request).unwrap();
        let moved = before - first.retrieved_at();
        assert!(
            (moved - time::Duration::seconds(age)).abs() < time::Duration::seconds(30),
            "{path}: {moved}"
        );
        let asked = server.asked().len();
        let second = fetcher.fetch(&request).unwrap();
        assert_eq!(server.asked().len() == asked, is_kept, "{path}");
        assert_eq!(first == second, is_kept, "{path}");
        assert_eq!(first.is_success(), path != "/part");
    }
    assert_eq!(server.asked()[0].header("cache-control"), Some("max-age=3600"));
}

#[test]
fn the_documents_of_a_round_are_fetched_at_the_same_time() {
    // Each answer waits for the other three.
    let all = Arc::new(Barrier::new(4));
    let (_server, fetcher) = serve(move |_, out| {
        all.wait();
        reply(out, 200, &[], BODY)
    });
    let requests: Vec<Request> =
        (0..4).map(|number| request(&format!("https://badges.example/{number}"), Policy::strict())).collect();
    let answers = fetcher.fetch_all(&requests);
    assert_eq!(answers.len(), 4);
    for request in &requests {
        let (_, answer) = answers.iter().find(|(target, _)| target == request.target()).unwrap();
        assert_eq!(answer.as_ref().unwrap().final_url().as_str(), request.target().to_string());
    }
}

#[test]
fn no_more_documents_are_fetched_at_a_time_than_allowed() {
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let (_server, fetcher) = serve(move |_, out| {
        seen.fetch_max(now.fetch_add(1, Relaxed) + 1, Relaxed);
        thread::sleep(Duration::from_millis(50));
        now.fetch_sub(1, Relaxed);
        reply(out, 200, &[], BODY)
    });
    let requests = requests(6);
    let answers = fetcher.with_parallel(2).fetch_all(&requests);
    assert!(answers.len() == 6 && answers.iter().all(|(_, answer)| answer.is_ok()));
    assert!(most.load(Relaxed) <= 2);
}

/// A server of all hosts in `tests/badges/documents`, and a fetcher that finds it.
fn serve_badges() -> (Server, Fetcher) {
    let authority = Authority::new("tests");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../badges/documents");
    let hosts: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|host| host.unwrap().file_name().into_string().unwrap()).collect();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let server = Server::start(&authority, &names, move |asked, out| {
        let host = asked.header("host").unwrap();
        match fs::read(folder.join(host).join(asked.path().trim_start_matches('/'))) {
            Ok(body) => reply(out, 200, &[], &body),
            Err(_) => reply(out, 404, &[], b"not found"),
        }
    });
    let fetcher = fetcher(&authority, server.address());
    (server, fetcher)
}

#[test]
fn verifies_badges_to_the_end() {
    let (server, fetcher) = serve_badges();
    let verifier = Verifier::new(Policy::strict());
    let file =
        |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../badges").join(name)).unwrap();
    let report = fetcher.run(verifier.begin(&file("ob3/integrity.png"), NOW).unwrap());
    assert_eq!(report.status(), Status::Valid, "{report:#}");
    let paths: Vec<String> = server.asked().iter().map(|asked| asked.path().to_owned()).collect();
    assert!(paths.iter().any(|path| path == "/.well-known/did.json"), "did:web is fetched: {paths:?}");

    let all = fetcher.run_all(verifier.begin_all(&file("ob3/integrity.png"), NOW).unwrap());
    assert_eq!(all.badges().iter().map(ToString::to_string).collect::<Vec<_>>(), [report.to_string()]);

    let report = fetcher.run(verifier.begin(b"https://rowing.example/assertions/1.json", NOW).unwrap());
    assert_eq!(report.status(), Status::Valid, "{report:#}");
    let hosts: Vec<_> =
        server.asked().iter().filter_map(|asked| asked.header("host").map(str::to_owned)).collect();
    assert!(hosts.iter().any(|host| host == "rowing.example"));

    let report = fetcher.run(verifier.begin(b"https://rowing.example/assertions/none", NOW).unwrap());
    assert_ne!(report.status(), Status::Valid);
}

#[test]
fn a_verification_ends_in_time() {
    let (_server, fetcher) = serve(|_, _| {
        thread::sleep(Duration::from_secs(30));
        hang_up()
    });
    let fetcher = fetcher.with_run_timeout(Duration::from_millis(300));
    let verifier = Verifier::new(Policy::strict());
    let begun = Instant::now();
    let report = fetcher.run(verifier.begin(b"https://badges.example/1", NOW).unwrap());
    assert_eq!(report.status(), Status::Unverified);
    assert!(begun.elapsed() < Duration::from_secs(10));
}
