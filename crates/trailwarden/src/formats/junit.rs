//! JUnit XML, for CI: a suite per kind of rule, a failure per finding, an error per reject.
//!
//! XML 1.0 has no way to write most control characters, escaped or not, so they are spelled out
//! before they get there.

use std::io;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};
use trailwarden_model::finding::{Kind, Status};
use trailwarden_model::{Finding, Reject, Report, escape};

use super::effect::{self, Bounds};
use super::{Style, text};

const KINDS: [Kind; 6] =
    [Kind::Detection, Kind::Sigma, Kind::Posture, Kind::Lint, Kind::Verify, Kind::Health];

/// Writes the suites that have something to say; a clean run is one passed case, because CI takes
/// a file without cases for a run that did not happen.
pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut junit = quick_junit::Report::new("trailwarden");
    for kind in KINDS {
        let mut suite = TestSuite::new(kind.as_str());
        for finding in report.findings.iter().filter(|finding| finding.kind == kind) {
            suite.add_test_case(case(finding));
        }
        if suite.tests > 0 {
            junit.add_test_suite(suite);
        }
    }
    if !report.rejects.is_empty() {
        let mut suite = TestSuite::new("rejects");
        suite.add_test_cases(report.rejects.iter().map(reject));
        junit.add_test_suite(suite);
    }
    if junit.tests == 0 {
        let mut suite = TestSuite::new("detection");
        suite.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        junit.add_test_suite(suite);
    }
    // Rendered first, because the two have different errors; nothing here makes the first occur.
    let xml = junit.to_string().map_err(io::Error::other)?;
    out.write_all(xml.as_bytes())
}

fn case(finding: &Finding) -> TestCase {
    let title = escape::visible(&finding.title);
    let headline = format!("{}: {title}", finding.severity.as_str());
    let status = if finding.status == Status::Open {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(headline);
        status.set_type(finding.severity.as_str());
        status.set_description(details(finding));
        status
    } else {
        // Somebody has decided, so CI shall not stop; it is listed all the same.
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("{}: {headline}", finding.status.as_str()));
        status
    };
    let mut case = TestCase::new(format!("{title} [{}]", finding.id), status);
    case.set_classname(escape::visible(&finding.rule).as_ref());
    case.add_property(Property::new("id", finding.id.as_str()));
    case.add_property(Property::new("severity", finding.severity.as_str()));
    case.add_property(Property::new("confidence", finding.confidence.as_str()));
    case
}

fn details(finding: &Finding) -> String {
    let style = Style::default();
    let mut lines = vec![
        escape::visible(&finding.explanation).into_owned(),
        escape::visible(&finding.risk).into_owned(),
        String::new(),
    ];
    lines.extend(text::actor(finding).map(|actor| format!("who: {actor}")));
    lines.extend(text::target(finding).map(|target| format!("to what: {target}")));
    let effect = finding.effect.iter().flat_map(|effect| effect::lines(effect, Bounds::LONG));
    lines
        .extend(effect.map(|line| format!("{}: {}", effect::title(finding.outcome), line.plain())));
    lines.extend(finding.outcome.map(|outcome| format!("outcome: {}", outcome.as_str())));
    lines.push(format!("where: {}", text::place(finding)));
    let period = text::period(finding.first_time, finding.last_time, &style);
    lines.push(format!("when: {period}"));
    lines.push(format!("evidence: {}", text::counted(finding.evidence_total, "record")));
    for record in &finding.evidence {
        lines.push(format!(
            "  {} {} {} ({}, record {})",
            record.event_time,
            escape::visible(&record.event_name),
            escape::visible(&record.event_id),
            escape::visible(&record.file),
            record.record
        ));
    }
    lines.join("\n")
}

fn reject(reject: &Reject) -> TestCase {
    let cause = escape::visible(&reject.cause);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(cause.as_ref());
    status.set_type("unreadable");
    let mut case = TestCase::new(text::reject_place(reject), status);
    case.set_classname("rejects");
    case
}
