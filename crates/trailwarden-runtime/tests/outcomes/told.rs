//! A list of rules with what became of their examples' findings, for reading.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use trailwarden_runtime::remedies::{Answer as Became, Made, Outcome};

/// An answer in a line or two.
fn line(told: &Became, made: &Made) -> String {
    let word = serde_json::to_value(told.outcome).unwrap();
    let remediation = told.remediation.as_deref().unwrap_or("-");
    let mut line = format!("{} {remediation}", word.as_str().unwrap());
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    for step in steps.filter(|step| told.steps.contains(&step.id)) {
        write!(line, "\n    {} {}", step.operation, step.purpose).unwrap();
        if step.inverse.is_none() {
            line.push_str(" (cannot be taken back)");
        }
    }
    for left in &told.left {
        write!(line, "\n    left to a person: {}", left.call).unwrap();
    }
    if told.steps.is_empty() {
        write!(line, ": {}", told.reason.as_deref().unwrap_or_default()).unwrap();
        for (at, step) in told.how.iter().enumerate() {
            write!(line, "\n    {}. {step}", at + 1).unwrap();
        }
    }
    line
}

/// A list of rules with what becomes of the findings in each of their examples.
#[derive(Default)]
pub(crate) struct Told {
    text: String,
    counts: BTreeMap<Outcome, usize>,
}

impl Told {
    pub(crate) fn rule(&mut self, id: &str, examples: impl Iterator<Item = Made>) {
        writeln!(self.text, "{id}").unwrap();
        let mut lines: Vec<String> = Vec::new();
        for made in examples {
            assert!(!made.answers.is_empty(), "{id}");
            for answer in &made.answers {
                let is_done = answer.outcome.is_settled();
                assert!(is_done || !answer.how.is_empty(), "{id} has no steps: {answer:?}");
                assert_ne!(answer.outcome, Outcome::Misfit, "{id}: {answer:?}");
                *self.counts.entry(answer.outcome).or_default() += 1;
                let line = line(answer, &made);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        for line in lines {
            writeln!(self.text, "  {line}").unwrap();
        }
    }

    pub(crate) fn finish(self) -> String {
        let counts = self.counts.iter().map(|(one, count)| format!("{one:?} {count}"));
        format!("{}\n\n{}", counts.collect::<Vec<_>>().join(", "), self.text)
    }
}
