//! Runs the site with the badges of this repository: `cargo run -p web-upload`, then open http://127.0.0.1:8080/.
//!
//! It works without a network: the documents of the issuers come from `tests/badges`, and time stands still there.
//! Another address to listen on may be given, such as `127.0.0.1:0` for any port.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use openbadges::recipient::{Account, Confirmation::*};
use openbadges::suite::{Suite, answer};
use web_upload::routes::router;
use web_upload::site::{Person, Site};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let badges = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/badges");
    let suite = Suite::read(&badges.join("suite.json"))?;
    let case = suite.cases.first().ok_or("the suite has no cases")?;
    let (answers, now) = (suite.answers(case)?, suite.now(case));

    let notice = format!(
        "A demonstration: issuers are asked for nothing, their documents come from a folder, and it is always {}. \
         Try the badges in tests/badges. Nothing outlives the program.",
        now.date()
    );
    let fetch = Box::new(move |request: &openbadges::resource::Request| answer(&answers, request.target()));
    let site = Site::new(people(), notice, fetch, Box::new(move || now));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("open http://{}/", listener.local_addr()?);
    axum::serve(listener, router(Arc::new(site))).await?;
    Ok(())
}

/// Three people, to try what a badge of one is to the others.
fn people() -> Vec<Person> {
    let ada =
        Account::new().with_email("countess@example.net", Confirmed).with_email("ada@example.com", Confirmed);
    let new = Account::new()
        .with_email("countess@example.net", Confirmed)
        .with_email("ada@example.com", Unconfirmed);
    let bob = Account::new().with_email("bob@example.net", Confirmed);
    [("Ada", ada), ("Ada, newly here", new), ("Bob", bob)]
        .into_iter()
        .map(|(name, account)| Person { name: name.to_owned(), account })
        .collect()
}
