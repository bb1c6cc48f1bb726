//! What AWS publishes about its actions, packed into the program: [`facts`].
//!
//! Services, actions, access levels, resource types, condition keys and dependent actions come from
//! public packages (`data/facts.toml` names them); judgements of ours stand beside AWS's own words
//! and never replace them. The table has a date ([`Facts::date`]): AWS adds actions every week, so
//! an action that is not here is *unknown*, which is neither an error nor harmless.
//!
//! # Invariants
//! - Names are found without regard to case, as AWS does; what is shown is AWS's own spelling.
//! - Every name in a table of ours exists in AWS's table (`facts/tests.rs`).

mod action;
pub mod events;
mod judgement;
mod keys;
mod managed;
mod owner;
mod pattern;
mod read;
mod service;
mod set;

use std::cmp::Ordering;
use std::sync::LazyLock;

pub use action::{Action, ActionId, Level, TypeUse};
pub use judgement::reading::{READS_WHERE, ReadsWhere};
pub use keys::{KnownKey, Presence, global_keys};
pub use managed::{ManagedPolicy, managed_date, managed_policies, managed_policy};
pub use owner::lacks_resource_account;
pub(crate) use owner::without_resource_account;
pub use service::{ConditionKey, KeyType, ResourceType, Service, ValueType};
pub use set::ActionSet;

/// One line about the tables, with their dates and sizes, for `--version`.
pub const SUMMARY: &str = include_str!("../data/summary.txt");

/// Everything known about actions.
#[derive(Debug)]
pub struct Facts {
    date: &'static str,
    services: Vec<Service>,
    actions: Vec<Action>,
    types: Vec<ResourceType>,
    uses: Vec<TypeUse>,
    keys: Vec<ConditionKey>,
    /// Places in `keys`; actions and types hold ranges of this list.
    key_references: Vec<u32>,
}

/// The facts, unpacked at the first call.
#[must_use]
pub fn facts() -> &'static Facts {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| unpack(include_bytes!("../data/actions.txt.zst")));
    static FACTS: LazyLock<Facts> = LazyLock::new(|| {
        #[expect(
            clippy::expect_used,
            reason = "the text is part of the program; a test reads all of it"
        )]
        read::read(&TEXT).expect("the packed table of actions can be read")
    });
    &FACTS
}

/// What no table may exceed; `cargo xtask facts` refuses to pack more.
const TEXT_MAX: usize = 16 << 20;

fn unpack(packed: &[u8]) -> String {
    let size = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(TEXT_MAX).min(TEXT_MAX);
    let text = zstd::bulk::decompress(packed, size);
    let text = text.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    #[expect(
        clippy::expect_used,
        reason = "the bytes are part of the program; tests unpack both tables"
    )]
    text.expect("the packed tables hold text")
}

impl Facts {
    /// The day the table was made, as `2026-09-26`.
    #[must_use]
    pub fn date(&self) -> &'static str {
        self.date
    }

    /// All services, sorted by prefix.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service of a prefix.
    #[must_use]
    pub fn service(&self, prefix: &str) -> Option<&Service> {
        let at = self.services.binary_search_by(|s| compare(s.prefix, prefix)).ok()?;
        self.services.get(at)
    }

    /// All actions, by service and name; the place of each is its [`ActionId`].
    #[must_use]
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The action of a full name such as `iam:PassRole`; none when it is unknown.
    #[must_use]
    pub fn action(&self, full_name: &str) -> Option<&Action> {
        let (prefix, name) = full_name.split_once(':')?;
        self.action_in(prefix, name)
    }

    /// The action of a service's prefix and a name; none when it is unknown.
    #[must_use]
    pub fn action_in(&self, prefix: &str, name: &str) -> Option<&Action> {
        let actions = self.actions_of(self.service(prefix)?);
        let at = actions.binary_search_by(|action| compare(action.name(), name)).ok()?;
        actions.get(at)
    }

    /// The actions of a service. Unlike [`Service::actions`] it is good while the table is read.
    fn actions_of(&self, service: &Service) -> &[Action] {
        let range = service.actions.start as usize..service.actions.end as usize;
        self.actions.get(range).unwrap_or_default()
    }

    fn action_of_mut(&mut self, prefix: &str, name: &str) -> Option<&mut Action> {
        let at = self.action_in(prefix, name)?.id.0 as usize;
        self.actions.get_mut(at)
    }
}

/// The order of names: bytes, without regard to case.
fn compare(a: &str, b: &str) -> Ordering {
    // Most of what is compared is alike in its case, too.
    let mut both = a.bytes().zip(b.bytes()).filter(|(a, b)| a != b);
    let first = both.find_map(|(a, b)| {
        let order = a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase());
        order.is_ne().then_some(order)
    });
    first.unwrap_or_else(|| a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests;
