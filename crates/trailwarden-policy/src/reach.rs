//! Everything that a set of policies allows, symbolically: [`Reach`].
//!
//! A reach is a list of grants, each actions × resources × conditions, with explicit denies already
//! taken out. No request is enumerated. On reaches there are union, intersection (boundary, SCP,
//! session policy) and difference; [`compare`] says what a change gave and took, [`grade`] how
//! dangerous a reach is, and [`describe`] says it in few words.
//!
//! # Invariants
//! - Agrees with [`crate::evaluate`] on every request (`tests/reach_properties.rs`).
//! - Doubt widens: where something cannot be decided, the reach says more, never less, and
//!   [`Reach::precision`] says so. "Implies", "covers" and "contradicts" are only said when certain.
//! - Order of policies and statements never matters.
//! - The work has a limit, counted in steps (`crate::fuel`). Where it ends first, the reach holds
//!   only grants that are certain, is [`Precision::Unknown`], and says so
//!   ([`Reach::is_too_complex`]).
//!
//! # Limits
//! - Only identity-like policies: who is meant (`Principal`) is not part of a reach.
//! - Actions that take no resource are granted by `"Resource": "*"` only, by the facts table of this
//!   program.

mod actions;
mod area;
mod areas;
mod automaton;
mod clause;
mod compare;
mod condition;
mod describe;
mod escalations;
mod glob;
mod grade;
mod grant;
mod home;
mod near;
mod part;
mod relevance;
mod symbolic;
#[cfg(test)]
mod tests;
mod text;

pub use actions::Actions;
pub use area::Area;
pub use areas::Areas;
pub use clause::Conditions;
pub use compare::{Change, compare, without_the_alike};
pub use condition::Predicate;
pub use describe::{describe, describe_from, describe_on_resource, list};
pub use escalations::{ESCALATIONS, Escalation, Route};
pub use glob::{Glob, Shared};
pub use grade::{CONTROL_OF_IAM, Grade, Grading, controls_iam, grade, grade_of_user};
pub use grant::Grant;
use grant::algebra;
pub use home::region_of_iam;
pub use part::{ActionsOf, Part};

use crate::document::Document;
use crate::fuel;

/// Steps that any operation may take, those it may take for each character of what it works on, and
/// those that are never exceeded: what a set of policies takes grows with their number and length.
/// Of AWS's own policies none needs half of what it gets (`reach/tests/limit.rs`).
const STEPS_LEAST: u64 = 1_500_000;
const STEPS_EACH: u64 = 100;
const STEPS_MOST: u64 = 5_000_000;

/// The length of a pattern, when its characters are not counted.
const PATTERN_CHARACTERS: usize = 32;

pub(crate) fn steps_for(characters: usize) -> u64 {
    let own = STEPS_EACH.saturating_mul(characters as u64);
    STEPS_LEAST.saturating_add(own).min(STEPS_MOST)
}

fn steps_for_grants<'a>(grants: impl IntoIterator<Item = &'a Grant>) -> u64 {
    steps_for(grants.into_iter().map(Grant::size).sum::<usize>() * PATTERN_CHARACTERS)
}

/// What a set of policies allows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reach {
    grants: Vec<Grant>,
    /// As sets of requests; a part that may be empty changes no set.
    precision: Precision,
    is_too_complex: bool,
}

/// How a symbolic answer relates to the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// This is it.
    Exact,
    /// This, or less.
    AtMost,
    /// There may be more, and there may be less: something could not be read.
    Unknown,
}

/// What caps the identity policies of a principal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// The permissions boundary.
    pub boundary: Option<Reach>,
    /// One for each level from the root of the organization to the account; empty when there is no
    /// organization, or when SCPs do not apply.
    pub scps: Vec<Reach>,
    /// The session policies of a session, together.
    pub session: Option<Reach>,
}

/// Asks many questions that have one limit together, so that many are no way around it. What is
/// asked when it has ended is too complex ([`Reach::is_too_complex`]).
pub fn together<T>(ask: impl FnOnce() -> T) -> T {
    fuel::limited(STEPS_MOST, ask).value
}

/// Works out what is kept for others too: with limits of its own, whatever is left of the one around
/// it, so that what is kept does not hang on who asked first.
pub fn apart<T>(work: impl FnOnce() -> T) -> T {
    fuel::apart(work)
}

