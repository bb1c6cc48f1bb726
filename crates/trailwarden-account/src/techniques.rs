//! The known ways from permissions to more permissions, as the privilege graph draws them.
//!
//! The ways themselves are [`ESCALATIONS`], which also grade a reach; here stands what a graph needs
//! besides: ways that only a model of the account can tell apart, what holds a role already, what a
//! new carrier still depends on, and what became of ids that are no rows. One fact stands in one
//! place.
//!
//! # Invariants
//! - Every id of the collection is a row, an alias of a row, or retired with its reason
//!   (`tests/techniques.rs`).

mod aliases;
pub(crate) mod carriers;

use std::sync::LazyLock;

use trailwarden_policy::reach::{ESCALATIONS, Route};

pub use aliases::{ALIASES, RETIRED};
pub use carriers::Doubt;

/// Actions that make, change or set aside the credentials of a user.
pub(crate) const CREDENTIALS: &[&str] = &[
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:DeactivateMFADevice",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "iam:UpdateLoginProfile",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
];

/// The edge of an administrator to full control of his account: no technique is needed.
pub const ADMINISTRATOR: &str = "administrator";

/// One way to more permissions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Technique {
    /// A stable id.
    pub id: &'static str,
    /// How it is drawn.
    pub pattern: Pattern,
    /// The actions that are all needed.
    pub actions: &'static [&'static str],
    /// The services that take the role, or hold it.
    pub services: &'static [&'static str],
    /// A service that takes a role of its own in the same call, which leads nowhere.
    pub companion: Option<&'static str>,
    /// What else it depends on, of a carrier.
    pub doubts: &'static [Doubt],
}

/// Which rule draws the edges of a technique.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Pattern {
    /// Changes what the principal itself may do.
    Own,
    /// Changes what another may do, and becomes that other.
    OtherThenEnter,
    /// Becomes another user or role.
    Access,
    /// Passes a role to something new that runs code.
    NewCarrier,
    /// Uses something that has a role already.
    ExistingCarrier,
    /// Turns an identity provider that roles trust.
    Provider,
    /// Uses what stands above the account: its organization, or Identity Center.
    Above,
}

/// Ways of which a reach alone cannot tell that they are ways of their own.
const MORE: &[(&str, Pattern, &[&str])] = &[
    ("iam-003", Pattern::Access, &["iam:CreateAccessKey", "iam:DeleteAccessKey"]),
    ("iam-014", Pattern::OtherThenEnter, &["iam:AttachRolePolicy", "sts:AssumeRole"]),
    ("iam-015", Pattern::OtherThenEnter, &["iam:AttachUserPolicy", "iam:CreateAccessKey"]),
    ("iam-016", Pattern::OtherThenEnter, &["iam:CreatePolicyVersion", "sts:AssumeRole"]),
    ("iam-017", Pattern::OtherThenEnter, &["iam:PutRolePolicy", "sts:AssumeRole"]),
    ("iam-018", Pattern::OtherThenEnter, &["iam:CreateAccessKey", "iam:PutUserPolicy"]),
    ("iam-019", Pattern::OtherThenEnter, &["iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"]),
    (
        "iam-020",
        Pattern::OtherThenEnter,
        &["iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"],
    ),
    ("iam-021", Pattern::OtherThenEnter, &["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]),
    ("x-iam-03", Pattern::Own, &["iam:CreatePolicyVersion", "iam:DeletePolicyVersion"]),
    ("x-iam-10", Pattern::OtherThenEnter, &["iam:DeleteRolePermissionsBoundary", "sts:AssumeRole"]),
    (
        "x-ec2-02",
        Pattern::NewCarrier,
        &[
            "iam:PassRole",
            "ec2:RunInstances",
            "iam:AddRoleToInstanceProfile",
            "iam:CreateInstanceProfile",
        ],
    ),
];

/// All techniques, by id.
#[must_use]
pub fn all() -> &'static [Technique] {
    static ALL: LazyLock<Vec<Technique>> = LazyLock::new(|| {
        let known = ESCALATIONS.iter().map(|way| Technique {
            id: way.id,
            pattern: pattern(way.id, way.route),
            actions: way.actions,
            services: match carriers::run_as(way.id) {
                Some(services) => services,
                None if way.passed_to.is_empty() => carriers::held_by(way.id),
                None => way.passed_to,
            },
            companion: carriers::companion(way.id),
            doubts: carriers::doubts(way.id),
        });
        let more = MORE.iter().map(|(id, pattern, actions)| Technique {
            id,
            pattern: *pattern,
            actions,
            services: if *pattern == Pattern::NewCarrier { carriers::EC2 } else { &[] },
            companion: None,
            doubts: carriers::doubts(id),
        });
        let mut all: Vec<Technique> = known.chain(more).collect();
        all.sort_by_key(|technique| technique.id);
        all
    });
    &ALL
}

/// The technique of an id, an alias of it included.
#[must_use]
pub fn find(id: &str) -> Option<&'static Technique> {
    let id = ALIASES.iter().find(|(alias, _)| *alias == id).map_or(id, |(_, canonical)| canonical);
    let at = all().binary_search_by_key(&id, |technique| technique.id).ok()?;
    all().get(at)
}

fn pattern(id: &str, route: Route) -> Pattern {
    const PROVIDERS: [&str; 4] = ["x-iam-01", "x-iam-04", "x-iam-27", "x-iam-28"];
    const ABOVE: [&str; 3] = ["x-sso-01", "x-sso-03", "x-sts-01"];
    const ACCESS: [&str; 2] = ["x-iam-07", "x-iam-25"];
    if PROVIDERS.contains(&id) {
        return Pattern::Provider;
    }
    if ABOVE.contains(&id) {
        return Pattern::Above;
    }
    if ACCESS.contains(&id) {
        return Pattern::Access;
    }
    match route {
        Route::OwnPolicy | Route::Situational => Pattern::Own,
        Route::Credentials | Route::AssumeRole => Pattern::Access,
        Route::NewCarrier => Pattern::NewCarrier,
        Route::ExistingCarrier => Pattern::ExistingCarrier,
    }
}
