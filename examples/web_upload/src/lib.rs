//! A site on which people bring their badges: upload, preview, accept.
//!
//! It is one host's answer to everything that `openbadges` leaves to hosts, small enough to be read in one sitting:
//!
//! - [`site`]: who may import what. It verifies, previews and accepts, and knows nothing of HTTP.
//! - [`shelf`]: what is kept between two requests, in memory and bounded.
//! - [`routes`]: HTTP. Sizes, sessions, forms, and the headers that keep a hostile badge harmless in a browser.
//! - [`pages`]: HTML. Whatever a badge says is escaped, and nothing that it links to is loaded.

pub mod pages;
pub mod routes;
pub mod shelf;
pub mod site;
