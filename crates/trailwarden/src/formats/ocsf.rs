//! OCSF 1.8.0 Detection Findings: a JSON array for a SIEM or a security lake.
//!
//! # Invariants
//! - Times are milliseconds, as the schema's `timestamp_t` asks, and all of them are event time.
//! - An attribute whose value is not known is left out; nothing is filled with a guess.
//! - What OCSF has no attribute for stands under `unmapped`, so nothing of a finding is lost.
//!
//! The `security_control` profile is declared because it carries confidence, action and risk.

use std::io;
use std::net::IpAddr;

use serde_json::{Map, Value, json};
use trailwarden_model::finding::{Evidence, Party, Status};
use trailwarden_model::{Confidence, Finding, Outcome, Report, Severity, Timestamp};

use super::json::write_array;

const VERSION: &str = "1.8.0";
const CLASS_UID: u32 = 2004;

/// One Detection Finding per finding.
pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    write_array(report.findings.iter().map(detection_finding), out)
}

fn detection_finding(finding: &Finding) -> Value {
    let (activity_id, activity_name) = match finding.status {
        Status::Resolved => (3, "Close"),
        _ => (1, "Create"),
    };
    let (severity_id, severity) = severity(finding.severity);
    let (confidence_id, confidence) = confidence(finding.confidence);
    let (status_id, status) = status(finding.status);
    let (action_id, action) = action(finding.outcome);
    object([
        ("activity_id", Some(json!(activity_id))),
        ("activity_name", Some(json!(activity_name))),
        ("category_uid", Some(json!(2))),
        ("category_name", Some(json!("Findings"))),
        ("class_uid", Some(json!(CLASS_UID))),
        ("class_name", Some(json!("Detection Finding"))),
        ("type_uid", Some(json!(CLASS_UID * 100 + activity_id))),
        ("type_name", Some(json!(format!("Detection Finding: {activity_name}")))),
        ("time", Some(milliseconds(finding.last_time))),
        ("start_time", Some(milliseconds(finding.first_time))),
        ("end_time", Some(milliseconds(finding.last_time))),
        ("count", Some(json!(finding.evidence_total))),
        ("severity_id", Some(json!(severity_id))),
        ("severity", Some(json!(severity))),
        ("confidence_id", Some(json!(confidence_id))),
        ("confidence", Some(json!(confidence))),
        ("status_id", Some(json!(status_id))),
        ("status", Some(json!(status))),
        ("action_id", Some(json!(action_id))),
        ("action", Some(json!(action))),
        ("is_alert", Some(json!(is_alert(finding)))),
        ("message", Some(json!(finding.explanation))),
        ("risk_details", Some(json!(finding.risk))),
        ("metadata", Some(metadata(finding))),
        ("finding_info", Some(finding_info(finding))),
        ("cloud", Some(cloud(finding))),
        ("resources", resource(&finding.target).map(|target| json!([target]))),
        ("evidences", Some(evidences(finding)).filter(|list| list != &json!([]))),
        ("observables", observables(finding)),
        ("remediation", remediation(finding)),
        ("unmapped", Some(unmapped(finding))),
    ])
}

