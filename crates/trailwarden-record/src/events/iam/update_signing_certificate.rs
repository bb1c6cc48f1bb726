//! `iam:UpdateSigningCertificate`.

use crate::call::call;

call! {
    /// Switches a user's X.509 signing certificate on or off.
    iam UpdateSigningCertificate Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// Id of the certificate.
        certificate_id: Option<String> = request "certificateId",
        /// `Active` or `Inactive`.
        status: Option<String> = request "status",
    }
}
