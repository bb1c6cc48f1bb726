//! How a typed call is declared: one macro, one file for each event under `events/`.
//!
//! A call's fields are all optional: a denied call has no parameters, a large one has them omitted,
//! and a record may be older or newer than this table.

mod field;

use sonic_rs::Value;
use trailwarden_model::finding::Party;

use crate::caller::Caller;
use crate::{json, names};

pub(crate) use field::document;
pub use field::{Field, Tag};

/// What a call's fields are read from.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The whole record.
    pub record: &'a Value,
    /// Who called: IAM lets `userName` be absent, meaning the caller's own user.
    pub caller: &'a Caller,
}

impl Parts<'_> {
    /// The caller's own user, for calls whose `userName` may be left out.
    ///
    /// `None` when the call was refused without parameters: CloudTrail drops them then, so their
    /// absence says nothing about whom the caller meant.
    pub fn own_user(&self) -> Option<String> {
        let code = json::text(self.record, "errorCode").unwrap_or_default();
        if names::denies(code) && json::at(self.record, "requestParameters").is_none() {
            return None;
        }
        self.caller.own_user()
    }
}

/// The kind of thing a call acts on; its word is the `kind` of a finding's target.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum TargetKind {
    /// An IAM user.
    User,
    /// An IAM group.
    Group,
    /// An IAM role.
    Role,
    /// A managed policy, by ARN or name.
    Policy,
    /// An instance profile.
    InstanceProfile,
    /// An access key, by id.
    AccessKey,
    /// An MFA device, by serial number.
    MfaDevice,
    /// A SAML or OpenID Connect provider, by ARN, URL or name.
    IdentityProvider,
    /// A server or signing certificate, an SSH key, a service-specific credential.
    Credential,
    /// The account itself: password policy, aliases, account-wide switches.
    Account,
    /// A CloudTrail trail, event data store or channel.
    Trail,
    /// An organization, its policies, units and handshakes.
    Organization,
    /// A permission set, assignment, directory or group of IAM Identity Center.
    IdentityCenter,
    /// A trust anchor, profile or revocation list of IAM Roles Anywhere.
    TrustAnchor,
    /// Anything else, by its most telling parameter.
    Resource,
}

impl TargetKind {
    /// The word used in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::InstanceProfile => "instance_profile",
            Self::AccessKey => "access_key",
            Self::MfaDevice => "mfa_device",
            Self::IdentityProvider => "identity_provider",
            Self::Credential => "credential",
            Self::Account => "account",
            Self::Trail => "trail",
            Self::Organization => "organization",
            Self::IdentityCenter => "identity_center",
            Self::TrustAnchor => "trust_anchor",
            Self::Resource => "resource",
        }
    }
}

/// What a call acts on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its kind.
    pub kind: TargetKind,
    /// Its name, ARN or id as the call gave it; `None` when the record does not say.
    pub name: Option<String>,
}

impl Target {
    /// As a finding shows it: an ARN also gives its name and account.
    pub fn party(&self) -> Party {
        let mut party = Party { kind: Some(self.kind.as_str().to_owned()), ..Party::default() };
        let Some(name) = &self.name else { return party };
        match trailwarden_model::Arn::parse(name) {
            Some(arn) => {
                party.name = Some(arn.name().to_owned());
                party.account = arn.account_id().map(|account| account.to_string());
                party.arn = Some(name.clone());
            }
            None => party.name = Some(name.clone()),
        }
        if self.kind == TargetKind::AccessKey {
            party.access_key = party.name.clone();
        }
        party
    }
}

/// Whether and how a call changes things.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Change {
    /// Makes something that did not exist.
    Creates,
    /// Alters, adds to or attaches to something.
    Alters,
    /// Uses something: issues a session, signs in, sends a token.
    Uses,
    /// Detaches, deactivates or takes something off.
    Detaches,
    /// Deletes something.
    Deletes,
}

