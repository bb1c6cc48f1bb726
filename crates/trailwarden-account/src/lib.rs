//! The account as its trail tells it: IAM events folded into state.
//!
//! [`Model`] is one account at one instant; [`Model::apply`] takes one event and says what it
//! changed, with the model before and after. [`Timeline`] keeps the events, so that a late record
//! is folded where it belongs and any instant can be asked for. [`Baseline`] is a start from what
//! AWS said at some time; without one, everything begins unknown.
//!
//! # Invariants
//! - The order of arrival does not show: a replay from nothing equals any sequence of arrivals,
//!   with repeats and late records (`timeline/tests.rs`).
//! - Each fact carries its proof; absence is known only after a creation or a baseline.
//! - What contradicts the model is noted as a [`Gap`] and believed: the record is right, the model
//!   has missed something.
//! - Each call that changes IAM is folded or listed in [`entry::NOT_FOLDED`] with the reason
//!   (`fold/tests.rs`).
//!
//! # Why not just ask AWS?
//! A list call says what is; the trail says who made it so, and when.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod access;
pub mod baseline;
pub mod change;
mod digest;
pub mod directory;
pub mod effect;
pub mod entry;
pub mod fact;
mod fold;
pub mod foresee;
pub mod gap;
pub mod graph;
pub mod identity;
pub mod listing;
pub mod managed;
pub mod model;
pub mod models;
pub mod organization;
pub mod query;
pub mod report;
pub mod session;
pub mod settings;
pub mod snapshot;
pub mod state;
pub mod techniques;
pub mod text;
pub mod timeline;
#[cfg(test)]
mod trail;
mod trust;

pub use access::{Standing, World};
pub use baseline::Baseline;
pub use change::{Change, Field, Subject, Touched};
pub use effect::{Actor, Effect, judge};
pub use entry::Entry;
pub use fact::{Fact, Proof, UNORDERED, Why};
pub use gap::{Gap, GapKind};
pub use identity::{Id, Identity, Kind};
pub use listing::{Listing, Presence};
pub use managed::ManagedPolicy;
pub use model::Model;
pub use models::{Models, Timelines};
pub use snapshot::Snapshot;
pub use text::PolicyText;
pub use timeline::Timeline;
