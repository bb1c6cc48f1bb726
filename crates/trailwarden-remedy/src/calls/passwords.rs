//! Calls about the password policy and console passwords.

use super::{
    At, Call, Filled, From, Held, Kind, Shows, Takes, Terraform, Undo, Unset, needs, takes, text,
};

const USER: &str = "arn:{partition}:iam::{account}:user/{UserName}";

/// The parameters of the password policy: those that a call leaves out fall back to what a new policy
/// has ("UpdateAccountPasswordPolicy", IAM API Reference).
pub const PASSWORD_POLICY: &[(&str, &str)] = &[
    ("AllowUsersToChangePassword", "AllowUsersToChangePassword"),
    ("HardExpiry", "HardExpiry"),
    ("MaxPasswordAge", "MaxPasswordAge"),
    ("MinimumPasswordLength", "MinimumPasswordLength"),
    ("PasswordReusePrevention", "PasswordReusePrevention"),
    ("RequireLowercaseCharacters", "RequireLowercaseCharacters"),
    ("RequireNumbers", "RequireNumbers"),
    ("RequireSymbols", "RequireSymbols"),
    ("RequireUppercaseCharacters", "RequireUppercaseCharacters"),
];

const LOGIN_PROFILE: Shows = Shows::Asked {
    read: "GetLoginProfile",
    with: &[("UserName", "UserName")],
    path: &[At::Member("LoginProfile")],
    held: Held::Present,
};

