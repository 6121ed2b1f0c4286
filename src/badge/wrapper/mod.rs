//! Finds the badges in what badges come in: a presentation, a learner record, a list.
//!
//! In: a payload. Out: every badge in it with its place, what it came in, and what stood among them without being a
//! badge. Nothing is judged here: a badge is the same badge whatever it came in. Refused: what is nested deeper or holds
//! more than the limits allow. What is no badge is named and left aside, and never guessed at.
//!
//! Verifiable Credentials 1.1 and 2.0 section "Verifiable Presentations"; Verifiable Credentials 2.0 sections "Enveloped
//! Verifiable Credentials" and "Enveloped Verifiable Presentations"; Verifiable Credentials 1.1 section 6.3.1 "JSON Web
//! Token"; Comprehensive Learner Record 2.0 `ClrCredential`, `ClrSubject`; Open Badges 2.1 "Badge Connect API".

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ob3::JwtCredential;
use super::version::{self, Version, recognise};
use super::{Enclosed, ReadError, payload};
use crate::json::{self, Room, as_list, pointer_to};
use crate::jws::{CompactJws, JwsError};
use crate::limits::{Limit, Limits};
use crate::quote::quote;
use crate::unbake::Payload;

#[cfg(test)]
mod tests;

/// What badges come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WrapperKind {
    /// A Comprehensive Learner Record 2.0: a credential whose subject holds other credentials.
    Clr,
    /// A JSON array, or a page of Open Badges 2.1 assertions. Nobody answers for it.
    List,
    /// A Verifiable Presentation: what a holder shows to somebody.
    Presentation,
}

impl WrapperKind {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clr => "clr",
            Self::List => "list",
            Self::Presentation => "presentation",
        }
    }
}

impl fmt::Display for WrapperKind {
    /// Words for people, as in "found a presentation with 3 badges".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clr => "a Comprehensive Learner Record",
            Self::List => "a list",
            Self::Presentation => "a presentation",
        })
    }
}

/// How many badges, in words, and what verifies several.
pub(super) fn counted(badges: usize) -> String {
    match badges {
        0 => "no badge".to_owned(),
        1 => "1 badge".to_owned(),
        many => format!("{many} badges (`Verifier::begin_all` verifies each)"),
    }
}

/// Something that stood among badges, and that no badge could be read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftAside {
    place: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    types: Vec<String>,
    reason: String,
}

impl LeftAside {
    pub(crate) fn new(place: String, types: Vec<String>, reason: String) -> Self {
        Self { place, types, reason }
    }

    /// Where it stood: a JSON pointer as in [`Report::place`](crate::Report::place), or words for a place in an image.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What it says it is.
    ///
    /// # Security
    /// Untrusted text: escape it for the medium. [`fmt::Display`] quotes it.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// Why it is no badge, in words.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for LeftAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types: Vec<_> =
            self.types.iter().take(SHOWN_TYPES).map(|class| quote(class).to_string()).collect();
        write!(f, "{}: {}", quote(&self.place), self.reason)?;
        if types.is_empty() { Ok(()) } else { write!(f, " (types {})", types.join(", ")) }
    }
}

/// Types that are shown of what was left aside.
const SHOWN_TYPES: usize = 4;

/// What a payload holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// What badges came in, each before what is inside of it.
    pub(crate) wrappers: Vec<Wrapper>,
    /// The badges, in their order.
    pub(crate) badges: Vec<Wrapped>,
    pub(crate) left_aside: Vec<LeftAside>,
    /// What the payload is, if it is not a badge by itself.
    pub(crate) outermost: Option<WrapperKind>,
}

/// A text that was read: a document, with how it was signed if it was a JWS.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) document: Arc<Value>,
    pub(crate) signed: Option<(CompactJws, Arc<Value>)>,
}

/// A presentation or a record.
#[derive(Clone, Debug)]
pub(crate) struct Wrapper {
    pub(crate) kind: WrapperKind,
    pub(crate) place: String,
    /// The one around it, by its index.
    pub(crate) within: Option<usize>,
    pub(crate) opened: Opened,
}

impl Wrapper {
    /// What to say of one that holds no badge.
    pub(crate) fn without_badge(self) -> LeftAside {
        let types = version::texts(&self.opened.document, "type").map(str::to_owned).collect();
        LeftAside::new(self.place, types, format!("{} that holds no badge", self.kind))
    }
}

/// A badge, and what it came in.
#[derive(Debug)]
pub(crate) struct Wrapped {
    pub(crate) version: Version,
    pub(crate) place: String,
    /// The wrapper around it, by its index.
    pub(crate) within: Option<usize>,
    pub(crate) opened: Opened,
}

impl Contents {
    /// The indices of what a badge came in, outermost first.
    pub(crate) fn around(&self, badge: &Wrapped) -> Vec<usize> {
        let outer = |index: &usize| self.wrappers.get(*index).and_then(|wrapper| wrapper.within);
        let mut chain: Vec<usize> = std::iter::successors(badge.within, outer).collect();
        chain.reverse();
        chain
    }

