//! Moves that give permissions: policies written or attached, versions, groups.

use std::sync::Arc;

use trailwarden_policy::facts;

use super::{Move, STRONG, Subject, arn_of};
use crate::fact::Fact;
use crate::graph::answer::Proof;
use crate::graph::digest::Mask;
use crate::graph::edit::Edit;
use crate::graph::source::{CONTROL, On, Source};
use crate::identity::{Identity, Kind};
use crate::managed::ManagedPolicy;
use crate::text::PolicyText;

/// AWS keeps five versions of a policy (IAM User Guide, "Versioning IAM policies").
const VERSIONS_MAX: usize = 5;

pub(super) fn draw(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    let (put, attach) = match subject.is_user() {
        true => (("iam-007", "iam:PutUserPolicy"), ("iam-008", "iam:AttachUserPolicy")),
        false => (("iam-005", "iam:PutRolePolicy"), ("iam-009", "iam:AttachRolePolicy")),
    };
    let keys: Vec<_> = subject.boundary().into_iter().collect();
    let written = actor.ask(put.1, subject.on(), &keys);
    push(moves, put.0, written, Edit::Everything);
    attached(actor, subject, attach, subject.on(), &keys, moves);
    for group in subject.groups() {
        let arn: Arc<str> = arn_of(subject.model, group).into();
        let what = crate::query::name_of(group);
        let on = On::thing(&arn, &what);
        push(moves, "iam-011", actor.ask("iam:PutGroupPolicy", on, &[]), Edit::Everything);
        attached(actor, subject, ("iam-010", "iam:AttachGroupPolicy"), on, &[], moves);
    }
    for policy in subject.customer_policies() {
        rewritten(actor, policy, moves);
        switched(actor, policy, moves);
    }
    if subject.is_user() {
        joined(actor, subject, moves);
    }
}

fn push(moves: &mut Vec<Move>, technique: &'static str, proof: Option<Proof>, edit: Edit) {
    if let Some(proof) = proof {
        moves.push(Move { technique, proof, edit });
    }
}

/// Attaches the strongest policy that may be attached.
fn attached(
    actor: &Source,
    subject: &Subject<'_>,
    (technique, action): (&'static str, &'static str),
    on: On<'_>,
    keys: &[(&str, Option<&str>)],
    moves: &mut Vec<Move>,
) {
    if !actor.may(action, on.arn) {
        return;
    }
    let partition = subject.model.partition();
    let published = STRONG.iter().filter_map(|name| facts::managed_policy(name));
    let mut arns: Vec<Arc<str>> = published.map(|policy| policy.arn(partition).into()).collect();
    let control = Mask::of(&CONTROL.map(|(action, _)| action));
    arns.extend(
        subject
            .model
            .policies()
            .filter(|policy| {
                let document = policy.document();
                let digest = document.value().and_then(PolicyText::digest);
                digest.is_some_and(|digest| digest.mask.covers(control))
            })
            .map(|policy| policy.arn.clone()),
    );
    let mut found: Option<(Proof, Arc<str>)> = None;
    for arn in arns {
        let mut with = keys.to_vec();
        with.push(("iam:PolicyARN", Some(&arn)));
        let Some(proof) = actor.ask(action, on, &with) else { continue };
        let is_certain = proof.is_certain();
        if found.is_none() || is_certain {
            found = Some((proof, arn.clone()));
        }
        if is_certain {
            break;
        }
    }
    if let Some((proof, arn)) = found {
        push(moves, technique, Some(proof), Edit::Attach(arn));
    }
}

fn rewritten(actor: &Source, policy: &ManagedPolicy, moves: &mut Vec<Move>) {
    let what = format!("policy {}", policy.name());
    let on = On { tags: Some(&policy.tags), ..On::thing(&policy.arn, &what) };
    let Some(create) = actor.ask("iam:CreatePolicyVersion", on, &[]) else { return };
    let edit = Edit::Rewrite(policy.id.clone());
    let is_full = policy.versions.len() >= VERSIONS_MAX;
    if !is_full {
        let proof = match policy.versions.is_complete() {
            true => create.clone(),
            false => create.clone().provided(format!("{what} has fewer than five versions")),
        };
        push(moves, "iam-001", Some(proof), edit.clone());
    }
    if is_full || !policy.versions.is_complete() {
        let delete = actor.ask("iam:DeletePolicyVersion", on, &[]);
        push(moves, "x-iam-03", delete.map(|delete| delete.and(create)), edit);
    }
}

/// Versions that say something that the default does not.
fn switched(actor: &Source, policy: &ManagedPolicy, moves: &mut Vec<Move>) {
    let what = format!("policy {}", policy.name());
    let on = On { tags: Some(&policy.tags), ..On::thing(&policy.arn, &what) };
    let Some(proof) = actor.ask("iam:SetDefaultPolicyVersion", on, &[]) else { return };
    let default = policy.default.value();
    for (version, text) in policy.versions.iter() {
        let Fact::Known { value: text, .. } = text else { continue };
        let says = text.digest().is_some_and(|digest| !digest.mask.is_empty());
        if default != Some(version) && says {
            let edit = Edit::Version(policy.id.clone(), version.clone());
            push(moves, "x-iam-22", Some(proof.clone()), edit);
        }
    }
}

/// Groups that give something to whoever joins them.
fn joined(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    if !actor.mask.has("iam:AddUserToGroup") {
        return;
    }
    let own: Vec<_> = subject.groups().iter().map(|group| group.id.clone()).collect();
    let gives = |group: &&Identity| {
        let held = subject.model.policies_of(&group.id);
        held.policies
            .iter()
            .filter_map(|held| held.document.value())
            .any(|text| text.digest().is_some_and(|digest| !digest.mask.is_empty()))
    };
    let others = subject.model.of_kind(Kind::Group).filter(|group| !own.contains(&group.id));
    for group in others {
        let arn: Arc<str> = arn_of(subject.model, group).into();
        if !actor.may("iam:AddUserToGroup", &arn) || !gives(&group) {
            continue;
        }
        let what = crate::query::name_of(group);
        let join = actor.ask("iam:AddUserToGroup", On::thing(&arn, &what), &[]);
        push(moves, "iam-013", join, Edit::Join(group.id.clone()));
    }
}
