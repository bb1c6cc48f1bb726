//! Calls about trails.

use super::{
    At, Call, Filled, From, Held, Kind, Parameter, Shows, Takes, Terraform, Undo, takes, text,
};

const TRAIL: &str = "arn:{partition}:cloudtrail:{region}:{account}:trail/{Name}";

/// Arguments of a trail that is imported for some of them: what is not set is left as it is, where
/// Terraform would otherwise set its defaults, which record less.
const OF_TRAIL: &[&str] = &[
    "advanced_event_selector",
    "cloud_watch_logs_group_arn",
    "cloud_watch_logs_role_arn",
    "enable_log_file_validation",
    "enable_logging",
    "event_selector",
    "include_global_service_events",
    "insight_selector",
    "is_multi_region_trail",
    "is_organization_trail",
    "kms_key_id",
    "s3_key_prefix",
    "sns_topic_name",
    "tags",
    "tags_all",
];

const SETTINGS: &[(&str, &str)] = &[
    ("CloudWatchLogsLogGroupArn", "CloudWatchLogsLogGroupArn"),
    ("CloudWatchLogsRoleArn", "CloudWatchLogsRoleArn"),
    ("EnableLogFileValidation", "LogFileValidationEnabled"),
    ("IncludeGlobalServiceEvents", "IncludeGlobalServiceEvents"),
    ("IsMultiRegionTrail", "IsMultiRegionTrail"),
    ("KmsKeyId", "KmsKeyId"),
    ("S3BucketName", "S3BucketName"),
    ("S3KeyPrefix", "S3KeyPrefix"),
];

/// What may be set of a trail's delivery. An empty text takes it away ("UpdateTrail", AWS CLI Command
/// Reference).
const LOG_GROUP: Parameter = takes("CloudWatchLogsLogGroupArn", Kind::Text);
const LOG_ROLE: Parameter = takes("CloudWatchLogsRoleArn", Kind::Text);
const KMS_KEY: Parameter = takes("KmsKeyId", Kind::Text);
const PREFIX: Parameter = takes("S3KeyPrefix", Kind::Text);

const fn trail(path: &'static [At], held: Held) -> Shows {
    Shows::Asked { read: "GetTrail", with: &[("Name", "Name")], path, held }
}

const fn is_logging(is: bool) -> Shows {
    Shows::Asked {
        read: "GetTrailStatus",
        with: &[("Name", "Name")],
        path: &[At::Member("IsLogging")],
        held: Held::Flag(is),
    }
}

/// When a trail was last started and stopped, as text ("GetTrailStatus", CloudTrail API Reference).
const HISTORY: &[&str] = &["TimeLoggingStarted", "TimeLoggingStopped"];

const fn reverse(
    operation: &'static str,
    volatile: &'static [&'static str],
    reason: Option<&'static str>,
) -> Undo {
    Undo::By { operation, with: &[("Name", From::Parameter("Name"))], volatile, reason }
}

