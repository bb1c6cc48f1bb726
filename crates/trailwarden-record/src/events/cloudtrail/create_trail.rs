//! `cloudtrail:CreateTrail`.

use crate::call::call;

call! {
    /// Makes a trail, which logs nothing until it is started.
    cloudtrail CreateTrail Creates Trail(name) {
        /// The trail, by name or ARN.
        name: Option<String> = request "name",
        /// The bucket that log files go to.
        s3_bucket_name: Option<String> = request "s3BucketName",
        /// What their names begin with.
        s3_key_prefix: Option<String> = request "s3KeyPrefix",
        /// The topic that hears of new files.
        sns_topic_name: Option<String> = request "snsTopicName",
        /// Whether events of IAM, STS and other global services are logged.
        include_global_service_events: Option<bool> = request "includeGlobalServiceEvents",
        /// Whether it logs every region.
        is_multi_region_trail: Option<bool> = request "isMultiRegionTrail",
        /// Whether digest files prove the log files.
        enable_log_file_validation: Option<bool> = request "enableLogFileValidation",
        /// The log group that also gets the events.
        cloud_watch_logs_log_group_arn: Option<String> = request "cloudWatchLogsLogGroupArn",
        /// The role that writes there.
        cloud_watch_logs_role_arn: Option<String> = request "cloudWatchLogsRoleArn",
        /// The key that encrypts it.
        kms_key_id: Option<String> = request "kmsKeyId",
        /// Whether it logs every account of the organization.
        is_organization_trail: Option<bool> = request "isOrganizationTrail",
        /// Whether the delivery of log files is itself logged.
        recursive_logging: Option<bool> = request "recursiveLogging",
        /// ARN of the trail.
        trail_arn: Option<String> = response "trailARN",
    }
}
