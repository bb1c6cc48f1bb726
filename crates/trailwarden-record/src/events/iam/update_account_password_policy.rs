//! `iam:UpdateAccountPasswordPolicy`.

use crate::call::call;

call! {
    /// Replaces the account's rules for passwords as a whole.
    ///
    /// A rule that the call leaves out goes back to its default: absent means weaker, not
    /// unchanged.
    iam UpdateAccountPasswordPolicy Alters Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// Least number of characters.
        minimum_password_length: Option<i64> = request "minimumPasswordLength",
        /// Whether a symbol is needed.
        require_symbols: Option<bool> = request "requireSymbols",
        /// Whether a digit is needed.
        require_numbers: Option<bool> = request "requireNumbers",
        /// Whether a capital letter is needed.
        require_uppercase_characters: Option<bool> = request "requireUppercaseCharacters",
        /// Whether a small letter is needed.
        require_lowercase_characters: Option<bool> = request "requireLowercaseCharacters",
        /// Whether users may change their own password.
        allow_users_to_change_password: Option<bool> = request "allowUsersToChangePassword",
        /// Days until a password expires; absent for never.
        max_password_age: Option<i64> = request "maxPasswordAge",
        /// How many old passwords are barred.
        password_reuse_prevention: Option<i64> = request "passwordReusePrevention",
        /// Whether an expired password locks the user out.
        hard_expiry: Option<bool> = request "hardExpiry",
    }
}
