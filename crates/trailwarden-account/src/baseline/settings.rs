//! The account summary and the password policy, as the AWS CLI prints them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Error;
use crate::settings::PasswordPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    summary_map: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    password_policy: Rules,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Rules {
    minimum_password_length: Option<i64>,
    require_symbols: bool,
    require_numbers: bool,
    require_uppercase_characters: bool,
    require_lowercase_characters: bool,
    allow_users_to_change_password: bool,
    max_password_age: Option<i64>,
    password_reuse_prevention: Option<i64>,
    hard_expiry: Option<bool>,
}

/// Reads the output of `aws iam get-account-summary`.
pub fn account_summary(json: &[u8]) -> Result<BTreeMap<String, i64>, Error> {
    let wrong = |source| Error::Json { what: "account summary", source };
    Ok(serde_json::from_slice::<Summary>(json).map_err(wrong)?.summary_map)
}

/// Reads the output of `aws iam get-account-password-policy`.
pub fn password_policy(json: &[u8]) -> Result<PasswordPolicy, Error> {
    let wrong = |source| Error::Json { what: "password policy", source };
    let rules = serde_json::from_slice::<Policy>(json).map_err(wrong)?.password_policy;
    let default = PasswordPolicy::default();
    Ok(PasswordPolicy {
        minimum_length: rules.minimum_password_length.unwrap_or(default.minimum_length),
        require_symbols: rules.require_symbols,
        require_numbers: rules.require_numbers,
        require_uppercase: rules.require_uppercase_characters,
        require_lowercase: rules.require_lowercase_characters,
        users_may_change: rules.allow_users_to_change_password,
        max_age_days: rules.max_password_age.filter(|days| *days > 0),
        reuse_prevention: rules.password_reuse_prevention.filter(|count| *count > 0),
        hard_expiry: rules.hard_expiry.unwrap_or_default(),
    })
}
