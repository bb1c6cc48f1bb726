//! What a plan does and what became of each finding, for people and as data.

mod without;

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_model::Severity;
use trailwarden_model::escape::visible;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::{Argument, Summary};
use trailwarden_runtime::remedies::{Answer, Made, Outcome};

use super::wrapping::wrapped;
use crate::cli::terminal::stderr_width;
use crate::formats::answer_schema;
use without::{write_answers, write_finding};

/// The name of the answer for programs.
const SCHEMA: &str = "trailwarden.remediation/1";
/// More bytes are no name: the longest of IAM's ARNs fit ("IAM and AWS STS quotas", IAM User Guide).
const GLANCE_MAX: usize = 600;

/// The JSON Schema of a plan.
pub(crate) fn plan_schema() -> serde_json::Value {
    answer_schema::<Plan>(trailwarden_remedy::plan::SCHEMA)
}

/// What became of findings, as data.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Told<'a> {
    /// Always `trailwarden.remediation/1`.
    schema: &'static str,
    /// The plan; null when no finding could be planned for.
    plan: Option<&'a Plan>,
    /// What became of each finding.
    findings: &'a [Answer],
}

impl<'a> Told<'a> {
    pub(super) fn of(made: &'a Made) -> Self {
        Self { schema: SCHEMA, plan: made.plan.as_ref(), findings: &made.answers }
    }

    /// The JSON Schema of it.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Tells it on standard error.
pub(super) fn tell(made: &Made) -> io::Result<()> {
    on_stderr(|out| write(made, out))
}

/// Writes lines as wide as a terminal is; elsewhere each stays whole.
fn on_stderr(told: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    told(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let mut out = io::BufWriter::new(io::stderr().lock());
    match stderr_width() {
        Some(width) => out.write_all(wrapped(&text, usize::from(width)).as_bytes())?,
        None => out.write_all(text.as_bytes())?,
    }
    out.flush()
}

/// Tells what a plan does, on standard error, before somebody agrees to it; the calls too, since what a plan's
/// file says of its own steps is only the word of whoever wrote it.
pub(super) fn tell_plan(plan: &Plan) -> io::Result<()> {
    on_stderr(|out| {
        write_plan(plan, &Made { plan: None, answers: Vec::new() }, out)?;
        write_calls(plan, out)
    })
}

fn write(made: &Made, out: &mut dyn Write) -> io::Result<()> {
    match &made.plan {
        Some(plan) => write_plan(plan, made, out)?,
        None => writeln!(out, "There is no plan.")?,
    }
    let (already, others): (Vec<&Answer>, Vec<&Answer>) =
        made.answers.iter().partition(|answer| answer.outcome == Outcome::Already);
    let without = others.into_iter().filter(|answer| !answer.outcome.is_settled()).collect();
    write_low(made, out)?;
    write_in_part(made, out)?;
    write_answers("Without a plan", without, out)?;
    write_answers("Nothing to change", already, out)
}

fn write_plan(plan: &Plan, made: &Made, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "Plan for account {}: {}, by what was known at {}.\nDigest {}",
        plan.account,
        counted(plan.steps.len(), "step"),
        plan.model_time,
        plan.digest
    )?;
    write_effect(plan, out)?;
    let mut groups: Vec<Vec<&Summary>> = Vec::new();
    for summary in &plan.preview.remedies {
        let of_remedy = |group: &&mut Vec<&Summary>| {
            group.first().is_some_and(|first| first.remedy == summary.remedy)
        };
        match groups.iter_mut().find(of_remedy) {
            Some(group) => group.push(summary),
            None => groups.push(vec![summary]),
        }
    }
    groups.iter().try_for_each(|group| write_group(plan, group, made, out))?;
    if let Some(time) = plan.preview.apply_before {
        writeln!(out, "\nToo old after {time}: it ends sessions that began before then.")?;
    }
    if plan.is_irreversible() {
        // Counted here, as the executor does, whatever the preview says.
        let stay = plan.steps.iter().filter(|step| step.inverse.is_none());
        let stay: Vec<&str> = stay.map(|step| step.id.as_str()).collect();
        writeln!(out, "\nCannot be taken back: step {}.", visible(&stay.join(", ")))?;
    }
    plan.said_excess().map_or(Ok(()), |told| writeln!(out, "\n{told}"))
}

/// Which steps answer nothing but what is low: ordinary work is taken back by them as well.
fn write_low(made: &Made, out: &mut dyn Write) -> io::Result<()> {
    let settled = || made.answers.iter().filter(|answer| answer.outcome.is_settled());
    let is_low = |step: &&str| {
        let mut of_step = settled().filter(|answer| answer.steps.iter().any(|one| one == step));
        of_step.all(|answer| answer.severity <= Severity::Low)
    };
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    let low: Vec<&str> = steps.map(|step| step.id.as_str()).filter(is_low).collect();
    if low.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\nFor findings of low severity alone: step {}. Ordinary work may be among what they take back: read them, or leave them out with --all --min-severity medium.",
        visible(&low.join(", "))
    )
}

