//! One request: its policies, read and put in their places, and the decision.

use anyhow::{Context, anyhow, bail};
use serde_json::value::RawValue;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{self, Case};
use trailwarden_policy::evaluate::{Caller, Compiled, Decision, Outcome};
use trailwarden_policy::facts::facts;
use trailwarden_policy::nearest::nearest;

use super::Args;
use super::context::Keys;
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
        let keys = Keys::of(&args.context, &caller)?;
        let mut policies = Vec::new();
        let mut case = Case {
            id: None,
            principal: principal.clone(),
            action: action.clone(),
            resource: args.resource.clone(),
            resource_account: args.resource_account.clone(),
            context: keys.known,
            context_complete: !args.incomplete_context,
            unknown_context: keys.unknown,
            identity_policies: Vec::new(),
            resource_policy: None,
            scps: Vec::new(),
            rcps: Vec::new(),
            boundary: None,
            session_policy: None,
            endpoint_policies: Vec::new(),
            wildcard_only: facts().action(action).is_some_and(|known| known.is_wildcard_only()),
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
        warn_of_names(&case);

        let decision = cases::explain(&case).map_err(|error| anyhow!(error))?;
        let absent = if case.context_complete { absent(&case, &decision)? } else { Vec::new() };
        Ok(Self { case, decision, policies, derived: keys.derived, absent })
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

/// The keys that would leave the answer open if they could be present.
fn absent(case: &Case, decision: &Decision) -> anyhow::Result<Vec<String>> {
    let open = Case { context_complete: false, ..case.clone() };
    let wider = cases::explain(&open).map_err(|error| anyhow!(error))?;
    let is_same = wider.outcome == decision.outcome;
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
            terminal::warn(&format!("{}: {what}; whether it holds is not known", policy.label()));
        }
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

/// A misspelt action is denied like any other, so say that it is not known.
fn warn_of_names(case: &Case) {
    let Some((prefix, name)) = case.action.split_once(':') else {
        return;
    };
    if name.contains(['*', '?']) {
        terminal::warn(&format!(
            "`{}` is a pattern; a request is for one action, and this is taken for its name",
            case.action
        ));
        return;
    }
    match facts().service(prefix) {
        None => terminal::warn(&format!("no service `{prefix}` is known; check the action")),
        Some(service) if facts().action_in(prefix, name).is_none() => {
            let near = nearest(name, service.actions().iter().map(|action| action.name()));
            let help = near.map_or_else(
                || "check its name, or it is newer than the table of actions".to_owned(),
                |near| format!("did you mean `{prefix}:{near}`?"),
            );
            terminal::warn(&format!("no action `{}` is known; {help}", case.action));
        }
        Some(_) if case.wildcard_only && case.resource != "*" => {
            terminal::warn(&format!("`{}` takes no resource; it is decided for `*`", case.action))
        }
        Some(_) => {}
    }
}
