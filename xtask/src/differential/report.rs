//! The counts of a run as a table and as JSON, and whether they are enough.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::Run;
use super::count::Counts;
use super::operator::OPERATORS;

/// Every outcome must be at least this part of the cases.
const OUTCOME_PERCENT_MIN: u64 = 15;
/// Every operator must decide at least one case in so many: 500 of 50,000.
const CASES_PER_HIT_MAX: u64 = 100;
const OUTCOMES: [&str; 3] = ["allow", "explicit_deny", "implicit_deny"];

/// How long both sides took.
#[derive(Default)]
pub(crate) struct Seconds {
    pub(crate) ours: Duration,
    pub(crate) reference: Duration,
}

impl Seconds {
    fn rates(&self, cases: u64) -> (u64, u64) {
        let rate = |took: Duration| {
            let nanoseconds = took.as_nanos().max(1);
            u64::try_from(u128::from(cases) * 1_000_000_000 / nanoseconds).unwrap_or(u64::MAX)
        };
        (rate(self.ours), rate(self.reference))
    }
}

/// What the cases cover too thinly, in words.
pub(crate) fn thin(counts: &Counts, cases: u64) -> Vec<String> {
    let mut thin = Vec::new();
    for outcome in OUTCOMES {
        let count = counts.outcomes.get(outcome).copied().unwrap_or(0);
        if count * 100 < cases * OUTCOME_PERCENT_MIN {
            thin.push(format!("{outcome} is the outcome of {count} cases only"));
        }
    }
    for (name, _) in OPERATORS {
        let hits = counts.hits(name);
        if hits * CASES_PER_HIT_MAX < cases {
            thin.push(format!("{name} decides {hits} cases only"));
        }
    }
    thin
}

/// The table.
pub(crate) fn text(run: &Run, seed: u64, cases: u64) -> String {
    let mut out = String::new();
    let counts = &run.counts;
    let percent = |count: u64| count as f64 * 100.0 / cases.max(1) as f64;
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{cases} cases of seed {seed}");
    let _ = writeln!(out, "\n{:<28} {:>8}", "outcome", "cases");
    for (name, count) in &counts.outcomes {
        let _ = writeln!(out, "{name:<28} {count:>8} {:>5.1} %", percent(*count));
    }
    let _ = writeln!(out, "\n{:<28} {:>8}", "principal", "cases");
    for (name, count) in &counts.principals {
        let _ = writeln!(out, "{name:<28} {count:>8} {:>5.1} %", percent(*count));
    }
    let crossing = counts.cross_account;
    let _ = writeln!(out, "{:<28} {crossing:>8} {:>5.1} %", "(cross-account)", percent(crossing));
    let _ = writeln!(out, "\n{:<28} {:>8} {:>8}", "policy kind", "cases", "decided");
    for (name, kind) in &counts.kinds {
        let _ = writeln!(out, "{name:<28} {:>8} {:>8}", kind.cases, kind.decided);
    }
    let _ = writeln!(out, "\n{:<42} {:>8} {:>8} {:>8}", "operator", "decided", "held", "failed");
    for (name, _) in OPERATORS {
        for (form, hits) in counts.operators.get(name).into_iter().flatten() {
            let shown = if form.is_empty() { (*name).to_owned() } else { format!("{name} {form}") };
            let (held, failed) = (hits.held, hits.failed);
            let _ = writeln!(out, "{shown:<42} {:>8} {held:>8} {failed:>8}", hits.all());
        }
        let _ = writeln!(out, "{:<42} {:>8}", format!("{name}, all forms"), counts.hits(name));
    }
    let _ = writeln!(out, "\n{:<34} {:>8}", "known divergence", "cases");
    for (id, count) in &run.known {
        let _ = writeln!(out, "{id:<34} {count:>8}");
    }
    let (ours, reference) = run.seconds.rates(cases);
    let _ = writeln!(
        out,
        "\ndifferences: {}\ncases per second, whole program: ours {ours} (unoptimised build), reference {reference}",
        run.differences.len()
    );
    out
}

/// The same for programs.
pub(crate) fn json(run: &Run, seed: u64, cases: u64) -> Value {
    let (ours, reference) = run.seconds.rates(cases);
    let operators: BTreeMap<&str, u64> =
        OPERATORS.iter().map(|(name, _)| (*name, run.counts.hits(name))).collect();
    let differences: Vec<Value> = run
        .differences
        .iter()
        .map(|difference| {
            json!({ "case": difference.number, "ours": difference.ours.to_string(),
                "reference": difference.theirs.to_string(), "input": difference.case })
        })
        .collect();
    json!({
        "seed": seed, "cases": cases, "counts": run.counts, "decided": operators,
        "divergences": run.known, "differences": differences,
        "cases_per_second": { "ours": ours, "reference": reference },
    })
}