/// Of which findings the steps leave some calls to a person.
fn write_in_part(made: &Made, out: &mut dyn Write) -> io::Result<()> {
    let is_one = |one: &&Answer| one.outcome.is_settled() && !one.left.is_empty();
    let all: Vec<&Answer> = made.answers.iter().filter(is_one).collect();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nPlanned in part: {}", counted(all.len(), "finding"))?;
    all.into_iter().try_for_each(|answer| write_finding("-", answer, out))
}

/// Every call that is made, with the names that it is made with.
fn write_calls(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nThe calls:")?;
    for step in &plan.steps {
        let named: Vec<String> = step.input.iter().filter_map(shown).collect();
        let place = step.region.as_ref().map(|region| format!(" in {region}"));
        let (id, service, operation) = (&step.id, &step.service, &step.operation);
        let place = place.unwrap_or_default();
        let call = format!("{id}. {service}:{operation}{place} {}", named.join(", "));
        writeln!(out, "  {}", visible(call.trim_end()))?;
    }
    Ok(())
}

/// A parameter that can be read at a glance; documents are left to `remediate show`.
fn shown((name, argument): (&String, &Argument)) -> Option<String> {
    let text = match argument.as_plain()? {
        Value::String(text) => text.clone(),
        flag @ (Value::Bool(_) | Value::Number(_)) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (text.len() <= GLANCE_MAX).then(|| format!("{name}={text}"))
}

/// What it does to access, before anything else: who approves must read it.
fn write_effect(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let Some(effect) = &plan.preview.effect else {
        return writeln!(out, "\nWhat it does to access was not worked out.");
    };
    writeln!(out, "\nWhat it does to access:")?;
    effect.lines().iter().try_for_each(|line| writeln!(out, "  {}", visible(line)))
}

/// All that one remediation does; what is to be known of each of its subjects is told once.
fn write_group(
    plan: &Plan,
    group: &[&Summary],
    made: &Made,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let notes: Vec<Vec<String>> = group.iter().map(|one| one.said_notes()).collect();
    let is_common = |note: &&String| notes.iter().all(|all| all.contains(note));
    writeln!(out, "\n{} ({})", visible(&first.said_title()), visible(&first.remedy))?;
    for note in first.said_notes().iter().filter(is_common) {
        writeln!(out, "  - {}", visible(note))?;
    }
    for (summary, notes) in group.iter().zip(&notes) {
        writeln!(out, "  {}", visible(&summary.said_subject(plan)))?;
        for step in plan.steps.iter().filter(|step| summary.steps.contains(&step.id)) {
            writeln!(out, "    {}. {}", visible(&step.id), visible(&step.said()))?;
            if let (None, Some(reason)) = (&step.inverse, step.said_reason()) {
                writeln!(out, "       cannot be taken back: {}", visible(&reason))?;
            }
        }
        for note in notes.iter().filter(|note| !is_common(note)) {
            writeln!(out, "    - {}", visible(note))?;
        }
        let answers = made.answers.iter().filter(|answer| {
            answer.outcome.is_settled()
                && answer.steps.iter().any(|step| summary.steps.contains(step))
        });
        for answer in answers {
            write_finding("for", answer, out)?;
        }
    }
    Ok(())
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
