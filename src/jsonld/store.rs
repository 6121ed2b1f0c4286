//! The contexts at hand, and what has been worked out from them.
//!
//! Processing the contexts of a credential takes ten times as long as everything else about it, and gives the same
//! for all credentials. So a store keeps *processed* contexts, under the pair (active context, local context) that
//! they were made from. Only what was made of the store's own documents alone is kept, and not more than a fixed
//! number: no document can fill the store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use serde_json::Value;

use super::bundled;
use super::context::{ActiveContext, LocalContext};
use super::context_processing::{ContextProcessor, Scope};
use super::error::ContextError;
use super::{ErrorCode, JsonLdError, ProcessingMode};
use crate::id::Digest;
use crate::json;
use crate::limits::Limits;

/// The contexts at hand, by URL; cheap to clone, and to be shared by all verifications.
///
/// ```
/// use openbadges::jsonld::ContextStore;
///
/// let store = ContextStore::bundled();
/// assert!(store.contains("https://www.w3.org/ns/credentials/v2"));
/// assert!(!store.contains("https://example.org/context"));
/// ```
#[derive(Clone, Debug)]
pub struct ContextStore {
    inner: Arc<Inner>,
}

impl ContextStore {
    /// The contexts that this crate carries: those of Open Badges and of what it builds on.
    pub fn bundled() -> Self {
        static STORE: LazyLock<ContextStore> = LazyLock::new(|| ContextStore::parse(bundled::CURRENT));
        STORE.clone()
    }

    /// As [`bundled`](Self::bundled), with earlier contents of the contexts that were changed in place.
    ///
    /// The context of Open Badges 3.0.3 is one: `endorsementJwt` and `jti` were added to it in 2026, without a new
    /// URL. Another one is that without a version, which began as the context of the first plugfest. A proof made before
    /// that may need the context of then.
    pub fn bundled_earlier() -> Self {
        static STORE: LazyLock<ContextStore> =
            LazyLock::new(|| ContextStore::parse(&[bundled::CURRENT, bundled::EARLIER].concat()));
        STORE.clone()
    }

    /// A store without any context.
    pub fn empty() -> Self {
        Self::new(BTreeMap::new(), AtomicU64::new(0))
    }

    /// Adds a context of the host's own, such as that of an extension: the bytes that are found at the URL, and the digest
    /// that pins them.
    ///
    /// It adds words, and changes none: the contexts that are there stay as they are, and a context that would give a
    /// protected term of Verifiable Credentials or Open Badges another meaning is refused here rather than at the first
    /// badge. Contexts that it refers to have to be added before.
    ///
    /// ```
    /// use openbadges::jsonld::ContextStore;
    ///
    /// let context = br#"{"@context": {"instructor": "https://example.org/terms#instructor"}}"#;
    /// let digest = "0ac069458add0e9d873878a5940b9223ed92b1e6e006132b7e1689cd6ad81325".parse()?;
    /// let store = ContextStore::bundled().with_context("https://example.org/terms/v1", context, digest)?;
    /// assert!(store.contains("https://example.org/terms/v1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ContextError`] of any kind.
    ///
    /// # Security
    /// The context decides what statements a signature covers: take the digest from where its publisher states it, or
    /// from bytes that somebody has read.
    pub fn with_context(self, url: &str, bytes: &[u8], sha256: Digest) -> Result<Self, ContextError> {
        let found = Digest::of(bytes);
        if found != sha256 {
            return Err(ContextError::Digest { expected: sha256, found });
        }
        let document = json::parse(bytes, &Limits::default())?;
        let mut store = self.with_document(url, document)?;
        store.check(url)?;
        if let Some(inner) = Arc::get_mut(&mut store.inner) {
            inner.added.insert(url.into(), sha256);
        }
        Ok(store)
    }

    /// Adds a context document that was read already, and that nothing pins.
    ///
    /// # Errors
    /// [`JsonLdError::Invalid`] if the document has no member `@context`, [`JsonLdError::KnownContext`] if there is a
    /// context of that URL.
    ///
    /// # Security
    /// As for [`with_context`](Self::with_context), which hosts should prefer.
    pub fn with_document(self, url: &str, document: Value) -> Result<Self, JsonLdError> {
        if self.contains(url) {
            return Err(JsonLdError::KnownContext { url: url.to_owned() });
        }
        self.with(url, document)
    }

