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
mod prose;
mod timeline;
mod view;

use std::collections::BTreeSet;
use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use trailwarden_model::{Report, Summary, report};

use self::changes::ChangesView;
use self::timeline::Timeline;
use self::view::{FindingView, Headline, Off, RejectView, Tile};
use super::changes::{Change, Changes};
use super::{Style, text};

const CSS: &str = include_str!("../../templates/report.css");
/// One script for both parts of the page, each of which looks after itself.
const SCRIPT: &str =
    concat!(include_str!("../../templates/report.js"), include_str!("../../templates/changes.js"));
const REJECTS_SHOWN: usize = 200;

/// The page. Every `String` in it is plain text; askama escapes it.
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
    accounts: Vec<String>,
    rules: Vec<String>,
    findings: Vec<FindingView>,
    rejects: Vec<RejectView>,
    rejects_total: String,
    rejects_more: Option<String>,
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
    page(report, headline, changes, style).write_into(&mut Adapter(out))
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
    page(&report, headline, table, style).write_into(&mut Adapter(out))
}

fn page(
    report: &Report,
    headline: Headline,
    changes: Option<ChangesView>,
    style: &Style,
) -> Page<'static> {
    let findings: Vec<FindingView> =
        text::ordered(report).into_iter().map(|finding| FindingView::of(finding, style)).collect();
    let rejects_total = text::rejects_total(report);
    let rejects_shown = report.rejects.len().min(REJECTS_SHOWN) as u64;
    let rejects_more = rejects_total.saturating_sub(rejects_shown);
    Page {
        css: CSS,
        script: SCRIPT,
        policy: policy(),
        version: env!("CARGO_PKG_VERSION"),
        headline,
        tiles: view::tiles(&report.findings),
        timeline: Timeline::of(&report.findings, style),
        kinds: view::choices(&findings, |finding| &finding.kind),
        accounts: view::choices(&findings, |finding| &finding.account),
        rules: view::choices(&findings, |finding| &finding.rule),
        findings,
        rejects: report.rejects.iter().take(REJECTS_SHOWN).map(RejectView::of).collect(),
        rejects_total: text::count(rejects_total),
        rejects_more: (rejects_more > 0).then(|| text::count(rejects_more)),
        off: view::off(&report.summary),
        changes,
    }
}

/// The content security policy, with the hashes of what the page may use.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(CSS),
        hash(SCRIPT)
    )
}

/// askama wants a sized writer.
struct Adapter<'a>(&'a mut dyn io::Write);

impl io::Write for Adapter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash is of the text between the tags, so the assets must not be able to close theirs.
    #[test]
    fn assets_cannot_end_their_element() {
        for asset in [CSS, SCRIPT] {
            assert!(!asset.contains("</") && !asset.contains("<!--"));
        }
        assert!(!CSS.contains("url(") && !CSS.contains("@import"));
    }
}
