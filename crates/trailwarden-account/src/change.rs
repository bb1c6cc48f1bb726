//! What one event changed: the fields, and the model before and after.

use std::sync::Arc;

use crate::fact::Proof;
use crate::identity::{Id, Kind};
use crate::model::Model;

/// What an event did to the model. The two models share all that did not change.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// The record.
    pub proof: Proof,
    /// What it set, in the order of the fold; the value may be the same as before.
    pub touched: Vec<Touched>,
    /// The account before.
    pub before: Model,
    /// The account before, with what the record shows about its caller put in: that is knowledge,
    /// and no doing of the call.
    pub informed: Model,
    /// The account after.
    pub after: Model,
}

/// One field that an event set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touched {
    /// Whose field.
    pub subject: Subject,
    /// Which field.
    pub field: Field,
    /// Which of its items: a policy's name or ARN, a key's id, a tag's key.
    pub item: Option<Arc<str>>,
}

/// What an event changed something of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Subject {
    /// A user, group, role or root.
    Identity(Kind, Id),
    /// A customer managed policy, by id.
    Policy(Id),
    /// An instance profile, by name.
    InstanceProfile(Arc<str>),
    /// An identity provider, by ARN.
    Provider(Arc<str>),
    /// An MFA device, by serial number.
    MfaDevice(Arc<str>),
    /// The account.
    Account,
    /// A policy of the organization, by id.
    OrganizationPolicy(Arc<str>),
    /// The organization.
    Organization,
    /// A permission set, by ARN.
    PermissionSet(Arc<str>),
    /// Assignments and groups of Identity Center.
    IdentityCenter,
    /// Some identity of that kind: the record does not say which.
    AnyIdentity(Kind),
    /// Some customer managed policy: the record does not say which.
    AnyPolicy,
}

/// A field of a subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Field {
    /// It was made, or deleted.
    Existence,
    /// It was seen for the first time, and may have been there long before.
    FirstSeen,
    /// Its unique id became known; the item is the provisional one of before.
    Id,
    /// Its name.
    Name,
    /// Its path.
    Path,
    /// An inline policy.
    Inline,
    /// An attached managed policy.
    Attached,
    /// The permissions boundary.
    Boundary,
    /// A user's groups.
    Groups,
    /// A group's members.
    Members,
    /// A role's trust policy.
    Trust,
    /// A role's longest session, or a permission set's.
    SessionLength,
    /// An access key.
    Keys,
    /// The console password.
    Login,
    /// An MFA device.
    Mfa,
    /// Another credential.
    Credentials,
    /// A tag.
    Tags,
    /// A policy's version.
    Version,
    /// Which version is the default.
    Default,
    /// An instance profile's role.
    Role,
    /// A provider's clients.
    Clients,
    /// A provider's certificates or metadata.
    Certificates,
    /// An account-wide setting.
    Setting,
    /// The content of an organization's policy.
    Content,
    /// What an organization's policy is attached to.
    Targets,
    /// The place of an account in the organization.
    Parent,
    /// What a permission set is in an account; the item is the account, none where that is not said.
    Provisioned,
    /// Assignments of permission sets.
    Assignments,
    /// Members of Identity Center's groups.
    Memberships,
}
