//! Trail does not reach CloudWatch Logs.

use crate::prelude::*;
use crate::readers::own_trails as own;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-without-log-group",
    title: "Trail does not reach CloudWatch Logs",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Nothing can alarm on what happens: the bucket is read when it is too late.",
    fix: "Give the trail a log group, and its role the permission to write there; or scan its bucket with trailwarden.",
    needs: &[TRAILS, STATUS],
    controls: &[
        Control::SecurityHub("CloudTrail.5"),
        Control::Config("cloud-trail-cloud-watch-logs-enabled"),
        Control::Prowler("cloudtrail_cloudwatch_logging_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        "trail main CloudWatchLogsLogGroupArn=null",
        "trail main status.LatestCloudWatchLogsDeliveryTime=2026-05-01T00:00:00Z",
    ],
    passes_on: &["trail main"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for trail in own(state, verdicts)? {
        let resource = trail.resource();
        let name = trail.name;
        if trail.log_group().is_none() {
            verdicts.fail(&resource, format!("Trail {name} writes to no log group."));
            continue;
        }
        match trail.status() {
            Ok(status) => {
                match Timestamp::parse(text(status, "LatestCloudWatchLogsDeliveryTime")) {
                    Some(time) if state.days_since(time) < 1 => {
                        verdicts.pass(
                            &resource,
                            format!("Trail {name} wrote to its log group at {time}."),
                        );
                    }
                    Some(time) => {
                        verdicts.fail(
                            &resource,
                            format!("Trail {name} last wrote to its log group at {time}."),
                        );
                    }
                    None => verdicts
                        .fail(&resource, format!("Trail {name} never wrote to its log group.")),
                }
            }
            Err(missing) => verdicts.missing(&resource, &missing),
        }
    }
    Ok(())
}
