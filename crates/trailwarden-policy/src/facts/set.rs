//! [`ActionSet`]: a set of the actions that the table knows, one bit for each.
//!
//! Always as long as the table, so sets compare and hash by content. An action that the table does
//! not know cannot be a member; who deals with such must keep it beside the set.

use std::fmt;

use super::{ActionId, facts};

/// A set of known actions.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionSet {
    words: Box<[u64]>,
}

const BITS: usize = u64::BITS as usize;

impl ActionSet {
    /// The set without members.
    #[must_use]
    pub fn empty() -> Self {
        Self::with_room_for(facts().actions().len())
    }

    /// The set of every known action.
    #[must_use]
    pub fn all() -> Self {
        let mut set = Self::empty();
        set.insert_range(0, facts().actions().len());
        set
    }

    pub(super) fn with_room_for(actions: usize) -> Self {
        Self { words: vec![0; actions.div_ceil(BITS)].into_boxed_slice() }
    }

    /// Adds the actions numbered `from` up to, not including, `to`.
    pub(super) fn insert_range(&mut self, from: usize, to: usize) {
        for (word, first) in self.words.iter_mut().zip((0..).step_by(BITS)) {
            let low = from.saturating_sub(first).min(BITS);
            let high = to.saturating_sub(first).min(BITS);
            if low < high {
                *word |= ones(high) & !ones(low);
            }
        }
    }

    /// Adds an action; whether it is new.
    pub fn insert(&mut self, action: ActionId) -> bool {
        let bit = 1 << (action.index() % BITS);
        self.words.get_mut(action.index() / BITS).is_some_and(|word| {
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        })
    }

    /// Takes an action out; whether it was there.
    pub fn remove(&mut self, action: ActionId) -> bool {
        let bit = 1 << (action.index() % BITS);
        self.words.get_mut(action.index() / BITS).is_some_and(|word| {
            let was_there = *word & bit != 0;
            *word &= !bit;
            was_there
        })
    }

    /// Whether the action is a member.
    #[must_use]
    pub fn contains(&self, action: ActionId) -> bool {
        let word = self.words.get(action.index() / BITS);
        word.is_some_and(|word| word & (1 << (action.index() % BITS)) != 0)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether every member is also in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
    }

    /// Whether no member is in `other`.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & b == 0)
    }

    /// Adds all members of `other`.
    pub fn union_with(&mut self, other: &Self) {
        self.merge(other, |a, b| a | b);
    }

    /// Keeps only members of `other`.
    pub fn intersect_with(&mut self, other: &Self) {
        self.merge(other, |a, b| a & b);
    }

    /// Takes all members of `other` out.
    pub fn difference_with(&mut self, other: &Self) {
        self.merge(other, |a, b| a & !b);
    }

    fn merge(&mut self, other: &Self, of: impl Fn(u64, u64) -> u64) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a = of(*a, *b);
        }
    }

    /// The members of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut set = self.clone();
        set.union_with(other);
        set
    }

    /// The members of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut set = self.clone();
        set.intersect_with(other);
        set
    }

    /// The members of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut set = self.clone();
        set.difference_with(other);
        set
    }

    /// Every known action that is not a member.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self::all().difference(self)
    }

    /// The members, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = ActionId> + '_ {
        self.words.iter().zip((0_u32..).step_by(BITS)).flat_map(|(word, first)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                if bit == u64::BITS {
                    return None;
                }
                rest &= rest - 1;
                Some(ActionId(first + bit))
            })
        })
    }
}

/// A word with its lowest `count` bits set.
fn ones(count: usize) -> u64 {
    if count >= BITS { u64::MAX } else { (1 << count) - 1 }
}

impl FromIterator<ActionId> for ActionSet {
    fn from_iter<I: IntoIterator<Item = ActionId>>(actions: I) -> Self {
        let mut set = Self::empty();
        set.extend(actions);
        set
    }
}

impl Extend<ActionId> for ActionSet {
    fn extend<I: IntoIterator<Item = ActionId>>(&mut self, actions: I) {
        for action in actions {
            self.insert(action);
        }
    }
}

/// The first names and the count; a failed test should be readable.
impl fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().take(12).map(|id| id.action().full_name()).collect();
        write!(f, "ActionSet({} of {names:?})", self.len())
    }
}
