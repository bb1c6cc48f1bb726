//! Markdown: a report to paste into a ticket.
//!
//! Ticket systems act on text: they notify whoever is mentioned, link what looks like an address,
//! and render HTML. So a stranger's text is either a code span, which all of them leave alone, or
//! prose with every mark escaped and every word that could mention or link put in a code span.

use std::fmt::Write as _;
use std::io;

use trailwarden_model::finding::Status;
use trailwarden_model::{Finding, Outcome, Reject, Report, escape};

use super::changes::{self, Change};
use super::effect::{Bounds, Line, lines, title as effect_title};
use super::{Style, authorized, integrity, learn, text};

/// More would bury the ticket; `--format json` has them all.
const EVIDENCE_SHOWN: usize = 10;
const REJECTS_SHOWN: usize = 20;

/// Writes a headline, a section per finding, what could not be read, and what was off.
pub(super) fn write(
    report: &Report,
    changes: Option<&[Change]>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = String::new();
    summary(&mut page, report, style);
    out.write_all(page.as_bytes())?;
    for (place, finding) in text::ordered(report).into_iter().enumerate() {
        page.clear();
        section(&mut page, place + 1, finding, style);
        out.write_all(page.as_bytes())?;
    }
    page.clear();
    if let Some(changes) = changes {
        changes::markdown_section(&mut page, changes, style);
    }
    rejects(&mut page, &report.rejects, text::rejects_total(report));
    off(&mut page, report);
    out.write_all(page.as_bytes())
}

fn summary(page: &mut String, report: &Report, style: &Style) {
    let summary = &report.summary;
    line(page, "# trailwarden report");
    line(page, "");
    line(page, &format!("**{}**", text::headline(report)));
    if report.findings.is_empty() {
        line(page, "");
        line(page, &text::nothing_found(summary));
    }
    line(page, "");
    if let Some(verified) = &summary.integrity {
        let [digests, logs] = integrity::sentences(verified, style);
        line(page, &format!("- **Digests:** {}", prose(&digests)));
        line(page, &format!("- **Logs:** {}", prose(&logs)));
    }
    line(page, &format!("- **Read:** {}", text::volume(summary)));
    let told = authorized::told(summary);
    told.iter().for_each(|told| line(page, &format!("- **Change policies:** {told}")));
    if let Some(period) = text::covered(summary, style) {
        line(page, &format!("- **Period:** {}", prose(&period)));
    }
    if !summary.accounts.is_empty() {
        line(page, &format!("- **Accounts:** {}", codes(&summary.accounts)));
    }
    line(page, &format!("- **Times:** {}", prose(&style.zone_name)));
    if summary.interrupted {
        line(page, "- **Cut short:** these are the findings up to the interruption");
    }
}

fn section(page: &mut String, place: usize, finding: &Finding, style: &Style) {
    let severity = finding.severity.as_str().to_uppercase();
    let status = match finding.status {
        Status::Open => String::new(),
        status => format!(" ({})", status.as_str()),
    };
    line(page, "");
    line(page, &format!("## {place}. {severity}: {}{status}", prose(&finding.title)));
    line(page, "");
    line(page, &format!("**What happened:** {}", prose(&finding.explanation)));
    line(page, "");
    line(page, &format!("**Why it matters:** {}", prose(&finding.risk)));
    line(page, "");
    facts(page, finding, style);
    effect(page, finding);
    evidence(page, finding, style);
}

fn facts(page: &mut String, finding: &Finding, style: &Style) {
    let mut fact = |name: &str, value: String| line(page, &format!("- **{name}:** {value}"));
    fact("When", prose(&text::period(finding.first_time, finding.last_time, style)));
    if let Some(actor) = text::actor(finding) {
        fact("Who", code(&actor));
    }
    if let Some(arn) = &finding.actor.arn {
        fact("Actor ARN", code(arn));
    }
    if let Some(key) = &finding.actor.access_key {
        fact("Access key", code(key));
    }
    if let Some(target) = text::target(finding) {
        fact("To what", code(&target));
    }
    if let Some(arn) = &finding.target.arn {
        fact("Target ARN", code(arn));
    }
    if let Some(outcome) = finding.outcome.filter(|outcome| *outcome != Outcome::Succeeded) {
        fact("Outcome", outcome.as_str().to_owned());
    }
    fact("Where", code(&text::place(finding)));
    let rule = format!("{}, {} confidence", finding.kind.as_str(), finding.confidence.as_str());
    fact("Rule", format!("{} ({rule})", code(&finding.rule)));
    if !finding.attack.is_empty() {
        let attack = finding.attack.iter().map(|a| format!("{} ({})", a.technique, a.tactic));
        fact("ATT&amp;CK", codes(&attack.collect::<Vec<_>>()));
    }
    if let Some(authorization) = authorized::authorization(finding) {
        fact("Authorized", prose(&authorization));
    }
    for cause in &finding.false_positives {
        fact("May be harmless", prose(cause));
    }
    if !finding.remediation.is_empty() {
        fact("Remediation", codes(&finding.remediation));
    }
    let learn = learn::commands(finding);
    if !learn.is_empty() {
        fact("Learn more", codes(&learn));
    }
    if !finding.supersedes.is_empty() {
        fact("Supersedes", codes(&finding.supersedes));
    }
    fact("Finding", code(&finding.id));
}

