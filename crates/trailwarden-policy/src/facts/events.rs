//! Which action an event of CloudTrail was allowed by, where the names differ.
//!
//! An event's name is the name of the API operation, and most operations are authorized by the
//! action of the same name. The tables here hold the exceptions, each from a page that says so.
//! An operation that needs several actions, or none, or another one depending on its parameters, is
//! in no table: [`action_of`] answers none, which means *unmapped*, and never guesses.

use super::action::Action;
use super::service::Service;
use super::{ActionId, facts};

/// The action that authorized the call behind an event; none when that cannot be told from the
/// name alone.
#[must_use]
pub fn action_of(event_source: &str, event_name: &str) -> Option<ActionId> {
    let service = service_of(event_source)?.prefix();
    let find = |name: &str| named_alike(service, name).or_else(|| renamed(service, name));
    find(event_name)
        .or_else(|| find(without_api_version(event_name)?))
        .or_else(|| by_http_method(service, event_name))
        .map(Action::id)
}

/// The service, by its prefix in policies, that an event source stands for; none when it is
/// unknown, as for `signin` events of the console.
#[must_use]
pub fn service_of(event_source: &str) -> Option<&'static Service> {
    let lower = event_source.to_ascii_lowercase();
    let host = lower.split_once(".amazonaws.").map_or(lower.as_str(), |(host, _)| host);
    let found = HOSTS.iter().find(|(from, _)| *from == host);
    facts().service(found.map_or(host, |(_, prefix)| prefix))
}

fn named_alike(service: &str, name: &str) -> Option<&'static Action> {
    facts().action_in(service, name)
}

fn renamed(service: &str, event_name: &str) -> Option<&'static Action> {
    let (_, table) = RENAMED.iter().find(|(prefix, _)| *prefix == service)?;
    let (action, _) = pairs(table).find(|(_, event)| event.eq_ignore_ascii_case(event_name))?;
    named_alike(service, action)
}

/// Action and event, of each event in a table of [`RENAMED`].
pub(super) fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut action = "";
    table.split_ascii_whitespace().filter_map(move |word| {
        if let Some(new) = word.strip_suffix(':') {
            action = new;
            return None;
        }
        Some((action, word))
    })
}

/// `CreateFunction20150331` and `UpdateFunctionCode20150331v2` of Lambda, and
/// `CreateDistribution2020_05_31` of CloudFront, without the date of the API.
///
/// Sources: AWS Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail";
/// Amazon CloudFront Developer Guide, "Logging Amazon CloudFront API calls using AWS CloudTrail".
fn without_api_version(event_name: &str) -> Option<&str> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let undated = event_name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let suffix = event_name.get(undated.len()..)?;
    let is_date = |text: &str| text.len() == 8 && is_digits(text);
    if is_date(&suffix.replace('_', "")) {
        return Some(undated);
    }
    // What was cut may be the number after `v`.
    let dated = undated.strip_suffix('v').filter(|_| is_digits(suffix))?;
    let undated = dated.trim_end_matches(|c: char| c.is_ascii_digit());
    is_date(dated.get(undated.len()..)?).then_some(undated)
}

/// The control plane of API Gateway is authorized by HTTP method.
///
/// Source: Service Authorization Reference, "Actions defined by Amazon API Gateway Management";
/// the methods are those of the API references of versions 1 and 2, which agree for these verbs.
/// `TagResource` differs between the two, so tagging is left unmapped.
fn by_http_method(service: &str, event_name: &str) -> Option<&'static Action> {
    const METHODS: &[(&str, &str)] = &[
        ("Create", "POST"),
        ("Delete", "DELETE"),
        ("Flush", "DELETE"),
        ("Generate", "POST"),
        ("Get", "GET"),
        ("Put", "PUT"),
        ("TestInvoke", "POST"),
        ("Update", "PATCH"),
    ];
    if service != "apigateway" {
        return None;
    }
    let method = METHODS.iter().find(|(verb, _)| {
        let next = event_name.strip_prefix(verb).and_then(|rest| rest.chars().next());
        next.is_some_and(|c| c.is_ascii_uppercase())
    });
    named_alike(service, method?.1)
}

