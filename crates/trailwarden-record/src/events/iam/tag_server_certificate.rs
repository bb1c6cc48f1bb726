//! `iam:TagServerCertificate`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on a server certificate.
    iam TagServerCertificate Alters Credential(server_certificate_name) {
        /// The certificate.
        server_certificate_name: Option<String> = request "serverCertificateName",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
