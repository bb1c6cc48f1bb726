//! The IAM policy language: reading documents, and questions that their structure alone answers.
//!
//! [`Document::parse`] is the only door. The rest asks about a document that was read: who a trust
//! policy lets in ([`trust`]), which denies went away ([`denies`]), how much of the text is padding
//! ([`width`]). Nothing here decides whether a request is allowed.
//!
//! # Invariants
//! - Total: any text gives a document or an error, never a panic (`document/tests.rs`, `fuzz/`).
//! - Doubt widens: a condition that is not understood narrows nothing, a statement that cannot be
//!   read is listed in [`Document::problems`] and never counted as harmless.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod admin;
pub mod condition;
pub mod denies;
pub mod document;
pub mod pattern;
pub mod trust;
pub mod width;

pub use admin::is_admin_like;
pub use condition::Condition;
pub use denies::{has_deny, removed_denies};
pub use document::{Document, Effect, Error, Principal, PrincipalKind, Principals, Statement};
pub use width::minified_len;
