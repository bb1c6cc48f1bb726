//! What others look for, held against what our checks say they answer.
//!
//! The list is that of the project's survey of September to November 2026: Prowler 5.46.0, CIS AWS
//! Foundations v3.0.0 to v7.0.0, AWS Security Hub CSPM, AWS Config managed rules, GuardDuty.

mod rows;

pub use rows::{ROWS, Row};

use crate::assess::all;

/// What others look for and no check answers, each with the reason. A name that ends in `*` stands
/// for all that begin so.
pub const NOT_CHECKED: &[(&str, &str)] = &[
    ("cloudtrail_threat_detection_enumeration", IN_LOGS),
    ("cloudtrail_threat_detection_llm_jacking", IN_LOGS),
    ("cloudtrail_threat_detection_privilege_escalation", IN_LOGS),
    (
        "iam-role-managed-policy-check",
        "asks for policies that its user names: nothing is weak by itself",
    ),
];

const IN_LOGS: &str =
    "is about what happened, not about what is: the detections of `scan` look for it";

/// What GuardDuty looks for happens, and is no posture.
const GUARD_DUTY: &str = "GuardDuty";

/// The checks that answer a row.
#[must_use]
pub fn answered_by(row: &str) -> Vec<&'static str> {
    let answers =
        |check: &&&'static crate::Check| check.controls.iter().any(|control| control.row() == row);
    all().iter().filter(answers).map(|check| check.id).collect()
}

/// Why no check answers a row, where that is meant.
#[must_use]
pub fn reason(row: &Row) -> Option<&'static str> {
    if row.source == GUARD_DUTY {
        return Some(IN_LOGS);
    }
    NOT_CHECKED.iter().find(|(id, _)| *id == row.id).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_answered_or_has_a_reason() {
        let open: Vec<&str> = ROWS
            .iter()
            .filter(|row| answered_by(row.id).is_empty() && reason(row).is_none())
            .map(|row| row.id)
            .collect();
        assert!(open.is_empty(), "neither answered nor reasoned:\n{}", open.join("\n"));
    }

    #[test]
    fn no_row_is_both_and_every_control_is_a_row() {
        let ids: BTreeSet<&str> = ROWS.iter().map(|row| row.id).collect();
        for row in ROWS.iter().filter(|row| reason(row).is_some()) {
            let by = answered_by(row.id);
            assert!(by.is_empty(), "{} is answered by {by:?}: take the reason out", row.id);
        }
        for check in all() {
            for control in check.controls {
                let row = control.row();
                assert!(ids.contains(row.as_str()), "{}: `{row}` is no row of the list", check.id);
            }
        }
    }
}
