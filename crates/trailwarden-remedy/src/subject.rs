//! What a remedy is asked about: the thing that a finding names, and what is known of its state.
//!
//! The caller fills it from the finding, the account model and the baseline. Whatever stays
//! [`Known::Unknown`] or `None` makes a remedy that needs it answer [`crate::NoPlan::Unknown`].

mod parts;
mod things;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use trailwarden_model::{AccountId, Arn, Timestamp};

pub use things::{Bucket, Tag};

/// A part of the state that can be missing in AWS, or unknown to us.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Known<T> {
    /// Nobody has told.
    #[default]
    Unknown,
    /// There is none.
    Absent,
    /// This.
    Is(T),
}

/// The thing that a finding is about, and its state.
#[derive(Clone, PartialEq, Debug)]
pub struct Subject {
    /// The finding's id.
    pub finding: Option<String>,
    /// The account.
    pub account: AccountId,
    /// `aws`, `aws-cn`, `aws-us-gov`...
    pub partition: String,
    /// The instant that the state is of.
    pub time: Timestamp,
    /// Sessions that begin before are ended by plans that end sessions, and such a plan is not to
    /// be applied later: the plan's making plus the minutes that approving it takes.
    pub cutoff: Timestamp,
    /// The user, group or role.
    pub principal: Option<Principal>,
    /// The access key that the finding is about.
    pub access_key: Option<String>,
    /// The user's keys; `None` is unknown.
    pub keys: Option<BTreeMap<String, Key>>,
    /// Whether the user has a password for the console, and must change it at the next sign-in.
    pub login_profile: Known<bool>,
    /// Whether the user may change the own password; `None` is unknown.
    pub may_change_password: Option<bool>,
    /// The principal's inline policies by name; `None` is unknown.
    pub inline: Option<BTreeMap<String, String>>,
    /// Inline policies that are known, whether or not there are others.
    pub inline_seen: BTreeMap<String, String>,
    /// ARNs of the managed policies that are attached; `None` is unknown.
    pub attached: Option<BTreeSet<String>>,
    /// ARN of the permissions boundary.
    pub boundary: Known<String>,
    /// The name that a user had before a rename.
    pub name_before: Option<String>,
    /// The path that a user had before it was moved.
    pub path_before: Option<String>,
    /// The group that a membership is about.
    pub group: Option<String>,
    /// Whether the user is in it; `None` is unknown.
    pub is_member: Option<bool>,
    /// The tag that was changed.
    pub tag: Option<Tag>,
    /// The policy that the finding is about.
    pub policy: Option<Policy>,
    /// The role's trust policy.
    pub trust: Known<String>,
    /// What the finding's thing was before: the document of a policy or of a trust policy, or the
    /// ARN of a boundary.
    pub before: Known<String>,
    /// The statements at fault in the document that the finding is about, counted from 0.
    pub statements: BTreeSet<usize>,
    /// The organization's id; absent where the account is in none.
    pub organization: Known<String>,
    /// The password policy, under the parameters of `UpdateAccountPasswordPolicy`.
    pub password_policy: Known<Map<String, Value>>,
    /// The password policy before the change.
    pub password_policy_before: Known<Map<String, Value>>,
    /// The trail; absent when the account has none that records IAM.
    pub trail: Known<Trail>,
    /// The trail before the change.
    pub trail_before: Known<Trail>,
    /// Parts of the trail that are as the change left them, and of which nobody knows what was before.
    pub trail_changed: Vec<&'static str>,
    /// A bucket and its policy.
    pub bucket: Option<Bucket>,
    /// ARN of an identity provider.
    pub provider: Option<String>,
    /// What must not be touched.
    pub safety: Safety,
}

/// A user, group or role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Principal {
    /// Which of them.
    pub kind: PrincipalKind,
    /// The name.
    pub name: String,
    /// The ARN, with its path.
    pub arn: String,
}

/// A kind of principal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrincipalKind {
    /// The account's root user.
    Root,
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
}

