//! Ends the sessions of a role, and the temporary credentials of a user.

use super::attach_quarantine_policy::put;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "revoke-sessions",
    aliases: &["deny-older-sessions"],
    title: "End the sessions that exist",
    effect: Effect::Restricts,
    order: Order::Containment,
    notes: &[
        "Sessions that begin before the time in the policy are denied everything. That time lies some minutes ahead, so that none slips through while the plan is approved; sessions that begin later work.",
        "A user's access keys and console password still open new sessions: deactivate them too.",
        "Sessions of other roles that were entered from these live on, and must be ended on their own.",
        "EC2 and Lambda get fresh credentials by themselves, within minutes.",
    ],
    example: |subject| subject.inline = Some([].into()),
    example_of: "arn:aws:iam::111122223333:role/service/deploy",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    end_sessions(subject, draft, subject.user_or_role()?)
}

/// Denies everything to sessions from before the cutoff.
pub(crate) fn end_sessions(
    subject: &Subject,
    draft: &mut Draft,
    principal: &Principal,
) -> Result<(), NoPlan> {
    let document = documents::deny_older_sessions(subject.cutoff);
    draft.apply_before(subject.cutoff);
    put(draft, principal, subject, documents::REVOKE, document, "end the sessions of")
}
