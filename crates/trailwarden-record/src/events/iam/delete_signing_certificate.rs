//! `iam:DeleteSigningCertificate`.

use crate::call::call;

call! {
    /// Deletes a user's X.509 signing certificate.
    iam DeleteSigningCertificate Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// Id of the certificate.
        certificate_id: Option<String> = request "certificateId",
    }
}
