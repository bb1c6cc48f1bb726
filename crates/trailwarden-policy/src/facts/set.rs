//! [`ActionSet`]: a set of the actions that the table knows, one bit for each.
//!
//! Only the run of words between the first member and the last is kept: most sets lie within one
//! service, and the whole table would be some kilobytes for each. An action that the table does not
//! know cannot be a member; who deals with such must keep it beside the set.
//!
//! # Invariant
//! - The run neither begins nor ends with a word without members, so sets compare and hash by content,
//!   and are ordered as if each were as long as the table.

use std::cmp::{Ordering, Reverse};
use std::fmt;

use super::{ActionId, facts};

/// A set of known actions.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct ActionSet {
    /// The place of the first word in the table; 0 when there is none.
    start: usize,
    words: Vec<u64>,
}

const BITS: usize = u64::BITS as usize;

impl ActionSet {
    /// The set without members.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The set of every known action.
    #[must_use]
    pub fn all() -> Self {
        let mut set = Self::empty();
        set.insert_range(0, facts().actions().len());
        set
    }

    /// Adds the actions numbered `from` up to, not including, `to`.
    pub(super) fn insert_range(&mut self, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let first = from / BITS;
        self.make_room(first, to.div_ceil(BITS));
        let words = self.words.iter_mut().skip(first - self.start);
        for (word, first) in words.zip((first * BITS..to).step_by(BITS)) {
            let low = from.saturating_sub(first).min(BITS);
            let high = to.saturating_sub(first).min(BITS);
            *word |= ones(high) & !ones(low);
        }
    }

    /// Widens the run to words `from` up to, not including, `to`. Who asks puts members into the first
    /// and the last of them.
    fn make_room(&mut self, from: usize, to: usize) {
        if self.words.is_empty() {
            self.start = from;
        }
        if let Some(before @ 1..) = self.start.checked_sub(from) {
            self.words.splice(0..0, std::iter::repeat_n(0, before));
            self.start = from;
        }
        let len = to.saturating_sub(self.start);
        if len > self.words.len() {
            self.words.resize(len, 0);
        }
    }

    /// Drops words without members at both ends.
    fn trim(&mut self) {
        let end = self.words.iter().rposition(|word| *word != 0).map_or(0, |last| last + 1);
        self.words.truncate(end);
        let before = self.words.iter().take_while(|word| **word == 0).count();
        if before > 0 {
            self.words.drain(..before);
        }
        self.start = if self.words.is_empty() { 0 } else { self.start + before };
    }

    fn end(&self) -> usize {
        self.start + self.words.len()
    }

    fn word(&self, at: usize) -> u64 {
        let word = at.checked_sub(self.start).and_then(|at| self.words.get(at));
        word.copied().unwrap_or_default()
    }

    /// Adds an action; whether it is new.
    pub fn insert(&mut self, action: ActionId) -> bool {
        let (at, bit) = (action.index() / BITS, 1 << (action.index() % BITS));
        if self.word(at) & bit != 0 {
            return false;
        }
        self.make_room(at, at + 1);
        if let Some(word) = self.words.get_mut(at - self.start) {
            *word |= bit;
        }
        true
    }

    /// Takes an action out; whether it was there.
    pub fn remove(&mut self, action: ActionId) -> bool {
        let (at, bit) = (action.index() / BITS, 1 << (action.index() % BITS));
        if self.word(at) & bit == 0 {
            return false;
        }
        if let Some(word) = self.words.get_mut(at - self.start) {
            *word &= !bit;
        }
        self.trim();
        true
    }

    /// Whether the action is a member.
    #[must_use]
    pub fn contains(&self, action: ActionId) -> bool {
        self.word(action.index() / BITS) & (1 << (action.index() % BITS)) != 0
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether every member is also in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.iter().zip(self.start..).all(|(word, at)| word & !other.word(at) == 0)
    }

    /// Whether no member is in `other`.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let (from, to) = (self.start.max(other.start), self.end().min(other.end()));
        from >= to || self.run(from, to).zip(other.run(from, to)).all(|(a, b)| a & b == 0)
    }

    /// The words from one place up to another, not including it; both lie in the run.
    fn run(&self, from: usize, to: usize) -> impl Iterator<Item = &u64> {
        self.words.iter().skip(from.saturating_sub(self.start)).take(to.saturating_sub(from))
    }

    /// Adds all members of `other`.
    pub fn union_with(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        self.make_room(other.start, other.end());
        let words = self.words.iter_mut().skip(other.start - self.start);
        words.zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Keeps only members of `other`.
    pub fn intersect_with(&mut self, other: &Self) {
        *self = self.intersection(other);
    }

    /// Takes all members of `other` out.
    pub fn difference_with(&mut self, other: &Self) {
        let from = self.start.max(other.start);
        let words = self.words.iter_mut().skip(from - self.start);
        let theirs = other.words.iter().skip(from - other.start);
        words.zip(theirs).for_each(|(a, b)| *a &= !b);
        self.trim();
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
        let (start, end) = (self.start.max(other.start), self.end().min(other.end()));
        let both = self.run(start, end).zip(other.run(start, end));
        let mut set = Self { start, words: both.map(|(a, b)| a & b).collect() };
        set.trim();
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
        let first = u32::try_from(self.start * BITS).unwrap_or(u32::MAX);
        self.words.iter().zip((first..).step_by(BITS)).flat_map(|(word, first)| {
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

/// A member sets its word above one without, and the first words count most.
impl Ord for ActionSet {
    fn cmp(&self, other: &Self) -> Ordering {
        let first = |set: &Self| (!set.is_empty(), Reverse(set.start));
        first(self).cmp(&first(other)).then_with(|| self.words.cmp(&other.words))
    }
}

impl PartialOrd for ActionSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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
