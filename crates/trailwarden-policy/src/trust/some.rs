//! Grants to some who are named, beside grants to others of whom they may be some.
//!
//! Who is named has an account, and so it is known what conditions on that make of him: a grant to
//! everybody of that account is a grant to him too. Whether he is of an organization, or has a tag, no
//! policy tells.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (`aws:PrincipalAccount`,
//! `aws:PrincipalArn`: the ARN of the role, for its sessions).

use std::collections::BTreeSet;

use trailwarden_model::{AccountId, Arn};

use crate::condition::Condition;
use crate::document::Document;
use crate::reach::{Conditions, Predicate};

use super::denied::{Left, left};
use super::{Grant, Who};

const ACCOUNT: &str = "aws:PrincipalAccount";
const ARN: &str = "aws:PrincipalArn";

/// The grants that are left, each with what is known of whom it names among its conditions; without
/// those that ask for somebody else.
pub(super) fn left_of_some(document: &Document) -> Vec<Left> {
    let left = left(document).into_iter();
    left.filter_map(|(grant, asked)| asked.and(&known(&grant)).map(|asked| (grant, asked)))
        .collect()
}

/// What a grant gives to those whom another one names, where it is not for them alone.
pub(super) fn part_of((wide, when): &Left, grant: &Grant, asked: &Conditions) -> Option<Grant> {
    if !names_some(grant)
        || names_some(wide) && wide.who == grant.who
        || wide.but.contains(&grant.who)
    {
        return None;
    }
    when.and(asked)?;
    let is_open = |condition: &&Condition| {
        !grant.conditions.contains(condition)
            && Conditions::of(vec![Predicate::of(condition, true)])
                .is_none_or(|one| !asked.implies(&one))
    };
    let others = wide.conditions.iter().filter(is_open);
    Some(Grant {
        who: grant.who.clone(),
        conditions: grant.conditions.iter().chain(others).cloned().collect(),
        ..wide.clone()
    })
}

/// Whether a grant names those whom it lets in, or their account.
fn names_some(grant: &Grant) -> bool {
    match grant.who {
        Who::Account(_) | Who::Principal { .. } => true,
        Who::Anyone => !accounts_asked(grant).is_empty(),
        _ => false,
    }
}

/// What is known of whom a grant names.
pub(super) fn known(grant: &Grant) -> Conditions {
    let accounts = accounts_named(grant);
    let is = |operator: &str, key: &str, values: Vec<String>| {
        let condition = Condition { operator: operator.to_owned(), key: key.to_owned(), values };
        Predicate::of(&condition, false)
    };
    let mut facts = Vec::new();
    if !accounts.is_empty() {
        let values = accounts.iter().map(ToString::to_string).collect();
        facts.push(is("StringEquals", ACCOUNT, values));
    }
    if let Who::Principal { arn, .. } = &grant.who
        && Arn::parse(arn).is_some_and(|arn| matches!(arn.kind(), "user" | "role"))
    {
        for operator in ["StringEquals", "ArnEquals"] {
            facts.push(is(operator, ARN, vec![arn.clone()]));
        }
    }
    Conditions::of(facts).unwrap_or_default()
}

/// The accounts of all whom a grant lets in, where it names them; none where it leaves open whose they are.
pub fn accounts_named(grant: &Grant) -> BTreeSet<AccountId> {
    match &grant.who {
        Who::Account(account) | Who::Principal { account: Some(account), .. } => {
            BTreeSet::from([*account])
        }
        Who::Anyone => accounts_asked(grant),
        _ => BTreeSet::new(),
    }
}

/// The accounts of everybody whom a grant to anyone asks for by name.
fn accounts_asked(grant: &Grant) -> BTreeSet<AccountId> {
    let account = |condition: &Condition, value: &str| match condition.key.to_ascii_lowercase() {
        key if key == "aws:principalaccount" => AccountId::parse(value),
        key if key == "aws:principalarn" && !value.contains(['*', '?']) => {
            Arn::parse(value)?.account_id()
        }
        _ => None,
    };
    let asked = grant.conditions.iter().filter(|one| one.demands_a_match(&grant.conditions));
    let mut named = asked.filter_map(|condition| {
        let accounts = condition.values.iter().map(|value| account(condition, value));
        accounts.collect::<Option<BTreeSet<AccountId>>>()
    });
    named.next().unwrap_or_default()
}
