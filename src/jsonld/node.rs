//! A document in expanded form, as a tree (JSON-LD 1.1 section 9 "JSON-LD Grammar", with all terms replaced).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Number, Value};

use super::context::Direction;

/// One item of the expanded form. Sets have dissolved into their items.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    List(ListObject),
    Node(Box<NodeObject>),
    Value(ValueObject),
}

#[derive(Clone, Debug)]
pub(crate) struct ListObject {
    pub(crate) items: Vec<Item>,
    pub(crate) index: Option<Arc<str>>,
}

/// A node: something that has properties, or a graph of such nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeObject {
    pub(crate) id: NodeId,
    /// The node's types; `None` if it has no `@type`.
    pub(crate) types: Option<Vec<Arc<str>>>,
    /// Properties with their values; one property can stand here several times.
    pub(crate) properties: Vec<(Arc<str>, Vec<Item>)>,
    /// Properties that point from their values to this node.
    pub(crate) reverse: Vec<(Arc<str>, Vec<Item>)>,
    pub(crate) graph: Option<Vec<Item>>,
    pub(crate) included: Option<Vec<Item>>,
    pub(crate) index: Option<Arc<str>>,
}

impl NodeObject {
    /// Whether nothing but the id and index is said of the node.
    pub(crate) fn is_bare(&self) -> bool {
        self.types.is_none() && !self.has_relations()
    }

    /// Whether anything but the id, types and index is said of the node.
    pub(crate) fn has_relations(&self) -> bool {
        !self.properties.is_empty()
            || !self.reverse.is_empty()
            || self.graph.is_some()
            || self.included.is_some()
    }

    /// The graph of a node that is nothing else, not even named.
    pub(crate) fn take_lone_graph(&mut self) -> Option<Vec<Item>> {
        let is_lone = self.id == NodeId::Absent
            && self.types.is_none()
            && self.properties.is_empty()
            && self.reverse.is_empty()
            && self.included.is_none()
            && self.index.is_none();
        if is_lone { self.graph.take() } else { None }
    }

    /// A node that is nothing but a graph.
    pub(crate) fn of_graph(items: Vec<Item>) -> Self {
        Self { graph: Some(items), ..Self::default() }
    }
}

/// The id of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum NodeId {
    /// There is no `@id`: a blank node.
    #[default]
    Absent,
    Name(Arc<str>),
    /// There is an `@id` that stands for nothing: RDF cannot speak of this node.
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) struct ValueObject {
    pub(crate) value: Scalar,
    pub(crate) datatype: Option<Arc<str>>,
    pub(crate) language: Option<Arc<str>>,
    pub(crate) direction: Option<Direction>,
    pub(crate) index: Option<Arc<str>>,
}

impl ValueObject {
    pub(crate) fn plain(value: Scalar) -> Self {
        Self { value, datatype: None, language: None, direction: None, index: None }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Scalar {
    Boolean(bool),
    /// A JSON literal.
    Json(Value),
    Number(Number),
    Text(Arc<str>),
}

impl Item {
    pub(crate) fn is_node(&self) -> bool {
        matches!(self, Self::Node(_))
    }

    /// The item as the specification writes it.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::List(list) => {
                let mut members = Map::new();
                members.insert("@list".to_owned(), to_json(&list.items));
                insert_text(&mut members, "@index", list.index.as_ref());
                Value::Object(members)
            }
            Self::Node(node) => node.to_json(),
            Self::Value(value) => value.to_json(),
        }
    }
}

impl NodeObject {
    fn to_json(&self) -> Value {
        let mut members = Map::new();
        match &self.id {
            NodeId::Absent => {}
            NodeId::Name(name) => insert_text(&mut members, "@id", Some(name)),
            NodeId::Nothing => {
                members.insert("@id".to_owned(), Value::Null);
            }
        }
        if let Some(types) = &self.types {
            let types = types.iter().map(|name| Value::from(&**name)).collect();
            members.insert("@type".to_owned(), types);
        }
        insert_text(&mut members, "@index", self.index.as_ref());
        if let Some(graph) = &self.graph {
            members.insert("@graph".to_owned(), to_json(graph));
        }
        if let Some(included) = &self.included {
            members.insert("@included".to_owned(), to_json(included));
        }
        members.extend(merged(&self.properties));
        if !self.reverse.is_empty() {
            members.insert("@reverse".to_owned(), Value::Object(merged(&self.reverse).collect()));
        }
        Value::Object(members)
    }
}

impl ValueObject {
    fn to_json(&self) -> Value {
        let mut members = Map::new();
        let value = match &self.value {
            Scalar::Boolean(value) => Value::Bool(*value),
            Scalar::Json(value) => value.clone(),
            Scalar::Number(value) => Value::Number(value.clone()),
            Scalar::Text(value) => Value::from(&**value),
        };
        members.insert("@value".to_owned(), value);
        if matches!(self.value, Scalar::Json(_)) {
            members.insert("@type".to_owned(), Value::from("@json"));
        }
        insert_text(&mut members, "@type", self.datatype.as_ref());
        insert_text(&mut members, "@language", self.language.as_ref());
        insert_text(&mut members, "@index", self.index.as_ref());
        if let Some(direction) = self.direction {
            members.insert("@direction".to_owned(), Value::from(direction.as_str()));
        }
        Value::Object(members)
    }
}

/// Items as a JSON array.
pub(crate) fn to_json(items: &[Item]) -> Value {
    items.iter().map(Item::to_json).collect()
}

fn insert_text(members: &mut Map<String, Value>, name: &str, text: Option<&Arc<str>>) {
    if let Some(text) = text {
        members.insert(name.to_owned(), Value::from(&**text));
    }
}

/// Properties with all their values together, in order of their names.
fn merged(properties: &[(Arc<str>, Vec<Item>)]) -> impl Iterator<Item = (String, Value)> {
    let mut merged: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, items) in properties {
        merged.entry(name).or_default().extend(items.iter().map(Item::to_json));
    }
    merged.into_iter().map(|(name, items)| (name.to_owned(), Value::Array(items)))
}
