//! Calls that are alike for users, groups and roles: their inline and their attached policies.
//!
//! The three families differ by a word, so one macro writes each row, with every name spelled out by
//! the compiler.

use super::{At, Call, Filled, From, Held, Kind, Shows, Takes, Terraform, Undo, needs, text};

const DOCUMENT: super::Parameter = needs("PolicyDocument", Kind::Document);

/// The four rows of a kind: as the API names it, as ARNs and Terraform do, and as the console does.
macro_rules! rows {
    ($kind:literal, $small:literal, $console:literal) => {
        [
            Call {
                service: "iam",
                operation: concat!("Put", $kind, "Policy"),
                parameters: &[text(concat!($kind, "Name")), text("PolicyName"), DOCUMENT],
                shows: inline!($kind, Held::Document("PolicyDocument")),
                undo: Undo::Restore {
                    parameters: &["PolicyDocument"],
                    absent: Some(concat!("Delete", $kind, "Policy")),
                },
                takes: Takes::ByDocument("PolicyDocument"),
                permission: on!("Put", "Policy", $kind, $small),
                terraform: Terraform::Resource {
                    kind: concat!("aws_iam_", $small, "_policy"),
                    arguments: &[
                        ("name", Filled::Parameter("PolicyName")),
                        ($small, Filled::Parameter(concat!($kind, "Name"))),
                        ("policy", Filled::Parameter("PolicyDocument")),
                    ],
                    import: concat!("{", $kind, "Name}:{PolicyName}"),
                    ignores: &[],
                },
                console: place!(
                    $kind,
                    $console,
                    ": open the inline policy {PolicyName}, or make one of that name (Add permissions > Create inline policy), and save this document as its JSON"
                ),
            },
            Call {
                service: "iam",
                operation: concat!("Delete", $kind, "Policy"),
                parameters: &[text(concat!($kind, "Name")), text("PolicyName")],
                shows: inline!($kind, Held::Absent),
                undo: Undo::By {
                    operation: concat!("Put", $kind, "Policy"),
                    with: &[
                        (concat!($kind, "Name"), From::Parameter(concat!($kind, "Name"))),
                        ("PolicyName", From::Parameter("PolicyName")),
                        ("PolicyDocument", From::Before("PolicyDocument")),
                    ],
                    volatile: &[],
                    reason: None,
                },
                takes: Takes::ByDocument("PolicyDocument"),
                permission: on!("Delete", "Policy", $kind, $small),
                terraform: Terraform::Removed {
                    kind: concat!("aws_iam_", $small, "_policy"),
                    import: concat!("{", $kind, "Name}:{PolicyName}"),
                },
                console: place!($kind, $console, ": choose the inline policy {PolicyName} > Remove"),
            },
            Call {
                service: "iam",
                operation: concat!("Attach", $kind, "Policy"),
                parameters: &[text(concat!($kind, "Name")), text("PolicyArn")],
                shows: attached!($kind, Held::Present),
                undo: reverse!("Detach", $kind),
                takes: Takes::Access,
                permission: on!("Attach", "Policy", $kind, $small),
                terraform: Terraform::Resource {
                    kind: concat!("aws_iam_", $small, "_policy_attachment"),
                    arguments: &[
                        ($small, Filled::Parameter(concat!($kind, "Name"))),
                        ("policy_arn", Filled::Parameter("PolicyArn")),
                    ],
                    import: concat!("{", $kind, "Name}/{PolicyArn}"),
                    ignores: &[],
                },
                console: place!(
                    $kind,
                    $console,
                    " > Add permissions > Attach policies: choose {PolicyArn}"
                ),
            },
            Call {
                service: "iam",
                operation: concat!("Detach", $kind, "Policy"),
                parameters: &[text(concat!($kind, "Name")), text("PolicyArn")],
                shows: attached!($kind, Held::Absent),
                undo: reverse!("Attach", $kind),
                takes: Takes::Access,
                permission: on!("Detach", "Policy", $kind, $small),
                terraform: Terraform::Removed {
                    kind: concat!("aws_iam_", $small, "_policy_attachment"),
                    import: concat!("{", $kind, "Name}/{PolicyArn}"),
                },
                console: place!($kind, $console, ": choose {PolicyArn} > Remove"),
            },
        ]
    };
}

macro_rules! inline {
    ($kind:literal, $held:expr) => {
        Shows::Asked {
            read: concat!("Get", $kind, "Policy"),
            with: &[(concat!($kind, "Name"), concat!($kind, "Name")), ("PolicyName", "PolicyName")],
            path: &[At::Member("PolicyDocument")],
            held: $held,
        }
    };
}

macro_rules! attached {
    ($kind:literal, $held:expr) => {
        Shows::Asked {
            read: concat!("ListAttached", $kind, "Policies"),
            with: &[(concat!($kind, "Name"), concat!($kind, "Name"))],
            path: &[At::Member("AttachedPolicies"), At::Where("PolicyArn", "PolicyArn")],
            held: $held,
        }
    };
}

macro_rules! reverse {
    ($verb:literal, $kind:literal) => {
        Undo::By {
            operation: concat!($verb, $kind, "Policy"),
            with: &[
                (concat!($kind, "Name"), From::Parameter(concat!($kind, "Name"))),
                ("PolicyArn", From::Parameter("PolicyArn")),
            ],
            volatile: &[],
            reason: None,
        }
    };
}

macro_rules! on {
    ($verb:literal, $what:literal, $kind:literal, $small:literal) => {
        (
            concat!("iam:", $verb, $kind, $what),
            concat!("arn:{partition}:iam::{account}:", $small, "/{", $kind, "Name}"),
        )
    };
}

macro_rules! place {
    ($kind:literal, $console:literal, $rest:literal) => {
        concat!("IAM > ", $console, " > {", $kind, "Name} > Permissions", $rest)
    };
}

/// Users.
pub(super) static USERS: &[Call] = &rows!("User", "user", "Users");
/// Groups.
pub(super) static GROUPS: &[Call] = &rows!("Group", "group", "User groups");
/// Roles.
pub(super) static ROLES: &[Call] = &rows!("Role", "role", "Roles");
