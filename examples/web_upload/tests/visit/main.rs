//! The site as its visitors meet it: over HTTP, and in a browser.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a test has threads, connections and files

mod browser;
mod http;
mod uploads;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use openbadges::recipient::{Account, Confirmation::*};
use openbadges::resource::{Request, Response};
use openbadges::suite::{Suite, answer};
use web_upload::routes::router;
use web_upload::site::{Person, Site};

/// A site that is running, for as long as the test does.
struct Running {
    /// Host and port.
    address: String,
    /// Whether the issuers have taken back the badges that they host.
    are_gone: Arc<AtomicBool>,
}

impl Running {
    /// Starts a site of three people that reads the documents of this repository.
    fn start() -> Self {
        let suite = Suite::read(&badges().join("suite.json")).unwrap();
        let (answers, now) = (suite.answers(&suite.cases[0]).unwrap(), suite.now(&suite.cases[0]));
        let are_gone = Arc::new(AtomicBool::new(false));
        let gone = Arc::clone(&are_gone);
        let fetch = move |request: &Request| {
            let target = request.target().to_string();
            if gone.load(Ordering::SeqCst) && target.contains("/assertions/") {
                return Ok(Response::new(410, target.parse().unwrap(), Vec::new(), now));
            }
            answer(&answers, request.target())
        };
        let ada = Account::new()
            .with_email("countess@example.net", Confirmed)
            .with_email("ada@example.com", Confirmed);
        let newly = Account::new().with_email("ada@example.com", Unconfirmed);
        let bob = Account::new().with_email("bob@example.net", Confirmed);
        let people = [("Ada", ada), ("Ada, newly here", newly), ("Bob", bob)];
        let people = people.map(|(name, account)| Person { name: name.to_owned(), account }).into();
        let site = Arc::new(Site::new(people, "A test.", Box::new(fetch), Box::new(move || now)));

        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_io().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router(site)).await.unwrap();
            });
        });
        Self { address, are_gone }
    }
}

const ADA: usize = 0;
const ADA_UNCONFIRMED: usize = 1;
const BOB: usize = 2;

/// The badges of this repository.
fn badges() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/badges").canonicalize().unwrap()
}

fn badge(name: &str) -> Vec<u8> {
    std::fs::read(badges().join(name)).unwrap()
}
