//! Many different questions about IAM within minutes.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "iam-enumeration",
    title: "IAM, STS and Organizations enumerated",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-RE-01"],
    select: Select {
        events: &["iam:<reads>", "sts:<reads>", "organizations:<reads>"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Row,
    },
    attack: &["T1087.004", "T1069.003"],
    risk: "Somebody is drawing a map of who can do what, which is what an intruder does first with a stolen identity.",
    false_positives: &[
        "A scanner or posture tool: suppress this rule for its role, with a reason.",
        "A person on the pages of IAM in the console: confidence is low when all calls came from there.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"+10s mallory iam:ListUsers
             +10s mallory iam:ListRoles
             +10s mallory iam:ListGroups
             +10s mallory iam:ListPolicies
             +10s mallory iam:ListAttachedUserPolicies
             +10s mallory iam:GetUser
             +10s mallory iam:ListUserPolicies
             +10s mallory iam:ListAccessKeys"#,
        r#"+10s role/app/s iam:ListUsers denied
             +10s role/app/s iam:ListRoles denied
             +10s role/app/s iam:ListGroups denied
             +10s role/app/s iam:ListPolicies denied
             +10s role/app/s iam:ListAttachedUserPolicies denied
             +10s role/app/s iam:GetUser denied
             +10s role/app/s iam:ListUserPolicies denied
             +10s role/app/s iam:ListAccessKeys denied"#,
    ],
    quiet_on: &[
        r#"+10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers
             +10s alice iam:ListUsers"#,
        r#"+2m alice iam:ListUsers
             +2m alice iam:ListRoles
             +2m alice iam:ListGroups
             +2m alice iam:ListPolicies
             +2m alice iam:ListAttachedUserPolicies
             +2m alice iam:GetUser
             +2m alice iam:ListUserPolicies
             +2m alice iam:ListAccessKeys"#,
        r#"+5s role/AWSServiceRoleForConfig/x iam:ListUsers via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:ListRoles via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:ListGroups via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:ListPolicies via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:ListAttachedUserPolicies via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:GetUser via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:ListUserPolicies via=config.amazonaws.com
             +5s role/AWSServiceRoleForConfig/x iam:ListAccessKeys via=config.amazonaws.com"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 8, within_seconds: 5 * MINUTE, tell }),
};

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let origin = cx.origin();
    (origin != 0 && !cx.has(Flags::INVOKED_BY_SERVICE)).then(|| (origin, cx.action_value()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let text = format!(
        "{{actor}} asked {} different questions about IAM, STS or Organizations within 5 minutes, from {}: {}.",
        story.distinct,
        event.address,
        story.names()
    );
    Some(Match::on_caller(event, text).confidence(story.confidence_in_software()))
}
