//! What the input claims to be, read once, before anything is known to be true.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::context::{Context, Document};
use super::{ob2, ob3};
use crate::badge::ob3::{JwtCredential, Securing};
use crate::badge::wrapper::{Contents, Opened, Wrapped, Wrapper};
use crate::badge::{self, Badge, LeftAside, ReadError, Reading, Version, Violation, WrapperKind};
use crate::error::Error;
use crate::id::Digest;
use crate::json::{self, JsonError};
use crate::jws::CompactJws;
use crate::limits::{Limit, Limits};
use crate::report::{Check, CheckCode, Image, Node, Outcome, ReasonCode, Report};
use crate::resource::{Purpose, Target};
use crate::unbake::{
    Beside, Carrier, CarrierKind, Extracted, ImageFacts, Payload, UnbakeError, Unused, image_facts, unbake,
};
use crate::vendor;

/// A badge in the input, taken apart; or nothing but what badges came in.
#[derive(Debug)]
pub(super) struct Claim {
    source: Arc<Source>,
    carrier: Carrier,
    text: Text,
    place: String,
    /// What the badge came in, outermost first.
    wrappers: Vec<Wrapper>,
    /// How many badges came in these.
    badges: usize,
    /// What stood beside it.
    left_aside: Vec<LeftAside>,
}

/// The input, which its badges share.
#[derive(Debug)]
struct Source {
    digest: Digest,
    carriers: Vec<Carrier>,
    image: Option<Image>,
}

/// All badges of an input.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) badges: Vec<Claim>,
    /// What the badges came in, and no badge.
    pub(super) around: Claim,
    /// The indices of what each badge came in, outermost first.
    pub(super) chains: Vec<Vec<usize>>,
    pub(super) left_aside: Vec<LeftAside>,
}

/// What came out of the file.
#[derive(Debug)]
enum Text {
    /// A badge by itself.
    Document(Box<Written>),
    /// No badge.
    Nothing,
    /// The address of one, in the payload.
    Url(Url),
}

/// A badge as a text has it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) version: Version,
    /// The assertion or credential.
    pub(super) document: Arc<Value>,
    /// Tells the document from all others of the verification.
    pub(super) digest: Digest,
    /// Whether it came in no presentation or record.
    pub(super) is_outermost: bool,
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
    /// The credential as it was before it came into the JWT, if it has proofs of its own, which sign no claims.
    pub(super) inside: Option<Arc<Value>>,
    /// What the payload lacks.
    pub(super) violations: Vec<Violation>,
}

impl Token {
    /// Reads a JWS that came with another document; `None` if its payload is not an object.
    ///
    /// # Errors
    /// [`JsonError`] if the payload is not JSON.
    pub(super) fn read(context: &Context<'_>, jws: CompactJws) -> Result<Option<Self>, JsonError> {
        context.limits().check(Limit::JsonBytes, jws.payload().len())?;
        let payload = context.parsed(Digest::of(jws.payload()), jws.payload())?;
        Ok(Self::of(jws, payload))
    }

    /// Reads a JWS whose payload was read already; `None` if that is not an object.
    pub(super) fn of(jws: CompactJws, payload: Arc<Value>) -> Option<Self> {
        let Reading { value, violations, .. } = JwtCredential::of(Arc::clone(&payload));
        let mut credential = value?;
        let mut inside = match credential.securing {
            Securing::JwtWithVcClaim => payload.get("vc"),
            Securing::Embedded | Securing::JwtPlain => Some(&*payload),
        }
        .and_then(with_proofs);
        // The claims stand among its members, and are none of them.
        if let (Securing::JwtPlain, Some(inside)) = (credential.securing, &mut inside) {
            let Value::Object(members) = Arc::make_mut(inside) else { return None };
            members.retain(|name, _| !ob3::REGISTERED_CLAIMS.contains(&name.as_str()));
            credential.document = Arc::clone(inside);
        }
        Some(Self { jws, credential, inside, violations })
    }

