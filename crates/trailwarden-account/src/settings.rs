//! What holds for the account as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fact::Fact;
use crate::listing::Listing;

/// Account-wide settings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// The account alias; there is one at most.
    pub alias: Fact<Option<Arc<str>>>,
    /// The password policy, if one was set.
    pub password_policy: Fact<Option<PasswordPolicy>>,
    /// Whether root credentials of members are managed centrally.
    pub root_credentials_management: Fact<bool>,
    /// Whether root sessions into members are allowed.
    pub root_sessions: Fact<bool>,
    /// Whether the account may present its identities to outside services.
    pub outbound_federation: Fact<bool>,
    /// Which kind of token the global STS endpoint issues.
    pub global_token_version: Fact<Arc<str>>,
    /// `PutAccountProperties`, as JSON text.
    pub properties: Fact<Arc<str>>,
    /// Regions that were switched on or off.
    pub regions: Listing<Arc<str>, bool>,
    /// Whether the account belongs to an organization.
    pub is_member: Fact<bool>,
    /// `SummaryMap` of `GetAccountSummary`.
    pub summary: Fact<BTreeMap<String, i64>>,
}

/// The rules for passwords. A rule that a call leaves out has the default that AWS documents.
///
/// Source: IAM API Reference, `UpdateAccountPasswordPolicy`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PasswordPolicy {
    /// Least number of characters.
    pub minimum_length: i64,
    /// Whether a symbol is needed.
    pub require_symbols: bool,
    /// Whether a digit is needed.
    pub require_numbers: bool,
    /// Whether a capital letter is needed.
    pub require_uppercase: bool,
    /// Whether a small letter is needed.
    pub require_lowercase: bool,
    /// Whether users may change their own password.
    pub users_may_change: bool,
    /// Days until a password expires; `None` for never.
    pub max_age_days: Option<i64>,
    /// How many old passwords are barred; `None` for none.
    pub reuse_prevention: Option<i64>,
    /// Whether an expired password locks the user out.
    pub hard_expiry: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: 6,
            require_symbols: false,
            require_numbers: false,
            require_uppercase: false,
            require_lowercase: false,
            users_may_change: false,
            max_age_days: None,
            reuse_prevention: None,
            hard_expiry: false,
        }
    }
}
