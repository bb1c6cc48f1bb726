//! `iam:CreateServiceSpecificCredential`.

use crate::call::call;

call! {
    /// Makes a user name and password or key for one service, such as a Git host or a model API.
    ///
    /// It does not show in lists of access keys, and works without a signature.
    iam CreateServiceSpecificCredential Creates User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The service it is for.
        service_name: Option<String> = request "serviceName",
        /// Days until it ends; absent for never.
        credential_age_days: Option<i64> = request "credentialAgeDays",
        /// Id of the new credential.
        service_specific_credential_id: Option<String> =
            response "serviceSpecificCredential.serviceSpecificCredentialId",
        /// The user name that it signs in with.
        service_user_name: Option<String> = response "serviceSpecificCredential.serviceUserName",
        /// `Active`, `Inactive` or `Expired`.
        status: Option<String> = response "serviceSpecificCredential.status",
    }
}