    /// Adds a context document, or replaces the one with that URL.
    fn with(self, url: &str, document: Value) -> Result<Self, JsonLdError> {
        let context = match document {
            Value::Object(mut members) => members.remove("@context"),
            _ => None,
        };
        let context = context.ok_or_else(|| JsonLdError::invalid(ErrorCode::InvalidRemoteContext, url))?;
        let mut documents = self.inner.documents.clone();
        documents.insert(url.into(), self.local_context(url, context));
        // What was processed with the former document at that URL must not be found again.
        let mut store = Self::new(documents, AtomicU64::new(self.next_id()));
        if let Some(inner) = Arc::get_mut(&mut store.inner) {
            inner.added.clone_from(&self.inner.added);
        }
        Ok(store)
    }

    /// Checks that a context can stand behind those of a badge, in both versions of the data model, and by itself.
    fn check(&self, url: &str) -> Result<(), JsonLdError> {
        let limits = Limits::default();
        for before in BEFORE_OTHERS {
            let mut contexts = ContextProcessor::new(self, ProcessingMode::default(), &limits);
            let mut active = Arc::clone(self.root());
            for url in before.iter().filter(|url| self.contains(url)).copied().chain([url]) {
                active = contexts.process(&active, self.document(url)?, Scope::Node)?;
            }
        }
        Ok(())
    }

    /// The digest that pins a context of the host's own.
    pub(crate) fn pin(&self, url: &str) -> Option<Digest> {
        self.inner.added.get(url).copied()
    }

    /// Whether a context of that URL is at hand.
    pub fn contains(&self, url: &str) -> bool {
        self.inner.documents.contains_key(url)
    }

    /// Later documents replace earlier ones of the same URL. All are well-formed, as a test makes sure.
    fn parse(documents: &[bundled::Document]) -> Self {
        documents.iter().fold(Self::empty(), |store, document| {
            let parsed = serde_json::from_str(document.text).unwrap_or_default();
            store.clone().with(document.url, parsed).unwrap_or(store)
        })
    }

    fn new(documents: BTreeMap<Arc<str>, LocalContext>, ids: AtomicU64) -> Self {
        let root = Arc::new(ActiveContext::initial(ids.fetch_add(1, Ordering::Relaxed), None));
        let added = BTreeMap::new();
        Self { inner: Arc::new(Inner { added, documents, ids, processed: RwLock::default(), root }) }
    }

    fn local_context(&self, url: &str, context: Value) -> LocalContext {
        LocalContext { id: self.next_id(), shared: true, value: Arc::new(context), base: Some(url.into()) }
    }

    /// The context document of a URL.
    pub(super) fn document(&self, url: &str) -> Result<&LocalContext, JsonLdError> {
        self.inner.documents.get(url).ok_or_else(|| JsonLdError::UnknownContext { url: url.to_owned() })
    }

    /// The active context that all begins with, where there is no base IRI.
    pub(super) fn root(&self) -> &Arc<ActiveContext> {
        &self.inner.root
    }

