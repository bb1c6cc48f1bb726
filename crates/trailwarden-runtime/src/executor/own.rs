//! Whether a plan takes access away from who runs it, who could then not take it back.
//!
//! What a plan's file says of its steps counts for nothing: what a step takes follows from its call and
//! its parameters ([`taking`]).
//!
//! # Invariants
//! - What is not known of the caller counts as "may be", never as "is not".

mod buckets;

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_aws::Identity;
use trailwarden_model::Arn;
use trailwarden_remedy::calls::{Taking, taking};
use trailwarden_remedy::plan::foreseen::Strike;
use trailwarden_remedy::plan::{Argument, Input};
use trailwarden_remedy::{Plan, Step};

use super::look::Look;
use super::{Options, Refusal, World};

/// So many reasons for a doubt are told.
const DOUBTS_MAX: usize = 3;

/// Who runs it, by the names that IAM's calls use.
enum Own<'a> {
    User(&'a str),
    Role(&'a str),
    /// The root user.
    Root,
    /// Somebody whose permissions come from a user or role that the ARN does not name, such as a
    /// federated session.
    Unknown,
}

/// Parameters that name whom a step is about.
const NAMES: [&str; 5] =
    ["GroupName", "OpenIDConnectProviderArn", "RoleName", "SAMLProviderArn", "UserName"];

const WHOSE: &str =
    "whose permissions the caller has is not known; use the credentials of a user or a role";

/// Refuses a plan that takes access away from the caller, and one of which that is not known unless
/// somebody accepted it: then it says why it was not.
///
/// The root user is spared: no policy of IAM binds him, and no call of a plan takes his credentials ("AWS
/// account root user", IAM User Guide).
///
/// # Errors
/// The steps that do, or why it is not known.
pub(super) fn refuse(
    world: &dyn World,
    plan: &Plan,
    caller: &Identity,
    options: Options,
) -> Result<Vec<String>, Refusal> {
    let own = own(&caller.arn);
    if matches!(own, Own::Root) {
        return Ok(Vec::new());
    }
    let mut holdings = Holdings { look: Look::new(world), own: &own };
    let mut doubts = Vec::new();
    let hit = |steps: Vec<String>| Refusal::OwnIdentity { steps, caller: caller.arn.clone() };
    let mut hitting = Vec::new();
    for step in plan.steps.iter().filter(|step| taking(step) == Taking::Access) {
        match is_hit(step, &own, &mut holdings) {
            Ok(true) => hitting.push(step.id.clone()),
            Ok(false) => {}
            Err(cause) => doubts.push(cause),
        }
    }
    if !hitting.is_empty() {
        return Err(hit(hitting));
    }
    match foreseen(plan, caller, &own, &mut holdings) {
        Strike::Hits => return Err(hit(Vec::new())),
        Strike::Spares => {}
        Strike::Unknown(causes) => doubts.extend(causes),
    }
    let mut seen = BTreeSet::new();
    doubts.retain(|doubt| seen.insert(doubt.clone()));
    let more = doubts.len().saturating_sub(DOUBTS_MAX);
    doubts.truncate(DOUBTS_MAX);
    if more > 0 {
        let reasons = if more == 1 { "reason" } else { "reasons" };
        doubts.push(format!("and {more} more {reasons}"));
    }
    if doubts.is_empty() || options.accept_unknown {
        return Ok(doubts);
    }
    Err(Refusal::OwnUnknown { caller: caller.arn.clone(), cause: doubts.join("; ") })
}

/// What was foreseen of the plan for the caller.
fn foreseen(plan: &Plan, caller: &Identity, own: &Own<'_>, holdings: &mut Holdings<'_>) -> Strike {
    let account = caller.account.to_string();
    let takes = |step: &&Step| may_take(step, own, &account);
    let taking: BTreeSet<&str> =
        plan.steps.iter().filter(takes).map(|step| step.id.as_str()).collect();
    let Some(effect) = &plan.preview.effect else {
        return match taking.is_empty() {
            false => {
                Strike::Unknown(vec!["what the plan does to access was not worked out".to_owned()])
            }
            true => Strike::Spares,
        };
    };
    // Of steps that take nothing away, what is not known is who gains how much.
    let mut effect = effect.clone();
    effect.not_foreseen.retain(|one| taking.contains(one.step.as_str()));
    if taking.is_empty() {
        effect.unknowns.clear();
    }
    if effect.is_nothing() {
        return Strike::Spares;
    }
    match holdings.arn(caller) {
        Ok(arn) => effect.strikes(&arn),
        Err(cause) => Strike::Unknown(vec![cause]),
    }
}

/// "IAM identifiers" (IAM User Guide): paths stand before names, and sessions of roles have none.
fn own(arn: &str) -> Own<'_> {
    let Some(arn) = Arn::parse(arn) else { return Own::Unknown };
    match arn.resource.split_once('/') {
        Some(("user", rest)) => Own::User(rest.rsplit('/').next().unwrap_or(rest)),
        Some(("assumed-role", rest)) => Own::Role(rest.split('/').next().unwrap_or(rest)),
        None if arn.resource == "root" => Own::Root,
        _ => Own::Unknown,
    }
}

/// Whether a step may take something away from the caller that no preview shows for certain.
fn may_take(step: &Step, own: &Own<'_>, account: &str) -> bool {
    if let Some(is_spared) = buckets::spares(step, account) {
        return !is_spared;
    }
    match (step.service.as_str(), step.operation.as_str()) {
        // Old passwords expire, which only users have.
        ("iam", "UpdateAccountPasswordPolicy" | "DeleteAccountPasswordPolicy") => {
            !matches!(own, Own::Role(_))
        }
        _ => taking(step) != Taking::Nothing,
    }
}

