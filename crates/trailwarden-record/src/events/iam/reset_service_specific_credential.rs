//! `iam:ResetServiceSpecificCredential`.

use crate::call::call;

call! {
    /// Replaces the password of a user's credential for one service.
    iam ResetServiceSpecificCredential Alters User(user_name) {
        /// The user.
        user_name: Option<String> =
            request "userName" or response "serviceSpecificCredential.userName" or caller,
        /// Id of the credential.
        service_specific_credential_id: Option<String> = request "serviceSpecificCredentialId",
        /// The user name that it signs in with.
        service_user_name: Option<String> = response "serviceSpecificCredential.serviceUserName",
        /// `Active`, `Inactive` or `Expired`.
        status: Option<String> = response "serviceSpecificCredential.status",
    }
}
