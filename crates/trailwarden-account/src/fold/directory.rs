//! IAM Identity Center.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use super::maps::{each, edit_or_begin};
use crate::change::{Field, Subject};
use crate::directory::{Assignment, IdentityCenter, Membership, PermissionSet};
use crate::listing::Listing;
use crate::text::PolicyText;

impl Fold<'_> {
    pub(super) fn directory(&mut self, call: &Call) -> bool {
        match call {
            Call::SsoCreatePermissionSet(c) => {
                let Some(arn) = c.permission_set_arn.as_deref().map(Arc::<str>::from) else {
                    return true;
                };
                let set = PermissionSet {
                    arn: arn.clone(),
                    name: self.given(c.name.as_deref().map(Into::into)),
                    inline: self.known(None),
                    managed: Listing::empty(&self.entry.proof),
                    customer: Listing::empty(&self.entry.proof),
                    boundary: self.known(None),
                    // Without the parameter, a session lasts one hour.
                    session_duration: self
                        .known(c.session_duration.as_deref().unwrap_or("PT1H").into()),
                };
                self.edit_center(|center| {
                    center.permission_sets.insert_mut(arn.clone(), Arc::new(set));
                });
                self.touch(Subject::PermissionSet(arn), Field::Existence, None);
            }
            Call::SsoUpdatePermissionSet(c) => {
                let length = c.session_duration.as_deref().map(|text| self.known(text.into()));
                self.edit_set(&c.permission_set_arn, Field::SessionLength, |set| {
                    set.session_duration = length.unwrap_or_else(|| set.session_duration.clone());
                });
            }
            Call::SsoDeletePermissionSet(c) => {
                let Some(arn) = c.permission_set_arn.as_deref() else { return true };
                self.edit_center(|center| center.permission_sets.remove_mut(arn));
                self.touch(Subject::PermissionSet(arn.into()), Field::Existence, None);
            }
            _ => return self.set_policies(call) || self.assignments(call),
        }
        true
    }

    fn set_policies(&mut self, call: &Call) -> bool {
        let proof = self.entry.proof.clone();
        let here = self.known(());
        match call {
            Call::SsoPutInlinePolicyToPermissionSet(c) => {
                let text = c.inline_policy.as_deref().map(|text| Some(PolicyText::new(text)));
                let inline = self.given(text);
                self.edit_set(&c.permission_set_arn, Field::Inline, |set| set.inline = inline);
            }
            Call::SsoDeleteInlinePolicyFromPermissionSet(c) => {
                let none = self.known(None);
                self.edit_set(&c.permission_set_arn, Field::Inline, |set| set.inline = none);
            }
            Call::SsoAttachManagedPolicyToPermissionSet(c) => {
                let Some(policy) = c.managed_policy_arn.as_deref() else { return true };
                self.edit_set(&c.permission_set_arn, Field::Attached, |set| {
                    set.managed.put(policy.into(), here);
                });
            }
            Call::SsoDetachManagedPolicyFromPermissionSet(c) => {
                let Some(policy) = c.managed_policy_arn.as_deref() else { return true };
                self.edit_set(&c.permission_set_arn, Field::Attached, |set| {
                    set.managed.remove(&policy.into(), &proof);
                });
            }
            Call::SsoAttachCustomerManagedPolicyReferenceToPermissionSet(c) => {
                let Some(policy) = path_and_name(&c.policy_path, &c.policy_name) else {
                    return true;
                };
                self.edit_set(&c.permission_set_arn, Field::Attached, |set| {
                    set.customer.put(policy, here);
                });
            }
            Call::SsoDetachCustomerManagedPolicyReferenceFromPermissionSet(c) => {
                let Some(policy) = path_and_name(&c.policy_path, &c.policy_name) else {
                    return true;
                };
                self.edit_set(&c.permission_set_arn, Field::Attached, |set| {
                    set.customer.remove(&policy, &proof);
                });
            }
            Call::SsoPutPermissionsBoundaryToPermissionSet(c) => {
                let policy = c.managed_policy_arn.as_deref().or(c.policy_name.as_deref());
                let boundary = self.given(policy.map(|policy| Some(policy.into())));
                self.edit_set(&c.permission_set_arn, Field::Boundary, |set| {
                    set.boundary = boundary
                });
            }
            Call::SsoDeletePermissionsBoundaryFromPermissionSet(c) => {
                let none = self.known(None);
                self.edit_set(&c.permission_set_arn, Field::Boundary, |set| set.boundary = none);
            }
            _ => return false,
        }
        true
    }

    fn assignments(&mut self, call: &Call) -> bool {
        let proof = self.entry.proof.clone();
        let here = self.known(());
        match call {
            Call::SsoCreateAccountAssignment(c) => {
                let parts =
                    [&c.permission_set_arn, &c.principal_type, &c.principal_id, &c.target_id];
                let Some(assignment) = assignment(parts) else { return true };
                self.edit_center(|center| center.assignments.put(assignment, here));
                self.touch(Subject::IdentityCenter, Field::Assignments, c.principal_id.as_deref());
            }
            Call::SsoDeleteAccountAssignment(c) => {
                let parts =
                    [&c.permission_set_arn, &c.principal_type, &c.principal_id, &c.target_id];
                let Some(assignment) = assignment(parts) else { return true };
                self.edit_center(|center| center.assignments.remove(&assignment, &proof));
                self.touch(Subject::IdentityCenter, Field::Assignments, c.principal_id.as_deref());
            }
            Call::IdentitystoreCreateGroupMembership(c) => {
                self.join_group(&c.group_id, &c.member_id, &c.membership_id);
            }
            Call::SsoDirectoryAddMemberToGroup(c) => {
                self.join_group(&c.group_id, &c.member_id, &None);
            }
            Call::SsoDirectoryRemoveMemberFromGroup(c) => {
                let (Some(group), Some(member)) = (&c.group_id, &c.member_id) else { return true };
                let key = (group.as_str().into(), member.as_str().into());
                self.edit_center(|center| center.memberships.remove(&key, &proof));
                self.touch(Subject::IdentityCenter, Field::Memberships, Some(group));
            }
            Call::IdentitystoreDeleteGroupMembership(c) => self.leave_group(&c.membership_id),
            Call::IdentitystoreDeleteGroup(c) => {
                let Some(group) = c.group_id.as_deref() else { return true };
                self.edit_center(|center| {
                    let of_group = |key: &&Membership| *key.0 == *group;
                    let gone: Vec<_> =
                        center.memberships.keys().filter(of_group).cloned().collect();
                    for key in gone {
                        center.memberships.remove(&key, &proof);
                    }
                });
                self.touch(Subject::IdentityCenter, Field::Memberships, Some(group));
            }
            _ => return false,
        }
        true
    }

    fn join_group(
        &mut self,
        group: &Option<String>,
        member: &Option<String>,
        membership: &Option<String>,
    ) {
        let (Some(group), Some(member)) = (group, member) else { return };
        let key = (group.as_str().into(), member.as_str().into());
        let fact = self.known(membership.as_deref().map(Into::into));
        self.edit_center(|center| center.memberships.put(key, fact));
        self.touch(Subject::IdentityCenter, Field::Memberships, Some(group));
    }

    /// The record names only the membership. One that was never seen puts all others in doubt.
    fn leave_group(&mut self, membership: &Option<String>) {
        let (proof, why) = (self.entry.proof.clone(), self.why_absent());
        let wanted: Option<Arc<str>> = membership.as_deref().map(Into::into);
        self.edit_center(|center| {
            let found = center
                .memberships
                .iter()
                .find(|(_, fact)| wanted.is_some() && fact.value() == Some(&wanted))
                .map(|(key, _)| key.clone());
            match found {
                Some(key) => {
                    center.memberships.remove(&key, &proof);
                }
                None => center.memberships.doubt_all(&why),
            }
        });
        self.touch(Subject::IdentityCenter, Field::Memberships, membership.as_deref());
    }

    fn edit_center<R>(&mut self, edit: impl FnOnce(&mut IdentityCenter) -> R) -> R {
        edit(Arc::make_mut(&mut self.model.identity_center))
    }

    /// Edits a permission set, which begins here when it was never seen.
    fn edit_set(
        &mut self,
        arn: &Option<String>,
        field: Field,
        edit: impl FnOnce(&mut PermissionSet),
    ) {
        let Some(arn) = arn.as_deref().map(Arc::<str>::from) else {
            self.touch(Subject::IdentityCenter, field, None);
            let why = self.why_absent();
            self.edit_center(|center| {
                each(&mut center.permission_sets, |set| {
                    let set = Arc::make_mut(set);
                    set.inline.doubt(&why);
                    set.managed.doubt_all(&why);
                    set.customer.doubt_all(&why);
                });
            });
            return;
        };
        self.edit_center(|center| {
            let seen = || PermissionSet { arn: arn.clone(), ..PermissionSet::default() };
            edit_or_begin(&mut center.permission_sets, &arn, seen, edit);
        });
        self.touch(Subject::PermissionSet(arn), field, None);
    }
}

fn path_and_name(path: &Option<String>, name: &Option<String>) -> Option<Arc<str>> {
    let name = name.as_deref()?;
    Some(format!("{}{name}", path.as_deref().unwrap_or("/")).into())
}

fn assignment(parts: [&Option<String>; 4]) -> Option<Assignment> {
    let [permission_set, principal_type, principal, account] =
        parts.map(|part| part.as_deref().map(Arc::<str>::from));
    Some(Assignment {
        permission_set: permission_set?,
        principal_type: principal_type?,
        principal: principal?,
        account: account?,
    })
}
