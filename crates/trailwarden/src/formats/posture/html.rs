//! HTML: the report for auditors, in one file that needs nothing else.
//!
//! Scores of each framework, what to fix first with reasons, every flaw with its controls, what is
//! not known, and every other verdict. There is no script; sections fold by themselves.

use std::io;

use askama::Template;
use trailwarden_model::escape;
use trailwarden_model::posture::{PostureRow, Verdict};

use super::{Assessment, words};
use crate::formats::Style;
use crate::formats::html::shell;
use crate::formats::text;

const CSS: &str = include_str!("../../../templates/posture.css");

#[derive(Template)]
#[template(path = "posture.html")]
struct Page<'a> {
    css: &'a str,
    policy: String,
    version: &'a str,
    headline: String,
    others: Vec<String>,
    history: Option<String>,
    accounts: Vec<Account>,
    first: Vec<First>,
    flaws: Vec<Flaw>,
    unknown: Vec<(String, String)>,
    accepted: Vec<Line>,
    manual: Vec<Line>,
    fixed: Vec<Line>,
    passed: Vec<Line>,
    notes: Vec<String>,
}

struct Account {
    name: String,
    taken: String,
    scores: Vec<ScoreLine>,
}

struct ScoreLine {
    name: String,
    percent: String,
    share: u64,
    told: String,
    failing: String,
}

struct First {
    title: String,
    severity: &'static str,
    reason: String,
    fix: String,
    resources: String,
}

struct Flaw {
    check: String,
    title: String,
    severity: &'static str,
    risk: String,
    fix: String,
    controls: String,
    rows: Vec<Line>,
}

struct Line {
    id: String,
    sentence: String,
    mark: String,
}

/// Writes the page.
pub(super) fn write(
    assessment: &Assessment,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    shell::write(&page(assessment, style), out)
}

fn page<'a>(assessment: &Assessment, style: &Style) -> Page<'a> {
    let lines = |verdict: Verdict| {
        let of = move |row: &&PostureRow| row.verdict == verdict && row.history.is_none();
        assessment.findings.iter().filter(of).map(line).collect()
    };
    let accepted = |row: &&PostureRow| row.exception.is_some();
    let fixed = |row: &&PostureRow| {
        row.finding.status == trailwarden_model::finding::Status::Resolved && row.history.is_some()
    };
    let left_out = words::left_out(assessment).into_iter().map(|text| format!("{text}."));
    let expired = assessment
        .summary
        .exceptions_expired
        .iter()
        .map(|one| format!("An exception has ended: {one}."));
    let idle = assessment
        .summary
        .exceptions_idle
        .iter()
        .map(|one| format!("An exception covers nothing: {one}."));
    Page {
        css: CSS,
        policy: shell::policy(CSS, None),
        version: env!("CARGO_PKG_VERSION"),
        headline: words::headline(assessment),
        others: words::others(assessment),
        history: words::history(assessment),
        accounts: assessment.accounts.iter().map(|one| account(one, style)).collect(),
        first: assessment.first.iter().map(first).collect(),
        flaws: words::by_check(assessment).iter().filter_map(|group| flaw(group)).collect(),
        unknown: words::unknown(assessment)
            .into_iter()
            .map(|(reason, checks)| (seen(&reason), checks.join(", ")))
            .collect(),
        accepted: assessment.findings.iter().filter(accepted).map(line).collect(),
        manual: lines(Verdict::Manual),
        fixed: assessment.findings.iter().filter(fixed).map(line).collect(),
        passed: lines(Verdict::Pass),
        notes: left_out.chain(expired).chain(idle).map(|note| seen(&note)).collect(),
    }
}

fn account(one: &super::Account, style: &Style) -> Account {
    let scores = one.scores.iter().map(|score| ScoreLine {
        name: format!("{} {}", score.name, score.version),
        percent: score.percent.map_or("-".to_owned(), |percent| format!("{percent} %")),
        share: score.percent.unwrap_or_default(),
        told: words::score(score),
        failing: score.failing.join(", "),
    });
    Account {
        name: seen(&one.account),
        taken: text::time(one.taken, style),
        scores: scores.collect(),
    }
}

fn first(one: &trailwarden_posture::scores::Priority) -> First {
    First {
        title: seen(&words::titles(one)),
        severity: one.severity.as_str(),
        reason: seen(&one.reason),
        fix: seen(&one.fix),
        resources: seen(&one.resources.join(", ")),
    }
}

fn flaw(group: &[&PostureRow]) -> Option<Flaw> {
    let row = group.first()?;
    Some(Flaw {
        check: row.check.clone(),
        title: seen(&row.finding.title),
        severity: row.finding.severity.as_str(),
        risk: seen(&row.finding.risk),
        fix: seen(&row.fix),
        controls: words::controls(row),
        rows: group.iter().map(|row| line(row)).collect(),
    })
}

fn line(row: &PostureRow) -> Line {
    let history = row.history.map(|one| one.as_str().to_owned());
    Line {
        id: row.finding.id.clone(),
        sentence: seen(&row.sentence),
        mark: row.exception.as_deref().map(seen).or(history).unwrap_or_default(),
    }
}

fn seen(text: &str) -> String {
    escape::visible(text).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_style_sheet_cannot_close_itself() {
        crate::formats::html::shell::assert_harmless(super::CSS);
    }
}
