//! `rolesanywhere:ImportCrl`.

use crate::call::call;

call! {
    /// Imports a list of revoked certificates.
    ///
    /// An empty list newer than the old one takes revocations back.
    rolesanywhere ImportCrl Creates TrustAnchor(trust_anchor_arn) {
        /// ARN of the trust anchor.
        trust_anchor_arn: Option<String> = request "trustAnchorArn",
        /// Name of the list.
        name: Option<String> = request "name",
        /// Whether it is on from the start.
        enabled: Option<bool> = request "enabled",
        /// ARN of the list.
        crl_arn: Option<String> = response "crl.crlArn",
    }
}
