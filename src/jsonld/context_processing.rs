//! Context processing (JSON-LD 1.1 API section 4.1).
//!
//! In: an active context and a local one. Out: the active context that holds from there on.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{ActiveContext, Direction, LocalContext, Mapping, Role};
use super::create_term;
use super::store::ProcessedKey;
use super::{ContextStore, ErrorCode, JsonLdError, ProcessingMode, iri};
use crate::limits::{Limit, Limits};

/// Processes the contexts of one document.
pub(super) struct ContextProcessor<'a> {
    store: &'a ContextStore,
    mode: ProcessingMode,
    /// The bounds for what the document brings along.
    limits: &'a Limits,
    /// The bounds for the store's own documents. They are not the caller's, and they cost no steps: what a document
    /// costs must not depend on what the store has processed before.
    store_limits: Limits,
    /// Whether a context that the document names, and that is not at hand, is left out.
    ignores_unknown: bool,
    steps: usize,
    /// What was processed for this document.
    processed: BTreeMap<ProcessedKey, Arc<ActiveContext>>,
}

/// Where a local context stands; decides whether protected terms stand against it, and how far it reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In a node, as its `@context`.
    Node,
    /// In the definition of a term that is used as a property.
    Property,
    /// In the definition of a term that is used as a type: holds for that node only.
    Type,
}

/// The circumstances of one run of the algorithm.
#[derive(Clone)]
pub(super) struct Run {
    /// The URLs of the documents that led here, each referring to the next.
    remote: Vec<Arc<str>>,
    overrides_protected: bool,
    propagates: bool,
    /// Whether this only finds out if a scoped context is valid; then contexts scoped within are left alone.
    only_checks: bool,
}

impl Run {
    pub(super) fn overrides_protected(&self) -> bool {
        self.overrides_protected
    }

    pub(super) fn only_checks(&self) -> bool {
        self.only_checks
    }
}

impl<'a> ContextProcessor<'a> {
    pub(super) fn new(store: &'a ContextStore, mode: ProcessingMode, limits: &'a Limits) -> Self {
        let store_limits = Limits::default();
        Self {
            store,
            mode,
            limits,
            store_limits,
            ignores_unknown: false,
            steps: 0,
            processed: BTreeMap::new(),
        }
    }

    /// Leaves out what the document names, and what is not at hand.
    pub(super) fn ignoring_unknown(self) -> Self {
        Self { ignores_unknown: true, ..self }
    }

    /// Whether a context that another one refers to is left out. What documents of the store refer to never is: others
    /// use what is made of them.
    fn is_left_out(&self, reference: &str, local: &LocalContext) -> bool {
        let is_known = resolve(reference, local).is_ok_and(|url| self.store.contains(&url));
        self.ignores_unknown && !local.shared && !is_known
    }

    /// The active context at the top of a document.
    pub(super) fn root(&self, base: Option<Arc<str>>) -> Arc<ActiveContext> {
        match base {
            None => Arc::clone(self.store.root()),
            Some(_) => Arc::new(ActiveContext::initial(self.store.next_id(), base)),
        }
    }

    /// Processes the `@context` of a node.
    pub(super) fn process_embedded(
        &mut self,
        active: &Arc<ActiveContext>,
        context: &Value,
        base: Option<Arc<str>>,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        let local = self.new_local(context, base, false);
        self.process(active, &local, Scope::Node)
    }

    /// Processes a local context.
    pub(super) fn process(
        &mut self,
        active: &Arc<ActiveContext>,
        local: &LocalContext,
        scope: Scope,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        let run = Run {
            remote: Vec::new(),
            overrides_protected: scope == Scope::Property,
            propagates: scope != Scope::Type,
            only_checks: false,
        };
        self.run(active, local, &run)
    }

