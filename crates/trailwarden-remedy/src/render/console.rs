//! A plan as steps in the AWS console.

use std::fmt::Write as _;

use serde_json::Value;

use super::quote::{json, json_lines, line};
use super::{NO_CALL, effect, lines, short_digest};
use crate::calls::{self, Kind, method};
use crate::documents;
use crate::draft::fill;
use crate::plan::{Argument, Check, Expected, Input, Part, Plan, Step};
use crate::reads;

/// Steps for a person. Text that strangers wrote is shown with its hidden characters spelled out.
#[must_use]
pub fn console(plan: &Plan) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "Plan {} for account {}, made {}",
        short_digest(plan),
        line(&plan.account),
        plan.created
    );
    out.push_str(
        "Menus are named as in AWS's console in English, which changes at times: where one is missing, look for what the last words say.\n",
    );
    if let Some(before) = plan.preview.apply_before {
        let _ = writeln!(out, "Apply it before {before}: it holds that time.");
    }
    let effect = effect(plan);
    if !effect.is_empty() {
        out.push_str("\nWhat it does to access:\n");
    }
    for told in effect {
        let _ = writeln!(out, "  - {told}");
    }
    for summary in &plan.preview.remedies {
        let _ = writeln!(
            out,
            "\n{}: {}",
            line(&summary.said_title()),
            line(&summary.said_subject(plan))
        );
        for note in &summary.said_notes() {
            let _ = writeln!(out, "  - {}", line(note));
        }
        let steps = plan.steps.iter().filter(|step| summary.steps.contains(&step.id));
        for step in steps {
            write_step(step, plan, &mut out);
        }
    }
    for step in plan.untold() {
        write_step(step, plan, &mut out);
    }
    out
}

fn write_step(step: &Step, plan: &Plan, out: &mut String) {
    let _ = writeln!(out, "\n  Step {}: {}", step.id, line(&step.said()));
    if let Some(region) = &step.region {
        let _ = writeln!(out, "    In the region {}.", line(region));
    }
    if !step.preconditions.is_empty() {
        let _ = writeln!(out, "    Only if:");
        for check in &step.preconditions {
            write_seen(check, out);
        }
    }
    let _ = writeln!(out, "    {}", place(&step.service, &step.operation, &step.input, plan));
    write_details(&step.service, &step.operation, &step.input, out);
    match &step.inverse {
        Some(inverse) => {
            let place = place(&inverse.service, &inverse.operation, &inverse.input, plan);
            let _ = writeln!(out, "    To take it back: {place}");
            write_details(&inverse.service, &inverse.operation, &inverse.input, out);
            if let Some(reason) = step.said_reason() {
                let _ = writeln!(out, "    But {}.", line(&reason));
            }
        }
        None => {
            let reason = step.said_reason().unwrap_or_else(|| NO_CALL.to_owned());
            let _ = writeln!(out, "    It cannot be taken back: {}.", line(&reason));
        }
    }
}

/// Where the console shows what a check asks, and what must be seen there. A document or a configuration stands
/// below, as nobody compares a line of it with what the console shows.
fn write_seen(check: &Check, out: &mut String) {
    let Some(what) = seen(check) else {
        let _ = writeln!(out, "      - {}", lines::check(check));
        return;
    };
    let value = match &check.expected {
        Expected::Equals(value) | Expected::Differs(value) => value.as_plain(),
        Expected::Document(document) => Some(document),
        Expected::Present | Expected::Absent => None,
    };
    let below = value.filter(|value| value.is_array() || value.is_object());
    let is = match (&check.expected, below) {
        (Expected::Differs(_), Some(_)) => "is not this:".to_owned(),
        (_, Some(_)) => "is this:".to_owned(),
        (Expected::Equals(value), None) => format!("is {}", shown(value)),
        (Expected::Differs(value), None) => format!("is not {}", shown(value)),
        (Expected::Document(document), None) => format!("is {}", json(document)),
        (Expected::Present, None) => "is there".to_owned(),
        (Expected::Absent, None) => "is not there".to_owned(),
    };
    let _ = writeln!(out, "      - {what} {is}");
    for row in below.into_iter().flat_map(rows) {
        let _ = writeln!(out, "          {row}");
    }
}