/// The rows.
pub(super) static ALL: &[Call] = &[
    Call {
        service: "iam",
        operation: "UpdateAccountPasswordPolicy",
        parameters: &[
            takes("AllowUsersToChangePassword", Kind::Flag),
            takes("HardExpiry", Kind::Flag),
            takes("MaxPasswordAge", Kind::Number),
            takes("MinimumPasswordLength", Kind::Number),
            takes("PasswordReusePrevention", Kind::Number),
            takes("RequireLowercaseCharacters", Kind::Flag),
            takes("RequireNumbers", Kind::Flag),
            takes("RequireSymbols", Kind::Flag),
            takes("RequireUppercaseCharacters", Kind::Flag),
        ],
        shows: Shows::Asked {
            read: "GetAccountPasswordPolicy",
            with: &[],
            path: &[At::Member("PasswordPolicy")],
            // Without an age, AWS says that passwords do not expire, and leaves the age out.
            held: Held::Whole(
                PASSWORD_POLICY,
                &[
                    ("AllowUsersToChangePassword", "AllowUsersToChangePassword", Unset::Off),
                    ("HardExpiry", "HardExpiry", Unset::Off),
                    ("RequireLowercaseCharacters", "RequireLowercaseCharacters", Unset::Off),
                    ("RequireNumbers", "RequireNumbers", Unset::Off),
                    ("RequireSymbols", "RequireSymbols", Unset::Off),
                    ("RequireUppercaseCharacters", "RequireUppercaseCharacters", Unset::Off),
                    ("MaxPasswordAge", "ExpirePasswords", Unset::Off),
                    ("PasswordReusePrevention", "PasswordReusePrevention", Unset::Absent),
                ],
            ),
        },
        undo: Undo::Restore {
            parameters: &[
                "AllowUsersToChangePassword",
                "HardExpiry",
                "MaxPasswordAge",
                "MinimumPasswordLength",
                "PasswordReusePrevention",
                "RequireLowercaseCharacters",
                "RequireNumbers",
                "RequireSymbols",
                "RequireUppercaseCharacters",
            ],
            absent: Some("DeleteAccountPasswordPolicy"),
        },
        takes: Takes::Perhaps,
        permission: ("iam:UpdateAccountPasswordPolicy", "*"),
        terraform: Terraform::Resource {
            kind: "aws_iam_account_password_policy",
            // What is left out keeps its value there, or is on by default, while the call resets it; zero is
            // what the provider leaves out of the call.
            arguments: &[
                (
                    "allow_users_to_change_password",
                    Filled::Else("AllowUsersToChangePassword", "false"),
                ),
                ("hard_expiry", Filled::Else("HardExpiry", "false")),
                ("max_password_age", Filled::Else("MaxPasswordAge", "0")),
                ("minimum_password_length", Filled::Else("MinimumPasswordLength", "6")),
                ("password_reuse_prevention", Filled::Else("PasswordReusePrevention", "0")),
                (
                    "require_lowercase_characters",
                    Filled::Else("RequireLowercaseCharacters", "false"),
                ),
                ("require_numbers", Filled::Else("RequireNumbers", "false")),
                ("require_symbols", Filled::Else("RequireSymbols", "false")),
                (
                    "require_uppercase_characters",
                    Filled::Else("RequireUppercaseCharacters", "false"),
                ),
            ],
            import: "iam-account-password-policy",
            ignores: &[],
        },
        console: "IAM > Account settings > Password policy > Edit > Custom: set what stands below, and leave nothing else on",
    },
    Call {
        service: "iam",
        operation: "DeleteAccountPasswordPolicy",
        parameters: &[],
        shows: Shows::Asked {
            read: "GetAccountPasswordPolicy",
            with: &[],
            path: &[At::Member("PasswordPolicy")],
            held: Held::Absent,
        },
        undo: Undo::By {
            operation: "UpdateAccountPasswordPolicy",
            with: &[
                ("AllowUsersToChangePassword", From::Before("AllowUsersToChangePassword")),
                ("HardExpiry", From::Before("HardExpiry")),
                ("MaxPasswordAge", From::Before("MaxPasswordAge")),
                ("MinimumPasswordLength", From::Before("MinimumPasswordLength")),
                ("PasswordReusePrevention", From::Before("PasswordReusePrevention")),
                ("RequireLowercaseCharacters", From::Before("RequireLowercaseCharacters")),
                ("RequireNumbers", From::Before("RequireNumbers")),
                ("RequireSymbols", From::Before("RequireSymbols")),
                ("RequireUppercaseCharacters", From::Before("RequireUppercaseCharacters")),
            ],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Perhaps,
        permission: ("iam:DeleteAccountPasswordPolicy", "*"),
        terraform: Terraform::Removed {
            kind: "aws_iam_account_password_policy",
            import: "iam-account-password-policy",
        },
        console: "IAM > Account settings > Password policy > Edit > IAM default",
    },
    Call {
        service: "iam",
        operation: "CreateLoginProfile",
        parameters: &[
            text("UserName"),
            needs("Password", Kind::Secret),
            takes("PasswordResetRequired", Kind::Flag),
        ],
        shows: LOGIN_PROFILE,
        undo: Undo::By {
            operation: "DeleteLoginProfile",
            with: &[("UserName", From::Parameter("UserName"))],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Nothing,
        permission: ("iam:CreateLoginProfile", USER),
        terraform: Terraform::None("Terraform would keep the password in its state"),
        console: "IAM > Users > {UserName} > Security credentials > Console sign-in > Enable console access: a password, to be changed at the next sign-in",
    },
    Call {
        service: "iam",
        operation: "UpdateLoginProfile",
        parameters: &[
            text("UserName"),
            takes("Password", Kind::Secret),
            takes("PasswordResetRequired", Kind::Flag),
        ],
        shows: Shows::Asked {
            read: "GetLoginProfile",
            with: &[("UserName", "UserName")],
            path: &[At::Member("LoginProfile")],
            held: Held::Members(&[("PasswordResetRequired", "PasswordResetRequired")]),
        },
        undo: Undo::Restore { parameters: &["PasswordResetRequired"], absent: None },
        takes: Takes::Access,
        permission: ("iam:UpdateLoginProfile", USER),
        terraform: Terraform::None("Terraform would keep the password in its state"),
        console: "IAM > Users > {UserName} > Security credentials > Console sign-in > Manage console access > Reset password: a password, to be changed at the next sign-in (where none is to be set: only by a command, for instance in CloudShell, `aws iam update-login-profile`)",
    },
    Call {
        service: "iam",
        operation: "DeleteLoginProfile",
        parameters: &[text("UserName")],
        shows: Shows::Asked {
            read: "GetLoginProfile",
            with: &[("UserName", "UserName")],
            path: &[At::Member("LoginProfile")],
            held: Held::Absent,
        },
        undo: Undo::By {
            operation: "CreateLoginProfile",
            with: &[
                ("UserName", From::Parameter("UserName")),
                ("Password", From::Made),
                ("PasswordResetRequired", From::True),
            ],
            volatile: &["CreateDate", "PasswordResetRequired", "the password"],
            reason: Some(
                "the old password is lost: the undo asks for a new one, which the user must change",
            ),
        },
        takes: Takes::Access,
        permission: ("iam:DeleteLoginProfile", USER),
        terraform: Terraform::Removed { kind: "aws_iam_user_login_profile", import: "{UserName}" },
        console: "IAM > Users > {UserName} > Security credentials > Console sign-in > Manage console access > Disable access",
    },
];
