//! What is asked, and the policies it is asked of.

use trailwarden_model::{AccountId, Arn};

use super::caller::Caller;
use super::compile::Compiled;
use super::context::Context;
use super::decision::{Layer, Layers};

/// One call: who does what to which resource, under which circumstances.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: Caller<'a>,
    /// `service:Name`, in any case.
    pub action: &'a str,
    /// An ARN, or `*` for a call that names no resource.
    pub resource: &'a str,
    /// Who owns the resource.
    pub owner: Owner<'a>,
    /// The condition keys.
    pub context: &'a Context,
    /// The action has no resource type, so that it is decided for `*` whatever `resource` says.
    ///
    /// Source: IAM User Guide, "IAM JSON policy elements: Resource".
    pub is_wildcard_only: bool,
}

/// The account that a resource belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// The caller's own.
    Caller,
    /// This one.
    Account(&'a str),
    /// Not known, as with a bucket whose ARN names no account.
    Unknown,
}

impl<'a> Request<'a> {
    /// A request whose resource belongs to the account in its ARN, else to the caller's.
    pub fn new(
        caller: Caller<'a>,
        action: &'a str,
        resource: &'a str,
        context: &'a Context,
    ) -> Self {
        let owner = Owner::of(resource);
        Self { caller, action, resource, owner, context, is_wildcard_only: false }
    }

    /// What the policies are asked about.
    pub(super) fn resource(&self) -> &'a str {
        if self.is_wildcard_only { "*" } else { self.resource }
    }

    /// The service part of the action.
    pub(super) fn service(&self) -> &'a str {
        self.action.split_once(':').map_or(self.action, |(service, _)| service)
    }

    /// Whether this is the action, in any case.
    pub(super) fn is(&self, action: &str) -> bool {
        self.action.eq_ignore_ascii_case(action)
    }
}

impl<'a> Owner<'a> {
    /// The account in an ARN; without one, the caller's. What AWS itself owns, such as managed
    /// policies, is at hand in every account.
    pub fn of(resource: &'a str) -> Self {
        match Arn::parse(resource).map(|arn| arn.account) {
            None | Some("" | "aws" | "*") => Owner::Caller,
            Some(account) => Owner::Account(account),
        }
    }

    /// An account by its twelve digits; `aws` is at hand in every account.
    pub fn of_account(account: &'a str) -> Option<Self> {
        match account {
            "aws" => Some(Owner::Caller),
            _ => AccountId::parse(account).map(|_| Owner::Account(account)),
        }
    }
}

/// A request and everything that has a say in it. Levels of SCPs and RCPs begin at the root.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What is asked.
    pub request: Request<'a>,
    /// Identity policies of the caller: his own and those of his groups.
    pub identity: &'a [Compiled],
    /// The policy of the resource; for a role, its trust policy.
    pub resource: Option<&'a Compiled>,
    /// The permissions boundary; empty for none.
    pub boundary: &'a [Compiled],
    /// Policies passed when the session began; empty for none.
    pub session: &'a [Compiled],
    /// SCPs by level; empty when the account is in no organization. A level without any denies.
    pub scps: &'a [Vec<Compiled>],
    /// RCPs by level, of the account that owns the resource. AWS's own that allows everything is
    /// implied.
    pub rcps: &'a [Vec<Compiled>],
    /// The policy of the VPC endpoint that the request passes; empty for none.
    pub endpoint: &'a [Compiled],
    /// What exempts from some of them.
    pub circumstances: Circumstances,
    /// Layers that hold more policies than are given, nobody knows which.
    pub unknown: Layers,
}

/// What exempts a request from organization policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances {
    /// The caller is in the management account: SCPs do not restrict it.
    pub caller_in_management_account: bool,
    /// The resource is in the management account: RCPs do not restrict it.
    pub resource_in_management_account: bool,
    /// The caller is a service-linked role: neither SCPs nor RCPs restrict it.
    pub service_linked_role: bool,
    /// The resource is a KMS key that AWS manages: RCPs do not restrict it.
    pub aws_managed_key: bool,
}

impl<'a> Input<'a> {
    /// A request that no policy says anything about.
    pub fn new(request: Request<'a>) -> Self {
        Self {
            request,
            identity: &[],
            resource: None,
            boundary: &[],
            session: &[],
            scps: &[],
            rcps: &[],
            endpoint: &[],
            circumstances: Circumstances::default(),
            unknown: Layers::default(),
        }
    }

    /// Whether a layer holds more than is given.
    pub(super) fn is_unknown(&self, layer: Layer) -> bool {
        self.unknown.contains(layer)
    }
}
