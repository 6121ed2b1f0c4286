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
use super::{ErrorCode, JsonLdError};

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
    /// URL. A proof made before that may need the context of then.
    pub fn bundled_earlier() -> Self {
        static STORE: LazyLock<ContextStore> =
            LazyLock::new(|| ContextStore::parse(&[bundled::CURRENT, bundled::EARLIER].concat()));
        STORE.clone()
    }

    /// A store without any context.
    pub fn empty() -> Self {
        Self::new(BTreeMap::new(), AtomicU64::new(0))
    }

    /// Adds a context document, or replaces the one with that URL.
    ///
    /// The document is trusted: its content decides what statements a document stands for.
    ///
    /// # Errors
    /// [`JsonLdError::Invalid`] if the document has no member `@context`.
    pub fn with_document(self, url: &str, document: Value) -> Result<Self, JsonLdError> {
        let context = match document {
            Value::Object(mut members) => members.remove("@context"),
            _ => None,
        };
        let context = context.ok_or_else(|| JsonLdError::invalid(ErrorCode::InvalidRemoteContext, url))?;
        let mut documents = self.inner.documents.clone();
        documents.insert(url.into(), self.local_context(url, context));
        // What was processed with the former document at that URL must not be found again.
        Ok(Self::new(documents, AtomicU64::new(self.next_id())))
    }

    /// Whether a context of that URL is at hand.
    pub fn contains(&self, url: &str) -> bool {
        self.inner.documents.contains_key(url)
    }

    /// Later documents replace earlier ones of the same URL. All are well-formed, as a test makes sure.
    fn parse(documents: &[bundled::Document]) -> Self {
        documents.iter().fold(Self::empty(), |store, document| {
            let parsed = serde_json::from_str(document.text).unwrap_or_default();
            store.clone().with_document(document.url, parsed).unwrap_or(store)
        })
    }

    fn new(documents: BTreeMap<Arc<str>, LocalContext>, ids: AtomicU64) -> Self {
        let root = Arc::new(ActiveContext::initial(ids.fetch_add(1, Ordering::Relaxed), None));
        Self { inner: Arc::new(Inner { documents, ids, processed: RwLock::default(), root }) }
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
    documents: BTreeMap<Arc<str>, LocalContext>,
    ids: AtomicU64,
    processed: RwLock<BTreeMap<ProcessedKey, Arc<ActiveContext>>>,
    root: Arc<ActiveContext>,
}

/// How many processed contexts a store keeps: badges of all versions need about 100, of up to 100 KiB each.
const MOST_PROCESSED: usize = 256;
