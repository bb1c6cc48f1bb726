//! A plan as a document that somebody reviews, signs off and keeps: what, why, for whom, the steps, the
//! way back, and what it takes.
//!
//! # Invariants
//! - Every step of the plan stands in it, and nothing that the digest does not cover.
//! - Names that strangers chose cannot become markup: they stand in code spans, or are escaped.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::quote::{json_lines, line};
use super::{NO_CALL, lines};
use crate::calls::{self, Kind};
use crate::documents;
use crate::plan::{Argument, Foreseen, Input, Permission, Plan, Step, Summary};

/// The document, in Markdown.
#[must_use]
pub fn review(plan: &Plan) -> String {
    let mut out = String::new();
    write_head(plan, &mut out);
    write_effect(plan, &mut out);
    for (at, summary) in plan.preview.remedies.iter().enumerate() {
        write_remedy(at.saturating_add(1), summary, plan, &mut out);
    }
    let mut untold = plan.untold().peekable();
    if untold.peek().is_some() {
        out.push_str("## Steps that the plan does not explain\n");
    }
    untold.for_each(|step| write_step(step, &mut out));
    write_permissions(plan, &mut out);
    out
}

fn write_head(plan: &Plan, out: &mut String) {
    let irreversible = plan.steps.iter().filter(|step| step.inverse.is_none());
    let irreversible: Vec<&str> = irreversible.map(|step| step.id.as_str()).collect();
    let _ = writeln!(out, "# Plan for account {}\n", text(&plan.account));
    let _ = writeln!(out, "| | |\n|---|---|");
    let _ = writeln!(out, "| Digest | `{}` |", plan.digest);
    let _ = writeln!(out, "| Made | {} |", plan.created);
    let _ = writeln!(out, "| From what was known at | {} |", plan.model_time);
    if let Some(before) = plan.preview.apply_before {
        let _ = writeln!(out, "| To be applied before | {before} |");
    }
    let count = plan.steps.len();
    let _ = writeln!(out, "| Steps | {count}, in this order |");
    let final_ = match irreversible.is_empty() {
        true => "none".to_owned(),
        false => irreversible.join(", "),
    };
    let _ = writeln!(out, "| Steps that cannot be taken back | {final_} |\n");
    if let Some(told) = plan.said_excess() {
        let _ = writeln!(out, "{told}\n");
    }
    let _ = writeln!(
        out,
        "The digest covers all that stands here: who approves it approves this plan and no other. Each step checks right before its call what it takes for granted, and the first surprise stops the run.\n"
    );
}

fn write_effect(plan: &Plan, out: &mut String) {
    let lines: Vec<String> = plan.preview.effect.iter().flat_map(Foreseen::whole_lines).collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "## What it does to access\n");
    for one in lines {
        let _ = writeln!(out, "- {}", text(&one));
    }
    let _ = writeln!(out);
}

fn write_remedy(number: usize, summary: &Summary, plan: &Plan, out: &mut String) {
    let _ = writeln!(
        out,
        "## {number}. {}: {}\n",
        text(&summary.said_title()),
        text(&summary.said_subject(plan))
    );
    if let Some(why) = &summary.why {
        let _ = writeln!(out, "Why, by the plan: {}\n", text(why));
    }
    if !summary.also.is_empty() {
        let _ = writeln!(
            out,
            "It answers other findings too, by the plan: {}.\n",
            text(&summary.also.join("; "))
        );
    }
    if let Some(finding) = &summary.finding {
        let _ =
            writeln!(out, "Finding: {} (remediation {})\n", code(finding), code(&summary.remedy));
    }
    for note in &summary.said_notes() {
        let _ = writeln!(out, "- {}", text(note));
    }
    let steps = plan.steps.iter().filter(|step| summary.steps.contains(&step.id));
    for step in steps {
        write_step(step, out);
    }
    let _ = writeln!(out);
}

