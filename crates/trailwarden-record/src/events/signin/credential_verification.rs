//! `signin:CredentialVerification`.

use crate::call::call;

call! {
    /// Checks one credential of a person who signs in to IAM Identity Center.
    signin CredentialVerification Uses IdentityCenter(user_id) {
        /// Id of the person in the identity store.
        user_id: Option<String> =
            record "userIdentity.onBehalfOf.userId" or record "userIdentity.principalId",
        /// What was checked: password, code, security key.
        credential_type: Option<String> = record "additionalEventData.CredentialType",
        /// Joins the records of one sign-in.
        workflow_id: Option<String> = record "additionalEventData.AuthWorkflowID",
        /// `Success` or `Failure`.
        result: Option<String> = record "serviceEventDetails.CredentialVerification",
    }
}
