//! Maps in the place of values, during expansion (JSON-LD 1.1 API section 5.1.2, steps 13.7 and 13.8).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{ActiveContext, Container, Role};
use super::context_processing::Scope;
use super::expand::{Expander, Place, one_or_many, sorted};
use super::expand_value::expand_value;
use super::keyword::Keyword;
use super::node::{Item, NodeId, NodeObject, Scalar, ValueObject};
use super::{ErrorCode, JsonLdError, Loss};

impl Expander<'_> {
    /// A map from languages to texts.
    #[inline(never)] // keeps the frames of the recursion small
    pub(super) fn expand_language_map(
        &mut self,
        context: &ActiveContext,
        name: &str,
        map: &Map<String, Value>,
    ) -> Result<Vec<Item>, JsonLdError> {
        let default = context.direction.as_ref();
        let direction = context.term(name).and_then(|term| term.direction.or_default(default));
        let mut items = Vec::new();
        for (tag, texts) in sorted(map) {
            let language = if stands_for_none(context, tag) {
                self.tell_alias(tag);
                None
            } else {
                self.check_language(tag)?;
                Some(Arc::from(tag))
            };
            if one_or_many(texts).iter().all(Value::is_null) {
                self.tell_nothing(tag);
            }
            for text in one_or_many(texts) {
                let text = match text {
                    Value::Null => continue,
                    Value::String(text) => Scalar::Text(text.as_str().into()),
                    other => {
                        let code = ErrorCode::InvalidLanguageMapValue;
                        return Err(JsonLdError::invalid(code, other.to_string()));
                    }
                };
                let language = language.clone();
                items.push(Item::Value(ValueObject { language, direction, ..ValueObject::plain(text) }));
            }
        }
        Ok(items)
    }

    /// A map from indexes, ids or types to values.
    #[inline(never)] // keeps the frames of the recursion small
    pub(super) fn expand_map(
        &mut self,
        context: &Arc<ActiveContext>,
        name: &str,
        container: Container,
        map: &Map<String, Value>,
    ) -> Result<Vec<Item>, JsonLdError> {
        let mut expanded = Vec::new();
        for (index, values) in sorted(map) {
            self.contexts.check_start(false, index)?;
            let map_context = self.context_of_entry(context, container, index)?;
            let place = Place::Property(name);
            let items = self.expand_array(&map_context, place, one_or_many(values), true, container.list)?;
            if items.is_empty() {
                self.tell_nothing(index);
            }
            for mut item in items {
                if container.graph && !is_graph(&item) {
                    item = Item::Node(Box::new(NodeObject::of_graph(vec![item])));
                }
                if stands_for_none(context, index) {
                    self.tell_alias(index);
                } else {
                    self.put_index(context, name, container, index, &mut item)?;
                }
                expanded.push(item);
            }
        }
        Ok(expanded)
    }

    /// Tells the witness of a key that means that there is no index, but says something else.
    fn tell_alias(&mut self, key: &str) {
        if key != Keyword::None.as_str() {
            self.tell_nothing(key);
        }
    }

    /// The context of a map's values (step 13.8.3.1 to 13.8.3.3): in a type map, the key's own one.
    fn context_of_entry(
        &mut self,
        context: &Arc<ActiveContext>,
        container: Container,
        index: &str,
    ) -> Result<Arc<ActiveContext>, JsonLdError> {
        if !container.id && !container.type_ {
            return Ok(Arc::clone(context));
        }
        let context = context.previous.as_ref().unwrap_or(context);
        match context.scoped_context(index) {
            Some(local) if container.type_ => self.contexts.process(context, local, Scope::Type),
            _ => Ok(Arc::clone(context)),
        }
    }

    /// Writes the key of a map into the item that it leads to (step 13.8.3.7).
    #[inline(never)] // keeps the frames of the recursion small
    fn put_index(
        &self,
        context: &ActiveContext,
        name: &str,
        container: Container,
        index: &str,
        item: &mut Item,
    ) -> Result<(), JsonLdError> {
        if container.index {
            return match context.term(name).and_then(|term| term.index.as_deref()) {
                Some(property) => self.put_index_property(context, property, index, item),
                None => {
                    let place = match item {
                        Item::List(list) => &mut list.index,
                        Item::Node(node) => &mut node.index,
                        Item::Value(value) => &mut value.index,
                    };
                    place.get_or_insert_with(|| index.into());
                    Ok(())
                }
            };
        }
        let Item::Node(node) = item else {
            return self.leave_out(Loss::IndexOfValue, index);
        };
        if container.id {
            if node.id == NodeId::Absent {
                node.id = self.node_id(context, index, Role::Id)?;
            }
        } else {
            match context.expand_iri(index, Role::Type).into_text() {
                Some(iri) => node.types.get_or_insert_default().insert(0, iri),
                None => self.leave_out(Loss::KeywordLike, index)?,
            }
        }
        Ok(())
    }

    /// A property-valued index: the key becomes the value of a property.
    fn put_index_property(
        &self,
        context: &ActiveContext,
        property: &str,
        index: &str,
        item: &mut Item,
    ) -> Result<(), JsonLdError> {
        let Item::Node(node) = item else {
            return Err(JsonLdError::invalid(ErrorCode::InvalidValueObject, index));
        };
        let value = expand_value(self, context, property, &Value::from(index))?;
        match context.expand_iri(property, Role::Term).into_text() {
            // Before the others: that is where the specification puts it.
            Some(iri) => node.properties.insert(0, (iri, vec![value])),
            None => self.leave_out(Loss::UndefinedTerm, property)?,
        }
        Ok(())
    }
}

/// Whether a key means that there is no index.
fn stands_for_none(context: &ActiveContext, key: &str) -> bool {
    context.keyword(key) == Some(Keyword::None)
}

fn is_graph(item: &Item) -> bool {
    matches!(item, Item::Node(node) if node.graph.is_some())
}
