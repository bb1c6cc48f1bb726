//! What resource control policies newly deny, or deny no more, on what accounts own.
//!
//! They take away from everybody alike, also from strangers, and what allows it was mostly not seen:
//! the policies of buckets, keys and queues. So the accounts bear it, and not whoever is denied. Who
//! may enter their roles is told by name besides. Where nobody knows which accounts lie below, what the
//! policy itself denies is told of whatever they are.
//!
//! Source: AWS Organizations User Guide, "Resource control policies".

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_model::AccountId;
use trailwarden_policy::reach::{Reach, grade};

use super::movement::{Comparing, Who};
use super::scope::{is_of_resources, targets};
use super::{Bearer, Effect, Judging, Moved};
use crate::access::{Level, Rcps};
use crate::change::{Field, Subject};
use crate::identity::Id;
use crate::listing::Presence;
use crate::model::Model;
use crate::organization::Organization;

/// How many accounts are looked at.
const ACCOUNTS_MAX: usize = 4_096;

/// The accounts over which such policies are others now.
pub(super) fn accounts(judging: &Judging<'_>) -> BTreeSet<AccountId> {
    let touched = &judging.change.touched;
    let concerns = |subject: &Subject| {
        matches!(subject, Subject::Organization | Subject::OrganizationPolicy(_))
    };
    if !touched.iter().any(|touched| concerns(&touched.subject)) {
        return BTreeSet::new();
    }
    let organization = judging.change.after.organization();
    let targets = touched.iter().filter(|one| one.field == Field::Targets);
    let named = targets.filter_map(|one| one.item.as_deref()).filter_map(AccountId::parse);
    let listed = organization.parents.keys().filter_map(|child| AccountId::parse(child));
    let known = judging.after.models().map(crate::Model::account);
    let all: BTreeSet<AccountId> = named.chain(known).chain(listed).take(ACCOUNTS_MAX).collect();
    let is_other =
        |account: &AccountId| !judging.before.rcps(*account).same(&judging.after.rcps(*account));
    all.into_iter().filter(is_other).collect()
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let mut comparing = Comparing::default();
    for account in accounts(judging) {
        let (before, after) = (judging.before.rcps(account), judging.after.rcps(account));
        for unknown in after.unknowns() {
            effect.doubt(format!("{}: {}", unknown.what, unknown.why.as_str()));
        }
        let label = format!("resources of account {account}");
        let who = (account, account.to_string(), label);
        let denied = [before.denied(), after.denied()];
        let is_certain = before.unknowns().is_empty() && after.unknowns().is_empty();
        let moved = of_resources(&mut comparing, who, denied);
        effect.moved.extend(moved.map(|moved| Moved { is_certain, ..moved }));
    }
    below(judging, &mut comparing, effect);
}

/// What came and went at a root or unit. The accounts below that are known were compared; of others the
/// policy itself tells.
fn below(judging: &Judging<'_>, comparing: &mut Comparing, effect: &mut Effect) {
    let change = judging.change;
    let is_told = effect.moved.iter().any(|moved| moved.bearer == Bearer::Resources);
    for touched in change.touched.iter().filter(|touched| is_of_resources(change, touched)) {
        let Subject::OrganizationPolicy(id) = &touched.subject else { continue };
        for target in targets(change, touched).into_iter().flatten() {
            if AccountId::parse(&target).is_some() {
                continue;
            }
            let of = |model: &Model| denied_at(model.organization(), id, &target);
            let moved = match (of(&change.informed), of(&change.after)) {
                (Some(was), Some(is)) if !is_told => {
                    let label = format!("resources of accounts below {target}");
                    let who = (change.after.account(), target.to_string(), label);
                    of_resources(comparing, who, [was, is])
                }
                _ => {
                    effect.doubt(format!("what may be done to what accounts below {target} own"));
                    None
                }
            };
            let moved = moved.map(|moved| Moved { is_certain: moved.gained.is_empty(), ..moved });
            effect.moved.extend(moved);
        }
    }
}

/// What a policy denies where it is attached; none when its document is not known. Of a call that puts
/// it there or takes it off, what was not known is the opposite: AWS refuses to do either twice.
///
/// Source: AWS Organizations API Reference, `AttachPolicy` (`DuplicatePolicyAttachmentException`).
fn denied_at(organization: &Organization, id: &Arc<str>, target: &Arc<str>) -> Option<Reach> {
    let policy = organization.policies.get(id);
    let policy = policy.filter(
        |one| matches!(one.targets.get(target), Presence::Present(fact) if fact.is_known()),
    );
    let Some(policy) = policy else { return Some(Reach::nothing()) };
    let document = policy.document();
    document.value()?.document().ok()?;
    let level = Level {
        target: target.clone(),
        policies: vec![(policy.id.clone(), document)],
        is_whole: true,
    };
    Some(Rcps { levels: vec![level], missing: None }.denied())
}

/// What may be done to resources, of what was denied before and after.
fn of_resources(
    comparing: &mut Comparing,
    (account, arn, label): (AccountId, String, String),
    [was, is]: [Reach; 2],
) -> Option<Moved> {
    // What is denied no more is what may be gained.
    let compared = comparing.compare(&is, &was);
    let released = grade(&compared.change.gained).grade;
    let (id, bearer) = (Id::unique(&label), Bearer::Resources);
    let who = Who { account, id, bearer, arn, label };
    let moved = Moved::between(who, None, &is, &was, compared);
    moved.is_something().then(|| Moved {
        gain: None,
        uncapped: (!moved.gained.is_empty()).then_some(released),
        grade_before: None,
        grade_after: None,
        is_conditional: false,
        ..moved
    })
}
