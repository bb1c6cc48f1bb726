//! The answer for a person.

use std::collections::BTreeMap;
use std::io;

use anstyle::AnsiColor;
use trailwarden_model::escape::visible;
use trailwarden_policy::facts::ActionSet;
use trailwarden_policy::reach::describe;
use trailwarden_policy::rightsize::{Fate, Reason};
use trailwarden_policy::{Document, Statement};

use super::account::{Principal, Told};
use super::effect::Effect;
use super::proposal::{Lean, Outcome, Proposal};
use super::{Read, days};
use crate::cli::Colour;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};

/// So many names of one list are told.
const NAMES_MAX: usize = 12;

/// Writes what becomes of each policy, and of each principal.
pub(super) fn write(
    all: &[Told],
    read: &Read,
    sources: &str,
    out: &mut dyn io::Write,
    colour: Colour,
) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    for told in all {
        period(&mut page, told, read)?;
        for proposal in told.policies.values() {
            page.blank()?;
            policy(&mut page, proposal)?;
        }
        for principal in &told.principals {
            page.blank()?;
            of_principal(&mut page, principal, told)?;
        }
        page.blank()?;
    }
    page.hanging(DIM, "", 0, sources)
}

fn period(page: &mut Page<'_>, told: &Told, read: &Read) -> io::Result<()> {
    let account = told.account;
    let text = match &told.period {
        Some(period) => format!(
            "Account {account}, observed from {} to {}: {} days, {} of them with records",
            read.state.time(period.first),
            read.state.time(period.last),
            days(period),
            period.days
        ),
        None => format!("Account {account}, of which the logs hold no record"),
    };
    page.hanging(BOLD, "", 2, &text)?;
    told.doubts.iter().try_for_each(|doubt| page.hanging(PLAIN, "  ? ", 4, doubt))
}

fn policy(page: &mut Page<'_>, proposal: &Proposal) -> io::Result<()> {
    let kind = match (proposal.is_inline, proposal.is_of_aws()) {
        (true, _) => "inline policy",
        (false, true) => "AWS's own policy",
        (false, false) => "managed policy",
    };
    let holder = proposal.holder.as_ref().map(|holder| format!(" of {}", holder.label));
    let title = format!("{kind} {}{}", proposal.name, holder.unwrap_or_default());
    page.hanging(BOLD, "", 2, &visible(&title))?;
    // None are known where it was not worked out for whom it counts.
    let is_one = proposal.holder.is_some() && proposal.counted.len() == 1;
    if !is_one && !proposal.counted.is_empty() {
        let who = format!("whose use counts: {}", few(&proposal.counted));
        page.hanging(DIM, "  ", 4, &visible(&who))?;
    }
    match &proposal.outcome {
        Outcome::Left(why) => {
            page.hanging(PLAIN, "  ", 4, &format!("stays as it is: {}", visible(why)))
        }
        Outcome::Told(lean) => told(page, proposal, lean),
    }
}

fn told(page: &mut Page<'_>, proposal: &Proposal, lean: &Lean) -> io::Result<()> {
    let narrowed = &lean.narrowed;
    match (&narrowed.text, narrowed.is_changed()) {
        (_, false) if !lean.by_service.is_empty() => {
            page.hanging(PLAIN, "  ", 4, "stays as it is: by single actions it would be too long")?
        }
        (_, false) => {
            page.hanging(PLAIN, "  ", 4, "stays as it is: all of it was used, or must stay")?
        }
        (None, true) => page.hanging(PLAIN, "  ", 4, "goes: nothing of it was used")?,
        (Some(text), true) => {
            statements(page, proposal, lean, text)?;
            if proposal.is_of_aws() {
                page.hanging(
                    PLAIN,
                    "  ",
                    4,
                    "AWS's own policies cannot be changed: a new one takes its place",
                )?;
            }
        }
    }
    if !narrowed.dropped.is_empty() {
        let names = names_of(&narrowed.dropped);
        let text = match names.len() {
            1 => format!("1 action is dropped: {}", few(&names)),
            several => format!("{several} actions are dropped: {}", few(&names)),
        };
        page.hanging(AnsiColor::Green.on_default(), "  - ", 4, &text)?;
    }
    unseen(page, lean)?;
    if lean.is_too_long() {
        let text = format!(
            "too long: {} characters, and {} are allowed; split it",
            lean.size, lean.size_max
        );
        page.hanging(AnsiColor::Red.on_default(), "  ! ", 4, &text)?;
    }
    if !narrowed.not_known.is_empty() {
        let names: Vec<String> = narrowed.not_known.iter().cloned().collect();
        let text = format!("stay, since no such actions are known: {}", few(&names));
        page.hanging(PLAIN, "  ? ", 4, &visible(&text))?;
    }
    for (why, services) in by_reason(lean) {
        let text = format!("all of {} stays: {why}", few(&services));
        page.hanging(PLAIN, "  ? ", 4, &visible(&text))?;
    }
    Ok(())
}

