//! Who comes in from outside: accounts and principals that no model shows, providers, anyone.
//!
//! What they may do at home is not known, so it is taken as allowed, on that condition: entry from
//! another account is certain only where both sides are seen to allow it.

use std::collections::BTreeMap;
use std::sync::Arc;

use trailwarden_model::{AccountId, Arn, Timestamp};
use trailwarden_policy::evaluate::{Caller, Compiled, Context, Input, Request, evaluate};
use trailwarden_policy::trust::{Grant, Who};
use trailwarden_policy::{Condition, Document, PolicyKind, Statement};

use super::answer::{Proof, of_decision, of_key};
use super::target::{Target, Trust};
use super::{Edge, Node};
use crate::access::{at, is_clock};
use crate::model::Model;
use crate::trust::{asked, entering, is_audience, is_entry, technique_of, unseen};

/// The name of policies that nobody saw.
const OUT_THERE: &str = "policies out there";

/// The edges into a role from whoever its trust lets in and no model shows.
pub(super) fn draw(
    target: &Target,
    known: &BTreeMap<AccountId, Model>,
    now: Option<Timestamp>,
) -> Vec<Edge> {
    let Trust::Known { compiled, grants, .. } = &target.trust else { return Vec::new() };
    let mut edges = Vec::new();
    for grant in grants.iter().filter(|grant| is_entry(grant) && !is_of_the_known(grant, known)) {
        // Somebody of the account, any account, stands for all of it.
        let somebody = |account: &str| format!("arn:aws:iam::{account}:user/somebody");
        let (from, caller) = match &grant.who {
            Who::Anyone => ("*".to_owned(), somebody("000000000000")),
            Who::Account(account) if !known.contains_key(account) => {
                (account.to_string(), somebody(&account.to_string()))
            }
            Who::Principal { account: Some(account), arn } if !known.contains_key(account) => {
                (arn.clone(), arn.clone())
            }
            Who::Saml(provider) | Who::Oidc(provider) => (provider.clone(), provider.clone()),
            _ => continue,
        };
        let doubt = unseen(&grant.who, target.account, |account| known.get(&account));
        if let Some(mut proof) = enters(target, compiled, grant, &caller, now) {
            proof.doubts.extend(doubt);
            let technique = technique_of(&grant.who);
            edges.push(proof.edge(&Node::External(from.as_str().into()), &target.node, technique));
        }
    }
    edges.sort();
    edges.dedup();
    edges
}

/// Whether a grant to anyone asks for principals of accounts that the models show: those come in by
/// themselves.
///
/// Source: IAM User Guide, "AWS global condition context keys" (`aws:PrincipalAccount`,
/// `aws:PrincipalArn`).
fn is_of_the_known(grant: &Grant, known: &BTreeMap<AccountId, Model>) -> bool {
    let is_known = |account: Option<AccountId>| account.is_some_and(|one| known.contains_key(&one));
    let asks = |condition: &&Condition| condition.demands_a_match(&grant.conditions);
    grant.who == Who::Anyone
        && grant.conditions.iter().filter(asks).any(|condition| {
            let account = |value: &String| match condition.key.to_ascii_lowercase().as_str() {
                "aws:principalaccount" => AccountId::parse(value),
                "aws:principalarn" => account_of(value),
                _ => None,
            };
            condition.values.iter().all(|value| is_known(account(value)))
        })
}

/// The account of all ARNs that a pattern fits, where that is certain.
fn account_of(pattern: &str) -> Option<AccountId> {
    let arn = Arn::parse(pattern)?;
    let before = [arn.partition, arn.service, arn.region];
    // Under `StringLike` a wildcard takes in colons: what follows may be a stranger's path.
    let is_written = !before.iter().any(|part| part.contains(['*', '?']));
    arn.account_id().filter(|_| is_written)
}

fn enters(
    target: &Target,
    trust: &Compiled,
    grant: &Grant,
    caller: &str,
    now: Option<Timestamp>,
) -> Option<Proof> {
    let action = entering(&grant.who);
    let context = at(Context::incomplete(), now);
    let context = context.with("aws:ResourceAccount", &target.account.to_string());
    let context = match &grant.who {
        Who::Account(account) | Who::Principal { account: Some(account), .. } => {
            context.with("aws:PrincipalAccount", &account.to_string())
        }
        _ => context,
    };
    let caller = Caller::parse(caller).ok()?;
    let everything =
        Document { statements: vec![Statement::allowing_everything()], ..Document::default() };
    let identity = [Compiled::new(OUT_THERE, &everything, PolicyKind::Identity)];
    let request = Request::new(caller, action, &target.arn, &context);
    let input = Input { identity: &identity, resource: Some(trust), ..Input::new(request) };
    let arn: Arc<str> = target.arn.clone();
    let mut proof = of_decision(&evaluate(&input), action, &arn, "whoever asks", &target.label)?;
    for step in &mut proof.steps {
        step.allowed_by.retain(|policy| **policy != *OUT_THERE);
    }
    // What the grant asks is told as it is written: that somebody stands for all must not decide it.
    let keys = grant.conditions.iter().map(|condition| of_key(&condition.key, &target.label));
    let keys: Vec<String> = keys.map(|key| key.to_ascii_lowercase()).collect();
    proof.doubts.retain(|doubt| !keys.contains(&doubt.to_ascii_lowercase()));
    let is_told = |condition: &&Condition| {
        !is_audience(grant, condition)
            && (now.is_none() || !is_clock(&condition.key.to_ascii_lowercase()))
    };
    let told = grant.conditions.iter().filter(is_told);
    proof.doubts.extend(told.map(|condition| asked(condition, grant)));
    Some(proof)
}
