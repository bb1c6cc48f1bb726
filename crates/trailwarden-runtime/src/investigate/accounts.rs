//! The accounts as the story goes through them: folded from the logs, and from a baseline on from
//! what it says.

use std::collections::BTreeMap;

use trailwarden_account::{Baseline, Change, Model, Models};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::{Event, Row};

/// Models of all accounts, up to an event.
pub(super) struct Accounts {
    /// From nothing.
    folded: Models,
    /// From the baselines.
    based: Models,
    taken: BTreeMap<AccountId, Timestamp>,
    now: Timestamp,
}

impl Accounts {
    pub(super) fn new(baselines: &[Baseline]) -> Self {
        let mut taken: BTreeMap<AccountId, Timestamp> = BTreeMap::new();
        for baseline in baselines {
            let latest = taken.entry(baseline.account()).or_default();
            *latest = (*latest).max(baseline.taken());
        }
        Self {
            folded: Models::default(),
            based: Models::from_baselines(baselines),
            taken,
            now: Timestamp::default(),
        }
    }

    /// Takes in an event. One from before its account's baseline is folded from nothing: what it
    /// did is known, and the baseline says what is left of it.
    pub(super) fn apply(&mut self, event: &Event, row: &Row) -> Option<Change> {
        self.now = row.time();
        let account = event.account?;
        self.models_mut(account).apply(event, row.order, row.place)
    }

    /// No event comes any more: baselines from after the last one count.
    pub(super) fn finish(&mut self) {
        self.now = self.taken.values().copied().fold(self.now, Timestamp::max).plus(1);
    }

    fn is_based(&self, account: AccountId) -> bool {
        self.taken.get(&account).is_some_and(|taken| *taken < self.now)
    }

    fn models_mut(&mut self, account: AccountId) -> &mut Models {
        match self.is_based(account) {
            true => &mut self.based,
            false => &mut self.folded,
        }
    }

    /// The models in which an account stands now.
    pub(super) fn models(&self, account: AccountId) -> &Models {
        match self.is_based(account) {
            true => &self.based,
            false => &self.folded,
        }
    }

    /// The same for a record that may name no account.
    pub(super) fn models_of(&self, account: Option<AccountId>) -> &Models {
        account.map_or(&self.folded, |account| self.models(account))
    }

    /// The model of an account now.
    pub(super) fn model(&self, account: AccountId) -> Option<&Model> {
        self.models(account).get(account)
    }

    /// The models of all accounts now.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Model> {
        let folded = self.folded.iter().filter(|model| !self.is_based(model.account()));
        folded.chain(self.based.iter().filter(|model| self.is_based(model.account())))
    }
}
