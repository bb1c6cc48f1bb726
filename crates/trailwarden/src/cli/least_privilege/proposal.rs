//! One policy and what it would be without what nobody used.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::PolicyText;
use trailwarden_account::query::PolicySource;
use trailwarden_policy::Document;
use trailwarden_policy::facts::{ActionId, ActionSet};
use trailwarden_policy::reach::Reach;
use trailwarden_policy::rightsize::{Narrowed, Needs, Reason, narrow, privileged};
use trailwarden_remedy::documents::size;

/// A policy, and what it would be.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The name of an inline policy, the ARN of a managed one.
    pub(super) name: String,
    pub(super) is_inline: bool,
    /// Whose it is, such as `group/devs`, where it is not changed for all who hold it.
    pub(super) holder: Option<Holder>,
    /// The users and roles whose use counts.
    pub(super) counted: Vec<String>,
    pub(super) before: Option<PolicyText>,
    pub(super) outcome: Outcome,
}

/// A user, group or role that holds a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) label: String,
    pub(super) arn: Option<String>,
}

/// What became of a policy.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It was worked out.
    Told(Box<Lean>),
    /// It stays as it is, and why.
    Left(String),
}

/// A policy that was worked out.
#[derive(Debug)]
pub(super) struct Lean {
    pub(super) narrowed: Narrowed,
    /// The services that are kept whole because the document would be too long otherwise.
    pub(super) by_service: Vec<String>,
    /// Actions that stay though no call of them was seen, and that open ways to more permissions.
    pub(super) privileged: ActionSet,
    /// Actions that stay beside those that were used: calls take them, and they have no event.
    pub(super) beside: ActionSet,
    /// Why services stay whole of which something stayed here.
    pub(super) reasons: BTreeMap<String, Vec<Reason>>,
    /// Its length as AWS counts it, and how long it may be.
    pub(super) size: usize,
    pub(super) size_max: usize,
}

/// How long documents may be: a managed policy, and all inline policies of a user, group or role together.
///
/// Source: IAM User Guide, "IAM and AWS STS quotas".
pub(super) const MANAGED_MAX: usize = 6_144;
pub(super) const USER_MAX: usize = 2_048;
pub(super) const GROUP_MAX: usize = 5_120;
pub(super) const ROLE_MAX: usize = 10_240;

impl Proposal {
    /// The document that it would have, where that is another one; `None` inside is none at all.
    pub(super) fn change(&self) -> Option<Option<&str>> {
        match &self.outcome {
            Outcome::Told(lean) if lean.narrowed.is_changed() => {
                Some(lean.narrowed.text.as_deref())
            }
            Outcome::Told(_) | Outcome::Left(_) => None,
        }
    }

    /// Whether something of it cannot be told.
    pub(super) fn is_open(&self) -> bool {
        match &self.outcome {
            Outcome::Told(lean) => {
                !lean.reasons.is_empty()
                    || !lean.narrowed.not_known.is_empty()
                    || lean.is_too_long()
            }
            Outcome::Left(_) => true,
        }
    }

    /// Whether it is one that AWS manages.
    pub(super) fn is_of_aws(&self) -> bool {
        !self.is_inline && is_of_aws(&self.name)
    }
}

impl Lean {
    /// Whether AWS would refuse it.
    pub(super) fn is_too_long(&self) -> bool {
        self.narrowed.is_changed() && self.size > self.size_max
    }
}

/// Whether a managed policy is one of AWS's own.
pub(super) fn is_of_aws(arn: &str) -> bool {
    arn.contains(":iam::aws:policy/")
}

/// The key of a policy: its holder too, unless it is changed for all who hold it.
pub(super) fn is_shared(source: &PolicySource) -> bool {
    matches!(source, PolicySource::Managed(arn) if !is_of_aws(arn))
}

