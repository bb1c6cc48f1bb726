//! SARIF 2.1.0, for code scanning.
//!
//! SARIF is about lines in files, so each result points at the log file and counts its records as
//! lines; the principal or resource that it is about is the logical location. Code scanning
//! refuses a whole upload when one result has no file, so a finding without evidence names a file
//! that says so.

mod log;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use trailwarden_model::finding::{Kind, Party, Status};
use trailwarden_model::{Finding, Outcome, Report, Severity, escape};

use self::log::{
    Artifact, Driver, Fingerprints, Invocation, Location, Log, Logical, Message, Notification,
    Physical, Region, ResultProperties, Rule, RuleProperties, Run, SarifResult, Suppression, Tool,
};
use super::authorized;
use super::effect::{Bounds, lines};
use super::json::write_pretty;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Left out while the package names none.
const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");
const NO_FILE: &str = "no-evidence";
const LOCATIONS_MAX: usize = 10;

/// Writes one run.
pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let (rules, places) = rules(report);
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "trailwarden",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: HOMEPAGE,
                    rules,
                },
            },
            invocations: [invocation(report)],
            results: report.findings.iter().map(|finding| result(finding, &places)).collect(),
        }],
    };
    write_pretty(&log, out)?;
    out.write_all(b"\n")
}

/// The rules that have findings, in order of appearance, and where each stands in that list.
fn rules(report: &Report) -> (Vec<Rule<'_>>, HashMap<&str, usize>) {
    let mut rules: Vec<Rule<'_>> = Vec::new();
    let mut worst: Vec<Severity> = Vec::new();
    let mut places = HashMap::new();
    for finding in &report.findings {
        let place = *places.entry(finding.rule.as_str()).or_insert(rules.len());
        if place == rules.len() {
            rules.push(rule(finding));
            worst.push(finding.severity);
        }
        if let Some(known) = worst.get_mut(place) {
            *known = (*known).max(finding.severity);
        }
    }
    for (rule, severity) in rules.iter_mut().zip(worst) {
        rule.properties.security_severity = score(severity);
    }
    (rules, places)
}

fn rule(finding: &Finding) -> Rule<'_> {
    let mut help = escape::visible(&finding.risk).into_owned();
    for cause in &finding.false_positives {
        help.push_str(&format!("\n\nMay be harmless: {}", escape::visible(cause)));
    }
    if finding.kind != Kind::Sigma {
        help.push_str(&format!(
            "\n\nLearn more: trailwarden explain {}",
            escape::visible(&finding.rule)
        ));
    }
    let mut tags: Vec<Cow<'_, str>> = vec!["security".into(), finding.kind.as_str().into()];
    for attack in &finding.attack {
        tags.push(format!("attack.{}", attack.technique.to_lowercase()).into());
        if attack.tactic != "Unknown" {
            let tactic = attack.tactic.to_lowercase().replace(' ', "-");
            tags.push(format!("attack.{tactic}").into());
        }
    }
    Rule {
        id: &finding.rule,
        short_description: message(&finding.title),
        full_description: message(&finding.risk),
        help: Message { text: plain(&help) },
        properties: RuleProperties { tags, security_severity: score(finding.severity) },
    }
}

fn result<'a>(finding: &'a Finding, places: &HashMap<&str, usize>) -> SarifResult<'a> {
    SarifResult {
        rule_id: &finding.rule,
        rule_index: places.get(finding.rule.as_str()).copied(),
        level: level(finding.severity),
        message: Message { text: plain(&told(finding)) },
        locations: locations(finding),
        partial_fingerprints: Fingerprints { id: &finding.id },
        suppressions: suppressions(finding),
        properties: ResultProperties {
            id: &finding.id,
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            outcome: finding.outcome.map(Outcome::as_str),
            account: finding.account.as_deref(),
            first_time: finding.first_time.to_string(),
            last_time: finding.last_time.to_string(),
            evidence_total: finding.evidence_total,
            authorized: authorized::authorization(finding),
            effect: finding.effect.as_ref(),
            event_ids: finding.evidence.iter().map(|record| record.event_id.as_str()).collect(),
        },
    }
}