    /// Takes the only badge out.
    ///
    /// # Errors
    /// [`ReadError::NotOneBadge`].
    pub(crate) fn only_badge(&mut self) -> Result<Wrapped, ReadError> {
        let found = self.badges.len();
        match self.badges.pop() {
            Some(badge) if found == 1 => Ok(badge),
            _ => Err(ReadError::NotOneBadge { within: self.outermost.unwrap_or(WrapperKind::List), found }),
        }
    }

    /// Reads all that a payload holds. All JSON in it, that in JWTs included, shares one room.
    ///
    /// # Errors
    /// [`ReadError`] if the payload is no badge and nothing that badges come in, or over a limit. That there is no badge
    /// inside is not an error here.
    pub(crate) fn read(payload: &Payload, limits: &Limits) -> Result<Self, ReadError> {
        let mut room = Room::new(limits);
        let text = match payload {
            Payload::Json(bytes) => Text::Json(json::parse_from(&mut room, bytes, limits)?),
            Payload::Jws(jws) => Text::Jws(jws.clone()),
            Payload::Url(_) => return Err(ReadError::Address),
        };
        let mut contents = Self::default();
        let mut open = vec![Item { text, place: String::new(), within: None, depth: 0 }];
        while let Some(Item { text, place, within, depth }) = open.pop() {
            let is_outermost = place.is_empty();
            let types = text.types();
            let found = match text.look(is_outermost, &mut room, limits) {
                Ok(found) => found,
                Err(error) if is_outermost || matches!(error, ReadError::Limit(_)) => return Err(error),
                Err(error) => {
                    contents.left_aside.push(LeftAside::new(place, types, with_cause(&error)));
                    continue;
                }
            };
            let (items, within) = match found {
                Found::Badge(version, opened) => {
                    contents.badges.push(Wrapped { version, place, within, opened });
                    continue;
                }
                Found::List(items) => {
                    contents.outermost = Some(WrapperKind::List);
                    (items, within)
                }
                Found::Wrapper(kind, opened) => {
                    contents.outermost.get_or_insert(kind);
                    let items = inside(kind, &opened);
                    contents.wrappers.push(Wrapper { kind, place: place.clone(), within, opened });
                    (items, contents.wrappers.len().checked_sub(1))
                }
            };
            let depth = depth.saturating_add(1);
            limits.check(Limit::WrapperDepth, depth)?;
            let inner = contents.wrappers.iter().filter(|wrapper| !wrapper.place.is_empty()).count();
            let known = [contents.badges.len(), contents.left_aside.len(), inner, open.len(), items.len()];
            limits.check(Limit::WrappedItems, known.into_iter().fold(0, usize::saturating_add))?;
            // The last one in is the first one out.
            open.extend(items.into_iter().rev().map(|(step, value)| {
                let place = format!("{place}{step}");
                Item { text: Text::Json(value), place, within, depth }
            }));
        }
        Ok(contents)
    }
}

/// A text that is still to be looked at.
struct Item {
    text: Text,
    place: String,
    within: Option<usize>,
    depth: usize,
}

enum Text {
    Json(Value),
    Jws(CompactJws),
}

enum Found {
    Badge(Version, Opened),
    /// Places and values.
    List(Vec<(String, Value)>),
    Wrapper(WrapperKind, Opened),
}

impl Text {
    /// What the text says it is, as far as that can be told without decoding it.
    fn types(&self) -> Vec<String> {
        match self {
            Self::Json(value) => version::texts(value, "type").map(str::to_owned).collect(),
            Self::Jws(_) => Vec::new(),
        }
    }

    /// What the text is. A list of lists is nothing, and an envelope of Open Badges 2.1 is the outermost thing.
    fn look(self, is_outermost: bool, room: &mut Room, limits: &Limits) -> Result<Found, ReadError> {
        let value = match self {
            Self::Jws(jws) => return of_jws(jws, room, limits),
            Self::Json(value) => value,
        };
        match &value {
            Value::Array(items) if is_outermost => {
                let place = |(index, item): (usize, &Value)| (format!("/{index}"), item.clone());
                Ok(Found::List(items.iter().enumerate().map(place).collect()))
            }
            Value::String(text) => of_jws(jws(text, limits)?, room, limits),
            Value::Object(members) => match enveloped(members) {
                Some(text) => of_jws(jws(text, limits)?, room, limits),
                None if is_outermost => of_outermost(value, room, limits),
                None => of_document(Arc::new(value), None),
            },
            _ => Err(ReadError::NotABadge),
        }
    }
}

/// What a document is that may be an envelope of Open Badges 2.1.
fn of_outermost(value: Value, room: &mut Room, limits: &Limits) -> Result<Found, ReadError> {
    if let Some(items) = payload::page(&value)
        && items.len() != 1
    {
        return Ok(Found::List(items.into_iter().map(|(place, item)| (place, item.clone())).collect()));
    }
    match payload::open(value, limits)? {
        Enclosed::Document(document) => of_document(Arc::new(document), None),
        Enclosed::Jws(jws) => of_jws(jws, room, limits),
    }
}

