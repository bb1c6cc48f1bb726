//! Sets of actions: those that the facts table knows, and patterns over names it does not know.
//!
//! AWS adds actions every week, and a pattern such as `iam:*` grants them from the first day. So
//! the unknown part is carried along, never dropped, and can be told apart from what is known.

use std::sync::LazyLock;

use super::area::Area;
use super::areas::Areas;
use super::glob::Glob;
use crate::facts::{ActionSet, facts};
use crate::fuel;

/// What it takes to make a set of known actions.
const SET_STEPS: usize = 64;

/// A set of actions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actions {
    known: ActionSet,
    unknown: Areas,
}

impl Actions {
    /// The actions that patterns cover (`Action`).
    pub fn of(patterns: &[String]) -> Self {
        let mut known = ActionSet::empty();
        for pattern in patterns {
            if !fuel::spend(SET_STEPS) {
                break;
            }
            known.union_with(&facts().actions_matching(pattern));
        }
        Self { known, unknown: Areas::of_globs(open_ended(patterns)) }
    }

    /// Every action but these (`NotAction`).
    pub fn all_but(patterns: &[String]) -> Self {
        let all = Self::all();
        all.subtract(&Self::of(patterns))
    }

    /// Every action, known or not.
    pub fn all() -> Self {
        Self { known: ActionSet::all(), unknown: Areas::any() }
    }

    /// These known actions.
    pub fn of_known(known: ActionSet) -> Self {
        Self { known, unknown: Areas::default() }
    }

    /// The same without those that the table knows.
    pub(super) fn of_unknown(unknown: Areas) -> Self {
        Self { known: ActionSet::empty(), unknown }
    }

    /// The actions that the table knows.
    pub fn known(&self) -> &ActionSet {
        &self.known
    }

    /// Names in lower case that the table does not know: areas over texts such as `iam:newthing`.
    /// Names that it does know may lie in the areas too, and mean nothing there.
    pub fn unknown(&self) -> &Areas {
        &self.unknown
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.unknown.is_empty()
    }

    /// Those in either.
    pub fn union(&self, other: &Self) -> Self {
        Self::union_of(vec![self.clone(), other.clone()])
    }

    /// Those in any.
    pub(super) fn union_of(each: Vec<Self>) -> Self {
        let mut known = ActionSet::empty();
        fuel::spend(SET_STEPS * each.len());
        each.iter().for_each(|one| known.union_with(&one.known));
        Self { known, unknown: Areas::union_of(each.into_iter().map(|one| one.unknown).collect()) }
    }

    /// Those in both.
    pub fn intersect(&self, other: &Self) -> Self {
        fuel::spend(SET_STEPS);
        Self {
            known: self.known.intersection(&other.known),
            unknown: self.unknown.intersect(&other.unknown),
        }
    }

    /// Those in `self` only.
    pub fn subtract(&self, other: &Self) -> Self {
        fuel::spend(SET_STEPS);
        Self {
            known: self.known.difference(&other.known),
            unknown: self.unknown.subtract(&other.unknown),
        }
    }

    /// Whether both may share an action; `false` is certain.
    pub fn intersects(&self, other: &Self) -> bool {
        fuel::spend(SET_STEPS / 4);
        !self.known.is_disjoint(&other.known) || self.unknown.intersects(&other.unknown)
    }

    /// Those that both have, and those that only this one has.
    pub(super) fn split(&self, other: &Self) -> (Self, Self) {
        let shared = self.intersect(other);
        let left = match shared == *self {
            true => Self::of_known(ActionSet::empty()),
            false => self.subtract(other),
        };
        (shared, left)
    }

    /// Those that take no resource, so that only `"Resource": "*"` grants them, and the others. What
    /// the table does not know counts among the others.
    pub(super) fn split_wildcard_only(&self) -> (Self, Self) {
        static WILDCARD_ONLY: LazyLock<ActionSet> = LazyLock::new(|| {
            let actions = facts().actions().iter();
            actions.filter(|action| action.is_wildcard_only()).map(|action| action.id()).collect()
        });
        let without = Self::of_known(self.known.intersection(&WILDCARD_ONLY));
        let with =
            Self { known: self.known.difference(&WILDCARD_ONLY), unknown: self.unknown.clone() };
        (without, with)
    }
}

/// The patterns that reach beyond the table: those with wildcards, and names it does not have.
fn open_ended(patterns: &[String]) -> impl Iterator<Item = Glob> {
    patterns
        .iter()
        .filter(|pattern| pattern.contains(['*', '?']) || facts().action(pattern).is_none())
        .map(|pattern| Glob::action(pattern))
}

/// Whether an area of unknown names is only the future of something known: a wildcard that covers
/// actions of today.
pub(super) fn is_future(area: &Area) -> bool {
    !fuel::is_spent()
        && area.within().iter().all(|glob| {
            glob.as_literal().is_none() && !facts().actions_matching(&glob.to_string()).is_empty()
        })
}
