//! Another name takes a user out of, or into, what policies say about names.
//!
//! Source: IAM API Reference, `UpdateUser`: the caller needs permission on the old name and the new;
//! IAM User Guide, "Rename an IAM user or change its path": policies that name the user do not
//! follow.

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_model::Arn;

use super::{Move, Subject};
use crate::graph::answer::Proof;
use crate::graph::edit::Edit;
use crate::graph::source::{On, Source};
use crate::identity::Kind;
use crate::text::PolicyText;

/// A name that nobody asks for.
const OTHER: &str = "renamed";
/// What a name that fits a pattern has in the place of a wildcard.
const FILLING: &str = "x";
/// So many names are tried for one user.
const NAMES_MAX: usize = 16;
/// How long a name may be (IAM User Guide, "IAM and AWS STS quotas").
const NAME_MAX: usize = 64;

pub(super) fn draw(actor: &Source, subject: &Subject<'_>, moves: &mut Vec<Move>) {
    if !actor.may("iam:UpdateUser", &subject.arn) {
        return;
    }
    let is_own = actor.account == subject.model.account() && actor.id == subject.identity.id;
    let mut names = wanted(subject);
    if is_own {
        names.extend(trusted(subject));
    }
    let is_free = |name: &str| subject.model.find(Kind::User, name).is_none();
    names.retain(|(_, name)| is_name(name) && is_free(name));
    if names.is_empty() {
        return;
    }
    let Some(old) = actor.ask("iam:UpdateUser", subject.on(), &[]) else { return };
    for (path, name) in names.into_iter().take(NAMES_MAX) {
        let Some(start) = subject.arn.find(":user/") else { continue };
        let start = subject.arn.get(..start).unwrap_or_default();
        let new: Arc<str> = format!("{start}:user{path}{name}").into();
        let Some(onto) = actor.ask("iam:UpdateUser", On { arn: &new, ..subject.on() }, &[]) else {
            continue;
        };
        let doubts = [old.doubts.clone(), onto.doubts].concat();
        let mut proof = Proof { doubts, steps: old.steps.clone() };
        if name != OTHER && !subject.model.listed.users.is_known() {
            proof = proof.provided(format!("no user is called {name}"));
        }
        let edit = Edit::Rename(path.into(), name.into());
        moves.push(Move { technique: "x-iam-29", proof, edit });
    }
}

/// Paths and names that change what the policies of the user say: one that nobody asks for, if they
/// name him, and those that their conditions ask for.
fn wanted(subject: &Subject<'_>) -> BTreeSet<(String, String)> {
    let path = path_of(subject);
    let mut all = BTreeSet::new();
    for text in subject.held.policies.iter().filter_map(|held| held.document.value()) {
        if text.as_str().contains(&*subject.identity.name) {
            all.insert((path.to_owned(), OTHER.to_owned()));
        }
        all.extend(asked_for(text, path));
    }
    all
}

/// Those that trust policies of the account ask for in conditions. The principals that they name are
/// kept by unique id, which no name brings (IAM User Guide, "AWS JSON policy elements: Principal").
fn trusted(subject: &Subject<'_>) -> BTreeSet<(String, String)> {
    let path = path_of(subject);
    let trusts = subject.model.of_kind(Kind::Role).filter_map(|role| role.trust.value());
    trusts.filter(|text| asks_for_names(text)).flat_map(|text| asked_for(text, path)).collect()
}

/// Whether a policy may have a condition on the name of whoever calls.
pub(in crate::graph) fn asks_for_names(text: &PolicyText) -> bool {
    let text = text.as_str().to_ascii_lowercase();
    KEYS.iter().any(|key| text.contains(key))
}

const KEYS: [&str; 2] = ["aws:username", "aws:principalarn"];

fn path_of<'s>(subject: &'s Subject<'_>) -> &'s str {
    let resource = subject.arn.rsplit(':').next().unwrap_or_default();
    let path = resource.strip_prefix("user").and_then(|rest| rest.get(..=rest.rfind('/')?));
    path.unwrap_or("/")
}

/// Names that the conditions of a policy ask for.
fn asked_for(text: &PolicyText, path: &str) -> Vec<(String, String)> {
    let statements = text.document().map(|document| document.statements.as_slice());
    let conditions = statements.into_iter().flatten().flat_map(|one| &one.conditions);
    let mut all = Vec::new();
    for condition in conditions {
        let key = condition.key.to_ascii_lowercase();
        for value in condition.values.iter().filter(|value| !value.contains("${")) {
            let value = value.replace(['*', '?'], FILLING);
            match KEYS.iter().position(|known| **known == *key) {
                Some(0) => all.push((path.to_owned(), value)),
                Some(_) => all.extend(of_arn(&value)),
                None => {}
            }
        }
    }
    all
}

/// Path and name in the ARN of a user.
fn of_arn(text: &str) -> Option<(String, String)> {
    let rest = Arn::parse(text)?.resource.strip_prefix("user")?;
    let at = rest.rfind('/')?;
    Some((rest.get(..=at)?.to_owned(), rest.get(at + 1..)?.to_owned()))
}

/// Source: IAM API Reference, `UpdateUser`, `NewUserName`.
fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (1..=NAME_MAX).contains(&text.len()) && text.chars().all(fits)
}
