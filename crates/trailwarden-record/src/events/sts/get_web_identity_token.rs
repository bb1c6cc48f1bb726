//! `sts:GetWebIdentityToken`.

use crate::call::{Tag, call};

call! {
    /// Gets a signed token that proves the caller's identity to outsiders.
    sts GetWebIdentityToken Uses Account(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// Whom the token is for.
        audience: Vec<String> = request "audience",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// How the token is signed.
        signing_algorithm: Option<String> = request "signingAlgorithm",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// When the token ends, as text.
        expiration: Option<String> = response "expiration",
    }
}