    /// Finds out whether the context of a term would be valid where that term is defined.
    pub(super) fn check_scoped(
        &mut self,
        active: &ActiveContext,
        local: &LocalContext,
        run: &Run,
    ) -> Result<(), JsonLdError> {
        let run = Run {
            remote: run.remote.clone(),
            overrides_protected: true,
            propagates: true,
            only_checks: true,
        };
        // The copy costs as much as the terms that there are, also where the context of this one says nothing.
        if !active.shared {
            self.count_steps(active.terms.len())?;
        }
        let active = Arc::new(ActiveContext { id: self.store.next_id(), ..active.clone() });
        self.run(&active, local, &run)?;
        Ok(())
    }

    /// A local context with a number of its own.
    pub(super) fn new_local(&self, context: &Value, base: Option<Arc<str>>, shared: bool) -> LocalContext {
        LocalContext { id: self.store.next_id(), shared, value: Arc::new(context.clone()), base }
    }

    /// Refuses what came with JSON-LD 1.1 where 1.0 was asked for.
    pub(super) fn only_in_1_1(&self, code: ErrorCode, found: &str) -> Result<(), JsonLdError> {
        match self.mode {
            ProcessingMode::JsonLd10 => Err(JsonLdError::invalid(code, found)),
            ProcessingMode::JsonLd11 => Ok(()),
        }
    }

    /// The bounds for a context, by its origin.
    pub(super) fn limits(&self, shared: bool) -> &Limits {
        if shared { &self.store_limits } else { self.limits }
    }

    /// Bounds what is put in front of other texts, which each use copies.
    pub(super) fn check_start(&self, shared: bool, iri: &str) -> Result<(), JsonLdError> {
        Ok(self.limits(shared).check(Limit::TermBytes, iri.len())?)
    }

    /// Counts work: one step, and one for every eight terms that are copied along.
    pub(super) fn count_steps(&mut self, terms: usize) -> Result<(), JsonLdError> {
        self.steps = self.steps.saturating_add(1).saturating_add(terms / 8);
        Ok(self.limits.check(Limit::ContextSteps, self.steps)?)
    }

    fn run(
        &mut self,
        active: &Arc<ActiveContext>,
        local: &LocalContext,
        run: &Run,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        let key = ProcessedKey {
            active: active.id,
            local: local.id,
            overrides_protected: run.overrides_protected,
            propagates: run.propagates,
            remote: !run.remote.is_empty(),
        };
        if !run.only_checks
            && let Some(context) = self.processed.get(&key)
        {
            return Ok(Arc::clone(context));
        }
        let shared = active.shared && local.shared;
        self.limits(shared).check(Limit::ContextNesting, run.remote.len())?;
        let context = if !shared || run.only_checks {
            self.apply(active, local, run)?
        } else if let Some(context) = self.store.processed(key) {
            context
        } else {
            let context = self.apply(active, local, run)?;
            self.store.keep(key, context)
        };
        self.limits.check(Limit::Contexts, context.applied)?;
        self.limits.check(Limit::ContextTerms, context.terms.len())?;
        if !run.only_checks {
            self.count_steps(context.terms.len())?;
            self.processed.insert(key, Arc::clone(&context));
        }
        Ok(context)
    }

    /// Applies each context of an array, or the one that there is (steps 2 to 5).
    fn apply(
        &mut self,
        active: &Arc<ActiveContext>,
        local: &LocalContext,
        run: &Run,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        let shared = active.shared && local.shared;
        let mut propagates = run.propagates;
        if let Some(value) = local.value.get("@propagate") {
            self.only_in_1_1(ErrorCode::InvalidContextEntry, "@propagate")?;
            propagates = boolean(value, ErrorCode::InvalidPropagateValue)?;
        }
        let mut result = Arc::clone(active);
        if !propagates && result.previous.is_none() {
            let id = self.store.next_id();
            let previous = Some(Arc::clone(active));
            result = Arc::new(ActiveContext { id, shared, previous, ..ActiveContext::clone(active) });
        }
        let items = match &*local.value {
            Value::Array(items) => items.as_slice(),
            item => std::slice::from_ref(item),
        };
        for item in items {
            result = match item {
                Value::Null => self.nullify(active, &result, shared, propagates, run)?,
                Value::Object(members) => self.apply_object(&result, members, local, run)?,
                Value::String(reference) => self.apply_remote(&result, reference, local, run)?,
                other => return Err(JsonLdError::invalid(ErrorCode::InvalidLocalContext, other.to_string())),
            };
        }
        Ok(result)
    }

