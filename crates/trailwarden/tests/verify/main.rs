//! `trailwarden verify` end to end: signed fixtures, tampered with as an attacker would.
//!
//! The cases are those of `aws cloudtrail validate-logs` (AWS CLI Command Reference) and of the
//! CloudTrail User Guide, "Validating CloudTrail log file integrity".

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod broken;
mod exit;
mod hostile;
mod support;
mod unknown;
