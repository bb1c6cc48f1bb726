//! One grant: actions on resources under conditions; and the algebra of lists of grants.
//!
//! A list of grants is a union ([`algebra`]). Subtraction splits a grant by what the other leaves over:
//! other actions, other resources, other conditions. Nothing is enumerated.

pub(super) mod algebra;

use super::actions::Actions;
use super::areas::Areas;
use super::clause::Conditions;
use super::condition::Predicate;
use super::glob::Glob;
use crate::document::Statement;
use crate::fuel;

/// What it takes to copy a grant, but for its patterns.
const GRANT_STEPS: usize = 32;

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

impl Grant {
    /// What a statement with these actions matches, whatever its effect: none, one or two grants.
    pub(super) fn of_statement(
        statement: &Statement,
        actions: Actions,
        variables: bool,
    ) -> Vec<Self> {
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

    /// How many patterns and conditions it is made of.
    pub(super) fn size(&self) -> usize {
        self.resources.size() + self.actions.unknown().size() + self.conditions.size()
    }

    /// Whether it was too much work to tell that all of it is something.
    pub fn may_be_nothing(&self) -> bool {
        self.resources.is_open() || self.actions.unknown().is_open()
    }

    /// What both grant.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if !fuel::spend(1) || self.is_apart(other) {
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
        if !fuel::spend(GRANT_STEPS + self.size()) || self.is_apart(other) {
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

    /// Drops the actions that the other grants wherever this one does; all of them or none, because
    /// of what is half dropped nobody knows whether it is anything.
    fn lose_what(&mut self, other: &Self) {
        if fuel::spend(1)
            && other.may_reach(self)
            && self.actions.intersects(&other.actions)
            && other.reaches(self)
            && let Some(left) = fuel::finished(|| self.actions.subtract(&other.actions))
        {
            self.actions = left;
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
