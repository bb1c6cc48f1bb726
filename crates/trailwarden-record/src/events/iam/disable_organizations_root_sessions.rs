//! `iam:DisableOrganizationsRootSessions`.

use crate::call::call;

call! {
    /// Stops short root sessions into member accounts.
    iam DisableOrganizationsRootSessions Detaches Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// The organization.
        organization_id: Option<String> = response "organizationId",
        /// What is switched on afterwards.
        enabled_features: Vec<String> = response "enabledFeatures",
    }
}
