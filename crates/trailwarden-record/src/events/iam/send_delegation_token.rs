//! `iam:SendDelegationToken`.

use crate::call::call;

call! {
    /// Hands the partner the token that it trades for credentials; this cannot be taken back.
    iam SendDelegationToken Uses Resource(delegation_request_id) {
        /// Id of the request.
        delegation_request_id: Option<String> = request "delegationRequestId",
    }
}
