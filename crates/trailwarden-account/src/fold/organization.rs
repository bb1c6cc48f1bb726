//! The organization: its policies, what they are attached to, where accounts lie.

use std::sync::Arc;

use trailwarden_record::events::{Call, organizations};

use super::Fold;
use super::maps::{each, edit_or_begin};
use crate::change::{Field, Subject};
use crate::gap::GapKind;
use crate::listing::{Before, Listing};
use crate::organization::{Organization, OrganizationPolicy};
use crate::text::PolicyText;

impl Fold<'_> {
    /// Whoever calls for a change of policies has an organization that may have some, and had it before:
    /// what of them was not seen is unknown on both sides of the change.
    pub(super) fn show_organization(&mut self) {
        let shows = matches!(
            &self.entry.call,
            Call::OrganizationsCreatePolicy(_)
                | Call::OrganizationsUpdatePolicy(_)
                | Call::OrganizationsDeletePolicy(_)
                | Call::OrganizationsAttachPolicy(_)
                | Call::OrganizationsDetachPolicy(_)
                | Call::OrganizationsEnablePolicyType(_)
                | Call::OrganizationsDisablePolicyType(_)
        );
        if shows && !self.model.organization.is_shown {
            self.edit_org(|org| org.is_shown = true);
        }
    }

    pub(super) fn organization(&mut self, call: &Call) -> bool {
        match call {
            Call::OrganizationsCreatePolicy(c) => self.made_org_policy(c),
            Call::OrganizationsUpdatePolicy(c) => self.updated_org_policy(c),
            Call::OrganizationsDeletePolicy(c) => self.deleted_org_policy(&c.policy_id),
            Call::OrganizationsAttachPolicy(c) => self.target_of(&c.policy_id, &c.target_id, true),
            Call::OrganizationsDetachPolicy(c) => self.target_of(&c.policy_id, &c.target_id, false),
            Call::OrganizationsMoveAccount(c) => {
                let Some(account) = c.account_id.as_deref().map(Arc::<str>::from) else {
                    return true;
                };
                let parent = self.given(c.destination_parent_id.as_deref().map(Into::into));
                self.edit_org(|org| org.parents.insert_mut(account.clone(), parent));
                self.touch(Subject::Organization, Field::Parent, Some(&account));
            }
            Call::OrganizationsRemoveAccountFromOrganization(c) => {
                let Some(account) = c.account_id.as_deref().map(Arc::<str>::from) else {
                    return true;
                };
                self.edit_org(|org| org.parents.remove_mut(&account));
                self.touch(Subject::Organization, Field::Parent, Some(&account));
            }
            Call::OrganizationsEnablePolicyType(c) => {
                self.policy_type(&c.root_id, &c.policy_type, true);
            }
            Call::OrganizationsDisablePolicyType(c) => {
                self.policy_type(&c.root_id, &c.policy_type, false);
            }
            Call::OrganizationsPutResourcePolicy(c) => {
                let text = c.content.as_deref().map(|text| Some(PolicyText::new(text)));
                let policy = self.given(text);
                self.edit_org(|org| org.resource_policy = policy);
                self.touch(Subject::Organization, Field::Content, None);
            }
            Call::OrganizationsDeleteResourcePolicy(_) => {
                let none = self.known(None);
                self.edit_org(|org| org.resource_policy = none);
                self.touch(Subject::Organization, Field::Content, None);
            }
            Call::OrganizationsDeleteOrganization(_) => {
                self.edit_org(|org| *org = Organization::default());
                self.touch(Subject::Organization, Field::Existence, None);
            }
            _ => return self.administrators(call),
        }
        true
    }

    fn administrators(&mut self, call: &Call) -> bool {
        let (here, proof) = (self.known(()), self.entry.proof.clone());
        match call {
            Call::OrganizationsRegisterDelegatedAdministrator(c) => {
                let Some(key) = pair(&c.account_id, &c.service_principal) else { return true };
                self.edit_org(|org| org.delegated.put(key, here));
            }
            Call::OrganizationsDeregisterDelegatedAdministrator(c) => {
                let Some(key) = pair(&c.account_id, &c.service_principal) else { return true };
                self.edit_org(|org| org.delegated.remove(&key, &proof));
            }
            Call::OrganizationsEnableAWSServiceAccess(c) => {
                let Some(key) = c.service_principal.as_deref() else { return true };
                self.edit_org(|org| org.trusted_services.put(key.into(), here));
            }
            Call::OrganizationsDisableAWSServiceAccess(c) => {
                let Some(key) = c.service_principal.as_deref() else { return true };
                self.edit_org(|org| org.trusted_services.remove(&key.into(), &proof));
            }
            _ => return false,
        }
        self.touch(Subject::Organization, Field::Setting, None);
        true
    }

    fn made_org_policy(&mut self, c: &organizations::CreatePolicy) {
        let Some(id) = c.policy_id.as_deref().map(Arc::<str>::from) else { return };
        let policy = OrganizationPolicy {
            id: id.clone(),
            name: self.given(c.name.as_deref().map(Into::into)),
            kind: self.given(c.policy_type.as_deref().map(Into::into)),
            content: self.given(c.content.as_deref().map(PolicyText::new)),
            targets: Listing::empty(&self.entry.proof),
        };
        self.edit_org(|org| org.policies.insert_mut(id.clone(), Arc::new(policy)));
        self.touch(Subject::OrganizationPolicy(id), Field::Existence, None);
    }

    /// A parameter that is left out stays what it was (AWS Organizations API Reference,
    /// `UpdatePolicy`).
    fn updated_org_policy(&mut self, c: &organizations::UpdatePolicy) {
        let from_arn = c.policy_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
        let Some(id) = c.policy_id.as_deref().or(from_arn).map(Arc::<str>::from) else {
            self.any_org_policy();
            return;
        };
        let content = c.content.as_deref().map(PolicyText::new);
        let content = (content.is_some() || self.entry.is_omitted).then(|| self.given(content));
        let name = c.name.as_deref().map(|name| self.known(name.into()));
        let kind = c.policy_type.as_deref().map(|kind| self.known(kind.into()));
        self.edit_org_policy(&id, |policy| {
            policy.content = content.unwrap_or_else(|| policy.content.clone());
            policy.name = name.unwrap_or_else(|| policy.name.clone());
            policy.kind = kind.unwrap_or_else(|| policy.kind.clone());
        });
        self.touch(Subject::OrganizationPolicy(id), Field::Content, None);
    }

    fn any_org_policy(&mut self) {
        let why = self.why_absent();
        self.edit_org(|org| {
            each(&mut org.policies, |policy| Arc::make_mut(policy).content.doubt(&why));
        });
        self.touch(Subject::Organization, Field::Content, None);
    }

    fn deleted_org_policy(&mut self, id: &Option<String>) {
        let Some(id) = id.as_deref().map(Arc::<str>::from) else { return };
        let gone = self.model.organization.policies.get(&id).cloned();
        self.edit_org(|org| org.policies.remove_mut(&id));
        // It must be detached first (AWS Organizations API Reference, `DeletePolicy`).
        for target in gone.iter().flat_map(|policy| policy.targets.keys()) {
            self.gap(GapKind::DeletedInUse, &id, target);
        }
        self.touch(Subject::OrganizationPolicy(id), Field::Existence, None);
    }

    fn target_of(&mut self, id: &Option<String>, target: &Option<String>, is_attached: bool) {
        let (Some(id), Some(target)) = (id, target) else { return };
        let (id, target): (Arc<str>, Arc<str>) = (id.as_str().into(), target.as_str().into());
        let (here, proof) = (self.known(()), self.entry.proof.clone());
        let before = self.edit_org_policy(&id, |policy| match is_attached {
            true => policy.targets.put(target.clone(), here),
            false => policy.targets.remove(&target, &proof),
        });
        if !is_attached && before == Before::Absent {
            self.gap(GapKind::MadeUnseen, &id, &target);
        }
        self.touch(Subject::OrganizationPolicy(id), Field::Targets, Some(&target));
    }

    /// Switching a kind off detaches all policies of that kind, and they do not come back.
    ///
    /// Source: AWS Organizations User Guide, "Disabling policy types".
    fn policy_type(&mut self, root: &Option<String>, kind: &Option<String>, is_on: bool) {
        let Some(key) = pair(root, kind) else { return };
        let (fact, proof) = (self.known(is_on), self.entry.proof.clone());
        let why = crate::Why::NotSaid(proof.clone());
        self.edit_org(|org| {
            each(&mut org.policies, |policy| {
                let is_kind = policy.kind.value() == Some(&key.1);
                match is_on {
                    false if is_kind => Arc::make_mut(policy).targets = Listing::empty(&proof),
                    false if policy.kind.is_known() => {}
                    false => Arc::make_mut(policy).targets.doubt_all(&why),
                    true => {}
                }
            });
            org.policy_types.insert_mut(key, fact);
        });
        self.touch(Subject::Organization, Field::Targets, None);
    }

    fn edit_org<R>(&mut self, edit: impl FnOnce(&mut Organization) -> R) -> R {
        edit(Arc::make_mut(&mut self.model.organization))
    }

    fn edit_org_policy<R>(
        &mut self,
        id: &Arc<str>,
        edit: impl FnOnce(&mut OrganizationPolicy) -> R,
    ) -> R {
        self.edit_org(|org| {
            let seen = || OrganizationPolicy { id: id.clone(), ..OrganizationPolicy::default() };
            edit_or_begin(&mut org.policies, id, seen, edit)
        })
    }
}

fn pair(left: &Option<String>, right: &Option<String>) -> Option<(Arc<str>, Arc<str>)> {
    Some((left.as_deref()?.into(), right.as_deref()?.into()))
}
