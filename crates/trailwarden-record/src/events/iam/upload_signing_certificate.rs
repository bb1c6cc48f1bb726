//! `iam:UploadSigningCertificate`.

use crate::call::call;

call! {
    /// Gives a user an X.509 certificate that signs calls to old AWS interfaces.
    ///
    /// A credential that most key reviews do not look at.
    iam UploadSigningCertificate Creates User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or response "certificate.userName" or caller,
        /// The certificate, which is public.
        certificate_body: Option<String> = request "certificateBody",
        /// Id of the new certificate.
        certificate_id: Option<String> = response "certificate.certificateId",
        /// `Active` or `Inactive`.
        status: Option<String> = response "certificate.status",
    }
}
