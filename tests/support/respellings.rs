//! Ways to spell a document otherwise that may leave its statements as they are.

#![allow(unreachable_pub)] // a test has nobody to export to

use serde_json::{Map, Value, json};

use crate::vocabulary::{Vocabulary, bundled};

/// A change of one object, and what to add to the contexts for it.
pub struct Respelling {
    what: String,
    at: String,
    object: Value,
    context: Value,
    /// Instead of the above.
    whole: Option<Value>,
}

impl Respelling {
    /// What was changed, and the changed document.
    pub fn make(&self, document: &Value) -> (String, Value) {
        let what = format!("{} at {:?}", self.what, self.at);
        if let Some(whole) = &self.whole {
            return (what, whole.clone());
        }
        let mut changed = document.clone();
        let contexts = changed["@context"].clone();
        *changed.pointer_mut(&self.at).unwrap() = self.object.clone();
        if !self.context.is_null() {
            let mut contexts = match contexts {
                Value::Array(contexts) => contexts,
                context => vec![context],
            };
            contexts.push(self.context.clone());
            changed["@context"] = Value::Array(contexts);
        }
        (what, changed)
    }
}

/// Every way that is known here, in every place.
pub fn respellings(document: &Value) -> Vec<Respelling> {
    let vocabulary = Vocabulary::of(document);
    let mut all = Vec::new();
    let mut open = vec![(String::new(), document, false)];
    while let Some((at, value, is_extension)) = open.pop() {
        match value {
            Value::Array(elements) => {
                let each = |(index, each)| (format!("{at}/{index}"), each, is_extension);
                open.extend(elements.iter().enumerate().map(each));
            }
            Value::Object(members) if !members.contains_key("@value") => {
                let mut object =
                    Object { at: &at, members, is_extension, vocabulary: &vocabulary, all: &mut all };
                object.members();
                object.classes();
                object.additions();
                let is_followed = |name: &str| name != "@context";
                let inner = members.iter().filter(|(name, _)| is_followed(name));
                open.extend(inner.map(|(name, each)| {
                    let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    (at, each, is_extension || name.starts_with('@') || vocabulary.is_extension(name))
                }));
            }
            _ => {}
        }
    }
    contexts(document, &mut all);
    all
}

/// An object of the document.
struct Object<'d> {
    at: &'d str,
    members: &'d Map<String, Value>,
    /// Whether it stands in an extension: there statements can be moved, and ids be spelt with prefixes.
    is_extension: bool,
    vocabulary: &'d Vocabulary,
    all: &'d mut Vec<Respelling>,
}

