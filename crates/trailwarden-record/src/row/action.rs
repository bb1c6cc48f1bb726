//! Calls by number: what all records of one call share.

use std::sync::RwLock;

use foldhash::HashMap;

use super::{Flags, rank};
use crate::{hash, names};

/// What a row takes from the call's name; the same for every record of that call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Call {
    /// The call's number.
    pub action: ActionId,
    pub(super) rank: u8,
    reads: bool,
}

impl Call {
    /// Of a call with that number, source and name.
    pub fn of(action: ActionId, event_source: &str, event_name: &str) -> Self {
        let name = names::event(event_name);
        Self { action, rank: rank(names::service(event_source), name), reads: names::reads(name) }
    }

    pub(super) fn flags(self) -> Flags {
        if self.reads { Flags::READS } else { Flags::default() }
    }
}

/// Number of a (service, event name) pair within one run; never used to order anything.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ActionId(pub u32);

impl ActionId {
    /// Stands for every pair beyond [`Actions::MAX`]; such records are always read in full.
    pub const OVERFLOW: Self = Self(0);
}

/// A service and event name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Action {
    /// `iam`...
    pub service: String,
    /// `PutGroupPolicy`, without an API version.
    pub name: String,
    /// `eventSource` as written.
    pub event_source: String,
    /// `eventName` as written.
    pub event_name: String,
}

impl Action {
    /// No call.
    pub const NONE: Self = Self {
        service: String::new(),
        name: String::new(),
        event_source: String::new(),
        event_name: String::new(),
    };
}

/// The (service, event name) pairs of a run, shared by all workers.
#[derive(Default)]
pub struct Actions {
    inner: RwLock<Table>,
}

#[derive(Default)]
struct Table {
    ids: HashMap<u64, ActionId>,
    actions: Vec<Action>,
}

impl Actions {
    /// How many pairs are told apart. AWS has about 20,000; a stranger may invent more.
    pub const MAX: usize = 60_000;

    /// The number of a pair.
    pub fn intern(&self, event_source: &str, event_name: &str) -> ActionId {
        let key = hash::pair(hash::of(event_source), hash::of(event_name));
        if let Ok(table) = self.inner.read()
            && let Some(id) = table.ids.get(&key)
        {
            return *id;
        }
        let Ok(mut table) = self.inner.write() else { return ActionId::OVERFLOW };
        if let Some(id) = table.ids.get(&key) {
            return *id;
        }
        if table.actions.len() >= Self::MAX {
            return ActionId::OVERFLOW;
        }
        table.actions.push(Action {
            service: names::service(event_source).to_owned(),
            name: names::event(event_name).to_owned(),
            event_source: event_source.to_owned(),
            event_name: event_name.to_owned(),
        });
        let id = ActionId(u32::try_from(table.actions.len()).unwrap_or_default());
        table.ids.insert(key, id);
        id
    }

    /// [`Actions::intern`], with what a row takes from the name.
    pub fn call(&self, event_source: &str, event_name: &str) -> Call {
        Call::of(self.intern(event_source, event_name), event_source, event_name)
    }

    /// The pair of a number; empty for [`ActionId::OVERFLOW`].
    pub fn get(&self, id: ActionId) -> Action {
        let index = (id.0 as usize).checked_sub(1);
        match (self.inner.read(), index) {
            (Ok(table), Some(index)) => table.actions.get(index).cloned().unwrap_or_default(),
            _ => Action::default(),
        }
    }
}
