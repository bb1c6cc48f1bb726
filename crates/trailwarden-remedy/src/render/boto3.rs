//! A plan as a Python program: a dry run unless it is told to apply or to take back.
//!
//! The plan is data of the program, so names never become code; the rest is the same in every program.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::quote::{line, python};
use super::{
    asked_for, asks, is_early, lines, reveals, shows, taken_from, wanted_reply, write_preamble,
};
use crate::calls::method;
use crate::plan::{Check, Input, Plan, Step};
use crate::reads;

/// What is the same in every program.
const MACHINERY: &str = include_str!("boto3.py.txt");
/// How programs compare what AWS spells otherwise than it was given.
const COMPARING: &str = include_str!("canonical.py.txt");
/// Where it stands in the machinery.
const COMPARED: &str = "# COMPARING\n";

/// A program for Python 3 with boto3.
#[must_use]
pub fn boto3(plan: &Plan) -> String {
    let mut out = String::from("#!/usr/bin/env python3\n");
    let _ = writeln!(
        out,
        "# Plan {} for account {}, made {}.",
        plan.digest,
        line(&plan.account),
        plan.created
    );
    out.push_str("#   python3 THIS_FILE            shows what would be done\n");
    out.push_str("#   python3 THIS_FILE --apply    does it\n");
    out.push_str("#   python3 THIS_FILE --undo     takes it back\n");
    write_preamble(plan, &mut out);
    let machinery = MACHINERY.replacen(COMPARED, COMPARING, 1);
    let _ = write!(out, "\n{}\n\n{machinery}", body(plan));
    out
}

/// The part of a program that is the plan's own.
#[must_use]
pub fn body(plan: &Plan) -> String {
    let steps: Vec<Value> = plan.steps.iter().map(|step| of_step(plan, step)).collect();
    let whole = json!({
        "digest": plan.digest,
        "account": plan.account,
        "apply_before": plan.preview.apply_before.map(|time| time.to_string()),
        "taken_from": taken_from(plan),
        "steps": steps,
    });
    format!("PLAN = {}", python(&whole, 0))
}

fn of_step(plan: &Plan, step: &Step) -> Value {
    let inverse = step.inverse.as_ref();
    let undo_shows = inverse.map(|it| shows(&it.service, &it.operation, &it.input));
    let ready = step.preconditions.iter().map(|check| {
        let mut value = of_check(check);
        if let Some(members) = value.as_object_mut() {
            members.insert("early".to_owned(), is_early(plan, step, check).into());
            members.insert("told".to_owned(), lines::check(check).into());
        }
        value
    });
    json!({
        "id": step.id,
        "purpose": line(&step.said()),
        "region": step.region,
        "call": of_call(&step.service, &step.operation, &step.input),
        "ready": ready.collect::<Vec<_>>(),
        "captures": step.capture.iter()
            .map(|it| of_call(&it.service, &it.operation, &it.input)).collect::<Vec<_>>(),
        "shows": of_checks(&shows(&step.service, &step.operation, &step.input)),
        "keeps_reply": wanted_reply(plan, step).is_some(),
        "reveals": reveals(step),
        "asks": asks(step),
        "asks_for": asked_for(&step.input).map(|who| line(&who)),
        "undo_asks_for": inverse.and_then(|it| asked_for(&it.input)).map(|who| line(&who)),
        "follows_maker": plan.follows_maker(step),
        "undo": inverse.map(|it| of_call(&it.service, &it.operation, &it.input)),
        "undo_shows": of_checks(&undo_shows.unwrap_or_default()),
        "reason": step.said_reason(),
    })
}

fn of_call(service: &str, operation: &str, input: &Input) -> Value {
    let absent = reads::find(service, operation).map(|read| read.absent);
    let mut value = json!({
        "service": service,
        "method": method(operation),
        "input": input,
    });
    if let (Some(absent), Some(members)) = (absent, value.as_object_mut()) {
        members.insert("absent".to_owned(), absent.into());
    }
    value
}

fn of_checks(checks: &[Check]) -> Vec<Value> {
    checks.iter().map(of_check).collect()
}

fn of_check(check: &Check) -> Value {
    let mut value = of_call(&check.service, &check.operation, &check.input);
    if let Some(members) = value.as_object_mut() {
        members.insert("path".to_owned(), json!(check.path));
        members.insert("expected".to_owned(), json!(check.expected));
    }
    value
}
