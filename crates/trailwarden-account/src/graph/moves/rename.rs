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
    let names = wanted(subject);
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
    let resource = subject.arn.rsplit(':').next().unwrap_or_default();
    let path = resource.strip_prefix("user").and_then(|rest| rest.get(..=rest.rfind('/')?));
    let path = path.unwrap_or("/");
    let mut all = BTreeSet::new();
    for text in subject.held.policies.iter().filter_map(|held| held.document.value()) {
        if text.as_str().contains(&*subject.identity.name) {
            all.insert((path.to_owned(), OTHER.to_owned()));
        }
        let statements = text.document().map(|document| document.statements.as_slice());
        let conditions = statements.into_iter().flatten().flat_map(|one| &one.conditions);
        for condition in conditions {
            for value in condition.values.iter().filter(|value| !value.contains("${")) {
                let value = value.replace(['*', '?'], FILLING);
                match condition.key.to_ascii_lowercase().as_str() {
                    "aws:username" => all.extend([(path.to_owned(), value)]),
                    "aws:principalarn" => all.extend(of_arn(&value)),
                    _ => {}
                }
            }
        }
    }
    let is_free = |name: &str| subject.model.find(crate::identity::Kind::User, name).is_none();
    all.retain(|(_, name)| is_name(name) && is_free(name));
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
