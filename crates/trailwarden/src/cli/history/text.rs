//! The comparison for a person.

use std::io;

use anstyle::{AnsiColor, Style as Paint};
use trailwarden_account::Proof;
use trailwarden_model::{Timestamp, escape};
use trailwarden_policy::reach::{Grade, Grant, Precision, list};

use super::causes::order;
use super::diff::{Changed, Fate, Graded, Moved};
use super::ways::Way;
use crate::cli::Colour;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};
use crate::cli::state::State;

/// Records that are named for one change.
const CAUSES_MAX: usize = 6;
/// Principals that changed in the same way and are named together.
const NAMES_MAX: usize = 12;

/// What is shown, and how.
pub(super) struct Shown<'s> {
    pub(super) since: Timestamp,
    pub(super) until: Option<Timestamp>,
    pub(super) is_full: bool,
    pub(super) state: &'s State,
}

/// Writes it.
pub(super) fn write(
    changes: &[Changed],
    shown: &Shown<'_>,
    out: &mut dyn io::Write,
    colour: Colour,
) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    let until = shown.until.or(shown.state.told.summary.last_time);
    let until = until.map_or_else(|| "the end".to_owned(), |time| shown.state.time(time));
    let headline = format!("{} -> {until}", shown.state.time(shown.since));
    page.hanging(BOLD, "", 2, &headline)?;
    for changed in changes {
        page.blank()?;
        let text = format!(
            "account {}: {} changed in effect, {} did not",
            changed.account,
            changed.moved.len(),
            changed.unchanged
        );
        page.hanging(DIM, "", 2, &text)?;
        // Members of one group change alike.
        let mut rest: Vec<&Moved> = changed.moved.iter().collect();
        while let Some(first) = rest.first().copied() {
            let (alike, others): (Vec<&Moved>, Vec<&Moved>) =
                rest.into_iter().partition(|one| std::ptr::eq(*one, first) || is_alike(first, one));
            rest = others;
            page.blank()?;
            moved(&mut page, &alike, shown)?;
        }
    }
    Ok(())
}

/// Whether two changed in the same way, so that they are told together.
fn is_alike(a: &Moved, b: &Moved) -> bool {
    (a.fate, a.before, a.after, a.was_known, a.kind)
        == (b.fate, b.before, b.after, b.was_known, b.kind)
        && a.change.gained == b.change.gained
        && a.change.lost == b.change.lost
        && a.way == b.way
        && (&a.trust_gained, &a.trust_lost, &a.notes) == (&b.trust_gained, &b.trust_lost, &b.notes)
}

fn moved(page: &mut Page<'_>, alike: &[&Moved], shown: &Shown<'_>) -> io::Result<()> {
    let Some(first) = alike.first() else { return Ok(()) };
    let mut names: Vec<&str> = alike.iter().take(NAMES_MAX).map(|one| one.label.as_str()).collect();
    let more = format!("{} more", alike.len().saturating_sub(NAMES_MAX));
    if alike.len() > NAMES_MAX {
        names.push(&more);
    }
    let fate = match first.fate {
        Fate::Made => ", made",
        Fate::FirstSeen => ", seen for the first time; may be older",
        Fate::Deleted => ", deleted",
        Fate::Stayed => "",
    };
    page.hanging(BOLD, "", 4, &escape::visible(&format!("{}{fate}", names.join(", "))))?;
    if let Some((text, paint)) = grades(first) {
        page.hanging(paint, "  ", 4, &text)?;
    }
    let red = AnsiColor::Red.on_default();
    let green = AnsiColor::Green.on_default();
    let gained = match first.was_known {
        true => "gained: may now",
        false => "may now, as far as known; something of before is not known",
    };
    let sections: [(&str, Vec<String>, &str, Paint); 4] = [
        (gained, lines(first, &first.change.gained, shown.is_full), "+", red),
        ("lost: may no longer", lines(first, &first.change.lost, shown.is_full), "-", green),
        ("may be entered by", first.trust_gained.clone(), "+", red),
        ("may no longer be entered by", first.trust_lost.clone(), "-", green),
    ];
    for (title, lines, mark, paint) in sections.into_iter().filter(|(_, list, ..)| !list.is_empty())
    {
        page.hanging(BOLD, "  ", 4, title)?;
        for line in lines {
            let head = page.painted(paint, mark);
            page.hanging(PLAIN, &format!("    {head} "), 6, &escape::visible(&line))?;
        }
    }
    way(page, first)?;
    for note in &first.notes {
        page.hanging(PLAIN, "  ", 4, &escape::visible(note))?;
    }
    causes(page, alike, shown)
}

fn way(page: &mut Page<'_>, one: &Moved) -> io::Result<()> {
    match &one.way {
        None => Ok(()),
        Some(Way::Closed) => {
            let green = AnsiColor::Green.on_default();
            page.hanging(green, "  ", 4, "can no longer become administrator")
        }
        Some(Way::Opened { steps, conditions, .. }) => {
            let paint = AnsiColor::Red.on_default().bold();
            let mut text = match steps.as_slice() {
                [] => "may now be administrator by policies of its own".to_owned(),
                steps => format!("can now become administrator: {}", steps.join(", then ")),
            };
            if !conditions.is_empty() {
                text.push_str(&format!("; if {}", conditions.join(", and ")));
            }
            page.hanging(paint, "  ", 4, &escape::visible(&text))
        }
    }
}

fn causes(page: &mut Page<'_>, alike: &[&Moved], shown: &Shown<'_>) -> io::Result<()> {
    let mut all: Vec<&Proof> = alike.iter().flat_map(|one| &one.causes).collect();
    all.sort_by_key(|proof| order(proof));
    all.dedup();
    let mut named: Vec<String> =
        all.iter().take(CAUSES_MAX).map(|proof| shown.state.proof(proof)).collect();
    let more = all.len().saturating_sub(CAUSES_MAX);
    if more > 0 {
        named.push(format!("{more} more records"));
    }
    match named.is_empty() {
        true => Ok(()),
        false => page.hanging(DIM, "  by ", 5, &escape::visible(&named.join("; "))),
    }
}

fn grades(one: &Moved) -> Option<(String, Paint)> {
    let word = |graded: Graded| match graded.precision {
        Precision::Exact => graded.grade.to_string(),
        Precision::AtMost => format!("at most {}", graded.grade),
        Precision::Unknown if graded.grade == Grade::None => "not known".to_owned(),
        Precision::Unknown => format!("at least {}", graded.grade),
    };
    match (one.before, one.after) {
        (Some(before), Some(after)) if before == after => {
            Some((format!("grade {}, as before", word(after)), PLAIN))
        }
        (Some(before), Some(after)) => {
            let paint = match after.grade.cmp(&before.grade) {
                std::cmp::Ordering::Greater => AnsiColor::Red.on_default().bold(),
                std::cmp::Ordering::Less => AnsiColor::Green.on_default().bold(),
                std::cmp::Ordering::Equal => PLAIN,
            };
            Some((format!("grade {} -> {}", word(before), word(after)), paint))
        }
        (None, Some(after)) => Some((format!("grade {}", word(after)), PLAIN)),
        (Some(before), None) => Some((format!("grade was {}", word(before)), PLAIN)),
        (None, None) => None,
    }
}

fn lines(one: &Moved, grants: &[Grant], is_full: bool) -> Vec<String> {
    if is_full { list(grants) } else { one.words(grants) }
}
