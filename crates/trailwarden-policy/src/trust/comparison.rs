//! What a change of a trust policy gave: principals, each under the conditions asked of him.

use std::collections::HashMap;
use std::sync::Arc;

use trailwarden_model::AccountId;

use crate::condition::Condition;
use crate::document::{Document, Effect, Principals, Statement};
use crate::fuel;
use crate::reach::{Conditions, Predicate};

use super::{Grant, Who, grants};

/// How much work comparing two trust policies is worth.
const COMPARE_STEPS: u64 = 50_000_000;

/// A grant that a trust policy did not give before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gained {
    /// The grant, with the actions that are new in it.
    pub grant: Grant,
    /// All that let in anybody of those before, each under narrower conditions; nothing where some
    /// of it was not narrower.
    pub instead_of: Vec<Grant>,
}

/// Grants of `new` that `old` did not have; without an `old`, all of them.
///
/// A grant that only became narrower (fewer actions, conditions that imply the old ones, one more
/// Deny) is not new, and neither is one that is written differently. A condition or Deny that is gone
/// is: the wider grant comes back, with the actions that are new in it. Whether conditions imply
/// others is for [`Conditions::implies`] to say; doubt counts as new.
pub fn compare_trust(old: Option<&Document>, new: &Document) -> Vec<Grant> {
    gained(old, new, None).into_iter().map(|gained| gained.grant).collect()
}

/// [`compare_trust`] for a role of which the account is known, with what was there before instead.
///
/// A principal of another account needs its account's leave either way, so naming him where his
/// account was named is no gain; in the role's own account it is one (IAM User Guide, "Cross-account
/// policy evaluation logic").
pub fn gained(old: Option<&Document>, new: &Document, home: Option<AccountId>) -> Vec<Gained> {
    fuel::limited(COMPARE_STEPS, || gained_without_limit(old, new, home)).value
}

fn gained_without_limit(
    old: Option<&Document>,
    new: &Document,
    home: Option<AccountId>,
) -> Vec<Gained> {
    let before = old.map(reached).unwrap_or_default();
    let mut before_of: HashMap<&Who, Vec<&(Grant, Conditions)>> = HashMap::new();
    for had in &before {
        before_of.entry(&had.0.who).or_default().push(had);
    }
    let of = |who: &Who| before_of.get(who).map_or(&[][..], Vec::as_slice);
    let mut gained = Vec::new();
    for (mut grant, asked) in reached(new) {
        let others = wider(&grant.who, home).into_iter();
        let around: Vec<&(Grant, Conditions)> = of(&grant.who)
            .iter()
            .copied()
            .chain(others.flat_map(|who| of(&who).to_vec()))
            .collect();
        let had: Vec<&Grant> = around
            .into_iter()
            .filter(|(_, before)| asked.implies(before))
            .map(|(grant, _)| grant)
            .collect();
        grant.actions.retain(|action| !had.iter().any(|had| had.actions.contains(action)));
        if grant.actions.is_empty() {
            continue;
        }
        let is_within = |who: &Who| *who == grant.who || wider(who, home).contains(&grant.who);
        let calls_alike = |had: &Grant| had.actions.iter().any(|one| grant.actions.contains(one));
        let within: Vec<&(Grant, Conditions)> = match grant.who {
            Who::Anyone | Who::Account(_) => {
                before.iter().filter(|(had, _)| is_within(&had.who)).collect()
            }
            _ => of(&grant.who).to_vec(),
        };
        let within: Vec<_> = within.into_iter().filter(|(had, _)| calls_alike(had)).collect();
        let are_narrower = within.iter().all(|(_, before)| before.implies(&asked));
        let instead_of = within.into_iter().filter(|_| are_narrower);
        let instead_of = instead_of.map(|(grant, _)| grant.clone()).collect();
        gained.push(Gained { grant, instead_of });
    }
    gained
}

/// Principals that hold another among them.
fn wider(who: &Who, home: Option<AccountId>) -> Vec<Who> {
    match who {
        Who::Account(_) => vec![Who::Anyone],
        Who::Principal { account: Some(account), .. }
            if home.is_some_and(|home| home != *account) =>
        {
            vec![Who::Account(*account), Who::Anyone]
        }
        Who::Principal { .. } => vec![Who::Anyone],
        _ => Vec::new(),
    }
}

/// The grants, each with the conditions under which no Deny takes it back; those that can never hold
/// are left out.
fn reached(document: &Document) -> Vec<(Grant, Conditions)> {
    let denies: Vec<(&Statement, Option<Conditions>)> = document
        .statements
        .iter()
        .filter(|one| one.effect == Effect::Deny)
        .map(|one| (one, terms(document, &one.conditions)))
        .collect();
    let mut reached: Vec<(Grant, Conditions)> = Vec::new();
    // The grants of a statement share their conditions.
    let mut last: Option<(Arc<[Condition]>, Option<Conditions>)> = None;
    for grant in grants(document) {
        let known =
            last.take().filter(|(conditions, _)| Arc::ptr_eq(conditions, &grant.conditions));
        let known = known
            .unwrap_or_else(|| (Arc::clone(&grant.conditions), terms(document, &grant.conditions)));
        let asked = known.1.clone();
        last = Some(known);
        let Some(mut asked) = asked else { continue };
        let is_left =
            denies.iter().filter(|(deny, _)| takes_back(deny, &grant)).all(|(_, when)| {
                // A Deny asks for one group of conditions, so at most one case is left of each.
                let Some(when) = when else { return true };
                match asked.and_not(when).pop() {
                    Some(left) => {
                        asked = left;
                        true
                    }
                    None => false,
                }
            });
        if is_left {
            reached.push((grant, asked));
        }
    }
    reached
}

/// Conditions as they compare; `None` when they contradict each other.
fn terms(document: &Document, conditions: &[Condition]) -> Option<Conditions> {
    // Before this version, `${...}` is plain text (IAM User Guide, "IAM policy elements: Variables
    // and tags").
    let variables = document.version.as_deref() == Some("2012-10-17");
    Conditions::of(conditions.iter().map(|one| Predicate::of(one, variables)).collect())
}

/// Whether a Deny is about whoever a grant lets in, and about all that he may call.
fn takes_back(deny: &Statement, grant: &Grant) -> bool {
    let is_listed = |list: &Principals| {
        list.listed().iter().map(Who::of).any(|who| who == grant.who || who == Who::Anyone)
    };
    let is_about = match &deny.not_principals {
        Some(spared) => !spared.is_everyone() && !is_listed(spared),
        None => deny.principals.is_everyone() || is_listed(&deny.principals),
    };
    is_about && grant.actions.iter().all(|action| deny.covers_action(action))
}
