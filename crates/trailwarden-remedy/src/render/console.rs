//! A plan as steps in the AWS console.

use std::fmt::Write as _;

use super::lines;
use super::quote::{json_lines, line};
use super::short_digest;
use crate::calls::{self, Kind};
use crate::documents;
use crate::draft::fill;
use crate::plan::{Argument, Input, Plan, Step};

/// Steps for a person. Text that strangers wrote is shown with its hidden characters spelled out.
#[must_use]
pub fn console(plan: &Plan) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "Plan {} for account {}, made {}",
        short_digest(plan),
        plan.account,
        plan.created
    );
    if let Some(before) = plan.preview.apply_before {
        let _ = writeln!(out, "Apply it before {before}: it holds that time.");
    }
    for summary in &plan.preview.remedies {
        let _ = writeln!(out, "\n{}: {}", summary.title, line(&summary.subject));
        for note in &summary.notes {
            let _ = writeln!(out, "  - {}", line(note));
        }
        let steps = plan.steps.iter().filter(|step| summary.steps.contains(&step.id));
        for step in steps {
            write_step(step, plan, &mut out);
        }
    }
    out
}

fn write_step(step: &Step, plan: &Plan, out: &mut String) {
    let _ = writeln!(out, "\n  Step {}: {}", step.id, line(&step.purpose));
    if let Some(region) = &step.region {
        let _ = writeln!(out, "    In the region {}.", line(region));
    }
    if !step.preconditions.is_empty() {
        let _ = writeln!(out, "    Only if:");
        for check in &step.preconditions {
            let _ = writeln!(out, "      - {}", lines::check(check));
        }
    }
    let _ = writeln!(out, "    {}", place(&step.service, &step.operation, &step.input, plan));
    write_details(&step.service, &step.operation, &step.input, out);
    match &step.inverse {
        Some(inverse) => {
            let place = place(&inverse.service, &inverse.operation, &inverse.input, plan);
            let _ = writeln!(out, "    To take it back: {place}");
            write_details(&inverse.service, &inverse.operation, &inverse.input, out);
            if let Some(reason) = &step.inverse_reason {
                let _ = writeln!(out, "    But {reason}.");
            }
        }
        None => {
            let reason = step.inverse_reason.as_deref().unwrap_or("no call takes it back");
            let _ = writeln!(out, "    It cannot be taken back: {reason}.");
        }
    }
}

/// Where the console has a call, names filled in.
fn place(service: &str, operation: &str, input: &Input, plan: &Plan) -> String {
    let Some(call) = calls::find(service, operation) else {
        return lines::question(service, operation, input);
    };
    fill(call.console, |name| {
        let known = input.get(name).map(lines::argument);
        known.or_else(|| (name == "account").then(|| plan.account.clone()))
    })
}

/// What a form is filled with: settings and documents, which are too long for the place.
fn write_details(service: &str, operation: &str, input: &Input, out: &mut String) {
    let Some(call) = calls::find(service, operation) else { return };
    for (name, argument) in input {
        let kind = call.parameter(name).map(|parameter| parameter.kind);
        let shown = match (kind, argument) {
            (Some(Kind::Document), argument) => {
                let document = argument.as_str().and_then(documents::parse);
                document.map(|document| json_lines(&document))
            }
            (Some(Kind::Structure), Argument::Plain(value)) => Some(json_lines(value)),
            (Some(Kind::Number | Kind::Flag), Argument::Plain(value)) => Some(value.to_string()),
            _ => None,
        };
        let Some(shown) = shown else { continue };
        if shown.contains('\n') {
            let _ = writeln!(out, "      {name}:");
            shown.lines().for_each(|row| {
                let _ = writeln!(out, "        {row}");
            });
        } else {
            let _ = writeln!(out, "      {name}: {shown}");
        }
    }
}
