//! Grants as the names of actions, the way policies write them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use trailwarden_model::AccountId;
use trailwarden_policy::facts::{Action, ActionSet, Level, facts};
use trailwarden_policy::reach::{ESCALATIONS, Grant, Precision};

use crate::access::World;
use crate::identity::Id;

/// All that there is.
pub(super) const EVERYTHING: &str = "*";

/// Of these services each action is named, also where all of them were gained: a rule that looks for
/// one by its name must find it.
const NAMED: [&str; 8] = [
    "iam",
    "sts",
    "organizations",
    "sso",
    "sso-directory",
    "identitystore",
    "cloudtrail",
    "account",
];

/// How many names are told; beyond that, whole services stand for parts of them.
const NAMES_MAX: usize = 1_000;

/// How many names of a service are left apart when there are too many.
const APART_MAX: usize = 10;

/// Actions, as a set that only grows.
#[derive(Default)]
pub(super) struct Names {
    known: ActionSet,
    /// Patterns and names that no table knows.
    others: BTreeSet<String>,
}

impl Names {
    /// Adds what grants allow.
    pub(super) fn add(&mut self, grants: &[Grant]) {
        for grant in grants {
            self.known.union_with(grant.actions.known());
            let patterns = grant.actions.unknown().iter().flat_map(|area| area.within());
            for pattern in patterns.map(ToString::to_string) {
                // A wildcard over what is known stands for what AWS may add to it.
                let is_future =
                    pattern.contains('*') && !facts().actions_matching(&pattern).is_empty();
                if !is_future {
                    self.others.insert(pattern);
                }
            }
        }
    }

    /// Adds one name.
    pub(super) fn one(&mut self, name: &str) {
        match facts().action(name) {
            Some(action) => _ = self.known.insert(action.id()),
            None => _ = self.others.insert(name.to_owned()),
        }
    }

    /// Adds all that somebody may do; everything where that is not known.
    pub(super) fn all_of(&mut self, world: World<'_>, account: AccountId, id: Option<&Id>) {
        let standing = id.and_then(|id| world.standing(account, id));
        match standing.filter(|standing| standing.reach().precision() != Precision::Unknown) {
            Some(standing) => self.add(standing.reach().grants()),
            None => self.one(EVERYTHING),
        }
    }

    /// All names, sorted.
    pub(super) fn told(mut self) -> Vec<String> {
        if self.known == ActionSet::all() {
            self.others.insert(EVERYTHING.to_owned());
        }
        let is_everything = self.others.contains(EVERYTHING);
        if is_everything {
            self.known = ActionSet::all();
        }
        let mut partial: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut count = 0;
        for service in facts().services() {
            let own = service.actions();
            let is_held = |action: &&Action| self.known.contains(action.id());
            let held: Vec<&Action> = own.iter().filter(is_held).collect();
            if held.is_empty() {
                continue;
            }
            let named = held.iter().filter(|action| is_named(action));
            self.others.extend(named.map(|action| action.full_name().to_owned()));
            if held.len() == own.len() {
                if !is_everything {
                    self.others.insert(format!("{}:*", service.prefix()));
                }
                continue;
            }
            let rest = held.iter().filter(|action| !is_named(action));
            let rest: Vec<&str> = rest.map(|action| action.full_name()).collect();
            count += rest.len();
            partial.push((service.prefix(), rest));
        }
        for (service, rest) in partial {
            if count > NAMES_MAX && rest.len() > APART_MAX {
                self.others.insert(format!("{service}:*"));
            } else {
                self.others.extend(rest.into_iter().map(str::to_owned));
            }
        }
        self.others.into_iter().collect()
    }
}

/// Whether an action is named even beside a pattern that covers it.
fn is_named(action: &Action) -> bool {
    static ESCALATING: LazyLock<ActionSet> = LazyLock::new(|| {
        let names = ESCALATIONS.iter().flat_map(|one| one.actions.iter());
        names.filter_map(|name| facts().action(name)).map(Action::id).collect()
    });
    NAMED.contains(&action.prefix())
        || action.our_level() == Level::PermissionsManagement
        || action.issues_credentials()
        || ESCALATING.contains(action.id())
}
