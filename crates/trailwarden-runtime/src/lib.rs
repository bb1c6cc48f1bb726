//! Sources, pipeline and configuration: all side effects, behind a few plain functions.

pub mod aftermath;
pub mod authorization;
pub mod baselines;
pub mod collect;
pub mod config;
pub mod executor;
pub mod geo;
pub mod investigate;
pub mod models;
pub mod previews;
pub mod previous;
pub mod remedies;
pub mod rules;
pub mod scan;
pub mod sightings;
pub mod sources;
pub mod usage;
pub mod verify;
