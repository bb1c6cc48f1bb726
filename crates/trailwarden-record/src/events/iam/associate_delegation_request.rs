//! `iam:AssociateDelegationRequest`.

use crate::call::call;

call! {
    /// Takes ownership of a partner's request for temporary access.
    ///
    /// A request made without an owner account can be taken by any account that knows its id.
    iam AssociateDelegationRequest Alters Resource(delegation_request_id) {
        /// Id of the request.
        delegation_request_id: Option<String> = request "delegationRequestId",
    }
}
