//! One request: its policies, read and put in their places, and the decision.

mod reader;

use anyhow::{anyhow, bail};
use trailwarden_model::Arn;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{self, Case};
use trailwarden_policy::evaluate::{Caller, Decision, Input, Outcome, Owner, Truth, evaluate};
use trailwarden_policy::facts::facts;

use self::reader::{Reader, check_standard_input};
use super::context::{Keys, Scene};
use super::{Args, hints};
use crate::cli::Exit;
use crate::cli::policy::source::Policy;

/// A request that was decided.
pub(super) struct Simulated {
    pub(super) case: Case,
    pub(super) decision: Decision,
    pub(super) policies: Vec<Given>,
    /// Keys that the principal told.
    pub(super) derived: Vec<&'static str>,
    /// Keys that were taken as absent, and that would leave the answer open if they were not.
    pub(super) absent: Vec<String>,
    /// What the answer is in the caller's account and in another, where that makes a difference and
    /// nobody knows whose the resource is.
    pub(super) by_owner: Option<ByOwner>,
}

/// The answers for the two owners that a resource may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByOwner {
    pub(super) own: Outcome,
    pub(super) other: Outcome,
}

/// A policy of the request.
pub(super) struct Given {
    /// The name by which the evaluator knows it.
    pub(super) key: String,
    pub(super) kind: PolicyKind,
    pub(super) policy: Policy,
}

impl Simulated {
    /// Reads what the command line names, and decides.
    pub(super) fn of(args: &Args) -> anyhow::Result<Self> {
        let (Some(principal), Some(action)) = (&args.principal, &args.action) else {
            bail!("name a principal and an action, or give --cases");
        };
        check_standard_input(args)?;
        let caller = Caller::parse(principal)?;
        let known_action = facts().action(action);
        let mut policies = Vec::new();
        let mut case = Case {
            id: None,
            principal: principal.clone(),
            action: action.clone(),
            resource: args.resource.clone(),
            resource_account: args.resource_account.clone(),
            context: Default::default(),
            context_complete: !args.incomplete_context,
            unknown_context: Vec::new(),
            identity_policies: Vec::new(),
            resource_policy: None,
            scps: Vec::new(),
            rcps: Vec::new(),
            boundary: None,
            session_policy: None,
            endpoint_policies: Vec::new(),
            wildcard_only: known_action.is_some_and(|known| known.is_wildcard_only()),
            management_account: args.management_account,
            resource_in_management_account: false,
            service_linked_role: caller.is_service_linked_role(),
            aws_managed_key: false,
        };
        if args.management_account {
            case.resource_in_management_account = is_in_account_of(&caller, &case)?;
        }
        let mut read = Reader::new(&mut policies);
        case.identity_policies = read.list(PolicyKind::Identity, &args.identity_policy)?;
        case.endpoint_policies = read.list(PolicyKind::Endpoint, &args.endpoint_policy)?;
        if let Some(spec) = &args.resource_policy {
            case.resource_policy =
                Some(read.one("resource".to_owned(), PolicyKind::Resource, spec)?);
        }
        if let Some(spec) = &args.boundary {
            case.boundary = Some(read.one("boundary".to_owned(), PolicyKind::Boundary, spec)?);
        }
        if !args.session_policy.is_empty() {
            let list = read.list(PolicyKind::Session, &args.session_policy)?;
            case.session_policy = Some(serde_json::value::to_raw_value(&list)?);
        }
        case.scps = read.levels(PolicyKind::Scp, &args.scp)?;
        case.rcps = read.levels(PolicyKind::Rcp, &args.rcp)?;
        let keys = Keys::of(
            &args.context,
            &args.absent_context,
            &Scene {
                caller,
                action,
                known_action,
                resource: &case.resource,
                owner: owner(&case),
                passes_endpoint: !case.endpoint_policies.is_empty(),
                documents: policies.iter().map(|given| &given.policy.document).collect(),
            },
        )?;
        case.context = keys.known;
        case.unknown_context = keys.unknown;
        hints::warn_of_names(&case);

        let (decision, by_owner) = decided(&case)?;
        let absent = if case.context_complete { absent(&case, &decision)? } else { Vec::new() };
        Ok(Self { case, decision, policies, derived: keys.derived, absent, by_owner })
    }

