//! What the input claims to be, read once, before anything is known to be true.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::context::{Context, Document};
use super::{ob2, ob3};
use crate::badge::ob3::JwtCredential;
use crate::badge::{self, Badge, Enclosed, ReadError, Reading, Version, Violation};
use crate::error::Error;
use crate::id::Digest;
use crate::json::{self, JsonError};
use crate::jws::CompactJws;
use crate::limits::Limits;
use crate::report::{Check, CheckCode, Image, Node, Outcome, ReasonCode, Report};
use crate::resource::{Purpose, Target};
use crate::unbake::{Carrier, CarrierKind, Extracted, ImageFacts, Payload, Unused, image_facts, unbake};
use crate::vendor;

/// The input, taken apart.
#[derive(Debug)]
pub(super) struct Claim {
    extracted: Extracted,
    image: Option<Image>,
    text: Text,
}

/// What came out of the file.
#[derive(Debug)]
enum Text {
    /// A badge by itself.
    Document(Box<Written>),
    /// The address of one, in the payload.
    Url(Url),
}

/// A badge as a text has it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) version: Version,
    /// The assertion or credential.
    pub(super) document: Arc<Value>,
    /// Tells the document from all others. It is the digest of a body, or of the input: that may be an envelope, so that
    /// the same bytes as a body are another document.
    pub(super) digest: Digest,
    /// Who served it, where the input was only its address.
    pub(super) served_by: Option<Url>,
    /// What it was signed as.
    pub(super) signed: Option<Arc<Token>>,
}

/// A JWS, and what its payload says if that is a credential.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) jws: CompactJws,
    pub(super) credential: JwtCredential,
    /// What the payload lacks.
    pub(super) violations: Vec<Violation>,
}

impl Token {
    /// Reads a JWS; `None` if its payload is not an object.
    ///
    /// # Errors
    /// [`JsonError`] if the payload is not JSON.
    pub(super) fn read(jws: CompactJws, limits: &Limits) -> Result<Option<Self>, JsonError> {
        let payload = json::parse(jws.payload(), limits)?;
        let Reading { value, violations, .. } = JwtCredential::of(Arc::new(payload));
        Ok(value.map(|credential| Self { jws, credential, violations }))
    }
}

/// What a procedure found out, apart from its checks.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) version: Option<Version>,
    pub(super) authentic: Option<Badge>,
    pub(super) claimed: Option<Badge>,
    pub(super) endorsements: Vec<Report>,
}

impl Claim {
    /// Takes the badge out of the input and recognises it.
    ///
    /// # Errors
    /// [`Error`] if there is none.
    pub(super) fn read(input: &[u8], limits: &Limits) -> Result<Self, Error> {
        let extracted = unbake(input, limits)?;
        let text = match extracted.payload() {
            Payload::Json(bytes) => Text::Document(Box::new(Written::from_json(bytes, limits)?)),
            Payload::Jws(jws) => Text::Document(Box::new(Written::from_jws(jws.clone(), limits)?)),
            Payload::Url(url) => Text::Url(url.clone()),
        };
        Ok(Self { extracted, image: image_facts(input, limits).map(image), text })
    }

    /// Where in an image the badge stood, for people.
    pub(super) fn carrier(&self) -> Option<String> {
        let carrier = self.extracted.carrier();
        (carrier.kind() != CarrierKind::File).then(|| carrier.to_string())
    }

    /// What the image is like, if the badge stood in one.
    pub(super) fn image(&self) -> Option<Image> {
        self.image
    }

    /// Runs the procedure of the badge's version.
    pub(super) fn judge(&self, context: &Context<'_>) -> Judged {
        self.carriers(context);
        match &self.text {
            Text::Document(written) => judge_written(context, written),
            Text::Url(url) => judge_url(context, url),
        }
    }

