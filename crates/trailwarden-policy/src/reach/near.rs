//! Finding among many patterns the few that may have to do with one, by how they begin.
//!
//! Two patterns share a text only if the characters before the first wildcard of one begin those of
//! the other. With this, thousands of names are no more work than their number.

use std::collections::{BTreeMap, BTreeSet};

use crate::fuel;

/// Places in a list of patterns, by how the patterns begin.
pub(super) struct Near {
    by_start: BTreeMap<String, Vec<usize>>,
    /// The lengths that beginnings have, in bytes.
    lengths: BTreeSet<usize>,
    count: usize,
}

/// Shorter lists are walked as they are.
const FEW: usize = 12;

impl Near {
    /// Takes the beginnings in the order of the list.
    pub(super) fn of(starts: impl ExactSizeIterator<Item = String>) -> Self {
        let count = starts.len();
        let mut near = Self { by_start: BTreeMap::new(), lengths: BTreeSet::new(), count };
        if count > FEW {
            for (at, start) in starts.enumerate() {
                near.lengths.insert(start.len());
                near.by_start.entry(start).or_default().push(at);
            }
        }
        near
    }

    /// Places of patterns that may take a text that begins so, in the order of the list.
    pub(super) fn to(&self, start: impl FnOnce() -> String) -> Vec<usize> {
        if self.count <= FEW {
            return (0..self.count).collect();
        }
        let start = start();
        let shorter = self.lengths.range(..start.len()).filter_map(|length| start.get(..*length));
        let mut places: Vec<usize> =
            shorter.filter_map(|head| self.by_start.get(head)).flatten().copied().collect();
        let longer = self.by_start.range(start.clone()..);
        let longer = longer.take_while(|(other, _)| other.starts_with(&start));
        places.extend(longer.flat_map(|(_, at)| at));
        places.sort_unstable();
        places
    }
}

/// Drops each item that another one makes superfluous.
pub(super) fn keep_unless<T>(items: &mut Vec<T>, is_superfluous: impl Fn(&T, &T) -> bool) {
    let count = items.len();
    keep_unless_near(items, |_| (0..count).collect(), is_superfluous);
}

/// The same, asking only of items at places that may matter.
pub(super) fn keep_unless_near<T>(
    items: &mut Vec<T>,
    near: impl Fn(&T) -> Vec<usize>,
    is_superfluous: impl Fn(&T, &T) -> bool,
) {
    if items.len() < 2 {
        return;
    }
    let mut keeps = vec![true; items.len()];
    for (at, item) in items.iter().enumerate() {
        let near = near(item);
        if !fuel::spend(near.len()) {
            break;
        }
        let superfluous = near.into_iter().any(|other| {
            other != at
                && keeps.get(other) == Some(&true)
                && items.get(other).is_some_and(|other| is_superfluous(item, other))
        });
        if let Some(keep) = keeps.get_mut(at) {
            *keep = !superfluous;
        }
    }
    let mut keeps = keeps.into_iter();
    items.retain(|_| keeps.next().unwrap_or(true));
}
