//! One grant: actions on resources under conditions; and the algebra of lists of grants.
//!
//! A list of grants is a union. Subtraction splits a grant by what the other leaves over: other
//! actions, other resources, other conditions. Nothing is enumerated, so the result is exact as long
//! as the number of pieces stays within a limit; beyond it, nothing more is taken away, and the
//! caller is told.

use std::collections::BTreeMap;

use super::actions::Actions;
use super::areas::Areas;
use super::clause::Conditions;
use super::condition::Predicate;
use super::glob::Glob;
use crate::document::Statement;

/// Every one of these actions, on every one of these resources, where the conditions hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The actions.
    pub actions: Actions,
    /// The resources. For actions that take none, everything or nothing.
    pub resources: Areas,
    /// The conditions.
    pub conditions: Conditions,
}

/// More pieces are not made; see the module.
const PIECES_MAX: usize = 200;

/// Fewer pieces are not worth merging half-way.
const TIDY_ABOVE: usize = 24;

impl Grant {
    /// What a statement matches, whatever its effect: none, one or two grants.
    pub(super) fn of_statement(statement: &Statement, variables: bool) -> Vec<Self> {
        let actions = match &statement.not_actions {
            Some(excluded) => Actions::all_but(excluded),
            None => Actions::of(&statement.actions),
        };
        let predicates =
            statement.conditions.iter().map(|one| Predicate::of(one, variables)).collect();
        let Some(conditions) = Conditions::of(predicates) else {
            return Vec::new();
        };
        let globs = |texts: &[String]| -> Vec<Glob> {
            texts.iter().filter_map(|text| Glob::resource(text, variables)).collect()
        };
        let mut needed = Vec::new();
        let resources = match &statement.not_resources {
            Some(excluded) => {
                let excluded = globs(excluded);
                needed.extend(
                    excluded.iter().flat_map(Glob::needed_variables).map(Predicate::is_present),
                );
                Areas::any().subtract(&Areas::of_globs(excluded.iter().cloned()))
            }
            // Without the element, a policy is about whatever it is attached to.
            None if statement.resources.is_empty() => Areas::any(),
            None => Areas::of_globs(globs(&statement.resources)),
        };
        let mut grants = Self::normal(actions, resources, conditions);
        // A variable without a value leaves `NotResource` as a whole without a match, not only its
        // pattern, wherever a resource is named (IAM User Guide, "IAM policy elements: Variables
        // and tags").
        if let Some(needed) = Conditions::of(needed) {
            for grant in grants.iter_mut().filter(|grant| !grant.resources.is_any()) {
                match grant.conditions.and(&needed) {
                    Some(conditions) => grant.conditions = conditions,
                    None => grant.resources = Areas::default(),
                }
            }
        }
        grants.retain(|grant| !grant.resources.is_empty());
        grants
    }

    /// Keeps actions that take no resource apart from the rest: for them, a resource pattern covers
    /// everything or nothing.
    ///
    /// Source: IAM User Guide, "IAM JSON policy elements: Resource"; Service Authorization
    /// Reference, "Resource types".
    fn normal(actions: Actions, resources: Areas, conditions: Conditions) -> Vec<Self> {
        if resources.is_any() {
            let one = Self { actions, resources, conditions };
            return if one.actions.is_empty() { Vec::new() } else { vec![one] };
        }
        let (without_resource, others) = actions.split_wildcard_only();
        let mut grants = Vec::new();
        if !without_resource.is_empty() && resources.covers_no_resource() {
            let (resources, conditions) = (Areas::any(), conditions.clone());
            grants.push(Self { actions: without_resource, resources, conditions });
        }
        if !others.is_empty() && !resources.is_empty() {
            grants.push(Self { actions: others, resources, conditions });
        }
        grants
    }

    /// Whether it was too much work to tell that all of it is something.
    pub fn may_be_nothing(&self) -> bool {
        self.resources.is_open() || self.actions.unknown().is_open()
    }