    /// Returns to the initial context (step 5.1).
    fn nullify(
        &mut self,
        active: &ActiveContext,
        result: &Arc<ActiveContext>,
        shared: bool,
        propagates: bool,
        run: &Run,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        if !run.overrides_protected
            && let Some((term, _)) = result.terms.iter().find(|(_, definition)| definition.protected)
        {
            return Err(JsonLdError::invalid(ErrorCode::InvalidContextNullification, &**term));
        }
        let initial = ActiveContext::initial(self.store.next_id(), active.original_base.clone());
        Ok(Arc::new(ActiveContext {
            shared: shared && result.shared,
            applied: result.applied.saturating_add(1),
            previous: if propagates { None } else { Some(Arc::clone(result)) },
            ..initial
        }))
    }

    /// Applies the context at a URL (step 5.2).
    fn apply_remote(
        &mut self,
        result: &Arc<ActiveContext>,
        reference: &str,
        local: &LocalContext,
        run: &Run,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        if self.is_left_out(reference, local) {
            return Ok(Arc::clone(result));
        }
        let url: Arc<str> = resolve(reference, local)?;
        if run.only_checks && run.remote.contains(&url) {
            return Ok(Arc::clone(result));
        }
        let document = self.store.document(&url)?;
        let mut remote = run.remote.clone();
        remote.push(url);
        let run = Run { remote, overrides_protected: false, propagates: true, only_checks: run.only_checks };
        self.run(result, document, &run)
    }

    /// Applies a context that is written out (steps 5.4 to 5.13).
    fn apply_object(
        &mut self,
        result: &ActiveContext,
        members: &Map<String, Value>,
        local: &LocalContext,
        run: &Run,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        let mut context = ActiveContext {
            id: self.store.next_id(),
            shared: result.shared && local.shared,
            applied: result.applied.saturating_add(1),
            ..result.clone()
        };
        if !context.shared {
            self.count_steps(context.terms.len())?;
        }
        if let Some(version) = members.get("@version") {
            if version.as_f64() != Some(1.1) {
                return Err(JsonLdError::invalid(ErrorCode::InvalidVersionValue, version.to_string()));
            }
            self.only_in_1_1(ErrorCode::ProcessingModeConflict, "@version")?;
        }
        let imported = self.import(members, local)?;
        let members = imported.as_ref().unwrap_or(members);
        // The base IRI of a document is not for others to set.
        if let Some(base) = members.get("@base")
            && run.remote.is_empty()
        {
            set_base(&mut context, base)?;
            self.check_start(context.shared, context.base.as_deref().unwrap_or_default())?;
        }
        if let Some(vocabulary) = members.get("@vocab") {
            self.set_vocabulary(&mut context, vocabulary)?;
        }
        if let Some(language) = members.get("@language") {
            context.language = string_or_null(language, ErrorCode::InvalidDefaultLanguage)?.map(Into::into);
        }
        if let Some(direction) = members.get("@direction") {
            self.only_in_1_1(ErrorCode::InvalidContextEntry, "@direction")?;
            context.direction = direction_or_null(direction)?;
        }
        if let Some(propagate) = members.get("@propagate") {
            self.only_in_1_1(ErrorCode::InvalidContextEntry, "@propagate")?;
            boolean(propagate, ErrorCode::InvalidPropagateValue)?;
        }
        let mut protected = false;
        if let Some(value) = members.get("@protected") {
            self.only_in_1_1(ErrorCode::InvalidContextEntry, "@protected")?;
            protected = boolean(value, ErrorCode::InvalidProtectedValue)?;
        }
        let context = create_term::define_all(self, context, members, local, protected, run)?;
        Ok(Arc::new(context))
    }

