//! What single policies grant, judged by the reach of the document and not by its words.
//!
//! A policy grants something on everything when nothing of it is left over once the policy's reach is
//! taken away: wildcards, lists, `NotAction`, several statements and denies all come to the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_account::fact::Fact;
use trailwarden_account::{Identity, Kind, Model, PolicyText};
use trailwarden_model::AccountId;
use trailwarden_policy::reach::{Grade, Grading, Reach, grade};
use trailwarden_policy::{Document, Effect};

use crate::answers::{Known, Missing};
use crate::state::State;
use crate::verdicts::{Resource, Verdicts};

/// Where policies come from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// Customer managed policies that somebody holds.
    Attached,
    /// Customer managed policies that nobody holds and that bound nobody.
    Unattached,
    /// AWS's own that somebody holds.
    AwsManaged,
    /// Inline policies.
    Inline,
}

/// A policy of an account.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The account that it is in, where that is known.
    pub account: Option<AccountId>,
    /// As the thing that a verdict is about.
    pub resource: Resource,
    /// Its text.
    pub text: PolicyText,
}

/// How surely something is granted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Granted {
    /// It is not.
    No,
    /// Where conditions hold.
    Conditionally,
    /// It is.
    Yes,
}

/// The policies of some sources. What cannot be read is said to be unknown.
pub fn policies(
    state: &State<'_>,
    sources: &[Source],
    verdicts: &mut Verdicts,
) -> Known<Vec<Policy>> {
    let model = state.model()?;
    if sources.iter().any(|source| matches!(source, Source::Attached | Source::Unattached)) {
        state.policies_whole(verdicts)?;
    }
    // Whoever is not seen may hold others.
    for kind in [Kind::User, Kind::Group, Kind::Role] {
        state.all(kind, verdicts)?;
    }
    let mut found = Vec::new();
    let account = Some(model.account());
    let mut add = |resource: Resource, text: &Fact<PolicyText>| match text {
        Fact::Known { value, .. } if value.document().is_ok() => {
            found.push(Policy { account, resource, text: value.clone() });
        }
        Fact::Known { .. } => verdicts.unknown(&resource, "its text is no policy that can be read"),
        Fact::Unknown { why, .. } => {
            verdicts.missing(&resource, &Missing::new("its document:", why.as_str()));
        }
    };
    let (attached, bounding) = (held(model), bounding(model));
    if sources.contains(&Source::AwsManaged) {
        for arn in attached.iter().filter(|arn| is_of_aws(arn)) {
            add(Resource::policy(arn), &model.document_of(arn));
        }
    }
    let mut own: Vec<_> = model.policies().filter(|policy| !is_of_aws(&policy.arn)).collect();
    own.sort_by(|a, b| a.arn.cmp(&b.arn));
    for policy in own {
        let source = match attached.contains(&policy.arn) {
            true => Source::Attached,
            false => Source::Unattached,
        };
        // What bounds somebody grants nothing, though its text may allow everything.
        let is_boundary = source == Source::Unattached && bounding.contains(&policy.arn);
        if sources.contains(&source) && !is_boundary {
            add(Resource::policy(&policy.arn), &policy.document());
        }
    }
    if sources.contains(&Source::Inline) {
        for identity in identities(model) {
            let holder = Resource::identity(state, identity);
            for (name, text) in identity.inline.iter() {
                add(holder.part("inline_policy", &format!("inline policy {name}")), text);
            }
        }
    }
    Ok(found)
}

/// Users, groups and roles that somebody else can change, by kind and name.
pub(crate) fn identities(model: &Model) -> Vec<&Identity> {
    let mut all: Vec<&Identity> = model
        .identities()
        .filter(|identity| identity.kind != Kind::Root && !identity.is_service_linked())
        .collect();
    all.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    all
}

fn held(model: &Model) -> BTreeSet<Arc<str>> {
    identities(model).into_iter().flat_map(|identity| identity.attached.keys().cloned()).collect()
}

