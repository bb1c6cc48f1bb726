//! `iam:DeleteAccountAlias`.

use crate::call::call;

call! {
    /// Takes the account's readable name off.
    ///
    /// The alias becomes free for any other account to take, and old sign-in links lead there.
    iam DeleteAccountAlias Deletes Account(account_alias) {
        /// The alias.
        account_alias: Option<String> = request "accountAlias",
    }
}
