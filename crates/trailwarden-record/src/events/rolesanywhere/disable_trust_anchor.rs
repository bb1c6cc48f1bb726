//! `rolesanywhere:DisableTrustAnchor`.

use crate::call::call;

call! {
    /// Switches a trust anchor off; running sessions go on.
    rolesanywhere DisableTrustAnchor Detaches TrustAnchor(trust_anchor_id) {
        /// Id of the trust anchor.
        trust_anchor_id: Option<String> = request "trustAnchorId",
        /// ARN of the trust anchor.
        trust_anchor_arn: Option<String> = response "trustAnchor.trustAnchorArn",
    }
}
