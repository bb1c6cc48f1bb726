//! IAM Identity Center.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use crate::change::{Field, Subject};
use crate::directory::{Assignment, IdentityCenter, Membership, PermissionSet};
use crate::listing::Listing;

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
                self.edit_center(|center| {
                    center.permission_sets.remove_mut(arn);
                    for account in center.accounts_of(arn) {
                        center.provisioned.remove_mut(&(arn.into(), account));
                    }
                });
                self.touch(Subject::PermissionSet(arn.into()), Field::Existence, None);
            }
            Call::SsoProvisionPermissionSet(c) if !is_failed(&c.status) => {
                self.provision(&c.permission_set_arn, c.target_id.as_deref());
            }
            Call::SsoProvisionPermissionSet(_) => {}
            _ => return self.set_policies(call) || self.assignments(call),
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
                let Some(assignment) = assignment(parts).filter(|_| !is_failed(&c.status)) else {
                    return true;
                };
                let (set, account) =
                    (assignment.permission_set.clone(), assignment.account.clone());
                self.edit_center(|center| center.assignments.put(assignment, here));
                self.touch(Subject::IdentityCenter, Field::Assignments, c.principal_id.as_deref());
                if self.bring(&set, &account) {
                    self.touch(Subject::PermissionSet(set), Field::Provisioned, Some(&account));
                }
            }
            Call::SsoDeleteAccountAssignment(c) => {
                let parts =
                    [&c.permission_set_arn, &c.principal_type, &c.principal_id, &c.target_id];
                let Some(assignment) = assignment(parts).filter(|_| !is_failed(&c.status)) else {
                    return true;
                };
                let (set, account) =
                    (assignment.permission_set.clone(), assignment.account.clone());
                self.edit_center(|center| {
                    center.assignments.remove(&assignment, &proof);
                    let made =
                        center.permission_sets.get(&set).is_some_and(|one| one.is_made_in_sight());
                    // The role goes with the last who has it.
                    if made && !center.assigned(&set).contains(&account) {
                        center.provisioned.remove_mut(&(set, account));
                    }
                });
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

    pub(super) fn edit_center<R>(&mut self, edit: impl FnOnce(&mut IdentityCenter) -> R) -> R {
        edit(Arc::make_mut(&mut self.model.identity_center))
    }
}

/// Whether the answer says that nothing came of it.
fn is_failed(status: &Option<String>) -> bool {
    status.as_deref() == Some("FAILED")
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
