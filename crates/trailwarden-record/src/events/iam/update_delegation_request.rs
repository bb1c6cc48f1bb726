//! `iam:UpdateDelegationRequest`.

use crate::call::call;

call! {
    /// Adds to a partner's request for temporary access and puts it up for approval.
    iam UpdateDelegationRequest Alters Resource(delegation_request_id) {
        /// Id of the request.
        delegation_request_id: Option<String> = request "delegationRequestId",
        /// Free text by whoever called.
        notes: Option<String> = request "notes",
    }
}
