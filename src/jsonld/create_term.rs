//! Create Term Definition (JSON-LD 1.1 API section 4.2).
//!
//! In: one context as written. Out: the active context with its terms. Terms may be defined through each other; a
//! term that is needed is defined first, and a circle is an error.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{
    ActiveContext, Container, LocalContext, Mapping, Role, Setting, TermDefinition, TypeMapping,
};
use super::context_processing::{ContextProcessor, Run, boolean, direction_or_null, string_or_null};
use super::expand::sorted;
use super::keyword::{Keyword, is_keyword_like};
use super::{ErrorCode, JsonLdError, iri};
use crate::limits::Limit;

/// Adds all terms of a local context to an active one (JSON-LD 1.1 API section 4.1.2, step 5.13).
pub(super) fn define_all(
    processor: &mut ContextProcessor<'_>,
    context: ActiveContext,
    members: &Map<String, Value>,
    local: &LocalContext,
    protected: bool,
    run: &Run,
) -> Result<ActiveContext, JsonLdError> {
    let states = BTreeMap::new();
    let mut definer = Definer { processor, context, members, local, protected, run, states, chain: 0 };
    // In the order of their names, so that of several errors always the same one is told.
    for (name, _) in sorted(members) {
        if !is_context_keyword(name) {
            definer.define(name)?;
        }
    }
    Ok(definer.context)
}

fn is_context_keyword(name: &str) -> bool {
    matches!(
        Keyword::parse(name),
        Some(
            Keyword::Base
                | Keyword::Direction
                | Keyword::Import
                | Keyword::Language
                | Keyword::Propagate
                | Keyword::Protected
                | Keyword::Version
                | Keyword::Vocab
        )
    )
}

/// A context while its terms are being defined.
struct Definer<'d, 'a> {
    processor: &'d mut ContextProcessor<'a>,
    context: ActiveContext,
    members: &'d Map<String, Value>,
    local: &'d LocalContext,
    /// Whether terms are protected unless they say otherwise.
    protected: bool,
    run: &'d Run,
    states: BTreeMap<&'d str, State>,
    /// How many definitions are waiting for each other.
    chain: usize,
}

#[derive(Clone, Copy)]
enum State {
    Done,
    Started,
}

