//! Account-wide settings.

use std::sync::Arc;

use trailwarden_record::events::{Call, iam};

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::Proof;
use crate::settings::{PasswordPolicy, Settings};

impl Fold<'_> {
    pub(super) fn account(&mut self, call: &Call) -> bool {
        match call {
            Call::CreateAccountAlias(c) => {
                let alias = self.given(c.account_alias.as_deref().map(|alias| Some(alias.into())));
                self.set("alias", |settings| settings.alias = alias);
            }
            Call::DeleteAccountAlias(c) => {
                // Replaced within a second: it was the one before that was deleted.
                if !self.is_replaced(c.account_alias.as_deref()) {
                    let none = self.known(None);
                    self.set("alias", |settings| settings.alias = none);
                }
            }
            Call::UpdateAccountPasswordPolicy(c) => {
                let policy = self.given((!self.entry.is_omitted).then(|| Some(policy(c))));
                self.set("password policy", |settings| settings.password_policy = policy);
            }
            Call::DeleteAccountPasswordPolicy(_) => {
                let none = self.known(None);
                self.set("password policy", |settings| settings.password_policy = none);
            }
            Call::SetSecurityTokenServicePreferences(c) => {
                let version =
                    self.given(c.global_endpoint_token_version.as_deref().map(Into::into));
                self.set("token version", |settings| settings.global_token_version = version);
            }
            Call::PutAccountProperties(c) => {
                let properties = self.given(c.properties.as_deref().map(Into::into));
                self.set("properties", |settings| settings.properties = properties);
            }
            Call::AccountEnableRegion(c) => self.region(&c.account_id, &c.region_name, true),
            Call::AccountDisableRegion(c) => self.region(&c.account_id, &c.region_name, false),
            _ => return self.switches(call),
        }
        true
    }

    /// Whether another alias came in this very second.
    fn is_replaced(&self, deleted: Option<&str>) -> bool {
        let alias = &self.model.settings.alias;
        let Some(Some(current)) = alias.value() else { return false };
        let set = alias.proof().and_then(Proof::time);
        set == Some(self.entry.order.time) && deleted.is_some_and(|deleted| *deleted != **current)
    }

    fn switches(&mut self, call: &Call) -> bool {
        let (on, off) = (self.known(true), self.known(false));
        match call {
            Call::EnableOrganizationsRootCredentialsManagement(_) => {
                self.set("root credentials", |settings| settings.root_credentials_management = on);
            }
            Call::DisableOrganizationsRootCredentialsManagement(_) => {
                self.set("root credentials", |settings| settings.root_credentials_management = off);
            }
            Call::EnableOrganizationsRootSessions(_) => {
                self.set("root sessions", |settings| settings.root_sessions = on);
            }
            Call::DisableOrganizationsRootSessions(_) => {
                self.set("root sessions", |settings| settings.root_sessions = off);
            }
            Call::EnableOutboundWebIdentityFederation(_) => {
                self.set("outbound federation", |settings| settings.outbound_federation = on);
            }
            Call::DisableOutboundWebIdentityFederation(_) => {
                self.set("outbound federation", |settings| settings.outbound_federation = off);
            }
            Call::OrganizationsLeaveOrganization(_) => {
                self.set("organization", |settings| settings.is_member = off);
            }
            _ => return false,
        }
        true
    }

    /// A call may be about a member account; only what is about this one changes this model.
    fn region(&mut self, account: &Option<String>, region: &Option<String>, is_on: bool) {
        let own = self.model.account.to_string();
        let Some(region) = region.as_deref().map(Arc::<str>::from) else { return };
        if account.as_ref().is_some_and(|account| *account != own) {
            return;
        }
        let fact = self.known(is_on);
        self.set("regions", |settings| {
            settings.regions.put(region, fact);
        });
    }

    fn set(&mut self, what: &str, edit: impl FnOnce(&mut Settings)) {
        edit(Arc::make_mut(&mut self.model.settings));
        self.touch(Subject::Account, Field::Setting, Some(what));
    }
}

/// The call replaces the policy as a whole: what it leaves out goes back to its default.
fn policy(c: &iam::UpdateAccountPasswordPolicy) -> PasswordPolicy {
    let default = PasswordPolicy::default();
    PasswordPolicy {
        minimum_length: c.minimum_password_length.unwrap_or(default.minimum_length),
        require_symbols: c.require_symbols.unwrap_or_default(),
        require_numbers: c.require_numbers.unwrap_or_default(),
        require_uppercase: c.require_uppercase_characters.unwrap_or_default(),
        require_lowercase: c.require_lowercase_characters.unwrap_or_default(),
        users_may_change: c.allow_users_to_change_password.unwrap_or_default(),
        max_age_days: c.max_password_age.filter(|days| *days > 0),
        reuse_prevention: c.password_reuse_prevention.filter(|count| *count > 0),
        hard_expiry: c.hard_expiry.unwrap_or_default(),
    }
}
