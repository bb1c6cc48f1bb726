//! One request: its policies, read and put in their places, and the decision.

use anyhow::{Context, anyhow, bail};
use serde_json::value::RawValue;
use trailwarden_model::Arn;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{self, Case};
use trailwarden_policy::evaluate::{
    Caller, Compiled, Decision, Input, Outcome, Owner, Truth, evaluate,
};
use trailwarden_policy::facts::facts;

use super::context::{Keys, Scene};
use super::{Args, hints};
use crate::cli::policy::source::{self, Policy};
use crate::cli::{Exit, terminal};

/// The most levels of an organization: root, five levels of units, account.
///
/// Source: AWS Organizations User Guide, "Quotas for AWS Organizations".
const LEVELS_MAX: usize = 10;

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
            management_account: false,
            resource_in_management_account: false,
            service_linked_role: caller.is_service_linked_role(),
            aws_managed_key: false,
        };
        let mut read = Reader { policies: &mut policies };
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

/// Decides; where the ARN names no account, as with a bucket, for both owners that there can be.
fn decided(case: &Case) -> anyhow::Result<(Decision, Option<ByOwner>)> {
    let is_nameless = Arn::parse(&case.resource).is_some_and(|arn| arn.account.is_empty());
    let is_open = is_nameless && case.resource_account.is_none() && !case.wildcard_only;
    let decide = |input: &Input<'_>| {
        let own = evaluate(input);
        let Some(account) = input.request.caller.account().filter(|_| is_open) else {
            return (own, None);
        };
        let mut elsewhere = *input;
        let another = if account == "000000000000" { "000000000001" } else { "000000000000" };
        elsewhere.request.owner = Owner::Account(another);
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

/// Puts policies where a case has them, and remembers them.
struct Reader<'p> {
    policies: &'p mut Vec<Given>,
}

impl Reader<'_> {
    fn one(&mut self, key: String, kind: PolicyKind, spec: &str) -> anyhow::Result<Box<RawValue>> {
        let policy = source::load_one(spec)?;
        if !policy.open.is_empty() {
            let open = policy.open.join(", ");
            bail!(
                "{}: holds values that are known only after deployment ({open}); fill them in first",
                policy.label()
            );
        }
        if let Some(first) = policy.unread().first() {
            bail!("{first}");
        }
        for what in Compiled::new("", &policy.document, kind).not_understood() {
            terminal::warn(&format!(
                "{}: `{}` in statement {} is no condition operator known here; whether it holds is \
                 not known",
                policy.label(),
                what.operator,
                what.statement + 1
            ));
        }
        hints::warn_of_kind(&policy, kind);
        let raw = RawValue::from_string(policy.json().to_owned())
            .with_context(|| format!("{}: cannot be read", policy.label()))?;
        self.policies.push(Given { key, kind, policy });
        Ok(raw)
    }

    fn list(&mut self, kind: PolicyKind, specs: &[String]) -> anyhow::Result<Vec<Box<RawValue>>> {
        let named = specs.iter().enumerate();
        named.map(|(at, spec)| self.one(format!("{kind}[{at}]"), kind, spec)).collect()
    }

    /// `[LEVEL=]POLICY`; a level between others that nobody names has no policy, and denies.
    fn levels(
        &mut self,
        kind: PolicyKind,
        specs: &[String],
    ) -> anyhow::Result<Vec<Vec<Box<RawValue>>>> {
        let mut levels: Vec<Vec<Box<RawValue>>> = Vec::new();
        for spec in specs {
            let (level, policy) = match spec.split_once('=') {
                Some((level, policy)) if level.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let number = level.parse().ok().filter(|n| (1..=LEVELS_MAX).contains(n));
                    let number = number.with_context(|| {
                        format!(
                            "`{level}` is no level; the root is 1, and {LEVELS_MAX} are the most"
                        )
                    })?;
                    (number, policy)
                }
                _ => (1, spec.as_str()),
            };
            if levels.len() < level {
                levels.resize_with(level, Vec::new);
            }
            if let Some(own) = levels.get_mut(level - 1) {
                let key = format!("{kind}[{}][{}]", level - 1, own.len());
                own.push(self.one(key, kind, policy)?);
            }
        }
        Ok(levels)
    }
}

/// Standard input can be read once.
fn check_standard_input(args: &Args) -> anyhow::Result<()> {
    let all =
        [&args.identity_policy, &args.session_policy, &args.endpoint_policy, &args.scp, &args.rcp];
    let named = all.into_iter().flatten().chain(&args.resource_policy).chain(&args.boundary);
    if named.filter(|spec| *spec == "-" || spec.ends_with("=-")).count() > 1 {
        bail!("standard input can be given for one policy only; name files for the others");
    }
    Ok(())
}
