//! Permission sets of IAM Identity Center: what they say, and where it counts.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use super::maps::{each, edit_or_begin};
use crate::change::{Field, Subject};
use crate::directory::PermissionSet;
use crate::text::PolicyText;

impl Fold<'_> {
    /// Brings a set as it is now into one account, or into all where it is.
    pub(super) fn provision(&mut self, arn: &Option<String>, account: Option<&str>) {
        let Some(arn) = arn.as_deref().map(Arc::<str>::from) else {
            self.touch(Subject::IdentityCenter, Field::Provisioned, account);
            return;
        };
        let accounts: Vec<Arc<str>> = match account {
            Some(account) => vec![account.into()],
            None => self.model.identity_center.accounts_of(&arn).into_iter().collect(),
        };
        for account in &accounts {
            self.bring(&arn, account);
            self.touch(Subject::PermissionSet(arn.clone()), Field::Provisioned, Some(account));
        }
        let is_seen = |set: &Arc<PermissionSet>| set.is_made_in_sight();
        let set = self.model.identity_center.permission_sets.get(&arn);
        if account.is_none() && (accounts.is_empty() || !set.is_some_and(is_seen)) {
            self.touch(Subject::PermissionSet(arn), Field::Provisioned, None);
        }
    }

    /// Whether the set was in the account before, and another.
    pub(super) fn bring(&mut self, arn: &Arc<str>, account: &Arc<str>) -> bool {
        let key = (arn.clone(), account.clone());
        self.edit_center(|center| {
            let unseen =
                || Arc::new(PermissionSet { arn: arn.clone(), ..PermissionSet::default() });
            let set = center.permission_sets.get(arn).cloned().unwrap_or_else(unseen);
            let is_other = center.provisioned.get(&key).is_some_and(|was| *was != set);
            center.provisioned.insert_mut(key, set);
            is_other
        })
    }

    pub(super) fn set_policies(&mut self, call: &Call) -> bool {
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
                let policy = c.managed_policy_arn.as_deref().map(Into::into);
                let policy = policy.or_else(|| path_and_name(&c.policy_path, &c.policy_name));
                let boundary = self.given(policy.map(Some));
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

    /// Edits a permission set, which begins here when it was never seen.
    pub(super) fn edit_set(
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
