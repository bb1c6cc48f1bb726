//! What only plans ask: one thing each, right before a call and after it.

use super::row::read;
use super::services::{CLOUDTRAIL, IAM, MARKER};
use super::{Part, Read};

const GONE: &[&str] = &["NoSuchEntity"];

const fn of(api: &'static str, why: &'static str) -> Read {
    read(api, &IAM, None, Part::Plan, why).absent(GONE)
}

const fn list(api: &'static str, why: &'static str) -> Read {
    read(api, &IAM, MARKER, Part::Plan, why).absent(GONE)
}

/// The rows.
pub static OF_PLANS: &[Read] = &[
    of("iam:GetLoginProfile", "whether a user has a console password"),
    of("iam:GetUser", "path and boundary of a user"),
    of("iam:GetGroup", "name and path of a group"),
    of("iam:GetRole", "trust and boundary of a role"),
    of("iam:GetUserPolicy", "an inline policy of a user"),
    of("iam:GetGroupPolicy", "an inline policy of a group"),
    of("iam:GetRolePolicy", "an inline policy of a role"),
    list("iam:ListAttachedUserPolicies", "the managed policies of a user"),
    list("iam:ListAttachedGroupPolicies", "the managed policies of a group"),
    list("iam:ListAttachedRolePolicies", "the managed policies of a role"),
    list("iam:ListGroupsForUser", "the groups of a user"),
    list("iam:ListUserTags", "the tags of a user"),
    list("iam:ListRoleTags", "the tags of a role"),
    of("iam:GetPolicy", "the default version of a managed policy"),
    of("iam:GetPolicyVersion", "what a version says"),
    list("iam:ListPolicyVersions", "the versions of a managed policy"),
    of("iam:GetSAMLProvider", "the metadata of a SAML provider"),
    read("cloudtrail:GetTrail", &CLOUDTRAIL, None, Part::Plan, "how one trail is set up")
        .absent(&["TrailNotFoundException"]),
];