impl<'d> Definer<'d, '_> {
    /// Defines a term that the local context holds, and first what it is defined through.
    fn define(&mut self, name: &str) -> Result<(), JsonLdError> {
        let Some((name, value)) = self.members.get_key_value(name) else { return Ok(()) };
        match self.states.get(name.as_str()) {
            Some(State::Done) => return Ok(()),
            Some(State::Started) => return Err(JsonLdError::invalid(ErrorCode::CyclicIriMapping, name)),
            None => {}
        }
        if !self.context.shared {
            self.processor.count_steps(0)?;
        }
        self.chain = self.chain.saturating_add(1);
        self.processor.limits(self.context.shared).check(Limit::TermChain, self.chain)?;
        self.states.insert(name, State::Started);
        if !self.is_reserved(name, value)? {
            // Only here do terms define each other in turn, and not from within what reads a definition: so each takes
            // little of the stack.
            self.define_grounds(name, value)?;
            self.define_new(name, value)?;
        }
        self.states.insert(name, State::Done);
        self.chain = self.chain.saturating_sub(1);
        Ok(())
    }

    /// Defines what a term is defined through: whatever its definition names, and the prefix of its own name.
    fn define_grounds(&mut self, name: &str, value: &Value) -> Result<(), JsonLdError> {
        let written = Written { name, value };
        for keyword in [Keyword::Type, Keyword::Reverse, Keyword::Id, Keyword::Index] {
            let text = written.member(keyword).and_then(Value::as_str);
            // Its own name as its `@id` says nothing.
            if let Some(text) = text.filter(|text| keyword != Keyword::Id || *text != name) {
                self.define_for(text)?;
            }
        }
        match iri::split_compact(name) {
            Some((prefix, _)) if !written.has(Keyword::Reverse) => self.define(prefix),
            _ => Ok(()),
        }
    }

    fn define_new(&mut self, name: &str, value: &Value) -> Result<(), JsonLdError> {
        let previous = self.context.terms.remove(name);
        let written = Written::of(name, value)?;
        let definition = self.read(&written)?;
        if let Some(Mapping::Iri(iri)) = definition.as_ref().map(|definition| &definition.mapping) {
            self.processor.check_start(self.context.shared, iri)?;
        }
        // Step 27: a protected term can be repeated, not changed.
        let definition = match previous {
            Some(previous) if previous.protected && !self.run.overrides_protected() => {
                if !definition.is_some_and(|definition| definition.says_the_same_as(&previous)) {
                    return Err(JsonLdError::invalid(ErrorCode::ProtectedTermRedefinition, name));
                }
                Some(previous)
            }
            _ => definition.map(Arc::new),
        };
        if let Some(definition) = definition {
            self.context.terms.insert(name.into(), definition);
        }
        Ok(())
    }

    /// Whether a name is reserved, so that it defines nothing (steps 3 to 5).
    fn is_reserved(&self, name: &str, value: &Value) -> Result<bool, JsonLdError> {
        if name.is_empty() {
            return Err(JsonLdError::invalid(ErrorCode::InvalidTermDefinition, name));
        }
        let redefined = || JsonLdError::invalid(ErrorCode::KeywordRedefinition, name);
        match Keyword::parse(name) {
            None => Ok(is_keyword_like(name)),
            // Of `@type` a context can say that its values form a set, and that this is protected.
            Some(Keyword::Type) => {
                self.processor.only_in_1_1(ErrorCode::KeywordRedefinition, name)?;
                let members =
                    value.as_object().filter(|members| !members.is_empty()).ok_or_else(redefined)?;
                let allowed = members.iter().all(|(member, value)| match member.as_str() {
                    "@protected" => true,
                    "@container" => one_or_many(value).iter().all(|item| item == "@set"),
                    _ => false,
                });
                if allowed { Ok(false) } else { Err(redefined()) }
            }
            Some(_) => Err(redefined()),
        }
    }

    /// Reads a definition; `None` if the term stands for something reserved and is to be ignored.
    fn read(&mut self, written: &Written<'_>) -> Result<Option<TermDefinition>, JsonLdError> {
        written.refuse_unknown_members()?;
        let protected = self.read_protected(written)?;
        let declared_type = self.read_type(written)?;
        let (mapping, prefix) = if written.has(Keyword::Reverse) {
            let Some(mapping) = self.read_reverse(written)? else { return Ok(None) };
            (mapping, false)
        } else {
            let Some(mapping) = self.read_mapping(written)? else { return Ok(None) };
            let prefix = self.read_prefix(written, &mapping)?;
            (mapping, prefix)
        };
        let container = self.read_container(written)?;
        let type_mapping = type_in_container(container, declared_type, written)?;
        Ok(Some(TermDefinition {
            mapping,
            prefix,
            protected,
            reverse: written.has(Keyword::Reverse),
            container,
            index: self.read_index(written, container)?,
            context: self.read_context(written)?,
            language: read_language(written)?,
            direction: read_direction(written)?,
            nest: self.read_nest(written)?,
            type_mapping,
        }))
    }

    /// Step 11.
    fn read_protected(&self, written: &Written<'_>) -> Result<bool, JsonLdError> {
        let Some(value) = written.member(Keyword::Protected) else { return Ok(self.protected) };
        self.processor.only_in_1_1(ErrorCode::InvalidTermDefinition, written.name)?;
        boolean(value, ErrorCode::InvalidProtectedValue)
    }

    /// Step 12.
    fn read_type(&self, written: &Written<'_>) -> Result<Option<TypeMapping>, JsonLdError> {
        let Some(value) = written.member(Keyword::Type) else { return Ok(None) };
        let invalid = || written.invalid(ErrorCode::InvalidTypeMapping);
        let text = value.as_str().ok_or_else(invalid)?;
        let mapping = match self.expand(text) {
            Mapping::Keyword(Keyword::Id) => TypeMapping::Id,
            Mapping::Keyword(Keyword::Vocab) => TypeMapping::Vocab,
            Mapping::Keyword(Keyword::Json) => TypeMapping::Json,
            Mapping::Keyword(Keyword::None) => TypeMapping::None,
            Mapping::Iri(datatype) if iri::is_absolute(&datatype) => TypeMapping::Datatype(datatype),
            Mapping::Iri(_) | Mapping::Keyword(_) | Mapping::Nothing => return Err(invalid()),
        };
        if matches!(mapping, TypeMapping::Json | TypeMapping::None) {
            self.processor.only_in_1_1(ErrorCode::InvalidTypeMapping, written.name)?;
        }
        Ok(Some(mapping))
    }

    /// Step 13: the IRI of a reverse property.
    fn read_reverse(&self, written: &Written<'_>) -> Result<Option<Mapping>, JsonLdError> {
        if written.has(Keyword::Id) || written.has(Keyword::Nest) {
            return Err(written.invalid(ErrorCode::InvalidReverseProperty));
        }
        let invalid = || written.invalid(ErrorCode::InvalidIriMapping);
        let text = written.member(Keyword::Reverse).and_then(Value::as_str).ok_or_else(invalid)?;
        if is_keyword_like(text) {
            return Ok(None);
        }
        match self.expand(text) {
            Mapping::Iri(iri) if is_node_name(&iri) => Ok(Some(Mapping::Iri(iri))),
            Mapping::Iri(_) | Mapping::Keyword(_) | Mapping::Nothing => Err(invalid()),
        }
    }

    /// Steps 14 to 18: what the term stands for.
    fn read_mapping(&self, written: &Written<'_>) -> Result<Option<Mapping>, JsonLdError> {
        let name = written.name;
        let invalid = || written.invalid(ErrorCode::InvalidIriMapping);
        match written.member(Keyword::Id) {
            Some(Value::Null) => return Ok(Some(Mapping::Nothing)),
            Some(Value::String(text)) if text != name => return self.read_id(written, text),
            Some(Value::String(_)) | None => {}
            Some(_) => return Err(invalid()),
        }
        if let Some((prefix, suffix)) = iri::split_compact(name) {
            let iri = match self.context.term(prefix).map(|term| &term.mapping) {
                Some(Mapping::Iri(start)) => [start, suffix].concat().into(),
                Some(Mapping::Keyword(_) | Mapping::Nothing) => return Err(invalid()),
                None => name.into(),
            };
            return Ok(Some(Mapping::Iri(iri)));
        }
        if name.contains('/') {
            return match self.context.expand_iri(name, Role::Term) {
                Mapping::Iri(iri) if iri::is_absolute(&iri) => Ok(Some(Mapping::Iri(iri))),
                Mapping::Iri(_) | Mapping::Keyword(_) | Mapping::Nothing => Err(invalid()),
            };
        }
        if name == Keyword::Type.as_str() {
            return Ok(Some(Mapping::Keyword(Keyword::Type)));
        }
        let vocabulary = self.context.vocabulary.as_ref().ok_or_else(invalid)?;
        Ok(Some(Mapping::Iri([vocabulary, name].concat().into())))
    }

    /// Step 14: what the term's `@id` stands for.
    fn read_id(&self, written: &Written<'_>, id: &str) -> Result<Option<Mapping>, JsonLdError> {
        let name = written.name;
        if is_keyword_like(id) && Keyword::parse(id).is_none() {
            return Ok(None);
        }
        let mapping = self.expand(id);
        match &mapping {
            Mapping::Keyword(Keyword::Context) => {
                return Err(written.invalid(ErrorCode::InvalidKeywordAlias));
            }
            Mapping::Keyword(_) => {}
            Mapping::Iri(iri) if is_node_name(iri) => {}
            Mapping::Iri(_) | Mapping::Nothing => return Err(written.invalid(ErrorCode::InvalidIriMapping)),
        }
        // A term that reads like an IRI must stand for that IRI.
        let inner = name.get(1..name.len().saturating_sub(1)).unwrap_or_default();
        if (inner.contains(':') || name.contains('/')) && self.expand(name) != mapping {
            return Err(written.invalid(ErrorCode::InvalidIriMapping));
        }
        Ok(Some(mapping))
    }

    /// Steps 14.2.5 and 25: whether compact IRIs can begin with the term.
    fn read_prefix(&self, written: &Written<'_>, mapping: &Mapping) -> Result<bool, JsonLdError> {
        let is_plain_name = !written.name.contains([':', '/']);
        let Some(value) = written.member(Keyword::Prefix) else {
            let ends_openly = match mapping {
                Mapping::Iri(iri) => {
                    iri.ends_with([':', '/', '?', '#', '[', ']', '@']) || iri.starts_with("_:")
                }
                Mapping::Keyword(_) | Mapping::Nothing => false,
            };
            return Ok(is_plain_name && written.is_simple() && ends_openly);
        };
        self.processor.only_in_1_1(ErrorCode::InvalidTermDefinition, written.name)?;
        if !is_plain_name {
            return Err(written.invalid(ErrorCode::InvalidTermDefinition));
        }
        let prefix = boolean(value, ErrorCode::InvalidPrefixValue)?;
        if prefix && matches!(mapping, Mapping::Keyword(_)) {
            return Err(written.invalid(ErrorCode::InvalidTermDefinition));
        }
        Ok(prefix)
    }

    /// Step 19.
    fn read_container(&self, written: &Written<'_>) -> Result<Container, JsonLdError> {
        let Some(value) = written.member(Keyword::Container) else { return Ok(Container::default()) };
        let reverse = written.has(Keyword::Reverse);
        let code =
            if reverse { ErrorCode::InvalidReverseProperty } else { ErrorCode::InvalidContainerMapping };
        if reverse && value.is_null() {
            return Ok(Container::default());
        }
        if value.is_array() {
            self.processor.only_in_1_1(code, written.name)?;
        }
        let mut container = Container::default();
        for item in one_or_many(value) {
            let part = match item.as_str().and_then(Keyword::parse) {
                Some(Keyword::Graph) => &mut container.graph,
                Some(Keyword::Id) => &mut container.id,
                Some(Keyword::Index) => &mut container.index,
                Some(Keyword::Language) => &mut container.language,
                Some(Keyword::List) => &mut container.list,
                Some(Keyword::Set) => &mut container.set,
                Some(Keyword::Type) => &mut container.type_,
                _ => return Err(written.invalid(code)),
            };
            *part = true;
        }
        let Container { graph, id, index, language, list, set, type_ } = container;
        if graph || id || type_ {
            self.processor.only_in_1_1(code, written.name)?;
        }
        let maps = [id, index, language, type_].into_iter().filter(|part| *part).count();
        let possible = if reverse {
            // NOTE: of arrays, step 13.5 speaks no word; `@set` or `@index` alone is what it allows.
            value.is_string() && (set || index)
        } else if list {
            maps == 0 && !graph && !set
        } else if graph {
            maps == 0 || (maps == 1 && (id || index))
        } else {
            maps == 1 || (maps == 0 && set)
        };
        if possible { Ok(container) } else { Err(written.invalid(code)) }
    }

    /// Step 20.
    fn read_index(
        &self,
        written: &Written<'_>,
        container: Container,
    ) -> Result<Option<Arc<str>>, JsonLdError> {
        let Some(value) = written.member(Keyword::Index) else { return Ok(None) };
        self.processor.only_in_1_1(ErrorCode::InvalidTermDefinition, written.name)?;
        let invalid = || written.invalid(ErrorCode::InvalidTermDefinition);
        let text = value.as_str().filter(|_| container.index).ok_or_else(invalid)?;
        match self.expand(text) {
            Mapping::Iri(iri) if iri::is_absolute(&iri) => Ok(Some(text.into())),
            Mapping::Iri(_) | Mapping::Keyword(_) | Mapping::Nothing => Err(invalid()),
        }
    }

    /// Step 21.
    fn read_context(&mut self, written: &Written<'_>) -> Result<Option<LocalContext>, JsonLdError> {
        let Some(value) = written.member(Keyword::Context) else { return Ok(None) };
        self.processor.only_in_1_1(ErrorCode::InvalidTermDefinition, written.name)?;
        let local = self.processor.new_local(value, self.local.base.clone(), self.context.shared);
        if !self.run.only_checks() {
            self.processor.check_scoped(&self.context, &local, self.run).map_err(|error| match error {
                JsonLdError::Invalid { .. } => written.invalid(ErrorCode::InvalidScopedContext),
                other => other,
            })?;
        }
        Ok(Some(local))
    }

    /// Step 24.
    fn read_nest(&self, written: &Written<'_>) -> Result<Option<Arc<str>>, JsonLdError> {
        let Some(value) = written.member(Keyword::Nest) else { return Ok(None) };
        self.processor.only_in_1_1(ErrorCode::InvalidTermDefinition, written.name)?;
        match value.as_str() {
            Some(text) if text == "@nest" || Keyword::parse(text).is_none() => Ok(Some(text.into())),
            _ => Err(written.invalid(ErrorCode::InvalidNestValue)),
        }
    }

    /// IRI expansion while the context is being made; what the text needs is defined.
    fn expand(&self, text: &str) -> Mapping {
        self.context.expand_iri(text, Role::Term)
    }

    /// Defines what the expansion of a text needs.
    fn define_for(&mut self, text: &str) -> Result<(), JsonLdError> {
        if !is_keyword_like(text) {
            self.define(text)?;
        }
        if self.context.term(text).is_none()
            && let Some((prefix, suffix)) = iri::split_compact(text)
            && prefix != "_"
            && !suffix.starts_with("//")
        {
            self.define(prefix)?;
        }
        Ok(())
    }
}

