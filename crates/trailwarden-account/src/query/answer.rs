//! The shape of answers: what is known, and beside it what is not.

use std::sync::Arc;

use crate::fact::{Fact, Why};
use crate::identity::Id;
use crate::text::PolicyText;

/// Something that an answer could not see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// What, such as `attached policies of role/app`.
    pub what: String,
    /// Why.
    pub why: Why,
}

/// A policy that an identity holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldPolicy {
    /// Where it comes from.
    pub source: PolicySource,
    /// Its document.
    pub document: Fact<PolicyText>,
    /// That it is held; unknown when it may have been taken off unseen.
    pub held: Fact<()>,
    /// The group through which a user has it.
    pub through: Option<Id>,
}

impl HeldPolicy {
    /// Why it is not known what it gives, if so.
    #[must_use]
    pub fn why(&self) -> Option<&Why> {
        self.held.why().or_else(|| why_unknown(&self.document))
    }
}

/// Why it is not known what a document says, if so: also what was seen may be no policy.
pub(crate) fn why_unknown(document: &Fact<PolicyText>) -> Option<&Why> {
    match document {
        Fact::Known { value, .. } => value.document().is_err().then_some(&Why::Unreadable),
        Fact::Unknown { why, .. } => Some(why),
    }
}

/// Where a policy comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PolicySource {
    /// Inline, by name.
    Inline(Arc<str>),
    /// Managed, by ARN.
    Managed(Arc<str>),
}

/// All policies that an identity is known to hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Held {
    /// The policies.
    pub policies: Vec<HeldPolicy>,
    /// What else there may be; empty when the policies are all.
    pub unknowns: Vec<Unknown>,
}

/// A permissions boundary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Boundary {
    /// The policy.
    pub arn: Arc<str>,
    /// Its document.
    pub document: Fact<PolicyText>,
}

/// Some identities, and what else there may be.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Their ids, sorted.
    pub ids: Vec<Id>,
    /// What else there may be; empty when these are all.
    pub unknowns: Vec<Unknown>,
}

impl Held {
    /// Whether nothing else is held and every document is known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unknowns.is_empty() && self.policies.iter().all(|held| held.why().is_none())
    }
}

impl Found {
    /// Whether these are all.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unknowns.is_empty()
    }
}
