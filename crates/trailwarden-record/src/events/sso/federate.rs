//! `sso:Federate`.

use crate::call::call;

call! {
    /// Takes a person from the access portal into a role of an account.
    sso Federate Uses IdentityCenter(user_id) {
        /// Id of the person in the identity store.
        user_id: Option<String> =
            record "userIdentity.onBehalfOf.userId" or record "userIdentity.principalId",
        /// The permission set chosen.
        role_name: Option<String> = record "serviceEventDetails.role_name",
        /// The account chosen.
        account_id: Option<String> = record "serviceEventDetails.account_id",
    }
}
