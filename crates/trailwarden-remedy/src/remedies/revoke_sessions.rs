//! Ends the sessions of a role, and the temporary credentials of a user.

use super::attach_quarantine_policy::put;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "revoke-sessions",
    aliases: &["deny-older-sessions"],
    title: "End the sessions that exist",
    effect: Effect::Restricts,
    order: Order::Sessions,
    notes: &[
        "Sessions that begin before the time in the policy are denied everything. That time lies some minutes ahead, so that none slips through while the plan is approved; sessions that begin later work.",
        "A user's access keys and console password still open new sessions: deactivate them too.",
        "Sessions of other roles that were entered from these live on, and must be ended on their own.",
        "Services that run with a role are denied everything until they get fresh credentials that begin after that time. A Lambda function gets them when it is started anew; an EC2 instance keeps the old ones for up to some hours, or until it is stopped and started, or its instance profile is taken off and put on again (`aws ec2 disassociate-iam-instance-profile`, `associate-iam-instance-profile`).",
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
