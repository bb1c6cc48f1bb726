//! Trails, their buckets, keys and networks.

use super::{ByHand, row};

const COSTS: &str = "it costs for each event, and which resources matter is for their owner to say";
const KEEP_SELECTORS: &str = "Keep what is there: `aws cloudtrail get-event-selectors --trail-name {trail} --region {trail_region} --query AdvancedEventSelectors > advanced.json`, and the same with `--query EventSelectors > basic.json`: one of them is null. The call below replaces all selectors, so theirs must be in it again. To take it back: `aws cloudtrail put-event-selectors --trail-name {trail} --region {trail_region} --advanced-event-selectors file://advanced.json`, or with `--event-selectors file://basic.json`, whichever is not null.";

pub(super) static ALL: &[ByHand] = &[
    row(
        "event-store-without-key",
        "Encrypt the event data store with a key of your own",
        "it cannot be taken back: a store keeps the key that it was given",
        &[
            "Make a key of KMS whose policy lets `cloudtrail.amazonaws.com` generate data keys and decrypt, and those who query decrypt.",
            "`aws cloudtrail update-event-data-store --event-data-store {arn} --kms-key-id KEY --region {region}`. In the console: CloudTrail > Lake > Event data stores > the store > Edit.",
            "Never schedule the key's deletion while the events matter.",
        ],
    ),
    row(
        "key-without-rotation",
        "Rotate the key every year",
        "the key's own policy decides who may, and whether copies of it are elsewhere is not known here",
        &[
            "`aws kms enable-key-rotation --key-id {arn} --region {region}`. In the console: KMS > Customer managed keys > the key > Key rotation.",
            "`aws kms get-key-rotation-status --key-id {arn} --region {region}` shows it, and `disable-key-rotation` takes it back. What was encrypted stays readable: KMS keeps the old material, and charges a little for it.",
        ],
    ),
    row(
        "model-calls-not-recorded",
        "Record calls of Bedrock",
        COSTS,
        &[
            "Calls of models are management events: a trail that records all of them, reads included, in all regions has them. `aws cloudtrail get-event-selectors --trail-name {trail} --region {trail_region}` shows what a trail records.",
            "Agents, knowledge bases and flows are data events, such as `AWS::Bedrock::AgentAlias`.",
            KEEP_SELECTORS,
            "Add a selector with `eventCategory` = `Data` and that `resources.type`, and `aws cloudtrail put-event-selectors --trail-name {trail} --region {trail_region} --advanced-event-selectors file://new.json`. In the console: CloudTrail > Trails > the trail > Data events > Edit.",
            "What was asked and answered is in no trail. In the console: Bedrock > Settings > Model invocation logging.",
        ],
    ),
    row(
        "network-without-flow-log",
        "Make a flow log",
        "it costs for what it writes, and the bucket or log group must be chosen",
        &[
            "`aws ec2 create-flow-logs --resource-type VPC --resource-ids {name} --traffic-type REJECT --log-destination-type s3 --log-destination arn:aws:s3:::BUCKET --region {region}`. `ALL` in place of `REJECT` writes much more. In the console: VPC > Your VPCs > the VPC > Flow logs.",
            "`aws ec2 describe-flow-logs --region {region}` says whether it delivers. `aws ec2 delete-flow-logs --flow-log-ids LOG` takes it back.",
        ],
    ),
    row(
        "no-hardened-trail",
        "Set one trail up as AWS recommends",
        "a part of it takes a key of KMS, whose policy a person must write",
        &[
            "The findings about single parts have plans of their own: a trail where there is none, all regions and events, digest files. Carry those out first.",
            "Make a key of KMS in the region of the bucket, and give it to the trail, as for a trail without a key: `aws cloudtrail update-trail --name TRAIL --kms-key-id KEY`.",
            "`aws cloudtrail get-trail --name TRAIL` and `aws cloudtrail get-event-selectors --trail-name {trail} --region {trail_region}` show what is still missing. In the console: CloudTrail > Trails > the trail.",
        ],
    ),
    row(
        "object-reads-not-recorded",
        "Record reads of objects",
        COSTS,
        &[
            "Choose the trail, and the buckets whose reads matter. Leave out the bucket that the trail itself writes to.",
            KEEP_SELECTORS,
            "Add a selector with `eventCategory` = `Data`, `resources.type` = `AWS::S3::Object`, `readOnly` = `true` and `resources.ARN` starting with `arn:aws:s3:::BUCKET/`, and `aws cloudtrail put-event-selectors --trail-name {trail} --region {trail_region} --advanced-event-selectors file://new.json`. In the console: CloudTrail > Trails > the trail > Data events > Edit.",
        ],
    ),
    row(
        "object-writes-not-recorded",
        "Record writes of objects",
        COSTS,
        &[
            "Choose the trail, and the buckets whose writes matter. Leave out the bucket that the trail itself writes to: each delivery would be an event again.",
            KEEP_SELECTORS,
            "Add a selector with `eventCategory` = `Data`, `resources.type` = `AWS::S3::Object`, `readOnly` = `false` and `resources.ARN` starting with `arn:aws:s3:::BUCKET/`, and `aws cloudtrail put-event-selectors --trail-name {trail} --region {trail_region} --advanced-event-selectors file://new.json`. In the console: CloudTrail > Trails > the trail > Data events > Edit.",
        ],
    ),
    row(
        "trail-bucket-without-access-log",
        "Log who reads the bucket",
        "the bucket that keeps these logs must be chosen",
        &[
            "Choose another bucket of the same region and account, whose policy lets `logging.s3.amazonaws.com` put objects under a prefix, with a condition on `aws:SourceAccount`.",
            r#"`aws s3api put-bucket-logging --bucket {name} --bucket-logging-status '{"LoggingEnabled":{"TargetBucket":"BUCKET","TargetPrefix":"access/"}}'`. In the console: S3 > the bucket > Properties > Server access logging."#,
            "The same with `'{}'` takes it back. Data events of this bucket in a trail tell more, and cost more.",
        ],
    ),
    row(
        "trail-bucket-without-mfa-delete",
        "Protect the logs from deletion",
        "only the root user with a device in hand sets MFA Delete, and an object lock binds everybody until its end",
        &[
            "An object lock is the easier way. It takes versions, which cost storage: `aws s3api put-bucket-versioning --bucket {name} --versioning-configuration Status=Enabled`. In the console: S3 > the bucket > Properties.",
            r#"`aws s3api put-object-lock-configuration --bucket {name} --object-lock-configuration '{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":365}}}'`. The lock cannot be taken off the bucket again; `COMPLIANCE` in place of `GOVERNANCE` nobody can shorten, root included."#,
            "Or MFA Delete, as the root user and by the CLI only: `aws s3api put-bucket-versioning --bucket {name} --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa 'SERIAL CODE'`. A bucket with lifecycle rules cannot have it.",
        ],
    ),
    row(
        "trail-readable-by-many",
        "Let few read the logs",
        "who answers incidents is not in AWS",
        &[
            "`trailwarden who-can s3:GetObject` on the bucket's objects lists who can read them by policies of IAM. Name the roles that should.",
            "Keep the policy that is there: `aws s3api get-bucket-policy --bucket {name} --query Policy --output text > policy.json`.",
            "Add a statement that denies `s3:GetObject` on its objects to `*`, with the conditions `ArnNotLike` on `aws:PrincipalArn`, which spares these roles, and `Bool` on `aws:PrincipalIsAWSService` = `false`. One that spares nobody shuts out everybody but root: let a second person read it.",
            "`aws s3api put-bucket-policy --bucket {name} --policy file://new.json`; the kept file takes it back. In the console: S3 > the bucket > Permissions > Bucket policy.",
        ],
    ),
    row(
        "trail-without-insights",
        "Look for unusual activity",
        "it costs for each event that is looked at",
        &[
            r#"`aws cloudtrail put-insight-selectors --trail-name {arn} --region {region} --insight-selectors '[{"InsightType":"ApiCallRateInsight"},{"InsightType":"ApiErrorRateInsight"}]'`. In the console: CloudTrail > Trails > the trail > Insights events."#,
            "The same with `'[]'` takes it back. The first insights come after a day and a half.",
        ],
    ),
    row(
        "trail-without-key",
        "Encrypt the trail's files",
        "a key whose policy forgets somebody shuts that person out of the logs, so a person writes it",
        &[
            "Make a key of KMS in the region of the bucket. Its policy must let `cloudtrail.amazonaws.com` call `kms:GenerateDataKey*` and `kms:DescribeKey` for this trail (a condition on `aws:SourceArn`), and those who read the logs call `kms:Decrypt`.",
            "`aws cloudtrail update-trail --name {arn} --kms-key-id KEY --region {region}`. In the console: CloudTrail > Trails > the trail > General details > Edit.",
            "`aws cloudtrail get-trail-status --name {arn} --region {region}` must show no `LatestDeliveryError`. `update-trail --kms-key-id ''` takes it back; files that were written meanwhile still need the key.",
        ],
    ),
    row(
        "trail-without-log-group",
        "Let the trail write to a log group",
        "it costs for each event, and how long the group keeps them must be chosen",
        &[
            "`aws logs create-log-group --log-group-name cloudtrail --region {region}`, and `aws logs put-retention-policy --log-group-name cloudtrail --retention-in-days DAYS --region {region}`.",
            "Make a role that trusts `cloudtrail.amazonaws.com` and may call `logs:CreateLogStream` and `logs:PutLogEvents` on the group's streams.",
            "`aws cloudtrail update-trail --name {arn} --cloud-watch-logs-log-group-arn 'arn:aws:logs:{region}:{account}:log-group:cloudtrail:*' --cloud-watch-logs-role-arn ROLE --region {region}`. In the console: CloudTrail > Trails > the trail > CloudWatch Logs > Edit, which makes both.",
            "Where trailwarden scans the trail's bucket, accept this finding instead, with the reason.",
        ],
    ),
];
