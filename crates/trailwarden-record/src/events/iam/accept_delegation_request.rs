//! `iam:AcceptDelegationRequest`.

use crate::call::call;

call! {
    /// Approves a partner's request for temporary access to the account.
    ///
    /// The approver's own identity is recorded as the one the partner will act for. Nothing leaves
    /// the account until `SendDelegationToken`.
    iam AcceptDelegationRequest Alters Resource(delegation_request_id) {
        /// Id of the request.
        delegation_request_id: Option<String> = request "delegationRequestId",
    }
}
