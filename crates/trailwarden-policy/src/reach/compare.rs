//! What a change of policies gave and took: [`compare`].
//!
//! Both directions are differences of reaches, so wording never counts: order, splitting, other
//! spellings of the same. A narrowed grant is lost in part and gains nothing; a Deny or a condition
//! that went away gives exactly what it held back.

use std::collections::BTreeMap;

use super::actions::{Actions, is_future};
use super::area::Area;
use super::areas::Areas;
use super::grant::{Grant, algebra};
use super::{Precision, Reach, steps_for_grants};
use crate::fuel;

/// The difference between two reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Allowed now and not before.
    pub gained: Vec<Grant>,
    /// Allowed before and not now.
    pub lost: Vec<Grant>,
    /// Gained once AWS adds actions that a new pattern covers; nothing that exists today.
    pub gained_in_future: Vec<Grant>,
    /// The same, lost.
    pub lost_in_future: Vec<Grant>,
    /// How `gained` relates to the truth.
    pub gained_precision: Precision,
    /// How `lost` relates to the truth.
    pub lost_precision: Precision,
    /// Whether the limit of work ended before all was known ([`Reach::is_too_complex`]).
    pub is_too_complex: bool,
}

impl Change {
    /// Whether nothing changed, today or for actions to come. Certain when both precisions are
    /// exact.
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty()
            && self.lost.is_empty()
            && self.gained_in_future.is_empty()
            && self.lost_in_future.is_empty()
    }
}

/// What `new` allows that `old` does not, and the reverse.
pub fn compare(old: &Reach, new: &Reach) -> Change {
    if old == new && old.precision == Precision::Exact {
        return Change {
            gained: Vec::new(),
            lost: Vec::new(),
            gained_in_future: Vec::new(),
            lost_in_future: Vec::new(),
            gained_precision: Precision::Exact,
            lost_precision: Precision::Exact,
            is_too_complex: false,
        };
    }
    let gained = new.subtract(old);
    let lost = old.subtract(new);
    let is_too_complex = gained.is_too_complex || lost.is_too_complex;
    let (gained_in_future, now_gained, gained_precision) = split_future(&gained);
    let (lost_in_future, now_lost, lost_precision) = split_future(&lost);
    Change {
        gained: now_gained,
        lost: now_lost,
        gained_in_future,
        lost_in_future,
        gained_precision,
        lost_precision,
        is_too_complex,
    }
}

/// Two reaches without what both allow alike and has nothing to do with the rest: these compare as
/// the whole reaches do, and all to whom one policy gives the same have the same of these.
pub fn without_the_alike(old: &Reach, new: &Reach) -> (Reach, Reach) {
    let steps = old.steps_with(new);
    let done = fuel::limited(steps, || algebra::without_the_alike(&old.grants, &new.grants));
    let (olds, news) = done.value;
    (Reach { grants: olds, ..*old }, Reach { grants: news, ..*new })
}

/// Grants of nothing that exists today, and the rest; and what is known of both.
fn split_future(reach: &Reach) -> (Vec<Grant>, Vec<Grant>, Precision) {
    let parts = fuel::limited(steps_for_grants(&reach.grants), || split(&reach.grants));
    let (future, now) = parts.value;
    let precision = if parts.is_spent { Precision::Unknown } else { reach.precision() };
    (future, now, precision)
}

fn split(grants: &[Grant]) -> (Vec<Grant>, Vec<Grant>) {
    let mut future = Vec::new();
    let mut now = Vec::new();
    // Pieces of one statement have its actions, so most are asked of many times.
    let mut known: BTreeMap<Area, bool> = BTreeMap::new();
    let mut is_later = |area: &Area| *known.entry(area.clone()).or_insert_with(|| is_future(area));
    for grant in grants {
        if !grant.actions.known().is_empty() {
            now.push(grant.clone());
            continue;
        }
        let (later, today): (Vec<_>, Vec<_>) =
            grant.actions.unknown().iter().cloned().partition(|area| is_later(area));
        for (areas, list) in [(later, &mut future), (today, &mut now)] {
            if !areas.is_empty() {
                let actions = Actions::of_unknown(Areas::of(areas));
                list.push(Grant { actions, ..grant.clone() });
            }
        }
    }
    (future, now)
}
