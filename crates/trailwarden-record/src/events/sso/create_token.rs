//! `sso:CreateToken`.

use crate::call::call;

call! {
    /// Trades an approved device code or refresh token for an access token.
    ///
    /// With the grant type `device_code` somebody approved a device in a browser, which phishing
    /// can bring about.
    sso CreateToken Uses IdentityCenter(client_id) {
        /// The registered client.
        client_id: Option<String> = request "clientId",
        /// How the token was earned.
        grant_type: Option<String> = request "grantType",
        /// What the token is for.
        scopes: Vec<String> = request "scope",
        /// Id of the person in the identity store.
        user_id: Option<String> = record "userIdentity.onBehalfOf.userId",
    }
}
