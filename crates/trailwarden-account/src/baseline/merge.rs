//! Several answers about one account put together, in whatever order they come.
//!
//! Equal copies count once. Two that say different things of one thing are of different moments, and
//! none of them is believed.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::details::{Details, Group, Policy, Role, User};
use super::error::Error;

/// What the lists of the details have in common.
trait Listed: PartialEq + Debug {
    const WHAT: &'static str;
    fn id(&self) -> &str;
    fn arn(&self) -> &str;
    /// The first member in which two differ, as AWS calls it.
    fn differing(&self, other: &Self) -> &'static str;
}

macro_rules! listed {
    ($type:ty, $what:literal, $id:ident, $($member:ident: $name:literal),+) => {
        impl Listed for $type {
            const WHAT: &'static str = $what;
            fn id(&self) -> &str {
                &self.$id
            }
            fn arn(&self) -> &str {
                &self.arn
            }
            fn differing(&self, other: &Self) -> &'static str {
                $(if self.$member != other.$member {
                    return concat!("`", $name, "`");
                })+
                "content"
            }
        }
    };
}

listed!(User, "user", user_id, arn: "Arn", user_id: "UserId", user_name: "UserName", path: "Path",
    create_date: "CreateDate", user_policy_list: "UserPolicyList", group_list: "GroupList",
    attached_managed_policies: "AttachedManagedPolicies",
    permissions_boundary: "PermissionsBoundary", tags: "Tags");
listed!(Group, "group", group_id, arn: "Arn", group_id: "GroupId", group_name: "GroupName",
    path: "Path", create_date: "CreateDate", group_policy_list: "GroupPolicyList",
    attached_managed_policies: "AttachedManagedPolicies");
listed!(Role, "role", role_id, arn: "Arn", role_id: "RoleId", role_name: "RoleName", path: "Path",
    create_date: "CreateDate", assume_role_policy_document: "AssumeRolePolicyDocument",
    role_policy_list: "RolePolicyList", attached_managed_policies: "AttachedManagedPolicies",
    permissions_boundary: "PermissionsBoundary",
    instance_profile_list: "InstanceProfileList", tags: "Tags");
listed!(Policy, "policy", policy_id, arn: "Arn", policy_id: "PolicyId", create_date: "CreateDate",
    default_version_id: "DefaultVersionId", attachment_count: "AttachmentCount",
    permissions_boundary_usage_count: "PermissionsBoundaryUsageCount",
    policy_version_list: "PolicyVersionList", tags: "Tags");

impl Details {
    /// Adds what another answer lists; [`Details::settle`] makes one of the two.
    pub(super) fn extend(&mut self, other: Self) {
        self.user_detail_list.extend(other.user_detail_list);
        self.group_detail_list.extend(other.group_detail_list);
        self.role_detail_list.extend(other.role_detail_list);
        self.policies.extend(other.policies);
    }

    /// Makes the order of arrival disappear.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        settle(&mut self.user_detail_list)?;
        settle(&mut self.group_detail_list)?;
        settle(&mut self.role_detail_list)?;
        settle(&mut self.policies)
    }
}

/// Sorts a list, drops copies, and refuses one that names a thing twice.
fn settle<T: Listed>(list: &mut Vec<T>) -> Result<(), Error> {
    for key in [T::id, T::arn] {
        list.sort_by(|left, right| {
            // What has neither id nor ARN still needs one order.
            let rest = || format!("{left:?}").cmp(&format!("{right:?}"));
            (key(left), left.arn()).cmp(&(key(right), right.arn())).then_with(rest)
        });
        list.dedup();
        let twice = list.windows(2).find_map(|pair| match pair {
            [left, right] if !key(left).is_empty() && key(left) == key(right) => {
                Some((left, right))
            }
            _ => None,
        });
        if let Some((left, right)) = twice {
            let what = format!("{} `{}`", T::WHAT, key(left));
            return Err(Error::Differing { what, member: left.differing(right) });
        }
    }
    Ok(())
}

/// One of two optional parts, or both when they are the same.
pub(super) fn either<T: PartialEq>(
    what: &str,
    left: Option<T>,
    right: Option<T>,
) -> Result<Option<T>, Error> {
    match (left, right) {
        (Some(left), Some(right)) if left != right => {
            Err(Error::Differing { what: what.to_owned(), member: "content" })
        }
        (left, right) => Ok(left.or(right)),
    }
}

/// All rows of two tables; a row of both must be the same.
pub(super) fn union<T: PartialEq>(
    what: &str,
    mut left: BTreeMap<String, T>,
    right: BTreeMap<String, T>,
) -> Result<BTreeMap<String, T>, Error> {
    for (key, value) in right {
        match left.get(&key) {
            Some(known) if *known != value => {
                let what = format!("{what} `{key}`");
                return Err(Error::Differing { what, member: "content" });
            }
            _ => {
                left.insert(key, value);
            }
        }
    }
    Ok(left)
}
