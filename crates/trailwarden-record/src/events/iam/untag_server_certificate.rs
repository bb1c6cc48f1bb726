//! `iam:UntagServerCertificate`.

use crate::call::call;

call! {
    /// Takes tags off a server certificate.
    iam UntagServerCertificate Detaches Credential(server_certificate_name) {
        /// The certificate.
        server_certificate_name: Option<String> = request "serverCertificateName",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
