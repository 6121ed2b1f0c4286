//! Over HTTP: what is shown, what is added, and what is refused.

use std::io;
use std::sync::atomic::Ordering;

use serde_json::Value;

use crate::http::{Answer, ask, try_ask};
use crate::{ADA, ADA_UNCONFIRMED, BOB, Running, badge};

/// Somebody at a browser.
struct Visitor<'s> {
    site: &'s Running,
    cookie: String,
}

impl<'s> Visitor<'s> {
    fn to(site: &'s Running) -> Self {
        let answer = ask(&site.address, "GET", "/", &[], b"");
        assert_eq!(answer.status, 200);
        let cookie = answer.header("set-cookie").expect("a visitor is remembered").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        Self { site, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        ask(&self.site.address, "GET", path, &[("Cookie", &self.cookie)], b"")
    }

    fn post(&self, path: &str, form: &str) -> Answer {
        let headers =
            [("Cookie", self.cookie.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        ask(&self.site.address, "POST", path, &headers, form.as_bytes())
    }

    /// Sends a file, and gives what comes at once.
    fn send(&self, person: usize, file: &[u8]) -> Answer {
        self.try_send(person, file).unwrap()
    }

    /// As [`Visitor::send`], where the site may hang up.
    fn try_send(&self, person: usize, file: &[u8]) -> io::Result<Answer> {
        self.try_send_as(Some(&person.to_string()), file)
    }

    /// As [`Visitor::try_send`], with anything or nothing in the field that says who the visitor is.
    fn try_send_as(&self, person: Option<&str>, file: &[u8]) -> io::Result<Answer> {
        let field = |person| {
            format!("--limit\r\nContent-Disposition: form-data; name=\"person\"\r\n\r\n{person}\r\n")
        };
        let file_field =
            "--limit\r\nContent-Disposition: form-data; name=\"badge\"; filename=\"badge\"\r\n\r\n";
        let mut body = (person.map(field).unwrap_or_default() + file_field).into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--limit--\r\n");
        let headers =
            [("Cookie", self.cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=limit")];
        try_ask(&self.site.address, "POST", "/uploads", &headers, &body)
    }

    /// Sends a file in which there is a badge; gives the page's address, and the page.
    fn upload(&self, person: usize, file: &[u8]) -> (String, Answer) {
        let sent = self.send(person, file);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let path = sent.header("location").unwrap().to_owned();
        let page = self.get(&path);
        assert_eq!(page.status, 200);
        (path, page)
    }

    /// Presses the button of a page.
    fn accept(&self, path: &str, page: &Answer) -> Answer {
        let fingerprint = page.field("fingerprint").expect("a button");
        let token = page.field("token").expect("a button");
        self.post(path, &format!("fingerprint={fingerprint}&token={token}"))
    }

    /// Sends a file, presses the button, and gives the record.
    fn import(&self, file: &[u8]) -> (Answer, Value) {
        let (path, page) = self.upload(ADA, file);
        let accepted = self.accept(&path, &page);
        assert_eq!(accepted.status, 303, "{}", accepted.text());
        let path = accepted.header("location").unwrap();
        let record = self.get(&format!("{path}/json"));
        (self.get(path), serde_json::from_slice(&record.body).unwrap())
    }
}

/// What a page says why there is no button on it.
fn refused(page: &Answer, code: &str) {
    assert_eq!(page.field("token"), None);
    let text = page.text();
    assert!(text.contains("role=\"alert\"") && text.contains(code), "{code}: {text}");
}

#[test]
fn a_valid_badge_is_shown_and_added() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    let file = badge("ob3/integrity.png");
    let (_, page) = ada.upload(ADA, &file);
    for shown in [
        "Storyteller",
        "Tells a story that keeps a room awake.",
        "Lighthouse Library",
        "One evening, one story, no notes.",
        "hashed e-mail address",
        "This is you: ada@example.com",
        "1 March 2026",
        "class=\"mark valid\"",
        "nothing is added yet",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    assert!(!page.text().contains("sha256$"), "a hash is no name");
    let (page, record) = ada.import(&file);
    assert!(page.text().contains("Storyteller") && page.text().contains("class=\"mark valid\""));
    assert_eq!(
        (&record["verdict"], &record["imported"], &record["transcript"]),
        (&"valid".into(), &true.into(), &false.into())
    );
    let image = ada.get(record["image_path"].as_str().unwrap());
    assert_eq!((image.header("content-type"), image.body == file), (Some("image/png"), true));
    assert!(ada.get("/").text().contains("Storyteller"), "the first page lists it");
}

#[test]
fn a_badge_is_added_once() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    ada.import(&badge("ob3/integrity.png"));
    refused(&ada.upload(ADA, &badge("ob3/integrity.svg")).1, "badge.duplicate");
}

#[test]
fn badges_that_are_not_valid_are_added_marked_as_what_they_are() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    for (name, verdict) in [
        ("ob2/hosted-expired.json", "expired"),
        ("ob3/jwt-expired.jws", "expired"),
        ("ob3/integrity-unbound.json", "unverified"),
    ] {
        let (_, page) = ada.upload(ADA, &badge(name));
        assert!(page.text().contains(&format!("Add this badge, marked as {verdict}")), "{name}");
        let (page, record) = ada.import(&badge(name));
        assert!(page.text().contains(&format!("class=\"mark {verdict}\"")), "{name}");
        assert_eq!(record["verdict"], verdict, "{name}");
    }
}

#[test]
fn revoked_and_forged_badges_are_refused() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    for (name, status) in [
        ("ob3/integrity-revoked.png", "revoked"),
        ("ob2/hosted-revoked.svg", "revoked"),
        ("ob3/integrity-tampered.json", "invalid"),
    ] {
        let (_, page) = ada.upload(ADA, &badge(name));
        assert!(page.text().contains(&format!("class=\"mark {status}\"")), "{name}");
        refused(&page, &format!("status.{status}"));
    }
}

#[test]
fn a_badge_of_somebody_else_is_refused() {
    let site = Running::start();
    let bob = Visitor::to(&site);
    let (_, page) = bob.upload(BOB, &badge("ob3/integrity.png"));
    refused(&page, "recipient.mismatch");
    assert!(!page.text().contains("sha256$") && !page.text().contains("ada@"));
}

#[test]
fn an_address_is_to_be_confirmed_first() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    let (_, page) = ada.upload(ADA_UNCONFIRMED, &badge("ob3/integrity.png"));
    refused(&page, "recipient.unconfirmed");
    assert!(page.text().contains("Confirm it first"));
}

#[test]
fn files_without_a_badge_are_answered_with_what_to_do() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    for (name, advice) in [
        ("blank.png", "Download the badge again"),
        ("files/cut.json", "Download the badge again"),
        ("files/letter.txt", "Upload the badge as a .png, .svg or .json file"),
        ("files/recipe.json", "This is not an Open Badge."),
    ] {
        let answer = ada.send(ADA, &badge(name));
        assert_eq!(answer.status, 422, "{name}");
        assert!(
            answer.text().contains(advice) && answer.text().contains("<form"),
            "{name}: {}",
            answer.text()
        );
    }
    assert_eq!(ada.send(ADA, b"").status, 400);
    assert_eq!(ada.send(9, &badge("ob3/integrity.png")).status, 400);
}

