//! `iam:SetSecurityTokenServicePreferences`.

use crate::call::call;

call! {
    /// Chooses the form of tokens that the global STS endpoint issues.
    iam SetSecurityTokenServicePreferences Alters Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// `v1Token` or `v2Token`; the second works in all regions.
        global_endpoint_token_version: Option<String> = request "globalEndpointTokenVersion",
    }
}
