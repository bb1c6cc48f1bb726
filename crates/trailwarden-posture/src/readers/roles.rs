//! Readings of roles that several checks share: who has a policy of AWS, which services may enter.

use trailwarden_account::Kind;
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
const WITHOUT_SOURCE: &[&str] = &[
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "lambda.amazonaws.com",
    "edgelambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];

/// Judges each role by whether the services that it lets in must say, by one of these condition keys,
/// for whom they work.
pub fn services_say_for_whom(
    state: &State<'_>,
    keys: &[&str],
    verdicts: &mut Verdicts,
) -> Known<()> {
    let is_bound = |grant: &Grant| {
        grant.conditions.iter().any(|condition| {
            condition.demands_a_match(&grant.conditions)
                && keys.iter().any(|key| condition.key.eq_ignore_ascii_case(key))
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
