//! Calls about managed policies, permissions boundaries and trust.

use super::{
    At, Call, Filled, From, Held, Kind, Shows, Takes, Terraform, Undo, needs, takes, text,
};

/// Arguments of a role that is imported for one of them.
const OF_ROLE: &[&str] = &[
    "description",
    "force_detach_policies",
    "inline_policy",
    "managed_policy_arns",
    "max_session_duration",
    "path",
    "permissions_boundary",
    "tags",
    "tags_all",
];

const POLICY: &str = "{PolicyArn}";
const ROLE: &str = "arn:{partition}:iam::{account}:role/{RoleName}";
const USER: &str = "arn:{partition}:iam::{account}:user/{UserName}";

/// The rows.
pub(super) static ALL: &[Call] = &[
    Call {
        service: "iam",
        operation: "CreatePolicy",
        parameters: &[
            text("PolicyName"),
            needs("PolicyDocument", Kind::Document),
            takes("Path", Kind::Text),
            takes("Description", Kind::Text),
        ],
        shows: Shows::Reply { reveals: &[] },
        undo: Undo::By {
            operation: "DeletePolicy",
            with: &[("PolicyArn", From::Reply(&["Policy", "Arn"]))],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Nothing,
        permission: ("iam:CreatePolicy", "arn:{partition}:iam::{account}:policy{Path}{PolicyName}"),
        terraform: Terraform::Resource {
            kind: "aws_iam_policy",
            arguments: &[
                ("name", Filled::Parameter("PolicyName")),
                ("path", Filled::Parameter("Path")),
                ("description", Filled::Parameter("Description")),
                ("policy", Filled::Parameter("PolicyDocument")),
            ],
            import: "arn:{partition}:iam::{account}:policy{Path}{PolicyName}",
            ignores: &[],
        },
        console: "IAM > Policies > Create policy > JSON: save this document under the name {PolicyName}",
    },
    Call {
        service: "iam",
        operation: "DeletePolicy",
        parameters: &[text("PolicyArn")],
        shows: Shows::Asked {
            read: "GetPolicy",
            with: &[("PolicyArn", "PolicyArn")],
            path: &[At::Member("Policy")],
            held: Held::Absent,
        },
        undo: Undo::Never("a policy that is made again has another id and no older versions"),
        takes: Takes::Nothing,
        permission: ("iam:DeletePolicy", POLICY),
        terraform: Terraform::Removed { kind: "aws_iam_policy", import: "{PolicyArn}" },
        console: "IAM > Policies > {PolicyArn} > Delete",
    },
    Call {
        service: "iam",
        operation: "CreatePolicyVersion",
        parameters: &[
            text("PolicyArn"),
            needs("PolicyDocument", Kind::Document),
            needs("SetAsDefault", Kind::Flag),
        ],
        shows: Shows::Reply { reveals: &[] },
        undo: Undo::By {
            operation: "DeletePolicyVersion",
            with: &[
                ("PolicyArn", From::Parameter("PolicyArn")),
                ("VersionId", From::Reply(&["PolicyVersion", "VersionId"])),
            ],
            volatile: &["the number that the next version gets"],
            reason: None,
        },
        takes: Takes::WithFlag("SetAsDefault"),
        permission: ("iam:CreatePolicyVersion", POLICY),
        terraform: Terraform::Resource {
            kind: "aws_iam_policy",
            arguments: &[("policy", Filled::Parameter("PolicyDocument"))],
            import: "{PolicyArn}",
            ignores: &["description", "name", "name_prefix", "path", "tags", "tags_all"],
        },
        console: "IAM > Policies > {PolicyArn} > Permissions > Edit > JSON: save this document as a new version; whether it is the default stands below",
    },
    Call {
        service: "iam",
        operation: "SetDefaultPolicyVersion",
        parameters: &[text("PolicyArn"), text("VersionId")],
        shows: Shows::Asked {
            read: "GetPolicy",
            with: &[("PolicyArn", "PolicyArn")],
            path: &[At::Member("Policy"), At::Member("DefaultVersionId")],
            held: Held::Value("VersionId"),
        },
        undo: Undo::Restore { parameters: &["VersionId"], absent: None },
        takes: Takes::Access,
        permission: ("iam:SetDefaultPolicyVersion", POLICY),
        terraform: Terraform::None(
            "Terraform knows documents, not versions: it makes the document of `aws_iam_policy` a new version and that the default",
        ),
        console: "IAM > Policies > {PolicyArn} > Policy versions: choose {VersionId} > Set as default",
    },
    Call {
        service: "iam",
        operation: "DeletePolicyVersion",
        parameters: &[text("PolicyArn"), text("VersionId")],
        shows: Shows::Asked {
            read: "GetPolicyVersion",
            with: &[("PolicyArn", "PolicyArn"), ("VersionId", "VersionId")],
            path: &[At::Member("PolicyVersion")],
            held: Held::Absent,
        },
        undo: Undo::Never(
            "a version that is deleted does not come back under its number; its document is captured",
        ),
        takes: Takes::Nothing,
        permission: ("iam:DeletePolicyVersion", POLICY),
        terraform: Terraform::None(
            "Terraform deletes the oldest version by itself when a policy has five",
        ),
        console: "IAM > Policies > {PolicyArn} > Policy versions: choose {VersionId} > Delete",
    },
    Call {
        service: "iam",
        operation: "PutUserPermissionsBoundary",
        parameters: &[text("UserName"), text("PermissionsBoundary")],
        shows: Shows::Asked {
            read: "GetUser",
            with: &[("UserName", "UserName")],
            path: &[
                At::Member("User"),
                At::Member("PermissionsBoundary"),
                At::Member("PermissionsBoundaryArn"),
            ],
            held: Held::Value("PermissionsBoundary"),
        },
        undo: Undo::Restore {
            parameters: &["PermissionsBoundary"],
            absent: Some("DeleteUserPermissionsBoundary"),
        },
        takes: Takes::OverDenial("PermissionsBoundary"),
        permission: ("iam:PutUserPermissionsBoundary", USER),
        terraform: Terraform::Resource {
            kind: "aws_iam_user",
            arguments: &[
                ("name", Filled::Parameter("UserName")),
                ("permissions_boundary", Filled::Parameter("PermissionsBoundary")),
            ],
            import: "{UserName}",
            ignores: &["force_destroy", "path", "tags", "tags_all"],
        },
        console: "IAM > Users > {UserName} > Permissions > Permissions boundary > Change: choose {PermissionsBoundary}",
    },
    Call {
        service: "iam",
        operation: "DeleteUserPermissionsBoundary",
        parameters: &[text("UserName")],
        shows: Shows::Asked {
            read: "GetUser",
            with: &[("UserName", "UserName")],
            path: &[At::Member("User"), At::Member("PermissionsBoundary")],
            held: Held::Absent,
        },
        undo: Undo::By {
            operation: "PutUserPermissionsBoundary",
            with: &[
                ("UserName", From::Parameter("UserName")),
                ("PermissionsBoundary", From::Before("PermissionsBoundary")),
            ],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Nothing,
        permission: ("iam:DeleteUserPermissionsBoundary", USER),
        terraform: Terraform::None(
            "take `permissions_boundary` out of the `aws_iam_user` where it is managed",
        ),
        console: "IAM > Users > {UserName} > Permissions > Permissions boundary > Remove",
    },
    Call {
        service: "iam",
        operation: "PutRolePermissionsBoundary",
        parameters: &[text("RoleName"), text("PermissionsBoundary")],
        shows: Shows::Asked {
            read: "GetRole",
            with: &[("RoleName", "RoleName")],
            path: &[
                At::Member("Role"),
                At::Member("PermissionsBoundary"),
                At::Member("PermissionsBoundaryArn"),
            ],
            held: Held::Value("PermissionsBoundary"),
        },
        undo: Undo::Restore {
            parameters: &["PermissionsBoundary"],
            absent: Some("DeleteRolePermissionsBoundary"),
        },
        takes: Takes::OverDenial("PermissionsBoundary"),
        permission: ("iam:PutRolePermissionsBoundary", ROLE),
        terraform: Terraform::None(
            "a role can be imported only with its trust policy, which this plan does not touch: set `permissions_boundary` in the `aws_iam_role` where it is managed",
        ),
        console: "IAM > Roles > {RoleName} > Permissions > Permissions boundary > Change: choose {PermissionsBoundary}",
    },
    Call {
        service: "iam",
        operation: "DeleteRolePermissionsBoundary",
        parameters: &[text("RoleName")],
        shows: Shows::Asked {
            read: "GetRole",
            with: &[("RoleName", "RoleName")],
            path: &[At::Member("Role"), At::Member("PermissionsBoundary")],
            held: Held::Absent,
        },
        undo: Undo::By {
            operation: "PutRolePermissionsBoundary",
            with: &[
                ("RoleName", From::Parameter("RoleName")),
                ("PermissionsBoundary", From::Before("PermissionsBoundary")),
            ],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Nothing,
        permission: ("iam:DeleteRolePermissionsBoundary", ROLE),
        terraform: Terraform::None(
            "take `permissions_boundary` out of the `aws_iam_role` where it is managed",
        ),
        console: "IAM > Roles > {RoleName} > Permissions > Permissions boundary > Remove",
    },
    Call {
        service: "iam",
        operation: "UpdateAssumeRolePolicy",
        parameters: &[text("RoleName"), needs("PolicyDocument", Kind::Document)],
        shows: Shows::Asked {
            read: "GetRole",
            with: &[("RoleName", "RoleName")],
            path: &[At::Member("Role"), At::Member("AssumeRolePolicyDocument")],
            held: Held::Document("PolicyDocument"),
        },
        undo: Undo::Restore { parameters: &["PolicyDocument"], absent: None },
        takes: Takes::ByDocument("PolicyDocument"),
        permission: ("iam:UpdateAssumeRolePolicy", ROLE),
        terraform: Terraform::Resource {
            kind: "aws_iam_role",
            arguments: &[
                ("name", Filled::Parameter("RoleName")),
                ("assume_role_policy", Filled::Parameter("PolicyDocument")),
            ],
            import: "{RoleName}",
            ignores: OF_ROLE,
        },
        console: "IAM > Roles > {RoleName} > Trust relationships > Edit trust policy: save this document",
    },
];
