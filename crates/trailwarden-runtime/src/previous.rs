//! Findings of an earlier run: what is new, and what replaces what.

use std::collections::{BTreeSet, HashMap};
use std::io::BufRead;
use std::path::Path;

use trailwarden_model::{Finding, Severity};

/// The earlier findings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// The file could not be read.
    #[error("cannot read the previous findings `{path}`")]
    Read {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line is no finding.
    #[error(
        "line {line} of the previous findings `{path}` is no finding: {cause}; give the ndjson or json output of an earlier scan"
    )]
    Parse {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// Why.
        cause: String,
    },
}

/// Reads findings: the `ndjson` output of a scan, or its `json` report.
pub fn read(path: &Path) -> Result<Vec<Finding>, PreviousError> {
    let name = path.display().to_string();
    let fail = |source| PreviousError::Read { path: name.clone(), source };
    let file = std::fs::File::open(path).map_err(fail)?;
    let mut reader = std::io::BufReader::new(file);
    let text = {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut reader, &mut text).map_err(fail)?;
        text
    };
    if let Ok(report) = serde_json::from_str::<trailwarden_model::Report>(&text) {
        return Ok(report.findings);
    }
    let mut findings = Vec::new();
    for (index, line) in text.as_bytes().lines().enumerate() {
        let line = line.map_err(fail)?;
        if line.trim().is_empty() {
            continue;
        }
        findings.push(serde_json::from_str(&line).map_err(|error| PreviousError::Parse {
            path: name.clone(),
            line: index + 1,
            cause: error.to_string(),
        })?);
    }
    Ok(findings)
}

/// Keeps only what the earlier run did not know, and links what replaces what.
///
/// More evidence keeps a finding's id, so it is not new. An earlier, late record gives the finding a
/// new anchor and so a new id: it shares evidence with the old one, and supersedes it. A finding that
/// has become graver is shown again.
pub fn only_new(findings: Vec<Finding>, previous: &[Finding]) -> Vec<Finding> {
    let known: HashMap<&str, Severity> =
        previous.iter().map(|finding| (finding.id.as_str(), finding.severity)).collect();
    // What still stands is not replaced, whatever evidence it shares with something new.
    let standing: BTreeSet<String> = findings.iter().map(|finding| finding.id.clone()).collect();
    let mut by_evidence: HashMap<(&str, &str), &str> = HashMap::new();
    for finding in previous {
        for evidence in &finding.evidence {
            by_evidence.insert((&finding.rule, &evidence.event_id), &finding.id);
        }
    }
    let mut new: Vec<Finding> = findings;
    new.retain(|finding| {
        known.get(finding.id.as_str()).is_none_or(|severity| finding.severity > *severity)
    });
    for finding in &mut new {
        let replaced: BTreeSet<String> = finding
            .evidence
            .iter()
            .filter_map(|evidence| {
                by_evidence.get(&(finding.rule.as_str(), evidence.event_id.as_str()))
            })
            .map(|id| (*id).to_owned())
            .filter(|id| !standing.contains(id))
            .collect();
        finding.supersedes = replaced.into_iter().collect();
    }
    new
}
