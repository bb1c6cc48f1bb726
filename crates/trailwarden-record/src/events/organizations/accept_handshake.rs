//! `organizations:AcceptHandshake`.

use crate::call::call;

call! {
    /// Accepts an invitation, as a rule to join an organization.
    ///
    /// An account that accepts a stranger's invitation is under that stranger's control.
    organizations AcceptHandshake Alters Organization(handshake_id) {
        /// Id of the handshake.
        handshake_id: Option<String> = request "handshakeId",
        /// ARN of the handshake, which names the inviting account and organization.
        handshake_arn: Option<String> = response "handshake.arn",
        /// What was agreed to, such as `INVITE`.
        action: Option<String> = response "handshake.action",
    }
}