/// Hosts of event sources that are not the service's prefix.
///
/// Sources: Amazon EventBridge Events Reference (the event source of each service) and the endpoint
/// and signing names of the services' API models.
pub(super) const HOSTS: &[(&str, &str)] = &[
    ("a2i-runtime.sagemaker", "sagemaker"),
    ("agreement-marketplace", "aws-marketplace"),
    ("api.detective", "detective"),
    ("api.ecr", "ecr"),
    ("api.ecr-public", "ecr-public"),
    ("api.iotwireless", "iotwireless"),
    ("api.mediatailor", "mediatailor"),
    ("api.sagemaker", "sagemaker"),
    ("api.tunneling.iot", "iot"),
    ("appconfigdata", "appconfig"),
    ("appstream2", "appstream"),
    ("bedrock-agent", "bedrock"),
    ("bedrock-agent-runtime", "bedrock"),
    ("bedrock-agentcore-control", "bedrock-agentcore"),
    ("bedrock-data-automation", "bedrock"),
    ("bedrock-data-automation-runtime", "bedrock"),
    ("bedrock-runtime", "bedrock"),
    ("cassandra-streams", "cassandra"),
    ("catalog.marketplace", "aws-marketplace"),
    ("cloudcontrolapi", "cloudformation"),
    ("cloudhsmv2", "cloudhsm"),
    ("controlplane.payment-cryptography", "payment-cryptography"),
    ("data-ats.iot", "iot"),
    ("data.iot", "iot"),
    ("data.mediastore", "mediastore"),
    ("dataplane.payment-cryptography", "payment-cryptography"),
    ("deployment-marketplace", "aws-marketplace"),
    ("discovery-marketplace", "aws-marketplace"),
    ("email", "ses"),
    ("entitlement-marketplace", "aws-marketplace"),
    ("entitlement.marketplace", "aws-marketplace"),
    ("eventsv2", "events"),
    ("featurestore-runtime.sagemaker", "sagemaker"),
    ("identity-chime", "chime"),
    ("ingest.timestream", "timestream"),
    ("iot-data", "iot"),
    ("ivsrealtime", "ivs"),
    ("mail-manager", "ses"),
    ("media-pipelines-chime", "chime"),
    ("meetings-chime", "chime"),
    ("memory-db", "memorydb"),
    ("messaging-chime", "chime"),
    ("metering-marketplace", "aws-marketplace"),
    ("metering.marketplace", "aws-marketplace"),
    ("migrationhub-config", "mgh"),
    ("models-v2-lex", "lex"),
    ("models.lex", "lex"),
    ("monitoring", "cloudwatch"),
    ("mturk-requester", "mechanicalturk"),
    ("pinpoint", "mobiletargeting"),
    ("query.timestream", "timestream"),
    ("runtime-v2-lex", "lex"),
    ("runtime.lex", "lex"),
    ("runtime.sagemaker", "sagemaker"),
    ("s3-control", "s3"),
    ("servicecatalog-appregistry", "servicecatalog"),
    ("sms-voice.pinpoint", "sms-voice"),
    ("streams.dynamodb", "dynamodb"),
    ("tagging", "tag"),
    ("voice-chime", "chime"),
];

