//! Whether a step is taken back by the call that the table has for it, to the state that is asked for before it.
//!
//! A plan's file may have been written by hand: its undo is made again from the table, with what it says was
//! before, and must come out the same. What it says was before must be what the preconditions ask for, so that
//! an undo restores what was there and nothing else.

use serde_json::Map;

use super::{Argument, Check, Error, Input, Inverse, Step};
use crate::calls::{self, Before, Call, From, Undo, shown, undone};

/// Holds a step's undo to the table.
pub(super) fn check(step: &Step) -> Result<(), Error> {
    let Some(inverse) = &step.inverse else { return Ok(()) };
    let wrong = || Error::Undo {
        step: step.id.clone(),
        call: format!("{}:{}", inverse.service, inverse.operation),
    };
    let call = calls::find(&step.service, &step.operation).ok_or_else(wrong)?;
    let before = told(call, inverse).ok_or_else(wrong)?;
    let due = undone(call, &step.id, &step.input, &before);
    let is_due = due.inverse.as_ref() == Some(inverse) && due.volatile == step.volatile;
    if is_due && asks_for(step, inverse) { Ok(()) } else { Err(wrong()) }
}

/// What was before a call, by what its undo restores.
fn told(call: &Call, inverse: &Inverse) -> Option<Before> {
    let values = |names: &mut dyn Iterator<Item = (&str, &str)>| -> Option<Before> {
        let mut was = Map::new();
        for (theirs, ours) in names {
            if let Some(argument) = inverse.input.get(theirs) {
                was.insert(ours.to_owned(), argument.as_plain()?.clone());
            }
        }
        Some(Before::Was(was))
    };
    match call.undo {
        Undo::Never(_) => None,
        Undo::Restore { parameters, .. } if inverse.operation == call.operation => {
            values(&mut parameters.iter().map(|name| (*name, *name)))
        }
        Undo::Item { parameter, .. } if inverse.operation == call.operation => {
            values(&mut [(parameter, parameter)].into_iter())
        }
        Undo::Restore { .. } | Undo::Item { .. } => Some(Before::Absent),
        Undo::By { with, .. } => {
            let mut before = with.iter().filter_map(|(theirs, from)| match from {
                From::Before(ours) => Some((*theirs, *ours)),
                _ => None,
            });
            values(&mut before)
        }
    }
}

/// Whether the step asks beforehand for the state that its undo brings back, and keeps the answer. What an
/// undo takes from the step's own reply was not there before.
fn asks_for(step: &Step, inverse: &Inverse) -> bool {
    let is_reply =
        |input: &Input| input.values().any(|argument| matches!(argument, Argument::Result { .. }));
    if is_reply(&inverse.input) {
        return true;
    }
    let Some(call) = calls::find(&inverse.service, &inverse.operation) else { return false };
    let keeps = |check: &Check| {
        step.capture.iter().any(|it| {
            (&it.service, &it.operation, &it.input)
                == (&check.service, &check.operation, &check.input)
        })
    };
    let asked = shown(call, &inverse.input);
    asked.iter().all(|check| step.preconditions.contains(check) && keeps(check))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use trailwarden_model::Timestamp;

    use super::*;
    use crate::{Plan, remedies};

    fn example(id: &str) -> Plan {
        let remedy = crate::find(id).unwrap();
        let subject = remedy.example().unwrap();
        let draft = remedy.draft(&subject).unwrap();
        let time = Timestamp::from_seconds(0);
        Plan::from_drafts(subject.account, time, time, vec![draft])
    }

    fn refused(plan: &Plan, what: &str) {
        let error = plan.check().unwrap_err();
        assert!(matches!(error, Error::Undo { .. }), "{what}: {error}");
    }

    #[test]
    fn what_remedies_draft_is_taken_back_by_the_table() {
        for remedy in remedies::ALL {
            let plan = example(remedy.id);
            plan.check().unwrap_or_else(|error| panic!("{}: {error}", remedy.id));
        }
    }

    /// A file that somebody wrote by hand: its digest may be right, and its undo wrong.
    #[test]
    fn an_undo_that_is_not_the_table_s_is_refused() {
        let right = example("deactivate-access-key");
        let edit = |what: &str, change: &dyn Fn(&mut Step)| {
            let mut plan = right.clone();
            change(plan.steps.first_mut().unwrap());
            refused(&plan, what);
        };
        edit("another call", &|step| {
            let inverse = step.inverse.as_mut().unwrap();
            inverse.operation = "DeleteAccessKey".to_owned();
            inverse.input.remove("Status");
        });
        edit("somebody else", &|step| {
            let input = &mut step.inverse.as_mut().unwrap().input;
            input.insert("UserName".to_owned(), "mallory".into());
        });
        edit("another state than was asked for", &|step| {
            let input = &mut step.inverse.as_mut().unwrap().input;
            input.insert("Status".to_owned(), "Inactive".into());
        });
        edit("a state that nobody asks for", &|step| step.preconditions.clear());
        edit("a state that nobody keeps", &|step| step.capture.clear());
        edit("differences that are called history", &|step| {
            step.volatile = vec!["Status".to_owned()];
        });
    }

    /// The undo of a narrowed grant must not be a wider one than was there.
    #[test]
    fn a_document_that_was_not_there_is_not_restored() {
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        let all = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        let mut found = 0;
        for remedy in remedies::ALL {
            let right = example(remedy.id);
            for at in 0..right.steps.len() {
                let mut plan = right.clone();
                let Some(inverse) = &mut plan.steps[at].inverse else { continue };
                let Some(document) = inverse.input.get_mut("PolicyDocument") else { continue };
                *document = all.as_str().into();
                refused(&plan, remedy.id);
                found += 1;
            }
        }
        assert!(found > 2, "{found}");
    }

    /// An undo that deletes what the step did not make, by the number of another step's reply.
    #[test]
    fn a_reply_is_the_step_s_own() {
        let mut plan = example("rotate-access-key");
        let step = plan.steps.first_mut().unwrap();
        let inverse = step.inverse.as_mut().unwrap();
        assert!(inverse.input.values().any(|it| matches!(it, Argument::Result { .. })));
        inverse.input.insert("AccessKeyId".to_owned(), "AKIAIOSFODNN7EXAMPLE".into());
        refused(&plan, "another key");
    }
}