fn write_step(step: &Step, out: &mut String) {
    let _ = writeln!(out, "\n### Step {}: {}\n", step.id, text(&step.said()));
    let region = step.region.as_ref().map(|region| format!(" in {}", code(region)));
    write_call(
        &format!("Call{}", region.unwrap_or_default()),
        (&step.service, &step.operation, &step.input),
        out,
    );
    if !step.preconditions.is_empty() {
        let _ = writeln!(out, "- Only if:");
        for check in &step.preconditions {
            let _ = writeln!(out, "  - {}", text(&lines::check(check)));
        }
    }
    match &step.inverse {
        Some(inverse) => {
            write_call("Undo", (&inverse.service, &inverse.operation, &inverse.input), out);
            if let Some(reason) = step.said_reason() {
                let _ = writeln!(out, "- But: {}.", text(&reason));
            }
        }
        None => {
            let reason = step.said_reason().unwrap_or_else(|| NO_CALL.to_owned());
            let _ = writeln!(out, "- **It cannot be taken back**: {}.", text(&reason));
        }
    }
    if !step.volatile.is_empty() {
        let volatile: Vec<String> = step.volatile.iter().map(|name| text(name)).collect();
        let _ = writeln!(out, "- The undo does not bring back: {}.", volatile.join(", "));
    }
}

/// A call with what it is given, documents spread out.
fn write_call(what: &str, (service, operation, input): (&str, &str, &Input), out: &mut String) {
    let _ = writeln!(out, "- {what}: {}", code(&format!("{service}:{operation}")));
    let call = calls::find(service, operation);
    for (name, argument) in input {
        let kind = call.and_then(|call| call.parameter(name)).map(|parameter| parameter.kind);
        let spread = match (kind, argument) {
            (Some(Kind::Document), argument) => argument.as_str().and_then(documents::parse),
            (Some(Kind::Structure), Argument::Plain(value)) => Some(value.clone()),
            _ => None,
        };
        match spread {
            Some(value) => {
                let _ = writeln!(out, "  - {}:\n", code(name));
                write_block(&json_lines(&value), out);
            }
            None => {
                let _ = writeln!(out, "  - {}: {}", code(name), code(&lines::argument(argument)));
            }
        }
    }
}

/// A block of JSON inside a list. Its strings have no line ends of their own, so that no line of it can
/// end the block.
fn write_block(json: &str, out: &mut String) {
    let _ = writeln!(out, "    ```json");
    for row in json.lines() {
        let _ = writeln!(out, "    {row}");
    }
    let _ = writeln!(out, "    ```\n");
}

fn write_permissions(plan: &Plan, out: &mut String) {
    let all: BTreeSet<&Permission> = plan.steps.iter().flat_map(|step| &step.permissions).collect();
    let _ = writeln!(out, "## Permissions that it takes, its undo and its checks included\n");
    for permission in all {
        let _ = writeln!(out, "- {} on {}", code(&permission.action), code(&permission.resource));
    }
}

/// Text in which nothing is markup; hidden characters are spelled out.
///
/// Many readers make links of bare addresses and mentions, which no backslash keeps them from ("Autolinks",
/// GitHub Flavored Markdown): words that look like one stand in code spans.
fn text(text: &str) -> String {
    let line = line(text);
    let words = line.split(' ').map(|word| match is_address(word) {
        true => {
            // What ends a phrase is no part of the name.
            let name = word.trim_end_matches([',', ';', ':', '.']);
            let rest = word.get(name.len()..).unwrap_or_default();
            format!("{}{}", code(name), escaped(rest))
        }
        false => escaped(word),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn is_address(word: &str) -> bool {
    word.contains("://") || word.contains('@') || word.to_ascii_lowercase().contains("www.")
}

fn escaped(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        // "Backslash escapes" (CommonMark): any ASCII punctuation may have one. These begin something.
        if "\\`*_{}[]<>#|!&~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A code span, whose fence is longer than any within it ("Code spans", CommonMark).
fn code(text: &str) -> String {
    // An empty span is none ("Code spans", CommonMark).
    let text = if text.is_empty() { "(empty)".into() } else { line(text) };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.saturating_add(1));
    match longest {
        0 => format!("{fence}{text}{fence}"),
        _ => format!("{fence} {text} {fence}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_no_links() {
        assert_eq!(text("see http://x.example now"), "see `http://x.example` now");
        assert_eq!(text("user/a@b.example, WWW.c.example"), "`user/a@b.example`, `WWW.c.example`");
        assert_eq!(text("of user/a@b.example;"), "of `user/a@b.example`;");
        assert_eq!(text("[a](http://x`)"), "`` [a](http://x`) ``");
    }

    #[test]
    fn names_are_no_markup() {
        assert_eq!(text("[a](x) <b> *c*"), "\\[a\\](x) \\<b\\> \\*c\\*");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("plain"), "`plain`");
        assert_eq!(code(""), "`(empty)`");
        assert!(!text("a\nb").contains('\n') && !code("a\nb").contains('\n'));
    }
}
