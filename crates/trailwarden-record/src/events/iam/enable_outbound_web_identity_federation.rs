//! `iam:EnableOutboundWebIdentityFederation`.

use crate::call::call;

call! {
    /// Lets principals of the account get signed tokens that prove who they are to others.
    iam EnableOutboundWebIdentityFederation Alters Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// Address of the issuer that outsiders are to trust.
        issuer_identifier: Option<String> = response "issuerIdentifier",
    }
}
