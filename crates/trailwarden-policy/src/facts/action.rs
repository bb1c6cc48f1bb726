//! What is known of one action. It borrows from the unpacked table, which lives as long as the
//! program.

use std::fmt;
use std::ops::Range;

use super::service::{ConditionKey, ResourceType, Service, keys, slice};
use super::{facts, judgement};

/// The number of a known action: dense, in the order of the table, and good only for the table of
/// this program; never to be stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId(pub(super) u32);

impl ActionId {
    /// The place in [`super::Facts::actions`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The action.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "numbers are made only from the table of this program, which never shrinks"
    )]
    pub fn action(self) -> &'static Action {
        &facts().actions()[self.index()]
    }
}

impl fmt::Debug for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.action().full_name(), self.0)
    }
}

/// The access level of an action.
///
/// Source: IAM User Guide, "Access levels in policy summaries".
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Lists what there is, without its content.
    List,
    /// Reads, without changing anything.
    Read,
    /// Changes tags only.
    Tagging,
    /// Creates, changes or deletes.
    Write,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl Level {
    /// The name as AWS writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Tagging => "Tagging",
            Self::Write => "Write",
            Self::PermissionsManagement => "Permissions management",
        }
    }

    /// Whether the action changes something.
    #[must_use]
    pub fn is_mutating(self) -> bool {
        matches!(self, Self::Tagging | Self::Write | Self::PermissionsManagement)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One action.
#[derive(Debug)]
pub struct Action {
    pub(super) id: ActionId,
    pub(super) full_name: &'static str,
    pub(super) service: u16,
    pub(super) level: Level,
    pub(super) our_level: Level,
    pub(super) reads_data: bool,
    pub(super) issues_credentials: bool,
    pub(super) types: Range<u32>,
    pub(super) keys: Range<u32>,
    pub(super) dependent: &'static str,
}

impl Action {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> ActionId {
        self.id
    }

    /// Prefix and name, spelled as AWS does: `iam:PassRole`.
    #[must_use]
    pub fn full_name(&self) -> &'static str {
        self.full_name
    }

    /// The name without the prefix: `PassRole`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.full_name.split_once(':').map_or("", |(_, name)| name)
    }

    /// The service's prefix: `iam`.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.full_name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The service.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "written by the reader from the same list")]
    pub fn service(&self) -> &'static Service {
        &facts().services()[usize::from(self.service)]
    }

    /// The access level by AWS's own flag, which calls `iam:PassRole` a plain write.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The access level as we judge it: AWS's own, except for the actions listed in
    /// `facts/judgement.rs`.
    #[must_use]
    pub fn our_level(&self) -> Level {
        self.our_level
    }

    /// Whether it hands out what people keep in the service (objects, rows, secrets, messages,
    /// logs), rather than what the service knows about itself. Judged in `facts/judgement.rs`.
    #[must_use]
    pub fn reads_data(&self) -> bool {
        self.reads_data
    }

    /// Whether its answer is a credential or a way to sign in. Judged in `facts/judgement.rs`.
    #[must_use]
    pub fn issues_credentials(&self) -> bool {
        self.issues_credentials
    }

    /// Why we judge it as we do, with the page; nothing when only AWS's word counts.
    pub fn judgements(&self) -> impl Iterator<Item = &'static str> {
        judgement::reasons(self.prefix(), self.name())
    }

    /// The resource types it works on.
    pub fn resource_types(&self) -> impl Iterator<Item = &'static TypeUse> {
        slice(&facts().uses, &self.types).iter()
    }

    /// Whether no resource can be named: only `"Resource": "*"` covers it.
    #[must_use]
    pub fn is_wildcard_only(&self) -> bool {
        self.types.is_empty()
    }

    /// The condition keys of the action itself; [`TypeUse::condition_keys`] and
    /// [`ResourceType::condition_keys`] add to them. Global keys are there only where the service's
    /// page names them.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'static ConditionKey> {
        keys(&self.keys)
    }

    /// What the caller must be allowed besides, as the service's page writes it.
    pub fn dependent_names(&self) -> impl Iterator<Item = &'static str> {
        self.dependent.split(' ').filter(|name| !name.is_empty())
    }

    /// The same as actions; those that the table does not know are left out.
    pub fn dependent_actions(&self) -> impl Iterator<Item = &'static Action> {
        self.dependent_names().filter_map(|name| facts().action(name))
    }
}

/// A resource type as one action uses it.
#[derive(Debug)]
pub struct TypeUse {
    pub(super) kind: u32,
    pub(super) is_required: bool,
    pub(super) keys: Range<u32>,
}

impl TypeUse {
    /// The resource type.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "checked by the reader against the same list")]
    pub fn resource_type(&self) -> &'static ResourceType {
        &facts().types[self.kind as usize]
    }

    /// Whether AWS marks it as required. An action with types but none required takes one of them.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.is_required
    }

    /// The condition keys that apply when the action is used on this type.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'static ConditionKey> {
        keys(&self.keys)
    }
}
