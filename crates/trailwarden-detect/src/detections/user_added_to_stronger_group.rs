//! Another user becomes a member of a group, and may do more by it.
//!
//! Members who may do all of it already, and groups that give only reading, are quiet. Of a group whose
//! policies nobody saw, one low finding is told, however many join it.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "user-added-to-stronger-group",
    title: "User added to a group that may do more",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-EO-08"],
    select: Class::Joined.select(),
    attack: &["T1098.003"],
    risk: "The user may do all that the group may, until somebody looks at the group's members.",
    false_positives: &[
        "Joiner automation that puts people into their teams' groups: give those groups no way to more, or suppress it for its role.",
    ],
    remedies: &["remove-from-group"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"admin iam:CreateGroup group/admins
admin iam:AttachGroupPolicy group/admins aws-policy/AdministratorAccess
mallory iam:AddUserToGroup user/bob group/admins"#,
        "mallory iam:AddUserToGroup user/bob group/of-long-ago",
    ],
    quiet_on: &[
        r#"admin iam:CreateGroup group/readers
admin iam:AttachGroupPolicy group/readers aws-policy/ReadOnlyAccess
mallory iam:AddUserToGroup user/bob group/readers"#,
        r#"admin iam:CreateGroup group/admins
admin iam:PutGroupPolicy group/admins allow=*
admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
mallory iam:AddUserToGroup user/bob group/admins"#,
    ],
    logic: Logic::Effect(Class::Joined),
};