    /// How the command ends.
    pub(super) fn exit(&self) -> Exit {
        match self.decision.outcome {
            Outcome::Allow => Exit::Done,
            Outcome::ExplicitDeny | Outcome::ImplicitDeny => Exit::Found,
            // By a Deny or for want of an Allow: it does not go through.
            Outcome::Unknown if self.decision.allowed.is_false() => Exit::Found,
            Outcome::Unknown => Exit::Partial,
        }
    }

    /// The policy that a statement of the decision is of.
    pub(super) fn policy(&self, key: &str) -> Option<&Policy> {
        self.policies.iter().find(|given| given.key == key).map(|given| &given.policy)
    }
}

/// The account that owns the resource, as far as the request tells.
fn owner(case: &Case) -> Option<&str> {
    case.resource_account.as_deref().or_else(|| {
        let arn = Arn::parse(&case.resource)?;
        arn.account_id().map(|_| arn.account)
    })
}

/// Whether the resource is in the account of the caller, which is the management account.
fn is_in_account_of(caller: &Caller<'_>, case: &Case) -> anyhow::Result<bool> {
    let Some(account) = caller.account() else {
        bail!(
            "`{}` is in no account, so in no management account either; leave out \
             --management-account, or name a principal that is in it",
            case.principal
        );
    };
    Ok(owner(case).is_none_or(|owner| owner == account))
}

/// An account that is not the caller's, for questions about a resource that is elsewhere.
pub(super) fn another_account(caller: &Caller<'_>) -> &'static str {
    match caller.account() {
        Some("000000000000") => "000000000001",
        _ => "000000000000",
    }
}

/// Decides; where the ARN names no account, as with a bucket, for both owners that there can be.
fn decided(case: &Case) -> anyhow::Result<(Decision, Option<ByOwner>)> {
    let is_nameless = Arn::parse(&case.resource).is_some_and(|arn| arn.account.is_empty());
    let is_open = is_nameless && case.resource_account.is_none() && !case.wildcard_only;
    let decide = |input: &Input<'_>| {
        let own = evaluate(input);
        let caller = input.request.caller;
        if !is_open || caller.account().is_none() {
            return (own, None);
        }
        let mut elsewhere = *input;
        elsewhere.request.owner = Owner::Account(another_account(&caller));
        // An organization has one management account; where that is the caller's, this is not it.
        if case.management_account {
            elsewhere.circumstances.resource_in_management_account = false;
        }
        let other = evaluate(&elsewhere);
        if own.outcome == other.outcome {
            return (own, None);
        }
        let by_owner = ByOwner { own: own.outcome, other: other.outcome };
        (merged(own, other), Some(by_owner))
    };
    cases::with_input(case, decide).map_err(|error| anyhow!(error))
}

/// What is certain for two owners that get different answers.
fn merged(own: Decision, other: Decision) -> Decision {
    let mut both = own;
    let allowed = if both.allowed == other.allowed { both.allowed } else { Truth::Unknown };
    both.outcome = Outcome::Unknown;
    both.allowed = allowed;
    both.blocked_by.clear();
    both.overruled.clear();
    both.scp_level = None;
    for deciding in other.statements {
        if !both.statements.contains(&deciding) {
            both.statements.push(deciding);
        }
    }
    both.missing_context.extend(other.missing_context);
    both.missing_context.sort();
    both.missing_context.dedup();
    for layer in other.unknown_layers {
        if !both.unknown_layers.contains(&layer) {
            both.unknown_layers.push(layer);
        }
    }
    both
}

/// The keys that would leave the answer open if they could be present.
fn absent(case: &Case, decision: &Decision) -> anyhow::Result<Vec<String>> {
    let open = Case { context_complete: false, ..case.clone() };
    let (wider, _) = decided(&open)?;
    let is_same = wider.outcome == decision.outcome
        && wider.missing_context.iter().all(|key| decision.missing_context.contains(key));
    let mut keys = if is_same { Vec::new() } else { wider.missing_context };
    keys.retain(|key| !decision.missing_context.contains(key));
    Ok(keys)
}
