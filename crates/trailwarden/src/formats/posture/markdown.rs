//! Markdown: an assessment to paste into a ticket.

use std::fmt::Write as _;
use std::io;

use super::{Assessment, words};
use crate::formats::Style;
use crate::formats::markdown::{code, prose};
use crate::formats::text;

/// Writes it.
pub(super) fn write(
    assessment: &Assessment,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = String::new();
    let _ = writeln!(page, "# Posture\n\n**{}**\n", prose(&words::headline(assessment)));
    let _ = writeln!(page, "{}.\n", words::others(assessment).join(", "));
    if let Some(history) = words::history(assessment) {
        let _ = writeln!(page, "{history}\n");
    }
    for left_out in words::left_out(assessment) {
        let _ = writeln!(page, "{}.\n", prose(&left_out));
    }
    for account in &assessment.accounts {
        let time = text::time(account.taken, style);
        let _ = writeln!(page, "## Account {}\n\nAs of {time}.\n", prose(&account.account));
        let _ = writeln!(page, "| framework | score |\n|---|---|");
        for score in &account.scores {
            let _ =
                writeln!(page, "| {} {} | {} |", score.name, score.version, words::score(score));
        }
        page.push('\n');
    }
    if !assessment.first.is_empty() {
        page.push_str("## First to fix\n\n");
    }
    for (index, one) in assessment.first.iter().enumerate() {
        let resources: Vec<String> = one.resources.iter().take(10).map(|name| code(name)).collect();
        let _ = writeln!(
            page,
            "{}. **{}** ({}): {}. {} {}",
            index + 1,
            words::titles(one),
            one.severity.as_str(),
            resources.join(", "),
            prose(&one.reason),
            prose(&one.fix)
        );
    }
    flaws(&mut page, assessment);
    unknown(&mut page, assessment);
    for expired in &assessment.summary.exceptions_expired {
        let _ = writeln!(page, "\nAn exception has ended: {}.", prose(expired));
    }
    out.write_all(page.as_bytes())
}

fn flaws(page: &mut String, assessment: &Assessment) {
    let groups = words::by_check(assessment);
    if !groups.is_empty() {
        page.push_str("\n## Flaws\n");
    }
    for group in groups {
        let Some(row) = group.first() else { continue };
        let (severity, title) = (row.finding.severity.as_str(), &row.finding.title);
        let _ = writeln!(page, "\n### {severity}: {title}\n\n{}\n", prose(&row.finding.risk));
        for row in &group {
            let history = row.history.map(|one| format!("[{}] ", one.as_str())).unwrap_or_default();
            let id = code(&row.finding.id);
            let _ = writeln!(page, "- {history}{} ({id})", prose(&row.sentence));
        }
        let _ = writeln!(page, "\nCheck {}. {}", code(&row.check), prose(&row.fix));
        let controls = words::controls(row);
        if !controls.is_empty() {
            let _ = writeln!(page, "Controls: {}.", prose(&controls));
        }
    }
}

fn unknown(page: &mut String, assessment: &Assessment) {
    let reasons = words::unknown(assessment);
    if !reasons.is_empty() {
        page.push_str("\n## Not known\n\n");
    }
    for (reason, checks) in reasons {
        let checks: Vec<String> = checks.iter().map(|check| code(check)).collect();
        let _ = writeln!(page, "- {}: {}", prose(&reason), checks.join(", "));
    }
}
