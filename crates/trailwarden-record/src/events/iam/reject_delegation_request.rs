//! `iam:RejectDelegationRequest`.

use crate::call::call;

call! {
    /// Refuses a partner's request for temporary access.
    iam RejectDelegationRequest Alters Resource(delegation_request_id) {
        /// Id of the request.
        delegation_request_id: Option<String> = request "delegationRequestId",
        /// Free text by whoever called.
        notes: Option<String> = request "notes",
    }
}