/// A term definition as it stands in a context: null, a string, or an object.
struct Written<'v> {
    name: &'v str,
    value: &'v Value,
}

impl<'v> Written<'v> {
    fn of(name: &'v str, value: &'v Value) -> Result<Self, JsonLdError> {
        match value {
            Value::Null | Value::Object(_) | Value::String(_) => Ok(Self { name, value }),
            _ => Err(JsonLdError::invalid(ErrorCode::InvalidTermDefinition, name)),
        }
    }

    /// Null and a string mean the same as an object with that as its `@id` (steps 7 to 9).
    fn member(&self, keyword: Keyword) -> Option<&'v Value> {
        match self.value {
            Value::Object(members) => members.get(keyword.as_str()),
            id => (keyword == Keyword::Id).then_some(id),
        }
    }

    fn has(&self, keyword: Keyword) -> bool {
        self.member(keyword).is_some()
    }

    fn is_simple(&self) -> bool {
        self.value.is_string()
    }

    /// Step 26.
    fn refuse_unknown_members(&self) -> Result<(), JsonLdError> {
        let Value::Object(members) = self.value else { return Ok(()) };
        let is_known = |name: &String| {
            matches!(
                Keyword::parse(name),
                Some(
                    Keyword::Container
                        | Keyword::Context
                        | Keyword::Direction
                        | Keyword::Id
                        | Keyword::Index
                        | Keyword::Language
                        | Keyword::Nest
                        | Keyword::Prefix
                        | Keyword::Protected
                        | Keyword::Reverse
                        | Keyword::Type
                )
            )
        };
        if members.keys().all(is_known) {
            Ok(())
        } else {
            Err(self.invalid(ErrorCode::InvalidTermDefinition))
        }
    }

    fn invalid(&self, code: ErrorCode) -> JsonLdError {
        JsonLdError::invalid(code, self.name)
    }
}

