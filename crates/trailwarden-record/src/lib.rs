//! CloudTrail bytes to typed events.
//!
//! The boundary where bytes are untrusted. Decoding is total: a bad record is a reject with place
//! and cause, never a panic and never the loss of its neighbours.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod call;
pub mod caller;
pub mod denial;
pub mod envelope;
pub mod event;
pub mod events;
pub mod hash;
pub mod integrity;
pub mod json;
pub mod limits;
pub mod names;
pub mod redact;
pub mod repair;
pub mod row;
pub mod scan;
pub mod skim;

pub use event::Event;
pub use row::Row;
pub use skim::Skim;
