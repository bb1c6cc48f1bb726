//! Calls about users, their keys and memberships, and identity providers.

use super::{At, Call, Filled, From, Held, Kind, Shows, Takes, Terraform, Undo, takes, text};

const USER: &str = "arn:{partition}:iam::{account}:user/{UserName}";
const KEYS_OFF: &str = "IAM > Users > {UserName} > Security credentials > Access keys > {AccessKeyId} > Actions > Deactivate or Activate: its status is then {Status}";

const MEMBERSHIP: &[(&str, From)] =
    &[("GroupName", From::Parameter("GroupName")), ("UserName", From::Parameter("UserName"))];

const fn key(held: Held, path: &'static [At]) -> Shows {
    Shows::Asked { read: "ListAccessKeys", with: &[("UserName", "UserName")], path, held }
}

const fn groups(held: Held) -> Shows {
    Shows::Asked {
        read: "ListGroupsForUser",
        with: &[("UserName", "UserName")],
        path: &[At::Member("Groups"), At::Where("GroupName", "GroupName")],
        held,
    }
}

/// The rows.
pub(super) static ALL: &[Call] = &[
    Call {
        service: "iam",
        operation: "CreateAccessKey",
        parameters: &[text("UserName")],
        shows: Shows::Reply { reveals: &[&["AccessKey", "SecretAccessKey"]] },
        undo: Undo::By {
            operation: "DeleteAccessKey",
            with: &[
                ("UserName", From::Parameter("UserName")),
                ("AccessKeyId", From::Reply(&["AccessKey", "AccessKeyId"])),
            ],
            volatile: &[],
            reason: Some("whatever uses the new key by then stops working"),
        },
        takes: Takes::Nothing,
        permission: ("iam:CreateAccessKey", USER),
        terraform: Terraform::None("Terraform would keep the secret access key in its state"),
        console: "IAM > Users > {UserName} > Security credentials > Access keys > Create access key: the secret access key is shown once; put it where the key's user reads it, and nowhere else",
    },
    Call {
        service: "iam",
        operation: "UpdateAccessKey",
        parameters: &[text("UserName"), text("AccessKeyId"), text("Status")],
        shows: key(
            Held::Value("Status"),
            &[
                At::Member("AccessKeyMetadata"),
                At::Where("AccessKeyId", "AccessKeyId"),
                At::Member("Status"),
            ],
        ),
        undo: Undo::Restore { parameters: &["Status"], absent: None },
        takes: Takes::Unless("Status", "Active"),
        permission: ("iam:UpdateAccessKey", USER),
        terraform: Terraform::Resource {
            kind: "aws_iam_access_key",
            arguments: &[
                ("user", Filled::Parameter("UserName")),
                ("status", Filled::Parameter("Status")),
            ],
            import: "{AccessKeyId}",
            ignores: &["pgp_key"],
        },
        console: KEYS_OFF,
    },
    Call {
        service: "iam",
        operation: "DeleteAccessKey",
        parameters: &[text("UserName"), text("AccessKeyId")],
        shows: key(
            Held::Absent,
            &[At::Member("AccessKeyMetadata"), At::Where("AccessKeyId", "AccessKeyId")],
        ),
        undo: Undo::Never("a deleted access key is gone for ever"),
        takes: Takes::Access,
        permission: ("iam:DeleteAccessKey", USER),
        terraform: Terraform::Removed { kind: "aws_iam_access_key", import: "{AccessKeyId}" },
        console: "IAM > Users > {UserName} > Security credentials > Access keys > {AccessKeyId} > Actions > Delete",
    },
    Call {
        service: "iam",
        operation: "AddUserToGroup",
        parameters: &[text("GroupName"), text("UserName")],
        shows: groups(Held::Present),
        undo: Undo::By {
            operation: "RemoveUserFromGroup",
            with: MEMBERSHIP,
            volatile: &[],
            reason: None,
        },
        takes: Takes::Access,
        permission: ("iam:AddUserToGroup", "arn:{partition}:iam::{account}:group/{GroupName}"),
        terraform: Terraform::Resource {
            kind: "aws_iam_user_group_membership",
            arguments: &[
                ("user", Filled::Parameter("UserName")),
                ("groups", Filled::Listed("GroupName")),
            ],
            import: "{UserName}/{GroupName}",
            ignores: &[],
        },
        console: "IAM > User groups > {GroupName} > Users > Add users: choose {UserName}",
    },
    Call {
        service: "iam",
        operation: "RemoveUserFromGroup",
        parameters: &[text("GroupName"), text("UserName")],
        shows: groups(Held::Absent),
        undo: Undo::By {
            operation: "AddUserToGroup",
            with: MEMBERSHIP,
            volatile: &[],
            reason: None,
        },
        takes: Takes::Access,
        permission: ("iam:RemoveUserFromGroup", "arn:{partition}:iam::{account}:group/{GroupName}"),
        terraform: Terraform::Removed {
            kind: "aws_iam_user_group_membership",
            import: "{UserName}/{GroupName}",
        },
        console: "IAM > User groups > {GroupName} > Users: choose {UserName} > Remove",
    },
    Call {
        service: "iam",
        operation: "UpdateUser",
        parameters: &[text("UserName"), text("NewUserName"), takes("NewPath", Kind::Text)],
        shows: Shows::Asked {
            read: "GetUser",
            with: &[("UserName", "NewUserName")],
            path: &[At::Member("User")],
            held: Held::Members(&[("NewUserName", "UserName"), ("NewPath", "Path")]),
        },
        undo: Undo::By {
            operation: "UpdateUser",
            with: &[
                ("UserName", From::Parameter("NewUserName")),
                ("NewUserName", From::Parameter("UserName")),
                ("NewPath", From::Before("NewPath")),
            ],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Perhaps,
        permission: ("iam:UpdateUser", USER),
        terraform: Terraform::None(
            "a user's name is its id in Terraform: change `name` in the `aws_iam_user` where it is managed",
        ),
        console: "The console neither renames nor moves users: run the script of this plan, in CloudShell for instance, with `--undo` to take it back. {UserName} is called {NewUserName} then",
    },
    Call {
        service: "iam",
        operation: "UpdateGroup",
        parameters: &[text("GroupName"), text("NewGroupName"), takes("NewPath", Kind::Text)],
        shows: Shows::Asked {
            read: "GetGroup",
            with: &[("GroupName", "NewGroupName")],
            path: &[At::Member("Group")],
            held: Held::Members(&[("NewGroupName", "GroupName"), ("NewPath", "Path")]),
        },
        undo: Undo::By {
            operation: "UpdateGroup",
            with: &[
                ("GroupName", From::Parameter("NewGroupName")),
                ("NewGroupName", From::Parameter("GroupName")),
                ("NewPath", From::Before("NewPath")),
            ],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Perhaps,
        permission: ("iam:UpdateGroup", "arn:{partition}:iam::{account}:group/{GroupName}"),
        terraform: Terraform::None(
            "a group's name is its id in Terraform: change `name` in the `aws_iam_group` where it is managed",
        ),
        console: "IAM > User groups > {GroupName} > Edit: the name is {NewGroupName} then. The console moves no group to another path: where one is told below, run the script of this plan, in CloudShell for instance",
    },
    Call {
        service: "iam",
        operation: "DeleteOpenIDConnectProvider",
        parameters: &[text("OpenIDConnectProviderArn")],
        shows: Shows::Asked {
            read: "GetOpenIDConnectProvider",
            with: &[("OpenIDConnectProviderArn", "OpenIDConnectProviderArn")],
            path: &[At::Member("Url")],
            held: Held::Absent,
        },
        undo: Undo::Never(
            "the provider must be made anew, with its audiences and thumbprints, which are captured",
        ),
        takes: Takes::Access,
        permission: ("iam:DeleteOpenIDConnectProvider", "{OpenIDConnectProviderArn}"),
        terraform: Terraform::Removed {
            kind: "aws_iam_openid_connect_provider",
            import: "{OpenIDConnectProviderArn}",
        },
        console: "IAM > Identity providers > {OpenIDConnectProviderArn} > Delete",
    },
    Call {
        service: "iam",
        operation: "DeleteSAMLProvider",
        parameters: &[text("SAMLProviderArn")],
        shows: Shows::Asked {
            read: "GetSAMLProvider",
            with: &[("SAMLProviderArn", "SAMLProviderArn")],
            path: &[At::Member("SAMLMetadataDocument")],
            held: Held::Absent,
        },
        undo: Undo::Never("the provider must be made anew from its metadata, which is captured"),
        takes: Takes::Access,
        permission: ("iam:DeleteSAMLProvider", "{SAMLProviderArn}"),
        terraform: Terraform::Removed {
            kind: "aws_iam_saml_provider",
            import: "{SAMLProviderArn}",
        },
        console: "IAM > Identity providers > {SAMLProviderArn} > Delete",
    },
];
