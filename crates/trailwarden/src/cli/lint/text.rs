//! Lint for a person: as compilers write it, place first.

use std::collections::HashSet;
use std::io;

use trailwarden_model::{Severity, escape};

use super::collect::{Linted, Row};
use crate::cli::Colour;
use crate::cli::policy::files;
use crate::cli::policy::page::{BOLD, DIM, Page, paint_of};

/// Writes the findings and how many there are. The reason of a check is said once.
pub(super) fn write(linted: &Linted, colour: Colour, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    let mut said = HashSet::new();
    for row in &linted.rows {
        let is_first = said.insert(row.finding.check.id);
        block(&mut page, row, is_first)?;
        page.blank()?;
    }
    page.hanging(BOLD, "", 0, &summary(linted))
}

fn block(page: &mut Page<'_>, row: &Row, is_first: bool) -> io::Result<()> {
    let finding = &row.finding;
    let paint = paint_of(finding.severity);
    let place = format!("{}:{}", files::shown(&row.file), row.start);
    let head = format!("{}: {}: ", escape::visible(&place), finding.severity.as_str());
    page.hanging(paint, "", 4, &format!("{head}{}", escape::visible(&finding.message)))?;
    match &row.inside {
        Some(inside) => {
            let place = match row.policy.as_ref() {
                "" => format!("{} in the policy", inside.start),
                name => format!("{name}, {} in the policy", inside.start),
            };
            page.hanging(DIM, "  in ", 5, &escape::visible(&place))?;
            page.snippet(paint, &inside.text, inside.span, inside.start.line)?;
        }
        None => page.snippet(paint, &row.file_text, row.span, row.start.line)?,
    }
    if is_first {
        page.labelled(DIM, "  why: ", &escape::visible(&finding.reason))?;
    }
    page.labelled(DIM, "  fix: ", &escape::visible(&finding.fix))?;
    page.hanging(DIM, "  ", 2, &about(row))
}

fn about(row: &Row) -> String {
    let mut parts = vec![
        row.finding.check.id.to_owned(),
        format!("{} confidence", row.finding.confidence.as_str()),
    ];
    let of = match (row.policy.as_ref(), &row.inside) {
        ("", _) | (_, Some(_)) => format!("{} policy", row.kind),
        (name, None) => format!("{} policy {}", row.kind, escape::visible(name)),
    };
    parts.push(match row.finding.statement {
        Some(statement) => format!("statement {} of {of}", statement + 1),
        None => of,
    });
    parts.join(", ")
}

fn summary(linted: &Linted) -> String {
    let counted = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    };
    let mut text = match linted.rows.len() {
        0 if linted.hidden > 0 => "No findings above info".to_owned(),
        0 => "No findings".to_owned(),
        number => {
            let tally: Vec<String> = Severity::ALL
                .into_iter()
                .rev()
                .map(|severity| (severity, count(linted, severity)))
                .filter(|(_, number)| *number > 0)
                .map(|(severity, number)| format!("{number} {}", severity.as_str()))
                .collect();
            format!("{}: {}", counted(number, "finding", "findings"), tally.join(", "))
        }
    };
    if linted.hidden > 0 {
        text.push_str(&format!("; {} of info hidden (--min-severity info)", linted.hidden));
    }
    text.push_str(&format!(
        "; {} in {} checked",
        counted(linted.policies - linted.broken - linted.unknown, "policy", "policies"),
        counted(linted.files, "file", "files")
    ));
    if linted.broken > 0 {
        text.push_str(&format!(", {} not readable", linted.broken));
    }
    if linted.unknown > 0 {
        text.push_str(&format!(", {} not known yet", linted.unknown));
    }
    if linted.skipped > 0 {
        text.push_str(&format!(", {} skipped", counted(linted.skipped, "file", "files")));
    }
    if !linted.rejects.is_empty() {
        text.push_str(&format!(", {} not read", counted(linted.rejects.len(), "path", "paths")));
    }
    text
}

fn count(linted: &Linted, severity: Severity) -> usize {
    linted.rows.iter().filter(|row| row.finding.severity == severity).count()
}