fn metadata(finding: &Finding) -> Value {
    json!({
        "version": VERSION,
        "profiles": ["cloud", "security_control"],
        "product": {
            "name": "trailwarden",
            "vendor_name": "trailwarden",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "event_code": finding.rule,
        "log_name": "AWS CloudTrail",
    })
}

fn finding_info(finding: &Finding) -> Value {
    let attacks: Vec<Value> = finding
        .attack
        .iter()
        .map(|attack| {
            let (technique, sub) = match attack.technique.split_once('.') {
                Some((parent, _)) => (parent, Some(json!({ "uid": attack.technique }))),
                None => (attack.technique.as_str(), None),
            };
            let tactic = Some(&attack.tactic).filter(|name| *name != "Unknown");
            object([
                ("tactic", tactic.map(|name| json!({ "name": name }))),
                ("technique", Some(json!({ "uid": technique }))),
                ("sub_technique", sub),
                ("version", Some(json!(attack.version))),
            ])
        })
        .collect();
    object([
        ("uid", Some(json!(finding.id))),
        ("title", Some(json!(finding.title))),
        ("desc", Some(json!(finding.explanation))),
        // There is no clock here: a finding exists from its last evidence on.
        ("created_time", Some(milliseconds(finding.last_time))),
        ("first_seen_time", Some(milliseconds(finding.first_time))),
        ("last_seen_time", Some(milliseconds(finding.last_time))),
        ("types", Some(json!([finding.kind.as_str()]))),
        ("data_sources", Some(json!(["AWS CloudTrail"]))),
        ("related_events_count", Some(json!(finding.evidence_total))),
        ("analytic", Some(json!({ "uid": finding.rule, "type_id": 1, "type": "Rule" }))),
        ("attacks", Some(json!(attacks)).filter(|_| !attacks.is_empty())),
    ])
}

fn cloud(finding: &Finding) -> Value {
    let arn = finding.target.arn.as_deref().or(finding.actor.arn.as_deref());
    let partition = arn.and_then(|arn| arn.strip_prefix("arn:")?.split(':').next());
    object([
        ("provider", Some(json!("AWS"))),
        ("account", finding.account.as_deref().map(account)),
        ("region", finding.region.as_ref().map(|region| json!(region))),
        ("cloud_partition", partition.map(|partition| json!(partition))),
    ])
}

fn account(uid: &str) -> Value {
    json!({ "uid": uid, "type": "AWS Account", "type_id": 10 })
}

/// The target as a resource; none when neither name nor id is known.
fn resource(target: &Party) -> Option<Value> {
    let uid = target.arn.as_ref().or(target.id.as_ref()).or(target.access_key.as_ref());
    if uid.is_none() && target.name.is_none() {
        return None;
    }
    Some(object([
        ("uid", uid.map(|uid| json!(uid))),
        ("uid_alt", target.id.as_ref().filter(|id| Some(*id) != uid).map(|id| json!(id))),
        ("name", target.name.as_ref().map(|name| json!(name))),
        ("type", target.kind.as_ref().map(|kind| json!(kind))),
        ("role", Some(json!("Target"))),
        ("role_id", Some(json!(1))),
        ("owner", target.account.as_deref().map(|id| json!({ "uid": id, "account": account(id) }))),
    ]))
}

fn evidences(finding: &Finding) -> Value {
    let actor = actor(&finding.actor);
    let endpoint = finding.actor.address.as_deref().map(endpoint);
    let evidence = |record: &Evidence| {
        object([
            ("uid", Some(json!(record.event_id))),
            ("name", Some(json!(record.event_name))),
            (
                "api",
                Some(json!({
                    "operation": record.event_name,
                    "service": { "name": record.event_source },
                })),
            ),
            ("actor", actor.clone()),
            ("src_endpoint", endpoint.clone()),
            (
                "data",
                Some(json!({
                    "event_id": record.event_id,
                    "event_time": record.event_time,
                    "account": record.account,
                    "file": record.file,
                    "record": record.record,
                })),
            ),
        ])
    };
    finding.evidence.iter().map(evidence).collect()
}

/// None when nothing identifies the actor: OCSF wants a name or an id.
fn actor(party: &Party) -> Option<Value> {
    let uid = party.arn.as_ref().or(party.id.as_ref()).or(party.access_key.as_ref());
    let identified = uid.is_some() || party.name.is_some();
    let user = identified.then(|| {
        object([
            ("uid", uid.map(|uid| json!(uid))),
            ("uid_alt", party.id.as_ref().filter(|id| Some(*id) != uid).map(|id| json!(id))),
            ("name", party.name.as_ref().map(|name| json!(name))),
            ("type", party.kind.as_ref().map(|kind| json!(kind))),
            ("credential_uid", party.access_key.as_ref().map(|key| json!(key))),
            ("account", party.account.as_deref().map(account)),
        ])
    });
    let session = party.session.as_ref().map(|session| json!({ "uid": session }));
    if user.is_none() && session.is_none() {
        return None;
    }
    Some(object([("user", user), ("session", session)]))
}

/// A record's source is an address or the name of an AWS service.
fn endpoint(address: &str) -> Value {
    match address.parse::<IpAddr>() {
        Ok(_) => json!({ "name": address, "ip": address }),
        Err(_) => json!({ "name": address, "svc_name": address }),
    }
}

fn observables(finding: &Finding) -> Option<Value> {
    let address = finding.actor.address.as_ref()?;
    address.parse::<IpAddr>().ok()?;
    if finding.evidence.is_empty() {
        return None;
    }
    Some(json!([{
        "name": "evidences[0].src_endpoint.ip",
        "type": "IP Address",
        "type_id": 2,
        "value": address,
    }]))
}

fn remediation(finding: &Finding) -> Option<Value> {
    if finding.remediation.is_empty() {
        return None;
    }
    let desc = format!("Remediations that fit: {}.", finding.remediation.join(", "));
    Some(json!({ "desc": desc }))
}

fn unmapped(finding: &Finding) -> Value {
    json!({
        "schema": finding.schema,
        "outcome": finding.outcome,
        "authorized": finding.authorized,
        "supersedes": finding.supersedes,
        "effect": finding.effect,
        "false_positives": finding.false_positives,
    })
}

pub(super) fn severity(severity: Severity) -> (u32, &'static str) {
    match severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

pub(super) fn confidence(confidence: Confidence) -> (u32, &'static str) {
    match confidence {
        Confidence::Low => (1, "Low"),
        Confidence::Medium => (2, "Medium"),
        Confidence::High => (3, "High"),
    }
}

/// An authorized change was looked at (by a policy) and set aside, which OCSF calls suppressed.
fn status(status: Status) -> (u32, &'static str) {
    match status {
        Status::Open => (1, "New"),
        Status::Authorized | Status::Suppressed => (3, "Suppressed"),
        Status::Resolved => (4, "Resolved"),
        Status::Revised => (5, "Archived"),
    }
}

/// What AWS did with the calls. A call that failed for another reason was neither.
fn action(outcome: Option<Outcome>) -> (u32, &'static str) {
    match outcome {
        Some(Outcome::Succeeded) => (1, "Allowed"),
        Some(Outcome::Denied) => (2, "Denied"),
        Some(Outcome::Failed) => (99, "Failed"),
        None => (0, "Unknown"),
    }
}

/// Worth interrupting somebody, and nobody has decided about it yet.
fn is_alert(finding: &Finding) -> bool {
    finding.status == Status::Open && finding.severity >= Severity::High
}

pub(super) fn milliseconds(time: Timestamp) -> Value {
    json!(time.seconds().saturating_mul(1_000))
}

/// An object of the parts that are known.
fn object<const N: usize>(parts: [(&str, Option<Value>); N]) -> Value {
    let known = parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(known.collect::<Map<_, _>>())
}
