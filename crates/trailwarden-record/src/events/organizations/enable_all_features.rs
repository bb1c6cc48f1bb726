//! `organizations:EnableAllFeatures`.

use crate::call::call;

call! {
    /// Starts to turn a billing-only organization into a full one.
    organizations EnableAllFeatures Alters Organization(handshake_id or account_id) {
        /// Id of the handshake that members must accept.
        handshake_id: Option<String> = response "handshake.id",
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
