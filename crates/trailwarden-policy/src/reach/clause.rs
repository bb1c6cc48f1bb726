//! The conditions of a grant: all of these hold, and none of those groups holds as a whole.
//!
//! A group comes from a Deny (or from the old side of a comparison): the grant stands unless every
//! condition of the group holds.

use std::collections::BTreeSet;

use super::condition::Predicate;
use crate::fuel;

/// Conditions that must hold together, and groups that must not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Conditions {
    all: Vec<Predicate>,
    unless: Vec<Vec<Predicate>>,
}

impl Conditions {
    /// No condition.
    pub fn none() -> Self {
        Self::default()
    }

    /// All of these; `None` when they contradict each other.
    pub fn of(all: Vec<Predicate>) -> Option<Self> {
        Self { all, unless: Vec::new() }.normal()
    }

    /// Those that must all hold.
    pub fn all(&self) -> &[Predicate] {
        &self.all
    }

    /// Groups of which none may hold as a whole.
    pub fn unless(&self) -> &[Vec<Predicate>] {
        &self.unless
    }

    /// Whether nothing is asked.
    pub fn is_none(&self) -> bool {
        self.all.is_empty() && self.unless.is_empty()
    }

    /// Both; `None` when they contradict each other.
    pub fn and(&self, other: &Self) -> Option<Self> {
        if other.is_none() || self == other {
            return Some(self.clone());
        }
        if self.is_none() {
            return Some(other.clone());
        }
        Self {
            all: self.all.iter().chain(&other.all).cloned().collect(),
            unless: self.unless.iter().chain(&other.unless).cloned().collect(),
        }
        .normal()
    }

    /// Whether both can never hold, for certain.
    pub fn contradict(&self, other: &Self) -> bool {
        !self.is_none() && !other.is_none() && self != other && self.and(other).is_none()
    }

    /// Whether `other` holds wherever these hold, for certain.
    pub fn implies(&self, other: &Self) -> bool {
        self == other
            || other.all.iter().all(|wanted| self.all.iter().any(|has| has.implies(wanted)))
                && other.unless.iter().all(|group| self.rules_out(group))
    }

    /// Whether the group cannot hold as a whole where these hold.
    fn rules_out(&self, group: &[Predicate]) -> bool {
        self.all.iter().any(|has| group.iter().any(|one| has.contradicts(one)))
            || self.unless.iter().any(|mine| group_implies(group, mine))
    }

    /// What is left to ask where a fact is given; `None` where they cannot hold then.
    pub(super) fn given(&self, fact: &Predicate) -> Option<Self> {
        if self.all.iter().any(|one| one.contradicts(fact)) {
            return None;
        }
        let open = |one: &&Predicate| !fact.implies(one);
        let left = |group: &Vec<Predicate>| group.iter().filter(open).cloned().collect();
        let can_hold = |group: &&Vec<Predicate>| !group.iter().any(|one| one.contradicts(fact));
        let unless: Vec<Vec<Predicate>> = self.unless.iter().filter(can_hold).map(left).collect();
        if unless.iter().any(Vec::is_empty) {
            return None;
        }
        Self { all: left(&self.all), unless }.normal()
    }

    /// Whether some condition is about a key, which is in lower case.
    pub(super) fn ask_about(&self, key: &str) -> bool {
        self.all.iter().chain(self.unless.iter().flatten()).any(|one| one.key() == key)
    }

    /// The cases in which these hold and `other` does not.
    pub fn and_not(&self, other: &Self) -> Vec<Self> {
        if fuel::is_spent() {
            return vec![self.clone()];
        }
        let refused = (!other.all.is_empty()).then(|| {
            let mut case = self.clone();
            case.unless.push(other.all.clone());
            case.normal()
        });
        let group_holds = other.unless.iter().map(|group| {
            let mut case = self.clone();
            case.all.extend(other.all.iter().chain(group).cloned());
            case.normal()
        });
        refused.into_iter().chain(group_holds).flatten().collect()
    }

