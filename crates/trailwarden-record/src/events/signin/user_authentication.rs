//! `signin:UserAuthentication`.

use crate::call::call;

call! {
    /// Signs a person in to IAM Identity Center.
    signin UserAuthentication Uses IdentityCenter(user_id) {
        /// Id of the person in the identity store.
        user_id: Option<String> =
            record "userIdentity.onBehalfOf.userId" or record "userIdentity.principalId",
        /// The page behind the sign-in.
        login_to: Option<String> = record "additionalEventData.LoginTo",
        /// What the person signed in with.
        credential_type: Option<String> = record "additionalEventData.CredentialType",
        /// Joins the records of one sign-in.
        workflow_id: Option<String> = record "additionalEventData.AuthWorkflowID",
        /// `Success` or `Failure`.
        result: Option<String> = record "serviceEventDetails.UserAuthentication",
    }
}
