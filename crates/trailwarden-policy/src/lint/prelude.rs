//! What a file under `lint/checks/` needs.

pub use trailwarden_model::{Confidence, Severity};

pub use super::{
    Check, ConditionView, Example, Found, Input, Part, PrincipalPart, Run, StatementView, Tool,
    quoted,
};
pub use crate::condition::{Condition, Operator};
pub use crate::document::{
    Document, Effect, Element, Error, Fault, PrincipalKind, Principals, Statement,
};
pub use crate::facts::{ActionSet, facts};
pub use crate::kind::PolicyKind;
pub use crate::locate::Unread;
pub use crate::span::Span;

/// Every kind of policy.
pub const EVERY_KIND: &[PolicyKind] = &PolicyKind::ALL;

/// Kinds that are attached to principals and name none.
pub const KINDS_OF_PRINCIPALS: &[PolicyKind] =
    &[PolicyKind::Identity, PolicyKind::Boundary, PolicyKind::Session, PolicyKind::Scp];

/// Kinds that name principals.
pub const KINDS_WITH_PRINCIPALS: &[PolicyKind] =
    &[PolicyKind::Resource, PolicyKind::Trust, PolicyKind::Rcp, PolicyKind::Endpoint];

/// Kinds whose Allow gives something to somebody; the others only limit.
pub const KINDS_THAT_GRANT: &[PolicyKind] =
    &[PolicyKind::Identity, PolicyKind::Resource, PolicyKind::Trust];
