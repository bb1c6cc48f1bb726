//! The table: a story for a person at a terminal, worst things first.
//!
//! One block per finding rather than one row: at 80 columns a row has no room for who did what to
//! whom, which is what a responder came for. Everything says itself without colour.

use std::io;

use trailwarden_detect::detections;
use trailwarden_model::finding::{Kind, Status};
use trailwarden_model::{Finding, Outcome, Reject, Report, Severity, escape};

use super::changes::{self, Change};
use super::effect::{self, Bounds, Line};
use super::page::{BOLD, DIM, PLAIN, Page};
use super::{Style, authorized, integrity, learn, text};

/// Room for the longest severity and two blanks.
const RAIL: &str = "          ";
/// With more findings than this, those of low severity take three lines each.
const FULL_BLOCKS_MAX: usize = 40;
const EVENT_IDS_SHOWN: usize = 3;
const REJECTS_SHOWN: usize = 10;
/// A stranger's name may be a kilobyte long; its beginning is enough to tell it apart.
const NAME_CHARS_MAX: usize = 120;

/// Writes headline, findings, changes, what could not be read, what was off, and what was read.
pub(super) fn write(
    report: &Report,
    changes: Option<&[Change]>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style);
    header(&mut page, report, style)?;
    let findings = text::ordered(report);
    let is_long = findings.len() > FULL_BLOCKS_MAX;
    for finding in findings {
        page.blank()?;
        block(&mut page, finding, style, is_long && finding.severity <= Severity::Low)?;
    }
    if let Some(changes) = changes {
        changes::table_section(&mut page, changes, style)?;
    }
    rejects(&mut page, &report.rejects, text::rejects_total(report))?;
    off(&mut page, report)?;
    footer(&mut page, report)
}

fn header(page: &mut Page<'_>, report: &Report, style: &Style) -> io::Result<()> {
    let summary = &report.summary;
    page.paragraph(BOLD, "", &text::headline(report))?;
    if report.findings.is_empty() {
        page.paragraph(PLAIN, "", &text::nothing_found(summary))?;
    }
    let mut read = Vec::new();
    if let Some(verified) = &summary.integrity {
        for sentence in integrity::sentences(verified, style) {
            page.paragraph(PLAIN, "", &sentence)?;
        }
    } else {
        read.push(text::counted(summary.records, "record"));
        read.extend(text::covered(summary, style));
    }
    match summary.accounts.as_slice() {
        [] => {}
        [account] => read.push(format!("account {}", escape::visible(account))),
        accounts => read.push(text::counted(accounts.len() as u64, "account")),
    }
    page.items(DIM, "", &read)?;
    if summary.interrupted {
        page.paragraph(BOLD, "", "Cut short: these are the findings up to the interruption.")?;
    }
    Ok(())
}

fn block(page: &mut Page<'_>, finding: &Finding, style: &Style, brief: bool) -> io::Result<()> {
    let mut title = escape::visible(&finding.title).into_owned();
    if finding.status != Status::Open {
        title = format!("[{}] {title}", finding.status.as_str());
    }
    page.title(finding.severity, RAIL, &title)?;
    let when = text::period(finding.first_time, finding.last_time, style);
    let id = escape::visible(&finding.id).into_owned();
    let last = if brief { id.clone() } else { text::place(finding) };
    page.items(DIM, RAIL, &[when, last])?;
    if let Some(who) = who_to_whom(finding) {
        page.paragraph(PLAIN, RAIL, &who)?;
    }
    if brief {
        return Ok(());
    }
    page.paragraph(PLAIN, RAIL, &escape::visible(&finding.explanation))?;
    effect(page, finding)?;
    evidence(page, finding)?;
    let rule = match finding.kind {
        Kind::Sigma => "Sigma rule",
        Kind::Health => "health of",
        _ => "rule",
    };
    let mut about = vec![
        id,
        format!("{rule} {}", escape::visible(&finding.rule)),
        format!("{} confidence", finding.confidence.as_str()),
    ];
    about.extend(finding.attack.iter().map(|a| escape::visible(&a.technique).into_owned()));
    about.extend(authorized::authorization(finding));
    page.items(DIM, RAIL, &about)
}

