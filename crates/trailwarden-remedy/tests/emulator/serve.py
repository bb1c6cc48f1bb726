"""An emulator of AWS that is set up for one subject after another, and tells its state.

    python serve.py ACCOUNT

The emulator (moto) listens on a free port of loopback, inside this process, whose number is the first
line of standard output. Each line of standard input is then a command, and is answered by one line:

    {"make": {...}}     forgets everything, and makes what a subject says that there is
    {"tell": true}      the state of the account, without what changes by itself
    {"call": [SERVICE, METHOD, {...}]}      a call of somebody else
    {"replay": [PATH, ...]}                 forgets everything, and makes what logs leave; tells what failed
    {"refuse": OPERATION}                   an operation of IAM or STS is denied from now on; null ends it
    {"late": [OPERATION, TIMES]}            an operation of IAM says so often that there is no such thing
    {"password": USER}                      the console password of a user, which AWS would not tell
"""

import io
import json
import logging
import os
import signal
import sys

# Whoever runs the tests may have a profile, an endpoint or a proxy of their own.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
ACCOUNT = sys.argv[1]
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

import boto3
from botocore.exceptions import ClientError
from moto.iam.models import IAMBackend, iam_backends
from moto.server import ThreadedMotoServer
import urllib.parse
import urllib.request

from replay import Replay

# A run that hangs is ended by the kernel after this many seconds.
SECONDS_MAX = 600
REGION = "eu-west-1"
# Who asks, to the emulator: a user that it does not make by itself.
CALLER = "moto"
# What differs from one run to the next, or is counted by the clock.
VOLATILE = {
    "ResponseMetadata", "CreateDate", "UpdateDate", "UserId", "GroupId", "RoleId", "PolicyId",
    "LatestDeliveryTime", "StartLoggingTime", "StopLoggingTime", "RoleLastUsed", "PasswordLastUsed",
    "LatestDeliveryAttemptTime", "LatestDeliveryAttemptSucceeded", "LatestNotificationAttemptTime",
    "LatestNotificationAttemptSucceeded", "TimeLoggingStarted", "TimeLoggingStopped", "Owner",
    "ThumbprintList", "IsTruncated", "HasCustomEventSelectors",
}


def keep_passwords():
    """The emulator forgets a password that `UpdateLoginProfile` leaves out; in AWS it stays."""
    update = IAMBackend.update_login_profile

    def kept(self, user_name, password, password_reset_required):
        password = password or self.get_user(user_name).password
        return update(self, user_name, password, password_reset_required)

    IAMBackend.update_login_profile = kept


