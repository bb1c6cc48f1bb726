//! One proposed permit: what it asks, as data.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::{Outcome, Severity, Timestamp};

use super::left::{self, Seen};
use super::{Doer, Entry, On, entry};
use crate::{Asked, Grade, KnownEffect, Target};

/// How many changes are shown as examples.
const SHOWN: usize = 3;

/// A proposed permit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Permit {
    /// Its `@id`, unique among the permits of a suggestion.
    pub id: String,
    /// Who makes the changes.
    pub doer: Doer,
    /// Who stands behind them: any of these.
    pub entries: BTreeSet<Entry>,
    /// The service that makes the call, when one does.
    pub via: Option<String>,
    /// The only source addresses, where nothing else tells who it is.
    pub sources: Option<BTreeSet<String>>,
    /// Whether it is for a person: then the console does not matter.
    pub is_of_person: bool,
    /// The calls.
    pub actions: BTreeSet<String>,
    /// What they are made on.
    pub on: On,
    /// The most that they may do.
    pub bound: Bound,
    /// What it covers of the changes that were seen.
    pub seen: Covered,
}

/// The most that a change may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound {
    /// The gravest grade that somebody may end with, when something moves; `None`: nothing may move.
    pub grade: Option<Grade>,
    /// Whether those who had a graver grade before may keep it when nothing moves.
    pub keeps: bool,
    /// The gravest severity; `None`: none at all.
    pub severity: Option<Severity>,
    /// Whether everybody who is touched must end with a permissions boundary.
    pub boundary: bool,
}

/// What a permit covers of the changes that were seen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Covered {
    /// How many.
    pub count: u64,
    /// The first and the last.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The first of an action, of a few actions.
    pub examples: Vec<Seen>,
    /// How many different targets.
    pub targets: BTreeSet<String>,
}

impl Covered {
    /// Counts a change.
    pub(super) fn add(&mut self, asked: &Asked) {
        self.count += 1;
        let (first, last) = self.span.get_or_insert((asked.time, asked.time));
        (*first, *last) = ((*first).min(asked.time), (*last).max(asked.time));
        self.targets.extend(asked.target.arn.clone().or_else(|| asked.target.name.clone()));
        let weight = |seen: &Seen| (seen.time, seen.event_id.clone());
        let seen = Seen::of(asked);
        let earlier = self.examples.iter().position(|one| one.action == seen.action);
        match earlier.and_then(|at| self.examples.get_mut(at)) {
            Some(one) if weight(&seen) < weight(one) => *one = seen,
            Some(_) => {}
            None => self.examples.push(seen),
        }
    }

    /// Keeps a few examples, once all is counted.
    pub(super) fn finish(&mut self) {
        self.examples.sort_by(|a, b| (a.time, &a.event_id).cmp(&(b.time, &b.event_id)));
        self.examples.truncate(SHOWN);
    }
}

impl Bound {
    /// The gravest of what was seen; each change may be proposed for.
    pub(super) fn of(effects: &[&KnownEffect]) -> Self {
        let moved = effects.iter().filter(|effect| effect.moved);
        let grade = moved.map(|effect| effect.grade_after).max();
        let is_graver = |effect: &&&KnownEffect| grade < Some(effect.grade_after);
        let in_boundary = |effect: &&&KnownEffect| effect.within_boundary == Some(true);
        let bounded = effects.iter().filter(in_boundary).count();
        Self {
            grade,
            keeps: grade.is_some() && effects.iter().any(|effect| is_graver(&effect)),
            severity: effects.iter().filter_map(|effect| effect.severity).max(),
            // One in ten that breaks a habit is what a person wants to see.
            boundary: bounded * 10 >= effects.len() * 9,
        }
    }

    fn holds(&self, effect: &KnownEffect) -> bool {
        let by_grade = match self.grade {
            None => !effect.moved,
            Some(grade) => effect.grade_after <= grade || self.keeps && !effect.moved,
        };
        by_grade
            && effect.severity <= self.severity
            && (!self.boundary || effect.within_boundary == Some(true))
            && effect.paths_opened.is_empty()
            && !effect.self_change
            && !effect.crosses_account
            && !effect.public
    }
}

impl Permit {
    /// Whether it does not ask who entered the role, because nobody knows.
    #[must_use]
    pub fn is_for_whoever_enters(&self) -> bool {
        self.doer.kind == "role" && self.entries.contains(&Entry::Unknown)
    }

    /// Whether it permits a change, as its text does.
    #[must_use]
    pub fn covers(&self, asked: &Asked) -> bool {
        let entry = entry::entry(asked);
        let is_entered = self.is_for_whoever_enters()
            || entry.as_ref().is_some_and(|entry| self.entries.contains(entry));
        entry::doer(asked).as_ref() == Some(&self.doer)
            && is_entered
            && (self.is_of_person || !asked.from_console)
            && asked.via == self.via
            && self.sources.as_ref().is_none_or(|sources| {
                asked.source.as_ref().is_some_and(|source| sources.contains(source))
            })
            && self.actions.contains(&asked.action)
            && self.on.holds(&target(asked))
            && asked.outcome != Outcome::Denied
            && left::effect(asked).is_some_and(|effect| self.bound.holds(effect))
    }
}

/// What the change was made on. Of one that a principal makes on itself, both parts tell.
fn target(asked: &Asked) -> Cow<'_, Target> {
    let Asked { actor, target, .. } = asked;
    if target.arn.is_none() || target.arn != actor.arn {
        return Cow::Borrowed(target);
    }
    Cow::Owned(Target {
        name: target.name.clone().or_else(|| actor.name.clone()),
        path: target.path.clone().or_else(|| actor.path.clone()),
        ..target.clone()
    })
}

/// Gives each permit an id that tells what it is about.
pub(super) fn name(permits: &mut [Permit]) {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for permit in permits {
        let verb = if permit.bound.grade.is_none() { "keeps" } else { "manages" };
        let kind = permit.on.kind.replace('_', "-");
        let slug: String = permit.doer.name().chars().map(quiet).collect();
        let id = format!("{slug}-{verb}-{kind}");
        let count = used.entry(id.clone()).or_default();
        *count += 1;
        permit.id = if *count == 1 { id } else { format!("{id}-{count}") };
    }
}

fn quiet(c: char) -> char {
    if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }
}