    /// Notes how the badge was baked (Open Badges 2.0, Baking; Open Badges 3.0, Document Formats).
    fn carriers(&self, context: &Context<'_>) {
        let used = self.extracted.carrier();
        if used.kind() == CarrierKind::File {
            return;
        }
        let is_other = |carrier: &&Carrier| {
            matches!(carrier.unused(), Some(Unused::Clr | Unused::Repeated | Unused::Superseded))
        };
        let other = self.extracted.carriers().iter().find(is_other);
        let single = match other.and_then(|carrier| carrier.unused().map(|why| format!("{carrier} {why}"))) {
            Some(message) => Outcome::failed(ReasonCode::Forbidden, message),
            None => Outcome::Passed,
        };
        context.check(CheckCode::CarrierSingle, single);
        let compression = if used.is_compressed() {
            Outcome::failed(ReasonCode::Forbidden, format!("{used} is compressed"))
        } else {
            Outcome::Passed
        };
        context.check(CheckCode::CarrierCompression, compression);
    }
}

/// What is reported of an image. An SVG without a size is as large as what it shows.
fn image(facts: ImageFacts) -> Image {
    match facts {
        ImageFacts::Png(png) => Image {
            media_type: "image/png",
            width: Some(png.width.into()),
            height: Some(png.height.into()),
            is_sound: png.is_sound,
        },
        ImageFacts::Svg(svg) => {
            let (shown_width, shown_height) =
                svg.view_box.map(|[_, _, width, height]| (width, height)).unzip();
            Image {
                media_type: "image/svg+xml",
                width: svg.width.or(shown_width),
                height: svg.height.or(shown_height),
                is_sound: true, // or else no badge would have been taken out of it
            }
        }
    }
}

impl Written {
    /// Reads the badge in a JSON text.
    ///
    /// # Errors
    /// [`ReadError`] if it is none.
    pub(super) fn from_json(bytes: &[u8], limits: &Limits) -> Result<Self, ReadError> {
        let document = match badge::open(json::parse(bytes, limits)?, limits)? {
            Enclosed::Document(document) => Arc::new(document),
            Enclosed::Jws(jws) => return Self::from_jws(jws, limits),
        };
        let version = badge::recognise(&document).map_err(|error| error.of_document(&document))?;
        let digest = Digest::of_parts(&[b"input", bytes]);
        Ok(Self { version, document, digest, served_by: None, signed: None })
    }

    /// Reads the badge in a JWS.
    ///
    /// # Errors
    /// [`ReadError`] if it is none.
    pub(super) fn from_jws(jws: CompactJws, limits: &Limits) -> Result<Self, ReadError> {
        let token = Token::read(jws, limits)?.ok_or(ReadError::NotABadge)?;
        let document = Arc::clone(&token.credential.document);
        let version = badge::recognise(&document).map_err(|error| error.of_document(&document))?;
        let digest = Digest::of_parts(&[b"payload", token.jws.payload()]);
        Ok(Self { version, document, digest, served_by: None, signed: Some(Arc::new(token)) })
    }
}

/// A badge of which only the address is known: the document there names the badge (Open Badges 2.0, Baking, "Legacy
/// PNGs").
fn judge_url(context: &Context<'_>, url: &Url) -> Judged {
    let target = Target::url(url.clone());
    let node = Node::document(&target, "");
    if ob2::is_gone(context, Purpose::Assertion, &target) {
        ob2::gone(context, &node, None);
        return Judged::default();
    }
    let served = context.want(Purpose::Assertion, &target);
    let read = |served: Document<'_>| Some((served.response.body_digest(), context.json(&served)?));
    let Some((digest, document)) = served.and_then(read) else {
        let outcome = match vendor::of_url(url) {
            Some(vendor) => Outcome::inconclusive(ReasonCode::Unsupported, vendor.to_string()),
            None => Outcome::premise(CheckCode::ResourceAvailable),
        };
        context.check(CheckCode::HostedContent, outcome);
        return Judged::default();
    };
    match badge::recognise(&document) {
        Ok(version) => {
            let served_by = Some(url.clone());
            judge_written(context, &Written { version, document, digest, served_by, signed: None })
        }
        Err(error) => {
            let error = error.of_document(&document);
            let outcome = Outcome::failed(ReasonCode::Malformed, format!("expected an assertion: {error}"));
            context.note(Check::new(CheckCode::StructureType, outcome).at(node));
            Judged::default()
        }
    }
}

fn judge_written(context: &Context<'_>, written: &Written) -> Judged {
    match written.version {
        Version::V3_0 => ob3::judge(context, written),
        Version::V0_5 | Version::V1_0 | Version::V1_1 | Version::V2_0 => ob2::judge(context, written),
    }
}