/// An access key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Key {
    /// Whether it is active.
    pub is_active: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last used; absent is never.
    pub last_used: Known<Timestamp>,
    /// Since when it has been inactive: when its deactivation was recorded, else when it was first
    /// seen inactive.
    pub inactive_since: Option<Timestamp>,
}

/// The policy that a finding is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Policy {
    /// An inline policy of the principal, by name.
    Inline(String),
    /// A managed policy.
    Managed {
        /// Its ARN.
        arn: String,
        /// The default version; `None` is unknown.
        default: Option<String>,
        /// All versions and their documents, oldest first; a document may be unknown.
        versions: Vec<(String, Option<String>)>,
        /// The version that was the default before.
        version_before: Option<String>,
    },
}

/// A trail as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Trail {
    /// Its name.
    pub name: String,
    /// Where it must be changed.
    pub home_region: String,
    /// Where it writes.
    pub bucket: Known<String>,
    /// Under which names there; absent is none.
    pub prefix: Known<String>,
    /// The key that its files are encrypted with; absent is none.
    pub kms_key: Known<String>,
    /// Whether it records now; `None` is unknown.
    pub is_logging: Option<bool>,
    /// Whether it writes digest files.
    pub is_validated: Option<bool>,
    /// Whether it records in all regions.
    pub is_multi_region: Option<bool>,
    /// Whether it records IAM and the other global services.
    pub has_global_events: Option<bool>,
    /// Its selectors, under the parameters of `PutEventSelectors`.
    pub selectors: Known<Map<String, Value>>,
}

/// What must not be touched.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Safety {
    /// ARNs of who runs the tool: the user, or the role of the session.
    pub own: BTreeSet<String>,
    /// Whether the account has no other working administrator.
    pub is_last_administrator: bool,
    /// Whether the principal is kept for emergencies.
    pub is_break_glass: bool,
}

impl<T> Known<T> {
    /// The value, when there is one.
    #[must_use]
    pub fn is(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Unknown | Self::Absent => None,
        }
    }
}

impl Subject {
    /// One of which nothing is known but the account and the time.
    #[must_use]
    pub fn new(account: AccountId, time: Timestamp) -> Self {
        Self {
            finding: None,
            account,
            partition: "aws".to_owned(),
            time,
            cutoff: time,
            principal: None,
            access_key: None,
            keys: None,
            login_profile: Known::Unknown,
            may_change_password: None,
            inline: None,
            inline_seen: BTreeMap::new(),
            attached: None,
            boundary: Known::Unknown,
            name_before: None,
            path_before: None,
            group: None,
            is_member: None,
            tag: None,
            policy: None,
            trust: Known::Unknown,
            before: Known::Unknown,
            statements: BTreeSet::new(),
            organization: Known::Unknown,
            password_policy: Known::Unknown,
            password_policy_before: Known::Unknown,
            trail: Known::Unknown,
            trail_before: Known::Unknown,
            trail_changed: Vec::new(),
            bucket: None,
            provider: None,
            safety: Safety::default(),
        }
    }

    /// One about a user, group or role.
    #[must_use]
    pub fn of(arn: &str, time: Timestamp) -> Option<Self> {
        let principal = Principal::of(arn)?;
        let parts = Arn::parse(arn)?;
        let mut subject = Self::new(parts.account_id()?, time);
        subject.partition = parts.partition.to_owned();
        subject.principal = Some(principal);
        Some(subject)
    }
}

impl Principal {
    /// The principal of an ARN; `None` for what is no user, group, role or root user.
    #[must_use]
    pub fn of(arn: &str) -> Option<Self> {
        let parts = Arn::parse(arn)?;
        let kind = match parts.kind() {
            "root" => PrincipalKind::Root,
            "user" => PrincipalKind::User,
            "group" => PrincipalKind::Group,
            "role" => PrincipalKind::Role,
            _ => return None,
        };
        Some(Self { kind, name: parts.name().to_owned(), arn: arn.to_owned() })
    }
}

impl PrincipalKind {
    /// As the names of IAM's operations and parameters have it: `User`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "Root",
            Self::User => "User",
            Self::Group => "Group",
            Self::Role => "Role",
        }
    }

    /// In sentences: `user`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Root => "root user",
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
        }
    }
}