    /// Drops what changes nothing; `None` when nothing can satisfy them.
    fn normal(mut self) -> Option<Self> {
        if self.all.iter().any(|one| one.constant() == Some(false)) {
            return None;
        }
        self.all.retain(|one| one.constant().is_none());
        self.unless.retain(|group| !group.iter().any(|one| one.constant() == Some(false)));
        for group in &mut self.unless {
            group.retain(|one| one.constant().is_none());
        }
        self.all.sort();
        self.all.dedup();
        // Every condition is held against every other.
        while fuel::spend(self.size() * self.size()) {
            let before = (self.all.len(), self.unless.len());
            self.keep_strongest();
            if self.contradicts_itself() {
                return None;
            }
            let all = &self.all;
            for group in &mut self.unless {
                group.sort();
                group.dedup();
                group.retain(|one| !all.iter().any(|has| has.implies(one)));
            }
            if self.unless.iter().any(Vec::is_empty) {
                return None;
            }
            if !self.narrow_values() {
                return None;
            }
            let all = &self.all;
            self.unless.retain(|group| {
                !group.iter().any(|one| all.iter().any(|has| has.contradicts(one)))
                    && Conditions { all: group.clone(), unless: Vec::new() }.is_possible()
            });
            if before == (self.all.len(), self.unless.len()) {
                break;
            }
        }
        if self.leaves_nothing() {
            return None;
        }
        self.unless.sort();
        self.unless.dedup();
        if fuel::is_spent() {
            return Some(self);
        }
        let groups = self.unless.clone();
        // Where a weaker group cannot hold, a stronger one cannot either.
        self.unless.retain(|group| {
            !groups.iter().any(|weaker| {
                weaker != group
                    && group_implies(group, weaker)
                    && (!group_implies(weaker, group) || weaker < group)
            })
        });
        Some(self)
    }

    /// Whether two conditions must both not hold of which one always does.
    fn leaves_nothing(&self) -> bool {
        let alone = || self.unless.iter().filter(|group| group.len() == 1).flatten();
        let mut keys = BTreeSet::new();
        if alone().all(|one| keys.insert(one.key())) {
            return false;
        }
        let all: Vec<Predicate> = alone().filter_map(Predicate::opposite).collect();
        all.len() > 1 && !Conditions { all, unless: Vec::new() }.is_possible()
    }

    /// How many conditions there are, in groups or not.
    pub(super) fn size(&self) -> usize {
        self.all.len() + self.unless.iter().map(Vec::len).sum::<usize>()
    }

    fn is_possible(&self) -> bool {
        !self.contradicts_itself()
    }

    fn contradicts_itself(&self) -> bool {
        self.all
            .iter()
            .enumerate()
            .any(|(at, one)| self.all.iter().skip(at + 1).any(|other| one.contradicts(other)))
    }

    fn keep_strongest(&mut self) {
        let all = self.all.clone();
        self.all.retain(|one| {
            !all.iter().any(|stronger| {
                stronger != one
                    && stronger.implies(one)
                    && (!one.implies(stronger) || stronger < one)
            })
        });
    }

    /// A key that must have one of some values, and must not have one of others, has one of the
    /// rest. `false` when there is no rest.
    fn narrow_values(&mut self) -> bool {
        for one in &mut self.all {
            let Some(alternatives) = one.alternatives() else {
                continue;
            };
            let count = alternatives.len();
            let excluded = |value: &Predicate| {
                self.unless.iter().any(|group| match group.as_slice() {
                    [only] => value.implies(only),
                    _ => false,
                })
            };
            let left: Vec<Predicate> =
                alternatives.into_iter().filter(|value| !excluded(value)).collect();
            if left.is_empty() {
                return false;
            }
            if left.len() < count {
                *one = one.of_alternatives(left);
            }
        }
        true
    }
}

/// Whether a group holds as a whole only where the other does.
fn group_implies(group: &[Predicate], other: &[Predicate]) -> bool {
    other.iter().all(|wanted| group.iter().any(|has| has.implies(wanted)))
}