/// Works out what is left of a document.
pub(super) fn lean(text: &PolicyText, needs: &Needs, size_max: usize) -> Outcome {
    if let Some(why) = needs.blind {
        return Outcome::Left(why.to_owned());
    }
    let text = text.as_str();
    let mut by_service = Vec::new();
    let fine = narrow(text, &needs.kept);
    let narrowed = match fine {
        Ok(fine) if fine.is_changed() && length(&fine) > size_max => {
            Ok(match shorter(text, needs, &fine, size_max) {
                Some((coarse, services)) => {
                    by_service = services;
                    coarse
                }
                None => fine,
            })
        }
        other => other,
    };
    let narrowed = match narrowed {
        Ok(narrowed) => narrowed,
        Err(why) => return Outcome::Left(why.to_string()),
    };
    // It cannot be by its making; this would be a fault of ours, and nobody is to pay for it.
    if let Some(why) = widened(text, &narrowed) {
        return Outcome::Left(why);
    }
    let of = |prefix: &String| {
        let reasons = needs.reasons.get(prefix)?;
        Some((prefix.clone(), reasons.iter().cloned().collect()))
    };
    let reasons = narrowed.services.iter().filter_map(of).collect();
    let size = length(&narrowed);
    let unseen = needs.beside.union(needs.kept.if_named()).difference(&needs.used);
    let is_single = |id: &ActionId| !narrowed.services.contains(id.action().prefix());
    let beside = narrowed.left.intersection(&unseen).iter().filter(is_single).collect();
    let privileged = narrowed.left.intersection(privileged()).difference(&needs.used);
    Outcome::Told(Box::new(Lean {
        narrowed,
        by_service,
        privileged,
        beside,
        reasons,
        size,
        size_max,
    }))
}

/// With all of some services of which anything stays, as few as make it short enough, and those last that can
/// open ways to more permissions; none where that makes it no shorter.
fn shorter(
    text: &str,
    needs: &Needs,
    fine: &Narrowed,
    size_max: usize,
) -> Option<(Narrowed, Vec<String>)> {
    let mut best: Option<(Narrowed, Vec<String>)> = None;
    let mut whole = Vec::new();
    for service in candidates(fine) {
        whole.push(service);
        let coarse = narrow(text, &needs.kept.with_services(whole.iter().cloned())).ok()?;
        let least = best.as_ref().map_or_else(|| length(fine), |(best, _)| length(best));
        if length(&coarse) < least {
            if length(&coarse) <= size_max {
                return Some(spared(text, needs, (coarse, whole), size_max));
            }
            best = Some((coarse, whole.clone()));
        } else {
            // All of it is longer than what was used of it.
            whole.pop();
        }
    }
    best
}

/// Without the services that need not stay whole for it to be short enough.
fn spared(
    text: &str,
    needs: &Needs,
    (mut best, mut whole): (Narrowed, Vec<String>),
    size_max: usize,
) -> (Narrowed, Vec<String>) {
    for service in whole.clone() {
        let fewer: Vec<String> = whole.iter().filter(|one| **one != service).cloned().collect();
        let finer = narrow(text, &needs.kept.with_services(fewer.iter().cloned()));
        if let Some(finer) = finer.ok().filter(|finer| length(finer) <= size_max) {
            (best, whole) = (finer, fewer);
        }
    }
    (best, whole)
}

/// The services of which single actions stay: those first whose other actions open no way to more permissions,
/// and of these the ones with the longest lists.
fn candidates(fine: &Narrowed) -> Vec<String> {
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    for id in fine.left.iter().filter(|id| !fine.services.contains(id.action().prefix())) {
        *lengths.entry(id.action().prefix()).or_default() += id.action().full_name().len() + 3;
    }
    let opens: BTreeSet<&str> =
        fine.dropped.intersection(privileged()).iter().map(|id| id.action().prefix()).collect();
    let mut all: Vec<(&str, usize)> = lengths.into_iter().collect();
    all.sort_by_key(|(service, length)| (opens.contains(service), Reverse(*length)));
    all.into_iter().map(|(service, _)| service.to_owned()).collect()
}

fn length(narrowed: &Narrowed) -> usize {
    narrowed.text.as_deref().map_or(0, size)
}

fn widened(before: &str, narrowed: &Narrowed) -> Option<String> {
    let reach = |text: &str| Document::parse(text).map(|document| Reach::of([&document])).ok();
    let after = narrowed.text.as_deref()?;
    let gained = reach(after)?.subtract(&reach(before)?);
    (!gained.is_nothing())
        .then(|| "the narrower document could not be shown to be no wider".to_owned())
}
