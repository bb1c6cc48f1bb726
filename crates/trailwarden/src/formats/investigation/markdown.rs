//! The story to paste into a ticket.

use std::io;

use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Relation, StepKind};

use super::words;
use crate::formats::markdown::{code, line, prose, rejects};
use crate::formats::{Style, text};

/// Writes the story.
pub(super) fn write(
    story: &Investigation,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = String::new();
    line(&mut page, &format!("# {}", prose(&words::title(story))));
    line(&mut page, "");
    if story.found {
        line(&mut page, &prose(&words::lead(story)));
    } else {
        line(&mut page, "Nobody of that description is in these logs.");
        if !story.near.is_empty() {
            let near: Vec<String> = story.near.iter().map(|name| code(name)).collect();
            line(&mut page, &format!("Near it are: {}.", near.join(", ")));
        }
    }
    line(&mut page, "");
    line(&mut page, &format!("Read: {}.", prose(&words::read(story, style))));
    for note in &story.notes {
        line(&mut page, "");
        line(&mut page, &format!("**{}**", prose(note)));
    }
    left(&mut page, story, style);
    gained(&mut page, story, style);
    deeds(&mut page, story, style);
    groups(&mut page, story, "What it tried in vain", words::TRIES, style);
    groups(&mut page, story, "What it read", words::READS, style);
    who(&mut page, story, style);
    rejects(&mut page, &story.rejects, story.summary.rejects);
    out.write_all(page.as_bytes())
}

fn heading(page: &mut String, text: &str) {
    line(page, "");
    line(page, &format!("## {text}"));
    line(page, "");
}

/// A cell of a table: a bar ends it even within a code span, so none stays bare.
fn cell(text: &str) -> String {
    let text = prose(text);
    let mut out = String::with_capacity(text.len());
    let mut is_escaped = false;
    for c in text.chars() {
        if c == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
    out
}

fn left(page: &mut String, story: &Investigation, style: &Style) {
    if story.left_behind.is_empty() {
        return;
    }
    heading(page, "What it left behind");
    line(page, "| Stands? | What | Since | How that is known |");
    line(page, "|---|---|---|---|");
    for left in words::left_ordered(story) {
        let cells = [
            left.stands.as_str().to_owned(),
            words::left(left),
            words::left_since(story, left, style),
            words::left_because(left, style),
        ];
        row(page, &cells);
    }
}

fn row(page: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    line(page, &format!("| {} |", cells.join(" | ")));
}

fn gained(page: &mut String, story: &Investigation, style: &Style) {
    if story.gained.is_empty() {
        return;
    }
    heading(page, "What it gained");
    for gain in &story.gained {
        line(
            page,
            &format!(
                "- {}: {} went from {} to {} by {}",
                prose(&text::time(gain.time, style)),
                prose(&words::label_of(story, gain.identity)),
                prose(&gain.grade_before),
                prose(&gain.grade_after),
                code(&gain.event_name)
            ),
        );
        for gained in &gain.gained {
            line(page, &format!("  - {}", prose(gained)));
        }
    }
}

fn deeds(page: &mut String, story: &Investigation, style: &Style) {
    let mut steps = words::steps_of(story, words::DEEDS).peekable();
    if steps.peek().is_none() {
        return;
    }
    heading(page, "What happened");
    for step in steps {
        let who = words::label_of(story, step.identity);
        let target = words::targets(step);
        let on = if target.is_empty() { String::new() } else { format!(" on {}", prose(&target)) };
        let outside = if step.kind == StepKind::DoneTo { " (not followed)" } else { "" };
        let call = code(&words::call(step));
        let time = prose(&text::time(step.time, style));
        line(page, &format!("- {time}: {}{outside}: {call}{on}", prose(&who)));
        if let Some(sentence) = &step.sentence {
            line(page, &format!("  - {}", prose(sentence)));
        }
        if let Some(grade) = words::step_grade(step) {
            line(page, &format!("  - **{}**", prose(&grade)));
        }
        if let Some(said) = words::authorized(step) {
            line(page, &format!("  - {}", prose(&said)));
        }
        if let Some(id) = step.event_ids.first() {
            line(page, &format!("  - event {}", code(id)));
        }
    }
}

fn groups(
    page: &mut String,
    story: &Investigation,
    title: &str,
    kinds: &'static [StepKind],
    style: &Style,
) {
    let mut steps = words::steps_of(story, kinds).peekable();
    if steps.peek().is_none() {
        return;
    }
    heading(page, title);
    line(page, "| When | Who | Call | Times | On | Error |");
    line(page, "|---|---|---|---|---|---|");
    for step in steps {
        let cells = [
            text::period(step.time, step.last_time, style),
            words::label_of(story, step.identity),
            format!("{}:{}", words::shown(&step.service), words::shown(&step.event_name)),
            text::count(step.count),
            words::targets(step),
            step.error_code.as_deref().map(words::shown).unwrap_or_default(),
        ];
        row(page, &cells);
    }
}

fn who(page: &mut String, story: &Investigation, style: &Style) {
    if story.identities.is_empty() {
        return;
    }
    heading(page, "Who");
    for identity in &story.identities {
        let asked = if identity.relation == Relation::Subject { ", asked for" } else { "" };
        let label = prose(&words::label(identity));
        line(page, &format!("- **{label}**{asked}: {}", words::calls(identity)));
        for link in words::links_to(story, identity.number) {
            let came = prose(&words::came(story, link));
            line(page, &format!("  - {came}, {}", prose(&text::time(link.time, style))));
        }
        let facts = [
            ("ARN", identity.arn.clone()),
            ("unique id", identity.id.clone()),
            ("account", identity.account.clone()),
            ("access key", identity.access_key.clone()),
        ];
        for (name, text) in facts {
            let Some(text) = text else { continue };
            line(page, &format!("  - {name} {}", code(&text)));
        }
        if !identity.addresses.is_empty() {
            let addresses: Vec<String> = identity.addresses.iter().map(|text| code(text)).collect();
            line(page, &format!("  - from {}", addresses.join(", ")));
        }
        if let Some(grade) = words::grade(identity) {
            line(page, &format!("  - {}", prose(&grade)));
        }
        if !identity.sure {
            line(page, &format!("  - {}: {}", words::NOT_SURE, prose(&identity.why)));
        }
    }
}