#[test]
fn nobody_is_taken_for_somebody_else() {
    let site = Running::start();
    let visitor = Visitor::to(&site);
    for person in [None, Some(""), Some("Ada"), Some("-1"), Some("0.0"), Some("99999999999999999999999")] {
        let answer = visitor.try_send_as(person, &badge("ob3/integrity.png")).unwrap();
        assert_eq!(answer.status, 400, "{person:?}");
        assert!(answer.text().contains("Say who you are first."), "{person:?}");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    let answer = ada.send(ADA, &vec![b' '; 11 << 20]);
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("larger than a badge may be"));
    // Of what is beyond all measure, nobody waits for the end.
    let answer = ada.try_send(ADA, &vec![b' '; 50 << 20]);
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status == 413));
    assert_eq!(ada.get("/").status, 200);
}

#[test]
fn only_what_was_shown_is_added() {
    let site = Running::start();
    let (ada, other) = (Visitor::to(&site), Visitor::to(&site));
    let (path, page) = ada.upload(ADA, &badge("ob2/hosted.json"));
    let (fingerprint, token) = (page.field("fingerprint").unwrap(), page.field("token").unwrap());

    let nothing = format!("/uploads/{}", "0".repeat(32));
    assert_eq!(ada.accept(&nothing, &page).status, 404, "without a preview");
    assert_eq!(other.accept(&path, &page).status, 404, "what another visitor was shown");
    assert_eq!(other.get(&path).status, 404);
    assert_eq!(other.get(&format!("{path}/image")).status, 404);
    let changed = "0".repeat(fingerprint.len());
    for form in [
        format!("fingerprint={changed}&token={token}"),
        format!("fingerprint={fingerprint}&token={changed}"),
        format!("fingerprint={fingerprint}&token="),
        format!("fingerprint=&token={token}"),
    ] {
        let answer = ada.post(&path, &form);
        assert_eq!(answer.status, 403, "{form}");
        assert!(answer.text().contains("role=\"alert\""));
    }
    assert_eq!(ada.post(&path, &format!("fingerprint={fingerprint}")).status, 422, "without a token");
    assert!(!ada.get("/").text().contains("Your badges"), "nothing was added");

    site.are_gone.store(true, Ordering::SeqCst);
    let answer = ada.accept(&path, &page);
    assert_eq!(answer.status, 409, "revoked between the two steps");
    assert!(answer.text().contains("has changed since you saw it"));
    refused(&answer, "status.revoked");
}

#[test]
fn what_a_badge_says_stays_text() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    let mut hostile: Value = serde_json::from_slice(&badge("ob3/integrity.json")).unwrap();
    let markup = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    hostile["credentialSubject"]["achievement"]["name"] = markup.into();
    hostile["issuer"]["url"] = "javascript:alert(1)".into();
    let (_, page) = ada.upload(ADA, hostile.to_string().as_bytes());
    let text = page.text();
    assert!(
        text.contains("&lt;script&gt;") && !text.contains("<script") && !text.contains("<img src=x"),
        "{text}"
    );
    assert!(!text.contains("href=\"javascript:"), "{text}");
    assert!(
        page.header("content-security-policy").unwrap().starts_with("default-src 'none'; img-src 'self'")
    );
}

#[test]
fn images_are_served_as_what_they_are_and_run_nothing() {
    let site = Running::start();
    let ada = Visitor::to(&site);
    for (name, media_type) in [("ob3/integrity.png", "image/png"), ("ob2/hosted.svg", "image/svg+xml")] {
        let file = badge(name);
        let (path, page) = ada.upload(ADA, &file);
        let address = format!("{path}/image");
        assert!(page.text().contains(&format!("<img class=\"picture\" src=\"{address}\"")), "{name}");
        let image = ada.get(&address);
        assert_eq!((image.header("content-type"), image.body == file), (Some(media_type), true), "{name}");
        assert_eq!(image.header("x-content-type-options"), Some("nosniff"));
        let policy = image.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
    }
    let (path, page) = ada.upload(ADA, &badge("ob3/integrity.json"));
    assert!(page.text().contains("aria-label=\"no image\""));
    assert_eq!(ada.get(&format!("{path}/image")).status, 404);
}