fn bounding(model: &Model) -> BTreeSet<Arc<str>> {
    let bounds = |identity: &Identity| identity.boundary.value().cloned().flatten();
    model.identities().filter_map(bounds).collect()
}

fn is_of_aws(arn: &str) -> bool {
    arn.contains(":iam::aws:policy/")
}

impl Policy {
    /// Whether it grants every one of these actions on everything.
    pub fn grants_all(&self, actions: &[&str]) -> Granted {
        let wanted = wanted_where(actions, None);
        self.granted("", |reach| wanted.subtract(reach).is_nothing())
    }

    /// Whether it grants any of these actions on everything.
    pub fn grants_any(&self, actions: &[&str]) -> Granted {
        let all = actions.iter().map(|action| self.grants_all(&[action]));
        all.max().unwrap_or(Granted::No)
    }

    /// Whether it grants an action on everything where a condition key has a value. What other
    /// conditions demand makes it conditional; a condition that excludes the value, ungranted.
    pub fn grants_where(&self, action: &str, key: &str, value: &str) -> Granted {
        let condition = serde_json::json!({"StringEquals": { key: value }});
        let wanted = wanted_where(&[action], Some(condition));
        self.granted(key, |reach| wanted.subtract(reach).is_nothing())
    }

    /// How dangerous what it grants is, for somebody of its account.
    #[must_use]
    pub fn grading(&self) -> Option<Grading> {
        let document = self.text.document().ok()?;
        let reach = Reach::of([document]);
        let reach = match self.account {
            // Of which partition the account is, nothing here tells.
            Some(account) => reach.in_account(account, ""),
            None => reach,
        };
        Some(grade(reach.grants()))
    }

    /// Whether it makes an administrator.
    #[must_use]
    pub fn makes_administrator(&self) -> Granted {
        match self.grading() {
            Some(grading) if grading.unconditional == Grade::Admin => Granted::Yes,
            Some(grading) if grading.grade == Grade::Admin => Granted::Conditionally,
            _ => Granted::No,
        }
    }

    /// Whether something is covered, as it stands or without its conditions but those on a key.
    fn granted(&self, key: &str, covers: impl Fn(&Reach) -> bool) -> Granted {
        let Ok(document) = self.text.document() else { return Granted::No };
        if covers(&Reach::of([document])) {
            return Granted::Yes;
        }
        let mut open: Document = document.clone();
        for statement in open.statements.iter_mut().filter(|one| one.effect == Effect::Allow) {
            statement.conditions.retain(|condition| condition.key.eq_ignore_ascii_case(key));
        }
        if covers(&Reach::of([&open])) { Granted::Conditionally } else { Granted::No }
    }
}

/// These actions on everything, where a condition holds.
fn wanted_where(actions: &[&str], condition: Option<serde_json::Value>) -> Reach {
    let mut statement = serde_json::json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    if let (Some(condition), Some(members)) = (condition, statement.as_object_mut()) {
        members.insert("Condition".to_owned(), condition);
    }
    let text = serde_json::json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    Document::parse(&text).map_or_else(|_| Reach::nothing(), |document| Reach::of([&document]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IAM User Guide, "Cross-account policy evaluation logic": nobody of another account is let into IAM.
    #[test]
    fn what_lies_in_another_account_makes_no_administrator() {
        let made_by = |resource: &str| {
            let text = serde_json::json!({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "iam:*", "Resource": resource}]});
            let policy = Policy {
                account: AccountId::parse("111122223333"),
                resource: Resource::policy("arn:aws:iam::111122223333:policy/p"),
                text: PolicyText::new(&text.to_string()),
            };
            policy.makes_administrator()
        };
        assert_eq!(made_by("arn:aws:iam::111122223333:*"), Granted::Yes);
        assert_eq!(made_by("arn:aws:iam::444455556666:*"), Granted::No);
    }
}
