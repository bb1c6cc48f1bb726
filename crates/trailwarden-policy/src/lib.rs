//! The IAM policy language: reading documents, deciding requests, and saying what a policy does.
//!
//! [`Document::parse`] is the door for one policy, [`locate::locate`] for a file with policies in it.
//! The rest asks about a document that was read: what it decides ([`evaluate`]), all that it allows
//! ([`reach`]), what is wrong with it ([`lint`]), who a trust policy lets in ([`trust`]), which denies
//! went away ([`denies`]), what it would be without what nobody used ([`rightsize`]), how much of the
//! text is padding ([`width`]).
//!
//! # Invariants
//! - Total: any text gives a document or an error, never a panic (`document/tests.rs`, `fuzz/`).
//! - Doubt widens: a condition that is not understood narrows nothing, a statement that cannot be
//!   read is listed in [`Document::problems`] and never counted as harmless.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod admin;
pub mod cases;
pub mod condition;
pub mod denies;
pub mod document;
pub mod evaluate;
pub mod facts;
mod fuel;
pub mod json;
pub mod kind;
pub mod lint;
pub mod locate;
pub mod nearest;
pub mod pattern;
pub mod reach;
pub mod rightsize;
pub mod span;
pub mod trust;
pub mod width;

pub use admin::is_admin_like;
pub use condition::Condition;
pub use denies::{has_deny, removed_denies};
pub use document::{Document, Effect, Error, Principal, PrincipalKind, Principals, Statement};
pub use kind::PolicyKind;
pub use span::{Lines, Span, line_column};
pub use width::minified_len;
