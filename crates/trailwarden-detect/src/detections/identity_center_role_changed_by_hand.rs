//! A role that Identity Center provisions is changed by somebody else.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "identity-center-role-changed-by-hand",
    title: "Identity Center role changed by somebody else",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-IC-07"],
    select: Select {
        events: &["iam:<writes>"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003"],
    risk: "The role serves everybody with the assignment; a change past Identity Center is not shown there and outlives the assignment.",
    false_positives: &[
        "None known: Identity Center changes these roles itself, and AWS refuses most other callers.",
    ],
    remedies: &["reprovision-permission-set"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:AttachRolePolicy role/AWSReservedSSO_Admin_0123456789abcdef",
        "role/app/s iam:UpdateAssumeRolePolicy role/AWSReservedSSO_Admin_0123456789abcdef",
        "mallory iam:PutRolePolicy role/AWSReservedSSO_Admin_0123456789abcdef denied",
    ],
    quiet_on: &[
        "role/AWSServiceRoleForSSO/SSO iam:AttachRolePolicy role/AWSReservedSSO_Admin_0123456789abcdef via=sso.amazonaws.com",
        "service/sso.amazonaws.com iam:CreateRole role/AWSReservedSSO_Admin_0123456789abcdef",
        "mallory iam:AttachRolePolicy role/app",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let role = event.target()?.name?;
    let short = role.rsplit('/').next().unwrap_or(&role);
    // `invokedBy` is written by AWS and cannot be claimed.
    if !short.starts_with("AWSReservedSSO_") || event.caller.invoked_by == "sso.amazonaws.com" {
        return None;
    }
    let done = event.done_or("called", "tried");
    let text = format!(
        "{{actor}} {done} {} on {short}, a role of Identity Center{{times}}.",
        event.name()
    );
    Some(Match::on_target(event, text))
}
