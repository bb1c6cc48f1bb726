//! The steps of a plan as calls into a foreseen account.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use trailwarden_account::foresee::{Call, Foreseeing};
use trailwarden_account::{Change, Model};
use trailwarden_model::Timestamp;
use trailwarden_remedy::plan::foreseen::NotForeseen;
use trailwarden_remedy::plan::{Argument, Reply};
use trailwarden_remedy::{Plan, Step};

/// Calls made one after the other; later ones refer to the replies of earlier ones.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    foreseeing: Foreseeing,
    replies: BTreeMap<String, Value>,
}

const DOES_NOT_FIT: &str =
    "it does not fit the account as it is known, so AWS may refuse it or do something else";
const NO_REPLY: &str =
    "it depends on the reply to an earlier step, which nobody can tell beforehand";
const NOT_IN_MODEL: &str =
    "policies of resources are not in the model: look yourself for whom this shuts out or lets in";

impl Calls {
    pub(super) fn new(model: &Model, at: Timestamp) -> Self {
        Self { foreseeing: Foreseeing::new(model, at), replies: BTreeMap::new() }
    }

    /// Takes in a step, and says so where what it does is not foreseen.
    pub(super) fn make(&mut self, step: &Step) -> Option<NotForeseen> {
        let Some(input) = self.input(step) else { return Some(missed(step, NO_REPLY)) };
        match self.foreseeing.call(&step.service, &step.operation, &input) {
            Call::Folded(reply) => {
                self.replies.insert(step.id.clone(), reply);
                None
            }
            Call::Elsewhere if gives_no_access(&step.service, &step.operation) => None,
            Call::Elsewhere => Some(missed(step, NOT_IN_MODEL)),
            Call::Unforeseen => Some(missed(step, DOES_NOT_FIT)),
        }
    }

    /// Takes in a whole plan that is carried out before. What of it is not foreseen its own preview tells.
    pub(super) fn follow(&mut self, plan: &Plan) {
        self.settle();
        for step in &plan.steps {
            drop(self.make(step));
        }
        self.settle();
    }

    /// What follows is another change, with steps that are numbered anew.
    pub(super) fn settle(&mut self) {
        self.foreseeing.settle();
        self.replies.clear();
    }

    pub(super) fn change(&self) -> Option<Change> {
        self.foreseeing.change()
    }

    /// The parameters with the parts of replies filled in; secrets change nothing that is foreseen.
    fn input(&self, step: &Step) -> Option<Map<String, Value>> {
        let mut input = Map::new();
        for (name, argument) in &step.input {
            let value = match argument {
                Argument::Plain(value) => value.clone(),
                Argument::Made { .. } => continue,
                Argument::Result { result } => self.reply(result)?.clone(),
            };
            input.insert(name.clone(), value);
        }
        Some(input)
    }

    fn reply(&self, result: &Reply) -> Option<&Value> {
        let whole = self.replies.get(&result.step)?;
        let found = result.path.iter().try_fold(whole, |value, member| value.get(member))?;
        (!found.is_null()).then_some(found)
    }
}

/// Calls of plans that move nobody's access, though no model holds what they change: trails, and a
/// bucket that is made. Anything else that no model holds may.
pub(super) fn gives_no_access(service: &str, operation: &str) -> bool {
    matches!((service, operation), ("cloudtrail", _) | ("s3", "CreateBucket"))
}

fn missed(step: &Step, why: &str) -> NotForeseen {
    let call = format!("{}:{}", step.service, step.operation);
    NotForeseen { step: step.id.clone(), call, why: why.to_owned() }
}
