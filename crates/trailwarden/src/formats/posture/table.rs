//! The table: what to fix first, then every flaw, then what is not known and why.

use std::io;

use trailwarden_model::escape;

use super::{Assessment, words};
use crate::formats::Style;
use crate::formats::page::{BOLD, DIM, PLAIN, Page};
use crate::formats::text;

const RAIL: &str = "          ";
/// Of one check; the other formats have all of them.
const ROWS_SHOWN: usize = 8;
const CHECKS_SHOWN: usize = 6;
const RESOURCES_SHOWN: usize = 5;

/// Writes it.
pub(super) fn write(
    assessment: &Assessment,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style);
    page.paragraph(BOLD, "", &words::headline(assessment))?;
    page.items(DIM, "", &words::others(assessment))?;
    if let Some(history) = words::history(assessment) {
        page.paragraph(PLAIN, "", &history)?;
    }
    for left_out in words::left_out(assessment) {
        page.paragraph(BOLD, "", &escape::shorten(&left_out, 300))?;
    }
    scores(&mut page, assessment, style)?;
    first(&mut page, assessment)?;
    flaws(&mut page, assessment)?;
    unknown(&mut page, assessment)?;
    for expired in &assessment.summary.exceptions_expired {
        page.paragraph(BOLD, "", &format!("An exception has ended: {}", escape::visible(expired)))?;
    }
    page.blank()?;
    let hint = "`--format html` makes a report to hand on; `--format json` holds every row.";
    page.paragraph(DIM, "", hint)
}

fn scores(page: &mut Page<'_>, assessment: &Assessment, style: &Style) -> io::Result<()> {
    for account in &assessment.accounts {
        page.blank()?;
        let taken = text::time(account.taken, style);
        let head = format!("Account {} as of {taken}", escape::visible(&account.account));
        page.paragraph(BOLD, "", &head)?;
        for score in &account.scores {
            let name = format!("{} {}", score.name, score.version);
            let (head, indent) = (format!("  {name:<33}"), " ".repeat(35));
            page.headed(PLAIN, &head, &indent, &words::score(score))?;
        }
    }
    Ok(())
}

fn first(page: &mut Page<'_>, assessment: &Assessment) -> io::Result<()> {
    if assessment.first.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.paragraph(BOLD, "", "First to fix")?;
    for (index, one) in assessment.first.iter().enumerate() {
        let number = format!("{:>3}. ", index + 1);
        page.headed(
            PLAIN,
            &number,
            "     ",
            &format!("{} ({})", words::titles(one), one.severity.as_str()),
        )?;
        let shown = one.resources.iter().take(RESOURCES_SHOWN);
        let mut names: Vec<String> =
            shown.map(|name| escape::shorten(name, 80).into_owned()).collect();
        let more = one.resources.len().saturating_sub(RESOURCES_SHOWN);
        names.extend((more > 0).then(|| format!("{more} more")));
        page.items(DIM, "     ", &names)?;
        page.paragraph(PLAIN, "     ", &format!("Why: {}", one.reason))?;
        page.paragraph(PLAIN, "     ", &format!("Do: {}", one.fix))?;
    }
    Ok(())
}

fn flaws(page: &mut Page<'_>, assessment: &Assessment) -> io::Result<()> {
    for group in words::by_check(assessment) {
        let Some(row) = group.first() else { continue };
        page.blank()?;
        page.title(row.finding.severity, RAIL, &row.finding.title)?;
        for row in group.iter().take(ROWS_SHOWN) {
            let history = row.history.map(|history| format!("[{}] ", history.as_str()));
            let sentence = escape::shorten(&row.sentence, 300);
            page.paragraph(PLAIN, RAIL, &format!("{}{sentence}", history.unwrap_or_default()))?;
        }
        let more = group.len().saturating_sub(ROWS_SHOWN);
        if more > 0 {
            page.paragraph(DIM, RAIL, &format!("and {more} more"))?;
        }
        page.paragraph(DIM, RAIL, &format!("check {}", row.check))?;
    }
    Ok(())
}

fn unknown(page: &mut Page<'_>, assessment: &Assessment) -> io::Result<()> {
    let reasons = words::unknown(assessment);
    if reasons.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.paragraph(BOLD, "", "Not known, and so neither passed nor failed")?;
    for (reason, checks) in reasons {
        page.paragraph(PLAIN, "  ", &escape::shorten(&reason, 300))?;
        let mut named: Vec<String> =
            checks.iter().take(CHECKS_SHOWN).map(|check| (*check).to_owned()).collect();
        let more = checks.len().saturating_sub(CHECKS_SHOWN);
        named.extend((more > 0).then(|| format!("{more} more")));
        page.items(DIM, "      ", &named)?;
    }
    Ok(())
}
