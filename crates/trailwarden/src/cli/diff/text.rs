//! A change for a person.

use std::cmp::Ordering;
use std::io;

use anstyle::{AnsiColor, Style as Paint};
use trailwarden_model::escape;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::reach::{
    Grade, Grading, Grant, Precision, describe, describe_on_resource, list,
};

use super::judge::{Judged, Part, Status};
use crate::cli::Colour;
use crate::cli::policy::kind_in_words;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};

/// Ways to more permissions that are listed.
const WAYS_MAX: usize = 6;

/// Writes what every policy gives and takes, and a summary.
pub(super) fn write(
    judged: &[Judged],
    (old, new): (&str, &str),
    full: bool,
    colour: Colour,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    page.hanging(BOLD, "", 2, &escape::visible(&format!("{old} -> {new}")))?;
    let changed: Vec<&Judged> =
        judged.iter().filter(|one| one.status != Status::Unchanged).collect();
    for one in &changed {
        page.blank()?;
        if judged.len() > 1 {
            page.hanging(BOLD, "", 2, &escape::visible(&one.name))?;
        }
        policy(&mut page, one, full)?;
    }
    let same = judged.len() - changed.len();
    if same > 0 {
        page.blank()?;
        let text = match (same, changed.len()) {
            (1, 0) => "Nothing gained and nothing lost: both allow the same.".to_owned(),
            (1, _) => "1 policy allows the same as before.".to_owned(),
            _ => format!("{same} policies allow the same as before."),
        };
        page.hanging(PLAIN, "", 0, &text)?;
    }
    Ok(())
}

fn policy(page: &mut Page<'_>, judged: &Judged, full: bool) -> io::Result<()> {
    let status = match judged.status {
        Status::Added => ", added",
        Status::Removed => ", removed",
        Status::Changed | Status::Unchanged | Status::NotKnown => "",
    };
    let Some(kind) = judged.kind else {
        return page.hanging(PLAIN, "  ", 2, "Not known, so not compared: see the warning.");
    };
    page.hanging(DIM, "", 2, &format!("{}{status}", kind_in_words(kind)))?;
    for part in &judged.parts {
        if let Some(principal) = &part.principal {
            page.hanging(BOLD, "", 2, &format!("for {}", escape::visible(principal)))?;
        }
        grades(page, kind, part)?;
        body(page, kind, part, full)?;
    }
    let is_new = matches!(judged.status, Status::Added | Status::Removed);
    if is_new && judged.parts.iter().all(Part::is_empty) {
        page.hanging(PLAIN, "  ", 2, "Nothing is gained and nothing lost by it.")?;
    }
    Ok(())
}

fn grades(page: &mut Page<'_>, kind: PolicyKind, part: &Part) -> io::Result<()> {
    if !part.is_graded {
        return Ok(());
    }
    let (before, after) = (part.before.as_ref(), part.after.as_ref());
    let level = |grading: Option<&Grading>| grading.map(|one| (one.grade, one.unconditional));
    let is_none = after.is_some_and(|after| after.grade == Grade::None);
    // What only limits has a grade of its own only in how it changes.
    if level(before) == level(after) && (!grants(kind) || is_none) {
        return Ok(());
    }
    let word = |grading: Option<&Grading>| {
        let Some(grading) = grading else { return "not known".to_owned() };
        let mark = if grading.is_conditional() { " (conditional)" } else { "" };
        format!("{}{mark}", grading.grade)
    };
    let paint = match before.zip(after).map(|(before, after)| after.grade.cmp(&before.grade)) {
        Some(Ordering::Greater) => AnsiColor::Red.on_default().bold(),
        Some(Ordering::Less) => AnsiColor::Green.on_default().bold(),
        Some(Ordering::Equal) | None => PLAIN,
    };
    page.hanging(paint, "  ", 4, &format!("grade {} -> {}", word(before), word(after)))
}

fn body(page: &mut Page<'_>, kind: PolicyKind, part: &Part, full: bool) -> io::Result<()> {
    let red = AnsiColor::Red.on_default();
    let green = AnsiColor::Green.on_default();
    let (gains, loses) = match grants(kind) {
        true => ("gained: may now", "lost: may no longer"),
        false => ("gained: now lets through", "lost: no longer lets through"),
    };
    let sections: [(&str, &[Grant], &str, Paint); 6] = [
        (gains, &part.gained, "+", red),
        (
            "gained where another policy allows it: no longer denied",
            part.released.grants(),
            "+",
            red,
        ),
        ("gained in future, once AWS adds them", &part.gained_in_future, "+", red),
        (loses, &part.lost, "-", green),
        ("lost, whatever another policy allows: now denied", part.withheld.grants(), "-", green),
        ("lost in future, once AWS adds them", &part.lost_in_future, "-", green),
    ];
    for (title, grants, mark, paint) in
        sections.into_iter().filter(|(_, list, ..)| !list.is_empty())
    {
        page.hanging(BOLD, "  ", 4, title)?;
        for line in lines(kind, grants, full) {
            let head = page.painted(paint, mark);
            page.hanging(PLAIN, &format!("    {head} "), 6, &escape::visible(&line))?;
        }
    }
    // Who holds everything needs no way.
    let is_admin = part.after.as_ref().is_some_and(|after| after.grade == Grade::Admin);
    let opened = if is_admin { Vec::new() } else { part.opened() };
    if !opened.is_empty() {
        page.hanging(BOLD, "  ", 4, "opens ways to more permissions")?;
        for way in opened.iter().take(WAYS_MAX) {
            let text = format!("{}: {}", way.id, way.actions.join(" + "));
            page.hanging(PLAIN, "    ! ", 6, &text)?;
        }
        let more = opened.len().saturating_sub(WAYS_MAX);
        if more > 0 {
            page.hanging(PLAIN, "    ! ", 6, &format!("and {more} more"))?;
        }
    }
    match part.precision {
        Precision::Exact => Ok(()),
        Precision::AtMost => {
            page.hanging(DIM, "  ", 2, "This is the most that it can be; it may be less.")
        }
        Precision::Unknown => page.hanging(
            DIM,
            "  ",
            2,
            "Not everything could be read or worked out: there may be more, or less.",
        ),
    }
}

/// Whether policies of a kind give something; the others limit.
fn grants(kind: PolicyKind) -> bool {
    match kind {
        PolicyKind::Identity | PolicyKind::Resource | PolicyKind::Trust => true,
        PolicyKind::Boundary
        | PolicyKind::Session
        | PolicyKind::Scp
        | PolicyKind::Rcp
        | PolicyKind::Endpoint => false,
    }
}

/// Grants in words. A trust policy is about its own role and names no resource.
pub(super) fn lines(kind: PolicyKind, grants: &[Grant], full: bool) -> Vec<String> {
    let lines = match kind {
        _ if full => list(grants),
        PolicyKind::Resource => describe_on_resource(grants),
        _ => describe(grants),
    };
    if kind != PolicyKind::Trust {
        return lines;
    }
    let of_role = |line: String| {
        let line =
            line.replacen("assume any role", "assume this role", 1).replacen(" on `*`", "", 1);
        match line.strip_prefix("call sts:AssumeRoleWith") {
            Some(rest) => format!("assume this role by sts:AssumeRoleWith{rest}"),
            None => line,
        }
    };
    lines.into_iter().map(of_role).collect()
}
