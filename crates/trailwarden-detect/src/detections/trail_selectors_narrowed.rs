//! The selectors of a trail leave out what an intruder does.

use sonic_rs::{JsonContainerTrait, Value};
use trailwarden_record::json;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "trail-selectors-narrowed",
    title: "CloudTrail selectors narrowed",
    severity: Severity::High,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-DE-03"],
    select: Select {
        events: &["cloudtrail:PutEventSelectors", "cloudtrail:PutInsightSelectors"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.008"],
    risk: "The trail stays on and looks healthy, while changes to IAM no longer reach it.",
    false_positives: &[
        "A trail kept for data events beside another one for management events: check that the other one exists, then suppress it for that trail.",
        "Leaving out the events of KMS to save cost: known and common, hence only medium.",
    ],
    remedies: &["restore-trail"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory cloudtrail:PutEventSelectors {"request":{"trailName":"main","eventSelectors":[{"readWriteType":"All","includeManagementEvents":false}]}}"#,
        r#"mallory cloudtrail:PutEventSelectors {"request":{"trailName":"main","eventSelectors":[{"readWriteType":"ReadOnly","includeManagementEvents":true}]}}"#,
        r#"mallory cloudtrail:PutEventSelectors {"request":{"trailName":"main","eventSelectors":[{"readWriteType":"All","excludeManagementEventSources":["kms.amazonaws.com"]}]}}"#,
        r#"role/app/s cloudtrail:PutEventSelectors {"request":{"trailName":"main","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]},{"field":"eventSource","notEquals":["iam.amazonaws.com"]}]}]}}"#,
        r#"mallory cloudtrail:PutEventSelectors {"request":{"trailName":"main","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]}]}]}}"#,
        r#"mallory cloudtrail:PutInsightSelectors {"request":{"trailName":"main","insightSelectors":[]}}"#,
        "mallory cloudtrail:PutEventSelectors trail/main denied",
    ],
    quiet_on: &[
        r#"alice cloudtrail:PutEventSelectors {"request":{"trailName":"main","eventSelectors":[{"readWriteType":"All","includeManagementEvents":true,"dataResources":[{"type":"AWS::S3::Object","values":["arn:aws:s3"]}]}]}}"#,
        r#"alice cloudtrail:PutEventSelectors {"request":{"trailName":"main","advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Management"]}]},{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]},{"field":"resources.type","equals":["AWS::S3::Object"]}]}]}}"#,
        r#"alice cloudtrail:PutInsightSelectors {"request":{"trailName":"main","insightSelectors":[{"insightType":"ApiCallRateInsight"}]}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let narrowed = match event.name() {
        "PutInsightSelectors" => insights(event),
        _ if !list(event, "advancedEventSelectors").is_empty() => advanced(event),
        _ => plain(event),
    };
    let (what, severity) = narrowed?;
    let done = event.done_or("changed", "tried to change");
    let trail = event.target_name();
    let text = format!("{{actor}} {done} the selectors of the trail {trail}{{times}}: {what}.");
    Some(Match::on_target(event, text).attempted_if_not(event.outcome, severity))
}

type Narrowed = Option<(String, Severity)>;

fn unreadable() -> Narrowed {
    Some(("the record does not hold the new selectors".to_owned(), Severity::High))
}

fn list<'a>(event: &'a Event, name: &str) -> Vec<&'a Value> {
    let request = event.value(&format!("requestParameters.{name}"));
    let found = request.or_else(|| event.value(&format!("responseElements.{name}")));
    found.and_then(Value::as_array).map(|items| items.iter().collect()).unwrap_or_default()
}

fn insights(event: &Event) -> Narrowed {
    if event.value("requestParameters.insightSelectors").is_none() {
        return unreadable();
    }
    let off = list(event, "insightSelectors").is_empty();
    off.then(|| ("CloudTrail Insights is switched off".to_owned(), Severity::Medium))
}

/// Selectors add up: what one of them takes is logged.
fn plain(event: &Event) -> Narrowed {
    let selectors = list(event, "eventSelectors");
    if selectors.is_empty() {
        return unreadable();
    }
    let management: Vec<&&Value> = selectors
        .iter()
        .filter(|selector| json::flag(selector, "includeManagementEvents") != Some(false))
        .collect();
    if management.is_empty() {
        return Some(("it no longer logs management events".to_owned(), Severity::High));
    }
    let writes: Vec<&&&Value> = management
        .iter()
        .filter(|selector| json::text(selector, "readWriteType") != Some("ReadOnly"))
        .collect();
    if writes.is_empty() {
        return Some((
            "it logs calls that read, and no longer any change".to_owned(),
            Severity::High,
        ));
    }
    let mut left_out = json::texts(writes.first()?, "excludeManagementEventSources");
    for selector in &writes {
        let also = json::texts(selector, "excludeManagementEventSources");
        left_out.retain(|source| also.contains(source));
    }
    dropped(&left_out)
}

/// Sources whose absence hides an intruder, and those whose absence saves money.
fn dropped(sources: &[String]) -> Narrowed {
    if sources.is_empty() {
        return None;
    }
    let cheap = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];
    let only_cheap = sources.iter().all(|source| cheap.contains(&source.as_str()));
    let severity = if only_cheap { Severity::Medium } else { Severity::High };
    Some((format!("it no longer logs the events of {}", sources.join(", ")), severity))
}

fn advanced(event: &Event) -> Narrowed {
    let selectors = list(event, "advancedEventSelectors");
    let mut narrowest: Narrowed =
        Some(("it no longer logs management events".to_owned(), Severity::High));
    for selector in selectors {
        let Some(fields) = json::at(selector, "fieldSelectors").and_then(Value::as_array) else {
            return unreadable();
        };
        let is = |field: &&Value, name: &str| json::text(field, "field") == Some(name);
        let management = fields.iter().any(|field| {
            is(&field, "eventCategory")
                && json::texts(field, "equals").iter().any(|value| value == "Management")
        });
        if !management {
            continue;
        }
        let limits = fields.iter().filter(|field| !is(field, "eventCategory"));
        match limits.filter_map(limit).max_by_key(|(_, severity)| *severity) {
            // One selector without a limit takes everything.
            None => return None,
            limited => narrowest = limited,
        }
    }
    narrowest
}

/// What one field selector keeps out of the trail.
fn limit(field: &Value) -> Narrowed {
    let name = json::text(field, "field").unwrap_or("a field");
    let positive = json::texts(field, "equals");
    if name == "readOnly" {
        let reads_only = positive.iter().any(|value| value == "true");
        return reads_only.then(|| {
            ("it logs calls that read, and no longer any change".to_owned(), Severity::High)
        });
    }
    let left_out = json::texts(field, "notEquals");
    if name == "eventSource" && !left_out.is_empty() {
        return dropped(&left_out);
    }
    Some((
        format!("it no longer logs every management event, by a limit on {name}"),
        Severity::High,
    ))
}