fn effect(page: &mut String, finding: &Finding) {
    let Some(effect) = &finding.effect else {
        return;
    };
    line(page, "");
    let title = match effect_title(finding.outcome) {
        "effect" => "Effect",
        _ => "Effect, had it succeeded",
    };
    line(page, &format!("**{title}:**"));
    line(page, "");
    for told in lines(effect, Bounds::LONG) {
        match told {
            Line::Principal(text) => line(page, &format!("- {}", code(&text))),
            Line::Gained(text) => line(page, &format!("  - gained: {}", prose(&text))),
            Line::Lost(text) => line(page, &format!("  - lost: {}", prose(&text))),
            Line::More(text) => line(page, &format!("  - {}", prose(&text))),
            Line::Opens(text) => line(page, &format!("- opens {}", code(&text))),
            Line::Unknown(text) => line(page, &format!("- not known: {}", prose(&text))),
        }
    }
}

fn evidence(page: &mut String, finding: &Finding, style: &Style) {
    if finding.evidence.is_empty() {
        return;
    }
    line(page, "");
    line(page, "| Time | Event | Event id | Record |");
    line(page, "|---|---|---|---|");
    for record in finding.evidence.iter().take(EVIDENCE_SHOWN) {
        row(
            page,
            &[
                &record.event_time.display_in(&style.zone),
                &record.event_name,
                &record.event_id,
                &format!("{}, record {}", record.file, record.record),
            ],
        );
    }
    let shown = finding.evidence.len().min(EVIDENCE_SHOWN) as u64;
    if finding.evidence_total > shown {
        line(page, "");
        line(
            page,
            &format!("and {} more.", text::counted(finding.evidence_total - shown, "record")),
        );
    }
}

/// What could not be read; the total counts those that are not listed, too.
pub(super) fn rejects(page: &mut String, rejects: &[Reject], total: u64) {
    if total == 0 {
        return;
    }
    line(page, "");
    line(page, &format!("## Could not be read: {}", text::count(total)));
    line(page, "");
    for reject in rejects.iter().take(REJECTS_SHOWN) {
        let place = code(&text::reject_place(reject));
        line(page, &format!("- {place}: {}", prose(&reject.cause)));
    }
    let shown = rejects.len().min(REJECTS_SHOWN) as u64;
    if total > shown {
        line(page, &format!("- and {} more", text::count(total - shown)));
    }
}

fn off(page: &mut String, report: &Report) {
    if report.summary.off.is_empty() {
        return;
    }
    line(page, "");
    line(page, "## Detections that were off");
    line(page, "");
    for (reason, rules) in text::off_by_reason(&report.summary) {
        line(page, &format!("- {}: {}", codes(&rules), prose(&reason)));
    }
}

pub(super) fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

/// A table row of code spans. A pipe ends a cell even inside a code span unless it is escaped.
fn row(page: &mut String, cells: &[&str]) {
    for cell in cells {
        let _ = write!(page, "| {} ", code(cell).replace('|', "\\|"));
    }
    page.push_str("|\n");
}

pub(super) fn codes(parts: &[impl AsRef<str>]) -> String {
    parts.iter().map(|part| code(part.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A code span, fenced by more backticks than the text has in a row.
pub(super) fn code(text: &str) -> String {
    let text = escape::visible(text);
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Running text in which no mark means anything but a pair of backticks, which our own sentences
/// use and which is safe around anything. Begin the line with words of your own.
pub(super) fn prose(text: &str) -> String {
    let text = escape::visible(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2)
        || parts.iter().skip(1).step_by(2).any(|part| part.trim().is_empty())
    {
        return words(&text);
    }
    let mut out = String::new();
    for (place, part) in parts.into_iter().enumerate() {
        let part = if place % 2 == 0 { words(part) } else { code(part) };
        // Two fences that touch would be one longer fence.
        if out.ends_with('`') && part.starts_with('`') {
            out.push(' ');
        }
        out.push_str(&part);
    }
    out
}

fn words(text: &str) -> String {
    let words = text.split(' ').map(|word| if is_active(word) { code(word) } else { marks(word) });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a ticket system may turn the word into a mention, a reference or a link.
fn is_active(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.contains(['@', '#', '`']) || lower.contains("://") || lower.contains("www.")
}

fn marks(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 8);
    for c in word.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' | '$' | '=' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_outgrows_its_backticks() {
        assert_eq!(code("alice"), "`alice`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(code("\u{1b}[31m"), "`\\u{1b}[31m`");
    }

    #[test]
    fn prose_neither_marks_up_nor_mentions() {
        assert_eq!(prose("**b** [x](y)"), "\\*\\*b\\*\\* \\[x\\](y)");
        assert_eq!(prose("by @octocat <b>"), "by `@octocat` &lt;b&gt;");
        assert_eq!(prose("see HTTPS://evil.example or #12"), "see `HTTPS://evil.example` or `#12`");
        assert_eq!(prose("needs `--geoip FILE` *now*"), "needs `--geoip FILE` \\*now\\*");
        assert_eq!(prose("`a``b`@x"), "`a` `b` `@x`");
        assert_eq!(prose("a``b"), "``` a``b ```");
        assert_eq!(prose("a\n# b"), "`a\\u{a}#` b");
    }
}
