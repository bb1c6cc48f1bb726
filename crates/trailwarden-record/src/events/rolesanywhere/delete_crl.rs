//! `rolesanywhere:DeleteCrl`.

use crate::call::call;

call! {
    /// Deletes a list of revoked certificates, which then work again.
    rolesanywhere DeleteCrl Deletes TrustAnchor(crl_id) {
        /// Id of the list.
        crl_id: Option<String> = request "crlId",
        /// ARN of the list.
        crl_arn: Option<String> = response "crl.crlArn",
    }
}
