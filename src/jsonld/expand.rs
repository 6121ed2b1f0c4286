//! Expansion (JSON-LD 1.1 API section 5.1).
//!
//! In: a JSON value and the active context. Out: the expanded form, as [`Item`]s. What this leaves out, and in safe
//! mode refuses, is decided here; see [`Expander::leave_out`].

use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{ActiveContext, Mapping, Role, TermDefinition};
use super::context_processing::{ContextProcessor, Scope};
use super::expand_members::{Contexts, Members};
use super::expand_value::expand_value;
use super::keyword::Keyword;
use super::node::{Item, ListObject, NodeId, NodeObject, Scalar, ValueObject};
use super::{ErrorCode, JsonLdError, Loss, Safety, Witness, iri};

/// Expands one document.
///
/// Recursion follows the document, whose depth was bounded beforehand.
pub(super) struct Expander<'a> {
    pub(super) contexts: ContextProcessor<'a>,
    pub(super) safety: Safety,
    /// What references to contexts are relative to.
    pub(super) base: Option<Arc<str>>,
    pub(super) witness: Option<&'a mut dyn Witness>,
}

/// Where an element stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place<'d> {
    /// In `@included`.
    Included,
    /// It is the value of a property, by the name that stands in the document.
    Property(&'d str),
    /// It is a map of reverse properties.
    Reverse,
    /// At the top of the document, or of a graph.
    Top,
}

impl<'d> Place<'d> {
    pub(super) fn term(self, context: &ActiveContext) -> Option<&TermDefinition> {
        match self {
            Self::Property(name) => context.term(name),
            Self::Included | Self::Reverse | Self::Top => None,
        }
    }
}

/// What an element expands to: nothing, one item, or a list of them.
pub(super) type Expanded = Option<Vec<Item>>;

