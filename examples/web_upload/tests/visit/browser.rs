//! In a real browser: Debian's `chromium`, driven through `chromedriver` (W3C WebDriver, JSON over HTTP).
//!
//! Where these are not installed, the test says that it was not run. Screenshots are written to the folder that
//! `OPENBADGES_SCREENSHOTS` names, if it names one.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::http::ask;
use crate::{Running, badges};

#[test]
fn the_site_works_in_a_browser_at_a_desk_and_on_a_phone() {
    let (Some(driver), Some(chromium)) = (program("chromedriver"), program("chromium")) else {
        println!("not run: chromedriver or chromium is not installed (Debian: chromium-driver)");
        return;
    };
    let driver = Driver::start(&driver);
    let desk = json!({"args": ["--window-size=1280,960"]});
    let phone =
        json!({"mobileEmulation": {"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0}}});
    for (screen, options) in [("desk", desk), ("phone", phone)] {
        let site = Running::start();
        let browser = driver.open(&chromium, options);
        browser.go(&format!("http://{}/", site.address));
        browser.is_readable(&format!("{screen}-1-start"));
        assert!(browser.is_shown("label[for=badge]") && browser.is_shown("#badge"));

        // A badge that may be added: what makes the decision is on the page.
        browser.upload("ob3/integrity.png");
        browser.is_readable(&format!("{screen}-2-preview"));
        assert_eq!(browser.text("h1"), "Storyteller");
        assert_eq!(browser.text(".mark").to_lowercase(), "\u{2713} valid");
        assert!(browser.text("dl").contains("Lighthouse Library") && browser.is_shown("dl"));
        assert!(browser.is_shown("img.picture"));
        assert_eq!(
            browser.run("return document.querySelector('img.picture').naturalWidth"),
            96,
            "it was drawn"
        );
        browser.send("#accept");
        browser.is_readable(&format!("{screen}-3-record"));
        assert!(browser.path().starts_with("/records/") && browser.is_shown(".mark.valid"));
        assert_eq!(browser.run("return document.querySelector('img.picture').naturalWidth"), 96);

        // Others, each with its own sort of page.
        for (name, status) in [
            ("ob2/hosted-expired.json", "expired"),
            ("ob3/integrity-unbound.json", "unverified"),
            ("ob2/hosted-revoked.svg", "revoked"),
            ("ob3/integrity-tampered.json", "invalid"),
        ] {
            browser.go(&format!("http://{}/", site.address));
            browser.upload(name);
            browser.is_readable(&format!("{screen}-4-{status}"));
            assert!(browser.is_shown(&format!(".mark.{status}")), "{name}");
        }
        browser.click("details > summary");
        browser.is_readable(&format!("{screen}-5-all-checks"));
        browser.go(&format!("http://{}/", site.address));
        browser.upload("blank.png");
        browser.is_readable(&format!("{screen}-6-no-badge"));
        assert!(browser.is_shown("[role=alert]"));
    }
}

/// A program on the path.
fn program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// A driver of browsers that is running.
struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    fn start(program: &PathBuf) -> Self {
        let mut process = Command::new(program).arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        Self { process, address: format!("127.0.0.1:{}", port.expect("the driver says on which port it is")) }
    }

    /// Opens a browser of its own.
    fn open(&self, chromium: &PathBuf, mut options: Value) -> Browser<'_> {
        let mut arguments = vec![json!("--headless=new"), json!("--no-sandbox"), json!("--disable-gpu")];
        arguments.extend(options["args"].as_array().cloned().unwrap_or_default());
        options["args"] = Value::Array(arguments);
        options["binary"] = json!(chromium);
        let capabilities = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let session =
            self.command("POST", "/session", &capabilities)["sessionId"].as_str().unwrap().to_owned();
        Browser { driver: self, session }
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let headers = [("Content-Type", "application/json; charset=utf-8")];
        let answer = ask(&self.address, method, path, &headers, body.as_bytes());
        let value: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 200, "{method} {path}: {value}");
        value["value"].clone()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser that is open.
struct Browser<'d> {
    driver: &'d Driver,
    session: String,
}

impl Browser<'_> {
    fn post(&self, path: &str, body: Value) -> Value {
        self.driver.command("POST", &format!("/session/{}{path}", self.session), &body)
    }

    fn get(&self, path: &str) -> Value {
        self.driver.command("GET", &format!("/session/{}{path}", self.session), &Value::Null)
    }

    fn go(&self, url: &str) {
        self.post("/url", json!({"url": url}));
    }

    fn path(&self) -> String {
        self.run("return location.pathname").as_str().unwrap().to_owned()
    }

    fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []}))
    }

    /// The path of an element.
    fn find(&self, selector: &str) -> String {
        let element = self.post("/element", json!({"using": "css selector", "value": selector}));
        let (_, id) = element.as_object().unwrap().iter().next().unwrap();
        format!("/element/{}", id.as_str().unwrap())
    }

    fn is_shown(&self, selector: &str) -> bool {
        self.get(&format!("{}/displayed", self.find(selector))) == true
    }

    fn text(&self, selector: &str) -> String {
        self.get(&format!("{}/text", self.find(selector))).as_str().unwrap().to_owned()
    }

    fn click(&self, selector: &str) {
        self.post(&format!("{}/click", self.find(selector)), json!({}));
    }

    /// Presses a button that sends a form, and waits for the page that comes: the driver may answer before it is there.
    fn send(&self, selector: &str) {
        self.run("window.isOld = true");
        self.click(selector);
        let is_there = || self.run("return !window.isOld && document.readyState === 'complete'") == true;
        let waited = (0..100).find(|_| {
            is_there() || {
                std::thread::sleep(Duration::from_millis(50));
                false
            }
        });
        assert!(waited.is_some(), "no page came");
    }

    /// Chooses a badge of this repository, and sends it.
    fn upload(&self, name: &str) {
        let field = self.find("#badge");
        self.post(&format!("{field}/value"), json!({"text": badges().join(name)}));
        self.send("button[type=submit]");
    }

    /// The page fits the screen, and can be read by eyes and by screen readers. Keeps a screenshot.
    fn is_readable(&self, name: &str) {
        if let Some(folder) = std::env::var_os("OPENBADGES_SCREENSHOTS") {
            let picture = BASE64_STANDARD.decode(self.get("/screenshot").as_str().unwrap()).unwrap();
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), picture).unwrap();
        }
        assert_eq!(self.run(FAULTS), json!([]), "{name}");
    }
}

