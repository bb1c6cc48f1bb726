"""The trail of the account, its bucket, and in the tight variant the filters and alarms on it.

The patterns are those that Security Hub's user guide gives ("Security Hub CSPM controls for Amazon
CloudWatch"), but for `ODD`: what only a reader of patterns can judge.
"""

REGION = "us-east-1"
GROUP = "trail"


def any_of(source, *names):
    events = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}) && ({events}) }}" if source else f"{{ {events} }}"


PATTERNS = {
    "root": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "refused": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "without-mfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    "policies": any_of(
        "iam.amazonaws.com", "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy",
        "PutRolePolicy", "PutUserPolicy", "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion",
        "AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy",
        "DetachGroupPolicy",
    ),
    "trails": any_of("", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    "failed": '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    "keys": any_of("kms.amazonaws.com", "DisableKey", "ScheduleKeyDeletion"),
    "buckets": any_of(
        "s3.amazonaws.com", "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle",
        "PutBucketReplication", "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle",
        "DeleteBucketReplication",
    ),
    "recorder": any_of(
        "config.amazonaws.com", "StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel",
        "PutConfigurationRecorder",
    ),
    "security-groups": any_of(
        "", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup",
    ),
    "acls": any_of(
        "", "CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry",
        "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation",
    ),
    "gateways": any_of(
        "", "CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
        "DeleteInternetGateway", "DetachInternetGateway",
    ),
    "routes": any_of(
        "ec2.amazonaws.com", "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation",
        "DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable",
    ),
    "networks": any_of(
        "", "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
        "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc",
        "DisableVpcClassicLink", "EnableVpcClassicLink",
    ),
    "organization": any_of(
        "organizations.amazonaws.com", "AcceptHandshake", "AttachPolicy", "CancelHandshake", "CreateAccount",
        "CreateOrganization", "CreateOrganizationalUnit", "CreatePolicy", "DeclineHandshake", "DeleteOrganization",
        "DeleteOrganizationalUnit", "DeletePolicy", "EnableAllFeatures", "EnablePolicyType", "InviteAccountToOrganization",
        "LeaveOrganization", "DetachPolicy", "DisablePolicyType", "MoveAccount", "RemoveAccountFromOrganization",
        "UpdateOrganizationalUnit", "UpdatePolicy",
    ),
}  # fmt: skip
# Every name, but never matched: the events of the other service.
NEVER = PATTERNS["keys"].replace("kms.amazonaws.com) && ", "kms.amazonaws.com) && ($.eventSource = iam.amazonaws.com) && ")
# The same events in other words.
WILD = '{ $.eventName = "*NetworkAcl*" }'


def fill(client, is_tight):
    s3, trail, logs = client("s3"), client("cloudtrail"), client("logs")
    for bucket in ("trail-logs", "access-logs"):
        s3.create_bucket(Bucket=bucket)
    if not is_tight:
        s3.put_bucket_acl(Bucket="trail-logs", ACL="public-read")
        client("kms").create_key()
        trail.create_trail(Name="main", S3BucketName="trail-logs", IsMultiRegionTrail=False)
        return
    block = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket="trail-logs", PublicAccessBlockConfiguration=dict.fromkeys(block, True)
    )
    versions = {"Status": "Enabled", "MFADelete": "Enabled"}
    s3.put_bucket_versioning(Bucket="trail-logs", VersioningConfiguration=versions)
    grantee = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}
    grants = [{"Grantee": grantee, "Permission": right} for right in ("WRITE", "READ_ACP")]
    owner = s3.get_bucket_acl(Bucket="access-logs")["Owner"]
    s3.put_bucket_acl(
        Bucket="access-logs", AccessControlPolicy={"Grants": grants, "Owner": owner}
    )
    target = {"TargetBucket": "access-logs", "TargetPrefix": "trail/"}
    s3.put_bucket_logging(Bucket="trail-logs", BucketLoggingStatus={"LoggingEnabled": target})
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    client("kms").enable_key_rotation(KeyId=key)
    logs.create_log_group(logGroupName=GROUP)
    trail.create_trail(
        Name="main",
        S3BucketName="trail-logs",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key,
        CloudWatchLogsLogGroupArn=logs.describe_log_groups()["logGroups"][0]["arn"],
        CloudWatchLogsRoleArn="arn:aws:iam::123456789012:role/service-00",
    )
    trail.start_logging(Name="main")
    objects = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
    selector = {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [objects],
    }
    trail.put_event_selectors(TrailName="main", EventSelectors=[selector])
    kinds = [{"InsightType": kind} for kind in ("ApiCallRateInsight", "ApiErrorRateInsight")]
    trail.put_insight_selectors(TrailName="main", InsightSelectors=kinds)
    fill_alarms(client)


def fill_alarms(client):
    logs, sns, watch = client("logs"), client("sns"), client("cloudwatch")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    unheard = sns.create_topic(Name="unheard")["TopicArn"]
    # Without an action, to a topic that nobody reads, and switched off.
    odd = {"recorder": [], "routes": [unheard]}
    patterns = PATTERNS | {"keys": NEVER, "acls": WILD}
    for name, pattern in patterns.items():
        metric = {"metricName": name, "metricNamespace": "Trail", "metricValue": "1"}
        logs.put_metric_filter(
            logGroupName=GROUP,
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[metric],
        )
        watch.put_metric_alarm(
            AlarmName=name,
            MetricName=name,
            Namespace="Trail",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=odd.get(name, [topic]),
            ActionsEnabled=name != "gateways",
        )
