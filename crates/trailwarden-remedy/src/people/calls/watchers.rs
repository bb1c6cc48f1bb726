//! Calls that switch off what watches: event data stores, GuardDuty, Config, Security Hub, Access Analyzer.

use super::Row;

const MEANWHILE: &str = "What happened meanwhile nobody will tell: read the logs of the time from the call on ({actor} made it), and until that is clear switch off the key of who made it (deactivate-access-key), and end its sessions (revoke-sessions).";

pub(super) static ALL: &[Row] = &[
    (
        "access-analyzer:CreateArchiveRule",
        &[
            "What it hides: `aws accessanalyzer get-archive-rule --analyzer-name {request.analyzerName} --rule-name {request.ruleName} --region {region}`.",
            "`aws accessanalyzer delete-archive-rule --analyzer-name {request.analyzerName} --rule-name {request.ruleName} --region {region}`; `create-archive-rule` with the same filter takes it back. In the console: IAM > Access Analyzer > the analyzer > Archive rules.",
            "What it archived stays so: read the archived findings, and set those that count to active.",
            MEANWHILE,
        ],
    ),
    (
        "access-analyzer:DeleteAnalyzer",
        &[
            "Make it anew, with the type and the rules of an analyzer in another Region: `aws accessanalyzer create-analyzer --analyzer-name {request.analyzerName} --type ACCOUNT --region {region}`; `delete-analyzer` takes it back. In the console: IAM > Access Analyzer > Create analyzer.",
            "Its findings come anew, its archived ones are lost.",
            MEANWHILE,
        ],
    ),
    (
        "access-analyzer:UpdateArchiveRule",
        &[
            "What it hides now: `aws accessanalyzer get-archive-rule --analyzer-name {request.analyzerName} --rule-name {request.ruleName} --region {region}`. What it hid before stands in the record of the call before this one.",
            "`aws accessanalyzer update-archive-rule --analyzer-name {request.analyzerName} --rule-name {request.ruleName} --filter file://before.json --region {region}`. In the console: IAM > Access Analyzer > the analyzer > Archive rules.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:DeleteChannel",
        &[
            "Make it anew, with what the record of `CreateChannel` says: `aws cloudtrail create-channel --name NAME --source SOURCE --destinations Type=EVENT_DATA_STORE,Location=EVENT_DATA_STORE_ARN --region {region}`; `delete-channel` takes it back. In the console: CloudTrail > Lake > Integrations.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:DeleteEventDataStore",
        &[
            "Within seven days of its deletion: `aws cloudtrail restore-event-data-store --event-data-store {request.eventDataStore} --region {region}`; `delete-event-data-store` takes it back. In the console: CloudTrail > Lake > Event data stores > the store > Restore.",
            "Whether it takes events in: `aws cloudtrail get-event-data-store --event-data-store {request.eventDataStore} --region {region}`. Its status must be ENABLED; where it is not, `aws cloudtrail start-event-data-store-ingestion --event-data-store {request.eventDataStore} --region {region}`.",
            "Protect it: `aws cloudtrail update-event-data-store --event-data-store {request.eventDataStore} --termination-protection-enabled --region {region}`.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:DeregisterOrganizationDelegatedAdmin",
        &[
            "From the management account: `aws cloudtrail register-organization-delegated-admin --member-account-id {request.delegatedAdminAccountId}`; `deregister-organization-delegated-admin` takes it back. In the console: CloudTrail > Settings > Organization delegated administrators.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:DisableFederation",
        &[
            "`aws cloudtrail enable-federation --event-data-store {request.eventDataStore} --federation-role-arn ROLE_ARN --region {region}`, with the role of the record of `EnableFederation`; `disable-federation` takes it back. In the console: CloudTrail > Lake > Event data stores > the store > Lake query federation.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:PutEventConfiguration",
        &[
            "What is set now: `aws cloudtrail get-event-configuration --event-data-store {request.eventDataStore} --region {region}`. What was set before stands in the record of the call before this one.",
            "`aws cloudtrail put-event-configuration --event-data-store {request.eventDataStore} --max-event-size Large --context-key-selectors file://before.json --region {region}`. Of a trail, `--trail-name TRAIL` takes the place of the store. In the console: CloudTrail > Lake > Event data stores > the store > Event enrichment.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:PutInsightSelectors",
        &[
            "What is set now: `aws cloudtrail get-insight-selectors --trail-name {request.trailName} --region {region}`. What was set before stands in the record of the call before this one.",
            "`aws cloudtrail put-insight-selectors --trail-name {request.trailName} --insight-selectors InsightType=ApiCallRateInsight InsightType=ApiErrorRateInsight --region {region}`, with the kinds of before. In the console: CloudTrail > Trails > the trail > Insights events > Edit.",
            MEANWHILE,
        ],
    ),
    (
        "cloudtrail:StopEventDataStoreIngestion",
        &[
            "`aws cloudtrail start-event-data-store-ingestion --event-data-store {request.eventDataStore} --region {region}`; `stop-event-data-store-ingestion` takes it back. In the console: CloudTrail > Lake > Event data stores > the store > Start ingestion.",
            "What was not taken in can be copied from the trail's bucket: `aws cloudtrail start-import --destinations {request.eventDataStore} --import-source file://source.json --region {region}`.",
            MEANWHILE,
        ],
    ),
    (
        "config:DeleteConfigurationRecorder",
        &[
            "Make it anew, with the role and the types of another Region's: `aws configservice put-configuration-recorder --configuration-recorder name={request.configurationRecorderName},roleARN=ROLE_ARN --recording-group allSupported=true,includeGlobalResourceTypes=true --region {region}`. In the console: AWS Config > Settings.",
            "Start it: `aws configservice start-configuration-recorder --configuration-recorder-name {request.configurationRecorderName} --region {region}`; `stop-configuration-recorder` takes it back.",
            MEANWHILE,
        ],
    ),
    (
        "config:DeleteDeliveryChannel",
        &[
            "Make it anew, with the bucket of another Region's: `aws configservice put-delivery-channel --delivery-channel name={request.deliveryChannelName},s3BucketName=BUCKET --region {region}`; `delete-delivery-channel` takes it back. In the console: AWS Config > Settings.",
            "Start the recorder again: `aws configservice describe-configuration-recorders --region {region}`, then `aws configservice start-configuration-recorder --configuration-recorder-name RECORDER --region {region}`.",
            MEANWHILE,
        ],
    ),
    (
        "config:StopConfigurationRecorder",
        &[
            "`aws configservice start-configuration-recorder --configuration-recorder-name {request.configurationRecorderName} --region {region}`; `stop-configuration-recorder` takes it back. In the console: AWS Config > Settings > Start recording.",
            "Whether it records: `aws configservice describe-configuration-recorder-status --region {region}`.",
            MEANWHILE,
        ],
    ),
    (
        "guardduty:DeleteDetector",
        &[
            "Switch it on anew: `aws guardduty create-detector --enable --region {region}`; `delete-detector` takes it back. In the console: GuardDuty > Get started. A member account is added again by its administrator account.",
            "Its lists, filters, export and plans of protection are lost: set them as in another Region (`aws guardduty get-detector --detector-id OTHER_DETECTOR --region OTHER_REGION`). So are its findings.",
            MEANWHILE,
        ],
    ),
    (
        "guardduty:DeletePublishingDestination",
        &[
            "Make it anew, with the bucket and the key of another Region's: `aws guardduty create-publishing-destination --detector-id {request.detectorId} --destination-type S3 --destination-properties DestinationArn=BUCKET_ARN,KmsKeyArn=KEY_ARN --region {region}`; `delete-publishing-destination` takes it back. In the console: GuardDuty > Settings > Findings export options.",
            MEANWHILE,
        ],
    ),
    (
        "guardduty:StopMonitoringMembers",
        &[
            "From the administrator account: `aws guardduty start-monitoring-members --detector-id {request.detectorId} --account-ids ACCOUNTS --region {region}`, with the accounts of the record; `stop-monitoring-members` takes it back. In the console: GuardDuty > Accounts.",
            MEANWHILE,
        ],
    ),
    (
        "guardduty:UpdateDetector",
        &[
            "What is on: `aws guardduty get-detector --detector-id {request.detectorId} --region {region}`.",
            "Switch it on: `aws guardduty update-detector --detector-id {request.detectorId} --enable --region {region}`; `--no-enable` takes it back. A single plan of protection: `--features Name=S3_DATA_EVENTS,Status=ENABLED`, with its own name. In the console: GuardDuty > Protection plans.",
            MEANWHILE,
        ],
    ),
    (
        "securityhub:DisableSecurityHub",
        &[
            "`aws securityhub enable-security-hub --enable-default-standards --region {region}`; `disable-security-hub` takes it back. In the console: Security Hub > Go to Security Hub > Enable. Do it soon: AWS deletes its findings 90 days after it was switched off.",
            "Which standards and controls were on: compare with another Region (`aws securityhub get-enabled-standards --region OTHER_REGION`).",
            MEANWHILE,
        ],
    ),
];
