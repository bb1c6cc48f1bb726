//! What a detection sees of a record: the row, the record itself, and what came before.

use std::cell::OnceCell;

use trailwarden_account::{Change, Effect, Models};
use trailwarden_model::{AccountId, Outcome, Severity};
use trailwarden_record::row::{Action, Flags};
use trailwarden_record::{Event, Row, hash};

use crate::by_effect::Class;
use crate::history::History;
use crate::lineage::Lineage;
use crate::settings::Settings;

/// The view of one record, in the total order.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    pub(crate) row: &'a Row,
    pub(crate) action: &'a Action,
    pub(crate) event: Option<&'a Event>,
    pub(crate) settings: &'a Settings,
    pub(crate) history: &'a History,
    pub(crate) lineage: &'a Lineage,
    pub(crate) change: Option<&'a Change>,
    pub(crate) effect: Option<&'a Effect>,
    pub(crate) models: &'a Models,
    /// How grave the gravest match is that told the effect so far.
    pub(crate) told: Option<Severity>,
    /// What kind of change it is, once a detection by effect has asked.
    pub(crate) class: &'a OnceCell<Option<Class>>,
}

impl<'a> Cx<'a> {
    /// The row.
    pub fn row(&self) -> &'a Row {
        self.row
    }

    /// The record, if this detection reads records.
    pub fn event(&self) -> Option<&'a Event> {
        self.event
    }

    /// `iam`, `sts`...
    pub fn service(&self) -> &'a str {
        &self.action.service
    }

    /// The event's name without an API version.
    pub fn name(&self) -> &'a str {
        &self.action.name
    }

    /// Whether it is this call: `is("iam", "CreateUser")`.
    pub fn is(&self, service: &str, name: &str) -> bool {
        self.action.service == service && self.action.name == name
    }

    /// What became of the call.
    pub fn outcome(&self) -> Outcome {
        self.row.flags.outcome()
    }

    /// Whether the call succeeded.
    pub fn succeeded(&self) -> bool {
        self.outcome() == Outcome::Succeeded
    }

    /// Whether a fact holds.
    pub fn has(&self, flags: Flags) -> bool {
        self.row.flags.has(flags)
    }

    /// The principal behind the call, followed through temporary keys as far as the logs show; a
    /// group for windows. 0 when nobody is named.
    pub fn origin(&self) -> u64 {
        self.lineage.origin(self.row)
    }

    /// The direct caller; 0 when nobody is named.
    pub fn actor(&self) -> u64 {
        self.row.actor
    }

    /// A hash of this call's name, as a value to count.
    pub fn action_value(&self) -> u64 {
        hash::pair(hash::of(&self.action.service), hash::of(&self.action.name))
    }

    /// A value that no other record has, to count records one by one.
    pub fn record_value(&self) -> u64 {
        let id = self.row.order.id;
        hash::pair((id >> 64) as u64, id as u64)
    }

    /// Country and network of the source address as a value; `None` without a GeoIP database, and for
    /// an address that it does not know.
    pub fn source_network(&self) -> Option<u64> {
        let [first, second] = self.row.country;
        let country = u64::from(first) << 8 | u64::from(second);
        let known = country != 0 || self.row.asn != 0;
        known.then(|| hash::pair(country, u64::from(self.row.asn)))
    }

    /// A hash of some text within the record's account, as a group or a value.
    pub fn within_account(&self, text: &str) -> u64 {
        hash::pair(hash::of(&text.to_ascii_lowercase()), self.row.account)
    }

    /// What the configuration says.
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// Who was seen before, and when.
    pub fn history(&self) -> &'a History {
        self.history
    }

    /// Which call issued which temporary key.
    pub fn lineage(&self) -> &'a Lineage {
        self.lineage
    }

    /// What the event changed in its account's model, with the model before and after; `None` when
    /// it changed nothing there.
    pub fn change(&self) -> Option<&'a Change> {
        self.change
    }

    /// What the event does to permissions; of a call that failed what it would have done. `None` when
    /// it is no change, or was refused, so that nobody knows what it was about.
    pub fn effect(&self) -> Option<&'a Effect> {
        self.effect
    }

    /// What harm the event does to permissions, behind a colon; empty where it does none.
    pub fn consequence(&self) -> String {
        match self.effect.filter(|effect| effect.severity().is_some()) {
            Some(effect) => format!(": {}", effect.consequence()),
            None => String::new(),
        }
    }

    /// Whether a detection has told what the event does to permissions.
    pub fn is_told(&self) -> bool {
        self.told.is_some()
    }

    /// The accounts as this event leaves them.
    pub fn models(&self) -> &'a Models {
        self.models
    }

    /// Whether an account is outside of what is known to be ours: not the record's own, not in the
    /// configuration's list. Without a list every other account is outside.
    pub fn is_foreign(&self, account: AccountId) -> bool {
        Some(account) != self.row.account_id() && !self.settings.accounts.contains(&account)
    }
}
