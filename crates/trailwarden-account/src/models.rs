//! Several accounts at once.

use std::collections::BTreeMap;

use trailwarden_model::{AccountId, Arn, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::{Order, Place};

use crate::baseline::Baseline;
use crate::change::Change;
use crate::entry::Entry;
use crate::identity::Identity;
use crate::model::Model;
use crate::organization::Organization;
use crate::timeline::{Arrival, Limits, Timeline};

/// The models of some accounts, by account id.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Models {
    accounts: BTreeMap<AccountId, Model>,
    /// What baselines tell whose time has not come yet, the next one last.
    awaited: Vec<Model>,
}

impl Models {
    /// From baselines of different accounts; of two of one account the later counts.
    #[must_use]
    pub fn from_baselines(baselines: &[Baseline]) -> Self {
        let models = by_time(baselines).into_iter().map(|baseline| {
            let model = Model::from_baseline(baseline);
            (model.account(), model)
        });
        Self { accounts: models.collect(), awaited: Vec::new() }
    }

    /// Accounts that begin unknown. Each baseline takes the place of what was folded once an event
    /// comes that is later than it; see [`Models::advance`].
    #[must_use]
    pub fn awaiting(baselines: &[Baseline]) -> Self {
        let awaited = by_time(baselines).into_iter().rev().map(Model::from_baseline).collect();
        Self { accounts: BTreeMap::new(), awaited }
    }

    /// No event from before that time is to come: the baselines from before it count now. Whether
    /// one took over.
    pub fn advance(&mut self, time: Timestamp) -> bool {
        let waiting = self.awaited.len();
        while let Some(model) = self.awaited.pop_if(|model| model.baseline_time() < Some(time)) {
            self.accounts.insert(model.account(), model);
        }
        self.awaited.len() < waiting
    }

    /// Takes in an event of any account; see [`Model::apply`].
    pub fn apply(&mut self, event: &Event, order: Order, place: Place) -> Option<Change> {
        self.advance(order.time);
        let entry = Entry::of(event, order, place)?;
        let model = self.accounts.entry(entry.account).or_insert_with(|| Model::new(entry.account));
        model.apply_entry(&entry)
    }

    /// The model of an account.
    #[must_use]
    pub fn get(&self, account: AccountId) -> Option<&Model> {
        self.accounts.get(&account)
    }

    /// The identity of an ARN, with the model of its account.
    #[must_use]
    pub fn find_arn(&self, arn: &str) -> Option<(&Model, &Identity)> {
        let model = self.get(Arn::parse(arn)?.account_id()?)?;
        Some((model, model.find_arn(arn)?))
    }

    /// The organization that an account lies in, as the model of its managing account tells it: the
    /// one whose tree names the account, else the only one with policies.
    #[must_use]
    pub fn organization_of(&self, account: AccountId) -> Option<&Organization> {
        let id = account.to_string();
        let mut all = self.iter().map(Model::organization);
        all.find(|organization| organization.parents.contains_key(id.as_str())).or_else(|| {
            let mut with_policies =
                self.iter().map(Model::organization).filter(|found| found.has_policies());
            with_policies.next().filter(|_| with_policies.next().is_none())
        })
    }

    /// The models, by account id.
    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        self.accounts.values()
    }
}

fn by_time(baselines: &[Baseline]) -> Vec<&Baseline> {
    let mut sorted: Vec<&Baseline> = baselines.iter().collect();
    sorted.sort_by_key(|baseline| baseline.taken());
    sorted
}

/// The timelines of some accounts, by account id.
#[derive(Debug, Default)]
pub struct Timelines {
    accounts: BTreeMap<AccountId, Timeline>,
    limits: Limits,
}

impl Timelines {
    /// Accounts that begin with their baselines, or unknown; of two of one account the later counts.
    /// The limits hold for each account.
    #[must_use]
    pub fn new(baselines: &[Baseline], limits: Limits) -> Self {
        let timelines = by_time(baselines)
            .into_iter()
            .map(|baseline| (baseline.account(), Timeline::with_baseline(baseline, limits)));
        Self { accounts: timelines.collect(), limits }
    }

    /// Takes in an event of any account, in any order; none when it changes no model.
    pub fn push(&mut self, event: &Event, order: Order, place: Place) -> Option<Arrival> {
        let entry = Entry::of(event, order, place)?;
        let (account, limits) = (entry.account, self.limits);
        let timeline =
            self.accounts.entry(account).or_insert_with(|| Timeline::new(account, limits));
        Some(timeline.push(entry))
    }

    /// The timeline of an account.
    pub fn get_mut(&mut self, account: AccountId) -> Option<&mut Timeline> {
        self.accounts.get_mut(&account)
    }

    /// The models of all accounts at the end of that second; an account whose events of that time
    /// were dropped for lack of memory is left out.
    pub fn at(&mut self, time: Timestamp) -> Models {
        let models = self
            .accounts
            .iter_mut()
            .filter_map(|(account, timeline)| Some((*account, timeline.at(time)?)));
        Models { accounts: models.collect(), awaited: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::order_of;
    use crate::identity::Kind;
    use crate::trail::{START, account, record};
    use serde_json::{Value, json};

    #[test]
    fn a_member_finds_its_organization() {
        let request = json!({"accountId": "444455556666", "destinationParentId": "ou-1"});
        let event = record(1, 1, "organizations", "MoveAccount", request, Value::Null, Value::Null);
        let mut models = Models::default();
        models.apply(&event, order_of(&event), Place::default());
        let member = AccountId::parse("444455556666").unwrap();
        let found = models.organization_of(member).unwrap();
        assert_eq!(found.levels_of("444455556666").targets.len(), 2);
        assert_eq!(models.organization_of(account()), None);
        let request = json!({"policyId": "p-1", "targetId": "r-1"});
        let event =
            record(2, 2, "organizations", "AttachPolicy", request, Value::Null, Value::Null);
        models.apply(&event, order_of(&event), Place::default());
        assert!(models.organization_of(account()).is_some());
    }

    #[test]
    fn accounts_do_not_see_each_other() {
        let other = "444455556666";
        let request = || json!({"userName": "bob"});
        let here = record(1, 1, "iam", "CreateUser", request(), Value::Null, Value::Null);
        let there = json!({"recipientAccountId": other});
        let there = record(2, 2, "iam", "DeleteUser", request(), Value::Null, there);
        let mut models = Models::default();
        let mut timelines = Timelines::default();
        for event in [&there, &here] {
            models.apply(event, order_of(event), Place::default());
            timelines.push(event, order_of(event), Place::default());
        }
        assert_eq!(models.iter().count(), 2);
        assert!(models.get(account()).is_some_and(|model| model.find(Kind::User, "bob").is_some()));
        assert_eq!(timelines.at(Timestamp::from_seconds(START + 9)), models);
        let bob = "arn:aws:iam::111122223333:user/bob";
        assert!(models.find_arn(bob).is_some_and(|(model, _)| model.account() == account()));
        assert!(models.find_arn("arn:aws:iam::444455556666:user/bob").is_none());
        let empty = timelines.at(Timestamp::from_seconds(START));
        assert!(empty.get(account()).is_some_and(|model| model.find(Kind::User, "bob").is_none()));
        assert!(timelines.get_mut(account()).is_some_and(|timeline| timeline.len() == 1));
    }
}
