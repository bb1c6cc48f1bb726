//! `organizations:CreateAccount`.

use crate::call::{Tag, call};

call! {
    /// Starts to make a new member account.
    ///
    /// The account comes with a role that lets the management account in as administrator. The
    /// account number follows later, in a service event.
    organizations CreateAccount Creates Account(account_id or request_id) {
        /// Number of the new account, when it is already known.
        account_id: Option<String> = response "createAccountStatus.accountId",
        /// Id of the request.
        request_id: Option<String> = response "createAccountStatus.id",
        /// Name of the account; CloudTrail hides it.
        account_name: Option<String> = request "accountName",
        /// The role for the management account.
        role_name: Option<String> = request "roleName",
        /// `ALLOW` or `DENY`: whether its users see the bills.
        iam_user_access_to_billing: Option<String> = request "iamUserAccessToBilling",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
        state: Option<String> = response "createAccountStatus.state",
    }
}