/// The place in the console, and what of it is meant.
fn seen(check: &Check) -> Option<String> {
    let read = reads::find(&check.service, &check.operation)?;
    let place = fill(read.console, |name| check.input.get(name).map(named));
    // A list, or what holds all that is told, is the page itself.
    let is_inner = |at: usize| at > 0 || check.path.len() == 1;
    let parts = check.path.iter().enumerate().filter_map(|(at, part)| match part {
        Part::Member(name) => is_inner(at).then(|| words(name)),
        Part::Where(members) => {
            let values = members.values().map(|value| named(&Argument::of(value)));
            Some(values.collect::<Vec<_>>().join(", "))
        }
    });
    let what = parts.collect::<Vec<_>>().join(" > ");
    let what = if what.is_empty() { "it" } else { &what };
    Some(format!("{place}: {what}"))
}

/// The boxes of Block Public Access, by the members of its configuration ("Configuring block public access
/// settings for your S3 buckets", Amazon S3 User Guide).
const BOXES: [(&str, &str); 4] = [
    ("BlockPublicAcls", "... granted through new access control lists (ACLs)"),
    ("IgnorePublicAcls", "... granted through any access control lists (ACLs)"),
    ("BlockPublicPolicy", "... granted through new public bucket or access point policies"),
    (
        "RestrictPublicBuckets",
        "Block public and cross-account access ... through any public bucket or access point policies",
    ),
];

/// A document or a configuration in lines: boxes where the console has boxes, else JSON.
fn rows(value: &Value) -> Vec<String> {
    let is_box = |name: &String| BOXES.iter().any(|(member, _)| member == name);
    match value.as_object() {
        Some(members) if !members.is_empty() && members.keys().all(is_box) => {
            let row = |(member, label): &(&str, &str)| {
                let is_on = members.get(*member) == Some(&Value::Bool(true));
                format!("{} {label}", if is_on { "[x]" } else { "[ ]" })
            };
            BOXES.iter().map(row).collect()
        }
        _ => json_lines(value).lines().map(str::to_owned).collect(),
    }
}

/// A value as the console has it.
fn shown(argument: &Argument) -> String {
    match argument.as_plain() {
        Some(Value::Bool(true)) => "on".to_owned(),
        Some(Value::Bool(false)) => "off".to_owned(),
        _ => lines::argument(argument),
    }
}

/// A name, by which lists of the console are searched, before its ARN.
fn named(argument: &Argument) -> String {
    if let Argument::Result { result } = argument {
        return format!("the one that step {} made", result.step);
    }
    let told = lines::argument(argument);
    match argument.as_str().filter(|text| text.starts_with("arn:")) {
        Some(arn) => {
            let name = arn.rsplit(['/', ':']).next().unwrap_or(arn);
            format!("{} ({told})", line(name))
        }
        None => told,
    }
}

/// A member's name in words: `MinimumPasswordLength` is `minimum password length`, `IsLogging` is `logging`.
fn words(name: &str) -> String {
    let words = method(name).replace('_', " ");
    words.strip_prefix("is ").map_or_else(|| words.clone(), str::to_owned)
}

/// Where the console has a call, names filled in.
fn place(service: &str, operation: &str, input: &Input, plan: &Plan) -> String {
    let Some(call) = calls::find(service, operation) else {
        return lines::question(service, operation, input);
    };
    fill(call.console, |name| {
        let known = calls::given(input, name).as_ref().map(named);
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
                document.as_ref().map(rows)
            }
            (Some(Kind::Structure), Argument::Plain(value)) => Some(rows(value)),
            (Some(Kind::Number | Kind::Flag), argument) => Some(vec![shown(argument)]),
            // What the place does not name already.
            (Some(Kind::Text), argument) if !call.console.contains(&format!("{{{name}}}")) => {
                Some(vec![named(argument)])
            }
            _ => None,
        };
        let Some(shown) = shown else { continue };
        let name = words(name);
        if let [row] = shown.as_slice() {
            let _ = writeln!(out, "      {name}: {row}");
            continue;
        }
        let _ = writeln!(out, "      {name}:");
        for row in shown {
            let _ = writeln!(out, "        {row}");
        }
    }
}
