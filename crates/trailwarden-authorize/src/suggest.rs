//! Permits proposed from changes that were seen, for a person to review.
//!
//! Changes of automation are gathered by who made them, who stood behind that, and what they were made
//! on. Each group becomes one permit: its actions, the longest path or name that its targets share, and
//! the gravest effect that was seen in it.
//!
//! # Invariants
//! - Every permit bounds the effect, and never beyond grade `write` and severity `medium`. What opens a
//!   way, gives the caller himself, another account or everyone something, was refused, or is about
//!   credentials, logs or the organization is never proposed.
//! - Root is never proposed for, people only when asked for, and so is a role of which no change shows who
//!   entered it: such a permit is one for whoever can. Of a role of which some changes show that, those
//!   that do not are never covered.
//! - A permit covers what it says that it covers (`tests/suggested.rs`): [`Permit::covers`] and its text
//!   ([`text`]) say the same.
//! - The order of the changes does not show.
//!
//! # Why not a permit for each change?
//! Nobody reads a thousand permits. What was seen less often than [`Options::min_events`] times is left
//! to a person instead.

mod cluster;
mod entry;
mod left;
mod permit;
mod place;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::Timestamp;

use crate::Asked;
pub use entry::{Doer, Entry};
pub use left::{Left, Seen, Why};
pub use permit::{Bound, Permit};
pub use place::{On, Place};

/// What to propose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// How often an action must have been seen in its group; at least once.
    pub min_events: usize,
    /// Whether people and IAM users, whose keys anybody can have, are proposed for as well.
    pub people: bool,
    /// Whether roles are proposed for of which no change shows who entered them.
    pub any_entrance: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_events: 3, people: false, any_entrance: false }
    }
}

/// What is proposed, and what is left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// The permits, by who does it.
    pub permits: Vec<Permit>,
    /// For each who is proposed for: what was seen of him, and what is left.
    pub doers: Vec<OfDoer>,
    /// What no permit covers, the gravest reason first.
    pub left: Vec<Left>,
    /// How many changes there were.
    pub total: u64,
    /// How many of them a permit covers.
    pub covered: u64,
    /// The first and the last of them.
    pub span: Option<(Timestamp, Timestamp)>,
}

/// What was seen of one who is proposed for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfDoer {
    /// Who.
    pub arn: String,
    /// How many changes it made, however it was entered.
    pub total: u64,
    /// How many of them a permit covers.
    pub covered: u64,
    /// The first and the last of them.
    pub span: (Timestamp, Timestamp),
    /// Those that no permit covers.
    pub left: Vec<Left>,
}

/// Proposes permits.
#[must_use]
pub fn suggest(asked: &[Asked], options: &Options) -> Suggestion {
    let known = entry::shown(asked);
    let mut groups: BTreeMap<cluster::Key, Vec<&Asked>> = BTreeMap::new();
    for one in asked.iter().filter(|one| left::hinders(one, options, &known).is_none()) {
        if let Some(key) = cluster::Key::of(one) {
            groups.entry(key).or_default().push(one);
        }
    }
    let mut permits = Vec::new();
    for (key, mut members) in groups {
        members.sort_by(|a, b| order(a).cmp(&order(b)));
        cluster::permits(&key, &members, options.min_events.max(1), &mut permits);
    }
    permit::name(&mut permits);
    count(asked, permits, options, &known)
}

/// The order of samples: the first of a group are shown.
fn order(asked: &Asked) -> (Timestamp, &str) {
    (asked.time, &asked.event_id)
}

fn count(
    asked: &[Asked],
    mut permits: Vec<Permit>,
    options: &Options,
    known: &BTreeSet<String>,
) -> Suggestion {
    let named: BTreeSet<String> = permits.iter().map(|permit| permit.doer.arn.clone()).collect();
    let mut all = left::Tally::default();
    let mut by_doer: BTreeMap<String, left::Tally> = BTreeMap::new();
    for one in asked {
        let mut is_covered = false;
        for permit in permits.iter_mut().filter(|permit| permit.covers(one)) {
            permit.seen.add(one);
            is_covered = true;
        }
        let why = (!is_covered).then(|| left::hinders(one, options, known).unwrap_or(Why::Rare));
        all.add(one, why);
        let arn = entry::doer(one).map(|doer| doer.arn).filter(|arn| named.contains(arn));
        if let Some(arn) = arn {
            by_doer.entry(arn).or_default().add(one, why);
        }
    }
    permits.iter_mut().for_each(|permit| permit.seen.finish());
    let doers = by_doer.into_iter().filter_map(|(arn, tally)| {
        let (total, covered) = (tally.total, tally.covered);
        Some(OfDoer { arn, total, covered, span: tally.span?, left: tally.left() })
    });
    Suggestion {
        doers: doers.collect(),
        permits,
        total: all.total,
        covered: all.covered,
        span: all.span,
        left: all.left(),
    }
}

#[cfg(test)]
mod tests;