    /// What both grant.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if self.is_apart(other) {
            return None;
        }
        let conditions = self.conditions.and(&other.conditions)?;
        let actions = self.actions.intersect(&other.actions);
        let resources = self.resources.intersect(&other.resources);
        let is_some = !actions.is_empty() && !resources.is_empty();
        is_some.then_some(Self { actions, resources, conditions })
    }

    /// Whether certainly nothing is in both, told by what is quickest first.
    fn is_apart(&self, other: &Self) -> bool {
        !self.actions.intersects(&other.actions)
            || !self.resources.intersects(&other.resources)
            || self.conditions.contradict(&other.conditions)
    }

    /// What this one grants and `other` does not.
    fn subtract(&self, other: &Self) -> Vec<Self> {
        if self.is_apart(other) {
            return vec![self.clone()];
        }
        let mut left = Vec::new();
        let (theirs, actions) = self.actions.split(&other.actions);
        let cases = self.conditions.and_not(&other.conditions);
        if !cases.is_empty() {
            let shared = self.resources.intersect(&other.resources);
            left.extend(cases.into_iter().map(|conditions| Self {
                actions: theirs.clone(),
                resources: shared.clone(),
                conditions,
            }));
        }
        let resources = self.resources.subtract(&other.resources);
        if !resources.is_empty() {
            // Of everything but something, actions without resource are still on everything or
            // gone.
            left.extend(Self::normal(theirs, resources, self.conditions.clone()));
        }
        if !actions.is_empty() {
            left.push(Self { actions, ..self.clone() });
        }
        left
    }

    /// Drops the actions that the other grants wherever this one does.
    fn lose_what(&mut self, other: &Self) {
        if other.may_reach(self) && self.actions.intersects(&other.actions) && other.reaches(self) {
            self.actions = self.actions.subtract(&other.actions);
        }
    }

    /// A quick check before [`Grant::reaches`]: `false` is certain.
    fn may_reach(&self, other: &Self) -> bool {
        self.resources.may_cover(&other.resources)
    }

    /// Whether this grants all of the other's resources under no further conditions.
    fn reaches(&self, other: &Self) -> bool {
        other.conditions.implies(&self.conditions) && self.resources.covers(&other.resources)
    }
}

/// What both lists grant.
pub(super) fn intersect(a: &[Grant], b: &[Grant]) -> Vec<Grant> {
    let all = a.iter().flat_map(|one| b.iter().filter_map(|two| one.intersect(two)));
    tidy(all.collect())
}

/// What the first list grants and the second does not, and whether that is all of the truth: when
/// the pieces become too many, more is left than should be.
pub(super) fn subtract(from: &[Grant], taken: &[Grant]) -> (Vec<Grant>, bool) {
    let mut all = Vec::new();
    let mut is_exact = true;
    for grant in from {
        let mut grant = grant.clone();
        // What did not change goes first, before anything is cut to pieces.
        for other in taken {
            grant.lose_what(other);
        }
        if grant.actions.is_empty() {
            continue;
        }
        let mut left = vec![grant];
        for other in taken {
            if left.iter().all(|one| one.is_apart(other)) {
                continue;
            }
            let pieces: Vec<Grant> = left.iter().flat_map(|one| one.subtract(other)).collect();
            let pieces = if pieces.len() > TIDY_ABOVE { tidy(pieces) } else { pieces };
            if pieces.len() > PIECES_MAX {
                is_exact = false;
            } else {
                left = pieces;
            }
        }
        all.extend(left);
    }
    (tidy(all), is_exact)
}

/// Merges what belongs together and drops what another grant says already; a fixed order.
pub(super) fn tidy(grants: Vec<Grant>) -> Vec<Grant> {
    let mut by_place: BTreeMap<(Areas, Conditions), Actions> = BTreeMap::new();
    for grant in grants {
        let place = (grant.resources, grant.conditions);
        let actions = match by_place.remove(&place) {
            Some(actions) => actions.union(&grant.actions),
            None => grant.actions,
        };
        by_place.insert(place, actions);
    }
    let mut grants: Vec<Grant> = by_place
        .into_iter()
        .map(|((resources, conditions), actions)| Grant { actions, resources, conditions })
        .collect();
    absorb(&mut grants);
    let mut by_actions: BTreeMap<(Actions, Conditions), Areas> = BTreeMap::new();
    for grant in grants {
        let key = (grant.actions, grant.conditions);
        let resources = match by_actions.remove(&key) {
            Some(resources) => resources.union(&grant.resources),
            None => grant.resources,
        };
        by_actions.insert(key, resources);
    }
    by_actions
        .into_iter()
        .map(|((actions, conditions), resources)| Grant { actions, resources, conditions })
        .collect()
}

fn absorb(grants: &mut Vec<Grant>) {
    let mut at = 0;
    while at < grants.len() {
        let mut grant = grants.remove(at);
        for other in grants.iter() {
            grant.lose_what(other);
        }
        if !grant.actions.is_empty() {
            grants.insert(at, grant);
            at += 1;
        }
    }
}
