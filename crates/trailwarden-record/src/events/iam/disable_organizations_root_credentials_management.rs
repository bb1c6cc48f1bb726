//! `iam:DisableOrganizationsRootCredentialsManagement`.

use crate::call::call;

call! {
    /// Stops managing the root credentials of member accounts from the centre.
    iam DisableOrganizationsRootCredentialsManagement Detaches Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// The organization.
        organization_id: Option<String> = response "organizationId",
        /// What is switched on afterwards.
        enabled_features: Vec<String> = response "enabledFeatures",
    }
}