fn who_to_whom(finding: &Finding) -> Option<String> {
    let short = |name: String| escape::shorten(&name, NAME_CHARS_MAX).into_owned();
    let mut line = match (text::actor(finding).map(short), text::target(finding).map(short)) {
        (Some(actor), Some(target)) => format!("{actor} -> {target}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    match finding.outcome {
        Some(Outcome::Denied) => line.push_str(": DENIED"),
        Some(Outcome::Failed) => line.push_str(": failed"),
        Some(Outcome::Succeeded) | None => {}
    }
    Some(line)
}

fn effect(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let title = effect::title(finding.outcome);
    for line in finding.effect.iter().flat_map(|effect| effect::lines(effect, Bounds::BRIEF)) {
        let (indent, head) = match line {
            Line::Gained(_) | Line::Lost(_) | Line::More(_) => (format!("{RAIL}  "), ""),
            Line::Principal(_) => (RAIL.to_owned(), title),
            Line::Opens(_) | Line::Unknown(_) => (RAIL.to_owned(), ""),
        };
        let head = if head.is_empty() { String::new() } else { format!("{head}: ") };
        page.paragraph(PLAIN, &indent, &format!("{head}{}", line.plain().trim_start()))?;
    }
    Ok(())
}

fn evidence(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    if finding.evidence_total == 0 {
        return Ok(());
    }
    let names: Vec<String> = text::event_names(finding)
        .into_iter()
        .map(|(name, number)| match number {
            1 => name.into_owned(),
            _ => format!("{name} x{number}"),
        })
        .collect();
    let line = format!("{}: {}", text::counted(finding.evidence_total, "record"), names.join(", "));
    page.paragraph(DIM, RAIL, &escape::shorten(&line, 2 * NAME_CHARS_MAX))?;
    for record in finding.evidence.iter().take(EVENT_IDS_SHOWN) {
        page.paragraph(DIM, RAIL, &format!("  {}", escape::visible(&record.event_id)))?;
    }
    Ok(())
}

/// What could not be read, shortly; the total counts those that are not listed, too.
pub(super) fn rejects(page: &mut Page<'_>, rejects: &[Reject], total: u64) -> io::Result<()> {
    if total == 0 {
        return Ok(());
    }
    page.blank()?;
    page.paragraph(BOLD, "", &format!("Could not be read: {}", text::count(total)))?;
    for reject in rejects.iter().take(REJECTS_SHOWN) {
        page.paragraph(PLAIN, "  ", &text::reject_place(reject))?;
        page.paragraph(PLAIN, "      ", &escape::visible(&reject.cause))?;
    }
    let shown = rejects.len().min(REJECTS_SHOWN) as u64;
    if total > shown {
        page.paragraph(DIM, "  ", &format!("and {} more", text::count(total - shown)))?;
    }
    Ok(())
}

fn off(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    if report.summary.off.is_empty() {
        return Ok(());
    }
    page.blank()?;
    let total = text::counted(report.summary.off.len() as u64, "detection");
    page.paragraph(BOLD, "", &format!("Off in this run: {total}"))?;
    for (reason, rules) in text::off_by_reason(&report.summary) {
        page.paragraph(PLAIN, "  ", &rules.join(", "))?;
        page.paragraph(DIM, "      ", &reason)?;
    }
    Ok(())
}

fn footer(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    page.blank()?;
    page.paragraph(DIM, "", &format!("Read {}.", text::volume(&report.summary)))?;
    if let Some(told) = authorized::told(&report.summary) {
        page.paragraph(PLAIN, "", &format!("Change policies: {told}"))?;
    }
    let hint = if report.summary.integrity.is_some() {
        "`--format html` makes a report to hand on; `trailwarden verify --help` tells what is needed."
    } else if report.findings.is_empty() {
        "`trailwarden rules list` names every detection and what it looks for."
    } else {
        "`--format html` makes a report to hand on; `trailwarden remediate plan --help` tells how to put things right."
    };
    page.paragraph(DIM, "", hint)?;
    match learn_more(report) {
        Some(words) => page.paragraph(DIM, "", &words),
        None => Ok(()),
    }
}

/// What to type to read on, by the example of the first finding that comes from a detection.
fn learn_more(report: &Report) -> Option<String> {
    let mut findings = text::ordered(report).into_iter();
    let known = |rule: &str| detections::ALL.iter().any(|detection| detection.id == rule);
    let finding =
        findings.find(|finding| finding.kind == Kind::Detection && known(&finding.rule))?;
    let event = learn::entries(finding).into_iter().next();
    let event = event.map(|entry| format!(", `trailwarden explain {}` on an event", entry.name));
    let event = event.unwrap_or_default();
    Some(format!("Learn more: `trailwarden explain {}` on a rule{event}.", finding.rule))
}
