//! `rolesanywhere:EnableCrl`.

use crate::call::call;

call! {
    /// Puts a list of revoked certificates in force.
    rolesanywhere EnableCrl Alters TrustAnchor(crl_id) {
        /// Id of the list.
        crl_id: Option<String> = request "crlId",
        /// ARN of the list.
        crl_arn: Option<String> = response "crl.crlArn",
    }
}
