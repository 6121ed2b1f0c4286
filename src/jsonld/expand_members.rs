//! The members of an object, during expansion (JSON-LD 1.1 API section 5.1.2, steps 13 and 14).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{ActiveContext, Direction, Mapping, Role, TypeMapping};
use super::context_processing::Scope;
use super::expand::{Expander, Place, one_or_many, sorted_if};
use super::expand_value::is_language_tag;
use super::keyword::{Keyword, is_keyword_like};
use super::node::{Item, ListObject, NodeId, NodeObject, Scalar, ValueObject};
use super::{ErrorCode, JsonLdError, Loss};

/// What the members of one object said, as far as they have been read.
#[derive(Default)]
pub(super) struct Members {
    pub(super) node: Box<NodeObject>,
    pub(super) value: Option<Value>,
    pub(super) language: Option<Arc<str>>,
    pub(super) direction: Option<Direction>,
    pub(super) list: Option<Vec<Item>>,
    pub(super) set: Option<Vec<Item>>,
    /// Whether the object's type makes its value a JSON literal.
    pub(super) has_json_type: bool,
    pub(super) seen: BTreeSet<Keyword>,
    /// What the object's types are called and stand for, if there is somebody to be told.
    pub(super) classes: Vec<(String, Arc<str>)>,
}

/// The contexts that members are read in.
#[derive(Clone, Copy)]
pub(super) struct Contexts<'c> {
    pub(super) active: &'c Arc<ActiveContext>,
    /// The context before that of the types: the one in which types are read.
    pub(super) type_scoped: &'c Arc<ActiveContext>,
}

