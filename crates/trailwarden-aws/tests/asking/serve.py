"""An emulator of AWS with an account in it, and what another client reads there.

    python serve.py

The emulator (moto) listens on a free port of loopback, inside this process. The first line of standard
output is JSON: {"port": N, "said": [{"api": "iam:GetAccountSummary", "about": {...}, "body": {...}}]},
each body as the AWS CLI prints it. It ends when standard input does.
"""

import json
import logging
import os
import signal
import sys

from client import REGION, Client, document, trust
from moto.server import ThreadedMotoServer

# A run that hangs is ended by the kernel after this many seconds.
SECONDS_MAX = 120


class Account(Client):
    def fill_iam(self):
        iam = self.client("iam")
        iam.create_account_alias(AccountAlias="acme")
        iam.create_group(GroupName="admins", Path="/people/")
        iam.put_group_policy(GroupName="admins", PolicyName="all", PolicyDocument=document("*"))
        policy = iam.create_policy(PolicyName="reader", PolicyDocument=document("s3:Get*"))
        arn = policy["Policy"]["Arn"]
        iam.create_policy_version(
            PolicyArn=arn, PolicyDocument=document(["s3:Get*", "s3:List*"]), SetAsDefault=True
        )
        for name in ("alice", "b&b <x>", "carol"):
            name = name.replace("&", "+").replace(" <x>", "=x")
            iam.create_user(UserName=name, Tags=[{"Key": "IsAttachable", "Value": "true"}])
            iam.attach_user_policy(UserName=name, PolicyArn=arn)
        iam.add_user_to_group(GroupName="admins", UserName="alice")
        iam.create_access_key(UserName="alice")
        iam.put_user_policy(
            UserName="carol", PolicyName="p", PolicyDocument=document("iam:*", "arn:aws:iam::*:user/ä<&>")
        )
        iam.create_role(
            RoleName="app",
            AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}),
            Description="a & b",
            PermissionsBoundary=arn,
        )
        iam.create_instance_profile(InstanceProfileName="app")
        iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
        iam.create_virtual_mfa_device(VirtualMFADeviceName="spare")
        iam.create_open_id_connect_provider(
            Url="https://token.example.com", ThumbprintList=["a" * 40], ClientIDList=["sts"]
        )
        iam.create_saml_provider(Name="idp", SAMLMetadataDocument="x" * 1024)
        iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True)

    def fill_trail(self):
        s3, trail = self.client("s3"), self.client("cloudtrail")
        where = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket="trail-logs", CreateBucketConfiguration=where)
        policy = document("s3:GetObject", "arn:aws:s3:::trail-logs/*").replace(
            '"Effect"', '"Principal": "*", "Effect"'
        )
        s3.put_bucket_policy(Bucket="trail-logs", Policy=policy)
        s3.put_bucket_versioning(
            Bucket="trail-logs", VersioningConfiguration={"Status": "Enabled"}
        )
        block = {"BlockPublicAcls": True, "BlockPublicPolicy": False}
        s3.put_public_access_block(
            Bucket="trail-logs", PublicAccessBlockConfiguration=block
        )
        group = self.client("logs")
        group.create_log_group(logGroupName="trail")
        topic = self.client("sns").create_topic(Name="alarms")["TopicArn"]
        self.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
        group.put_metric_filter(
            logGroupName="trail",
            filterName="root",
            filterPattern='{ $.userIdentity.type = "Root" }',
            metricTransformations=[
                {"metricName": "Root", "metricNamespace": "Trail", "metricValue": "1"}
            ],
        )
        self.client("cloudwatch").put_metric_alarm(
            AlarmName="root",
            MetricName="Root",
            Namespace="Trail",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[topic],
        )
        arn = group.describe_log_groups()["logGroups"][0]["arn"]
        key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        trail.create_trail(
            Name="main",
            S3BucketName="trail-logs",
            IsMultiRegionTrail=True,
            CloudWatchLogsLogGroupArn=arn,
            CloudWatchLogsRoleArn="arn:aws:iam::123456789012:role/app",
            KmsKeyId=key,
        )
        trail.add_tags(
            ResourceId=trail.get_trail(Name="main")["Trail"]["TrailARN"],
            TagsList=[{"Key": "owner", "Value": "ops"}],
        )
        trail.start_logging(Name="main")
        network = self.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
        self.client("ec2").create_flow_logs(
            ResourceIds=[network],
            ResourceType="VPC",
            TrafficType="REJECT",
            LogDestinationType="s3",
            LogDestination="arn:aws:s3:::trail-logs",
        )
        return topic, key

    def read(self, topic, key):
        iam = "iam"
        self.say("iam:GetAccountAuthorizationDetails", iam, "get_account_authorization_details")
        self.say("iam:GetAccountSummary", iam, "get_account_summary")
        self.say("iam:GetAccountPasswordPolicy", iam, "get_account_password_policy")
        self.say("iam:ListAccountAliases", iam, "list_account_aliases")
        self.say("iam:ListVirtualMFADevices", iam, "list_virtual_mfa_devices")
        self.say("iam:ListSAMLProviders", iam, "list_saml_providers")
        told = self.say("iam:ListOpenIDConnectProviders", iam, "list_open_id_connect_providers")
        arn = told["OpenIDConnectProviderList"][0]["Arn"]
        self.say(
            "iam:GetOpenIDConnectProvider",
            iam,
            "get_open_id_connect_provider",
            OpenIDConnectProviderArn=arn,
        )
        self.say("iam:ListAccessKeys", iam, "list_access_keys", UserName="alice")
        trails = "cloudtrail"
        self.say("cloudtrail:ListTrails", trails, "list_trails")
        told = self.say("cloudtrail:DescribeTrails", trails, "describe_trails")
        trail = told["trailList"][0]["TrailARN"]
        self.say("cloudtrail:GetTrailStatus", trails, "get_trail_status", Name=trail)
        self.say("cloudtrail:GetEventSelectors", trails, "get_event_selectors", TrailName=trail)
        self.say("cloudtrail:ListTags", trails, "list_tags", ResourceIdList=[trail])
        self.say("ec2:DescribeVpcs", "ec2", "describe_vpcs")
        self.say("ec2:DescribeFlowLogs", "ec2", "describe_flow_logs")
        self.say("kms:ListKeys", "kms", "list_keys")
        self.say("kms:DescribeKey", "kms", "describe_key", KeyId=key)
        self.say("kms:GetKeyRotationStatus", "kms", "get_key_rotation_status", KeyId=key)
        self.say(
            "config:DescribeConfigurationRecorderStatus",
            "config",
            "describe_configuration_recorder_status",
        )
        bucket = {"Bucket": "trail-logs"}
        self.say("s3:GetBucketPolicy", "s3", "get_bucket_policy", **bucket)
        self.say("s3:GetPublicAccessBlock", "s3", "get_public_access_block", **bucket)
        self.say("s3:GetBucketAcl", "s3", "get_bucket_acl", **bucket)
        self.say("s3:GetBucketVersioning", "s3", "get_bucket_versioning", **bucket)
        self.say("s3:GetBucketLogging", "s3", "get_bucket_logging", **bucket)
        self.say("kms:GetKeyPolicy", "kms", "get_key_policy", KeyId=key, PolicyName="default")
        self.say(
            "logs:DescribeMetricFilters", "logs", "describe_metric_filters", logGroupName="trail"
        )
        self.say(
            "cloudwatch:DescribeAlarmsForMetric",
            "cloudwatch",
            "describe_alarms_for_metric",
            MetricName="Root",
            Namespace="Trail",
        )
        self.say(
            "sns:ListSubscriptionsByTopic", "sns", "list_subscriptions_by_topic", TopicArn=topic
        )
        self.say("sso:ListInstances", "sso-admin", "list_instances")


def main():
    signal.alarm(SECONDS_MAX)
    logging.disable(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    account = Account(port)
    account.fill_iam()
    account.read(*account.fill_trail())
    print(json.dumps({"port": port, "said": account.said}), flush=True)
    # The emulator prints too, and nobody reads it any more.
    sys.stdout = open(os.devnull, "w")
    sys.stdin.read()
    # A proper stop waits for connections that clients keep open.
    os._exit(0)


main()
