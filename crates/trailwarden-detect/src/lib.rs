//! Detections over CloudTrail events: built-in units and Sigma rules.
//!
//! The rules; most contributors open no other crate. A detection is a static value in one file
//! under `detections/`, with the trails that prove it; the engine feeds it rows and events in the
//! total order and gathers what it matches.
//!
//! # Invariants
//! - Detections cannot see each other, and a panicking one silences nobody else.
//! - The same records give the same findings with the same ids.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod by_effect;
pub mod changes;
pub mod conclude;
pub mod context;
pub mod detection;
pub mod detections;
pub mod draft;
pub mod engine;
pub mod federation;
pub mod history;
pub mod judging;
pub mod ledger;
pub mod lineage;
pub mod lints;
pub mod look_alike;
pub mod matches;
pub mod prelude;
pub mod recall;
pub mod reference;
pub mod select;
pub mod settings;
pub mod sigma;
pub mod sign_in;
mod stronger;
pub mod trail;
pub mod trusting;
pub mod watch;
mod window;
pub mod written;

pub use detection::Detection;
pub use engine::Engine;
pub use settings::Settings;
