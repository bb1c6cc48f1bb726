//! A plan as a script of the AWS CLI.
//!
//! What the script must remember, and what it keeps of the state before, lies in a folder that only
//! its user can read. Checks are queries that the CLI itself evaluates; documents and structures, which
//! AWS spells otherwise than they were given, are compared by Python.

mod checks;
mod words;

use std::fmt::Write as _;

use super::quote::{bash, line};
use super::{
    NO_CALL, asked_for, asks, is_early, lines, reveals, short_digest, shows, taken_from,
    wanted_reply, write_preamble,
};
use crate::plan::{Check, Plan, Step};
use checks::all_hold;
use words::{Sent, Words, call};

/// What is the same in every script.
const MACHINERY: &str = include_str!("cli.sh.txt");
/// The same in every script that compares documents or structures.
const COMPARING: [&str; 3] = [
    include_str!("same.sh.txt"),
    concat!("import json\nimport re\nimport sys\n\n\n", include_str!("canonical.py.txt"), "\n\n"),
    include_str!("same.py.txt"),
];

/// A script that `bash` runs: applies the plan, and takes it back with `--undo`.
#[must_use]
pub fn cli(plan: &Plan) -> String {
    let mut out = head(plan);
    out.push_str(MACHINERY);
    let body = body(plan);
    let compares = body.contains("holds_same");
    if compares {
        COMPARING.iter().for_each(|part| out.push_str(part));
    }
    out.push_str(&body);
    out.push_str(&tail(plan, compares));
    out
}

fn head(plan: &Plan) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    let _ = writeln!(
        out,
        "# Plan {} for account {}, made {}.",
        plan.digest,
        line(&plan.account),
        plan.created
    );
    out.push_str("#   bash THIS_FILE           makes the calls\n");
    out.push_str("#   bash THIS_FILE --undo    takes them back\n");
    write_preamble(plan, &mut out);
    // The AWS CLI's queries have grave accents, which are nothing to bash.
    out.push_str(
        "\n# shellcheck disable=SC2016\nset -euo pipefail\numask 077\nexport AWS_PAGER=''\n",
    );
    let _ = writeln!(out, "account={}", bash(&plan.account));
    let _ = writeln!(out, "digest={}", bash(&plan.digest));
    let _ = writeln!(out, "state=\"${{TRAILWARDEN_STATE:-trailwarden-{}}}\"", short_digest(plan));
    out.push_str(
        "scratch=$(mktemp)\nprivate=$(mktemp)\ntrap 'rm -f \"$scratch\" \"$private\"' EXIT\n\n",
    );
    out
}

/// The part of a script that is the plan's own.
#[must_use]
pub fn body(plan: &Plan) -> String {
    let mut out = String::new();
    for step in &plan.steps {
        write_step(plan, step, &mut out);
    }
    let once = plan.steps.iter().filter(|step| is_once(step));
    let once: String = once.map(|step| format!("    {}) echo yes ;;\n", step.id)).collect();
    out.push_str(
        "\n# Whether a step makes something new each time, so that it must not be repeated.\n",
    );
    let _ = write!(out, "once() {{\n  case \"$1\" in\n{once}    *) echo no ;;\n  esac\n}}\n");
    let late = plan.steps.iter().filter(|step| plan.follows_maker(step));
    let late: String = late.map(|step| format!("    {}) echo yes ;;\n", step.id)).collect();
    out.push_str(
        "\n# Whether a step comes behind one that makes something, which may not show everywhere yet.\n",
    );
    let _ = write!(out, "follows() {{\n  case \"$1\" in\n{late}    *) echo no ;;\n  esac\n}}\n");
    let asks = plan.steps.iter().filter(|step| asks(step));
    let asks: String = asks.map(|step| format!("    {}) echo yes ;;\n", step.id)).collect();
    out.push_str(
        "\n# Whether a step asks for a secret, of which nothing tells whether it was set.\n",
    );
    let _ = write!(out, "asks() {{\n  case \"$1\" in\n{asks}    *) echo no ;;\n  esac\n}}\n");
    write_whose(plan, &mut out);
    out.push_str("\n# What must hold before the first call.\n");
    let mut early = Vec::new();
    for step in &plan.steps {
        let checks = step.preconditions.iter().filter(|check| is_early(plan, step, check));
        for check in checks {
            let told = bash(&format!("step {}: not so: {}", step.id, lines::check(check)));
            let commands = all_hold(std::slice::from_ref(check), &step.region);
            early.extend(commands.iter().map(|command| format!("{command} || stop {told}")));
        }
    }
    function(&mut out, "before_all", &early);
    out
}

/// For whom a password is asked, by the direction and the step.
fn write_whose(plan: &Plan, out: &mut String) {
    let mut cases = String::new();
    for step in &plan.steps {
        let undo = step.inverse.as_ref().map(|inverse| ("undo", &inverse.input));
        for (direction, input) in [("do", &step.input)].into_iter().chain(undo) {
            if let Some(who) = asked_for(input) {
                let case = bash(&format!("{direction} {}", step.id));
                let _ = writeln!(cases, "    {case}) printf '%s' {} ;;", bash(&line(&who)));
            }
        }
    }
    out.push_str("\n# For whom a step needs a password; nothing where it needs none.\n");
    let _ = write!(out, "whose() {{\n  case \"$1\" in\n{cases}    *) true ;;\n  esac\n}}\n");
}

