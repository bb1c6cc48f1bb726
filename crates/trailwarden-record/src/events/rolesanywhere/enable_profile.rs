//! `rolesanywhere:EnableProfile`.

use crate::call::call;

call! {
    /// Switches a profile on.
    rolesanywhere EnableProfile Alters TrustAnchor(profile_id) {
        /// Id of the profile.
        profile_id: Option<String> = request "profileId",
        /// ARN of the profile.
        profile_arn: Option<String> = response "profile.profileArn",
    }
}
