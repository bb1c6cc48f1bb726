//! IAM Identity Center: permission sets, who is assigned them where, and groups of its directory.

use std::collections::BTreeSet;
use std::sync::Arc;

use rpds::RedBlackTreeMapSync as Map;

use crate::fact::Fact;
use crate::listing::Listing;
use crate::text::PolicyText;

/// What is known of Identity Center.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IdentityCenter {
    /// Permission sets by ARN.
    pub permission_sets: Map<Arc<str>, Arc<PermissionSet>>,
    /// The sets as they were when they were last brought into an account.
    ///
    /// Source: IAM Identity Center API Reference, `CreateAccountAssignment`: an assignment brings the
    /// set into the account, and what is edited later counts there only after `ProvisionPermissionSet`.
    pub provisioned: Map<InAccount, Arc<PermissionSet>>,
    /// Who has which permission set in which account.
    pub assignments: Listing<Assignment, ()>,
    /// Members of the directory's groups. The call that takes one off names the membership only, so
    /// its id is kept.
    pub memberships: Listing<Membership, Option<Arc<str>>>,
}

/// ARN of a permission set and an account.
pub type InAccount = (Arc<str>, Arc<str>);

/// Group id and user id.
pub type Membership = (Arc<str>, Arc<str>);

/// A permission set: a role that Identity Center makes in each account where somebody has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name; the roles are called `AWSReservedSSO_NAME_...`.
    pub name: Fact<Arc<str>>,
    /// Its inline policy, if it has one.
    pub inline: Fact<Option<PolicyText>>,
    /// ARNs of AWS managed policies.
    pub managed: Listing<Arc<str>, ()>,
    /// Customer policies by path and name, looked up in each account.
    pub customer: Listing<Arc<str>, ()>,
    /// Its boundary: the ARN of a policy of AWS, or the path and name of a customer policy.
    pub boundary: Fact<Option<Arc<str>>>,
    /// Length of sessions, as `PT8H`.
    pub session_duration: Fact<Arc<str>>,
}

/// One assignment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Assignment {
    /// ARN of the permission set.
    pub permission_set: Arc<str>,
    /// `USER` or `GROUP`.
    pub principal_type: Arc<str>,
    /// Id in the directory.
    pub principal: Arc<str>,
    /// The account.
    pub account: Arc<str>,
}

impl IdentityCenter {
    /// Accounts where somebody is known to have a permission set, each once.
    pub fn assigned(&self, set: &str) -> BTreeSet<Arc<str>> {
        let of_set = self.assignments.keys().filter(|one| *one.permission_set == *set);
        of_set.map(|one| one.account.clone()).collect()
    }

    /// Accounts where a permission set is known to be, or to have somebody who has it.
    pub fn accounts_of(&self, set: &str) -> BTreeSet<Arc<str>> {
        let mut accounts = self.assigned(set);
        let brought = self.provisioned.keys().filter(|(own, _)| **own == *set);
        accounts.extend(brought.map(|(_, account)| account.clone()));
        accounts
    }
}

impl PermissionSet {
    /// Whether it was seen from the start, so that nobody had it before.
    #[must_use]
    pub fn is_made_in_sight(&self) -> bool {
        self.managed.is_complete()
    }
}
