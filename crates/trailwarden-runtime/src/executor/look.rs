//! One look at the account: what checks ask, and whether they hold.
//!
//! # Invariants
//! - A question that was not answered to its end says nothing: neither that a check holds nor that it
//!   does not.
//! - One look asks the same question once, so that its checks are about one state.

use serde_json::Value;
use trailwarden_account::snapshot::Answer;
use trailwarden_aws::Parameters;
use trailwarden_remedy::documents;
use trailwarden_remedy::plan::{Argument, Check, Expected, Input, Part};
use trailwarden_remedy::render::lines;

use super::World;

/// No value is told at greater length.
const TOLD_MAX: usize = 200;

/// A look.
pub(super) struct Look<'a> {
    world: &'a dyn World,
    answers: Vec<(String, Option<String>, Parameters, Answer)>,
}

/// Whether something holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Yes,
    /// It does not: what is not so.
    No(String),
    /// Nobody knows: which question was not answered, and why.
    Unknown(String),
}

impl<'a> Look<'a> {
    pub(super) fn new(world: &'a dyn World) -> Self {
        Self { world, answers: Vec::new() }
    }

    /// The answer to a question. Its parameters are known by now.
    pub(super) fn ask(&mut self, api: &str, region: Option<&str>, input: &Input) -> Answer {
        let parameters: Parameters = input
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_plain()?.clone())))
            .collect();
        let known = self.answers.iter().find(|(asked, place, with, _)| {
            asked == api && place.as_deref() == region && *with == parameters
        });
        if let Some((.., answer)) = known {
            return answer.clone();
        }
        let answer = self.world.ask(api, region, parameters.clone());
        let place = region.map(str::to_owned);
        self.answers.push((api.to_owned(), place, parameters, answer.clone()));
        answer
    }

    /// Whether all checks hold; else the first that does not.
    pub(super) fn all_hold(&mut self, region: Option<&str>, checks: &[Check]) -> Holds {
        for check in checks {
            let api = format!("{}:{}", check.service, check.operation);
            let answer = self.ask(&api, region, &check.input);
            let holds = holds(check, &answer);
            if holds != Holds::Yes {
                return holds;
            }
        }
        Holds::Yes
    }
}

/// Whether a check holds, by the answer to its question.
pub(super) fn holds(check: &Check, answer: &Answer) -> Holds {
    let found = match (answer.body(), answer.why_not()) {
        (_, Some(why)) => return Holds::Unknown(why),
        (Some(body), None) => at(body, &check.path),
        // There is no such thing.
        (None, None) => None,
    };
    let is = match (&check.expected, found) {
        (Expected::Present, found) => found.is_some(),
        (Expected::Absent, found) => found.is_none(),
        (Expected::Differs(argument), Some(found)) => !is_same(argument, found),
        (Expected::Differs(_), None) => true,
        (Expected::Equals(argument), Some(found)) => is_same(argument, found),
        (Expected::Document(document), Some(found)) => documents::is_same_policy(found, document),
        (Expected::Equals(_) | Expected::Document(_), None) => false,
    };
    if is {
        return Holds::Yes;
    }
    let found = found.map_or_else(|| "nothing".to_owned(), told);
    Holds::No(format!("expected: {}; found: {found}", lines::check(check)))
}

/// What stands at a place of an answer; nothing where AWS says `null`.
fn at<'v>(body: &'v Value, path: &[Part]) -> Option<&'v Value> {
    let mut found = body;
    for part in path {
        found = match part {
            Part::Member(name) => found.get(name)?,
            Part::Where(members) => found
                .as_array()?
                .iter()
                .find(|item| members.iter().all(|(name, value)| item.get(name) == Some(value)))?,
        };
    }
    (!found.is_null()).then_some(found)
}

fn is_same(argument: &Argument, found: &Value) -> bool {
    argument.as_plain().is_some_and(|expected| documents::is_same_value(expected, found))
}

/// A value as a reader sees it, in one line and not too long.
fn told(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(TOLD_MAX) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
