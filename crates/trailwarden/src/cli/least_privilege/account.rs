//! The policies of one account, each once, and those who hold them.

use std::collections::BTreeMap;
use std::rc::Rc;

use trailwarden_account::fact::Fact;
use trailwarden_account::query::{Held, HeldPolicy, PolicySource, name_of};
use trailwarden_account::{Id, Identity, Kind, Model, Models, PolicyText, Snapshot, World};
use trailwarden_model::AccountId;
use trailwarden_policy::facts::ActionSet;
use trailwarden_policy::rightsize::{Called, Needs, Sight};
use trailwarden_runtime::usage::{Period, Usage, Used};

use super::effect::Effect;
use super::holders;
use super::proposal::{self, Holder, Outcome, Proposal};
use super::sight;

/// A policy, and its holder unless it is changed for all who hold it.
pub(super) type Key = (Option<Id>, PolicySource);

/// An account that is asked.
pub(super) struct Account<'a> {
    model: &'a Model,
    world: World<'a>,
    snapshot: Option<&'a Snapshot>,
    usage: &'a Usage,
    period: Option<Period>,
    sight: Sight,
    needs: BTreeMap<Id, Rc<Needs>>,
    policies: BTreeMap<Key, Proposal>,
}

/// What was found of an account.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) account: AccountId,
    pub(super) period: Option<Period>,
    /// What makes the logs doubtful as a whole, in sentences.
    pub(super) doubts: Vec<String>,
    pub(super) principals: Vec<Principal>,
    pub(super) policies: BTreeMap<Key, Proposal>,
}

/// A user or role.
#[derive(Debug)]
pub(super) struct Principal {
    pub(super) label: String,
    pub(super) arn: Option<String>,
    /// Calls that were not refused.
    pub(super) calls: Vec<Used>,
    /// The actions that were used.
    pub(super) used: ActionSet,
    /// Its policies.
    pub(super) policies: Vec<Key>,
    /// What else it may hold that was not seen.
    pub(super) unknowns: Vec<String>,
    pub(super) effect: Option<Effect>,
}

impl Told {
    /// Whether something cannot be told.
    pub(super) fn is_open(&self) -> bool {
        self.period.is_none()
            || !self.doubts.is_empty()
            || self.policies.values().any(Proposal::is_open)
            || self.principals.iter().any(|one| !one.unknowns.is_empty())
    }
}

impl<'a> Account<'a> {
    pub(super) fn new(
        models: &'a Models,
        model: &'a Model,
        snapshot: Option<&'a Snapshot>,
        usage: &'a Usage,
        data_events: &[String],
    ) -> Self {
        let account = model.account();
        Self {
            model,
            world: World::of(models),
            snapshot,
            usage,
            period: usage.period(account),
            sight: sight::of_account(usage, account, snapshot, data_events),
            needs: BTreeMap::new(),
            policies: BTreeMap::new(),
        }
    }

    /// Works out the policies of these users and roles.
    pub(super) fn tell(&mut self, identities: &[&Identity]) -> Told {
        let principals = identities.iter().map(|identity| self.principal(identity)).collect();
        Told {
            account: self.model.account(),
            period: self.period,
            doubts: sight::doubts(self.snapshot),
            principals,
            policies: std::mem::take(&mut self.policies),
        }
    }

