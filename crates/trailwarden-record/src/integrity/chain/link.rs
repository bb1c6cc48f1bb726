//! Which digest leads to which, and where that breaks.

use std::collections::{BTreeMap, HashSet};

use trailwarden_model::Timestamp;
use trailwarden_model::time::{HOUR, MINUTE};

use super::{Break, Chain, Facts, Fault, Held, Index, Verdict, Window};
use crate::integrity::digest::{Digest, Previous};
use crate::integrity::name::{ChainName, DigestName};

/// How far the ends of neighbours may lie apart.
const SLACK: i64 = MINUTE;
/// The next digest comes an hour after the last one, and is delivered within the next.
const NEWEST_AGE_MAX: i64 = 2 * HOUR;

/// Gathers digests into chains and finds the breaks.
pub(super) fn chains(
    held: &[Held],
    facts: &[Facts<'_>],
    index: &Index<'_>,
    verdicts: &[Verdict],
    window: Window,
) -> Vec<Chain> {
    let mut chains: BTreeMap<Option<ChainName>, Vec<usize>> = BTreeMap::new();
    for (place, facts) in facts.iter().enumerate() {
        chains.entry(facts.chain.clone()).or_default().push(place);
    }
    let mut found = Vec::new();
    for (name, mut places) in chains {
        places.sort_by_key(|place| facts.get(*place).map(|facts| (facts.end, facts.file)));
        let walk = Walk { held, facts, index, verdicts, window, places: &places };
        let digests: Vec<usize> =
            places.iter().copied().filter(|place| walk.is_asked(*place)).collect();
        if digests.is_empty() {
            continue;
        }
        let breaks = if name.is_some() { walk.breaks(&digests) } else { Vec::new() };
        found.push(Chain { name, digests, breaks });
    }
    found
}

struct Walk<'a> {
    held: &'a [Held],
    facts: &'a [Facts<'a>],
    index: &'a Index<'a>,
    verdicts: &'a [Verdict],
    window: Window,
    /// All digests of the chain, oldest first, asked for or not.
    places: &'a [usize],
}

impl Walk<'_> {
    /// Walks from the newest to the oldest.
    fn breaks(&self, digests: &[usize]) -> Vec<Break> {
        let mut breaks = Vec::new();
        self.end(digests, &mut breaks);
        // Digests that something accounts for: they are the previous one of another, or follow a break
        // that was told.
        let mut accounted: HashSet<usize> = self.places.last().copied().into_iter().collect();
        for place in self.places.iter().rev() {
            let mut own = Vec::new();
            if !self.lead(*place, &mut own, &mut accounted) {
                accounted.extend(self.older(*place));
            }
            if !self.is_asked(*place) {
                continue;
            }
            breaks.append(&mut own);
            let is_changed = matches!(self.verdicts.get(*place), Some(Verdict::Invalid(_)));
            if !accounted.contains(place) && !is_changed && !self.is_backfill(*place) {
                breaks.push(Break::Outside { digest: *place });
            }
        }
        breaks
    }

    fn end(&self, digests: &[usize], breaks: &mut Vec<Break>) {
        let (Some(until), Some(last)) = (self.window.until, digests.last()) else { return };
        let end = self.facts.get(*last).map(|facts| facts.end);
        let is_early = end.is_some_and(|end| until.since(end) > NEWEST_AGE_MAX);
        if is_early && !self.is_backfill(*last) {
            breaks.push(Break::EndsEarly { last: *last, until });
        }
    }

    /// Whether a digest leads to another one that is there, and what is wrong on the way.
    fn lead(&self, place: usize, breaks: &mut Vec<Break>, accounted: &mut HashSet<usize>) -> bool {
        let Some(digest) = self.trusted(place) else { return false };
        let older = self.older(place).and_then(|older| self.facts.get(older));
        let Some(previous) = &digest.previous else {
            if let Some(older) = older.filter(|_| !self.is_backfill(place)) {
                breaks.push(Break::Gap { from: older.end, until: digest.start, after: place });
            }
            return false;
        };
        let mut called = self.index.called(&previous.bucket, &previous.object);
        called.retain(|there| *there != place);
        if let Some(first) = called.first() {
            self.meet(*first, place, digest, breaks);
            accounted.extend(called);
            return true;
        }
        if !self.is_beyond(previous) {
            let is_first = older.is_none() && self.window.since.is_none();
            breaks.push(if is_first {
                Break::BeginsLate { first: place }
            } else {
                let Previous { bucket, object, .. } = previous.clone();
                Break::Missing { bucket, object, named_by: place }
            });
        }
        false
    }

    /// Compares the times of neighbours.
    fn meet(&self, older: usize, newer: usize, digest: &Digest, breaks: &mut Vec<Break>) {
        let Some(end) = self.facts.get(older).map(|facts| facts.end) else { return };
        let apart = digest.start.since(end);
        if self.is_backfill(newer) {
            // Backfill digests come when there is something to add, not every hour.
        } else if apart > SLACK {
            breaks.push(Break::Gap { from: end, until: digest.start, after: newer });
        } else if apart < -SLACK {
            breaks.push(Break::Overlap { older, newer });
        }
    }

    /// What a digest says, unless it was changed. One that was moved says what it always said.
    fn trusted(&self, place: usize) -> Option<&Digest> {
        let verdict = self.verdicts.get(place)?;
        let is_changed = matches!(verdict, Verdict::Invalid(fault) if *fault != Fault::Moved);
        let (digest, _) = self.held.get(place)?.content.as_ref().ok()?;
        (!is_changed).then_some(digest)
    }

    fn is_beyond(&self, previous: &Previous) -> bool {
        let end = DigestName::parse(&previous.object).map(|name| name.end);
        let is_before = |since: Timestamp| end.is_some_and(|end| end <= since);
        self.window.since.is_some_and(is_before)
    }

    /// The digest before this one by time.
    fn older(&self, place: usize) -> Option<usize> {
        let here = self.facts.get(place)?;
        let is_older =
            |other: &&usize| self.facts.get(**other).is_some_and(|other| other.end < here.end);
        let until = self.places.partition_point(|other| is_older(&other));
        self.places.get(until.checked_sub(1)?).copied()
    }

    fn is_asked(&self, place: usize) -> bool {
        self.facts.get(place).is_some_and(|facts| self.window.touches(facts.start, facts.end))
    }

    fn is_backfill(&self, place: usize) -> bool {
        let chain = self.facts.get(place).and_then(|facts| facts.chain.as_ref());
        chain.is_some_and(|chain| chain.is_backfill)
    }
}
