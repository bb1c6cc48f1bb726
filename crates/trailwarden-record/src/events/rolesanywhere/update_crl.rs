//! `rolesanywhere:UpdateCrl`.

use crate::call::call;

call! {
    /// Replaces a list of revoked certificates.
    rolesanywhere UpdateCrl Alters TrustAnchor(crl_id) {
        /// Id of the list.
        crl_id: Option<String> = request "crlId",
        /// New name.
        name: Option<String> = request "name",
        /// ARN of the list.
        crl_arn: Option<String> = response "crl.crlArn",
    }
}
