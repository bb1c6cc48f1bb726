//! `sts:GetDelegatedAccessToken`.

use crate::call::call;

call! {
    /// Trades a delegation token for temporary credentials in the account that approved it.
    sts GetDelegatedAccessToken Uses Resource(assumed_principal) {
        /// Whom the credentials act for.
        assumed_principal: Option<String> = response "assumedPrincipal",
        /// The temporary key that later records carry; it leads from them back to here.
        access_key_id: Option<String> = response "credentials.accessKeyId",
        /// When the session ends, as text.
        expiration: Option<String> = response "credentials.expiration",
    }
}
