//! The permissions boundary of somebody else is removed, or replaced by one that caps less or nothing.
//!
//! Which of two customer policies caps less, the account's model tells, which knows both documents. One's own boundary is `own-permissions-boundary-lifted`.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "permissions-boundary-removed",
    title: "Permissions boundary of another principal removed",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-08"],
    select: Select {
        events: &[
            "iam:DeleteUserPermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutUserPermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098"],
    risk: "What the boundary held back is in force at once: every policy of the principal counts in full.",
    false_positives: &[
        "A move to another boundary in two steps: the new one follows within minutes.",
    ],
    remedies: &["restore-permissions-boundary"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:DeleteRolePermissionsBoundary role/app",
        "role/ci/terraform iam:DeleteUserPermissionsBoundary user/alice ua=Terraform/1.9",
        r#"mallory iam:PutUserPermissionsBoundary user/alice {"request":{"permissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess"}}"#,
        "mallory iam:DeleteRolePermissionsBoundary role/app denied",
        r#"admin iam:CreatePolicy policy/narrow allow=s3:*
admin iam:CreatePolicy policy/wide allow=*
admin iam:CreateUser user/bob {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/narrow"}}
admin iam:AttachUserPolicy user/bob aws-policy/AdministratorAccess
mallory iam:PutUserPermissionsBoundary user/bob {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/wide"}}"#,
    ],
    quiet_on: &[
        r#"admin iam:PutUserPermissionsBoundary user/alice {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/developer-boundary"}}"#,
        "mallory iam:DeleteUserPermissionsBoundary user/mallory",
        r#"admin iam:CreatePolicy policy/narrow allow=s3:*
admin iam:CreatePolicy policy/wide allow=*
admin iam:CreateUser user/bob {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/wide"}}
admin iam:AttachUserPolicy user/bob aws-policy/AdministratorAccess
mallory iam:PutUserPermissionsBoundary user/bob {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/narrow"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.is_on_caller() {
        return None;
    }
    let target = event.target()?;
    let (kind, name) = (target.kind.as_str(), target.name?);
    let text = if event.name().starts_with("Delete") {
        let removed = event.done_or("removed", "tried to remove");
        format!("{{actor}} {removed} the permissions boundary of {kind} {name}{{times}}.")
    } else {
        let boundary = event.request("permissionsBoundary")?;
        let caps_nothing =
            Arn::parse(boundary).is_some_and(|arn| arn.is_aws_managed("AdministratorAccess"));
        // Another than before gives more only as far as the model shows it; most only narrow.
        let gives_more = cx.effect().is_some_and(|effect| effect.severity().is_some());
        let what = match (caps_nothing, gives_more) {
            (true, _) => ", which caps nothing,",
            (false, true) => ", which caps less than before,",
            (false, false) => return None,
        };
        let set = event.done_or("set", "tried to set");
        format!(
            "{{actor}} {set} {boundary}{what} as the permissions boundary of {kind} {name}{{times}}."
        )
    };
    Some(Match::on_target(event, text).weighed(Weight::Effect))
}
