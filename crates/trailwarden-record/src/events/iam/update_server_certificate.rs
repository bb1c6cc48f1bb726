//! `iam:UpdateServerCertificate`.

use crate::call::call;

call! {
    /// Renames or moves a server certificate.
    iam UpdateServerCertificate Alters Credential(server_certificate_name) {
        /// The certificate.
        server_certificate_name: Option<String> = request "serverCertificateName",
        /// The new path.
        new_path: Option<String> = request "newPath",
        /// The new name.
        new_server_certificate_name: Option<String> = request "newServerCertificateName",
    }
}
