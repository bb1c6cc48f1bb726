//! HTML: the report in one file that needs nothing else.
//!
//! # Invariants
//! - The page asks the network for nothing, and its policy forbids it: only the one style sheet and
//!   the one script that it carries may run, each named by its hash. Text that got past the escaping
//!   could not run either.
//! - There is no data in the script: it filters the elements that are there. Without a script the
//!   page shows everything.
//! - Text passes through `escape::visible` on its way into the view, and askama escapes it for
//!   HTML on the way out.

mod changes;
mod drawing;
mod effect;
mod headline;
mod prose;
pub(super) mod shell;
pub(super) mod svg;
mod timeline;
mod view;

use std::collections::BTreeSet;
use std::io;

use askama::Template;
use trailwarden_model::{Report, Summary, report};

use self::changes::ChangesView;
use self::headline::Headline;
use self::shell::Rejects;
use self::svg::scene::Mark;
use self::timeline::Timeline;
use self::view::{AboutView, FindingView, Off, Tile};
use super::changes::{Change, Changes};
use super::{Style, text};

const CSS: &str = include_str!("../../templates/report.css");
/// One script for both parts of the page, each of which looks after itself.
const SCRIPT: &str =
    concat!(include_str!("../../templates/report.js"), include_str!("../../templates/changes.js"));

/// The page. Every `String` in it is plain text, which askama escapes, but for what is said of events: HTML of ours.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    css: &'a str,
    script: &'a str,
    policy: String,
    version: &'a str,
    headline: Headline,
    tiles: Vec<Tile>,
    timeline: Option<Timeline>,
    kinds: Vec<String>,
    statuses: Vec<String>,
    accounts: Vec<String>,
    rules: Vec<String>,
    findings: Vec<FindingView>,
    about: Vec<AboutView>,
    rejects: Option<Rejects>,
    off: Vec<Off>,
    changes: Option<ChangesView>,
}

/// Writes the page of a scan.
pub(super) fn write(
    report: &Report,
    changes: Option<&[Change]>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let here = report.findings.iter().map(|finding| finding.id.as_str()).collect();
    let changes = changes.map(|changes| ChangesView::of(changes, &here, style));
    let headline = Headline::of(report, style);
    shell::write(&page(report, headline, changes, style), out)
}

/// Writes a page of changes alone.
pub(super) fn write_changes(
    changes: &Changes,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let headline = Headline::of_changes(changes, style);
    let table = ChangesView::of(&changes.changes, &BTreeSet::new(), style);
    let table = (!changes.changes.is_empty()).then_some(table);
    let report = Report {
        schema: report::SCHEMA.to_owned(),
        findings: Vec::new(),
        rejects: changes.rejects.clone(),
        summary: Summary { off: Vec::new(), ..changes.summary.clone() },
    };
    shell::write(&page(&report, headline, table, style), out)
}

fn page(
    report: &Report,
    headline: Headline,
    changes: Option<ChangesView>,
    style: &Style,
) -> Page<'static> {
    let ordered = text::ordered(report).into_iter();
    let findings: Vec<FindingView> =
        ordered.map(|finding| FindingView::of(finding, style)).collect();
    Page {
        css: CSS,
        script: SCRIPT,
        policy: shell::policy(CSS, Some(SCRIPT)),
        version: env!("CARGO_PKG_VERSION"),
        headline,
        tiles: view::tiles(&report.findings),
        timeline: Timeline::of(&report.findings, style),
        kinds: view::choices(&findings, |finding| &finding.kind),
        statuses: view::choices(&findings, |finding| &finding.stands),
        accounts: view::choices(&findings, |finding| &finding.account),
        rules: view::choices(&findings, |finding| &finding.rule),
        findings,
        about: view::about(&report.findings),
        rejects: Rejects::of(&report.rejects, text::rejects_total(report)),
        off: view::off(&report.summary),
        changes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_cannot_end_their_element() {
        shell::assert_harmless(CSS);
        shell::assert_harmless(SCRIPT);
    }
}
