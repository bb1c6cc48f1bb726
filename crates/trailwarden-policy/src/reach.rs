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
mod near;
mod relevance;
mod symbolic;
#[cfg(test)]
mod tests;
mod text;

pub use actions::Actions;
pub use area::Area;
pub use areas::Areas;
pub use clause::Conditions;
pub use compare::{Change, compare};
pub use condition::Predicate;
pub use describe::{describe, describe_on_resource, list};
pub use escalations::{ESCALATIONS, Escalation, Route};
pub use glob::{Glob, Shared};
pub use grade::{Grade, Grading, grade, grade_of_user};
pub use grant::Grant;

use crate::document::{Document, Effect};

/// What a set of policies allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    grants: Vec<Grant>,
    /// As sets of requests; a part that may be empty changes no set.
    precision: Precision,
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

impl Reach {
    /// What identity policies allow together: every Allow without every Deny.
    pub fn of<'a>(policies: impl IntoIterator<Item = &'a Document>) -> Self {
        let mut allows = Vec::new();
        let mut denies = Vec::new();
        let mut precision = Precision::Exact;
        for policy in policies {
            if !policy.is_complete() {
                precision = Precision::Unknown;
            }
            // Before this version, `${...}` is plain text (IAM User Guide, "IAM policy elements:
            // Variables and tags").
            let variables = policy.version.as_deref() == Some("2012-10-17");
            for statement in &policy.statements {
                let grants = Grant::of_statement(statement, variables);
                match statement.effect {
                    Effect::Allow => allows.extend(grants),
                    Effect::Deny => denies.extend(grants),
                }
            }
        }
        let (grants, is_exact) = grant::subtract(&grant::tidy(allows), &grant::tidy(denies));
        Self { grants, precision: precision.or_at_most(is_exact) }
    }

    /// Nothing at all.
    pub fn nothing() -> Self {
        Self { grants: Vec::new(), precision: Precision::Exact }
    }

    /// A reach that is not known: no grants, and no promise.
    pub fn unknown() -> Self {
        Self { grants: Vec::new(), precision: Precision::Unknown }
    }

    /// The grants; together they are the reach. The order is fixed.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether nothing is allowed.
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
        let grants = grant::tidy(self.grants.iter().chain(&other.grants).cloned().collect());
        Self { grants, precision: self.precision.max(other.precision) }
    }

    /// What both allow.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let grants = grant::intersect(&self.grants, &other.grants);
        Self { grants, precision: self.precision.max(other.precision) }
    }

    /// What this allows and `other` does not.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let (grants, is_exact) = grant::subtract(&self.grants, &other.grants);
        // Taking away too much may hide something.
        let precision = match other.precision {
            Precision::Exact => self.precision,
            Precision::AtMost | Precision::Unknown => Precision::Unknown,
        };
        Self { grants, precision: precision.or_at_most(is_exact) }
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
