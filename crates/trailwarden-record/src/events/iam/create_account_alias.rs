//! `iam:CreateAccountAlias`.

use crate::call::call;

call! {
    /// Gives the account a readable name for its sign-in address.
    ///
    /// An account has one alias; a new one replaces the old, and the old becomes free for others.
    iam CreateAccountAlias Creates Account(account_alias) {
        /// The alias.
        account_alias: Option<String> = request "accountAlias",
    }
}
