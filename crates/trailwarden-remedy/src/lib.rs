//! From a finding to a plan, and from a plan to console steps, scripts and code.
//!
//! A [`Remedy`] is a static value in one file under `remedies/`: it turns a [`Subject`], which is what
//! the caller knows of the thing that a finding is about, into calls. [`Plan`] holds them with what
//! must hold before each and how each is taken back, and [`render`] writes a plan as steps in the
//! console, as a script of the AWS CLI, as a boto3 program and as Terraform.
//!
//! # Invariants
//! - A plan makes only calls of the closed table ([`calls`]), and asks only its reads ([`reads`]).
//! - What is not known makes no plan: a remedy answers [`NoPlan::Unknown`] and says what to ask.
//! - Nobody locks himself out: hard stops ([`stops`]) come before any remedy that takes access away.
//! - No secret stands in a plan or in a rendering.
//! - A name that a stranger chose stays a name in every rendering (`tests/hostile.rs`).
//! - No clock: the time is that of the subject.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod calls;
pub mod documents;
pub mod draft;
pub mod passwords;
pub mod people;
pub mod plan;
pub mod prelude;
pub mod reads;
pub mod remedies;
pub mod remedy;
mod renames;
pub mod render;
pub mod stops;
pub mod subject;
mod trusts;

pub use draft::Draft;
pub use plan::{Plan, Step};
pub use remedy::{NoPlan, Remedy, find};
pub use stops::Stop;
pub use subject::{Known, Subject};
