//! Readings of roles that several checks share: who has a policy of AWS, which services may enter.

use trailwarden_account::Kind;
use trailwarden_model::AccountId;
use trailwarden_policy::condition::Condition;
use trailwarden_policy::trust::{Grant, Who};

use super::trusts;
use crate::answers::{Known, Missing};
use crate::state::State;
use crate::verdicts::{Resource, Verdicts};

/// Judges the account by whether some role has a policy of AWS.
pub fn some_role_has(state: &State<'_>, policy: &str, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let model = state.model()?;
    let arn = format!("arn:{}:iam::aws:policy/{policy}", state.partition());
    let holders = model.attached_to(&arn);
    let mut roles =
        holders.ids.iter().filter_map(|id| model.identity(id)).filter(|one| one.kind == Kind::Role);
    match (roles.next(), holders.unknowns.first()) {
        (Some(role), _) => {
            let name = &role.name;
            verdicts.pass(&account, format!("In {}, role/{name} has it.", account.label));
        }
        (None, Some(unknown)) => {
            verdicts.missing(&account, &Missing::new(&unknown.what, unknown.why.as_str()));
        }
        (None, None) => {
            let text = format!("In {}, no role has the policy {policy}.", account.label);
            verdicts.fail(&account, text);
        }
    }
    Ok(())
}

/// Services whose requests carry no source: the role is bound to what runs with it.
///
/// Source: IAM User Guide, "The confused deputy problem", "Cross-service confused deputy prevention".
/// Tasks of ECS are none of them: Amazon ECS Developer Guide, "Amazon ECS task IAM role".
const WITHOUT_SOURCE: &[&str] = &[
    "ec2.amazonaws.com",
    "lambda.amazonaws.com",
    "edgelambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];

/// What a trust policy must say of the source of a service's request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// Something that only one owner has: an account, an organization, a bucket.
    Named,
    /// An account or an organization.
    OfAccount,
}

/// Judges each role by whether the services that it lets in must say for whom they work.
pub fn services_say_for_whom(
    state: &State<'_>,
    source: Source,
    verdicts: &mut Verdicts,
) -> Known<()> {
    let is_bound = |grant: &Grant| {
        grant.conditions.iter().any(|condition| {
            condition.demands_a_match(&grant.conditions) && names_source(condition, source)
        })
    };
    for (role, grants) in trusts(state, verdicts)? {
        let label = &role.label;
        let mut services = grants.iter().filter_map(|grant| match &grant.who {
            Who::Service(name) if !WITHOUT_SOURCE.contains(&name.as_str()) => Some((name, grant)),
            _ => None,
        });
        match services.find(|(_, grant)| !is_bound(grant)) {
            Some((service, _)) => {
                let text = format!("{label} lets in {service} for whatever account it works.");
                verdicts.fail(&role, text);
            }
            None => {
                let text = format!("{label} lets in no service without saying for whom.");
                verdicts.pass(&role, text);
            }
        }
    }
    Ok(())
}

/// Whether a condition names a source, and no wildcard stands where the owner would.
///
/// Source: IAM User Guide, "AWS global condition context keys", `aws:SourceArn` and its neighbours: an
/// ARN without an account, such as that of a bucket, needs `aws:SourceAccount` beside it.
fn names_source(condition: &Condition, source: Source) -> bool {
    let all = |is: &dyn Fn(&str) -> bool| condition.values.iter().all(|value| is(value));
    match condition.key.to_ascii_lowercase().as_str() {
        "aws:sourceaccount" => all(&is_account),
        "aws:sourceorgid" => all(&is_organization),
        "aws:sourceorgpaths" => all(&|path| path.split('/').next().is_some_and(is_organization)),
        "aws:sourcearn" => all(&|arn| match arn.splitn(6, ':').collect::<Vec<_>>().as_slice() {
            // Names of buckets are one to the world.
            [_, _, _, "", "", name] => source == Source::Named && !has_wildcard(name),
            [_, _, _, _, account, _] => is_account(account),
            _ => false,
        }),
        _ => false,
    }
}

fn is_account(text: &str) -> bool {
    AccountId::parse(text).is_some() || text.eq_ignore_ascii_case("${aws:ResourceAccount}")
}

fn is_organization(text: &str) -> bool {
    text.starts_with("o-") && !has_wildcard(text)
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}