/// By service: an action, and after its colon the events that it authorizes though they are named
/// otherwise.
pub(super) const RENAMED: &[(&str, &str)] = &[
    // Amazon Bedrock User Guide, "Prerequisites for running model inference"; Amazon Bedrock API
    // Reference, `StartAsyncInvoke`.
    (
        "bedrock",
        "InvokeModel: Converse StartAsyncInvoke
         InvokeModelWithResponseStream: ConverseStream",
    ),
    // Service Authorization Reference, "API operations defined by AWS Budget Service".
    (
        "budgets",
        "ModifyBudget: CreateBudget UpdateBudget DeleteBudget CreateNotification
                        UpdateNotification DeleteNotification CreateSubscriber UpdateSubscriber
                        DeleteSubscriber
         ViewBudget: DescribeBudget DescribeBudgets DescribeBudgetPerformanceHistory
                      DescribeNotificationsForBudget DescribeSubscribersForNotification
                      DescribeBudgetNotificationsForAccount",
    ),
    // Service Authorization Reference, "API operations defined by Amazon Keyspaces (for Apache
    // Cassandra)": another action is asked besides only where a request sets tags or Regions.
    (
        "cassandra",
        "Create: CreateKeyspace CreateTable CreateType
         Drop: DeleteKeyspace DeleteTable DeleteType",
    ),
    // Amazon DynamoDB API Reference, `TransactGetItems` (each item needs the permission to get it).
    ("dynamodb", "GetItem: TransactGetItems"),
    // Service Authorization Reference, "API operations defined by AWS Lambda".
    (
        "lambda",
        "InvokeFunction: Invoke InvokeWithResponseStream
         GetLayerVersion: GetLayerVersionByArn",
    ),
    // Amazon S3 User Guide, "Required permissions for Amazon S3 API operations" and "Amazon S3
    // CloudTrail events" (names of events that differ from the operation's). A copy is recorded on
    // its target; that its source may be read too is another check.
    (
        "s3",
        "ListAllMyBuckets: ListBuckets
         ListBucket: ListObjects ListObjectsV2 HeadBucket
         ListBucketVersions: ListObjectVersions
         ListBucketMultipartUploads: ListMultipartUploads
         ListMultipartUploadParts: ListParts
         GetObject: HeadObject SelectObjectContent
         PutObject: CopyObject CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload
         DeleteObject: DeleteObjects
         PutBucketCORS: DeleteBucketCors
         PutBucketTagging: DeleteBucketTagging
         PutBucketOwnershipControls: DeleteBucketOwnershipControls
         PutBucketPublicAccessBlock: DeleteBucketPublicAccessBlock
         PutAccountPublicAccessBlock: DeleteAccountPublicAccessBlock
         GetEncryptionConfiguration: GetBucketEncryption
         PutEncryptionConfiguration: PutBucketEncryption DeleteBucketEncryption
         GetLifecycleConfiguration: GetBucketLifecycle GetBucketLifecycleConfiguration
         PutLifecycleConfiguration: PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle
         GetReplicationConfiguration: GetBucketReplication
         PutReplicationConfiguration: PutBucketReplication DeleteBucketReplication
         GetAccelerateConfiguration: GetBucketAccelerateConfiguration
         PutAccelerateConfiguration: PutBucketAccelerateConfiguration
         GetAnalyticsConfiguration: GetBucketAnalyticsConfiguration ListBucketAnalyticsConfigurations
         PutAnalyticsConfiguration: PutBucketAnalyticsConfiguration DeleteBucketAnalyticsConfiguration
         GetInventoryConfiguration: GetBucketInventoryConfiguration ListBucketInventoryConfigurations
         PutInventoryConfiguration: PutBucketInventoryConfiguration DeleteBucketInventoryConfiguration
         GetMetricsConfiguration: GetBucketMetricsConfiguration ListBucketMetricsConfigurations
         PutMetricsConfiguration: PutBucketMetricsConfiguration DeleteBucketMetricsConfiguration
         GetIntelligentTieringConfiguration: GetBucketIntelligentTieringConfiguration ListBucketIntelligentTieringConfigurations
         PutIntelligentTieringConfiguration: PutBucketIntelligentTieringConfiguration DeleteBucketIntelligentTieringConfiguration
         GetBucketNotification: GetBucketNotificationConfiguration
         PutBucketNotification: PutBucketNotificationConfiguration
         GetBucketObjectLockConfiguration: GetObjectLockConfiguration
         PutBucketObjectLockConfiguration: PutObjectLockConfiguration",
    ),
    // Amazon S3 User Guide, "IAM for S3 Express One Zone" (actions for directory buckets).
    ("s3express", "ListAllMyDirectoryBuckets: ListDirectoryBuckets"),
    // Amazon S3 User Guide, "Access management for S3 Tables" (actions).
    (
        "s3tables",
        "GetTableData: GetObject ListParts ListMultipartUploads
         PutTableData: PutObject CreateMultipartUpload UploadPart CompleteMultipartUpload AbortMultipartUpload",
    ),
    // Amazon SNS API Reference, `PublishBatch`.
    ("sns", "Publish: PublishBatch"),
    // Amazon SQS Developer Guide, "Amazon SQS API permissions: actions and resource reference".
    (
        "sqs",
        "SendMessage: SendMessageBatch
         DeleteMessage: DeleteMessageBatch
         ChangeMessageVisibility: ChangeMessageVisibilityBatch",
    ),
];