/// The rows.
pub(super) static ALL: &[Call] = &[
    Call {
        service: "cloudtrail",
        operation: "CreateTrail",
        parameters: &[
            text("Name"),
            text("S3BucketName"),
            takes("EnableLogFileValidation", Kind::Flag),
            takes("IncludeGlobalServiceEvents", Kind::Flag),
            takes("IsMultiRegionTrail", Kind::Flag),
            KMS_KEY,
            PREFIX,
        ],
        shows: trail(&[At::Member("Trail")], Held::Members(SETTINGS)),
        undo: reverse("DeleteTrail", &[], Some("the bucket and the logs in it stay")),
        takes: Takes::Nothing,
        permission: ("cloudtrail:CreateTrail", TRAIL),
        terraform: Terraform::Resource {
            kind: "aws_cloudtrail",
            arguments: &[
                ("name", Filled::Parameter("Name")),
                ("s3_bucket_name", Filled::Parameter("S3BucketName")),
                ("enable_log_file_validation", Filled::Parameter("EnableLogFileValidation")),
                ("include_global_service_events", Filled::Parameter("IncludeGlobalServiceEvents")),
                ("is_multi_region_trail", Filled::Parameter("IsMultiRegionTrail")),
                ("kms_key_id", Filled::Parameter("KmsKeyId")),
                ("s3_key_prefix", Filled::Parameter("S3KeyPrefix")),
            ],
            import: TRAIL,
            ignores: &[],
        },
        console: "CloudTrail > Trails > Create trail: the name {Name}, the existing bucket {S3BucketName}, and what stands below; then all management events. The console makes trails of all regions only, and starts them at once: the step that starts it is then done",
    },
    Call {
        service: "cloudtrail",
        operation: "DeleteTrail",
        parameters: &[text("Name")],
        shows: trail(&[At::Member("Trail")], Held::Absent),
        undo: Undo::Never("a trail that is made again begins anew; its settings are captured"),
        takes: Takes::Nothing,
        permission: ("cloudtrail:DeleteTrail", TRAIL),
        terraform: Terraform::Removed { kind: "aws_cloudtrail", import: TRAIL },
        console: "CloudTrail > Trails > {Name} > Delete",
    },
    Call {
        service: "cloudtrail",
        operation: "StartLogging",
        parameters: &[text("Name")],
        shows: is_logging(true),
        undo: reverse("StopLogging", HISTORY, None),
        takes: Takes::Nothing,
        permission: ("cloudtrail:StartLogging", TRAIL),
        terraform: Terraform::Resource {
            kind: "aws_cloudtrail",
            arguments: &[
                ("name", Filled::Parameter("Name")),
                ("s3_bucket_name", Filled::Known("S3BucketName")),
                ("enable_logging", Filled::Flag(true)),
            ],
            import: TRAIL,
            ignores: OF_TRAIL,
        },
        console: "CloudTrail > Trails > {Name} > Start logging",
    },
    Call {
        service: "cloudtrail",
        operation: "StopLogging",
        parameters: &[text("Name")],
        shows: is_logging(false),
        undo: reverse("StartLogging", HISTORY, None),
        takes: Takes::Nothing,
        permission: ("cloudtrail:StopLogging", TRAIL),
        terraform: Terraform::None("set `enable_logging = false` where the trail is managed"),
        console: "CloudTrail > Trails > {Name} > Stop logging",
    },
    Call {
        service: "cloudtrail",
        operation: "UpdateTrail",
        parameters: &[
            text("Name"),
            takes("EnableLogFileValidation", Kind::Flag),
            takes("IncludeGlobalServiceEvents", Kind::Flag),
            takes("IsMultiRegionTrail", Kind::Flag),
            takes("S3BucketName", Kind::Text),
            LOG_GROUP,
            LOG_ROLE,
            KMS_KEY,
            PREFIX,
        ],
        shows: trail(&[At::Member("Trail")], Held::Members(SETTINGS)),
        undo: Undo::Restore {
            parameters: &[
                "CloudWatchLogsLogGroupArn",
                "CloudWatchLogsRoleArn",
                "EnableLogFileValidation",
                "IncludeGlobalServiceEvents",
                "IsMultiRegionTrail",
                "KmsKeyId",
                "S3BucketName",
                "S3KeyPrefix",
            ],
            absent: None,
        },
        takes: Takes::Nothing,
        permission: ("cloudtrail:UpdateTrail", TRAIL),
        terraform: Terraform::Resource {
            kind: "aws_cloudtrail",
            arguments: &[
                ("name", Filled::Parameter("Name")),
                ("s3_bucket_name", Filled::Known("S3BucketName")),
                ("s3_bucket_name", Filled::Parameter("S3BucketName")),
                ("cloud_watch_logs_group_arn", Filled::Parameter("CloudWatchLogsLogGroupArn")),
                ("cloud_watch_logs_role_arn", Filled::Parameter("CloudWatchLogsRoleArn")),
                ("enable_log_file_validation", Filled::Parameter("EnableLogFileValidation")),
                ("include_global_service_events", Filled::Parameter("IncludeGlobalServiceEvents")),
                ("is_multi_region_trail", Filled::Parameter("IsMultiRegionTrail")),
                ("kms_key_id", Filled::Parameter("KmsKeyId")),
                ("s3_key_prefix", Filled::Parameter("S3KeyPrefix")),
            ],
            import: TRAIL,
            ignores: OF_TRAIL,
        },
        console: "CloudTrail > Trails > {Name} > General details > Edit: set what stands below. Regions and global service events are set by the script of this plan only, and the log group under CloudWatch Logs > Edit",
    },
    Call {
        service: "cloudtrail",
        operation: "PutEventSelectors",
        parameters: &[
            text("TrailName"),
            takes("EventSelectors", Kind::Structure),
            takes("AdvancedEventSelectors", Kind::Structure),
        ],
        shows: Shows::Asked {
            read: "GetEventSelectors",
            with: &[("TrailName", "TrailName")],
            path: &[],
            held: Held::Members(&[
                ("EventSelectors", "EventSelectors"),
                ("AdvancedEventSelectors", "AdvancedEventSelectors"),
            ]),
        },
        undo: Undo::Restore {
            parameters: &["EventSelectors", "AdvancedEventSelectors"],
            absent: None,
        },
        takes: Takes::Nothing,
        permission: (
            "cloudtrail:PutEventSelectors",
            "arn:{partition}:cloudtrail:{region}:{account}:trail/{TrailName}",
        ),
        terraform: Terraform::Resource {
            kind: "aws_cloudtrail",
            arguments: &[
                ("name", Filled::Parameter("TrailName")),
                ("s3_bucket_name", Filled::Known("S3BucketName")),
                ("event_selector", Filled::Blocks("EventSelectors")),
                ("advanced_event_selector", Filled::Blocks("AdvancedEventSelectors")),
            ],
            import: "arn:{partition}:cloudtrail:{region}:{account}:trail/{TrailName}",
            ignores: OF_TRAIL,
        },
        console: "CloudTrail > Trails > {TrailName} > Management events > Edit, and Data events > Edit: select what stands below",
    },
];