/// Whether a call makes something new each time.
fn is_once(step: &Step) -> bool {
    shows(&step.service, &step.operation, &step.input).is_empty()
}

fn write_step(plan: &Plan, step: &Step, out: &mut String) {
    let (id, region) = (&step.id, &step.region);
    let _ = writeln!(out, "\n# Step {id}: {}", line(&step.said()));
    function(out, &format!("ready_{id}"), &together(&step.preconditions, region));
    let kept = step.capture.iter().enumerate().map(|(at, capture)| {
        let read = Words::read(&capture.service, &capture.operation, &capture.input, region);
        format!("keep \"$state/{id}.before-{at}.json\" {} {}", bash(&read.errors), read.text)
    });
    function(out, &format!("keep_{id}"), &kept.collect::<Vec<_>>());
    let wanted = wanted_reply(plan, step);
    let sent = Sent {
        reply: wanted.as_deref(),
        reveals: reveals(step),
        is_once: is_once(step),
        otherwise: format!("refused {id}"),
    };
    let made = call(&step.service, &step.operation, &step.input, region, &sent, id);
    function(out, &format!("do_{id}"), &made);
    let done = shows(&step.service, &step.operation, &step.input);
    let done = match done.is_empty() {
        true => vec![format!("[[ -s \"$state/{id}.result\" ]]")],
        false => together(&done, region),
    };
    function(out, &format!("done_{id}"), &done);
    let Some(inverse) = &step.inverse else {
        let reason = step.said_reason().unwrap_or_else(|| NO_CALL.to_owned());
        let told = bash(&format!("step {id}: stays as it is: {}", line(&reason)));
        function(out, &format!("stays_{id}"), &[format!("printf '%s\\n' {told}")]);
        return;
    };
    function(out, &format!("stays_{id}"), &["false".to_owned()]);
    let undone = shows(&inverse.service, &inverse.operation, &inverse.input);
    function(out, &format!("undone_{id}"), &together(&undone, region));
    let sent = Sent { otherwise: format!("not_taken_back {id}"), ..Sent::default() };
    let undo = call(&inverse.service, &inverse.operation, &inverse.input, region, &sent, id);
    function(out, &format!("undo_{id}"), &undo);
}

/// One command that succeeds when all checks hold.
fn together(checks: &[Check], region: &Option<String>) -> Vec<String> {
    match checks.is_empty() {
        true => vec!["true".to_owned()],
        false => vec![all_hold(checks, region).join(" &&\n    ")],
    }
}

fn function(out: &mut String, name: &str, lines: &[String]) {
    let _ = writeln!(out, "{name}() {{");
    for text in lines {
        // A here-document must begin at the line's first place, and is written without indent.
        let _ = writeln!(out, "  {text}");
    }
    if lines.is_empty() {
        out.push_str("  true\n");
    }
    out.push_str("}\n");
}

/// What runs the steps.
fn tail(plan: &Plan, compares: bool) -> String {
    let numbers: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
    let backwards: Vec<&str> = numbers.iter().rev().copied().collect();
    let programs = if compares { "aws python3" } else { "aws" };
    let mut first = String::new();
    if let Some(time) = plan.preview.apply_before {
        let _ = writeln!(
            first,
            "  if [[ ! \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" < {time} ]]; then stop 'the plan is too old; make a new one'; fi"
        );
    }
    let taken_from = taken_from(plan);
    if !taken_from.is_empty() {
        let names: Vec<String> = taken_from.iter().map(|name| bash(name)).collect();
        let _ = writeln!(first, "  not_oneself {}", names.join(" "));
    }
    format!(
        r#"
# Runs the steps.
programs=({programs})
steps=({})
backwards=({})
for program in "${{programs[@]}}"; do
  command -v "$program" >/dev/null || stop "this script needs $program; install it"
done
identity=$(aws sts get-caller-identity --query '[Account, Arn]' --output text)
IFS=$'\t' read -r told caller <<<"$identity"
if [[ "$told" != "$account" ]]; then
  stop "these credentials are not of the account $account"
fi
if [[ -e "$state" ]]; then of_this_plan; fi
if [[ $# -eq 1 && "$1" == --undo ]]; then
  if ! compgen -G "$state/*.started" >/dev/null; then
    printf 'nothing is to be taken back: the folder %s tells of no step\n' "$state"
  fi
  for step in "${{backwards[@]}}"; do
    if [[ -e "$state/$step.started" ]]; then ask undo "$step"; fi
  done
  left=no
  for step in "${{backwards[@]}}"; do
    take_back "$step"
  done
  if [[ "$left" == yes ]]; then exit 1; fi
elif [[ $# -gt 0 ]]; then
  stop 'give nothing, or --undo'
else
{first}  if [[ ! -e "$state" ]]; then
    mkdir -p "$state"
    printf '%s\n' "$digest" >"$state/plan"
  fi
  if ! compgen -G "$state/*.started" >/dev/null; then before_all; fi
  for step in "${{steps[@]}}"; do
    if [[ ! -e "$state/$step.done" ]]; then ask do "$step"; fi
  done
  for step in "${{steps[@]}}"; do
    apply "$step"
  done
fi
"#,
        numbers.join(" "),
        backwards.join(" "),
    )
}
