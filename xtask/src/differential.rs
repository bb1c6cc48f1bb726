//! `differential`: our evaluator against a reference, on generated cases of every kind.
//!
//! # Invariants
//! - The same seed gives the same cases (`same_seed_same_cases`), and every failure names its seed.
//! - Nothing excuses a difference: where the reference is not AWS, an entry of [`divergences::ALL`]
//!   puts the case to it in other words. `unknown` and `error` of ours are differences, because
//!   the context of every case is complete.
//! - With `--faults`, the run proves that it would notice: each planted fault must show.

mod condition;
mod count;
mod dice;
mod divergences;
mod element;
mod faults;
mod generate;
mod minimise;
mod named;
mod operator;
mod plan;
pub(crate) mod programs;
mod reference;
mod report;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::workspace;
use programs::{Answer, Programs};

/// The page of known divergences.
const PAGE: &str = "docs/policy-divergences.md";
/// How many differences are made small and shown.
const SHOWN_MAX: usize = 5;
/// Cases that are asked at once.
const CHUNK: usize = 2_500;
/// Cases of a small run.
const SMALL: u64 = 3_000;

/// Arguments of `differential`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many cases.
    #[arg(long, default_value_t = 50_000)]
    cases: u64,
    /// The same seed gives the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A quick run of 3,000 cases.
    #[arg(long)]
    small: bool,
    /// Plant faults into a copy of the evaluator, and prove that each is found.
    #[arg(long)]
    faults: bool,
    /// Print the counts as JSON.
    #[arg(long)]
    json: bool,
    /// Write docs/policy-divergences.md, and do nothing else.
    #[arg(long)]
    bless: bool,
}

/// A case on which the two sides disagree.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) number: u64,
    pub(crate) case: Value,
    pub(crate) ours: Answer,
    pub(crate) theirs: Answer,
}

/// What a run found.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) counts: count::Counts,
    pub(crate) differences: Vec<Difference>,
    /// In how many cases each known divergence made a difference.
    pub(crate) known: BTreeMap<&'static str, u64>,
    pub(crate) seconds: report::Seconds,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.bless {
        return workspace::write(&workspace::root().join(PAGE), &divergences::page());
    }
    let programs = match Programs::find()? {
        Ok(programs) => programs,
        Err(missing) => bail!("the reference evaluator is not here: {missing}"),
    };
    let cases = if arguments.small { SMALL } else { arguments.cases };
    if arguments.faults {
        return faults::run(&programs, arguments.seed, arguments.json);
    }
    let run = compare(&programs, arguments.seed, cases)?;
    if arguments.json {
        println!("{}", report::json(&run, arguments.seed, cases));
    } else {
        print!("{}", report::text(&run, arguments.seed, cases));
    }
    let shown = described(&programs, &run.differences, arguments.seed)?;
    eprint!("{shown}");
    let thin = report::thin(&run.counts, cases);
    if !run.differences.is_empty() {
        bail!("{} differences in {cases} cases of seed {}", run.differences.len(), arguments.seed);
    }
    if !thin.is_empty() {
        bail!("the cases cover too little: {}", thin.join("; "));
    }
    Ok(())
}

/// Generates cases, asks both sides, and counts; a few at a time, because cases are large.
pub(crate) fn compare(programs: &Programs, seed: u64, count: u64) -> Result<Run> {
    let mut run = Run::default();
    for from in (0..count).step_by(CHUNK) {
        let cases = chunk(seed, from, count);
        let ours = programs.ours(&cases)?;
        let theirs = reference::expected(programs, &cases)?;
        let answers = ours.all.iter().zip(&theirs.all);
        for ((number, case), (ours, theirs)) in (from..).zip(&cases).zip(answers) {
            if ours != theirs {
                let (ours, theirs) = (ours.clone(), theirs.clone());
                run.differences.push(Difference { number, case: case.clone(), ours, theirs });
            }
        }
        count::count(&mut run.counts, programs, &cases, &ours.all)?;
        for (id, cases) in theirs.known {
            *run.known.entry(id).or_default() += cases;
        }
        run.seconds.ours += ours.took;
        run.seconds.reference += theirs.took;
    }
    Ok(run)
}

/// The next cases of a run of `count`.
fn chunk(seed: u64, from: u64, count: u64) -> Vec<Value> {
    let to = count.min(from + CHUNK as u64);
    (from..to).map(|number| generate::case(seed, number)).collect()
}

/// The first differences in words, each with its case made small.
pub(crate) fn described(
    programs: &Programs,
    differences: &[Difference],
    seed: u64,
) -> Result<String> {
    let mut text = String::new();
    for difference in differences.iter().take(SHOWN_MAX) {
        let Difference { number, case, ours, theirs } = difference;
        let small = minimise::minimise(case, (ours, theirs), &|cases| both(programs, cases))?;
        text.push_str(&format!(
            "seed {seed} case {number}: ours {ours}, reference {theirs}\n  {small}\n"
        ));
    }
    if differences.len() > SHOWN_MAX {
        text.push_str(&format!("and {} more\n", differences.len() - SHOWN_MAX));
    }
    Ok(text)
}

/// Both answers to each case.
fn both(programs: &Programs, cases: &[Value]) -> Result<Vec<(Answer, Answer)>> {
    let ours = programs.ours(cases)?.all;
    let theirs = reference::answers(programs, cases)?;
    Ok(ours.into_iter().zip(theirs).collect())
}
