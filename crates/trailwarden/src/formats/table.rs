//! The table: a story for a person at a terminal, worst things first.
//!
//! One block per finding rather than one row: at 80 columns a row has no room for who did what to
//! whom, which is what a responder came for. Everything says itself without colour.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use trailwarden_model::finding::{Kind, Status};
use trailwarden_model::{Finding, Outcome, Report, Severity, escape};

use super::{Style, text};

/// Longer lines are hard to read, however wide the terminal.
const WIDTH_MAX: u16 = 110;
/// Narrower ones leave no room beside the severity.
const WIDTH_MIN: u16 = 40;
/// Room for the longest severity and two blanks.
const RAIL: &str = "          ";
/// With more findings than this, those of low severity take three lines each.
const FULL_BLOCKS_MAX: usize = 40;
const EVENT_IDS_SHOWN: usize = 3;
const REJECTS_SHOWN: usize = 10;
/// A stranger's name may be a kilobyte long; its beginning is enough to tell it apart.
const NAME_CHARS_MAX: usize = 120;

/// A blank at which no line breaks.
const TIE: &str = "\u{a0}";

const BOLD: Paint = Paint::new().bold();
const DIM: Paint = Paint::new().dimmed();

/// Writes headline, findings, what could not be read, what was off, and what was read.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page {
        out,
        colour: style.colour,
        width: usize::from(style.width.clamp(WIDTH_MIN, WIDTH_MAX)),
    };
    header(&mut page, report, style)?;
    let findings = text::ordered(report);
    let is_long = findings.len() > FULL_BLOCKS_MAX;
    for finding in findings {
        page.blank()?;
        block(&mut page, finding, style, is_long && finding.severity <= Severity::Low)?;
    }
    rejects(&mut page, report)?;
    off(&mut page, report)?;
    footer(&mut page, report)
}

fn header(page: &mut Page<'_>, report: &Report, style: &Style) -> io::Result<()> {
    let summary = &report.summary;
    page.paragraph(BOLD, "", &text::headline(report))?;
    if report.findings.is_empty() {
        page.paragraph(Paint::new(), "", &text::nothing_found(summary))?;
    }
    let mut read = vec![text::counted(summary.records, "record")];
    if let Some(period) = text::covered(summary, style) {
        read.push(period);
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
    page.title(finding.severity, &title)?;
    let when = text::period(finding.first_time, finding.last_time, style);
    let id = escape::visible(&finding.id).into_owned();
    let last = if brief { id.clone() } else { text::place(finding) };
    page.items(DIM, RAIL, &[when, last])?;
    if let Some(who) = who_to_whom(finding) {
        page.paragraph(Paint::new(), RAIL, &who)?;
    }
    if brief {
        return Ok(());
    }
    page.paragraph(Paint::new(), RAIL, &escape::visible(&finding.explanation))?;
    for line in text::effect(finding) {
        page.paragraph(Paint::new(), RAIL, &format!("effect: {line}"))?;
    }
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
    about.extend(text::authorization(finding));
    page.items(DIM, RAIL, &about)
}

fn who_to_whom(finding: &Finding) -> Option<String> {
    let mut line = escape::shorten(&text::actor(finding)?, NAME_CHARS_MAX).into_owned();
    if let Some(target) = text::target(finding) {
        line.push_str(&format!(" -> {}", escape::shorten(&target, NAME_CHARS_MAX)));
    }
    match finding.outcome {
        Some(Outcome::Denied) => line.push_str(": DENIED"),
        Some(Outcome::Failed) => line.push_str(": failed"),
        Some(Outcome::Succeeded) | None => {}
    }
    Some(line)
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

fn rejects(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let total = text::rejects_total(report);
    if total == 0 {
        return Ok(());
    }
    page.blank()?;
    page.paragraph(BOLD, "", &format!("Could not be read: {}", text::count(total)))?;
    for reject in report.rejects.iter().take(REJECTS_SHOWN) {
        page.paragraph(Paint::new(), "  ", &text::reject_place(reject))?;
        page.paragraph(Paint::new(), "      ", &escape::visible(&reject.cause))?;
    }
    let shown = report.rejects.len().min(REJECTS_SHOWN) as u64;
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
        page.paragraph(Paint::new(), "  ", &rules.join(", "))?;
        page.paragraph(DIM, "      ", &reason)?;
    }
    Ok(())
}

fn footer(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    page.blank()?;
    page.paragraph(DIM, "", &format!("Read {}.", text::volume(&report.summary)))?;
    let hint = if report.findings.is_empty() {
        "`trailwarden rules list` names every detection and what it looks for."
    } else {
        "`--format html` makes a report to hand on; `trailwarden rules list` explains the rules."
    };
    page.paragraph(DIM, "", hint)
}

/// Where lines go, and how wide they may be.
struct Page<'a> {
    out: &'a mut dyn Write,
    colour: bool,
    width: usize,
}

impl Page<'_> {
    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// One paragraph, wrapped, each line behind the indent.
    fn paragraph(&mut self, paint: Paint, indent: &str, text: &str) -> io::Result<()> {
        for line in self.wrap(indent, text) {
            let line = self.painted(paint, &line);
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    /// Short facts in a row; a line breaks between them rather than within one.
    fn items(&mut self, paint: Paint, indent: &str, items: &[String]) -> io::Result<()> {
        let tied: Vec<String> = items.iter().map(|item| item.replace(' ', TIE)).collect();
        for line in self.wrap(indent, &tied.join(", ")) {
            let line = self.painted(paint, &line.replace(TIE, " "));
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    /// The severity in the rail, and the title beside it.
    fn title(&mut self, severity: Severity, title: &str) -> io::Result<()> {
        let tag = severity.as_str().to_uppercase();
        let blanks = " ".repeat(RAIL.len().saturating_sub(tag.len()));
        let mut rail = format!("{}{blanks}", self.painted(colour_of(severity), &tag));
        for line in self.wrap(RAIL, title) {
            let line = self.painted(BOLD, &line);
            writeln!(self.out, "{rail}{line}")?;
            rail = RAIL.to_owned();
        }
        Ok(())
    }

    fn wrap(&self, indent: &str, text: &str) -> Vec<String> {
        let options = Options::new(self.width.saturating_sub(indent.len()))
            .break_words(true)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
    }

    fn painted(&self, paint: Paint, text: &str) -> String {
        if self.colour { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }
}

fn colour_of(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold().invert(),
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => DIM,
    }
}