/// A type map types its nodes, so its term can only say what their types are relative to (step 19.4).
fn type_in_container(
    container: Container,
    declared: Option<TypeMapping>,
    written: &Written<'_>,
) -> Result<Option<TypeMapping>, JsonLdError> {
    match declared {
        declared if !container.type_ => Ok(declared),
        None => Ok(Some(TypeMapping::Id)),
        Some(TypeMapping::Id | TypeMapping::Vocab) => Ok(declared),
        Some(TypeMapping::Datatype(_) | TypeMapping::Json | TypeMapping::None) => {
            Err(written.invalid(ErrorCode::InvalidTypeMapping))
        }
    }
}

/// Step 22: a typed term has no language of its own.
fn read_language(written: &Written<'_>) -> Result<Setting<Arc<str>>, JsonLdError> {
    match written.member(Keyword::Language) {
        Some(value) if !written.has(Keyword::Type) => {
            let language = string_or_null(value, ErrorCode::InvalidLanguageMapping)?;
            Ok(language.map_or(Setting::None, |language| Setting::Some(language.into())))
        }
        _ => Ok(Setting::Default),
    }
}

/// Step 23.
fn read_direction(written: &Written<'_>) -> Result<Setting<super::context::Direction>, JsonLdError> {
    match written.member(Keyword::Direction) {
        Some(value) if !written.has(Keyword::Type) => {
            Ok(direction_or_null(value)?.map_or(Setting::None, Setting::Some))
        }
        _ => Ok(Setting::Default),
    }
}

/// Whether a text names a node: an IRI or a blank node.
fn is_node_name(text: &str) -> bool {
    text.starts_with("_:") || iri::is_absolute(text)
}

fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        item => std::slice::from_ref(item),
    }
}