/// A typed call.
pub trait TypedCall: Sized {
    /// `iam`, `sts`...
    const SERVICE: &'static str;
    /// `PutGroupPolicy`...
    const NAME: &'static str;
    /// What the call does, in one sentence.
    const SUMMARY: &'static str;
    /// The kind of thing it acts on.
    const TARGET: TargetKind;
    /// What kind of change it makes.
    const CHANGE: Change;
    /// Reads the call's fields; total.
    fn decode(parts: Parts<'_>) -> Self;
    /// What it acts on.
    fn target(&self) -> Target;
}

/// What is known about a typed call without a record at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallInfo {
    /// `iam`, `sts`...
    pub service: &'static str,
    /// `PutGroupPolicy`...
    pub name: &'static str,
    /// What kind of change it makes.
    pub change: Change,
    /// The kind of thing it acts on.
    pub target: TargetKind,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

impl CallInfo {
    /// Of one typed call.
    pub const fn of<C: TypedCall>() -> Self {
        Self {
            service: C::SERVICE,
            name: C::NAME,
            change: C::CHANGE,
            target: C::TARGET,
            summary: C::SUMMARY.trim_ascii(),
        }
    }
}

/// Declares a typed call. See `events/iam/put_group_policy.rs` for a plain example and
/// `events/iam/create_access_key.rs` for one whose user may be left out.
///
/// The header line reads: service (quoted when it has a dash), event name, [`Change`], and
/// [`TargetKind`] with the field that names the target (several joined by `or`, or `none`). The
/// first line of the documentation is the summary, one sentence.
///
/// Each field names its source: `request "path"`, `response "path"`, `record "path"` (the whole
/// record), `document "path"` (the whole record, as JSON text), several joined by `or`, and
/// `or caller` for "the caller's own user when absent".
macro_rules! call {
    (
        @ $service:expr;
        #[doc = $summary:literal]
        $(#[doc = $doc:literal])*
        $name:ident $change:ident $kind:ident($($target:ident) or +) {
            $( $(#[doc = $field_doc:literal])+ $field:ident: $type:ty = $($source:ident $($path:literal)?) or+, )*
        }
    ) => {
        #[doc = $summary]
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        pub struct $name {
            $( $(#[doc = $field_doc])+ pub $field: $type, )*
        }

        impl $crate::call::TypedCall for $name {
            const SERVICE: &'static str = $service;
            const NAME: &'static str = stringify!($name);
            const SUMMARY: &'static str = $summary;
            const TARGET: $crate::call::TargetKind = $crate::call::TargetKind::$kind;
            const CHANGE: $crate::call::Change = $crate::call::Change::$change;

            fn decode(parts: $crate::call::Parts<'_>) -> Self {
                let _ = parts;
                Self {
                    $( $field: $crate::call::read!(parts, $type, $($source $($path)?) or+), )*
                }
            }

            fn target(&self) -> $crate::call::Target {
                $crate::call::Target {
                    kind: $crate::call::TargetKind::$kind,
                    name: $crate::call::name_of!(self, $($target) or +),
                }
            }
        }
    };
    ($(#[doc = $doc:literal])+ $service:ident $($rest:tt)+) => {
        $crate::call::call! { @ stringify!($service); $(#[doc = $doc])+ $($rest)+ }
    };
    ($(#[doc = $doc:literal])+ $service:literal $($rest:tt)+) => {
        $crate::call::call! { @ $service; $(#[doc = $doc])+ $($rest)+ }
    };
}

/// Reads one field from its sources, the first that holds something.
macro_rules! read {
    ($parts:ident, $type:ty, $source:ident $($path:literal)?) => {
        $crate::call::read_one!($parts, $type, $source $($path)?)
    };
    ($parts:ident, $type:ty, $source:ident $($path:literal)? or $($rest:tt)+) => {
        $crate::call::Field::or(
            $crate::call::read_one!($parts, $type, $source $($path)?),
            || $crate::call::read!($parts, $type, $($rest)+),
        )
    };
}

macro_rules! read_one {
    ($parts:ident, $type:ty, request $path:literal) => {
        <$type as $crate::call::Field>::read($parts.record, concat!("requestParameters.", $path))
    };
    ($parts:ident, $type:ty, response $path:literal) => {
        <$type as $crate::call::Field>::read($parts.record, concat!("responseElements.", $path))
    };
    ($parts:ident, $type:ty, record $path:literal) => {
        <$type as $crate::call::Field>::read($parts.record, $path)
    };
    ($parts:ident, $type:ty, document $path:literal) => {
        $crate::call::document($parts.record, $path)
    };
    ($parts:ident, $type:ty, caller) => {
        $parts.own_user()
    };
}

/// The target's name: the first field that holds something, or `none` for calls that name nothing.
macro_rules! name_of {
    ($self:ident, none) => {
        None
    };
    ($self:ident, $field:ident) => {
        $self.$field.clone()
    };
    ($self:ident, $field:ident or $($rest:ident)or +) => {
        $self.$field.clone().or_else(|| $crate::call::name_of!($self, $($rest) or +))
    };
}

pub(crate) use {call, name_of, read, read_one};
