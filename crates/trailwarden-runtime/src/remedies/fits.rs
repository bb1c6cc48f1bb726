//! Which remediations a finding offers that could fit it, for the others are not told beside an answer; and what is
//! said where what was found may be ordinary work.

use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Severity};
use trailwarden_remedy::{Draft, NoPlan, Stop, find};

use super::Known;

impl Known<'_> {
    /// Whether somebody could choose a remediation for a finding, and get steps for it, now or once more is known.
    pub(super) fn could_fit(&self, finding: &Finding, id: &str) -> bool {
        let Some(remedy) = find(id) else { return true };
        match self.subjects(finding, remedy.id) {
            Ok(subjects) => subjects
                .iter()
                .any(|subject| remedy.draft(subject).map_or_else(|it| could(&it), |_| true)),
            Err(no_plan) => could(&no_plan),
        }
    }
}

/// Whether a refusal leaves something to be done by the remediation.
fn could(no_plan: &NoPlan) -> bool {
    !matches!(
        no_plan,
        NoPlan::Missing(_) | NoPlan::Already(_) | NoPlan::Refused | NoPlan::Stopped(Stop::Root)
    )
}

/// Says of steps that answer what was done, and is low: ordinary work is among it.
pub(super) fn note_low(finding: &Finding, draft: &mut Draft) {
    if finding.kind == Kind::Detection && finding.severity <= Severity::Low {
        draft.note(LOW);
    }
}

const LOW: &str = "What was found is of low severity, and may be ordinary work: ask whoever did it before it is taken back.";
