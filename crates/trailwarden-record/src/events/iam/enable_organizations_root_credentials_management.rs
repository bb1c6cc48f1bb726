//! `iam:EnableOrganizationsRootCredentialsManagement`.

use crate::call::call;

call! {
    /// Lets the management account or its delegate manage root credentials of all members.
    iam EnableOrganizationsRootCredentialsManagement Alters Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// The organization.
        organization_id: Option<String> = response "organizationId",
        /// What is switched on afterwards.
        enabled_features: Vec<String> = response "enabledFeatures",
    }
}