    /// As [`of`](Self::of), of a presentation in a `vp` claim, and of what is read as that presentation.
    pub(super) fn of_presentation(self, claim: &Value, completed: Arc<Value>) -> Self {
        let credential = JwtCredential { document: completed, ..self.credential };
        Self { credential, inside: with_proofs(claim), ..self }
    }
}

/// A copy of something that has proofs of its own.
fn with_proofs(document: &Value) -> Option<Arc<Value>> {
    document.get("proof")?;
    Some(Arc::new(document.clone()))
}

/// What tells a document from all others of a verification: a digest of a text that says the same.
pub(super) fn name_of(document: &Value) -> Digest {
    Digest::of(&serde_json::to_vec(document).unwrap_or_default())
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
    /// Takes the only badge out of the input and recognises it.
    ///
    /// # Errors
    /// [`Error`] if there is none, or several.
    pub(super) fn read(input: &[u8], digest: Digest, limits: &Limits) -> Result<Self, Error> {
        let extracted = unbake(input, limits)?;
        let source = Arc::new(Source::of(input, digest, &extracted, limits));
        let carrier = extracted.carrier().clone();
        if let Payload::Url(url) = extracted.payload() {
            return Ok(Self::of_url(source, carrier, url));
        }
        let mut contents = Contents::read(extracted.payload(), limits)?;
        let badge = contents.only_badge()?;
        let around = contents.around(&badge);
        let (mut wrappers, mut left_aside) = (Vec::new(), contents.left_aside);
        for (index, wrapper) in contents.wrappers.into_iter().enumerate() {
            if around.contains(&index) {
                wrappers.push(wrapper);
            } else {
                left_aside.push(wrapper.without_badge());
            }
        }
        Ok(Self { wrappers, left_aside, ..Self::of_badge(source, carrier, badge) })
    }

    fn of_nothing(source: Arc<Source>, carrier: Carrier) -> Self {
        let place = String::new();
        let (wrappers, left_aside) = (Vec::new(), Vec::new());
        Self { source, carrier, text: Text::Nothing, place, wrappers, badges: 1, left_aside }
    }

    fn of_url(source: Arc<Source>, carrier: Carrier, url: &Url) -> Self {
        Self { text: Text::Url(url.clone()), ..Self::of_nothing(source, carrier) }
    }

    fn of_badge(source: Arc<Source>, carrier: Carrier, badge: Wrapped) -> Self {
        let Opened { document, signed } = badge.opened;
        let digest = Digest::of_parts(&[b"in the input", source.digest.as_bytes(), badge.place.as_bytes()]);
        let signed = match signed.map(|(jws, payload)| Token::of(jws, payload)) {
            None => None,
            Some(Some(token)) => Some(Arc::new(token)),
            // What is no object is no badge either.
            Some(None) => return Self::of_nothing(source, carrier),
        };
        let version = badge.version;
        let is_outermost = badge.within.is_none();
        let written = Written { version, document, digest, is_outermost, served_by: None, signed };
        let text = Text::Document(Box::new(written));
        Self { text, place: badge.place, ..Self::of_nothing(source, carrier) }
    }

    /// Where in an image the badge stood, for people.
    pub(super) fn carrier(&self) -> Option<String> {
        (self.carrier.kind() != CarrierKind::File).then(|| self.carrier.to_string())
    }

    /// What the image is like, if the badge stood in one.
    pub(super) fn image(&self) -> Option<Image> {
        self.source.image
    }

    /// Where in a presentation, record or list the badge stood.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// What the badge came in, outermost first.
    pub(super) fn wrappers(&self) -> &[Wrapper] {
        &self.wrappers
    }

    /// How many JSON values the badge holds.
    pub(super) fn json_nodes(&self) -> usize {
        match &self.text {
            Text::Document(written) => json::count(&written.document),
            Text::Nothing | Text::Url(_) => 0,
        }
    }

    /// How many badges came in these.
    pub(super) fn badges(&self) -> usize {
        self.badges
    }

    /// What stood beside the badge.
    pub(super) fn left_aside(&self) -> &[LeftAside] {
        &self.left_aside
    }

    /// Runs the procedure of the badge's version.
    pub(super) fn judge(&self, context: &Context<'_>) -> Judged {
        self.carriers(context);
        match &self.text {
            Text::Document(written) => judge_written(context, written),
            Text::Nothing => Judged::default(),
            Text::Url(url) => judge_url(context, url),
        }
    }

    /// Notes how the badge was baked (Open Badges 2.0, Baking; Open Badges 3.0, Document Formats).
    fn carriers(&self, context: &Context<'_>) {
        let used = &self.carrier;
        if used.kind() == CarrierKind::File || matches!(self.text, Text::Nothing) {
            return;
        }
        let is_other = |carrier: &&Carrier| {
            matches!(carrier.unused(), Some(Unused::Clr | Unused::Repeated | Unused::Superseded))
        };
        let other = self.source.carriers.iter().find(is_other);
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

impl Source {
    fn of(input: &[u8], digest: Digest, extracted: &Extracted, limits: &Limits) -> Self {
        Self { digest, carriers: extracted.carriers().to_vec(), image: image_facts(input, limits).map(image) }
    }
}

impl Claims {
    /// Takes every badge out of the input, those of an image's newest carrier first.
    ///
    /// # Errors
    /// [`Error`] if there is none.
    pub(super) fn read(input: &[u8], digest: Digest, limits: &Limits) -> Result<Self, Error> {
        let extracted = unbake(input, limits)?;
        let source = Arc::new(Source::of(input, digest, &extracted, limits));
        let around = Claim::of_nothing(Arc::clone(&source), extracted.carrier().clone());
        let mut claims = Self { badges: Vec::new(), around, chains: Vec::new(), left_aside: Vec::new() };
        let outermost = claims.add(&source, extracted.carrier(), extracted.payload(), limits)?;
        for beside in extracted.besides() {
            let (place, error) = match beside {
                Ok(Beside { payload, carrier, .. }) => match claims.add(&source, carrier, payload, limits) {
                    Ok(_) => continue,
                    Err(ReadError::Limit(limit)) => return Err(ReadError::Limit(limit).into()),
                    Err(error) => (carrier.to_string(), Error::from(error)),
                },
                Err(UnbakeError::Ambiguous { .. }) => {
                    let reason = "carriers of an older version that differ".to_owned();
                    claims.left_aside.push(LeftAside::new("the image".to_owned(), Vec::new(), reason));
                    continue;
                }
                Err(error) => ("the image".to_owned(), Error::from(error.clone())),
            };
            claims.left_aside.push(LeftAside::new(place, Vec::new(), error.to_string_chain()));
        }
        match (claims.badges.is_empty(), outermost) {
            (true, Some(within)) => Err(ReadError::NotOneBadge { within, found: 0 }.into()),
            _ => {
                claims.around.badges = claims.badges.len();
                Ok(claims)
            }
        }
    }

    /// Adds the badges of one carrier; says what the payload is, if it is not a badge.
    fn add(
        &mut self,
        source: &Arc<Source>,
        carrier: &Carrier,
        payload: &Payload,
        limits: &Limits,
    ) -> Result<Option<WrapperKind>, ReadError> {
        if let Payload::Url(url) = payload {
            self.badges.push(Claim::of_url(Arc::clone(source), carrier.clone(), url));
            self.chains.push(Vec::new());
            return Ok(None);
        }
        let mut contents = Contents::read(payload, limits)?;
        let before = self.around.wrappers.len();
        for badge in std::mem::take(&mut contents.badges) {
            let chain = contents.around(&badge).into_iter().map(|index| index.saturating_add(before));
            self.chains.push(chain.collect());
            self.badges.push(Claim::of_badge(Arc::clone(source), carrier.clone(), badge));
        }
        self.around.wrappers.append(&mut contents.wrappers);
        self.left_aside.append(&mut contents.left_aside);
        Ok(contents.outermost)
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
            let is_outermost = true;
            let written = Written { version, document, digest, is_outermost, served_by, signed: None };
            judge_written(context, &written)
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
