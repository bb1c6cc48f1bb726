//! Whether all that one statement matches, another of the same document matches too.
//!
//! Said only when certain, by the symbolic sets of [`crate::reach`]; unknown actions, policy
//! variables and principals count by their texts. Statements that are too large to compare, that a
//! template leaves open, or whose conditions contradict each other are in no relation.

use std::collections::HashSet;

use super::{Input, StatementView};
use crate::document::{Effect, Principal, Principals};
use crate::facts::facts;
use crate::fuel;
use crate::reach::{Actions, Conditions, Glob, Predicate};

/// More statements are not compared with each other.
const STATEMENTS_MAX: usize = 200;

/// Statements with more resources, open-ended actions or conditions are not compared.
const PARTS_MAX: usize = 64;

/// Pairs of resources that are compared for one document.
const WORK_MAX: usize = 1 << 17;

/// What a statement matches.
pub(super) struct Shape<'d> {
    /// Which statement, as written.
    pub(super) index: usize,
    /// Allow or Deny.
    pub(super) effect: Effect,
    actions: Actions,
    resources: Resources,
    conditions: Conditions,
    who: Option<HashSet<&'d Principal>>,
    not_who: Option<&'d Principals>,
}

/// The shapes of a document's statements, of those that can be compared.
pub(super) fn shapes<'d>(input: &Input<'d>) -> Vec<Shape<'d>> {
    let views = input.statements().iter().take(STATEMENTS_MAX);
    views.filter_map(|view| Shape::of(input, view)).collect()
}

/// The first statement after or before this one that matches all of it, of those that are wanted.
/// Of two that match the same, the earlier stands for both.
pub(super) fn cover<'s, 'd>(
    shapes: &'s [Shape<'d>],
    inner: &Shape<'d>,
    work: &mut usize,
    wanted: impl Fn(&Shape<'d>) -> bool,
) -> Option<&'s Shape<'d>> {
    shapes.iter().find(|outer| {
        if outer.index == inner.index || !wanted(outer) || *work > WORK_MAX {
            return false;
        }
        let is_within = inner.is_within(outer, work);
        let is_same = outer.effect == inner.effect && outer.index > inner.index;
        is_within && !(is_same && outer.is_within(inner, work))
    })
}

impl<'d> Shape<'d> {
    fn of(input: &Input<'d>, view: &StatementView<'d>) -> Option<Self> {
        let statement = view.statement;
        let span = view.places.span;
        let unknown = &input.document.places.unknown;
        let first = unknown.partition_point(|open| open.start < span.start);
        if unknown.get(first).is_some_and(|open| open.start < span.end) {
            return None;
        }
        let is_open_ended =
            |text: &str| text.contains(['*', '?']) || facts().action(text).is_none();
        let is_large = view.actions().filter(|part| is_open_ended(part.text)).count() > PARTS_MAX
            || view.resources().count() > PARTS_MAX
            || statement.conditions.len() > PARTS_MAX
            || statement.conditions.iter().any(|one| one.values.len() > PARTS_MAX);
        let variables = input.knows_variables();
        // A variable without a value changes the meaning of a whole `NotResource`.
        let has_open_exclusion =
            statement.not_resources.iter().flatten().any(|text| text.contains("${"));
        if is_large || has_open_exclusion {
            return None;
        }
        let actions = match &statement.not_actions {
            Some(excluded) => Actions::all_but(excluded),
            None => Actions::of(&statement.actions),
        };
        let globs = |texts: &[String]| -> Vec<Glob> {
            texts.iter().filter_map(|text| Glob::resource(text, variables)).collect()
        };
        let resources = match &statement.not_resources {
            Some(excluded) => Resources { globs: globs(excluded), is_negated: true },
            // Without the element, a policy is about whatever it is attached to.
            None if statement.resources.is_empty() => {
                Resources { globs: vec![Glob::any()], is_negated: false }
            }
            None => Resources { globs: globs(&statement.resources), is_negated: false },
        };
        let predicates = statement.conditions.iter().map(|one| Predicate::of(one, variables));
        let is_everyone = statement.principals.is_everyone();
        let shape = Self {
            index: view.index,
            effect: statement.effect,
            actions,
            resources,
            conditions: Conditions::of(predicates.collect())?,
            who: (!is_everyone).then(|| statement.principals.listed().iter().collect()),
            not_who: statement.not_principals.as_ref(),
        };
        // What matches nothing lies within everything; that is told by other checks. Of what was
        // read in part nothing is said.
        (!fuel::is_spent() && !shape.actions.is_empty() && !shape.resources.is_nothing())
            .then_some(shape)
    }

    /// Whether all that it matches, the other one matches.
    fn is_within(&self, outer: &Self, work: &mut usize) -> bool {
        let is_known_within = self.actions.known().is_subset(outer.actions.known());
        if !is_known_within || !self.is_about_some_of(outer) {
            return false;
        }
        *work += self.resources.globs.len() * outer.resources.globs.len() + 1;
        self.conditions.implies(&outer.conditions)
            && self.resources.are_within(&outer.resources)
            && self.actions.subtract(&outer.actions).is_empty()
    }

    /// Whether the principals are among the other's.
    fn is_about_some_of(&self, outer: &Self) -> bool {
        if self.not_who.is_some() || outer.not_who.is_some() {
            return self.not_who == outer.not_who;
        }
        match (&self.who, &outer.who) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(others)) => mine.is_subset(others),
        }
    }
}

/// Patterns of resources, or all but these. Compared one pattern with one other: what only several
/// patterns cover together is not found, which costs a hint and saves much time.
struct Resources {
    globs: Vec<Glob>,
    is_negated: bool,
}

impl Resources {
    fn is_nothing(&self) -> bool {
        match self.is_negated {
            true => self.globs.iter().any(Glob::is_any),
            false => self.globs.is_empty(),
        }
    }

    fn are_within(&self, outer: &Self) -> bool {
        let has_cover = |globs: &[Glob], one: &Glob| globs.iter().any(|glob| glob.covers(one));
        match (self.is_negated, outer.is_negated) {
            (false, false) => self.globs.iter().all(|one| has_cover(&outer.globs, one)),
            (true, true) => outer.globs.iter().all(|one| has_cover(&self.globs, one)),
            (false, true) => {
                let is_apart = |one: &Glob| !outer.globs.iter().any(|glob| glob.intersects(one));
                self.globs.iter().all(is_apart)
            }
            (true, false) => outer.globs.iter().any(Glob::is_any),
        }
    }
}
