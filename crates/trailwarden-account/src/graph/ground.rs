//! The users and roles of one account, found by what may lead to them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use foldhash::HashMap;
use trailwarden_model::Arn;
use trailwarden_policy::pattern::resource_matches;
use trailwarden_policy::trust::Who;

use super::target::{Target, Trust};
use crate::access::Rcps;
use crate::identity::Id;
use crate::model::Model;
use crate::techniques::carriers::is_companion;

/// An account's targets.
#[derive(Debug, Default)]
pub(super) struct Ground {
    pub(super) targets: BTreeMap<Id, Arc<Target>>,
    /// While a path is not known, by both ARNs that there may be.
    by_arn: BTreeMap<Arc<str>, Id>,
    /// Roles by the principal that they name.
    named: HashMap<Arc<str>, BTreeSet<Id>>,
    /// Roles by the name of the role of which they name a session.
    sessions: HashMap<Arc<str>, BTreeSet<Id>>,
    /// Roles that let everybody in, perhaps under conditions.
    everyone: BTreeSet<Id>,
    /// Roles that trust a service.
    serving: BTreeSet<Id>,
    /// Roles of a service that takes one beside the role that its carrier runs with.
    companions: BTreeSet<Id>,
    /// Roles that trust an identity provider.
    federated: BTreeSet<Id>,
    /// Roles that let other accounts in.
    foreign: BTreeSet<Id>,
}

/// How a source looks for its targets.
pub(super) struct Search<'a> {
    /// Patterns of ARNs that its policies name; none for anything.
    pub(super) named: Option<Vec<&'a str>>,
    /// Its own ARN, and its name.
    pub(super) arn: &'a str,
    pub(super) name: &'a str,
    pub(super) uses_carriers: bool,
    pub(super) turns_providers: bool,
    pub(super) is_elsewhere: bool,
}

impl Ground {
    pub(super) fn of(model: &Model, rcps: &Rcps) -> Self {
        let mut ground = Self::default();
        for identity in model.identities() {
            ground.renew(model, rcps, &identity.id);
        }
        ground
    }

    /// Takes in what the model says of an identity now.
    pub(super) fn renew(&mut self, model: &Model, rcps: &Rcps, id: &Id) {
        self.remove(id);
        let shared = model.shared_identity(id);
        let target = shared.and_then(|identity| Target::of(model, rcps, identity));
        if let Some(target) = target {
            self.put(Arc::new(target));
        }
    }

    /// Some targets and no others.
    pub(super) fn holding(targets: impl IntoIterator<Item = Arc<Target>>) -> Self {
        let mut ground = Self::default();
        targets.into_iter().for_each(|target| ground.put(target));
        ground
    }

    fn put(&mut self, target: Arc<Target>) {
        let id = target.id.clone();
        for arn in target.arns() {
            self.by_arn.insert(arn.clone(), id.clone());
        }
        for (is_in, set) in [
            (target.may_trust_services(), &mut self.serving),
            (target.trusts_providers(), &mut self.federated),
            (target.is_open_outside(), &mut self.foreign),
        ] {
            if is_in {
                set.insert(id.clone());
            }
        }
        for grant in target.grants() {
            match &grant.who {
                Who::Anyone => {
                    self.everyone.insert(id.clone());
                }
                Who::Principal { arn, .. } => {
                    let (named, key) = match session_role(arn) {
                        Some(role) => (&mut self.sessions, role),
                        None => (&mut self.named, arn.as_str()),
                    };
                    named.entry(key.into()).or_default().insert(id.clone());
                }
                Who::Service(service) if is_companion(service) => {
                    self.companions.insert(id.clone());
                }
                _ => {}
            }
        }
        self.targets.insert(id, target);
    }

    fn remove(&mut self, id: &Id) {
        let Some(old) = self.targets.remove(id) else { return };
        for arn in old.arns() {
            if self.by_arn.get(arn) == Some(id) {
                self.by_arn.remove(arn);
            }
        }
        for set in [
            &mut self.serving,
            &mut self.federated,
            &mut self.foreign,
            &mut self.everyone,
            &mut self.companions,
        ] {
            set.remove(id);
        }
        if let Trust::Known { grants, .. } = &old.trust {
            for grant in grants.iter() {
                let Who::Principal { arn, .. } = &grant.who else { continue };
                let (named, key) = match session_role(arn) {
                    Some(role) => (&mut self.sessions, role),
                    None => (&mut self.named, arn.as_str()),
                };
                if let Some(set) = named.get_mut(key) {
                    set.remove(id);
                    if set.is_empty() {
                        named.remove(key);
                    }
                }
            }
        }
    }

    /// Every target that a source may have an edge to; the rest has none for certain.
    pub(super) fn candidates(&self, search: &Search<'_>) -> Vec<Arc<Target>> {
        let Some(named) = &search.named else {
            if search.is_elsewhere {
                return self.get(&self.foreign);
            }
            return self.targets.values().cloned().collect();
        };
        let mut ids: BTreeSet<Id> =
            named.iter().flat_map(|pattern| self.matching(pattern)).cloned().collect();
        ids.extend(self.everyone.iter().cloned());
        ids.extend(self.naming(search.arn, search.name).cloned());
        if search.uses_carriers && !search.is_elsewhere {
            ids.extend(self.serving.iter().cloned());
        }
        if search.turns_providers && !search.is_elsewhere {
            ids.extend(self.federated.iter().cloned());
        }
        self.get(&ids)
    }

    /// Those that a pattern of ARNs covers.
    pub(super) fn matching(&self, pattern: &str) -> impl Iterator<Item = &Id> {
        let wild = pattern.find(['*', '?']);
        let plain = pattern.get(..wild.unwrap_or(pattern.len())).unwrap_or_default();
        let from = self.by_arn.range::<str, _>((Bound::Included(plain), Bound::Unbounded));
        from.take_while(move |(arn, _)| match wild {
            Some(_) => arn.starts_with(plain),
            None => &***arn == plain,
        })
        .filter(move |(arn, _)| wild.is_none() || resource_matches(pattern, arn))
        .map(|(_, id)| id)
    }

    /// Whether some role lets a principal in that its policies need not name.
    pub(super) fn lets_in(&self, arn: &str, name: &str) -> bool {
        !self.everyone.is_empty() || self.naming(arn, name).next().is_some()
    }

    /// Roles that name a principal, or a session that may be one of his.
    fn naming(&self, arn: &str, name: &str) -> impl Iterator<Item = &Id> {
        self.named.get(arn).into_iter().chain(self.sessions.get(name)).flatten()
    }

    /// Roles whose edges from outside depend on what other accounts are known.
    pub(super) fn open_outside(&self) -> impl Iterator<Item = &Arc<Target>> {
        self.foreign.union(&self.federated).filter_map(|id| self.targets.get(id))
    }

    /// Roles that a service may be handed beside the one that its carrier runs with.
    pub(super) fn companions(&self) -> Vec<Arc<Target>> {
        self.get(&self.companions)
    }

    fn get(&self, ids: &BTreeSet<Id>) -> Vec<Arc<Target>> {
        ids.iter().filter_map(|id| self.targets.get(id)).cloned().collect()
    }
}

/// The role of a session, by which roles are found that let the session in: its ARN does not tell the
/// path.
fn session_role(arn: &str) -> Option<&str> {
    Arn::parse(arn).and_then(|arn| arn.session_role())
}
