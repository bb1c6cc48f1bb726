//! Paths for a person.

use std::io;

use anstyle::AnsiColor;
use trailwarden_account::graph::{Certainty, Edge, Path};
use trailwarden_model::escape;

use super::found::{Found, Goal, Names, deed, is_plain};
use super::unseen::Unseen;
use crate::cli::Colour;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};
use crate::cli::state::policy_name;

/// Paths that are shown; --json has all.
const PATHS_MAX: usize = 50;
/// Administrators that are named.
const NAMES_MAX: usize = 20;

/// Writes them.
pub(super) fn write(
    found: &Found,
    unseen: &Unseen,
    names: &Names<'_>,
    sources: &str,
    out: &mut dyn io::Write,
    colour: Colour,
) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    let certain = found.paths.iter().filter(|path| path.certainty().is_yes()).count();
    let goal = names.goal(&found.goal);
    let count = found.paths.len();
    let who = match (found.is_of_one, count) {
        (true, 1) => "way leads",
        (true, _) => "ways lead",
        (false, 1) => "principal has a way",
        (false, _) => "principals have a way",
    };
    let text = format!("{count} {who} to {goal}, {certain} for certain");
    page.hanging(BOLD, "", 2, &escape::visible(&text))?;
    administrators(&mut page, found, names)?;
    for path in found.paths.iter().take(PATHS_MAX) {
        page.blank()?;
        one(&mut page, path, names)?;
    }
    let more = found.paths.len().saturating_sub(PATHS_MAX);
    if more > 0 {
        page.blank()?;
        page.hanging(DIM, "", 2, &format!("{more} more; --format json has all"))?;
    }
    page.blank()?;
    not_known(&mut page, unseen, names)?;
    page.hanging(DIM, "", 2, &escape::visible(sources))
}

fn administrators(page: &mut Page<'_>, found: &Found, names: &Names<'_>) -> io::Result<()> {
    if found.administrators.is_empty() {
        return Ok(());
    }
    let mut shown: Vec<String> =
        found.administrators.iter().take(NAMES_MAX).map(|node| names.node(node)).collect();
    let more = found.administrators.len().saturating_sub(NAMES_MAX);
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    let is = match found.goal {
        Goal::Administrator => "Administrators already",
        Goal::Identity(_) => "Administrators, who can become anybody of their account",
    };
    page.hanging(PLAIN, "", 2, &escape::visible(&format!("{is}: {}", shown.join(", "))))
}

fn not_known(page: &mut Page<'_>, unseen: &Unseen, names: &Names<'_>) -> io::Result<()> {
    let count = unseen.principals.len();
    let shown = unseen.principals.iter().take(NAMES_MAX).map(|node| names.node(node));
    let mut shown: Vec<String> = shown.collect();
    if count > NAMES_MAX {
        shown.push(format!("{} more", count - NAMES_MAX));
    }
    if count > 0 {
        let text = format!(
            "Not known of {count}, whose policies have not all been seen and who may have more ways: {}",
            shown.join(", ")
        );
        page.hanging(AnsiColor::Yellow.on_default(), "", 2, &escape::visible(&text))?;
    }
    if !unseen.unlisted.is_empty() {
        let accounts: Vec<String> = unseen.unlisted.iter().map(ToString::to_string).collect();
        let text = format!(
            "Not known: users and roles of {} that nothing shows which was read",
            accounts.join(", ")
        );
        page.hanging(AnsiColor::Yellow.on_default(), "", 2, &text)?;
    }
    Ok(())
}

fn one(page: &mut Page<'_>, path: &Path, names: &Names<'_>) -> io::Result<()> {
    let (Some(first), Some(last)) = (path.edges.first(), path.edges.last()) else {
        return Ok(());
    };
    let (mark, paint) = match path.certainty() {
        Certainty::Yes => ("certain", AnsiColor::Red.on_default().bold()),
        Certainty::Conditional(_) => ("conditional", AnsiColor::Yellow.on_default().bold()),
    };
    let text = format!("{} -> {}: {mark}", names.node(&first.from), names.node(&last.to));
    page.hanging(paint, "", 4, &escape::visible(&text))?;
    for (number, edge) in (1..).zip(&path.edges) {
        step(page, number, edge, names)?;
    }
    Ok(())
}

fn step(page: &mut Page<'_>, number: usize, edge: &Edge, names: &Names<'_>) -> io::Result<()> {
    let head = format!("  {number}. ");
    if is_plain(edge) {
        let text = format!("{} is an administrator", names.node(&edge.from));
        return page.labelled(BOLD, &head, &escape::visible(&text));
    }
    let text = format!("{} -> {}", deed(edge), names.node(&edge.to));
    page.labelled(BOLD, &head, &escape::visible(&text))?;
    for step in &edge.steps {
        let by = match step.allowed_by.is_empty() {
            true => String::new(),
            false => {
                let by: Vec<&str> = step.allowed_by.iter().map(|one| policy_name(one)).collect();
                format!(", allowed by {}", by.join(", "))
            }
        };
        let text = format!("{} on {}{by}", step.action, step.resource);
        page.hanging(PLAIN, "     ", 9, &escape::visible(&text))?;
    }
    for reason in edge.certainty.reasons() {
        let paint = AnsiColor::Yellow.on_default();
        page.hanging(paint, "     ", 9, &escape::visible(&format!("if {reason}")))?;
    }
    Ok(())
}