    /// A number that no context of this store has.
    pub(super) fn next_id(&self) -> u64 {
        self.inner.ids.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn processed(&self, key: ProcessedKey) -> Option<Arc<ActiveContext>> {
        // A panic of another thread cannot have left the map half-changed: entries go in whole.
        self.inner.processed.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    /// Keeps a processed context; where another thread was faster, returns that thread's.
    pub(super) fn keep(&self, key: ProcessedKey, context: Arc<ActiveContext>) -> Arc<ActiveContext> {
        let mut processed = self.inner.processed.write().unwrap_or_else(PoisonError::into_inner);
        if processed.len() >= MOST_PROCESSED {
            processed.clear();
        }
        Arc::clone(processed.entry(key).or_insert(context))
    }

    #[cfg(test)]
    pub(super) fn processed_count(&self) -> usize {
        self.inner.processed.read().unwrap().len()
    }
}

/// What a processed context was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ProcessedKey {
    pub(super) active: u64,
    pub(super) local: u64,
    pub(super) overrides_protected: bool,
    pub(super) propagates: bool,
    pub(super) remote: bool,
}

#[derive(Debug)]
struct Inner {
    /// The digests of the contexts that hosts have added.
    added: BTreeMap<Arc<str>, Digest>,
    documents: BTreeMap<Arc<str>, LocalContext>,
    ids: AtomicU64,
    processed: RwLock<BTreeMap<ProcessedKey, Arc<ActiveContext>>>,
    root: Arc<ActiveContext>,
}

/// How many processed contexts a store keeps: badges of all versions need about 100, of up to 100 KiB each.
const MOST_PROCESSED: usize = 256;

/// What stands before the contexts of extensions in a badge.
const BEFORE_OTHERS: [&[&str]; 3] = [
    &[],
    &["https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    &["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::JsonError;
    use crate::limits::Limit;

    const URL: &str = "https://example.org/terms/v1";

    fn added(url: &str, context: &str) -> Result<ContextStore, ContextError> {
        ContextStore::bundled().with_context(url, context.as_bytes(), Digest::of(context.as_bytes()))
    }

    #[test]
    fn a_context_needs_the_digest_that_was_asked_for() {
        let context = r#"{"@context": {"a": "http://a/"}}"#;
        let store = added(URL, context).unwrap();
        assert_eq!(store.pin(URL), Some(Digest::of(context.as_bytes())));
        // It stays pinned when others come.
        let more =
            store.with_document("https://example.org/other", serde_json::json!({"@context": {}})).unwrap();
        assert!(more.pin(URL).is_some() && more.pin("https://example.org/other").is_none());
        let expected = Digest::of(b"another");
        let error = ContextStore::bundled().with_context(URL, context.as_bytes(), expected).unwrap_err();
        assert_eq!(error, ContextError::Digest { expected, found: Digest::of(context.as_bytes()) });
    }

    #[test]
    fn no_context_replaces_another() {
        for document in [bundled::CURRENT, bundled::EARLIER].concat() {
            let error = added(document.url, document.text).unwrap_err();
            let expected = JsonLdError::KnownContext { url: document.url.to_owned() };
            assert_eq!(error, ContextError::Context(expected));
        }
    }

    #[test]
    fn no_context_gives_a_protected_term_another_meaning() {
        for (context, term) in [
            (r#"{"@context": {"name": "https://example.org/terms#name"}}"#, "of VC 2.0"),
            (r#"{"@context": {"VerifiableCredential": "https://example.org/terms#V"}}"#, "of VC 1.1"),
            (r#"{"@context": {"Achievement": "https://example.org/terms#Achievement"}}"#, "of Open Badges"),
            (r#"{"@context": null}"#, "all of them"),
        ] {
            let Err(ContextError::Context(JsonLdError::Invalid { code, .. })) = added(URL, context) else {
                panic!("{term}")
            };
            let expected = [ErrorCode::ProtectedTermRedefinition, ErrorCode::InvalidContextNullification];
            assert!(expected.contains(&code), "{term}: {code}");
        }
    }

    #[test]
    fn what_is_no_context_is_refused() {
        assert!(matches!(added(URL, "{"), Err(ContextError::Json(JsonError::Syntax { .. }))));
        assert!(matches!(
            added(URL, r#"{"@context": {}, "@context": {}}"#),
            Err(ContextError::Json(JsonError::DuplicateMember { .. }))
        ));
        let invalid = |error| match error {
            Err(ContextError::Context(error)) => error.code(),
            other => panic!("{other:?}"),
        };
        assert_eq!(invalid(added(URL, r#"{"a": "http://a/"}"#)), "invalid remote context");
        assert_eq!(invalid(added(URL, r#"{"@context": {"a": {"@id": 7}}}"#)), "invalid IRI mapping");
        let unknown = r#"{"@context": "https://example.org/absent"}"#;
        assert_eq!(invalid(added(URL, unknown)), "loading remote context failed");
        let terms: Vec<String> = (0..5_000).map(|i| format!("\"t{i}\": \"http://a/\"")).collect();
        let large = added(URL, &format!("{{\"@context\": {{{}}}}}", terms.join(",")));
        assert_eq!(invalid(large), Limit::ContextTerms.as_str());
    }
}
