//! `rolesanywhere:UpdateTrustAnchor`.

use crate::call::call;

call! {
    /// Replaces the certificate authority or the name of a trust anchor.
    rolesanywhere UpdateTrustAnchor Alters TrustAnchor(trust_anchor_id) {
        /// Id of the trust anchor.
        trust_anchor_id: Option<String> = request "trustAnchorId",
        /// New name.
        name: Option<String> = request "name",
        /// Whether the certificates' own revocation addresses are asked.
        crl_dp_revocation_enabled: Option<bool> = request "crlDpRevocationEnabled",
        /// ARN of the trust anchor.
        trust_anchor_arn: Option<String> = response "trustAnchor.trustAnchorArn",
        /// Where the authority comes from: a bundle, a private CA.
        source_type: Option<String> = request "source.sourceType",
        /// The authority's certificate.
        certificate: Option<String> = request "source.sourceData.x509CertificateData",
        /// ARN of the private CA.
        acm_pca_arn: Option<String> = request "source.sourceData.acmPcaArn",
    }
}
