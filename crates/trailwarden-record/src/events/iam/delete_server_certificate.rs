//! `iam:DeleteServerCertificate`.

use crate::call::call;

call! {
    /// Deletes a server certificate that IAM keeps for load balancers.
    iam DeleteServerCertificate Deletes Credential(server_certificate_name) {
        /// The certificate.
        server_certificate_name: Option<String> = request "serverCertificateName",
    }
}
