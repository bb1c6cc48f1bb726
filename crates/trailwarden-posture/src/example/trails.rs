//! Trails of an example: with all that AWS tells of one.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer, Outcome};

use super::lines::{Line, scalar, set};
use super::{ACCOUNT, answer, got};

/// A trail: its description, status and selectors.
pub(super) struct Trail {
    arn: String,
    description: Value,
    status: Value,
    selectors: Value,
}

impl Trail {
    pub(super) fn of(line: &Line<'_>) -> Self {
        let name = line.first();
        let arn = format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}");
        let group = format!("arn:aws:logs:us-east-1:{ACCOUNT}:log-group:trail:*");
        let mut trail = Self {
            description: json!({
                "Name": name, "S3BucketName": "logs", "IncludeGlobalServiceEvents": true,
                "IsMultiRegionTrail": true, "HomeRegion": "us-east-1", "TrailARN": arn,
                "LogFileValidationEnabled": true, "CloudWatchLogsLogGroupArn": group,
                "CloudWatchLogsRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/logs"),
                "KmsKeyId": format!("arn:aws:kms:us-east-1:{ACCOUNT}:key/k"),
                "HasCustomEventSelectors": false, "HasInsightSelectors": false,
                "IsOrganizationTrail": false,
            }),
            status: json!({
                "IsLogging": true, "LatestDeliveryTime": "2026-05-31T23:50:00Z",
                "LatestCloudWatchLogsDeliveryTime": "2026-05-31T23:50:00Z",
            }),
            selectors: json!({
                "TrailARN": arn,
                "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": true,
                    "DataResources": [], "ExcludeManagementEventSources": []}],
            }),
            arn,
        };
        for (name, value) in &line.settings {
            match name.strip_prefix("status.") {
                Some(member) => set(&mut trail.status, member, scalar(value)),
                None if *name == "selectors" => {
                    trail.selectors = serde_json::from_str(value).unwrap_or_default();
                }
                None => set(&mut trail.description, name, scalar(value)),
            }
        }
        trail
    }

    fn about(&self, call: &str, parameter: &str, body: &Value) -> Answer {
        let about = BTreeMap::from([(parameter.to_owned(), self.arn.clone())]);
        Answer { about, ..answer(call, Outcome::Got { body: body.clone() }) }
    }
}

/// What AWS answers about trails; nothing where a line speaks of none.
pub(super) fn answers(trails: &[Trail]) -> Vec<Answer> {
    if trails.is_empty() {
        return Vec::new();
    }
    let list: Vec<&Value> = trails.iter().map(|trail| &trail.description).collect();
    let named =
        trails.iter().map(|trail| json!({"TrailARN": trail.arn, "HomeRegion": "us-east-1"}));
    let mut answers = vec![
        got("cloudtrail:ListTrails", json!({"Trails": named.collect::<Vec<_>>()})),
        got("cloudtrail:DescribeTrails", json!({ "trailList": list })),
    ];
    for trail in trails {
        answers.push(trail.about("cloudtrail:GetTrailStatus", "Name", &trail.status));
        answers.push(trail.about("cloudtrail:GetEventSelectors", "TrailName", &trail.selectors));
    }
    answers
}
