//! JUnit XML, for CI: a suite for each account, a case for each verdict.

use std::io;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};
use trailwarden_model::escape;
use trailwarden_model::posture::{PostureRow, Verdict};

use super::{Assessment, words};

/// Fails are failures, what is not known is an error, what a person must look at is skipped.
pub(super) fn write(assessment: &Assessment, out: &mut dyn io::Write) -> io::Result<()> {
    let mut junit = quick_junit::Report::new("trailwarden");
    for account in &assessment.accounts {
        let mut suite = TestSuite::new(format!("account {}", account.account));
        let of_account = |row: &&PostureRow| row.finding.account.as_ref() == Some(&account.account);
        suite.add_test_cases(assessment.findings.iter().filter(of_account).map(case));
        if suite.tests == 0 {
            suite.add_test_case(TestCase::new("no checks", TestCaseStatus::success()));
        }
        junit.add_test_suite(suite);
    }
    let xml = junit.to_string().map_err(io::Error::other)?;
    out.write_all(xml.as_bytes())
}

fn case(row: &PostureRow) -> TestCase {
    let sentence = escape::visible(&row.sentence).into_owned();
    let headline = format!("{}: {sentence}", row.finding.severity.as_str());
    let status = match row.verdict {
        Verdict::Fail if row.exception.is_none() => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(headline);
            status.set_type(row.finding.severity.as_str());
            status.set_description(escape::visible(&format!("{}\n{}", row.finding.risk, row.fix)));
            status
        }
        Verdict::Unknown => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(sentence);
            status.set_type("unknown");
            status
        }
        Verdict::Fail | Verdict::Manual => {
            let mut status = TestCaseStatus::skipped();
            let why = row.exception.as_deref().unwrap_or("for a person to look at");
            status.set_message(escape::visible(&format!("{why}: {headline}")));
            status
        }
        Verdict::Pass | Verdict::NotApplicable => TestCaseStatus::success(),
    };
    let name = format!("{} [{}]", escape::visible(&row.resource), row.finding.id);
    let mut case = TestCase::new(name, status);
    case.set_classname(row.check.as_str());
    case.add_property(Property::new("id", row.finding.id.as_str()));
    case.add_property(Property::new("verdict", row.verdict.as_str()));
    case.add_property(Property::new("severity", row.finding.severity.as_str()));
    case.add_property(Property::new("controls", words::controls(row)));
    case
}