impl Expander<'_> {
    /// Reads all members of an object, and those that are nested in it.
    pub(super) fn expand_members(
        &mut self,
        contexts: Contexts<'_>,
        place: Place<'_>,
        members: &Map<String, Value>,
        collected: &mut Members,
    ) -> Result<(), JsonLdError> {
        let mut nested = Vec::new();
        for (name, value) in sorted_if(members, |name| name != Keyword::Context.as_str()) {
            let stands_for = contexts.active.expand_iri(name, Role::Term);
            self.tell_member(name, &stands_for);
            match stands_for {
                Mapping::Keyword(_) if place == Place::Reverse => {
                    return Err(JsonLdError::invalid(ErrorCode::InvalidReversePropertyMap, name));
                }
                Mapping::Keyword(Keyword::Nest) => nested.push((name, value)),
                Mapping::Keyword(keyword) => {
                    collected.claim(keyword, name)?;
                    self.expand_keyword(contexts, place, keyword, value, collected)?;
                }
                Mapping::Iri(iri) if iri.contains(':') => {
                    self.expand_property(contexts.active, name, iri, value, &mut collected.node)?;
                }
                Mapping::Nothing if is_keyword_like(name) => self.leave_out(Loss::KeywordLike, name)?,
                Mapping::Iri(_) | Mapping::Nothing => self.leave_out(Loss::UndefinedTerm, name)?,
            }
            self.tell_end();
        }
        for (name, value) in nested {
            self.tell_member(name, &Mapping::Keyword(Keyword::Nest));
            self.expand_nested(contexts, place, name, value, collected)?;
            self.tell_end();
        }
        Ok(())
    }

    /// Tells the witness that a member begins.
    fn tell_member(&mut self, name: &str, stands_for: &Mapping) {
        let Some(witness) = &mut self.witness else { return };
        match stands_for {
            Mapping::Iri(iri) => witness.enter(name, iri),
            Mapping::Keyword(keyword) => witness.enter(name, keyword.as_str()),
            Mapping::Nothing => witness.enter(name, ""),
        }
    }

    /// Tells the witness that a member ends.
    fn tell_end(&mut self) {
        if let Some(witness) = &mut self.witness {
            witness.leave();
        }
    }

    /// Step 14: the members of a nested object count as the outer object's.
    #[inline(never)] // keeps the frames of the recursion small
    fn expand_nested(
        &mut self,
        contexts: Contexts<'_>,
        place: Place<'_>,
        name: &str,
        value: &Value,
        collected: &mut Members,
    ) -> Result<(), JsonLdError> {
        let active = match contexts.active.scoped_context(name) {
            Some(local) => &self.contexts.process(contexts.active, local, Scope::Property)?,
            None => contexts.active,
        };
        for object in one_or_many(value) {
            let invalid = || JsonLdError::invalid(ErrorCode::InvalidNestValue, name);
            let members = object.as_object().ok_or_else(invalid)?;
            if members.keys().any(|name| active.keyword(name) == Some(Keyword::Value)) {
                return Err(invalid());
            }
            self.expand_members(Contexts { active, ..contexts }, place, members, collected)?;
        }
        Ok(())
    }

    /// Step 13.4.
    fn expand_keyword(
        &mut self,
        contexts: Contexts<'_>,
        place: Place<'_>,
        keyword: Keyword,
        value: &Value,
        collected: &mut Members,
    ) -> Result<(), JsonLdError> {
        let context = contexts.active;
        match keyword {
            Keyword::Id => collected.node.id = self.expand_id(context, value)?,
            Keyword::Type => self.expand_types(contexts.type_scoped, value, collected)?,
            Keyword::Graph => {
                let items = self.expand(context, Place::Top, value, false)?;
                collected.node.graph = Some(items.unwrap_or_default());
            }
            Keyword::Included => {
                let items = self.expand_included(context, value)?;
                collected.node.included.get_or_insert_default().extend(items);
            }
            Keyword::Value => {
                if (value.is_array() || value.is_object()) && !collected.has_json_type {
                    return Err(JsonLdError::invalid(ErrorCode::InvalidValueObjectValue, value.to_string()));
                }
                collected.value = Some(value.clone());
            }
            Keyword::Language => {
                let language = text(value, ErrorCode::InvalidLanguageTaggedString)?;
                self.check_language(language)?;
                collected.language = Some(language.into());
            }
            Keyword::Direction => {
                let direction = value.as_str().and_then(Direction::parse);
                let invalid = || JsonLdError::invalid(ErrorCode::InvalidBaseDirection, value.to_string());
                collected.direction = Some(direction.ok_or_else(invalid)?);
            }
            Keyword::Index => {
                collected.node.index = Some(text(value, ErrorCode::InvalidIndexValue)?.into());
            }
            Keyword::List if place == Place::Top => self.leave_out(Loss::FreeFloating, "@list")?,
            Keyword::List => {
                let items = self.expand_array(context, place, one_or_many(value), false, true)?;
                collected.list = Some(items);
            }
            Keyword::Set => {
                collected.set = Some(self.expand(context, place, value, false)?.unwrap_or_default());
            }
            Keyword::Reverse => self.expand_reverse(context, value, &mut collected.node)?,
            other => self.leave_out(Loss::KeywordLike, other.as_str())?,
        }
        Ok(())
    }

    #[inline(never)] // keeps the frames of the recursion small
    fn expand_id(&self, context: &ActiveContext, value: &Value) -> Result<NodeId, JsonLdError> {
        let text = text(value, ErrorCode::InvalidIdValue)?;
        self.node_id(context, text, Role::Id)
    }

    /// What a text stands for where a node is named.
    pub(super) fn node_id(
        &self,
        context: &ActiveContext,
        text: &str,
        role: Role,
    ) -> Result<NodeId, JsonLdError> {
        match context.expand_iri(text, role).into_text() {
            Some(name) => Ok(NodeId::Name(name)),
            None => {
                self.leave_out::<()>(Loss::KeywordLike, text)?;
                Ok(NodeId::Nothing)
            }
        }
    }

    #[inline(never)] // keeps the frames of the recursion small
    fn expand_types(
        &self,
        context: &ActiveContext,
        value: &Value,
        collected: &mut Members,
    ) -> Result<(), JsonLdError> {
        let types = collected.node.types.get_or_insert_default();
        for name in one_or_many(value) {
            let name = text(name, ErrorCode::InvalidTypeValue)?;
            match context.expand_iri(name, Role::Type).into_text() {
                Some(iri) => {
                    if self.witness.is_some() {
                        collected.classes.push((name.to_owned(), Arc::clone(&iri)));
                    }
                    types.push(iri);
                }
                None => self.leave_out(Loss::KeywordLike, name)?,
            }
        }
        Ok(())
    }

    fn expand_included(
        &mut self,
        context: &Arc<ActiveContext>,
        value: &Value,
    ) -> Result<Vec<Item>, JsonLdError> {
        let items = self.expand(context, Place::Included, value, false)?.unwrap_or_default();
        if items.iter().all(Item::is_node) && one_or_many(value).iter().all(Value::is_object) {
            Ok(items)
        } else {
            Err(JsonLdError::invalid(ErrorCode::InvalidIncludedValue, "@included"))
        }
    }

    /// Step 13.4.13: a map of properties that point to this node.
    #[inline(never)] // keeps the frames of the recursion small
    fn expand_reverse(
        &mut self,
        context: &Arc<ActiveContext>,
        value: &Value,
        node: &mut NodeObject,
    ) -> Result<(), JsonLdError> {
        if !value.is_object() {
            return Err(JsonLdError::invalid(ErrorCode::InvalidReverseValue, value.to_string()));
        }
        for item in self.expand(context, Place::Reverse, value, false)?.unwrap_or_default() {
            let Item::Node(reversed) = item else { continue };
            node.properties.extend(reversed.reverse);
            for (property, items) in reversed.properties {
                check_nodes(&property, &items)?;
                node.reverse.push((property, items));
            }
        }
        Ok(())
    }

    /// Steps 13.5 to 13.14: a member that is a property.
    fn expand_property(
        &mut self,
        context: &Arc<ActiveContext>,
        name: &str,
        property: Arc<str>,
        value: &Value,
        node: &mut NodeObject,
    ) -> Result<(), JsonLdError> {
        let term = context.term(name);
        let container = term.map(|term| term.container).unwrap_or_default();
        let is_json = term.is_some_and(|term| term.type_mapping == Some(TypeMapping::Json));
        let mut items = match value {
            value if is_json => vec![Item::Value(ValueObject::plain(Scalar::Json(value.clone())))],
            Value::Object(map) if container.language => self.expand_language_map(context, name, map)?,
            Value::Object(map) if container.index || container.type_ || container.id => {
                self.expand_map(context, name, container, map)?
            }
            value => match self.expand(context, Place::Property(name), value, false)? {
                Some(items) => items,
                None => return Ok(()),
            },
        };
        let is_list_object = !value.is_array() && matches!(items.as_slice(), [Item::List(_)]);
        if container.list && !is_list_object {
            items = vec![Item::List(ListObject { items, index: None })];
        }
        if container.graph && !container.id && !container.index {
            let graph_of = |item| Item::Node(Box::new(NodeObject::of_graph(vec![item])));
            items = items.into_iter().map(graph_of).collect();
        }
        if term.is_some_and(|term| term.reverse) {
            check_nodes(name, &items)?;
            node.reverse.push((property, items));
        } else {
            node.properties.push((property, items));
        }
        Ok(())
    }

    /// In safe mode, refuses a language tag that RDF would refuse.
    pub(super) fn check_language(&self, tag: &str) -> Result<(), JsonLdError> {
        if is_language_tag(tag) { Ok(()) } else { self.leave_out(Loss::LanguageTag, tag) }
    }
}

impl Members {
    /// Refuses a second member for the same keyword, where the two cannot be united (step 13.4.2).
    fn claim(&mut self, keyword: Keyword, name: &str) -> Result<(), JsonLdError> {
        let is_new = self.seen.insert(keyword);
        if is_new || matches!(keyword, Keyword::Included | Keyword::Type) {
            Ok(())
        } else {
            Err(JsonLdError::invalid(ErrorCode::CollidingKeywords, name))
        }
    }
}

/// A reverse property points from nodes, so a value or list cannot be its value.
fn check_nodes(name: &str, items: &[Item]) -> Result<(), JsonLdError> {
    if items.iter().all(Item::is_node) {
        Ok(())
    } else {
        Err(JsonLdError::invalid(ErrorCode::InvalidReversePropertyValue, name))
    }
}

fn text(value: &Value, code: ErrorCode) -> Result<&str, JsonLdError> {
    value.as_str().ok_or_else(|| JsonLdError::invalid(code, value.to_string()))
}