impl Reach {
    /// What identity policies allow together: every Allow without every Deny.
    pub fn of<'a>(policies: impl IntoIterator<Item = &'a Document>) -> Self {
        let parts: Vec<Part> = policies.into_iter().map(Part::of).collect();
        Self::of_parts(&parts)
    }

    /// [`Reach::of`] documents that were read before.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Self {
        let (mut allows, mut denies) = (Vec::new(), Vec::new());
        let mut precision = Precision::Exact;
        let mut characters = 0;
        for part in parts {
            if part.is_too_complex {
                // A statement that was read in part may say anything.
                return Self { is_too_complex: true, ..Self::unknown() };
            }
            precision = precision.max(part.precision);
            characters += part.characters;
            allows.extend(part.allows.iter().cloned());
            denies.extend(part.denies.iter().cloned());
        }
        Self::within(steps_for(characters), precision, || {
            // Where the limit ends does not depend on the order either.
            allows.sort();
            denies.sort();
            algebra::subtract(&algebra::tidy(allows), &algebra::tidy(denies))
        })
    }

    /// Does some work within a limit, for grants and whether they are all of the truth.
    fn within(steps: u64, precision: Precision, work: impl FnOnce() -> (Vec<Grant>, bool)) -> Self {
        let done = fuel::limited(steps, work);
        let (grants, is_exact) = done.value;
        match done.is_spent {
            false => Self { grants, precision: precision.or_at_most(is_exact), ..Self::nothing() },
            true => Self { grants, precision: Precision::Unknown, is_too_complex: true },
        }
    }

    /// Nothing at all.
    pub fn nothing() -> Self {
        Self { grants: Vec::new(), precision: Precision::Exact, is_too_complex: false }
    }

    /// A reach that is not known: no grants, and no promise.
    pub fn unknown() -> Self {
        Self { precision: Precision::Unknown, ..Self::nothing() }
    }

    /// The grants; together they are the reach. The order is fixed.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether the limit of work ended before all was known; then the grants are some that are
    /// certain, and there may be more.
    pub fn is_too_complex(&self) -> bool {
        self.is_too_complex
    }

    /// Whether there is no grant: nothing is allowed, by what is known.
    pub fn is_nothing(&self) -> bool {
        self.grants.is_empty()
    }

    /// The same, or less: a cap on it is not known.
    #[must_use]
    pub fn or_less(self) -> Self {
        Self { precision: self.precision.max(Precision::AtMost), ..self }
    }

    /// How this relates to the truth. Where a part may be nothing at all, and telling was too much
    /// work, it is [`Precision::AtMost`].
    pub fn precision(&self) -> Precision {
        let is_open = self.grants.iter().any(Grant::may_be_nothing);
        self.precision.or_at_most(!is_open)
    }

    /// What either allows.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let precision = self.precision.max(other.precision);
        let all = || self.grants.iter().chain(&other.grants).cloned().collect();
        let tidied = || (algebra::tidy(all()), true);
        Self::within(self.steps_with(other), precision, tidied).with_doubt_of(self, other)
    }

    /// What both allow.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let precision = self.precision.max(other.precision);
        let both = || (algebra::intersect(&self.grants, &other.grants), true);
        Self::within(self.steps_with(other), precision, both).with_doubt_of(self, other)
    }

    /// What this allows and `other` does not.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        // Of what is certain here, the rest of the other may allow all.
        if other.is_too_complex {
            return Self { is_too_complex: true, ..Self::unknown() };
        }
        // Taking away too much may hide something.
        let precision = match other.precision {
            Precision::Exact => self.precision,
            Precision::AtMost | Precision::Unknown => Precision::Unknown,
        };
        let left = || algebra::subtract(&self.grants, &other.grants);
        Self::within(self.steps_with(other), precision, left).with_doubt_of(self, other)
    }

    fn steps_with(&self, other: &Self) -> u64 {
        steps_for_grants(self.grants.iter().chain(&other.grants))
    }

    fn with_doubt_of(self, one: &Self, other: &Self) -> Self {
        let is_too_complex = self.is_too_complex || one.is_too_complex || other.is_too_complex;
        Self { is_too_complex, ..self }
    }
}

impl Precision {
    fn or_at_most(self, is_exact: bool) -> Self {
        if is_exact { self } else { self.max(Precision::AtMost) }
    }
}

impl Limits {
    /// What is left of the identity policies' reach.
    ///
    /// Source: IAM User Guide, "Policy evaluation logic": every layer must allow, and a Deny in any
    /// layer decides. A reach has its own layer's denies taken out, so what all layers reach is what
    /// is allowed.
    pub fn apply(&self, identity: &Reach) -> Reach {
        let layers = self.boundary.iter().chain(&self.scps).chain(&self.session);
        layers.fold(identity.clone(), |reach, layer| reach.intersect(layer))
    }
}
