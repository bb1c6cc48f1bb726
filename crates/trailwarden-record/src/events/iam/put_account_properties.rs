//! `iam:PutAccountProperties`.

use crate::call::call;

call! {
    /// Sets switches of IAM that hold for the whole account.
    iam PutAccountProperties Alters Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// The switches as JSON text, `Namespace/PropertyName` to value.
        properties: Option<String> = document "requestParameters.properties",
    }
}