fn of_jws(jws: CompactJws, room: &mut Room, limits: &Limits) -> Result<Found, ReadError> {
    let claims = Arc::new(json::parse_from(room, jws.payload(), limits)?);
    let document = match presented(&claims) {
        Some(presentation) => Arc::new(presentation),
        None => {
            let credential = JwtCredential::of(Arc::clone(&claims)).value.ok_or(ReadError::NotABadge)?;
            credential.document
        }
    };
    of_document(document, Some((jws, claims)))
}

fn of_document(document: Arc<Value>, signed: Option<(CompactJws, Arc<Value>)>) -> Result<Found, ReadError> {
    if let Some(kind) = kind_of(&document) {
        return Ok(Found::Wrapper(kind, Opened { document, signed }));
    }
    let version = recognise(&document).map_err(|error| error.of_document(&document))?;
    Ok(Found::Badge(version, Opened { document, signed }))
}

/// Which wrapper a document is by its type. What says that it is a badge as well is read as a badge.
fn kind_of(document: &Value) -> Option<WrapperKind> {
    if version::is_badge_by_type(document) {
        return None;
    }
    let is = |class: &str| version::texts(document, "type").any(|held| held == class);
    if is("VerifiablePresentation") {
        Some(WrapperKind::Presentation)
    } else if is("ClrCredential") {
        Some(WrapperKind::Clr)
    } else {
        None
    }
}

/// The presentation in the `vp` claim of a JWT, as it stands there.
pub(crate) fn presentation_claim(claims: &Value) -> Option<&Value> {
    let is_credential = claims.get("vc").is_some();
    claims.get("vp").filter(|claim| claim.is_object() && !is_credential)
}

/// The presentation in the `vp` claim of a JWT, with the holder and the id that it leaves to the other claims
/// (Verifiable Credentials 1.1 section 6.3.1).
fn presented(claims: &Value) -> Option<Value> {
    let mut presentation = presentation_claim(claims)?.as_object()?.clone();
    for (member, claim) in [("holder", "iss"), ("id", "jti")] {
        if let Some(value) = claims.get(claim).filter(|value| value.is_string()) {
            presentation.entry(member).or_insert_with(|| value.clone());
        }
    }
    Some(Value::Object(presentation))
}

/// What a wrapper holds, with the places from where the wrapper stands.
fn inside(kind: WrapperKind, opened: &Opened) -> Vec<(String, Value)> {
    let of_claim = |name| opened.signed.as_ref().is_some_and(|(_, claims)| claims.get(name).is_some());
    let root = match kind {
        _ if of_claim("vc") => "/vc",
        WrapperKind::Presentation if of_claim("vp") => "/vp",
        _ => "",
    };
    let document = (root.to_owned(), &*opened.document);
    let holders = match kind {
        WrapperKind::Clr => below(&document, "credentialSubject"),
        WrapperKind::List | WrapperKind::Presentation => vec![document],
    };
    let items = holders.iter().flat_map(|holder| below(holder, "verifiableCredential"));
    items.map(|(place, value)| (place, value.clone())).collect()
}

/// The values of a member that is one or a list of them, with their places.
fn below<'v>((place, value): &(String, &'v Value), member: &str) -> Vec<(String, &'v Value)> {
    let place = pointer_to(place, member);
    let found = value.get(member).filter(|value| !value.is_null());
    let is_list = found.is_some_and(Value::is_array);
    let of = |index: usize| if is_list { pointer_to(&place, &index.to_string()) } else { place.clone() };
    as_list(found).iter().enumerate().map(|(index, value)| (of(index), value)).collect()
}

/// The JWS in a credential or presentation whose only content is a `data:` URL.
fn enveloped(members: &Map<String, Value>) -> Option<&str> {
    let document = members.get("type")?;
    let is = |class: &str| as_list(Some(document)).iter().any(|held| held == class);
    if !is("EnvelopedVerifiableCredential") && !is("EnvelopedVerifiablePresentation") {
        return None;
    }
    let (head, text) = members.get("id")?.as_str()?.strip_prefix("data:")?.split_once(',')?;
    let media_type = head.split(';').next().unwrap_or_default();
    // A JWS needs no encoding in a URL, so that one which is encoded again is not what anybody writes.
    let is_plain = !head.ends_with(";base64");
    (is_plain && MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type))).then_some(text)
}

/// Media types of what is a compact JWS (Securing Verifiable Credentials using JOSE and COSE, section 6).
const MEDIA_TYPES: [&str; 5] = [
    "application/jwt",
    "application/vc+jwt",
    "application/vc+ld+jwt",
    "application/vc-ld+jwt",
    "application/vp+jwt",
];

fn jws(text: &str, limits: &Limits) -> Result<CompactJws, ReadError> {
    CompactJws::parse(text, limits).map_err(|error| match error {
        JwsError::Limit(limit) => ReadError::Limit(limit),
        other => ReadError::Jws(other),
    })
}

/// The message and that of its cause.
fn with_cause(error: &ReadError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