    /// The members of a context together with those of the one it imports (step 5.6).
    fn import(
        &self,
        members: &Map<String, Value>,
        local: &LocalContext,
    ) -> Result<Option<Map<String, Value>>, JsonLdError> {
        let Some(import) = members.get("@import") else { return Ok(None) };
        self.only_in_1_1(ErrorCode::InvalidContextEntry, "@import")?;
        let Value::String(reference) = import else {
            return Err(JsonLdError::invalid(ErrorCode::InvalidImportValue, import.to_string()));
        };
        if self.is_left_out(reference, local) {
            return Ok(None);
        }
        let url = resolve(reference, local)?;
        let Value::Object(imported) = &*self.store.document(&url)?.value else {
            return Err(JsonLdError::invalid(ErrorCode::InvalidRemoteContext, &*url));
        };
        if imported.contains_key("@import") {
            return Err(JsonLdError::invalid(ErrorCode::InvalidContextEntry, "@import"));
        }
        let mut merged = imported.clone();
        merged.extend(members.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(Some(merged))
    }

    /// Step 5.8.
    fn set_vocabulary(&self, context: &mut ActiveContext, vocabulary: &Value) -> Result<(), JsonLdError> {
        let code = ErrorCode::InvalidVocabMapping;
        let Some(text) = string_or_null(vocabulary, code)? else {
            context.vocabulary = None;
            return Ok(());
        };
        if !text.starts_with("_:") && !iri::is_absolute(text) {
            self.only_in_1_1(code, text)?;
        }
        match context.expand_iri(text, Role::Type) {
            Mapping::Iri(expanded) => {
                self.check_start(context.shared, &expanded)?;
                context.vocabulary = Some(expanded);
            }
            Mapping::Keyword(_) | Mapping::Nothing => return Err(JsonLdError::invalid(code, text)),
        }
        Ok(())
    }
}

/// The URL of a context that another one refers to.
fn resolve(reference: &str, local: &LocalContext) -> Result<Arc<str>, JsonLdError> {
    let url = match &local.base {
        Some(base) => iri::resolve(base, reference),
        None => reference.to_owned(),
    };
    if iri::is_absolute(&url) {
        Ok(url.into())
    } else {
        Err(JsonLdError::invalid(ErrorCode::LoadingDocumentFailed, url))
    }
}

/// Step 5.7.
fn set_base(context: &mut ActiveContext, base: &Value) -> Result<(), JsonLdError> {
    let code = ErrorCode::InvalidBaseIri;
    context.base = match (string_or_null(base, code)?, &context.base) {
        (None, _) => None,
        (Some(text), _) if iri::has_scheme(text) => Some(text.into()),
        (Some(text), Some(base)) => Some(iri::resolve(base, text).into()),
        (Some(text), None) => return Err(JsonLdError::invalid(code, text)),
    };
    Ok(())
}

pub(super) fn boolean(value: &Value, code: ErrorCode) -> Result<bool, JsonLdError> {
    value.as_bool().ok_or_else(|| JsonLdError::invalid(code, value.to_string()))
}

pub(super) fn string_or_null(value: &Value, code: ErrorCode) -> Result<Option<&str>, JsonLdError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => Err(JsonLdError::invalid(code, other.to_string())),
    }
}

pub(super) fn direction_or_null(value: &Value) -> Result<Option<Direction>, JsonLdError> {
    let code = ErrorCode::InvalidBaseDirection;
    let Some(text) = string_or_null(value, code)? else { return Ok(None) };
    match Direction::parse(text) {
        Some(direction) => Ok(Some(direction)),
        None => Err(JsonLdError::invalid(code, text)),
    }
}
