//! `rolesanywhere:DeleteProfile`.

use crate::call::call;

call! {
    /// Deletes a profile.
    rolesanywhere DeleteProfile Deletes TrustAnchor(profile_id) {
        /// Id of the profile.
        profile_id: Option<String> = request "profileId",
        /// ARN of the profile.
        profile_arn: Option<String> = response "profile.profileArn",
    }
}
