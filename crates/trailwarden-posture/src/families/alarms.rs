//! The alarms that frameworks ask for, in one table.

use crate::alarms::{Alarm, NEEDS};
use crate::prelude::*;

/// Where an example's alarm stands, and whom it tells.
macro_rules! answered {
    ($pattern:expr) => {
        concat!(
            "trail main\n",
            r#"logs:DescribeMetricFilters @us-east-1 {"metricFilters":[{"filterName":"f","logGroupName":"trail","filterPattern":""#,
            $pattern,
            r#"","metricTransformations":[{"metricName":"m","metricNamespace":"n"}]}]}"#,
            "\n",
            r#"cloudwatch:DescribeAlarmsForMetric MetricName=m {"MetricAlarms":[{"AlarmName":"a","MetricName":"m","Namespace":"n","ActionsEnabled":true,"AlarmActions":["arn:aws:sns:us-east-1:111122223333:t"]}]}"#,
            "\n",
            r#"sns:ListSubscriptionsByTopic TopicArn=arn:aws:sns:us-east-1:111122223333:t {"Subscriptions":[{"SubscriptionArn":"arn:aws:sns:us-east-1:111122223333:t:1"}]}"#,
        )
    };
}

/// A row.
macro_rules! alarm {
    ($id:literal, $title:literal, $alarm:expr, $pattern:expr, $controls:expr) => {
        Check {
            id: $id,
            title: $title,
            area: Area::Alarms,
            severity: Severity::Low,
            confidence: Confidence::High,
            risk: "What nobody is told of goes on until somebody happens to look.",
            fix: "Put a metric filter on the trail's log group, an alarm on its metric, and a subscriber on the alarm's topic; or run trailwarden's own detections on the trail.",
            needs: NEEDS,
            controls: $controls,
            remedies: &["create-metric-filter-alarm"],
            fails_on: &[
                answered!(r#"{ $.eventName = Nothing }"#),
                concat!(
                    "trail main CloudWatchLogsLogGroupArn=null\nlogs:DescribeMetricFilters @us-east-1 {\"metricFilters\":[]}\n",
                    "cloudwatch:DescribeAlarmsForMetric MetricName=m {\"MetricAlarms\":[]}\nsns:ListSubscriptionsByTopic TopicArn=t {}"
                ),
            ],
            passes_on: &[answered!($pattern)],
            logic: Logic::Alarm(&$alarm),
        }
    };
}

/// A row about events by their names: id, title, what, service, numbers, names.
macro_rules! on_events {
    ($id:literal, $title:literal, $what:literal, $source:literal, $controls:expr, $first:literal $(, $rest:literal)*) => {
        alarm!(
            $id,
            $title,
            Alarm { what: $what, source: $source, events: &[$first $(, $rest)*], others: &[] },
            concat!("{ ($.eventName = ", $first, ")", $(" || ($.eventName = ", $rest, ")",)* " }"),
            $controls
        )
    };
}

/// A row about records: id, title, what, records, a pattern that tells of them (as in JSON), numbers.
macro_rules! on_records {
    ($id:literal, $title:literal, $what:literal, $records:expr, $pattern:expr, $controls:expr) => {
        alarm!(
            $id,
            $title,
            Alarm { what: $what, source: "", events: &[], others: $records },
            $pattern,
            $controls
        )
    };
}

// After the macros, which it uses.
pub mod network;

/// Every row but those about networks.
pub static ALL: &[Check] = &[
    on_records!(
        "no-alarm-on-refused-calls",
        "No alarm tells of refused calls",
        "refused calls",
        &[
            r#"{"eventName":"RunInstances","errorCode":"Client.UnauthorizedOperation","sourceIPAddress":"192.0.2.1"}"#,
            r#"{"eventName":"ListUsers","errorCode":"AccessDenied","sourceIPAddress":"192.0.2.1"}"#,
        ],
        r#"{ ($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\") }"#,
        &[
            Control::Cis(["4.1", "4.1", "4.1", "5.1", "5.1"]),
            Control::SecurityHub("CloudWatch.2"),
            Control::Prowler("cloudwatch_log_metric_filter_unauthorized_api_calls")
        ]
    ),
    on_records!(
        "no-alarm-on-sign-in-without-mfa",
        "No alarm tells of console sign-in without a second factor",
        "console sign-in without a second factor",
        &[
            r#"{"eventName":"ConsoleLogin","userIdentity":{"type":"IAMUser"},"additionalEventData":{"MFAUsed":"No"},"responseElements":{"ConsoleLogin":"Success"}}"#,
        ],
        r#"{ ($.eventName = \"ConsoleLogin\") && ($.additionalEventData.MFAUsed != \"Yes\") }"#,
        &[
            Control::Cis(["4.2", "4.2", "4.2", "5.2", "5.2"]),
            Control::SecurityHub("CloudWatch.3"),
            Control::Prowler("cloudwatch_log_metric_filter_sign_in_without_mfa")
        ]
    ),
    on_records!(
        "no-alarm-on-root-use",
        "No alarm tells of what the root user does",
        "what the root user does",
        &[
            r#"{"eventName":"CreateAccessKey","eventType":"AwsApiCall","userIdentity":{"type":"Root"}}"#,
            r#"{"eventName":"ConsoleLogin","eventType":"AwsConsoleSignIn","userIdentity":{"type":"Root"}}"#,
        ],
        r#"{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"#,
        &[
            Control::Cis(["4.3", "4.3", "4.3", "5.3", "5.3"]),
            Control::SecurityHub("CloudWatch.1"),
            Control::Prowler("cloudwatch_log_metric_filter_root_usage")
        ]
    ),
    on_events!(
        "no-alarm-on-iam-policy-changes",
        "No alarm tells of changes to IAM policies",
        "changes to IAM policies",
        "iam.amazonaws.com",
        &[
            Control::Cis(["4.4", "4.4", "4.4", "5.4", "5.4"]),
            Control::SecurityHub("CloudWatch.4"),
            Control::Prowler("cloudwatch_log_metric_filter_policy_changes")
        ],
        "AttachGroupPolicy",
        "AttachRolePolicy",
        "AttachUserPolicy",
        "CreatePolicy",
        "CreatePolicyVersion",
        "DeleteGroupPolicy",
        "DeletePolicy",
        "DeletePolicyVersion",
        "DeleteRolePolicy",
        "DeleteUserPolicy",
        "DetachGroupPolicy",
        "DetachRolePolicy",
        "DetachUserPolicy",
        "PutGroupPolicy",
        "PutRolePolicy",
        "PutUserPolicy"
    ),
    on_events!(
        "no-alarm-on-trail-changes",
        "No alarm tells of changes to trails",
        "changes to trails",
        "cloudtrail.amazonaws.com",
        &[
            Control::Cis(["4.5", "4.5", "4.5", "5.5", "5.5"]),
            Control::SecurityHub("CloudWatch.5"),
            Control::Prowler(
                "cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled"
            )
        ],
        "CreateTrail",
        "DeleteTrail",
        "StartLogging",
        "StopLogging",
        "UpdateTrail"
    ),
    on_records!(
        "no-alarm-on-failed-sign-in",
        "No alarm tells of failed sign-in to the console",
        "failed sign-in to the console",
        &[
            r#"{"eventName":"ConsoleLogin","errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"}}"#,
        ],
        r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = \"Failed authentication\") }"#,
        &[
            Control::Cis(["4.6", "4.6", "4.6", "5.6", "5.6"]),
            Control::SecurityHub("CloudWatch.6"),
            Control::Prowler("cloudwatch_log_metric_filter_authentication_failures")
        ]
    ),
    on_events!(
        "no-alarm-on-key-deletion",
        "No alarm tells of KMS keys that are disabled or deleted",
        "KMS keys that are disabled or deleted",
        "kms.amazonaws.com",
        &[
            Control::Cis(["4.7", "4.7", "4.7", "5.7", "5.7"]),
            Control::SecurityHub("CloudWatch.7"),
            Control::Prowler(
                "cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk"
            )
        ],
        "DisableKey",
        "ScheduleKeyDeletion"
    ),
    on_events!(
        "no-alarm-on-bucket-policy-changes",
        "No alarm tells of changes to bucket policies",
        "changes to bucket policies",
        "s3.amazonaws.com",
        &[
            Control::Cis(["4.8", "4.8", "4.8", "5.8", "5.8"]),
            Control::SecurityHub("CloudWatch.8"),
            Control::Prowler("cloudwatch_log_metric_filter_for_s3_bucket_policy_changes")
        ],
        "DeleteBucketCors",
        "DeleteBucketLifecycle",
        "DeleteBucketPolicy",
        "DeleteBucketReplication",
        "PutBucketAcl",
        "PutBucketCors",
        "PutBucketLifecycle",
        "PutBucketPolicy",
        "PutBucketReplication"
    ),
    on_events!(
        "no-alarm-on-config-changes",
        "No alarm tells of changes to AWS Config",
        "changes to AWS Config",
        "config.amazonaws.com",
        &[
            Control::Cis(["4.9", "4.9", "4.9", "5.9", "5.9"]),
            Control::SecurityHub("CloudWatch.9"),
            Control::Prowler(
                "cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled"
            )
        ],
        "DeleteDeliveryChannel",
        "PutConfigurationRecorder",
        "PutDeliveryChannel",
        "StopConfigurationRecorder"
    ),
    on_events!(
        "no-alarm-on-organization-changes",
        "No alarm tells of changes to the organization",
        "changes to the organization",
        "organizations.amazonaws.com",
        &[
            Control::Cis(["4.15", "4.15", "4.15", "5.15", "5.15"]),
            Control::Prowler("cloudwatch_log_metric_filter_aws_organizations_changes")
        ],
        "AcceptHandshake",
        "AttachPolicy",
        "CreateAccount",
        "CreateOrganizationalUnit",
        "CreatePolicy",
        "DeclineHandshake",
        "DeleteOrganization",
        "DeleteOrganizationalUnit",
        "DeletePolicy",
        "DetachPolicy",
        "DisablePolicyType",
        "EnablePolicyType",
        "InviteAccountToOrganization",
        "LeaveOrganization",
        "MoveAccount",
        "RemoveAccountFromOrganization",
        "UpdateOrganizationalUnit",
        "UpdatePolicy"
    ),
];
