//! HTTP: sizes, sessions, forms, and the headers that keep a hostile badge harmless in a browser.

use std::sync::{Arc, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, Form, FromRequestParts, Path, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap as Headers, StatusCode};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;
use openbadges::import::BadgeRecord;
use openbadges::sniff::{Format, sniff};
use serde::Deserialize;

use crate::pages;
use crate::shelf::{Kept, Shelf, Upload, token};
use crate::site::{NotAccepted, Site};

/// The site as a service.
pub fn router(site: Arc<Site>) -> Router {
    let read_at_most = site.upload_bytes().saturating_mul(READ_TIMES);
    Router::new()
        .route("/", get(start))
        .route("/style.css", get(style))
        .route("/uploads", post(upload))
        .route("/uploads/{id}", get(preview).post(accept))
        .route("/uploads/{id}/image", get(upload_image))
        .route("/records/{id}", get(record))
        .route("/records/{id}/image", get(record_image))
        .route("/records/{id}/json", get(record_json))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(read_at_most))
        .layer(map_response(harmless))
        .with_state(site)
}

/// A body that is too large is read on, and thrown away, up to so many times the bound: a browser shows the answer
/// only after it has sent everything.
const READ_TIMES: usize = 4;

type Shared = State<Arc<Site>>;

// ---- the pages

async fn start(State(site): Shared, session: Session) -> Response {
    let shelf = shelf(&site);
    let page = pages::start(&site, None, shelf.records(&session.id));
    session.remembered(html(StatusCode::OK, page))
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css")).into_response()
}

