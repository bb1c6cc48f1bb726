//! Whether the permissions that a step asks for are those of its calls: somebody may grant what a plan's file asks
//! for.

use super::{Argument, Error, Input, Step};
use crate::calls::{self, shown};
use crate::draft::fill;
use crate::reads;

/// Holds a step's permissions to its calls and questions.
pub(super) fn check(step: &Step) -> Result<(), Error> {
    let due = due(step);
    let is_due = |action: &str, resource: &str| {
        let of_action = due.iter().filter(|(one, ..)| *one == action);
        of_action.into_iter().any(|(_, template, input)| ends_alike(resource, template, input))
    };
    match step.permissions.iter().find(|it| !is_due(&it.action, &it.resource)) {
        None => Ok(()),
        Some(it) => Err(Error::Permission {
            step: step.id.clone(),
            action: it.action.clone(),
            resource: it.resource.clone(),
        }),
    }
}

/// Each action with the template of its resource and the values for that.
fn due(step: &Step) -> Vec<(&'static str, &'static str, Input)> {
    let mut due = Vec::new();
    let inverse = step.inverse.iter().map(|it| (&it.service, &it.operation, &it.input));
    for (service, operation, input) in
        [(&step.service, &step.operation, &step.input)].into_iter().chain(inverse)
    {
        let Some(call) = calls::find(service, operation) else { continue };
        due.push((call.permission.0, call.permission.1, input.clone()));
        for check in step.preconditions.iter().chain(&shown(call, input)) {
            let read = reads::find(&check.service, &check.operation);
            let asked = read.and_then(|read| Some((read.action?, read.resource())));
            due.extend(asked.map(|(action, resource)| (action, resource, check.input.clone())));
        }
    }
    due
}

/// Whether a resource is of the template: a path in front of a name is not known to the calls, so that the name
/// counts. What an earlier step makes has no name yet, and is one thing all the same.
fn ends_alike(resource: &str, template: &str, input: &Input) -> bool {
    let is_made = input.values().any(|argument| matches!(argument, Argument::Result { .. }));
    if is_made && template != "*" && !resource.contains(['*', '?', '$']) {
        return true;
    }
    let filled = fill(template, |name| match name {
        "Path" => Some("/".to_owned()),
        _ => input.get(name).and_then(Argument::as_str).map(str::to_owned),
    });
    let last = |text: &str| text.rsplit([':', '/']).next().unwrap_or_default().to_owned();
    let name = last(&filled);
    match template {
        "*" => resource == "*",
        _ => name != "*" && last(resource) == name,
    }
}

#[cfg(test)]
mod tests {
    use trailwarden_model::Timestamp;

    use super::*;
    use crate::plan::Permission;
    use crate::{Plan, remedies};

    #[test]
    fn a_permission_that_no_call_needs_is_refused() {
        for remedy in remedies::ALL {
            let subject = remedy.example().unwrap();
            let draft = remedy.draft(&subject).unwrap();
            let time = Timestamp::from_seconds(0);
            let plan = Plan::from_drafts(subject.account, time, time, vec![draft]);
            plan.check().unwrap_or_else(|error| panic!("{}: {error}", remedy.id));
            let own = plan.steps.first().unwrap().permissions.first().unwrap().clone();
            let all = || "*".to_owned();
            for (action, resource) in
                [("iam:*".to_owned(), all()), ("iam:PassRole".to_owned(), all())]
                    .into_iter()
                    .chain((own.resource != "*").then(|| (own.action.clone(), all())))
            {
                let mut plan = plan.clone();
                let asked = Permission { action, resource };
                plan.steps.first_mut().unwrap().permissions.push(asked);
                let error = plan.check().unwrap_err();
                assert!(matches!(error, Error::Permission { .. }), "{}: {error}", remedy.id);
            }
        }
    }

    /// What an earlier step makes has no name yet, which is no reason to ask for everything.
    #[test]
    fn a_step_that_waits_for_a_reply_asks_for_no_more_than_others() {
        let mut found = 0;
        for remedy in remedies::ALL {
            let subject = remedy.example().unwrap();
            let draft = remedy.draft(&subject).unwrap();
            let time = Timestamp::from_seconds(0);
            let right = Plan::from_drafts(subject.account, time, time, vec![draft]);
            let is_reply = |it: &Argument| matches!(it, Argument::Result { .. });
            for (at, step) in right.steps.iter().enumerate() {
                let undo = step.inverse.iter().flat_map(|it| it.input.values());
                if !step.input.values().chain(undo).any(is_reply) {
                    continue;
                }
                for own in step.permissions.iter().filter(|it| it.resource != "*") {
                    let mut plan = right.clone();
                    let resource = "arn:aws:iam::*:*".to_owned();
                    let asked = Permission { action: own.action.clone(), resource };
                    plan.steps[at].permissions.push(asked);
                    let is_refused = matches!(plan.check(), Err(Error::Permission { .. }));
                    assert!(is_refused, "{}: {}", remedy.id, own.action);
                    found += 1;
                }
            }
        }
        assert!(found > 0);
    }
}
