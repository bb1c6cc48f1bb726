//! Users, groups, roles and the root user: what holds identity policies.
//!
//! *Identity* is IAM's word for users, groups and roles together; a group is no principal.

use std::fmt;
use std::sync::Arc;

use trailwarden_model::Timestamp;

use crate::fact::{Fact, Proof};
use crate::listing::Listing;
use crate::text::PolicyText;

/// How many former names are kept.
pub const FORMER_NAMES_MAX: usize = 32;

/// The unique id of an identity or customer policy (`AIDA...`, `AROA...`, `AGPA...`, `ANPA...`), or
/// a provisional one for what was seen only by name.
///
/// Source: IAM User Guide, "IAM identifiers": a name can be used again after a deletion, an id
/// never.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

impl Id {
    /// A unique id as AWS wrote it.
    #[must_use]
    pub fn unique(id: &str) -> Self {
        Self(id.into())
    }

    /// A stand-in until a record tells the id; the first record that named it keeps two bearers of
    /// one name apart.
    #[must_use]
    pub fn provisional(kind: &str, name: &str, first: &Proof) -> Self {
        let event = first.event_id().unwrap_or("baseline");
        Self(format!("?{kind}/{name}/{event}").into())
    }

    /// The account's root user, which has no unique id.
    #[must_use]
    pub fn root() -> Self {
        Self("root".into())
    }

    /// Whether AWS's own id is still unknown.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.0.starts_with('?')
    }

    /// What a provisional id stands for, such as `user/bob`.
    #[must_use]
    pub fn provisional_label(&self) -> Option<&str> {
        self.0.strip_prefix('?')?.rsplit_once('/').map(|(label, _)| label)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// An IAM user.
    User,
    /// An IAM group.
    Group,
    /// An IAM role.
    Role,
    /// The account's root user.
    Root,
}

impl Kind {
    /// The word in an ARN.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Root => "root",
        }
    }
}

/// A user, group, role or the root user. What a kind cannot have stays as it began: empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Id,
    /// Its name, in the case in which it was last written.
    pub name: Arc<str>,
    /// Names it had before: policies may still name the old ARN, and old sessions the old name.
    pub former_names: Vec<Arc<str>>,
    /// The path in its ARN.
    pub path: Fact<Arc<str>>,
    /// When it was made, and by which record.
    pub created: Fact<Timestamp>,
    /// Inline policies by name.
    pub inline: Listing<Arc<str>, PolicyText>,
    /// Attached managed policies by ARN.
    pub attached: Listing<Arc<str>, ()>,
    /// ARN of the permissions boundary, if it has one.
    pub boundary: Fact<Option<Arc<str>>>,
    /// Tags.
    pub tags: Listing<Arc<str>, Arc<str>>,
    /// Of a user: its groups.
    pub groups: Listing<Id, ()>,
    /// Of a group: its members.
    pub members: Listing<Id, ()>,
    /// Of a role: who may assume it.
    pub trust: Fact<PolicyText>,
    /// Of a role: the longest session in seconds.
    pub max_session: Fact<i64>,
    /// Of a service-linked role: the record that asked for its deletion, which AWS does later.
    pub leaving: Option<Proof>,
    /// Of a user or root: access keys by id.
    pub keys: Listing<Arc<str>, KeyStatus>,
    /// Of a user: the console password.
    pub login: Fact<Option<LoginProfile>>,
    /// Of a user or root: MFA devices by serial number.
    pub mfa: Listing<Arc<str>, ()>,
    /// Of a user: SSH keys, certificates and credentials for single services, by id.
    pub credentials: Listing<Arc<str>, Credential>,
    /// Of a user or root: the row of the credential report, from a baseline.
    pub reported: Fact<Reported>,
}

/// Whether a credential can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum KeyStatus {
    /// It works.
    Active,
    /// It does not until somebody activates it.
    Inactive,
    /// AWS or its age has ended it.
    Expired,
}

impl KeyStatus {
    /// Of the API's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "Active" => Some(Self::Active),
            "Inactive" => Some(Self::Inactive),
            "Expired" => Some(Self::Expired),
            _ => None,
        }
    }
}

/// A console password: that there is one, never what it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LoginProfile {
    /// Whether the next sign-in must set another; `None` when nobody said.
    pub reset_required: Option<bool>,
}

/// A credential that is no access key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credential {
    /// What kind.
    pub kind: CredentialKind,
    /// Whether it works, if known.
    pub status: Option<KeyStatus>,
}

/// Credentials of users that are no access keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum CredentialKind {
    /// An SSH key for CodeCommit.
    SshKey,
    /// An X.509 signing certificate.
    SigningCertificate,
    /// A password or key for one service.
    ServiceSpecific,
}

/// A row of the credential report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reported {
    /// `user_creation_time`: a user of the same name made at another time is another user.
    pub created: Option<Timestamp>,
    /// `password_enabled`; `None` for `not_supported`, as AWS says of root.
    pub password_enabled: Option<bool>,
    /// `mfa_active`.
    pub mfa_active: Option<bool>,
    /// Of each of the two key slots that holds a key: whether it is active.
    pub keys_active: Vec<bool>,
}

impl Identity {
    /// One that was just made: what the record does not give it, it does not have.
    #[must_use]
    pub fn made(kind: Kind, id: Id, name: &str, proof: &Proof) -> Self {
        Self {
            created: match proof.time() {
                Some(time) => Fact::known(time, proof),
                None => Fact::default(),
            },
            inline: Listing::empty(proof),
            attached: Listing::empty(proof),
            boundary: Fact::known(None, proof),
            tags: Listing::empty(proof),
            groups: Listing::empty(proof),
            members: Listing::empty(proof),
            keys: Listing::empty(proof),
            login: Fact::known(None, proof),
            mfa: Listing::empty(proof),
            credentials: Listing::empty(proof),
            ..Self::seen(kind, id, name)
        }
    }

    /// One of which only the name is known.
    #[must_use]
    pub fn seen(kind: Kind, id: Id, name: &str) -> Self {
        Self {
            kind,
            id,
            name: name.into(),
            former_names: Vec::new(),
            path: Fact::default(),
            created: Fact::default(),
            inline: Listing::default(),
            attached: Listing::default(),
            boundary: Fact::default(),
            tags: Listing::default(),
            groups: Listing::default(),
            members: Listing::default(),
            trust: Fact::default(),
            max_session: Fact::default(),
            leaving: None,
            keys: Listing::default(),
            login: Fact::default(),
            mfa: Listing::default(),
            credentials: Listing::default(),
            reported: Fact::default(),
        }
    }

    /// Whether requests can be made as it: users, roles and root, but not groups.
    #[must_use]
    pub fn is_principal(&self) -> bool {
        self.kind != Kind::Group
    }

    /// Whether AWS made the role for a service and lets nobody change it.
    #[must_use]
    pub fn is_service_linked(&self) -> bool {
        self.kind == Kind::Role
            && self.path.last_value().is_some_and(|path| path.starts_with("/aws-service-role/"))
    }

    /// Its ARN; none while the path is unknown.
    #[must_use]
    pub fn arn(&self, partition: &str, account: trailwarden_model::AccountId) -> Option<String> {
        if self.kind == Kind::Root {
            return Some(format!("arn:{partition}:iam::{account}:root"));
        }
        let (path, name) = (self.path.value()?, &self.name);
        Some(format!("arn:{partition}:iam::{account}:{}{path}{name}", self.kind.as_str()))
    }
}
