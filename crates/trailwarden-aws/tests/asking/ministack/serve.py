"""A second emulator of AWS with an account in it, and what another client reads there.

    python serve.py

As `../serve.py`, with ministack: in a process of its own, which ends with this one.
"""

import json
import os
import signal
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from client import REGION, Client, document, trust
from started import started

SECONDS_MAX = 120


class Account(Client):
    def fill(self):
        iam, s3, trail = self.client("iam"), self.client("s3"), self.client("cloudtrail")
        iam.create_group(GroupName="admins")
        iam.put_group_policy(GroupName="admins", PolicyName="all", PolicyDocument=document("*"))
        arn = iam.create_policy(PolicyName="reader", PolicyDocument=document("s3:Get*"))["Policy"]["Arn"]
        for name in ("alice", "bob"):
            iam.create_user(UserName=name)
            iam.attach_user_policy(UserName=name, PolicyArn=arn)
        iam.add_user_to_group(GroupName="admins", UserName="alice")
        iam.create_access_key(UserName="bob")
        iam.create_role(
            RoleName="app", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"})
        )
        iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True)
        s3.create_bucket(
            Bucket="trail-logs", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        trail.create_trail(Name="main", S3BucketName="trail-logs", IsMultiRegionTrail=True)
        trail.start_logging(Name="main")

    def read(self):
        iam, trails, bucket = "iam", "cloudtrail", {"Bucket": "trail-logs"}
        self.say("iam:GetAccountAuthorizationDetails", iam, "get_account_authorization_details")
        self.say("iam:GetAccountSummary", iam, "get_account_summary")
        self.say("iam:GetAccountPasswordPolicy", iam, "get_account_password_policy")
        self.say("iam:ListAccessKeys", iam, "list_access_keys", UserName="bob")
        told = self.say("cloudtrail:DescribeTrails", trails, "describe_trails")
        arn = told["trailList"][0]["TrailARN"]
        self.say("cloudtrail:GetTrailStatus", trails, "get_trail_status", Name=arn)
        self.say("cloudtrail:GetEventSelectors", trails, "get_event_selectors", TrailName=arn)
        self.say("s3:GetBucketAcl", "s3", "get_bucket_acl", **bucket)
        self.say("s3:GetBucketVersioning", "s3", "get_bucket_versioning", **bucket)
        self.say("organizations:DescribeOrganization", "organizations", "describe_organization")


def main():
    with tempfile.TemporaryDirectory() as home:
        server, port = started(home)
        signal.signal(signal.SIGALRM, lambda *_: sys.exit("it takes too long"))
        signal.alarm(SECONDS_MAX)
        try:
            account = Account(port)
            account.fill()
            account.read()
            print(json.dumps({"port": port, "said": account.said}), flush=True)
            sys.stdin.read()
        finally:
            server.kill()
            server.wait()


main()