fn is_hit(step: &Step, own: &Own<'_>, holdings: &mut Holdings<'_>) -> Result<bool, String> {
    let named = |name: &str| step.input.get(name).and_then(Argument::as_str);
    let is = |name: &str, own: &str| named(name).is_some_and(|it| it.eq_ignore_ascii_case(own));
    // What AWS will answer to an earlier step may be any name.
    let is_open = |name: &str| step.input.contains_key(name) && named(name).is_none();
    let is_anybody = NAMES.iter().any(|name| is_open(name));
    match own {
        Own::Root => return Ok(false),
        _ if is_anybody => return Err(format!("whom step {} is about", step.id)),
        Own::User(own) if is("UserName", own) => return Ok(true),
        Own::Role(own) if is("RoleName", own) => return Ok(true),
        Own::Unknown => return Err(WHOSE.to_owned()),
        Own::User(_) | Own::Role(_) => {}
    }
    if named("UserName").is_some() || named("RoleName").is_some() {
        return Ok(false);
    }
    if let Some(group) = named("GroupName") {
        let groups = holdings.groups()?;
        return Ok(groups.iter().any(|own| own.eq_ignore_ascii_case(group)));
    }
    // Whoever signs in by a provider cannot do so again without it.
    let provider = named("SAMLProviderArn").or_else(|| named("OpenIDConnectProviderArn"));
    if let Some(provider) = provider {
        return holdings.is_entered_by(provider);
    }
    // A managed policy counts for all who hold it.
    match named("PolicyArn") {
        Some(policy) => Ok(holdings.policies()?.contains(policy)),
        None if is_open("PolicyArn") => Err(format!("which policy step {} is about", step.id)),
        None => Ok(false),
    }
}

/// What the caller is a member of and holds, asked when it matters.
struct Holdings<'a> {
    look: Look<'a>,
    own: &'a Own<'a>,
}

impl Holdings<'_> {
    /// The caller as policies and plans name it: a role rather than its session.
    fn arn(&mut self, caller: &Identity) -> Result<String, String> {
        let name = match self.own {
            Own::User(_) | Own::Root => return Ok(caller.arn.clone()),
            Own::Unknown => return Err(WHOSE.to_owned()),
            Own::Role(name) => *name,
        };
        let role = self.described("Role", name)?;
        let arn = role.get("Arn").and_then(Value::as_str);
        arn.map(str::to_owned).ok_or_else(|| "the ARN of the caller's role is not known".to_owned())
    }

    /// Whether the caller's role may be entered by way of an identity provider.
    fn is_entered_by(&mut self, provider: &str) -> Result<bool, String> {
        let Own::Role(name) = self.own else { return Ok(false) };
        let role = self.described("Role", name)?;
        let trust = role.get("AssumeRolePolicyDocument");
        let trust = trust.ok_or("who may enter the caller's role is not known")?;
        Ok(trust.to_string().contains(provider))
    }

    /// What AWS says of the caller.
    fn described(&mut self, kind: &str, name: &str) -> Result<Value, String> {
        let input: Input = [(format!("{kind}Name"), name.into())].into();
        let answer = self.look.ask(&format!("iam:Get{kind}"), None, &input);
        let told = answer.body().and_then(|body| body.get(kind)).cloned();
        told.ok_or_else(|| answer.why_not().unwrap_or_else(|| not_there(name)))
    }

    fn groups(&mut self) -> Result<BTreeSet<String>, String> {
        match self.own {
            Own::User(name) => {
                self.listed("ListGroupsForUser", ("UserName", name), "Groups", "GroupName")
            }
            Own::Role(_) | Own::Root | Own::Unknown => Ok(BTreeSet::new()),
        }
    }

    /// The managed policies that give the caller something, or bound it.
    fn policies(&mut self) -> Result<BTreeSet<String>, String> {
        let (kind, name) = match self.own {
            Own::User(name) => ("User", *name),
            Own::Role(name) => ("Role", *name),
            Own::Root | Own::Unknown => return Ok(BTreeSet::new()),
        };
        let parameter = format!("{kind}Name");
        let attached = |holdings: &mut Self, kind: &str, with: (&str, &str)| {
            let api = format!("ListAttached{kind}Policies");
            holdings.listed(&api, with, "AttachedPolicies", "PolicyArn")
        };
        let mut policies = attached(self, kind, (&parameter, name))?;
        for group in self.groups()? {
            policies.extend(attached(self, "Group", ("GroupName", &group))?);
        }
        let told = self.described(kind, name)?;
        let boundary = told.pointer("/PermissionsBoundary/PermissionsBoundaryArn");
        policies.extend(boundary.and_then(Value::as_str).map(str::to_owned));
        Ok(policies)
    }

    fn listed(
        &mut self,
        operation: &str,
        with: (&str, &str),
        list: &str,
        member: &str,
    ) -> Result<BTreeSet<String>, String> {
        let input: Input = [(with.0.to_owned(), with.1.into())].into();
        let answer = self.look.ask(&format!("iam:{operation}"), None, &input);
        if let Some(why) = answer.why_not() {
            return Err(why);
        }
        let items = answer.body().and_then(|body| body.get(list)?.as_array());
        let items = items.ok_or_else(|| not_there(with.1))?;
        let texts = items.iter().filter_map(|item| item.get(member)?.as_str());
        Ok(texts.map(str::to_owned).collect())
    }
}

fn not_there(name: &str) -> String {
    format!("AWS knows no `{name}`, by whose permissions the caller acts")
}