impl Object<'_> {
    fn respell(&mut self, what: String, object: Map<String, Value>, context: Value) {
        let object = Value::Object(object);
        self.all.push(Respelling { what, at: self.at.to_owned(), object, context, whole: None });
    }

    fn without(&self, name: &str) -> Map<String, Value> {
        let mut members = self.members.clone();
        members.remove(name);
        members
    }

    fn with(&self, name: &str, value: Value) -> Map<String, Value> {
        let mut members = self.members.clone();
        members.insert(name.to_owned(), value);
        members
    }

    /// Every member under other names, and in other places.
    fn members(&mut self) {
        let vocabulary = self.vocabulary;
        for (name, value) in self.members {
            if name == "@context" {
                continue;
            }
            let rest = self.without(name);
            let put = |name: &str, value: Value| {
                let mut members = rest.clone();
                members.insert(name.to_owned(), value);
                members
            };
            for definition in vocabulary.definitions(name) {
                let iri = definition["@id"].as_str().unwrap();
                let spelt = spelt_out(value, definition);
                self.respell(format!("{name} as {iri}"), put(iri, spelt.clone()), Value::Null);
                self.respell(format!("{name} and {iri}"), self.with(iri, spelt), Value::Null);
                for other in ["zed", "Zed", "inLanguage", "validUntil", "name", "endorsementJwt"] {
                    if self.members.contains_key(other) {
                        continue;
                    }
                    let context = json!({other: definition});
                    self.respell(format!("{name} as {other}"), put(other, value.clone()), context.clone());
                    self.respell(format!("{name} and {other}"), self.with(other, value.clone()), context);
                }
                let start = iri.rfind(['#', '/', ':']).map_or(0, |end| end + 1);
                let (prefix, suffix) = iri.split_at(start);
                let compact = put(&format!("zed:{suffix}"), spelt_out(value, definition));
                self.respell(format!("{name} as zed:{suffix}"), compact, json!({"zed": prefix}));
            }
            for keyword in ["@id", "@type"] {
                if keyword.strip_prefix('@') == Some(name) {
                    self.respell(format!("{name} as {keyword}"), put(keyword, value.clone()), Value::Null);
                    self.respell(
                        format!("{name} as zed"),
                        put("zed", value.clone()),
                        json!({"zed": keyword}),
                    );
                    self.respell(
                        format!("{name} and zed"),
                        self.with("zed", value.clone()),
                        json!({"zed": keyword}),
                    );
                }
            }
            for wrapped in [
                json!([value]),
                json!([[value]]),
                json!({"@set": value}),
                json!([value, null]),
                json!([value, []]),
            ] {
                self.respell(format!("{name} as {wrapped}"), put(name, wrapped), Value::Null);
            }
            if let Value::String(text) = value {
                for wrapped in [json!({"id": text}), json!({"@id": text}), json!({"@value": text})] {
                    self.respell(format!("{name} as {wrapped}"), put(name, wrapped), Value::Null);
                }
                self.respell(format!("{name} twice"), put(name, json!([text, text])), Value::Null);
                if let Some((start, end)) =
                    text.split_at_checked(text.len() / 2).filter(|_| !self.is_extension)
                {
                    let context = json!({"zed": {"@id": start, "@prefix": true}});
                    self.respell(
                        format!("{name} with a prefix"),
                        put(name, json!(format!("zed:{end}"))),
                        context.clone(),
                    );
                    self.respell(
                        format!("{name} and with a prefix"),
                        put(name, json!([text, format!("zed:{end}")])),
                        context,
                    );
                    self.respell(
                        format!("{name} by a base"),
                        put(name, json!(["zed", text])),
                        json!({"@base": text}),
                    );
                }
            }
            if self.is_extension {
                continue;
            }
            let own = json!({name.as_str(): value});
            self.respell(format!("{name} in @nest"), put("@nest", own.clone()), Value::Null);
            self.respell(format!("{name} and in @nest"), self.with("@nest", own.clone()), Value::Null);
            self.respell(format!("{name} nested"), put("zed", own.clone()), json!({"zed": "@nest"}));
            if let Some(id) = self.members.get("id") {
                let again = json!([{"id": id, name.as_str(): value}]);
                self.respell(format!("{name} included"), put("@included", again.clone()), Value::Null);
                self.respell(format!("{name} in a graph"), put("zed", again), json!({"zed": "@included"}));
            }
        }
    }

    /// Every class under other names.
    fn classes(&mut self) {
        let Some(types) = self.members.get("type") else { return };
        let types = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
        for (index, class) in types.iter().enumerate() {
            let Some(class) = class.as_str() else { continue };
            let mut iris: Vec<Value> = self
                .vocabulary
                .definitions(class)
                .iter()
                .map(|definition| definition["@id"].clone())
                .collect();
            if class.contains(':') {
                iris.push(json!(class));
            }
            for iri in iris {
                let replaced = |name: &Value| {
                    let mut types = types.clone();
                    types[index] = name.clone();
                    Value::Array(types)
                };
                let doubled = |name: &Value| {
                    let mut types = types.clone();
                    types.push(name.clone());
                    Value::Array(types)
                };
                for spelt in [replaced(&iri), doubled(&iri)] {
                    self.respell(format!("{class} as {iri}"), self.with("type", spelt), Value::Null);
                }
                for other in [
                    "1EdTechRevocationList",
                    "BitstringStatusListEntry",
                    "EndorsementCredential",
                    "Result",
                    "StatusList2021Entry",
                    "Zed",
                    "zed",
                ] {
                    let other = json!(other);
                    for spelt in [replaced(&other), doubled(&other)] {
                        let context = json!({other.as_str().unwrap(): iri});
                        self.respell(format!("{class} as {other}"), self.with("type", spelt), context);
                    }
                    let mut both = self.with("zed", other.clone());
                    both.insert("type".to_owned(), Value::Array(types.clone()));
                    let context = json!({"zed": "@type", other.as_str().unwrap(): iri});
                    self.respell(format!("{class} and zed: {other}"), both, context);
                    let both = self.with("@type", other.clone());
                    let context = json!({other.as_str().unwrap(): iri});
                    self.respell(format!("{class} and @type: {other}"), both, context);
                }
                let end = iri.as_str().unwrap();
                let (prefix, suffix) = end.split_at(end.rfind(['#', '/', ':']).map_or(0, |end| end + 1));
                let compact = json!(format!("zed:{suffix}"));
                for spelt in [replaced(&compact), doubled(&compact)] {
                    self.respell(
                        format!("{class} as {compact}"),
                        self.with("type", spelt),
                        json!({"zed": prefix}),
                    );
                }
            }
        }
    }

    /// Members that state nothing, and carry a text.
    fn additions(&mut self) {
        for (keyword, value) in [
            ("@graph", json!([])),
            ("@included", json!([])),
            ("@index", json!("Zed")),
            ("@language", json!("zed")),
            ("@list", json!([])),
            ("@nest", json!({})),
            ("@reverse", json!({})),
            ("@set", json!([])),
            ("@value", json!(null)),
        ] {
            self.respell(format!("{keyword} added"), self.with(keyword, value.clone()), Value::Null);
            for name in ["zed", "inLanguage"] {
                self.respell(
                    format!("{keyword} added as {name}"),
                    self.with(name, value.clone()),
                    json!({name: keyword}),
                );
            }
        }
        const IRI: &str = "https://zed.example/terms#zed";
        for container in ["@id", "@index", "@language", "@type", "@graph", "@set"] {
            for value in [
                json!({"Zed": []}),
                json!({"Zed": null}),
                json!({"https://zed.example/": {"@set": []}}),
                json!({"de": []}),
            ] {
                let context = json!({"zed": {"@id": IRI, "@container": container}});
                self.respell(format!("{value} in {container}"), self.with("zed", value), context);
            }
        }
        for value in
            [json!({"@set": [], "@index": "Zed"}), json!({"@value": null}), json!({"@type": "@json"})]
        {
            self.respell(format!("{value} added"), self.with("zed", value), json!({"zed": IRI}));
        }
        for value in [json!("Zed"), json!({"Zed": "Zed"}), json!(null)] {
            for name in ["zed", "jti", "endorsementJwt", "https://zed.example/terms"] {
                self.respell(format!("{name} added: {value}"), self.with(name, value.clone()), Value::Null);
            }
            self.respell(
                format!("zed added as null: {value}"),
                self.with("zed", value.clone()),
                json!({"zed": null}),
            );
        }
        let inner = json!({"zed": "@type", "Zed": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject"});
        if !self.members.contains_key("@context") {
            let mut members = self.with("@context", inner);
            members.insert("zed".to_owned(), json!("Zed"));
            self.respell("an inner context added".to_owned(), members, Value::Null);
        }
    }
}

/// Copies of contexts, with one term more and with terms under another name.
fn contexts(document: &Value, all: &mut Vec<Respelling>) {
    let Some(urls) = document["@context"].as_array() else { return };
    let mut whole = |what: String, whole: Value| {
        all.push(Respelling {
            what,
            at: String::new(),
            object: Value::Null,
            context: Value::Null,
            whole: Some(whole),
        });
    };
    let mut names = Vec::new();
    collect_names(document, &mut names);
    names.sort();
    names.dedup();
    for (index, url) in urls.iter().enumerate() {
        let Some((url, copy)) = url.as_str().and_then(|url| bundled().remove_entry(url)) else { continue };
        let put = |context: Value| {
            let mut changed = document.clone();
            changed["@context"][index] = context;
            changed
        };
        whole(format!("a copy of {url}"), put(copy.clone()));
        let mut more = copy.clone();
        if let Some(context) =
            more.as_array_mut().and_then(|contexts| contexts.first_mut()).or(Some(&mut Value::Null))
        {
            context["zed"] = json!("https://zed.example/terms#zed");
        }
        whole(format!("a copy of {url}, and more"), put(more));
        for name in &names {
            for other in ["zed", "Zed"] {
                let renamed = rename(&copy, name, other);
                if renamed != copy {
                    let proof = document["proof"].clone();
                    let mut changed = rename(&put(renamed), name, other);
                    changed["proof"] = proof;
                    whole(format!("{name} called {other} in a copy of {url}"), changed);
                }
            }
        }
    }
    let mut reordered = document.clone();
    reordered["@context"].as_array_mut().unwrap().reverse();
    whole("contexts reversed".to_owned(), reordered);
    for url in bundled().keys() {
        let mut changed = document.clone();
        changed["@context"].as_array_mut().unwrap().push(json!(url));
        whole(format!("{url} added"), changed);
    }
}

fn collect_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|each| collect_names(each, names)),
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| *name != "@context" && *name != "proof") {
                names.push(name.clone());
                if name == "type" {
                    let types = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                    names.extend(types.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                collect_names(value, names);
            }
        }
        _ => {}
    }
}

