//! The answer for programs: `trailwarden.least-privilege/1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_model::Timestamp;
use trailwarden_policy::facts::ActionSet;
use trailwarden_policy::reach::{describe, list};
use trailwarden_policy::rightsize::Fate;

use super::account::{Key, Principal, Told};
use super::proposal::{Outcome, Proposal};
use super::{DAYS_WANTED, Read, days, text};
use crate::cli::state::WireSources;
use crate::formats::answer_schema;

/// The name of the schema.
const SCHEMA: &str = "trailwarden.least-privilege/1";

/// The answer of `least-privilege --json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "LeastPrivilege", inline)]
pub(crate) struct Wire {
    /// Always `trailwarden.least-privilege/1`.
    schema: &'static str,
    accounts: Vec<WireAccount>,
    /// Only what was used since then counts; null for all that was read.
    since: Option<Timestamp>,
    sources: WireSources,
}

#[derive(Serialize, JsonSchema)]
struct WireAccount {
    account: String,
    /// How long it was observed; null when the logs hold no record of it.
    observed: Option<WireObserved>,
    /// What makes the logs doubtful as a whole.
    doubts: Vec<String>,
    policies: Vec<WirePolicy>,
    principals: Vec<WireUser>,
}

#[derive(Serialize, JsonSchema)]
struct WireObserved {
    first: Timestamp,
    last: Timestamp,
    days: i64,
    /// Days with any record.
    days_with_records: usize,
    /// Whether that is long enough for what runs once in a while.
    is_long_enough: bool,
}

#[derive(Serialize, JsonSchema)]
struct WirePolicy {
    /// The name of an inline policy, the ARN of a managed one.
    name: String,
    is_inline: bool,
    /// Such as `group/devs`; null for a managed policy that changes for all who hold it.
    holder: Option<String>,
    /// The users and roles whose use counts.
    counted: Vec<String>,
    /// `narrowed`, `goes`, `same`, or `left`: not worked out, for the reason.
    outcome: &'static str,
    reason: Option<String>,
    /// The document now; null when it is not known.
    before: Option<Value>,
    /// The document that is proposed; null when there is none.
    after: Option<Value>,
    /// `whole`, `narrowed` or `gone`, for each statement.
    statements: Vec<&'static str>,
    /// Known actions that are dropped.
    dropped: Vec<&'static str>,
    /// Known actions that stay.
    left: Vec<&'static str>,
    /// Those of them that were not seen: calls that were seen take them, without an event of theirs.
    beside: Vec<&'static str>,
    /// Services that stay whole because their use cannot be told, with the reasons.
    kept: BTreeMap<String, Vec<String>>,
    /// Patterns that stay because no such action is known.
    not_known: Vec<String>,
    /// Known actions that stay though no call of them was seen, and that open ways to more permissions.
    privileged: Vec<&'static str>,
    /// Whether services stay whole to be short enough.
    by_service: bool,
    /// These services.
    by_service_of: Vec<String>,
    /// The length of what is proposed, as AWS counts it.
    size: Option<usize>,
    /// How long it may be.
    size_max: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct WireUser {
    /// Such as `role/app`.
    principal: String,
    arn: Option<String>,
    /// Calls that were not refused.
    calls: Vec<WireCall>,
    /// Known actions that were used.
    used: Vec<&'static str>,
    /// The names of its policies, each with its holder where it has one.
    policies: Vec<WireHeld>,
    /// What else it may hold that was not seen.
    unknowns: Vec<String>,
    effect: Option<WireEffect>,
}

#[derive(Serialize, JsonSchema)]
struct WireHeld {
    name: String,
    holder: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct WireCall {
    event_source: String,
    event_name: String,
    /// Null where the event maps to no known action.
    action: Option<&'static str>,
    count: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// Calls that were refused, which are no use.
    denied: u64,
}

#[derive(Serialize, JsonSchema)]
struct WireEffect {
    grade_before: String,
    grade_after: String,
    lost: Vec<String>,
    lost_in_full: Vec<String>,
    /// Always empty: a proposal is never wider.
    gained: Vec<String>,
    /// Ways to more permissions that are closed.
    escalations_closed: Vec<&'static str>,
    /// Whether all of it could be worked out.
    is_sure: bool,
}

impl Wire {
    /// The schema of the answer.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }

