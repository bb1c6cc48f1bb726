//! `iam:CreateDelegationRequest`.

use crate::call::call;

call! {
    /// Asks an account for temporary access on behalf of a partner product.
    iam CreateDelegationRequest Creates Resource(delegation_request_id or requestor_workflow_id) {
        /// Id of the new request.
        delegation_request_id: Option<String> = response "delegationRequestId",
        /// The partner's own name for the request.
        requestor_workflow_id: Option<String> = request "requestorWorkflowId",
        /// The account that is asked.
        owner_account_id: Option<String> = request "ownerAccountId",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// What the partner tells the account.
        request_message: Option<String> = request "requestMessage",
        /// Where the browser goes after the answer.
        redirect_url: Option<String> = request "redirectUrl",
        /// Longest session, such as `PT8H`; for a delegation in seconds.
        session_duration: Option<i64> = request "sessionDuration",
        /// Whether only the owner may hand out the token.
        only_send_by_owner: Option<bool> = request "onlySendByOwner",
        /// ARN of the template that holds the permissions asked for.
        policy_template_arn: Option<String> = request "permissions.policyTemplateArn",
    }
}