    fn principal(&mut self, identity: &Identity) -> Principal {
        let held = self.model.policies_of(&identity.id);
        let mut keys = Vec::new();
        for policy in &held.policies {
            let key = key(policy, identity);
            if !self.policies.contains_key(&key) {
                let holder = policy.through.as_ref().unwrap_or(&identity.id);
                let proposal = self.proposal(policy, holder, key.0.is_none());
                self.policies.insert(key.clone(), proposal);
            }
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let effect = self.effect(identity, &held);
        Principal {
            label: name_of(identity),
            arn: self.arn(identity),
            calls: self.calls(identity),
            used: self.needs(&identity.id).used.clone(),
            policies: keys,
            unknowns: held
                .unknowns
                .iter()
                .map(|it| format!("{}: {}", it.what, it.why.as_str()))
                .collect(),
            effect,
        }
    }

    /// What becomes of it with the policies as they would be.
    fn effect(&self, identity: &Identity, held: &Held) -> Option<Effect> {
        let standing = || self.world.standing(self.model.account(), &identity.id);
        let policies = held.policies.iter().filter_map(|policy| {
            let change = self.policies.get(&key(policy, identity)).and_then(Proposal::change);
            let (Some(change), Some(proof)) = (change, policy.document.proof()) else {
                return Some(policy.clone());
            };
            let document = Fact::known(PolicyText::new(change?), proof);
            Some(HeldPolicy { document, ..policy.clone() })
        });
        let after = Held { policies: policies.collect(), unknowns: held.unknowns.clone() };
        Some(Effect::of(&standing()?, &standing()?.holding(after)))
    }

    fn arn(&self, identity: &Identity) -> Option<String> {
        identity.arn(self.model.partition(), self.model.account())
    }

    fn calls(&self, identity: &Identity) -> Vec<Used> {
        let arn = self.arn(identity);
        let mut all = self.usage.of(self.model.account(), identity.id.as_str(), arn.as_deref());
        all.retain(|used| used.count.allowed() > 0);
        all
    }

    fn needs(&mut self, id: &Id) -> Rc<Needs> {
        if let Some(known) = self.needs.get(id) {
            return Rc::clone(known);
        }
        let needs = self.model.identity(id).map(|identity| self.needs_of(identity));
        let needs = Rc::new(needs.unwrap_or_default());
        self.needs.insert(id.clone(), Rc::clone(&needs));
        needs
    }

    fn needs_of(&self, identity: &Identity) -> Needs {
        let arn = self.arn(identity);
        let sight = sight::of_principal(&self.sight, self.snapshot, arn.as_deref(), self.period);
        let calls = self.calls(identity);
        let called = calls
            .iter()
            .map(|it| Called { event_source: &it.event_source, event_name: &it.event_name });
        let mut needs = Needs::of(called, &sight);
        if self.usage.is_truncated() {
            needs.blind = Some("the logs hold more calls than are told apart");
        }
        if self.period.is_none() {
            needs.blind = Some("the logs hold no record of the account");
        }
        needs
    }

    fn proposal(&mut self, policy: &HeldPolicy, holder: &Id, is_shared: bool) -> Proposal {
        let name = policy.source.name().to_owned();
        let is_inline = matches!(policy.source, PolicySource::Inline(_));
        let owner = self.model.identity(holder);
        let counted = holders::counted(self.model, &policy.source, holder, is_shared);
        let outcome = match (&counted, policy.why(), policy.document.value()) {
            (_, Some(why), _) => {
                Outcome::Left(format!("its document is not known: {}", why.as_str()))
            }
            (Err(why), None, _) => Outcome::Left(why.clone()),
            (Ok(ids), None, Some(text)) => {
                let needs = ids.iter().map(|id| self.needs(id)).collect::<Vec<_>>();
                let needs = needs.iter().fold(Needs::default(), |all, one| all.union(one));
                let size_max = owner.map_or(proposal::MANAGED_MAX, |owner| {
                    if is_inline { self.room(owner, policy) } else { proposal::MANAGED_MAX }
                });
                proposal::lean(text, &needs, size_max)
            }
            (Ok(_), None, None) => Outcome::Left("its document is not known".to_owned()),
        };
        let names = counted.unwrap_or_default();
        let names = names.iter().filter_map(|id| self.model.identity(id)).map(name_of);
        let as_holder = |owner: &Identity| Holder { label: name_of(owner), arn: self.arn(owner) };
        Proposal {
            name,
            is_inline,
            holder: owner.filter(|_| !is_shared).map(as_holder),
            counted: names.collect(),
            before: policy.document.value().cloned(),
            outcome,
        }
    }

    /// How long an inline policy may be beside the holder's others.
    fn room(&self, owner: &Identity, policy: &HeldPolicy) -> usize {
        let all = match owner.kind {
            Kind::User | Kind::Root => proposal::USER_MAX,
            Kind::Group => proposal::GROUP_MAX,
            Kind::Role => proposal::ROLE_MAX,
        };
        let others = owner.inline.iter().filter(|(name, _)| name.as_ref() != policy.source.name());
        let texts = others.filter_map(|(_, text)| text.last_value());
        let taken: usize =
            texts.map(|text| trailwarden_remedy::documents::size(text.as_str())).sum();
        all.saturating_sub(taken)
    }
}

fn key(policy: &HeldPolicy, identity: &Identity) -> Key {
    let holder = policy.through.as_ref().unwrap_or(&identity.id);
    let is_shared = proposal::is_shared(&policy.source);
    ((!is_shared).then(|| holder.clone()), policy.source.clone())
}
