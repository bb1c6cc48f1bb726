//! `rolesanywhere:CreateTrustAnchor`.

use crate::call::call;

call! {
    /// Makes the account trust a certificate authority for role sessions from outside.
    ///
    /// Whoever owns the authority can mint sessions of the roles in any profile, for years and
    /// without any IAM credential.
    rolesanywhere CreateTrustAnchor Creates TrustAnchor(trust_anchor_arn or name) {
        /// ARN of the trust anchor.
        trust_anchor_arn: Option<String> = response "trustAnchor.trustAnchorArn",
        /// Name of the trust anchor.
        name: Option<String> = request "name",
        /// Whether it is on from the start.
        enabled: Option<bool> = request "enabled",
        /// Whether the certificates' own revocation addresses are asked.
        crl_dp_revocation_enabled: Option<bool> = request "crlDpRevocationEnabled",
        /// Where the authority comes from: a bundle, a private CA.
        source_type: Option<String> = request "source.sourceType",
        /// The authority's certificate.
        certificate: Option<String> = request "source.sourceData.x509CertificateData",
        /// ARN of the private CA.
        acm_pca_arn: Option<String> = request "source.sourceData.acmPcaArn",
    }
}
