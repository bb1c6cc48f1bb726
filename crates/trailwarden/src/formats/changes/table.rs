//! Changes at a terminal: in the order of events, a line for who did what to whom, and the effect
//! below it.
//!
//! Time and severity stand in a rail at the left, so that the eye can run down either.

use std::collections::BTreeSet;
use std::io;

use trailwarden_model::finding::Party;
use trailwarden_model::{Outcome, escape};

use super::{Change, Changes, Counts, Group, Tally, words};
use crate::formats::effect::{Bounds, Line, lines};
use crate::formats::page::{BOLD, DIM, PLAIN, Page, colour_of};
use crate::formats::{Style, table, text};

/// Room for a time, the longest severity and blanks.
const RAIL: &str = "                    ";
const TAG_WIDTH: usize = 10;
/// A stranger's name may be a kilobyte long; its beginning is enough to tell it apart.
const NAME_CHARS_MAX: usize = 120;

/// Writes counts, the changes, what could not be read, and what was read.
pub(super) fn write(
    changes: &Changes,
    full: bool,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style);
    head(&mut page, &changes.changes)?;
    let mut read = vec![text::counted(changes.summary.records, "record")];
    read.extend(text::covered(&changes.summary, style));
    page.items(DIM, "", &read)?;
    if changes.summary.interrupted {
        page.paragraph(BOLD, "", "Cut short: these are the changes up to the interruption.")?;
    }
    for note in &changes.notes {
        page.paragraph(BOLD, "", &escape::visible(note))?;
    }
    rows(&mut page, &changes.changes, full, style)?;
    let total = changes.summary.rejects.max(changes.rejects.len() as u64);
    table::rejects(&mut page, &changes.rejects, total)?;
    page.blank()?;
    legend(&mut page, &changes.changes)?;
    page.paragraph(DIM, "", &format!("Read {}.", text::volume(&changes.summary)))?;
    let hint =
        "`--full` lists all that was gained and lost; `--format html` makes a page to search.";
    if changes.changes.is_empty() || full { Ok(()) } else { page.paragraph(DIM, "", hint) }
}

/// The changes below the findings of a scan.
pub(in crate::formats) fn section(
    page: &mut Page<'_>,
    changes: &[Change],
    style: &Style,
) -> io::Result<()> {
    page.blank()?;
    head(page, changes)?;
    rows(page, changes, false, style)?;
    if changes.is_empty() {
        return Ok(());
    }
    page.blank()?;
    legend(page, changes)
}

fn head(page: &mut Page<'_>, changes: &[Change]) -> io::Result<()> {
    page.paragraph(BOLD, "", &words::headline(Counts::of(changes)))?;
    match Tally::of(changes).words() {
        Some(tally) => page.paragraph(PLAIN, "", &tally),
        None => Ok(()),
    }
}

fn rows(page: &mut Page<'_>, changes: &[Change], full: bool, style: &Style) -> io::Result<()> {
    let has_accounts = words::has_accounts(changes);
    let mut day = String::new();
    for change in changes {
        let shown = change.time.display_in(&style.zone);
        let (today, clock) = shown.split_once(' ').unwrap_or((&shown, ""));
        page.blank()?;
        if today != day {
            day = today.to_owned();
            page.paragraph(BOLD, "", &format!("{day} {}", text::zone(style)))?;
        }
        row(page, change, clock, has_accounts)?;
        if full {
            details(page, change)?;
        }
    }
    Ok(())
}

fn row(page: &mut Page<'_>, change: &Change, clock: &str, has_accounts: bool) -> io::Result<()> {
    let short = |text: &str| escape::shorten(text, NAME_CHARS_MAX).into_owned();
    let mut line = format!("{}: {}", short(&words::who(change)), words::call(change));
    if let Some(target) = words::on_what(change) {
        line.push_str(&format!(" on {}", short(&target)));
    }
    if let (true, Some(account)) = (has_accounts, &change.account) {
        line.push_str(&format!(" in {}", escape::visible(account)));
    }
    // Without a severity the rail says it.
    match (change.outcome, change.severity) {
        (Outcome::Succeeded, _) | (_, None) => {}
        (Outcome::Denied, Some(_)) => line.push_str(": DENIED"),
        (Outcome::Failed, Some(_)) => line.push_str(": failed"),
    }
    let tag = words::tag(change);
    let blanks = " ".repeat(TAG_WIDTH.saturating_sub(tag.len()));
    let tag = match change.severity {
        Some(severity) => page.painted(colour_of(severity), &tag.to_uppercase()),
        None => page.painted(DIM, tag),
    };
    page.headed(PLAIN, &format!("{clock:<8}  {tag}{blanks}"), RAIL, &line)?;
    page.paragraph(BOLD, RAIL, &escape::visible(&change.sentence))?;
    if let Some(authorization) = words::authorization(change) {
        page.paragraph(PLAIN, RAIL, &authorization)?;
    }
    if change.findings.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<String> =
        change.findings.iter().map(|id| escape::visible(id).into_owned()).collect();
    let noun = if ids.len() == 1 { "finding" } else { "findings" };
    if let Some(first) = ids.first_mut() {
        first.insert_str(0, &format!("{noun} "));
    }
    page.items(DIM, RAIL, &ids)
}

/// Everything else that is known of a change.
fn details(page: &mut Page<'_>, change: &Change) -> io::Result<()> {
    for line in change.effect.iter().flat_map(|effect| lines(effect, Bounds::FULL)) {
        let indent = match line {
            Line::Gained(_) | Line::Lost(_) | Line::More(_) => format!("{RAIL}  "),
            Line::Principal(_) | Line::Opens(_) | Line::Unknown(_) => RAIL.to_owned(),
        };
        page.paragraph(PLAIN, &indent, line.plain().trim_start())?;
    }
    let mut facts = vec![format!("event {}", escape::visible(&change.event_id))];
    facts.extend(credentials(&change.actor));
    facts.extend(words::places(change));
    page.items(DIM, RAIL, &facts)
}

/// By which key and from where.
fn credentials(actor: &Party) -> impl Iterator<Item = String> {
    let key = actor.access_key.as_ref().map(|key| format!("key {}", escape::visible(key)));
    let address = actor.address.as_ref().map(|from| format!("from {}", escape::visible(from)));
    key.into_iter().chain(address)
}

/// The words of the headline and of the rail, explained.
fn legend(page: &mut Page<'_>, changes: &[Change]) -> io::Result<()> {
    let used: BTreeSet<Group> = changes.iter().map(Group::of).collect();
    for group in used {
        page.paragraph(DIM, "", &format!("{}: {}.", group.as_str(), group.meaning()))?;
    }
    if changes.iter().any(|change| change.severity.is_some()) {
        let meaning = "the harm that what was granted can do; for reading alone there is none.";
        page.paragraph(DIM, "", &format!("LOW to CRITICAL: {meaning}"))?;
    }
    Ok(())
}
