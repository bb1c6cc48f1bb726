//! `rolesanywhere:DeleteTrustAnchor`.

use crate::call::call;

call! {
    /// Deletes a trust anchor.
    rolesanywhere DeleteTrustAnchor Deletes TrustAnchor(trust_anchor_id) {
        /// Id of the trust anchor.
        trust_anchor_id: Option<String> = request "trustAnchorId",
        /// ARN of the trust anchor.
        trust_anchor_arn: Option<String> = response "trustAnchor.trustAnchorArn",
    }
}
