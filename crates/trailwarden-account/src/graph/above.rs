//! What stands above an account: root sessions of its organization, and Identity Center.

use std::sync::Arc;

use trailwarden_model::{AccountId, escape};

use super::access::Cx;
use super::answer::Proof;
use super::source::{On, Source};
use super::{Edge, Node};
use crate::identity::Id;

pub(super) fn draw(cx: &Cx<'_>, source: &Source) -> Vec<Edge> {
    let mut edges = Vec::new();
    if source.mask.has("sts:AssumeRoot") {
        root_sessions(cx, source, &mut edges);
    }
    for (technique, action) in [
        ("x-sso-01", "sso:AttachManagedPolicyToPermissionSet"),
        ("x-sso-03", "sso:PutInlinePolicyToPermissionSet"),
    ] {
        if source.mask.has(action) {
            permission_sets(cx, source, technique, action, &mut edges);
        }
    }
    edges
}

/// A root session is bound to one task; the task that recovers the root password leads to all.
///
/// Source: IAM User Guide, "Perform a privileged task on an AWS Organizations member account".
fn root_sessions(cx: &Cx<'_>, source: &Source, edges: &mut Vec<Edge>) {
    const TASK: &str = "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword";
    for member in cx.world.models() {
        let account = member.account();
        let Some((manager, organization)) = cx.world.organization_of(account) else { continue };
        let delegate: (Arc<str>, Arc<str>) =
            (source.account.to_string().into(), "iam.amazonaws.com".into());
        let may_manage = manager == source.account
            || matches!(organization.delegated.get(&delegate), crate::Presence::Present(_));
        if !may_manage || account == manager || account == source.account {
            continue;
        }
        let is_on = cx.world.model(manager).map(|model| model.settings().root_sessions.value());
        if is_on == Some(Some(&false)) {
            continue;
        }
        let arn: Arc<str> = format!("arn:{}:iam::{account}:root", member.partition()).into();
        let what = format!("the root user of {account}");
        let on = On { is_ours: true, ..On::thing(&arn, &what) };
        let keys = [("sts:TaskPolicyArn", Some(TASK))];
        let Some(mut proof) = source.ask("sts:AssumeRoot", on, &keys) else { continue };
        if is_on != Some(Some(&true)) {
            proof = proof.provided("root sessions are switched on in the organization");
        }
        let proof = proof.provided(format!("the mail of {what} can be read"));
        edges.push(proof.edge(&source.node, &Node::Identity(account, Id::root()), "x-sts-01"));
    }
}

/// Whoever writes a permission set writes a role in every account where somebody has it.
///
/// Source: IAM Identity Center User Guide, "Manage AWS accounts with permission sets".
fn permission_sets(
    cx: &Cx<'_>,
    source: &Source,
    technique: &'static str,
    action: &'static str,
    edges: &mut Vec<Edge>,
) {
    let Some(model) = cx.world.model(source.account) else { return };
    let center = model.identity_center();
    for (arn, set) in &center.permission_sets {
        let name = set.name.last_value().unwrap_or(arn);
        let name = escape::visible(name).into_owned();
        let what = format!("permission set {name}");
        let Some(proof) = source.ask(action, On::thing(arn, &what), &[]) else { continue };
        let Some(proof) = on_instance(source, action, arn, proof) else { continue };
        let assigned = center.assignments.keys().filter(|one| one.permission_set == *arn);
        let accounts = assigned.filter_map(|one| AccountId::parse(&one.account));
        let mut accounts: Vec<AccountId> = accounts.collect();
        accounts.sort();
        accounts.dedup();
        let own = format!("role/AWSReservedSSO_{name}_");
        for account in accounts {
            let mut proof = proof.clone().provided(format!("{what} is provisioned again"));
            if account != source.account || !source.label.starts_with(&own) {
                proof = proof.provided(format!("somebody in reach is assigned {what}"));
            }
            edges.push(proof.edge(&source.node, &Node::Administrator(account), technique));
        }
    }
}

/// The call names the instance too, which the ARN of the permission set tells.
fn on_instance(source: &Source, action: &'static str, set: &str, proof: Proof) -> Option<Proof> {
    let Some((start, rest)) = set.split_once(":permissionSet/") else { return Some(proof) };
    let instance = rest.split('/').next().unwrap_or_default();
    let arn: Arc<str> = format!("{start}:instance/{instance}").into();
    let more = source.ask(action, On::thing(&arn, &arn), &[])?;
    Some(Proof { doubts: [proof.doubts, more.doubts].concat(), steps: proof.steps })
}