    pub(super) fn of(all: &[Told], read: &Read, sources: WireSources) -> Self {
        Self {
            schema: SCHEMA,
            accounts: all.iter().map(account).collect(),
            since: read.since,
            sources,
        }
    }
}

fn account(told: &Told) -> WireAccount {
    let observed = told.period.map(|period| WireObserved {
        first: period.first,
        last: period.last,
        days: days(&period),
        days_with_records: period.days,
        is_long_enough: days(&period) >= DAYS_WANTED,
    });
    WireAccount {
        account: told.account.to_string(),
        observed,
        doubts: told.doubts.clone(),
        policies: told.policies.values().map(policy).collect(),
        principals: told.principals.iter().map(|one| user(one, told)).collect(),
    }
}

fn policy(proposal: &Proposal) -> WirePolicy {
    let json = |text: &str| serde_json::from_str(text).ok();
    let mut wire = WirePolicy {
        name: proposal.name.clone(),
        is_inline: proposal.is_inline,
        holder: proposal.holder.as_ref().map(|holder| holder.label.clone()),
        counted: proposal.counted.clone(),
        outcome: "left",
        reason: None,
        before: proposal.before.as_ref().and_then(|text| json(text.as_str())),
        after: None,
        statements: Vec::new(),
        dropped: Vec::new(),
        left: Vec::new(),
        beside: Vec::new(),
        kept: BTreeMap::new(),
        not_known: Vec::new(),
        privileged: Vec::new(),
        by_service: false,
        by_service_of: Vec::new(),
        size: None,
        size_max: None,
    };
    let lean = match &proposal.outcome {
        Outcome::Left(why) => {
            wire.reason = Some(why.clone());
            return wire;
        }
        Outcome::Told(lean) => lean,
    };
    let narrowed = &lean.narrowed;
    wire.outcome = match (narrowed.is_changed(), &narrowed.text) {
        (false, _) => "same",
        (true, None) => "goes",
        (true, Some(_)) => "narrowed",
    };
    wire.after = narrowed.text.as_deref().filter(|_| narrowed.is_changed()).and_then(json);
    let fate = |fate: &Fate| match fate {
        Fate::Whole => "whole",
        Fate::Narrowed => "narrowed",
        Fate::Gone => "gone",
    };
    wire.statements = narrowed.fates.iter().map(fate).collect();
    wire.dropped = names(&narrowed.dropped);
    wire.left = names(&narrowed.left);
    wire.beside = names(&lean.beside);
    let kept = lean.reasons.iter();
    wire.kept = kept.map(|(it, why)| (it.clone(), why.iter().map(text::why).collect())).collect();
    wire.not_known = narrowed.not_known.iter().cloned().collect();
    wire.privileged = names(&lean.privileged);
    wire.by_service = !lean.by_service.is_empty();
    wire.by_service_of.clone_from(&lean.by_service);
    wire.size = Some(lean.size);
    wire.size_max = Some(lean.size_max);
    wire
}

fn user(principal: &Principal, told: &Told) -> WireUser {
    let held = |key: &Key| {
        let proposal = told.policies.get(key)?;
        let holder = proposal.holder.as_ref().map(|holder| holder.label.clone());
        Some(WireHeld { name: proposal.name.clone(), holder })
    };
    let calls = principal.calls.iter().map(|used| WireCall {
        event_source: used.event_source.clone(),
        event_name: used.event_name.clone(),
        action: used.action.map(|id| id.action().full_name()),
        count: used.count.allowed(),
        first: used.count.first,
        last: used.count.last,
        denied: used.count.denied,
    });
    let effect = principal.effect.as_ref().map(|effect| WireEffect {
        grade_before: effect.before.grade.name().to_owned(),
        grade_after: effect.after.grade.name().to_owned(),
        lost: describe(&effect.change.lost),
        lost_in_full: list(&effect.change.lost),
        gained: describe(&effect.change.gained),
        escalations_closed: effect.closed().map(|way| way.id).collect(),
        is_sure: effect.is_sure(),
    });
    WireUser {
        principal: principal.label.clone(),
        arn: principal.arn.clone(),
        calls: calls.collect(),
        used: names(&principal.used),
        policies: principal.policies.iter().filter_map(held).collect(),
        unknowns: principal.unknowns.clone(),
        effect,
    }
}

fn names(actions: &ActionSet) -> Vec<&'static str> {
    actions.iter().map(|id| id.action().full_name()).collect()
}