/// The explanation, and below it what the change does to permissions.
fn told(finding: &Finding) -> String {
    let mut text = escape::visible(&finding.explanation).into_owned();
    for line in finding.effect.iter().flat_map(|effect| lines(effect, Bounds::BRIEF)) {
        text.push('\n');
        text.push_str(&line.plain());
    }
    text
}

fn locations(finding: &Finding) -> Vec<Location<'_>> {
    let logical: Vec<Logical<'_>> =
        [&finding.target, &finding.actor].into_iter().filter_map(logical).collect();
    let mut locations: Vec<Location<'_>> = finding
        .evidence
        .iter()
        .take(LOCATIONS_MAX)
        .map(|record| Location {
            physical_location: physical(&record.file, Some(record.record)),
            logical_locations: Vec::new(),
        })
        .collect();
    if locations.is_empty() {
        locations.push(Location {
            physical_location: physical(NO_FILE, Some(0)),
            logical_locations: Vec::new(),
        });
    }
    if let Some(first) = locations.first_mut() {
        first.logical_locations = logical;
    }
    locations
}

fn physical(file: &str, record: Option<u64>) -> Physical {
    Physical {
        artifact_location: Artifact { uri: uri(file) },
        // Records count from 0, lines from 1.
        region: record.map(|record| Region { start_line: record.saturating_add(1) }),
    }
}

/// The party as a logical location; none when nothing is known of it.
fn logical(party: &Party) -> Option<Logical<'_>> {
    if *party == Party::default() {
        return None;
    }
    Some(Logical {
        name: escape::visible(party.label()),
        fully_qualified_name: party.arn.as_deref().map(escape::visible),
        kind: party.kind.as_deref().map_or("resource".into(), escape::visible),
    })
}

/// A decision in trailwarden is a suppression in SARIF; code scanning then closes the result.
fn suppressions(finding: &Finding) -> Vec<Suppression> {
    let justification = match finding.status {
        Status::Open => return Vec::new(),
        status => authorized::authorization(finding).unwrap_or_else(|| status.as_str().to_owned()),
    };
    vec![Suppression { kind: "external", justification }]
}

fn invocation(report: &Report) -> Invocation {
    let rejects = report.rejects.iter().map(|reject| Notification {
        level: "warning",
        message: message(&reject.cause),
        locations: vec![Location {
            physical_location: physical(&reject.file, reject.record),
            logical_locations: Vec::new(),
        }],
    });
    let off = report.summary.off.iter().map(|off| Notification {
        level: "note",
        message: message(&format!("{} is off: {}", off.rule, off.reason)),
        locations: Vec::new(),
    });
    Invocation {
        execution_successful: !report.summary.interrupted,
        tool_execution_notifications: rejects.collect(),
        tool_configuration_notifications: off.collect(),
    }
}

/// Everything but letters, digits and the marks that mean nothing in a URI path.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A file name as a URI: `file:` for an absolute path, else relative.
pub(crate) fn uri(file: &str) -> String {
    let relative = file.strip_prefix("./").unwrap_or(file);
    let encoded = utf8_percent_encode(relative, ENCODED);
    if relative.starts_with('/') { format!("file://{encoded}") } else { encoded.to_string() }
}

fn message(text: &str) -> Message {
    Message { text: message_text(text) }
}

/// A stranger's text as a message.
pub(crate) fn message_text(text: &str) -> String {
    plain(&escape::visible(text))
}

/// SARIF viewers turn `[text](address)` into a link, even in plain text, unless it is escaped.
fn plain(text: &str) -> String {
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}

/// SARIF has three levels.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The middle of the range that code scanning shows under the same word.
pub(crate) fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_uris() {
        assert_eq!(uri("./logs/a b.json.gz"), "logs/a%20b.json.gz");
        assert_eq!(uri("logs.tar!x:y"), "logs.tar%21x%3Ay");
        assert_eq!(uri("/var/log/Zoë"), "file:///var/log/Zo%C3%AB");
        assert_eq!(uri("javascript:alert(1)"), "javascript%3Aalert%281%29");
        assert_eq!(uri("//evil.example/x"), "file:////evil.example/x");
    }

    #[test]
    fn plain_text_makes_no_links() {
        assert_eq!(
            plain("see [this](https://evil.example)"),
            "see \\[this\\](https://evil.example)"
        );
        assert_eq!(plain("roles [a, b]"), "roles [a, b]");
    }
}
