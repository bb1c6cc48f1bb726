//! The algebra of lists of grants, each list a union.
//!
//! The result is exact as long as the number of pieces stays within a limit; beyond it, nothing more
//! is taken away, and the caller is told. When the fuel ends ([`crate::fuel`]), what was finished
//! before is kept, and the rest is left out: every grant that is told is granted.

use std::collections::{BTreeMap, BTreeSet};

use super::super::actions::Actions;
use super::super::areas::Areas;
use super::super::clause::Conditions;
use super::super::near::Near;
use super::Grant;
use crate::fuel;

/// More pieces are not made; see the module.
const PIECES_MAX: usize = 200;

/// Fewer pieces are not worth merging half-way.
const TIDY_ABOVE: usize = 24;

/// What both lists grant.
pub(in crate::reach) fn intersect(a: &[Grant], b: &[Grant]) -> Vec<Grant> {
    let beside = Beside::of(b);
    let mut all = Vec::new();
    for one in a {
        let others = beside.to(&one.resources).into_iter().filter_map(|at| b.get(at));
        let both = || others.filter_map(|other| one.intersect(other)).collect::<Vec<_>>();
        let Some(both) = fuel::finished(both) else {
            break;
        };
        all.extend(both);
    }
    tidy(all)
}

/// What the first list grants and the second does not, and whether that is all of the truth: when
/// the pieces become too many, more is left than should be.
pub(in crate::reach) fn subtract(from: &[Grant], taken: &[Grant]) -> (Vec<Grant>, bool) {
    let beside = Beside::of(taken);
    let mut all = Vec::new();
    let mut is_exact = true;
    for grant in from {
        let near = beside.to(&grant.resources);
        let near: Vec<&Grant> = near.into_iter().filter_map(|at| taken.get(at)).collect();
        if near.contains(&grant) {
            continue;
        }
        // What is half done is more than is granted.
        let Some(left) = fuel::finished(|| left_of(grant.clone(), &near, &mut is_exact)) else {
            break;
        };
        all.extend(left);
    }
    (tidy(all), is_exact)
}

/// Two lists without what both hold alike and has nothing in common with the rest: no difference of
/// them depends on it.
pub(in crate::reach) fn without_the_alike(a: &[Grant], b: &[Grant]) -> (Vec<Grant>, Vec<Grant>) {
    let (in_a, in_b): (BTreeSet<&Grant>, BTreeSet<&Grant>) =
        (a.iter().collect(), b.iter().collect());
    let only_a = a.iter().filter(|grant| !in_b.contains(grant));
    let unlike: Vec<&Grant> = only_a.chain(b.iter().filter(|one| !in_a.contains(one))).collect();
    let counts = |grant: &&Grant| {
        let is_alike = in_a.contains(grant) && in_b.contains(grant);
        !is_alike || unlike.iter().any(|other| !fuel::spend(1) || !grant.is_apart(other))
    };
    let keep = |list: &[Grant]| list.iter().filter(counts).cloned().collect();
    (keep(a), keep(b))
}

/// What is left of a grant.
fn left_of(mut grant: Grant, taken: &[&Grant], is_exact: &mut bool) -> Vec<Grant> {
    // What did not change goes first, before anything is cut to pieces.
    for other in taken {
        grant.lose_what(other);
    }
    if grant.actions.is_empty() {
        return Vec::new();
    }
    let mut left = vec![grant];
    for other in taken {
        if fuel::is_spent() {
            break;
        }
        if left.iter().all(|one| one.is_apart(other)) {
            continue;
        }
        let pieces: Vec<Grant> = left.iter().flat_map(|one| one.subtract(other)).collect();
        let pieces = if pieces.len() > TIDY_ABOVE { tidy(pieces) } else { pieces };
        if pieces.len() > PIECES_MAX {
            *is_exact = false;
        } else {
            left = pieces;
        }
    }
    left
}

/// Merges what belongs together and drops what another grant says already; a fixed order.
pub(in crate::reach) fn tidy(grants: Vec<Grant>) -> Vec<Grant> {
    let mut by_place: BTreeMap<(Areas, Conditions), Vec<Actions>> = BTreeMap::new();
    for grant in grants {
        fuel::spend(grant.size());
        by_place.entry((grant.resources, grant.conditions)).or_default().push(grant.actions);
    }
    let mut grants: Vec<Grant> = by_place
        .into_iter()
        .map(|((resources, conditions), actions)| Grant {
            actions: Actions::union_of(actions),
            resources,
            conditions,
        })
        .collect();
    absorb(&mut grants);
    let mut by_actions: BTreeMap<(Actions, Conditions), Vec<Areas>> = BTreeMap::new();
    for grant in grants {
        fuel::spend(grant.size());
        by_actions.entry((grant.actions, grant.conditions)).or_default().push(grant.resources);
    }
    by_actions
        .into_iter()
        .map(|((actions, conditions), resources)| Grant {
            actions,
            resources: Areas::union_of(resources),
            conditions,
        })
        .collect()
}

fn absorb(grants: &mut Vec<Grant>) {
    let beside = Beside::of(grants);
    let mut slots: Vec<Option<Grant>> = std::mem::take(grants).into_iter().map(Some).collect();
    for at in 0..slots.len() {
        let Some(mut grant) = slots.get_mut(at).and_then(Option::take) else {
            continue;
        };
        for other in beside.to(&grant.resources) {
            if let Some(Some(other)) = slots.get(other) {
                grant.lose_what(other);
            }
        }
        if let Some(slot) = slots.get_mut(at).filter(|_| !grant.actions.is_empty()) {
            *slot = Some(grant);
        }
    }
    grants.extend(slots.into_iter().flatten());
}

/// Which grants of a list may share a resource with another, by how their patterns begin.
struct Beside {
    near: Near,
    /// The grant of each area.
    owners: Vec<usize>,
}

impl Beside {
    fn of(grants: &[Grant]) -> Self {
        let areas = grants.iter().enumerate();
        let (owners, starts): (Vec<usize>, Vec<String>) = areas
            .flat_map(|(at, grant)| grant.resources.iter().map(move |area| (at, area.start())))
            .unzip();
        fuel::spend(starts.len());
        Self { near: Near::of(starts.into_iter()), owners }
    }

    /// The places of those grants, in the order of the list.
    fn to(&self, resources: &Areas) -> BTreeSet<usize> {
        let areas = resources.iter().take_while(|_| !fuel::is_spent());
        let places = areas.flat_map(|area| {
            let places = self.near.to(|| area.start());
            fuel::spend(places.len());
            places
        });
        places.filter_map(|at| self.owners.get(at).copied()).collect()
    }
}
