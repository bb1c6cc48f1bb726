//! `iam:UploadServerCertificate`.

use crate::call::{Tag, call};

call! {
    /// Stores a server certificate and its key for load balancers.
    iam UploadServerCertificate Creates Credential(server_certificate_name) {
        /// The certificate.
        server_certificate_name: Option<String> = request "serverCertificateName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// The certificate, which is public.
        certificate_body: Option<String> = request "certificateBody",
        /// The certificates above it.
        certificate_chain: Option<String> = request "certificateChain",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// The certificate's unique id.
        server_certificate_id: Option<String> =
            response "serverCertificateMetadata.serverCertificateId",
        /// The certificate's ARN.
        server_certificate_arn: Option<String> = response "serverCertificateMetadata.arn",
    }
}
