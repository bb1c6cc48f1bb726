//! `iam:DeleteServiceSpecificCredential`.

use crate::call::call;

call! {
    /// Deletes a user's credential for one service.
    iam DeleteServiceSpecificCredential Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// Id of the credential.
        service_specific_credential_id: Option<String> = request "serviceSpecificCredentialId",
    }
}
