//! Markdown: the changes as a list to paste into a ticket.

use std::io;

use super::{Change, Changes, Counts, Tally, words};
use crate::formats::effect::{Bounds, Line, lines};
use crate::formats::markdown::{code, codes, line, prose};
use crate::formats::{Style, text};

/// Writes a headline, the changes, and what could not be read.
pub(super) fn write(
    changes: &Changes,
    full: bool,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = String::new();
    line(&mut page, "# IAM changes");
    line(&mut page, "");
    list(&mut page, &changes.changes, full, style);
    line(&mut page, "");
    line(&mut page, &format!("Read {}.", text::volume(&changes.summary)));
    if changes.summary.interrupted {
        line(&mut page, "");
        line(&mut page, "**Cut short:** these are the changes up to the interruption.");
    }
    for note in &changes.notes {
        line(&mut page, "");
        line(&mut page, &format!("**Note:** {}", prose(note)));
    }
    let total = changes.summary.rejects.max(changes.rejects.len() as u64);
    crate::formats::markdown::rejects(&mut page, &changes.rejects, total);
    out.write_all(page.as_bytes())
}

/// The changes below the findings of a scan.
pub(in crate::formats) fn section(page: &mut String, changes: &[Change], style: &Style) {
    line(page, "");
    line(page, "## IAM changes");
    line(page, "");
    list(page, changes, false, style);
}

fn list(page: &mut String, changes: &[Change], full: bool, style: &Style) {
    line(page, &format!("**{}**", words::headline(Counts::of(changes))));
    if let Some(tally) = Tally::of(changes).words() {
        line(page, "");
        line(page, &format!("{tally}."));
    }
    if !changes.is_empty() {
        line(page, "");
    }
    let has_accounts = words::has_accounts(changes);
    for change in changes {
        let mut head = format!(
            "- {} **{}** {}: {}",
            prose(&text::time(change.time, style)),
            words::tag(change),
            code(&words::who(change)),
            code(&words::call(change))
        );
        if let Some(target) = words::on_what(change) {
            head.push_str(&format!(" on {}", code(&target)));
        }
        if let (true, Some(account)) = (has_accounts, &change.account) {
            head.push_str(&format!(" in {}", code(account)));
        }
        if change.outcome != trailwarden_model::Outcome::Succeeded {
            head.push_str(&format!(", {}", change.outcome.as_str()));
        }
        line(page, &head);
        line(page, &format!("  - {}", prose_item(&change.sentence)));
        if let Some(authorization) = words::authorization(change) {
            line(page, &format!("  - {}", prose(&authorization)));
        }
        if full {
            details(page, change);
        }
        if !change.findings.is_empty() {
            line(page, &format!("  - findings: {}", codes(&change.findings)));
        }
    }
}

/// Prose at the beginning of a list item, where a `-` or a digit would begin a list of its own.
fn prose_item(sentence: &str) -> String {
    match sentence.chars().next() {
        Some(first) if first.is_alphabetic() || first == '`' => prose(sentence),
        _ => format!("effect: {}", prose(sentence)),
    }
}

fn details(page: &mut String, change: &Change) {
    let bounds = Bounds { whole_names: true, ..Bounds::FULL };
    let all = change.effect.iter().flat_map(|effect| lines(effect, bounds));
    for told in all {
        match told {
            Line::Principal(text) => line(page, &format!("  - {}", code(&text))),
            Line::Gained(text) => line(page, &format!("    - gained: {}", prose(&text))),
            Line::Lost(text) => line(page, &format!("    - lost: {}", prose(&text))),
            Line::More(text) => line(page, &format!("    - {}", prose(&text))),
            Line::Opens(text) => line(page, &format!("  - opens {}", code(&text))),
            Line::Unknown(text) => line(page, &format!("  - not known: {}", prose(&text))),
        }
    }
    line(page, &format!("  - event {}", code(&change.event_id)));
    if let Some(place) = words::places(change) {
        line(page, &format!("  - {}", code(&place)));
    }
}
