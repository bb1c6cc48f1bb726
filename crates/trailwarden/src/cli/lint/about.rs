//! What the checks are: the list, and all about one.

use anyhow::bail;
use serde::Serialize;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::lint::checks::ALL;
use trailwarden_policy::lint::coverage::NOT_CHECKED;
use trailwarden_policy::lint::{Check, Form};
use trailwarden_policy::nearest::nearest;

use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page, paint_of};
use crate::cli::{Colour, to_stdout};
use crate::formats::write_pretty;

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    title: &'static str,
    severity: &'static str,
    confidence: &'static str,
    kinds: Vec<&'static str>,
    about: &'static str,
    source: &'static str,
    cross: Vec<String>,
}

impl Listed {
    fn of(check: &Check) -> Self {
        Self {
            id: check.id,
            title: check.title,
            severity: check.severity.as_str(),
            confidence: check.confidence.as_str(),
            kinds: check.kinds.iter().map(|kind| kind.name()).collect(),
            about: check.about,
            source: check.source,
            cross: cross(check),
        }
    }
}

fn cross(check: &Check) -> Vec<String> {
    check.cross.iter().map(|(tool, id)| format!("{}/{id}", tool.name())).collect()
}

/// Every check with its severity, worst first.
pub(super) fn list(is_json: bool) -> anyhow::Result<()> {
    let mut checks: Vec<&Check> = ALL.to_vec();
    checks.sort_by_key(|check| (std::cmp::Reverse(check.severity), check.id));
    if is_json {
        let listed: Vec<Listed> = checks.into_iter().map(Listed::of).collect();
        return print(&listed);
    }
    let width = checks.iter().map(|check| check.id.len()).max().unwrap_or_default();
    to_stdout(|out| {
        for check in &checks {
            writeln!(out, "{:<8}  {:<width$}  {}", check.severity.as_str(), check.id, check.title)?;
        }
        writeln!(out, "\n{} checks; --explain CHECK says all about one", checks.len())
    })?;
    Ok(())
}

/// All about one check, or about those that answer to another tool's.
pub(super) fn explain(id: &str, is_json: bool, colour: Colour) -> anyhow::Result<()> {
    let is_meant = |check: &&&Check| {
        let is_other = |(_, known): &(_, &str)| known.eq_ignore_ascii_case(id);
        check.id == id || check.cross.iter().any(is_other)
    };
    let checks: Vec<&Check> = ALL.iter().filter(is_meant).copied().collect();
    if checks.is_empty() {
        bail!(unknown(id));
    }
    if is_json {
        return print(&checks.into_iter().map(Listed::of).collect::<Vec<_>>());
    }
    to_stdout(|out| {
        let mut sheet = Page::new(out, colour);
        for (at, check) in checks.iter().enumerate() {
            if at > 0 {
                sheet.blank()?;
            }
            page(check, &mut sheet)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn unknown(id: &str) -> String {
    let left_out = NOT_CHECKED.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(id));
    if let Some((tool, known, reason)) = left_out {
        return format!("`{known}` of {} is not checked: {reason}", tool.name());
    }
    match nearest(id, ALL.iter().map(|check| check.id)) {
        Some(near) => format!("there is no check `{id}`; did you mean `{near}`?"),
        None => format!("there is no check `{id}`; `trailwarden lint --list` names them all"),
    }
}

fn page(check: &Check, page: &mut Page<'_>) -> std::io::Result<()> {
    page.hanging(BOLD, "", 0, check.title)?;
    let paint = paint_of(check.severity);
    page.labelled(DIM, "check      ", check.id)?;
    page.hanging(paint, "severity   ", 11, check.severity.as_str())?;
    page.labelled(DIM, "confidence ", check.confidence.as_str())?;
    let kinds = if check.kinds.len() == PolicyKind::ALL.len() {
        "every kind of policy".to_owned()
    } else {
        check.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
    };
    page.labelled(DIM, "looks at   ", &kinds)?;
    if !check.cross.is_empty() {
        page.labelled(DIM, "also known ", &cross(check).join(", "))?;
    }
    page.blank()?;
    page.hanging(PLAIN, "", 0, check.about)?;
    page.hanging(DIM, "", 0, &format!("Source: {}", check.source))?;
    for (title, examples) in [("Found in", check.fires_on), ("Not in", check.quiet_on)] {
        page.blank()?;
        page.hanging(BOLD, "", 0, title)?;
        for example in examples {
            let what = match example.form {
                Form::Statement => format!("statement of {} policy", example.kind),
                Form::Document => format!("{} policy", example.kind),
                Form::File => "file".to_owned(),
            };
            let text = example.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = trailwarden_model::escape::visible(&text).into_owned();
            page.hanging(PLAIN, "  ", 4, &format!("{what}: {text}"))?;
        }
    }
    Ok(())
}

fn print(value: &impl Serialize) -> anyhow::Result<()> {
    to_stdout(|out| {
        write_pretty(value, out)?;
        writeln!(out)
    })?;
    Ok(())
}
