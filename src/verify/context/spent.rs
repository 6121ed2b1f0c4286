//! What was spent of the budgets of one verification.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::super::memo::Parsed;
use super::Context;
use crate::id::Digest;
use crate::json::{self, JsonError, Room};
use crate::limits::{Limit, Limits};
use crate::rdfc::Work;
use crate::report::{Outcome, ReasonCode};

/// What was spent so far: of a badge in one evaluation, or of all that it came in.
#[derive(Debug, Default)]
pub(in super::super) struct Spent {
    pub(super) bytes: u64,
    pub(super) canonicalisation: Work,
    pub(super) json_nodes: usize,
    pub(super) list_bytes: usize,
    /// What was read as JSON.
    pub(super) read: BTreeSet<Digest>,
    /// How many values of documents of Open Badges 2.0 were written anew.
    pub(super) rewritten: usize,
    signatures: u64,
    statements: usize,
    /// The documents of Open Badges 2.0 that were read.
    pub(super) upgraded: BTreeSet<Digest>,
}

impl Spent {
    /// A badge that was read before its documents are.
    pub(in super::super) fn of_badge(json_nodes: usize) -> Self {
        Self { json_nodes, ..Self::default() }
    }
}

impl Context<'_> {
    /// Takes one signature check from the budget.
    ///
    /// # Errors
    /// The outcome to note if there is none left.
    pub(in super::super) fn spend_signature(&self) -> Result<(), Outcome> {
        let spent = &mut self.state.borrow_mut().spent.signatures;
        if *spent >= self.limits().get(Limit::Signatures) {
            let message = self.limits().exceeded(Limit::Signatures).to_string();
            return Err(Outcome::inconclusive(ReasonCode::Limit, message));
        }
        *spent = spent.saturating_add(1);
        Ok(())
    }

    /// Takes the signatures of statements that a holder could have withheld from their own budget.
    ///
    /// # Errors
    /// The outcome to note if not enough are left.
    pub(in super::super) fn spend_statements(&self, count: usize) -> Result<(), Outcome> {
        let spent = &mut self.state.borrow_mut().spent.statements;
        *spent = spent.saturating_add(count);
        self.limits()
            .check(Limit::DisclosedStatements, *spent)
            .map_err(|limit| Outcome::inconclusive(ReasonCode::Limit, limit.to_string()))
    }

    /// Reads JSON, as far as there is room for it. After a text that has no room there is room for none, and in later rounds
    /// it is not looked at again. What was read before in this evaluation takes no more.
    pub(in super::super) fn parsed(&self, key: Digest, text: &[u8]) -> Result<Arc<Value>, JsonError> {
        let mut room = Room::new(self.limits());
        let spent = &mut self.state.borrow_mut().spent;
        if !spent.read.contains(&key) {
            room.left = room.left.saturating_sub(spent.json_nodes);
        }
        let memo = &mut self.memo.borrow_mut().json;
        let parsed = match memo.find(&key) {
            Some(parsed) if parsed.nodes > room.left => {
                let limit = self.limits().exceeded(Limit::AllJsonNodes);
                Parsed { value: Err(limit.into()), ..parsed }
            }
            Some(parsed) if !parsed.lacked_room() => parsed,
            Some(_) | None => {
                let parsed = Parsed::read(text, room, self.limits());
                memo.keep(key, &parsed, if parsed.value.is_ok() { parsed.nodes } else { 0 });
                parsed
            }
        };
        if parsed.lacked_room() {
            spent.json_nodes = usize::MAX;
        } else if spent.read.insert(key) {
            spent.json_nodes = spent.json_nodes.saturating_add(parsed.nodes);
        }
        parsed.value
    }
}

impl Parsed {
    fn read(text: &[u8], room: Room, limits: &Limits) -> Self {
        let mut rest = room;
        let value = json::parse_within(&mut rest, text, limits).map(Arc::new);
        let parsed = Self { value, nodes: room.left.saturating_sub(rest.left) };
        let more = usize::from(parsed.lacked_room());
        Self { nodes: parsed.nodes.saturating_add(more), ..parsed }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::OffsetDateTime;

    use super::super::super::Rules;
    use super::super::super::memo::Memo;
    use super::*;
    use crate::policy::Policy;
    use crate::resource::Documents;

    #[test]
    fn what_had_no_room_is_read_where_there_is_more() {
        let (rules, documents, answered) =
            (Rules::new(Policy::strict()), Documents::default(), BTreeSet::new());
        let context = |memo| Context::new(&rules, OffsetDateTime::UNIX_EPOCH, &documents, &answered, memo);
        let read = |context: &Context<'_>, text: &str| {
            let parsed = context.parsed(Digest::of(text.as_bytes()), text.as_bytes());
            parsed.map(|value| value.to_string()).map_err(|error| error.to_string())
        };
        let few = Limits::default().with(Limit::AllJsonNodes, 6);
        let narrow = context(Memo::new(&few)).within(&few, Spent::of_badge(1));
        let full = Err("more than 6 JSON values in all documents".to_owned());
        assert_eq!(read(&narrow, "[1,2]"), Ok("[1,2]".to_owned()));
        assert_eq!(read(&narrow, "[3,4]"), full);
        assert_eq!(read(&narrow, "5"), full);
        assert_eq!(read(&narrow, "[1,2]"), Ok("[1,2]".to_owned()));
        let memo = narrow.into_notes().memo;
        assert_eq!(memo.json.made, 3);
        let again = context(memo).within(&few, Spent::of_badge(1));
        assert_eq!([read(&again, "[1,2]").is_ok(), read(&again, "[3,4]").is_ok()], [true, false]);
        let memo = again.into_notes().memo;
        assert_eq!(memo.json.made, 3);
        assert_eq!(read(&context(memo), "[3,4]"), Ok("[3,4]".to_owned()));
    }
}
