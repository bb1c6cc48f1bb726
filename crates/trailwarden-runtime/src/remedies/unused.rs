//! Access to a service that nobody used: the statements that give it, and whether they can go without anything else.

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_account::fact::Fact;
use trailwarden_account::query::name_of;
use trailwarden_account::{Identity, Kind, Model, PolicyText};
use trailwarden_model::Finding;
use trailwarden_policy::pattern::glob_matches;
use trailwarden_remedy::documents::{parse, statements};
use trailwarden_remedy::subject::{Known as State, Policy};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::holders::listed;
use super::statements::{alone, split};

/// Rules about access to one service that was not used for long, by how their ids begin.
const OF_SERVICE: [(&str, &str); 2] =
    [("bedrock-access-unused", "bedrock"), ("sagemaker-access-unused", "sagemaker")];

/// A policy that gives access to a service.
struct Giver {
    /// In words.
    name: String,
    /// Of whom the finding is about, and of nobody else.
    own: Option<Policy>,
    text: String,
}

/// The service that a rule says was not used.
pub(super) fn service_of(rule: &str) -> Option<&'static str> {
    OF_SERVICE.iter().find(|(id, _)| rule.starts_with(id)).map(|(_, service)| *service)
}

impl Known<'_> {
    /// The subject with the statements that give access to the service and to nothing else, where no other policy
    /// gives it.
    pub(super) fn of_unused(
        &self,
        finding: &Finding,
        subject: Subject,
        service: &str,
    ) -> Result<Vec<Subject>, NoPlan> {
        let givers = self.givers(finding, service)?;
        let [Giver { own: Some(policy), text, .. }] = givers.as_slice() else {
            return Err(NoPlan::Person(why(&givers)));
        };
        let is_at_fault = |document: &str| names(document, service);
        let faulty = alone(text, is_at_fault);
        if faulty.is_empty() || gives_besides(text, service) {
            return Err(NoPlan::Person(why(&givers)));
        }
        let mut subject = Subject { policy: Some(policy.clone()), ..subject };
        if let Some(document) = split(text, &faulty, is_at_fault) {
            subject.before = State::Is(document);
        }
        subject.statements = faulty;
        Ok(vec![subject])
    }

    /// Which policies give it, in words.
    pub(super) fn why_unused(&self, finding: &Finding, service: &str) -> Option<String> {
        Some(why(&self.givers(finding, service).ok()?))
    }

    fn givers(&self, finding: &Finding, service: &str) -> Result<Vec<Giver>, NoPlan> {
        let model = self.model()?;
        let identity = finding.target.arn.as_deref().and_then(|arn| model.find_arn(arn));
        let identity = identity.ok_or(NoPlan::Missing("a user or role"))?;
        let mut givers = Vec::new();
        self.givers_of(model, identity, true, service, &mut givers)?;
        if identity.kind == Kind::User {
            let groups = model.groups_of(&identity.id).ids;
            for group in groups.iter().filter_map(|id| model.identity(id)) {
                self.givers_of(model, group, false, service, &mut givers)?;
            }
        }
        Ok(givers)
    }

    fn givers_of(
        &self,
        model: &Model,
        holder: &Identity,
        is_own: bool,
        service: &str,
        out: &mut Vec<Giver>,
    ) -> Result<(), NoPlan> {
        let whose = name_of(holder);
        if !holder.inline.is_complete() || !holder.attached.is_complete() {
            return Err(NoPlan::unknown(format!("which policies `{whose}` holds")));
        }
        let read = |fact: &Fact<PolicyText>, name: &str| match fact.value() {
            Some(text) => Ok(text.as_str().to_owned()),
            None => Err(NoPlan::unknown(format!("what {name} says"))),
        };
        for (name, fact) in holder.inline.iter() {
            let text = read(fact, name)?;
            let own = is_own.then(|| Policy::Inline(name.to_string()));
            let name = format!("the inline policy `{name}` of {whose}");
            if gives(&text, service) {
                out.push(Giver { name, own, text });
            }
        }
        for arn in holder.attached.keys() {
            let text = read(&model.document_of(arn), arn)?;
            if !gives(&text, service) {
                continue;
            }
            let held = model.attached_to(arn);
            let is_held_by_one = held.ids.len() == 1 && held.unknowns.is_empty();
            let is_ours = !arn.contains(":iam::aws:");
            let own = (is_own && is_held_by_one && is_ours).then(|| self.managed_now(arn));
            out.push(Giver { name: format!("`{arn}`, which {whose} holds"), own, text });
        }
        Ok(())
    }
}

fn why(givers: &[Giver]) -> String {
    let names: BTreeSet<String> = givers.iter().map(|one| one.name.clone()).collect();
    match names.is_empty() {
        true => NOTHING.to_owned(),
        false => format!(
            "it is given by {}: whether what else that gives, or whoever else holds it, needs it is for its owner to say",
            listed(names.into_iter().collect())
        ),
    }
}

const NOTHING: &str =
    "no policy of its own or of its groups gives it any more, by the baseline: assess it again";

/// The actions of a document's statements that allow, each alone; none for what a statement gives by leaving out.
fn allowed(text: &str) -> Option<Vec<Option<String>>> {
    let document = parse(text)?;
    let mut all = Vec::new();
    for statement in statements(&document) {
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            continue;
        }
        match statement.get("Action") {
            Some(Value::String(one)) => all.push(Some(one.to_ascii_lowercase())),
            Some(Value::Array(many)) => {
                all.extend(many.iter().map(|one| one.as_str().map(str::to_ascii_lowercase)))
            }
            _ => all.push(None),
        }
    }
    Some(all)
}

fn is_of(action: &str, service: &str) -> bool {
    action.split_once(':').is_some_and(|(prefix, _)| prefix == service)
}

/// Whether a document names actions of a service.
fn names(text: &str, service: &str) -> bool {
    let mut actions = allowed(text).into_iter().flatten().flatten();
    actions.any(|action| is_of(&action, service))
}

/// Whether a document gives actions of a service without naming it.
fn gives_besides(text: &str, service: &str) -> bool {
    let Some(mut all) = allowed(text).map(Vec::into_iter) else { return true };
    all.any(|action| {
        action.is_none_or(|action| {
            let prefix = action.split_once(':').map_or(action.as_str(), |(prefix, _)| prefix);
            prefix != service && glob_matches(prefix, service)
        })
    })
}

/// Whether a document may give actions of a service.
fn gives(text: &str, service: &str) -> bool {
    names(text, service) || gives_besides(text, service)
}