/// What stays though no call of it was seen.
fn unseen(page: &mut Page<'_>, lean: &Lean) -> io::Result<()> {
    if !lean.beside.is_empty() && lean.narrowed.is_changed() {
        let text = format!(
            "stay beside what was used, without an event of theirs: {}",
            few(&names_of(&lean.beside))
        );
        page.hanging(DIM, "  = ", 4, &text)?;
    }
    if !lean.by_service.is_empty() && lean.narrowed.is_changed() {
        let text = format!(
            "all of {} stays: by single actions the policy would be too long",
            few(&lean.by_service)
        );
        page.hanging(PLAIN, "  ! ", 4, &text)?;
    }
    if !lean.privileged.is_empty() {
        let text = format!(
            "stay though no call of them was seen, and open ways to more permissions: {}",
            few(&names_of(&lean.privileged))
        );
        page.hanging(PLAIN, "  ! ", 4, &text)?;
    }
    Ok(())
}

fn names_of(actions: &ActionSet) -> Vec<String> {
    actions.iter().map(|id| id.action().full_name().to_owned()).collect()
}

fn statements(
    page: &mut Page<'_>,
    proposal: &Proposal,
    lean: &Lean,
    after: &str,
) -> io::Result<()> {
    let before = proposal.before.as_ref().and_then(|text| text.document().ok());
    let after = Document::parse(after).unwrap_or_default();
    let mut left = after.statements.iter();
    let statements = before.iter().flat_map(|document| &document.statements);
    for ((at, statement), fate) in statements.enumerate().zip(&lean.narrowed.fates) {
        let now = if *fate == Fate::Gone { None } else { left.next() };
        let sid = statement.sid.as_ref().map(|sid| format!(" {sid}")).unwrap_or_default();
        let head = format!("statement {}{sid}: ", at + 1);
        let text = match (fate, now) {
            (Fate::Narrowed, Some(now)) => {
                format!("{} becomes {}", actions(statement), actions(now))
            }
            (Fate::Gone, _) => format!("{} goes", actions(statement)),
            _ => continue,
        };
        page.hanging(PLAIN, "  ~ ", 4, &visible(&format!("{head}{text}")))?;
    }
    Ok(())
}

fn actions(statement: &Statement) -> String {
    match &statement.not_actions {
        Some(excluded) => format!("everything but {}", few(excluded)),
        None => few(&statement.actions),
    }
}

/// The services that stay whole, those of one reason together.
fn by_reason(lean: &Lean) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (service, reasons) in &lean.reasons {
        for reason in reasons {
            all.entry(why(reason)).or_default().push(service.clone());
        }
    }
    all
}

/// Why a service stays whole, as the end of a sentence.
pub(super) fn why(reason: &Reason) -> String {
    match reason {
        Reason::Unmapped(events) => {
            let names: Vec<String> = events.iter().cloned().collect();
            format!("calls map to no known action: {}", few(&names))
        }
        Reason::DataEvents => "the logs may not hold its data events".to_owned(),
        Reason::LeftOut => "the logs hold no event of it, and trails can leave them out".to_owned(),
        Reason::NeverSeen => "no event is known to show its use".to_owned(),
        Reason::UsedElsewhere => "AWS says that it was used, and the logs show no call".to_owned(),
    }
}

fn of_principal(page: &mut Page<'_>, principal: &Principal, told: &Told) -> io::Result<()> {
    page.hanging(BOLD, "", 2, &visible(&principal.label))?;
    let calls: u64 = principal.calls.iter().map(|used| used.count.allowed()).sum();
    let names = names_of(&principal.used);
    let used = match (calls, names.is_empty()) {
        (0, _) => "no call of it was seen that was not refused".to_owned(),
        (_, true) => format!("{calls} calls, none of which maps to a known action"),
        (_, false) => format!("used {} actions in {calls} calls: {}", names.len(), few(&names)),
    };
    page.hanging(PLAIN, "  ", 4, &visible(&used))?;
    for unknown in &principal.unknowns {
        page.hanging(PLAIN, "  ? ", 4, &visible(&format!("not known: {unknown}")))?;
    }
    let changes =
        principal.policies.iter().filter_map(|key| told.policies.get(key)?.change()).count();
    match &principal.effect {
        Some(effect) if changes > 0 => of_effect(page, effect),
        _ => page.hanging(PLAIN, "  ", 4, "nothing changes for it"),
    }
}

fn of_effect(page: &mut Page<'_>, effect: &Effect) -> io::Result<()> {
    let word = |grading: &trailwarden_policy::reach::Grading| {
        let mark = if grading.is_conditional() { " (conditional)" } else { "" };
        format!("{}{mark}", grading.grade)
    };
    let grades = format!("grade {} -> {}", word(&effect.before), word(&effect.after));
    page.hanging(PLAIN, "  ", 4, &grades)?;
    for line in describe(&effect.change.lost) {
        page.hanging(AnsiColor::Green.on_default(), "  - may no longer ", 6, &visible(&line))?;
    }
    let closed: Vec<String> =
        effect.closed().map(|way| format!("{} ({})", way.id, way.actions.join(" + "))).collect();
    if !closed.is_empty() {
        let text = format!("ways to more permissions that are closed: {}", few(&closed));
        page.hanging(AnsiColor::Green.on_default(), "  - ", 4, &text)?;
    }
    if !effect.is_sure() {
        page.hanging(
            DIM,
            "  ",
            4,
            "Not everything could be worked out: more or less may be lost.",
        )?;
    }
    Ok(())
}

/// The first names, and how many more there are.
fn few(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMES_MAX);
    let first: Vec<&str> = names.iter().take(NAMES_MAX).map(String::as_str).collect();
    match (first.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (false, 0) => first.join(", "),
        (false, more) => format!("{} and {more} more", first.join(", ")),
    }
}
