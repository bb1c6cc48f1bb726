//! Calls about tags, one tag each: policies decide by them (`aws:PrincipalTag`, `iam:ResourceTag`).
//!
//! Sources: IAM API Reference, `TagUser` and `UntagUser` (a key names one tag, whatever its case; setting it
//! replaces the value); IAM User Guide, "Tags for IAM resources".

use super::{At, Call, From, Held, Kind, Shows, Takes, Terraform, Undo, needs, text};

macro_rules! rows {
    ($kind:literal, $small:literal, $console:literal) => {
        [
            Call {
                service: "iam",
                operation: concat!("Tag", $kind),
                parameters: &[text(concat!($kind, "Name")), needs("Tags", Kind::Tag)],
                shows: Shows::Asked {
                    read: concat!("List", $kind, "Tags"),
                    with: &[(concat!($kind, "Name"), concat!($kind, "Name"))],
                    path: &[
                        At::Member("Tags"),
                        At::Where("Key", "Tags/0/Key"),
                        At::Member("Value"),
                    ],
                    held: Held::Value("Tags/0/Value"),
                },
                undo: Undo::Item {
                    parameter: "Tags",
                    absent: concat!("Untag", $kind),
                    named: ("TagKeys", "Tags/0/Key"),
                },
                // Whoever is held to a tag loses what the old value gave.
                takes: Takes::Access,
                permission: on!("Tag", $kind, $small),
                terraform: managed!($small),
                console: concat!(
                    "IAM > ",
                    $console,
                    " > {",
                    $kind,
                    "Name} > Tags > Manage tags: {Tags/0/Key} has the value {Tags/0/Value} then"
                ),
            },
            Call {
                service: "iam",
                operation: concat!("Untag", $kind),
                parameters: &[text(concat!($kind, "Name")), needs("TagKeys", Kind::Key)],
                shows: Shows::Asked {
                    read: concat!("List", $kind, "Tags"),
                    with: &[(concat!($kind, "Name"), concat!($kind, "Name"))],
                    path: &[At::Member("Tags"), At::Where("Key", "TagKeys/0")],
                    held: Held::Absent,
                },
                undo: Undo::By {
                    operation: concat!("Tag", $kind),
                    with: &[
                        (concat!($kind, "Name"), From::Parameter(concat!($kind, "Name"))),
                        ("Tags", From::Before("Tags")),
                    ],
                    volatile: &[],
                    reason: None,
                },
                takes: Takes::Access,
                permission: on!("Untag", $kind, $small),
                terraform: managed!($small),
                console: concat!(
                    "IAM > ",
                    $console,
                    " > {",
                    $kind,
                    "Name} > Tags > Manage tags: remove {TagKeys/0}"
                ),
            },
        ]
    };
}

macro_rules! on {
    ($verb:literal, $kind:literal, $small:literal) => {
        (
            concat!("iam:", $verb, $kind),
            concat!("arn:{partition}:iam::{account}:", $small, "/{", $kind, "Name}"),
        )
    };
}

macro_rules! managed {
    ($small:literal) => {
        Terraform::None(concat!(
            "tags are a part of the whole ",
            $small,
            " in Terraform: change `tags` in the `aws_iam_",
            $small,
            "` where it is managed"
        ))
    };
}

/// Users.
pub(super) static USERS: &[Call] = &rows!("User", "user", "Users");
/// Roles.
pub(super) static ROLES: &[Call] = &rows!("Role", "role", "Roles");