impl Expander<'_> {
    /// Expands any element.
    pub(super) fn expand(
        &mut self,
        context: &Arc<ActiveContext>,
        place: Place<'_>,
        element: &Value,
        from_map: bool,
    ) -> Result<Expanded, JsonLdError> {
        match element {
            Value::Null => Ok(None),
            Value::Array(elements) => {
                let is_list = place.term(context).is_some_and(|term| term.container.list);
                self.expand_array(context, place, elements, from_map, is_list).map(Some)
            }
            Value::Object(members) => self.expand_object(context, place, members, from_map),
            scalar => self.expand_scalar(context, place, scalar),
        }
    }

    /// Expands the elements of an array; in a list, an inner array is a list of its own.
    pub(super) fn expand_array(
        &mut self,
        context: &Arc<ActiveContext>,
        place: Place<'_>,
        elements: &[Value],
        from_map: bool,
        is_list: bool,
    ) -> Result<Vec<Item>, JsonLdError> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            let Some(expanded) = self.expand(context, place, element, from_map)? else { continue };
            if is_list && element.is_array() {
                items.push(Item::List(ListObject { items: expanded, index: None }));
            } else {
                items.extend(expanded);
            }
        }
        Ok(items)
    }

    /// Step 4.
    #[inline(never)] // keeps the frames of the recursion small
    fn expand_scalar(
        &mut self,
        context: &Arc<ActiveContext>,
        place: Place<'_>,
        scalar: &Value,
    ) -> Result<Expanded, JsonLdError> {
        let Place::Property(name) = place else {
            return self.leave_out(Loss::FreeFloating, &scalar.to_string());
        };
        let scoped = match context.scoped_context(name) {
            Some(local) => &self.contexts.process(context, local, Scope::Property)?,
            None => context,
        };
        Ok(Some(vec![expand_value(self, scoped, name, scalar)?]))
    }

    fn expand_object(
        &mut self,
        context: &Arc<ActiveContext>,
        place: Place<'_>,
        members: &Map<String, Value>,
        from_map: bool,
    ) -> Result<Expanded, JsonLdError> {
        let type_scoped = self.context_of_node(context, place, members, from_map)?;
        let (context, input_type) = self.context_of_types(&type_scoped, members)?;
        let has_json_type = input_type == Some(Mapping::Keyword(Keyword::Json));
        let mut collected = Members { has_json_type, ..Members::default() };
        let contexts = Contexts { active: &context, type_scoped: &type_scoped };
        self.expand_members(contexts, place, members, &mut collected)?;
        self.tell_classes(&mut collected);
        self.finish(place, collected)
    }

    /// The active context of a node, its types aside (steps 3 and 7 to 9).
    #[inline(never)] // keeps the frames of the recursion small
    fn context_of_node(
        &mut self,
        context: &Arc<ActiveContext>,
        place: Place<'_>,
        members: &Map<String, Value>,
        from_map: bool,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        let mut active = match &context.previous {
            Some(previous) if !from_map && !is_value_or_reference(context, members) => Arc::clone(previous),
            _ => Arc::clone(context),
        };
        if let Place::Property(name) = place
            && let Some(local) = context.scoped_context(name)
        {
            active = self.contexts.process(&active, local, Scope::Property)?;
        }
        if let Some(local) = members.get("@context") {
            active = self.contexts.process_embedded(&active, local, self.base.clone())?;
        }
        Ok(active)
    }

    /// The active context with the contexts of the node's types, and the type that decides how a value is read
    /// (steps 10 to 12).
    #[inline(never)] // keeps the frames of the recursion small
    fn context_of_types(
        &mut self,
        type_scoped: &Arc<ActiveContext>,
        members: &Map<String, Value>,
    ) -> Result<(Arc<ActiveContext>, Option<Mapping>), JsonLdError> {
        let mut active = Arc::clone(type_scoped);
        let mut input_type = None;
        for (_, value) in sorted_if(members, |name| type_scoped.keyword(name) == Some(Keyword::Type)) {
            let types: Vec<&str> = one_or_many(value).iter().filter_map(Value::as_str).collect();
            let mut in_order = types.clone();
            in_order.sort_unstable();
            for name in in_order {
                if let Some(local) = type_scoped.scoped_context(name) {
                    active = self.contexts.process(&active, local, Scope::Type)?;
                }
            }
            if input_type.is_none() {
                input_type = types.last().map(|name| active.expand_iri(name, Role::Term));
            }
        }
        Ok((active, input_type))
    }

    /// Makes an item of what the members said (steps 15 to 19).
    #[inline(never)] // keeps the frames of the recursion small
    fn finish(&self, place: Place<'_>, collected: Members) -> Result<Expanded, JsonLdError> {
        let is_top = place == Place::Top;
        if collected.value.is_some() {
            let Some(value) = self.finish_value(collected)? else { return Ok(None) };
            if is_top {
                return self.leave_out(Loss::FreeFloating, "@value");
            }
            return Ok(Some(vec![Item::Value(value)]));
        }
        let Members { node, language, direction, list, set, .. } = collected;
        let says_language = language.is_some() || direction.is_some();
        if list.is_some() || set.is_some() {
            let alone = list.is_none() || set.is_none();
            if !alone || says_language || !node.is_bare() || node.id != NodeId::Absent {
                return Err(JsonLdError::invalid(ErrorCode::InvalidSetOrListObject, "@list or @set"));
            }
        }
        if let Some(items) = set {
            if let Some(index) = &node.index {
                self.leave_out::<()>(Loss::Index, index)?;
            }
            return Ok(Some(items));
        }
        if let Some(items) = list {
            if is_top {
                return self.leave_out(Loss::FreeFloating, "@list");
            }
            return Ok(Some(vec![Item::List(ListObject { items, index: node.index })]));
        }
        let NodeObject { id, index, .. } = &*node;
        if says_language {
            // A language or direction without a value says nothing.
            self.leave_out::<()>(Loss::FreeFloating, "@language or @direction")?;
            if node.is_bare() && *id == NodeId::Absent && index.is_none() {
                return Ok(None);
            }
        }
        if is_top && node.is_bare() && index.is_none() {
            return match id {
                NodeId::Absent | NodeId::Nothing => self.leave_out(Loss::EmptyObject, "{}"),
                NodeId::Name(name) => self.leave_out(Loss::EmptyObject, name),
            };
        }
        Ok(Some(vec![Item::Node(node)]))
    }

    /// Makes a value of what the members said (step 15).
    #[inline(never)] // keeps the frames of the recursion small
    fn finish_value(&self, collected: Members) -> Result<Option<ValueObject>, JsonLdError> {
        let Members { node, value, language, direction, list, set, .. } = collected;
        let value = value.unwrap_or(Value::Null);
        let shown = || value.to_string();
        let invalid = |code| JsonLdError::invalid(code, shown());
        let types = node.types.as_deref().unwrap_or_default();
        if node.has_relations() || node.id != NodeId::Absent || list.is_some() || set.is_some() {
            return Err(invalid(ErrorCode::InvalidValueObject));
        }
        let has_language = language.is_some() || direction.is_some();
        if node.types.is_some() && has_language {
            return Err(invalid(ErrorCode::InvalidValueObject));
        }
        let datatype = match types {
            [] => None,
            [one] => Some(Arc::clone(one)),
            _ => return Err(invalid(ErrorCode::InvalidTypedValue)),
        };
        let index = node.index.clone();
        if datatype.as_deref() == Some(Keyword::Json.as_str()) {
            return Ok(Some(ValueObject { index, ..ValueObject::plain(Scalar::Json(value)) }));
        }
        let value = match value {
            Value::Null => return self.leave_out(Loss::NullValue, "@value"),
            Value::Bool(value) => Scalar::Boolean(value),
            Value::Number(value) => Scalar::Number(value),
            Value::String(value) => Scalar::Text(value.into()),
            other => {
                return Err(JsonLdError::invalid(ErrorCode::InvalidValueObjectValue, other.to_string()));
            }
        };
        if language.is_some() && !matches!(value, Scalar::Text(_)) {
            return Err(JsonLdError::invalid(ErrorCode::InvalidLanguageTaggedValue, "@value"));
        }
        if let Some(datatype) = datatype.as_ref().filter(|datatype| !iri::is_absolute(datatype)) {
            return Err(JsonLdError::invalid(ErrorCode::InvalidTypedValue, &**datatype));
        }
        Ok(Some(ValueObject { value, datatype, language, direction, index }))
    }

    /// Tells the witness of a node's classes. What is called the type of a value is none.
    fn tell_classes(&mut self, collected: &mut Members) {
        let Some(witness) = &mut self.witness else { return };
        for (name, iri) in collected.classes.drain(..).filter(|_| collected.value.is_none()) {
            witness.class(&name, &iri);
        }
    }

    /// Tells the witness of a text that belongs to nothing.
    pub(super) fn tell_nothing(&mut self, text: &str) {
        if let Some(witness) = &mut self.witness {
            witness.nothing(text);
        }
    }

    /// Leaves out a part of the document, or refuses to.
    pub(super) fn leave_out<T: Default>(&self, loss: Loss, found: &str) -> Result<T, JsonLdError> {
        match self.safety {
            Safety::Lenient => Ok(T::default()),
            Safety::Safe => Err(JsonLdError::loss(loss, found)),
        }
    }
}

/// Whether an object is a value, or nothing but a reference to a node: such do not leave a type-scoped context.
fn is_value_or_reference(context: &ActiveContext, members: &Map<String, Value>) -> bool {
    let is_single = members.len() == 1;
    members.keys().any(|name| match context.keyword(name) {
        Some(Keyword::Value) => true,
        Some(Keyword::Id) => is_single,
        _ => false,
    })
}

/// The members of an object in the order of their names, which is that of the specification.
pub(super) fn sorted(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    sorted_if(members, |_| true)
}

/// As [`sorted`], of the members with certain names.
pub(super) fn sorted_if(
    members: &Map<String, Value>,
    is_meant: impl Fn(&str) -> bool,
) -> Vec<(&str, &Value)> {
    let members = members.iter().map(|(name, value)| (name.as_str(), value));
    let mut sorted: Vec<_> = members.filter(|(name, _)| is_meant(name)).collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    sorted
}

pub(super) fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        item => std::slice::from_ref(item),
    }
}
