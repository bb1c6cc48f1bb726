//! `iam:UpdateServiceSpecificCredential`.

use crate::call::call;

call! {
    /// Switches a user's credential for one service on or off.
    iam UpdateServiceSpecificCredential Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// Id of the credential.
        service_specific_credential_id: Option<String> = request "serviceSpecificCredentialId",
        /// `Active` or `Inactive`.
        status: Option<String> = request "status",
    }
}
