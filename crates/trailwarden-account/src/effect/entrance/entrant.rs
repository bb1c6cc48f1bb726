//! Who may enter a role, as far as models and its trust policy tell.

use trailwarden_model::AccountId;
use trailwarden_policy::trust::Who;

use crate::identity::Id;

/// Who may enter a role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Entrant {
    /// A user or role of a modelled account.
    Principal {
        /// Its account.
        account: AccountId,
        /// Its id.
        id: Id,
        /// Such as `user/bob`.
        label: String,
        /// Its ARN.
        arn: String,
    },
    /// A principal that no model shows, as the policy writes it.
    Named(Option<AccountId>, String),
    /// An account of which nothing is modelled, or of which nobody could be proven to use it.
    Account(AccountId),
    /// A service, and so whoever may pass it the role.
    Service(String),
    /// People or workloads that an identity provider vouches for.
    Federated(String),
    /// Everybody.
    Anyone,
}

impl Entrant {
    /// Its account.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Principal { account, .. } | Self::Account(account) => Some(*account),
            Self::Named(account, _) => *account,
            Self::Service(_) | Self::Federated(_) | Self::Anyone => None,
        }
    }

    /// Its id, where a model shows it.
    #[must_use]
    pub fn id(&self) -> Option<&Id> {
        match self {
            Self::Principal { id, .. } => Some(id),
            _ => None,
        }
    }

    /// What names it within its account.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Principal { id, .. } => id.as_str(),
            Self::Named(_, text) | Self::Service(text) | Self::Federated(text) => text,
            Self::Account(_) => "account",
            Self::Anyone => "*",
        }
    }

    /// Whoever a trust policy names, where no model is asked.
    pub(super) fn as_written(who: &Who) -> Option<Self> {
        Some(match who {
            Who::Anyone => Self::Anyone,
            Who::Account(account) => Self::Account(*account),
            Who::Principal { account, arn } => Self::Named(*account, arn.clone()),
            Who::Service(name) => Self::Service(name.clone()),
            Who::Saml(arn) | Who::Oidc(arn) => Self::Federated(arn.clone()),
            Who::Canonical(text) | Who::Other(text) => Self::Named(None, text.clone()),
            Who::UniqueId(_) => return None,
        })
    }
}
