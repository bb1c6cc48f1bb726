//! Change policies: whether a change was allowed to happen, by rules that people write in Cedar.
//!
//! [`Asked`] is all that a policy may ask of one change. [`Policies::load`] reads a folder of policies
//! and [`Policies::decide`] answers: forbidden, permitted, or unknown when no policy speaks of it.
//! The crate knows nothing of records, models or detections; the runtime fills [`Asked`] from them.
//!
//! # Invariants
//! - What is not known is absent, never a default: a policy that asks for it without `has` does not
//!   load.
//! - A change is permitted only when it would be whatever the facts are that are not known
//!   (`tests/policies/unknown.rs`).
//! - A `permit` bounds what the change may do to permissions, or says with a reason why not
//!   ([`bounds`]). One whose effect is not known is never permitted by a bound (`tests/policies/bounds.rs`).
//! - An error while a policy is evaluated never permits: the verdict is unknown, and the error is in
//!   the answer.
//! - Load finds all faults, each with its place, or yields policies that Cedar's strict validation
//!   and ours have passed (`tests/policies/load.rs`).

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod asked;
pub mod bounds;
pub mod decision;
pub mod error;
pub mod pattern;
pub mod policies;
pub mod schema;
pub mod suggest;

mod checks;
mod conditions;
mod directory;
mod doubt;
mod load;
mod near;
mod request;
mod split;
mod unknown;

pub use asked::{Actor, Asked, Behind, EffectFacts, Grade, KnownEffect, Target};
pub use decision::{Decision, Doubt, Failure, Near, Part, PartOutcome};
pub use error::LoadError;
pub use policies::{File, Policies, PolicyEffect, PolicyInfo};
