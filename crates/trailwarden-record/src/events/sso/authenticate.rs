//! `sso:Authenticate`.

use crate::call::call;

call! {
    /// Lets a person into the access portal.
    sso Authenticate Uses IdentityCenter(user_id) {
        /// Id of the person in the identity store.
        user_id: Option<String> =
            record "userIdentity.onBehalfOf.userId" or record "userIdentity.principalId",
    }
}
