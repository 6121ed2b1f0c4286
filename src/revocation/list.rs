//! Revocation lists: documents that name the revoked badges.
//!
//! In: the JSON that an issuer serves. Out: [`RevocationList`], which answers whether a badge is on it. Refused: what
//! does not hold the member that a list is recognised by, since "nothing listed" would then be a guess.
//!
//! Open Badges 2.0 "RevocationList"; Open Badges 1.1 "Revocation List"; 1EdTech Revocation List for Verifiable
//! Credentials 1.0.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::id::{Iri, percent_decoded};
use crate::json::as_list;
use crate::limits::{Limit, LimitExceeded, Limits};

/// A list of revoked badges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    form: ListForm,
    id: Option<String>,
    issuer: Option<String>,
    irregular: usize,
    regular: usize,
    /// Ids of revoked badges, and bare strings.
    ids: BTreeMap<String, Listed>,
    uids: BTreeMap<String, Listed>,
}

/// The forms of revocation lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListForm {
    /// Open Badges 1.0 and 1.1: an object from ids or uids to reasons. It can be told from any other small JSON object
    /// only by its lack of everything else, so that "not listed" means little here.
    Map,
    /// Open Badges 2.0: `revokedAssertions`.
    RevokedAssertions,
    /// 1EdTech Revocation List: `revokedCredential`.
    RevokedCredential,
}

/// What a list says of a revoked badge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// Why it was revoked, in the issuer's words.
    pub reason: Option<String>,
}

impl RevocationList {
    /// Reads a list of Open Badges 2.0, or of 1.x.
    ///
    /// # Errors
    /// [`RevocationListError`] of any kind.
    pub fn read_ob2(document: &Value, limits: &Limits) -> Result<Self, RevocationListError> {
        let Value::Object(members) = document else { return Err(RevocationListError::NotAnObject) };
        let foreign = ["@context", "id", "issuer", "type"];
        if members.contains_key("revokedAssertions") {
            Self::of_members(members, ListForm::RevokedAssertions, &["revokedAssertions"], limits)
        } else if !foreign.iter().any(|member| members.contains_key(*member)) {
            Self::of_map(members, limits)
        } else {
            Err(RevocationListError::MissingMember { member: "revokedAssertions" })
        }
    }

    /// Reads a 1EdTech Revocation List.
    ///
    /// NOTE: its first draft has `revokedCredentials`, which is in use: both are read.
    ///
    /// # Errors
    /// [`RevocationListError`] of any kind.
    pub fn read_1edtech(document: &Value, limits: &Limits) -> Result<Self, RevocationListError> {
        let Value::Object(members) = document else { return Err(RevocationListError::NotAnObject) };
        let names = ["revokedCredential", "revokedCredentials"];
        if !names.iter().any(|member| members.contains_key(*member)) {
            return Err(RevocationListError::MissingMember { member: "revokedCredential" });
        }
        Self::of_members(members, ListForm::RevokedCredential, &names, limits)
    }

    /// What the list says of a badge, by its id or, for an Open Badges 1.x badge, by its `uid`; `None` if it is not listed.
    ///
    /// Ids are compared as text; those that begin with `urn:uuid:` without regard to case (RFC 8141 section 3.1,
    /// RFC 9562 section 4), and web addresses as addresses: the case of a host or a port that goes without saying makes
    /// no other badge (RFC 3986 section 6.2). A string alone, without a member to say what it is, may be either.
    pub fn lookup(&self, id: Option<&str>, uid: Option<&str>) -> Option<&Listed> {
        let by_id = id.and_then(|id| self.ids.get(&comparable(id)));
        let by_uid = || uid.and_then(|uid| self.uids.get(uid).or_else(|| self.ids.get(&comparable(uid))));
        by_id.or_else(by_uid)
    }

    /// The first entry that may name the badge in another spelling, where [`lookup`](Self::lookup) does not find it; as it
    /// is compared.
    ///
    /// Issuers who list what they have awarded, and miss the spelling, must not leave the badge in force: nobody can say
    /// of such a badge that it was not revoked. Spellings are taken to be alike that differ by `http` for `https`, the
    /// prefix `urn:uuid:`, white space around, slashes or an empty query or fragment at the end, percent-encoding, or in
    /// whether the text stands as an `id` or a `uid`. The case of a path makes another badge: many ids are random letters.
    pub fn resembling(&self, id: Option<&str>, uid: Option<&str>) -> Option<&str> {
        let wanted = [id, uid].map(|name| name.map(|name| loosened(&comparable(name))).unwrap_or_default());
        let is_wanted = |listed: String| !listed.is_empty() && wanted.contains(&listed);
        let mut ids = self.ids.keys().filter(|id| is_wanted(loosened(id)));
        let mut uids = self.uids.keys().filter(|uid| is_wanted(loosened(&comparable(uid))));
        ids.next().or_else(|| uids.next()).map(String::as_str)
    }

