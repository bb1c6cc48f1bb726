//! `rolesanywhere:PutAttributeMapping`.

use crate::call::call;

call! {
    /// Chooses which parts of a certificate become tags of the session.
    ///
    /// Trust policies that look at these tags change their meaning.
    rolesanywhere PutAttributeMapping Alters TrustAnchor(profile_id) {
        /// Id of the profile.
        profile_id: Option<String> = request "profileId",
        /// Which part of the certificate.
        certificate_field: Option<String> = request "certificateField",
        /// ARN of the profile.
        profile_arn: Option<String> = response "profile.profileArn",
    }
}