/// Takes a file, and keeps it if there is a badge in it.
async fn upload(State(site): Shared, session: Session, form: Multipart) -> Response {
    let sent = match UploadForm::read(form, site.upload_bytes()).await {
        Ok(sent) => sent,
        Err((status, message)) => return problem(&site, status, message),
    };
    if sent.person >= site.people.len() {
        return problem(&site, StatusCode::BAD_REQUEST, "Nobody of that name has an account here.");
    }
    let upload = Upload::new(&session.id, sent.person, sent.bytes);
    let stored = stored(&site, &upload);
    let read =
        blocking(&site, upload.clone(), move |site, upload| site.preview(upload, &stored).map(|_| ())).await;
    if let Err(objection) = read {
        let shelf = shelf(&site);
        let page = pages::start(&site, Some(&objection), shelf.records(&session.id));
        return session.remembered(html(StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    let address = format!("/uploads/{}", upload.id);
    shelf(&site).keep(upload);
    session.remembered(Redirect::to(&address).into_response())
}

/// Shows the badge, judged now.
async fn preview(State(site): Shared, session: Session, Path(id): Path<String>) -> Response {
    let Some(upload) = shelf(&site).upload(&session.id, &id) else { return gone(&site) };
    let stored = stored(&site, &upload);
    match blocking(&site, upload.clone(), move |site, upload| site.preview(upload, &stored)).await {
        Ok(preview) => html(StatusCode::OK, pages::preview(&site, &upload, &preview, None)),
        Err(objection) => problem(&site, StatusCode::UNPROCESSABLE_ENTITY, objection.message()),
    }
}

/// What the button "accept" sends.
#[derive(Deserialize)]
struct AcceptForm {
    /// What was shown, [`openbadges::import::Preview::fingerprint`].
    fingerprint: String,
    /// See [`Upload::form_token`].
    token: String,
}

/// Imports the badge, if it is still what was shown.
async fn accept(
    State(site): Shared,
    session: Session,
    Path(id): Path<String>,
    Form(form): Form<AcceptForm>,
) -> Response {
    let Some(upload) = shelf(&site).upload(&session.id, &id) else { return gone(&site) };
    if !upload.is_form_token(&form.token, &form.fingerprint) {
        return problem(
            &site,
            StatusCode::FORBIDDEN,
            "This was not sent by the page that showed you the badge.",
        );
    }
    let stored = stored(&site, &upload);
    let judged = move |site: &Site, upload: &Upload| site.accept(upload, &stored, &form.fingerprint);
    let (status, preview, note) = match blocking(&site, upload.clone(), judged).await {
        Ok(record) => {
            let is_image = image_type(&upload.bytes).is_some();
            let id = shelf(&site).import(upload, record, is_image);
            return id
                .map_or_else(|| gone(&site), |id| Redirect::to(&format!("/records/{id}")).into_response());
        }
        Err(NotAccepted::Changed(preview)) => {
            let note = "This badge has changed since you saw it. Nothing was added. Look at it again.";
            (StatusCode::CONFLICT, preview, Some(note))
        }
        Err(NotAccepted::Refused(preview)) => (StatusCode::UNPROCESSABLE_ENTITY, preview, None),
        Err(NotAccepted::Unreadable(objection)) => {
            return problem(&site, StatusCode::UNPROCESSABLE_ENTITY, objection.message());
        }
    };
    html(status, pages::preview(&site, &upload, &preview, note))
}

async fn record(State(site): Shared, session: Session, Path(id): Path<String>) -> Response {
    match kept(&site, &session, &id) {
        Some(kept) => html(StatusCode::OK, pages::record(&site, &kept)),
        None => gone(&site),
    }
}

async fn record_json(State(site): Shared, session: Session, Path(id): Path<String>) -> Response {
    let Some(kept) = kept(&site, &session, &id) else { return gone(&site) };
    match serde_json::to_string_pretty(&kept.record) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => problem(&site, StatusCode::INTERNAL_SERVER_ERROR, "The record could not be written."),
    }
}

async fn upload_image(State(site): Shared, session: Session, Path(id): Path<String>) -> Response {
    let upload = shelf(&site).upload(&session.id, &id);
    upload.and_then(|upload| image(upload.bytes)).unwrap_or_else(|| gone(&site))
}

async fn record_image(State(site): Shared, session: Session, Path(id): Path<String>) -> Response {
    let kept = kept(&site, &session, &id);
    kept.and_then(|kept| image(kept.upload.bytes)).unwrap_or_else(|| gone(&site))
}

async fn nothing_here(State(site): Shared) -> Response {
    gone(&site)
}

// ---- what a browser makes of them

/// Headers for every answer. No page runs a script or loads anything from elsewhere, whatever a badge says.
async fn harmless(mut response: Response) -> Response {
    const PAGES: &str = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                         frame-ancestors 'none'";
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(PAGES));
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The image of a badge. An SVG is a document and may hold scripts: pages show it through `<img>`, where browsers run
/// none, and the sandbox keeps them from running where somebody opens it by its address.
fn image(bytes: Bytes) -> Option<Response> {
    const IMAGES: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    let (media_type, encoding) = image_type(&bytes)?;
    let mut headers = Headers::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(IMAGES));
    headers.extend(encoding.map(|encoding| (header::CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    Some((headers, bytes).into_response())
}

/// What a file is served as, by its own bytes; nothing if it is no image in which badges come.
fn image_type(bytes: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    match sniff(bytes)? {
        Format::Png => Some(("image/png", None)),
        Format::Svg => Some(("image/svg+xml", None)),
        Format::Svgz => Some(("image/svg+xml", Some("gzip"))),
        _ => None,
    }
}

fn html(status: StatusCode, page: Markup) -> Response {
    (status, Html(page.into_string())).into_response()
}

fn problem(site: &Site, status: StatusCode, message: &str) -> Response {
    html(status, pages::problem(site, message))
}

fn gone(site: &Site) -> Response {
    problem(site, StatusCode::NOT_FOUND, "There is nothing here, or not any longer. Upload your badge again.")
}

// ---- who asks

/// A visitor, told by a cookie. Behind TLS, as a real site is, it is to be `Secure` too.
struct Session {
    id: String,
    is_new: bool,
}

impl Session {
    /// The answer, with the cookie if the visitor has none.
    fn remembered(self, mut response: Response) -> Response {
        let cookie = format!("session={}; Path=/; HttpOnly; SameSite=Strict", self.id);
        if let (true, Ok(cookie)) = (self.is_new, HeaderValue::try_from(cookie)) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(match cookie(&parts.headers) {
            Some(id) => Self { id, is_new: false },
            None => Self { id: token(), is_new: true },
        })
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let id = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("session="))?;
    // A name that this site gives, or none.
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
}

// ---- what was sent

/// What the form on the first page sends.
struct UploadForm {
    person: usize,
    bytes: Bytes,
}

impl UploadForm {
    /// Reads a form whose file may have so many bytes.
    async fn read(mut form: Multipart, upload_bytes: usize) -> Result<Self, (StatusCode, &'static str)> {
        let broken = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
            status => (status, "The upload broke off. Try again."),
        };
        let (mut person, mut file) = (None, None);
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            let mut is_too_large = false;
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                is_too_large |= bytes.len() + chunk.len() > upload_bytes;
                if !is_too_large {
                    bytes.extend_from_slice(&chunk);
                }
            }
            match name.as_str() {
                "badge" if is_too_large => return Err(TOO_LARGE),
                "badge" if !bytes.is_empty() => file = Some(bytes),
                "person" => person = String::from_utf8(bytes).ok().and_then(|text| text.parse().ok()),
                _ => {}
            }
        }
        let file = file.ok_or((StatusCode::BAD_REQUEST, "Choose the file of your badge first."))?;
        // Whose badge it is to be is never guessed.
        let person = person.ok_or((StatusCode::BAD_REQUEST, "Say who you are first."))?;
        Ok(Self { person, bytes: file.into() })
    }
}

const TOO_LARGE: (StatusCode, &str) = (
    StatusCode::PAYLOAD_TOO_LARGE,
    "This file is larger than a badge may be. Download the badge again where you got it, and upload that file unchanged.",
);

// ---- what is kept

fn shelf(site: &Site) -> MutexGuard<'_, Shelf> {
    site.shelf.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn kept(site: &Site, session: &Session, id: &str) -> Option<Kept> {
    shelf(site).records(&session.id).find(|kept| kept.id == id).cloned()
}

/// What the person who brought this has imported before.
fn stored(site: &Site, upload: &Upload) -> Vec<BadgeRecord> {
    let shelf = shelf(site);
    let own = shelf.records(&upload.session).filter(|kept| kept.upload.person == upload.person);
    own.map(|kept| kept.record.clone()).collect()
}

/// Runs what takes a processor's time where it holds up nobody else.
async fn blocking<T: Send + 'static>(
    site: &Arc<Site>,
    upload: Upload,
    judge: impl FnOnce(&Site, &Upload) -> T + Send + 'static,
) -> T {
    let site = Arc::clone(site);
    tokio::task::spawn_blocking(move || judge(&site, &upload)).await.expect("verification does not panic")
}
