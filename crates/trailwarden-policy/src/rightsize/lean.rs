//! The actions of one statement that must stay, in few patterns.

use std::collections::BTreeSet;

use super::Kept;
use crate::document::Statement;
use crate::facts::{ActionSet, facts};
use crate::pattern::{action_matches, is_every_action};

/// Gathers patterns; each covers nothing that the statement did not.
pub(super) struct Lean<'k> {
    kept: &'k Kept,
    /// The services that the resources of the statement belong to, where all are told.
    resources: Option<BTreeSet<String>>,
    patterns: BTreeSet<String>,
    /// Services that stay whole, as far as the statement goes.
    pub(super) services: BTreeSet<String>,
    /// Patterns of which the table of actions knows nothing.
    pub(super) not_known: BTreeSet<String>,
}

impl<'k> Lean<'k> {
    pub(super) fn new(kept: &'k Kept, statement: &Statement) -> Self {
        Self {
            kept,
            resources: services_of(statement),
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
            if matched.is_subset(&self.kept.all.union(&self.kept.if_named)) {
                self.patterns.insert(pattern.to_owned());
            }
            return;
        }
        let kept = self.kept;
        let is_meant = |prefix: &&String| {
            action_matches(service, prefix)
                && (!is_wildcard(service) || self.is_of_resources(prefix))
        };
        let meant: Vec<&String> = kept.services.iter().filter(is_meant).collect();
        for prefix in meant {
            let narrower = format!("{prefix}:{name}");
            let is_known = facts().service(prefix).is_some();
            if !is_known || !facts().actions_matching(&narrower).is_empty() {
                self.services.insert(prefix.clone());
                self.patterns.insert(narrower);
            }
        }
        let mut stay = matched.intersection(&self.kept.actions);
        if is_wildcard(service) {
            stay = stay.iter().filter(|id| self.is_of_resources(id.action().prefix())).collect();
        }
        self.list(&stay);
    }

    /// Whether actions of a service can work on any of the statement's resources. A service that the table
    /// does not know may work on all.
    fn is_of_resources(&self, prefix: &str) -> bool {
        let (Some(told), Some(service)) = (&self.resources, facts().service(prefix)) else {
            return true;
        };
        let mut arns = service.resource_types().iter().flat_map(|kind| kind.arn_patterns());
        told.contains(service.prefix())
            || arns.any(|arn| owner(arn).is_none_or(|owner| told.contains(owner)))
    }

    /// What must stay of everything but `excluded`, whose known actions are `allowed`; false when that
    /// cannot be said without `NotAction`.
    pub(super) fn all_but(&mut self, excluded: &[String], allowed: &ActionSet) -> bool {
        let kept = self.kept;
        let meant = kept.services.iter().filter(|prefix| self.is_of_resources(prefix));
        for prefix in meant.collect::<Vec<_>>() {
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
        let stay = allowed.intersection(&self.kept.actions);
        let stay = stay.iter().filter(|id| self.is_of_resources(id.action().prefix())).collect();
        self.list(&stay);
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

/// The services of all resources of a statement; none where one may be any.
fn services_of(statement: &Statement) -> Option<BTreeSet<String>> {
    if statement.not_resources.is_some() {
        return None;
    }
    let all = statement.resources.iter().map(|arn| owner(arn).map(str::to_owned));
    all.collect::<Option<BTreeSet<String>>>().filter(|all| !all.is_empty())
}

/// The service that an ARN names; none where a wildcard or variable stands there.
fn owner(arn: &str) -> Option<&str> {
    let service = arn.strip_prefix("arn:")?.split(':').nth(1)?;
    (!service.is_empty() && !service.contains(['*', '?', '$'])).then_some(service)
}

fn is_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}