/// A document in which a name is another one, as a member and as a class.
fn rename(value: &Value, name: &str, other: &str) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(|each| rename(each, name, other)).collect(),
        Value::Object(members) => {
            let renamed = members.iter().map(|(member, value)| {
                let is_type = member == "type" && value == name;
                let value = if is_type { json!(other) } else { rename_class(member, value, name, other) };
                (if member == name { other.to_owned() } else { member.clone() }, value)
            });
            Value::Object(renamed.collect())
        }
        other => other.clone(),
    }
}

fn rename_class(member: &str, value: &Value, name: &str, other: &str) -> Value {
    match value {
        Value::Array(types) if member == "type" => {
            types.iter().map(|class| if class == name { json!(other) } else { class.clone() }).collect()
        }
        value => rename(value, name, other),
    }
}

/// A value as it stands where no term says what it is.
fn spelt_out(value: &Value, definition: &Map<String, Value>) -> Value {
    let each = |value: &Value| match (value, definition.get("@type").and_then(Value::as_str)) {
        (Value::String(text), Some("@id" | "@vocab")) => json!({"@id": text}),
        (Value::String(text), Some(datatype)) if !datatype.starts_with('@') => {
            json!({"@value": text, "@type": datatype})
        }
        (Value::Number(_) | Value::Bool(_), Some(datatype)) if !datatype.starts_with('@') => {
            json!({"@value": value, "@type": datatype})
        }
        (value, _) => value.clone(),
    };
    let values = match value {
        Value::Array(values) => values.iter().map(each).collect(),
        value => each(value),
    };
    let is_list = definition.get("@container").is_some_and(|container| container == "@list");
    if is_list { json!({"@list": values}) } else { values }
}
