//! The actions of one statement that must stay, in few patterns.

use std::collections::BTreeSet;

use super::Kept;
use crate::facts::{ActionSet, facts};
use crate::pattern::{action_matches, is_every_action};

/// Gathers patterns; each covers nothing that the statement did not.
pub(super) struct Lean<'k> {
    kept: &'k Kept,
    patterns: BTreeSet<String>,
    /// Services that stay whole, as far as the statement goes.
    pub(super) services: BTreeSet<String>,
    /// Patterns of which the table of actions knows nothing.
    pub(super) not_known: BTreeSet<String>,
}

impl<'k> Lean<'k> {
    pub(super) fn new(kept: &'k Kept) -> Self {
        Self {
            kept,
            patterns: BTreeSet::new(),
            services: BTreeSet::new(),
            not_known: BTreeSet::new(),
        }
    }

    /// The patterns, sorted, without those that another one covers.
    pub(super) fn patterns(&self) -> Vec<String> {
        let wide: Vec<&String> =
            self.patterns.iter().filter(|pattern| is_wildcard(pattern)).collect();
        let is_covered = |one: &String| {
            !is_wildcard(one) && wide.iter().any(|pattern| action_matches(pattern, one))
        };
        self.patterns.iter().filter(|one| !is_covered(one)).cloned().collect()
    }

    /// Whether all of these stay, and nothing else.
    pub(super) fn are(&self, written: &[String]) -> bool {
        self.patterns.iter().eq(&written.iter().cloned().collect::<BTreeSet<String>>())
    }

    /// What must stay of a pattern of `Action`.
    pub(super) fn pattern(&mut self, pattern: &str) {
        let matched = facts().actions_matching(pattern);
        let (service, name) = match pattern.split_once(':') {
            _ if is_every_action(pattern) => ("*", "*"),
            Some(parts) if !matched.is_empty() => parts,
            // It covers nothing that is known, or is no form that AWS documents: nobody can tell what of
            // it was used.
            _ => {
                self.not_known.insert(pattern.to_owned());
                self.patterns.insert(pattern.to_owned());
                return;
            }
        };
        if matched.is_subset(&self.kept.all) {
            self.note_services(&matched);
            self.patterns.insert(pattern.to_owned());
            return;
        }
        if !is_wildcard(pattern) {
            return;
        }
        for prefix in self.kept.services.iter().filter(|prefix| action_matches(service, prefix)) {
            let narrower = format!("{prefix}:{name}");
            let is_known = facts().service(prefix).is_some();
            if !is_known || !facts().actions_matching(&narrower).is_empty() {
                self.services.insert(prefix.clone());
                self.patterns.insert(narrower);
            }
        }
        self.list(&matched.intersection(&self.kept.actions));
    }

    /// What must stay of everything but `excluded`, whose known actions are `allowed`; false when that
    /// cannot be said without `NotAction`.
    pub(super) fn all_but(&mut self, excluded: &[String], allowed: &ActionSet) -> bool {
        for prefix in &self.kept.services {
            let is_touched = excluded.iter().any(|pattern| match pattern.split_once(':') {
                Some((service, _)) => action_matches(service, prefix),
                None => true,
            });
            let Some(service) = facts().service(prefix) else {
                if is_touched {
                    return false;
                }
                self.services.insert(prefix.clone());
                self.patterns.insert(format!("{prefix}:*"));
                continue;
            };
            let own: ActionSet = service.actions().iter().map(|action| action.id()).collect();
            let left = own.intersection(allowed);
            if left.is_empty() {
                continue;
            }
            self.services.insert(prefix.clone());
            if is_touched {
                self.list_all(&left);
            } else {
                self.patterns.insert(format!("{prefix}:*"));
            }
        }
        self.list(&allowed.intersection(&self.kept.actions));
        true
    }

    /// Names actions, except those of services that stay whole here.
    fn list(&mut self, actions: &ActionSet) {
        let own = actions.iter().filter(|id| !self.services.contains(id.action().prefix()));
        let names: Vec<String> = own.map(|id| id.action().full_name().to_owned()).collect();
        self.patterns.extend(names);
    }

    fn list_all(&mut self, actions: &ActionSet) {
        self.patterns.extend(actions.iter().map(|id| id.action().full_name().to_owned()));
    }

    /// Notes which of the actions stay only because their service does.
    fn note_services(&mut self, matched: &ActionSet) {
        let others = matched.difference(&self.kept.actions);
        self.services.extend(others.iter().map(|id| id.action().prefix().to_owned()));
    }
}

fn is_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}
