//! What a principal called of what it loses, by the logs.
//!
//! A row of usage knows the call and not its resource. So where something is lost for some resources or
//! under conditions only, a use of it may go on working, and is told as such.

use std::sync::LazyLock;

use trailwarden_account::{Identity, Kind, Model};
use trailwarden_policy::facts::ActionSet;
use trailwarden_policy::facts::events::action_of;
use trailwarden_policy::reach::Grant;
use trailwarden_policy::rightsize::services_with_data_events;
use trailwarden_remedy::plan::foreseen::{CALLS_MAX, Observed, Used};

use super::arn_of;
use crate::remedies::Known;
use crate::usage;

/// The actions that somebody loses.
pub(super) struct Losses {
    any: ActionSet,
    /// Those that are lost for all resources and at all times.
    whole: ActionSet,
    /// Whether it is not known which.
    is_unknown: bool,
}

/// Calls that need what is lost.
pub(super) struct Calls {
    pub(super) calls: Vec<Used>,
    pub(super) more: u64,
    pub(super) unmapped: u64,
    /// Services of which nothing is known.
    pub(super) unrecorded: Vec<String>,
}

impl Losses {
    pub(super) fn of(lost: &[Grant], is_unknown: bool) -> Self {
        let (mut any, mut whole) = (ActionSet::empty(), ActionSet::empty());
        for grant in lost {
            any.union_with(grant.actions.known());
            if grant.resources.is_any() && grant.conditions.is_none() {
                whole.union_with(grant.actions.known());
            }
        }
        Self { any, whole, is_unknown }
    }
}

/// The actions of each service whose calls trails record only where somebody asked for it.
static OF_DATA: LazyLock<Vec<(&'static str, ActionSet)>> = LazyLock::new(|| {
    let of = |prefix: &'static str| {
        let mut actions = ActionSet::empty();
        for id in ActionSet::all().iter().filter(|id| id.action().prefix() == prefix) {
            actions.insert(id);
        }
        (prefix, actions)
    };
    let mut all: Vec<_> = services_with_data_events().map(of).collect();
    // A list names the first of them: those that most accounts hold data in.
    let place = |prefix: &str| KNOWN_BEST.iter().position(|one| *one == prefix);
    all.sort_by_key(|(prefix, _)| place(prefix).unwrap_or(KNOWN_BEST.len()));
    all
});

/// Services that come first where many are told.
const KNOWN_BEST: &[&str] = &["s3", "dynamodb", "lambda", "sqs", "sns", "secretsmanager", "kms"];

/// What anybody called in the account, by the logs.
pub(super) fn called(known: Known<'_>) -> ActionSet {
    let mut called = ActionSet::empty();
    let calls = known.usage.into_iter().flat_map(|it| it.called_in(known.snapshot.account));
    calls.filter_map(|(source, name)| action_of(source, name)).for_each(|id| {
        called.insert(id);
    });
    called
}

/// What the logs cover.
pub(super) fn observed(known: Known<'_>) -> Option<Observed> {
    let usage = known.usage?;
    let period = usage.period(known.snapshot.account)?;
    let days = u64::try_from(period.days).unwrap_or(u64::MAX);
    let is_complete = !usage.is_truncated();
    Some(Observed { first: period.first, last: period.last, days, is_complete })
}

/// What a user or role called of what it loses; none when that is not known.
pub(super) fn used_of(
    known: Known<'_>,
    model: &Model,
    identity: &Identity,
    losses: &Losses,
    called: &ActionSet,
) -> Option<Calls> {
    let usage = known.usage?;
    usage.period(model.account())?;
    // Calls are known by the unique id, so of somebody seen by name only none would be found.
    let is_known =
        matches!(identity.kind, Kind::User | Kind::Role) && !identity.id.is_provisional();
    if losses.is_unknown || !is_known {
        return None;
    }
    let arn = arn_of(model, identity);
    let mut calls: Vec<Used> = Vec::new();
    let mut unmapped = 0;
    for row in usage.of(model.account(), identity.id.as_str(), Some(&arn)) {
        if row.count.allowed() == 0 {
            continue;
        }
        match row.action {
            Some(_) => calls.extend(losses.hit_by(&row)),
            None => unmapped += row.count.allowed(),
        }
    }
    let unrecorded = losses.unrecorded(called);
    let mut left = losses.any.clone();
    unrecorded.iter().for_each(|(_, actions)| left.difference_with(actions));
    // What was cut off may have been a use of it, and so may what no trail records.
    let is_hidden = !losses.any.is_empty() && left.is_empty();
    if calls.is_empty() && (usage.is_truncated() || is_hidden) {
        return None;
    }
    calls.sort_by(|a, b| {
        (b.is_certain, b.calls, &a.action).cmp(&(a.is_certain, a.calls, &b.action))
    });
    let more = calls.len().saturating_sub(CALLS_MAX);
    calls.truncate(CALLS_MAX);
    let more = u64::try_from(more).unwrap_or(u64::MAX);
    let unrecorded = unrecorded.into_iter().map(|(prefix, _)| (*prefix).to_owned()).collect();
    Some(Calls { calls, more, unmapped, unrecorded })
}

/// How often somebody entered roles.
pub(super) fn entering(known: Known<'_>, model: &Model, identity: &Identity) -> Option<Used> {
    let usage = known.usage?;
    let arn = arn_of(model, identity);
    let rows = usage.of(model.account(), identity.id.as_str(), Some(&arn));
    let names = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];
    rows.into_iter().find_map(|row| {
        let action = row.action?.action().full_name();
        names.contains(&action).then(|| told(&row, action.to_owned(), None, false))
    })
}

impl Losses {
    /// The services of what is lost whose calls trails record only where somebody asked for it, and of which the
    /// logs of the account hold none by anybody.
    fn unrecorded(&self, called: &ActionSet) -> Vec<&'static (&'static str, ActionSet)> {
        let is_hidden = |actions: &ActionSet| {
            let lost = actions.intersection(&self.any);
            !lost.is_empty() && lost.is_disjoint(called)
        };
        OF_DATA.iter().filter(|(_, actions)| is_hidden(actions)).collect()
    }

    /// The lost actions that a call needs: its own, else those that it depends on and that have no
    /// record of their own, such as `iam:PassRole`.
    fn hit_by(&self, row: &usage::Used) -> Vec<Used> {
        let Some(id) = row.action else { return Vec::new() };
        if self.any.contains(id) {
            let is_certain = self.whole.contains(id);
            return vec![told(row, id.action().full_name().to_owned(), None, is_certain)];
        }
        let needed = id.action().dependent_actions().filter(|one| self.any.contains(one.id()));
        let by = id.action().full_name();
        needed
            .map(|one| told(row, one.full_name().to_owned(), Some(by.to_owned()), false))
            .collect()
    }
}

fn told(row: &usage::Used, action: String, by: Option<String>, is_certain: bool) -> Used {
    let count = row.count;
    Used { action, by, calls: count.allowed(), first: count.first, last: count.last, is_certain }
}
