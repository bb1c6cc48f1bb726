//! SARIF: the fails, as findings.

use std::io;

use trailwarden_model::posture::Verdict;
use trailwarden_model::{Report, Summary, report};

use super::Assessment;
use crate::formats::sarif;

/// Writes one run. What passed is no result, and what is not known stands in the other formats.
pub(super) fn write(assessment: &Assessment, out: &mut dyn io::Write) -> io::Result<()> {
    let failed = assessment.findings.iter().filter(|row| row.verdict == Verdict::Fail);
    let report = Report {
        schema: report::SCHEMA.to_owned(),
        findings: failed.map(|row| row.finding.clone()).collect(),
        rejects: assessment.rejects.clone(),
        summary: Summary::default(),
    };
    sarif::write(&report, out)
}
