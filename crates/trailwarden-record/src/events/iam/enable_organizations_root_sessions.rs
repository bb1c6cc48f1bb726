//! `iam:EnableOrganizationsRootSessions`.

use crate::call::call;

call! {
    /// Lets the management account or its delegate act as root in member accounts.
    ///
    /// It is the step before `sts:AssumeRoot`.
    iam EnableOrganizationsRootSessions Alters Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// The organization.
        organization_id: Option<String> = response "organizationId",
        /// What is switched on afterwards.
        enabled_features: Vec<String> = response "enabledFeatures",
    }
}