impl Drop for Browser<'_> {
    fn drop(&mut self) {
        let path = format!("/session/{}", self.session);
        let _ = ask(&self.driver.address, "DELETE", &path, &[], b"");
    }
}

/// Lists what is wrong with a page: width, names, and contrast (WCAG 2.2, 1.4.10, 4.1.2 and 1.4.3).
const FAULTS: &str = r#"
const faults = [];
const page = document.documentElement;
if (page.scrollWidth > innerWidth) faults.push(`${page.scrollWidth} wide on a screen of ${innerWidth}`);
if (!page.lang) faults.push('no language');
for (const field of document.querySelectorAll('input:not([type=hidden]), select'))
  if (!field.labels.length) faults.push(`no label: ${field.outerHTML}`);
for (const image of document.images)
  if (!image.hasAttribute('alt')) faults.push(`no alt: ${image.outerHTML}`);
const parts = colour => colour.match(/[\d.]+/g).map(Number);
const luminance = ([r, g, b]) => [r, g, b]
  .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const ground = element => {
  for (; element; element = element.parentElement) {
    const colour = parts(getComputedStyle(element).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
for (const element of document.body.querySelectorAll('*')) {
  const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  if (!hasText || !element.checkVisibility()) continue;
  const [a, b] = [parts(getComputedStyle(element).color), ground(element)].map(luminance);
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 100)}`);
}
return faults;
"#;
