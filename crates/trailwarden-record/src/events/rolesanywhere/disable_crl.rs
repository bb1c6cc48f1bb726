//! `rolesanywhere:DisableCrl`.

use crate::call::call;

call! {
    /// Ignores a list of revoked certificates, which then work again.
    rolesanywhere DisableCrl Detaches TrustAnchor(crl_id) {
        /// Id of the list.
        crl_id: Option<String> = request "crlId",
        /// ARN of the list.
        crl_arn: Option<String> = response "crl.crlArn",
    }
}
