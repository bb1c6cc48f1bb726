//! The list for a person.

use std::io;

use anstyle::AnsiColor;
use trailwarden_account::access::Principal;
use trailwarden_model::escape;

use super::judge::{Certainty, Holder, Judged};
use super::ways::Way;
use crate::cli::Colour;
use crate::cli::can::extent::Extent;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};
use crate::cli::state::{Deed, policy_name};

/// Names of those who are not known in full that are shown.
const UNSEEN_MAX: usize = 12;
/// Things that are not known of one principal that are shown.
const UNKNOWNS_MAX: usize = 3;

/// Writes it.
pub(super) fn write(
    judged: &Judged,
    deed: &Deed,
    is_single: bool,
    sources: &str,
    out: &mut dyn io::Write,
    colour: Colour,
) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    let count = |wanted| judged.holders.iter().filter(|one| one.certainty == wanted).count();
    let certain = count(Certainty::Certain);
    let headline = format!(
        "{certain} of {} users and roles may for certain: {}",
        judged.asked,
        deed.in_words()
    );
    page.hanging(BOLD, "", 4, &escape::visible(&headline))?;
    let sections = [
        (Certainty::Certain, "For certain", AnsiColor::Red.on_default().bold()),
        (Certainty::Conditional, "Under conditions", AnsiColor::Yellow.on_default().bold()),
        (
            Certainty::Seen,
            "By what was seen; something that was not may forbid it",
            AnsiColor::Yellow.on_default(),
        ),
    ];
    for (certainty, title, paint) in sections {
        if count(certainty) == 0 {
            continue;
        }
        page.blank()?;
        page.hanging(paint, "", 2, title)?;
        let of = judged.holders.iter().filter(|one| one.certainty == certainty);
        let width = of.clone().map(|one| name(&one.principal, is_single).chars().count()).max();
        let width = width.unwrap_or_default().min(32);
        for one in of {
            holder(&mut page, one, is_single, width)?;
        }
    }
    foot(&mut page, judged, is_single)?;
    page.blank()?;
    page.hanging(DIM, "", 2, &escape::visible(sources))
}

fn holder(page: &mut Page<'_>, one: &Holder, is_single: bool, width: usize) -> io::Result<()> {
    let name = escape::visible(&name(&one.principal, is_single)).into_owned();
    let mut text = match one.by.is_empty() {
        true => "by no policy of its own".to_owned(),
        false => format!("by {}", one.by.iter().map(in_words).collect::<Vec<_>>().join("; ")),
    };
    if one.extent == Some(Extent::Some) {
        text.push_str("; on some resources");
    }
    if !one.keys.is_empty() {
        text.push_str(&format!("; depends on {}", one.keys.join(", ")));
    }
    for unknown in one.unknowns.iter().take(UNKNOWNS_MAX) {
        text.push_str(&format!("; not known: {}", unknown.what));
    }
    if one.unknowns.len() > UNKNOWNS_MAX {
        text.push_str(&format!(" and {} more", one.unknowns.len() - UNKNOWNS_MAX));
    }
    if !one.entered_by.is_empty() {
        text.push_str(&format!("; entered by {}", one.entered_by.join(", ")));
    }
    page.labelled(BOLD, &format!("  {name:<width$}  "), &escape::visible(&text))
}

fn foot(page: &mut Page<'_>, judged: &Judged, is_single: bool) -> io::Result<()> {
    if judged.roots.is_empty()
        && judged.unseen.is_empty()
        && judged.unlisted.is_empty()
        && judged.note.is_none()
    {
        return Ok(());
    }
    page.blank()?;
    if !judged.roots.is_empty() {
        let accounts: Vec<String> = judged.roots.iter().map(ToString::to_string).collect();
        let text = match accounts.as_slice() {
            [one] => format!("The root user of account {one} may, too."),
            many => format!("The root users of accounts {} may, too.", many.join(", ")),
        };
        page.hanging(PLAIN, "", 2, &text)?;
    }
    if !judged.unseen.is_empty() {
        let mut names: Vec<String> =
            judged.unseen.iter().take(UNSEEN_MAX).map(|one| name(one, is_single)).collect();
        let more = judged.unseen.len().saturating_sub(UNSEEN_MAX);
        if more > 0 {
            names.push(format!("and {more} more (--json names them all)"));
        }
        let text = format!(
            "Not known of {}, whose policies have not all been seen: {}",
            judged.unseen.len(),
            names.join(", ")
        );
        page.hanging(AnsiColor::Yellow.on_default(), "", 2, &escape::visible(&text))?;
    }
    if !judged.unlisted.is_empty() {
        let accounts: Vec<String> = judged.unlisted.iter().map(ToString::to_string).collect();
        let of = match is_single {
            true => String::new(),
            false => format!(" of {}", accounts.join(", ")),
        };
        let text = format!("Not known: users and roles{of} that nothing shows which was read");
        page.hanging(PLAIN, "", 2, &text)?;
    }
    match &judged.note {
        Some(note) => page.hanging(PLAIN, "", 2, &escape::visible(&format!("Not known: {note}"))),
        None => Ok(()),
    }
}

/// `AdministratorAccess through group/admins`.
fn in_words(way: &Way) -> String {
    let policy = match way.is_inline {
        true => format!("inline policy {}", way.policy),
        false => policy_name(&way.policy).to_owned(),
    };
    match &way.group {
        Some(group) => format!("{policy} through {group}"),
        None => policy,
    }
}

fn name(principal: &Principal, is_single: bool) -> String {
    match is_single {
        true => principal.label.clone(),
        false => format!("{} of {}", principal.label, principal.account),
    }
}
