//! Drafts becoming one plan, whose steps are numbered on.

use trailwarden_model::{AccountId, Timestamp};

use super::Draft;
use crate::plan::{Argument, Inverse, Plan, Preview, SCHEMA, Step, Summary};

impl Plan {
    /// The plan of some drafts of one account, in their order.
    #[must_use]
    pub fn from_drafts(
        account: AccountId,
        created: Timestamp,
        model_time: Timestamp,
        drafts: Vec<Draft>,
    ) -> Self {
        let mut plan = Self {
            schema: SCHEMA.to_owned(),
            digest: String::new(),
            created,
            account: account.to_string(),
            model_time,
            steps: Vec::new(),
            preview: Preview::default(),
        };
        for draft in drafts {
            let first = plan.steps.len();
            let mut numbers = Vec::new();
            for mut step in draft.steps {
                renumber(&mut step, first);
                if step.inverse.is_none() {
                    plan.preview.irreversible.push(step.id.clone());
                }
                numbers.push(step.id.clone());
                plan.steps.push(step);
            }
            let earliest = [plan.preview.apply_before, draft.apply_before];
            plan.preview.apply_before = earliest.into_iter().flatten().min();
            plan.preview.remedies.push(Summary {
                finding: draft.finding,
                why: draft.why,
                also: draft.also,
                remedy: draft.remedy.to_owned(),
                title: draft.title.to_owned(),
                subject: draft.subject,
                steps: numbers,
                notes: draft.notes,
            });
        }
        plan.digest = plan.computed_digest();
        plan
    }
}

/// Moves a step's number, and its references to others, behind the steps of earlier drafts.
fn renumber(step: &mut Step, first: usize) {
    let moved = |number: &str| {
        number.parse::<usize>().map_or_else(|_| number.to_owned(), |at| (at + first).to_string())
    };
    step.id = moved(&step.id);
    let in_inverse = step.inverse.iter_mut().map(|inverse: &mut Inverse| &mut inverse.input);
    let in_checks = step.preconditions.iter_mut().map(|check| &mut check.input);
    let in_captures = step.capture.iter_mut().map(|capture| &mut capture.input);
    let inputs = in_inverse.chain(in_checks).chain(in_captures).chain([&mut step.input]);
    for argument in inputs.flat_map(|input| input.values_mut()) {
        if let Argument::Result { result } = argument {
            result.step = moved(&result.step);
        }
    }
}