    /// The form that the list has.
    pub const fn form(&self) -> ListForm {
        self.form
    }

    /// The id that the list declares.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The issuer that the list declares; of an object, its id.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// How many entries name nothing: neither a string nor an object with an `id` or `uid`.
    pub const fn irregular_entries(&self) -> usize {
        self.irregular
    }

    /// Whether nothing in the list names a badge by its id: there are entries and none can be read, or the list has the
    /// form of a map, as any other object has too, and none of its members is an IRI.
    pub fn names_no_id(&self) -> bool {
        match self.form {
            ListForm::Map => !self.ids.keys().any(|id| id.parse::<Iri>().is_ok()),
            ListForm::RevokedAssertions | ListForm::RevokedCredential => {
                self.irregular > 0 && self.regular == 0
            }
        }
    }

    fn of_members(
        members: &Map<String, Value>,
        form: ListForm,
        names: &[&str],
        limits: &Limits,
    ) -> Result<Self, RevocationListError> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let issuer = members.get("issuer");
        let mut list = Self {
            id: text(members.get("id")),
            issuer: text(issuer).or_else(|| text(issuer.and_then(|issuer| issuer.get("id")))),
            ..Self::empty(form)
        };
        for name in names {
            let entries = as_list(members.get(*name));
            limits.check(Limit::RevocationEntries, entries.len())?;
            for entry in entries {
                list.add(entry);
            }
        }
        Ok(list)
    }

    fn of_map(members: &Map<String, Value>, limits: &Limits) -> Result<Self, RevocationListError> {
        limits.check(Limit::RevocationEntries, members.len())?;
        let mut list = Self::empty(ListForm::Map);
        for (name, reason) in members {
            list.ids.insert(comparable(name), Listed { reason: reason.as_str().map(str::to_owned) });
        }
        Ok(list)
    }

    const fn empty(form: ListForm) -> Self {
        Self {
            form,
            id: None,
            issuer: None,
            irregular: 0,
            regular: 0,
            ids: BTreeMap::new(),
            uids: BTreeMap::new(),
        }
    }

    /// Adds an entry. It revokes unless it says `"revoked": false`; what is neither true nor false does not take it back.
    fn add(&mut self, entry: &Value) {
        let (id, uid) = match entry {
            Value::String(id) => (Some(id.as_str()), None),
            Value::Object(_) => {
                (entry.get("id").and_then(Value::as_str), entry.get("uid").and_then(Value::as_str))
            }
            Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) => (None, None),
        };
        if id.is_none() && uid.is_none() {
            self.irregular = self.irregular.saturating_add(1);
            return;
        }
        self.regular = self.regular.saturating_add(1);
        if entry.get("revoked") == Some(&Value::Bool(false)) {
            return;
        }
        let reason = entry.get("revocationReason").and_then(Value::as_str).map(str::to_owned);
        let listed = Listed { reason };
        if let Some(id) = id {
            self.ids.insert(comparable(id), listed.clone());
        }
        if let Some(uid) = uid {
            self.uids.insert(uid.to_owned(), listed);
        }
    }
}

/// Why a document is not a revocation list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationListError {
    /// The list is too long.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The member that holds the entries is missing.
    #[error("the list has no `{member}`")]
    MissingMember {
        /// The member's name.
        member: &'static str,
    },
    /// The document is not a JSON object.
    #[error("the list is not a JSON object")]
    NotAnObject,
}

/// An id in the form in which it is compared.
fn comparable(id: &str) -> String {
    const PREFIX: &str = "urn:uuid:";
    if id.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)) {
        return id.to_ascii_lowercase();
    }
    let address = id.parse::<Iri>().ok().and_then(|iri| iri.web_url());
    address.map_or_else(|| id.to_owned(), String::from)
}

