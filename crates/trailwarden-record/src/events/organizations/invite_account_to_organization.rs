//! `organizations:InviteAccountToOrganization`.

use crate::call::{Tag, call};

call! {
    /// Invites an account into the organization.
    ///
    /// Whoever runs the organization can later put policies on the account.
    organizations InviteAccountToOrganization Alters Account(account_id) {
        /// The account, by number or hidden mail address.
        account_id: Option<String> = request "target.id",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// `ACCOUNT` or `EMAIL`.
        target_type: Option<String> = request "target.type",
        /// Id of the invitation.
        handshake_id: Option<String> = response "handshake.id",
    }
}
