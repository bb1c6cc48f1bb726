//! OCSF 1.8.0 Compliance Findings: a JSON array for a SIEM or a security lake.
//!
//! # Invariants
//! - Times are milliseconds, as the schema's `timestamp_t` asks.
//! - A verdict that is not known is `Unknown` with a status of its own, never `Pass`.

use std::io;

use serde_json::{Map, Value, json};
use trailwarden_model::finding::Status;
use trailwarden_model::posture::{History, PostureRow, Verdict};

use super::Assessment;
use crate::formats::json::write_array;
use crate::formats::ocsf::{confidence, milliseconds, severity};

const VERSION: &str = "1.8.0";
const CLASS_UID: u32 = 2003;

/// One Compliance Finding for each verdict.
pub(super) fn write(assessment: &Assessment, out: &mut dyn io::Write) -> io::Result<()> {
    write_array(assessment.findings.iter().map(compliance_finding), out)
}

fn compliance_finding(row: &PostureRow) -> Value {
    let finding = &row.finding;
    let (activity_id, activity_name) = match row.history {
        Some(History::Fixed) => (3, "Close"),
        Some(History::Open) => (2, "Update"),
        _ => (1, "Create"),
    };
    let (severity_id, severity) = severity(finding.severity);
    let (confidence_id, confidence) = confidence(finding.confidence);
    let (status_id, status) = match finding.status {
        Status::Resolved => (4, "Resolved"),
        Status::Suppressed => (3, "Suppressed"),
        _ => (1, "New"),
    };
    object([
        ("activity_id", Some(json!(activity_id))),
        ("activity_name", Some(json!(activity_name))),
        ("category_uid", Some(json!(2))),
        ("category_name", Some(json!("Findings"))),
        ("class_uid", Some(json!(CLASS_UID))),
        ("class_name", Some(json!("Compliance Finding"))),
        ("type_uid", Some(json!(CLASS_UID * 100 + activity_id))),
        ("type_name", Some(json!(format!("Compliance Finding: {activity_name}")))),
        ("time", Some(milliseconds(finding.last_time))),
        ("severity_id", Some(json!(severity_id))),
        ("severity", Some(json!(severity))),
        ("confidence_id", Some(json!(confidence_id))),
        ("confidence", Some(json!(confidence))),
        ("status_id", Some(json!(status_id))),
        ("status", Some(json!(status))),
        ("message", Some(json!(row.sentence))),
        ("comment", row.exception.as_ref().map(|reason| json!(reason))),
        ("metadata", Some(metadata(row))),
        ("finding_info", Some(finding_info(row))),
        ("compliance", Some(compliance(row))),
        ("cloud", Some(cloud(row))),
        ("resources", Some(json!([resource(row)]))),
        ("remediation", Some(json!({ "desc": row.fix }))),
        (
            "unmapped",
            Some(json!({
                "schema": finding.schema,
                "verdict": row.verdict,
                "frameworks": row.frameworks,
                "remediation": finding.remediation,
                "history": row.history,
                "risk": finding.risk,
            })),
        ),
    ])
}

fn metadata(row: &PostureRow) -> Value {
    json!({
        "version": VERSION,
        // That of security controls carries the confidence.
        "profiles": ["cloud", "security_control"],
        "product": {
            "name": "trailwarden",
            "vendor_name": "trailwarden",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "event_code": row.check,
    })
}

fn finding_info(row: &PostureRow) -> Value {
    let finding = &row.finding;
    json!({
        "uid": finding.id,
        "title": finding.title,
        "desc": row.sentence,
        "created_time": milliseconds(finding.last_time),
        "types": [finding.kind.as_str()],
        "analytic": { "uid": finding.rule, "type_id": 1, "type": "Rule" },
    })
}

fn compliance(row: &PostureRow) -> Value {
    let (status_id, status) = match row.verdict {
        Verdict::Pass => (1, "Pass"),
        Verdict::Manual => (2, "Warning"),
        Verdict::Fail => (3, "Fail"),
        Verdict::Unknown => (0, "Unknown"),
        Verdict::NotApplicable => (99, "Not applicable"),
    };
    let mut standards: Vec<String> =
        row.frameworks.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
    standards.dedup();
    if standards.is_empty() {
        standards.push("trailwarden".to_owned());
    }
    let requirements: Vec<&str> = row.frameworks.iter().map(|one| one.control.as_str()).collect();
    object([
        ("control", Some(json!(row.check))),
        ("desc", Some(json!(row.finding.title))),
        ("standards", Some(json!(standards))),
        ("requirements", Some(json!(requirements)).filter(|_| !requirements.is_empty())),
        ("status_id", Some(json!(status_id))),
        ("status", Some(json!(status))),
        ("status_detail", Some(json!(row.sentence))),
    ])
}

fn cloud(row: &PostureRow) -> Value {
    let account = row.finding.account.as_deref();
    object([
        ("provider", Some(json!("AWS"))),
        ("account", account.map(|uid| json!({ "uid": uid, "type": "AWS Account", "type_id": 10 }))),
        ("region", row.finding.region.as_ref().map(|region| json!(region))),
    ])
}

fn resource(row: &PostureRow) -> Value {
    let target = &row.finding.target;
    object([
        ("uid", target.arn.as_ref().or(target.id.as_ref()).map(|uid| json!(uid))),
        ("name", Some(json!(row.resource))),
        ("type", target.kind.as_ref().map(|kind| json!(kind))),
        ("region", row.finding.region.as_ref().map(|region| json!(region))),
    ])
}

fn object<const N: usize>(parts: [(&str, Option<Value>); N]) -> Value {
    let known = parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(known.collect::<Map<_, _>>())
}