/// What is left of an id in its comparable form when all is taken away that people add, leave out or encode by mistake.
fn loosened(id: &str) -> String {
    let decoded = String::from_utf8_lossy(&percent_decoded(id.trim())).trim().to_owned();
    // What was not encoded has its comparable form already.
    let id = if decoded == id { decoded } else { comparable(&decoded) };
    let name = ["https://", "http://", "urn:uuid:"].iter().find_map(|prefix| id.strip_prefix(prefix));
    let name = name.unwrap_or(&id).trim_end_matches(['/', '?', '#']);
    let is_uuid = name.len() == 36 && name.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if is_uuid { name.to_ascii_lowercase() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "https://example.org/assertions/1";

    fn ob2(revoked: Value) -> RevocationList {
        let document =
            json!({"type": "RevocationList", "id": "https://example.org/list", "revokedAssertions": revoked});
        RevocationList::read_ob2(&document, &Limits::default()).unwrap()
    }

    #[test]
    fn finds_a_badge_in_every_form_of_entry() {
        for revoked in [
            json!([ID]),
            json!(ID),
            json!({"id": ID}),
            json!([{"id": ID}]),
            json!([{"id": "https://example.org/assertions/2"}, {"id": ID, "revoked": true}]),
            json!([{"id": ID, "revoked": "false"}]),
            json!([{"id": ID, "revoked": false}, ID]),
        ] {
            assert!(ob2(revoked.clone()).lookup(Some(ID), None).is_some(), "{revoked}");
        }
    }

    #[test]
    fn does_not_find_what_is_not_revoked() {
        for revoked in [
            json!([]),
            json!([{"id": ID, "revoked": false}]),
            json!(["https://example.org/assertions/11", "https://example.org/Assertions/1"]),
            json!(["http://example.org/assertions/1", "https://example.org:8443/assertions/1"]),
            json!([{"uid": ID}]),
        ] {
            assert_eq!(ob2(revoked.clone()).lookup(Some(ID), None), None, "{revoked}");
        }
        assert_eq!(ob2(json!([ID])).lookup(None, None), None);
    }

    #[test]
    fn a_list_that_names_no_badge_is_known_as_such() {
        for (revoked, names_no_id) in [
            (json!([]), false),
            (json!([ID]), false),
            (json!([ID, 7]), false),
            (json!([7]), true),
            (json!([{"revoked": true}]), true),
        ] {
            assert_eq!(ob2(revoked.clone()).names_no_id(), names_no_id, "{revoked}");
        }
        for (map, names_no_id) in
            [(json!({ID: "lost"}), false), (json!({"error": "gone"}), true), (json!({}), true)]
        {
            let list = RevocationList::read_ob2(&map, &Limits::default()).unwrap();
            assert_eq!(list.names_no_id(), names_no_id, "{map}");
        }
    }

    #[test]
    fn finds_an_old_badge_by_its_uid() {
        let list = ob2(json!([{"uid": "abc", "revocationReason": "a reason"}, "bare"]));
        assert_eq!(list.lookup(None, Some("abc")).unwrap().reason.as_deref(), Some("a reason"));
        assert!(list.lookup(None, Some("bare")).is_some());
        assert!(list.lookup(Some("abc"), None).is_none());
        assert!(list.lookup(None, Some("ABC")).is_none());
    }

    #[test]
    fn addresses_are_compared_as_addresses() {
        for spelling in ["HTTPS://EXAMPLE.org/assertions/1", "https://example.org:443/a/../assertions/1"] {
            assert!(ob2(json!([spelling])).lookup(Some(ID), None).is_some(), "{spelling}");
            assert!(ob2(json!([ID])).lookup(Some(spelling), None).is_some(), "{spelling}");
        }
    }

    #[test]
    fn another_spelling_of_an_id_is_suspicious() {
        const UUID: &str = "urn:uuid:6deb4a00-ebce-4b28-8cc2-afa705ef7be4";
        for (id, spelling) in [
            (ID, "http://example.org/assertions/1"),
            (ID, "http://example.org:80/assertions/1"),
            (ID, "HTTP://EXAMPLE.org/assertions/1"),
            (ID, "https://example.org/assertions/1/"),
            (ID, "https://example.org/assertions/1#"),
            (ID, "https://example.org/assertions/1?"),
            (ID, "https://example.org/assertions/1/?#"),
            (ID, " https://example.org/assertions/1"),
            (ID, "\tHTTPS://example.ORG/assertions/1\n"),
            (ID, "https://example.org/%61ssertions/1"),
            (ID, "https://example.org/assertions/1%20"),
            (ID, "https%3A%2F%2Fexample.org%2Fassertions%2F1"),
            (ID, "example.org/assertions/1"),
            ("https://example.org/%C3%A9", "https://example.org/%c3%a9"),
            ("https://example.org/%C3", "https://example.org/%c3"),
            ("https://example.org/\u{e9}", "http://example.org/%C3%A9"),
            (UUID, "6deb4a00-ebce-4b28-8cc2-afa705ef7be4"),
            (UUID, "6DEB4A00-EBCE-4B28-8CC2-AFA705EF7BE4"),
            (UUID, " urn:uuid:6DEB4A00-ebce-4b28-8cc2-afa705ef7be4"),
            ("urn:badge:1", "urn:badge:1 "),
        ] {
            for (id, spelling) in [(id, spelling), (spelling, id)] {
                for entry in [json!([spelling]), json!({"id": spelling}), json!([{"uid": spelling}])] {
                    let list = ob2(entry.clone());
                    assert_eq!(list.lookup(Some(id), None), None, "{id} {entry}");
                    assert!(list.resembling(Some(id), None).is_some(), "{id} {entry}");
                }
            }
        }
        assert_eq!(ob2(json!([{"uid": ID}])).resembling(Some(ID), None), Some(ID));
        assert_eq!(ob2(json!([{"uid": "a b"}])).resembling(None, Some(" a%20b ")), Some("a b"));
    }

    #[test]
    fn another_id_is_not_suspicious() {
        for revoked in [
            json!([]),
            json!(["", "/", "#", "https://", "http://"]),
            json!([{"id": "http://example.org/assertions/1", "revoked": false}]),
            json!(["https://example.org/assertions/11", "https://example.org/Assertions/1"]),
            json!(["https://example.org:8443/assertions/1", "https://example.org/assertions/1?a"]),
            json!(["https://example.org/assertions/1#a", "https://www.example.org/assertions/1"]),
        ] {
            assert_eq!(ob2(revoked.clone()).resembling(Some(ID), Some("/")), None, "{revoked}");
        }
        assert_eq!(ob2(json!([ID])).resembling(None, None), None);
        // Only in what has the form of a UUID the case says nothing.
        for uid in ["cafe", "https://example.org/assertions/Abc-Z"] {
            let listed = json!([{"uid": uid.to_uppercase()}]);
            assert_eq!(ob2(listed).resembling(None, Some(uid)), None, "{uid}");
        }
        let random = "0123456789abcdefghijklmnopqrstuvwxyz";
        assert_eq!(ob2(json!([{"uid": random.to_uppercase()}])).resembling(None, Some(random)), None);
    }

    #[test]
    fn uuids_are_compared_without_regard_to_case() {
        let list = ob2(json!(["URN:UUID:6DEB4A00-ebce-4b28-8cc2-afa705ef7be4"]));
        assert!(list.lookup(Some("urn:uuid:6deb4a00-EBCE-4b28-8cc2-afa705ef7be4"), None).is_some());
    }

    #[test]
    fn counts_entries_that_name_nothing_and_reads_the_others() {
        let list = ob2(json!([7, null, [ID], {"revoked": true}, {"id": 7}, ID]));
        assert_eq!(list.irregular_entries(), 5);
        assert!(list.lookup(Some(ID), None).is_some());
    }

    #[test]
    fn reads_the_map_of_version_1() {
        let document = json!({"abc": "a reason", ID: "another"});
        let list = RevocationList::read_ob2(&document, &Limits::default()).unwrap();
        assert_eq!(list.form(), ListForm::Map);
        assert_eq!(list.lookup(Some(ID), None).unwrap().reason.as_deref(), Some("another"));
        assert_eq!(list.lookup(None, Some("abc")).unwrap().reason.as_deref(), Some("a reason"));
        assert_eq!(list.lookup(Some("x"), Some("y")), None);
    }

    #[test]
    fn reads_both_spellings_of_1edtech() {
        for name in ["revokedCredential", "revokedCredentials"] {
            let document = json!({"id": "https://example.org/r", "issuer": {"id": "https://i.example"},
                name: [{"id": ID, "revoked": true, "revocationReason": "a reason"}]});
            let list = RevocationList::read_1edtech(&document, &Limits::default()).unwrap();
            assert_eq!(list.lookup(Some(ID), None).unwrap().reason.as_deref(), Some("a reason"));
            assert_eq!(
                (list.id(), list.issuer()),
                (Some("https://example.org/r"), Some("https://i.example"))
            );
        }
    }

    #[test]
    fn what_is_no_list_is_never_an_empty_one() {
        let limits = Limits::default();
        for document in
            [json!({"type": "RevocationList"}), json!({"id": ID}), json!({"issuer": "x", "a": "b"})]
        {
            let error = RevocationListError::MissingMember { member: "revokedAssertions" };
            assert_eq!(RevocationList::read_ob2(&document, &limits), Err(error));
        }
        for document in [json!({}), json!({"revokedAssertions": [ID]})] {
            let error = RevocationListError::MissingMember { member: "revokedCredential" };
            assert_eq!(RevocationList::read_1edtech(&document, &limits), Err(error));
        }
        assert_eq!(RevocationList::read_ob2(&json!([ID]), &limits), Err(RevocationListError::NotAnObject));
    }

    #[test]
    fn bounds_the_number_of_entries() {
        let limits = Limits::default().with(Limit::RevocationEntries, 2);
        for document in [json!({"revokedAssertions": ["a", "b", "c"]}), json!({"a": "", "b": "", "c": ""})] {
            let error = RevocationList::read_ob2(&document, &limits);
            assert!(matches!(error, Err(RevocationListError::Limit(_))));
        }
    }
}
