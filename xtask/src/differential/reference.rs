//! What the reference says about cases, put to it in words that it understands.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::divergences::{Questions, questions};
use super::programs::{Answer, Answers, Programs};

/// The answers that ours must equal.
pub(crate) struct Expected {
    pub(crate) all: Vec<Answer>,
    /// How long the reference took.
    pub(crate) took: Duration,
    /// For each divergence, the cases in which it made a difference.
    pub(crate) known: BTreeMap<&'static str, u64>,
}

/// Asks the reference, and counts the divergences that mattered.
pub(crate) fn expected(programs: &Programs, cases: &[Value]) -> Result<Expected> {
    let asked: Vec<Questions> = cases.iter().map(|case| questions(case, None)).collect();
    let Answers { all, took } = ask(programs, &asked)?;
    let known = known(programs, cases, &asked, &all)?;
    Ok(Expected { all, took, known })
}

/// The same without the counts.
pub(crate) fn answers(programs: &Programs, cases: &[Value]) -> Result<Vec<Answer>> {
    let asked: Vec<Questions> = cases.iter().map(|case| questions(case, None)).collect();
    Ok(ask(programs, &asked)?.all)
}

fn ask(programs: &Programs, asked: &[Questions]) -> Result<Answers> {
    let flat: Vec<Value> = asked.iter().flat_map(|questions| questions.cases.clone()).collect();
    let Answers { all, took } = programs.reference(&flat)?;
    let mut said = all.into_iter();
    let together = asked.iter().map(|questions| {
        let mut answers = said.by_ref().take(questions.cases.len());
        let main = answers.next().unwrap_or(Answer::Unknown);
        // All are taken from the stream, whether they matter or not.
        answers.fold(main, |all, other| if other == Answer::Allow { other } else { all })
    });
    Ok(Answers { all: together.collect(), took })
}

fn known(
    programs: &Programs,
    cases: &[Value],
    asked: &[Questions],
    all: &[Answer],
) -> Result<BTreeMap<&'static str, u64>> {
    let rewritten: Vec<(&Value, &Questions, &Answer)> = cases
        .iter()
        .zip(asked)
        .zip(all)
        .map(|((case, questions), answer)| (case, questions, answer))
        .filter(|(_, questions, _)| !questions.applied.is_empty())
        .collect();
    let plain: Vec<Value> = rewritten.iter().map(|(case, _, _)| (*case).clone()).collect();
    let plain = programs.reference(&plain)?.all;
    let mut without = Vec::new();
    let mut rows = Vec::new();
    for ((case, questions, answer), plain) in rewritten.into_iter().zip(plain) {
        if plain != *answer {
            for id in &questions.applied {
                without.push(super::divergences::questions(case, Some(id)));
                rows.push((*id, answer));
            }
        }
    }
    let mut known = BTreeMap::new();
    for ((id, answer), said) in rows.into_iter().zip(ask(programs, &without)?.all) {
        if said != *answer {
            *known.entry(id).or_default() += 1;
        }
    }
    Ok(known)
}