class Account:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        keys = {"aws_access_key_id": "dummy", "aws_secret_access_key": "dummy"}
        session = boto3.Session(region_name=REGION, **keys)
        self.iam = session.client("iam", endpoint_url=self.url)
        self.trails = session.client("cloudtrail", endpoint_url=self.url)
        self.s3 = session.client("s3", endpoint_url=self.url)
        self.session = session
        self.keys = set()

    def call(self, service, method, arguments):
        return getattr(self.session.client(service, endpoint_url=self.url), method)(**arguments)

    @staticmethod
    def password(user):
        return iam_backends[ACCOUNT]["aws"].users[user].password

    def make(self, wanted):
        urllib.request.urlopen(urllib.request.Request(self.url + "/moto-api/reset", method="POST")).read()
        self.iam.create_user(UserName=CALLER)
        self.keys = set(wanted.get("keys", {}))
        name, path = wanted.get("name"), wanted.get("path", "/")
        kind = wanted.get("kind")
        if kind == "user":
            self.user(wanted, name, path)
        elif kind == "group":
            self.iam.create_group(GroupName=name, Path=path)
        elif kind == "role":
            trust = wanted.get("trust") or '{"Version":"2012-10-17","Statement":[]}'
            self.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
        for policy, document in wanted.get("inline", {}).items():
            put = getattr(self.iam, f"put_{kind}_policy")
            put(**{f"{kind.capitalize()}Name": name}, PolicyName=policy, PolicyDocument=document)
        for key, value in wanted.get("tags", {}).items():
            tag = getattr(self.iam, f"tag_{kind}")
            tag(**{f"{kind.capitalize()}Name": name}, Tags=[{"Key": key, "Value": value}])
        for arn, versions in wanted.get("policies", {}).items():
            self.policy(arn, versions)
        for arn in wanted.get("attached", []):
            attach = getattr(self.iam, f"attach_{kind}_policy")
            attach(**{f"{kind.capitalize()}Name": name}, PolicyArn=arn)
        if wanted.get("boundary"):
            self.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=wanted["boundary"])
        if wanted.get("passwords"):
            self.iam.update_account_password_policy(**wanted["passwords"])
        if wanted.get("provider"):
            url = "https://" + wanted["provider"].split("oidc-provider/")[1]
            self.iam.create_open_id_connect_provider(Url=url, ThumbprintList=["0" * 40])
        if wanted.get("trail"):
            self.trail(wanted["trail"])
        if wanted.get("bucket"):
            self.s3.create_bucket(Bucket=wanted["bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
        if wanted.get("bucket_policy"):
            self.s3.put_bucket_policy(Bucket=wanted["bucket"], Policy=wanted["bucket_policy"])

    def user(self, wanted, name, path):
        self.iam.create_user(UserName=name, Path=path)
        self.iam.create_login_profile(UserName=name, Password="Example-0-password")
        for wanted_id, is_active in wanted.get("keys", {}).items():
            made = self.iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
            self.rename_key(made, wanted_id)
            if not is_active:
                self.iam.update_access_key(UserName=name, AccessKeyId=wanted_id, Status="Inactive")
        if wanted.get("group"):
            self.iam.create_group(GroupName=wanted["group"])
            if wanted["member"]:
                self.iam.add_user_to_group(GroupName=wanted["group"], UserName=name)

    @staticmethod
    def rename_key(made, wanted):
        """The emulator invents ids; the subject's are put in their place."""
        backend = iam_backends[ACCOUNT]["aws"]
        key = backend.access_keys.pop(made)
        key.access_key_id = wanted
        backend.access_keys[wanted] = key

    def policy(self, arn, versions):
        path, name = arn.split(":policy", 1)[1].rsplit("/", 1)
        self.iam.create_policy(PolicyName=name, Path=path + "/", PolicyDocument=versions[0])
        for document in versions[1:]:
            self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)

    def trail(self, wanted):
        self.s3.create_bucket(Bucket=wanted["bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
        trails = self.trails_in(wanted.get("region", REGION))
        trails.create_trail(
            Name=wanted["name"], S3BucketName=wanted["bucket"], IsMultiRegionTrail=wanted["multi"],
            IncludeGlobalServiceEvents=wanted["global"], EnableLogFileValidation=wanted["validated"],
        )
        if wanted.get("selectors"):
            trails.put_event_selectors(TrailName=wanted["name"], **wanted["selectors"])

    def trails_in(self, region):
        return self.session.client("cloudtrail", endpoint_url=self.url, region_name=region)

    def tell(self):
        filters = ["User", "Group", "Role", "LocalManagedPolicy"]
        details = self.iam.get_account_authorization_details(Filter=filters)
        # Versions and attachments of AWS's own policies are the emulator's.
        details["Policies"] = [it for it in details["Policies"] if ":iam::aws:" not in it["Arn"]]
        users = [user["UserName"] for user in details["UserDetailList"]]
        buckets = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        homes = {trail["Name"]: trail["HomeRegion"] for trail in self.trails.describe_trails()["trailList"]}
        trails = {name: self.trails_in(home) for name, home in homes.items()}
        said = {
            "details": details,
            "keys": {user: self.keys_of(user) for user in users},
            "logins": {user: self.asked(self.iam.get_login_profile, UserName=user) for user in users},
            "devices": {user: self.iam.list_mfa_devices(UserName=user)["MFADevices"] for user in users},
            "passwords": self.asked(self.iam.get_account_password_policy),
            "providers": self.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"],
            "trails": {
                trail: [
                    client.get_trail(Name=trail),
                    client.get_trail_status(Name=trail),
                    client.get_event_selectors(TrailName=trail),
                ]
                for trail, client in trails.items()
            },
            "buckets": {
                bucket: [
                    json.loads((self.asked(self.s3.get_bucket_policy, Bucket=bucket) or {"Policy": "{}"})["Policy"]),
                    self.asked(self.s3.get_public_access_block, Bucket=bucket),
                ]
                for bucket in buckets
            },
        }
        return settled(said)

    def keys_of(self, user):
        """Keys with their ids, but for those that a plan made: their ids are never the same."""
        keys = self.iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
        return [key if key["AccessKeyId"] in self.keys else key | {"AccessKeyId": "new"} for key in keys]

    @staticmethod
    def asked(method, **about):
        try:
            return method(**about)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code.startswith("NoSuch"):
                return None
            raise


class Refusing:
    """The emulator, but for an operation that whoever asks is not allowed."""

    def __init__(self, inner):
        self.inner = inner
        self.operation = None
        self.late = [None, 0]

    def __call__(self, environ, start):
        if self.late[1] > 0 and self.late[0] == self.asked(environ):
            self.late[1] -= 1
            start("404 Not Found", [("Content-Type", "text/xml")])
            told = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>not there yet</Message></Error></ErrorResponse>"
            return [told.encode()]
        if self.operation is None or self.operation != self.asked(environ):
            return self.inner(environ, start)
        start("403 Forbidden", [("Content-Type", "text/xml")])
        told = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>"
        return [told.encode()]

    @staticmethod
    def asked(environ):
        """The operation of a request of IAM or STS."""
        if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            return urllib.parse.parse_qs(body.decode()).get("Action", [None])[0]
        return None


def settled(value):
    """Without what changes by itself; the order of a list of things says nothing."""
    if isinstance(value, dict):
        return {key: settled(inner) for key, inner in sorted(value.items()) if key not in VOLATILE}
    if isinstance(value, (list, tuple)):
        return sorted((settled(inner) for inner in value), key=lambda inner: json.dumps(inner, default=str))
    return value


def main():
    signal.alarm(SECONDS_MAX)
    keep_passwords()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    # The server has no place for what stands before it.
    refusing = server._server.app = Refusing(server._server.app)
    account = Account(port)
    print(port, flush=True)
    for line in sys.stdin:
        [(command, about)] = json.loads(line).items()
        answer = None
        if command == "make":
            account.make(about)
        elif command == "tell":
            answer = account.tell()
        elif command == "call":
            account.call(*about)
        elif command == "replay":
            account.make({})
            answer = Replay(account, iam_backends[ACCOUNT]["aws"], ACCOUNT).run(about)
        elif command == "refuse":
            refusing.operation = about
        elif command == "late":
            refusing.late = about
        elif command == "password":
            answer = account.password(about)
        else:
            sys.exit(f"no such command: {command}")
        print(json.dumps(answer, default=str), flush=True)
    server.stop()


if __name__ == "__main__":
    main()
