//! Moves that lift what holds permissions back: boundaries, denies, tags, names, MFA.

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_policy::{Effect, facts};

use super::{Move, Subject, arn_of, rename};
use crate::graph::answer::Proof;
use crate::graph::edit::Edit;
use crate::graph::source::{On, Source};
use crate::identity::Kind;
use crate::query::{HeldPolicy, PolicySource};
use crate::text::PolicyText;

pub(super) fn draw(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    if !matches!(subject.identity.kind, Kind::User | Kind::Role) {
        return;
    }
    boundary(actor, subject, moves);
    denies(actor, subject, moves);
    tags(actor, subject, moves);
    if subject.is_user() {
        rename::draw(actor, subject, moves);
        mfa(actor, subject, moves);
    }
}

fn push(moves: &mut Vec<Move>, technique: &'static str, proof: Option<Proof>, edit: Edit) {
    if let Some(proof) = proof {
        moves.push(Move { technique, proof, edit });
    }
}

fn boundary(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    if subject.identity.boundary.value().is_some_and(Option::is_none) {
        return;
    }
    let (delete, put) = match subject.is_user() {
        true => (
            ("x-iam-12", "iam:DeleteUserPermissionsBoundary"),
            ("x-iam-19", "iam:PutUserPermissionsBoundary"),
        ),
        false => (
            ("x-iam-09", "iam:DeleteRolePermissionsBoundary"),
            ("x-iam-18", "iam:PutRolePermissionsBoundary"),
        ),
    };
    let now: Vec<_> = subject.boundary().into_iter().collect();
    push(moves, delete.0, actor.ask(delete.1, subject.on(), &now), Edit::NoBoundary);
    let widest = facts::managed_policy("AdministratorAccess");
    if let Some(widest) = widest.map(|policy| policy.arn(subject.model.partition())) {
        let keys = [("iam:PermissionsBoundary", Some(widest.as_str()))];
        let swap = actor.ask(put.1, subject.on(), &keys);
        push(moves, put.0, swap, Edit::Boundary(widest.as_str().into()));
    }
}

fn denies(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    let mut left = BTreeSet::new();
    for held in &subject.held.policies {
        let digest = held.document.value().and_then(PolicyText::digest);
        if !digest.is_some_and(|digest| digest.has_deny) {
            continue;
        }
        match &held.through {
            None => taken_off(actor, subject, held, moves),
            Some(group) => {
                let Some(group) = subject.model.identity(group) else { continue };
                let arn: Arc<str> = arn_of(subject.model, group).into();
                let what = crate::query::name_of(group);
                let on = On::thing(&arn, &what);
                let (technique, proof, edit) = match &held.source {
                    PolicySource::Inline(name) => (
                        "x-iam-08",
                        actor.ask("iam:DeleteGroupPolicy", on, &[]),
                        Edit::NoInline(group.id.clone(), name.clone()),
                    ),
                    PolicySource::Managed(policy) => (
                        "x-iam-14",
                        actor.ask("iam:DetachGroupPolicy", on, &[("iam:PolicyARN", Some(policy))]),
                        Edit::Detach(group.id.clone(), policy.clone()),
                    ),
                };
                push(moves, technique, proof, edit);
                if left.insert(group.id.clone()) {
                    let leave = actor.ask("iam:RemoveUserFromGroup", on, &[]);
                    push(moves, "x-iam-20", leave, Edit::Leave(group.id.clone()));
                }
            }
        }
    }
}

fn taken_off(actor: &Source, subject: &Subject<'_>, held: &HeldPolicy, moves: &mut Vec<Move>) {
    let id = subject.identity.id.clone();
    let mut keys: Vec<_> = subject.boundary().into_iter().collect();
    let (technique, action, edit) = match (&held.source, subject.is_user()) {
        (PolicySource::Inline(name), true) => {
            ("x-iam-13", "iam:DeleteUserPolicy", Edit::NoInline(id, name.clone()))
        }
        (PolicySource::Inline(name), false) => {
            ("x-iam-11", "iam:DeleteRolePolicy", Edit::NoInline(id, name.clone()))
        }
        (PolicySource::Managed(arn), is_user) => {
            keys.push(("iam:PolicyARN", Some(arn)));
            let edit = Edit::Detach(id, arn.clone());
            match is_user {
                true => ("x-iam-16", "iam:DetachUserPolicy", edit),
                false => ("x-iam-15", "iam:DetachRolePolicy", edit),
            }
        }
    };
    push(moves, technique, actor.ask(action, subject.on(), &keys), edit);
}

/// Tags that conditions of his policies ask for.
fn tags(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    let (technique, action) = match subject.is_user() {
        true => ("x-iam-24", "iam:TagUser"),
        false => ("x-iam-23", "iam:TagRole"),
    };
    if !actor.may(action, &subject.arn) {
        return;
    }
    for (key, value) in wanted_tags(subject) {
        let request = format!("aws:RequestTag/{key}");
        let keys = [(request.as_str(), Some(value.as_str())), ("aws:TagKeys", Some(key.as_str()))];
        let tag = actor.ask(action, subject.on(), &keys);
        push(moves, technique, tag, Edit::Tag(key.as_str().into(), value.as_str().into()));
    }
}

fn wanted_tags(subject: &Subject<'_>) -> BTreeSet<(String, String)> {
    const PREFIX: &str = "aws:principaltag/";
    let documents = subject.held.policies.iter().filter_map(|held| held.document.value());
    let mut wanted = BTreeSet::new();
    for document in documents.filter_map(|text| text.document().ok()) {
        for statement in &document.statements {
            for condition in &statement.conditions {
                let is_tag = condition.key.get(..PREFIX.len());
                if !is_tag.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)) {
                    continue;
                }
                let Some(key) = condition.key.get(PREFIX.len()..) else { continue };
                if statement.effect == Effect::Deny {
                    wanted.insert((key.to_owned(), "other".to_owned()));
                }
                let plain =
                    condition.values.iter().filter(|value| !value.contains(['*', '?', '$']));
                wanted.extend(plain.map(|value| (key.to_owned(), value.clone())));
            }
        }
    }
    wanted
}

fn mfa(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    let asks = subject.held.policies.iter().any(|held| {
        held.document
            .value()
            .is_some_and(|text| text.as_str().to_ascii_lowercase().contains("multifactorauth"))
    });
    if asks && !actor.has_mfa {
        push(moves, "x-iam-06", bound_device(actor, subject), Edit::Mfa);
    }
}

/// Binds a device to a user. Whoever does so has no session with MFA yet.
pub(in crate::graph) fn bound_device(actor: &Source, subject: &Subject<'_>) -> Option<Proof> {
    if !subject.is_user() || !actor.may("iam:EnableMFADevice", &subject.arn) {
        return None;
    }
    let keys = [("aws:MultiFactorAuthPresent", None), ("aws:MultiFactorAuthAge", None)];
    let create = actor.ask_anywhere("iam:CreateVirtualMFADevice", &keys)?;
    let enable = actor.ask("iam:EnableMFADevice", subject.on(), &keys)?;
    Some(create.and(enable))
}
